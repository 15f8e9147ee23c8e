//! Visits whose bill comes otherwise than at once (分次收费): in two batches, of which each is settled for itself; and visits that turn out to
//! be of another kind once their lines are there.

use super::World;
use crate::city::Citizen;
use crate::life::{Event, Kind, Line};
use crate::office::Told;
use crate::till::{self, FIRST_BATCH};
use jiff::ToSpan;
use serde_json::{Value, json};
use yibao_domain::outage::{Path, path_of_visit};
use yibao_domain::time::moment_text;

impl World<'_> {
    /// How many of its lines the first of two bills has; nothing where there is one bill.
    pub(crate) fn lines_of_first_bill(&self, event: &Event) -> Option<usize> {
        let is_visit = matches!(event.kind, Kind::Visit | Kind::SpecialDisease { .. } | Kind::TwoDiseases);
        let is_simple = event.lines.len() > 1 && event.lines.iter().all(|line| line.returns.is_none());
        let has_two = is_visit && is_simple && event.claimed.is_none() && self.dice(event, "two bills").one_in(5);
        has_two.then_some(event.lines.len() / 2)
    }

    /// Some are registered as begun earlier that day: when it was, the description says.
    pub(super) fn registration(&self, event: &Event, person: &Citizen) -> Value {
        let mut input = till::registration(event, person);
        let earlier = event.at.saturating_sub(9.minutes());
        let is_simple = self.office.is_undisturbed() && !self.is_outage_near(self.office.now());
        if is_simple && earlier.date() == event.at.date() && self.dice(event, "registered earlier").one_in(6) {
            input["data"]["begntime"] = json!(moment_text(earlier));
        }
        input
    }

    /// The first of two bills is settled for itself, where no outage is near; else all comes in one.
    pub(super) fn a_first_bill(&mut self, event: &Event, mdtrt_id: &str) -> Result<(), Told> {
        let case = &self.cases[&event.id];
        let Some(count) = self.lines_of_first_bill(event).filter(|_| case.parted == 0) else { return Ok(()) };
        let is_ordinary = case.met.is_none() && case.uploaded == 0;
        let met = !matches!(path_of_visit(&self.plans(), &self.question(event), event.at), Path::Ordinary);
        let is_left_out = self.course.without_part.contains(&event.id);
        if !is_ordinary || met || is_left_out || self.is_outage_near(self.office.now()) || !self.office.is_undisturbed()
        {
            return Ok(());
        }
        let (person, med_type) = (self.person(event), self.med_type(event));
        let lines = &event.lines[..count];
        self.send(event, "2204", &till::fees(lines, &person, mdtrt_id, FIRST_BATCH, med_type))?;
        let total = lines.iter().map(Line::sum).sum();
        let mut input = till::settlement(event, &person, mdtrt_id, total, med_type);
        input["data"]["acct_used_flag"] = till::flag(self.uses_account(event, true)).into();
        input["data"]["chrg_bchno"] = json!(FIRST_BATCH);
        let trial = self.tried_out(event, "2206", &input);
        let answer = self.send(event, "2207", &input)?;
        self.as_tried(event, trial, &answer);
        self.case(event.id).parted = count;
        self.note(event, "2207", &answer);
        Ok(())
    }

    /// The lines of the bill that ends a visit.
    pub(super) fn of_last_bill<'e>(&self, event: &'e Event) -> &'e [Line] {
        &event.lines[self.cases[&event.id].parted..]
    }

    /// What they come to, in fen.
    pub(super) fn total_of_last_bill(&self, event: &Event) -> i64 {
        self.of_last_bill(event).iter().map(Line::sum).sum()
    }

    /// The kind as which some visits are described or charged before it turns out what they are.
    pub(super) fn turns_out_later(&self, event: &Event) -> Option<&'static str> {
        let mut dice = self.dice(event, "turns out later");
        let is_free = self.office.is_undisturbed() && !self.is_outage_near(self.office.now());
        let is_open = is_free && self.cases[&event.id].uploaded == 0 && self.lines_of_first_bill(event).is_none();
        let own = self.med_type(event);
        let first = dice.pick(&["11", "14", "51", own]);
        (is_open && dice.one_in(6)).then_some(first)
    }

    /// Some systems say so with the visit, others with its lines alone.
    pub(super) fn described_as_another_kind(
        &mut self,
        event: &Event,
        kind: &'static str,
        description: &Value,
    ) -> Result<(), Told> {
        if kind != self.med_type(event) && self.dice(event, "described as another kind").percent(50) {
            let mut other = description.clone();
            other["mdtrtinfo"]["med_type"] = json!(kind);
            self.send(event, "2203A", &other)?;
        }
        Ok(())
    }
}
