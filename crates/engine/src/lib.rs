//! Acts. One file a noun, one function a transaction: load the facts, ask `yibao_domain`, record.
//!
//! Handlers never begin or commit, read a clock or build JSON; the worker owns the transaction and
//! the journal, so a resent message gets its first answer and a fault leaves nothing behind. Backfill and simulation
//! are to come through the same handlers. HTTP and HTML are not known here.

mod backfill;
pub mod call;
mod calls;
pub mod desks;
mod encounter;
mod facts;
pub mod observe;
mod outage;
mod platform;
mod policies;
mod register;
mod run;
mod settlement;

pub use call::{Answer, Call, Origin, Stop};
pub use observe::{Observer, Unobserved};
pub use platform::{Clock, Parts, Platform};
pub use yibao_store::Fault;
