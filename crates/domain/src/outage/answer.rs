//! What the gate answers, and how a closed business is told to the operator who asked for it.

use super::{
    Business, Closing, Contact, Deadline, Disposition, Plan, Question, Reopens, Requirement, Rule, plan_named,
};
use crate::code::Pool;
use crate::refusal::{Code, Refusal};
use crate::time::{DateTime, Moment, moment_name};

/// The longest refusal text: an `err_msg` of 200 characters ends in a code in brackets.
const TEXT_CHARS_MAX: usize = 180;

/// What becomes of visitors of another pool where those insured here have it made good at the provider.
pub const VISITORS: &str = "外地参保的不在本机构补录：先行垫付，保存发票、处方和费用清单，恢复后到参保地经办机构报销。";

/// The gate's answer.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Verdict {
    /// Open. Remarks tell of a closing that is near, for `warn_msg`.
    Open {
        /// Advice ahead of closings, one a plan.
        remarks: Vec<String>,
    },
    /// Closed by a rule.
    Closed(Box<Closed>),
}

impl Verdict {
    /// Whether the business may go on.
    pub fn is_open(&self) -> bool {
        matches!(self, Verdict::Open { .. })
    }

    /// The refusal, where it is closed.
    pub fn refusal(&self) -> Option<Refusal> {
        match self {
            Verdict::Open { .. } => None,
            Verdict::Closed(closed) => Some(closed.refusal()),
        }
    }
}

/// A closed business: by which rule, since when, until when, and what to do instead.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Closed {
    /// The business asked for.
    pub business: Business,
    /// Its Chinese name.
    pub business_name: String,
    /// Whose plan.
    pub pool: Pool,
    /// The plan.
    pub plan: String,
    /// The plan's title.
    pub plan_title: String,
    /// The rule's id.
    pub rule: String,
    /// The rule's line in the plan.
    pub line: u32,
    /// The rule's clauses.
    pub clauses: Vec<String>,
    /// The first closed moment.
    pub since: Moment,
    /// How and when it opens again.
    pub until: Reopens,
    /// The stage that says so, where it is not the rule.
    pub stage: Option<String>,
    /// What becomes of the business.
    pub disposition: Disposition,
    /// What to do instead.
    pub advice: String,
    /// What to record or bring.
    pub evidence: Vec<Requirement>,
    /// From when on it can be made good, where that is later than the reopening.
    pub not_before: Option<Moment>,
    /// Until when it is made good.
    pub deadline: Option<Deadline>,
    /// Whom to ask.
    pub contacts: Vec<Contact>,
}

impl Closed {
    /// What a rule of this plan answers to this question at `now`.
    pub(super) fn by(closing: &Closing<'_>, plan: &Plan, question: &Question, now: DateTime) -> Closed {
        let rule = closing.rule;
        // What is entered at the provider afterwards is for those insured here, unless the rule is about the others.
        let is_visitor = question.insured_pool.as_ref().is_some_and(|insured| *insured != plan.pool);
        if is_visitor
            && rule.disposition != Disposition::Open
            && rule.disposition.is_entered()
            && rule.scope.pools.is_empty()
        {
            let own = Closed::by(closing, plan, &Question { insured_pool: None, ..question.clone() }, now);
            let advice = VISITORS.to_owned();
            return Closed { advice, evidence: Vec::new(), not_before: None, deadline: None, ..own };
        }
        Closed {
            business: question.business.clone(),
            business_name: plan.name_of(&question.business).to_owned(),
            pool: plan.pool.clone(),
            plan: plan.id.clone(),
            plan_title: plan.title.clone(),
            rule: rule.id.clone(),
            line: rule.line,
            clauses: rule.clauses.clone(),
            since: closing.window.closes,
            until: closing.window.reopens.as_told_at(now),
            stage: closing.stage.map(|stage| stage.id.clone()),
            disposition: rule.disposition,
            advice: closing.advice(),
            evidence: rule.evidence.clone(),
            not_before: rule.not_before,
            deadline: plan.made_good_until(rule, question).cloned(),
            contacts: plan.contacts_for(question.answering_county(), question.scheme).into_iter().cloned().collect(),
        }
    }

    /// The rule that closes it, of these plans.
    pub fn rule_in<'a>(&self, plans: &'a [Plan]) -> Option<&'a Rule> {
        plan_named(plans, &self.pool, &self.plan)?.rules.iter().find(|rule| rule.id == self.rule)
    }

    /// The refusal: short text of at most 180 characters, with the telephone number where it fits;
    /// the longer advice has all of it.
    pub fn refusal(&self) -> Refusal {
        self.refusal_beginning_with(self.headline())
    }

    /// What is closed and until when, in one sentence.
    pub fn headline(&self) -> String {
        format!("{}自{}起停办，{}。", self.business_name, moment_name(self.since), self.until.name())
    }

    /// The refusal with another first sentence.
    pub(super) fn refusal_beginning_with(&self, head: String) -> Refusal {
        let mut text = head;
        let room = TEXT_CHARS_MAX.saturating_sub(text.chars().count());
        text.push_str(&shortened(&self.advice, room));
        let telephones = self.telephones();
        if !telephones.is_empty() && text.chars().count() + telephones.chars().count() <= TEXT_CHARS_MAX {
            text.push_str(&telephones);
        }
        Refusal::new(Code::Closed, text).advise(self.guidance())
    }

    /// All there is to say: advice, papers, deadline, telephone numbers, and the clause that says so.
    pub(super) fn guidance(&self) -> String {
        let mut parts = vec![self.advice.clone()];
        if !self.evidence.is_empty() {
            let papers: Vec<String> = self.evidence.iter().map(Requirement::name).collect();
            parts.push(format!("须留存或携带：{}。", papers.join("、")));
        }
        if let Some(from) = self.not_before {
            parts.push(format!("自{}起办理。", moment_name(from)));
        }
        if let Some(deadline) = &self.deadline {
            parts.push(format!("期限：{}，{}。", deadline.name(), deadline.after.name()));
        }
        parts.push(self.telephones());
        parts.push(format!("依据：{}（条款{}）。", self.plan_title, self.clauses.join("、")));
        parts.concat()
    }

    /// `咨询电话：毕节市医疗保障局0857-8296182（职工医保）。`; empty where the plan has none.
    fn telephones(&self) -> String {
        let Some(first) = self.contacts.first() else { return String::new() };
        let numbers: Vec<String> = self.contacts.iter().map(|contact| contact.number()).collect();
        format!("咨询电话：{}{}。", first.office, numbers.join("、"))
    }
}

/// As many whole clauses of the text as fit into `room` characters.
fn shortened(text: &str, room: usize) -> String {
    if text.chars().count() <= room {
        return text.to_owned();
    }
    let fitting: String = text.chars().take(room.saturating_sub(1)).collect();
    match fitting.rfind(['。', '；', ';']) {
        Some(end) => fitting[..end].to_owned() + "。",
        None => fitting + "…",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_advice_is_cut_after_a_whole_clause() {
        assert_eq!(shortened("先自费。再报销。", 20), "先自费。再报销。");
        assert_eq!(shortened("先自费。再报销。", 7), "先自费。");
        assert_eq!(shortened("先自费再报销", 3), "先自…");
    }
}
