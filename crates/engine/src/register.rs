//! The register (台账) and its entries: who states what, what may be done with it, and the record of it.
//!
//! `intake` takes a statement in, `step` and `correct` change what stands, `writer` alone records; rules, steps and deadlines are
//! the domain's, times are the caller's. Invariant: every change of an entry is one version more, with one event in its
//! history, in one transaction.

pub(crate) mod agreed;
pub(crate) mod at_platform;
pub(crate) mod conversion;
pub(crate) mod correct;
pub(crate) mod double;
pub(crate) mod draft;
pub(crate) mod hold;
pub(crate) mod intake;
pub(crate) mod lines;
pub(crate) mod paid;
pub(crate) mod problem;
pub(crate) mod record;
pub(crate) mod shape;
pub(crate) mod step;
pub(crate) mod subject;
pub(crate) mod writer;

use crate::register::problem::NotDone;
use yibao_domain::outage::RegisterKind;
use yibao_domain::party::Party;
use yibao_domain::register::{Entry, EntryLine, Role, Source, Stated};

/// Who acts (经办人).
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Actor {
    /// The name that is signed in with.
    pub login: String,
    /// The person's name.
    pub name: String,
    /// For whom.
    pub role: Role,
    /// The provider; empty for the agency.
    pub fixmedins_code: String,
}

impl Actor {
    /// As whom it sends, waits and is journalled.
    pub fn party(&self) -> Party {
        match self.role {
            Role::Platform => Party::platform(""),
            _ => Party::clerk(&self.login),
        }
    }

    /// The platform itself.
    pub fn platform() -> Actor {
        Actor { login: String::new(), name: "平台".into(), role: Role::Platform, fixmedins_code: String::new() }
    }

    /// As the history names it: `张三(h1)`.
    pub fn signature(&self) -> String {
        if self.login.is_empty() { self.name.clone() } else { format!("{}({})", self.name, self.login) }
    }
}

/// A statement to a register.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NewEntry {
    /// The register.
    pub kind: RegisterKind,
    /// The provider that is responsible; empty: the one that states it, or the agency.
    pub fixmedins_code: String,
    /// Values by field name.
    pub fields: Stated,
    /// Fee lines to keep for the backfill.
    pub lines: Vec<EntryLine>,
    /// How it comes in.
    pub source: Source,
}

/// What became of a statement or step.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Kept {
    /// The entry as it stands.
    pub entry: Entry,
    /// What is to be looked at, for people.
    pub remarks: Vec<String>,
    /// `false` where the very same was there already and nothing has changed.
    pub is_new: bool,
}
