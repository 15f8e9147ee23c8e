//! The kinds of filing (备案), as they are stored.

// The interface makes these; `docs/load.md` has the loaded ones.
pub(crate) const TRANSFER: &str = "transfer";
pub(crate) const SPECIAL_DISEASE: &str = "special_disease";
pub(crate) const DESIGNATED: &str = "designated";
pub(crate) const SPECIAL_DRUG: &str = "special_drug";
