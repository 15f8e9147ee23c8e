//! The outage (停机): a plan of it as typed data, and the gate that says whether a business is open.
//!
//! A [`Plan`] holds what one city's notice says; [`in_force`] says which plans hold; [`decide`] answers a [`Question`] for
//! a moment and [`explain`] shows why; [`Plan::due`] gives the moment of a deadline; [`difference`] says what a
//! re-plan changes.
//! Reading plans from TOML and checking them is the policy crate's; registers, worklists and backfill are the engine's.
//! Invariants: a window is half-open `[closes, reopens)`; the verdict does not depend on the order of rules or plans;
//! a business that no rule names is open.

mod account;
mod answer;
mod apart;
mod around;
mod arranged;
mod audience;
mod business;
mod closing;
mod concern;
mod county;
mod deadline;
mod difference;
mod due;
mod duty;
mod explain;
mod gate;
mod granted;
mod group;
mod held;
mod kept;
mod path;
mod plan;
mod question;
mod relief;
mod requirement;
mod review;
mod scope;
mod singled_out;
mod typical;
mod unserved;
mod version;
mod whom;
mod window;
pub(crate) mod words;

pub use crate::time::moment_name;
pub use crate::work::RegisterKind;
pub use account::account_stopped;
pub use answer::{Closed, VISITORS, Verdict};
pub use around::{Continuity, Counted, Degraded, Freeze, Invariant};
pub use arranged::{Arrangement, Writing};
pub use business::{Business, Pattern};
pub use closing::Closing;
pub use concern::Concern;
pub use county::{Contact, County};
pub(crate) use deadline::NOT_STATED;
pub use deadline::{Deadline, Due, DueAt, Moments, Start};
pub use difference::{Change, ChangeKind, Moved, Part, difference};
pub use duty::Duty;
pub use explain::{Considered, Explanation, Outcome, explain};
pub use gate::decide;
pub use granted::Granted;
pub use group::{Group, Members, PersonIn, Persons, ProviderIn};
pub use kept::{Kept, fits};
pub use path::{Path, Stay, Stood, Waited, Way, closed_at, conversion_of, path_of_stay, path_of_visit, waited_for};
pub use plan::{Checklist, Fallback, Plan, Rule, Supply, Switches, System};
pub use question::{Contract, Question, Records, area_of_provider};
pub use relief::{CarePeriod, Extension, HoldHarmless, Tolerance};
pub use requirement::Requirement;
pub use review::review_ends;
pub use scope::{InsuredIn, Scope, Specificity};
pub use singled_out::SingledOut;
pub use typical::{StagedEnd, Whose};
pub use unserved::Unserved;
pub use version::{in_force, latest, plan_named};
pub use whom::Mismatch;
pub use window::{Event, EventEntered, Reopens, Stage, Window};
pub use words::{
    Actor, AfterDeadline, Channel, Disposition, DutyKind, Effective, Evidence, FallbackWhen, Insurance, Place,
    Population, Protection, Unit, Which,
};
