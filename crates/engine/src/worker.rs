//! Workers: threads that each own a connection to one pool's book.
//!
//! The writer takes many waiting calls into one transaction, a savepoint each, and the store syncs
//! once for all of them; every reply waits for that sync. A call that is refused, fails or panics
//! gives up its own savepoint and harms no neighbour.

use crate::call::{Answer, Call, Stop};
use crate::desk::Desk;
use crate::observe::Observer;
use crate::queue::Queue;
use crate::run::run;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use yibao_store::{Book, Fault, Mode, Tx};

/// Called once with the outcome, from a worker thread.
pub(crate) type ReplyTo = Box<dyn FnOnce(Result<Answer, Stop>) + Send>;

/// A waiting call.
pub(crate) struct Job {
    pub call: Call,
    pub reply: ReplyTo,
}

/// What a worker needs besides its queue.
pub(crate) struct Worker {
    pub book: Box<dyn Book>,
    pub desk: Arc<Desk>,
    pub observer: Arc<dyn Observer>,
}

impl Worker {
    /// Answers recording calls, many in one transaction, until the queue is closed and empty.
    pub fn write(mut self, jobs: &Queue<Job>, calls_per_transaction: usize) {
        while let Some((batch, left)) = jobs.take(calls_per_transaction) {
            self.observer.queue_depth(self.desk.pool.pool.as_str(), left);
            self.commit(batch);
        }
    }

    /// Answers reading calls, one after the other, until the queue is closed and empty.
    pub fn read(mut self, jobs: &Queue<Job>) {
        while let Some((taken, _)) = jobs.take(1) {
            for job in taken {
                self.answer(job);
            }
        }
    }

    fn answer(&mut self, Job { call, reply }: Job) {
        let mut outcome = None;
        let desk = &self.desk;
        let read = self.book.transact(Mode::Read, &mut |tx| {
            outcome = Some(guarded(tx, &call, desk));
            Ok(())
        });
        reply(match (read, outcome) {
            (Ok(()), Some(outcome)) => outcome,
            (Ok(()), None) => Err(Stop::Fault(Fault::new("reading", call.infno, "the store ran nothing"))),
            (Err(fault), _) => Err(Stop::Fault(fault)),
        });
    }

    fn commit(&mut self, batch: Vec<Job>) {
        let mut outcomes: Vec<Result<Answer, Stop>> = Vec::with_capacity(batch.len());
        let desk = &self.desk;
        let committed = self.book.transact(Mode::Write, &mut |tx| {
            outcomes.clear();
            for job in &batch {
                tx.savepoint()?;
                let outcome = guarded(tx, &job.call, desk);
                if outcome.is_ok() {
                    tx.release()?
                } else {
                    tx.roll_back()?
                }
                outcomes.push(outcome);
            }
            Ok(())
        });
        match committed {
            Ok(()) => {
                self.observer.batch_committed(self.desk.pool.pool.as_str(), batch.len());
                for (job, outcome) in batch.into_iter().zip(outcomes) {
                    (job.reply)(outcome);
                }
            }
            Err(fault) => {
                let cause = fault.chain();
                for job in batch {
                    let fault = Fault::new("committing", self.desk.pool.pool.as_str(), cause.clone());
                    (job.reply)(Err(Stop::Fault(fault)));
                }
            }
        }
    }
}

/// Runs a call; a broken promise of our own code (a panic) becomes a fault of this call alone.
fn guarded(tx: &mut dyn Tx, call: &Call, desk: &Desk) -> Result<Answer, Stop> {
    catch_unwind(AssertUnwindSafe(|| run(tx, call, desk))).unwrap_or_else(|panic| {
        let said = panic
            .downcast_ref::<String>()
            .cloned()
            .or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned()))
            .unwrap_or_else(|| "panic".to_owned());
        Err(Stop::Fault(Fault::new("answering", call.infno.clone(), said)))
    })
}
