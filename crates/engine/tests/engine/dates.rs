//! Dates against the encounter: a fee lies in its care, and a person is in one hospital at a time.

use super::backfill::{TOWN, entry, record, reopened, stay};
use super::care::{
    admission, admit, description, diagnosis, discharge, fees, of_encounter, one, purchase, register, settle_visit,
    stay_settlement, text, visit_settlement,
};
use super::city::{City, DRUG, HOSPITAL, LI, OTHER_HOSPITAL, PHARMACY, WANG, clerk};
use super::registers::{act, add, fields, hospital, why};
use jiff::civil::{DateTime, date};
use serde_json::{Value, json};
use yibao_domain::code::Pool;
use yibao_domain::money::{Decimal, Money};
use yibao_domain::outage::RegisterKind;
use yibao_domain::register::{Action, Entry, EntryLine, Source, State};
use yibao_engine::desks::registers::{Kept, NewEntry, NotDone};

/// A line of 10.00 that occurred at this time.
fn line_at(mdtrt_id: &str, batch: &str, serial: &'static str, time: &str) -> Value {
    let mut input = fees(WANG, mdtrt_id, batch, &[one(serial, "10.00")]);
    input["feedetail"][0]["fee_ocur_time"] = json!(time);
    input
}

/// On the twentieth of July, in a stay since the first.
fn in_hospital() -> (City, String) {
    let city = City::new();
    let mdtrt_id = admit(&city, WANG);
    city.clock.set(date(2021, 7, 20).at(10, 0, 0, 0));
    (city, mdtrt_id)
}

#[track_caller]
fn admitted(city: &City, hospital: &'static str, begntime: &str) -> String {
    text(&city.done(hospital, "2401", &admission(WANG, begntime)).output["result"]["mdtrt_id"])
}

fn changed(mdtrt_id: &str, begntime: &str) -> Value {
    let mut info = admission(WANG, begntime)["mdtrtinfo"].clone();
    (info["mdtrt_id"], info["ipt_otp_no"]) = (json!(mdtrt_id), json!("ZY1"));
    json!({"adminfo": info, "diseinfo": [diagnosis(WANG, mdtrt_id, 1, "J18.900")]})
}

#[test]
fn a_line_of_a_stay_lies_between_admission_and_discharge() {
    let (city, stay) = in_hospital();
    let at = |serial, time: &str| line_at(&stay, "", serial, time);
    city.refused(HOSPITAL, "2301", &at("1", "2020-07-01 09:00:00"), "早于就诊(入院)时间 2021-07-01 08:00:00");
    city.refused(HOSPITAL, "2301", &at("1", "2021-06-30 23:59:59"), "早于");
    city.done(HOSPITAL, "2301", &at("1", "2021-07-01 00:00:00"));
    city.done(HOSPITAL, "2402", &discharge(WANG, &stay, "2021-07-08 09:00:00"));
    city.refused(HOSPITAL, "2301", &at("2", "2021-07-10 00:00:00"), "晚于出院(购药)时间 2021-07-08 09:00:00");
    city.done(HOSPITAL, "2301", &at("2", "2021-07-09 07:00:00"));
    city.done(HOSPITAL, "2304", &stay_settlement(WANG, &stay, "20.00", false));
    city.verify();
}

#[test]
fn an_admission_at_midnight_keeps_the_line_of_the_minute_before() {
    let (city, _) = (City::new(), ());
    let stay = admitted(&city, HOSPITAL, "2021-07-01 00:05:00");
    city.refused(HOSPITAL, "2301", &line_at(&stay, "", "1", "2021-06-30 23:00:00"), "早于");
    city.done(HOSPITAL, "2301", &line_at(&stay, "", "1", "2021-06-30 23:58:00"));
}

#[test]
fn a_line_of_a_visit_lies_between_registration_and_the_present() {
    let city = City::new();
    let visit = register(&city, WANG);
    let at = |time: &str| line_at(&visit, "B1", "1", time);
    city.refused(HOSPITAL, "2204", &at("2020-07-01 09:30:00"), "早于就诊(入院)时间");
    city.refused(HOSPITAL, "2204", &at("2021-07-03 00:00:00"), "晚于");
    city.clock.set(date(2021, 7, 5).at(9, 0, 0, 0));
    city.done(HOSPITAL, "2204", &at("2021-07-03 00:00:00"));
}

