//! Decides. Money, dates, entitlement, the benefit split, postings, the outage plan and its gate.
//!
//! Nothing here reads a clock, draws a random number, touches a file or knows SQL or JSON: the same
//! facts give the same decision, whether the call is live, backfilled or simulated.

pub mod calendar;
pub mod catalogue;
pub mod code;
pub mod encounter;
pub mod entitlement;
mod key;
pub mod ledger;
pub mod money;
pub mod outage;
pub mod party;
pub mod person;
pub mod provider;
pub mod refusal;
pub mod register;
pub mod settlement;
pub mod time;
mod words;
pub mod work;
pub mod written;
