//! Who left hospital in the outage: how they choose to settle, and who is called to come (电话清单).

use super::backfill::{entry, record};
use super::care::{admission, text};
use super::city::{City, HOSPITAL, LI, WANG, ZHAO};
use super::register_lists::registers;
use super::registers::{act, add, agency, city, hospital, why};
use jiff::ToSpan;
use jiff::civil::{DateTime, date};
use yibao_domain::outage::RegisterKind;
use yibao_domain::register::{Action, Entry, Mark, State};
use yibao_store::encounter::{Encounter, EncounterState};

#[test]
fn b10_who_is_discharged_in_the_outage_chooses_how_to_settle() {
    let city = city();
    let left = [
        ("psn_no", LI),
        ("psn_name", "李某"),
        ("begntime", "2021-07-05 08:00"),
        ("endtime", "2021-07-11 10:00"),
        ("tel", "13900000000"),
        ("fees_kept", "是"),
        ("choice", "恢复后结算"),
    ];
    assert!(why(add(&city, &hospital(), RegisterKind::DeferredDischarge, &left[..6])).contains("患者的选择"));
    let number = add(&city, &hospital(), RegisterKind::DeferredDischarge, &left).unwrap().entry.number;
    let alone = [("choice", "自费结清后报销")];
    assert!(why(act(&city, &hospital(), &number, Action::Choose, &alone)).contains("发票号"));
    let chosen = [("choice", "自费结清后报销"), ("invono", "A-77")];
    assert_eq!(act(&city, &hospital(), &number, Action::Choose, &chosen).unwrap().entry.invono, "A-77");
    act(&city, &hospital(), &number, Action::ToReimbursement, &[("reason", "本人选择")]).unwrap();
    let papers = "费用明细清单、疾病证明书、出院小结";
    let lacking = why(act(&city, &agency(), &number, Action::Reimburse, &[("refund", "300.00")]));
    assert!(lacking.contains(papers) && !lacking.contains("发票"), "the invoice is there: {lacking}");
    let claimed = [("refund", "300.00"), ("brought", papers)];
    let closed = why(act(&city, &agency(), &number, Action::Reimburse, &claimed));
    assert!(closed.contains("正在停办（2021-07-15 24:00恢复）"), "{closed}");
    city.clock.set(date(2021, 7, 16).at(9, 0, 0, 0));
    let paid = act(&city, &agency(), &number, Action::Reimburse, &claimed).unwrap();
    assert_eq!((paid.entry.state, paid.entry.value("refund").as_str()), (State::Reimbursed, "300.00"));
    // The invoice is used up: papers that do not tell its issuer are held until somebody has decided.
    let papers = [
        ("psn_no", LI),
        ("psn_name", "李某"),
        ("business", "reimbursement.manual"),
        ("begntime", "2021-07-12 09:00"),
        ("papers", "报销资料"),
        ("slip", "S1"),
        ("invono", "a77"),
    ];
    assert_eq!(add(&city, &agency(), RegisterKind::Papers, &papers).unwrap().entry.marked(Mark::Double), number);
    city.verify();
}

#[test]
fn b09_b10_who_has_to_claim_or_chose_to_is_not_called_and_who_was_reached_stands_last() {
    let city = City::before_the_switch_over();
    let left = |number: &str, kind: RegisterKind, psn_no: &str, from: i8, until: DateTime, choice: &str| {
        let mut taken = entry(number, kind, psn_no, date(2021, 7, from).at(8, 0, 0, 0));
        taken.plan = "bijie-2021".into();
        taken.care_until = Some(until);
        if !choice.is_empty() {
            taken.details.insert("choice".into(), choice.into());
        }
        city.write(|tx| record(tx, &taken));
    };
    let number = |serial: u32| format!("TJ520500-2021-{serial:06}");
    let day = |day: i8, hour: i8| date(2021, 7, day).at(hour, 0, 0, 0);
    // In and out inside; in inside and out after; of before and out inside, by either choice.
    left(&number(1), RegisterKind::Admission, LI, 11, day(13, 9), "");
    left(&number(2), RegisterKind::Admission, WANG, 12, day(16, 1), "");
    left(&number(3), RegisterKind::DeferredDischarge, ZHAO, 5, day(12, 9), "自费结清后报销");
    left(&number(4), RegisterKind::DeferredDischarge, LI, 5, day(10, 9), "恢复后结算");
    // To the last second: who leaves at the reopening is settled here.
    left(&number(5), RegisterKind::Admission, ZHAO, 13, day(16, 0).saturating_sub(1.second()), "");
    left(&number(6), RegisterKind::Admission, ZHAO, 14, day(16, 0), "");
    city.clock.set(day(16, 10));
    let called = || -> Vec<String> {
        let rows = registers(&city).calls(&hospital(), city.clock.get()).unwrap();
        rows.into_iter().map(|row| row.entry.number).collect()
    };
    let mut all = called();
    all.sort();
    assert_eq!(all, [number(2), number(4), number(6)]);
    let agreed = [
        ("called_at", "2021-07-16 09:10"),
        ("caller", "王护士"),
        ("call_outcome", "约定时间"),
        ("appointment", "2021-07-19 10:30"),
    ];
    act(&city, &hospital(), &number(2), Action::Call, &agreed).unwrap();
    assert_eq!(called().last(), Some(&number(2)));
    let rows = registers(&city).calls(&hospital(), city.clock.get()).unwrap();
    let reached = rows.last().unwrap();
    assert_eq!(reached.entry.field("appointment"), "2021-07-19 10:30:00");
    // Whom the agency reimburses is called no more.
    let papers = [("reason", "本人要求"), ("invono", "FP-4")];
    act(&city, &hospital(), &number(4), Action::ToReimbursement, &papers).unwrap();
    assert_eq!(called(), [number(6), number(2)]);
}

#[test]
fn who_has_left_as_the_hospitals_message_tells_is_called_or_has_to_claim_by_that() {
    let city = City::before_the_switch_over();
    let day = |day: i8, hour: i8| date(2021, 7, day).at(hour, 0, 0, 0);
    city.clock.set(day(16, 10));
    // After the reopening; in and out inside; still in hospital.
    for (number, psn_no, kind, from, left) in [
        ("TJ520500-2021-000001", LI, RegisterKind::Admission, 12, Some(day(16, 8))),
        ("TJ520500-2021-000002", WANG, RegisterKind::DeferredDischarge, 11, Some(day(13, 9))),
        ("TJ520500-2021-000003", ZHAO, RegisterKind::Admission, 12, None),
    ] {
        let admitted = city.done(HOSPITAL, "2401", &admission(psn_no, &format!("2021-07-{from} 08:00:00")));
        let mdtrt_id = text(&admitted.output["result"]["mdtrt_id"]);
        let plan = "bijie-2021".to_owned();
        let taken = Entry { plan, mdtrt_id: mdtrt_id.clone(), ..entry(number, kind, psn_no, day(from, 8)) };
        city.write(|tx| {
            record(tx, &taken)?;
            let Some(left) = left else { return Ok(()) };
            let stay = tx.encounter(&mdtrt_id)?.expect("it was admitted");
            tx.update_encounter(&Encounter { state: EncounterState::Discharged, endtime: Some(left), ..stay })
        });
    }
    let called = registers(&city).calls(&hospital(), city.clock.get()).unwrap();
    let called: Vec<String> = called.into_iter().map(|row| row.entry.number).collect();
    assert_eq!(called, ["TJ520500-2021-000001"]);
}
