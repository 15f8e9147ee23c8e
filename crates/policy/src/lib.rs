//! Reads what a pool has decided, benefit rules and outage plans, from TOML into the domain's types, and the kinds of
//! work with their steps and fields from tables.
//!
//! Data with sources in, typed decisions out: what a rule or a plan means is `yibao_domain`'s. A wrong
//! key, unit or date is an error that names file and line, and then nothing of it is taken.

pub mod plan;
pub mod registers;
pub mod rules;
