//! Workers: each owns a connection to one pool's book and works through one queue, when somebody drives it.
//!
//! The binary gives each a thread ([`Worker::run`]); a test or a simulated city drives them all on one ([`Worker::step`]).
//! The writer takes many waiting calls into one transaction, a savepoint each, and the store syncs
//! once for all of them; every reply waits for that sync. A call that is refused, fails or panics
//! gives up its own savepoint and harms no neighbour.

use crate::call::{Answer, Call, ReplyTo, Stop};
use crate::observe::Observer;
use crate::platform::lane;
use crate::platform::queue::{Lane, Queue, TurnedAway};
use crate::policies::Policies;
use crate::run::offered::{self, Leaves};
use crate::run::run;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use yibao_store::{Book, Fault, Mode, Tx};

/// What waits for a worker.
pub(crate) enum Job {
    /// A party's message.
    Call {
        /// The message.
        call: Box<Call>,
        /// Who waits for its answer.
        reply: ReplyTo,
    },
    /// A message whose lane its encounter tells: a reader looks, and hands it in.
    FindLane {
        /// The message.
        call: Box<Call>,
        /// Who waits for its answer.
        reply: ReplyTo,
        /// Where it is to wait.
        queue: Arc<Queue<Job>>,
    },
    /// Work on the book that is no message.
    Work(BookWork),
}

/// Work on the book that is no message: registers, worklists, runs of the backfill.
pub(crate) struct BookWork {
    /// Does it and says whether what it did is to be kept; may be run again from the start.
    pub work: Work,
    /// Called once, when what is to be kept is durable or could not be made so.
    pub done: Box<dyn FnOnce(Result<(), Fault>) + Send>,
}

/// What is done on the book; says whether it is to be kept.
pub(crate) type Work = Box<dyn FnMut(&mut dyn Tx, &Policies) -> bool + Send>;

/// How a job went, before the commit.
enum Outcome {
    Call(Result<Answer, Stop>),
    Lane(Result<Lane, Fault>),
    /// A fault where it panicked.
    Work(Result<bool, Fault>),
}

impl Queue<Job> {
    /// Takes a message in, with its turn under its party; who is turned away is answered at once.
    pub fn hand_in(&self, lane: Lane, job: Job) {
        let (Job::Call { call, .. } | Job::FindLane { call, .. }) = &job else {
            unreachable!("work on the book takes its turn under who asks for it")
        };
        if let Err((Job::Call { reply, .. } | Job::FindLane { reply, .. }, why)) =
            self.push(call.party.clone(), lane, job)
        {
            reply(Err(why.stop()));
        }
    }
}

impl Job {
    /// How heavy it is beside others: the rows of what deposits documents.
    pub fn weight(&self) -> usize {
        let Job::Call { call, .. } = self else { return 0 };
        let deposits = offered::find(&call.infno).is_some_and(|offered| offered.leaves == Leaves::Documents);
        let rows = || call.input.names().map(|name| call.input.nodes(name).len()).sum::<usize>();
        if deposits { rows().max(1) } else { 0 }
    }

    fn run(&mut self, tx: &mut dyn Tx, policies: &Policies) -> Outcome {
        match self {
            Job::Call { call, .. } => Outcome::Call(
                guarded(|| run(tx, call, policies))
                    .unwrap_or_else(|said| Err(Stop::Fault(Fault::new("answering", call.infno.clone(), said)))),
            ),
            Job::FindLane { call, .. } => Outcome::Lane(
                guarded(|| tx.encounter(lane::encounter_of(call)))
                    .unwrap_or_else(|said| Err(Fault::new("finding the lane of", call.infno.clone(), said)))
                    .map(|encounter| lane::of_encounter(encounter.as_ref(), call.now.date())),
            ),
            Job::Work(BookWork { work, .. }) => {
                Outcome::Work(guarded(|| work(tx, policies)).map_err(|said| Fault::new("working at", "the book", said)))
            }
        }
    }

    fn answer(self, outcome: Result<Outcome, Fault>) {
        match (self, outcome) {
            (Job::Call { reply, .. }, Ok(Outcome::Call(outcome))) => reply(outcome),
            (Job::FindLane { call, reply, queue }, Ok(Outcome::Lane(Ok(lane)))) => {
                queue.hand_in(lane, Job::Call { call, reply })
            }
            (Job::FindLane { reply, .. }, Ok(Outcome::Lane(Err(fault))) | Err(fault)) => reply(Err(Stop::Fault(fault))),
            (Job::Work(work), Ok(Outcome::Work(outcome))) => (work.done)(outcome.map(drop)),
            (Job::Call { reply, .. }, Err(fault)) => reply(Err(Stop::Fault(fault))),
            (Job::Work(work), Err(fault)) => (work.done)(Err(fault)),
            (_, Ok(_)) => unreachable!("a job's outcome is of its own kind"),
        }
    }
}

