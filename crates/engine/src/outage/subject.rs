//! What a call is about (办理对象), as far as a plan may ask: kind of care, scheme, person, visit or stay, day of care.

use crate::call::{Call, Stop};
use crate::facts::question::Asked;
use crate::facts::{care_kind, person};
use crate::policies::Policies;
use yibao_domain::code::Scheme;
use yibao_domain::outage::Business;
use yibao_domain::settlement::CareKind;
use yibao_domain::time::{Date, DateTime};
use yibao_store::Tx;
use yibao_store::encounter::{Encounter, Setting};
use yibao_store::person::PersonFacts;

/// What the call says about itself, as far as a plan may ask.
pub(crate) struct Subject {
    pub med_type: String,
    pub insutype: String,
    pub person: Option<PersonFacts>,
    /// The visit or stay that the message names.
    pub encounter: Option<Encounter>,
    /// When the care begins, as the message states it, else as its encounter does.
    pub begins: Option<DateTime>,
    /// The day of care; where there is none, of the call.
    pub day: Date,
}

impl Subject {
    pub fn asked(&self) -> Asked<'_> {
        Asked { insutype: &self.insutype, person: self.person.as_ref(), day: self.day }
    }

    /// The kind of care, where the call or its encounter says it.
    pub fn kind(&self, policies: &Policies) -> Option<CareKind> {
        care_kind::kind_of(policies, &self.med_type).ok()
    }
}

/// The visit or person that the message names, if any node names one.
pub(crate) fn subject(tx: &mut dyn Tx, call: &Call) -> Result<Subject, Stop> {
    let named = |field: &str| {
        let nodes = call.input.names().flat_map(|name| call.input.nodes(name));
        nodes.map(|fields| fields.text(field)).find(|text| !text.is_empty()).unwrap_or("").to_owned()
    };
    let mut subject = Subject {
        med_type: named("med_type"),
        insutype: named("insutype"),
        person: None,
        encounter: None,
        begins: stated_begin(call)?,
        day: call.now.date(),
    };
    let mut psn_no = named("psn_no");
    if let Some(encounter) = tx.encounter(&named("mdtrt_id"))? {
        subject.begins = subject.begins.or(Some(encounter.begntime));
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
    if let Some(begins) = subject.begins {
        subject.day = begins.date();
    }
    if !psn_no.is_empty() {
        subject.person = tx.person_facts(&psn_no, &[])?;
    }
    if subject.insutype.is_empty()
        && let Some(facts) = &subject.person
        && let Some(row) = person::basic_insurance(facts, subject.day)
        && Scheme::of_insutype(&row.insutype).is_some()
    {
        subject.insutype = row.insutype.clone();
    }
    Ok(subject)
}

/// When the care begins, of a message that states it.
fn stated_begin(call: &Call) -> Result<Option<DateTime>, Stop> {
    let node = match call.infno.as_str() {
        "2101" | "2102" => "druginfo",
        "2201" => "data",
        "2203" | "2203A" | "2401" => "mdtrtinfo",
        _ => return Ok(None),
    };
    let stated = call.input.nodes(node).first().map(|fields| fields.moment("begntime"));
    Ok(stated.transpose()?.flatten())
}

impl Subject {
    /// The business of settling the stay that the call is about.
    pub fn stays_business(&self, policies: &Policies) -> Business {
        business_of_stay(policies, &self.med_type)
    }
}

/// The business of settling a stay of this 医疗类别.
pub(crate) fn business_of_stay(policies: &Policies, med_type: &str) -> Business {
    let kind = care_kind::kind_of(policies, med_type).ok().filter(|kind| kind.is_stay());
    care_kind::settlement_business(Setting::Inpatient, kind.unwrap_or(CareKind::Inpatient))
}
