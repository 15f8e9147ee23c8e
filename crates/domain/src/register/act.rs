//! What a step does to an entry, and what it asks for besides its fields.
//!
//! The table of steps says who may do what from where; here is what a step's values have to be: not before the care, not
//! beyond the plan's limits, late only with a reason. Invariant: an entry that leaves here has one version more and a
//! state that the table allows.

mod claims;

use super::field::{self, CallOutcome, Decision, Field, Holds, Leaving};
use super::intake::MAIN_MISSING;
use super::refund::HandBack;
use super::{Action, Books, Deed, Entry, Event, FieldProblem, NotTaken, Promise, Role, Stated, WorkTable};
use super::{due_of, lay_out, promise_of, rule_of};
use crate::calendar::Calendar;
use crate::money::Money;
use crate::outage::{Effective, Plan, Question, RegisterKind, moment_name};
use crate::refusal::{Code, Refusal};
use crate::time::{Date, DateTime};

/// A step that somebody wants to take.
pub struct Acting<'a> {
    /// The entry as it stands, with what its lines come to where it does not say what it has cost.
    pub entry: &'a Entry,
    /// The entry as it is kept.
    pub kept: &'a Entry,
    /// What is to be done.
    pub action: Action,
    /// On whose behalf.
    pub role: Role,
    /// The login of who does it; empty where nobody is signed in.
    pub login: &'a str,
    /// What has been done with the entry so far.
    pub history: &'a [Event],
    /// The kinds of work with their steps.
    pub table: &'a WorkTable,
    /// What is stated with it, in the form that is kept.
    pub stated: &'a Stated,
    /// The entry's plan as it is in force; `None` where it is no more.
    pub plan: Option<&'a Plan>,
    /// What the agency has decided about the care, should it be late (P-20).
    pub agreed: Option<Decision>,
    /// The official calendar.
    pub calendar: &'a Calendar,
    /// The present moment.
    pub now: DateTime,
}

