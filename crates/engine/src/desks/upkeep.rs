//! What the platform does by itself as time goes on (自动办理): takes up plans, keeps the lists of a near plan, drives the
//! runs of the backfill, puts events in order.
//!
//! Each is a [`Reconciler`], one a pool: in a round it compares what should be with what is, and does what is missing. What
//! fails is logged, counted, and tried again, ever later, and holds up nothing else: each book, plan, list, run and person
//! whose events are put in order has its own pace. None ever stops but with the platform. The clock and the waiting are the caller's: the binary gives each a
//! thread, a test makes rounds when it wants to. Several processes may do so side by side: an entry is made once, by its
//! claim key.

use crate::backfill::driver::Driver;
use crate::backfill::ordering::Order;
use crate::desks::registers::Refreshed;
use crate::observe::Round;
use crate::platform::Platform;
use crate::platform::pace::Pace;
use crate::register::problem::NotDone;
use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::Receiver;
use yibao_domain::code::Pool;
use yibao_domain::outage::Plan;
use yibao_domain::time::DateTime;

/// Seconds after which the lists of stays are brought up to date.
const STAYS: i64 = 60;
/// Seconds after which those of supply are.
const SUPPLIES: i64 = 3_600;

/// When a reconciler wants its next round.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Next {
    /// At once: there is more to do.
    AtOnce,
    /// After so many seconds, or as soon as its bell rings.
    After(u64),
    /// Never: the platform stops.
    Never,
}

/// Something that works by itself for one pool.
pub struct Reconciler {
    pool: Pool,
    work: Work,
    bell: Receiver<()>,
    /// Of rounds as a whole: what fails before one knows what for, and what panics.
    rounds: Pace,
}

enum Work {
    /// Takes up plans and events that were published or entered here or by another process.
    Plans,
    /// Keeps the lists of near plans.
    Lists(BTreeMap<(String, List), Pace>),
    /// Drives the runs of the backfill.
    Backfill(Box<Driver>),
    /// Puts in order, as long as somebody is marked, what the platform may by itself.
    Order(Order),
}

/// The lists of a plan that the platform keeps.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum List {
    /// Stays to be told and converted, notices to be posted.
    Stays,
    /// Supply that ends.
    Supplies,
}

/// What a round has come to.
struct Came {
    failures: u64,
    in_order: bool,
    more: bool,
}

impl Platform {
    /// What the platform does by itself, to be driven by the caller: each in rounds of its own.
    pub fn reconcilers(&self) -> Vec<Reconciler> {
        let of_pool = |pool: Pool| {
            let counter = self.counter(&pool)?;
            let works = [
                Work::Plans,
                Work::Lists(BTreeMap::new()),
                Work::Backfill(Box::new(Driver::new(counter.clone()))),
                Work::Order(Order::new(counter)),
            ];
            Some(works.map(|work| Reconciler {
                bell: self.bell(&pool),
                pool: pool.clone(),
                work,
                rounds: Pace::every(0),
            }))
        };
        self.pools().into_iter().filter_map(of_pool).flatten().collect()
    }
}

