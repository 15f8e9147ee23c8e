//! Papers (收件): under which rule or duty they are taken in, until when, and what may be claimed beside a settlement.

use super::super::due::papers_until;
use super::super::field::Decision;
use super::super::stands::claimed_too_late;
use super::super::{FieldProblem, Promise, field, is_self_pay, promise_of};
use super::{Intake, NotTaken, Taken, fields, refused};
use crate::outage::{
    Business, Concern, Deadline, Disposition, Duty, DutyKind, Moments, Pattern, Place, Plan, Question, RegisterKind,
    Way, closed_at, moment_name,
};
use crate::refusal::Code;
use crate::time::DateTime;

impl Intake<'_> {
    /// Papers: those about care by the rule that governed the care; others while their business is closed, or afterwards, where the
    /// care was in the outage and the plan's deadline for it has not passed (P-15).
    pub(super) fn papers(&self, intake: DateTime) -> Result<Taken, NotTaken> {
        if self.stated(field::BRDY).is_some_and(|born| born > intake.date()) {
            fields(vec![self.problem(field::BRDY, "晚于收件时间；请核对")])?;
        }
        if self.stated(field::CARE_BEGNTIME).is_some_and(|care| care > intake) {
            fields(vec![self.problem(field::BEGNTIME, "早于就诊（入院）时间；请核对两个时间")])?;
        }
        if is_self_pay(&self.question.business) {
            return self.self_paid(intake);
        }
        if let Some(taken) = self.papers_of_care(intake)? {
            return Ok(taken);
        }
        let closed = self.closing_at(intake);
        let refusal = match closed {
            Ok((plan, closing)) => return self.by_rule(plan, &closing, self.question),
            Err(refusal) => self.by_rule_of_care().unwrap_or(refusal),
        };
        if let Some(taken) = self.papers_of_open_business(intake)? {
            return Ok(taken);
        }
        let Some(care) = self.stated(field::CARE_BEGNTIME) else { return Err(refusal) };
        // The plan of the care, also after its last deadline: then it says that the deadline has passed.
        let concerned = self.plans.iter().filter(|plan| self.question.concerns(&plan.pool));
        let inside = concerned.filter(|plan| plan.window.contains(care));
        let Some(plan) = inside.max_by_key(|plan| plan.window.closes) else { return Err(refusal) };
        let Some(duty) = plan.duty_about(self.question, |duty| self.takes_in(duty)) else { return Err(refusal) };
        self.not_late(plan, duty.deadline.as_ref(), self.question, care, intake)?;
        let remarks = self.evidence(&duty.evidence)?;
        Ok(self.taken_under(plan, &duty.id, remarks))
    }

    /// Why papers about a settlement are not taken in, by the rule of the care.
    fn by_rule_of_care(&self) -> Option<NotTaken> {
        let (way, _) = self.rule_of_care().filter(|_| self.is_settlement())?;
        self.by_rule(way.plan, &way.closing, &way.question).err()
    }

    /// The rule that governed the care that papers are about, with what was asked; nothing where it met no closing.
    fn rule_of_care(&self) -> Option<(Way<'_>, DateTime)> {
        let (care, question) = (self.stated(field::CARE_BEGNTIME)?, self.care?);
        let met = match Concern::of(&question.business) {
            Concern::Counter => care,
            _ => self.stated(field::CARE_ENDTIME).unwrap_or(care),
        };
        Some((closed_at(self.plans, question, met)?, care))
    }

    /// Papers about care that met the outage, where its rule sends what the person has paid to the agency: whenever they come, until
    /// the deadline of the rule. Nothing where the care met none, or something else becomes of it.
    fn papers_of_care(&self, intake: DateTime) -> Result<Option<Taken>, NotTaken> {
        let Some((way, care)) = self.rule_of_care() else { return Ok(None) };
        let (plan, rule, question) = (way.plan, way.closing.rule, &way.question);
        let is_kept_here = rule.register(&question.business) == Some(self.kind);
        let is_its_own = is_kept_here && self.is_settlement();
        // What would be entered by a provider of the pool is brought to the agency where the care was elsewhere: nobody there can.
        let is_elsewhere = question.place() != Place::Local && rule.disposition.is_entered();
        if !rule.disposition.is_claimed() && !is_its_own && !is_elsewhere {
            return Ok(None);
        }
        let is_the_home_agencys = match is_elsewhere {
            true => question.insured_pool.as_ref().is_some_and(|pool| *pool != plan.pool),
            false => promise_of(plan, rule, RegisterKind::CashVisit, question) == Promise::Nothing,
        };
        if is_the_home_agencys {
            let text = format!("参保地不在本统筹区，由参保地经办机构报销。{}", way.closing.advice());
            return Err(refused(Code::NotProvided, text));
        }
        // What is paid at a counter of the pool is written down there; elsewhere there is nobody who would.
        if question.place() == Place::Local && self.is_settlement() && !is_kept_here {
            return self.by_rule(plan, &way.closing, question).map(Some);
        }
        if rule.disposition != Disposition::AgencyReimburses {
            self.not_late(plan, papers_until(plan, rule, question, self.question), question, care, intake)?;
        }
        let mut remarks = Vec::new();
        if is_elsewhere {
            remarks.push("就医机构不在本统筹区，不能在原机构补录；由经办机构收件，恢复后办理报销".to_owned());
        }
        remarks.extend(self.evidence(&rule.evidence)?);
        let care_business = Some(question.business.clone());
        Ok(Some(Taken { care_business, ..self.taken_under(plan, &rule.id, remarks) }))
    }

    /// Whether a duty has such papers taken in.
    fn takes_in(&self, duty: &Duty) -> bool {
        duty.stated_register == Some(self.kind) || duty.kind == DutyKind::Register
    }

    /// Whether the papers are said to be about a settlement itself.
    fn is_settlement(&self) -> bool {
        self.question.business.is_within(&Business::named("settlement"))
    }

    /// Whoever comes with papers after a deadline that ends the right is refused, unless the agency has agreed.
    fn not_late(
        &self,
        plan: &Plan,
        deadline: Option<&Deadline>,
        question: &Question,
        care: DateTime,
        intake: DateTime,
    ) -> Result<(), NotTaken> {
        let moments = Moments {
            care: Some(care),
            discharge: self.stated(field::CARE_ENDTIME),
            intake: Some(intake),
            question: Some(question),
            ..Moments::default()
        };
        if let Some(deadline) = deadline
            && let Some(due) = plan.due(deadline, &moments, self.calendar).missed_at(intake)
            && self.agreed != Some(Decision::Agreed)
            && let Some(refusal) = claimed_too_late(due, deadline.after)
        {
            return Err(NotTaken::Refused(refusal));
        }
        Ok(())
    }

    /// What somebody paid alone, of care that is settled, because an outage closed what would have had it paid: only where a
    /// plan names this claim, and only of care that touched its window.
    fn self_paid(&self, intake: DateTime) -> Result<Taken, NotTaken> {
        let needed = [
            (field::CARE_PROVIDER.name(), field::CARE_PROVIDER.is_stated(self.stated)),
            (field::CARE_BEGNTIME.name(), field::CARE_BEGNTIME.is_stated(self.stated)),
            (field::MEDFEE_SUMAMT.name(), field::MEDFEE_SUMAMT.is_stated(self.stated)),
        ];
        let missing = needed.into_iter().filter(|(_, is_stated)| !is_stated).map(|(name, _)| FieldProblem {
            field: name.to_owned(),
            label: self.label(name).to_owned(),
            text: "补报自费项目的必填，据此核对结算中的自费金额；请补填".to_owned(),
        });
        fields(missing.collect())?;
        let begun = self.stated(field::CARE_BEGNTIME).unwrap_or(intake);
        let ended = self.stated(field::CARE_ENDTIME).unwrap_or(begun);
        let names_it = |duty: &Duty| {
            let named = |pattern: &Pattern| matches!(pattern, Pattern::Under(business) if is_self_pay(business));
            duty.businesses.iter().any(named) && self.takes_in(duty)
        };
        let concerned = self.plans.iter().filter(|plan| self.question.concerns(&plan.pool));
        let provided: Vec<(&Plan, &Duty)> =
            concerned.filter_map(|plan| Some((plan, plan.duty_about(self.question, names_it)?))).collect();
        if provided.is_empty() {
            let text = "现行停机方案没有规定停机期间的自费项目可以补报；确应补报的请登记“特殊情况请示”";
            return Err(refused(Code::NotProvided, text.to_owned()));
        }
        let touched = |plan: &Plan| plan.window.reopens.is_after(begun) && plan.window.closes <= ended;
        let meant = provided.into_iter().filter(|(plan, _)| touched(plan));
        let Some((plan, duty)) = meant.max_by_key(|(plan, _)| plan.window.closes) else {
            let text = format!("{}的就诊不在停办时段内；停机期间就诊的自费项目才可以补报", moment_name(begun));
            return Err(refused(Code::Dates, text));
        };
        self.not_late(plan, duty.deadline.as_ref(), self.question, begun, intake)?;
        let remarks = self.evidence(&duty.evidence)?;
        Ok(self.taken_under(plan, &duty.id, remarks))
    }

    /// Papers of a business that goes on at the counter while the system is closed: what they lead to is entered into
    /// the system after the outage, so they are kept like any others (P-17).
    fn papers_of_open_business(&self, intake: DateTime) -> Result<Option<Taken>, NotTaken> {
        let concerned = self.plans.iter().filter(|plan| self.question.concerns(&plan.pool));
        for plan in concerned.filter(|plan| plan.window.contains(intake)) {
            let rules = plan.governing(self.question);
            if let Some(rule) = rules.into_iter().find(|rule| rule.disposition == Disposition::Open) {
                let remarks = self.evidence(&rule.evidence)?;
                return Ok(Some(self.taken_under(plan, &rule.id, remarks)));
            }
        }
        Ok(None)
    }
}
