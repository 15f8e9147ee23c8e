//! `docs/plans.md` has to be true: its plans and pieces are sound, and it names every word of the language.

#![expect(clippy::unwrap_used, reason = "helpers of tests may stop")]

use yibao_domain::outage::{
    Actor, AfterDeadline, Channel, Disposition, DutyKind, Effective, Evidence, FallbackWhen, Insurance, Place,
    Population, Protection, RegisterKind, Unit, Which,
};
use yibao_domain::register::Action;
use yibao_policy::plan::{check, national_calendar, read};
use yibao_policy::registers::built_in;

const GUIDE: &str = include_str!("../../../docs/plans.md");

/// The head of the example, which the pieces go with; one key a line.
const HEAD: &[&str] = &[
    "id = \"example-2022\"",
    "title = \"示例市医保系统切换停机方案\"",
    "issuer = \"示例市医疗保障局\"",
    "pool = \"520500\"",
    "issued = \"2022-03-01\"",
    "closes = \"2022-03-04 24:00\"",
    "reopens = \"2022-03-09 24:00\"",
    "ends = \"2022-06-30 24:00\"",
];

const ALL: &str = "[[rule]]\nid = \"rest\"\nclause = \"0\"\nbusiness = \"*\"\ndisposition = \"refuse\"\nadvice = \"请在恢复后办理。\"\n";

fn blocks() -> Vec<&'static str> {
    GUIDE.split("```toml\n").skip(1).map(|block| block.split("```").next().unwrap()).collect()
}

/// A whole plan as it is; a piece with the head that it goes with, and with a rule for the rest.
fn whole(piece: &str) -> String {
    if piece.starts_with("[plan]") && piece.contains("\nid = \"example-2022\"") {
        return piece.to_owned();
    }
    let (own_head, entries) = match piece.strip_prefix("[plan]\n") {
        Some(rest) => rest.split_once("\n\n").unwrap_or((rest, "")),
        None => ("", piece),
    };
    let written = |key: &str| own_head.lines().any(|line| line.starts_with(&format!("{key} = ")));
    let kept = HEAD.iter().filter(|line| {
        let key = line.split(" = ").next().unwrap();
        let instead = if key == "reopens" { "reopens_on" } else { key };
        !written(key) && !written(instead)
    });
    let head: Vec<&str> = kept.copied().collect();
    let rest = if entries.contains("\"*\"") { "" } else { ALL };
    format!("[plan]\n{}\n{own_head}\n{entries}\n{rest}", head.join("\n"))
}

#[test]
fn every_plan_and_every_piece_of_the_guide_is_sound() {
    let blocks = blocks();
    assert!(blocks.len() > 20, "{}", blocks.len());
    for block in blocks {
        let text = whole(block);
        let plan = read(&text).unwrap_or_else(|problems| panic!("{problems:#?}\n{text}"));
        assert_eq!(check(&plan, &national_calendar(), &built_in().fields), [], "{text}");
    }
}

#[test]
fn the_example_is_the_first_block_and_has_rules_and_a_duty() {
    let plan = read(blocks()[0]).unwrap();
    assert_eq!((plan.rules.len(), plan.duties.len()), (5, 1));
}

#[test]
fn the_guide_names_every_word_of_the_language() {
    fn words<T: Copy>(all: &[T], word: fn(T) -> &'static str) -> impl Iterator<Item = &'static str> {
        all.iter().map(move |value| word(*value))
    }
    let words = words(Disposition::ALL, Disposition::word)
        .chain(words(Evidence::KNOWN, Evidence::word))
        .chain(words(Place::ALL, Place::word))
        .chain(words(Population::ALL, Population::word))
        .chain(words(Insurance::ALL, Insurance::word))
        .chain(words(Channel::KNOWN, Channel::word))
        .chain(words(Actor::ALL, Actor::word))
        .chain(words(DutyKind::ALL, DutyKind::word))
        .chain(words(AfterDeadline::ALL, AfterDeadline::word))
        .chain(words(FallbackWhen::ALL, FallbackWhen::word))
        .chain(words(Protection::ALL, Protection::word))
        .chain(words(RegisterKind::KNOWN, RegisterKind::word))
        .chain(words(Effective::ALL, Effective::word));
    for word in words {
        assert!(GUIDE.contains(&format!("`{word}`")), "docs/plans.md does not name {word}");
    }
    for word in words_of_keys() {
        assert!(GUIDE.contains(&format!("`{word}`")) || GUIDE.contains(&format!("\"{word}\"")), "{word}");
    }
}

/// What the guide says of a word of evidence: its Chinese name, and the fields of its own that keep it, each with its registers.
fn row_of(word: Evidence) -> String {
    let work = built_in();
    let mut fields: Vec<(&str, Vec<&str>)> = Vec::new();
    for kind in &work.kinds {
        let own = work.fields.of(*kind, Action::Register).filter(|field| field.evidence.contains(&word));
        for label in own.map(|field| field.label.as_str()) {
            match fields.iter_mut().find(|(known, _)| *known == label) {
                Some((_, kinds)) => kinds.push(kind.name()),
                None => fields.push((label, vec![kind.name()])),
            }
        }
    }
    let told = |(label, kinds): &(&str, Vec<&str>)| format!("{label}（{}）", kinds.join("、"));
    let kept = fields.iter().map(told).collect::<Vec<_>>().join("；");
    format!("| `{}` | {} | {} |", word.word(), word.name(), if kept.is_empty() { "其他凭据" } else { &kept })
}

#[test]
fn the_guide_has_each_word_of_evidence_with_its_name_and_its_fields() {
    let rows: Vec<String> = Evidence::KNOWN.iter().map(|word| row_of(*word)).collect();
    let table: String = rows.iter().map(|row| format!("{row}\n")).collect();
    assert!(GUIDE.contains(&table), "docs/plans.md, Evidence, should have these rows, in this order:\n{table}");
}

fn words_of_keys() -> impl Iterator<Item = &'static str> {
    Unit::ALL.iter().map(|unit| unit.word()).chain(Which::ALL.iter().map(|which| which.word()))
}
