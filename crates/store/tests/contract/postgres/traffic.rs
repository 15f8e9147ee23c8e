//! What a call costs: statements and round trips, counted.

use super::Postgres;
use crate::engine::{book, read, try_write, write};
use crate::registers::{entry, register, step};
use crate::rows::key;
use crate::rows::{add_person, add_settled_visit, add_with_line, line, message, settle, settlement, visit};
use jiff::civil::date;
use yibao_domain::register::{Action, Entry};
use yibao_store::encounter::FeeLine;
use yibao_store::settlement::Settlement;
use yibao_store::{Book, Subjects};

/// What `act` costs the second time, when all statements are prepared.
#[track_caller]
fn check_traffic(book: &mut dyn Book, statements: u64, round_trips: u64, mut act: impl FnMut(&mut dyn Book, usize)) {
    act(book, 1);
    let before = book.traffic();
    act(book, 2);
    let spent = book.traffic().since(before);
    assert_eq!((spent.statements, spent.round_trips), (statements, round_trips));
}

fn subjects(msgid: &str) -> Subjects {
    Subjects {
        message: Some(key(msgid)),
        persons: vec!["P1".into()],
        encounters: Vec::new(),
        days: vec![date(2021, 7, 8)],
    }
}

#[test]
fn a_purchase_costs_two_round_trips() {
    let engine = Postgres::new();
    let mut book = book(&engine);
    write(book.as_mut(), |tx| add_person(tx, "P1"));
    // Begin, lock, ask; encounter, settlement with all that hangs on it, account, lines, message; and the commit.
    check_traffic(book.as_mut(), 3 + 5 + 1, 2, |book, number| {
        let (mdtrt_id, setl_id) = (format!("E{number}"), format!("S{number}"));
        let bought = settlement(&setl_id, &mdtrt_id, "P1");
        let lines: Vec<FeeLine> = (0..5)
            .map(|serial| FeeLine { setl_id: setl_id.clone(), ..line(&mdtrt_id, &format!("L{serial}")) })
            .collect();
        write(book, |tx| {
            tx.savepoint()?;
            tx.foresee(&subjects(&bought.msgid))?;
            assert_eq!(tx.message(&key(&bought.msgid))?, None);
            assert_eq!(tx.message_reversal(&key(&bought.msgid))?, None);
            assert!(tx.person_facts("P1", &[])?.is_some());
            assert!(tx.person_facts("P1", &["2021".into(), "2021-07-08".into()])?.is_some());
            assert!(tx.filings("P1", None)?.is_empty());
            tx.add_encounter(&visit(&mdtrt_id, "P1"))?;
            tx.record_settlement(&bought, &[])?;
            tx.add_fee_lines(&lines)?;
            tx.record_message(&message(&bought.msgid, &setl_id))?;
            tx.release()
        });
    });
}

#[test]
fn an_entry_is_registered_and_moved_on_in_one_round_trip_each() {
    let engine = Postgres::new();
    let mut book = book(&engine);
    // Begin; entry, event, claim, lines taken away and put; commit.
    check_traffic(book.as_mut(), 1 + 5 + 1, 1, |book, number| {
        write(book, |tx| register(tx, &entry(&format!("T{number}"))));
    });
    // Begin; entry, event; commit.
    check_traffic(book.as_mut(), 1 + 2 + 1, 1, |book, number| {
        let told = Entry { version: 2, ..entry(&format!("T{number}")) };
        write(book, |tx| step(tx, &told, Action::Correct));
    });
}

#[test]
fn an_update_of_other_rows_than_expected_fails_although_the_commit_travels_along() {
    let engine = Postgres::new();
    let mut book = book(&engine);
    write(book.as_mut(), add_settled_visit);
    let missing = vec!["L1".to_owned(), "L2".to_owned()];
    let again = Settlement { round: 2, ..settlement("S2", "E1", "P1") };
    let fault = try_write(book.as_mut(), |tx| tx.record_settlement(&again, &missing)).unwrap_err();
    assert_eq!(fault.to_string(), "marking fee lines as settled by S2");
    assert!(fault.chain().contains("expected to change 2 rows, changed 0"), "{}", fault.chain());
    assert_eq!(read(book.as_mut(), |tx| tx.rounds("E1")).len(), 1);
}

