//! What pages, files and commands call: each desk (办理台) hands its work to the platform and waits until it is durable.

pub mod backfill;
pub mod deposits;
mod once;
pub mod registers;
mod upkeep;
pub mod users;

pub use upkeep::{Next, Reconciler};