impl Acting<'_> {
    /// Takes the step or says why not.
    pub fn decide(&self) -> Result<Deed, NotTaken> {
        let Some(step) = self.table.step_of(self.entry, self.action, self.role) else {
            return Err(self.not_from_here());
        };
        if let Some(text) = step.bars(self.entry, self.history, self.login) {
            return Err(NotTaken::Refused(Refusal::new(Code::WrongState, text)));
        }
        let mut stated = self.stated.clone();
        let mut remarks = Vec::new();
        let to = step.after(self.entry.state, (self.action == Action::Reopen).then(|| self.promise()));
        match self.action {
            Action::Tell if self.entry.kind == RegisterKind::InpatientNotice => self.tell(&mut remarks)?,
            Action::Convert => self.convert(&mut remarks)?,
            Action::ConvertBack => self.convert_back()?,
            Action::Charge => remarks.push("停机期间不得另行收费，已列入核查".to_owned()),
            Action::Discharge => {
                self.not_before(field::ENDTIME, self.entry.care_from, "入院时间")?;
                let has_main = field::DIAG_CODE.is_stated(self.stated) || field::DIAG_CODE.is_stated(self.entry);
                if field::OTHER_DIAGS.is_stated(self.stated) && !has_main {
                    return Err(self.wrong(field::DIAG_CODE, MAIN_MISSING));
                }
            }
            Action::Dispense => self.dispense()?,
            Action::Choose if self.said(field::CHOICE) == Some(Leaving::ClaimsAfterwards) && !self.has_invoice() => {
                return Err(self.wrong(field::INVONO, "自费结清的须填发票号；请补填"));
            }
            Action::Call
                if self.said(field::CALL_OUTCOME) == Some(CallOutcome::Appointed)
                    && !field::APPOINTMENT.is_stated(self.stated) =>
            {
                return Err(self.wrong(field::APPOINTMENT, "约定了时间的须填约定时间；请补填"));
            }
            Action::Process if self.entry.kind == RegisterKind::Papers => {
                self.not_too_early()?;
                self.effective(&mut stated)?;
            }
            Action::ToReimbursement | Action::Reimburse => self.claim(&mut stated)?,
            Action::HandBack => self.hand_back()?,
            Action::Pay => self.pay()?,
            _ => {}
        }
        if step.books.notes_refund() {
            self.refund()?;
        }
        if step.books == Books::Hold {
            self.hold()?;
        }
        let mut entry = self.entry.clone();
        lay_out(&mut entry, &stated);
        if self.action == Action::TellApart {
            entry.tell_apart();
        }
        // What was charged beside the bill (B-10) is no part of it.
        if self.action == Action::Charge {
            entry.charged = self.entry.charged;
        }
        if self.action == Action::HandBack {
            let so_far = self.entry.handed_back().plus(self.said(field::HANDED_BACK).unwrap_or(Money::ZERO));
            field::HANDED_BACK.put(&mut entry.details, so_far);
        }
        if step.books.notes_refund() {
            entry.refunded = self.said(field::REFUND).unwrap_or(Money::ZERO);
        }
        // A case keeps why the person was not entitled; what was reported about it stands in the history.
        if self.entry.kind == RegisterKind::NotEntitled && !to.is_final() {
            entry.reason.clone_from(&self.entry.reason);
        }
        if self.action == Action::Reopen {
            entry.reason.clear();
        }
        entry.state = to;
        entry.version += 1;
        let (before, action, books) = (self.kept.clone(), self.action, step.books);
        let deed = Deed { before, entry, action, stated, remarks, books };
        if let Books::Journal(source) = books {
            deed.booked(source).map_err(NotTaken::Refused)?;
        }
        Ok(deed)
    }

    /// What the plan promises for it.
    fn promise(&self) -> Promise {
        let rule = self.plan.and_then(|plan| Some((plan, rule_of(plan, self.entry)?)));
        rule.map_or(Promise::MadeGood, |(plan, rule)| promise_of(plan, rule, self.entry.kind, &self.question()))
    }

    fn said<T: Holds>(&self, field: Field<T>) -> T::Value<'_> {
        field.of(self.stated)
    }

    fn has_invoice(&self) -> bool {
        field::INVONO.is_stated(self.stated) || !self.entry.invono.is_empty()
    }

    fn wrong<T>(&self, field: Field<T>, text: impl Into<String>) -> NotTaken {
        let name = field.name().to_owned();
        NotTaken::Fields(vec![FieldProblem { label: name.clone(), field: name, text: text.into() }])
    }

    fn not_from_here(&self) -> NotTaken {
        let (entry, action) = (self.entry, self.action);
        let others = self.table.steps_of(entry, self.role).map(|step| step.action.name());
        let possible: Vec<&str> = others.filter(|name| *name != Action::Correct.name()).collect();
        let remedy = if possible.is_empty() {
            "现在没有可办的操作".to_owned()
        } else {
            format!("现在可以：{}", possible.join("、"))
        };
        let text = format!(
            "{}处于“{}”，不能由{}“{}”；{remedy}",
            entry.number,
            entry.state.name(),
            self.role.name(),
            action.name()
        );
        NotTaken::Refused(Refusal::new(Code::WrongState, text))
    }

    fn not_before(&self, field: Field<DateTime>, earliest: DateTime, what: &str) -> Result<(), NotTaken> {
        match self.said(field) {
            Some(at) if at < earliest => {
                let text = format!("{}早于{what}{}；请核对", moment_name(at), moment_name(earliest));
                Err(self.wrong(field, text))
            }
            _ => Ok(()),
        }
    }

    /// B-01: told by the plan's moment; later only with the reason.
    fn tell(&self, remarks: &mut Vec<String>) -> Result<(), NotTaken> {
        self.not_before(field::TOLD_AT, self.entry.care_from, "入院时间")?;
        self.in_time(field::TOLD_AT, remarks)
    }

    /// B-02: by the plan's moment; later only with the reason.
    fn convert(&self, remarks: &mut Vec<String>) -> Result<(), NotTaken> {
        self.not_before(field::CONVERTED_AT, self.entry.care_from, "入院时间")?;
        self.in_time(field::CONVERTED_AT, remarks)
    }

    /// What was done after the entry's deadline needs a reason and is remarked.
    fn in_time(&self, field: Field<DateTime>, remarks: &mut Vec<String>) -> Result<(), NotTaken> {
        let due = self.plan.map(|plan| due_of(plan, self.entry, self.calendar));
        if let (Some(due), Some(done)) = (due, self.said(field))
            && let Some(due) = due.missed_at(done)
        {
            let (what, due) = (self.action.name(), moment_name(due));
            if !field::LATE_REASON.is_stated(self.stated) {
                return Err(self.wrong(field::LATE_REASON, format!("应在{due}前{what}，逾时的必须说明原因；请补填")));
            }
            remarks.push(format!("逾时{what}（应在{due}前）"));
        }
        Ok(())
    }

    /// B-02, B-17: insured again once the business is open again.
    fn convert_back(&self) -> Result<(), NotTaken> {
        let converted = field::CONVERTED_AT.of(self.entry).unwrap_or(self.entry.care_from);
        self.not_before(field::RESTORED_AT, converted, "转自费时间")?;
        let restored = self.said(field::RESTORED_AT).unwrap_or(self.now);
        let question = Question { business: self.entry.business.clone(), ..self.question() };
        let closings = self.plan.map(|plan| plan.closings(&question)).unwrap_or_default();
        match closings.iter().find(|closing| closing.window.contains(restored)) {
            Some(closing) => {
                let text =
                    format!("{}尚在停办时段内（{}）；请在恢复后转回医保", moment_name(restored), closing.window.name());
                Err(self.wrong(field::RESTORED_AT, text))
            }
            None => Ok(()),
        }
    }

    fn question(&self) -> Question {
        match self.plan {
            Some(plan) => super::question_of(self.entry, &plan.pool),
            None => Question::about(self.entry.business.clone()),
        }
    }

    /// P-05, P-07: before the plan's moment, and not beyond its last day of supply.
    fn dispense(&self) -> Result<(), NotTaken> {
        let supplies = self.plan.map(|plan| plan.supplies.as_slice()).unwrap_or_default();
        let Some(supply) = supplies.iter().find(|supply| supply.id == self.entry.rule) else { return Ok(()) };
        if let Some(at) = self.said(field::DISPENSED_AT)
            && at >= supply.dispense_before
        {
            let text = format!("提前开药应在{}前；此后按停机期间的办法处理", moment_name(supply.dispense_before));
            return Err(self.wrong(field::DISPENSED_AT, text));
        }
        let until = self.said(field::SUPPLY_UNTIL);
        if let (Some(until), Some(last)) = (until, supply.lasts_until)
            && until > last
        {
            return Err(self.wrong(field::SUPPLY_UNTIL, format!("{until}超过方案规定的最长{last}；请减少药量")));
        }
        if let (Some(until), Some(ends)) = (until, field::SUPPLY_ENDS.of(self.entry))
            && until <= ends
        {
            return Err(self.wrong(field::SUPPLY_UNTIL, format!("{until}不晚于原用药截止日{ends}；请核对")));
        }
        Ok(())
    }

    /// P-18: the effective date moves as the rule says, unless it is stated.
    fn effective(&self, stated: &mut Stated) -> Result<(), NotTaken> {
        let rule = self.plan.and_then(|plan| rule_of(plan, self.entry));
        let Some(effective) = rule.and_then(|rule| rule.effective) else { return Ok(()) };
        let said: Option<Date> = field::EFFECTIVE.of(&*stated);
        let intake = field::BEGNTIME.of(self.entry).unwrap_or(self.entry.taken_at);
        let day = match effective {
            Effective::Intake => intake.date(),
            Effective::Processing => self.now.date(),
            Effective::Care => self.entry.care_from.date(),
            Effective::Birth => match (field::BRDY.of(self.entry), said) {
                (Some(born), _) | (None, Some(born)) => born,
                (None, None) => {
                    let text =
                        "方案规定按出生日期生效，收件时没有登记出生日期；请先更正补填出生日期，或在此填写出生日期";
                    return Err(self.wrong(field::EFFECTIVE, text));
                }
            },
        };
        if let Some(said) = said.filter(|said| *said != day) {
            let text = format!("{said}与方案规定的不符：{}，应为{day}；请改正或留空", effective.name());
            return Err(self.wrong(field::EFFECTIVE, text));
        }
        field::EFFECTIVE.put(stated, day);
        Ok(())
    }

    /// The cashier hands back what the settlement leaves, to somebody who signs for it.
    fn hand_back(&self) -> Result<(), NotTaken> {
        let left = self.entry.to_hand_back(self.said(field::PAID_AHEAD));
        let owed = if let Some(HandBack::Collect(owed)) = left { owed } else { Money::ZERO };
        // Who has not paid yet what is owed signs all the same, and once more when it is collected.
        let collected: Money = self.said(field::COLLECTED).unwrap_or(Money::ZERO);
        if collected != Money::ZERO && collected != owed {
            return Err(
                self.wrong(field::COLLECTED, format!("{collected}元不等于应补交的{owed}元；请核对，未收的不填"))
            );
        }
        if field::HANDED_BACK_AT.is_stated(self.entry) && collected == Money::ZERO {
            let signed_for = field::HANDED_BACK_AT.text(self.entry);
            let text = format!("{}已于{signed_for}退款签收；不能重复退款", self.entry.number);
            return Err(NotTaken::Refused(Refusal::new(Code::WrongState, text)));
        }
        let said: Money = self.said(field::HANDED_BACK).unwrap_or(Money::ZERO);
        let due = match left {
            None => {
                let text = format!("{}没有应由本台账退还的金额；同一次住院由另一台账退款", self.entry.number);
                return Err(NotTaken::Refused(Refusal::new(Code::WrongState, text)));
            }
            Some(HandBack::Unknown) => {
                return Err(self.wrong(field::PAID_AHEAD, "没有登记预收金额的必填；请填患者已付的金额，未付的填0"));
            }
            Some(HandBack::Back(due)) => due,
            Some(HandBack::Even | HandBack::Collect(_)) => Money::ZERO,
        };
        if said != due {
            return Err(self.wrong(field::HANDED_BACK, format!("{said}元不等于应退的{due}元；请核对")));
        }
        if !self.said(field::RECEIPT_SIGNED) {
            return Err(self.wrong(field::RECEIPT_SIGNED, "领款人签字后才能登记退款；请先请领款人签字"));
        }
        self.not_before(field::HANDED_BACK_AT, self.entry.care_from, "就诊时间")
    }

    /// No more is refunded than was charged.
    fn refund(&self) -> Result<(), NotTaken> {
        let refund: Money = self.said(field::REFUND).unwrap_or(Money::ZERO);
        let charged = self.entry.charged;
        if charged > Money::ZERO && refund > charged {
            return Err(self.wrong(field::REFUND, format!("{refund}元超过费用总额{charged}元；请核对")));
        }
        Ok(())
    }

    /// Later benefits are held where no plan governs the work, else only where the plan's switch is on (P-26).
    fn hold(&self) -> Result<(), NotTaken> {
        let is_on = |plan: &Plan| plan.switches.hold_debtor_benefits;
        if !self.entry.kind.is_of_outage() || self.plan.is_some_and(is_on) {
            if self.entry.psn_no.is_empty() {
                return Err(self.wrong(field::PSN_NO, "人员编号不明的不能暂停待遇；请先核实并更正"));
            }
            return Ok(());
        }
        let text = "停机方案没有开启“暂停欠费人后续待遇”；请按方案上报、追缴";
        Err(NotTaken::Refused(Refusal::new(Code::NotProvided, text)))
    }

    fn pay(&self) -> Result<(), NotTaken> {
        let paid: Money = self.said(field::PAID).unwrap_or(Money::ZERO);
        let owed = self.entry.charged;
        if owed == Money::ZERO {
            return Err(self.wrong(field::PAID, "应付金额还没有填；请先更正应付金额，再登记缴清"));
        }
        if paid < owed {
            return Err(self.wrong(field::PAID, format!("{paid}元少于应付的{owed}元；缴清后再登记")));
        }
        self.not_before(field::PAID_AT, self.entry.care_from, "就诊时间")
    }
}
