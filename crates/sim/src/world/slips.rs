//! Slips of clerks (经办差错): fields forgotten, wrong minutes and sums, the same care twice, withdrawn and registered anew, rows of
//! sheets, entered too early, entered by two. All of them are drawn apart from the lives, and all are put right.

use super::words::is_not_entitled;
use super::{Deed, Met, World};
use crate::life::{Event, Kind};
use crate::office::Told;
use jiff::ToSpan;
use jiff::civil::DateTime;
use yibao_domain::money::Money;
use yibao_domain::outage::{Path, path_of_visit};
use yibao_domain::register::{Action, Mark, Stated};
use yibao_domain::time::moment_text;
use yibao_engine::desks::registers::NewEntry;
use yibao_store::Fault;

/// What goes wrong when something is written down.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Slip {
    Nothing,
    /// A field that decides money.
    Forgets,
    WrongMinute,
    WrongSum,
    /// The number of another receipt.
    WrongReceipt,
    /// The sum, before the lines are there.
    SumAhead,
    /// The same form, from another desk.
    SentTwice,
    /// The same receipt under another minute.
    SameReceipt,
    /// The same care with another receipt's number.
    TypedTwice,
    WithdrawnWrongly,
    /// Whoever came had no number at hand, and is known by the document.
    ByDocument,
    /// In a sheet whose row is wrong, and mended.
    BySheet,
}

/// Fields that a clerk forgets, each of which decides money.
const FORGOTTEN: [&str; 5] = ["acct_used_flag", "other_diags", "opsp_dise_code", "matn_type", "birctrl_type"];

