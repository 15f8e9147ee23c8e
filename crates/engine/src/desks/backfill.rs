//! What pages and commands may ask of the backfill: runs, single entries, corrections of the order.

pub use crate::backfill::ordering::Ordered;
pub use crate::outage::order::{Amounts, Correction};

use crate::backfill::entry;
use crate::backfill::entry::Attempt;
use crate::backfill::ordering;
use crate::backfill::standing::{InOrder, PAGE, open_count, open_entries};
use crate::call::Stop;
use crate::desks::once::{self, Answer, Attempted, Once};
use crate::outage::later;
use crate::outage::order::{self, Reach, Work};
use crate::platform::Platform;
use crate::platform::counter::Counter;
use crate::platform::queue::Lane;
use crate::policies::Policies;
use crate::register::Actor;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use yibao_domain::code::Pool;
use yibao_domain::outage::plan_named;
use yibao_domain::party::Party;
use yibao_domain::refusal::{Code, Refusal};
use yibao_domain::register::Entry;
use yibao_domain::time::DateTime;
use yibao_interface::spoken;
use yibao_store::outage::BackfillRun;
use yibao_store::register::EntryFilter;
use yibao_store::{Mode, Tx};

/// The latest runs, which the page shows and says so.
pub const RUNS: usize = 100;

/// Open entries of which a page tells what they wait for.
const LOOKED_AT: usize = 1_000;

/// Persons whose corrections a page works out at once.
const PERSONS_SHOWN: usize = 50;

/// What open entries of a plan wait for.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Waiting {
    /// By what they wait for, with their numbers, the most frequent first: of the entries that were looked at.
    pub reasons: Vec<(String, Vec<String>)>,
    /// Entries that were looked at.
    pub looked_at: usize,
    /// Entries that are open in all.
    pub open: i64,
    /// The entry after which the next page begins; none on the last one.
    pub next: Option<String>,
}

/// What waits for the correction of order.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Awaiting {
    /// What changes, of the persons that were looked at.
    pub corrections: Vec<Correction>,
    /// Persons whose settlements cannot be made again, or not be looked at now, with the reason.
    pub refused: Vec<(String, String)>,
    /// Persons that were looked at.
    pub shown: usize,
    /// Persons that wait in all.
    pub persons: usize,
    /// An entry of the last person that was looked at, after whom the next page begins; none on the last one.
    pub next: Option<String>,
}

/// The backfill of one pool. Its methods block until what they did is durable.
pub struct Backfill<'a> {
    platform: &'a Platform,
    counter: Counter,
    /// What the deeds are journalled under, where they are.
    submission: Option<String>,
}

impl Platform {
    /// The backfill of a pool that this process serves.
    pub fn backfill(&self, pool: &Pool) -> Option<Backfill<'_>> {
        Some(Backfill { platform: self, counter: self.counter(pool)?, submission: None })
    }
}

