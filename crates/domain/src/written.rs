//! Text as spreadsheet programs and databases hand it on (书写): what they put around it, hide in it, or have lost.

/// Whether nobody sees it: zero-width characters, marks of direction and byte order.
pub fn is_hidden(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}' | '\u{feff}' | '\u{ad}')
}

/// The text without what nobody sees. Hard blanks become blanks.
pub fn visible(text: &str) -> String {
    text.chars().filter(|c| !is_hidden(*c)).map(|c| if c == '\u{a0}' { ' ' } else { c }).collect()
}

/// The text without a guard that keeps spreadsheet programs from taking it for a number or a formula: `="0012"`, `'0012`. An
/// apostrophe before anything but a letter, figure or formula sign stays.
pub fn unguarded(text: &str) -> &str {
    if let Some(inner) = text.strip_prefix("=\"").and_then(|rest| rest.strip_suffix('"')) {
        return inner;
    }
    let guards = |c: char| c.is_ascii_alphanumeric() || FORMULA_SIGNS.contains(&c);
    text.strip_prefix('\'').filter(|rest| rest.starts_with(guards)).unwrap_or(text)
}

/// A cell that begins with one of these is a formula to a spreadsheet program.
pub const FORMULA_SIGNS: [char; 6] = ['=', '+', '-', '@', '\t', '\r'];

/// Whether it is a number in scientific notation, in any spelling: its last figures are lost. `1E10` without a point or a
/// sign is a code.
pub fn is_scientific(text: &str) -> bool {
    let Some((mantissa, exponent)) = text.split_once(['E', 'e']) else { return false };
    let digits = |text: &str| !text.is_empty() && text.chars().all(|c| c.is_ascii_digit());
    let mantissa = mantissa.strip_prefix('-').unwrap_or(mantissa);
    let signed = exponent.starts_with(['+', '-']);
    digits(&mantissa.replacen('.', "", 1))
        && digits(exponent.trim_start_matches(['+', '-']))
        && (mantissa.contains('.') || signed)
}

/// Bytes in small hexadecimal letters, two a byte: digests and secrets.
pub fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(2 * bytes.len()), |text, byte| text + &format!("{byte:02x}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_guard_is_taken_off_and_a_quotation_stays() {
        for (written, expected) in [
            ("=\"10001\"", "10001"),
            ("'10002", "10002"),
            ("'=1+1", "=1+1"),
            ("'X1", "X1"),
            ("'王", "'王"),
            ("10003", "10003"),
        ] {
            assert_eq!(unguarded(written), expected);
        }
    }

    #[test]
    fn what_nobody_sees_is_no_part_of_a_number() {
        assert_eq!(visible("1000\u{200b}5\u{feff}"), "10005");
        assert_eq!(visible("王\u{a0}某"), "王 某");
    }

    #[test]
    fn scientific_notation_is_known_in_any_spelling_and_codes_are_none() {
        for number in ["5.20502E+17", "5.20501e+19", "5.20501E19", "5E+17", "-1.5e-3"] {
            assert!(is_scientific(number), "{number}");
        }
        for code in ["E10.900", "1E10", "3E号楼", "XN02BE", "520502", "A1.5E3", "2.E", ""] {
            assert!(!is_scientific(code), "{code}");
        }
    }

    #[test]
    fn bytes_are_written_two_letters_each() {
        assert_eq!(hexadecimal(&[0, 15, 16, 255]), "000f10ff");
        assert_eq!(hexadecimal(&[]), "");
    }
}
