//! Connections that break, servers that stop, transactions that stand in each other's way: a safe rerun or a clear
//! fault, never half a settlement and never two.

use super::Postgres;
use crate::engine::{Engine, book, check_verifies, pool, race, read, try_write, write};
use crate::rows::key;
use crate::rows::{add_person, add_settled_visit, add_with_line, message, paying, settle, settlement, visit};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use yibao_cluster::{Cluster, Stop};
use yibao_domain::money::Money;
use yibao_store::settlement::Settlement;
use yibao_store::{Fault, Subjects, Tx};

/// Ends all other connections to the database of this one.
const CUT: &str = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                   WHERE datname = current_database() AND pid <> pg_backend_pid()";

fn turn_of(psn_no: &str) -> Subjects {
    Subjects { persons: vec![psn_no.into()], ..Subjects::default() }
}

#[test]
fn a_connection_that_breaks_between_two_questions_has_the_work_run_again() {
    let engine = Postgres::new();
    let mut book = book(&engine);
    let hand = engine.hand();
    let mut runs = 0;
    write(book.as_mut(), |tx| {
        runs += 1;
        add_person(tx, "P1")?;
        if runs == 1 {
            hand.run(CUT);
        }
        add_with_line(tx, &visit("E1", "P1"))?;
        assert!(tx.encounter("E1")?.is_some());
        settle(tx, &settlement("S1", "E1", "P1"))
    });
    assert_eq!(runs, 2);
    check_verifies(book.as_mut());
}

#[test]
fn a_call_that_catches_its_fault_is_run_again_all_the_same() {
    let engine = Postgres::new();
    let mut book = book(&engine);
    let hand = engine.hand();
    let mut runs = 0;
    // As a worker does: the fault of a call is caught, and its savepoint given up.
    let kept = write(book.as_mut(), |tx| {
        runs += 1;
        tx.savepoint()?;
        tx.foresee(&turn_of("P1"))?;
        if runs == 1 {
            hand.run(CUT);
        }
        let outcome = add_person(tx, "P1");
        if outcome.is_ok() {
            tx.release()?
        } else {
            tx.roll_back()?
        }
        Ok(outcome.is_ok())
    });
    assert_eq!((kept, runs), (true, 2));
    assert!(read(book.as_mut(), |tx| tx.person("P1")).is_some());
}

#[test]
fn an_idle_connection_that_was_cut_is_renewed() {
    let engine = Postgres::new();
    let mut book = book(&engine);
    write(book.as_mut(), |tx| tx.next_serial("encounter"));
    engine.hand().run(CUT);
    read(book.as_mut(), |tx| tx.person("P1"));
    engine.hand().run(CUT);
    write(book.as_mut(), add_settled_visit);
    engine.hand().run(CUT);
    check_verifies(book.as_mut());
}

#[test]
fn a_server_that_is_restarted_in_the_middle_of_a_call_is_waited_for() {
    let mut cluster = Cluster::start(&[]).unwrap();
    let engine = Postgres::of(&cluster);
    let mut book = book(&engine);
    for how in [Stop::Fast, Stop::Immediate] {
        let mut runs = 0;
        let psn_no = format!("P{how:?}");
        write(book.as_mut(), |tx| {
            runs += 1;
            add_person(tx, &psn_no)?;
            if runs == 1 {
                cluster.stop(how).unwrap();
                cluster.resume().unwrap();
            }
            tx.person_facts(&psn_no, &[]).map(drop)
        });
        assert_eq!(runs, 2);
        assert!(read(book.as_mut(), |tx| tx.person(&psn_no)).is_some());
    }
    check_verifies(book.as_mut());
}

