//! Which entry care is when it is settled, and what becomes of it, state by state.

use super::backfill::{TOWN, entry, record, reopened, visit_at};
use super::backfill_runs::{number, visit};
use super::care::{
    admit, cancellation, discharge, fees, of_encounter, one, registration, settle_visit, stay_settlement,
    visit_settlement,
};
use super::city::{City, HOSPITAL, LI};
use super::register_lists::{entries, registers};
use super::registers::agency;
use jiff::civil::date;
use serde_json::json;
use yibao_domain::money::Money;
use yibao_domain::outage::{Business, Question, RegisterKind};
use yibao_domain::register::matching::{self, Beside, Care, Meeting, Paid};
use yibao_domain::register::{Entry, Mark, Split, State};
use yibao_engine::desks::registers::ListFilter;

#[test]
fn b01_a_stay_that_went_home_before_the_closing_is_settled_after_the_reopening() {
    let city = City::before_the_switch_over();
    let stay = admit(&city, LI);
    city.clock.set(date(2021, 7, 8).at(9, 0, 0, 0));
    registers(&city).refresh_worklists("bijie-2021", city.clock.get()).unwrap();
    city.done(HOSPITAL, "2301", &fees(LI, &stay, "", &[one("1", "500.00")]));
    city.done(HOSPITAL, "2402", &discharge(LI, &stay, "2021-07-08 08:00:00"));
    registers(&city).refresh_worklists("bijie-2021", city.clock.get()).unwrap();
    let conversion = || entries(&city, RegisterKind::StayConversion).remove(0).0;
    assert_eq!(conversion().state, State::Done);
    city.clock.set(date(2021, 7, 16).at(9, 0, 0, 0));
    city.done(HOSPITAL, "2304", &stay_settlement(LI, &stay, "500.00", false));
    assert_eq!((conversion().state, conversion().setl_id), (State::Done, String::new()), "it was not converted");
    city.verify();
}

/// Whatever state an entry is in, the care it may be is settled by a step, refused with words, or has nothing to do with it.
#[test]
fn no_state_of_an_entry_makes_the_settlement_of_its_care_a_fault() {
    let table = yibao_policy::registers::built_in();
    let at = date(2021, 7, 12).at(9, 0, 0, 0);
    let split = Split { funds: Money::yuan(60), account: Money::ZERO, own: Money::yuan(40) };
    let paid = Paid { setl_id: "S1", split, insutype: "390", med_type: "11" };
    for kind in RegisterKind::KNOWN.iter().copied().filter(|kind| kind.is_settled()) {
        let is_stay = kind.is_stay();
        let care = Care {
            psn_no: LI,
            fixmedins_code: HOSPITAL,
            mdtrt_id: "M1",
            is_stay,
            begun: at,
            ended: None,
            invono: "",
            charged: Money::yuan(100),
            own: None,
            redoes: None,
        };
        let meeting = Meeting {
            plan: "town".into(),
            rule: "visits".into(),
            kind,
            business: Business::named("settlement"),
            counts_at: at,
            late: None,
            converts: false,
            asked: Question::about(Business::named("settlement")),
            inside: true,
        };
        let leads = table.steps.iter().filter(|step| step.kinds.contains(&kind)).filter_map(|step| step.to);
        for state in leads.chain([State::Outside]) {
            let mut entry = entry("TJ520500-2021-000001", kind, LI, at);
            entry.state = state;
            let entries = matching::candidates(vec![entry], &care, false);
            let refused = matching::refused(&care, &entries, &entries, None).is_some();
            let deeds = matching::settled(&table, &meeting, &care, &paid, &entries, &Beside::default(), at);
            assert!(refused || deeds.is_some(), "{kind:?} that is {state:?}");
        }
    }
}

