//! How far a run of the backfill has come, as the book tells it: what of its plan is still open, and what was refused since
//! the run began. Nothing here counts what a process remembers, so a run that was cut off counts nothing twice.

use crate::backfill::entry::OPEN;
use crate::call::Stop;
use crate::facts::EVERY;
use yibao_domain::register::{Action, Entry, State};
use yibao_domain::time::DateTime;
use yibao_store::outage::BackfillRun;
use yibao_store::register::EntryFilter;
use yibao_store::{Fault, Tx};

/// Entries that are looked at together.
pub(crate) const PAGE: usize = 256;
/// A place in the order of care: entries after it come next.
pub(crate) type InOrder = (DateTime, String);

/// How far a run has come.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(crate) struct Standing {
    /// What was open when it began and is not any more.
    pub settled: i64,
    /// What was refused since, for good or to be tried again.
    pub failed: i64,
}

/// What the book says of a run.
pub(crate) fn standing(tx: &mut dyn Tx, run: &BackfillRun) -> Result<Standing, Stop> {
    let (mut failed, mut left) = (0, 0);
    each_open(tx, &run.plan, &run.fixmedins_code, &mut |tx, entry| {
        if was_refused_since(tx, entry, run.started_at)? {
            failed += 1
        } else {
            left += 1
        }
        Ok(())
    })?;
    failed += given_up_since(tx, run)?;
    Ok(Standing { settled: (run.found - left - failed).max(0), failed })
}

/// Whether an open entry was refused after this moment and is as it was then: a run that goes on leaves it.
pub(crate) fn was_refused_since(tx: &mut dyn Tx, entry: &Entry, since: DateTime) -> Result<bool, Fault> {
    if entry.state != State::Failed {
        return Ok(false);
    }
    let last = tx.last_event(&entry.number)?;
    Ok(last.is_some_and(|event| event.action == Action::Fail && since < event.at))
}

/// How many entries a run's refusal has ended since it began: they are not open any more, and are not settled.
fn given_up_since(tx: &mut dyn Tx, run: &BackfillRun) -> Result<i64, Fault> {
    let filter = EntryFilter { states: vec![State::SelfPaid], ..open_entries(&run.plan, &run.fixmedins_code) };
    let mut count = 0;
    for entry in tx.entries(&filter, EVERY)? {
        let last = tx.last_event(&entry.number)?;
        count += i64::from(last.is_some_and(|event| event.action == Action::SelfPay && run.started_at <= event.at));
    }
    Ok(count)
}

/// The open entries of a plan, of one provider or of all (empty).
pub(crate) fn open_entries(plan: &str, fixmedins_code: &str) -> EntryFilter {
    EntryFilter {
        plan: Some(plan.to_owned()),
        states: OPEN.to_vec(),
        fixmedins_code: Some(fixmedins_code.to_owned()).filter(|code| !code.is_empty()),
        ..EntryFilter::default()
    }
}

/// How many entries of a plan, of one provider or of all, are open.
pub(crate) fn open_count(tx: &mut dyn Tx, plan: &str, fixmedins_code: &str) -> Result<i64, Fault> {
    let counted = tx.count_by_kind(&open_entries(plan, fixmedins_code))?;
    let count: u64 = counted.iter().filter(|(kind, _)| kind.is_settled()).map(|(_, count)| count).sum();
    Ok(i64::try_from(count).expect("a book has fewer entries"))
}

type Look<'a> = &'a mut dyn FnMut(&mut dyn Tx, &Entry) -> Result<(), Fault>;

fn each_open(tx: &mut dyn Tx, plan: &str, fixmedins_code: &str, look: Look<'_>) -> Result<(), Fault> {
    let mut filter = open_entries(plan, fixmedins_code);
    loop {
        let page = tx.entries(&filter, PAGE)?;
        for entry in page.iter().filter(|entry| entry.kind.is_settled()) {
            look(tx, entry)?;
        }
        match page.last() {
            Some(last) if page.len() == PAGE => filter.after = Some((last.care_from, last.number.clone())),
            _ => return Ok(()),
        }
    }
}
