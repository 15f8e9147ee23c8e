//! Care of the closed time, entered once the business is open again: by which rule, until when, and what it does to the
//! registers. The town's outage is that of 2021-07-10 to 07-15; its tenth working day after is 07-29.

use super::care::{
    Settled, admission, cancellation, description, discharge, fees, one, registration, settle_visit, stay_settlement,
    text,
};
use super::city::{City, HOSPITAL, LI, OTHER_HOSPITAL, PHARMACY, WANG};
use jiff::civil::{DateTime, date};
use serde_json::json;
use yibao_domain::money::Money;
use yibao_domain::outage::{Business, RegisterKind};
use yibao_domain::register::{Action, Entry, Event, Source, State, telling};
use yibao_store::Tx;
use yibao_store::register::EntryFilter;

/// A town whose outpatients pay cash and return, and whose stays go on.
pub const TOWN: &str = r#"
[plan]
id = "town"
title = "小城停机方案"
issuer = "医保局"
pool = "520500"
issued = "2021-07-01"
closes = "2021-07-10 00:00"
reopens = "2021-07-15 24:00"
ends = "2021-12-31 24:00"
ahead_hours = 1

[[rule]]
id = "visits"
clause = "T-01"
business = "settlement.outpatient"
disposition = "cash_reenter"
within_working_days = 10
after_reopening_of = "settlement.outpatient"
after_deadline = "by_case"
advice = "收取现金，恢复后回本机构补录。"

[[rule]]
id = "pharmacy"
clause = "T-02"
business = "settlement.pharmacy"
disposition = "no_route"
advice = "药店刷卡暂停，公告未规定补报。"

[[rule]]
id = "stays"
clause = "T-03"
business = "settlement.inpatient"
disposition = "defer_settlement"
within_working_days = 10
after_reopening_of = "settlement.inpatient"
after_deadline = "listed"
advice = "恢复后通知结算。"

[[rule]]
id = "admission"
clause = "T-04"
business = "encounter.admission"
disposition = "admit_on_statement"
advice = "按参保人员收治，恢复后补登记。"

[[rule]]
id = "encounter"
clause = "T-05"
business = "encounter"
disposition = "register_later"
advice = "恢复后补传。"
"#;

pub fn reopened() -> DateTime {
    date(2021, 7, 16).at(9, 0, 0, 0)
}

/// A visit up to its lines; the mdtrt_id.
#[track_caller]
pub fn visit_at(city: &City, psn_no: &str, insutype: &str, begntime: &str, price: &'static str) -> String {
    let registered = city.done(HOSPITAL, "2201", &registration(psn_no, insutype, begntime));
    let mdtrt_id = text(&registered.output["data"]["mdtrt_id"]);
    city.done(HOSPITAL, "2203A", &description(psn_no, &mdtrt_id, "11", begntime));
    city.done(HOSPITAL, "2204", &fees(psn_no, &mdtrt_id, "B1", &[one("1", price)]));
    mdtrt_id
}

/// A whole stay.
#[track_caller]
pub fn stay(
    city: &City,
    hospital: &'static str,
    psn_no: &str,
    from: &str,
    until: &str,
    price: &'static str,
) -> Settled {
    let admitted = city.done(hospital, "2401", &admission(psn_no, from));
    let mdtrt_id = text(&admitted.output["result"]["mdtrt_id"]);
    city.done(hospital, "2301", &fees(psn_no, &mdtrt_id, "", &[one("1", price)]));
    city.done(hospital, "2402", &discharge(psn_no, &mdtrt_id, until));
    Settled::of(city.done(hospital, "2304", &stay_settlement(psn_no, &mdtrt_id, price, false)))
}

fn entries(city: &City, psn_no: &str) -> Vec<Entry> {
    let filter = EntryFilter { psn_no: Some(psn_no.to_owned()), ..EntryFilter::default() };
    city.look(|tx| tx.entries(&filter, 100))
}