#[test]
fn a_server_that_crashes_under_load_keeps_every_acknowledged_settlement_once() {
    let mut cluster = Cluster::start(&[]).unwrap();
    let engine = Postgres::of(&cluster);
    let store = engine.store();
    let acknowledged = Mutex::new(Vec::new());
    let settled = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for till in 0..3 {
            let (store, acknowledged, settled) = (&store, &acknowledged, &settled);
            scope.spawn(move || {
                let mut book = store.open(&pool()).unwrap();
                let psn_no = format!("P{till}");
                // A till that is late may meet the crash here: it asks again, too.
                while try_write(book.as_mut(), |tx| add_person(tx, &psn_no)).is_err() {}
                for number in 0..15 {
                    let id = format!("{till}-{number}");
                    let row = settlement(&format!("S{id}"), &format!("E{id}"), &psn_no);
                    // An outcome that is not known is resent, as a hospital does: the journal answers.
                    while try_write(book.as_mut(), |tx| settle_once(tx, &row)).is_err() {}
                    acknowledged.lock().unwrap().push(row.setl_id);
                    settled.fetch_add(1, Ordering::SeqCst);
                }
            });
        }
        while settled.load(Ordering::SeqCst) < 10 {
            std::thread::yield_now();
        }
        cluster.stop(Stop::Immediate).unwrap();
        cluster.resume().unwrap();
    });
    let mut book = store.open(&pool()).unwrap();
    for setl_id in acknowledged.into_inner().unwrap() {
        assert!(read(book.as_mut(), |tx| tx.settlement(&setl_id)).is_some(), "{setl_id} was acknowledged");
    }
    assert_eq!(engine.hand().count("SELECT count(*) FROM settlement"), 45);
    check_verifies(book.as_mut());
}

/// A visit and its settlement, unless the message is in the journal.
fn settle_once(tx: &mut dyn Tx, row: &Settlement) -> Result<(), Fault> {
    tx.foresee(&turn_of(&row.psn_no))?;
    if tx.message(&key(&row.msgid))?.is_some() {
        return Ok(());
    }
    add_with_line(tx, &visit(&row.mdtrt_id, &row.psn_no))?;
    settle(tx, row)
}

#[test]
fn a_commit_without_an_answer_is_a_fault_that_says_so_and_the_journal_tells() {
    let cluster = Cluster::start(&[]).unwrap();
    let engine = Postgres::of(&cluster);
    let mut book = book(&engine);
    write(book.as_mut(), |tx| add_person(tx, "P1"));
    let hand = engine.hand();
    // Commits wait for a standby that does not exist: done here, and not acknowledged.
    hand.run("ALTER SYSTEM SET synchronous_standby_names = 'nobody'");
    hand.run("SELECT pg_reload_conf()");
    let row = settlement("S1", "E1", "P1");
    let outcome = std::thread::scope(|scope| {
        let call = scope.spawn(|| try_write(book.as_mut(), |tx| settle_once(tx, &row)));
        hand.wait_for("SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'SyncRep'");
        hand.run(CUT);
        call.join().unwrap()
    });
    let fault = outcome.unwrap_err().chain();
    assert!(fault.contains("是否已记账未知，请用原报文重发"), "{fault}");
    hand.run("ALTER SYSTEM RESET synchronous_standby_names");
    hand.run("SELECT pg_reload_conf()");
    assert_eq!(read(book.as_mut(), |tx| tx.message(&key("M-S1"))), Some(message("M-S1", "S1")));
    write(book.as_mut(), |tx| settle_once(tx, &row));
    assert_eq!(read(book.as_mut(), |tx| tx.settlements_of("E1")).len(), 1);
    check_verifies(book.as_mut());
}

