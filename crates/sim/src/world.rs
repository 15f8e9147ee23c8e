//! One course of a city's weeks (一次推演): the history played through the platform, with an outage or without.
//!
//! An agenda of deeds by virtual time: people come for care, tills send messages, clerks write down what a closed window
//! refuses and enter it later, the platform does what it does by itself. Who is refused because of the outage does what the
//! notice says; who is refused for another reason comes again the next morning, as people do, and is stuck in the end. What each
//! event came to is kept as the client knows it ([`Case`]): the checkers hold it against the books.

mod after;
mod awaited;
mod bills;
mod cancel;
mod case;
mod certified;
mod course;
mod cover;
mod desk;
mod filing;
mod forbidden;
mod heard;
mod late;
mod left;
mod left_out;
mod misfit;
mod morning;
mod noted;
mod out_of_turn;
mod reimbursed;
mod sheet;
mod slips;
mod stay;
mod surprised;
mod trial;
mod undone;
mod visit;
mod watched;
mod words;

pub use case::{Case, Filed, Met, Settled, Taken};
pub(crate) use certified::REGISTERED_POOR;
pub use course::Course;
pub(crate) use desk::clerk_of;
pub(crate) use filing::question as filing_question;
pub use heard::Heard;
pub(crate) use trial::FIRST as FIRST_DIAGNOSIS;

use crate::city::{Citizen, City, Place};
use crate::dice::Dice;
use crate::life::{Event, EventId, Kind, Leaves, applied};
use crate::notice;
use crate::office::{Office, Told, Turn};
use crate::till;
use case::Sheet;
use jiff::ToSpan;
use jiff::civil::DateTime;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use yibao_domain::calendar::Calendar;
use yibao_domain::outage::{EventEntered, Plan, Question, Way};
use yibao_domain::refusal::Code;
use yibao_policy::plan::national_calendar;
use yibao_store::Fault;

/// How often somebody comes again who was refused, before he is stuck.
const TRIES_MAX: u32 = 40;

/// Messages that open a visit or a stay.
pub(crate) const OPENS: [&str; 2] = ["2201", "2401"];
/// By what a client hears of a settlement.
const SETTLES: [&str; 3] = ["2102", "2207", "2304"];

/// What is done at its time.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) enum Deed {
    Care,
    Admit,
    Fees,
    Part,
    Discharge,
    /// The transfer is filed by the hospital that is left.
    File,
    Settle,
    Cancel,
    Again,
    /// What waits in a register is entered, at a till or at a desk.
    Enter,
    /// The same before anybody may, or before the lines are there.
    EnterTooEarly,
    /// What the notice leaves to another way is brought to the till all the same.
    TryAgain,
    /// What was written down wrongly is put right.
    Mend,
    /// The till asks for somebody who is not enrolled yet.
    Ask,
    /// The agency loads what is new of a person's insurance.
    Load,
    /// A counter reads the person on the first day of a pause.
    Read,
    /// A hospital sends what somebody applied for.
    Apply,
    /// The papers of it go to the agency's desk.
    HandIn,
    /// The desk does what it holds.
    Process,
    /// What is owed for care that was not insured is explained and paid.
    Debt,
    /// What funds and account pay is fetched.
    HandBack,
}

/// A course under way.
pub struct World<'a> {
    pub(crate) city: &'a City,
    /// The platform.
    pub office: Office,
    events: BTreeMap<EventId, Event>,
    agenda: BTreeMap<(DateTime, u64), (EventId, Deed)>,
    planned: u64,
    /// When the platform looked after itself last.
    tended: DateTime,
    course: Course,
    pub(crate) special_drugs: bool,
    /// Whether the books of the outage are closed.
    pub(crate) is_closed: bool,
    calendar: Calendar,
    /// By the position of the place, what its clerk's sheet has.
    sheets: BTreeMap<usize, Sheet>,
    /// What every event came to.
    pub cases: BTreeMap<EventId, Case>,
    /// By person, what became of an application.
    pub filings: BTreeMap<u64, Filed>,
    /// Whose settlements stay in the order in which they were made, because one of them could not be made again.
    pub unordered: BTreeSet<u64>,
    /// What was answered and should not have been.
    pub surprises: Vec<String>,
    /// By their position, of which event's deed they came, and when; what nobody's deed was has neither.
    surprised: BTreeMap<usize, (EventId, DateTime)>,
    /// When the message went first of which a settlement came last, and of which event.
    settling: Option<(EventId, DateTime)>,
    /// What reopenings waited for, as it was entered.
    pub entered: Vec<EventEntered>,
}