fn history(city: &City, number: &str) -> Vec<Action> {
    city.look(|tx| tx.history(number)).into_iter().map(|event| event.action).collect()
}

/// A register entry as a desk would have taken it in.
pub fn entry(number: &str, kind: RegisterKind, psn_no: &str, care_from: DateTime) -> Entry {
    let business = Business::named("settlement.outpatient.ordinary");
    Entry {
        number: number.to_owned(),
        plan: "town".to_owned(),
        rule: "visits".to_owned(),
        fixmedins_code: HOSPITAL.to_owned(),
        admdvs: "520502".to_owned(),
        psn_no: psn_no.to_owned(),
        charged: Money::yuan(100),
        details: [("insutype", "390"), ("med_type", "11"), ("psn_name", "李某")]
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .into(),
        ..Entry::draft(kind, business, care_from, Source::Page, "窗口", care_from)
    }
}

/// Records an entry with its first event and its claim keys.
pub fn record(tx: &mut dyn Tx, entry: &Entry) -> Result<(), yibao_store::Fault> {
    tx.add_entry(entry)?;
    for key in yibao_domain::register::claim_keys(entry) {
        tx.take_claim(&key, &entry.number)?;
    }
    tx.add_event(
        &entry.number,
        &Event {
            seq: 1,
            at: entry.taken_at,
            by: entry.taken_by.clone(),
            actor: String::new(),
            action: Action::Register,
            state: entry.state,
            fields: telling(None, entry, entry.details.clone()),
        },
    )
}

/// Records a step with an entry as the platform does: one version, one event that tells it, and the claims that go with it.
pub fn step(
    tx: &mut dyn Tx,
    number: &str,
    action: Action,
    stated: &[(&str, &str)],
    change: impl FnOnce(&mut Entry),
) -> Result<(), yibao_store::Fault> {
    let before = tx.entry(number)?.expect("it was recorded");
    let mut after = before.clone();
    change(&mut after);
    after.version += 1;
    tx.release_claims(number)?;
    for key in yibao_domain::register::claim_keys(&after) {
        tx.take_claim(&key, number)?;
    }
    tx.update_entry(&after)?;
    let stated = stated.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    let fields = telling(Some(&before), &after, stated);
    let (seq, at, state) = (after.version, after.taken_at, after.state);
    let (by, actor) = ("科长".to_owned(), "kezhang".to_owned());
    tx.add_event(number, &Event { seq, at, by, actor, action, state, fields })
}

/// Corrects an entry that waits.
pub fn correct(tx: &mut dyn Tx, number: &str, change: impl FnOnce(&mut Entry)) -> Result<(), yibao_store::Fault> {
    step(tx, number, Action::Correct, &[], change)
}

/// Decides an escalation.
pub fn decide(tx: &mut dyn Tx, number: &str, decision: &str) -> Result<(), yibao_store::Fault> {
    step(tx, number, Action::Decide, &[("decision", decision)], |asked| asked.state = State::Done)
}

#[test]
fn p09_care_of_the_closed_time_is_entered_until_the_end_of_the_tenth_working_day() {
    let city = City::with_plan(TOWN);
    city.clock.set(date(2021, 7, 29).at(23, 59, 0, 0));
    let mdtrt_id = visit_at(&city, LI, "390", "2021-07-12 09:30:00", "100.00");
    city.clock.set(date(2021, 7, 30).at(0, 0, 0, 0));
    let settlement = super::care::visit_settlement(LI, &mdtrt_id, "B1", "100.00");
    city.refused(HOSPITAL, "2207", &settlement, "2021-07-29 24:00届满");
    city.refused(HOSPITAL, "2201", &registration(LI, "390", "2021-07-12 09:30:00"), "特殊情况请示");
    city.clock.set(date(2021, 7, 29).at(23, 59, 59, 0));
    settle_visit(&city, LI, &mdtrt_id, "B1", "100.00");
    city.verify();
}

