//! Every key that a plan may have acts, or is marked as text: in the table of keys, and in the guide for those who write plans.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use yibao_policy::plan::{Acts, KEYS, SHARED, accepted_keys};

/// A text with each table once; what is in it does not matter.
fn each_table() -> String {
    let tables = KEYS.iter().map(|(name, ..)| *name).filter(|name| *name != "[[rule.fallback]]");
    let told = tables.map(|name| match name {
        "[[rule]]" => "[[rule]]\n[[rule.fallback]]\n".to_owned(),
        other => format!("{other}\n"),
    });
    told.collect()
}

fn listed() -> BTreeMap<&'static str, BTreeSet<&'static str>> {
    let keys = KEYS.iter().map(|(name, shared, own)| {
        let shared = SHARED.iter().filter(|(by, ..)| shared.contains(by)).flat_map(|(_, keys, _)| keys.iter().copied());
        (*name, own.iter().map(|(key, _)| *key).chain(shared).collect())
    });
    keys.collect()
}

#[test]
fn a_key_that_is_accepted_is_in_the_table_of_keys_and_the_other_way_round() {
    let mut accepted = accepted_keys(&each_table());
    let tables = accepted.remove("方案").unwrap();
    assert_eq!(accepted, listed());
    let free = ["businesses", "channels", "evidence", "pools", "providers"];
    let named: BTreeSet<String> = KEYS.iter().map(|(name, ..)| name.trim_matches(['[', ']']).to_owned()).collect();
    let unknown: Vec<_> = tables.iter().filter(|key| !free.contains(key) && !named.contains(**key)).collect();
    assert!(unknown.is_empty(), "a table of a plan without a row: {unknown:?}");
}

#[test]
fn what_is_said_to_act_does_so_in_a_file_that_is_there() {
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let own = KEYS.iter().flat_map(|(_, _, own)| own.iter().map(|(_, acts)| acts));
    for acts in own.chain(SHARED.iter().map(|(.., acts)| acts)) {
        if let Acts::In(file) | Acts::Named(file) = acts {
            assert!(crates.join(file).is_file(), "{file}");
        }
    }
}

#[test]
fn the_guide_marks_every_key_that_is_text() {
    let guide = include_str!("../../../docs/plans.md");
    let table = guide.split("## What acts today").nth(1).unwrap().split("\n## ").next().unwrap();
    for (name, _, own) in KEYS {
        let text: Vec<&str> = own.iter().filter(|(_, acts)| *acts == Acts::Text).map(|(key, _)| *key).collect();
        let whole = own.iter().all(|(_, acts)| *acts == Acts::Text) || *name == "[[tolerance]]";
        let marks: Vec<&str> = if whole && !text.is_empty() { vec![*name] } else { text };
        for mark in marks {
            assert!(table.contains(&format!("`{mark}`")), "docs/plans.md does not say what becomes of {mark}");
        }
    }
}