#[test]
fn a_call_that_is_refused_costs_two_round_trips_and_leaves_no_commit() {
    let engine = Postgres::new();
    let mut book = book(&engine);
    write(book.as_mut(), |tx| add_person(tx, "P1"));
    check_traffic(book.as_mut(), 3 + 1, 2, |book, _| {
        write(book, |tx| {
            tx.savepoint()?;
            tx.foresee(&subjects("M1"))?;
            tx.add_encounter(&visit("E1", "P1"))?;
            tx.roll_back()
        });
    });
    read(book.as_mut(), |tx| {
        assert_eq!(tx.encounter("E1")?, None);
        Ok(())
    });
}

#[test]
fn the_server_hears_of_a_savepoint_only_where_a_question_follows_records() {
    let engine = Postgres::new();
    let mut book = book(&engine);
    write(book.as_mut(), |tx| add_person(tx, "P1"));
    // Begin, savepoint, record, question; rolled back to the savepoint; record and commit.
    check_traffic(book.as_mut(), 4 + 1 + 2, 3, |book, number| {
        write(book, |tx| {
            tx.savepoint()?;
            tx.add_encounter(&visit("given up", "P1"))?;
            assert!(tx.encounter("given up")?.is_some());
            tx.roll_back()?;
            tx.savepoint()?;
            tx.add_encounter(&visit(&format!("E{number}"), "P1"))?;
            tx.release()
        });
    });
    read(book.as_mut(), |tx| {
        assert_eq!(tx.encounter("given up")?, None);
        assert!(tx.encounter("E2")?.is_some());
        Ok(())
    });
}

#[test]
fn what_was_foreseen_is_what_questions_would_have_answered() {
    let engine = Postgres::new();
    let mut book = book(&engine);
    write(book.as_mut(), |tx| {
        add_settled_visit(tx)?;
        tx.put_diagnosis(&crate::rows::diagnosis("E1", 1))?;
        tx.add_filing(&crate::rows::filing("F1", "P1"))?;
        add_with_line(tx, &crate::rows::stay("E2", "P1"))
    });
    let named = Subjects {
        message: Some(key("M-S1")),
        persons: vec!["P9".into()],
        encounters: vec!["E1".into(), "E2".into(), "E9".into()],
        days: Vec::new(),
    };
    let mut answers = Vec::new();
    for foresees in [false, true] {
        answers.push(write(book.as_mut(), |tx| {
            if foresees {
                tx.foresee(&named)?;
            }
            let mut text = format!("{:?}", tx.message(&key("M-S1"))?);
            text += &format!("{:?}", tx.message_reversal(&key("M-S1"))?);
            text += &format!("{:?}", tx.person("P9")?);
            text += &format!("{:?}", tx.person_facts("P1", &["2021".into(), "2021-07-08".into()])?);
            text += &format!("{:?}{:?}", tx.filings("P1", None)?, tx.filings("P1", Some("remote"))?);
            for mdtrt_id in ["E1", "E2", "E9"] {
                text += &format!("{:?}{:?}", tx.encounter(mdtrt_id)?, tx.rounds(mdtrt_id)?);
                text += &format!("{:?}{:?}", tx.diagnoses(mdtrt_id)?, tx.fee_lines(mdtrt_id)?);
            }
            Ok(text)
        }));
    }
    assert_eq!(answers[0], answers[1]);
    // All but the lines of the stay and of the encounter that does not exist.
    check_traffic(book.as_mut(), 1 + 3 + 2 + 1, 4, |book, _| {
        read(book, |tx| {
            tx.foresee(&named)?;
            tx.fee_lines("E2")?;
            tx.fee_lines("E9").map(drop)
        });
    });
}

#[test]
fn a_record_is_seen_by_the_questions_after_it() {
    let engine = Postgres::new();
    let mut book = book(&engine);
    write(book.as_mut(), |tx| {
        add_person(tx, "P1")?;
        tx.foresee(&Subjects { encounters: vec!["E1".into()], ..subjects("M-S1") })?;
        assert_eq!(tx.encounter("E1")?, None);
        add_with_line(tx, &visit("E1", "P1"))?;
        settle(tx, &settlement("S1", "E1", "P1"))?;
        assert!(tx.encounter("E1")?.is_some());
        assert_eq!(tx.rounds("E1")?.len(), 1);
        assert_eq!(tx.fee_lines("E1")?[0].setl_id, "S1");
        assert!(tx.message(&key("M-S1"))?.is_some());
        let facts = tx.person_facts("P1", &["2021".into()])?.unwrap();
        assert_eq!((facts.balance.unwrap().as_fen(), facts.totals[0].value), (9_400, 2_000));
        Ok(())
    });
}
