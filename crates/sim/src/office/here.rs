//! A process of the platform inside this one: opened on the books, driven by hand.

use super::process::{Hand, Host, Message, Opening, Process};
use super::told::{Told, with_remarks};
use crate::faults::{Strike, Trap};
use jiff::civil::DateTime;
use serde_json::Value;
use std::cell::{Cell, RefCell};
use std::sync::{Arc, mpsc};
use yibao_domain::code::Pool;
use yibao_domain::outage::RegisterKind;
use yibao_domain::party::Party;
use yibao_domain::register::{Action, Entry, EntryLine, Stated};
use yibao_engine::desks::backfill::Backfill;
use yibao_engine::desks::registers::{NewEntry, Registers, SheetRow, Verdict};
use yibao_engine::desks::{Next, Reconciler};
use yibao_engine::{Call, Origin, Parts, Platform};
use yibao_interface::{Catalogue, Envelope};
use yibao_policy::plan::national_calendar;
use yibao_store::Fault;
use yibao_store::outage::BackfillRun;

/// Starts processes inside this one.
pub(super) struct AtHome;

impl Host for AtHome {
    fn start(&self, opening: &Opening, _now: DateTime) -> Result<Box<dyn Process>, Fault> {
        Ok(Box::new(Here::open(opening)?))
    }
}

/// A process.
pub struct Here {
    platform: Arc<Platform>,
    /// Made when they are first wanted.
    reconcilers: RefCell<Option<Vec<Reconciler>>>,
    pool: Pool,
    clock: Cell<DateTime>,
    trap: Option<Arc<Trap>>,
    ruined: Option<Pool>,
    /// Ends with this value.
    is_own: bool,
}

impl Here {
    /// Opens one on the books.
    pub fn open(opening: &Opening) -> Result<Here, Fault> {
        let platform = Platform::open(Parts {
            store: opening.store.clone(),
            pools: opening.pools.clone(),
            calendar: Arc::new(national_calendar()),
            rules: opening.rules.clone(),
            plans: Arc::new(opening.plans.clone()),
            work: opening.work.clone(),
            observer: opening.rounds.clone(),
            reply_serial: 1,
            places: opening.places,
        })?;
        let mut here = Here::beside(Arc::new(platform), opening);
        here.is_own = true;
        Ok(here)
    }

    /// The same process, as another client has it.
    pub(super) fn beside(platform: Arc<Platform>, opening: &Opening) -> Here {
        Here {
            platform,
            reconcilers: RefCell::default(),
            pool: opening.pools[0].clone(),
            clock: Cell::new(DateTime::MIN),
            trap: opening.trap.clone(),
            ruined: opening.ruined.clone(),
            is_own: false,
        }
    }

    /// Takes up what was published at another process.
    pub fn take_up_plans(&self) {
        self.make_rounds(|reconciler| reconciler.name() == "plans");
    }

    fn make_rounds(&self, which: impl Fn(&Reconciler) -> bool) {
        let mut reconcilers = self.reconcilers.borrow_mut();
        let reconcilers = reconcilers.get_or_insert_with(|| self.platform.reconcilers());
        for reconciler in reconcilers.iter_mut().filter(|one| which(one)) {
            while reconciler.round(&self.platform, self.clock.get()) == Next::AtOnce {}
        }
    }

    fn registers(&self, hand: Hand<'_>) -> Registers<'_> {
        self.platform.registers(&self.pool).expect("the pool is served").submitted(hand.submission)
    }

    fn backfill(&self, hand: Hand<'_>) -> Backfill<'_> {
        self.platform.backfill(&self.pool).expect("the pool is served").submitted(hand.submission)
    }

    fn call(&self, message: &Message) -> Result<Call, Told> {
        let now = self.clock.get();
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
            file: None,
            voucher: None,
            origin: Origin::Message,
        })
    }
}

impl Process for Here {
    fn at(&self, now: DateTime) {
        self.clock.set(now);
    }

    fn platform(&self) -> Arc<Platform> {
        self.platform.clone()
    }

    fn take(&self, message: &Message, copies: usize) -> Vec<Result<Value, Told>> {
        let mut answers = Vec::new();
        for _ in 0..copies {
            let (answer_to, answer) = mpsc::channel();
            let submitted = self.call(message).map(|call| {
                self.platform.submit(call, Box::new(move |outcome| drop(answer_to.send(outcome))));
            });
            answers.push(submitted.map(|()| answer));
        }
        while self.platform.step() {}
        let heard = |answer: mpsc::Receiver<Result<yibao_engine::Answer, yibao_engine::Stop>>| {
            let outcome = answer.recv().map_err(|_| Told::Nothing("no worker has answered".to_owned()))?;
            let answer = outcome.map_err(Told::from)?;
            let output = serde_json::from_str(&answer.output).map_err(|wrong| Told::Nothing(wrong.to_string()))?;
            Ok(with_remarks(output, &answer.remarks.join("；")))
        };
        answers.into_iter().map(|answer| answer.and_then(heard)).collect()
    }

    fn register(&self, hand: Hand<'_>, new: &NewEntry) -> Result<Entry, Told> {
        Ok(self.registers(hand).add(hand.by, self.clock.get(), new.clone())?.entry)
    }

    fn import(
        &self,
        hand: Hand<'_>,
        kind: RegisterKind,
        rows: &[SheetRow],
        lines: &[SheetRow],
    ) -> Result<Vec<Verdict>, Told> {
        Ok(self.registers(hand).import(hand.by, self.clock.get(), kind, "", rows, lines))
    }

    fn act(&self, hand: Hand<'_>, number: &str, action: Action, fields: &Stated) -> Result<Entry, Told> {
        Ok(self.registers(hand).act(hand.by, self.clock.get(), number, action, fields.clone())?.entry)
    }

    fn put_lines(&self, hand: Hand<'_>, number: &str, lines: &[EntryLine]) -> Result<Entry, Told> {
        Ok(self.registers(hand).put_lines(hand.by, self.clock.get(), number, lines.to_vec())?.entry)
    }

    fn enter(&self, hand: Hand<'_>, number: &str) -> Result<Entry, Told> {
        Ok(self.backfill(hand).entry(hand.by, self.clock.get(), number)?)
    }

    fn start_run(&self, hand: Hand<'_>, plan: &str) -> Result<BackfillRun, Told> {
        Ok(self.backfill(hand).start(hand.by, self.clock.get(), plan, "")?)
    }

    fn correct_order(&self, hand: Hand<'_>, psn_no: &str) -> Result<(), Told> {
        self.backfill(hand).correct_order(hand.by, self.clock.get(), psn_no)?;
        Ok(())
    }

    fn publish(&self, hand: Hand<'_>, text: &str) -> Result<(), Told> {
        self.registers(hand).publish_plan(hand.by, self.clock.get(), text)?;
        Ok(())
    }

    fn enter_event(&self, hand: Hand<'_>, (plan, event): (&str, &str), at: DateTime) -> Result<(), Told> {
        self.registers(hand).enter_event(hand.by, self.clock.get(), plan, event, at)?;
        Ok(())
    }

    fn tend(&self) {
        self.make_rounds(|_| true);
    }

    fn await_blow(&self, strike: Option<Strike>) {
        if let Some(trap) = &self.trap {
            trap.set(strike, self.ruined.as_ref());
        }
    }

    fn has_crashed(&self) -> bool {
        self.trap.as_ref().is_some_and(|trap| trap.lift())
    }
}

impl Drop for Here {
    fn drop(&mut self) {
        if self.is_own {
            self.platform.stop();
        }
    }
}