#[test]
fn p20_a_late_case_that_the_agency_has_agreed_to_is_entered_all_the_same() {
    let city = City::with_plan(TOWN);
    let care = date(2021, 7, 12).at(9, 30, 0, 0);
    city.write(|tx| {
        record(tx, &entry("TJ520500-2021-000901", RegisterKind::CashVisit, LI, care))?;
        for number in ["TJ520500-2021-000902", "TJ520500-2021-000903"] {
            let mut asked = entry(number, RegisterKind::Escalation, "", care);
            asked.details = [("of_entry".to_owned(), "TJ520500-2021-000901".to_owned())].into();
            record(tx, &asked)?;
        }
        Ok(())
    });
    city.clock.set(date(2021, 8, 5).at(10, 0, 0, 0));
    city.refused(HOSPITAL, "2201", &registration(LI, "390", "2021-07-12 09:30:00"), "届满");
    let decided = |number, decision| city.write(|tx| decide(tx, number, decision));
    // Refused, it is not asked for again.
    decided("TJ520500-2021-000902", "不同意");
    city.refused(HOSPITAL, "2201", &registration(LI, "390", "2021-07-12 09:30:00"), "作出决定：不同意");
    decided("TJ520500-2021-000903", "同意");
    let mdtrt_id = visit_at(&city, LI, "390", "2021-07-12 09:30:00", "100.00");
    settle_visit(&city, LI, &mdtrt_id, "B1", "100.00");
    let settled = city.look(|tx| tx.entry("TJ520500-2021-000901")).unwrap();
    assert_eq!(settled.state, State::Settled);
    assert!(settled.field("late").contains("2021-07-30 00:00"), "{:?}", settled.details);
    city.verify();
}

#[test]
fn p04_cash_of_the_closed_time_without_a_route_is_refused_at_the_counter_with_the_advice() {
    let city = City::with_plan(TOWN);
    city.clock.set(reopened());
    let mut purchase = super::care::purchase(WANG, "20.00");
    purchase["druginfo"]["begntime"] = json!("2021-07-12 09:00:00");
    city.refused(PHARMACY, "2102", &purchase, "公告未规定补报");
    purchase["druginfo"]["begntime"] = json!("2021-07-09 23:59:59");
    city.done(PHARMACY, "2102", &purchase);
    purchase["druginfo"]["begntime"] = json!("2021-07-16 00:00:00");
    city.done(PHARMACY, "2102", &purchase);
    assert_eq!(entries(&city, WANG), []);
    city.verify();
}

#[test]
fn b13_bijies_visits_of_the_closed_time_have_no_route_and_b12_neither_have_its_purchases() {
    let city = City::before_the_switch_over();
    city.clock.set(reopened());
    city.refused(HOSPITAL, "2201", &registration(LI, "390", "2021-07-12 09:30:00"), "停办期间");
    let mut purchase = super::care::purchase(WANG, "20.00");
    purchase["druginfo"]["begntime"] = json!("2021-07-15 23:59:59");
    city.refused(PHARMACY, "2102", &purchase, "停办期间");
}