impl<'a> World<'a> {
    /// A course of this history that has not begun. `course` leaves out what another course has left out.
    pub fn new(city: &'a City, office: Office, history: &[Event], course: Course, special_drugs: bool) -> World<'a> {
        let chosen = history.iter().filter(|event| !course.without.contains(&event.id));
        let uses = |event: &Event| event.uses_account && !course.without_account.contains(&event.id);
        let chosen = chosen.map(|event| (event.id, Event { uses_account: uses(event), ..event.clone() }));
        let events: BTreeMap<EventId, Event> = chosen.collect();
        let cases = events.keys().map(|id| (*id, Case::default())).collect();
        let (agenda, tended, surprises) = (BTreeMap::new(), office.now(), Vec::new());
        let calendar = national_calendar();
        let persons: BTreeSet<u64> = history.iter().map(|event| event.id.person).collect();
        let applied = |number: &u64| Some((*number, Filed::new(applied(city, &city.person(*number))?)));
        let filings = persons.iter().filter_map(applied).collect();
        let mut world = World {
            city,
            office,
            events,
            agenda,
            planned: 0,
            tended,
            course,
            special_drugs,
            is_closed: false,
            calendar,
            sheets: BTreeMap::new(),
            cases,
            filings,
            unordered: BTreeSet::new(),
            surprises,
            surprised: BTreeMap::new(),
            settling: None,
            entered: Vec::new(),
        };
        world.plan_everything(&persons);
        world
    }

    fn plan_everything(&mut self, persons: &BTreeSet<u64>) {
        let mut deeds = Vec::new();
        for &person in persons {
            let (id, cover) = (EventId { person, ordinal: 0 }, self.city.person(person).cover);
            deeds.extend(cover.loaded().map(|at| (at, id, Deed::Load)));
            deeds.extend(cover.first_day_of_pause().map(|at| (at, id, Deed::Read)));
            deeds.extend(self.filings.get(&person).map(|filed| (filed.application.at, id, Deed::Apply)));
        }
        for event in self.events.values() {
            let known_from = self.known_from(event);
            let mut add = |at: DateTime, deed| deeds.push((at, event.id, deed));
            match event.kind {
                Kind::Stay { until, part, settled_after, leaves, .. } => {
                    add(event.at, Deed::Admit);
                    let mut evening = event.at.date().at(22, 0, 0, 0);
                    while evening < until {
                        if event.at < evening {
                            add(evening, Deed::Fees);
                        }
                        evening = evening.saturating_add(1.day());
                    }
                    if let Some(part) = part.filter(|_| !self.course.without_part.contains(&event.id)) {
                        add(part, Deed::Part);
                    }
                    if leaves == Leaves::Filed {
                        add(until.saturating_sub(1.minute()), Deed::File);
                    }
                    add(until, Deed::Discharge);
                    let usual = if self.course.at_discharge.contains(&event.id) { 0 } else { settled_after };
                    let moved = self.course.claimed.get(&event.id).copied();
                    if !self.course.without_end.contains(&event.id) {
                        add(moved.unwrap_or(until.saturating_add(usual.seconds())), Deed::Settle);
                    }
                }
                _ => {
                    if event.at < known_from {
                        add(event.at, Deed::Ask);
                    }
                    let moved = self.course.claimed.get(&event.id).copied();
                    let at = moved.or(event.claimed).unwrap_or(event.at);
                    // What counts at its care is claimed first once that is possible.
                    let first = || known_from.saturating_add((60 + i64::from(event.id.ordinal)).seconds());
                    add(if at < known_from { first() } else { at }, Deed::Care);
                }
            }
            if !self.course.without_cancellation.contains(&event.id) {
                event.cancelled.into_iter().for_each(|at| add(at, Deed::Cancel));
                let moved = self.course.again.get(&event.id).copied();
                let again = event.again.filter(|_| !self.course.without_again.contains(&event.id));
                again.into_iter().for_each(|at| add(moved.unwrap_or(at), Deed::Again));
            }
        }
        deeds.sort();
        for (at, id, deed) in deeds {
            self.plan(at, id, deed);
        }
    }

    pub(crate) fn plan(&mut self, at: DateTime, id: EventId, deed: Deed) {
        self.planned += 1;
        self.agenda.insert((at, self.planned), (id, deed));
    }

    /// Plays until nothing is planned before `until`. The platform looks after itself once an hour around an outage, and every six
    /// hours besides.
    pub fn play(&mut self, until: DateTime) -> Result<(), Fault> {
        self.tended = self.office.now();
        self.play_agenda(until)?;
        self.tend()
    }

    /// Whether something is planned before `until`.
    pub(crate) fn is_busy(&self, until: DateTime) -> bool {
        self.agenda.first_key_value().is_some_and(|((at, _), _)| *at < until)
    }

    /// Does what is planned before `until`; what the platform does by itself is left to another.
    pub(crate) fn play_part(&mut self, until: DateTime) -> Result<(), Fault> {
        while self.is_busy(until) {
            let Some(((at, _), (id, deed))) = self.agenda.pop_first() else { break };
            self.office.at(at);
            self.act(id, deed)?;
        }
        self.office.at(until);
        Ok(())
    }

    /// Does what is planned before `until`.
    fn play_agenda(&mut self, until: DateTime) -> Result<(), Fault> {
        while let Some((&(at, order), &(id, deed))) = self.agenda.first_key_value() {
            if at >= until {
                break;
            }
            loop {
                let next = self.tended.saturating_add(self.hours_to_rest(self.tended).hours());
                if next > at {
                    break;
                }
                self.tended = next;
                self.office.at(next);
                self.tend()?;
            }
            self.agenda.remove(&(at, order));
            self.office.at(at);
            self.act(id, deed)?;
        }
        self.office.at(until);
        Ok(())
    }

    fn hours_to_rest(&self, now: DateTime) -> i64 {
        if self.is_outage_near(now) { 1 } else { 6 }
    }

    /// Whether some plan closes something within days, has, or had until days ago.
    fn is_outage_near(&self, now: DateTime) -> bool {
        let is_near = |plan: &Plan| {
            let reopened = plan.window.reopens.expected().unwrap_or(plan.ends.at);
            plan.first_closing() <= now.saturating_add(4.days()) && now <= reopened.saturating_add(4.days())
        };
        self.office.plans().iter().any(is_near)
    }

    fn tend(&mut self) -> Result<(), Fault> {
        self.enter_events()?;
        self.office.tend();
        self.is_overdue_at_its_second()?;
        if self.is_any_stay_to_convert() {
            let listed = self.conversions()?;
            self.convert_stays(&listed);
        }
        Ok(())
    }

    fn act(&mut self, id: EventId, deed: Deed) -> Result<(), Fault> {
        let before = self.surprises.len();
        let done = self.done(id, deed);
        self.keep_whose(before, id, deed);
        done
    }

    fn done(&mut self, id: EventId, deed: Deed) -> Result<(), Fault> {
        match deed {
            Deed::Load => return self.load(id.person),
            Deed::Read => {
                self.reads_as_paused(id.person);
                return Ok(());
            }
            Deed::Apply => return self.apply(id.person),
            Deed::HandIn => {
                self.hand_in(id.person);
                return Ok(());
            }
            Deed::Process => {
                self.process(id.person);
                return Ok(());
            }
            _ => {}
        }
        let event = self.events[&id].clone();
        match (&event.kind, deed) {
            (Kind::Stay { .. }, Deed::Enter) => self.enter_stay(&event),
            (_, Deed::Enter) => self.enter_visit(&event),
            (_, Deed::Cancel) => self.cancel(&event),
            (_, Deed::Mend) => self.mend(&event),
            (_, Deed::Ask) => self.ask(&event),
            (_, Deed::Debt) => self.settle_debt(&event),
            (_, Deed::HandBack) => {
                self.comes_for_money(&event);
                Ok(())
            }
            (_, Deed::TryAgain) => {
                self.tries_at_the_till(&event);
                Ok(())
            }
            (_, Deed::EnterTooEarly) => self.enter_too_early(&event),
            (Kind::Stay { .. }, Deed::Again) => self.settle_stay(&event),
            (_, Deed::Again) => self.settle_visit(&event),
            (Kind::Stay { .. }, Deed::Admit) => self.admit(&event),
            (Kind::Stay { .. }, Deed::Fees) => self.send_lines(&event),
            (Kind::Stay { .. }, Deed::Part) => self.settle_part(&event),
            (Kind::Stay { .. }, Deed::Discharge) => self.discharge(&event),
            (Kind::Stay { .. }, Deed::File) => self.file_transfer(&event),
            (Kind::Stay { .. }, Deed::Settle) => self.settle_stay(&event),
            _ => self.care(&event),
        }
    }

    // What everybody does.

    pub(crate) fn case(&mut self, id: EventId) -> &mut Case {
        self.cases.entry(id).or_default()
    }

    pub(crate) fn person(&self, event: &Event) -> Citizen {
        self.city.person(event.id.person)
    }

    pub(crate) fn place(&self, event: &Event) -> &'a Place {
        &self.city.places[event.place]
    }

