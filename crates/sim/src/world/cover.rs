//! Who is not insured, or not qualified, for care (不在待遇期、无资格): found so at the till, or when what waited is entered. Such care ends with the person, by
//! his own way to pay, and what a hospital is still owed for a stay becomes a debt (P-26).
//!
//! Newborns are known to nobody before they are enrolled: their care is paid, and claimed once they are.

use super::words::says_not_entitled;
use super::{Deed, Met, World};
use crate::city::{Cover, number_of};
use crate::life::{Event, EventId, Kind};
use crate::office::{Told, Turn};
use crate::till;
use jiff::ToSpan;
use jiff::civil::DateTime;
use yibao_domain::outage::RegisterKind;
use yibao_domain::refusal::{Code, Refusal};
use yibao_domain::register::{Action, Entry, State, duty_of, field};
use yibao_domain::time::moment_text;
use yibao_store::Fault;
use yibao_store::register::EntryFilter;

/// Added to the number of a person, it is whose turns such readings are.
const READS: u64 = 6_000_000;

impl World<'_> {
    /// The agency loads what is new of a person.
    pub(super) fn load(&mut self, number: u64) -> Result<(), Fault> {
        self.office.load(self.city, number)
    }

    /// Whoever is paused is shown as such from the first day of it (1101).
    pub(super) fn reads_as_paused(&mut self, number: u64) {
        let (city, person) = (self.city, self.city.person(number));
        let Some(place) = city.places.first() else { return };
        let answer = self.office.send(self.office.turn(READS + number), place, "1101", &till::person(&person));
        let Ok(answer) = answer else { return };
        let rows = answer["insuinfo"].as_array().cloned().unwrap_or_default();
        let own = rows.into_iter().rfind(|row| row["insutype"] == person.scheme.insutype());
        let insured = own.unwrap_or_default();
        if self.office.is_undisturbed() && insured["psn_insu_stas"] != "2" {
            let at = self.office.now();
            self.surprises.push(format!("{} is paused since today, {at}, and read as {insured}", person.psn_no));
        }
    }

    /// When somebody may be known first.
    pub(super) fn known_from(&self, event: &Event) -> DateTime {
        match self.person(event).cover {
            Cover::Newborn { loaded, .. } => loaded,
            Cover::Throughout | Cover::Ended(_) | Cover::Paused { .. } => DateTime::MIN,
        }
    }

    /// Care of who is enrolled only later: the till finds nobody. While its business is closed it is written down at once.
    pub(super) fn ask(&mut self, event: &Event) -> Result<(), Fault> {
        let person = self.person(event);
        match self.send(event, "1101", &till::person(&person)) {
            Err(Told::Refused(refusal)) => {
                let at = self.office.now();
                self.case(event.id).unknown.push((at, refusal.text));
            }
            Err(Told::Nothing(why)) => return Err(Fault::new("asking for a person", &person.psn_no, why)),
            Ok(answer) => self.surprises.push(format!("{:?} is known before the enrolment: {answer}", event.id)),
        }
        let (question, now) = (self.question(event), self.office.now());
        let is_closed = |plan: &yibao_domain::outage::Plan| {
            plan.closings(&question).iter().any(|closing| closing.window.contains(now))
        };
        if self.plans().iter().any(is_closed) { self.met_the_outage(event) } else { Ok(()) }
    }

    /// When the care would have been settled, had nothing stood in the way.
    fn meant_for(&self, event: &Event) -> DateTime {
        let case = &self.cases[&event.id];
        if let (Some(again), true) = (event.again, case.settled.iter().any(|one| one.cancelled)) {
            return again;
        }
        let own = World::own_time(event);
        // Not before the leg that it came from, where legs are settled in their order, and then on the next morning.
        let is_ordered = self.office.orders_legs(self.person(event).scheme, event.ended().date());
        let after_leg =
            self.leg_before(event).filter(|_| is_ordered).map(|leg| self.meant_for(leg)).filter(|leg| own <= *leg);
        after_leg.map_or(own, |leg| World::next_morning(event, leg))
    }

    /// When care is settled that waits for nothing.
    pub(super) fn own_time(event: &Event) -> DateTime {
        match event.kind {
            Kind::Stay { until, settled_after, .. } => until.saturating_add(settled_after.seconds()),
            _ => event.claimed.unwrap_or(event.at),
        }
    }

    /// The care is not insured: it ends with the person, in the register as well.
    pub(super) fn not_entitled(&mut self, event: &Event, refusal: &Refusal) -> Result<(), Fault> {
        let at = self.office.now();
        self.case(event.id).not_entitled.push((at, refusal.text.clone()));
        let number = self.cases[&event.id].entry.clone();
        let is_there = matches!(event.kind, Kind::Stay { .. }) && at < event.ended();
        // A patient who is still there is written down as one who has left once he has.
        if is_there && !number.is_empty() {
            return Ok(());
        }
        self.self_pays(event);
        if !number.is_empty() {
            self.ends_with_the_person(event, &number)?;
        }
        Ok(())
    }

    fn self_pays(&mut self, event: &Event) {
        let put_off = event.is_entitled(&self.person(event), self.meant_for(event));
        let plans = self.plans();
        let duties = plans.iter().filter_map(|plan| duty_of(plan, RegisterKind::NotEntitled));
        let is_of_outage = put_off || !self.cases[&event.id].entry.is_empty();
        let clauses = if is_of_outage { duties.flat_map(|duty| duty.clauses.clone()).collect() } else { Vec::new() };
        let case = self.case(event.id);
        case.met = Some(Met::SelfPays { clauses, put_off });
        case.stuck.clear();
    }

    fn ends_with_the_person(&mut self, event: &Event, number: &str) -> Result<(), Fault> {
        let is_open = |world: &World<'_>| -> Result<bool, Fault> {
            let entry = world.office.look(|tx| tx.entry(number))?;
            Ok(entry.is_some_and(|entry| !entry.state.is_final()))
        };
        if is_open(self)? {
            self.have_it_found_out(event, number)?;
        }
        if is_open(self)? {
            self.step(event, Action::SelfPay);
        }
        if self.debt_of(event)?.is_some() {
            let hours = self.dice(event, "debt").between(1, 60);
            self.plan(self.office.now().saturating_add(hours.hours()), event.id, Deed::Debt);
        }
        Ok(())
    }

    /// The desk finds out by itself that an entry is not insured, and opens the case of what is owed.
    fn have_it_found_out(&mut self, event: &Event, number: &str) -> Result<(), Fault> {
        if matches!(event.kind, Kind::Stay { .. }) && !self.cases[&event.id].mdtrt_id.is_empty() {
            self.lines_are_complete(event);
        }
        match self.office.enter(self.turn(event), &self.clerk(event), number) {
            Ok(entry) if entry.state == State::SelfPaid => {}
            Ok(entry) => self.surprises.push(format!("{number} of {:?} is {:?}", event.id, entry.state)),
            Err(Told::Refused(_)) => {}
            Err(Told::Nothing(why)) => return Err(Fault::new("entering", number, why)),
        }
        Ok(())
    }

    /// What an entry came to that waited: whether it ended with the person.
    pub(super) fn found_not_entitled(&mut self, event: &Event, entry: &Entry) -> Result<bool, Fault> {
        let is_so =
            entry.state == State::SelfPaid || (entry.state == State::Failed && says_not_entitled(&entry.reason));
        if is_so && !matches!(self.cases[&event.id].met, Some(Met::SelfPays { .. })) {
            let refusal = Refusal::new(Code::NotEntitled, &entry.reason);
            self.not_entitled(event, &refusal)?;
        }
        Ok(is_so)
    }

    /// The case of what is owed for an event.
    fn debt_of(&self, event: &Event) -> Result<Option<Entry>, Fault> {
        let filter = EntryFilter {
            kind: Some(RegisterKind::NotEntitled),
            psn_no: Some(self.person(event).psn_no),
            ..EntryFilter::default()
        };
        let number = &self.cases[&event.id].entry;
        let found = self.office.look(|tx| tx.entries(&filter, 1_000))?;
        Ok(found.into_iter().find(|entry| field::OF_ENTRY.of(entry) == number))
    }

    /// What is owed is explained, and paid, at once or after it was reported; or it stays reported.
    pub(super) fn settle_debt(&mut self, event: &Event) -> Result<(), Fault> {
        let Some(debt) = self.debt_of(event)?.filter(|debt| !debt.state.is_final()) else { return Ok(()) };
        let (reports, pays) =
            self.dice(event, "pays").pick(&[(false, true), (false, true), (true, true), (true, false)]);
        let wanted = [(Action::Explain, true), (Action::Report, reports), (Action::Pay, pays)];
        for action in wanted.into_iter().filter(|(_, wanted)| *wanted).map(|(action, _)| action) {
            let mut fields = self.filled(event, RegisterKind::NotEntitled, action);
            if action == Action::Pay {
                fields.insert(field::PAID.name().to_owned(), debt.charged.to_string());
                fields.insert(field::PAID_AT.name().to_owned(), moment_text(self.office.now()));
                self.pays_a_fen_too_little(event, &debt, &fields);
            }
            if let Err(why) = self.office.act(self.turn(event), &self.clerk(event), &debt.number, action, &fields) {
                self.surprises.push(format!("{action:?} of {} at {}: {why}", debt.number, self.office.now()));
            }
        }
        Ok(())
    }

    /// Whether a person's order stays as it is because something in it is not insured any more.
    pub(super) fn cannot_be_put_in_order(&mut self, psn_no: &str, why: &str) -> bool {
        let person = number_of(psn_no).filter(|_| says_not_entitled(why));
        let Some(number) = person.filter(|number| matches!(self.city.person(*number).cover, Cover::Paused { .. }))
        else {
            return false;
        };
        if self.unordered.insert(number) {
            self.asks_for_the_order(psn_no);
        }
        true
    }

    /// Who has the order put right all the same is refused, by the code that says why.
    fn asks_for_the_order(&mut self, psn_no: &str) {
        if !self.office.is_undisturbed() {
            return;
        }
        let told = self.office.correct_order(self.office.turn(Turn::AGENCY), &World::agency(), psn_no);
        if !matches!(&told, Err(Told::Refused(refusal)) if refusal.code == Code::NotEntitled) {
            self.surprises.push(format!("the order of {psn_no} cannot be put right, and is answered by {told:?}"));
        }
    }

    /// Whether the other course has left the settlement at the end of a stay open.
    pub fn is_left_open(&self, id: EventId) -> bool {
        self.course.without_end.contains(&id)
    }
}