#[test]
fn what_is_entered_over_the_interface_settles_its_entry_and_a_cancellation_gives_it_back() {
    let city = City::with_plan(TOWN);
    let care = date(2021, 7, 12).at(9, 30, 0, 0);
    city.write(|tx| record(tx, &entry("TJ520500-2021-000901", RegisterKind::CashVisit, LI, care)));
    city.clock.set(reopened());
    let mdtrt_id = visit_at(&city, LI, "390", "2021-07-12 09:30:00", "100.00");
    let settled = settle_visit(&city, LI, &mdtrt_id, "B1", "100.00");
    let found = city.look(|tx| tx.entry("TJ520500-2021-000901")).unwrap();
    assert_eq!((found.state, &found.setl_id, &found.mdtrt_id), (State::Settled, &settled.setl_id, &mdtrt_id));
    assert_eq!(found.refunded.to_string(), text_of_money(&settled, "fund_pay_sumamt"));
    city.verify();

    let cancelled = city.done(HOSPITAL, "2208", &cancellation(LI, &mdtrt_id, &settled.setl_id));
    let found = city.look(|tx| tx.entry("TJ520500-2021-000901")).unwrap();
    assert_eq!((found.state, found.setl_id.as_str(), found.refunded), (State::Waiting, "", Money::ZERO));
    city.verify();

    city.reverse(HOSPITAL, LI, "2208", &cancelled.msgid).unwrap();
    let found = city.look(|tx| tx.entry("TJ520500-2021-000901")).unwrap();
    assert_eq!(found.state, State::Settled);
    assert_ne!(found.setl_id, settled.setl_id, "a settlement that is put back is a row of its own");
    let done = history(&city, "TJ520500-2021-000901");
    assert_eq!(done, [Action::Register, Action::Settle, Action::Unsettle, Action::Settle]);
    city.reverse(HOSPITAL, LI, "2207", &settled.msgid).unwrap();
    assert_eq!(city.look(|tx| tx.entry("TJ520500-2021-000901")).unwrap().state, State::Waiting);
    city.verify();
}

#[test]
fn care_that_nobody_registered_gets_an_entry_so_that_the_closing_sum_counts_it() {
    let city = City::with_plan(TOWN);
    city.clock.set(reopened());
    let mdtrt_id = visit_at(&city, LI, "390", "2021-07-12 09:30:00", "100.00");
    let settled = settle_visit(&city, LI, &mdtrt_id, "B1", "100.00");
    let made = entries(&city, LI);
    let [made] = made.as_slice() else { panic!("{made:?}") };
    assert_eq!((made.kind, made.source, made.state), (RegisterKind::CashVisit, Source::Interface, State::Settled));
    assert_eq!((made.plan.as_str(), made.rule.as_str(), &made.setl_id), ("town", "visits", &settled.setl_id));
    assert_eq!(history(&city, &made.number), [Action::Register, Action::Settle]);
    city.verify();
}

#[test]
fn care_that_another_route_has_is_refused_with_its_number() {
    let city = City::with_plan(TOWN);
    let care = date(2021, 7, 12).at(9, 30, 0, 0);
    city.write(|tx| {
        let claimed = entry("TJ520500-2021-000901", RegisterKind::CashVisit, LI, care);
        record(tx, &Entry { state: State::Reimbursing, ..claimed })?;
        let mut papers = entry("TJ520500-2021-000902", RegisterKind::Papers, LI, date(2021, 7, 14).at(9, 0, 0, 0));
        (papers.fixmedins_code, papers.state) = (String::new(), State::Reimbursed);
        papers.details = [("care_provider", HOSPITAL), ("care_begntime", "2021-07-13 09:30:00")]
            .map(|(a, b)| (a.into(), b.into()))
            .into();
        record(tx, &papers)
    });
    city.clock.set(reopened());
    for (day, number) in [("12", "TJ520500-2021-000901"), ("13", "TJ520500-2021-000902")] {
        let begntime = format!("2021-07-{day} 09:30:00");
        let mdtrt_id = visit_at(&city, LI, "390", &begntime, "100.00");
        let settlement = super::care::visit_settlement(LI, &mdtrt_id, "B1", "100.00");
        city.refused(HOSPITAL, "2207", &settlement, number);
    }
    city.verify();
}

