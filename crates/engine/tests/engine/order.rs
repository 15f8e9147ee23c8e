//! The order of accumulators, kind by kind (`decisions` 7, 8, 19, 44): what counts when, what the platform puts right by itself,
//! what waits for a named person and keeps the closing sum open.

use super::backfill::{TOWN, entry, record, stay, visit_at};
use super::backfill_runs::number;
use super::care::{admission, cancellation, discharge, fees, one, settle_visit, stay_settlement, text};
use super::city::{City, HOSPITAL, LI, OTHER_HOSPITAL, WANG, clerk};
use super::registers::{add, hospital};
use super::twin::plan;
use super::twin::town::{DISEASE, Town, psn_no};
use jiff::civil::{DateTime, date};
use serde_json::json;
use yibao_domain::money::Money;
use yibao_domain::outage::{Business, RegisterKind};
use yibao_domain::register::{Entry, State};
use yibao_domain::time::moment_text;
use yibao_engine::desks::backfill::Correction;
use yibao_store::settlement::Settlement;

pub fn july(day: i8, hour: i8) -> DateTime {
    date(2021, 7, day).at(hour, 0, 0, 0)
}

pub fn corrections(city: &City) -> Vec<Correction> {
    city.backfill().corrections(&clerk(), city.clock.get(), None).unwrap().corrections
}

pub fn found(city: &City, number: &str) -> Entry {
    city.look(|tx| tx.entry(number)).unwrap()
}

pub fn settlement(city: &City, setl_id: &str) -> Settlement {
    city.look(|tx| tx.settlement(setl_id)).unwrap().settlement
}

/// Panzhihua, with 8,000 of the year's cap left to an employee.
pub fn panzhihua() -> Town {
    Town::new("510400", Some(&plan("510400")))
}

/// A whole stay of a person at a hospital of a town, settled at its discharge.
pub fn town_stay(
    town: &Town,
    person: usize,
    place: usize,
    from: DateTime,
    until: DateTime,
    price: &str,
    way: &str,
) -> String {
    let mdtrt_id = town_left(town, person, place, (from, until), price, way);
    settle_left(town, person, place, &mdtrt_id, price)
}

/// A whole stay that waits for its settlement.
fn town_left(
    town: &Town,
    person: usize,
    place: usize,
    (from, until): (DateTime, DateTime),
    price: &str,
    way: &str,
) -> String {
    let hospital = town.hospital(place);
    town.clock.set(until);
    let admitted = town.done(&hospital, "2401", &town.admission(person, &moment_text(from)));
    let mdtrt_id = text(&admitted["result"]["mdtrt_id"]);
    town.done(&hospital, "2301", &town.fees(person, &mdtrt_id, "", "1", &moment_text(from), price));
    town.done(&hospital, "2402", &town.discharge(person, &mdtrt_id, &moment_text(until), way));
    mdtrt_id
}

fn settle_left(town: &Town, person: usize, place: usize, mdtrt_id: &str, price: &str) -> String {
    let mut input = town.settlement(person, mdtrt_id, price);
    input["data"]["mid_setl_flag"] = json!("0");
    text(&town.done(&town.hospital(place), "2304", &input)["setlinfo"]["setl_id"])
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
    let awaiting = town.backfill().corrections(&clerk(), town.clock.get(), None).unwrap();
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
    let awaiting = town.backfill().corrections(&clerk(), town.clock.get(), None).unwrap();
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
    let awaiting = town.backfill().corrections(&clerk(), town.clock.get(), None).unwrap();
    let listed: Vec<&str> = awaiting.corrections.iter().map(|one| one.setl_id.as_str()).collect();
    assert_eq!(listed, [live]);
}

/// A visit for the special disease at the till, at its own time.
fn special_disease(town: &Town, begins: DateTime, price: &str) -> Settlement {
    let (hospital, begntime) = (town.hospital(1), moment_text(begins));
    town.clock.set(begins);
    let registered = town.done(&hospital, "2201", &town.registration(1, &begntime));
    let mdtrt_id = text(&registered["data"]["mdtrt_id"]);
    town.done(&hospital, "2203A", &town.description(1, &mdtrt_id, "14", &begntime));
    town.done(&hospital, "2204", &town.fees(1, &mdtrt_id, "B1", "1", &begntime, price));
    let mut input = town.settlement(1, &mdtrt_id, price);
    input["data"]["chrg_bchno"] = json!("B1");
    input["data"]["med_type"] = json!("14");
    of_town(town, &text(&town.done(&hospital, "2207", &input)["setlinfo"]["setl_id"]))
}

