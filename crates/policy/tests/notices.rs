//! The two cities' plans at every boundary of their notices: the last second before and the first second after.

#![expect(clippy::unwrap_used, reason = "helpers of tests may stop")]

use jiff::ToSpan;
use jiff::civil::DateTime;
use yibao_domain::code::Pool;
use yibao_domain::outage::{
    Business, Channel, Closed, Disposition, Insurance, Place, Plan, Population, Question, Reopens, Verdict, decide,
};
use yibao_policy::plan::{SHIPPED, check, national_calendar, read};
use yibao_policy::registers::built_in;

fn plan(id: &str) -> Plan {
    let (_, text) = SHIPPED.iter().find(|(name, _)| name.contains(id)).unwrap();
    read(text).unwrap()
}

fn at(text: &str) -> DateTime {
    text.parse().unwrap()
}

fn about(business: &str) -> Question {
    Question::about(Business::new(business).unwrap())
}

fn closed(plan: &Plan, question: &Question, now: &str) -> Closed {
    match decide(std::slice::from_ref(plan), question, at(now)) {
        Verdict::Closed(closed) => *closed,
        Verdict::Open { .. } => panic!("{} is open at {now}", question.business),
    }
}

/// Open in the last second before `closes`, closed from it on to the last second before `reopens`, then open.
#[track_caller]
fn check_window(plan: &Plan, question: &Question, closes: &str, reopens: &str) {
    let (closes, reopens) = (at(closes), at(reopens));
    let open = |now: DateTime| decide(std::slice::from_ref(plan), question, now).is_open();
    let business = &question.business;
    assert!(open(closes - 1.second()), "{business} is open before {closes}");
    assert!(!open(closes), "{business} closes at {closes}");
    assert!(!open(closes + 1.second()), "{business} is closed after {closes}");
    assert!(!open(reopens - 1.second()), "{business} is closed before {reopens}");
    assert!(open(reopens), "{business} reopens at {reopens}");
    assert!(open(reopens + 1.second()), "{business} is open after {reopens}");
    let Verdict::Closed(closed) = decide(std::slice::from_ref(plan), question, closes) else { unreachable!() };
    assert_eq!((closed.since.at, closed.until), (closes, Reopens::At(reopens.into())));
}

#[track_caller]
fn check_always_open(plan: &Plan, question: &Question) {
    let mut now = plan.issued.at(0, 0, 0, 0);
    while now < plan.window.reopens.moment().unwrap() + 48.hours() {
        assert!(decide(std::slice::from_ref(plan), question, now).is_open(), "{} at {now}", question.business);
        now += 1.hour();
    }
}

#[test]
fn both_plans_are_free_of_contradictions() {
    for (name, text) in SHIPPED {
        assert_eq!(check(&read(text).unwrap(), &national_calendar(), &built_in().fields), [], "{name}");
    }
}

/// Every clause of the notice stands in the plan, as a rule, a duty, a supply or a telephone number.
#[track_caller]
fn check_clauses(plan: &Plan, letter: char, last: u8, elsewhere: &[&str]) {
    let rules = plan.rules.iter().flat_map(|rule| &rule.clauses);
    let duties = plan.duties.iter().flat_map(|duty| &duty.clauses);
    let supplies = plan.supplies.iter().flat_map(|supply| &supply.clauses);
    let named: std::collections::BTreeSet<&str> = rules.chain(duties).chain(supplies).map(String::as_str).collect();
    for number in 0..=last {
        let clause = format!("{letter}-{number:02}");
        assert!(named.contains(clause.as_str()) || elsewhere.contains(&clause.as_str()), "{clause} is missing");
    }
    for clause in named {
        let number: u8 = clause.strip_prefix(&format!("{letter}-")).unwrap().parse().unwrap();
        assert!(number <= last, "{clause} does not exist");
    }
}

#[test]
fn every_clause_of_both_notices_is_in_its_plan() {
    check_clauses(&plan("bijie"), 'B', 28, &["B-28"]); // B-28 is the telephone table
    check_clauses(&plan("panzhihua"), 'P', 28, &[]);
}

// ── 毕节 ─────────────────────────────────────────────────────────────────────

const BIJIE_CLOSES: &str = "2021-07-10 00:00:00";
const BIJIE_REOPENS: &str = "2021-07-16 00:00:00";

