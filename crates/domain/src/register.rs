//! The registers (台账) of an outage: what is written down while a business is closed, and what becomes of it.
//!
//! An [`Entry`] has a number, a state and a history; [`steps`] say who may take it from which state to which. Its deadline
//! is not kept but computed from the plan in force, so that a re-plan moves it. A claim right ([`claim_keys`]) is used
//! once across all routes. Invariant: every state belongs to one [`Bucket`], so taken in = settled + reimbursed + refused +
//! withdrawn + waiting at any time.

mod claim;
mod entry;
mod fields;
mod state;
mod steps;
mod sum;

pub use claim::{Duplicate, claim_keys, duplicate_of};
pub use entry::{Entry, EntryLine, Event, Source};
pub use fields::{FieldKind, FieldSpec, FieldTable, Need, missing_evidence};
pub use state::{Action, Bucket, Role, State};
pub use steps::{Step, step, steps_from};
pub use sum::ClosingSum;
