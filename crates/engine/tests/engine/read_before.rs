//! What a reader has worked out is booked as it is where all that it was read at still holds, and worked out anew where not.

use super::backfill::{TOWN, correct, entry, record, reopened};
use super::backfill_runs::number;
use super::city::{City, HOSPITAL, LI, OTHER_HOSPITAL, clerk};
use super::failing::Failing;
use super::order_who::two_stays_the_later_entered_first;
use jiff::civil::date;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use yibao_domain::outage::RegisterKind;
use yibao_domain::register::field;
use yibao_domain::settlement::RunningTotal;
use yibao_engine::desks::backfill::Correction;
use yibao_engine::{Places, Unobserved};
use yibao_store::person::RunningTotalRow;
use yibao_store::settlement::PastSettlement;
use yibao_store::{Fault, Mode, SqliteStore, Store, Tx};

/// What somebody else does to the book.
type Change = fn(&mut dyn Tx) -> Result<(), Fault>;

/// Loads that LI was in hospital twice this year before.
fn two_more_stays(tx: &mut dyn Tx) -> Result<(), Fault> {
    let name = RunningTotal::InpatientStays.name().to_owned();
    tx.put_opening_total(LI, &RunningTotalRow { insutype: "390".into(), period: "2021".into(), name, value: 2 })
        .map(drop)
}

/// Says of the person what no settlement goes by.
fn another_card(tx: &mut dyn Tx) -> Result<(), Fault> {
    let mut person = tx.person(LI)?.expect("the city knows LI");
    person.card_no = "C123456".into();
    tx.put_person(&person).map(drop)
}

/// Takes in both legs of a transfer of LI's, told by the document alone: the later stay came from another one, which waits.
fn legs_by_document(tx: &mut dyn Tx) -> Result<(), Fault> {
    let certno = tx.person(LI)?.expect("the city knows LI").certno;
    let legs = [(3, RegisterKind::Admission, OTHER_HOSPITAL, 12), (4, RegisterKind::Transfer, HOSPITAL, 13)];
    for (serial, kind, hospital, day) in legs {
        let mut leg = entry(&number(serial), kind, "", date(2021, 7, day).at(8, 0, 0, 0));
        (leg.certno, leg.fixmedins_code) = (certno.clone(), hospital.to_owned());
        if kind == RegisterKind::Transfer {
            field::FROM_PROVIDER.put(&mut leg.details, OTHER_HOSPITAL);
        }
        record(tx, &leg)?;
    }
    Ok(())
}

/// When a change is made.
enum At {
    BeforeAll,
    BetweenReaderAndWriter,
}

/// Two stays are put in order by a named person, and somebody changes the book: what is told, and what stands in it.
fn corrected(change: Change, at: At) -> (Result<Vec<Correction>, String>, Vec<PastSettlement>) {
    let folder = tempfile::tempdir().unwrap();
    let real = Arc::new(SqliteStore::open(folder.path(), &[]).unwrap());
    let store = Failing::before(real.clone());
    let plans = vec![yibao_policy::plan::read(TOWN).unwrap()];
    let city = City::watched(store.clone(), plans, reopened(), Places::default(), Arc::new(Unobserved));
    two_stays_the_later_entered_first(&city);
    // It waits for a named person.
    let handed_back = ("handed_back_at".to_owned(), "2021-07-20 09:30:00".to_owned());
    city.write(|tx| correct(tx, &number(2), |paid| paid.details.extend([handed_back.clone()])));
    city.backfill().entry(&clerk(), city.clock.get(), &number(1)).unwrap();
    let made = Arc::new(AtomicBool::new(false));
    match at {
        At::BeforeAll => city.write(change),
        At::BetweenReaderAndWriter => {
            let (real, made) = (real.clone(), made.clone());
            store.when(move |pool, mode| {
                if mode == Mode::Write && !made.swap(true, Ordering::Relaxed) {
                    real.open(pool).unwrap().transact(Mode::Write, &mut |tx| change(tx)).unwrap();
                }
                false
            });
        }
    }
    let done = city.backfill().correct_order(&clerk(), city.clock.get(), LI).map_err(|stop| format!("{stop:?}"));
    store.heal();
    assert_eq!(made.load(Ordering::Relaxed), matches!(at, At::BetweenReaderAndWriter));
    city.verify();
    (done, city.look(|tx| tx.settlements_of_person(LI, 2021)))
}

#[test]
fn what_still_holds_is_booked_as_it_was_worked_out_and_what_does_not_is_worked_out_anew() {
    let nothing = corrected(|_| Ok(()), At::BetweenReaderAndWriter);
    assert_eq!(nothing.0.as_ref().map(Vec::len), Ok(1));
    // The writer works it out by itself, and comes to the very same rows.
    assert_eq!(corrected(another_card, At::BetweenReaderAndWriter), nothing);
    let late = corrected(two_more_stays, At::BetweenReaderAndWriter);
    assert_ne!(late, nothing);
    assert_eq!(late, corrected(two_more_stays, At::BeforeAll));
}

#[test]
fn what_registers_tell_of_a_person_by_document_alone_is_seen_in_between_too() {
    let between = corrected(legs_by_document, At::BetweenReaderAndWriter);
    assert!(between.0.as_ref().is_err_and(|why| why.contains(&number(3))), "{:?}", between.0);
    assert_eq!(between, corrected(legs_by_document, At::BeforeAll));
}
