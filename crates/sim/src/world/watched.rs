//! A course that somebody watches: played in pieces, with what clerks do beside the tills while an outage is near (告知与张贴):
//! patients in hospital are told, notices are posted. No settlement depends on that.

use super::World;
use crate::office::Turn;
use jiff::ToSpan;
use jiff::civil::DateTime;
use yibao_domain::outage::RegisterKind;
use yibao_domain::register::{Action, Entry, Role, State, Stated};
use yibao_domain::time::moment_text;
use yibao_engine::desks::registers::Actor;
use yibao_store::Fault;
use yibao_store::register::EntryFilter;

/// Hours of the day in which it is done.
const HOURS: std::ops::Range<i8> = 8..18;

impl World<'_> {
    /// Plays a piece of the time that somebody watches: however small the pieces, the platform looks after itself once an hour,
    /// on the hours in which nothing happens too; clerks do what no settlement depends on as well.
    pub fn play_on(&mut self, until: DateTime) -> Result<(), Fault> {
        loop {
            let hour = self.tended.saturating_add(1.hour());
            if hour > until {
                return self.play_agenda(until);
            }
            self.play_agenda(hour)?;
            self.tended = hour;
            self.tend()?;
            self.duties()?;
        }
    }

    /// Does what waits, in office hours.
    fn duties(&mut self) -> Result<(), Fault> {
        if self.office.plans().is_empty() || !HOURS.contains(&self.office.now().hour()) {
            return Ok(());
        }
        for (kind, action) in
            [(RegisterKind::InpatientNotice, Action::Tell), (RegisterKind::Publicity, Action::Acknowledge)]
        {
            let filter = EntryFilter { kind: Some(kind), states: vec![State::Waiting], ..EntryFilter::default() };
            for entry in self.office.look(|tx| tx.entries(&filter, usize::MAX >> 1))? {
                self.duty(&entry, action);
            }
        }
        Ok(())
    }

    fn duty(&mut self, entry: &Entry, action: Action) {
        let (now, code) = (self.office.now(), entry.fixmedins_code.as_str());
        let clerk = Actor {
            login: format!("k{}", &code[code.len().saturating_sub(5)..]),
            name: "张三".to_owned(),
            role: Role::Provider,
            fixmedins_code: code.to_owned(),
        };
        let is_late = self.office.entry(&clerk, &entry.number).is_ok_and(|view| view.overdue);
        let mut fields = match action {
            Action::Tell => vec![("told_by", "张三"), ("told_whom", "本人")],
            _ => vec![("posted_where", "门诊大厅"), ("explainer", "张三"), ("tel", "0857-8222222")],
        };
        if is_late && action == Action::Tell {
            fields.push(("late_reason", "规定时刻之后才入院"));
        }
        let at = if action == Action::Tell { "told_at" } else { "posted_at" };
        let mut stated: Stated = fields.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
        stated.insert(at.to_owned(), moment_text(now));
        let turn = self.office.turn(Turn::AGENCY);
        if let Err(why) = self.office.act(turn, &clerk, &entry.number, action, &stated) {
            self.surprises.push(format!("{action:?} of {} at {now}: {why}", entry.number));
        }
    }
}
