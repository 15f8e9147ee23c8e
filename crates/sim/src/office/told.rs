//! What somebody is told whose deed was not done.

use serde_json::{Value, json};
use std::fmt;
use yibao_domain::refusal::{Code, Refusal};
use yibao_engine::Stop;
use yibao_engine::desks::registers::NotDone;

/// An answer with the remarks that came beside it (`warn_msg`); a list has no place for them.
pub fn with_remarks(output: Value, remarks: &str) -> Value {
    match output {
        output if remarks.is_empty() => output,
        Value::Null => json!({ "warn_msg": remarks }),
        Value::Object(mut fields) => {
            fields.insert("warn_msg".to_owned(), json!(remarks));
            Value::Object(fields)
        }
        list => list,
    }
}

/// Why a deed was not done.
#[derive(Debug)]
pub enum Told {
    /// The platform said no.
    Refused(Refusal),
    /// The platform could not answer; sending again is safe.
    Nothing(String),
}

impl Told {
    pub(super) fn not_served() -> Told {
        Told::Nothing("the pool is not served".to_owned())
    }
}

impl From<Stop> for Told {
    fn from(stop: Stop) -> Told {
        match stop {
            Stop::Refused(refusal) => Told::Refused(refusal),
            Stop::Fault(fault) => Told::Nothing(fault.chain()),
            other => Told::Nothing(format!("{other:?}")),
        }
    }
}

impl From<NotDone> for Told {
    fn from(not_done: NotDone) -> Told {
        match not_done {
            NotDone::Fields(_) => Told::Refused(Refusal::new(Code::FieldShape, not_done.to_string())),
            NotDone::Refused(refusal) => Told::Refused(refusal),
            NotDone::Fault(fault) => Told::Nothing(fault.chain()),
            other => Told::Nothing(other.to_string()),
        }
    }
}

impl fmt::Display for Told {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Told::Refused(refusal) => f.write_str(&refusal.text),
            Told::Nothing(why) => f.write_str(why),
        }
    }
}
