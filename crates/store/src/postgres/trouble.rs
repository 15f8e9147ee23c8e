//! What went wrong at the server, and whether the transaction may be run again from the start.
//!
//! Of the server's message only the first line is kept: its details quote rows, and rows hold personal data.

use crate::fault::Fault;
use std::error::Error;
use tokio_postgres::error::SqlState;

/// What can be done about it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Kind {
    /// The connection broke before an answer came.
    Gone,
    /// The server answered that it goes away, or that it takes no records (any more).
    Leaving,
    /// The server gave this transaction up for another's sake.
    Conflict,
    /// A key is there already: perhaps a copy of the same message was quicker.
    Taken,
    /// The commit was sent and its answer never came.
    Unknown,
    /// It would fail again.
    Lasting,
}

/// The server's or the driver's error without personal data.
#[derive(Clone, Debug, thiserror::Error)]
#[error("{text}")]
pub(super) struct Trouble {
    pub(super) kind: Kind,
    text: String,
}

impl Trouble {
    /// A trouble that would come again.
    pub(super) fn lasting(text: impl Into<String>) -> Trouble {
        Trouble { kind: Kind::Lasting, text: text.into() }
    }

    /// The commit was sent, but whether it was done is not known.
    pub(super) fn unknown(cause: &Trouble) -> Trouble {
        Trouble {
            kind: Kind::Unknown,
            text: format!("提交已发出而未得到答复，是否已记账未知，请用原报文重发：{cause}"),
        }
    }

    /// Whether the connection is of no use any more.
    pub(super) fn ends_connection(&self) -> bool {
        matches!(self.kind, Kind::Gone | Kind::Leaving | Kind::Unknown)
    }

    /// The work, the record and this as the cause.
    pub(super) fn fault(self, doing: &'static str, key: &str) -> Fault {
        Fault::new(doing, key, self)
    }
}

impl From<tokio_postgres::Error> for Trouble {
    fn from(error: tokio_postgres::Error) -> Trouble {
        match error.as_db_error() {
            Some(answer) => Trouble {
                kind: kind_of(answer.code()),
                text: format!("{} ({})", answer.message(), answer.code().code()),
            },
            None => {
                // An error of reading a value comes from the driver, and the connection is as good as before.
                let is_io = error.source().is_some_and(|cause| cause.is::<std::io::Error>());
                let kind = if error.is_closed() || is_io { Kind::Gone } else { Kind::Lasting };
                let cause = error.source().map(|cause| format!(": {cause}")).unwrap_or_default();
                Trouble { kind, text: format!("{error}{cause}") }
            }
        }
    }
}

fn kind_of(code: &SqlState) -> Kind {
    match code.code() {
        // Serialization failure, deadlock, a lock not had in time.
        "40001" | "40P01" | "55P03" => Kind::Conflict,
        "23505" => Kind::Taken,
        // Shut down, crashed, starting; idle for too long; turned into a standby by a failover; no free connection.
        "57P01" | "57P02" | "57P03" | "57P05" | "25P03" | "25006" | "53300" => Kind::Leaving,
        other if other.starts_with("08") => Kind::Leaving,
        _ => Kind::Lasting,
    }
}