#[test]
fn p10_a_stay_admitted_in_the_closed_time_is_entered_and_settled_and_listed_where_it_is_late() {
    let city = City::with_plan(TOWN);
    city.clock.set(date(2021, 8, 2).at(10, 0, 0, 0));
    stay(&city, HOSPITAL, LI, "2021-07-11 08:00:00", "2021-07-14 10:00:00", "3000.00");
    let made = entries(&city, LI);
    let [made] = made.as_slice() else { panic!("{made:?}") };
    assert_eq!((made.kind, made.state), (RegisterKind::DeferredDischarge, State::Settled));
    assert!(made.field("late").contains("2021-07-30 00:00"), "{:?}", made.details);
    city.verify();
}

#[test]
fn a_stay_that_was_over_before_or_began_after_is_ordinary() {
    let city = City::with_plan(TOWN);
    city.clock.set(date(2021, 8, 2).at(10, 0, 0, 0));
    stay(&city, HOSPITAL, LI, "2021-07-01 08:00:00", "2021-07-09 10:00:00", "3000.00");
    stay(&city, OTHER_HOSPITAL, LI, "2021-07-16 08:00:00", "2021-07-19 10:00:00", "3000.00");
    assert_eq!(entries(&city, LI), []);
    city.verify();
}

fn text_of_money(settled: &Settled, field: &str) -> String {
    settled.info[field].to_string().trim_matches('"').parse::<Money>().unwrap().to_string()
}

#[test]
fn b09_admitted_and_discharged_in_the_closed_time_claims_at_home_with_the_four_papers() {
    let city = City::before_the_switch_over();
    city.clock.set(reopened());
    let admitted = city.done(HOSPITAL, "2401", &admission(LI, "2021-07-11 08:00:00"));
    let mdtrt_id = text(&admitted.output["result"]["mdtrt_id"]);
    city.done(HOSPITAL, "2301", &fees(LI, &mdtrt_id, "", &[one("1", "3000.00")]));
    // That the patient has left is taken, with what follows from it; the settlement is not.
    let left = city.done(HOSPITAL, "2402", &discharge(LI, &mdtrt_id, "2021-07-15 23:59:59"));
    for paper in ["发票", "费用明细清单", "疾病证明书", "出院小结"] {
        assert!(left.remarks.join("").contains(paper), "{paper}: {:?}", left.remarks);
        city.refused(HOSPITAL, "2303", &stay_settlement(LI, &mdtrt_id, "3000.00", false), paper);
        city.refused(HOSPITAL, "2304", &stay_settlement(LI, &mdtrt_id, "3000.00", false), paper);
    }
    city.done(HOSPITAL, "2405", &json!({"data": {"mdtrt_id": mdtrt_id, "psn_no": LI}}));
    // Out after the reopening: insured from the first day on.
    city.done(HOSPITAL, "2402", &discharge(LI, &mdtrt_id, "2021-07-16 00:00:00"));
    city.done(HOSPITAL, "2304", &stay_settlement(LI, &mdtrt_id, "3000.00", false));
    let made = entries(&city, LI);
    assert_eq!(made.iter().map(|entry| entry.kind).collect::<Vec<_>>(), [RegisterKind::Admission]);
    city.verify();
}

/// A stay of 07-05 at Bijie's hospital, in the list of those to be converted.
fn stay_to_be_converted(city: &City, state: State) -> String {
    city.clock.set(date(2021, 7, 5).at(10, 0, 0, 0));
    let admitted = city.done(HOSPITAL, "2401", &admission(LI, "2021-07-05 08:00:00"));
    let mdtrt_id = text(&admitted.output["result"]["mdtrt_id"]);
    let care = date(2021, 7, 5).at(8, 0, 0, 0);
    let listed = entry("TJ520500-2021-000901", RegisterKind::StayConversion, LI, care);
    let listed = Entry { plan: "bijie-2021".into(), mdtrt_id: mdtrt_id.clone(), state, ..listed };
    city.write(|tx| record(tx, &listed));
    mdtrt_id
}

