//! The order of events (`decisions` 6-8): what an outage kept back counts when it would have been settled.
//!
//! Its running totals, stay number, deductible, caps and account are those of that place (`settlement::premises`). What was
//! settled meanwhile by other premises is found from the entries that are marked, worked out by reading only ([`look`]), and
//! put right by reversal and new settlement, oldest first: a reader works it out, and the writer books it where all that it was
//! read at still holds ([`Work`]). Ordinary business keeps the order of recording. The platform does by
//! itself ([`by_itself`]) only what it entered itself and nobody has been paid for; the rest waits for a named person
//! ([`by_person`]). What a plan has frozen at the switch stays as it is, and nothing waits for it. Invariant: what is listed is what is booked, and correcting twice changes nothing.

use crate::call::Stop;
use crate::facts::EVERY;
use crate::outage::again::Standing;
use crate::outage::later;
use crate::outage::settling::Settling;
use crate::policies::Policies;
use crate::register::{Actor, writer};
use crate::settlement::premises::History;
use crate::settlement::read_at::ReadAt;
use std::collections::HashSet;
use yibao_domain::money::Money;
use yibao_domain::refusal::Refusal;
use yibao_domain::register::matching::INTERFACE;
use yibao_domain::register::{Action, Entry, Mark, by_platform};
use yibao_domain::settlement::order::{Of, Place};
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
    /// As it is in the order.
    pub after: Amounts,
}

/// A settlement that is made again.
#[derive(Clone)]
struct Redone {
    standing: Standing,
    settling: Settling,
}

impl Redone {
    fn correction(&self) -> Correction {
        let (before, after) = (&self.standing.settlement, &self.settling.prepared.settlement);
        Correction {
            psn_no: before.psn_no.clone(),
            fixmedins_code: before.fixmedins_code.clone(),
            setl_id: before.root().to_owned(),
            care: before.begndate,
            before: Amounts::of(before),
            after: Amounts::of(after),
        }
    }
}

/// Whose settlements may be made again.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reach {
    /// What was backfilled and not handed over.
    ByItself,
    /// Whatever a named person decides about.
    All,
}

/// What is to be made again of a person's settlements, worked out by reading only: a reader hands it to the writer.
#[derive(Clone)]
pub(crate) struct Work {
    psn_no: String,
    by: String,
    now: DateTime,
    reach: Reach,
    since: DateTime,
    redone: Vec<Redone>,
    read_at: ReadAt,
}

impl Work {
    /// Works it out, as whoever does it; nothing where no entry of the person is marked.
    pub fn out(
        tx: &mut dyn Tx,
        policies: &Policies,
        psn_no: &str,
        reach: Reach,
        by: &str,
        now: DateTime,
    ) -> Result<Option<Work>, Stop> {
        let Some(since) = since(tx, psn_no)? else { return Ok(None) };
        let redone = worked_out(tx, policies, psn_no, since, reach, by, now)?;
        let encounters = redone.iter().map(|one| one.standing.settlement.mdtrt_id.as_str());
        let read_at = ReadAt::take(tx, policies.plans(), psn_no, encounters)?;
        Ok(Some(Work { psn_no: psn_no.to_owned(), by: by.to_owned(), now, reach, since, redone, read_at }))
    }

    /// The same where all that it was read at is still so, else worked out anew: by the writer, before it books.
    fn now_in_force(self, tx: &mut dyn Tx, policies: &Policies) -> Result<Option<Work>, Stop> {
        if self.read_at.still_hold(tx, policies.plans())? {
            return Ok(Some(self));
        }
        Work::out(tx, policies, &self.psn_no, self.reach, &self.by, self.now)
    }
}

/// What waits for a person's correction, worked out and kept nowhere.
pub(crate) struct Outlook {
    /// What the platform has to do by itself: to put right, or only to take the marks away; nothing where a person decides.
    pub by_itself: Option<Work>,
    /// What changes, oldest first.
    pub corrections: Vec<Correction>,
}