impl Backfill<'_> {
    /// The pool whose book it is.
    pub fn pool(&self) -> &Pool {
        &self.counter.pool
    }

    /// The same, with each deed journalled under the number of the form that it came by (提交号), as
    /// [`crate::desks::registers::Registers::submitted`] has it.
    #[must_use]
    pub fn submitted(self, submission: &str) -> Self {
        Backfill { submission: Some(submission.to_owned()).filter(|number| !number.is_empty()), ..self }
    }

    /// What tells a deed of this submission from every other; `about` as there.
    fn once(&self, by: &Actor, about: &str, act: &str, said: &Value) -> Option<Once> {
        self.submission.as_ref().map(|submission| Once::new(by.party(), submission, about, act, said))
    }

    /// Starts a run over a plan's open entries, of one provider or of all (empty); the one that runs already, where there
    /// is one. A provider runs its own. Refused while everything that they wait for is closed, saying until when.
    pub fn start(&self, by: &Actor, now: DateTime, plan: &str, fixmedins_code: &str) -> Result<BackfillRun, Stop> {
        let fixmedins_code = if by.role.keeps_to_its_own() { by.fixmedins_code.as_str() } else { fixmedins_code };
        let once = self.once(by, "", once::START, &json!([plan, fixmedins_code]));
        if let Some(answered) = self.answered(by, once.clone())? {
            return Ok(answered);
        }
        if self.running(by, plan, fixmedins_code)?.is_none() {
            self.refuse_closed(by, plan, fixmedins_code, now)?;
        }
        let (party, by) = (by.party(), by.signature());
        let (plan, code) = (plan.to_owned(), fixmedins_code.to_owned());
        let starting = self.counter.ask(Mode::Write, party, Lane::Today, move |tx, _| {
            once::once(tx, once.as_ref(), now, |tx| start(tx, &by, now, &plan, &code))
        });
        let run = starting.wait()?;
        self.platform.ring(&self.counter.pool);
        Ok(run)
    }

    /// What this form was answered with before, if it has been sent: asked ahead of what only a new one is refused for.
    fn answered<A: Answer + Send + 'static>(&self, by: &Actor, once: Option<Once>) -> Result<Option<A>, Stop> {
        let Some(once) = once else { return Ok(None) };
        self.counter.ask(Mode::Read, by.party(), Lane::Today, move |tx, _| once::answered(tx, &once)).wait()
    }

    /// The run of this plan and provider that is under way; refused where there is no such plan.
    fn running(&self, by: &Actor, plan: &str, code: &str) -> Result<Option<BackfillRun>, Stop> {
        let (plan, code) = (plan.to_owned(), code.to_owned());
        let asked = self.counter.ask(Mode::Read, by.party(), Lane::Today, move |tx, policies| {
            if plan_named(&policies.plans(), &policies.pool.pool, &plan).is_none() {
                let text = "没有这个停机方案；请重新选择，用程序提交的核对方案编号";
                return Err(Stop::from(Refusal::new(Code::NotFound, text)));
            }
            running(tx, &plan, &code)
        });
        asked.wait()
    }

    /// Refuses a run none of whose entries is open yet; one without entries comes to its end at once. Readers look, a page
    /// at a time, until they find one.
    fn refuse_closed(&self, by: &Actor, plan: &str, code: &str, now: DateTime) -> Result<(), Stop> {
        let (mut filter, mut first_closed) = (open_entries(plan, code), None);
        loop {
            let page = filter.clone();
            let asked = self
                .counter
                .ask(Mode::Read, by.party(), Lane::Today, move |tx, policies| look_for_open(tx, policies, &page, now));
            let Looked { open, closed, last } = asked.wait()?;
            first_closed = first_closed.or(closed);
            match last {
                _ if open => return Ok(()),
                Some(last) => filter.after = Some(last),
                None => break,
            }
        }
        let Some(first_closed) = first_closed else { return Ok(()) };
        let text = format!("现在还不能补录：{first_closed}；台账继续登记，请届时再开始");
        Err(Refusal::new(Code::Closed, text).into())
    }

    /// The latest runs, newest first; a provider sees its own latest ones.
    pub fn progress(&self, by: &Actor) -> Result<Vec<BackfillRun>, Stop> {
        let own = by.role.keeps_to_its_own().then(|| by.fixmedins_code.clone());
        let asked = self.counter.ask(Mode::Read, by.party(), Lane::Today, move |tx, _| {
            Ok::<_, Stop>(tx.backfill_runs(own.as_deref(), RUNS)?)
        });
        asked.wait()
    }

    /// What a plan's open entries wait for (还差什么), a page in the order of care, after the entry of this number where one is
    /// named. Entries that can be tried are left out; a provider sees its own.
    pub fn waiting(&self, by: &Actor, now: DateTime, plan: &str, after: Option<&str>) -> Result<Waiting, Stop> {
        let code = if by.role.keeps_to_its_own() { by.fixmedins_code.clone() } else { String::new() };
        let (plan, after) = (plan.to_owned(), after.map(str::to_owned));
        let asked = self.counter.ask(Mode::Read, by.party(), Lane::Today, move |tx, policies| {
            let mut filter = open_entries(&plan, &code);
            if let Some(number) = &after {
                filter.after = tx.entry(number)?.map(|entry| (entry.care_from, entry.number));
            }
            let page = tx.entries(&filter, LOOKED_AT)?;
            let next = page.last().filter(|_| page.len() == LOOKED_AT).map(|last| last.number.clone());
            let (mut reasons, mut looked_at) = (BTreeMap::<String, Vec<String>>::new(), 0);
            for entry in page.into_iter().filter(|entry| entry.kind.is_settled()) {
                looked_at += 1;
                if let Some(reason) = entry::waits_for(tx, policies, &entry, now)? {
                    reasons.entry(kind_of(&reason).to_owned()).or_default().push(entry.number);
                }
            }
            let mut reasons = Vec::from_iter(reasons);
            reasons.sort_by_key(|(_, entries)| std::cmp::Reverse(entries.len()));
            Ok::<_, Stop>(Waiting { reasons, looked_at, open: open_count(tx, &plan, &code)?, next })
        });
        asked.wait()
    }

    /// Backfills one entry now; refuses with what it lacks or why it was refused, which its history has too. A provider's
    /// own only.
    pub fn entry(&self, by: &Actor, now: DateTime, number: &str) -> Result<Entry, Stop> {
        let once = self.once(by, number, once::BACKFILL, &json!([number]));
        // Whether its calls were made: what was refused before them is nothing for its history.
        let attempted = Arc::new(AtomicBool::new(false));
        let (tried, settling_once) = (attempted.clone(), once.clone());
        let (wanted, actor) = (number.to_owned(), by.clone());
        let settling = self.counter.ask(Mode::Write, by.party(), Lane::Today, move |tx, policies| {
            once::once(tx, settling_once.as_ref(), now, |tx| {
                settle(tx, policies, &actor, now, &wanted, &tried).map(Attempted::Ok)
            })
        });
        let outcome = match settling.wait() {
            Err(Stop::Refused(refusal)) if attempted.load(Ordering::Relaxed) => {
                let (party, by, number) = (by.party(), by.signature(), number.to_owned());
                let failing = self.counter.ask(Mode::Write, party, Lane::Today, move |tx, policies| {
                    once::once(tx, once.as_ref(), now, |tx| {
                        entry::fail(tx, policies, &number, &refusal, &by, now)?;
                        Ok::<_, Stop>(Attempted::Err((number.clone(), refusal.clone())))
                    })
                });
                failing.wait()?
            }
            settled => settled?,
        };
        let entry = outcome.map_err(|(_, refusal)| refusal)?;
        // It is settled, whatever becomes of the order of the person's later care: that is looked at again in every round.
        if let Err(Stop::Fault(fault)) = ordering::of_person(&self.counter, &by.party(), &entry.psn_no, now) {
            tracing::error!(entry = %entry.number, causes = fault.chain(), "putting in order after a backfill");
        }
        Ok(entry)
    }

    /// Settlements whose premises a backfilled event has changed, of whatever plan, with the amounts before and after, by
    /// person and order: a page of persons by their numbers, after the person of the entry of this number where one is named,
    /// and how many wait in all. Worked out by a reader; a person whose settlements cannot be made again is listed with the
    /// reason.
    pub fn corrections(&self, by: &Actor, now: DateTime, after: Option<&str>) -> Result<Awaiting, Stop> {
        must_be_the_agency(by)?;
        let (persons, after) = self.marked_after(by, after)?;
        let mut left = persons.iter().filter(|(psn_no, _)| after.as_ref().is_none_or(|after| *psn_no > after));
        let mut awaiting = Awaiting { persons: persons.len(), ..Awaiting::default() };
        let mut last = None;
        for (psn_no, number) in left.by_ref().take(PERSONS_SHOWN) {
            match ordering::look(&self.counter, &by.party(), psn_no, now) {
                Ok(outlook) => awaiting.corrections.extend(outlook.corrections),
                Err(Stop::Refused(refusal)) => awaiting.refused.push((psn_no.clone(), spoken(&refusal.text))),
                Err(Stop::Fault(fault)) => {
                    tracing::error!(pool = %self.counter.pool, causes = fault.chain(), "looking at a person's order");
                    awaiting.refused.push((psn_no.clone(), "平台故障，暂时不能核对；平台会自动重试".to_owned()));
                }
                Err(stop) => return Err(stop),
            }
            awaiting.shown += 1;
            last = Some(number.clone());
        }
        awaiting.next = left.next().and(last);
        Ok(awaiting)
    }

    /// Persons with marked entries, each with one of them, and the person of the entry of this number.
    fn marked_after(
        &self,
        by: &Actor,
        number: Option<&str>,
    ) -> Result<(BTreeMap<String, String>, Option<String>), Stop> {
        let number = number.map(str::to_owned);
        let asked = self.counter.ask(Mode::Read, by.party(), Lane::Today, move |tx, _| {
            let marked = later::marked(tx, None, None)?.into_iter().map(|entry| (entry.psn_no, entry.number));
            let of = number.as_ref().map(|number| tx.entry(number)).transpose()?.flatten();
            Ok::<_, Stop>((marked.collect(), of.map(|entry| entry.psn_no)))
        });
        asked.wait()
    }

    /// Puts a person's settlements in order: reverses those that change, latest first, and settles the same lines again, oldest
    /// first. What is booked is what was listed; doing it again changes nothing.
    pub fn correct_order(&self, by: &Actor, now: DateTime, psn_no: &str) -> Result<Vec<Correction>, Stop> {
        must_be_the_agency(by)?;
        let once = self.once(by, psn_no, once::CORRECT_ORDER, &json!([psn_no]));
        let answered = self.answered(by, once.clone())?;
        if let Some(answered) = answered {
            return Ok(answered);
        }
        let (psn_no, party, by) = (psn_no.to_owned(), by.party(), by.signature());
        let working = self.counter.ask(Mode::Read, party.clone(), Lane::Today, move |tx, policies| {
            Work::out(tx, policies, &psn_no, Reach::All, &by, now)
        });
        let work = working.wait()?;
        let correcting = self.counter.ask(Mode::Write, party, Lane::Today, move |tx, policies| {
            once::once(tx, once.as_ref(), now, |tx| match work.clone() {
                Some(work) => order::by_person(tx, policies, work),
                None => Ok(Vec::new()),
            })
        });
        correcting.wait()
    }

    /// Puts in order what the platform may by itself, of whoever is marked, as it does by itself from time to time.
    pub fn put_in_order(&self, now: DateTime) -> Result<Ordered, Stop> {
        let persons = ordering::marked_persons(&self.counter, &Party::platform(""), None, "")?;
        ordering::put_in_order(&self.counter, &persons, now)
    }
}

