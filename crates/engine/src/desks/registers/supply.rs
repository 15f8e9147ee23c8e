//! Whose supply ends inside the window (P-05, P-07): from the fee lines of special-disease care.
//!
//! A line that states its days of supply (周期天数 `prd_days`) tells the day; the latest day of a person and business
//! counts. Where no line states days, whoever had such care in the sixty days before is listed and the hospital states the day:
//! better a name too many than a person without medicine.

use crate::facts::details::Details;
use crate::facts::question::{self, Asked};
use crate::facts::{EVERY, care_kind};
use crate::policies::Policies;
use crate::register::draft::draft;
use crate::register::problem::NotDone;
use jiff::ToSpan;
use std::collections::BTreeMap;
use yibao_domain::outage::{Business, Plan, RegisterKind, Supply, plan_named};
use yibao_domain::register::{Entry, field, keep_asked_as};
use yibao_domain::settlement::CareKind;
use yibao_domain::time::{Date, DateTime};
use yibao_store::Tx;
use yibao_store::encounter::{EncounterFilter, EncounterState};

/// The longest supply that is looked back for, in days: twelve weeks and some.
const LOOK_BACK_DAYS: i64 = 100;
/// Without a stated day, care of so many days before counts.
const UNSTATED_DAYS: i64 = 60;
/// Days looked through in one go.
const SPAN_DAYS: i64 = 10;

/// Care of one type in some days.
pub(crate) struct Span {
    med_type: String,
    business: Business,
    from: DateTime,
    to: DateTime,
}

/// The latest care of each person and business.
#[derive(Default)]
pub(crate) struct Found(BTreeMap<(String, Business), Last>);

struct Last {
    begun: DateTime,
    fixmedins_code: String,
    insutype: String,
    med_type: String,
    disease: String,
    /// The last day of the supply, where a line states its days.
    ends: Option<Date>,
}

impl Found {
    /// Takes what another span has found.
    pub fn join(&mut self, other: Found) {
        for (key, last) in other.0 {
            self.add(key, last);
        }
    }

    fn add(&mut self, key: (String, Business), last: Last) {
        match self.0.get_mut(&key) {
            None => {
                self.0.insert(key, last);
            }
            Some(known) => {
                let ends = known.ends.max(last.ends);
                if known.begun < last.begun {
                    *known = last;
                }
                known.ends = ends;
            }
        }
    }
}

/// The supplies of a plan that single persons out, while there is still time to dispense.
fn listed(plan: &Plan, now: DateTime) -> impl Iterator<Item = (&Supply, (Date, Date))> {
    let due = plan.supplies.iter().filter(move |supply| {
        plan.issued.at(0, 0, 0, 0).min(supply.dispense_before.at) <= now && now < supply.dispense_before
    });
    due.filter_map(|supply| Some((supply, supply.ends_between?)))
}

/// What has to be looked through for a plan.
pub(crate) fn spans(policies: &Policies, plan: &str, now: DateTime) -> Vec<Span> {
    let plans = policies.plans();
    let mut spans = Vec::new();
    let Some(plan) = plan_named(&plans, &policies.pool.pool, plan) else {
        return spans;
    };
    let types = policies.tables.codes("med_type").map(|table| table.values.as_slice()).unwrap_or_default();
    for (supply, (first, _)) in listed(plan, now) {
        for value in types {
            let Some(business) = policies.rules.care_kind(&value.code).and_then(business) else { continue };
            if !supply.businesses.iter().any(|pattern| pattern.covers(&business)) {
                continue;
            }
            let mut from = first.saturating_sub(LOOK_BACK_DAYS.days()).at(0, 0, 0, 0);
            while from <= now {
                let to = from.saturating_add(SPAN_DAYS.days()).saturating_sub(1.second());
                spans.push(Span { med_type: value.code.clone(), business: business.clone(), from, to });
                from = from.saturating_add(SPAN_DAYS.days());
            }
        }
    }
    spans
}

fn business(kind: CareKind) -> Option<Business> {
    let kinds = [CareKind::SpecialDisease, CareKind::TwoDisease, CareKind::SpecialDrug];
    let name = format!("settlement.outpatient.{}", care_kind::word(kind));
    if kinds.contains(&kind) { Business::new(&name) } else { None }
}

