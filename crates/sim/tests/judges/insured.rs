//! Planted in who is insured, in what is owed, in sheets that are read in again, and in filings.

use super::planted::How;
use super::somewhere::found_somewhere;
use super::{after, book, found};

/// Seeds of cities with somebody whose insurance is paused afterwards, and with filings in the outage.
const PAUSED: u64 = 3;
const FILED: u64 = 3;

/// A city whose people have what a matter needs.
fn of_seed(seed: u64, how: How) -> How {
    How { seed: Some(seed), ..how }
}

#[test]
fn who_is_paid_for_and_is_not_insured_is_found_and_who_is_refused_and_is() {
    let of_insurance = |event: &str, when: &str, set: &str| {
        book(&format!(
            "CREATE TRIGGER planted AFTER {event} ON insurance WHEN {when} BEGIN
             UPDATE insurance SET {set} WHERE psn_no = NEW.psn_no; END;"
        ))
    };
    found(vec![
        (
            "a pause that is forgotten",
            of_seed(PAUSED, of_insurance("UPDATE", "NEW.paused_from IS NOT NULL", "paused_from = NULL")),
            3,
            "was settled for who is not insured",
        ),
        (
            "a pause that is read as earlier",
            of_seed(
                PAUSED,
                of_insurance("UPDATE", "NEW.paused_from IS NOT NULL", "paused_from = date(paused_from, '-90 days')"),
            ),
            3,
            "was refused as not insured, and is",
        ),
    ]);
    let goes_on = || of_insurance("INSERT", "NEW.enddate IS NOT NULL", "enddate = NULL");
    let waits = || How { rules: Some(("nation/entitlement.toml", "is = 180", "is = 0")), ..How::default() };
    let forgotten = || after("DELETE FROM register_entry WHERE kind = 'not_entitled'");
    let doubled = || after("UPDATE register_entry SET charged_fen = charged_fen * 2 WHERE kind = 'not_entitled'");
    found_somewhere("an insurance that has ended and goes on", goes_on, 3, "was settled for who is not insured");
    found_somewhere("a newborn who waits", waits, 3, "was refused as not insured, and is");
    found_somewhere("a debt that is forgotten", forgotten, 3, "is owed and must be");
    found_somewhere("a debt of twice the sum", doubled, 3, "is owed and must be");
}

#[test]
fn a_row_that_is_taken_twice_and_a_filing_that_holds_from_another_day_are_found() {
    found(vec![
        (
            "a row that is taken twice",
            after(
                "CREATE TEMP TABLE doubled AS SELECT * FROM register_entry WHERE kind = 'cash_visit' AND state = 'settled'
                 LIMIT 1;
                 UPDATE doubled SET number = 'TJ510400-2020-999999';
                 INSERT INTO register_entry SELECT * FROM doubled;",
            ),
            2,
            "is in the register twice",
        ),
        (
            "a filing of the outage that is dated back",
            of_seed(FILED, after("UPDATE filing SET begndate = '2020-09-12' WHERE begndate >= '2020-09-21'")),
            3,
            "holds from",
        ),
        (
            "a filing that is lost",
            of_seed(FILED, after("DELETE FROM filing WHERE kind IN ('special_disease', 'designated')")),
            1,
            "it is not filed",
        ),
        (
            "papers that nobody does",
            of_seed(FILED, after("UPDATE register_entry SET state = 'waiting' WHERE kind = 'papers'")),
            1,
            "papers are done",
        ),
    ]);
}