#[test]
fn a_deadlock_has_the_work_run_again() {
    let engine = Postgres::new();
    let mut book = book(&engine);
    write(book.as_mut(), |tx| {
        add_person(tx, "P1")?;
        add_person(tx, "P2")
    });
    let hand = engine.hand();
    // The other side is patient, so that the server gives up ours.
    hand.run("SET deadlock_timeout = '100s'; BEGIN; SELECT FROM person WHERE psn_no = 'P2' FOR UPDATE");
    let mut runs = 0;
    std::thread::scope(|scope| {
        let mut other = Some(hand);
        write(book.as_mut(), |tx| {
            runs += 1;
            tx.foresee(&turn_of("P1"))?;
            if let Some(hand) = other.take() {
                scope.spawn(move || hand.run("SELECT FROM person WHERE psn_no = 'P1' FOR UPDATE; COMMIT"));
            }
            tx.foresee(&turn_of("P2"))?;
            add_with_line(tx, &visit("E1", "P1"))
        });
    });
    assert!(runs >= 2, "run again until the other side was through");
    assert_eq!(read(book.as_mut(), |tx| tx.fee_lines("E1")).len(), 1);
}

#[test]
fn of_racing_copies_of_a_message_one_has_an_effect_and_all_are_answered() {
    let engine = Postgres::new();
    write(book(&engine).as_mut(), |tx| add_person(tx, "P1"));
    let outcomes = race(&engine, 6, |copy, book| {
        let row = settlement(&format!("S{copy}"), &format!("E{copy}"), "P1");
        write(book, |tx| {
            if let Some(known) = tx.message(&key("M-same"))? {
                return Ok(known.effect);
            }
            add_with_line(tx, &visit(&row.mdtrt_id, "P1"))?;
            tx.record_settlement(&Settlement { msgid: "M-same".into(), ..row.clone() }, &["L1".into()])?;
            tx.record_message(&message("M-same", &row.setl_id))?;
            Ok(row.setl_id.clone())
        })
    });
    assert!(outcomes.iter().all(|effect| *effect == outcomes[0]), "{outcomes:?}");
    assert_eq!(engine.hand().count("SELECT count(*) FROM settlement"), 1);
    check_verifies(book(&engine).as_mut());
}

#[test]
fn what_a_call_has_read_of_its_person_stays_true_until_its_commit() {
    let engine = Postgres::new();
    write(book(&engine).as_mut(), |tx| add_person(tx, "P1"));
    race(&engine, 4, |till, book| {
        for number in 0..5 {
            let id = format!("{till}-{number}");
            write(book, |tx| {
                tx.foresee(&turn_of("P1"))?;
                let balance = tx.person_facts("P1", &[])?.unwrap().balance.unwrap();
                let balc = balance.minus(Money::yuan(1));
                add_with_line(tx, &visit(&format!("E{id}"), "P1"))?;
                let row = settlement(&format!("S{id}"), &format!("E{id}"), "P1");
                settle(tx, &Settlement { balc, ..paying(row, Money::yuan(1)) })
            });
        }
    });
    let hand = engine.hand();
    assert_eq!(hand.count("SELECT count(DISTINCT balc_fen) FROM settlement"), 20, "no balance was read twice");
    assert_eq!(hand.count("SELECT balance_fen FROM account"), 8_000);
    assert_eq!(hand.count("SELECT value FROM running_total WHERE period = '2021'"), 20 * 2_000);
    check_verifies(book(&engine).as_mut());
}

#[test]
fn a_fault_names_the_record_and_no_person() {
    let engine = Postgres::new();
    let mut book = book(&engine);
    let fault = try_write(book.as_mut(), |tx| {
        add_person(tx, "P1")?;
        add_with_line(tx, &visit("E1", "P1"))?;
        settle(tx, &paying(settlement("S1", "E1", "P1"), Money::yuan(200)))
    })
    .unwrap_err();
    assert_eq!(fault.to_string(), "moving the account for S1");
    // The server quotes the whole row in the details of its message.
    let named = try_write(book.as_mut(), |tx| {
        let mut nobody = crate::rows::person("");
        nobody.card_no = "K".into();
        tx.put_person(&nobody).map(drop)
    })
    .unwrap_err();
    for fault in [fault, named] {
        assert!(fault.chain().contains("23514"), "{}", fault.chain());
        assert!(!fault.chain().contains("张三"), "{}", fault.chain());
    }
}
