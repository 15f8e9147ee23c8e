//! The gate (停办闸口): is this business open now, for this person and provider?
//!
//! Gathers what a plan may name (scheme, population, county, …) and asks `yibao_domain::outage`.
//! The clock of the gate is that of recording; what the clock of care says is asked next, in `backfill::care`.

use crate::call::{Call, Stop};
use crate::facts::care_kind::word;
use crate::facts::question::Asked;
use crate::facts::{care_kind, question, scheme};
use crate::outage::care;
use crate::policies::Policies;
use yibao_domain::outage::{self, Business, Question, Verdict};
use yibao_domain::settlement::CareKind;
use yibao_domain::time::Date;
use yibao_store::Tx;
use yibao_store::encounter::Encounter;
use yibao_store::person::PersonFacts;

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
    let subject = subject(tx, call)?;
    let questions: Vec<Question> = businesses(call, policies, &subject)
        .into_iter()
        .map(|business| question::about(policies, &call.provider, &call.insuplc_admdvs, &subject.asked(), business))
        .collect();
    let mut first_closed = None;
    for question in &questions {
        match outage::decide(&plans, question, call.now) {
            Verdict::Open { remarks } => {
                care::pass(tx, call, policies, &subject, &questions)?;
                return Ok(remarks);
            }
            Verdict::Closed(closed) => first_closed = first_closed.or(Some(closed)),
        }
    }
    Err(first_closed.expect("a call has a business").refusal().into())
}

/// What the call says about itself, as far as a plan may ask.
pub(crate) struct Subject {
    med_type: String,
    insutype: String,
    pub person: Option<PersonFacts>,
    /// The visit or stay that the message names.
    pub encounter: Option<Encounter>,
    day: Date,
}

impl Subject {
    fn asked(&self) -> Asked<'_> {
        Asked { insutype: &self.insutype, person: self.person.as_ref(), day: self.day }
    }

    /// The kind of care, where the call or its encounter says it.
    pub fn kind(&self, policies: &Policies) -> Option<CareKind> {
        care_kind::kind_of(policies, &self.med_type).ok()
    }
}

/// The visit or person that the message names, if any node names one.
fn subject(tx: &mut dyn Tx, call: &Call) -> Result<Subject, Stop> {
    let named = |field: &str| {
        let nodes = call.input.names().flat_map(|name| call.input.nodes(name));
        nodes.map(|fields| fields.text(field)).find(|text| !text.is_empty()).unwrap_or("").to_owned()
    };
    let mut subject = Subject {
        med_type: named("med_type"),
        insutype: named("insutype"),
        person: None,
        encounter: None,
        day: call.now.date(),
    };
    let mut psn_no = named("psn_no");
    if let Some(encounter) = tx.encounter(&named("mdtrt_id"))? {
        subject.day = encounter.begntime.date();
        // 2203 says what the visit is to be from now on; elsewhere the visit is what it was said to be.
        let says_anew = call.infno.starts_with("2203");
        if subject.med_type.is_empty() || !(says_anew || encounter.med_type.is_empty()) {
            subject.med_type.clone_from(&encounter.med_type);
        }
        if subject.insutype.is_empty() {
            subject.insutype.clone_from(&encounter.insutype);
        }
        psn_no.clone_from(&encounter.psn_no);
        subject.encounter = Some(encounter);
    }
    if !psn_no.is_empty() {
        subject.person = tx.person_facts(&psn_no, &[])?;
    }
    if subject.insutype.is_empty()
        && let Some(facts) = &subject.person
        && let Some(row) = facts.insurances.iter().rfind(|row| scheme::basic_scheme(&row.insutype).is_some())
    {
        subject.insutype = row.insutype.clone();
    }
    Ok(subject)
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