/// The same of a window that was closed, for 150.00: it waits in the register.
fn special_disease_waits(town: &Town, begins: DateTime) -> Entry {
    let mut waiting = entry("TJ510400-2021-000001", RegisterKind::CashVisit, &psn_no(1), begins);
    waiting.business = Business::named("settlement.outpatient.special");
    waiting.fixmedins_code = town.hospital(1);
    waiting.admdvs = town.area().to_owned();
    waiting.charged = Money::yuan(150);
    for (name, value) in [("insutype", "390"), ("med_type", "14"), ("opsp_dise_code", DISEASE)] {
        waiting.details.insert(name.to_owned(), value.to_owned());
    }
    town.take_in(&waiting, "150.00");
    waiting
}

/// Found by a simulated city (notice of Panzhihua, seed 25): the running total adds up what each settlement raised the standard by, which is
/// more than the standard as long as the order is not put right.
#[test]
fn a_special_disease_deductible_is_never_above_the_highest_standard_that_was_used() {
    let town = panzhihua();
    let waiting = special_disease_waits(&town, july(12, 9));
    assert_eq!(special_disease(&town, july(16, 10), "1000.00").act_pay_dedc, Money::yuan(200));
    town.clock.set(july(17, 9));
    town.backfill().entry(&clerk(), town.clock.get(), &waiting.number).unwrap();
    assert_eq!(special_disease(&town, july(18, 9), "500.00").act_pay_dedc, Money::ZERO);
}

