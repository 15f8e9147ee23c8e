//! Late comers (逾期): who comes to the till only once the deadline of the way back is over, or at its very second. He is listed as
//! late and settled all the same, or refused for good, or refused until the agency has agreed to his case (特殊情况请示): as the
//! notice says.

use super::{Deed, Met, World, clauses};
use crate::life::Event;
use crate::office::Told;
use jiff::ToSpan;
use jiff::civil::DateTime;
use yibao_domain::outage::{AfterDeadline, Moments, RegisterKind, Way};
use yibao_domain::register::{Action, Source, Stated};
use yibao_domain::time::moment_text;
use yibao_engine::desks::registers::NewEntry;

/// One in so many whom a deadline concerns comes late.
const LATE: u64 = 6;
/// For so many days after the last care the city is watched.
const WATCHED: i64 = 60;

impl World<'_> {
    /// When somebody comes who lets the deadline of his way go by, if this one does.
    pub(super) fn comes_late(&self, event: &Event, way: &Way<'_>) -> Option<DateTime> {
        let mut dice = self.dice(event, "late");
        let late = dice.one_in(LATE);
        let due = self.due(event, way).filter(|_| late)?;
        let after = match dice.weighed(&[("just in time", 1), ("at the second", 2), ("the same day", 3), ("later", 4)])
        {
            "just in time" => -1,
            "at the second" => 0,
            "the same day" => dice.between(1, 80_000),
            _ => dice.between(80_000, 20 * 86_400),
        };
        let comes = due.saturating_add(after.seconds());
        // Whose deadline ends after the books are closed is entered before by the run.
        Some(comes).filter(|comes| *comes < event.at.saturating_add(WATCHED.days()))
    }

    /// The deadline as whoever comes reads it.
    pub(super) fn due(&self, event: &Event, way: &Way<'_>) -> Option<DateTime> {
        let is_stay = matches!(event.kind, crate::life::Kind::Stay { .. });
        let question = self.question(event);
        let moments = Moments {
            care: Some(event.at),
            discharge: is_stay.then(|| event.ended()),
            question: Some(&question),
            ..Moments::default()
        };
        way.due(&moments, &self.calendar)?.moment()
    }

    /// Whoever came after the deadline was sent away: for good, or the agency is asked.
    pub(super) fn too_late(&mut self, event: &Event, way: &Way<'_>) {
        let now = self.office.now();
        match way.deadline().map(|deadline| deadline.after) {
            Some(AfterDeadline::ByCase) if self.agency_agrees(event) => {
                self.case(event.id).agreed = Some(now);
                let comes = now.saturating_add(self.dice(event, "comes again").between(1, 100).hours());
                self.plan(comes, event.id, Deed::Enter);
            }
            Some(AfterDeadline::ByCase | AfterDeadline::Refuse) => {
                self.case(event.id).met = Some(Met::TooLate { clauses: clauses(way) });
            }
            Some(AfterDeadline::Listed) | None => self.come_again(event, Deed::Enter, "refused as late"),
        }
    }

    /// Has the care registered and puts the case before the agency; whether it agrees.
    fn agency_agrees(&mut self, event: &Event) -> bool {
        if self.cases[&event.id].entry.is_empty() {
            let statement = self.statement(event, RegisterKind::CashVisit, true);
            if !self.kept(event, &statement) {
                return false;
            }
        }
        let now = moment_text(self.office.now());
        let said = |pairs: &[(&str, &str)]| -> Stated {
            pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
        };
        let (person, of_entry) = (self.person(event), self.cases[&event.id].entry.clone());
        let fields = said(&[
            ("psn_no", &person.psn_no),
            ("psn_name", &person.name),
            ("of_entry", &of_entry),
            ("begntime", &now),
            ("subject", "因病住院，未能在期限内办理"),
            ("tel", &format!("138{:08}", person.number)),
            ("asked_by", &person.name),
        ]);
        let kind = RegisterKind::Escalation;
        // The hospital asks, or the agency's own desk writes it down for the hospital.
        let code = self.place(event).code.clone();
        let is_desk = self.dice(event, "asked at the agency").percent(50);
        let (by, fixmedins_code) =
            if is_desk { (World::agency(), code.clone()) } else { (self.clerk(event), String::new()) };
        let asked = NewEntry { kind, fixmedins_code, fields, lines: Vec::new(), source: Source::Page };
        let number = match self.office.register(self.turn(event), &by, &asked) {
            Ok(entry) => {
                if entry.fixmedins_code != code {
                    let is = &entry.fixmedins_code;
                    self.surprises.push(format!("the case of {:?} is kept as one of “{is}”, not of {code}", event.id));
                }
                entry.number
            }
            Err(why) => {
                self.surprises.push(format!("the case of {:?} is not taken in: {why}", event.id));
                return false;
            }
        };
        self.comes_before_the_decision(event, &of_entry);
        let agrees = self.dice(event, "decision").percent(60);
        let decision = said(&[
            ("decision", if agrees { "同意" } else { "不同意" }),
            ("reason", "经核实"),
            ("decided_by", "李四"),
            ("decided_at", &now),
        ]);
        let decided = self.office.act(self.turn(event), &World::agency(), &number, Action::Decide, &decision);
        if let Err(why) = &decided {
            self.surprises.push(format!("the case of {:?} is not decided: {why}", event.id));
        }
        agrees && decided.is_ok()
    }

    /// As long as nobody has decided, a late case is as late as before.
    fn comes_before_the_decision(&mut self, event: &Event, number: &str) {
        if !self.office.is_undisturbed() || !self.dice(event, "before the decision").percent(50) {
            return;
        }
        let told = self.office.enter(self.turn(event), &self.clerk(event), number);
        if !matches!(told, Err(Told::Refused(_))) {
            let at = self.office.now();
            self.surprises.push(format!("{number} is late, and entered at {at} before that was decided: {told:?}"));
        }
    }
}
