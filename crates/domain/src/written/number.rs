//! Numbers that name papers and persons (证件号码、人员编号、卡号), as people write them and spreadsheet programs damage them.
//!
//! What is hidden, guards, blanks inside and width say nothing and are folded away. A number that lost figures is told as such: looked
//! up, it would only be unknown, and nobody would know why.

use super::identity::{IdNumber, NotIdNumber};
use super::text::{is_lost_number, narrow};

/// What happened to a number, so that it names nobody any more.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum Damaged {
    /// `5.2E+17`.
    #[error("是科学计数法，末几位已丢失；请把该列改为文本格式，照原件重填")]
    Scientific,
    /// `510402197505050000`.
    #[error("末三位成了000，与出生日期、校验码不符，是表格软件存成数字时丢失的；请把该列改为文本格式，照证件重填")]
    Noughts,
    /// The same, where the check character fits by chance and nobody has the number.
    #[error("末三位是000，又查不到此人；从表格里抄来的，可能是存成数字时丢失了末几位，请照证件核对")]
    Unknown,
    /// `10001.0`.
    #[error("带有小数点，是存成了数字；请把该列改为文本格式，照原件重填")]
    Decimals,
    /// A character that was lost in another encoding.
    #[error("有字已损坏（�），看不出原来是什么；请照原件重填")]
    Lost,
}

/// A number as it is kept and looked up, its letters as they are.
pub fn number(text: &str) -> Result<String, Damaged> {
    let plain = folded(text);
    let is_decimal = |(whole, fraction): (&str, &str)| are_digits(whole) && are_digits(fraction);
    match plain.as_str() {
        plain if plain.contains('\u{fffd}') => Err(Damaged::Lost),
        plain if is_lost_number(plain) => Err(Damaged::Scientific),
        plain if plain.split_once('.').is_some_and(is_decimal) => Err(Damaged::Decimals),
        _ => Ok(plain),
    }
}

/// The number of a document, in capitals; an identity number without the strokes and crosses that people put in it.
pub fn document(text: &str) -> Result<String, Damaged> {
    let plain = number(text)?.to_uppercase();
    if has_lost_its_end(&plain) {
        return Err(Damaged::Noughts);
    }
    Ok(identity(&plain).unwrap_or(plain))
}

/// The same, where a number that is damaged is only looked up and found by nobody.
pub fn document_or_as_written(text: &str) -> String {
    document(text).unwrap_or_else(|_| folded(text).to_uppercase())
}

/// What is wrong with a number that nobody is found under, with the remedy: it is damaged, or looks like an identity number and is none.
/// `None` where nothing is, or where it is a document of another kind.
pub fn doubt(number: &str) -> Option<String> {
    let plain = match document(number) {
        Ok(plain) => plain,
        Err(damaged) => return Some(format!("证件号码{damaged}")),
    };
    let figures = plain.strip_suffix('X').unwrap_or(&plain);
    if !are_digits(figures) || !(14..=20).contains(&plain.len()) {
        return None;
    }
    let Err(why) = IdNumber::parse(&plain) else {
        return ends_in_noughts(&plain).then(|| format!("证件号码{}", Damaged::Unknown));
    };
    Some(match why {
        NotIdNumber::Shape => format!("证件号码有{}位，居民身份证号码应为18位（旧号15位），请照证件核对", plain.len()),
        NotIdNumber::BirthDate => "证件号码里的出生日期不存在，应是写错了，请照证件核对".to_owned(),
        NotIdNumber::Check => "证件号码的末位校验码不符，应有一位写错了，请照证件核对".to_owned(),
    })
}

/// Whether a spreadsheet program that kept fifteen figures has made noughts of the last three.
fn has_lost_its_end(number: &str) -> bool {
    ends_in_noughts(number) && IdNumber::parse(number).is_err()
}

/// Whether a number of eighteen figures ends as one that lost its end does. One in eleven of those has a check character that fits, so
/// that only whoever looks it up can tell: nobody is found under it.
pub fn ends_in_noughts(number: &str) -> bool {
    number.len() == 18 && are_digits(number) && number.ends_with("000")
}

/// The text without what says nothing in a number.
fn folded(text: &str) -> String {
    // Nearly all of the millions that a load reads.
    if is_plain(text) {
        return text.to_owned();
    }
    narrow(text).chars().filter(|c| !c.is_whitespace() && !c.is_control()).collect()
}

