//! `reopening` (恢复开放): the first morning after an outage.
//!
//! Providers wake in the same second, each with purchases that it could not send, two in flight, while care of today
//! goes on at a stated rate. What is measured is whether anybody is turned away, how long today's patients wait, and
//! whether those with few waiting messages are held up by those with many. Invariant: every message is sent until it
//! is accepted, under the same number, so a run ends with all of them settled.

use crate::city;
use crate::driver::{Connection, due};
use crate::measured::Latencies;
use crate::message::Facts;
use crate::today::{Bought, Today};
use crate::traffic::{Journey, Kind, Mix, Traffic};
use anyhow::{Context, bail};
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::rc::Rc;
use std::time::{Duration, Instant};
use tokio::task::{JoinSet, LocalSet};
use tokio::time::{sleep, sleep_until};

/// All providers have woken after this.
const WAKING: Duration = Duration::from_secs(1);
/// Messages that one provider sends at the same time.
const IN_FLIGHT: usize = 2;
/// After a 503 or a time-out a provider sends again after this.
const SEND_AGAIN_AFTER: Duration = Duration::from_secs(1);
/// The days of the outage, when the waiting care was given.
const OUTAGE: [&str; 3] = ["2021-06-28", "2021-06-29", "2021-06-30"];

/// Who wakes with what.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Morning {
    /// Providers that wake.
    pub providers: u64,
    /// Waiting messages of each.
    pub messages: u64,
    /// How many of the providers have `many` messages instead.
    pub laden: u64,
    /// Waiting messages of those.
    pub many: u64,
    /// Journeys of today a second.
    pub rate: u64,
    /// Persons of the city.
    pub persons: u64,
    /// The seed of all draws.
    pub seed: u64,
    /// Number of the first journey; none is used twice.
    pub first_journey: u64,
}

impl Morning {
    /// Waiting messages of a provider.
    fn waiting(&self, provider: u64) -> u64 {
        if provider < self.laden { self.many } else { self.messages }
    }

    /// Of all providers.
    pub(crate) fn all_waiting(&self) -> u64 {
        (0..self.providers).map(|provider| self.waiting(provider)).sum()
    }
}

/// What came of a morning.
#[derive(Default, Debug)]
pub(crate) struct Outcome {
    /// Latencies of today's care, while messages of the outage waited.
    pub today: Latencies,
    /// Latencies of the waiting messages, each from its own sending.
    pub waiting: Latencies,
    /// When each provider with few messages was done, since it woke.
    pub done: Latencies,
    /// When each provider with many messages was done.
    pub laden_done: Latencies,
    /// Until all was done.
    pub took: Duration,
    /// Answers of 503.
    pub busy: u64,
    /// Messages without an answer in time.
    pub timed_out: u64,
    /// Words of refusals, and how often.
    pub refused: BTreeMap<String, u64>,
    /// The first number of a journey that was not used.
    pub next_journey: u64,
}

struct Run {
    address: SocketAddr,
    morning: Morning,
    begun: Instant,
    outcome: RefCell<Outcome>,
    next_journey: Cell<u64>,
    asleep: Cell<u64>,
}

/// Lets a morning happen.
pub(crate) fn happen(address: SocketAddr, morning: Morning) -> anyhow::Result<Outcome> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().context("启动驱动")?;
    let run = Rc::new(Run {
        address,
        morning,
        begun: Instant::now(),
        outcome: RefCell::default(),
        next_journey: Cell::new(morning.first_journey + morning.all_waiting()),
        asleep: Cell::new(morning.providers),
    });
    LocalSet::new().block_on(&runtime, async {
        let mut providers = JoinSet::new();
        let mut first_journey = morning.first_journey;
        for provider in 0..morning.providers {
            providers.spawn_local(work_off(run.clone(), provider, first_journey));
            first_journey += morning.waiting(provider);
        }
        let today = tokio::task::spawn_local(today(run.clone()));
        while let Some(done) = providers.join_next().await {
            done.context("驱动中断")??;
        }
        run.outcome.borrow_mut().took = run.begun.elapsed();
        today.await.context("驱动中断")?
    })?;
    let mut outcome = run.outcome.take();
    outcome.next_journey = run.next_journey.get();
    Ok(outcome)
}

