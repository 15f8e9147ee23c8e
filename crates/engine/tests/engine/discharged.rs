//! Who has left has left (出院与结算): a discharge of a stay of the outage is taken whoever settles it and however late it comes; what
//! its settlement will be refused with is told with it.

use super::care::{admission, admit, discharge, stay_settlement, text};
use super::city::{City, HOSPITAL, LI, OTHER_HOSPITAL, WANG};
use super::claims::{CLAIMED, plan};
use super::register_lists::registers;
use super::registers::{act, add, hospital};
use jiff::civil::{DateTime, date};
use yibao_domain::outage::{DueAt, RegisterKind};
use yibao_domain::register::Action;
use yibao_store::person::Insurance;

/// Who has left has left: the stay is over for its hospital, whoever pays for it, and the next one begins.
#[test]
fn a_stay_that_is_claimed_at_the_agency_is_discharged_by_its_hospital_and_settled_by_nobody_there() {
    let city = City::with_plan(&plan(CLAIMED));
    let mdtrt_id = admit(&city, LI);
    city.clock.set(date(2021, 7, 16).at(9, 0, 0, 0));
    let left = city.done(HOSPITAL, "2402", &discharge(LI, &mdtrt_id, "2021-07-12 10:00:00"));
    let told = left.remarks.join("");
    assert!(told.starts_with("出院已登记。") && told.contains("2021-09-30") && told.contains("经办机构报销"), "{told}");
    let bill = stay_settlement(LI, &mdtrt_id, "100.00", false);
    city.refused(HOSPITAL, "2304", &bill, "不能在本机构补办结算");
    city.done(OTHER_HOSPITAL, "2401", &admission(LI, "2021-07-16 08:30:00"));
    city.verify();
}

/// Whoever comes too late to be settled has left all the same.
#[test]
fn a_stay_whose_time_to_be_settled_is_over_is_discharged_with_what_its_settlement_will_be_refused_with() {
    let entered = "[[rule]]\nid = \"stays\"\nclause = \"1\"\nbusiness = \"settlement.inpatient\"\n\
                   disposition = \"defer_settlement\"\nby = \"2021-08-15 24:00\"\nafter_deadline = \"refuse\"\n\
                   advice = \"恢复后结算。\"\n";
    let city = City::with_plan(&plan(entered));
    let mdtrt_id = admit(&city, LI);
    city.clock.set(date(2021, 8, 20).at(9, 0, 0, 0));
    let left = city.done(HOSPITAL, "2402", &discharge(LI, &mdtrt_id, "2021-07-12 10:00:00"));
    assert!(left.remarks.join("").contains("逾期不再受理"), "{:?}", left.remarks);
    city.refused(HOSPITAL, "2304", &stay_settlement(LI, &mdtrt_id, "100.00", false), "逾期不再受理");
    city.done(OTHER_HOSPITAL, "2401", &admission(LI, "2021-08-20 08:30:00"));
    city.verify();
}

/// Where no rule says until when, the duty to enter it does: who comes later is refused where the notice says so, and only listed where
/// it says that.
#[test]
fn the_deadline_of_a_duty_to_enter_holds_where_no_rule_has_one() {
    let with = |after: &str| {
        plan(&format!(
            "[[rule]]\nid = \"stays\"\nclause = \"1\"\nbusiness = \"settlement.inpatient\"\ndisposition = \"defer_settlement\"\n\
             advice = \"恢复后结算。\"\n\n[[duty]]\nid = \"enter\"\nclause = \"2\"\nkind = \"backfill\"\nwho = \"hospital\"\n\
             business = \"settlement.inpatient\"\nwhat = \"恢复后补录\"\nwithin_working_days = 10\n\
             after_reopening_of = \"settlement.inpatient\"\nafter_deadline = \"{after}\"\n"
        ))
    };
    for (after, day, is_taken) in [("refuse", 29, true), ("refuse", 30, false), ("listed", 30, true)] {
        let city = City::with_plan(&with(after));
        let mdtrt_id = admit(&city, LI);
        city.clock.set(date(2021, 7, day).at(9, 0, 0, 0));
        let left = city.done(HOSPITAL, "2402", &discharge(LI, &mdtrt_id, "2021-07-12 10:00:00"));
        let told = left.remarks.join("");
        assert_eq!(told.contains("逾期不再受理"), !is_taken, "{after} {day}: {told}");
        let bill = stay_settlement(LI, &mdtrt_id, "0.00", true);
        match is_taken {
            true => city.refused(HOSPITAL, "2304", &bill, "不能中途结算"),
            false => city.refused(HOSPITAL, "2304", &bill, "逾期不再受理"),
        };
        city.verify();
    }
}

