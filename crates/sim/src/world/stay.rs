//! Stays: admission, daily uploads, a settlement in mid-stay, discharge, settlement; and what the outage makes of each.

use super::{Deed, Met, Refused, World, clauses};
use crate::city::number_of;
use crate::life::{Event, EventId, Kind, Leaves};
use crate::office::Told;
use crate::till;
use crate::{forms, notice};
use jiff::ToSpan;
use jiff::civil::DateTime;
use yibao_domain::outage::{Business, Path, Question, RegisterKind, Stay, path_of_stay, waited_for};
use yibao_domain::refusal::Code;
use yibao_domain::register::{Action, Entry, State, due_of};
use yibao_store::Fault;
use yibao_store::register::EntryFilter;

/// More entries than a city has.
const EVERY: usize = 1 << 32;

impl World<'_> {
    pub(super) fn admit(&mut self, event: &Event) -> Result<(), Fault> {
        if !self.cases[&event.id].mdtrt_id.is_empty() || self.cases[&event.id].is_settled() {
            return Ok(());
        }
        let mut input = till::admission(event, &self.person(event), self.med_type(event));
        self.with_a_first_diagnosis(event, &mut input);
        self.admitted_and_taken_back(event, &input)?;
        match self.send(event, "2401", &input) {
            Ok(answer) => {
                let mdtrt_id = answer["result"]["mdtrt_id"].as_str().unwrap_or_default();
                mdtrt_id.clone_into(&mut self.case(event.id).mdtrt_id);
                self.case(event.id).stuck.clear();
                self.admitted_elsewhere_too(event, &input);
                Ok(())
            }
            Err(told) => {
                if self.refused(event, Deed::Admit, told)? == Refused::Closed {
                    self.admitted_while_closed(event);
                }
                Ok(())
            }
        }
    }

    /// Admitted while closed: written down, and admitted at the platform once that is possible and the patient is still there.
    fn admitted_while_closed(&mut self, event: &Event) {
        if self.cases[&event.id].kind == Some(RegisterKind::DeferredDischarge) {
            self.come_again(event, Deed::Admit, "not admitted at the platform yet");
            return;
        }
        let plans = self.plans();
        let way = self.question_of("encounter.admission", event);
        let stay = Stay { admitted: event.at, discharged: None, chose_to_claim: false };
        let asked = Question { business: Business::named("settlement.inpatient"), ..way };
        let (kind, said, reopens) = match path_of_stay(&plans, &asked, &stay) {
            Path::Backfill(way) | Path::Elsewhere(way) => {
                (way.closing.rule.register(&way.question.business), clauses(&way), self.reopening(&way))
            }
            Path::Ordinary => (None, Vec::new(), self.office.now().saturating_add(1.day())),
        };
        if self.cases[&event.id].met.is_none() {
            self.case(event.id).met = Some(Met::Waited { clauses: said });
            let transferred_in = self.leg_before(event).is_some();
            let by_transfer = plans.iter().any(|plan| {
                let asked = self.question_of("encounter.transfer", event);
                plan.governing(&asked)
                    .first()
                    .is_some_and(|rule| rule.register(&asked.business) == Some(RegisterKind::Transfer))
            });
            let kind = if transferred_in && by_transfer { Some(RegisterKind::Transfer) } else { kind };
            // What is written down about a discharge is written down then.
            if let Some(kind) = kind.filter(|kind| *kind != RegisterKind::DeferredDischarge) {
                self.register(event, kind, false);
            }
        }
        if reopens < event.ended() {
            let after = i64::from(event.id.ordinal) * 7 + 300;
            self.plan(reopens.max(self.office.now()).saturating_add(after.seconds()), event.id, Deed::Admit);
        }
    }

    pub(super) fn question_of(&self, business: &'static str, event: &Event) -> Question {
        notice::question(self.city, &self.person(event), self.place(event), Business::named(business), event.at.date())
    }

    /// Uploads the lines until a moment; whether all of them are there.
    pub(super) fn upload(&mut self, event: &Event, until: DateTime) -> Result<bool, Fault> {
        let case = self.cases[&event.id].clone();
        if case.mdtrt_id.is_empty() {
            return Ok(false);
        }
        let due = event.lines.iter().filter(|line| line.at <= until).count();
        if due <= case.uploaded {
            return Ok(true);
        }
        let person = self.person(event);
        let input = till::fees(&event.lines[case.uploaded..due], &person, &case.mdtrt_id, "", self.med_type(event));
        self.sent_and_withdrawn(event, &case.mdtrt_id, &input)?;
        self.lines_of_wrong_amounts(event, "2301", &input);
        self.lines_that_do_not_fit(event, "2301", &input);
        match self.send(event, "2301", &input) {
            Ok(answer) => {
                self.case(event.id).uploaded = due;
                self.split(event, &answer);
                self.returns_too_much(event, &case.mdtrt_id);
                self.returned_as_another_item(event, &case.mdtrt_id);
                self.lines_are_there(event, &case.mdtrt_id, "2301", &input);
                self.admitted_after_the_fees(event, &case.mdtrt_id);
                Ok(true)
            }
            // The hospital keeps its lines and sends them with those of the next day.
            Err(Told::Refused(_)) => Ok(false),
            Err(told) => self.refused(event, Deed::Fees, told).map(|_| false),
        }
    }

    /// The evening's lines; of a patient who has left, until they are taken.
    pub(super) fn send_lines(&mut self, event: &Event) -> Result<(), Fault> {
        let now = self.office.now();
        let there = self.upload(event, now)?;
        let case = &self.cases[&event.id];
        let waits = !case.mdtrt_id.is_empty() && !case.is_settled() && matches!(case.met, Some(Met::Waited { .. }));
        if !there && waits && event.ended() <= now {
            self.come_again(event, Deed::Fees, "lines are not taken yet");
        }
        Ok(())
    }

    /// A settlement in mid-stay, of what was uploaded.
    pub(super) fn settle_part(&mut self, event: &Event) -> Result<(), Fault> {
        let there = self.upload(event, self.office.now())?;
        let case = self.cases[&event.id].clone();
        let total: i64 = event.lines[..case.uploaded].iter().map(crate::life::Line::sum).sum();
        if !there || total == 0 || case.uploaded == event.lines.len() {
            self.case(event.id).without_part = true;
            return Ok(());
        }
        let mut input = till::settlement(event, &self.person(event), &case.mdtrt_id, total, self.med_type(event));
        input["data"]["acct_used_flag"] = till::flag(self.uses_account(event, true)).into();
        input["data"]["mid_setl_flag"] = serde_json::json!("1");
        let trial = self.tried_out(event, "2303", &input);
        match self.send(event, "2304", &input) {
            Ok(answer) => {
                self.as_tried(event, trial, &answer);
                self.has_its_receipt(event, "data", &input, &answer);
                self.note(event, "2304", &answer);
                self.case(event.id).parted = case.uploaded;
                self.left_before_its_part(event, &case.mdtrt_id);
            }
            // A patient in hospital has time; the part is settled with the rest.
            Err(Told::Refused(_)) => self.case(event.id).without_part = true,
            Err(told) => drop(self.refused(event, Deed::Part, told)?),
        }
        Ok(())
    }

    /// The hospital that is left files where the patient goes.
    pub(super) fn file_transfer(&mut self, event: &Event) -> Result<(), Fault> {
        let next = EventId { ordinal: event.id.ordinal + 1, ..event.id };
        let Some(arrival) = self.events.get(&next).cloned() else { return Ok(()) };
        let input = till::transfer(&self.person(event), self.place(&arrival), arrival.at.date());
        match self.send(event, "2501A", &input) {
            Ok(answer) => {
                self.transfer_taken_back(event, &answer, &input);
                Ok(())
            }
            Err(told) => match told {
                // Nobody files it later: the discharge says that the patient goes elsewhere, and the arrival's register from where.
                Told::Refused(refusal) if refusal.code == Code::Closed => {
                    if let Some(Kind::Stay { leaves, .. }) = self.events.get_mut(&event.id).map(|own| &mut own.kind) {
                        *leaves = Leaves::ForAnother;
                    }
                    Ok(())
                }
                told => self.refused(event, Deed::File, told).map(drop),
            },
        }
    }

    pub(super) fn discharge(&mut self, event: &Event) -> Result<(), Fault> {
        let case = self.cases[&event.id].clone();
        if case.discharged || case.is_settled() || matches!(case.met, Some(Met::SelfPays { .. })) {
            return Ok(());
        }
        if case.mdtrt_id.is_empty() {
            return self.left_while_unknown(event);
        }
        self.upload(event, event.ended())?;
        self.discharged_and_taken_back(event, &case.mdtrt_id)?;
        self.left_before_the_fees(event, &case.mdtrt_id);
        let input = till::discharge(event, &self.person(event), &case.mdtrt_id, forms::dscg_way(event));
        match self.send(event, "2402", &input) {
            Ok(_) => {
                self.case(event.id).discharged = true;
                Ok(())
            }
            Err(told) => {
                if self.refused(event, Deed::Discharge, told)? == Refused::Closed {
                    self.left_while_closed(event);
                }
                Ok(())
            }
        }
    }

    pub(super) fn put_lines(&mut self, event: &Event) {
        let number = self.cases[&event.id].entry.clone();
        let lines = forms::lines(&event.lines);
        let kept = self.office.put_lines(self.turn(event), &self.clerk(event), &number, &lines);
        if let Err(why) = kept {
            self.surprises.push(format!("lines of {:?} at {}: {why}", event.id, self.office.now()));
        }
    }

    /// Settles a stay that was left.
    pub(super) fn settle_stay(&mut self, event: &Event) -> Result<(), Fault> {
        let case = self.cases[&event.id].clone();
        let ends = matches!(case.met, Some(Met::ToClaim { .. } | Met::NoRoute { .. } | Met::SelfPays { .. }));
        if case.is_settled() || ends {
            return Ok(());
        }
        if !case.discharged {
            // Entered with its entry or by who comes late, or discharged on another morning.
            if case.entry.is_empty() && case.met.is_none() {
                self.come_again(event, Deed::Settle, "not discharged yet");
            }
            return Ok(());
        }
        // The discharge may have been the last that was taken before a closing.
        if case.uploaded < event.lines.len() && self.is_outage_near(self.office.now()) {
            self.upload(event, event.ended())?;
        }
        let total: i64 = event.lines[case.parted..].iter().map(crate::life::Line::sum).sum();
        let mut input = till::settlement(event, &self.person(event), &case.mdtrt_id, total, self.med_type(event));
        input["data"]["mid_setl_flag"] = serde_json::json!("0");
        self.with_its_receipt(event, "data", &mut input);
        self.with_a_wrong_sum(event, "2304", &input);
        self.of_another_hospital(event, "2304", &input);
        self.under_another_scheme(event, "2304", &input);
        self.settled_in_part_after_it_is_over(event, &input);
        self.reversed_before_it_comes(event, "2304", &input);
        let trial = self.tried_out(event, "2303", &input);
        match self.send(event, "2304", &input) {
            Ok(answer) => {
                self.as_tried(event, trial, &answer);
                self.has_its_receipt(event, "data", &input, &answer);
                self.note(event, "2304", &answer);
                self.looked_up(event);
                self.settled_twice(event, "2304", &input);
                self.a_settled_stay_is_closed(event, &case.mdtrt_id);
                self.written_down_though_settled(event, RegisterKind::DeferredDischarge);
                // Over before a closing and settled after it, though nobody was refused.
                let stay = Stay { admitted: event.at, discharged: Some(event.ended()), chose_to_claim: false };
                let (plans, asked) = (self.plans(), self.question(event));
                let waited = waited_for(&plans, &asked, &stay, &case.stood(), self.office.now());
                if let Some(last) = self.case(event.id).settled.last_mut() {
                    last.waited_since = waited.map(|waited| waited.since);
                }
                Ok(())
            }
            Err(told) => {
                if self.refused(event, Deed::Settle, told)? == Refused::Closed {
                    self.discharged_before_the_closing(event);
                }
                Ok(())
            }
        }
    }

    /// The settlement alone was held up.
    fn discharged_before_the_closing(&mut self, event: &Event) {
        // What is settled anew only waits; it has stood before.
        if !self.cases[&event.id].ends().is_empty() {
            self.come_again(event, Deed::Again, "closed");
            return;
        }
        let plans = self.plans();
        let asked = self.question(event);
        let said = plans.iter().flat_map(|plan| plan.governing(&asked)).flat_map(|rule| rule.clauses.clone());
        let said: Vec<String> = said.collect();
        self.case(event.id).met = Some(Met::Waited { clauses: said });
        self.come_again(event, Deed::Settle, "closed");
    }

    /// Brings what the platform has not yet of a stay, and has it settled.
    pub(super) fn enter_stay(&mut self, event: &Event) -> Result<(), Fault> {
        self.mend(event)?;
        let case = self.cases[&event.id].clone();
        if case.is_settled() || matches!(case.met, Some(Met::SelfPays { .. })) {
            return Ok(());
        }
        if !case.mdtrt_id.is_empty() && !self.upload(event, event.ended())? {
            self.come_again(event, Deed::Enter, "lines are not taken yet");
            return Ok(());
        }
        if case.entry.is_empty() {
            self.discharge(event)?;
            return self.settle_stay(event);
        }
        if case.kind == Some(RegisterKind::StayConversion) {
            self.lines_are_complete(event);
        }
        self.enter(event)
    }

    pub(super) fn lines_are_complete(&mut self, event: &Event) {
        let number = self.cases[&event.id].entry.clone();
        let said = yibao_domain::register::Stated::from([("lines_complete".to_owned(), "是".to_owned())]);
        let corrected = self.office.act(self.turn(event), &self.clerk(event), &number, Action::Correct, &said);
        if let Err(why) = corrected {
            self.surprises.push(format!("lines of {:?} are complete at {}: {why}", event.id, self.office.now()));
        }
    }

    /// The list of stays that the platform keeps, as far as a step may be to be taken.
    pub(crate) fn conversions(&self) -> Result<Vec<Entry>, Fault> {
        let mut listed = Vec::new();
        for plan in self.plans().iter() {
            let filter = EntryFilter {
                plan: Some(plan.id.clone()),
                kind: Some(RegisterKind::StayConversion),
                states: vec![State::Waiting, State::Converted],
                ..EntryFilter::default()
            };
            listed.extend(self.office.look(|tx| tx.entries(&filter, EVERY))?);
        }
        Ok(listed)
    }

    /// Takes the steps of the list: converted before the closing, converted back after it.
    pub(crate) fn convert_stays(&mut self, listed: &[Entry]) {
        for entry in listed {
            let Some(id) = self.stay_of(entry) else { continue };
            let event = self.events[&id].clone();
            let case = self.case(id);
            if case.entry.is_empty() {
                case.entry.clone_from(&entry.number);
                case.kind = Some(entry.kind);
            }
            self.convert(&event, entry);
        }
    }

    /// The stay that an entry of the list is about, where it is of somebody who is played here.
    fn stay_of(&self, entry: &Entry) -> Option<EventId> {
        let person = number_of(&entry.psn_no)?;
        let ids = EventId { person, ordinal: 0 }..=EventId { person, ordinal: u32::MAX };
        let mut cases = self.cases.range(ids);
        let of = |case: &super::Case| !entry.mdtrt_id.is_empty() && case.mdtrt_id == entry.mdtrt_id;
        cases.find(|(_, case)| of(case)).map(|(id, _)| *id)
    }

    /// Whether a stay at the platform, not settled, was begun before the last closing of a plan whose first one is near or past.
    pub(super) fn is_any_stay_to_convert(&self) -> bool {
        let near = self.office.now().saturating_add(3.hours());
        let plans = self.office.plans();
        let begun = plans.iter().filter(|plan| plan.first_closing() <= near);
        let Some(until) = begun.map(|plan| plan.window.closes.at).max() else { return false };
        self.cases.iter().any(|(id, case)| {
            let event = &self.events[id];
            let is_stay = matches!(event.kind, Kind::Stay { .. });
            is_stay && event.at <= until && !case.mdtrt_id.is_empty() && !case.is_settled()
        })
    }

    fn convert(&mut self, event: &Event, entry: &Entry) {
        let plans = self.plans();
        let now = self.office.now();
        let Some(plan) = plans.iter().find(|plan| plan.id == entry.plan) else { return };
        let asked = self.question_of("encounter.fees", event);
        let Some(window) = plan.closings(&asked).into_iter().map(|closing| closing.window).min() else { return };
        match entry.state {
            State::Waiting => {
                let due = due_of(plan, entry, &self.calendar).moment().unwrap_or(window.closes.at);
                // Who goes home before the closing is settled as always.
                let stays = event.ended() > due;
                if stays && now.saturating_add(3.hours()) >= due && self.step(event, Action::Convert) {
                    self.case(event.id).met = Some(Met::Waited { clauses: Vec::new() });
                }
            }
            State::Converted if window.reopens.is_after(now) => self.converted_back_too_early(event, &entry.number),
            // Some go on with the stay, and leave it to their system.
            State::Converted if self.dice(event, "converts back").percent(70) => {
                self.step(event, Action::ConvertBack);
            }
            _ => {}
        }
    }
}
