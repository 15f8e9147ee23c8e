//! What does not fit (不符), and somebody tries: another scheme than the visit's, a line of somebody else, an item that the catalogue
//! has no more, an admission after its fees, a special drug once nobody approves of it any more; forms without a field that they
//! need, care that is settled written down as if it waited, too little paid for a debt. All of it is refused.

use super::World;
use crate::city::{GONE, PlaceKind};
use crate::life::{Applied, Event, Kind, Line};
use crate::office::Told;
use crate::till::{self, BATCH};
use jiff::ToSpan;
use serde_json::{Value, json};
use std::fmt::Debug;
use yibao_domain::code::Scheme;
use yibao_domain::money::Money;
use yibao_domain::outage::RegisterKind;
use yibao_domain::refusal::Code;
use yibao_domain::register::{Action, Entry, Need, Stated, field};
use yibao_domain::time::moment_text;
use yibao_domain::written::name::alike;
use yibao_engine::desks::registers::NewEntry;

/// What is chosen by who pays in full and claims.
const CLAIMS: &str = "自费结清后报销";
/// One in so many tries it.
const SOME: u64 = 10;

impl World<'_> {
    fn tries(&self, event: &Event, what: &str) -> bool {
        self.office.is_undisturbed() && self.dice(event, what).one_in(SOME)
    }

    fn misfit(&mut self, event: &Event, what: &str, infno: &'static str, input: &Value) {
        if self.tries(event, what) {
            let answer = self.send(event, infno, input);
            self.must_be_refused(event, what, &answer);
        }
    }

    fn must_not_be_taken<T: Debug>(&mut self, event: &Event, what: &str, told: &Result<T, Told>) {
        if !matches!(told, Err(Told::Refused(_))) {
            let at = self.office.now();
            self.surprises.push(format!("{:?} is {what} at {at}: {told:?}", event.id));
        }
    }

    /// A bill under the scheme that the visit is not of.
    pub(super) fn under_another_scheme(&mut self, event: &Event, infno: &'static str, input: &Value) {
        let other = match self.person(event).scheme {
            Scheme::Employee => Scheme::Resident,
            Scheme::Resident => Scheme::Employee,
        };
        let mut wrong = input.clone();
        wrong["data"]["insutype"] = json!(other.insutype());
        self.misfit(event, "settled under another scheme", infno, &wrong);
    }

    /// Lines, one of which names somebody else, or an item that the catalogue has no more.
    pub(super) fn lines_that_do_not_fit(&mut self, event: &Event, infno: &'static str, fees: &Value) {
        let other = self.city.person((event.id.person + 1) % self.city.persons.max(1));
        if other.number != event.id.person {
            let mut wrong = fees.clone();
            // The first line says whose bill it is.
            let last = fees["feedetail"].as_array().map_or(0, |rows| rows.len().saturating_sub(1));
            wrong["feedetail"][last]["psn_no"] = json!(other.psn_no);
            self.misfit(event, "charged for somebody else", infno, &wrong);
        }
        self.of_an_item_that_is_gone(event, infno, "feedetail", fees);
    }

    /// An item whose row in the catalogue has ended.
    pub(super) fn of_an_item_that_is_gone(&mut self, event: &Event, infno: &'static str, node: &str, input: &Value) {
        let mut wrong = input.clone();
        wrong[node][0]["med_list_codg"] = json!(GONE.code);
        self.misfit(event, "charged for an item that is gone", infno, &wrong);
    }

    /// A return that names a line of another item.
    pub(super) fn returned_as_another_item(&mut self, event: &Event, mdtrt_id: &str) {
        let sent = &event.lines[..self.cases[&event.id].uploaded];
        let charged = || sent.iter().filter(|line| line.returns.is_none() && line.count > 0);
        let Some(one) = charged().next() else { return };
        let Some(other) = charged().find(|line| line.code != one.code) else { return };
        let back = Line {
            serial: format!("{}X", other.serial),
            count: -1,
            returns: Some(one.serial.clone()),
            at: one.at.max(other.at),
            ..other.clone()
        };
        let input = till::fees([&back], &self.person(event), mdtrt_id, "", self.med_type(event));
        self.misfit(event, "given back as another item", "2301", &input);
    }

    /// A batch that is not there is withdrawn, and one that is settled: each is told why not.
    pub(super) fn withdraws_what_is_not_open(&mut self, event: &Event, mdtrt_id: &str) {
        const WHAT: &str = "a batch withdrawn that is not open";
        if !self.tries(event, WHAT) {
            return;
        }
        let psn_no = self.person(event).psn_no;
        for (batch, code) in [("B8", Code::NotFound), (BATCH, Code::AlreadySettled)] {
            let of = json!({"data": {"psn_no": psn_no, "mdtrt_id": mdtrt_id, "chrg_bchno": batch}});
            let told = self.send(event, "2205", &of);
            if !matches!(&told, Err(Told::Refused(refusal)) if refusal.code == code) {
                let at = self.office.now();
                self.surprises.push(format!("{:?} has {WHAT} ({batch}) at {at}: {told:?}", event.id));
            }
        }
    }

    /// An admission moved (2403) to after what was charged.
    pub(super) fn admitted_after_the_fees(&mut self, event: &Event, mdtrt_id: &str) {
        let Some(first) = event.lines.first() else { return };
        let after = first.at.saturating_add(1.day());
        if self.office.now() < after {
            return;
        }
        let mut other = till::admission(event, &self.person(event), self.med_type(event))["mdtrtinfo"].clone();
        other["mdtrt_id"] = json!(mdtrt_id);
        other["ipt_otp_no"] = other["ipt_no"].clone();
        other["begntime"] = json!(moment_text(after));
        self.misfit(event, "admitted after the fees", "2403", &json!({ "adminfo": other }));
    }

    /// A special drug for somebody whose approval has ended.
    pub(super) fn special_drug_after_its_approval(&mut self, event: &Event) {
        const WHAT: &str = "given a special drug after its approval";
        let person = self.person(event);
        // Whose other disease is recognised may have it by that.
        let applies = self.filings.get(&person.number).is_some_and(|filed| filed.application.what == Applied::Disease);
        let is_sold_apart = self.special_drugs && person.special_drug_until.is_some() && !applies;
        if !is_sold_apart || !self.office.is_undisturbed() || !self.dice(event, WHAT).one_in(3) {
            return;
        }
        let Some(place) = self.city.places.iter().position(|place| place.kind == PlaceKind::Supplier) else { return };
        let item = &self.city.stock.special[0];
        let line = Line {
            serial: "1".to_owned(),
            at: event.at,
            code: item.code,
            count: 1,
            price: item.price,
            approval: "0",
            returns: None,
        };
        let kind = Kind::SpecialDrug;
        let sold = Event { place, kind, lines: vec![line], diagnoses: Vec::new(), birth: None, ..event.clone() };
        let input = till::purchase(&sold, &person, self.med_type(&sold));
        let answer = self.office.send(self.turn(event), &self.city.places[place], "2102", &input);
        self.must_not_be_taken(event, WHAT, &answer);
    }

    /// A form without one of the fields that it needs.
    pub(super) fn without_a_needed_field(&mut self, event: &Event, statement: &NewEntry) {
        const WHAT: &str = "written down without a needed field";
        if !self.tries(event, WHAT) {
            return;
        }
        let own = self.office.work.fields.of(statement.kind, Action::Register);
        let needed = own.filter(|field| field.need == Need::Yes && statement.fields.contains_key(&field.name));
        let needed: Vec<String> = needed.map(|field| field.name.clone()).collect();
        let Ok(all) = u64::try_from(needed.len()) else { return };
        let at = usize::try_from(self.dice(event, "needed field").below(all.max(1))).unwrap_or(0);
        let Some(left_out) = needed.get(at) else { return };
        let mut written = statement.clone();
        written.fields.remove(left_out);
        let told = self.office.register(self.turn(event), &self.clerk(event), &written);
        self.must_not_be_taken(event, &format!("{WHAT} ({left_out})"), &told);
    }

    /// Papers that name another person than their number or document does.
    pub(super) fn of_another_person(&mut self, event: &Event, statement: &NewEntry) {
        const WHAT: &str = "written down by papers of another";
        let other = self.city.person((event.id.person + 1) % self.city.persons.max(1));
        let own = self.person(event);
        if !self.tries(event, WHAT) || other.number == own.number || !own.cover.is_known(self.office.now()) {
            return;
        }
        for (field, value) in [("psn_name", other.name), ("certno", other.certno)] {
            let is_stated = statement.fields.contains_key(field) && statement.fields.contains_key("psn_no");
            if is_stated && !alike(&value, &own.name) {
                let mut written = statement.clone();
                written.fields.insert(field.to_owned(), value);
                let told = self.office.register(self.turn(event), &self.clerk(event), &written);
                self.must_not_be_taken(event, &format!("{WHAT} ({field})"), &told);
            }
        }
    }

    /// A receipt is one person's: nobody else's care is written down by it.
    pub(super) fn receipt_of_another(&mut self, event: &Event, statement: &NewEntry) {
        const WHAT: &str = "written down by the receipt of another";
        let other = self.city.person((event.id.person + 1) % self.city.persons.max(1));
        let own = self.person(event);
        let is_known = other.cover.is_known(self.office.now()) && other.number != own.number;
        let has_receipt = statement.kind == RegisterKind::CashVisit && statement.fields.contains_key("invono");
        let is_claimed = self.office.look(|tx| tx.entry(&self.cases[&event.id].entry)).ok().flatten();
        let is_claimed = is_claimed.is_some_and(|entry| {
            entry.state.keeps_claim() && statement.fields.get("invono").is_some_and(|told| *told == entry.invono)
        });
        if !self.tries(event, WHAT) || !is_known || !has_receipt || !is_claimed || other.scheme != own.scheme {
            return;
        }
        let mut written = statement.clone();
        for (field, value) in [("psn_no", other.psn_no), ("psn_name", other.name), ("certno", other.certno)] {
            if let Some(told) = written.fields.get_mut(field) {
                *told = value;
            }
        }
        let told = self.office.register(self.turn(event), &self.clerk(event), &written);
        self.must_not_be_taken(event, WHAT, &told);
    }

    /// Care that its till has settled is written down as if it waited.
    pub(super) fn written_down_though_settled(&mut self, event: &Event, kind: RegisterKind) {
        const WHAT: &str = "written down though it is settled";
        if self.cases[&event.id].entry.is_empty() && self.office.is_undisturbed() && self.dice(event, WHAT).one_in(3) {
            let statement = self.statement(event, kind, true);
            let told = self.office.register(self.turn(event), &self.clerk(event), &statement);
            self.must_not_be_taken(event, WHAT, &told);
        }
    }

    /// Whoever wants to claim at the agency has a receipt.
    pub(super) fn claims_without_a_receipt(&mut self, event: &Event) {
        const WHAT: &str = "let go to the agency without a receipt";
        if !self.tries(event, WHAT) || self.cases[&event.id].kind != Some(RegisterKind::DeferredDischarge) {
            return;
        }
        let mut fields = self.filled(event, RegisterKind::DeferredDischarge, Action::Choose);
        fields.remove(field::INVONO.name());
        fields.insert(field::CHOICE.name().to_owned(), CLAIMS.to_owned());
        let number = self.cases[&event.id].entry.clone();
        let told = self.office.act(self.turn(event), &self.clerk(event), &number, Action::Choose, &fields);
        self.must_not_be_taken(event, WHAT, &told);
    }

    /// What is withdrawn again may have been a choice to claim at the agency: it counts for nothing then.
    pub(super) fn lets_go_to_the_agency(&mut self, event: &Event) {
        let is_choice = self.cases[&event.id].kind == Some(RegisterKind::DeferredDischarge);
        if !is_choice || !self.dice(event, "chosen wrongly").percent(50) {
            return;
        }
        let mut fields = self.filled(event, RegisterKind::DeferredDischarge, Action::Choose);
        fields.insert(field::INVONO.name().to_owned(), crate::forms::receipt(event));
        fields.insert(field::CHOICE.name().to_owned(), CLAIMS.to_owned());
        let number = self.cases[&event.id].entry.clone();
        if let Err(why) = self.office.act(self.turn(event), &self.clerk(event), &number, Action::Choose, &fields) {
            self.surprises.push(format!("{number} of {:?} is not let go to the agency: {why}", event.id));
        }
    }

    /// A debt is paid when all of it is.
    pub(super) fn pays_a_fen_too_little(&mut self, event: &Event, debt: &Entry, fields: &Stated) {
        if !self.office.is_undisturbed() || debt.charged <= Money::fen(1) {
            return;
        }
        let mut fields = fields.clone();
        fields.insert(field::PAID.name().to_owned(), debt.charged.minus(Money::fen(1)).to_string());
        let told = self.office.act(self.turn(event), &self.clerk(event), &debt.number, Action::Pay, &fields);
        self.must_not_be_taken(event, "let off a fen of a debt", &told);
    }
}
