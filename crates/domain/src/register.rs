//! The registers (台账) of an outage: what is written down while a business is closed, and what becomes of it.
//!
//! An [`Entry`] has a number, a state and a history; a [`WorkTable`] says who may take it from which state to which. Its deadline
//! is not kept but computed from the plan in force, so that a re-plan moves it. A claim right ([`claim_keys`]) is used
//! once across all routes. Invariant: every state belongs to one [`Bucket`], so taken in = settled + reimbursed + refused +
//! withdrawn + waiting at any time.

mod act;
mod asked_as;
mod bill;
mod booking;
pub mod by_platform;
mod claim;
mod deed;
mod diagnosis;
mod double;
mod draft;
mod due;
mod entry;
#[cfg(test)]
mod example;
mod fallen;
pub mod field;
mod fields;
mod intake;
mod known;
mod leg;
mod mark;
pub mod matching;
mod receipt;
mod refund;
pub mod spelling;
mod stands;
mod stated;
mod sum;
mod table;
mod told;
mod values;
mod wording;

pub use crate::work::{Action, Books, Bucket, Governed, Keeper, Role, State};
pub use act::Acting;
pub use asked_as::keep_asked_as;
pub use bill::Bill;
pub use booking::{Booking, booking};
pub use claim::{CLAIM_PLACES, claim_keys, claim_names, is_self_pay};
pub use deed::{Deed, Rejudged, WAS, corrected, lines_replaced};
pub use diagnosis::{StatedDiagnosis, diagnoses, diagnoses_text};
pub use double::{
    Duplicate, SettledCare, compare_settled, duplicate_of, must_be_decided, must_be_told_from, suspected_doubles,
};
pub use draft::Draft;
pub use due::{
    deadline_of, due_among, due_of, duty_for, duty_of, is_overdue, listed_under, posted_by, question_of, rule_of,
    written_later,
};
pub use entry::{Entry, EntryLine, Event, NO_PLAN, Source};
pub use fallen::is_with_the_agency;
pub use fields::{FieldKind, FieldSpec, FieldTable, Need, Proposal, is_met, keeps_own, listed, missing_evidence};
pub use intake::{Intake, NotTaken, OwnPart, Taken, care_moment, lay_out, statement, usual_business};
pub use known::LineThere;
pub use leg::{EarlierLeg, Filed, Leg, earlier_leg, orders_legs};
pub use mark::{Mark, OTHER_CARE};
pub use receipt::{Receipt, SamePaper};
pub use refund::{HandBack, Split};
pub use stands::{Stands, is_claimed, promise_of};
pub use stated::{FieldProblem, Reader};
pub use sum::ClosingSum;
pub use table::{OtherNames, Promise, Spoken, Step, SumBound, Wording, WorkTable};
pub use told::{IS, differing, facts, telling, told};
pub use values::Stated;
pub use wording::{disposition_kept, disposition_of};
