//! The order of events (`decisions` 6, 7): an event of an outage counts at the time of its care.
//!
//! Its running totals, stay number, deductible and caps are those that stand without the person's settlements of later care.
//! What was settled meanwhile by other premises is found from the entries ([`Correction`]) and put right by reversal and
//! new settlement, oldest care first. Ordinary business keeps the order of settlement. Invariant: the ledger is only added
//! to, and correcting twice changes nothing.

use crate::call::Stop;
use crate::facts::EVERY;
use crate::outage::again::Standing;
use crate::policies::Policies;
use crate::register::writer;
use yibao_domain::money::Money;
use yibao_domain::outage::RegisterKind;
use yibao_domain::register::{Entry, State, by_platform};
use yibao_domain::time::{Date, DateTime};
use yibao_store::register::EntryFilter;
use yibao_store::settlement::Settlement;
use yibao_store::{Subjects, Tx};

/// What a settlement came to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Amounts {
    /// What the funds pay.
    pub funds: Money,
    /// What the personal account pays.
    pub account: Money,
    /// What the person pays in cash.
    pub cash: Money,
}

impl Amounts {
    fn of(settlement: &Settlement) -> Amounts {
        Amounts { funds: settlement.fund_pay_sumamt, account: settlement.acct_pay, cash: settlement.psn_cash_pay }
    }
}

/// A settlement whose premises an event of the outage has changed (次序更正).
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Correction {
    /// The person.
    pub psn_no: String,
    /// The provider that settled.
    pub fixmedins_code: String,
    /// The settlement, by the id it was first given.
    pub setl_id: String,
    /// First day of care.
    pub care: Date,
    /// As it stands.
    pub before: Amounts,
    /// As it is by the order of care.
    pub after: Amounts,
}

/// Puts right what a person's settlements of later care have taken for granted: reverses them, latest first, and settles
/// the same lines again, oldest care first. `only` names those that change, by the id they stand under; without it all are
/// redone, which shows what changes. Marked entries lose their mark.
pub(crate) fn correct(
    tx: &mut dyn Tx,
    policies: &Policies,
    psn_no: &str,
    only: Option<&[String]>,
    by: &str,
    now: DateTime,
) -> Result<Vec<Redone>, Stop> {
    tx.foresee(&Subjects { persons: vec![psn_no.to_owned()], days: vec![now.date()], ..Subjects::default() })?;
    let Some(since) = marked(tx, psn_no)?.iter().map(counts_at).min() else { return Ok(Vec::new()) };
    let mut standing = Vec::new();
    for setl_id in tx.settled_later_care(psn_no, since, EVERY)? {
        if only.is_none_or(|only| only.contains(&setl_id)) {
            standing.push(Standing::load(tx, &setl_id, by, now)?);
        }
    }
    standing.retain(|one| !one.settlement.accumulations.is_empty());
    standing.sort_by_key(|one| (one.settlement.setl_time, one.settlement.round));
    for one in standing.iter().rev() {
        one.cancel(tx, policies)?;
    }
    standing.sort_by_key(|one| (one.counts_at(), one.settlement.round));
    let mut redone = Vec::new();
    for one in &standing {
        let settled = one.settle(tx, policies)?;
        let before = &one.settlement;
        redone.push(Redone {
            stands_as: before.setl_id.clone(),
            // Amounts are not all there is: the totals that later care builds on may differ alone.
            changes: Amounts::of(before) != Amounts::of(&settled) || before.accumulations != settled.accumulations,
            correction: Correction {
                psn_no: psn_no.to_owned(),
                fixmedins_code: before.fixmedins_code.clone(),
                setl_id: before.root().to_owned(),
                care: before.begndate,
                before: Amounts::of(before),
                after: Amounts::of(&settled),
            },
        });
    }
    for entry in marked(tx, psn_no)? {
        if let Some(deed) = by_platform::order_checked(&policies.work, &entry) {
            writer::take(tx, &deed, by, now)?;
        }
    }
    Ok(redone)
}

/// A person's entries with the mark.
fn marked(tx: &mut dyn Tx, psn_no: &str) -> Result<Vec<Entry>, Stop> {
    let filter =
        EntryFilter { psn_no: Some(psn_no.to_owned()), states: vec![State::Settled], ..EntryFilter::default() };
    Ok(tx.entries(&filter, EVERY)?.into_iter().filter(Entry::awaits_order).collect())
}

/// A settlement that was made again.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Redone {
    /// The id under which it stood.
    pub stands_as: String,
    /// Whether anything changed.
    pub changes: bool,
    pub correction: Correction,
}

/// When an entry's care counts: a visit itself, a stay its discharge.
fn counts_at(entry: &Entry) -> DateTime {
    match entry.kind {
        RegisterKind::CashVisit => entry.care_from,
        _ => entry.care_until.unwrap_or(entry.care_from),
    }
}
