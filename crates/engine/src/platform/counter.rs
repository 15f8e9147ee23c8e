//! Where work on one pool's book is handed in (窗口), and its answer waited for.

use crate::call::Stop;
use crate::platform::crew::Crew;
use crate::platform::queue::{Lane, Queue};
use crate::platform::worker::{BookWork, Job};
use crate::policies::Policies;
use std::sync::mpsc::{self, Receiver, TryRecvError};
use std::sync::{Arc, Mutex, PoisonError};
use yibao_domain::code::Pool;
use yibao_domain::party::Party;
use yibao_store::{Fault, Mode, Tx};

/// The queues of one pool; closed once the platform stops.
pub(crate) struct Queues {
    pub writing: Arc<Queue<Job>>,
    pub reading: Arc<Queue<Job>>,
}

/// Where work on one pool's book is handed in.
#[derive(Clone)]
pub(crate) struct Counter {
    pub pool: Pool,
    pub queues: Arc<Queues>,
    pub crew: Arc<Crew>,
}

impl Counter {
    /// Queues work with its turn under `party`. It has a savepoint of its own: what it returns as an error leaves nothing behind.
    pub fn ask<T, E>(&self, mode: Mode, party: Party, lane: Lane, work: impl BookTask<T, E>) -> Asked<T, E>
    where
        T: Send + 'static,
        E: From<Stop> + Send + 'static,
    {
        let (answer_to, answer) = mpsc::channel();
        let queue = match mode {
            Mode::Read => &self.queues.reading,
            Mode::Write => &self.queues.writing,
        };
        match queue.push(party, lane, Job::Work(book_work(work, answer_to))) {
            Ok(()) => Asked { answer: Ok(answer), crew: self.crew.clone() },
            Err((_, why)) => Asked { answer: Err(why.stop()), crew: self.crew.clone() },
        }
    }
}

/// Work on a book; it may be run again from the start.
pub(crate) trait BookTask<T, E>: FnMut(&mut dyn Tx, &Policies) -> Result<T, E> + Send + 'static {}
impl<T, E, F: FnMut(&mut dyn Tx, &Policies) -> Result<T, E> + Send + 'static> BookTask<T, E> for F {}

/// Work that was asked for.
pub(crate) struct Asked<T, E> {
    answer: Result<Receiver<Result<T, E>>, Stop>,
    crew: Arc<Crew>,
}

impl<T, E: From<Stop>> Asked<T, E> {
    /// Waits until it is durable, or is not done. Workers that are at home are driven meanwhile.
    pub fn wait(self) -> Result<T, E> {
        let answer = self.answer?;
        loop {
            match answer.try_recv() {
                Ok(outcome) => return outcome,
                Err(TryRecvError::Disconnected) => return Err(forgotten().into()),
                Err(TryRecvError::Empty) if self.crew.step() => {}
                // They are driven by others.
                Err(TryRecvError::Empty) => return answer.recv().unwrap_or_else(|_| Err(forgotten().into())),
            }
        }
    }
}

/// A worker that has taken work answers it, unless it broke down.
fn forgotten() -> Stop {
    Stop::Fault(Fault::new("working at", "the book", "the worker ended without an answer"))
}

fn book_work<T, E>(mut work: impl BookTask<T, E>, answer_to: mpsc::Sender<Result<T, E>>) -> BookWork
where
    T: Send + 'static,
    E: From<Stop> + Send + 'static,
{
    let slot = Arc::new(Mutex::new(None));
    let made = slot.clone();
    BookWork {
        work: Box::new(move |tx, policies| {
            let outcome = work(tx, policies);
            let is_kept = outcome.is_ok();
            *made.lock().unwrap_or_else(PoisonError::into_inner) = Some(outcome);
            is_kept
        }),
        done: Box::new(move |committed| {
            let outcome = slot.lock().unwrap_or_else(PoisonError::into_inner).take();
            let answer = match (committed, outcome) {
                (Ok(()), Some(outcome)) => outcome,
                (Ok(()), None) => Err(Stop::Fault(Fault::new("working at", "the policies", "nothing was run")).into()),
                (Err(fault), _) => Err(Stop::Fault(fault).into()),
            };
            // Who asked may have gone away; the work is done all the same.
            let _ = answer_to.send(answer);
        }),
    }
}
