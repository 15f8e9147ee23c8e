//! What the plans are asked (停办问询): whose business, by which scheme, where, for which groups of persons.

use crate::facts::{person, provider, scheme};
use crate::policies::Policies;
use yibao_domain::code::{Pool, Scheme};
use yibao_domain::entitlement::InsuranceRow;
pub(crate) use yibao_domain::outage::area_of_provider as area_of;
use yibao_domain::outage::{
    Business, Channel, Contract, Insurance, Place, Population, Question, Records, RegisterKind,
};
use yibao_domain::register::{Entry, field, question_of};
use yibao_domain::time::{Date, full_years};
use yibao_store::person::{Insurance as Insured, PersonFacts};
use yibao_store::reference::Provider;
use yibao_store::{Fault, Tx};

/// Whose business it is: by which scheme, and on which day of care.
pub(crate) struct Asked<'a> {
    pub insutype: &'a str,
    pub person: Option<&'a PersonFacts>,
    pub day: Date,
}

/// The question whether a business is open for this person, at this provider if at any; `insuplc_admdvs` is where the person
/// is insured as the sender believes, empty for here.
pub(crate) fn about(
    policies: &Policies,
    provider: Option<&Provider>,
    insuplc_admdvs: &str,
    asked: &Asked<'_>,
    business: Business,
) -> Question {
    let scheme = scheme::scheme_of(asked.insutype).ok();
    let row = asked.person.and_then(|facts| person::insurance_on(facts, asked.insutype, asked.day));
    let insured_county = row.map(|row| row.insuplc_admdvs.clone());
    // An area that no rules know is elsewhere all the same; what is no area's code is not said.
    let insured_pool = match policies.rules.pool_of_area(insuplc_admdvs) {
        Some(pool) => Some(pool.pool.clone()),
        None if insuplc_admdvs.len() == 6 => Some(Pool::new(insuplc_admdvs)),
        None => None,
    };
    let mut question = Question {
        care_pool: Some(policies.pool.pool.clone()),
        insured_pool: insured_pool.or_else(|| Some(policies.pool.pool.clone())),
        scheme: Insurance::of_insutype(asked.insutype),
        channel: provider.map(channel),
        provider: provider.map(|provider| provider.fixmedins_code.clone()),
        county: provider.map(|provider| provider.admdvs.clone()).or_else(|| insured_county.clone()),
        insured_county,
        ..Question::about(business)
    };
    tell_provider(&mut question, provider);
    match asked.person {
        Some(facts) => tell_person(&mut question, facts, row, scheme, asked.day),
        None => question.populations = Population::of(scheme, "", &[]),
    }
    question
}

/// What is asked about a provider alone.
pub(crate) fn at_provider(fixmedins_code: &str, provider: Option<&Provider>, business: Business) -> Question {
    let mut question = Question {
        provider: Some(fixmedins_code.to_owned()),
        channel: provider.map(channel),
        county: provider.map(|provider| provider.admdvs.clone()),
        ..Question::about(business)
    };
    tell_provider(&mut question, provider);
    question
}

/// What is asked about settling the care that papers are about, which are taken in elsewhere: by the provider that gave it.
pub(crate) fn of_care(
    tx: &mut dyn Tx,
    papers: &Question,
    provider: &str,
    business: Business,
) -> Result<Question, Fault> {
    let mut question = Question { business, ..papers.clone() };
    let record = tx.provider(provider)?;
    question.is_at(provider);
    if let Some(record) = &record {
        question.county = Some(record.admdvs.clone());
    }
    tell_provider(&mut question, record.as_ref());
    Ok(question)
}

/// What the provider's record says.
fn tell_provider(question: &mut Question, provider: Option<&Provider>) {
    let Some(record) = provider else { return };
    let Records { level, contracts, .. } = of_provider(record);
    (question.records.level, question.records.contracts) = (level, contracts);
}

/// What the records say of a provider alone.
pub(crate) fn of_provider(record: &Provider) -> Records {
    let known = provider::of(record);
    Records {
        // Levels are those of hospitals: a pharmacy is of none, however its deductible is reckoned.
        level: (channel(record) == Channel::Hospital).then_some(known.level),
        contracts: if known.supplies_special_drugs { vec![Contract::SpecialDrugs] } else { Vec::new() },
        ..Records::default()
    }
}

