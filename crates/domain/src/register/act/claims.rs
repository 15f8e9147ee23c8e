//! A claim at the agency (报销): in which case it is made, until when, and with which papers.

use super::super::stands::{case_now, claimed_too_late, is_claimed};
use super::super::{Entry, FieldProblem, State, Stated, field, is_met, listed, rule_of};
use super::{Acting, NotTaken};
use crate::money::Money;
use crate::outage::{Business, Evidence, RegisterKind, Requirement, moment_name};
use crate::refusal::{Code, Refusal};
use crate::register::field::Decision;
use crate::register::{Action, Stands};
use crate::time::minute_text;

impl Acting<'_> {
    /// What is handed over to the agency, or paid back by it, is claimed by the way that the plan has for it: in time, unless the
    /// agency has agreed to it, and with that way's papers. The case is told with it.
    pub(super) fn claim(&self, stated: &mut Stated) -> Result<(), NotTaken> {
        if self.action == Action::Reimburse {
            self.not_too_early()?;
        }
        if self.entry.kind == RegisterKind::Papers && self.action == Action::Reimburse {
            return self.claim_by_papers();
        }
        let Some(plan) = self.plan.filter(|_| self.entry.kind != RegisterKind::Papers) else { return Ok(()) };
        self.not_before(field::CLAIMED_AT, self.entry.care_from, "就诊时间")?;
        let was_handed_over = self.entry.state == State::Reimbursing;
        let mut entry = Entry { state: State::Reimbursing, ..self.entry.clone() };
        if !was_handed_over && let Some(case) = case_now(plan, self.entry, self.now, self.calendar) {
            field::CLAIM_CASE.put(stated, case.name());
            field::CLAIM_CASE.put(&mut entry.details, case.name());
        }
        let Some(stands) = Stands::of(plan, &entry) else { return Ok(()) };
        // Whoever was handed over has claimed then.
        let has_claimed = was_handed_over && self.history.iter().any(|event| event.action == Action::ToReimbursement);
        if let Some(deadline) = stands.claimed_until()
            && !has_claimed
            && self.agreed != Some(Decision::Agreed)
            && let due = super::super::due::due_by(plan, deadline, &entry, self.calendar)
            && due.missed_at(self.now).is_some()
        {
            let claimed = self.said(field::CLAIMED_AT).unwrap_or(self.now);
            let missed = due.missed_at(claimed);
            if let Some(refusal) = missed.and_then(|missed| claimed_too_late(missed, deadline.after)) {
                return Err(NotTaken::Refused(refusal));
            }
            // That it came in time is said by whoever writes it down too late, and everybody is to see that.
            if missed.is_none() {
                let text = format!("申请时间早于登记（{}登记，期限已过）", minute_text(self.now));
                field::WRITTEN_LATER.put(stated, &text);
            }
        }
        match self.action {
            Action::Reimburse if stands.fallback.is_some() || is_claimed(Some(plan), &entry) => {
                self.has_brought(stands.evidence())
            }
            _ => Ok(()),
        }
    }

    /// What met the outage is finished or paid back from the moment on that its rule says, whatever it is kept in.
    pub(super) fn not_too_early(&self) -> Result<(), NotTaken> {
        let rule = self.plan.and_then(|plan| rule_of(plan, self.entry));
        let Some(from) = rule.and_then(|rule| rule.not_before).filter(|from| self.now < *from) else { return Ok(()) };
        let text = format!("停机方案规定停机期间的这项业务自{}起补办；请届时再办", moment_name(from));
        Err(NotTaken::Refused(Refusal::new(Code::Dates, text)))
    }

    /// What is paid by papers is care that somebody has paid for, and no more than that.
    fn claim_by_papers(&self) -> Result<(), NotTaken> {
        let is_claim = ["reimbursement", "settlement"].iter().any(|root| {
            let is_within = |business: &Business| business.is_within(&Business::named(root));
            is_within(&self.entry.business)
        });
        if !is_claim {
            let text = "收件的业务不是费用报销，没有可报销的；请改用“办结”";
            return Err(NotTaken::Refused(Refusal::new(Code::WrongState, text)));
        }
        if self.entry.charged == Money::ZERO {
            return Err(self.wrong(field::REFUND, "收件时没有登记垫付金额，无从核对；请先更正补填垫付金额，再办报销"));
        }
        let began = self.entry.care_began().unwrap_or(self.entry.care_from);
        self.not_before(field::CLAIMED_AT, began, "就诊时间")
    }

    /// What a claim demands is in the register already, or was brought with the claim.
    fn has_brought(&self, wanted: &[Requirement]) -> Result<(), NotTaken> {
        let (fields, kind) = (&self.table.fields, self.entry.kind);
        // Whatever step it came with.
        let asked = |action: &Action| fields.of(kind, *action).map(|field| field.name.clone()).collect::<Vec<_>>();
        let names = self.table.actions.iter().flat_map(asked);
        let kept: Stated = names.map(|name| (name.clone(), self.entry.value(&name))).collect();
        let brought = field::BROUGHT.of(self.stated);
        let attested = |word: Evidence| {
            let is_kept = self.table.actions.iter().any(|action| fields.attests(kind, *action, &kept, word));
            is_kept || listed(brought).any(|name| name == word.name())
        };
        let missing: Vec<String> = wanted
            .iter()
            .filter(|requirement| !requirement.optional && !is_met(requirement, attested))
            .map(Requirement::name)
            .collect();
        if missing.is_empty() {
            return Ok(());
        }
        let text = format!("停机方案要求报销时有{}；请收齐后勾选再办", missing.join("、"));
        let name = field::BROUGHT.name();
        let asked = fields.of(kind, Action::Reimburse).find(|field| field.name == name);
        Err(NotTaken::Fields(vec![match asked {
            Some(field) => FieldProblem::of(field, text),
            None => FieldProblem { label: "凭据".to_owned(), field: name.to_owned(), text },
        }]))
    }
}
