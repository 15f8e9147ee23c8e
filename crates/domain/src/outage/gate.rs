//! The gate (业务闸门): is this business open now, for this person, provider and pool?
//!
//! It decides from plans, a question and a moment alone. How it comes to its verdict, for each plan that concerns
//! the question:
//! 1. the rules that cover the question are compared by [`super::Specificity`]; the most specific ones govern, whatever
//!    the time is, so that a business keeps its own window; the most specific stage replaces its reopening;
//! 2. if one of them is inside its window, the business is closed, until the governing windows that touch each other
//!    have all ended; if several are, the one that reopens last answers, then the smaller id;
//! 3. otherwise it is open, with a remark where a governing window begins within the plan's `ahead_hours`, and where the
//!    plan says that it is slow.
//!
//! Any plan that closes closes; of several the one that reopens last answers.

use super::{Closed, Closing, Plan, Question, Verdict, Window, moment_name};
use crate::time::DateTime;
use jiff::ToSpan;

/// Whether the business asked for is open at `now`.
pub fn decide(plans: &[Plan], question: &Question, now: DateTime) -> Verdict {
    let concerned = plans.iter().filter(|plan| question.concerns(&plan.pool));
    let judged: Vec<(&Plan, Judgement)> = concerned.map(|plan| (plan, judge(plan, question, now))).collect();
    let closing = judged.iter().filter_map(|(plan, judgement)| match judgement {
        Judgement::Closed(closing) => Some((*plan, closing)),
        Judgement::Open { .. } => None,
    });
    if let Some((plan, closing)) = closing.max_by_key(|(plan, closing)| (&closing.window.reopens, &plan.id, &plan.pool))
    {
        return Verdict::Closed(Box::new(Closed::by(closing, plan, question, now)));
    }
    let mut remarks: Vec<String> = judged
        .iter()
        .filter_map(|(plan, judgement)| match judgement {
            Judgement::Open { next: Some(closing) } => Some(remark(plan, closing, question)),
            _ => None,
        })
        .collect();
    remarks.extend(judged.iter().flat_map(|(plan, _)| plan.slow(question, now)));
    remarks.sort();
    Verdict::Open { remarks }
}

/// What one plan says.
enum Judgement<'a> {
    Closed(Closing<'a>),
    Open { next: Option<Closing<'a>> },
}

fn judge<'a>(plan: &'a Plan, question: &Question, now: DateTime) -> Judgement<'a> {
    let closings = plan.closings(question);
    let answering = closings.iter().filter(|closing| closing.window.contains(now));
    let last = answering.min_by_key(|closing| (std::cmp::Reverse(&closing.window.reopens), &closing.rule.id));
    if let Some(closing) = last {
        return Judgement::Closed(Closing { window: joined(&closing.window, &closings), ..*closing });
    }
    let horizon = now.saturating_add(i64::from(plan.ahead_hours).hours());
    let is_near = |closing: &Closing<'_>| now < closing.window.closes && closing.window.closes <= horizon;
    let near = closings.into_iter().filter(is_near);
    Judgement::Open { next: near.min_by_key(|closing| (closing.window.closes, &closing.rule.id)) }
}

/// The window together with all others that touch it: the business is closed without a break.
fn joined(window: &Window, all: &[Closing<'_>]) -> Window {
    let mut joined = window.clone();
    loop {
        let before = joined.clone();
        for other in all.iter().map(|closing| &closing.window).filter(|other| other.touches(&before)) {
            joined.closes = joined.closes.min(other.closes);
            joined.reopens = joined.reopens.max(other.reopens.clone());
        }
        if joined == before {
            return joined;
        }
    }
}

fn remark(plan: &Plan, closing: &Closing<'_>, question: &Question) -> String {
    format!(
        "{}将于{}停办，{}。{}",
        plan.name_of(&question.business),
        moment_name(closing.window.closes),
        closing.window.reopens.name(),
        closing.rule.advice_ahead.as_deref().unwrap_or("请提前安排。")
    )
}
