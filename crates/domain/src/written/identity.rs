//! 公民身份号码 (GB 11643): shape, date and check character.
//!
//! The division in it is the one of first registration: it is never checked against today's divisions
//! and never decides a pool. Other documents (passports, permits of newborns) are opaque texts.

use crate::time::Date;

/// A citizen's identity number of 18 characters, its last a digit or `X`.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct IdNumber(String);

/// Why a text is no identity number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotIdNumber {
    /// Neither 18 nor 15 characters, or other characters than digits and a last `X`.
    #[error("应为18位(或旧15位)数字，末位可为X")]
    Shape,
    /// The birth date in it does not exist.
    #[error("出生日期不存在")]
    BirthDate,
    /// The check character does not fit.
    #[error("末位校验码不符")]
    Check,
}

const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const CHECKS: [char; 11] = ['1', '0', 'X', '9', '8', '7', '6', '5', '4', '3', '2'];

impl IdNumber {
    /// Reads a number: `x` becomes `X`, the old 15 digits become 18.
    pub fn parse(text: &str) -> Result<IdNumber, NotIdNumber> {
        let text = text.trim();
        if !text.is_ascii() {
            return Err(NotIdNumber::Shape);
        }
        let body = match text.len() {
            18 => text[..17].to_owned(),
            15 => format!("{}19{}", &text[..6], &text[6..]),
            _ => return Err(NotIdNumber::Shape),
        };
        let mut sum = 0;
        for (digit, weight) in body.chars().zip(WEIGHTS) {
            sum += digit.to_digit(10).ok_or(NotIdNumber::Shape)? * weight;
        }
        let check = CHECKS[(sum % 11) as usize];
        if text.len() == 18 {
            match text.as_bytes()[17].to_ascii_uppercase() {
                last if last == check as u8 => {}
                b'0'..=b'9' | b'X' => {
                    return Err(birth_date(&body).map_or(NotIdNumber::BirthDate, |_| NotIdNumber::Check));
                }
                _ => return Err(NotIdNumber::Shape),
            }
        }
        birth_date(&body).ok_or(NotIdNumber::BirthDate)?;
        Ok(IdNumber(format!("{body}{check}")))
    }

    /// The 18 characters: personal data, never for messages or logs.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The birth date in it.
    pub fn birth_date(&self) -> Date {
        birth_date(&self.0).expect("checked when parsed")
    }

    /// `gend` (性别): 1 male, 2 female.
    pub fn gend(&self) -> &'static str {
        if (self.0.as_bytes()[16] - b'0') % 2 == 1 { "1" } else { "2" }
    }
}

impl std::fmt::Debug for IdNumber {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("IdNumber(已隐去)")
    }
}

fn birth_date(body: &str) -> Option<Date> {
    Date::new(body[6..10].parse().ok()?, body[10..12].parse().ok()?, body[12..14].parse().ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn the_examples_of_the_standard_are_taken() {
        for text in [
            "11010519491231002X",
            "11010519491231002x",
            "440524188001010014",
            "520502190001010019",
            "51040219000101002X",
            "510422190003129003",
        ] {
            assert_eq!(IdNumber::parse(text).unwrap().as_str(), text.to_uppercase());
        }
    }

    #[test]
    fn an_old_number_of_15_digits_becomes_18() {
        assert_eq!(IdNumber::parse("110105491231002").unwrap().as_str(), "11010519491231002X");
    }

    #[test]
    fn birth_date_and_sex_are_read() {
        let female = IdNumber::parse("11010519491231002X").unwrap();
        assert_eq!((female.birth_date(), female.gend()), (date(1949, 12, 31), "2"));
        assert_eq!(IdNumber::parse("440524188001010014").unwrap().gend(), "1");
        assert_eq!(format!("{female:?}"), "IdNumber(已隐去)");
    }

    #[test]
    fn what_is_wrong_is_named() {
        assert_eq!(IdNumber::parse("520581190002290038"), Err(NotIdNumber::BirthDate)); // 1900 had no 29 February
        assert_eq!(IdNumber::parse("110105194912310021"), Err(NotIdNumber::Check));
        assert_eq!(IdNumber::parse("1101051949123100"), Err(NotIdNumber::Shape));
        assert_eq!(IdNumber::parse("11010519491231002Y"), Err(NotIdNumber::Shape));
        assert_eq!(IdNumber::parse("1101051949X231002X"), Err(NotIdNumber::Shape));
        assert_eq!(IdNumber::parse("一二三"), Err(NotIdNumber::Shape));
    }
}
