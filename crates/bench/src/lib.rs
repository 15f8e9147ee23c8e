//! Measuring (测量): how fast the platform is, and how fast the engine under it could be.
//!
//! A real `yibao serve` is driven over HTTP with the traffic of a simulated city, and, in the same run and in turn with
//! it, the very rows that the platform leaves are written straight to the same engine by the barest code that can do
//! it. What is measured is for the operator to judge; this crate promises that both sides do the same work, that no
//! latency is hidden by waiting, and that the driver's own cost is shown.

#![expect(clippy::disallowed_methods, reason = "a measurement goes by real time")]

mod bench;
mod chart;
mod city;
mod deposits;
mod document;
mod draw;
mod driver;
mod figures;
mod flush;
mod ground;
mod ground_postgres;
mod growth;
mod measured;
mod message;
mod process;
mod reference;
mod reopening;
mod report;
mod results;
mod run;
mod sampling;
mod server;
mod settings;
mod table;
mod today;
mod traffic;

pub use reference::worker::run as serve_reference;
pub use run::run;
pub use settings::{Engine, Scenario, Settings};
