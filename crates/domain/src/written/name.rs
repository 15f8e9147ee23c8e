//! Names of persons (姓名): whether two of them are the same however they are written, and the form in which one is kept.
//!
//! Between the parts of a name stands one of a dozen dots, or none; keyboards add blanks, width and case. Rare characters stand in old
//! systems under code points of Unicode's private area; `interface/private_characters.tsv` says which ones they are.

use super::text::{half_width, visible};
use std::collections::HashMap;
use std::sync::OnceLock;
use unicode_normalization::UnicodeNormalization as _;

/// What stands between the parts of a name: dots of all heights, strokes, apostrophes of names in Latin letters.
const SEPARATORS: &str = "\u{b7}\u{2022}\u{30fb}\u{ff65}\u{2027}\u{2219}\u{22c5}\u{318d}\u{16eb}\u{2024}\u{25cf}\u{25e6}.。｡,，、-\u{2010}\u{2011}\
    \u{2012}\u{2013}\u{2014}\u{2015}\u{2212}_'\u{2018}\u{2019}`\u{2b9}\u{2bb}\u{2bc}\u{2032}";

/// Whether both are one name. Nothing is like nothing but itself.
pub fn alike(one: &str, other: &str) -> bool {
    let said = folded(one);
    one == other || (!said.is_empty() && said == folded(other))
}

/// Whether a name has these characters in it, however both are written.
pub fn says(name: &str, part: &str) -> bool {
    let part = folded(part);
    !part.is_empty() && folded(name).contains(&part)
}

/// A name as it is kept: without guards and what nobody sees, one blank between words, each character at its own code point.
pub fn kept(text: &str) -> String {
    let words: Vec<String> = half_width(text).split_whitespace().map(str::to_owned).collect();
    words.join(" ").chars().map(public).collect()
}

/// What is left of a name, or of another short text that people write each time anew, for comparing it.
pub fn folded(name: &str) -> String {
    let plain: String = visible(&kept(name)).nfkc().collect();
    let said = plain.chars().filter(|c| !c.is_whitespace() && !c.is_control() && !SEPARATORS.contains(*c));
    said.flat_map(char::to_lowercase).collect()
}

/// The code point of Unicode proper of one of the private area.
fn public(c: char) -> char {
    static TABLE: OnceLock<HashMap<char, char>> = OnceLock::new();
    if !('\u{e000}'..='\u{f8ff}').contains(&c) {
        return c;
    }
    let table = TABLE.get_or_init(|| rows().map(|[_, private, unicode]| (private, unicode)).collect());
    table.get(&c).copied().unwrap_or(c)
}

/// The rows of the table: the code of the standard, and the code points.
fn rows() -> impl Iterator<Item = [char; 3]> {
    let lines = include_str!("../../../../interface/private_characters.tsv").lines();
    lines.filter(|line| !line.starts_with('#')).skip(1).map(|line| {
        let mut cells = line.split('\t').map(|cell| u32::from_str_radix(cell, 16).ok().and_then(char::from_u32));
        let mut next = || cells.next().flatten().expect("the table that comes with the program is tested");
        [next(), next(), next()]
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use encoding_rs::GB18030;
    use proptest::prelude::*;

    #[test]
    fn a_name_is_the_same_whatever_stands_between_its_parts() {
        let name = "买买提·艾力";
        for dot in
            ["·", "•", "・", "．", ".", "‧", "∙", "･", "⋅", "●", " ", "\u{3000}", "", "-", "－", "—", " · ", "\u{200b}"]
        {
            assert!(alike(name, &format!("买买提{dot}艾力")), "{dot:?}");
        }
        for other in ["买买提·艾里", "买买提", "艾力·买买提", ""] {
            assert!(!alike(name, other), "{other}");
        }
    }

    #[test]
    fn width_case_blanks_and_guards_are_no_part_of_a_name() {
        for (one, other) in [
            ("王某", "王　某"),
            ("王某", " 王\u{a0}某\u{feff}"),
            ("王某", "'王某"),
            ("王某", "=\"王某\""),
            ("JOHN SMITH", "John Smith"),
            ("JOHN SMITH", "ＪＯＨＮ　ＳＭＩＴＨ"),
            ("JOHN SMITH", "Johnsmith"),
            ("O'NEIL", "O’Neil"),
            ("王某(女)", "王某（女）"),
            ("金龍", "金\u{f9c4}"),
            ("JOSÉ", "Jose\u{301}"),
            ("葛某", "葛\u{e0100}某"),
        ] {
            assert!(alike(one, other), "{one} {other}");
        }
        for (one, other) in [("王某", "王某某"), ("王某", "玉某"), ("王某", "王某(女)"), ("吕某", "吳某")]
        {
            assert!(!alike(one, other), "{one} {other}");
        }
    }

    #[test]
    fn a_name_is_found_by_a_part_of_it() {
        assert!(says("买买提·艾力", "提・艾") && says("刘\u{e863}", "䶮") && !says("王某", "·") && !says("王某", "李"));
    }

    #[test]
    fn a_rare_character_is_the_same_at_its_private_code_point() {
        for (private, unicode) in
            [('\u{e863}', '䶮'), ('\u{e81e}', '\u{9fb4}'), ('\u{e816}', '\u{20087}'), ('\u{e831}', '\u{215d7}')]
        {
            assert!(alike(&format!("刘{private}"), &format!("刘{unicode}")), "{private:?}");
            assert_eq!(kept(&format!("刘{private}")), format!("刘{unicode}"));
        }
        assert!(!alike("刘\u{e863}", "刘\u{e864}"));
        assert_eq!(kept("刘\u{e000}"), "刘\u{e000}", "what no table knows stays");
    }

    #[test]
    fn the_table_says_what_the_standard_says() {
        let mut seen = std::collections::BTreeSet::new();
        for [standard, private, unicode] in rows() {
            assert!(('\u{e000}'..='\u{f8ff}').contains(&private) && !('\u{e000}'..='\u{f8ff}').contains(&unicode));
            assert!(seen.insert(private) && seen.insert(unicode), "{unicode} stands there twice");
            let bytes = u16::try_from(u32::from(standard)).unwrap().to_be_bytes();
            let (read, ..) = GB18030.decode(&bytes);
            let read = read.chars().next().unwrap();
            assert!(read == unicode || read == private, "{:x?} is {read} and not {unicode}", bytes);
        }
        assert_eq!(seen.len(), 164);
    }

    proptest! {
        #[test]
        fn what_is_kept_stays_so_and_is_the_same_name(name in "\\PC{0,12}") {
            let once = kept(&name);
            prop_assert_eq!(kept(&once), once.clone());
            prop_assert!(folded(&name).is_empty() || alike(&name, &once));
        }
    }
}
