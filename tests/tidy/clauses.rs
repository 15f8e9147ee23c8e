//! Guards `docs/clauses.md`: each clause of the notices names its code and its tests, and they are there.

use super::document::{quoted, rows};
use super::named::meant;
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

const ROOT: &str = env!("CARGO_MANIFEST_DIR");
/// Where clauses are carried from the closing to the closing sum.
const THROUGH: &[&str] =
    &["tests/outage/bijie_carried.rs", "tests/outage/panzhihua_carried.rs", "tests/outage/panzhihua_stays.rs"];
const LAST: u8 = 28;

/// The clauses that a test's name begins with: `p05_to_p07_p10_…` is P-05, P-06, P-07 and P-10.
fn clauses_of(name: &str) -> BTreeSet<String> {
    let mut clauses = BTreeSet::new();
    let mut last: Option<(String, u8)> = None;
    let mut is_range = false;
    for part in name.split('_') {
        let numbered = part.split_at_checked(1).and_then(|(letter, number)| Some((letter, number.parse::<u8>().ok()?)));
        match numbered.filter(|(letter, _)| part.len() == 3 && ["b", "p"].contains(letter)) {
            Some((letter, number)) => {
                let letter = letter.to_uppercase();
                let from = last.filter(|_| is_range).map_or(number, |(_, from)| from);
                clauses.extend((from..=number).map(|number| format!("{letter}-{number:02}")));
                last = Some((letter, number));
                is_range = false;
            }
            None if part == "to" && last.is_some() => is_range = true,
            None => break,
        }
    }
    clauses
}

/// The clauses that a file's tests bear in their names.
fn clauses_in(file: &str) -> BTreeSet<String> {
    let text = fs::read_to_string(Path::new(ROOT).join(file)).unwrap_or_else(|error| panic!("{file}: {error}"));
    let follows = |line: &str| line.trim_start().starts_with("#[");
    let mut found = BTreeSet::new();
    let mut is_test = false;
    for line in text.lines() {
        if let Some(name) = line.trim_start().strip_prefix("fn ").and_then(|rest| rest.split('(').next())
            && is_test
        {
            found.extend(clauses_of(name));
        }
        is_test = line.trim() == "#[test]" || (is_test && follows(line));
    }
    found
}

fn document() -> String {
    fs::read_to_string(Path::new(ROOT).join("docs/clauses.md")).unwrap()
}

fn carried() -> BTreeSet<String> {
    let text = document();
    let tables = ["Bijie 2021: `plans/bijie-2021.toml`", "Panzhihua 2020: `plans/panzhihua-2020.toml`"];
    let all = tables.into_iter().flat_map(|heading| rows(&text, heading));
    all.filter(|row| row[4].starts_with("`carried`")).map(|row| row[0].clone()).collect()
}

#[test]
fn every_clause_names_its_code_and_its_tests() {
    let rows = rows(&document(), "Where each clause lives");
    let clauses: Vec<String> = rows.iter().map(|row| row[0].clone()).collect();
    let all = ["B", "P"].map(|letter| (0..=LAST).map(move |number| format!("{letter}-{number:02}")));
    assert_eq!(clauses, all.into_iter().flatten().collect::<Vec<_>>());
    for row in &rows {
        let code = quoted(&row[1]);
        assert!(!code.is_empty(), "{} has no code", row[0]);
        for path in code {
            assert!(!meant(&path).is_empty(), "{}: {path} is not there", row[0]);
        }
        assert!(!quoted(&row[2]).is_empty(), "{} has no test around the outage", row[0]);
        for file in quoted(&row[2]) {
            assert!(clauses_in(&file).contains(&row[0]), "{file} has no test of {}", row[0]);
            assert!(!THROUGH.contains(&file.as_str()), "{file} is about the way through");
        }
        for file in quoted(&row[3]) {
            assert!(clauses_in(&file).contains(&row[0]), "{file} has no test of {}", row[0]);
            assert!(THROUGH.contains(&file.as_str()), "{file} is no way through");
        }
    }
}

#[test]
fn what_is_carried_has_a_test_around_the_outage_and_one_through_it() {
    let carried = carried();
    assert!(carried.contains("B-01") && !carried.contains("B-03"), "the tables are read");
    for row in rows(&document(), "Where each clause lives").iter().filter(|row| carried.contains(&row[0])) {
        assert!(!quoted(&row[3]).is_empty(), "{} is carried by no test", row[0]);
    }
}

#[test]
fn ids_are_read_from_names_with_their_ranges() {
    let of = |name: &str| clauses_of(name).into_iter().collect::<Vec<_>>().join(" ");
    assert_eq!(of("b09_three_paths"), "B-09");
    assert_eq!(of("p10_p11_p23_p27_admitted"), "P-10 P-11 P-23 P-27");
    assert_eq!(of("p05_to_p07_p10_cash_to_p12"), "P-05 P-06 P-07 P-10");
    assert_eq!(of("by_hand_b12"), "");
    assert_eq!(of("both_plans"), "");
}
