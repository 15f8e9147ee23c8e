//! What desks and slips say becomes of a case (办法、期限、退还), where the rule that it was written down under is not the whole of it.

use super::backfill::reopened;
use super::backfill_runs::line;
use super::care::registration;
use super::city::{City, HOSPITAL, LI};
use super::claims::plan;
use super::register_lists::registers;
use super::registers::{act, add, agency, hospital, other_hospital, why};
use jiff::civil::{DateTime, date};
use yibao_domain::outage::{DueAt, RegisterKind};
use yibao_domain::register::{Action, Bucket, HandBack, State};
use yibao_engine::desks::registers::EntryView;

fn rule(id: &str, rest: &str) -> String {
    format!("[[rule]]\nid = \"{id}\"\nclause = \"1\"\n{rest}\n\n")
}

fn seen(city: &City, number: &str) -> EntryView {
    registers(city).entry(&agency(), city.clock.get(), number).unwrap()
}

fn inside() -> DateTime {
    date(2021, 7, 12).at(15, 0, 0, 0)
}

const STAY: [(&str, &str); 8] = [
    ("psn_no", LI),
    ("psn_name", "李某"),
    ("insutype", "390"),
    ("med_type", "21"),
    ("begntime", "2021-07-11 08:00"),
    ("ipt_otp_no", "ZY0001"),
    ("diag_code", "J18.900"),
    ("diag_name", "肺炎"),
];

/// Found by carrying plans out: its slip promised a settlement at the hospital, and the backfill refused it without a word of where to go.
#[test]
fn a_stay_that_was_admitted_inside_and_is_claimed_is_the_agency_s_as_soon_as_it_is_over() {
    let rules =
        rule("in", "business = \"encounter.admission\"\ndisposition = \"register_later\"\nadvice = \"补办入院登记。\"")
            + &rule(
                "out",
                "business = \"settlement.inpatient\"\ndisposition = \"cash_claim\"\nevidence = \"invoice\"\n\
             by = \"2021-09-30 24:00\"\nafter_deadline = \"refuse\"\nadvice = \"9月底前到经办机构报销。\"",
            );
    let city = City::with_plan(&plan(&rules));
    city.clock.set(inside());
    let number = add(&city, &hospital(), RegisterKind::Admission, &STAY).unwrap().entry.number;
    city.clock.set(date(2021, 7, 13).at(9, 0, 0, 0));
    let leaves = [("endtime", "2021-07-13 08:30"), ("dscg_way", "1"), ("medfee_sumamt", "900.00")];
    act(&city, &hospital(), &number, Action::Discharge, &leaves).unwrap();
    let view = seen(&city, &number);
    assert!(view.is_claimed && !view.backfills && view.responsible.contains("医疗保障"), "{view:?}");
    let governing = view.governing.unwrap();
    assert_eq!((governing.id.as_str(), governing.advice.as_str()), ("out", "9月底前到经办机构报销。"));
    assert_eq!(view.due, DueAt::At(date(2021, 10, 1).at(0, 0, 0, 0)));
    city.clock.set(reopened());
    city.backfill_all("t");
    let waiting = city.look(|tx| tx.entry(&number)).unwrap();
    assert_eq!(waiting.state.bucket(), Bucket::Waiting);
    act(&city, &hospital(), &number, Action::ToReimbursement, &[("reason", "按公告"), ("invono", "6001")]).unwrap();
    assert_eq!(seen(&city, &number).governing.unwrap().id, "out");
    city.verify();
}

/// A newborn who is not enrolled is nobody in the records, and is one all the same.
#[test]
fn a_rule_for_newborns_reaches_who_is_enrolled_by_it() {
    let rules = rule("all", "business = \"enrolment\"\ndisposition = \"refuse\"\nadvice = \"恢复后办理。\"")
        + &rule(
            "newborn",
            "business = \"enrolment.new\"\npopulations = \"newborn\"\ndisposition = \"register_later\"\n\
             effective = \"birth\"\nadvice = \"先收件。\"",
        );
    let city = City::with_plan(&plan(&rules));
    city.clock.set(inside());
    let child = |born: &'static str, document: &'static str| {
        let stated = [
            ("psn_name", "李某之女"),
            ("certno", "CS0000001"),
            ("psn_cert_type", document),
            ("business", "enrolment.new"),
            ("begntime", "2021-07-12 14:50"),
            ("brdy", born),
        ];
        let stated: Vec<_> = stated.into_iter().filter(|(_, value)| !value.is_empty()).collect();
        add(&city, &agency(), RegisterKind::Papers, &stated)
    };
    assert_eq!(child("2021-07-01", "").unwrap().entry.rule, "newborn");
    assert!(why(child("2019-07-01", "")).contains("没有为"), "a child of two years is none");
    assert!(child("", "990201").is_ok_and(|kept| kept.entry.rule == "newborn"), "by the certificate of birth");
}