/// No register takes in the discharge of a stay that the agency pays back; the list of who is in hospital says so, and no form is offered.
#[test]
fn the_list_of_who_is_in_hospital_says_what_becomes_of_a_discharge_that_no_register_takes_in() {
    let told = |rest: &str, at: DateTime| {
        let city = City::with_plan(&plan(rest));
        admit(&city, LI);
        city.clock.set(at);
        let ward = registers(&city).in_hospital(&hospital(), at, 0, 10).unwrap();
        let [stay] = ward.stays.try_into().unwrap();
        stay.instead
    };
    let inside = date(2021, 7, 12).at(15, 0, 0, 0);
    assert!(told(CLAIMED, inside).contains("到经办机构报销"));
    assert_eq!(told(CLAIMED, date(2021, 7, 8).at(15, 0, 0, 0)), "", "nothing is closed yet");
    assert_eq!(
        told(&CLAIMED.replace("cash_claim", "defer_settlement").replace("evidence = \"invoice\"\n", ""), inside),
        ""
    );
}

/// Beside the basic insurance most employees have one for large sums, of which no plan speaks.
#[test]
fn a_rule_for_a_scheme_finds_who_has_another_insurance_besides() {
    let stays = "[[rule]]\nid = \"stays\"\nclause = \"1\"\nbusiness = \"settlement.inpatient\"\nschemes = \"employee\"\n\
                 disposition = \"defer_settlement\"\nadvice = \"恢复后结算。\"\n";
    let city = City::with_plan(&plan(stays));
    city.write(|tx| {
        let facts = tx.person_facts(WANG, &[])?.expect("the person is there");
        let works = facts.insurances.into_iter().find(|row| row.insutype == "310").expect("an employee");
        // Large sums, and maternity, which is settled by the same scheme and is none by itself.
        tx.put_insurance(&Insurance { insutype: "510".into(), ..works.clone() })?;
        tx.put_insurance(&Insurance { insutype: "330".into(), begndate: date(2021, 6, 1), ..works }).map(drop)
    });
    city.clock.set(date(2021, 7, 12).at(15, 0, 0, 0));
    let left = [
        ("psn_no", WANG),
        ("psn_name", "王某"),
        ("begntime", "2021-07-05 08:00"),
        ("endtime", "2021-07-12 10:00"),
        ("choice", "恢复后结算"),
        ("medfee_sumamt", "3000.00"),
    ];
    let kept = add(&city, &hospital(), RegisterKind::DeferredDischarge, &left).unwrap();
    assert_eq!(kept.entry.rule, "stays");
    city.verify();
}