#[test]
fn b00_everything_closes_at_the_end_of_the_ninth_and_reopens_at_the_end_of_the_fifteenth() {
    let plan = plan("bijie");
    for business in [
        "settlement.pharmacy",
        "settlement.outpatient.ordinary",
        "settlement.outpatient.special",
        "settlement.outpatient.two_diseases",
        "settlement.outpatient.special_drug",
        "settlement.outpatient.maternity",
        "encounter.admission",
        "encounter.fees",
        "encounter.discharge",
        "contribution.resident",
        "catalogue.mapping",
        "clearing.reconcile",
        "clearing.cross_region",
        "enrolment.new",
        "attribute.tagging",
        "filing.transfer",
        "filing.remote",
        "filing.special_disease",
        "filing.designated",
        "hall.filing",
        "account.use",
        "approval.consumable",
    ] {
        check_window(&plan, &about(business), BIJIE_CLOSES, BIJIE_REOPENS);
    }
}

#[test]
fn b00_sign_in_queries_and_reversal_stay_open() {
    for business in ["session", "query.person", "query.settlement", "reversal"] {
        check_always_open(&plan("bijie"), &about(business));
        check_always_open(&plan("panzhihua"), &about(business));
    }
}

#[test]
fn b00_the_gate_closes_for_visitors_and_for_own_persons_elsewhere() {
    let plan = plan("bijie");
    let mut visitor = about("settlement.outpatient.ordinary");
    visitor.care_pool = Some(Pool::new("520500"));
    visitor.insured_pool = Some(Pool::new("510400"));
    check_window(&plan, &visitor, BIJIE_CLOSES, BIJIE_REOPENS);
    let mut away = visitor.clone();
    (away.care_pool, away.insured_pool) = (visitor.insured_pool, visitor.care_pool);
    check_window(&plan, &away, BIJIE_CLOSES, BIJIE_REOPENS);
    let mut neither = about("settlement.outpatient.ordinary");
    neither.care_pool = Some(Pool::new("510400"));
    check_always_open(&plan, &neither);
}

#[test]
fn b01_discharge_settlement_closes_at_eight_in_the_evening() {
    let plan = plan("bijie");
    for business in ["settlement.inpatient", "settlement.inpatient.maternity"] {
        check_window(&plan, &about(business), "2021-07-09 20:00:00", BIJIE_REOPENS);
    }
}

#[test]
fn b04_discharge_in_another_province_follows_the_main_window_and_is_claimed_at_home() {
    let plan = plan("bijie");
    let mut question = about("settlement.inpatient");
    question.insured_pool = Some(Pool::new("520500"));
    question.care_pool = Some(Pool::new("510400"));
    assert_eq!(question.place(), Place::Remote);
    check_window(&plan, &question, BIJIE_CLOSES, BIJIE_REOPENS);
    let closed = closed(&plan, &question, BIJIE_CLOSES);
    assert_eq!(closed.disposition, Disposition::CashClaim);
    assert_eq!(closed.evidence.len(), 4);
}

#[test]
fn b05_discharge_elsewhere_in_the_province_closes_like_at_home() {
    let mut question = about("settlement.inpatient");
    question.insured_pool = Some(Pool::new("520500"));
    question.care_pool = Some(Pool::new("520100"));
    assert_eq!(question.place(), Place::InProvince);
    check_window(&plan("bijie"), &question, "2021-07-09 20:00:00", BIJIE_REOPENS);
}

#[test]
fn b06_employee_contributions_stop_four_days_earlier() {
    check_window(&plan("bijie"), &about("contribution.employee"), "2021-07-06 00:00:00", BIJIE_REOPENS);
}

#[test]
fn b07_manual_reimbursement_closes_at_six_in_the_evening() {
    let plan = plan("bijie");
    for business in ["reimbursement", "reimbursement.manual", "reimbursement.remote"] {
        check_window(&plan, &about(business), "2021-07-09 18:00:00", BIJIE_REOPENS);
    }
    let closed = closed(&plan, &about("reimbursement.manual"), "2021-07-09 18:00:00");
    assert_eq!(closed.disposition, Disposition::RegisterLater);
}

#[test]
fn b08_disbursement_closes_at_six_in_the_evening() {
    for business in ["disbursement.provider", "disbursement.person", "disbursement.insurer"] {
        check_window(&plan("bijie"), &about(business), "2021-07-09 18:00:00", BIJIE_REOPENS);
    }
}

#[test]
fn b11_a_registered_poor_person_is_admitted_on_a_paper_certificate_inside_the_city_only() {
    let plan = plan("bijie");
    let mut question = about("encounter.admission");
    assert_eq!(closed(&plan, &question, BIJIE_CLOSES).disposition, Disposition::ConvertSelfPay);
    question.populations = vec![Population::Adult, Population::RegisteredPoor];
    assert_eq!(closed(&plan, &question, BIJIE_CLOSES).disposition, Disposition::PaperCertificate);
    question.place = Some(Place::Remote);
    assert_eq!(closed(&plan, &question, BIJIE_CLOSES).disposition, Disposition::ConvertSelfPay);
}

