//! `deposits` (夜间上传): a night's uploads while the till is open.
//!
//! Care of today goes on at a stated rate: alone, beside the uploads, alone again. Hospitals send their documents, two messages in
//! flight each, until all are kept. What is measured is whether a patient waits longer for them, as a ratio in one run, and what the
//! uploads cost: documents a second, bytes sent and bytes stored. Invariant: every message is sent until it is accepted.

use crate::city;
use crate::document;
use crate::driver::{Answer, Connection, due};
use crate::measured::Latencies;
use crate::message::{self, Facts};
use crate::today::{Bought, Today};
use anyhow::Context;
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::rc::Rc;
use std::time::{Duration, Instant};
use tokio::task::{JoinSet, LocalSet};
use tokio::time::sleep;

/// Messages that one hospital sends at the same time.
const IN_FLIGHT: u64 = 2;
/// So many hospitals begin their uploads every second: no two clocks strike at once, and the one driver is not the measured.
const BEGINNING_A_SECOND: u64 = 20;
/// After a 503 or a time-out a hospital sends again after this.
const SEND_AGAIN_AFTER: Duration = Duration::from_secs(1);

/// Who sends what.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Night {
    /// Hospitals that upload.
    pub hospitals: u64,
    /// Messages of all of them.
    pub messages: u64,
    /// Purchases of today a second.
    pub rate: u64,
    /// How long they go on alone, before and after.
    pub alone: Duration,
    /// Persons of the city.
    pub persons: u64,
    /// The seed of all draws.
    pub seed: u64,
}

/// What came of a night.
#[derive(Default, Debug)]
pub(crate) struct Outcome {
    /// Latencies of today's care without uploads, before and after.
    pub alone: Latencies,
    /// Latencies of today's care beside them.
    pub beside: Latencies,
    /// Latencies of the uploads.
    pub uploads: Latencies,
    /// Documents that were kept.
    pub documents: u64,
    /// Bytes of the messages that brought them.
    pub sent_bytes: u64,
    /// How long the uploads took.
    pub took: Duration,
    /// Answers of 503.
    pub busy: u64,
    /// Messages without an answer in time.
    pub timed_out: u64,
    /// Words of refusals, and how often.
    pub refused: BTreeMap<String, u64>,
}

/// What becomes of an upload.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Fate {
    Kept,
    Refused,
    /// It is sent again.
    Again,
}

impl Outcome {
    /// Notes the answer to an upload.
    fn takes_in(&mut self, infno: &str, answer: Option<Answer>, took: Duration) -> Fate {
        match answer {
            Some(answer) if answer.is_success() => {
                self.uploads.add(took);
                return Fate::Kept;
            }
            Some(answer) if answer.status == 503 => self.busy += 1,
            Some(answer) => {
                *self.refused.entry(format!("{infno} {}", answer.words())).or_default() += 1;
                return Fate::Refused;
            }
            None => self.timed_out += 1,
        }
        Fate::Again
    }
}

/// Where the uploads lie.
#[derive(Clone, Copy, Default, Debug)]
pub(crate) struct Stored {
    /// Documents.
    pub documents: u64,
    /// Bytes of their tables and indexes.
    pub bytes: u64,
    /// Tables apart, by month where the engine can.
    pub parts: u64,
}

struct Run {
    address: SocketAddr,
    night: Night,
    begun: Instant,
    /// The next message, and whether uploads are under way.
    next: Cell<u64>,
    is_night: Cell<bool>,
    is_over: Cell<bool>,
    outcome: RefCell<Outcome>,
}

/// Lets a night happen.
pub(crate) fn happen(address: SocketAddr, night: Night) -> anyhow::Result<Outcome> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().context("启动驱动")?;
    let run = Rc::new(Run {
        address,
        night,
        begun: Instant::now(),
        next: Cell::new(0),
        is_night: Cell::new(false),
        is_over: Cell::new(false),
        outcome: RefCell::default(),
    });
    LocalSet::new().block_on(&runtime, async {
        let today = tokio::task::spawn_local(today(run.clone()));
        sleep(night.alone).await;
        run.is_night.set(true);
        let begun = Instant::now();
        let mut senders = JoinSet::new();
        for hospital in 0..night.hospitals {
            (0..IN_FLIGHT).for_each(|_| drop(senders.spawn_local(upload(run.clone(), hospital))));
        }
        while let Some(done) = senders.join_next().await {
            done.context("驱动中断")??;
        }
        run.outcome.borrow_mut().took = begun.elapsed();
        run.is_night.set(false);
        sleep(night.alone).await;
        run.is_over.set(true);
        today.await.context("驱动中断")?
    })?;
    Ok(run.outcome.take())
}

/// One line of a hospital: a message after the other, each until it is accepted.
async fn upload(run: Rc<Run>, hospital: u64) -> anyhow::Result<()> {
    sleep(due(hospital, BEGINNING_A_SECOND)).await;
    let mut connection = Connection::open(run.address).await?;
    loop {
        let number = run.next.replace(run.next.get() + 1);
        if number >= run.night.messages {
            return Ok(());
        }
        let (infno, input, documents) = document::message(number);
        let facts = Facts {
            person: 0,
            provider: city::hospital(hospital),
            day: String::new(),
            admitted: String::new(),
            mdtrt_id: String::new(),
            number,
        };
        let body = message::envelope(infno, &format!("{}20210701D{number:09}", facts.provider), &facts, &input);
        loop {
            let begun = Instant::now();
            let answer = connection.call(body.clone()).await?;
            let is_lost = answer.is_none();
            let fate = run.outcome.borrow_mut().takes_in(infno, answer, begun.elapsed());
            if fate == Fate::Kept {
                let mut outcome = run.outcome.borrow_mut();
                outcome.documents += documents;
                outcome.sent_bytes += u64::try_from(body.len()).unwrap_or(0);
            }
            if fate != Fate::Again {
                break;
            }
            if is_lost {
                connection = Connection::open(run.address).await?;
                continue;
            }
            sleep(SEND_AGAIN_AFTER).await;
        }
    }
}

/// Care of today, by a schedule.
async fn today(run: Rc<Run>) -> anyhow::Result<()> {
    let Night { rate, persons, seed, .. } = run.night;
    let today = Today { address: run.address, begun: run.begun, rate, persons, seed };
    let of = run.clone();
    let next = move |arrival| (!of.is_over.get()).then(|| (arrival, of.is_night.get()));
    let tell = move |is_beside: bool, bought: Bought| {
        let Outcome { alone, beside, busy, timed_out, refused, .. } = &mut *run.outcome.borrow_mut();
        bought.count(if is_beside { beside } else { alone }, busy, timed_out, refused);
    };
    today.goes_on(next, tell).await
}
