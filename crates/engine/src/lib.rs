//! Acts. One file a noun, one function a transaction: load the facts, ask `yibao_domain`, record.
//!
//! Handlers never begin or commit, read a clock or build JSON; the worker owns the transaction and
//! the journal, so a resent message gets its first answer and a fault leaves nothing behind. Backfill and simulation
//! are to come through the same handlers. HTTP and HTML are not known here.

pub mod backfill;
pub mod call;
mod catalogue;
mod desk;
mod details;
mod dictionary;
mod encounter;
mod fees;
mod filing;
mod gate;
mod items;
mod journal;
mod mapping;
pub mod observe;
mod offered;
mod person;
mod plans;
mod platform;
mod provider;
mod query;
mod queue;
pub mod register;
mod reversal;
mod run;
mod session;
mod settlement;
mod tend;
pub mod users;
mod worker;

pub use call::{Answer, Call, Stop};
pub use observe::{Observer, Unobserved};
pub use platform::{Clock, Parts, Platform};
pub use yibao_store::Fault;
