//! What reads well and cannot be meant: deadlines of no length or that run out while the business is closed, starts that
//! never come, advice that does not arrive whole.

use super::Checker;
use super::idle::of_a_visit;
use yibao_domain::outage::{Deadline, Due, Moments, Rule, Start};

/// A refusal has room for about 80 characters of advice; so much more is certain to be cut.
const ADVICE_CHARS_MAX: usize = 110;

impl Checker<'_> {
    pub(super) fn sense(&mut self) {
        let plan = self.plan;
        for rule in &plan.rules {
            self.advice(&rule.id, &rule.advice, rule.line);
            let deadlines = rule.fallbacks.iter().map(|fallback| (&fallback.deadline, fallback.line));
            for (deadline, line) in deadlines.chain([(&rule.deadline, rule.line)]) {
                if let Some(deadline) = deadline {
                    self.no_length(&rule.id, &deadline.due, line);
                    self.never_discharged(rule, deadline, line);
                }
            }
            if let Some(deadline) = &rule.deadline {
                self.runs_out_while_closed(rule, deadline);
            }
        }
        for duty in &plan.duties {
            if let Some(deadline) = &duty.deadline {
                self.no_length(&duty.id, &deadline.due, duty.line);
            }
        }
    }

    fn advice(&mut self, id: &str, advice: &str, line: u32) {
        let length = advice.chars().count();
        if length > ADVICE_CHARS_MAX {
            let text = format!("规则 {id} 的 advice 有{length}字，答复约容80字，余下的会被截去；要紧的请写在前面");
            self.warn(line, text);
        }
    }

    fn no_length(&mut self, id: &str, due: &Due, line: u32) {
        if matches!(due, Due::Counted { count: 0, .. }) {
            self.problem(line, format!("{id} 的期限是{}，没有时间可办，请改为1以上", due.name()));
        }
    }

    /// Nobody is discharged from an outpatient visit or a pharmacy.
    fn never_discharged(&mut self, rule: &Rule, deadline: &Deadline, line: u32) {
        if deadline.due.start() == Some(&Start::Discharge) && rule.businesses.iter().all(of_a_visit) {
            let text = format!("规则 {} 的期限从出院（discharge）起算，而门诊、购药没有出院，请改为 care", rule.id);
            self.problem(line, text);
        }
    }

    /// Counted from the care, a short term ends for who came first before the business is open again.
    fn runs_out_while_closed(&mut self, rule: &Rule, deadline: &Deadline) {
        let Some(window) = &rule.window else { return };
        let (care, discharge) = (Some(window.closes.at), Some(window.closes.at));
        let first = Moments { care, discharge, ..Moments::default() };
        let of_the_care = matches!(deadline.due.start(), Some(Start::Care | Start::Discharge));
        let ends = self.plan.end_of(&deadline.due, &first, self.calendar).moment().filter(|_| of_the_care);
        if let (Some(ends), Some(reopens)) = (ends, window.reopens.expected())
            && ends <= reopens
        {
            let text = format!(
                "规则 {} 的期限（{}）对停办初期就医的人在恢复前就已届满，请从恢复起算（after_reopening_of）或加长",
                rule.id,
                deadline.name()
            );
            self.problem(rule.line, text);
        }
    }
}
