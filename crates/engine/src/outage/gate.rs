//! The gate (停办闸口): is this business open now, for this person and provider?
//!
//! Gathers what a plan may name (scheme, population, county, …) and asks `yibao_domain::outage`.
//! The clock of the gate is that of recording; what the clock of care says is asked next, in `outage::care`.

use crate::call::{Call, Stop};
use crate::facts::care_kind::word;
use crate::facts::question;
use crate::outage::care;
use crate::outage::subject::{self, Subject};
use crate::policies::Policies;
use yibao_domain::outage::{self, Business, Closed, Question, Verdict};
use yibao_domain::refusal::Refusal;
use yibao_domain::settlement::CareKind;
use yibao_store::Tx;

/// The placeholder of the table of transactions where the business depends on the kind of care.
const BY_KIND: &str = "{kind}";

/// The kinds that a visit may turn out to be, the most frequent first.
const OUTPATIENT_KINDS: &[CareKind] = &[
    CareKind::Outpatient,
    CareKind::SpecialDisease,
    CareKind::TwoDisease,
    CareKind::SpecialDrug,
    CareKind::MaternityOutpatient,
];

/// Lets a call pass with remarks on closings that are near, or refuses it: by the plan in force, and then by the rule
/// that governed when the care was given.
///
/// A visit whose care type is not known yet (2201) may go on while any kind of visit is open; where all
/// are closed, the advice is that of the most frequent one.
pub(crate) fn pass(tx: &mut dyn Tx, call: &Call, policies: &Policies) -> Result<Vec<String>, Stop> {
    let plans = policies.plans();
    if plans.iter().all(|plan| plan.pool != policies.pool.pool) {
        return Ok(Vec::new());
    }
    let subject = subject::subject(tx, call)?;
    let questions: Vec<Question> = businesses(call, policies, &subject)
        .into_iter()
        .map(|business| {
            question::about(policies, call.provider.as_deref(), &call.insuplc_admdvs, &subject.asked(), business)
        })
        .collect();
    let mut all_closed = Vec::new();
    for question in &questions {
        match outage::decide(&plans, question, call.now) {
            Verdict::Open { mut remarks } => {
                remarks.extend(care::pass(tx, call, policies, &subject, &questions)?);
                return Ok(remarks);
            }
            Verdict::Closed(closed) => all_closed.push(closed),
        }
    }
    Err(refusal(&all_closed, &subject).into())
}

/// The refusal of what is closed whatever it turns out to be: by the most frequent kind, and by those that the person is certified for
/// where they go another way.
fn refusal(all_closed: &[Box<Closed>], subject: &Subject) -> Refusal {
    let (first, others) = all_closed.split_first().expect("a call has a business");
    let refusal = first.refusal();
    let codes = subject.person.iter().flat_map(|facts| facts.special_diseases_on(subject.day));
    // A disease has one letter, a drug two.
    let letters: Vec<usize> = codes.map(|code| code.bytes().take_while(u8::is_ascii_uppercase).count()).collect();
    let is_theirs = |closed: &Closed| match closed.business.as_str() {
        "settlement.outpatient.special" => letters.contains(&1),
        "settlement.outpatient.special_drug" => letters.contains(&2),
        _ => false,
    };
    let besides = others.iter().filter(|closed| is_theirs(closed) && closed.advice != first.advice);
    let told: String = besides.map(|closed| format!("{}：{}", closed.business_name, closed.advice)).collect();
    match refusal.advice.clone() {
        _ if told.is_empty() => refusal,
        Some(advice) => refusal.advise(advice + &told),
        None => refusal.advise(told),
    }
}

/// The dotted name of the business, with the kind of care where the table has a place for it; of a visit
/// whose care type is not known, all names that it may turn out to have.
fn businesses(call: &Call, policies: &Policies, subject: &Subject) -> Vec<Business> {
    let row =
        policies.tables.transaction(&call.infno).expect("an offered transaction is in the table").business.as_str();
    let kind = subject.kind(policies);
    let named = |name: &str| Business::new(name).expect("the table's businesses are dotted names");
    match kind {
        Some(CareKind::MaternityInpatient) if row == "settlement.inpatient" => {
            vec![named("settlement.inpatient.maternity")]
        }
        // A supplier of special drugs is a pharmacy whose sales go by the rules of special drugs (P-07).
        Some(CareKind::SpecialDrug) if row == "settlement.pharmacy" => {
            vec![named("settlement.outpatient.special_drug")]
        }
        Some(kind) => vec![named(&row.replace(BY_KIND, word(kind)))],
        None if row.contains(BY_KIND) => {
            OUTPATIENT_KINDS.iter().map(|kind| named(&row.replace(BY_KIND, word(*kind)))).collect()
        }
        None => vec![named(row)],
    }
}
