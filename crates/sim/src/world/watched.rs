//! A course that somebody watches: played in pieces, with what clerks do beside the tills while an outage is near (告知与张贴):
//! patients in hospital are told, notices are posted, who would run out of a drug gets more, patients of settled stays sign for
//! what is paid. No settlement depends on that.

use super::World;
use crate::office::Turn;
use jiff::ToSpan;
use jiff::civil::DateTime;
use yibao_domain::money::Money;
use yibao_domain::outage::RegisterKind;
use yibao_domain::register::{Action, Entry, HandBack, Role, State, Stated};
use yibao_domain::time::moment_text;
use yibao_engine::desks::registers::Actor;
use yibao_store::Fault;
use yibao_store::register::EntryFilter;

/// Hours of the day in which it is done.
const HOURS: std::ops::Range<i8> = 8..18;
const CLERK: &str = "张三";
/// How many of those whose supply would end come for more within an hour.
const COME_AT_ONCE: usize = 4;
/// For how many days they get more.
const SUPPLY: i64 = 30;

impl World<'_> {
    /// Plays a piece of the time that somebody watches: however small the pieces, the platform looks after itself as often as
    /// otherwise, and when nothing happens too; clerks do what no settlement depends on as well.
    pub fn play_on(&mut self, until: DateTime) -> Result<(), Fault> {
        loop {
            let hour = self.tended.saturating_add(self.hours_to_rest(self.tended).hours());
            if hour > until {
                return self.play_agenda(until);
            }
            self.play_agenda(hour)?;
            self.tended = hour;
            self.tend()?;
            self.duties()?;
        }
    }

    /// Whether nothing is planned any more.
    pub fn is_at_rest(&self) -> bool {
        self.agenda.is_empty()
    }

    /// Lets time pass in which nothing is planned; the platform looks after itself once, at its end.
    pub fn rest(&mut self, until: DateTime) -> Result<(), Fault> {
        self.play(until)
    }

    /// Does what waits, in office hours.
    fn duties(&mut self) -> Result<(), Fault> {
        if self.office.plans().is_empty() || !HOURS.contains(&self.office.now().hour()) {
            return Ok(());
        }
        for (kind, action, at_once) in [
            (RegisterKind::InpatientNotice, Action::Tell, usize::MAX),
            (RegisterKind::Publicity, Action::Acknowledge, usize::MAX),
            (RegisterKind::Supply, Action::Dispense, COME_AT_ONCE),
        ] {
            let filter = EntryFilter { kind: Some(kind), states: vec![State::Waiting], ..EntryFilter::default() };
            for entry in self.office.look(|tx| tx.entries(&filter, usize::MAX >> 1))?.iter().take(at_once) {
                self.duty(entry, action);
            }
        }
        Ok(())
    }

    /// Has whoever has not signed yet for what funds and account pay do so, once the books are closed: patients of settled stays,
    /// and those whose till entered what it had not written down.
    pub fn sign_for_the_rest(&mut self) -> Result<(), Fault> {
        let settled = EntryFilter { states: vec![State::Settled], ..EntryFilter::default() };
        for entry in self.office.look(|tx| tx.entries(&settled, usize::MAX >> 1))? {
            if entry.awaits_hand_back() {
                self.sign_for(&entry);
            }
        }
        Ok(())
    }

    /// A stay was owed until it was settled: its patient has paid the own share, and nothing is to be handed back.
    fn sign_for(&mut self, entry: &Entry) {
        let (now, own) = (self.office.now(), entry.split().map_or(Money::ZERO, |split| split.own));
        let due = match entry.to_hand_back(Some(own)) {
            Some(HandBack::Back(due)) => due,
            _ => Money::ZERO,
        };
        let fields = [
            ("handed_back", due.to_string()),
            ("paid_ahead", own.to_string()),
            ("received_by", "本人".to_owned()),
            ("receipt_signed", "是".to_owned()),
            ("handed_back_at", moment_text(now)),
            ("handed_by", CLERK.to_owned()),
        ];
        let stated = fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        self.take(entry, Action::HandBack, &stated);
    }

    fn duty(&mut self, entry: &Entry, action: Action) {
        let now = self.office.now();
        let is_late = || {
            let clerk = clerk_of(&entry.fixmedins_code);
            self.office.entry(&clerk, &entry.number).is_ok_and(|view| view.overdue)
        };
        let until = now.date().saturating_add(SUPPLY.days()).to_string();
        let mut fields = match action {
            Action::Tell => vec![("told_by", CLERK), ("told_whom", "本人")],
            Action::Dispense => vec![("dispensed_by", CLERK), ("supply_until", until.as_str())],
            _ => vec![("posted_where", "门诊大厅"), ("explainer", CLERK), ("tel", "0857-8222222")],
        };
        if action == Action::Tell && is_late() {
            fields.push(("late_reason", "规定时刻之后才入院"));
        }
        let at = match action {
            Action::Tell => "told_at",
            Action::Dispense => "dispensed_at",
            _ => "posted_at",
        };
        let mut stated: Stated = fields.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
        stated.insert(at.to_owned(), moment_text(now));
        self.take(entry, action, &stated);
    }

    fn take(&mut self, entry: &Entry, action: Action, stated: &Stated) {
        let (turn, clerk) = (self.office.turn(Turn::AGENCY), clerk_of(&entry.fixmedins_code));
        if let Err(why) = self.office.act(turn, &clerk, &entry.number, action, stated) {
            self.surprises.push(format!("{action:?} of {} at {}: {why}", entry.number, self.office.now()));
        }
    }
}

/// A clerk of a provider.
fn clerk_of(code: &str) -> Actor {
    let login = format!("k{}", &code[code.len().saturating_sub(5)..]);
    Actor { login, name: CLERK.to_owned(), role: Role::Provider, fixmedins_code: code.to_owned() }
}
