//! Entries that meet more than the plan they were made under: a window that has moved since, a second plan, a stay that is
//! touched between its conversion and the closing.

use super::backfill::{TOWN, entry, record, reopened};
use super::backfill_runs::{number, visit};
use super::care::{admission, discharge, fees, one, settle_visit, stay_settlement, text};
use super::city::{City, HOSPITAL, LI, clerk};
use jiff::civil::date;
use yibao_domain::outage::RegisterKind;
use yibao_domain::register::{Entry, State};
use yibao_store::register::EntryFilter;

/// The town's plan as it was published again: it reopens days earlier than was told.
fn town_that_reopened_earlier() -> String {
    TOWN.replace("reopens = \"2021-07-15 24:00\"", "reopens = \"2021-07-11 24:00\"\nversion = 2\nreplaces = 1")
}

fn found(city: &City, number: &str) -> Entry {
    city.look(|tx| tx.entry(number)).unwrap()
}

#[test]
fn what_was_registered_before_the_reopening_was_brought_forward_is_settled_all_the_same() {
    let city = City::with_plan(&town_that_reopened_earlier());
    visit(&city, &number(1), LI, 12, "100.00");
    city.clock.set(reopened());
    let run = city.backfill_all("town");
    assert_eq!((run.found, run.settled, run.failed), (1, 1, 0));
    assert_eq!(found(&city, &number(1)).state, State::Settled);
    city.verify();
}

#[test]
fn an_entry_notices_that_its_care_was_settled_over_the_interface_though_the_window_has_moved() {
    let city = City::with_plan(&town_that_reopened_earlier());
    visit(&city, &number(1), LI, 12, "100.00");
    city.clock.set(reopened());
    // Another visit of that day is no business of the entry.
    let other = super::backfill::visit_at(&city, LI, "390", "2021-07-12 16:00:00", "60.00");
    settle_visit(&city, LI, &other, "B1", "60.00");
    assert_eq!(found(&city, &number(1)).state, State::Waiting);
    let mdtrt_id = super::backfill::visit_at(&city, LI, "390", "2021-07-12 09:30:00", "100.00");
    let settled = settle_visit(&city, LI, &mdtrt_id, "B1", "100.00");
    let entry = found(&city, &number(1));
    assert_eq!((entry.state, entry.setl_id), (State::Settled, settled.setl_id));
    let refused = city.backfill().entry(&clerk(), city.clock.get(), &number(1)).unwrap_err();
    assert!(format!("{refused:?}").contains("不能补录"), "{refused:?}");
    city.verify();
}

#[test]
fn an_entry_under_two_plans_is_not_in_its_own_way() {
    // The second stop reopens later, so it is the one that a settlement of the 12th meets.
    let second = TOWN.replace("id = \"town\"", "id = \"town-2\"").replace("07-15 24:00", "07-16 24:00");
    let plans = [TOWN, second.as_str()].map(|text| yibao_policy::plan::read(text).unwrap());
    let city = City::with_plans(plans.into());
    let invoiced = Entry {
        invono: "A001".to_owned(),
        ..entry(&number(2), RegisterKind::CashVisit, LI, date(2021, 7, 13).at(9, 30, 0, 0))
    };
    visit(&city, &number(1), LI, 12, "100.00");
    city.write(|tx| record(tx, &invoiced));
    city.clock.set(date(2021, 7, 17).at(9, 0, 0, 0));
    let run = city.backfill_all("town");
    assert_eq!((run.settled, run.failed), (1, 0));
    let mdtrt_id = super::backfill::visit_at(&city, LI, "390", "2021-07-13 09:30:00", "100.00");
    settle_visit(&city, LI, &mdtrt_id, "B1", "100.00");
    assert_eq!(found(&city, &number(2)).state, State::Settled);
    let filter = EntryFilter { psn_no: Some(LI.to_owned()), ..EntryFilter::default() };
    assert_eq!(city.look(|tx| tx.entries(&filter, 100)).len(), 2, "no entry beside the one that stands");
    city.verify();
}

