//! The outage (停机): a plan of it as typed data, and the gate that says whether a business is open.
//!
//! A [`Plan`] holds what one city's notice says; [`decide`] answers a [`Question`] for a moment and [`explain`] shows why.
//! Reading plans from TOML and checking them is the policy crate's; registers, worklists and backfill are the engine's.
//! Invariants: a window is half-open `[closes, reopens)`; the verdict does not depend on the order of rules or plans;
//! a business that no rule names is open.

mod answer;
mod business;
mod gate;
mod plan;
mod scope;
pub(crate) mod words;

pub use answer::{Closed, Verdict, moment_name};
pub use business::{Business, Pattern};
pub use gate::{Considered, Explanation, Outcome, decide, explain};
pub use plan::{Contact, County, Deadline, Due, Duty, Plan, Requirement, Rule, Supply, Switches, System, Window};
pub use scope::{InsuredIn, Mismatch, Question, Scope, Specificity};
pub use words::{
    Actor, AfterDeadline, Channel, Disposition, DutyKind, Evidence, Insurance, Place, Population, RegisterKind,
};
