//! What a clause asks of somebody, where no call of a provider shows it: who must, what kind of duty it is, which register
//! keeps it. Expected is what the notices say.

#![expect(clippy::unwrap_used, reason = "helpers of tests may stop")]

use yibao_domain::outage::{Actor, DutyKind, Evidence, Plan, Protection, RegisterKind};
use yibao_policy::plan::{SHIPPED, read};

fn plan(id: &str) -> Plan {
    let (_, text) = SHIPPED.iter().find(|(name, _)| name.contains(id)).unwrap();
    read(text).unwrap()
}

/// The one duty of a clause: its kind, who must, the business, and the register that keeps it.
#[track_caller]
fn check(id: &str, clause: &str, kind: DutyKind, who: &[Actor], business: &str, register: Option<RegisterKind>) {
    let plan = plan(id);
    let mut of_clause = plan.duties.iter().filter(|duty| duty.clauses.iter().any(|own| own == clause));
    let duty = of_clause.next().unwrap();
    assert_eq!(of_clause.next(), None, "{clause} has one duty");
    let businesses: Vec<String> = duty.businesses.iter().map(|pattern| pattern.to_string()).collect();
    assert_eq!((duty.kind, duty.who.as_slice(), duty.register()), (kind, who, register), "{clause}");
    assert_eq!(businesses.join(" "), business, "{clause}");
}

#[test]
fn b03_both_sides_clear_earlier_costs_in_the_old_system() {
    check("bijie", "B-03", DutyKind::RunOff, &[Actor::Provider, Actor::Agency], "clearing", None);
    assert!(plan("bijie").systems.iter().any(|system| system.id == "legacy"));
}

#[test]
fn b18_hospitals_call_who_left_unsettled_and_keep_what_was_said() {
    let register = Some(RegisterKind::DeferredDischarge);
    check("bijie", "B-18", DutyKind::Call, &[Actor::Hospital], "settlement.inpatient", register);
}

#[test]
fn b19_hospitals_guide_outpatients_as_ever() {
    check("bijie", "B-19", DutyKind::Guide, &[Actor::Hospital], "settlement.outpatient", None);
}

#[test]
fn b23_network_faults_are_reported_and_kept_until_they_are_mended() {
    let register = Some(RegisterKind::Incident);
    check("bijie", "B-23", DutyKind::Report, &[Actor::Provider, Actor::Agency], "", register);
}

#[test]
fn b25_settlements_are_watched_by_agency_provider_and_insurer() {
    let who = [Actor::Agency, Actor::Provider, Actor::Insurer];
    check("bijie", "B-25", DutyKind::Monitor, &who, "settlement", None);
}

#[test]
fn b26_remote_care_is_filed_and_shown_by_one_of_three_credentials() {
    check("bijie", "B-26", DutyKind::Guide, &[Actor::All], "settlement", None);
    let plan = plan("bijie");
    let duty = plan.duties.iter().find(|duty| duty.clauses.iter().any(|clause| clause == "B-26")).unwrap();
    let credentials = [Evidence::IdCard, Evidence::SocialSecurityCard, Evidence::ElectronicVoucher];
    assert_eq!(duty.evidence[0].any_of, credentials.map(|one| vec![one]));
}

#[test]
fn b27_no_hospital_refuses_anybody() {
    check("bijie", "B-27", DutyKind::Check, &[Actor::Hospital], "encounter", None);
}

#[test]
fn p03_who_paid_late_because_of_the_stop_waits_for_no_benefit() {
    check("panzhihua", "P-03", DutyKind::Remedy, &[Actor::Agency], "contribution", None);
    let plan = plan("panzhihua");
    assert!(plan.switches.late_payment_forgiven);
    let promise = plan.hold_harmless.iter().find(|promise| promise.clauses.iter().any(|clause| clause == "P-03"));
    assert_eq!(promise.unwrap().protects, [Protection::WaitingPeriod]);
}

#[test]
fn p14_remote_claims_are_taken_in_and_the_clock_of_their_review_stands_still() {
    let register = Some(RegisterKind::Papers);
    check("panzhihua", "P-14", DutyKind::Register, &[Actor::Agency], "reimbursement.remote", register);
    assert!(plan("panzhihua").switches.review_clock_stops);
}

#[test]
fn p21_p22_who_can_wait_or_be_an_outpatient_is_not_admitted() {
    for clause in ["P-21", "P-22"] {
        check("panzhihua", clause, DutyKind::Check, &[Actor::Hospital], "encounter.admission", None);
    }
}

#[test]
fn p25_no_bed_is_kept_because_a_discharge_cannot_be_settled() {
    check("panzhihua", "P-25", DutyKind::Check, &[Actor::Hospital], "encounter.discharge", None);
}

#[test]
fn p27_persons_show_their_card_state_prepay_and_leave_a_number() {
    check("panzhihua", "P-27", DutyKind::Guide, &[Actor::Person], "encounter", None);
    let plan = plan("panzhihua");
    let duty = plan.duties.iter().find(|duty| duty.clauses.iter().any(|clause| clause == "P-27")).unwrap();
    let asked: Vec<&[Vec<Evidence>]> = duty.evidence.iter().map(|requirement| requirement.any_of.as_slice()).collect();
    let card: &[Vec<Evidence>] = &[vec![Evidence::SocialSecurityCard], vec![Evidence::ResidentCard]];
    let rest = [vec![Evidence::Statement], vec![Evidence::Prepayment], vec![Evidence::Telephone]];
    assert_eq!(asked[0], card);
    assert_eq!(asked[1..].concat(), rest);
}
