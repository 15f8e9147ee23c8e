//! Damage to what is stored, with the rules of the schema switched off: verification finds each kind of it.
//!
//! Every check has planted errors of its own, in [`planted::ALL`] or, where damage must go past an engine's own rules, in
//! [`Engine::own_damage`]. A check without one is a fault of this test, and so is one that looks at nothing in the sample.

mod planted;
mod registers;

use crate::engine::{Engine, book, check_verifies, complaints, work, write};
use crate::rows::add_settled_visit;
use crate::sample::add_sample;
use std::collections::BTreeSet;

/// A check by its whole name, and errors that it has to see: the SQL that plants one, and what the check says of it.
pub type Damage = (&'static str, &'static [(&'static str, &'static str)]);

/// What would name a person: verification says technical ids alone.
const PERSONAL: &[&str] = &["张三", "C-P", "K-P", "0857", "invoice:", "I-T", "IT-", "stay:"];

/// Plants errors one by one in the sample and looks whether the check sees each.
#[track_caller]
fn check_all_found(engine: &dyn Engine, damage: &[Damage]) {
    write(book(engine).as_mut(), add_sample);
    engine.keep();
    let mut unseen = Vec::new();
    for (check, errors) in damage {
        for (sql, said) in *errors {
            engine.spoil(sql);
            unseen.extend(unseen_by(engine, check, sql, said));
            engine.bring_back();
        }
    }
    assert!(unseen.is_empty(), "{}", unseen.join("\n\n"));
    check_verifies(book(engine).as_mut());
}

/// What the checks say of a spoiled sample where this one does not say `said`.
fn unseen_by(engine: &dyn Engine, check: &str, sql: &str, said: &str) -> Option<String> {
    let checks = book(engine).verify(&work()).unwrap_or_else(|fault| panic!("{sql}: {}", fault.chain()));
    let complaints = complaints(&checks);
    for word in PERSONAL {
        assert!(complaints.iter().all(|line| !line.contains(word)), "{word} names a person: {complaints:#?}");
    }
    let mut seen = checks.iter().filter(|seen| seen.name == check).flat_map(|seen| &seen.broken);
    let is_seen = seen.any(|line| line.contains(said));
    (!is_seen).then(|| format!("{sql}\nshould be found by {check}: {said}, but: {complaints:#?}"))
}

pub fn the_undamaged_sample_passes_every_check_and_each_looks_at_something(engine: &dyn Engine) {
    let mut book = book(engine);
    write(book.as_mut(), add_sample);
    check_verifies(book.as_mut());
    for check in book.verify(&work()).unwrap() {
        assert!(check.examined > 0, "{} looks at nothing of the sample", check.name);
    }
}

pub fn every_check_has_an_error_planted_for_it(engine: &dyn Engine) {
    let checks = book(engine).verify(&work()).unwrap();
    let known: BTreeSet<&str> = checks.iter().map(|check| check.name).collect();
    assert_eq!(known.len(), checks.len(), "two checks have one name");
    let damage = planted::ALL.iter().copied().flatten().chain(engine.own_damage());
    let planted: BTreeSet<&str> = damage.filter(|(_, errors)| !errors.is_empty()).map(|(check, _)| *check).collect();
    assert_eq!(planted, known);
}

pub fn damage_to_settlements_and_lines_is_found(engine: &dyn Engine) {
    check_all_found(engine, planted::SETTLEMENTS);
}

pub fn damage_to_the_ledger_is_found(engine: &dyn Engine) {
    check_all_found(engine, planted::LEDGER);
}

pub fn damage_to_journal_entries_and_account_movements_is_found(engine: &dyn Engine) {
    check_all_found(engine, planted::ENTRIES);
}

pub fn records_moved_to_another_person_are_found(engine: &dyn Engine) {
    check_all_found(engine, planted::PERSONS);
}

pub fn damage_to_the_journal_is_found(engine: &dyn Engine) {
    check_all_found(engine, planted::MESSAGES);
}

pub fn damage_to_the_registers_is_found(engine: &dyn Engine) {
    check_all_found(engine, registers::REGISTERS);
}

pub fn damage_to_the_documents_is_found(engine: &dyn Engine) {
    check_all_found(engine, planted::DOCUMENTS);
}

pub fn damage_past_the_engines_own_rules_is_found(engine: &dyn Engine) {
    for (check, errors) in engine.own_damage() {
        for (sql, said) in *errors {
            let engine = engine.another();
            write(book(engine.as_ref()).as_mut(), add_sample);
            engine.spoil(sql);
            assert_eq!(unseen_by(engine.as_ref(), check, sql, said), None);
        }
    }
}

pub fn a_settlement_of_nothing_needs_no_entry(engine: &dyn Engine) {
    let mut book = book(engine);
    write(book.as_mut(), add_settled_visit);
    let nothing = "DELETE FROM posting WHERE entry = 'S1'; DELETE FROM journal_entry WHERE entry = 'S1';
         UPDATE settlement SET medfee_sumamt_fen = 0 WHERE setl_id = 'S1'";
    engine.spoil(nothing);
    let complaints = complaints(&book.verify(&work()).unwrap());
    assert!(!complaints.iter().any(|line| line.contains("没有凭证")), "{complaints:#?}");
}