/// Looks through the care of one span.
pub(crate) fn look(tx: &mut dyn Tx, _policies: &Policies, span: &Span) -> Result<Found, NotDone> {
    let filter = EncounterFilter {
        med_type: Some(span.med_type.clone()),
        begun_from: Some(span.from),
        begun_to: Some(span.to),
        ..EncounterFilter::default()
    };
    let mut found = Found::default();
    for visit in tx.encounters(&filter, EVERY)? {
        if visit.state == EncounterState::Cancelled {
            continue;
        }
        let settled = tx.fee_lines(&visit.mdtrt_id)?.into_iter().filter(|line| !line.setl_id.is_empty());
        let mut any = false;
        let mut ends = None;
        for line in settled {
            any = true;
            ends = ends.max(last_day(line.fee_ocur_time.date(), Details::read(&line.details).text("prd_days")));
        }
        if any {
            let last = Last {
                begun: visit.begntime,
                fixmedins_code: visit.fixmedins_code,
                insutype: visit.insutype,
                med_type: visit.med_type,
                disease: visit.dise_codg,
                ends,
            };
            found.add((visit.psn_no, span.business.clone()), last);
        }
    }
    Ok(found)
}

/// The last day of a supply of so many days that begins on `day`; days are stated as `30` or `30.00`.
fn last_day(day: Date, days: &str) -> Option<Date> {
    let days: i64 = days.split('.').next()?.parse().ok()?;
    if days < 1 { None } else { day.checked_add((days - 1).days()).ok() }
}

/// The entries that a plan wants for what was found.
pub(crate) fn drafts(
    tx: &mut dyn Tx,
    policies: &Policies,
    plan: &str,
    now: DateTime,
    found: &Found,
) -> Result<Vec<Entry>, NotDone> {
    let plans = policies.plans();
    let mut drafts = Vec::new();
    let Some(plan) = plan_named(&plans, &policies.pool.pool, plan) else {
        return Ok(drafts);
    };
    for (supply, (first, last)) in listed(plan, now) {
        let covered = |business: &Business| supply.businesses.iter().any(|pattern| pattern.covers(business));
        for ((psn_no, business), care) in found.0.iter().filter(|((_, business), _)| covered(business)) {
            let is_listed = match care.ends {
                Some(ends) => (first..=last).contains(&ends),
                None => care.begun.date() >= first.saturating_sub(UNSTATED_DAYS.days()),
            };
            if !is_listed {
                continue;
            }
            let Some(provider) = tx.provider(&care.fixmedins_code)? else { continue };
            let at = (care.fixmedins_code.as_str(), provider.admdvs.as_str());
            let kind = RegisterKind::Supply;
            let person = tx.person_facts(psn_no, &[])?;
            let asked = Asked { insutype: &care.insutype, person: person.as_ref(), day: care.begun.date() };
            let question = question::about(policies, Some(&provider), "", &asked, business.clone());
            if plan.supply_for(&question).is_none_or(|meant| meant.id != supply.id) {
                continue;
            }
            let mut entry = draft(plan, kind, &supply.id, business.clone(), at, care.begun, now);
            entry.psn_no.clone_from(psn_no);
            keep_asked_as(&mut entry, &question);
            field::MED_TYPE.put(&mut entry.details, &care.med_type);
            if !care.disease.is_empty() {
                field::OPSP_DISE_CODE.put(&mut entry.details, &care.disease);
            }
            if let Some(ends) = care.ends {
                field::SUPPLY_ENDS.put(&mut entry.details, ends);
            }
            drafts.push(entry);
        }
    }
    Ok(drafts)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn a_supply_of_thirty_days_reaches_to_the_thirtieth_day() {
        assert_eq!(last_day(date(2020, 8, 13), "30"), Some(date(2020, 9, 11)));
        assert_eq!(last_day(date(2020, 8, 13), "1.00"), Some(date(2020, 8, 13)));
        assert_eq!(last_day(date(2020, 8, 13), ""), None);
        assert_eq!(last_day(date(2020, 8, 13), "0"), None);
    }
}
