//! Care of today (当日购药): purchases by a schedule, beside whatever else a scenario lets happen.
//!
//! Invariant: a purchase is sent when it is due, whether those before it are answered or not, and its latency counts from then.

use crate::driver::{Connection, PATIENCE, due};
use crate::measured::Latencies;
use crate::traffic::{Mix, Traffic};
use anyhow::Context;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::rc::Rc;
use std::time::{Duration, Instant};
use tokio::task::JoinSet;
use tokio::time::sleep_until;

/// Who buys, and how often.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Today {
    /// Where the platform is.
    pub address: SocketAddr,
    /// When the schedule begins.
    pub begun: Instant,
    /// Purchases a second.
    pub rate: u64,
    /// Persons of the city.
    pub persons: u64,
    /// The seed of all draws.
    pub seed: u64,
}

/// What came of a purchase.
#[derive(Debug)]
pub(crate) enum Bought {
    /// It was accepted so long after it was due; without an answer after all the patience.
    After(Duration),
    /// No answer came in time.
    TimedOut,
    /// 503.
    Busy,
    /// It was refused with these words.
    Refused(String),
}

impl Bought {
    /// Counts it among the others of its kind.
    pub(crate) fn count(
        self,
        latencies: &mut Latencies,
        busy: &mut u64,
        timed_out: &mut u64,
        refused: &mut BTreeMap<String, u64>,
    ) {
        match self {
            Bought::After(latency) => latencies.add(latency),
            Bought::TimedOut => {
                *timed_out += 1;
                latencies.add(PATIENCE);
            }
            Bought::Busy => *busy += 1,
            Bought::Refused(words) => *refused.entry(words).or_default() += 1,
        }
    }
}

impl Today {
    /// Goes on until `next` has no number of a purchase any more; what it says beside the number is told with what came of it.
    pub(crate) async fn goes_on<M: 'static>(
        self,
        next: impl Fn(u64) -> Option<(u64, M)>,
        tell: impl Fn(M, Bought) + 'static,
    ) -> anyhow::Result<()> {
        let traffic = Traffic { mix: Mix { purchases: 100, visits: 0 }, persons: self.persons, seed: self.seed };
        let (tell, idle) = (Rc::new(tell), Rc::new(RefCell::<Vec<Connection>>::default()));
        let mut under_way = JoinSet::new();
        for arrival in 0.. {
            let scheduled = self.begun + due(arrival, self.rate);
            sleep_until(scheduled.into()).await;
            let Some((number, mark)) = next(arrival) else { break };
            let (tell, idle, mut journey) = (tell.clone(), idle.clone(), traffic.journey(number));
            under_way.spawn_local(async move {
                let message = journey.next(&[])?.context("购药有一笔报文")?;
                let free = idle.borrow_mut().pop();
                let mut connection = match free {
                    Some(connection) => connection,
                    None => Connection::open(self.address).await?,
                };
                let bought = match connection.call(message.body).await? {
                    Some(answer) if answer.is_success() => Bought::After(scheduled.elapsed()),
                    Some(answer) if answer.status == 503 => Bought::Busy,
                    Some(answer) => Bought::Refused(answer.words()),
                    None => {
                        tell(mark, Bought::TimedOut);
                        return Ok(());
                    }
                };
                tell(mark, bought);
                idle.borrow_mut().push(connection);
                anyhow::Ok(())
            });
            while let Some(done) = under_way.try_join_next() {
                done.context("驱动中断")??;
            }
        }
        while let Some(done) = under_way.join_next().await {
            done.context("驱动中断")??;
        }
        Ok(())
    }
}