impl World<'_> {
    /// Writes a statement down, as well as this clerk does.
    pub(super) fn written_down(&mut self, event: &Event, statement: &NewEntry) {
        let mut dice = self.dice(event, "slip");
        let is_visit = !matches!(event.kind, Kind::Stay { .. });
        let on_visit = |weight| if is_visit { weight } else { 0 };
        let slip = dice.weighed(&[
            (Slip::Nothing, 50),
            (Slip::Forgets, 12),
            (Slip::WrongMinute, on_visit(6)),
            (Slip::WrongSum, on_visit(6)),
            (Slip::SentTwice, 6),
            (Slip::SameReceipt, on_visit(6)),
            (Slip::TypedTwice, on_visit(6)),
            (Slip::WithdrawnWrongly, 6),
            (Slip::ByDocument, 6),
            (Slip::BySheet, on_visit(8)),
        ]);
        let no_slip = slip == Slip::Nothing && is_visit && !statement.lines.is_empty();
        let is_ahead = no_slip && self.dice(event, "sum ahead of its lines").one_in(8);
        let slip = if is_ahead { Slip::SumAhead } else { slip };
        let has_receipt = slip == Slip::Nothing && is_visit && statement.fields.contains_key("invono");
        let is_misread = has_receipt && self.office.is_undisturbed() && self.dice(event, "wrong receipt").one_in(6);
        let slip = if is_misread { Slip::WrongReceipt } else { slip };
        self.without_a_needed_field(event, statement);
        self.of_another_person(event, statement);
        let mut written = statement.clone();
        let mut mend = Stated::new();
        let mut wrong = |field: &str, value: Option<String>| {
            let right = match value {
                Some(value) => written.fields.insert(field.to_owned(), value),
                None => written.fields.remove(field),
            };
            mend.extend(right.map(|right| (field.to_owned(), right)));
        };
        match slip {
            Slip::Forgets => FORGOTTEN.iter().for_each(|field| wrong(field, None)),
            Slip::WrongMinute => {
                let minutes = dice.between(1, 20);
                wrong("begntime", Some(moment_text(event.at.saturating_sub(minutes.minutes()))));
            }
            Slip::WrongReceipt => wrong("invono", Some(format!("CW{}{:03}", event.id.person, event.id.ordinal))),
            Slip::ByDocument => drop(written.fields.remove("psn_no")),
            Slip::SumAhead => wrong("medfee_sumamt", Some(Money::fen(event.total() + 1_000).to_string())),
            Slip::WrongSum => {
                let written = Money::fen(event.total() + dice.between(1, 90_000));
                wrong("medfee_sumamt", Some(written.to_string()));
            }
            _ => {}
        }
        if slip == Slip::SumAhead {
            written.lines.clear();
        }
        let refused = match slip {
            Slip::WrongSum => true,
            Slip::WrongMinute => self.was_open_at(event, &written),
            _ => false,
        };
        if refused {
            self.refused_as_written(event, &written);
            mend.clear();
        } else if slip == Slip::BySheet {
            self.by_sheet(event, statement);
        }
        let as_taken = if refused { statement } else { &written };
        if !self.kept(event, as_taken) {
            return;
        }
        self.receipt_of_another(event, statement);
        match slip {
            Slip::Forgets | Slip::WrongMinute | Slip::WrongReceipt | Slip::SumAhead if !mend.is_empty() => {
                self.case(event.id).mend = mend
            }
            Slip::SentTwice => self.sent_twice(event, statement),
            Slip::SameReceipt => self.same_receipt(event, statement),
            Slip::TypedTwice => self.typed_twice(event, statement),
            Slip::WithdrawnWrongly => {
                self.lets_go_to_the_agency(event);
                if self.step(event, Action::Withdraw) {
                    self.kept(event, statement);
                }
            }
            _ => {}
        }
        let case = &self.cases[&event.id];
        if !case.mend.is_empty() || !case.double.is_empty() {
            let at = self.office.now().saturating_add(dice.between(1, 30).hours());
            self.plan(at, event.id, Deed::Mend);
        }
    }

    /// Whether nothing was closed at the time that was written down.
    fn was_open_at(&self, event: &Event, written: &NewEntry) -> bool {
        let at = written.fields.get("begntime").and_then(|at| at.parse::<DateTime>().ok());
        at.is_some_and(|at| matches!(path_of_visit(&self.plans(), &self.question(event), at), Path::Ordinary))
    }

    /// Lines that do not make up the sum are not taken in, nor what was settled as always.
    fn refused_as_written(&mut self, event: &Event, written: &NewEntry) {
        match self.office.register(self.turn(event), &self.clerk(event), written) {
            Err(Told::Refused(_)) => {}
            other => self.surprises.push(format!("{:?} is taken in as {:?}: {other:?}", event.id, written.fields)),
        }
    }

    /// The same form again is the same entry.
    fn sent_twice(&mut self, event: &Event, statement: &NewEntry) {
        let again = self.office.register(self.turn(event), &self.clerk(event), statement);
        let number = again.as_ref().map(|entry| entry.number.clone()).unwrap_or_default();
        if number != self.cases[&event.id].entry {
            self.surprises.push(format!("{:?} sent twice: {again:?}", event.id));
        }
    }

    /// A receipt is registered once.
    fn same_receipt(&mut self, event: &Event, statement: &NewEntry) {
        let mut other = statement.clone();
        other.fields.insert("begntime".to_owned(), moment_text(event.at.saturating_sub(1.minute())));
        match self.office.register(self.turn(event), &self.clerk(event), &other) {
            Err(Told::Refused(_)) => {}
            // What is recorded beside the promise claims nothing.
            Ok(beside) if !beside.state.keeps_claim() => self.case(event.id).double = beside.number,
            told => self.surprises.push(format!("the receipt of {:?} is taken in twice: {told:?}", event.id)),
        }
    }

    /// What looks like the same care is taken in and held.
    fn typed_twice(&mut self, event: &Event, statement: &NewEntry) {
        let mut other = statement.clone();
        other.fields.insert("invono".to_owned(), format!("CD{}{:03}", event.id.person, event.id.ordinal));
        match self.office.register(self.turn(event), &self.clerk(event), &other) {
            Ok(double) => {
                // What is recorded beside the promise claims nothing.
                let of = self.cases[&event.id].entry.clone();
                if double.state.keeps_claim() && !double.marked(Mark::Double).contains(&of) {
                    self.surprises.push(format!("{} is not held as a double of {of}", double.number));
                }
                self.case(event.id).double = double.number;
            }
            Err(told) => self.surprises.push(format!("{:?} typed twice: {told}", event.id)),
        }
    }

    /// Puts right what was written down wrongly, where it still waits.
    pub(super) fn mend(&mut self, event: &Event) -> Result<(), Fault> {
        let case = self.case(event.id);
        let (mend, double) = (std::mem::take(&mut case.mend), std::mem::take(&mut case.double));
        let (number, is_settled) = (case.entry.clone(), case.is_settled());
        if !double.is_empty() {
            let reason = Stated::from([("reason".to_owned(), "重复登记".to_owned())]);
            let withdrawn = self.office.act(self.turn(event), &self.clerk(event), &double, Action::Withdraw, &reason);
            if let Err(why) = withdrawn {
                self.surprises.push(format!("the double {double} of {:?} is not withdrawn: {why}", event.id));
            }
        }
        if !mend.is_empty() && !is_settled {
            let corrected = self.office.act(self.turn(event), &self.clerk(event), &number, Action::Correct, &mend);
            match corrected {
                Err(why) => self.surprises.push(format!("{number} of {:?} is not corrected: {why}", event.id)),
                // The sum came before its lines.
                Ok(_) if mend.contains_key("medfee_sumamt") => self.put_lines(event),
                Ok(_) => {}
            }
        }
        Ok(())
    }

    /// Somebody tries before it is possible; what comes of it is refused, or as good as at its time.
    pub(super) fn enter_too_early(&mut self, event: &Event) -> Result<(), Fault> {
        let case = self.cases[&event.id].clone();
        if case.is_settled() || case.entry.is_empty() || matches!(case.met, Some(Met::SelfPays { .. })) {
            return Ok(());
        }
        self.mend(event)?;
        match self.office.enter(self.turn(event), &self.clerk(event), &case.entry) {
            Ok(entry) => {
                if !self.found_not_entitled(event, &entry)? {
                    self.took(event, &entry);
                }
            }
            Err(Told::Refused(refusal)) if is_not_entitled(&refusal) => self.not_entitled(event, &refusal)?,
            Err(Told::Refused(_)) => {}
            Err(Told::Nothing(why)) => return Err(Fault::new("entering too early", &case.entry, why)),
        }
        Ok(())
    }

    /// Another clerk enters what is entered already: it is settled once.
    pub(super) fn entered_by_another(&mut self, event: &Event) -> Result<(), Fault> {
        if !self.dice(event, "another clerk").one_in(8) {
            return Ok(());
        }
        let case = self.cases[&event.id].clone();
        let setl_id = case.settled.last().map(|last| last.setl_id.clone()).unwrap_or_default();
        match self.office.enter(self.turn(event), &World::agency(), &case.entry) {
            Ok(entry) if entry.setl_id != setl_id => {
                self.surprises.push(format!("{:?} is entered twice: {setl_id}, {}", event.id, entry.setl_id));
            }
            Ok(_) | Err(Told::Refused(_)) => {}
            Err(Told::Nothing(why)) => return Err(Fault::new("entering again", &case.entry, why)),
        }
        Ok(())
    }
}