/// What the person's records say on a day, `row` being the insurance that is asked about.
fn tell_person(question: &mut Question, facts: &PersonFacts, row: Option<&Insured>, scheme: Option<Scheme>, day: Date) {
    let held = |begin: Date, end: Option<Date>| begin <= day && end.is_none_or(|end| day <= end);
    let records = &mut question.records;
    let attributes = facts.attributes.iter().filter(|row| held(row.begndate, row.enddate));
    records.attributes = attributes.map(|row| row.psn_idet_type.clone()).collect();
    records.diseases = facts.special_diseases_on(day).map(str::to_owned).collect();
    records.age = facts.person.brdy.map(|born| full_years(born, day));
    if let Some(row) = row {
        records.person_type.clone_from(&row.psn_type);
        records.employer.clone_from(&row.emp_name);
        records.civil_servant = row.cvlserv_flag;
    }
    question.populations = Population::of(scheme, &records.person_type, &records.attributes);
}

/// What a plan is asked about a row of somebody's insurance.
pub(crate) fn of_insurance(policies: &Policies, facts: &PersonFacts, row: &InsuranceRow) -> Question {
    let scheme = Scheme::of_insutype(&row.insutype);
    let mut question = Question {
        care_pool: Some(policies.pool.pool.clone()),
        insured_pool: Some(policies.pool.pool.clone()),
        scheme: scheme.map(Insurance::from),
        county: Some(row.insured_area.clone()),
        ..Question::about(Business::named("enrolment"))
    };
    let insured = person::insurance_on(facts, &row.insutype, row.begin);
    tell_person(&mut question, facts, insured, scheme, row.begin);
    question
}

fn channel(provider: &Provider) -> Channel {
    if provider.fixmedins_code.starts_with('P') { Channel::Pharmacy } else { Channel::Hospital }
}

/// What the plan is asked about an entry that is taken down now: what it tells itself, with what the records say of provider and
/// person.
pub(crate) fn of_statement(
    policies: &Policies,
    entry: &Entry,
    provider: Option<&Provider>,
    facts: Option<&PersonFacts>,
) -> Question {
    let mut question = of_entry(policies, entry, facts);
    tell_provider(&mut question, provider);
    question
}

/// The same of an entry that is there: its provider's level is that of then.
pub(crate) fn of_entry(policies: &Policies, entry: &Entry, facts: Option<&PersonFacts>) -> Question {
    let mut question = question_of(entry, &policies.pool.pool);
    // Papers say where the care was, by its provider or by themselves.
    question.place = area_of(entry.place())
        .map(|area| match policies.covers(area) {
            true => Place::Local,
            false if area.get(..2) == policies.pool.pool.as_str().get(..2) => Place::InProvince,
            false => Place::Remote,
        })
        .filter(|place| *place != Place::Local || entry.kind == RegisterKind::Papers)
        .or(field::CARE_PLACE.of(entry));
    let day = entry.care_from.date();
    if let Some(facts) = facts {
        let insutype = field::INSUTYPE.of(entry);
        let row = match insutype {
            // What was asked when it was taken down is asked again.
            "" => {
                let asked = question.scheme;
                let is_basic = |row: &Insured| Scheme::of_insutype(&row.insutype).is_some();
                let is_asked = |row: &Insured| is_basic(row) && asked == Insurance::of_insutype(&row.insutype);
                person::insurance_that(facts, day, is_asked).or_else(|| person::basic_insurance(facts, day))
            }
            stated => person::insurance_that(facts, day, |row| row.insutype == stated),
        };
        if let Some(row) = row {
            if let Some(pool) = policies.rules.pool_of_area(&row.insuplc_admdvs) {
                question.insured_pool = Some(pool.pool.clone());
            }
            question.insured_county = Some(row.insuplc_admdvs.clone());
            question.scheme = question.scheme.or_else(|| Insurance::of_insutype(&row.insutype));
        }
        let scheme = row.and_then(|row| scheme::scheme_of(&row.insutype).ok());
        tell_person(&mut question, facts, row, scheme, day);
    }
    // Where the statement says that the person is insured elsewhere, it is so.
    let stated = field::INSUPLC_ADMDVS.of(entry);
    if !stated.is_empty() {
        let pool = policies.rules.pool_of_area(stated).map(|known| known.pool.clone());
        question.insured_pool = Some(pool.unwrap_or_else(|| Pool::new(stated)));
    }
    // B-11: who shows a paper certificate is treated as what it certifies, until the backfill verifies it.
    if entry.rests_on_certificate() && !question.populations.contains(&Population::RegisteredPoor) {
        question.populations.push(Population::RegisteredPoor);
    }
    question
}

/// Whether the code is that of a provider outside the pool, which has no account here: the agency keeps its lists (B-05).
pub(crate) fn is_elsewhere(policies: &Policies, code: &str) -> bool {
    area_of(code).is_some_and(|area| !policies.covers(area))
}
