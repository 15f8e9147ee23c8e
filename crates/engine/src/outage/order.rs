//! The order of events (`decisions` 6, 7): an event of an outage counts at the time of its care.
//!
//! Its running totals, stay number, deductible and caps are those that stand without the person's settlements of later care.
//! What was settled meanwhile by other premises is found from the entries ([`Correction`]) and put right by reversal and
//! new settlement, oldest care first. Ordinary business keeps the order of settlement. Invariant: the ledger is only added
//! to, and correcting twice changes nothing.

use crate::call::Stop;
use crate::facts::scheme;
use crate::outage::again::Standing;
use crate::outage::matching;
use crate::policies::Policies;
use std::collections::BTreeMap;
use yibao_domain::code::Scheme;
use yibao_domain::money::Money;
use yibao_domain::outage::RegisterKind;
use yibao_domain::register::{Action, Entry, State};
use yibao_domain::settlement::totals::{RunningTotal, Totals};
use yibao_domain::time::{Date, DateTime};
use yibao_store::register::EntryFilter;
use yibao_store::settlement::Settlement;
use yibao_store::{Subjects, Tx};

/// Takes what settlements of later care have added out of the totals of a day; says whether there was any.
pub(crate) fn leave_out_later_care(
    tx: &mut dyn Tx,
    totals: &mut Totals,
    psn_no: &str,
    scheme: Scheme,
    day: Date,
    counts_at: DateTime,
) -> Result<bool, Stop> {
    let later = tx.accumulated_by_later_care(psn_no, counts_at)?;
    let of_scheme = || later.iter().filter(|row| scheme::basic_scheme(&row.insutype) == Some(scheme));
    for total in RunningTotal::ALL {
        let period = total.period_text(day);
        let added: i64 =
            of_scheme().filter(|row| row.name == total.name() && row.period == period).map(|row| row.value).sum();
        totals.add(&[(*total, -added)]);
    }
    Ok(of_scheme().next().is_some())
}

/// The field of a settled entry that names later care which was settled before it by other premises.
const LATER: &str = "later_settlements";
/// Settlements of one person that are looked at, at most.
const OF_PERSON_MAX: usize = 1_000;

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

/// Says of later care that was settled already that it went by other premises, for the entry's history.
pub(crate) fn later_care(tx: &mut dyn Tx, settlement: &Settlement, counts_at: DateTime) -> Result<Vec<String>, Stop> {
    let mut later = Vec::new();
    for setl_id in tx.settled_later_care(&settlement.psn_no, counts_at, OF_PERSON_MAX)? {
        if setl_id == settlement.setl_id {
            continue;
        }
        let same_scheme = |other: &Settlement| {
            scheme::basic_scheme(&other.insutype) == scheme::basic_scheme(&settlement.insutype)
                && !other.accumulations.is_empty()
        };
        if tx.settlement(&setl_id)?.is_some_and(|row| same_scheme(&row.settlement)) {
            later.push(setl_id);
        }
    }
    Ok(later)
}

/// Marks a settled entry with the later care that awaits correction, or takes the mark away.
pub(crate) fn mark(details: &mut BTreeMap<String, String>, later: &[String]) {
    if later.is_empty() {
        details.remove(LATER);
    } else {
        details.insert(LATER.to_owned(), later.join("、"));
    }
}

/// Whether a settled entry's later care awaits correction.
pub(crate) fn is_marked(entry: &Entry) -> bool {
    entry.state == State::Settled && entry.details.contains_key(LATER)
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
    for setl_id in tx.settled_later_care(psn_no, since, OF_PERSON_MAX)? {
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
        let mut details = entry.details.clone();
        mark(&mut details, &[]);
        let cleared = Entry { details, version: entry.version + 1, ..entry };
        tx.update_entry(&cleared)?;
        let fields = BTreeMap::from([("order".to_owned(), "其后的结算已按就医先后核对".to_owned())]);
        matching::append(tx, &cleared, Action::Correct, by, now, fields)?;
    }
    Ok(redone)
}

/// A person's entries with the mark.
fn marked(tx: &mut dyn Tx, psn_no: &str) -> Result<Vec<Entry>, Stop> {
    let filter =
        EntryFilter { psn_no: Some(psn_no.to_owned()), states: vec![State::Settled], ..EntryFilter::default() };
    Ok(tx.entries(&filter, OF_PERSON_MAX)?.into_iter().filter(is_marked).collect())
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
