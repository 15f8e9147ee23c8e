//! The order of events put right by the platform itself (自动更正次序): of each person who is marked, what may be, after a run
//! and for as long as somebody is marked.
//!
//! A reader works out what a person's order asks for; the writer is asked only where there is something to book or a mark to
//! take away. Each person stands alone: one whose settlements cannot be made again stays marked, one who meets a fault is
//! tried again, ever later, and neither holds up anybody.

use crate::call::Stop;
use crate::outage::later;
use crate::outage::order::{self, Outlook};
use crate::platform::counter::Counter;
use crate::platform::pace::Pace;
use crate::platform::queue::Lane;
use std::collections::BTreeMap;
use yibao_domain::party::Party;
use yibao_domain::time::DateTime;
use yibao_store::Mode;

/// Seconds after which everybody who is marked is looked at again.
const EVERYBODY: i64 = 300;

/// What putting people's settlements in order has come to.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Ordered {
    /// How many settlements were made again.
    pub redone: usize,
    /// Persons who met a fault and wait as before.
    pub failed: Vec<String>,
}

/// Looks after the order of one pool's book.
pub(crate) struct Order {
    counter: Counter,
    everybody: Pace,
    /// Persons who met a fault: each is tried again at a pace of its own.
    failing: BTreeMap<String, Pace>,
}

impl Order {
    /// Hands its work in there.
    pub fn new(counter: Counter) -> Order {
        Order { counter, everybody: Pace::every(EVERYBODY), failing: BTreeMap::new() }
    }

    /// Puts in order whoever is due; how many persons met a fault.
    pub fn round(&mut self, now: DateTime) -> Result<u64, Stop> {
        let everybody = self.everybody.is_due(now);
        let marked = if everybody {
            let marked = marked_persons(&self.counter, &Party::platform(""), None, "")?;
            self.failing.retain(|psn_no, _| marked.contains(psn_no));
            marked
        } else {
            self.failing.keys().cloned().collect()
        };
        let is_due = |psn_no: &String| self.failing.get(psn_no).is_none_or(|pace| pace.is_due(now));
        let due: Vec<String> = marked.into_iter().filter(is_due).collect();
        let ordered = put_in_order(&self.counter, &due, now)?;
        for psn_no in due {
            if ordered.failed.contains(&psn_no) {
                self.failing.entry(psn_no).or_insert_with(|| Pace::every(EVERYBODY)).failed(now);
            } else {
                self.failing.remove(&psn_no);
            }
        }
        if everybody {
            self.everybody.succeeded(now);
        }
        Ok(ordered.failed.len() as u64)
    }

    /// Whether nobody who met a fault waits to be tried again.
    pub fn is_in_order(&self) -> bool {
        self.failing.is_empty()
    }
}

/// Persons with marked entries: of the book or of a plan, of all providers (empty) or of one.
pub(crate) fn marked_persons(
    counter: &Counter,
    by: &Party,
    plan: Option<&str>,
    fixmedins_code: &str,
) -> Result<Vec<String>, Stop> {
    let plan = plan.map(str::to_owned);
    let asked = counter.ask(Mode::Read, by.clone(), Lane::Today, move |tx, _| later::marked(tx, None, plan.as_deref()));
    let mut marked = asked.wait()?;
    marked.retain(|entry| fixmedins_code.is_empty() || entry.fixmedins_code == fixmedins_code);
    let mut persons: Vec<String> = marked.into_iter().map(|entry| entry.psn_no).collect();
    persons.sort_unstable();
    persons.dedup();
    Ok(persons)
}

/// What a person's order asks for.
pub(crate) fn look(counter: &Counter, by: &Party, psn_no: &str, now: DateTime) -> Result<Outlook, Stop> {
    let psn_no = psn_no.to_owned();
    counter.ask(Mode::Read, by.clone(), Lane::Today, move |tx, policies| order::look(tx, policies, &psn_no, now)).wait()
}

/// Puts in order what the platform may of these persons.
pub(crate) fn put_in_order(counter: &Counter, persons: &[String], now: DateTime) -> Result<Ordered, Stop> {
    let (mut ordered, platform) = (Ordered::default(), Party::platform(""));
    for psn_no in persons {
        match of_person(counter, &platform, psn_no, now) {
            Ok(done) => ordered.redone += done,
            Err(Stop::Fault(fault)) => {
                tracing::error!(pool = %counter.pool, causes = fault.chain(), "putting in order: a person is tried again");
                ordered.failed.push(psn_no.clone());
            }
            Err(stop) => return Err(stop),
        }
    }
    Ok(ordered)
}

/// The same of one person; how many settlements were made again. What cannot be made again waits, with its reason, on the
/// page of corrections.
pub(crate) fn of_person(counter: &Counter, by: &Party, psn_no: &str, now: DateTime) -> Result<usize, Stop> {
    let settled = match look(counter, by, psn_no, now) {
        Ok(Outlook { by_itself: None, .. }) => return Ok(0),
        Ok(Outlook { by_itself: Some(work), .. }) => {
            let asked = counter.ask(Mode::Write, by.clone(), Lane::Earlier, move |tx, policies| {
                order::by_itself(tx, policies, work.clone())
            });
            asked.wait()
        }
        Err(stop) => Err(stop),
    };
    match settled {
        Ok(done) => Ok(done.len()),
        Err(Stop::Refused(_)) => Ok(0),
        Err(stop) => Err(stop),
    }
}
