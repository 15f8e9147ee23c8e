//! The citizen identity number (公民身份号码, GB 11643): its shape, check digit, date and sex.
//!
//! Migrated data are dirty, so a wrong number is a remark of the loader, never a reason to leave the person
//! out. The division in it is that of the first registration and says nothing about the pool.

use yibao_domain::time::Date;

/// What a right number says.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Identity {
    /// The number in 18 characters, `X` upper case.
    pub number: String,
    /// Date of birth.
    pub born: Date,
    /// `1` male, `2` female, as `gend` writes it.
    pub gend: &'static str,
}

/// Reads a number of 18 characters, or an old one of 15, which is lengthened. The error says what is wrong.
pub fn read(text: &str) -> Result<Identity, &'static str> {
    let mut number = text.to_ascii_uppercase();
    if number.len() == 15 && number.bytes().all(|b| b.is_ascii_digit()) {
        number.insert_str(6, "19");
        let check = check_character(&number).expect("seventeen digits");
        number.push(check);
    }
    if number.len() != 18 || !number.is_ascii() {
        return Err("证件号码不是 18 位");
    }
    let check = check_character(&number[..17]).ok_or("证件号码前 17 位不全是数字")?;
    let part = |from: usize, to: usize| number[from..to].parse::<i16>().unwrap_or(0);
    let month = i8::try_from(part(10, 12)).unwrap_or(0);
    let day = i8::try_from(part(12, 14)).unwrap_or(0);
    let born = Date::new(part(6, 10), month, day).map_err(|_| "证件号码里的出生日期不存在")?;
    if !number.ends_with(check) {
        return Err("证件号码末位校验码不符");
    }
    let gend = if part(14, 17) % 2 == 1 { "1" } else { "2" };
    Ok(Identity { number, born, gend })
}

/// The check character of seventeen digits.
fn check_character(seventeen: &str) -> Option<char> {
    const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    const CHARACTERS: [char; 11] = ['1', '0', 'X', '9', '8', '7', '6', '5', '4', '3', '2'];
    let mut sum = 0;
    for (digit, weight) in seventeen.chars().zip(WEIGHTS) {
        sum += digit.to_digit(10)? * weight;
    }
    Some(CHARACTERS[(sum % 11) as usize])
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn the_examples_of_the_standard_are_right() {
        let first = read("11010519491231002x").unwrap();
        assert_eq!(first, Identity { number: "11010519491231002X".into(), born: date(1949, 12, 31), gend: "2" });
        assert_eq!(read("440524188001010014").unwrap().gend, "1");
    }

    #[test]
    fn an_old_number_is_lengthened() {
        assert_eq!(read("520502900101001").unwrap().number, "52050219900101001X");
    }

    #[test]
    fn what_is_wrong_is_named() {
        assert_eq!(read("11010519491231002"), Err("证件号码不是 18 位"));
        assert_eq!(read("110105194912310021"), Err("证件号码末位校验码不符"));
        assert_eq!(read("520581190002290038"), Err("证件号码里的出生日期不存在"));
        assert_eq!(read("1101051949123100XX"), Err("证件号码前 17 位不全是数字"));
    }
}
