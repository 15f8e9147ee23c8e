//! The trap below the store: strikes once at the moment that it is set for.

use super::{Blow, Strike};
use std::sync::{Mutex, MutexGuard, PoisonError};
use yibao_domain::code::Pool;
use yibao_store::Mode;
use yibao_store::hazard::{Hazard, Moment, Verdict};

/// A hazard that is set by the course. Nothing happens while it is not set.
#[derive(Debug, Default)]
pub struct Trap {
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    set: Option<Strike>,
    moments: u64,
    struck: bool,
    /// Nothing is run any more.
    crashed: bool,
    /// The book of a pool of which every statement fails, while the trap is watched.
    ruined: Option<Pool>,
}

impl Trap {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Sets it; it strikes once.
    pub(crate) fn set(&self, strike: Option<Strike>, ruined: Option<&Pool>) {
        *self.state() = State { set: strike, ruined: ruined.cloned(), ..State::default() };
    }

    /// Takes it away, and says whether the process has crashed.
    pub(crate) fn lift(&self) -> bool {
        std::mem::take(&mut *self.state()).crashed
    }
}

impl Hazard for Trap {
    fn at(&self, pool: &Pool, _mode: Mode, moment: Moment) -> Verdict {
        let mut state = self.state();
        if state.crashed || (state.ruined.as_ref() == Some(pool) && moment != Moment::Committed) {
            return Verdict::DiskError;
        }
        let Some(Strike { moment: at, kind }) = state.set.filter(|_| !state.struck) else { return Verdict::GoOn };
        // A lost answer needs a commit; everything else may strike anywhere, after a commit too.
        if kind == Blow::AnswerLost && moment != Moment::Committed {
            return Verdict::GoOn;
        }
        state.moments += 1;
        if state.moments < at {
            return Verdict::GoOn;
        }
        state.struck = true;
        match kind {
            Blow::DiskError | Blow::AnswerLost => Verdict::DiskError,
            Blow::DiskFull => Verdict::DiskFull,
            Blow::Cut => Verdict::Cut,
            Blow::Crash => {
                state.crashed = true;
                Verdict::DiskError
            }
        }
    }
}