#[test]
fn a_special_disease_deductible_that_a_later_live_visit_has_used_is_asked_of_the_register_visit_once_corrected() {
    let amounts = |of: &Settlement| (of.act_pay_dedc, of.fund_pay_sumamt, of.psn_cash_pay);
    let (then, later) = (july(12, 9), july(16, 10));
    let without = Town::new("510400", None);
    let expected = [special_disease(&without, then, "150.00"), special_disease(&without, later, "1000.00")];

    let town = panzhihua();
    let waiting = special_disease_waits(&town, then);
    let live = special_disease(&town, later, "1000.00");
    // At L2 the year's deductible is 200: all of it is used by the visit that came first to the books.
    assert_eq!(live.act_pay_dedc, Money::yuan(200));
    town.clock.set(july(17, 9));
    let entered = town.backfill().entry(&clerk(), town.clock.get(), &waiting.number).unwrap();
    assert_eq!(amounts(&of_town(&town, &entered.setl_id)), amounts(&expected[0]));
    let awaiting = town.backfill().corrections(&clerk(), town.clock.get(), None).unwrap();
    let [listed] = awaiting.corrections.as_slice() else { panic!("{awaiting:?}") };
    assert_eq!((&listed.setl_id, listed.after.funds), (&live.setl_id, expected[1].fund_pay_sumamt));
    assert!(!town.closes());
    town.backfill().correct_order(&clerk(), town.clock.get(), &psn_no(1)).unwrap();
    let past = town.look(|tx| tx.settlements_of_person(&psn_no(1), 2021));
    let mut stands: Vec<&Settlement> = past.iter().filter(|past| past.stands()).map(|past| &past.settlement).collect();
    stands.sort_by_key(|of| of.counts_at);
    assert_eq!(stands.iter().map(|of| amounts(of)).collect::<Vec<_>>(), expected.each_ref().map(amounts));
    assert!(town.closes());
    town.verify();
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

/// A stay at the third hospital that only a register knows.
fn stay_waits(town: &Town, from: DateTime, until: DateTime, price: i64) -> Entry {
    let mut waiting = entry("TJ510400-2021-000001", RegisterKind::Admission, &psn_no(1), from);
    waiting.business = Business::named("settlement.inpatient");
    waiting.rule = "stays".to_owned();
    waiting.fixmedins_code = town.hospital(2);
    waiting.admdvs = town.area().to_owned();
    waiting.care_until = Some(until);
    waiting.charged = Money::yuan(price);
    let stated = [
        ("insutype", "390"),
        ("med_type", "21"),
        ("diag_code", "J18.900"),
        ("diag_name", "肺炎"),
        ("ipt_otp_no", "ZY1"),
    ];
    for (name, value) in stated {
        waiting.details.insert(name.to_owned(), value.to_owned());
    }
    town.take_in(&waiting, &format!("{price}.00"));
    waiting
}

/// Found by a simulated city (notice of Panzhihua, 12 persons, all faults, seed 5041).
#[test]
fn p12_the_second_leg_of_a_filed_transfer_waits_for_a_first_one_that_only_a_register_knows() {
    let town = panzhihua();
    let first = stay_waits(&town, july(15, 8), july(16, 8), 4_000);
    town.clock.set(july(16, 9));
    let filed = json!({"refmedin": {
        "psn_no": psn_no(1), "insutype": "390", "begndate": "2021-07-16", "reflin_medins_no": town.hospital(1),
        "reflin_medins_name": "二院", "mdtrtarea_admdvs": town.area(), "refl_type": "1", "refl_rea": "病情",
        "refl_date": "2021-07-16"
    }});
    town.done(&town.hospital(2), "2501A", &filed);
    let second = town_left(&town, 1, 1, (july(16, 10), july(18, 9)), "4000.00", "1");
    let mut input = town.settlement(1, &second, "4000.00");
    input["data"]["mid_setl_flag"] = json!("0");
    let refused = town.sent(&town.hospital(1), "2304", &input).unwrap_err();
    assert!(format!("{refused:?}").contains(&first.number), "{refused:?}");
    town.backfill().entry(&clerk(), town.clock.get(), &first.number).unwrap();
    // Level 3, then level 2: all was met there.
    assert_eq!(of_town(&town, &settle_left(&town, 1, 1, &second, "4000.00")).act_pay_dedc, Money::ZERO);
    town.verify();
}

#[test]
fn the_second_leg_of_a_transfer_counts_after_the_first_however_late_that_was_settled() {
    let legs = |town: Town| {
        let first = town_left(&town, 1, 0, (july(1, 8), july(7, 10)), "4000.00", "2");
        let second = town_left(&town, 1, 1, (july(7, 11), july(8, 10)), "4000.00", "1");
        town.clock.set(july(9, 23));
        let first = settle_left(&town, 1, 0, &first, "4000.00");
        // The second leg has to wait for the first, and then for the reopening.
        town.clock.set(july(16, 9));
        let second = settle_left(&town, 1, 1, &second, "4000.00");
        town.backfill().put_in_order(town.clock.get()).unwrap();
        if town.has_plan() {
            assert_eq!(town.backfill().corrections(&clerk(), town.clock.get(), None).unwrap().persons, 0);
        }
        town.verify();
        [first, second].map(|setl_id| of_town(&town, &setl_id))
    };
    let (with, without) = (legs(panzhihua()), legs(Town::new("510400", None)));
    assert_eq!(with.each_ref().map(|leg| leg.counts_at), [july(9, 23), july(9, 23)]);
    for (leg, expected) in with.iter().zip(&without) {
        assert_eq!((leg.act_pay_dedc, leg.fund_pay_sumamt), (expected.act_pay_dedc, expected.fund_pay_sumamt));
        assert_eq!(leg.accumulations, expected.accumulations);
    }
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
    let listed: Vec<String> = corrections(&city).into_iter().map(|one| one.setl_id).collect();
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
    assert_eq!(corrections(&city).into_iter().map(|one| one.setl_id).collect::<Vec<_>>(), [later.setl_id]);
    city.verify();
}

/// Found by simulated cities (notice of Panzhihua, seed 3): who was over before the notice and waited for the reopening has an entry
/// too, which goes back with the settlement.
#[test]
fn a_stay_that_was_over_before_the_notice_gives_its_entry_back_when_it_is_cancelled() {
    let city = City::with_plan(&TOWN.replace("issued = \"2021-07-01\"", "issued = \"2021-07-08\""));
    city.clock.set(july(7, 9));
    let admitted = city.done(HOSPITAL, "2401", &admission(LI, "2021-07-05 08:00:00"));
    let mdtrt_id = text(&admitted.output["result"]["mdtrt_id"]);
    city.done(HOSPITAL, "2301", &fees(LI, &mdtrt_id, "", &[one("1", "3000.00")]));
    city.done(HOSPITAL, "2402", &discharge(LI, &mdtrt_id, "2021-07-07 08:00:00"));
    city.clock.set(july(20, 9));
    let later = stay(&city, OTHER_HOSPITAL, LI, "2021-07-17 08:00:00", "2021-07-19 10:00:00", "6000.00");
    let settle = || city.done(HOSPITAL, "2304", &stay_settlement(LI, &mdtrt_id, "3000.00", false));
    let first = text(&settle().output["setlinfo"]["setl_id"]);
    assert_eq!(corrections(&city).into_iter().map(|one| one.setl_id).collect::<Vec<_>>(), [later.setl_id]);
    city.done(HOSPITAL, "2305", &cancellation(LI, &mdtrt_id, &first));
    city.verify();
    let again = text(&settle().output["setlinfo"]["setl_id"]);
    assert_eq!(settlement(&city, &again).counts_at, settlement(&city, &first).counts_at);
    city.verify();
}

/// A stay of Li's that is over before the closing and settled at once; its number and its settlement's.
fn settled_before_the_closing(city: &City) -> (String, String) {
    city.clock.set(july(9, 9));
    let admitted = city.done(HOSPITAL, "2401", &admission(LI, "2021-07-05 08:00:00"));
    let mdtrt_id = text(&admitted.output["result"]["mdtrt_id"]);
    city.done(HOSPITAL, "2301", &fees(LI, &mdtrt_id, "", &[one("1", "3000.00")]));
    city.done(HOSPITAL, "2402", &discharge(LI, &mdtrt_id, "2021-07-09 08:00:00"));
    let settled = city.done(HOSPITAL, "2304", &stay_settlement(LI, &mdtrt_id, "3000.00", false));
    (mdtrt_id, text(&settled.output["setlinfo"]["setl_id"]))
}

/// Cancels it then, and settles it anew on the twentieth; when that counts.
fn made_anew(city: &City, cancelled: DateTime) -> DateTime {
    let (mdtrt_id, setl_id) = settled_before_the_closing(city);
    city.clock.set(cancelled);
    city.done(HOSPITAL, "2305", &cancellation(LI, &mdtrt_id, &setl_id));
    city.clock.set(july(20, 10));
    let again = city.done(HOSPITAL, "2304", &stay_settlement(LI, &mdtrt_id, "3000.00", false));
    city.verify();
    settlement(city, &text(&again.output["setlinfo"]["setl_id"])).counts_at
}

/// Nothing waited at the closing, so decision 7 has nothing to say; found with simulated cities (notice of Bijie, seed 227).
#[test]
fn a_stay_that_stood_settled_at_the_closing_counts_when_it_is_made_anew() {
    assert_eq!(made_anew(&City::with_plan(TOWN), july(20, 9)), july(20, 10));
}

/// It could have been settled anew from its cancellation on, had nothing been closed.
#[test]
fn a_stay_whose_settlement_was_cancelled_before_the_closing_counts_at_its_cancellation() {
    assert_eq!(made_anew(&City::with_plan(TOWN), july(9, 11)), july(9, 11));
}

#[test]
fn a_cancellation_names_what_counts_after_it_whenever_that_was_recorded() {
    let city = City::with_plan(TOWN);
    city.clock.set(july(16, 9));
    let today = visit_at(&city, WANG, "310", "2021-07-16 08:30:00", "100.00");
    let today = (today.clone(), settle_visit(&city, WANG, &today, "B1", "100.00").setl_id);
    let then = visit_at(&city, WANG, "310", "2021-07-12 09:30:00", "100.00");
    let then = (then.clone(), settle_visit(&city, WANG, &then, "B1", "100.00").setl_id);
    let remarks = |(mdtrt_id, setl_id): &(String, String)| {
        city.done(HOSPITAL, "2208", &cancellation(WANG, mdtrt_id, setl_id)).remarks
    };
    // Of the closed time, and recorded last: it counts first.
    let [remark] = &*remarks(&then) else { panic!("one remark") };
    assert!(remark.contains(&today.1), "{remark}");
    assert_eq!(remarks(&today), Vec::<String>::new());
    let again = settle_visit(&city, WANG, &then.0, "B1", "100.00").setl_id;
    let last = settle_visit(&city, WANG, &today.0, "B1", "100.00").setl_id;
    let [remark] = &*remarks(&(then.0, again)) else { panic!("one remark") };
    assert!(remark.contains(&last), "{remark}");
}

#[test]
fn a_stay_of_one_day_without_a_time_of_discharge_counts_at_its_admission_and_not_before_it() {
    let city = City::with_plan(TOWN);
    city.clock.set(july(16, 9));
    let admitted = city.done(HOSPITAL, "2401", &admission(LI, "2021-07-12 10:00:00"));
    let mdtrt_id = text(&admitted.output["result"]["mdtrt_id"]);
    city.done(HOSPITAL, "2301", &fees(LI, &mdtrt_id, "", &[one("1", "3000.00")]));
    let mut input = stay_settlement(LI, &mdtrt_id, "3000.00", false);
    input["data"]["dscgTime"] = json!("2021-07-12");
    let settled = text(&city.done(HOSPITAL, "2304", &input).output["setlinfo"]["setl_id"]);
    assert_eq!(settlement(&city, &settled).counts_at, july(12, 10));
}

#[test]
fn a_stay_settled_in_parts_is_corrected_with_all_its_parts_and_the_books_move_by_what_is_listed() {
    let town = panzhihua();
    let (then, left) = (july(10, 8), july(12, 9));
    let waiting = stay_waits(&town, then, left, 2_000);
    // A stay of after the reopening: a part settled on the 18th, the rest at its discharge.
    let hospital = town.hospital(2);
    town.clock.set(july(16, 9));
    let admitted = town.done(&hospital, "2401", &town.admission(1, &moment_text(july(16, 8))));
    let mdtrt_id = text(&admitted["result"]["mdtrt_id"]);
    let settle = |serial: &str, at: DateTime, price: &str, part: &str| {
        town.clock.set(at);
        town.done(&hospital, "2301", &town.fees(1, &mdtrt_id, "", serial, &moment_text(july(16, 9)), price));
        if part == "0" {
            town.done(&hospital, "2402", &town.discharge(1, &mdtrt_id, &moment_text(at), "1"));
        }
        let mut input = town.settlement(1, &mdtrt_id, price);
        input["data"]["mid_setl_flag"] = json!(part);
        text(&town.done(&hospital, "2304", &input)["setlinfo"]["setl_id"])
    };
    let parts = [settle("1", july(18, 9), "300.00", "1"), settle("2", july(20, 9), "4000.00", "0")];
    // The deductible of a first stay at the third level, 500, is met in both parts.
    let met = |parts: &[String]| parts.iter().map(|part| of_town(&town, part).act_pay_dedc).collect::<Vec<_>>();
    assert_eq!(met(&parts), [Money::yuan(300), Money::yuan(200)]);

    town.clock.set(july(21, 9));
    town.backfill().entry(&clerk(), town.clock.get(), &waiting.number).unwrap();
    let listed = town.backfill().corrections(&clerk(), town.clock.get(), None).unwrap().corrections;
    let before = town.paid(&psn_no(1));
    assert_eq!(town.backfill().correct_order(&clerk(), town.clock.get(), &psn_no(1)).unwrap(), listed);
    let moved: i64 = listed.iter().map(|one| one.after.funds.as_fen() - one.before.funds.as_fen()).sum();
    // A second stay owes 400: 100 more of the second part at 60 % are paid by the pool.
    assert_eq!((town.paid(&psn_no(1)) - before, moved), (6_000, 6_000));
    let past = town.look(|tx| tx.settlements_of_person(&psn_no(1), 2021));
    let of_stay = past.iter().filter(|past| past.stands() && past.settlement.mdtrt_id == mdtrt_id);
    let stands: Vec<(bool, Money)> = of_stay.map(|of| (of.settlement.mid_stay, of.settlement.act_pay_dedc)).collect();
    assert_eq!(Money::sum(stands.iter().map(|of| of.1)), Money::yuan(400), "{stands:?}");
    assert_eq!(stands.iter().filter(|of| of.0).count(), 1);
    assert!(town.closes());
    town.verify();
}