#[test]
fn b12_stocking_up_is_advised_in_the_three_days_before_the_closing() {
    let plan = [plan("bijie")];
    let remarks = |now: &str| match decide(&plan, &about("settlement.pharmacy"), at(now)) {
        Verdict::Open { remarks } => remarks,
        Verdict::Closed(_) => panic!("closed at {now}"),
    };
    assert_eq!(remarks("2021-07-06 23:59:59"), [""; 0]);
    let said = remarks("2021-07-07 00:00:00");
    assert!(said[0].contains("备药") && said[0].contains("2021-07-09 24:00"), "{said:?}");
    assert_eq!(remarks("2021-07-09 23:59:59").len(), 1);
    assert_eq!(remarks(BIJIE_REOPENS), [""; 0]);
}

#[test]
fn b13_no_way_back_is_promised_for_outpatient_cash() {
    let plan = plan("bijie");
    for kind in ["ordinary", "special", "two_diseases"] {
        let closed = closed(&plan, &about(&format!("settlement.outpatient.{kind}")), BIJIE_CLOSES);
        assert_eq!(closed.disposition, Disposition::NoRoute);
        assert!(closed.deadline.is_none());
    }
}

#[test]
fn b14_b15_b16_papers_are_taken_in() {
    let plan = plan("bijie");
    for business in ["enrolment.new", "attribute.tagging", "filing.transfer", "filing.remote"] {
        let closed = closed(&plan, &about(business), BIJIE_CLOSES);
        assert_eq!(closed.disposition, Disposition::RegisterLater, "{business}");
    }
}

#[test]
fn b20_b21_legacy_costs_run_off_in_autumn() {
    let plan = plan("bijie");
    let due = |id: &str| {
        let duty = plan.duties.iter().find(|duty| duty.id == id).unwrap();
        plan.moment_of(&duty.deadline.as_ref().unwrap().due, &national_calendar()).unwrap()
    };
    assert_eq!(due("tell-inpatients"), at("2021-07-08 00:00:00"));
    assert_eq!(due("convert-to-self-pay"), at("2021-07-09 20:00:00"));
    assert_eq!(due("claim-legacy-costs"), at("2021-10-01 00:00:00"));
    assert_eq!(due("pay-legacy-costs"), at("2021-12-01 00:00:00"));
}

#[test]
fn b28_a_refusal_gives_the_number_of_the_county_for_the_scheme() {
    let plan = plan("bijie");
    for (county, scheme, telephone) in [
        (Some("520502"), Insurance::Employee, "0857-8947068"),
        (Some("520521"), Insurance::Resident, "0857-5763868"),
        (Some("520581"), Insurance::Employee, "0857-4246146"),
        (Some("520522"), Insurance::Resident, "0857-4248290"), // 黔西 before 2021
        (Some("520523"), Insurance::Employee, "0857-7251371"),
        (Some("520524"), Insurance::Resident, "0857-7140283"),
        (Some("520525"), Insurance::Employee, "0857-3521742"),
        (Some("520526"), Insurance::Resident, "0857-6232046"),
        (Some("520527"), Insurance::Employee, "0857-3228868"),
        (Some("520528"), Insurance::Resident, "0857-2217501"),
        (Some("520529"), Insurance::Employee, "0857-8467266"),
        (Some("520599"), Insurance::Resident, "0857-8245518"),
        (Some("510402"), Insurance::Employee, "0857-8296182"), // from elsewhere: the city's number
        (None, Insurance::Employee, "0857-8296182"),
    ] {
        let mut question = about("settlement.outpatient.ordinary");
        question.county = county.map(str::to_owned);
        question.scheme = Some(scheme);
        let refusal = closed(&plan, &question, BIJIE_CLOSES).refusal();
        assert!(refusal.text.contains(telephone), "{county:?}: {}", refusal.text);
        assert!(refusal.advice.unwrap().contains(telephone));
    }
}

// ── 攀枝花 ───────────────────────────────────────────────────────────────────

const PANZHIHUA_CLOSES: &str = "2020-09-11 00:00:00";
const PANZHIHUA_REOPENS: &str = "2020-09-21 00:00:00";

fn of_scheme(business: &str, scheme: Insurance) -> Question {
    let mut question = about(business);
    question.scheme = Some(scheme);
    question
}

