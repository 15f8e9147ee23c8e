//! The order of events put right by the platform itself (自动更正次序): of each person who is marked, what may be, after a run
//! and for as long as somebody is marked.
//!
//! A reader works out what a person's order asks for; the writer is asked only where there is something to book or a mark to
//! take away. Each person stands alone: one whose settlements cannot be made again stays marked, one who meets a fault is
//! tried again, ever later, and neither holds up anybody. Whose order is for somebody else to put right is looked at again at once
//! where an entry changes, and ever less often where none does.

use crate::call::Stop;
use crate::outage::later;
use crate::outage::order::{self, Outlook};
use crate::platform::counter::Counter;
use crate::platform::pace::Pace;
use crate::platform::queue::Lane;
use jiff::ToSpan;
use std::collections::BTreeMap;
use yibao_domain::party::Party;
use yibao_domain::register::Entry;
use yibao_domain::time::DateTime;
use yibao_store::Mode;

/// Seconds after which everybody who is marked is looked at again.
const EVERYBODY: i64 = 300;
/// Whom nothing could be done for is looked at again after twice as long each time, at least once a day.
const SELDOM: i64 = 86_400;

/// What putting people's settlements in order has come to.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Ordered {
    /// How many settlements were made again.
    pub redone: usize,
    /// Persons who met a fault and wait as before.
    pub failed: Vec<String>,
    /// Persons whose order is not the platform's to put right, as they were asked about.
    pub left: Vec<String>,
}

/// Marked entries by their numbers, in the versions in which they were looked at.
type Seen = BTreeMap<String, i64>;

/// Somebody for whom nothing could be done.
struct Left {
    seen: Seen,
    at: DateTime,
    wait: i64,
}

impl Left {
    /// Looked at now, after another look or for the first time.
    fn after(before: Option<&Left>, seen: Seen, now: DateTime) -> Left {
        let same = before.filter(|left| left.seen == seen);
        let wait = same.map_or(EVERYBODY, |left| (2 * left.wait).min(SELDOM));
        Left { seen, at: now, wait }
    }

    fn is_due(&self, seen: &Seen, now: DateTime) -> bool {
        self.seen != *seen || now < self.at || self.at.saturating_add(self.wait.seconds()) <= now
    }
}

/// Looks after the order of one pool's book.
pub(crate) struct Order {
    counter: Counter,
    everybody: Pace,
    /// Persons who met a fault: each is tried again at a pace of its own.
    failing: BTreeMap<String, Pace>,
    /// Persons whose order somebody else puts right.
    left: BTreeMap<String, Left>,
}

impl Order {
    /// Hands its work in there.
    pub fn new(counter: Counter) -> Order {
        Order { counter, everybody: Pace::every(EVERYBODY), failing: BTreeMap::new(), left: BTreeMap::new() }
    }

    /// Puts in order whoever is due; how many persons met a fault.
    pub fn round(&mut self, now: DateTime) -> Result<u64, Stop> {
        let everybody = self.everybody.is_due(now);
        let mut marked: BTreeMap<String, Seen> = BTreeMap::new();
        if everybody {
            for entry in marked_entries(&self.counter, &Party::platform(""), None)? {
                marked.entry(entry.psn_no).or_default().insert(entry.number, entry.version);
            }
            self.failing.retain(|psn_no, _| marked.contains_key(psn_no));
            self.left.retain(|psn_no, _| marked.contains_key(psn_no));
        } else {
            marked.extend(self.failing.keys().map(|psn_no| (psn_no.clone(), Seen::new())));
        }
        let is_due = |psn_no: &String, seen: &Seen| {
            self.failing.get(psn_no).is_none_or(|pace| pace.is_due(now))
                && self.left.get(psn_no).is_none_or(|left| left.is_due(seen, now))
        };
        marked.retain(|psn_no, seen| is_due(psn_no, seen));
        let due: Vec<String> = marked.keys().cloned().collect();
        let ordered = put_in_order(&self.counter, &due, now)?;
        for (psn_no, seen) in marked {
            if ordered.left.binary_search(&psn_no).is_ok() {
                let left = Left::after(self.left.get(&psn_no), seen, now);
                self.left.insert(psn_no.clone(), left);
            } else {
                self.left.remove(&psn_no);
            }
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
    let mut marked = marked_entries(counter, by, plan)?;
    marked.retain(|entry| fixmedins_code.is_empty() || entry.fixmedins_code == fixmedins_code);
    let mut persons: Vec<String> = marked.into_iter().map(|entry| entry.psn_no).collect();
    persons.sort_unstable();
    persons.dedup();
    Ok(persons)
}

fn marked_entries(counter: &Counter, by: &Party, plan: Option<&str>) -> Result<Vec<Entry>, Stop> {
    let plan = plan.map(str::to_owned);
    counter.ask(Mode::Read, by.clone(), Lane::Today, move |tx, _| later::marked(tx, None, plan.as_deref())).wait()
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
            Ok(Some(done)) => ordered.redone += done,
            Ok(None) => ordered.left.push(psn_no.clone()),
            Err(Stop::Fault(fault)) => {
                tracing::error!(pool = %counter.pool, causes = fault.chain(), "putting in order: a person is tried again");
                ordered.failed.push(psn_no.clone());
            }
            Err(stop) => return Err(stop),
        }
    }
    Ok(ordered)
}

/// The same of one person; how many settlements were made again, or nothing where nothing is the platform's to do. What cannot be made again waits, with its reason, on the
/// page of corrections.
pub(crate) fn of_person(counter: &Counter, by: &Party, psn_no: &str, now: DateTime) -> Result<Option<usize>, Stop> {
    let settled = match look(counter, by, psn_no, now) {
        Ok(Outlook { by_itself: None, .. }) => return Ok(None),
        Ok(Outlook { by_itself: Some(work), .. }) => {
            let asked = counter.ask(Mode::Write, by.clone(), Lane::Earlier, move |tx, policies| {
                order::by_itself(tx, policies, work.clone())
            });
            asked.wait()
        }
        Err(stop) => Err(stop),
    };
    match settled {
        Ok(done) => Ok(Some(done.len())),
        Err(Stop::Refused(_)) => Ok(None),
        Err(stop) => Err(stop),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn who_is_left_is_looked_at_ever_less_often_and_at_once_where_an_entry_changes() {
        let now = date(2021, 7, 20).at(9, 0, 0, 0);
        let seen = |version| Seen::from([("XJ520500-2021-000001".to_owned(), version)]);
        let later = |seconds: i64| now.saturating_add(seconds.seconds());
        let first = Left::after(None, seen(3), now);
        assert!(!first.is_due(&seen(3), later(299)) && first.is_due(&seen(3), later(300)));
        assert!(first.is_due(&seen(4), later(1)), "the entry has changed");
        assert!(first.is_due(&seen(3), later(-1)), "the clock went back");
        let again = Left::after(Some(&first), seen(3), now);
        assert!(!again.is_due(&seen(3), later(599)) && again.is_due(&seen(3), later(600)));
        let often = (0..20).fold(again, |left, _| Left::after(Some(&left), seen(3), now));
        assert!(!often.is_due(&seen(3), later(86_399)) && often.is_due(&seen(3), later(86_400)));
        assert_eq!(Left::after(Some(&often), seen(4), now).wait, 300);
    }
}
