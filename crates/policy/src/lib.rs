//! Reads what a pool has decided, from TOML, into the domain's types. What it means is the domain's.

pub mod rules;
