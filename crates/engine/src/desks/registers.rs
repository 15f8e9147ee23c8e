//! The registers (台账) as pages, files and programs use them.
//!
//! [`Registers`]' methods block the caller's thread until what they did is durable. Who may see what is decided here: a
//! provider has its own entries only, and is not told whether another's exists.

mod alike;
mod board;
mod calls;
mod instant;
mod list;
mod propose;
mod publish;
mod sheet;
mod stays;
mod story;
mod supply;
mod view;
mod who;
mod worklist;

pub use crate::register::problem::NotDone;
pub use crate::register::{Actor, Kept, NewEntry};
pub use board::{Apart, Board, BusinessLine, ProviderLine, Sizes};
pub use instant::{AtProvider, InvariantLine};
pub use list::{ListFilter, ListRow, Listing};
pub use propose::Decision;
pub use sheet::{
    Blank, Column, Columns, Outcome, Reading, Sheet, SheetRow, SheetTable, Unit, Verdict, keeps_lines, read_line,
};
pub use stays::{InHospital, OF_DISCHARGES, Ward};
pub use story::{Care, Moment, Paid, Step, Story, What};
pub use view::{Contacts, EntryView, Governing, StepForm};
pub use who::Who;
pub use worklist::Refreshed;
pub use yibao_domain::register::{Entry, EntryLine, Event, FieldSpec, Source, Stated};

use crate::desks::once::{self, Once};
use crate::platform::Platform;
use crate::platform::counter::{Asked, BookTask, Counter};
use crate::platform::queue::Lane;
use crate::register::{correct, intake, record, step};
use serde_json::Value;
use yibao_domain::code::Pool;
use yibao_domain::party::Party;
use yibao_domain::refusal::Code;
use yibao_domain::register::Action;
use yibao_domain::time::DateTime;
use yibao_store::Mode;

/// The registers of a pool.
pub struct Registers<'a> {
    platform: &'a Platform,
    counter: Counter,
    /// What the deeds are journalled under, where they are.
    submission: Option<String>,
}

impl Platform {
    /// The registers of a pool that this process serves.
    pub fn registers(&self, pool: &Pool) -> Option<Registers<'_>> {
        Some(Registers { platform: self, counter: self.counter(pool)?, submission: None })
    }
}

impl Registers<'_> {
    /// The same, with each deed journalled under the number of the form that it came by (提交号): done twice, it counts once
    /// and answers the same; the same form with other content is refused. Without a number nothing is journalled.
    #[must_use]
    pub fn submitted(self, submission: &str) -> Self {
        Registers { submission: Some(submission.to_owned()).filter(|number| !number.is_empty()), ..self }
    }

    /// Takes a statement in. The very same statement again gives the entry that it made.
    pub fn add(&self, by: &Actor, now: DateTime, new: NewEntry) -> Result<Kept, NotDone> {
        self.ask_to_add(by, now, "", new).wait()
    }

    /// `about` tells the deeds of one submission apart, here and below: an entry, a row of a sheet.
    fn ask_to_add(&self, by: &Actor, now: DateTime, about: &str, new: NewEntry) -> Asked<Kept, NotDone> {
        let once = self.once(by, about, Action::Register.word(), || once::statement(&new));
        let by = by.clone();
        self.write(by.party(), move |tx, policies| {
            once::once(tx, once.as_ref(), now, |tx| intake::take_in(tx, policies, &by, now, &new))
        })
    }

    /// Why a statement is not taken whose fee lines cannot be read, of which the problems are given: all that is wrong with it at once.
    /// Nothing is recorded.
    pub fn why_not_taken(&self, by: &Actor, now: DateTime, new: NewEntry, lines: Vec<String>) -> NotDone {
        match self.ask_why_not_taken(by, now, new, lines).wait() {
            Ok(kept) => NotDone::refused(Code::WrongState, format!("已登记为 {}", kept.entry.number)),
            Err(not_done) => not_done,
        }
    }

    fn ask_why_not_taken(&self, by: &Actor, now: DateTime, new: NewEntry, lines: Vec<String>) -> Asked<Kept, NotDone> {
        let by = by.clone();
        self.read(by.party(), move |tx, policies| Err(intake::why_not_taken(tx, policies, &by, now, &new, &lines)))
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
        self.ask_to_act(by, now, number, number, action, fields).wait()
    }

    fn ask_to_act(
        &self,
        by: &Actor,
        now: DateTime,
        about: &str,
        number: &str,
        action: Action,
        fields: Stated,
    ) -> Asked<Kept, NotDone> {
        let once = self.once(by, about, action.word(), || once::step(number, &fields));
        let (by, number) = (by.clone(), number.to_owned());
        self.write(by.party(), move |tx, policies| {
            once::once(tx, once.as_ref(), now, |tx| match action {
                Action::Correct => correct::correct(tx, policies, &by, now, &number, &fields),
                _ => step::take(tx, policies, &by, now, &number, action, &fields),
            })
        })
    }

    /// Replaces the fee lines that are kept with an entry.
    pub fn put_lines(&self, by: &Actor, now: DateTime, number: &str, lines: Vec<EntryLine>) -> Result<Kept, NotDone> {
        self.ask_to_put_lines(by, now, number, number, lines).wait()
    }

    fn ask_to_put_lines(
        &self,
        by: &Actor,
        now: DateTime,
        about: &str,
        number: &str,
        lines: Vec<EntryLine>,
    ) -> Asked<Kept, NotDone> {
        let once = self.once(by, about, once::LINES, || once::replacement(number, &lines));
        let (by, number) = (by.clone(), number.to_owned());
        self.write(by.party(), move |tx, policies| {
            once::once(tx, once.as_ref(), now, |tx| record::put_lines(tx, policies, &by, now, &number, &lines))
        })
    }

    /// What tells a deed of this submission from every other.
    fn once(&self, by: &Actor, about: &str, act: &str, said: impl FnOnce() -> Value) -> Option<Once> {
        self.submission.as_ref().map(|submission| Once::new(by.party(), submission, about, act, &said()))
    }

    /// An entry with its history, lines, deadline and what may be done with it.
    pub fn entry(&self, by: &Actor, now: DateTime, number: &str) -> Result<EntryView, NotDone> {
        let (by, number) = (by.clone(), number.to_owned());
        self.read(by.party(), move |tx, policies| view::view(tx, policies, &by, now, &number)).wait()
    }

    /// Entries of a selection.
    pub fn list(&self, by: &Actor, now: DateTime, filter: ListFilter) -> Result<Listing, NotDone> {
        let by = by.clone();
        self.read(by.party(), move |tx, policies| list::list(tx, policies, &by, now, &filter)).wait()
    }

    fn write<T: Send + 'static>(&self, party: Party, work: impl BookTask<T, NotDone>) -> Asked<T, NotDone> {
        self.counter.ask(Mode::Write, party, Lane::Today, work)
    }

    fn read<T: Send + 'static>(&self, party: Party, work: impl BookTask<T, NotDone>) -> Asked<T, NotDone> {
        self.counter.ask(Mode::Read, party, Lane::Today, work)
    }
}
