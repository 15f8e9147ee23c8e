//! The order of accumulators, kind by kind (`decisions` 7, 8, 19, 44): what counts when, what the platform puts right by itself,
//! what waits for a named person and keeps the closing sum open.

use super::backfill::{TOWN, correct, entry, record, stay, step};
use super::backfill_runs::{number, visit};
use super::care::{admission, discharge, fees, one, stay_settlement, text};
use super::city::{City, HOSPITAL, LI, OTHER_HOSPITAL, WANG, clerk};
use super::registers::{add, hospital};
use super::twin::plan;
use super::twin::town::{DISEASE, Town, psn_no};
use jiff::civil::{DateTime, date};
use serde_json::json;
use yibao_domain::code::Pool;
use yibao_domain::money::Money;
use yibao_domain::outage::{Business, RegisterKind};
use yibao_domain::register::{Action, Entry, State};
use yibao_domain::time::moment_text;
use yibao_engine::desks::backfill::Correction;
use yibao_store::person::Insurance;
use yibao_store::register::EntryFilter;
use yibao_store::settlement::Settlement;

fn july(day: i8, hour: i8) -> DateTime {
    date(2021, 7, day).at(hour, 0, 0, 0)
}

fn corrections(city: &City, plan: &str) -> Vec<Correction> {
    city.backfill().corrections(&clerk(), city.clock.get(), plan).unwrap().corrections
}

fn found(city: &City, number: &str) -> Entry {
    city.look(|tx| tx.entry(number)).unwrap()
}

fn settlement(city: &City, setl_id: &str) -> Settlement {
    city.look(|tx| tx.settlement(setl_id)).unwrap().settlement
}

/// Panzhihua, with 8,000 of the year's cap left to an employee.
fn panzhihua() -> Town {
    Town::new("510400", Some(&plan("510400")))
}

/// A whole stay of a person at a hospital of a town, settled at its discharge.
fn town_stay(
    town: &Town,
    person: usize,
    place: usize,
    from: DateTime,
    until: DateTime,
    price: &str,
    way: &str,
) -> String {
    let hospital = town.hospital(place);
    town.clock.set(until);
    let admitted = town.done(&hospital, "2401", &town.admission(person, &moment_text(from)));
    let mdtrt_id = text(&admitted["result"]["mdtrt_id"]);
    town.done(&hospital, "2301", &town.fees(person, &mdtrt_id, "", "1", &moment_text(from), price));
    town.done(&hospital, "2402", &town.discharge(person, &mdtrt_id, &moment_text(until), way));
    let mut input = town.settlement(person, &mdtrt_id, price);
    input["data"]["mid_setl_flag"] = json!("0");
    text(&town.done(&hospital, "2304", &input)["setlinfo"]["setl_id"])
}

fn of_town(town: &Town, setl_id: &str) -> Settlement {
    town.look(|tx| tx.settlement(setl_id)).unwrap().settlement
}

#[test]
fn a_stay_counts_at_its_discharge_so_a_purchase_during_it_has_its_room() {
    let town = panzhihua();
    town_stay(&town, 0, 1, july(8, 8), july(22, 10), "120000.00", "1");
    town.clock.set(july(23, 9));
    let bought = town.done(&town.pharmacy(), "2102", &town.purchase(0, "18", "2021-07-12 09:00:00", "9600.00"));
    let bought = of_town(&town, &text(&bought["setlinfo"]["setl_id"]));
    assert_eq!((bought.fund_pay_sumamt, bought.counts_at), (Money::yuan(7_200), july(12, 9)));
    let awaiting = town.backfill().corrections(&clerk(), town.clock.get(), "town").unwrap();
    // What was on the account goes with the order too.
    let [purchase, stay] = awaiting.corrections.as_slice() else { panic!("{awaiting:?}") };
    assert_eq!((purchase.before.account, purchase.after.account), (Money::ZERO, Money::yuan(200)));
    // The stay has 800 of the cap left; beyond it the large-amount scheme pays.
    assert_eq!((stay.care, stay.before.funds > stay.after.funds), (date(2021, 7, 8), true));
    assert!(!town.closes());
    assert_eq!(town.backfill().correct_order(&clerk(), town.clock.get(), &psn_no(0)).unwrap(), awaiting.corrections);
    assert!(town.closes());
    town.verify();
}