/// An identity number among strokes (510402-19750505-0019), and with another cross for its X; only where its check character fits.
fn identity(plain: &str) -> Option<String> {
    if is_plain(plain) {
        return None;
    }
    let cross = |c: char| if "×✕✖╳*Χ\u{425}\u{2169}".contains(c) { 'X' } else { c };
    let bare: String = plain.chars().filter(|c| !is_stroke(*c)).map(cross).collect();
    (bare != plain && bare.len() == 18 && IdNumber::parse(&bare).is_ok()).then_some(bare)
}

fn is_stroke(c: char) -> bool {
    matches!(c, '-' | '\u{2010}'..='\u{2015}' | '\u{2212}' | '_')
}

/// Whether it is letters and figures alone.
fn is_plain(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

fn are_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_says_nothing_in_a_number_is_folded_away() {
        for text in [
            "51040219750505006X",
            "51040219750505006x",
            "５１０４０２１９７５０５０５００６Ｘ",
            " 510402 19750505 006X ",
            "510402\u{a0}19750505\u{3000}006X",
            "5104\u{200b}0219750505\u{feff}006X\u{202c}",
            "'51040219750505006X",
            "=\"51040219750505006X\"",
            "\t51040219750505006X",
            "510402-19750505-006X",
            "510402197505050 06×",
            "51040219750505006Х",
        ] {
            assert_eq!(document(text).as_deref(), Ok("51040219750505006X"), "{text}");
        }
        assert_eq!(document("粤 a-12").as_deref(), Ok("粤A-12"));
        assert_eq!(document("h08 123456").as_deref(), Ok("H08123456"));
        assert_eq!(number("５２０５ 00a1").as_deref(), Ok("520500a1"));
    }

    #[test]
    fn a_number_that_lost_figures_is_told_as_such() {
        for text in ["5.10402E+17", "5.10402e17", "5E+17", "5E17", "５．１Ｅ＋１７", "5.1×10^17"] {
            assert_eq!(document(text), Err(Damaged::Scientific), "{text}");
            assert_eq!(number(text), Err(Damaged::Scientific), "{text}");
        }
        assert_eq!(document("510402197505060000"), Err(Damaged::Noughts));
        assert!(document("510402197505050000").is_ok() && doubt("510402197505050000").unwrap().contains("末三位是000"));
        assert_eq!(document("510402199002300000"), Err(Damaged::Noughts));
        assert_eq!(number("10001.0"), Err(Damaged::Decimals));
        assert_eq!(document("51040219\u{fffd}505050019"), Err(Damaged::Lost));
        // Somebody's number may end so, and one of another length is none.
        let mut numbers =
            (1..=28).flat_map(|day| (1..=9).map(move |serial| format!("510402197505{day:02}{serial}000")));
        let of_somebody = numbers.find(|number| IdNumber::parse(number).is_ok()).unwrap();
        assert_eq!(document(&of_somebody), Ok(of_somebody));
        assert_eq!(number("52050000000000000000").as_deref(), Ok("52050000000000000000"));
    }

    #[test]
    fn what_looks_like_an_identity_number_and_is_none_is_told() {
        assert_eq!(doubt("510402197505050019"), None);
        assert!(doubt("510402197505050018").unwrap().contains("校验码"));
        assert!(doubt("５１０４０２ 197505050018").unwrap().contains("校验码"));
        assert!(doubt("51040219750230001X").unwrap().contains("出生日期"));
        assert!(doubt("51040219750505001").unwrap().contains("17位"));
        assert!(doubt("510402197505050000").unwrap().contains("000"));
        assert!(doubt("5.1E+17").unwrap().contains("科学计数法"));
        for other in ["E12345678", "H08123456", "10001", "王", "", "510402750505001"] {
            assert_eq!(doubt(other), None, "{other}");
        }
    }

    proptest! {
        #[test]
        fn what_is_folded_stays_so(text in "\\PC{0,24}") {
            if let Ok(once) = document(&text) {
                prop_assert_eq!(document(&once), Ok(once));
            }
        }

        /// Blanks, width and hidden characters anywhere change nothing.
        #[test]
        fn nothing_that_says_nothing_changes_a_number(at in 0usize..19, what in 0usize..5, wide in any::<bool>()) {
            let number = "510402197505050019";
            let hidden = [" ", "\u{200b}", "\u{3000}", "\u{feff}", "\u{a0}"][what];
            let text = format!("{}{hidden}{}", &number[..at.min(18)], &number[at.min(18)..]);
            let widened = |c: char| if wide && c.is_ascii_digit() { char::from_u32(u32::from(c) + 0xfee0).unwrap() } else { c };
            let text: String = text.chars().map(widened).collect();
            prop_assert_eq!(document(&text), Ok(number.to_owned()));
        }
    }
}