/// The cash visits of the town, by number.
fn visits(city: &City) -> Vec<Entry> {
    let mut found: Vec<Entry> = entries(city, RegisterKind::CashVisit).into_iter().map(|(entry, ..)| entry).collect();
    found.sort_by(|one, other| one.number.cmp(&other.number));
    found
}

/// Who settled what: by number state and settlement.
fn taken(city: &City) -> Vec<(State, String)> {
    visits(city).into_iter().map(|entry| (entry.state, entry.setl_id)).collect()
}

/// What is listed as a suspected double, and of what.
fn doubles(city: &City) -> Vec<(String, String)> {
    let filter = ListFilter { doubles: true, ..ListFilter::default() };
    let rows = registers(city).list(&agency(), city.clock.get(), filter).unwrap().rows;
    let mut found: Vec<(String, String)> =
        rows.into_iter().map(|row| (row.entry.number.clone(), row.entry.marked(Mark::Double).to_owned())).collect();
    found.sort();
    found
}

fn open_town() -> City {
    let city = City::with_plan(TOWN);
    city.clock.set(reopened());
    city
}

#[test]
fn two_batches_of_a_visit_of_the_outage_are_two_settlements_and_no_double() {
    let city = open_town();
    let mdtrt_id = visit_at(&city, LI, "390", "2021-07-12 09:30:00", "100.00");
    let first = settle_visit(&city, LI, &mdtrt_id, "B1", "100.00");
    city.done(HOSPITAL, "2204", &fees(LI, &mdtrt_id, "B2", &[one("2", "100.00")]));
    let second = settle_visit(&city, LI, &mdtrt_id, "B2", "100.00");
    let both = [first.setl_id.as_str(), &second.setl_id].map(|setl_id| (State::Settled, setl_id.to_owned()));
    assert_eq!(taken(&city), both);
    assert_eq!(doubles(&city), []);
    // Each gives its own entry back, and is settled anew with it.
    city.done(HOSPITAL, "2208", &cancellation(LI, &mdtrt_id, &second.setl_id));
    let again = settle_visit(&city, LI, &mdtrt_id, "B2", "100.00");
    assert_eq!(taken(&city), [both[0].clone(), (State::Settled, again.setl_id)]);
    city.verify();
}

#[test]
fn two_visits_of_one_second_are_settled_and_listed_for_people_to_decide() {
    let city = open_town();
    // A system that tells no time; the third says the very same as the first.
    let sums = ["100.00", "60.00", "100.00"];
    let settled = sums.map(|sum| {
        let mdtrt_id = visit_at(&city, LI, "390", "2021-07-12 00:00:00", sum);
        (State::Settled, settle_visit(&city, LI, &mdtrt_id, "B1", sum).setl_id)
    });
    assert_eq!(taken(&city), settled);
    let [first, second, third] = visits(&city).try_into().unwrap();
    let expected =
        [(second.number.clone(), first.number.clone()), (third.number, format!("{}、{}", first.number, second.number))];
    assert_eq!(doubles(&city), expected);
    city.verify();
}

#[test]
fn an_entry_of_one_visit_is_not_taken_by_another_of_its_minute_and_sum_unless_its_own_is_cancelled() {
    let city = open_town();
    let visited = || visit_at(&city, LI, "390", "2021-07-12 09:30:00", "100.00");
    let first = visited();
    let settled = settle_visit(&city, LI, &first, "B1", "100.00");
    city.done(HOSPITAL, "2208", &cancellation(LI, &first, &settled.setl_id));
    let second = visited();
    let other = settle_visit(&city, LI, &second, "B1", "100.00");
    assert_eq!(taken(&city), [(State::Waiting, String::new()), (State::Settled, other.setl_id.clone())]);
    let [own, beside] = visits(&city).try_into().unwrap();
    assert_eq!(doubles(&city), [(beside.number, own.number)]);
    // Registered anew under another number, it is the same visit.
    city.done(HOSPITAL, "2208", &cancellation(LI, &second, &other.setl_id));
    city.done(HOSPITAL, "2205", &json!({"data": {"chrg_bchno": "0000", "mdtrt_id": second, "psn_no": LI}}));
    let mut gone = of_encounter(LI, &second);
    gone["data"]["ipt_otp_no"] = json!("MZ1");
    city.done(HOSPITAL, "2202", &gone);
    let third = settle_visit(&city, LI, &visited(), "B1", "100.00");
    assert_eq!(taken(&city), [(State::Waiting, String::new()), (State::Settled, third.setl_id)]);
    let own = settle_visit(&city, LI, &first, "B1", "100.00");
    assert_eq!(taken(&city)[0], (State::Settled, own.setl_id));
    city.verify();
}