#[test]
fn a_late_ordinary_claim_takes_no_room_from_an_event_of_the_outage() {
    let town = panzhihua();
    // Care of before the closing, claimed only on the 23rd: it counts then.
    town.clock.set(july(23, 9));
    town.done(&town.pharmacy(), "2102", &town.purchase(0, "18", "2021-07-05 09:00:00", "9600.00"));
    town.clock.set(july(24, 9));
    let bought = town.done(&town.pharmacy(), "2102", &town.purchase(0, "18", "2021-07-12 09:00:00", "9600.00"));
    assert_eq!(bought["setlinfo"]["fund_pay_sumamt"].to_string(), "7200.00");
    let awaiting = town.backfill().corrections(&clerk(), town.clock.get(), "town").unwrap();
    let [_, late] = awaiting.corrections.as_slice() else { panic!("{awaiting:?}") };
    assert_eq!((late.before.funds, late.after.funds), (Money::yuan(7_200), Money::yuan(800)));
}

#[test]
fn a_special_disease_deductible_is_asked_of_what_counts_first_however_long_the_other_visit_was_open() {
    let town = panzhihua();
    let hospital = town.hospital(1);
    let open = |begntime: &str, settled: DateTime| {
        town.clock.set(settled);
        let registered = town.done(&hospital, "2201", &town.registration(1, begntime));
        let mdtrt_id = text(&registered["data"]["mdtrt_id"]);
        town.done(&hospital, "2203A", &town.description(1, &mdtrt_id, "14", begntime));
        town.done(&hospital, "2204", &town.fees(1, &mdtrt_id, "B1", "1", begntime, "1000.00"));
        let mut input = town.settlement(1, &mdtrt_id, "1000.00");
        input["data"]["chrg_bchno"] = json!("B1");
        input["data"]["med_type"] = json!("14");
        text(&town.done(&hospital, "2207", &input)["setlinfo"]["setl_id"])
    };
    assert!(!DISEASE.is_empty());
    let live = open("2021-07-05 09:00:00", july(20, 9));
    assert_eq!(of_town(&town, &live).act_pay_dedc, Money::yuan(200));
    let kept_back = open("2021-07-12 09:00:00", july(21, 9));
    assert_eq!(of_town(&town, &kept_back).act_pay_dedc, Money::yuan(200));
    let awaiting = town.backfill().corrections(&clerk(), town.clock.get(), "town").unwrap();
    let listed: Vec<&str> = awaiting.corrections.iter().map(|one| one.setl_id.as_str()).collect();
    assert_eq!(listed, [live]);
}

#[test]
fn a_filed_transfer_names_one_arrival_and_not_the_readmission_after_it() {
    let town = Town::new("510400", None);
    let (first, home) = (july(12, 9), july(12, 20));
    town_stay(&town, 1, 2, july(8, 8), first, "4000.00", "1");
    let filed = json!({"refmedin": {
        "psn_no": psn_no(1), "insutype": "390", "begndate": "2021-07-12", "reflin_medins_no": town.hospital(1),
        "reflin_medins_name": "二院", "mdtrtarea_admdvs": town.area(), "refl_type": "1", "refl_rea": "病情",
        "refl_date": "2021-07-12"
    }});
    town.done(&town.hospital(2), "2501A", &filed);
    let arrival = town_stay(&town, 1, 1, july(12, 10), home, "4000.00", "1");
    let again = town_stay(&town, 1, 1, july(12, 21), july(14, 9), "4000.00", "1");
    // Level 3, then level 2: one chain, in which 500 was met; then a stay of its own.
    assert_eq!(of_town(&town, &arrival).act_pay_dedc, Money::ZERO);
    assert_eq!(of_town(&town, &again).act_pay_dedc, Money::yuan(200));
    town.verify();
}

