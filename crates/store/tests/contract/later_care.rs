//! What every engine promises about the care that came after an event: what it has added to the totals, and who settled it.

use crate::engine::{Engine, book, check_verifies, read, write};
use crate::rows::{add_person, add_with_line, cancel, july, settle, settlement, visit};
use yibao_domain::time::Date;
use yibao_store::encounter::Encounter;
use yibao_store::person::RunningTotalRow;
use yibao_store::settlement::{Accumulation, Settlement};
use yibao_store::{Fault, Tx};

/// A settled visit on a day of July that adds so many fen to the year's `pool_paid`.
fn add_visit(tx: &mut dyn Tx, psn_no: &str, number: i64, day: i8, insutype: &str, fen: i64) -> Result<(), Fault> {
    let (mdtrt_id, setl_id) = (format!("E{number}"), format!("S{number}"));
    add_with_line(tx, &Encounter { begntime: july(day), ..visit(&mdtrt_id, psn_no) })?;
    let settled = settlement(&setl_id, &mdtrt_id, psn_no);
    let of_day = on(july(day).date(), Settlement { insutype: insutype.into(), ..settled });
    settle(tx, &Settlement { accumulations: vec![added(fen)], ..of_day })
}

/// The settlement of care on this day.
fn on(day: Date, settled: Settlement) -> Settlement {
    Settlement { begndate: day, enddate: day, ..settled }
}

fn added(fen: i64) -> Accumulation {
    Accumulation { period: "2021".into(), name: "pool_paid".into(), delta: fen }
}

fn total(insutype: &str, value: i64) -> RunningTotalRow {
    RunningTotalRow { insutype: insutype.into(), period: "2021".into(), name: "pool_paid".into(), value }
}

pub fn what_later_care_added_is_what_stands_of_it(engine: &dyn Engine) {
    let mut book = book(engine);
    // Recorded in another order than that of care.
    write(book.as_mut(), |tx| {
        add_person(tx, "P1")?;
        add_person(tx, "P2")?;
        add_visit(tx, "P1", 1, 20, "310", 5)?;
        add_visit(tx, "P1", 2, 10, "310", 70)?;
        add_visit(tx, "P1", 3, 15, "310", 900)?;
        add_visit(tx, "P1", 4, 15, "390", 11)?;
        add_visit(tx, "P2", 5, 15, "310", 6_000)
    });
    let at = |day| july(day);
    read(book.as_mut(), |tx| {
        assert_eq!(tx.accumulated_by_later_care("P1", at(9))?, [total("310", 975), total("390", 11)]);
        assert_eq!(tx.accumulated_by_later_care("P1", at(10))?, [total("310", 905), total("390", 11)], "not its own");
        assert_eq!(tx.accumulated_by_later_care("P1", at(15))?, [total("310", 5)]);
        assert_eq!(tx.accumulated_by_later_care("P1", at(20))?, []);
        assert_eq!(tx.accumulated_by_later_care("P9", at(1))?, []);
        assert_eq!(tx.settled_later_care("P1", at(9), 10)?, ["S2", "S3", "S4", "S1"]);
        assert_eq!(tx.settled_later_care("P1", at(10), 2)?, ["S3", "S4"]);
        assert_eq!(tx.settled_later_care("P1", at(20), 10)?, Vec::<String>::new());
        Ok(())
    });

    let cancelled = settlement("S3", "E3", "P1");
    write(book.as_mut(), |tx| cancel(tx, &cancelled).map(drop));
    read(book.as_mut(), |tx| {
        assert_eq!(tx.accumulated_by_later_care("P1", at(9))?, [total("310", 75), total("390", 11)]);
        assert_eq!(tx.settled_later_care("P1", at(9), 10)?, ["S2", "S4", "S1"]);
        Ok(())
    });

    // The cancellation is reversed: the same amounts as a new round.
    write(book.as_mut(), |tx| {
        let back = Settlement {
            round: 2,
            restores: "S3".into(),
            msgid: cancelled.msgid.clone(),
            accumulations: vec![added(900)],
            ..on(july(15).date(), settlement("S6", "E3", "P1"))
        };
        tx.record_settlement(&back, &["L1".into()])
    });
    read(book.as_mut(), |tx| {
        assert_eq!(tx.accumulated_by_later_care("P1", at(9))?, [total("310", 975), total("390", 11)]);
        assert_eq!(tx.settled_later_care("P1", at(9), 10)?, ["S2", "S4", "S6", "S1"]);
        Ok(())
    });
    check_verifies(book.as_mut());
}
