//! The order of events put right by the platform itself (自动更正次序): of each person who is marked, what may be, after a run
//! and from time to time.
//!
//! A reader works out what a person's order asks for; the writer is asked only where there is something to book or a mark to
//! take away. One person whose settlements cannot be made again stays marked, and holds up nobody.

use crate::call::Stop;
use crate::outage::later;
use crate::outage::order::{self, Outlook};
use crate::platform::counter::Counter;
use crate::platform::queue::Lane;
use yibao_domain::party::Party;
use yibao_domain::time::DateTime;
use yibao_store::Mode;

/// Persons with marked entries, of a plan or of the book.
pub(crate) fn marked_persons(counter: &Counter, by: &Party, plan: Option<&str>) -> Result<Vec<String>, Stop> {
    let plan = plan.map(str::to_owned);
    let asked = counter.ask(Mode::Read, by.clone(), Lane::Today, move |tx, _| later::marked(tx, None, plan.as_deref()));
    let mut persons: Vec<String> = asked.wait()?.into_iter().map(|entry| entry.psn_no).collect();
    persons.sort_unstable();
    persons.dedup();
    Ok(persons)
}

/// What a person's order asks for.
pub(crate) fn look(counter: &Counter, by: &Party, psn_no: &str, now: DateTime) -> Result<Outlook, Stop> {
    let psn_no = psn_no.to_owned();
    counter.ask(Mode::Read, by.clone(), Lane::Today, move |tx, policies| order::look(tx, policies, &psn_no, now)).wait()
}

/// Puts in order what the platform may of everybody who is marked; how many settlements were made again.
pub(crate) fn put_in_order(counter: &Counter, now: DateTime) -> Result<usize, Stop> {
    let (mut redone, platform) = (0, Party::platform(""));
    for psn_no in marked_persons(counter, &platform, None)? {
        match of_person(counter, &platform, &psn_no, now) {
            Ok(done) => redone += done,
            // The person waits as before; the others go on.
            Err(Stop::Fault(fault)) => tracing::error!(pool = %counter.pool, "putting in order: {}", fault.chain()),
            Err(stop) => return Err(stop),
        }
    }
    Ok(redone)
}

/// The same of one person. What cannot be made again waits, with its reason, on the page of corrections.
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