/// A transfer has the deadline of its own rule where the settlement's has none.
#[test]
fn a_transfer_is_due_by_its_own_rule_where_that_of_its_settlement_names_no_day() {
    let rules = rule(
        "out",
        "business = \"settlement.inpatient\"\ndisposition = \"defer_settlement\"\nadvice = \"恢复后结算。\"",
    ) + &rule(
        "transfer",
        "business = \"encounter.transfer\"\ndisposition = \"register_later\"\nby = \"2021-08-31 24:00\"\n\
             after_deadline = \"listed\"\nadvice = \"8月底前补办。\"",
    );
    let city = City::with_plan(&plan(&rules));
    city.clock.set(inside());
    let leg = STAY.into_iter().chain([("from_provider", HOSPITAL)]).collect::<Vec<_>>();
    let number = add(&city, &other_hospital(), RegisterKind::Transfer, &leg).unwrap().entry.number;
    let due = DueAt::At(date(2021, 9, 1).at(0, 0, 0, 0));
    assert_eq!(seen(&city, &number).due, due);
    city.clock.set(date(2021, 7, 14).at(9, 0, 0, 0));
    let leaves = [("endtime", "2021-07-14 08:30"), ("dscg_way", "1"), ("medfee_sumamt", "900.00")];
    act(&city, &other_hospital(), &number, Action::Discharge, &leaves).unwrap();
    assert_eq!(seen(&city, &number).due, due);
}

/// Where the plan has no way to the agency, the advice of the hospital is not told to who was sent there.
#[test]
fn who_is_handed_over_where_the_plan_has_no_way_is_not_told_to_go_back_to_the_hospital() {
    let visits = "business = \"settlement.outpatient\"\ndisposition = \"cash_reenter\"\nevidence = [\"invoice\", \"prescription\"]\n\
                  advice = \"回原医院补录。\"";
    let city = City::with_plan(&plan(&rule("visits", visits)));
    city.clock.set(inside());
    let visit = [
        ("psn_no", LI),
        ("psn_name", "李某"),
        ("insutype", "390"),
        ("med_type", "11"),
        ("begntime", "2021-07-12 09:30"),
        ("medfee_sumamt", "36.00"),
        ("invono", "700001"),
        ("rx_no", "CF1"),
    ];
    let number = add(&city, &hospital(), RegisterKind::CashVisit, &visit).unwrap().entry.number;
    act(&city, &hospital(), &number, Action::ToReimbursement, &[("reason", "机构停业")]).unwrap();
    let view = seen(&city, &number);
    let advice = view.governing.unwrap().advice;
    assert!(advice.contains("没有写明") && !advice.contains("回原医院"), "{advice}");
    assert_eq!(view.entry.state, State::Reimbursing);
}

/// Visitors are sent to where they are insured, and not back to the hospital.
#[test]
fn a_visitor_is_told_where_to_claim_and_no_deadline_of_the_city_s_own() {
    let visits = "business = \"settlement.outpatient\"\ndisposition = \"cash_reenter\"\nwithin_working_days = 10\n\
                  after_reopening_of = \"settlement.outpatient\"\nafter_deadline = \"listed\"\nadvice = \"回原医院补录。\"";
    let city = City::with_plan(&plan(&rule("visits", visits)));
    city.clock.set(inside());
    let input = registration(LI, "390", "2021-07-12 14:00:00");
    let told = |area: &str| {
        let msgid = city.new_msgid(HOSPITAL);
        city.send_as_insured_in(area, HOSPITAL, "2201", &msgid, &input).map(drop).unwrap_err()
    };
    assert!(told("").contains("回原医院补录"));
    let visitor = told("110101");
    assert!(visitor.contains("到参保地经办机构报销") && !visitor.contains("回原医院"), "{visitor}");
    assert!(!visitor.contains("工作日"), "{visitor}");
}

/// Who left on account owes the own share: it is signed for, and once it is collected nothing is left open.
#[test]
fn what_a_person_still_owes_is_collected_at_once_or_later() {
    let visits = "business = \"settlement.outpatient\"\ndisposition = \"on_account\"\nadvice = \"记账，恢复后补交。\"";
    let city = City::with_plan(&plan(&rule("visits", visits)));
    city.clock.set(inside());
    let visit = [
        ("psn_no", LI),
        ("psn_name", "李某"),
        ("insutype", "390"),
        ("med_type", "11"),
        ("begntime", "2021-07-12 09:30"),
        ("medfee_sumamt", "1200.00"),
    ];
    let number = add(&city, &hospital(), RegisterKind::CashVisit, &visit).unwrap().entry.number;
    let care = date(2021, 7, 12).at(9, 30, 0, 0);
    city.write(|tx| tx.put_entry_lines(&number, &[line("1", care, "1200.00")]));
    city.clock.set(reopened());
    assert_eq!(city.backfill_all("t").settled, 1);
    let owed = city.look(|tx| tx.entry(&number)).unwrap().split().unwrap().own;
    let sign = |collected: &str| {
        let mut said = vec![
            ("handed_back", "0.00"),
            ("received_by", "本人"),
            ("receipt_signed", "是"),
            ("handed_back_at", "2021-07-16 00:00"),
            ("handed_by", "张三"),
        ];
        said.extend((!collected.is_empty()).then_some(("collected", collected)));
        act(&city, &hospital(), &number, Action::HandBack, &said)
    };
    assert!(why(sign("1.00")).contains("应补交的"));
    let still = sign("").unwrap().entry;
    assert_eq!(still.to_hand_back(None), Some(HandBack::Collect(owed)));
    assert!(why(sign("")).contains("不能重复"));
    let paid = sign(&owed.to_string()).unwrap().entry;
    assert_eq!((paid.to_hand_back(None), paid.collected()), (Some(HandBack::Even), owed));
    city.verify();
}
