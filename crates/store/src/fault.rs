//! A fault (故障): we could not answer. Sending again is safe, because nothing was kept.

use std::error::Error;

/// What we were doing when it went wrong, on which record, and why. Never holds personal data.
#[derive(Debug, thiserror::Error)]
#[error("{doing} {key}")]
pub struct Fault {
    /// The work: "recording settlement".
    pub doing: &'static str,
    /// The record by its technical id; no name, no identity number.
    pub key: String,
    /// The cause.
    #[source]
    pub cause: Box<dyn Error + Send + Sync>,
}

impl Fault {
    /// A fault with its cause.
    pub fn new(doing: &'static str, key: impl Into<String>, cause: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Fault { doing, key: key.into(), cause: cause.into() }
    }

    /// The chain of causes in one line, for the log.
    pub fn chain(&self) -> String {
        let mut line = self.to_string();
        let mut cause: Option<&(dyn Error + 'static)> = self.source();
        while let Some(error) = cause {
            line.push_str(": ");
            line.push_str(&error.to_string());
            cause = error.source();
        }
        line
    }
}

/// The last four characters of a person number: enough to find the record with, too little to name a person.
pub(crate) fn masked(psn_no: &str) -> String {
    let kept: Vec<char> = psn_no.chars().rev().take(4).collect();
    format!("…{}", kept.into_iter().rev().collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_about_a_person_shows_only_the_end_of_the_number() {
        assert_eq!(masked("52050099000000000031"), "…0031");
        assert_eq!(masked("7"), "…7");
    }
}
