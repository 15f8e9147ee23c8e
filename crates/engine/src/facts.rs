//! The facts (事实) that decisions and questions share: persons, schemes, kinds of care, entitlement, what plans are asked.

pub(crate) mod care_kind;
pub(crate) mod details;
pub(crate) mod entitled;
pub(crate) mod entries;
pub(crate) mod filing;
pub(crate) mod person;
pub(crate) mod provider;
pub(crate) mod question;
pub(crate) mod scheme;

/// All there are: where a question names one person, entry, stay or day, no number of rows is cut.
pub(crate) const EVERY: usize = usize::MAX;
