//! What a care type is here, and whether a person is entitled on the day of care.

use crate::call::Stop;
use crate::desk::Desk;
use crate::{fees, person};
use yibao_domain::entitlement::{self, Entitled, InsuranceRow};
use yibao_domain::refusal::{Code, Refusal};
use yibao_domain::settlement::CareKind;
use yibao_domain::time::Date;
use yibao_store::person::PersonFacts;

/// The kind of a `med_type`, by the national table of care types.
pub(crate) fn kind_of(desk: &Desk, med_type: &str) -> Result<CareKind, Stop> {
    desk.rules.care_kind(med_type).ok_or_else(|| {
        Refusal::new(
            Code::NotProvided,
            format!("医疗类别 med_type {med_type} 未开通结算；可用的医疗类别见 /docs/interface/codes/med_type"),
        )
        .into()
    })
}

/// A person's insurance rows in this pool, as the domain reads them.
pub(crate) fn rows(facts: &PersonFacts, desk: &Desk) -> Vec<InsuranceRow> {
    facts
        .insurances
        .iter()
        .filter(|row| desk.covers(&row.insuplc_admdvs))
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
    desk: &Desk,
) -> Result<Entitled<'a>, Stop> {
    let rules = desk.rules_on(day);
    let basic = fees::scheme_of(insutype)?.insutype();
    if rows.iter().all(|row| row.insutype != basic)
        && let Some(elsewhere) = person::insurance_on(facts, basic, day)
    {
        return Err(person::insured_in(&elsewhere.insuplc_admdvs, desk).into());
    }
    Ok(entitlement::judge(rows, Some(basic), day, facts.person.brdy, &rules)?)
}

/// Refuses a person who is not entitled by `insutype` on `day`.
pub(crate) fn on_day(facts: &PersonFacts, insutype: &str, day: Date, desk: &Desk) -> Result<(), Stop> {
    judge(&rows(facts, desk), facts, insutype, day, desk).map(|_| ())
}
