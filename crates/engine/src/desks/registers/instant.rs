//! What has to be zero at an instant of a plan (时点清零), counted from the platform's own books.

use crate::facts::question;
use crate::policies::Policies;
use crate::register::Actor;
use jiff::ToSpan;
use std::collections::BTreeMap;
use yibao_domain::outage::{Business, Counted, Invariant, Plan};
use yibao_domain::time::DateTime;
use yibao_store::encounter::{InFlight, Setting};
use yibao_store::reference::Provider;
use yibao_store::{Fault, Tx};

/// How one of them stands.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct InvariantLine {
    /// Its id in the plan.
    pub id: String,
    /// The instant.
    pub at: DateTime,
    /// What is to be done to reach it.
    pub advice: String,
    /// The instant has come: the counts are of it, and no longer of now.
    pub has_come: bool,
    /// What is counted, with how many there are and how many of them are open to this day.
    pub counts: Vec<(Counted, u64, u64)>,
    /// Where they are, the most first.
    pub providers: Vec<AtProvider>,
}

/// What of it is at one provider.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct AtProvider {
    /// Its code.
    pub fixmedins_code: String,
    /// Its name; empty where it is not known.
    pub name: String,
    /// How many there are.
    pub count: u64,
    /// How many of them are open to this day.
    pub still: u64,
}

impl InvariantLine {
    /// How many there are in all.
    pub fn total(&self) -> u64 {
        self.counts.iter().map(|(_, count, _)| count).sum()
    }

    /// How many of them are open to this day.
    pub fn still(&self) -> u64 {
        self.counts.iter().map(|(.., still)| still).sum()
    }
}

/// How everything of a plan stands that has to be zero at an instant, as soon as that is near; a provider sees its own part.
pub(super) fn lines(
    tx: &mut dyn Tx,
    policies: &Policies,
    plan: &Plan,
    by: &Actor,
    now: DateTime,
) -> Result<Vec<InvariantLine>, Fault> {
    let mut lines = Vec::new();
    for one in &plan.invariants {
        let near = one.at.saturating_sub(i64::from(plan.ahead_hours).hours());
        if now < near {
            continue;
        }
        let found = policies.in_flight.at(tx, one.at.at, now)?;
        let mut counts: Vec<(Counted, u64, u64)> = one.counts.iter().map(|counted| (*counted, 0, 0)).collect();
        let mut providers: BTreeMap<String, AtProvider> = BTreeMap::new();
        for row in found.iter().filter(|row| is_seen(by, row)) {
            let Some(line) = counts.iter_mut().find(|(counted, ..)| *counted == of(row)) else { continue };
            let provider = tx.provider(&row.fixmedins_code)?;
            if !concerns(one, plan, &row.fixmedins_code, provider.as_ref()) {
                continue;
            }
            line.1 += row.count;
            line.2 += row.still;
            let there = providers.entry(row.fixmedins_code.clone()).or_insert_with(|| AtProvider {
                fixmedins_code: row.fixmedins_code.clone(),
                name: provider.map(|provider| provider.fixmedins_name).unwrap_or_default(),
                count: 0,
                still: 0,
            });
            there.count += row.count;
            there.still += row.still;
        }
        let mut providers: Vec<AtProvider> = providers.into_values().collect();
        providers.sort_by_key(|there| std::cmp::Reverse(there.count));
        lines.push(InvariantLine {
            id: one.id.clone(),
            at: one.at.at,
            advice: one.advice.clone(),
            has_come: one.at <= now,
            counts,
            providers,
        });
    }
    Ok(lines)
}

fn is_seen(by: &Actor, row: &InFlight) -> bool {
    !by.role.keeps_to_its_own() || by.fixmedins_code == row.fixmedins_code
}

fn of(row: &InFlight) -> Counted {
    match (row.setting, row.left) {
        (Setting::Inpatient, false) => Counted::InHospital,
        (Setting::Inpatient, true) => Counted::Discharged,
        (Setting::Outpatient | Setting::Pharmacy, _) => Counted::Visits,
    }
}

/// Whether the plan counts at this provider.
fn concerns(one: &Invariant, plan: &Plan, fixmedins_code: &str, provider: Option<&Provider>) -> bool {
    let question = question::at_provider(fixmedins_code, provider, Business::named("encounter"));
    plan.counts_at(one, &question)
}
