//! One file a command.

pub mod bench;
pub mod bench_backfill;
pub mod bench_load;
mod changed;
pub mod demo;
mod figures;
pub mod load;
pub mod plan;
pub mod serve;
pub mod simulate;
pub mod store;
pub mod user;
pub mod verify;