    pub(crate) fn med_type(&self, event: &Event) -> &'static str {
        till::med_type(event, self.special_drugs)
    }

    /// The chance of one matter of an event.
    pub(crate) fn dice(&self, event: &Event, matter: &str) -> Dice {
        Dice::of(self.city.seed ^ u64::from(event.id.ordinal) << 40, matter, event.id.person)
    }

    pub(crate) fn question(&self, event: &Event) -> Question {
        let business = notice::business(event, self.special_drugs);
        notice::question(self.city, &self.person(event), self.place(event), business, event.at.date())
    }

    /// The plans as the people at the tills read them.
    pub(crate) fn plans(&self) -> Arc<Vec<Plan>> {
        self.office.plans()
    }

    /// Whether the account pays for an event in this course, wherever its use is not stopped: in mid-stay or by the first of two
    /// bills (`in_part`), or in the end.
    pub(crate) fn uses_account(&self, event: &Event, in_part: bool) -> bool {
        let in_the_end = self.events.get(&event.id).map_or(event.uses_account, |own| own.uses_account);
        if !in_part {
            return in_the_end;
        }
        let wanted = in_the_end || self.course.without_account.contains(&event.id);
        wanted && !self.course.without_account_in_part.contains(&event.id)
    }

    /// What is done next about the person of an event.
    pub(crate) fn turn(&self, event: &Event) -> Turn {
        self.office.turn(event.id.person)
    }

    pub(crate) fn send(&mut self, event: &Event, infno: &'static str, input: &Value) -> Result<Value, Told> {
        self.send_as(self.turn(event), event, infno, input)
    }

    fn send_as(&mut self, turn: Turn, event: &Event, infno: &'static str, input: &Value) -> Result<Value, Told> {
        let (place, sent) = (self.place(event), self.office.now());
        let answer = self.office.send(turn, place, infno, input);
        if answer.is_ok() && (self.is_outage_near(sent) || OPENS.contains(&infno)) {
            let heard = self.office.now();
            self.case(event.id).taken.push(Taken { infno, sent, heard });
        }
        if answer.is_ok() && SETTLES.contains(&infno) {
            self.settling = Some((event.id, sent));
        }
        answer
    }

    /// What a refusal means: the outage's are handled by who asked, after others one comes again the next morning.
    pub(crate) fn refused(&mut self, event: &Event, deed: Deed, told: Told) -> Result<Refused, Fault> {
        match told {
            Told::Refused(refusal) if refusal.code == Code::Closed => {
                let at = self.office.now();
                self.case(event.id).closed.push((at, refusal.text));
                Ok(Refused::Closed)
            }
            Told::Refused(refusal) if words::is_not_entitled(&refusal) => {
                self.not_entitled(event, &refusal)?;
                Ok(Refused::Otherwise)
            }
            Told::Refused(refusal) => {
                let text = format!("{:?} of {:?} at {}: {}", deed, event.id, self.office.now(), refusal.text);
                self.come_again(event, deed, &text);
                Ok(Refused::Otherwise)
            }
            Told::Nothing(causes) => Err(Fault::new("playing", format!("{:?}", event.id), causes)),
        }
    }

    pub(crate) fn come_again(&mut self, event: &Event, deed: Deed, why: &str) {
        let case = self.case(event.id);
        case.tries += 1;
        why.clone_into(&mut case.stuck);
        if case.tries > TRIES_MAX {
            self.surprises.push(why.to_owned());
            return;
        }
        let tomorrow = World::next_morning(event, self.office.now());
        self.plan(tomorrow, event.id, deed);
    }

    /// When somebody comes again who was refused at that moment.
    fn next_morning(event: &Event, refused: DateTime) -> DateTime {
        let seconds = i64::from(event.id.ordinal) * 61 + i64::try_from(event.id.person % 3_000).unwrap_or(0);
        refused.date().saturating_add(1.day()).at(8, 30, 0, 0).saturating_add(seconds.seconds())
    }

    /// The leg that a stay came from.
    pub(crate) fn leg_before(&self, event: &Event) -> Option<&Event> {
        let before = EventId { ordinal: event.id.ordinal.checked_sub(1)?, ..event.id };
        let is_leg = |before: &&Event| before.kind.is_followed() && matches!(event.kind, Kind::Stay { .. });
        self.events.get(&before).filter(is_leg)
    }

    /// When what an event waits for opens again, as far as it is known.
    pub(crate) fn reopening(&self, way: &Way<'_>) -> DateTime {
        way.closing.window.reopens.expected().unwrap_or_else(|| self.office.now().saturating_add(1.day()))
    }
}

/// Why somebody was refused.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Refused {
    /// By the outage.
    Closed,
    /// For another reason; planned again, where that may help.
    Otherwise,
}

/// How a way is told by.
pub(crate) fn clauses(way: &Way<'_>) -> Vec<String> {
    way.closing.rule.clauses.clone()
}