#[test]
fn a_line_of_a_purchase_is_of_its_day() {
    let city = City::new();
    let at = |time: &str| {
        let mut input = purchase(WANG, "10.00");
        input["drugdetail"][0]["fee_ocur_time"] = json!(time);
        input
    };
    for infno in ["2101", "2102"] {
        city.refused(PHARMACY, infno, &at("2020-07-01 09:00:00"), "早于");
        city.refused(PHARMACY, infno, &at("2021-06-30 09:00:00"), "早于");
        city.done(PHARMACY, infno, &at("2021-07-01 00:10:00"));
    }
    city.clock.set(date(2021, 7, 9).at(9, 0, 0, 0));
    city.refused(PHARMACY, "2102", &at("2021-07-08 09:00:00"), "晚于出院(购药)时间");
}

#[test]
fn dates_do_not_move_away_from_under_lines() {
    let (city, stay) = in_hospital();
    city.done(HOSPITAL, "2301", &line_at(&stay, "", "1", "2021-07-01 09:00:00"));
    city.done(HOSPITAL, "2301", &line_at(&stay, "", "2", "2021-07-12 09:00:00"));
    city.refused(HOSPITAL, "2402", &discharge(WANG, &stay, "2021-07-10 09:00:00"), "费用明细 2 ");
    city.refused(HOSPITAL, "2403", &changed(&stay, "2021-07-02 08:00:00"), "费用明细 1 ");
    city.done(HOSPITAL, "2403", &changed(&stay, "2021-06-30 08:00:00"));
    let mut named = stay_settlement(WANG, &stay, "20.00", false);
    named["data"]["dscgTime"] = json!("2021-07-10");
    city.refused(HOSPITAL, "2304", &named, "费用明细 2 ");
    city.done(HOSPITAL, "2402", &discharge(WANG, &stay, "2021-07-11 09:00:00"));

    let visit = register(&city, LI);
    let mut line = fees(LI, &visit, "B1", &[one("1", "10.00")]);
    line["feedetail"][0]["fee_ocur_time"] = json!("2021-07-01 10:00:00");
    city.done(HOSPITAL, "2204", &line);
    let moved = |time: &str| description(LI, &visit, "11", time);
    city.refused(HOSPITAL, "2203", &moved("2021-07-02 09:30:00"), "费用明细 1 ");
    city.done(HOSPITAL, "2203A", &moved("2021-06-30 09:30:00"));
    settle_visit(&city, LI, &visit, "B1", "10.00");
    city.verify();
}

#[test]
fn lines_that_were_recorded_out_of_their_care_are_not_settled() {
    let city = City::new();
    let visit = super::care::visit(&city, WANG, "10.00");
    city.write(|tx| {
        let of = tx.encounter(&visit)?.expect("the visit");
        let begntime = date(2021, 7, 3).at(9, 0, 0, 0);
        tx.update_encounter(&yibao_store::encounter::Encounter { begntime, ..of })
    });
    city.clock.set(date(2021, 7, 4).at(9, 0, 0, 0));
    city.refused(HOSPITAL, "2207", &visit_settlement(WANG, &visit, "B1", "10.00"), "早于");
}

#[test]
fn nobody_is_admitted_inside_a_closed_stay_elsewhere() {
    let (city, first) = in_hospital();
    city.done(HOSPITAL, "2402", &discharge(WANG, &first, "2021-07-10 09:00:00"));
    for inside in ["2021-07-01 08:00:00", "2021-07-05 08:00:00", "2021-07-09 23:00:00"] {
        city.refused(OTHER_HOSPITAL, "2401", &admission(WANG, inside), "重叠");
    }
    // On the day of a transfer a person is in both hospitals.
    let second = admitted(&city, OTHER_HOSPITAL, "2021-07-10 07:00:00");
    city.refused(OTHER_HOSPITAL, "2403", &changed(&second, "2021-07-08 08:00:00"), "重叠");
    city.done(OTHER_HOSPITAL, "2402", &discharge(WANG, &second, "2021-07-15 09:00:00"));
    city.done(HOSPITAL, "2405", &of_encounter(WANG, &first));
    city.refused(HOSPITAL, "2402", &discharge(WANG, &first, "2021-07-11 09:00:00"), "重叠");
    city.done(HOSPITAL, "2402", &discharge(WANG, &first, "2021-07-10 20:00:00"));
}

