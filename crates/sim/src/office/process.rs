//! One process of the platform, as a server runs it: opened on the books, driven by hand.

use crate::city::Place;
use jiff::ToSpan;
use jiff::civil::DateTime;
use serde_json::{Value, json};
use std::cell::RefCell;
use std::sync::{Arc, mpsc};
use yibao_domain::code::Pool;
use yibao_domain::outage::Plan;
use yibao_domain::party::Party;
use yibao_domain::register::WorkTable;
use yibao_engine::desks::backfill::Backfill;
use yibao_engine::desks::registers::Registers;
use yibao_engine::desks::{Next, Reconciler};
use yibao_engine::{Call, Origin, Parts, Places, Platform, Unobserved};
use yibao_interface::{Catalogue, Envelope};
use yibao_policy::plan::national_calendar;
use yibao_policy::rules::RuleBook;
use yibao_store::{Fault, Store};

use super::told::Told;
use super::turn::Turn;

/// What processes are opened with.
#[derive(Clone)]
pub(super) struct Opening {
    pub store: Arc<dyn Store>,
    /// The city's own, and with it those that are served beside it.
    pub pools: Vec<Pool>,
    pub rules: Arc<RuleBook>,
    pub work: Arc<WorkTable>,
    pub plans: Vec<Plan>,
    pub places: Places,
}

/// A message on its way: the same bytes each time that it is sent.
#[derive(Clone)]
pub(super) struct Message {
    pub infno: String,
    pub msgid: String,
    /// Who sends it.
    pub fixmedins_code: String,
    /// Where the person is insured, as the sender believes.
    pub area: String,
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

/// A process.
pub(super) struct Process {
    pub platform: Arc<Platform>,
    reconcilers: RefCell<Vec<Reconciler>>,
    /// Seconds that its clock is ahead.
    pub ahead: i64,
    /// Ends with this value.
    is_own: bool,
}

impl Process {
    pub(super) fn open(opening: &Opening, ahead: i64) -> Result<Process, Fault> {
        let platform = Platform::open(Parts {
            store: opening.store.clone(),
            pools: opening.pools.clone(),
            calendar: Arc::new(national_calendar()),
            rules: opening.rules.clone(),
            plans: Arc::new(opening.plans.clone()),
            work: opening.work.clone(),
            observer: Arc::new(Unobserved),
            reply_serial: 1,
            places: opening.places,
        })?;
        let reconcilers = RefCell::new(platform.reconcilers());
        Ok(Process { platform: Arc::new(platform), reconcilers, ahead, is_own: true })
    }

    /// The same process, as another client has it: what it does by itself is left to the first.
    pub(super) fn beside(&self) -> Process {
        let platform = self.platform.clone();
        Process { platform, reconcilers: RefCell::default(), ahead: self.ahead, is_own: false }
    }

    /// What it does by itself, for who drives that; [`Process::tend`] has nothing left.
    pub(super) fn reconcilers(&self) -> Vec<Reconciler> {
        self.reconcilers.take()
    }

    /// What its clock shows.
    pub(super) fn now(&self, now: DateTime) -> DateTime {
        now.saturating_add(self.ahead.seconds())
    }

    pub(super) fn registers(&self, pool: &Pool) -> Registers<'_> {
        self.platform.registers(pool).expect("the pool is served")
    }

    pub(super) fn backfill(&self, pool: &Pool) -> Backfill<'_> {
        self.platform.backfill(pool).expect("the pool is served")
    }

    /// Takes copies of a message, all of them before the first is looked at; what each was answered.
    pub(super) fn take(&self, message: &Message, copies: usize, now: DateTime) -> Vec<Result<Value, Told>> {
        let now = self.now(now);
        let mut answers = Vec::new();
        for _ in 0..copies {
            let (answer_to, answer) = mpsc::channel();
            let submitted = self.call(message, now).map(|call| {
                self.platform.submit(call, Box::new(move |outcome| drop(answer_to.send(outcome))));
            });
            answers.push(submitted.map(|()| answer));
        }
        while self.platform.step() {}
        let heard = |answer: mpsc::Receiver<Result<yibao_engine::Answer, yibao_engine::Stop>>| {
            let outcome = answer.recv().map_err(|_| Told::Nothing("no worker has answered".to_owned()))?;
            let output = outcome.map_err(Told::from)?.output;
            serde_json::from_str(&output).map_err(|wrong| Told::Nothing(wrong.to_string()))
        };
        answers.into_iter().map(|answer| answer.and_then(heard)).collect()
    }

    fn call(&self, message: &Message, now: DateTime) -> Result<Call, Told> {
        let nothing = |why: String| Told::Nothing(why);
        let envelope = Envelope::parse(message.bytes.as_bytes()).map_err(|wrong| nothing(format!("{wrong:?}")))?;
        let checked = yibao_interface::check(&envelope, Catalogue::national()).map_err(Told::Refused)?;
        let provider = self.platform.provider(&message.fixmedins_code, now).map_err(|fault| nothing(fault.chain()))?;
        let provider = provider.ok_or_else(|| nothing(format!("no provider {}", message.fixmedins_code)))?;
        Ok(Call {
            infno: checked.transaction.infno.clone(),
            party: Party::provider(&message.fixmedins_code),
            msgid: message.msgid.clone(),
            admdvs: provider.admdvs.clone(),
            provider: Some(provider),
            insuplc_admdvs: message.area.clone(),
            opter: "001".to_owned(),
            opter_name: "收费员".to_owned(),
            input: checked.input,
            now,
            origin: Origin::Message,
        })
    }

    /// Does what it does by itself and is due.
    pub(super) fn tend(&self, now: DateTime) {
        for reconciler in self.reconcilers.borrow_mut().iter_mut() {
            while reconciler.round(&self.platform, self.now(now)) == Next::AtOnce {}
        }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        if self.is_own {
            self.platform.stop();
        }
    }
}
