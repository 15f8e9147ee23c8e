//! A check in SQL.

/// The failing records that a check shows.
pub(crate) const SHOWN: usize = 20;

/// A check in SQL. `NOT INDEXED` (SQLite's word, other engines have their own) marks a question that must look at the
/// table itself, not at the index that has the rule.
pub(crate) struct Question {
    /// What is checked, in Chinese.
    pub(crate) name: &'static str,
    /// One number: the records looked at.
    pub(crate) examined: &'static str,
    /// One column: the line about a failing record.
    pub(crate) broken: &'static str,
}