#[test]
fn b02_a_converted_stay_that_is_settled_after_later_care_has_it_listed() {
    let city = City::before_the_switch_over();
    city.clock.set(july(5, 10));
    let admitted = city.done(HOSPITAL, "2401", &admission(LI, "2021-07-05 08:00:00"));
    let mdtrt_id = text(&admitted.output["result"]["mdtrt_id"]);
    let listed = entry(&number(1), RegisterKind::StayConversion, LI, july(5, 8));
    let listed = Entry { plan: "bijie-2021".into(), mdtrt_id: mdtrt_id.clone(), state: State::Converted, ..listed };
    city.write(|tx| record(tx, &listed));
    city.clock.set(july(16, 9));
    city.done(HOSPITAL, "2301", &fees(LI, &mdtrt_id, "", &[one("1", "3000.00")]));
    city.done(HOSPITAL, "2402", &discharge(LI, &mdtrt_id, "2021-07-16 08:00:00"));
    city.clock.set(july(20, 9));
    let later = stay(&city, OTHER_HOSPITAL, LI, "2021-07-17 08:00:00", "2021-07-19 10:00:00", "6000.00");
    city.done(HOSPITAL, "2304", &stay_settlement(LI, &mdtrt_id, "3000.00", false));
    assert_eq!(settlement(&city, &found(&city, &number(1)).setl_id).act_pay_dedc, Money::yuan(300));
    let listed: Vec<String> = corrections(&city, "bijie-2021").into_iter().map(|one| one.setl_id).collect();
    assert_eq!(listed, [later.setl_id]);
}

#[test]
fn a_stay_that_was_over_at_the_closing_keeps_its_order_and_may_be_registered() {
    let city = City::with_plan(TOWN);
    city.clock.set(july(9, 9));
    let admitted = city.done(HOSPITAL, "2401", &admission(LI, "2021-07-05 08:00:00"));
    let mdtrt_id = text(&admitted.output["result"]["mdtrt_id"]);
    city.done(HOSPITAL, "2301", &fees(LI, &mdtrt_id, "", &[one("1", "3000.00")]));
    city.done(HOSPITAL, "2402", &discharge(LI, &mdtrt_id, "2021-07-09 08:00:00"));
    city.clock.set(july(12, 9));
    let stated = [
        ("psn_no", LI),
        ("psn_name", "李某"),
        ("mdtrt_id", mdtrt_id.as_str()),
        ("begntime", "2021-07-05 08:00"),
        ("endtime", "2021-07-09 08:00"),
        ("tel", "13800000000"),
    ];
    let taken = add(&city, &hospital(), RegisterKind::DeferredDischarge, &stated).unwrap();
    city.clock.set(july(20, 9));
    let later = stay(&city, OTHER_HOSPITAL, LI, "2021-07-17 08:00:00", "2021-07-19 10:00:00", "6000.00");
    city.done(HOSPITAL, "2304", &stay_settlement(LI, &mdtrt_id, "3000.00", false));
    let settled = settlement(&city, &found(&city, &taken.entry.number).setl_id);
    assert_eq!((settled.act_pay_dedc, settled.counts_at), (Money::yuan(300), july(9, 8)));
    assert_eq!(corrections(&city, "town").into_iter().map(|one| one.setl_id).collect::<Vec<_>>(), [later.setl_id]);
    city.verify();
}

/// Two stays of the outage; the later one is entered first.
fn two_stays_the_later_entered_first(city: &City) {
    for (serial, days) in [(1, (11, 12)), (2, (13, 14))] {
        let care = july(days.0, 8);
        let mut taken = entry(&number(serial), RegisterKind::Admission, LI, care);
        taken.care_until = Some(july(days.1, 10));
        taken.business = Business::named("settlement.inpatient");
        for (field, value) in
            [("med_type", "21"), ("ipt_otp_no", "ZY"), ("diag_code", "J18.900"), ("diag_name", "肺炎")]
        {
            taken.details.insert(field.to_owned(), value.to_owned());
        }
        city.write(|tx| {
            record(tx, &taken)?;
            tx.put_entry_lines(&taken.number, &[super::backfill_runs::line("1", care, "3000.00")])
        });
    }
    city.clock.set(july(20, 9));
    city.backfill().entry(&clerk(), city.clock.get(), &number(2)).unwrap();
}

fn deductible(city: &City, number: &str) -> Money {
    settlement(city, &found(city, number).setl_id).act_pay_dedc
}

#[test]
fn the_platform_makes_again_what_it_entered_itself() {
    let city = City::with_plan(TOWN);
    two_stays_the_later_entered_first(&city);
    assert_eq!(deductible(&city, &number(2)), Money::yuan(300));
    city.backfill().entry(&clerk(), city.clock.get(), &number(1)).unwrap();
    assert_eq!((deductible(&city, &number(1)), deductible(&city, &number(2))), (Money::yuan(300), Money::yuan(150)));
    assert_eq!(city.backfill().corrections(&clerk(), city.clock.get(), "town").unwrap().persons, 0);
    let history = city.look(|tx| tx.history(&number(2)));
    assert_eq!(history.last().unwrap().by, "平台", "{history:?}");
    city.verify();
}

