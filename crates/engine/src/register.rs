//! The registers (台账) at the platform: entries are taken in, acted on, listed, imported and counted.
//!
//! [`Registers`] is what pages, files and the backfill use; its methods block the caller's thread until what they did is
//! durable. Who may see what is decided here: a provider has its own entries only, and is not told whether another's
//! exists. Rules, steps and deadlines are the domain's, times are the caller's. Invariant: every change of an entry is one
//! version more, with one event in its history, in one transaction.

mod board;
mod correct;
mod hold;
mod intake;
mod list;
mod paid;
mod problem;
mod publish;
mod record;
mod sheet;
mod step;
mod subject;
mod supply;
mod view;
mod worklist;

pub(crate) use hold::refuse_held;
pub(crate) use publish::standing_events;
pub(crate) use record::REMARK;

pub use board::{Board, BusinessLine, ProviderLine, Sizes};
pub use list::{ListFilter, ListRow, Listing};
pub use problem::NotDone;
pub use sheet::{
    Blank, Column, Columns, LINE_FIELDS, Outcome, Reading, Sheet, SheetRow, SheetTable, Verdict, keeps_lines, read_line,
};
pub(crate) use subject::question;
pub use view::{Contacts, EntryView, Governing, StepForm};
pub use worklist::Refreshed;
pub use yibao_domain::register::{Entry, EntryLine, Event, FieldSpec, Source, Stated};

use crate::platform::{Asked, DeskTask, Place, Platform};
use crate::queue::Lane;
use yibao_domain::code::Pool;
use yibao_domain::outage::RegisterKind;
use yibao_domain::register::{Action, Role};
use yibao_domain::time::DateTime;
use yibao_store::Mode;

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

/// The registers of a pool.
pub struct Registers<'a> {
    platform: &'a Platform,
    pool: Pool,
}

impl<'a> Registers<'a> {
    pub(crate) fn new(platform: &'a Platform, pool: &Pool) -> Registers<'a> {
        Registers { platform, pool: pool.clone() }
    }

    /// Takes a statement in. The very same statement again gives the entry that it made.
    pub fn add(&self, by: &Actor, now: DateTime, new: NewEntry) -> Result<Kept, NotDone> {
        self.ask_to_add(by, now, new).wait()
    }

    fn ask_to_add(&self, by: &Actor, now: DateTime, new: NewEntry) -> Asked<Kept, NotDone> {
        let by = by.clone();
        self.write(&by.fixmedins_code.clone(), move |tx, desk| intake::take_in(tx, desk, &by, now, &new))
    }

    /// Takes a step with an entry.
    pub fn act(
        &self,
        by: &Actor,
        now: DateTime,
        number: &str,
        action: Action,
        fields: Stated,
    ) -> Result<Kept, NotDone> {
        self.ask_to_act(by, now, number, action, fields).wait()
    }

    fn ask_to_act(
        &self,
        by: &Actor,
        now: DateTime,
        number: &str,
        action: Action,
        fields: Stated,
    ) -> Asked<Kept, NotDone> {
        let (by, number) = (by.clone(), number.to_owned());
        self.write(&by.fixmedins_code.clone(), move |tx, desk| match action {
            Action::Correct => correct::correct(tx, desk, &by, now, &number, &fields),
            _ => step::take(tx, desk, &by, now, &number, action, &fields),
        })
    }

    /// Replaces the fee lines that are kept with an entry.
    pub fn put_lines(&self, by: &Actor, now: DateTime, number: &str, lines: Vec<EntryLine>) -> Result<Kept, NotDone> {
        self.ask_to_put_lines(by, now, number, lines).wait()
    }

    fn ask_to_put_lines(&self, by: &Actor, now: DateTime, number: &str, lines: Vec<EntryLine>) -> Asked<Kept, NotDone> {
        let (by, number) = (by.clone(), number.to_owned());
        let key = by.fixmedins_code.clone();
        self.write(&key, move |tx, _| record::put_lines(tx, &by, now, &number, &lines))
    }

    /// An entry with its history, lines, deadline and what may be done with it.
    pub fn entry(&self, by: &Actor, now: DateTime, number: &str) -> Result<EntryView, NotDone> {
        let (by, number) = (by.clone(), number.to_owned());
        self.read(move |tx, desk| view::view(tx, desk, &by, now, &number)).wait()
    }

    /// Entries of a selection.
    pub fn list(&self, by: &Actor, now: DateTime, filter: ListFilter) -> Result<Listing, NotDone> {
        let by = by.clone();
        self.read(move |tx, desk| list::list(tx, desk, &by, now, &filter)).wait()
    }

    fn write<T: Send + 'static>(&self, key: &str, work: impl DeskTask<T, NotDone>) -> Asked<T, NotDone> {
        self.platform.ask_desk(Place { pool: &self.pool, mode: Mode::Write, key, lane: Lane::Today }, work)
    }

    fn read<T: Send + 'static>(&self, work: impl DeskTask<T, NotDone>) -> Asked<T, NotDone> {
        self.platform.ask_desk(Place { pool: &self.pool, mode: Mode::Read, key: "", lane: Lane::Today }, work)
    }
}