#[test]
fn p00_everything_closes_with_the_eleventh_and_reopens_at_the_end_of_the_twentieth() {
    let plan = plan("panzhihua");
    for business in [
        "settlement.pharmacy",
        "settlement.outpatient.ordinary",
        "settlement.outpatient.special",
        "settlement.outpatient.two_diseases",
        "settlement.outpatient.special_drug",
        "settlement.outpatient.maternity",
        "settlement.inpatient",
        "settlement.inpatient.maternity",
        "encounter.admission",
        "encounter.fees",
        "encounter.discharge",
        "filing.special_disease",
        "filing.designated",
        "filing.remote",
        "catalogue.mapping",
        "clearing.reconcile",
        "enrolment.new",
        "enrolment.renewal",
        "reimbursement.manual",
        "disbursement.person",
        "attribute.tagging",
        "hall",
        "account.use",
    ] {
        check_window(&plan, &about(business), PANZHIHUA_CLOSES, PANZHIHUA_REOPENS);
    }
}

#[test]
fn p01_p02_contributions_close_at_five_and_reopen_before_the_rest() {
    let plan = plan("panzhihua");
    for business in ["contribution.employee", "contribution.resident"] {
        check_window(&plan, &about(business), "2020-09-10 17:00:00", "2020-09-18 08:00:00");
    }
}

#[test]
fn p04_no_way_back_is_promised_for_cash_instead_of_the_account() {
    let plan = plan("panzhihua");
    let employee = of_scheme("settlement.outpatient.ordinary", Insurance::Employee);
    for question in [about("settlement.pharmacy"), employee] {
        let closed = closed(&plan, &question, PANZHIHUA_CLOSES);
        assert_eq!(closed.disposition, Disposition::NoRoute);
        assert_eq!(closed.clauses, ["P-04"]);
        check_window(&plan, &question, PANZHIHUA_CLOSES, PANZHIHUA_REOPENS);
    }
}

#[test]
fn p05_special_disease_settlement_stays_closed_until_the_whole_system_is_back() {
    let plan = plan("panzhihua");
    let question = about("settlement.outpatient.special");
    for now in ["2020-09-14 23:59:59", "2020-09-15 00:00:00", "2020-09-20 23:59:59"] {
        assert_eq!(closed(&plan, &question, now).disposition, Disposition::CashReenter);
    }
    let rule = plan.rules.iter().find(|rule| rule.id == "outpatient-special").unwrap();
    assert!(rule.reading.as_ref().unwrap().contains("14日"));
    let supply = plan.supplies.iter().find(|supply| supply.id == "special-disease-supply").unwrap();
    assert_eq!(supply.lasts_until.unwrap().to_string(), "2020-12-31");
    let (first, last) = supply.ends_between.unwrap();
    assert_eq!((first.to_string(), last.to_string()), ("2020-09-11".to_owned(), "2020-09-14".to_owned()));
}

#[test]
fn p06_p07_p08_p09_cash_is_re_entered_within_ten_working_days() {
    let plan = plan("panzhihua");
    let resident = of_scheme("settlement.outpatient.ordinary", Insurance::Resident);
    let others = ["special", "two_diseases", "special_drug", "maternity"];
    let others = others.map(|kind| about(&format!("settlement.outpatient.{kind}")));
    for question in others.into_iter().chain([resident]) {
        let closed = closed(&plan, &question, PANZHIHUA_CLOSES);
        assert_eq!(closed.disposition, Disposition::CashReenter, "{}", question.business);
        let ends = plan.moment_of(&closed.deadline.unwrap().due, &national_calendar());
        assert_eq!(ends, Some(at("2020-10-10 00:00:00")));
        check_window(&plan, &question, PANZHIHUA_CLOSES, PANZHIHUA_REOPENS);
    }
}

#[test]
fn p11_discharged_persons_are_called_within_ten_working_days() {
    let plan = plan("panzhihua");
    let closed = closed(&plan, &about("settlement.inpatient"), PANZHIHUA_CLOSES);
    assert_eq!(closed.disposition, Disposition::DeferSettlement);
    let ends = plan.moment_of(&closed.deadline.unwrap().due, &national_calendar());
    assert_eq!(ends, Some(at("2020-10-10 00:00:00")));
}

#[test]
fn p13_p17_what_needs_no_system_stays_open() {
    let plan = plan("panzhihua");
    for business in ["filing.transfer", "approval.consumable", "approval.treatment_item", "complaint", "policy_advice"]
    {
        check_always_open(&plan, &about(business));
    }
    for business in ["filing.special_disease", "filing.special_drug"] {
        let mut question = about(business);
        question.channel = Some(Channel::Agency);
        check_always_open(&plan, &question);
        question.channel = Some(Channel::Hospital);
        check_window(&plan, &question, PANZHIHUA_CLOSES, PANZHIHUA_REOPENS);
    }
}

