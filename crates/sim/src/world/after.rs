//! After the outage (恢复以后): the run that enters what is left, the order put right, the money handed back, the books closed.

use super::{World, clerk_of};
use crate::life::{Event, EventId};
use crate::office::{Told, Turn};
use std::collections::BTreeMap;
use yibao_domain::money::Money;
use yibao_domain::outage::RegisterKind;
use yibao_domain::register::matching::INTERFACE;
use yibao_domain::register::{Action, Entry, HandBack, State, Stated, field};
use yibao_domain::time::moment_text;
use yibao_engine::desks::backfill::Correction;
use yibao_engine::desks::registers::Actor;
use yibao_store::Fault;
use yibao_store::register::EntryFilter;

/// Rounds of the platform's own work in which a run must end.
const ROUNDS_MAX: usize = 200;

impl World<'_> {
    /// Has the runs enter everything that waits.
    pub fn enter_the_rest(&mut self) -> Result<(), Fault> {
        self.run_all()?;
        self.take_stock()
    }

    /// Closes the books of the outage: what is left, the order, what is handed back.
    pub fn close(&mut self) -> Result<(), Fault> {
        self.enter_the_rest()?;
        self.decide_about_certificates()?;
        if self.office.is_undisturbed() {
            self.is_left_for_the_agency()?;
        }
        self.put_right()?;
        self.reimburse()?;
        self.hand_back()?;
        self.is_closed = true;
        self.surprises.extend(self.office.disagreements());
        Ok(())
    }

    /// Publishes a new version of a plan.
    pub fn publish(&mut self, text: &str) -> Result<(), Fault> {
        match self.office.publish(self.office.turn(Turn::AGENCY), &World::agency(), text) {
            Ok(()) => Ok(()),
            Err(Told::Refused(refusal)) => {
                self.surprises.push(format!("the plan is not published anew: {}", refusal.text));
                Ok(())
            }
            Err(told) => Err(fault("publishing a plan", told)),
        }
    }

    /// Has the agency start a run of each plan, and waits for its end.
    pub(crate) fn run_all(&mut self) -> Result<(), Fault> {
        for plan in self.plans().iter() {
            self.one_hospital_runs_first(&plan.id)?;
            let open = self.waiting(&plan.id)?;
            self.run(&World::agency(), &plan.id)?;
            self.has_entered(&plan.id, &open)?;
        }
        Ok(())
    }

    /// What waits to be entered for a plan, in the order of care.
    fn waiting(&self, plan: &str) -> Result<Vec<Entry>, Fault> {
        let filter = EntryFilter {
            plan: Some(plan.to_owned()),
            states: vec![State::Waiting, State::Failed, State::Converted, State::Restored],
            ..EntryFilter::default()
        };
        let mut found = self.office.look(|tx| tx.entries(&filter, usize::MAX >> 1))?;
        found.retain(|entry| entry.kind.is_settled());
        Ok(found)
    }

    /// Some hospitals have a run of their own first, which enters what is theirs and nothing else.
    fn one_hospital_runs_first(&mut self, plan: &str) -> Result<(), Fault> {
        if !self.office.is_undisturbed() || !self.city.dice("a hospital's own run", 0).one_in(2) {
            return Ok(());
        }
        let open = self.waiting(plan)?;
        let code = open.first().map(|entry| entry.fixmedins_code.clone()).unwrap_or_default();
        let Some(place) = self.city.places.iter().find(|place| place.code == code) else { return Ok(()) };
        self.run(&clerk_of(place), plan)?;
        // What this one has given up is not of the same second as the next one's beginning.
        self.office.at(self.office.now().saturating_add(jiff::Span::new().seconds(31)));
        for before in open.iter().filter(|entry| entry.fixmedins_code != code) {
            let entry = self.office.look(|tx| tx.entry(&before.number))?;
            if entry.is_some_and(|entry| entry.state != before.state) {
                self.surprises.push(format!("the run of {code} took {} of another hospital", before.number));
            }
        }
        Ok(())
    }

    /// A run says how much it has entered, and of one person's visits the oldest comes first.
    fn has_entered(&mut self, plan: &str, open: &[Entry]) -> Result<(), Fault> {
        if !self.office.is_undisturbed() {
            return Ok(());
        }
        let (mut settled, mut failed, mut last) = (0, 0, BTreeMap::<String, String>::new());
        for before in open {
            let Some(entry) = self.office.look(|tx| tx.entry(&before.number))? else { continue };
            failed += i64::from(matches!(entry.state, State::Failed | State::SelfPaid));
            if entry.state != State::Settled {
                continue;
            }
            settled += 1;
            if entry.kind != RegisterKind::CashVisit {
                continue;
            }
            let first = self.office.look(|tx| tx.history(&entry.number))?;
            let first =
                first.iter().find(|event| event.action == Action::Settle).map(|event| event.settlement().to_owned());
            let first = first.unwrap_or_default();
            if let Some(later) = last.insert(entry.psn_no.clone(), first.clone()).filter(|later| first < *later) {
                let (number, care) = (&entry.number, entry.care_from);
                self.surprises
                    .push(format!("the run entered {number} of {care} as {first}, after {later} of later care"));
            }
        }
        let runs = self.office.runs(&World::agency()).map_err(|told| fault("looking at the run", told))?;
        let run = runs.iter().filter(|run| run.plan == plan).max_by_key(|run| run.number);
        let must = (i64::try_from(open.len()).unwrap_or(i64::MAX), settled, failed);
        if let Some((number, is)) = run.map(|run| (run.number, (run.found, run.settled, run.failed)))
            && is != must
        {
            let what = "found, settled and was refused";
            self.surprises.push(format!("run {number} of {plan} says that it {what} {is:?}; it was {must:?}"));
        }
        Ok(())
    }

    /// What the platform may put in order by itself is not left for the agency.
    fn is_left_for_the_agency(&mut self) -> Result<(), Fault> {
        let awaiting = self.office.corrections(&World::agency()).map_err(|told| fault("looking at the order", told))?;
        let mut by_person: BTreeMap<String, bool> = BTreeMap::new();
        for one in awaiting.corrections {
            self.is_shown_as_it_stands(&one)?;
            let filter = EntryFilter { psn_no: Some(one.psn_no.clone()), ..EntryFilter::default() };
            let theirs = self.office.look(|tx| tx.entries(&filter, usize::MAX >> 1))?;
            let mut is_own = false;
            for entry in theirs.iter().filter(|entry| entry.kind.is_settled() && !entry.setl_id.is_empty()) {
                let root = self.office.look(|tx| tx.settlement(&entry.setl_id))?;
                let history = self.office.look(|tx| tx.history(&entry.number))?;
                let was = |event: &yibao_domain::register::Event| {
                    event.action == Action::Settle && event.settlement() == one.setl_id && event.by != INTERFACE
                };
                let is_of = root.is_some_and(|row| row.settlement.root() == one.setl_id);
                is_own |= is_of && !entry.is_paid_out() && history.iter().any(was);
            }
            *by_person.entry(one.psn_no).or_insert(true) &= is_own;
        }
        for (psn_no, _) in by_person.into_iter().filter(|(_, all)| *all) {
            self.surprises.push(format!("the order of {psn_no} is the platform's own to put right, and is left"));
        }
        Ok(())
    }

    /// What is to be put in order is shown as it stands in the books.
    fn is_shown_as_it_stands(&mut self, one: &Correction) -> Result<(), Fault> {
        let of = self.office.look(|tx| {
            let Some(first) = tx.settlement(&one.setl_id)? else { return Ok(None) };
            let all = tx.settlements_of(&first.settlement.mdtrt_id)?;
            let stands = all.into_iter().filter(|row| row.cancellation.is_none());
            Ok(stands.map(|row| row.settlement).find(|settlement| settlement.root() == one.setl_id))
        })?;
        let is = (one.before.funds, one.before.account, one.before.cash);
        let must = of.map(|of| (of.fund_pay_sumamt, of.acct_pay, of.psn_cash_pay));
        if must.is_some_and(|must| is != must) {
            self.surprises.push(format!("{} is shown as {is:?} before it is put in order: {must:?}", one.setl_id));
        }
        Ok(())
    }

    fn run(&mut self, by: &Actor, plan: &str) -> Result<(), Fault> {
        let agency = World::agency();
        match self.office.start_run(self.office.turn(Turn::AGENCY), by, plan) {
            Ok(run) => {
                for _ in 0..ROUNDS_MAX {
                    self.office.tend();
                    let runs = self.office.runs(&agency).map_err(|told| fault("looking at the run", told))?;
                    if runs.iter().any(|one| one.number == run.number && one.finished_at.is_some()) {
                        return Ok(());
                    }
                    self.office.at(self.office.now().saturating_add(jiff::Span::new().seconds(31)));
                }
                self.surprises.push(format!("the run of {plan} does not end"));
                Ok(())
            }
            Err(Told::Refused(refusal)) => {
                self.surprises.push(format!("the run of {plan} is refused: {}", refusal.text));
                Ok(())
            }
            Err(Told::Nothing(why)) => Err(Fault::new("starting the run", plan, why)),
        }
    }

    /// What the run has settled.
    pub(crate) fn take_stock(&mut self) -> Result<(), Fault> {
        let waiting: Vec<(EventId, String)> = self
            .cases
            .iter()
            .filter(|(_, case)| !case.entry.is_empty() && !case.is_settled())
            .map(|(id, case)| (*id, case.entry.clone()))
            .collect();
        for (id, number) in waiting {
            let entry = self.office.look(|tx| tx.entry(&number))?;
            let event = self.events[&id].clone();
            match entry {
                Some(entry) if self.found_not_entitled(&event, &entry)? => {}
                Some(entry) if entry.state == State::Settled => self.took(&event, &entry),
                Some(entry) if !entry.state.is_final() => {
                    self.case(id).stuck = format!("{}:{}", entry.state.name(), entry.reason);
                }
                _ => {}
            }
        }
        Ok(())
    }

    pub(crate) fn put_right(&mut self) -> Result<(), Fault> {
        let agency = World::agency();
        loop {
            let awaiting = self.office.corrections(&agency).map_err(|told| fault("looking at the order", told))?;
            let mut persons: Vec<String> = awaiting.corrections.iter().map(|one| one.psn_no.clone()).collect();
            persons.dedup();
            let mut is_stuck = persons.is_empty();
            for (psn_no, why) in &awaiting.refused {
                if !self.cannot_be_put_in_order(psn_no, why) {
                    self.surprises.push(format!("the order of {psn_no} cannot be put right: {why}"));
                    is_stuck = true;
                }
            }
            if is_stuck {
                return Ok(());
            }
            for psn_no in persons {
                match self.office.correct_order(self.office.turn(Turn::AGENCY), &agency, &psn_no) {
                    Ok(()) => {}
                    Err(Told::Refused(refusal)) => {
                        self.surprises.push(format!("the order of {psn_no} is not put right: {}", refusal.text));
                        return Ok(());
                    }
                    Err(Told::Nothing(why)) => return Err(Fault::new("putting the order right", psn_no, why)),
                }
            }
        }
    }

    /// Whoever entered money at a desk gets it back and signs for it.
    pub(crate) fn hand_back(&mut self) -> Result<(), Fault> {
        let entered: Vec<(EventId, String)> = self
            .cases
            .iter()
            .filter(|(_, case)| !case.entry.is_empty() && case.is_settled())
            .map(|(id, case)| (*id, case.entry.clone()))
            .collect();
        for (id, number) in entered {
            let event = self.events[&id].clone();
            self.hand_back_of(&event, &number);
        }
        Ok(())
    }

    /// Somebody comes for the money before the books are closed.
    pub(super) fn comes_for_money(&mut self, event: &Event) {
        let case = self.cases[&event.id].clone();
        if !case.entry.is_empty() && case.is_settled() {
            self.hand_back_of(event, &case.entry);
        }
    }

    fn hand_back_of(&mut self, event: &Event, number: &str) {
        let (clerk, now, id) = (self.clerk(event), self.office.now(), event.id);
        let view = match self.office.entry(&clerk, number) {
            Ok(view) => view,
            Err(why) => {
                self.surprises.push(format!("{number} of {id:?} cannot be looked at: {why}"));
                return;
            }
        };
        let due = match view.entry.to_hand_back(None) {
            Some(HandBack::Back(due)) => due,
            Some(HandBack::Even) if self.cases[&id].handed.is_none() => Money::ZERO,
            // Own shares of stays are paid when they are settled.
            Some(HandBack::Even | HandBack::Collect(_) | HandBack::Unknown) | None => return,
        };
        // What a stay's register says of the deposit.
        let is_visit = view.entry.kind == RegisterKind::CashVisit;
        let paid_ahead = field::PREPAYMENT.of(&view.entry).filter(|_| !is_visit).unwrap_or_default();
        let fields = Stated::from(
            [
                ("handed_back", due.to_string()),
                ("paid_ahead", paid_ahead.to_string()),
                ("received_by", "本人".to_owned()),
                ("receipt_signed", "是".to_owned()),
                ("handed_back_at", moment_text(now)),
                ("handed_by", "张三".to_owned()),
            ]
            .map(|(name, value)| (name.to_owned(), value)),
        );
        self.handed_back_wrongly(event, number, due, &fields);
        match self.office.act(self.turn(event), &clerk, number, Action::HandBack, &fields) {
            Ok(_) => {
                let handed = &mut self.case(id).handed;
                *handed = handed.or(Some(now));
            }
            Err(why) => self.surprises.push(format!("handing back of {id:?}: {why}")),
        }
        // Nobody is paid twice, whoever tries.
        if self.dice(event, "hand back").one_in(4) {
            let again = self.office.act(self.turn(event), &clerk, number, Action::HandBack, &fields);
            if !matches!(again, Err(Told::Refused(_))) {
                self.surprises.push(format!("handed back twice, {id:?}: {again:?}"));
            }
        }
    }
}

impl World<'_> {
    /// Nobody is paid a fen too much, nor without signing for it.
    fn handed_back_wrongly(&mut self, event: &Event, number: &str, due: Money, fields: &Stated) {
        let wrong = self.dice(event, "handed back wrongly").pick(&["handed_back", "receipt_signed", ""]);
        if wrong.is_empty() || !self.office.is_undisturbed() {
            return;
        }
        let a_fen_more = due.plus(Money::fen(1)).to_string();
        let said = if wrong == "handed_back" { a_fen_more } else { "否".to_owned() };
        let mut fields = fields.clone();
        fields.insert(wrong.to_owned(), said);
        let told = self.office.act(self.turn(event), &self.clerk(event), number, Action::HandBack, &fields);
        if !matches!(told, Err(Told::Refused(_))) {
            self.surprises.push(format!("handed back to {:?} as {fields:?}: {told:?}", event.id));
        }
    }
}

pub(super) fn fault(doing: &'static str, told: Told) -> Fault {
    Fault::new(doing, "the outage", told.to_string())
}