#[test]
fn what_was_paid_out_waits_for_a_named_person_and_keeps_the_sum_open() {
    let city = City::with_plan(TOWN);
    two_stays_the_later_entered_first(&city);
    city.write(|tx| {
        step(tx, &number(2), Action::HandBack, &[("handed_back_at", "2021-07-20 09:30:00")], |paid| {
            paid.details.insert("handed_back_at".to_owned(), "2021-07-20 09:30:00".to_owned());
        })
    });
    city.backfill().entry(&clerk(), city.clock.get(), &number(1)).unwrap();
    city.backfill().put_in_order(city.clock.get()).unwrap();
    assert_eq!(deductible(&city, &number(2)), Money::yuan(300), "as it was paid out");
    let closes = || {
        let registers = city.platform.registers(&Pool::new("520500")).unwrap();
        let sum = registers.board(&clerk(), city.clock.get(), "town").unwrap().total.sum;
        (sum.adds_up(), sum.awaiting_order, sum.closes())
    };
    assert_eq!(closes(), (true, 1, false));
    let listed = corrections(&city, "town");
    assert_eq!(city.backfill().correct_order(&clerk(), city.clock.get(), LI).unwrap(), listed);
    assert_eq!((deductible(&city, &number(2)), closes()), (Money::yuan(150), (true, 0, true)));
    city.verify();
}

#[test]
fn one_person_whose_settlements_cannot_be_made_again_stands_beside_the_others() {
    let city = City::with_plan(TOWN);
    visit(&city, &number(1), LI, 11, "100.00");
    visit(&city, &number(2), WANG, 11, "900.00");
    city.clock.set(july(20, 9));
    // Both have had later care: a visit of the same day's cap, and one that took what was on the account.
    for (psn_no, insutype, price) in [(LI, "390", "100.00"), (WANG, "310", "900.00")] {
        let mdtrt_id = super::backfill::visit_at(&city, psn_no, insutype, "2021-07-20 08:00:00", price);
        super::care::settle_visit(&city, psn_no, &mdtrt_id, "B1", price);
    }
    city.write(|tx| {
        correct(tx, &number(2), |taken| drop(taken.details.insert("acct_used_flag".to_owned(), "是".to_owned())))
    });
    city.backfill_all("town");
    // The book is told only now that one of them was never insured.
    city.write(|tx| {
        tx.put_insurance(&Insurance {
            psn_no: LI.into(),
            insutype: "390".into(),
            psn_type: "1501".into(),
            insuplc_admdvs: "520502".into(),
            begndate: date(2015, 1, 1),
            enddate: Some(date(2016, 1, 1)),
            paused_from: None,
            emp_name: String::new(),
            continuous_years: 4,
            cvlserv_flag: false,
        })
        .map(drop)
    });
    mark_again(&city, &number(1));
    let awaiting = city.backfill().corrections(&clerk(), city.clock.get(), "town").unwrap();
    assert!(awaiting.refused.iter().any(|(psn_no, reason)| psn_no == LI && reason.contains("结算ID")), "{awaiting:?}");
    assert!(awaiting.corrections.iter().any(|one| one.psn_no == WANG), "{awaiting:?}");
    assert_eq!((awaiting.persons, awaiting.shown), (2, 2));
}

/// Marks an entry as if later care had gone by other premises.
fn mark_again(city: &City, number: &str) {
    city.write(|tx| {
        correct(tx, number, |marked| drop(marked.details.insert("later_settlements".to_owned(), "S".to_owned())))
    });
}

#[test]
fn who_has_nothing_to_put_right_is_unmarked_without_anybody() {
    let city = City::with_plan(TOWN);
    visit(&city, &number(1), LI, 12, "60.00");
    city.clock.set(july(20, 9));
    city.backfill_all("town");
    mark_again(&city, &number(1));
    assert_eq!(city.backfill().put_in_order(city.clock.get()).unwrap(), 0);
    let filter = EntryFilter { with_field: Some("later_settlements"), ..EntryFilter::default() };
    assert_eq!(city.look(|tx| tx.entries(&filter, 10)), []);
}