impl Outcome {
    fn is_kept(&self) -> bool {
        matches!(self, Outcome::Call(Ok(_)) | Outcome::Work(Ok(true)))
    }
}

impl TurnedAway {
    /// What who is turned away is told.
    pub fn stop(self) -> Stop {
        match self {
            TurnedAway::Full => Stop::Busy,
            TurnedAway::Closed => Stop::Closing,
        }
    }
}

/// Works through one queue of one pool.
pub struct Worker {
    pub(crate) name: String,
    pub(crate) book: Box<dyn Book>,
    pub(crate) policies: Arc<Policies>,
    pub(crate) observer: Arc<dyn Observer>,
    pub(crate) jobs: Arc<Queue<Job>>,
    pub(crate) does: Does,
}

/// What a worker does with the jobs of its queue.
#[derive(Clone, Copy)]
pub(crate) enum Does {
    /// Answers reading calls, one after the other.
    Read,
    /// Answers recording calls, so many in one transaction.
    Write { calls_per_transaction: usize },
}

impl Worker {
    /// What it is called: what it does, for which pool, and which of several it is.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Does what waits, one transaction at most; `false` where nothing waited.
    pub fn step(&mut self) -> bool {
        let Some((jobs, left)) = self.jobs.take_waiting(self.most()) else { return false };
        let are_uploads = jobs.first().is_some_and(|job| job.weight() > 0);
        self.work(jobs, left);
        self.free_uploads(are_uploads);
        true
    }

    /// Works, and waits for work, until the platform is closed and nothing waits any more.
    pub fn run(mut self) {
        while let Some((jobs, left)) = self.jobs.take(self.most()) {
            let are_uploads = jobs.first().is_some_and(|job| job.weight() > 0);
            // Whose jobs they were is told that nobody answers; the next ones are not to wait for ever.
            if let Err(said) = guarded(|| self.work(jobs, left)) {
                tracing::error!(worker = self.name, said, "a worker panicked and goes on");
            }
            self.free_uploads(are_uploads);
        }
    }

    /// The next uploads may be taken.
    fn free_uploads(&self, are_uploads: bool) {
        if are_uploads {
            self.jobs.uploaded();
        }
    }

    fn most(&self) -> usize {
        match self.does {
            Does::Read => 1,
            Does::Write { calls_per_transaction } => calls_per_transaction,
        }
    }

    fn work(&mut self, jobs: Vec<Job>, left: usize) {
        match self.does {
            Does::Read => jobs.into_iter().for_each(|job| self.answer(job)),
            Does::Write { .. } => {
                self.observer.queue_depth(self.policies.pool.pool.as_str(), left);
                self.commit(jobs);
            }
        }
    }

    fn answer(&mut self, mut job: Job) {
        let mut outcome = None;
        let policies = &self.policies;
        let read = self.book.transact(Mode::Read, &mut |tx| {
            outcome = Some(job.run(tx, policies));
            Ok(())
        });
        job.answer(match (read, outcome) {
            (Ok(()), Some(outcome)) => Ok(outcome),
            (Ok(()), None) => Err(Fault::new("reading", policies.pool.pool.as_str(), "the store ran nothing")),
            (Err(fault), _) => Err(fault),
        });
    }

    fn commit(&mut self, mut batch: Vec<Job>) {
        let mut outcomes: Vec<Outcome> = Vec::with_capacity(batch.len());
        let policies = &self.policies;
        let committed = self.book.transact(Mode::Write, &mut |tx| {
            outcomes.clear();
            for job in &mut batch {
                tx.savepoint()?;
                let outcome = job.run(tx, policies);
                if outcome.is_kept() {
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
                self.observer.batch_committed(self.policies.pool.pool.as_str(), batch.len());
                for (job, outcome) in batch.into_iter().zip(outcomes) {
                    job.answer(Ok(outcome));
                }
            }
            Err(fault) => {
                let cause = fault.chain();
                for job in batch {
                    job.answer(Err(Fault::new("committing", self.policies.pool.pool.as_str(), cause.clone())));
                }
            }
        }
    }
}

/// Runs a job; a broken promise of our own code (a panic) becomes what it said, and harms this job alone.
fn guarded<T>(work: impl FnOnce() -> T) -> Result<T, String> {
    catch_unwind(AssertUnwindSafe(work)).map_err(|panic| {
        panic
            .downcast_ref::<String>()
            .cloned()
            .or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned()))
            .unwrap_or_else(|| "panic".to_owned())
    })
}