/// What many entries may wait for: what one alone lacks stands behind the colon, and on its own page. The colon of a time is
/// none.
fn kind_of(reason: &str) -> &str {
    let mut colons = reason.match_indices([':', '：']).map(|(at, _)| at);
    let ends = colons.find(|at| !reason[..*at].ends_with(|before: char| before.is_ascii_digit()));
    ends.map_or(reason, |at| &reason[..at])
}

/// The unfinished run of a plan and provider.
fn running(tx: &mut dyn Tx, plan: &str, code: &str) -> Result<Option<BackfillRun>, Stop> {
    let same = |run: &BackfillRun| run.plan == plan && run.fixmedins_code == code;
    Ok(tx.unfinished_runs()?.into_iter().find(same))
}

/// Begins a run, unless somebody else has begun it meanwhile.
fn start(tx: &mut dyn Tx, by: &str, now: DateTime, plan: &str, code: &str) -> Result<BackfillRun, Stop> {
    if let Some(running) = running(tx, plan, code)? {
        return Ok(running);
    }
    let run = BackfillRun {
        number: tx.next_serial("backfill")?,
        plan: plan.to_owned(),
        fixmedins_code: code.to_owned(),
        started_at: now,
        started_by: by.to_owned(),
        found: open_count(tx, plan, code)?,
        settled: 0,
        failed: 0,
        finished_at: None,
    };
    tx.add_backfill_run(&run)?;
    Ok(run)
}