#[test]
fn a_stay_that_ended_before_another_one_began_may_be_entered_late() {
    let city = City::new();
    city.clock.set(date(2021, 7, 20).at(10, 0, 0, 0));
    let now = admitted(&city, OTHER_HOSPITAL, "2021-07-10 08:00:00");
    let late = admitted(&city, HOSPITAL, "2021-07-02 08:00:00");
    city.refused(HOSPITAL, "2401", &admission(WANG, "2021-07-11 08:00:00"), "尚未办理出院");
    city.done(HOSPITAL, "2301", &line_at(&late, "", "1", "2021-07-03 09:00:00"));
    // Nobody settles it beyond the day on which the other one began.
    city.refused(HOSPITAL, "2304", &stay_settlement(WANG, &late, "10.00", true), "重叠");
    let mut trial = stay_settlement(WANG, &late, "10.00", false);
    trial["data"]["dscgTime"] = json!("2021-07-12");
    city.refused(HOSPITAL, "2303", &trial, "重叠");
    city.refused(HOSPITAL, "2402", &discharge(WANG, &late, "2021-07-11 09:00:00"), "重叠");
    city.done(HOSPITAL, "2402", &discharge(WANG, &late, "2021-07-09 09:00:00"));
    city.done(HOSPITAL, "2304", &stay_settlement(WANG, &late, "10.00", false));
    city.done(OTHER_HOSPITAL, "2402", &discharge(WANG, &now, "2021-07-19 09:00:00"));
    city.verify();
}

/// A stay of the town's outage that a register holds, with a line.
fn outage_stay(city: &City, kind: RegisterKind, mdtrt_id: &str, from: DateTime, until: DateTime) -> Entry {
    let mut taken = entry("TJ520500-2021-000901", kind, LI, from);
    taken.care_until = Some(until);
    taken.mdtrt_id = mdtrt_id.to_owned();
    for (field, value) in [("med_type", "21"), ("ipt_otp_no", "ZY9"), ("diag_code", "J18.900"), ("diag_name", "肺炎")]
    {
        taken.details.insert(field.to_owned(), value.to_owned());
    }
    city.write(|tx| {
        record(tx, &taken)?;
        tx.put_entry_lines(&taken.number, &[kept("1", from)])
    });
    taken
}

fn kept(serial: &str, fee_ocur_time: DateTime) -> EntryLine {
    EntryLine {
        feedetl_sn: serial.to_owned(),
        fee_ocur_time,
        med_list_codg: DRUG.to_owned(),
        medins_list_codg: "Y1".to_owned(),
        cnt: Decimal::ONE,
        pric: Decimal::from(100),
        det_item_fee_sumamt: Money::yuan(100),
        ..EntryLine::default()
    }
}

#[test]
fn an_outage_stay_is_backfilled_while_its_patient_lies_elsewhere_now() {
    let city = City::with_plan(TOWN);
    let (from, until) = (date(2021, 7, 11).at(8, 0, 0, 0), date(2021, 7, 13).at(9, 0, 0, 0));
    let taken = outage_stay(&city, RegisterKind::Admission, "", from, until);
    city.clock.set(reopened());
    city.done(OTHER_HOSPITAL, "2401", &admission(LI, "2021-07-16 08:00:00"));
    city.backfill().entry(&clerk(), city.clock.get(), &taken.number).unwrap();
    assert_eq!(city.look(|tx| tx.entry(&taken.number)).unwrap().state, State::Settled);
    city.verify();
}

