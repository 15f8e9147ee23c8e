//! After the outage (恢复以后): the run that enters what is left, the order put right, the money handed back, the books closed.

use super::World;
use crate::life::{Event, EventId};
use crate::office::{Told, Turn};
use yibao_domain::money::Money;
use yibao_domain::register::{Action, HandBack, State, Stated};
use yibao_domain::time::moment_text;
use yibao_store::Fault;

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
        self.put_right()?;
        self.hand_back()?;
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
            self.run(&plan.id)?;
        }
        Ok(())
    }

    fn run(&mut self, plan: &str) -> Result<(), Fault> {
        let agency = World::agency();
        match self.office.start_run(self.office.turn(Turn::AGENCY), &agency, plan) {
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
        let Ok(view) = self.office.entry(&clerk, number) else { return };
        let due = match view.entry.to_hand_back(None) {
            Some(HandBack::Back(due)) => due,
            Some(HandBack::Even) if self.cases[&id].handed.is_none() => Money::ZERO,
            // Own shares of stays are paid when they are settled.
            Some(HandBack::Even | HandBack::Collect(_) | HandBack::Unknown) | None => return,
        };
        let fields = Stated::from(
            [
                ("handed_back", due.to_string()),
                ("paid_ahead", "0.00".to_owned()),
                ("received_by", "本人".to_owned()),
                ("receipt_signed", "是".to_owned()),
                ("handed_back_at", moment_text(now)),
                ("handed_by", "张三".to_owned()),
            ]
            .map(|(name, value)| (name.to_owned(), value)),
        );
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

pub(super) fn fault(doing: &'static str, told: Told) -> Fault {
    Fault::new(doing, "the outage", told.to_string())
}
