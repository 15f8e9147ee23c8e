//! The kinds of filing (备案), as they are stored.

// The interface makes these; `docs/load.md` has the loaded ones.
pub(crate) const TRANSFER: &str = "transfer";
/// Of who lives elsewhere for long (异地长期居住).
pub(crate) const REMOTE: &str = "remote";
pub(crate) const SPECIAL_DISEASE: &str = "special_disease";
pub(crate) const DESIGNATED: &str = "designated";
pub(crate) const SPECIAL_DRUG: &str = "special_drug";
