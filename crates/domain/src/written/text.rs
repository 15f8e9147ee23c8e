//! Text as it comes from keyboards, spreadsheet programs and databases: what they put around it, hide in it, or have lost.

use unicode_normalization::UnicodeNormalization as _;

/// What begins a cell that a spreadsheet program takes for a formula.
pub const FORMULA_SIGNS: [char; 6] = ['=', '+', '-', '@', '\t', '\r'];

/// What people and programs put before a text so that it stays one: the apostrophe in each of its shapes.
const APOSTROPHES: [char; 6] = ['\'', '\u{2018}', '\u{2019}', '\u{ff07}', '`', '\u{2032}'];

/// Digits behind which a whole number is written with an exponent: from 100,000,000,000 on.
const EXPONENTS: std::ops::RangeInclusive<u32> = 11..=30;

/// Whether nobody sees it: what Unicode lets programs ignore (Default_Ignorable_Code_Point), such as zero-width characters, marks
/// of direction and byte order, and selectors of variants, by which one character has many code points.
pub fn is_hidden(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}'
        | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}'
        | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fff8}' | '\u{1bca0}'..='\u{1bca3}'
        | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
}

/// The text without what nobody sees. Blanks of any width become the ordinary one.
pub fn visible(text: &str) -> String {
    let blank = |c: char| if c.is_whitespace() && !c.is_control() { ' ' } else { c };
    text.chars().filter(|c| !is_hidden(*c)).map(blank).collect()
}

/// The text without a guard that keeps spreadsheet programs from taking it for a number or a formula, and without blanks around:
/// `="0012"`, `'0012`, also several of them. A text that has apostrophes further in keeps them all: they belong to it.
pub fn unguarded(text: &str) -> &str {
    let mut bare = text.trim();
    while let Some(inner) = formula_text(bare).or_else(|| behind_apostrophe(bare)) {
        bare = inner.trim();
    }
    bare
}

/// What stands in `="…"`, whatever the width and shape of its signs.
fn formula_text(text: &str) -> Option<&str> {
    let quoted = text.strip_prefix(['=', '\u{ff1d}'])?.trim_start();
    let inner = quoted.strip_prefix(QUOTES)?.strip_suffix(QUOTES)?;
    (!inner.contains(QUOTES)).then_some(inner)
}

const QUOTES: [char; 4] = ['"', '\u{201c}', '\u{201d}', '\u{ff02}'];

fn behind_apostrophe(text: &str) -> Option<&str> {
    let rest = text.strip_prefix(APOSTROPHES)?;
    let inner = rest.strip_suffix(APOSTROPHES).unwrap_or(rest);
    (!inner.is_empty() && !inner.contains(APOSTROPHES)).then_some(inner)
}

/// A character of the blocks that hold wide and small forms, as the ordinary one; any other as it is.
fn in_ordinary_width(c: char) -> char {
    let has_width = matches!(c, '\u{fe50}'..='\u{fe6f}' | '\u{ff00}'..='\u{ffef}');
    let mut folded = std::iter::once(c).nfkc();
    match (has_width, folded.next(), folded.next()) {
        (true, Some(ordinary), None) => ordinary,
        _ => c,
    }
}

/// What numbers, amounts and times are read from: nothing hidden, no guard, no blanks around, every sign in ordinary width.
pub fn narrow(text: &str) -> String {
    if text.is_ascii() {
        return unguarded(text).to_owned();
    }
    let shown: String = visible(text).chars().map(in_ordinary_width).collect();
    unguarded(&shown).to_owned()
}

/// A text as it is kept: nothing hidden, no guard, no blanks around, letters, digits and their signs (０Ａ－) in ordinary width.
/// Brackets, commas and stops keep theirs, since Chinese sentences have them wide.
pub fn half_width(text: &str) -> String {
    let narrowed = |c: char| match in_ordinary_width(c) {
        ordinary if ordinary.is_ascii_alphanumeric() || ":-./+".contains(ordinary) => ordinary,
        _ => c,
    };
    unguarded(&visible(text)).chars().map(narrowed).collect()
}

/// Whether it is a number in scientific notation, in any spelling: its last figures are lost. `1E10` without a point or a
/// sign is a code, so it is none here; see [`is_lost_number`].
pub fn is_scientific(text: &str) -> bool {
    Exponent::of(text).is_some_and(|exponent| exponent.is_marked)
}

/// The same in a column of numbers that name somebody or something, where `5E17` is no code either: spreadsheet programs write
/// numbers of twelve figures and more that way.
pub fn is_lost_number(text: &str) -> bool {
    Exponent::of(text).is_some_and(|exponent| {
        let by_size = exponent.figures == 1 && exponent.power.parse().is_ok_and(|power| EXPONENTS.contains(&power));
        exponent.is_marked || by_size
    })
}

/// Whether it is a number with an exponent at all, where numbers are expected and no codes.
pub fn has_exponent(text: &str) -> bool {
    Exponent::of(text).is_some()
}

/// A number with an exponent.
struct Exponent {
    /// Figures before the point.
    figures: usize,
    power: String,
    /// A point, a sign or a power of ten says that it is a number.
    is_marked: bool,
}

