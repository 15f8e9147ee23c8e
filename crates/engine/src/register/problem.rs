//! Why something was not done at the registers, told so that it can be put right.

use crate::call::Stop;
use std::fmt;
use yibao_domain::outage::RegisterKind;
use yibao_domain::refusal::{Code, Refusal};
use yibao_domain::register::{Action, FieldProblem, FieldTable, NotTaken};
use yibao_interface::spoken;
use yibao_store::Fault;

/// Why a statement or step was not taken; nothing has changed.
#[derive(Debug)]
pub enum NotDone {
    /// Fields are missing or wrong.
    Fields(Vec<FieldProblem>),
    /// Understood and answered "no".
    Refused(Refusal),
    /// We could not; trying again is safe.
    Fault(Fault),
    /// Too many wait; trying again after a moment is safe.
    Busy,
    /// The platform stops; trying again once it serves is safe.
    Closing,
}

impl NotDone {
    /// A refusal.
    pub fn refused(code: Code, text: impl Into<String>) -> NotDone {
        NotDone::Refused(Refusal::new(code, text))
    }

    /// One wrong field.
    pub(crate) fn field(name: &str, label: &str, text: impl Into<String>) -> NotDone {
        NotDone::Fields(vec![FieldProblem { field: name.into(), label: label.into(), text: text.into() }])
    }

    /// What the log says of it.
    pub(crate) fn causes(&self) -> String {
        match self {
            NotDone::Fault(fault) => fault.chain(),
            other => other.to_string(),
        }
    }

    /// The same with the labels that the register's step gives its fields.
    pub(crate) fn labelled(mut self, table: &FieldTable, kind: RegisterKind, action: Action) -> NotDone {
        if let NotDone::Fields(problems) = &mut self {
            for problem in problems {
                if let Some(field) = table.of(kind, action).find(|field| field.name == problem.field) {
                    problem.label.clone_from(&field.label);
                }
            }
        }
        self
    }
}

impl fmt::Display for NotDone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            NotDone::Fields(problems) => {
                let texts: Vec<String> = problems.iter().map(FieldProblem::to_string).collect();
                f.write_str(&texts.join("；"))
            }
            // Whoever stands at a register knows no names of the interface.
            NotDone::Refused(refusal) => f.write_str(&spoken(&refusal.text)),
            NotDone::Fault(_) => f.write_str("系统故障，没有办理；请稍后再试"),
            NotDone::Busy => f.write_str("系统繁忙，没有办理；请稍后再试"),
            NotDone::Closing => f.write_str("系统正在停机重启，没有办理；请稍后再试"),
        }
    }
}

impl From<Stop> for NotDone {
    fn from(stop: Stop) -> Self {
        match stop {
            Stop::Refused(refusal) => NotDone::Refused(refusal),
            Stop::Fault(fault) => NotDone::Fault(fault),
            Stop::Busy => NotDone::Busy,
            Stop::Closing => NotDone::Closing,
        }
    }
}

impl From<NotDone> for Stop {
    fn from(not_done: NotDone) -> Self {
        match not_done {
            NotDone::Fields(_) => Refusal::new(Code::FieldShape, not_done.to_string()).into(),
            NotDone::Refused(refusal) => refusal.into(),
            NotDone::Fault(fault) => fault.into(),
            NotDone::Busy => Stop::Busy,
            NotDone::Closing => Stop::Closing,
        }
    }
}

impl From<Fault> for NotDone {
    fn from(fault: Fault) -> Self {
        NotDone::Fault(fault)
    }
}

impl From<NotTaken> for NotDone {
    fn from(not_taken: NotTaken) -> Self {
        match not_taken {
            NotTaken::Fields(problems) => NotDone::Fields(problems),
            NotTaken::Refused(refusal) => NotDone::Refused(refusal),
        }
    }
}