#[test]
fn b02_a_converted_stay_stays_converted_until_the_business_is_open_again() {
    let city = City::before_the_switch_over();
    city.clock.set(date(2021, 7, 5).at(10, 0, 0, 0));
    let admitted = city.done(HOSPITAL, "2401", &admission(LI, "2021-07-05 08:00:00"));
    let mdtrt_id = text(&admitted.output["result"]["mdtrt_id"]);
    let listed = Entry {
        plan: "bijie-2021".into(),
        mdtrt_id: mdtrt_id.clone(),
        state: State::Converted,
        ..entry(&number(1), RegisterKind::StayConversion, LI, date(2021, 7, 5).at(8, 0, 0, 0))
    };
    city.write(|tx| record(tx, &listed));
    // A line that is sent before the closing is taken, and changes nothing about the conversion.
    city.clock.set(date(2021, 7, 9).at(19, 55, 0, 0));
    city.done(HOSPITAL, "2301", &fees(LI, &mdtrt_id, "", &[one("1", "3000.00")]));
    assert_eq!(found(&city, &number(1)).state, State::Converted);
    city.clock.set(reopened());
    city.done(HOSPITAL, "2402", &discharge(LI, &mdtrt_id, "2021-07-16 08:00:00"));
    assert_eq!(found(&city, &number(1)).state, State::Restored);
    city.done(HOSPITAL, "2304", &stay_settlement(LI, &mdtrt_id, "3000.00", false));
    assert_eq!(found(&city, &number(1)).state, State::Settled);
    city.verify();
}

#[test]
fn a_run_while_everything_is_closed_is_refused_with_the_reopening_and_touches_nothing() {
    let city = City::with_plan(TOWN);
    visit(&city, &number(1), LI, 12, "100.00");
    city.clock.set(date(2021, 7, 13).at(9, 0, 0, 0));
    let refused = city.backfill().start(&clerk(), city.clock.get(), "town", "").unwrap_err();
    assert!(format!("{refused:?}").contains("2021-07-15 24:00"), "{refused:?}");
    let one = city.backfill().entry(&clerk(), city.clock.get(), &number(1)).unwrap_err();
    assert!(format!("{one:?}").contains("2021-07-15 24:00"), "{one:?}");
    assert_eq!((found(&city, &number(1)).state, found(&city, &number(1)).version), (State::Waiting, 1));
}

#[test]
fn what_entries_wait_for_is_told_with_their_numbers() {
    let city = City::with_plan(TOWN);
    for serial in 1..=3 {
        visit(&city, &number(serial), LI, 11, "100.00");
    }
    city.write(|tx| {
        tx.put_entry_lines(&number(1), &[])?;
        tx.put_entry_lines(&number(3), &[])
    });
    city.clock.set(reopened());
    let waiting = city.backfill().waiting(&clerk(), city.clock.get(), "town", None).unwrap().reasons;
    assert_eq!(waiting, [("缺费用明细".to_owned(), vec![number(1), number(3)])]);
}

#[test]
fn b09_who_came_and_left_in_the_closed_time_is_sent_to_the_reimbursement() {
    let city = City::before_the_switch_over();
    let mut stay = entry(&number(1), RegisterKind::Admission, LI, date(2021, 7, 11).at(8, 0, 0, 0));
    stay.plan = "bijie-2021".into();
    stay.care_until = Some(date(2021, 7, 13).at(9, 0, 0, 0));
    city.write(|tx| record(tx, &stay));
    city.clock.set(reopened());
    let waiting = city.backfill().waiting(&clerk(), city.clock.get(), "bijie-2021", None).unwrap().reasons;
    let [(reason, entries)] = waiting.as_slice() else { panic!("{waiting:?}") };
    assert!(reason.contains("转手工报销"), "{reason}");
    assert_eq!(entries, &[number(1)]);
}