/// What the order of a person's settlements asks for; reads only.
pub(crate) fn look(tx: &mut dyn Tx, policies: &Policies, psn_no: &str, now: DateTime) -> Result<Outlook, Stop> {
    let platform = Actor::platform().signature();
    let Some(all) = Work::out(tx, policies, psn_no, Reach::All, &platform, now)? else {
        return Ok(Outlook { by_itself: None, corrections: Vec::new() });
    };
    let corrections = all.redone.iter().map(Redone::correction).collect();
    if all.redone.is_empty() {
        return Ok(Outlook { by_itself: Some(all), corrections });
    }
    let own = Work::out(tx, policies, psn_no, Reach::ByItself, &platform, now)?;
    Ok(Outlook { by_itself: own.filter(|own| !own.redone.is_empty()), corrections })
}

/// What the platform does by itself for one person whose entries are marked: makes again what it entered itself and nobody
/// has been paid for, and takes the marks away where nothing is left to put right. Doing it again changes nothing.
pub(crate) fn by_itself(tx: &mut dyn Tx, policies: &Policies, work: Work) -> Result<Vec<Correction>, Stop> {
    foresee(tx, &work.psn_no, work.now)?;
    // Where nothing was to be changed, it was worked out for all.
    let own = Work { reach: Reach::ByItself, ..work };
    let Some(Work { psn_no, by: platform, now, since, redone, .. }) = own.now_in_force(tx, policies)? else {
        return Ok(Vec::new());
    };
    let psn_no = psn_no.as_str();
    let was_marked = later::marked(tx, Some(psn_no), None)?;
    let done = record(tx, policies, psn_no, since, redone)?;
    let left = worked_out(tx, policies, psn_no, since, Reach::All, &platform, now)?;
    let left: Vec<String> = left.into_iter().map(|one| one.standing.settlement.setl_id).collect();
    for entry in was_marked {
        let Some(entry) = tx.entry(&entry.number)? else { continue };
        remark(tx, policies, &entry, &left, &platform, now)?;
    }
    if left.is_empty() {
        unmark(tx, policies, psn_no, &platform, now)?;
    }
    Ok(done)
}

/// Puts a person's settlements in order, as somebody has decided: reverses those that change, latest first, and settles the
/// same lines again, oldest first. Doing it again changes nothing.
pub(crate) fn by_person(tx: &mut dyn Tx, policies: &Policies, work: Work) -> Result<Vec<Correction>, Stop> {
    foresee(tx, &work.psn_no, work.now)?;
    let Some(Work { psn_no, by, now, since, redone, .. }) = work.now_in_force(tx, policies)? else {
        return Ok(Vec::new());
    };
    let done = record(tx, policies, &psn_no, since, redone)?;
    unmark(tx, policies, &psn_no, &by, now)?;
    Ok(done)
}

fn foresee(tx: &mut dyn Tx, psn_no: &str, now: DateTime) -> Result<(), Stop> {
    let subjects = Subjects { persons: vec![psn_no.to_owned()], days: vec![now.date()], ..Subjects::default() };
    Ok(tx.foresee(&subjects)?)
}

/// From when on the order is to be looked at: where the first marked event counts.
fn since(tx: &mut dyn Tx, psn_no: &str) -> Result<Option<DateTime>, Stop> {
    let marked = later::marked(tx, Some(psn_no), None)?;
    let Some(first) = marked.iter().map(|entry| entry.care_from.date()).min() else { return Ok(None) };
    let history = History::load(tx, psn_no, first)?;
    let events = marked.iter().filter_map(|entry| history.standing(&entry.setl_id));
    Ok(events.map(|event| event.counts_at).min())
}

/// What changes from there on, in order: each on the premises of its place, what was worked out before it included. Parts of a
/// stay are made again from the first that changes, so that none stands on another's cancelled part.
fn worked_out(
    tx: &mut dyn Tx,
    policies: &Policies,
    psn_no: &str,
    since: DateTime,
    reach: Reach,
    by: &str,
    now: DateTime,
) -> Result<Vec<Redone>, Stop> {
    let mut history = History::load(tx, psn_no, since.date())?;
    let mut movable = Vec::new();
    for settlement in history.standing_since(since) {
        if reach == Reach::All || is_the_platforms(tx, &settlement)? {
            let standing = Standing::load(tx, &settlement.setl_id, by, now)?;
            if !standing.is_frozen(tx, policies)? {
                movable.push((settlement, standing));
            }
        }
    }
    // The account that is there for them: what each has taken is free until it is worked out anew.
    let balance = balance(tx, psn_no)?;
    let mut account = balance.plus(Money::sum(movable.iter().map(|(settlement, _)| settlement.acct_pay)));
    let (mut redone, mut changed): (Vec<Redone>, HashSet<String>) = (Vec::new(), HashSet::new());
    for (settlement, standing) in movable {
        let place = Place { at: settlement.counts_at, of: Of::Settled(settlement.root()) };
        let premises = history.before(place, balance, account);
        let settling = standing.worked_out(tx, policies, premises).map_err(|stop| named(stop, &settlement))?;
        let after = &settling.prepared.settlement;
        let follows_a_part = settlement.chrg_bchno.is_empty() && changed.contains(&settlement.mdtrt_id);
        account = account.less(after.acct_pay);
        // Amounts are not all there is: the totals that later care builds on may differ alone, or what a later leg has met by it.
        let changes = Amounts::of(&settlement) != Amounts::of(after)
            || settlement.accumulations != after.accumulations
            || settlement.act_pay_dedc != after.act_pay_dedc;
        if changes || follows_a_part {
            history.put_right(&settlement.setl_id, after);
            changed.insert(settlement.mdtrt_id);
            redone.push(Redone { standing, settling });
        }
    }
    Ok(redone)
}

