//! What the plans are asked (停办问询): whose business, by which scheme, where, for which groups of persons.

use crate::facts::{person, scheme};
use crate::policies::Policies;
use yibao_domain::code::{Pool, Scheme};
use yibao_domain::entitlement::InsuranceRow;
use yibao_domain::outage::{Business, Channel, Insurance, Place, Population, Question};
use yibao_domain::person::Population as Group;
use yibao_domain::register::{Entry, field, question_of};
use yibao_domain::time::Date;
use yibao_store::person::PersonFacts;
use yibao_store::reference::Provider;

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
    let county = row.map(|row| &row.insuplc_admdvs).or(provider.map(|provider| &provider.admdvs));
    // An area that no rules know is elsewhere all the same; what is no area's code is not said.
    let insured_pool = match policies.rules.pool_of_area(insuplc_admdvs) {
        Some(pool) => Some(pool.pool.clone()),
        None if insuplc_admdvs.len() == 6 => Some(Pool::new(insuplc_admdvs)),
        None => None,
    };
    Question {
        care_pool: Some(policies.pool.pool.clone()),
        insured_pool: insured_pool.or_else(|| Some(policies.pool.pool.clone())),
        scheme: scheme.map(Insurance::from),
        populations: populations(asked, scheme, row.map_or("", |row| row.psn_type.as_str())),
        channel: provider.map(channel),
        provider: provider.map(|provider| provider.fixmedins_code.clone()),
        county: county.cloned(),
        ..Question::about(business)
    }
}

/// What a plan is asked about a row of somebody's insurance.
pub(crate) fn of_insurance(policies: &Policies, facts: &PersonFacts, row: &InsuranceRow) -> Question {
    let scheme = Scheme::of_insutype(&row.insutype);
    let asked = Asked { insutype: &row.insutype, person: Some(facts), day: row.begin };
    Question {
        care_pool: Some(policies.pool.pool.clone()),
        insured_pool: Some(policies.pool.pool.clone()),
        scheme: scheme.map(Insurance::from),
        populations: populations(&asked, scheme, &row.psn_type),
        county: Some(row.insured_area.clone()),
        ..Question::about(Business::named("enrolment"))
    }
}

fn channel(provider: &Provider) -> Channel {
    if provider.fixmedins_code.starts_with('P') { Channel::Pharmacy } else { Channel::Hospital }
}

/// What the plan is asked about an entry: what it tells itself, with the person's groups and pool.
pub(crate) fn of_entry(policies: &Policies, entry: &Entry, facts: Option<&PersonFacts>) -> Question {
    let mut question = question_of(entry, &policies.pool.pool);
    if is_elsewhere(policies, &entry.fixmedins_code) {
        let same_province = entry.admdvs.get(..2) == policies.pool.pool.as_str().get(..2);
        question.place = Some(if same_province { Place::InProvince } else { Place::Remote });
    }
    let day = entry.care_from.date();
    if let Some(facts) = facts {
        let insutype = field::INSUTYPE.of(entry);
        let row = person::insurance_that(facts, day, |row| insutype.is_empty() || row.insutype == insutype);
        if let Some(row) = row {
            if let Some(pool) = policies.rules.pool_of_area(&row.insuplc_admdvs) {
                question.insured_pool = Some(pool.pool.clone());
            }
            if let Ok(scheme) = scheme::scheme_of(&row.insutype) {
                question.scheme = question.scheme.or(Some(scheme.into()));
                question.populations.push(group(Group::of(scheme, &row.psn_type)));
            }
        }
        let held = |begin: Date, end: Option<Date>| begin <= day && end.is_none_or(|end| day <= end);
        if facts.attributes.iter().any(|row| row.psn_idet_type == "2302" && held(row.begndate, row.enddate)) {
            question.populations.push(Population::RegisteredPoor);
        }
    }
    // B-11: who shows a paper certificate is treated as what it certifies, until the backfill verifies it.
    if entry.rests_on_certificate() && !question.populations.contains(&Population::RegisteredPoor) {
        question.populations.push(Population::RegisteredPoor);
    }
    question
}

fn group(population: Group) -> Population {
    match population {
        Group::Active => Population::Active,
        Group::Retired => Population::Retired,
        Group::Adult => Population::Adult,
        Group::Minor => Population::StudentChild,
    }
}

/// The division that a provider's code carries: a letter, six digits of the division, five of its own.
pub(crate) fn area_of(code: &str) -> Option<&str> {
    code.get(1..7).filter(|area| code.len() == 12 && area.bytes().all(|byte| byte.is_ascii_digit()))
}

/// Whether the code is that of a provider outside the pool, which has no account here: the agency keeps its lists (B-05).
pub(crate) fn is_elsewhere(policies: &Policies, code: &str) -> bool {
    area_of(code).is_some_and(|area| !policies.covers(area))
}

fn populations(asked: &Asked<'_>, scheme: Option<Scheme>, psn_type: &str) -> Vec<Population> {
    let mut groups = Vec::new();
    if let Some(scheme) = scheme {
        groups.push(group(Group::of(scheme, psn_type)));
    }
    let attributes = asked.person.into_iter().flat_map(|facts| &facts.attributes);
    let held = attributes.filter(|row| row.begndate <= asked.day && row.enddate.is_none_or(|end| asked.day <= end));
    if held.into_iter().any(|row| row.psn_idet_type == "2302") {
        groups.push(Population::RegisteredPoor);
    }
    groups
}