/// One provider, from waking until the last of its messages is accepted.
async fn work_off(run: Rc<Run>, provider: u64, first_journey: u64) -> anyhow::Result<()> {
    let woken = run.begun + due(provider, run.morning.providers).min(WAKING);
    sleep_until(woken.into()).await;
    let waiting = run.morning.waiting(provider);
    let next = Rc::new(Cell::new(0));
    let mut senders = JoinSet::new();
    for _ in 0..IN_FLIGHT {
        let (run, next) = (run.clone(), next.clone());
        senders.spawn_local(async move {
            let mut connection = Connection::open(run.address).await?;
            while next.get() < waiting {
                let message = next.replace(next.get() + 1);
                connection = settle(&run, connection, provider, first_journey + message).await?;
            }
            anyhow::Ok(())
        });
    }
    while let Some(done) = senders.join_next().await {
        done.context("驱动中断")??;
    }
    run.asleep.set(run.asleep.get() - 1);
    let mut outcome = run.outcome.borrow_mut();
    let done = if provider < run.morning.laden { &mut outcome.laden_done } else { &mut outcome.done };
    done.add(woken.elapsed());
    Ok(())
}

/// Sends a waiting purchase until it is accepted.
async fn settle(run: &Run, mut connection: Connection, provider: u64, number: u64) -> anyhow::Result<Connection> {
    let day = OUTAGE[usize::try_from(number % 3).unwrap_or(0)].to_owned();
    let person = crate::draw::person(&mut crate::draw::of_journey(run.morning.seed, number), run.morning.persons);
    let (provider, admitted, mdtrt_id) = (city::pharmacy(provider), day.clone(), String::new());
    let facts = Facts { person, provider, day, admitted, mdtrt_id, number };
    let message = Journey::new(Kind::Purchase, facts).next(&[])?.context("购药有一笔报文")?;
    loop {
        let begun = Instant::now();
        let answer = connection.call(message.body.clone()).await?;
        match answer {
            Some(answer) if answer.is_success() => {
                run.outcome.borrow_mut().waiting.add(begun.elapsed());
                return Ok(connection);
            }
            Some(answer) if answer.status == 503 => run.outcome.borrow_mut().busy += 1,
            Some(answer) => {
                *run.outcome.borrow_mut().refused.entry(answer.words()).or_default() += 1;
                return Ok(connection);
            }
            None => {
                run.outcome.borrow_mut().timed_out += 1;
                connection = Connection::open(run.address).await?;
            }
        }
        sleep(SEND_AGAIN_AFTER).await;
    }
}

/// Care of today, at pharmacies with and without waiting messages, until all of those are done.
async fn today(run: Rc<Run>) -> anyhow::Result<()> {
    let Morning { rate, persons, seed, .. } = run.morning;
    let today = Today { address: run.address, begun: run.begun, rate, persons, seed };
    let of = run.clone();
    let next = move |_| (of.asleep.get() > 0).then(|| (of.next_journey.replace(of.next_journey.get() + 1), ()));
    let tell = move |(), bought: Bought| {
        let Outcome { today, busy, timed_out, refused, .. } = &mut *run.outcome.borrow_mut();
        bought.count(today, busy, timed_out, refused);
    };
    today.goes_on(next, tell).await
}

/// What came of more calls at once than the platform's queue holds.
#[derive(Default, Debug)]
pub(crate) struct Overload {
    /// In flight at once.
    pub sent: u64,
    /// Accepted.
    pub settled: u64,
    /// 503 with `Retry-After`.
    pub busy: u64,
    /// 503 without it, no answer in time, or anything else.
    pub other: u64,
    /// How long the refusals took.
    pub refusals: Latencies,
}

/// Sends so many purchases at the same moment, each on a connection of its own.
pub(crate) fn overload(
    address: SocketAddr,
    calls: u64,
    persons: u64,
    seed: u64,
    first: u64,
) -> anyhow::Result<Overload> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().context("启动驱动")?;
    let traffic = Traffic { mix: Mix { purchases: 100, visits: 0 }, persons, seed };
    LocalSet::new().block_on(&runtime, async {
        let mut ready = Vec::new();
        for number in first..first + calls {
            let message = traffic.journey(number).next(&[])?.context("购药有一笔报文")?;
            ready.push((Connection::open(address).await?, message.body));
        }
        let outcome = Rc::new(RefCell::new(Overload { sent: calls, ..Overload::default() }));
        let mut under_way = JoinSet::new();
        for (mut connection, body) in ready {
            let outcome = outcome.clone();
            under_way.spawn_local(async move {
                let begun = Instant::now();
                let answer = connection.call(body).await;
                let mut outcome = outcome.borrow_mut();
                match answer {
                    Ok(Some(answer)) if answer.is_success() => outcome.settled += 1,
                    Ok(Some(answer)) if answer.status == 503 && answer.retry_after => {
                        outcome.busy += 1;
                        outcome.refusals.add(begun.elapsed());
                    }
                    _ => outcome.other += 1,
                }
            });
        }
        while let Some(done) = under_way.join_next().await {
            done.context("驱动中断")?;
        }
        match Rc::try_unwrap(outcome) {
            Ok(outcome) => Ok(outcome.into_inner()),
            Err(_) => bail!("驱动中断"),
        }
    })
}