impl Reconciler {
    /// What it does, in a word; with the pool the label of its measurements.
    pub fn name(&self) -> &'static str {
        match self.work {
            Work::Plans => "plans",
            Work::Lists(_) => "lists",
            Work::Backfill(_) => "backfill",
            Work::Order(_) => "order",
        }
    }

    /// The pool that it works for.
    pub fn pool(&self) -> &Pool {
        &self.pool
    }

    /// Rings when something has been done here that it should look at before its time; closed once the platform stops.
    pub fn bell(&self) -> &Receiver<()> {
        &self.bell
    }

    /// Does what is due. A panic is a failure like others.
    pub fn round(&mut self, platform: &Platform, now: DateTime) -> Next {
        // What rang until now is looked at by this round.
        while self.bell.try_recv().is_ok() {}
        if !self.rounds.is_due(now) {
            return Next::After(1);
        }
        let (name, pool) = (self.name(), self.pool.clone());
        let worked = catch_unwind(AssertUnwindSafe(|| self.work(platform, now)));
        let came = match worked {
            Ok(Err(NotDone::Closing)) => return Next::Never,
            Ok(Ok(came)) => {
                let failed = self.rounds.succeeded(now);
                if failed > 0 {
                    tracing::info!(reconciler = name, %pool, failed, "works again");
                }
                came
            }
            Ok(Err(not_done)) => {
                let (seconds, causes) = (self.rounds.failed(now), not_done.causes());
                tracing::error!(reconciler = name, %pool, seconds, causes, "a round failed and is tried again");
                Came { failures: 1, in_order: false, more: false }
            }
            Err(_) => {
                let seconds = self.rounds.failed(now);
                tracing::error!(reconciler = name, %pool, seconds, "a round panicked and is tried again");
                Came { failures: 1, in_order: false, more: false }
            }
        };
        let Came { failures, in_order, more } = came;
        platform.observer().round_ended(&Round { reconciler: name, pool: pool.as_str(), at: now, failures, in_order });
        if more { Next::AtOnce } else { Next::After(1) }
    }

    fn work(&mut self, platform: &Platform, now: DateTime) -> Result<Came, NotDone> {
        match &mut self.work {
            Work::Plans => {
                platform.take_up_plans(&self.pool)?;
                Ok(Came { failures: 0, in_order: true, more: false })
            }
            Work::Lists(paces) => keep_lists(platform, &self.pool, paces, now),
            Work::Backfill(driver) => {
                let driven = driver.round(now).map_err(NotDone::from)?;
                Ok(Came { failures: driven.failures, in_order: driven.in_order, more: driven.more })
            }
            Work::Order(order) => {
                let failures = order.round(now).map_err(NotDone::from)?;
                Ok(Came { failures, in_order: order.is_in_order(), more: false })
            }
        }
    }
}

/// Brings the lists of stays up to date once a minute, those of supply once an hour, of each plan that has been issued and
/// whose main window has not ended.
fn keep_lists(
    platform: &Platform,
    pool: &Pool,
    paces: &mut BTreeMap<(String, List), Pace>,
    now: DateTime,
) -> Result<Came, NotDone> {
    let Some(registers) = platform.registers(pool) else { return Err(NotDone::Closing) };
    let plans = platform.plans();
    let near: Vec<&Plan> = plans.iter().filter(|plan| plan.pool == *pool && is_near(plan, now)).collect();
    paces.retain(|(plan, _), _| near.iter().any(|near| near.id == *plan));
    let mut failures = 0;
    for plan in near {
        for (list, every) in [(List::Stays, STAYS), (List::Supplies, SUPPLIES)] {
            let pace = paces.entry((plan.id.clone(), list)).or_insert_with(|| Pace::every(every));
            if !pace.is_due(now) {
                continue;
            }
            let done = match list {
                List::Stays => registers.refresh_stays(&plan.id, now),
                List::Supplies => registers.refresh_supplies(&plan.id, now),
            };
            match done {
                Ok(Refreshed { failed: 0, .. }) => drop(pace.succeeded(now)),
                Ok(Refreshed { failed, .. }) => {
                    failures += failed;
                    let seconds = pace.failed(now);
                    tracing::error!(%pool, plan = plan.id, ?list, seconds, failed, "a list is tried again");
                }
                Err(NotDone::Closing) => return Err(NotDone::Closing),
                Err(not_done) => {
                    failures += 1;
                    let (seconds, causes) = (pace.failed(now), not_done.causes());
                    tracing::error!(%pool, plan = plan.id, ?list, seconds, causes, "a list is tried again");
                }
            }
        }
    }
    Ok(Came { failures, in_order: paces.values().all(|pace| !pace.is_failing()), more: false })
}

fn is_near(plan: &Plan, now: DateTime) -> bool {
    plan.issued.at(0, 0, 0, 0).min(plan.window.closes.at) <= now && plan.window.reopens.is_after(now)
}