fn balance(tx: &mut dyn Tx, psn_no: &str) -> Result<Money, Stop> {
    Ok(tx.person_facts(psn_no, &[])?.and_then(|facts| facts.balance).unwrap_or_default())
}

/// A refusal of one of several settlements says which.
fn named(stop: Stop, settlement: &Settlement) -> Stop {
    match stop {
        Stop::Refused(refusal) => {
            let text = format!("结算ID {} 不能重新结算：{}", settlement.root(), refusal.text);
            Refusal { text, ..refusal }.into()
        }
        other => other,
    }
}

/// Whether the platform entered it itself, by the history of its entry, and nobody has been paid for it.
fn is_the_platforms(tx: &mut dyn Tx, settlement: &Settlement) -> Result<bool, Stop> {
    let filter = EntryFilter { setl_id: Some(settlement.setl_id.clone()), ..EntryFilter::default() };
    let mut entered = false;
    for entry in tx.entries(&filter, EVERY)?.iter().filter(|entry| entry.kind.is_settled()) {
        if entry.is_paid_out() {
            return Ok(false);
        }
        let history = tx.history(&entry.number)?;
        let mut settled = history.iter().filter(|event| event.action == Action::Settle);
        let first = settled.find(|event| event.settlement() == settlement.root());
        entered |= first.is_some_and(|event| event.by != INTERFACE);
    }
    Ok(entered)
}

/// Books what was worked out: latest record reversed first, oldest settled first.
fn record(
    tx: &mut dyn Tx,
    policies: &Policies,
    psn_no: &str,
    since: DateTime,
    redone: Vec<Redone>,
) -> Result<Vec<Correction>, Stop> {
    let history = History::load(tx, psn_no, since.date())?;
    let mut latest_first: Vec<&Standing> = redone.iter().map(|one| &one.standing).collect();
    latest_first.sort_by_key(|one| std::cmp::Reverse(history.recorded_as(&one.settlement.setl_id)));
    let freed = Money::sum(latest_first.iter().map(|one| one.settlement.acct_pay));
    let mut account = balance(tx, psn_no)?.plus(freed);
    for one in latest_first {
        one.cancel(tx, policies)?;
    }
    let mut done = Vec::new();
    for Redone { standing, mut settling } in redone {
        standing.record(tx, policies, &mut settling, account)?;
        account = settling.prepared.settlement.balc;
        done.push(Redone { standing, settling }.correction());
    }
    Ok(done)
}

/// Takes all marks of a person away.
fn unmark(tx: &mut dyn Tx, policies: &Policies, psn_no: &str, by: &str, now: DateTime) -> Result<(), Stop> {
    for entry in later::marked(tx, Some(psn_no), None)? {
        remark(tx, policies, &entry, &[], by, now)?;
    }
    Ok(())
}

/// Marks an entry with what is left, where that is not what it says.
fn remark(
    tx: &mut dyn Tx,
    policies: &Policies,
    entry: &Entry,
    left: &[String],
    by: &str,
    now: DateTime,
) -> Result<(), Stop> {
    if entry.marked(Mark::LaterCare) == left.join("、") {
        return Ok(());
    }
    match by_platform::order_checked(&policies.work, entry, left) {
        Some(deed) => writer::take(tx, &deed, by, now),
        None => Ok(()),
    }
}
