//! A process of the platform as the people of a city meet it: what they may have it do. One kind runs in this process
//! (`here`); who starts others elsewhere brings a [`Host`].

use super::rounds::Rounds;
use super::told::Told;
use super::turn::Turn;
use crate::city::Place;
use crate::faults::{Strike, Trap};
use jiff::civil::DateTime;
use serde_json::{Value, json};
use std::sync::Arc;
use yibao_domain::code::Pool;
use yibao_domain::outage::{Plan, RegisterKind};
use yibao_domain::register::{Action, Entry, EntryLine, Stated, WorkTable};
use yibao_engine::desks::registers::{Actor, NewEntry, SheetRow, Verdict};
use yibao_engine::{Places, Platform};
use yibao_policy::rules::RuleBook;
use yibao_store::outage::BackfillRun;
use yibao_store::{Fault, Store};

/// What processes are opened with.
#[derive(Clone)]
pub struct Opening {
    /// Where they remember.
    pub store: Arc<dyn Store>,
    /// The city's own, and after it those that are served beside it.
    pub pools: Vec<Pool>,
    /// Benefit rules.
    pub rules: Arc<RuleBook>,
    /// Kinds of work.
    pub work: Arc<WorkTable>,
    /// Plans in force.
    pub plans: Vec<Plan>,
    /// Places in the queues.
    pub places: Places,
    /// Who is told of what the platform does by itself.
    pub rounds: Arc<Rounds>,
    /// The trap below the store.
    pub(super) trap: Option<Arc<Trap>>,
    /// The book of a pool beside ours that fails all the time.
    pub(super) ruined: Option<Pool>,
}

/// Starts processes.
pub trait Host: Send + Sync {
    /// Starts one at that moment of the city.
    fn start(&self, opening: &Opening, now: DateTime) -> Result<Box<dyn Process>, Fault>;
}

/// A message on its way: the same bytes each time that it is sent.
#[derive(Clone)]
pub struct Message {
    /// The transaction.
    pub infno: String,
    /// Its number.
    pub msgid: String,
    /// Who sends it.
    pub fixmedins_code: String,
    /// Where the person is insured, as the sender believes.
    pub area: String,
    /// The whole envelope.
    pub bytes: String,
}

impl Message {
    pub(super) fn written(place: &Place, area: &str, infno: &str, msgid: String, now: DateTime, input: &Value) -> Self {
        let bytes = json!({
            "infno": infno, "msgid": msgid, "mdtrtarea_admvs": place.division, "insuplc_admdvs": area,
            "recer_sys_code": "HIS", "infver": "V1.0", "opter_type": "1", "opter": "001", "opter_name": "收费员",
            "inf_time": now.strftime("%Y-%m-%d %H:%M:%S").to_string(), "fixmedins_code": place.code,
            "fixmedins_name": place.name, "input": input
        })
        .to_string();
        let fixmedins_code = place.code.clone();
        Message { infno: infno.to_owned(), msgid, fixmedins_code, area: area.to_owned(), bytes }
    }
}

/// A copy of a message that was held up on the way.
pub(super) struct Late {
    pub at: DateTime,
    pub turn: Turn,
    pub message: Message,
    /// What the first was answered.
    pub answered: String,
}

/// Who fills in a form, under which number.
#[derive(Clone, Copy)]
pub struct Hand<'a> {
    /// The clerk.
    pub by: &'a Actor,
    /// The form's number, the same each time that it is sent.
    pub submission: &'a str,
}

/// A process. Whatever it is asked for happens at the moment that its clock shows.
pub trait Process: Send {
    /// Its clock shows this moment from now on.
    fn at(&self, now: DateTime);

    /// The engine that answers questions on its books.
    fn platform(&self) -> Arc<Platform>;

    /// Takes copies of a message, all of them before the first is looked at or side by side; what each was answered.
    fn take(&self, message: &Message, copies: usize) -> Vec<Result<Value, Told>>;

    /// Writes down a statement.
    fn register(&self, hand: Hand<'_>, new: &NewEntry) -> Result<Entry, Told>;

    /// Reads in a sheet with rows of a register and one with rows of fee lines.
    fn import(
        &self,
        hand: Hand<'_>,
        kind: RegisterKind,
        rows: &[SheetRow],
        lines: &[SheetRow],
    ) -> Result<Vec<Verdict>, Told>;

    /// Takes a step with an entry.
    fn act(&self, hand: Hand<'_>, number: &str, action: Action, fields: &Stated) -> Result<Entry, Told>;

    /// Replaces the fee lines of an entry.
    fn put_lines(&self, hand: Hand<'_>, number: &str, lines: &[EntryLine]) -> Result<Entry, Told>;

    /// Enters what an entry waits with.
    fn enter(&self, hand: Hand<'_>, number: &str) -> Result<Entry, Told>;

    /// Starts a run of the backfill.
    fn start_run(&self, hand: Hand<'_>, plan: &str) -> Result<BackfillRun, Told>;

    /// Puts the settlements of a person in order.
    fn correct_order(&self, hand: Hand<'_>, psn_no: &str) -> Result<(), Told>;

    /// Publishes a plan.
    fn publish(&self, hand: Hand<'_>, text: &str) -> Result<(), Told>;

    /// Enters that an event of a plan has happened at that moment.
    fn enter_event(&self, hand: Hand<'_>, of: (&str, &str), at: DateTime) -> Result<(), Told>;

    /// Does what the platform does by itself and is due.
    fn tend(&self);

    /// Lets a blow befall what is done next.
    fn await_blow(&self, strike: Option<Strike>);

    /// Takes away a blow that has not struck, and says whether the process has ended by one.
    fn has_crashed(&self) -> bool;
}