#[test]
fn a_visit_of_another_hour_and_sum_leaves_the_only_entry_of_its_day_alone_and_is_listed_beside_it() {
    let city = City::with_plan(TOWN);
    visit(&city, &number(1), LI, 12, "100.00");
    city.clock.set(reopened());
    let other = visit_at(&city, LI, "390", "2021-07-12 16:00:00", "60.00");
    let other = settle_visit(&city, LI, &other, "B1", "60.00");
    let states: Vec<(String, State)> = visits(&city).into_iter().map(|entry| (entry.setl_id, entry.state)).collect();
    assert_eq!(states.iter().filter(|(setl_id, _)| *setl_id == other.setl_id).count(), 1);
    assert_eq!(city.look(|tx| tx.entry(&number(1))).unwrap().state, State::Waiting);
    assert_eq!(doubles(&city).into_iter().map(|(_, of)| of).collect::<Vec<_>>(), [number(1)]);
    // Its own visit ends it all the same.
    let own = visit_at(&city, LI, "390", "2021-07-12 09:30:20", "100.00");
    city.done(HOSPITAL, "2207", &visit_settlement(LI, &own, "B1", "100.00"));
    assert_eq!(city.look(|tx| tx.entry(&number(1))).unwrap().state, State::Settled);
    city.verify();
}

#[test]
fn p09_who_comes_too_late_is_told_of_the_kind_of_visit_that_was_written_down() {
    let special = "[[rule]]\nid = \"special\"\nclause = \"T-06\"\nbusiness = \"settlement.outpatient.special\"\n\
                   disposition = \"cash_reenter\"\nwithin_working_days = 5\n\
                   after_reopening_of = \"settlement.outpatient\"\nafter_deadline = \"by_case\"\n\
                   advice = \"收取现金，恢复后回本机构补录。\"\n";
    let city = City::with_plan(&format!("{TOWN}\n{special}"));
    let care = date(2021, 7, 12).at(9, 30, 0, 0);
    let late = registration(LI, "390", "2021-07-12 09:30:00");
    city.clock.set(date(2021, 8, 5).at(10, 0, 0, 0));
    city.refused(HOSPITAL, "2201", &late, "普通门诊");
    let business = Business::named("settlement.outpatient.special");
    let written = Entry { business, rule: "special".into(), ..entry(&number(1), RegisterKind::CashVisit, LI, care) };
    city.write(|tx| record(tx, &written));
    city.refused(HOSPITAL, "2201", &late, "慢特病");
}

#[test]
fn b02_a_conversion_shows_until_when_its_stay_is_to_be_settled() {
    let city = City::with_plan(TOWN);
    let converted = Entry {
        rule: "stays".to_owned(),
        business: Business::named("settlement.inpatient"),
        state: State::Converted,
        ..entry(&number(1), RegisterKind::StayConversion, LI, date(2021, 7, 5).at(8, 0, 0, 0))
    };
    city.write(|tx| record(tx, &converted));
    let view = registers(&city).entry(&agency(), city.clock.get(), &number(1)).unwrap();
    assert_eq!(view.due.moment(), Some(date(2021, 7, 30).at(0, 0, 0, 0)), "{}", view.due);
}