/// What a page of open entries has.
struct Looked {
    /// Whether one may be settled.
    open: bool,
    /// Until when the first of those that may not is closed.
    closed: Option<String>,
    /// Where the next page begins; none on the last one.
    last: Option<InOrder>,
}

fn look_for_open(tx: &mut dyn Tx, policies: &Policies, filter: &EntryFilter, now: DateTime) -> Result<Looked, Stop> {
    let page = tx.entries(filter, PAGE)?;
    let last = page.last().filter(|_| page.len() == PAGE).map(|last| (last.care_from, last.number.clone()));
    let mut looked = Looked { open: false, closed: None, last };
    for entry in page.iter().filter(|entry| entry.kind.is_settled()) {
        match entry::closed(tx, policies, entry, now)? {
            None => return Ok(Looked { open: true, ..looked }),
            Some(closed) => looked.closed = looked.closed.or(Some(closed)),
        }
    }
    Ok(looked)
}

/// Takes one entry through its calls; `tried` tells whether they were made.
fn settle(
    tx: &mut dyn Tx,
    policies: &Policies,
    by: &Actor,
    now: DateTime,
    wanted: &str,
    tried: &AtomicBool,
) -> Result<Entry, Stop> {
    let is_its_own = |entry: &Entry| !by.role.keeps_to_its_own() || entry.fixmedins_code == by.fixmedins_code;
    if !tx.entry(wanted)?.as_ref().is_some_and(is_its_own) {
        let text = format!("没有台账 {wanted}；请核对台账号");
        return Err(Stop::from(Refusal::new(Code::NotFound, text)));
    }
    tried.store(true, Ordering::Relaxed);
    match entry::settle(tx, policies, wanted, &by.signature(), now)? {
        Attempt::Settled => {}
        Attempt::Finished => {
            tried.store(false, Ordering::Relaxed);
            let state = tx.entry(wanted)?.map_or("不存在", |entry| entry.state.name());
            return Err(Stop::from(Refusal::new(
                Code::WrongState,
                format!("台账 {wanted} 为“{state}”，不能补录；请核对台账号"),
            )));
        }
        Attempt::NotReady(lacking) => {
            tried.store(false, Ordering::Relaxed);
            let text = format!("台账 {wanted} 尚不能补录：{lacking}");
            return Err(Refusal::new(Code::FieldMissing, text).into());
        }
    }
    tx.entry(wanted)?.ok_or_else(|| yibao_store::Fault::new("backfilling", wanted, "it is gone").into())
}

fn must_be_the_agency(by: &Actor) -> Result<(), Stop> {
    if !by.role.keeps_to_its_own() {
        return Ok(());
    }
    Err(Refusal::new(Code::NotYours, "结算次序的核对和更正由经办机构办理；请联系经办机构").into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_entries_wait_for_is_told_without_what_one_alone_lacks_and_with_its_times() {
        assert_eq!(kind_of("明细未传齐:还差12.00元"), "明细未传齐");
        assert_eq!(kind_of("住院结算仍在停办，2021-07-15 24:00恢复"), "住院结算仍在停办，2021-07-15 24:00恢复");
        assert_eq!(kind_of("费用明细疑似已上传过：1（07-08 15:00 721.53元）"), "费用明细疑似已上传过");
        assert_eq!(kind_of("缺出院时间"), "缺出院时间");
    }
}