impl Exponent {
    fn of(text: &str) -> Option<Exponent> {
        // Nearly every text has none; looking closer would cost a load of millions of them a normalisation each.
        let is_raised = |c: char| matches!(c, '\u{b9}' | '\u{b2}' | '\u{b3}' | '\u{2070}'..='\u{207b}');
        let may_have = |c: char| matches!(c, 'E' | 'e' | '\u{ff25}' | '\u{ff45}' | '^') || is_raised(c);
        if !text.contains(may_have) {
            return None;
        }
        let plain: String = text.nfkc().filter(|c| !c.is_whitespace() && !is_hidden(*c)).collect();
        let by_ten = |text: &str| ["×10", "*10", "x10", "X10", "·10"].iter().find_map(|mark| split(text, mark));
        let raised = text.contains(is_raised);
        let (mantissa, power, of_ten) = match by_ten(&plain) {
            Some((mantissa, power)) if raised || power.starts_with('^') => {
                (mantissa, power.trim_start_matches('^').to_owned(), true)
            }
            _ => split(&plain, "E").or_else(|| split(&plain, "e")).map(|(one, other)| (one, other, false))?,
        };
        let mantissa = mantissa.trim_start_matches(['+', '-', '\u{2212}']);
        let power_digits = power.trim_start_matches(['+', '-', '\u{2212}']);
        let (whole, fraction) = mantissa.split_once(['.', ',']).unwrap_or((mantissa, "0"));
        let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        let has_point = mantissa.len() > whole.len();
        (digits(whole) && (fraction.is_empty() || digits(fraction)) && digits(power_digits)).then(|| Exponent {
            figures: whole.len(),
            is_marked: has_point || of_ten || power_digits.len() < power.len(),
            power: power_digits.to_owned(),
        })
    }
}

/// The parts before and behind a mark that stands there once.
fn split(text: &str, mark: &str) -> Option<(String, String)> {
    let (before, behind) = text.split_once(mark)?;
    (!behind.contains(mark)).then(|| (before.to_owned(), behind.to_owned()))
}

/// Bytes in small hexadecimal letters, two a byte: digests and secrets.
pub fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(2 * bytes.len()), |text, byte| text + &format!("{byte:02x}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_guard_is_taken_off_in_each_of_its_spellings() {
        for (written, expected) in [
            ("=\"10001\"", "10001"),
            ("= \"10001\"", "10001"),
            ("＝“10001”", "10001"),
            ("'10002", "10002"),
            ("’10002", "10002"),
            ("`10002", "10002"),
            ("＇10002", "10002"),
            ("'=\"10002\"", "10002"),
            ("\t10002", "10002"),
            ("'10002'", "10002"),
            ("'=1+1", "=1+1"),
            ("'X1", "X1"),
            ("'王某", "王某"),
            ("' 王某", "王某"),
            ("10003", "10003"),
        ] {
            assert_eq!(unguarded(written), expected, "{written}");
        }
    }

    #[test]
    fn an_apostrophe_that_belongs_to_a_text_stays() {
        for text in ["O'Neil", "'头孢'过敏", "d'Arc d'Oc", "'", "=1+1", "=\"a\"&\"b\""] {
            assert_eq!(unguarded(text), text);
        }
    }

    #[test]
    fn what_nobody_sees_is_no_part_of_a_number() {
        for hidden in ["\u{200b}", "\u{feff}", "\u{2060}", "\u{202d}", "\u{fe0f}", "\u{e0100}", "\u{3164}", "\u{ad}"] {
            assert_eq!(visible(&format!("10{hidden}05{hidden}")), "1005", "{hidden:?}");
        }
        assert_eq!(visible("王\u{a0}某\u{2003}甲\u{3000}乙"), "王 某 甲 乙");
    }

    #[test]
    fn width_is_folded_and_the_signs_of_sentences_keep_theirs_where_they_are_kept() {
        assert_eq!(narrow("（１２，５０）￥－＋：／．％"), "(12,50)¥-+:/.%");
        assert_eq!(half_width(" Ａ－１２（甲），乙。 "), "A-12（甲），乙。");
        assert_eq!(narrow("﹣12﹒5﹕"), "-12.5:");
    }

    #[test]
    fn scientific_notation_is_known_in_any_spelling_and_codes_are_none() {
        for number in [
            "5.20502E+17",
            "5.20501e+19",
            "5.20501E19",
            "5E+17",
            "5.E+17",
            "-1.5e-3",
            "５．２Ｅ＋１７",
            "5.2 E+17",
            "5.2E +17",
            "5,2E+17",
            "5.2×10^17",
            "5.2*10^17",
            "5.2×10¹⁷",
            "5.2x10^17",
            "5.2X10¹⁷",
            "5.2E\u{2212}3",
        ] {
            assert!(is_scientific(number) && is_lost_number(number), "{number}");
        }
        for code in ["E10.900", "1E10", "3E号楼", "XN02BE", "520502", "A1.5E3", "2.E", "", "2×10片", "1E50.1", "E+17"]
        {
            assert!(!is_scientific(code), "{code}");
        }
        for lost in ["5E17", "5e17", "4E19"] {
            assert!(is_lost_number(lost) && !is_scientific(lost), "{lost}");
        }
        assert!(!is_lost_number("1E5") && !is_lost_number("12E34567") && !is_lost_number("E12345678"));
    }

    #[test]
    fn bytes_are_written_two_letters_each() {
        assert_eq!(hexadecimal(&[0, 15, 16, 255]), "000f10ff");
        assert_eq!(hexadecimal(&[]), "");
    }

    proptest! {
        #[test]
        fn what_is_clean_stays_so(text in "\\PC*") {
            let once = half_width(&text);
            prop_assert_eq!(half_width(&once), once);
        }
    }
}
