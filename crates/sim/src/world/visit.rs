//! Visits and purchases: settled on the spot; where the window is closed, by the way that the notice tells.

use super::words::is_not_entitled;
use super::{Deed, Met, Refused, World, clauses};
use crate::life::{Event, Kind};
use crate::office::Told;
use crate::till::{self, BATCH};
use jiff::ToSpan;
use serde_json::Value;
use yibao_domain::outage::{Disposition, Path, RegisterKind, path_of_visit};
use yibao_domain::refusal::Code;
use yibao_store::Fault;

impl World<'_> {
    /// A visit or purchase, whole.
    pub(super) fn care(&mut self, event: &Event) -> Result<(), Fault> {
        // Whoever comes again may find that the desk has entered it.
        let case = &self.cases[&event.id];
        if case.met.is_some() && case.is_settled() {
            return Ok(());
        }
        let met = &self.cases[&event.id].met;
        if matches!(met, Some(Met::ToClaim { .. } | Met::NoRoute { .. } | Met::TooLate { .. } | Met::SelfPays { .. })) {
            return Ok(());
        }
        self.begins_its_day(event);
        let outcome = match event.kind {
            _ if event.kind.is_bought() => self.purchase(event),
            _ => self.visit(event),
        };
        match outcome {
            Ok(answer) => {
                let by = if event.kind.is_bought() { "2102" } else { "2207" };
                self.note(event, by, &answer);
                self.looked_up(event);
                self.claimed_afterwards(event);
                if matches!(event.kind, Kind::SpecialDisease { .. }) {
                    self.special_drug_after_its_approval(event);
                }
                Ok(())
            }
            Err(told) => match self.refused(event, Deed::Care, told)? {
                Refused::Closed => self.met_the_outage(event),
                Refused::Otherwise => Ok(()),
            },
        }
    }

    fn purchase(&mut self, event: &Event) -> Result<Value, Told> {
        let mut input = till::purchase(event, &self.person(event), self.med_type(event));
        self.with_its_receipt(event, "druginfo", &mut input);
        self.with_a_wrong_sum(event, "2102", &input);
        self.of_an_item_that_is_gone(event, "2102", "drugdetail", &input);
        self.reversed_before_it_comes(event, "2102", &input);
        let trial = self.tried_out(event, "2101", &input);
        let answer = self.send(event, "2102", &input)?;
        self.has_its_receipt(event, "druginfo", &input, &answer);
        self.as_tried(event, trial, &answer);
        if let Some(mdtrt_id) = answer["setlinfo"]["mdtrt_id"].as_str() {
            mdtrt_id.clone_into(&mut self.case(event.id).mdtrt_id);
        }
        Ok(answer)
    }

    fn visit(&mut self, event: &Event) -> Result<Value, Told> {
        let (person, med_type) = (self.person(event), self.med_type(event));
        if self.cases[&event.id].mdtrt_id.is_empty() {
            self.registered_and_taken_back(event)?;
            let answer = self.send(event, "2201", &self.registration(event, &person))?;
            let mdtrt_id = answer["data"]["mdtrt_id"].as_str().unwrap_or_default().to_owned();
            self.case(event.id).mdtrt_id = mdtrt_id;
        }
        let mdtrt_id = self.cases[&event.id].mdtrt_id.clone();
        let mut description = till::description(event, &person, &mdtrt_id, med_type);
        self.with_a_void_diagnosis(event, &mut description);
        self.described_otherwise_first(event, &description)?;
        let turns_out = self.turns_out_later(event);
        if turns_out.is_none() {
            self.send(event, "2203A", &description)?;
        }
        self.a_first_bill(event, &mdtrt_id)?;
        let mut has_other = false;
        if self.cases[&event.id].uploaded == 0 {
            let first = turns_out.unwrap_or(med_type);
            self.described_as_another_kind(event, first, &description)?;
            let fees = till::fees(self.of_last_bill(event), &person, &mdtrt_id, BATCH, first);
            self.uploaded_and_taken_back(event, &mdtrt_id, &fees)?;
            has_other = self.another_batch(event, &mdtrt_id)?;
            self.lines_of_wrong_amounts(event, "2204", &fees);
            self.lines_that_do_not_fit(event, "2204", &fees);
            let answer = self.send(event, "2204", &fees)?;
            self.case(event.id).uploaded = event.lines.len();
            // What is described later is split anew when it is settled.
            if turns_out.is_none() {
                self.split(event, &answer);
            }
            self.lines_are_there(event, &mdtrt_id, "2204", &fees);
            if has_other && self.dice(event, "other batch before the bill").percent(50) {
                self.without_the_other_batch(event, &mdtrt_id);
                has_other = false;
            }
        }
        if turns_out.is_some() {
            self.send(event, "2203A", &description)?;
        }
        let mut input = till::settlement(event, &person, &mdtrt_id, self.total_of_last_bill(event), med_type);
        self.with_its_receipt(event, "data", &mut input);
        self.with_a_wrong_sum(event, "2207", &input);
        self.of_another_hospital(event, "2207", &input);
        self.under_another_scheme(event, "2207", &input);
        self.reversed_before_it_comes(event, "2207", &input);
        let trial = self.tried_out(event, "2206", &input);
        let answer = self.send(event, "2207", &input)?;
        self.has_its_receipt(event, "data", &input, &answer);
        self.as_tried(event, trial, &answer);
        if has_other {
            self.without_the_other_batch(event, &mdtrt_id);
        }
        self.settled_twice(event, "2207", &input);
        self.a_settled_visit_is_closed(event, &mdtrt_id);
        self.withdraws_what_is_not_open(event, &mdtrt_id);
        self.leaves_a_line_open(event, &mdtrt_id);
        Ok(answer)
    }

    /// Settles a visit that is at the platform.
    pub(super) fn settle_visit(&mut self, event: &Event) -> Result<(), Fault> {
        let case = self.cases[&event.id].clone();
        if !case.settled.last().is_some_and(|last| last.cancelled) {
            return Ok(());
        }
        let (person, med_type) = (self.person(event), self.med_type(event));
        let input = till::settlement(event, &person, &case.mdtrt_id, self.total_of_last_bill(event), med_type);
        match self.send(event, "2207", &input) {
            Ok(answer) => {
                self.note(event, "2207", &answer);
                Ok(())
            }
            Err(told) => {
                if self.refused(event, Deed::Again, told)? == Refused::Closed {
                    // The visit was cancelled, and is settled anew once that is possible.
                    self.come_again(event, Deed::Again, "closed");
                }
                Ok(())
            }
        }
    }

    /// Care of a closed window that is claimed once it is open: it has an entry by itself.
    fn claimed_afterwards(&mut self, event: &Event) {
        let plans = self.plans();
        if let Path::Backfill(way) = path_of_visit(&plans, &self.question(event), event.at) {
            self.case(event.id).met = Some(Met::Waited { clauses: clauses(&way) });
            let reply = self.cases[&event.id].settled.last().map(|last| last.reply.whole());
            if reply.is_some_and(|reply| reply["setlinfo"]["invono"].as_str().is_some_and(|told| !told.is_empty())) {
                self.written_down_though_settled(event, RegisterKind::CashVisit);
            }
        }
    }

    /// What the notice says of a visit in a closed window.
    pub(super) fn met_the_outage(&mut self, event: &Event) -> Result<(), Fault> {
        let (plans, question) = (self.plans(), self.question(event));
        let now = self.office.now().max(self.known_from(event));
        match path_of_visit(&plans, &question, event.at) {
            // Given before the closing and claimed in the window: it is only too late for today.
            Path::Ordinary => {
                self.come_again(event, Deed::Care, "claimed while closed");
                Ok(())
            }
            Path::Backfill(way) => {
                // A message that does not say yet which care it is about is told the reason of the most frequent one.
                // By the clock of a process that is ahead.
                let by_then = now.saturating_add(self.office.clocks_differ().seconds());
                let is_late = self.due(event, &way).is_some_and(|due| due <= by_then);
                if self.cases[&event.id].met.is_some() && is_late {
                    self.too_late(event, &way);
                    return Ok(());
                }
                if self.cases[&event.id].met.is_none()
                    && let Some(comes) = self.comes_late(event, &way)
                {
                    self.case(event.id).met = Some(Met::Waited { clauses: clauses(&way) });
                    self.plan(comes, event.id, Deed::Enter);
                    return Ok(());
                }
                if self.cases[&event.id].met.is_none() {
                    let kind = way.closing.rule.register(&way.question.business).unwrap_or(RegisterKind::CashVisit);
                    self.case(event.id).met = Some(Met::Waited { clauses: clauses(&way) });
                    self.register(event, kind, true);
                }
                let mut dice = self.dice(event, "enter");
                if dice.one_in(6) {
                    let early = self.reopening(&way).max(now).saturating_add(dice.between(-40, 0).hours()).max(now);
                    self.plan(early, event.id, Deed::EnterTooEarly);
                }
                // Within the ten working days that notices usually give; some never come, and the run enters theirs.
                let comes = self.reopening(&way).max(now).saturating_add(dice.between(1, 8 * 24).hours());
                if dice.percent(85) {
                    self.plan(comes.saturating_add(dice.between(0, 3_000).seconds()), event.id, Deed::Enter);
                }
                Ok(())
            }
            Path::Elsewhere(way) => {
                let clauses = clauses(&way);
                self.comes_to_the_till_again(event, &way);
                let claims =
                    matches!(way.closing.rule.disposition, Disposition::CashClaim | Disposition::AgencyReimburses);
                self.case(event.id).met =
                    Some(if claims { Met::ToClaim { clauses } } else { Met::NoRoute { clauses } });
                // Half of the tills write down what the notice makes them no promise for.
                if way.closing.rule.register(&way.question.business) == Some(RegisterKind::CashVisit)
                    && self.dice(event, "write down").percent(50)
                {
                    self.register(event, RegisterKind::CashVisit, true);
                }
                Ok(())
            }
        }
    }

    /// Enters a visit that waits, at the till by its own messages or at the desk.
    pub(super) fn enter_visit(&mut self, event: &Event) -> Result<(), Fault> {
        self.mend(event)?;
        let case = self.cases[&event.id].clone();
        if case.is_settled() || matches!(case.met, Some(Met::SelfPays { .. })) {
            return Ok(());
        }
        // A visit that the platform knows is gone on with there.
        let is_there = !case.mdtrt_id.is_empty();
        if self.dice(event, "till").percent(35) || case.entry.is_empty() || is_there {
            return self.care(event);
        }
        self.enter(event)
    }

    /// Has the desk enter the entry of an event.
    pub(super) fn enter(&mut self, event: &Event) -> Result<(), Fault> {
        let case = self.cases[&event.id].clone();
        match self.office.enter(self.turn(event), &self.clerk(event), &case.entry) {
            Ok(entry) => {
                if !self.found_not_entitled(event, &entry)? {
                    self.took(event, &entry);
                    self.sent_once_more(event);
                    self.entered_by_another(event)?;
                    let mut dice = self.dice(event, "fetches");
                    if dice.one_in(3) {
                        let comes = self.office.now().saturating_add(dice.between(1, 72).hours());
                        self.plan(comes, event.id, Deed::HandBack);
                    }
                }
            }
            Err(Told::Refused(refusal)) if is_not_entitled(&refusal) => self.not_entitled(event, &refusal)?,
            Err(Told::Refused(refusal)) => {
                let at = self.office.now();
                if refusal.code == Code::Closed {
                    self.case(event.id).closed.push((at, refusal.text.clone()));
                }
                let why = format!("entering {:?} at {}: {}", event.id, self.office.now(), refusal.text);
                self.come_again(event, Deed::Enter, &why);
            }
            Err(Told::Nothing(why)) => return Err(Fault::new("entering", &case.entry, why)),
        }
        Ok(())
    }
}