/// A stay that began and ended inside is late by one deadline, that of its settlement, at the register and at the call.
#[test]
fn a_stay_that_was_over_inside_is_due_when_its_call_is() {
    let rule = |id: &str, business: &str, disposition: &str, days: u32| {
        format!(
            "[[rule]]\nid = \"{id}\"\nclause = \"1\"\nbusiness = \"{business}\"\ndisposition = \"{disposition}\"\nwithin_working_days = {days}\n\
             after_reopening_of = \"settlement.inpatient\"\nafter_deadline = \"refuse\"\nadvice = \"恢复后补办。\"\n\n"
        )
    };
    let rules = rule("in", "encounter.admission", "register_later", 10)
        + &rule("out", "settlement.inpatient", "defer_settlement", 7);
    let due = |rules: &str, left: &str| {
        let city = City::with_plan(&plan(rules));
        city.clock.set(date(2021, 7, 11).at(9, 0, 0, 0));
        let came = [
            ("psn_no", LI),
            ("psn_name", "李某"),
            ("insutype", "390"),
            ("med_type", "21"),
            ("begntime", "2021-07-11 08:00"),
            ("ipt_otp_no", "ZY0001"),
            ("diag_code", "J18.900"),
            ("diag_name", "肺炎"),
        ];
        let number = add(&city, &hospital(), RegisterKind::Admission, &came).unwrap().entry.number;
        city.clock.set(left.parse().unwrap());
        let leaves = [("endtime", left), ("dscg_way", "1")];
        act(&city, &hospital(), &number, Action::Discharge, &leaves).unwrap();
        registers(&city).entry(&hospital(), city.clock.get(), &number).unwrap().due
    };
    // Working days from Friday 16 July: 16, 19-23, 26; 27-29.
    assert_eq!(due(&rules, "2021-07-13 09:00"), DueAt::At(date(2021, 7, 27).at(0, 0, 0, 0)));
    assert_eq!(due(&rules, "2021-07-20 09:00"), DueAt::At(date(2021, 7, 30).at(0, 0, 0, 0)));
    // Whom the plan sends to the agency is due there.
    let claims = "[[rule.fallback]]\nwhen = \"discharged_before_reopening\"\ndisposition = \"cash_claim\"\nadvice = \"9月底前报销。\"\n\
                  by = \"2021-09-30 24:00\"\nafter_deadline = \"refuse\"\n\n";
    let claimed = rule("in", "encounter.admission", "register_later", 10)
        + claims
        + &rule("out", "settlement.inpatient", "defer_settlement", 7);
    assert_eq!(due(&claimed, "2021-07-13 09:00"), DueAt::At(date(2021, 10, 1).at(0, 0, 0, 0)));
    let city = City::with_plan(&plan(&rules));
    city.clock.set(date(2021, 7, 27).at(9, 0, 0, 0));
    let admitted = city.done(HOSPITAL, "2401", &admission(LI, "2021-07-11 08:00:00"));
    let mdtrt_id = text(&admitted.output["result"]["mdtrt_id"]);
    let left = city.done(HOSPITAL, "2402", &discharge(LI, &mdtrt_id, "2021-07-13 09:00:00"));
    assert!(left.remarks.join("").contains("2021-07-26 24:00"), "{:?}", left.remarks);
}

/// Found by a simulated city (notice of Panzhihua, seed 20): whoever is insured by both schemes was asked about by the one that began
/// last, and not by that of the stay.
#[test]
fn a_stay_is_asked_about_by_its_own_insurance_where_its_patient_has_another_basic_one() {
    let stays = "[[rule]]\nid = \"stays\"\nclause = \"1\"\nbusiness = \"settlement.inpatient\"\nschemes = \"employee\"\n\
                 disposition = \"defer_settlement\"\nadvice = \"恢复后结算。\"\n";
    let city = City::with_plan(&plan(stays));
    city.clock.set(date(2021, 7, 5).at(10, 0, 0, 0));
    city.done(HOSPITAL, "2401", &admission(WANG, "2021-07-05 08:00:00"));
    city.write(|tx| {
        let facts = tx.person_facts(WANG, &[])?.expect("the person is there");
        let works = facts.insurances.into_iter().find(|row| row.insutype == "310").expect("an employee");
        let also = Insurance { insutype: "390".into(), psn_type: "1501".into(), begndate: date(2021, 6, 1), ..works };
        tx.put_insurance(&also).map(drop)
    });
    city.clock.set(date(2021, 7, 12).at(15, 0, 0, 0));
    let left = [
        ("psn_no", WANG),
        ("psn_name", "王某"),
        ("begntime", "2021-07-05 08:00"),
        ("endtime", "2021-07-12 10:00"),
        ("choice", "恢复后结算"),
        ("medfee_sumamt", "3000.00"),
    ];
    let kept = add(&city, &hospital(), RegisterKind::DeferredDischarge, &left).unwrap();
    assert_eq!(kept.entry.rule, "stays");
    assert!(kept.entry.field("asked_as").contains("类别：1"), "{:?}", kept.entry.details);
    assert!(!kept.entry.field("asked_as").contains("1501"), "{:?}", kept.entry.details);
    city.verify();
}
