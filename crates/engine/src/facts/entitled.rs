//! What a care type is here, and whether a person is entitled on the day of care.

use crate::call::Stop;
use crate::facts::{person, question, scheme};
use crate::policies::Policies;
use yibao_domain::entitlement::{self, Entitled, InsuranceRow};
use yibao_domain::time::Date;
use yibao_store::person::{Insurance, PersonFacts};

/// A person's insurance rows in this pool, as the domain reads them; breaks that a plan says come from an outage are none.
pub(crate) fn rows(facts: &PersonFacts, policies: &Policies) -> Vec<InsuranceRow> {
    let rows = as_they_are(facts, policies);
    let plans = policies.plans();
    let own = plans.iter().filter(|plan| plan.pool == policies.pool.pool && !plan.continuities.is_empty());
    let whose = |row: &InsuranceRow| question::of_insurance(policies, facts, row);
    own.fold(rows, |rows, plan| plan.unbroken(rows, whose, &policies.calendar))
}

fn as_they_are(facts: &PersonFacts, policies: &Policies) -> Vec<InsuranceRow> {
    facts
        .insurances
        .iter()
        .filter(|row| policies.covers(&row.insuplc_admdvs))
        .map(|row| InsuranceRow {
            insutype: row.insutype.clone(),
            psn_type: row.psn_type.clone(),
            insured_area: row.insuplc_admdvs.clone(),
            begin: row.begndate,
            end: row.enddate,
            paused_from: row.paused_from,
            continuous_years: u32::try_from(row.continuous_years).unwrap_or(0),
        })
        .collect()
}

/// The entitling row of `insutype` on `day`, or why there is none. Who is insured by it in another pool only
/// is told so.
pub(crate) fn judge<'a>(
    rows: &'a [InsuranceRow],
    facts: &PersonFacts,
    insutype: &str,
    day: Date,
    policies: &Policies,
) -> Result<Entitled<'a>, Stop> {
    let rules = policies.rules_on(day);
    let basic = scheme::scheme_of(insutype)?.insutype();
    if let Some(elsewhere) = insured_elsewhere(facts, policies, basic, day) {
        return Err(person::insured_in(&elsewhere.insuplc_admdvs, policies).into());
    }
    Ok(entitlement::judge(rows, Some(basic), day, facts.person.brdy, &rules)?)
}

/// The insurance of who is insured by a scheme in another pool only.
pub(crate) fn insured_elsewhere<'a>(
    facts: &'a PersonFacts,
    policies: &Policies,
    basic: &str,
    day: Date,
) -> Option<&'a Insurance> {
    let is_here = |row: &Insurance| row.insutype == basic && policies.covers(&row.insuplc_admdvs);
    if facts.insurances.iter().any(is_here) { None } else { person::insurance_on(facts, basic, day) }
}

/// Refuses a person who is not entitled by `insutype` on `day`.
pub(crate) fn on_day(facts: &PersonFacts, insutype: &str, day: Date, policies: &Policies) -> Result<(), Stop> {
    judge(&rows(facts, policies), facts, insutype, day, policies).map(|_| ())
}
