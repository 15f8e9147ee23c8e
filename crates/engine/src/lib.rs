//! Acts. One file a noun, one function a transaction: load the facts, ask `yibao_domain`, record.
//!
//! It starts no thread, waits for no clock and draws nothing: whoever holds it drives its workers and reconcilers, tells
//! the time and gives the randomness, so that a test with one seed drives all of it. Handlers never begin or commit, read a
//! clock or build JSON; the worker owns the transaction and the journal, so a resent message gets its first answer and a
//! fault leaves nothing behind. Backfill and simulation come through the same handlers. HTTP and HTML are not known here.

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
pub use observe::{Observer, Round, Unobserved};
pub use platform::{Parts, Places, Platform, Service, Worker};
pub use yibao_store::Fault;
pub use yibao_store::reference::Provider;
