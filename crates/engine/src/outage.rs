//! How a call meets an outage (停机): the gate of recording, the gate of care, the register entry, the order of events.
//!
//! `gate` asks whether the business is open now; `care` by which rule care of a closed moment goes; `matching` ties a
//! settlement to its register entry; `order` has an event of an outage count at the time of its care, and `again` makes a
//! settlement anew; `registered` knows care by its entry where a window has moved; `kept_bed` remarks days without
//! treatment; `account` settles without an account whose use is stopped; `settling` brings them to a settlement and its entry together; `admission_order` has the first hospital settle first; `one_hospital` keeps stays of a person apart. Plans are decided in `yibao_domain::outage`.

pub(crate) mod account;
pub(crate) mod admission_order;
pub(crate) mod again;
pub(crate) mod care;
pub(crate) mod frozen;
pub(crate) mod gate;
pub(crate) mod kept_bed;
pub(crate) mod later;
pub(crate) mod matching;
pub(crate) mod met;
pub(crate) mod one_hospital;
pub(crate) mod order;
pub(crate) mod registered;
pub(crate) mod settling;
pub(crate) mod subject;
pub(crate) mod way;