#[test]
fn who_left_in_an_outage_as_a_register_knows_is_admitted_elsewhere() {
    let city = City::with_plan(TOWN);
    let first = admit(&city, LI);
    let until = date(2021, 7, 12).at(10, 0, 0, 0);
    city.clock.set(reopened());
    city.refused(OTHER_HOSPITAL, "2401", &admission(LI, "2021-07-16 08:00:00"), "尚未办理出院");
    let from = date(2021, 7, 1).at(8, 0, 0, 0);
    let taken = outage_stay(&city, RegisterKind::DeferredDischarge, &first, from, until);
    city.refused(OTHER_HOSPITAL, "2401", &admission(LI, "2021-07-11 08:00:00"), "重叠");
    city.done(OTHER_HOSPITAL, "2401", &admission(LI, "2021-07-16 08:00:00"));
    city.backfill().entry(&clerk(), city.clock.get(), &taken.number).unwrap();
    let found = city.look(|tx| tx.encounter(&first)).unwrap();
    assert_eq!(found.endtime, Some(until));
    city.verify();
}

#[test]
fn a_second_stay_of_the_same_days_gets_no_deductible_of_its_own() {
    let city = City::new();
    city.clock.set(date(2021, 7, 20).at(10, 0, 0, 0));
    stay(&city, HOSPITAL, WANG, "2021-07-02 08:00:00", "2021-07-10 09:00:00", "3000.00");
    city.refused(OTHER_HOSPITAL, "2401", &admission(WANG, "2021-07-04 08:00:00"), "2021-07-02 08:00:00 至");
}

#[track_caller]
fn put(city: &City, number: &str, lines: &[EntryLine]) -> Result<Kept, NotDone> {
    let registers = city.platform.registers(&Pool::new("520500")).unwrap();
    registers.put_lines(&hospital(), city.clock.get(), number, lines.to_vec())
}

#[test]
fn lines_kept_in_a_register_lie_in_the_care_of_their_entry() {
    let city = super::registers::city();
    let number = add(&city, &hospital(), RegisterKind::Admission, super::registers::STAY).unwrap().entry.number;
    let at = |day: i8, hour: i8| date(2021, 7, day).at(hour, 0, 0, 0);
    assert!(why(put(&city, &number, &[kept("1", date(2020, 7, 11).at(9, 0, 0, 0))])).contains("早于"));
    assert!(why(put(&city, &number, &[kept("1", at(10, 23))])).contains("早于"));
    put(&city, &number, &[kept("1", at(11, 0)), kept("2", at(12, 9))]).unwrap();
    // The discharge, stated after them.
    let left = |time| [("endtime", time), ("tel", "0857-8296182")];
    city.clock.set(date(2021, 7, 14).at(15, 0, 0, 0));
    put(&city, &number, &[kept("1", at(11, 0)), kept("2", at(14, 9))]).unwrap();
    let refused = why(act(&city, &hospital(), &number, Action::Discharge, &left("2021-07-12 10:00")));
    assert!(refused.contains("费用明细 2 ") && refused.contains("晚于"), "{refused}");
    act(&city, &hospital(), &number, Action::Discharge, &left("2021-07-13 10:00")).unwrap();
    let moved = why(act(&city, &hospital(), &number, Action::Correct, &[("begntime", "2021-07-12 08:00")]));
    assert!(moved.contains("费用明细 1 "), "{moved}");
}

#[test]
fn a_row_of_a_sheet_with_a_line_out_of_its_care_is_refused_whole() {
    let city = super::registers::city();
    let taken = |lines: Vec<EntryLine>| {
        let new = NewEntry {
            kind: RegisterKind::CashVisit,
            fixmedins_code: String::new(),
            fields: fields(&[
                ("psn_no", WANG),
                ("psn_name", "王某"),
                ("insutype", "310"),
                ("med_type", "11"),
                ("begntime", "2021-07-12 09:30"),
                ("medfee_sumamt", "100.00"),
            ]),
            lines,
            source: Source::File,
        };
        city.platform.registers(&Pool::new("520500")).unwrap().add(&hospital(), city.clock.get(), new)
    };
    let (care, a_year_before) = (date(2021, 7, 12).at(9, 30, 0, 0), date(2020, 7, 12).at(9, 30, 0, 0));
    assert!(why(taken(vec![kept("1", care), kept("2", a_year_before)])).contains("费用明细 2 "));
    assert!(why(taken(vec![kept("1", date(2021, 7, 14).at(9, 0, 0, 0))])).contains("晚于"));
    let midnight = date(2021, 7, 12).at(0, 0, 0, 0);
    assert!(taken(vec![kept("1", midnight)]).unwrap().is_new);
}