#[test]
fn p15_care_elsewhere_is_claimed_by_the_end_of_the_year_or_has_no_way_back() {
    let plan = plan("panzhihua");
    let elsewhere = |business: &str, care: &str| {
        let mut question = of_scheme(business, Insurance::Resident);
        question.insured_pool = Some(Pool::new("510400"));
        question.care_pool = Some(Pool::new(care));
        question
    };
    for care in ["510100", "520500"] {
        for business in ["settlement.outpatient.special", "settlement.outpatient.two_diseases"] {
            let closed = closed(&plan, &elsewhere(business, care), PANZHIHUA_CLOSES);
            assert_eq!(closed.disposition, Disposition::CashClaim);
            let ends = plan.moment_of(&closed.deadline.unwrap().due, &national_calendar());
            assert_eq!(ends, Some(at("2021-01-01 00:00:00")));
        }
        for business in ["settlement.pharmacy", "settlement.outpatient.ordinary"] {
            let closed = closed(&plan, &elsewhere(business, care), PANZHIHUA_CLOSES);
            assert_eq!(closed.disposition, Disposition::NoRoute);
        }
        for business in ["settlement.inpatient", "encounter.admission"] {
            let closed = closed(&plan, &elsewhere(business, care), PANZHIHUA_CLOSES);
            assert_eq!(closed.disposition, Disposition::DeferSettlement);
            assert_eq!(closed.clauses, ["P-15"]);
        }
    }
}

#[test]
fn p16_visitors_claim_at_home_and_their_stays_go_on_after() {
    let plan = plan("panzhihua");
    let visitor = |business: &str| {
        let mut question = of_scheme(business, Insurance::Employee);
        question.insured_pool = Some(Pool::new("520500"));
        question.care_pool = Some(Pool::new("510400"));
        question
    };
    for business in ["settlement.pharmacy", "settlement.outpatient.ordinary", "settlement.outpatient.special"] {
        let closed = closed(&plan, &visitor(business), PANZHIHUA_CLOSES);
        assert_eq!((closed.disposition, closed.clauses[0].as_str()), (Disposition::CashClaim, "P-16"));
        check_window(&plan, &visitor(business), PANZHIHUA_CLOSES, PANZHIHUA_REOPENS);
    }
    for business in ["settlement.inpatient", "encounter.admission", "encounter.fees"] {
        let closed = closed(&plan, &visitor(business), PANZHIHUA_CLOSES);
        assert_eq!((closed.disposition, closed.clauses[0].as_str()), (Disposition::DeferSettlement, "P-16"));
    }
}

#[test]
fn p19_enrolment_is_refused_while_other_papers_are_taken_in() {
    let plan = plan("panzhihua");
    let disposition = |business: &str| closed(&plan, &about(business), PANZHIHUA_CLOSES).disposition;
    assert_eq!(disposition("enrolment.new"), Disposition::Refuse);
    assert_eq!(disposition("attribute.tagging"), Disposition::RegisterLater); // P-18
    assert_eq!(disposition("reimbursement.remote"), Disposition::RegisterLater); // P-14
    assert_eq!(disposition("encounter.admission"), Disposition::AdmitOnStatement); // P-23
}

#[test]
fn p26_holding_a_debtors_benefits_is_off_by_default() {
    assert!(!plan("panzhihua").switches.hold_debtor_benefits);
    assert!(plan("panzhihua").switches.review_clock_stops);
}

// ── what is said ─────────────────────────────────────────────────────────────

#[test]
fn every_refusal_fits_into_its_field_and_names_business_times_and_remedy() {
    for plan in [plan("bijie"), plan("panzhihua")] {
        let now = plan.window.closes.at;
        for business in plan.names.keys() {
            for scheme in [None, Some(Insurance::Employee), Some(Insurance::Resident)] {
                let mut question = Question::about(business.clone());
                question.scheme = scheme;
                let Some(refusal) = decide(std::slice::from_ref(&plan), &question, now).refusal() else { continue };
                assert!(refusal.text.chars().count() <= 180, "{}", refusal.text);
                assert!(refusal.text.starts_with(plan.name_of(business)), "{}", refusal.text);
                assert!(refusal.text.contains("起停办") && refusal.text.contains("恢复"), "{}", refusal.text);
                assert!(!refusal.text.contains('…'), "advice is whole: {}", refusal.text);
            }
        }
    }
}
