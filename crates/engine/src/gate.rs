//! The gate (停办闸口): is this business open now, for this person and provider?
//!
//! Gathers what a plan may name (scheme, population, county, …) and asks `yibao_domain::outage`.
//! The clock of the gate is that of recording, not that of care.

use crate::call::{Call, Stop};
use crate::desk::Desk;
use crate::settlement::entitled;
use yibao_domain::code::Scheme;
use yibao_domain::outage::{self, Business, Channel, Insurance, Population, Question, Verdict};
use yibao_domain::person;
use yibao_domain::settlement::CareKind;
use yibao_domain::time::Date;
use yibao_store::Tx;
use yibao_store::person::PersonFacts;

/// The placeholder of the table of transactions where the business depends on the kind of care.
const BY_KIND: &str = "{kind}";

/// Lets a call pass with remarks on closings that are near, or refuses it by the plan in force.
pub(crate) fn pass(tx: &mut dyn Tx, call: &Call, desk: &Desk) -> Result<Vec<String>, Stop> {
    if desk.plans.iter().all(|plan| plan.pool != desk.pool.pool) {
        return Ok(Vec::new());
    }
    let question = question(tx, call, desk)?;
    match outage::decide(&desk.plans, &question, call.now) {
        Verdict::Open { remarks } => Ok(remarks),
        Verdict::Closed(closed) => Err(closed.refusal().into()),
    }
}

/// What the call says about itself, as far as a plan may ask.
struct Subject {
    med_type: String,
    insutype: String,
    person: Option<PersonFacts>,
    day: Date,
}

fn question(tx: &mut dyn Tx, call: &Call, desk: &Desk) -> Result<Question, Stop> {
    let subject = subject(tx, call)?;
    let scheme = Scheme::of_insutype(&subject.insutype);
    let row = subject.person.as_ref().and_then(|facts| {
        let entitling = facts.insurances.iter().filter(|row| row.insutype == subject.insutype);
        entitling.max_by_key(|row| row.begndate).cloned()
    });
    let county = row.as_ref().map_or(&call.provider.admdvs, |row| &row.insuplc_admdvs);
    let insured_pool = desk.rules.pool_of_area(&call.insuplc_admdvs).map(|pool| pool.pool.clone());
    Ok(Question {
        care_pool: Some(desk.pool.pool.clone()),
        insured_pool: insured_pool.or_else(|| Some(desk.pool.pool.clone())),
        scheme: scheme.map(Insurance::from),
        populations: populations(&subject, scheme, row.as_ref().map_or("", |row| row.psn_type.as_str())),
        channel: Some(if call.provider.fixmedins_code.starts_with('P') {
            Channel::Pharmacy
        } else {
            Channel::Hospital
        }),
        provider: Some(call.provider.fixmedins_code.clone()),
        county: Some(county.clone()),
        ..Question::about(business(call, desk, &subject))
    })
}

/// The visit or person that the message names, if any node names one.
fn subject(tx: &mut dyn Tx, call: &Call) -> Result<Subject, Stop> {
    let named = |field: &str| {
        let nodes = call.input.names().flat_map(|name| call.input.nodes(name));
        nodes.map(|fields| fields.text(field)).find(|text| !text.is_empty()).unwrap_or("").to_owned()
    };
    let mut subject =
        Subject { med_type: named("med_type"), insutype: named("insutype"), person: None, day: call.now.date() };
    let mut psn_no = named("psn_no");
    if let Some(encounter) = tx.encounter(&named("mdtrt_id"))? {
        subject.day = encounter.begntime.date();
        if subject.med_type.is_empty() {
            subject.med_type = encounter.med_type;
        }
        if subject.insutype.is_empty() {
            subject.insutype = encounter.insutype;
        }
        psn_no = encounter.psn_no;
    }
    if !psn_no.is_empty() {
        subject.person = tx.person_facts(&psn_no, &[])?;
    }
    Ok(subject)
}

/// The dotted name of the business, with the kind of care where the table has a place for it. A visit
/// whose care type is not known yet is asked for by the name above.
fn business(call: &Call, desk: &Desk, subject: &Subject) -> Business {
    let row = desk.tables.transaction(&call.infno).map_or("query.record", |row| row.business.as_str());
    let name = match entitled::kind_of(desk, &subject.med_type) {
        _ if !row.contains(BY_KIND) => row.to_owned(),
        Ok(kind) => row.replace(BY_KIND, word(kind)),
        Err(_) => row.replace(".{kind}", ""),
    };
    let stays = name == "settlement.inpatient";
    match entitled::kind_of(desk, &subject.med_type) {
        Ok(CareKind::MaternityInpatient) if stays => Business::named("settlement.inpatient.maternity"),
        _ => Business::new(&name).unwrap_or_else(|| Business::named("query.record")),
    }
}

/// The last word of an outpatient business.
fn word(kind: CareKind) -> &'static str {
    match kind {
        CareKind::SpecialDisease => "special",
        CareKind::TwoDisease => "two_diseases",
        CareKind::SpecialDrug => "special_drug",
        CareKind::MaternityOutpatient | CareKind::FamilyPlanning => "maternity",
        CareKind::Outpatient | CareKind::Pharmacy | CareKind::Inpatient | CareKind::MaternityInpatient => "ordinary",
    }
}

fn populations(subject: &Subject, scheme: Option<Scheme>, psn_type: &str) -> Vec<Population> {
    let mut groups = Vec::new();
    if let Some(scheme) = scheme {
        groups.push(match person::Population::of(scheme, psn_type) {
            person::Population::Active => Population::Active,
            person::Population::Retired => Population::Retired,
            person::Population::Adult => Population::Adult,
            person::Population::Minor => Population::StudentChild,
        });
    }
    let attributes = subject.person.iter().flat_map(|facts| &facts.attributes);
    let held = attributes.filter(|row| row.begndate <= subject.day && row.enddate.is_none_or(|end| subject.day <= end));
    if held.into_iter().any(|row| row.psn_idet_type == "2302") {
        groups.push(Population::RegisteredPoor);
    }
    groups
}