#[test]
fn b02_b17_a_converted_stay_is_insured_again_with_its_first_message_after_the_reopening_and_once() {
    let city = City::before_the_switch_over();
    let mdtrt_id = stay_to_be_converted(&city, State::Converted);
    city.clock.set(reopened());
    city.done(HOSPITAL, "2301", &fees(LI, &mdtrt_id, "", &[one("1", "3000.00")]));
    assert_eq!(city.look(|tx| tx.entry("TJ520500-2021-000901")).unwrap().state, State::Restored);
    city.done(HOSPITAL, "2402", &discharge(LI, &mdtrt_id, "2021-07-16 08:00:00"));
    let settled = Settled::of(city.done(HOSPITAL, "2304", &stay_settlement(LI, &mdtrt_id, "3000.00", false)));
    let done = history(&city, "TJ520500-2021-000901");
    assert_eq!(done, [Action::Register, Action::ConvertBack, Action::Settle]);
    let found = city.look(|tx| tx.entry("TJ520500-2021-000901")).unwrap();
    assert_eq!((found.setl_id, found.details.get("fault")), (settled.setl_id, None));
    assert_eq!(entries(&city, LI).len(), 1);
    city.verify();
}

#[test]
fn b02_a_stay_that_nobody_converted_settles_all_the_same_and_is_listed_as_a_fault() {
    let city = City::before_the_switch_over();
    let mdtrt_id = stay_to_be_converted(&city, State::Waiting);
    city.clock.set(reopened());
    city.done(HOSPITAL, "2301", &fees(LI, &mdtrt_id, "", &[one("1", "3000.00")]));
    city.done(HOSPITAL, "2402", &discharge(LI, &mdtrt_id, "2021-07-16 08:00:00"));
    city.done(HOSPITAL, "2304", &stay_settlement(LI, &mdtrt_id, "3000.00", false));
    let found = city.look(|tx| tx.entry("TJ520500-2021-000901")).unwrap();
    assert_eq!(found.state, State::Settled);
    assert!(found.field("fault").contains("差错"), "{:?}", found.details);
    city.verify();
}

#[test]
fn b10_who_chose_to_pay_and_claim_is_not_settled_at_the_hospital() {
    let city = City::before_the_switch_over();
    let mdtrt_id = stay_to_be_converted(&city, State::Converted);
    let mut left = entry("TJ520500-2021-000902", RegisterKind::DeferredDischarge, LI, date(2021, 7, 5).at(8, 0, 0, 0));
    left.plan = "bijie-2021".into();
    left.mdtrt_id.clone_from(&mdtrt_id);
    left.care_until = Some(date(2021, 7, 12).at(9, 0, 0, 0));
    left.details.insert("choice".into(), "自费结清后报销".into());
    city.write(|tx| record(tx, &left));
    city.clock.set(reopened());
    city.done(HOSPITAL, "2301", &fees(LI, &mdtrt_id, "", &[one("1", "3000.00")]));
    let left = city.done(HOSPITAL, "2402", &discharge(LI, &mdtrt_id, "2021-07-12 09:00:00"));
    assert!(left.remarks.join("").contains("报销"), "{:?}", left.remarks);
    city.refused(HOSPITAL, "2304", &stay_settlement(LI, &mdtrt_id, "3000.00", false), "报销");
    city.write(|tx| {
        correct(tx, "TJ520500-2021-000902", |left| drop(left.details.insert("choice".into(), "恢复后结算".into())))
    });
    city.done(HOSPITAL, "2304", &stay_settlement(LI, &mdtrt_id, "3000.00", false));
    assert!(entries(&city, LI).iter().all(|entry| entry.state == State::Settled));
    city.verify();
}

