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
