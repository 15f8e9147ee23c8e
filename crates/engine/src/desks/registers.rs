//! The registers (台账) as pages, files and programs use them.
//!
//! [`Registers`]' methods block the caller's thread until what they did is durable. Who may see what is decided here: a
//! provider has its own entries only, and is not told whether another's exists.

mod board;
mod calls;
mod list;
mod publish;
mod sheet;
mod supply;
mod view;
mod worklist;

pub use crate::register::problem::NotDone;
pub use crate::register::{Actor, Kept, NewEntry};
pub use board::{Board, BusinessLine, ProviderLine, Sizes};
pub use list::{ListFilter, ListRow, Listing};
pub use sheet::{
    Blank, Column, Columns, Outcome, Reading, Sheet, SheetRow, SheetTable, Verdict, keeps_lines, read_line,
};
pub use view::{Contacts, EntryView, Governing, StepForm};
pub use worklist::Refreshed;
pub use yibao_domain::register::{Entry, EntryLine, Event, FieldSpec, Source, Stated};

use crate::platform::Platform;
use crate::platform::counter::{Asked, BookTask, Counter};
use crate::platform::queue::{Lane, Who};
use crate::register::{correct, intake, record, step};
use yibao_domain::code::Pool;
use yibao_domain::register::Action;
use yibao_domain::time::DateTime;
use yibao_store::Mode;

/// The registers of a pool.
pub struct Registers<'a> {
    platform: &'a Platform,
    counter: Counter,
}

impl Platform {
    /// The registers of a pool that this process serves.
    pub fn registers(&self, pool: &Pool) -> Option<Registers<'_>> {
        Some(Registers { platform: self, counter: self.counter(pool, Who::Callers)? })
    }

    /// The same for what the platform does by itself.
    pub(crate) fn own_registers(&self, pool: &Pool) -> Option<Registers<'_>> {
        Some(Registers { platform: self, counter: self.counter(pool, Who::Platform)? })
    }
}

impl Registers<'_> {
    /// Takes a statement in. The very same statement again gives the entry that it made.
    pub fn add(&self, by: &Actor, now: DateTime, new: NewEntry) -> Result<Kept, NotDone> {
        self.ask_to_add(by, now, new).wait()
    }

    fn ask_to_add(&self, by: &Actor, now: DateTime, new: NewEntry) -> Asked<Kept, NotDone> {
        let by = by.clone();
        self.write(&by.fixmedins_code.clone(), move |tx, policies| intake::take_in(tx, policies, &by, now, &new))
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
        self.write(&by.fixmedins_code.clone(), move |tx, policies| match action {
            Action::Correct => correct::correct(tx, policies, &by, now, &number, &fields),
            _ => step::take(tx, policies, &by, now, &number, action, &fields),
        })
    }

    /// Replaces the fee lines that are kept with an entry.
    pub fn put_lines(&self, by: &Actor, now: DateTime, number: &str, lines: Vec<EntryLine>) -> Result<Kept, NotDone> {
        self.ask_to_put_lines(by, now, number, lines).wait()
    }

    fn ask_to_put_lines(&self, by: &Actor, now: DateTime, number: &str, lines: Vec<EntryLine>) -> Asked<Kept, NotDone> {
        let (by, number) = (by.clone(), number.to_owned());
        let key = by.fixmedins_code.clone();
        self.write(&key, move |tx, policies| record::put_lines(tx, policies, &by, now, &number, &lines))
    }

    /// An entry with its history, lines, deadline and what may be done with it.
    pub fn entry(&self, by: &Actor, now: DateTime, number: &str) -> Result<EntryView, NotDone> {
        let (by, number) = (by.clone(), number.to_owned());
        self.read(move |tx, policies| view::view(tx, policies, &by, now, &number)).wait()
    }

    /// Entries of a selection.
    pub fn list(&self, by: &Actor, now: DateTime, filter: ListFilter) -> Result<Listing, NotDone> {
        let by = by.clone();
        self.read(move |tx, policies| list::list(tx, policies, &by, now, &filter)).wait()
    }

    fn write<T: Send + 'static>(&self, key: &str, work: impl BookTask<T, NotDone>) -> Asked<T, NotDone> {
        self.counter.ask(Mode::Write, key, Lane::Today, work)
    }

    fn read<T: Send + 'static>(&self, work: impl BookTask<T, NotDone>) -> Asked<T, NotDone> {
        self.counter.ask(Mode::Read, "", Lane::Today, work)
    }
}
