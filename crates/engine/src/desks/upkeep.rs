//! What the platform does by itself as time goes on (自动维护): takes up plans, and keeps the lists of a near plan.
//!
//! The clock is the caller's: the binary calls [`Upkeep::round`] every second, a test when it wants to. Several processes
//! may do so side by side: an entry is made once, by its claim key.

use crate::call::Stop;
use crate::platform::Platform;
use crate::register::problem::NotDone;
use jiff::ToSpan;
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use yibao_domain::outage::Plan;
use yibao_domain::time::DateTime;

/// The upkeep (自动维护) of one platform: knows when each plan's lists were last brought up to date.
#[derive(Default)]
pub struct Upkeep(Mutex<HashMap<String, Times>>);

#[derive(Clone, Copy, Default)]
struct Times {
    stays: Option<DateTime>,
    supplies: Option<DateTime>,
    order: Option<DateTime>,
}

impl Upkeep {
    /// Takes up what was published elsewhere; once a minute brings the lists of stays up to date, once an hour those of supply,
    /// of each plan that has been issued and whose main window has not ended. Once in five minutes puts in order what may be, of
    /// each plan that has closed and not ended. What fails is logged and tried again.
    pub fn round(&self, platform: &Platform, now: DateTime) {
        if let Err(fault) = platform.take_up_plans() {
            tracing::error!(causes = fault.chain(), "plans could not be taken up");
        }
        for plan in platform.plans().iter().filter(|plan| is_near(plan, now)) {
            let Some(registers) = platform.registers(&plan.pool) else { continue };
            let times = self.of(&plan.id);
            let done = if is_past(times.supplies, now, 3_600) {
                self.set(&plan.id, Times { stays: Some(now), supplies: Some(now), ..times });
                registers.refresh_worklists(&plan.id, now).map(drop)
            } else if is_past(times.stays, now, 60) {
                self.set(&plan.id, Times { stays: Some(now), ..times });
                registers.refresh_stays(&plan.id, now).map(drop)
            } else {
                Ok(())
            };
            if let Err(NotDone::Fault(fault)) = done {
                tracing::warn!(plan = plan.id, causes = fault.chain(), "lists could not be brought up to date");
            }
        }
        for plan in platform.plans().iter().filter(|plan| plan.window.closes <= now && now < plan.ends) {
            let times = self.of(&plan.id);
            if !is_past(times.order, now, 300) {
                continue;
            }
            self.set(&plan.id, Times { order: Some(now), ..times });
            let done = platform.backfill(&plan.pool).map(|backfill| backfill.put_in_order(now));
            if let Some(Err(Stop::Fault(fault))) = done {
                tracing::warn!(plan = plan.id, causes = fault.chain(), "the order could not be put right");
            }
        }
    }

    fn of(&self, plan: &str) -> Times {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(plan).copied().unwrap_or_default()
    }

    fn set(&self, plan: &str, times: Times) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(plan.to_owned(), times);
    }
}

fn is_near(plan: &Plan, now: DateTime) -> bool {
    plan.issued.at(0, 0, 0, 0).min(plan.window.closes) <= now && plan.window.reopens.is_after(now)
}

/// Whether so many seconds have gone by; a clock that went back counts as well.
fn is_past(last: Option<DateTime>, now: DateTime, seconds: i64) -> bool {
    last.is_none_or(|last| now < last || last.saturating_add(seconds.seconds()) <= now)
}