#[test]
fn b11_a_certificate_that_the_attributes_do_not_bear_out_goes_to_the_agency() {
    let city = City::before_the_switch_over();
    city.clock.set(reopened());
    let mut admitted = entry("TJ520500-2021-000901", RegisterKind::Admission, LI, date(2021, 7, 11).at(8, 0, 0, 0));
    admitted.plan = "bijie-2021".into();
    admitted.details.insert("certificate_issuer".into(), "某乡人民政府".into());
    city.write(|tx| record(tx, &admitted));
    city.clock.set(date(2021, 7, 20).at(9, 0, 0, 0));
    stay(&city, HOSPITAL, LI, "2021-07-11 08:00:00", "2021-07-18 10:00:00", "3000.00");
    let found = city.look(|tx| tx.entry("TJ520500-2021-000901")).unwrap();
    assert!(found.field("certificate").contains("未标识"), "{:?}", found.details);
    let asked = entries(&city, LI).into_iter().find(|entry| entry.kind == RegisterKind::Escalation).unwrap();
    assert_eq!((asked.field("of_entry"), asked.state), ("TJ520500-2021-000901", State::Waiting));
    city.verify();
}

/// The town's plan with Panzhihua's order of a transfer out of the city.
fn town_with_order() -> String {
    format!(
        "{TOWN}\n[[duty]]\nid = \"settle-first\"\nclause = \"T-06\"\nkind = \"order\"\nwho = \"hospital\"\n\
         business = [\"filing.transfer\", \"encounter.admission\"]\nwhat = \"先结清转出医院\"\n"
    )
}

/// Somebody's stay that ended in the outage, and her transfer out of the city.
fn left_for_the_province(city: &City) -> String {
    city.clock.set(date(2021, 7, 16).at(9, 0, 0, 0));
    let admitted = city.done(HOSPITAL, "2401", &admission(WANG, "2021-07-11 08:00:00"));
    let mdtrt_id = text(&admitted.output["result"]["mdtrt_id"]);
    city.done(HOSPITAL, "2301", &fees(WANG, &mdtrt_id, "", &[one("1", "3000.00")]));
    city.done(HOSPITAL, "2402", &discharge(WANG, &mdtrt_id, "2021-07-13 10:00:00"));
    let transfer = json!({"refmedin": {
        "psn_no": WANG, "insutype": "310", "diag_code": "J18.900", "diag_name": "肺炎", "reflin_medins_no": "",
        "reflin_medins_name": "省人民医院", "mdtrtarea_admdvs": "520102", "refl_type": "1",
        "refl_date": "2021-07-13", "refl_opnn": "同意", "begndate": "2021-07-13", "enddate": ""
    }});
    city.done(HOSPITAL, "2501A", &transfer);
    mdtrt_id
}

#[test]
fn p13_who_was_transferred_out_of_the_city_is_admitted_again_once_the_first_hospital_has_settled() {
    let city = City::with_plan(&town_with_order());
    let mdtrt_id = left_for_the_province(&city);
    city.refused(OTHER_HOSPITAL, "2401", &admission(WANG, "2021-07-15 09:00:00"), "转出医院");
    city.done(HOSPITAL, "2304", &stay_settlement(WANG, &mdtrt_id, "3000.00", false));
    city.done(OTHER_HOSPITAL, "2401", &admission(WANG, "2021-07-15 09:00:00"));
    city.verify();
}

#[test]
fn p13_a_stay_that_the_agency_pays_by_hand_keeps_nobody_from_another_hospital() {
    let claimed = town_with_order().replace(
        "disposition = \"defer_settlement\"\nwithin_working_days = 10\nafter_reopening_of = \"settlement.inpatient\"\n\
         after_deadline = \"listed\"",
        "disposition = \"cash_claim\"\nevidence = \"invoice\"\nby = \"2021-12-31 24:00\"\nafter_deadline = \"refuse\"",
    );
    let city = City::with_plan(&claimed);
    let mdtrt_id = left_for_the_province(&city);
    city.refused(HOSPITAL, "2304", &stay_settlement(WANG, &mdtrt_id, "3000.00", false), "T-03");
    city.done(OTHER_HOSPITAL, "2401", &admission(WANG, "2021-07-15 09:00:00"));
    city.verify();
}
