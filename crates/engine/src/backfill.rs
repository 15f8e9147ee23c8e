//! What an outage left behind, made good through the ordinary transactions (补录).
//!
//! `care` asks by which rule care of a closed moment goes; `matching` ties a settlement to its register entry and the entry
//! to its settlement; `order` has an event of an outage count at the time of its care, and puts right what was settled
//! meanwhile; `registered` knows care by its entry where a window has moved; `kept_bed` remarks days without treatment;
//! `entry` takes a register entry through the ordinary calls, and `run` takes many. Registers are kept in `register`, plans are
//! decided in `yibao_domain::outage`.

mod calls;
pub(crate) mod care;
mod desk;
mod entry;
mod kept_bed;
pub(crate) mod matching;
pub(crate) mod order;
pub(crate) mod registered;
pub(crate) mod run;

pub use desk::Backfill;
pub use order::{Amounts, Correction};
