//! The settlement (结算): who pays what of a bill.
//!
//! [`decide`] takes the facts of one settlement ([`Case`]) and the rules of its day ([`Rules`]) and
//! gives a [`Decision`], in the order of `benefits` section 11. Facts are gathered, and decisions
//! recorded, by others. A settlement's identities hold for every decision that leaves this module.

pub mod care_kind;
pub mod case;
pub mod decide;
pub mod decision;
pub mod line;
pub mod order;
pub mod returns;
pub mod rules;
pub mod totals;

mod bands;
mod basic;
mod deductible;
mod disease;
mod inpatient;
pub mod maternity;
mod outpatient;
mod ratio;
mod special_disease;
mod special_drug;
mod tiers;
mod two_disease;
mod working;

pub use care_kind::CareKind;
pub use case::{AccountUse, Case, Filing, Place};
pub use decide::decide;
pub use decision::{Decision, Fund, FundPayment, Shares};
pub use line::{Bill, LineFacts, LineSplit, Parts, split_line};
pub use rules::Rules;
pub use totals::{RunningTotal, Totals};
