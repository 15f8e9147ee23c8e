//! The gate (业务闸门): is this business open now, for this person, provider and pool?
//!
//! It decides from plans, a question and a moment alone. How it comes to its verdict, for each plan that concerns
//! the question:
//! 1. the rules that cover the question are compared by [`super::Specificity`]; the most specific ones govern, whatever
//!    the time is, so that a business keeps its own window;
//! 2. if one of them is inside its window, the business is closed, until the governing windows that touch each other
//!    have all ended; if several are, the one that reopens last answers, then the smaller id;
//! 3. otherwise it is open, with a remark where a governing window begins within the plan's `ahead_hours`.
//!
//! Any plan that closes closes; of several the one that reopens last answers.

use super::{Closed, Disposition, Mismatch, Plan, Question, Rule, Verdict, Window, moment_name};
use crate::time::DateTime;
use jiff::ToSpan;
use std::fmt;

/// Whether the business asked for is open at `now`.
pub fn decide(plans: &[Plan], question: &Question, now: DateTime) -> Verdict {
    let concerned = plans.iter().filter(|plan| question.concerns(&plan.pool));
    let judged: Vec<(&Plan, Judgement)> = concerned.map(|plan| (plan, judge(plan, question, now))).collect();
    let closing = judged.iter().filter_map(|(plan, judgement)| match judgement {
        Judgement::Closed(rule, window) => Some((*plan, *rule, *window)),
        Judgement::Open { .. } => None,
    });
    if let Some((plan, rule, window)) = closing.max_by_key(|(plan, _, window)| (window.reopens, &plan.id)) {
        return Verdict::Closed(Box::new(Closed::by(rule, window, plan, question)));
    }
    let mut remarks: Vec<String> = judged
        .iter()
        .filter_map(|(plan, judgement)| match judgement {
            Judgement::Open { next: Some((rule, window)) } => Some(remark(plan, rule, *window, question)),
            _ => None,
        })
        .collect();
    remarks.sort();
    Verdict::Open { remarks }
}

/// What one plan says.
enum Judgement<'a> {
    Closed(&'a Rule, Window),
    Open { next: Option<(&'a Rule, Window)> },
}

fn judge<'a>(plan: &'a Plan, question: &Question, now: DateTime) -> Judgement<'a> {
    let governing = plan.governing(question);
    let closing: Vec<(&Rule, Window)> = governing
        .into_iter()
        .filter(|rule| rule.disposition != Disposition::Open)
        .filter_map(|rule| Some((rule, rule.window?)))
        .collect();
    let answering = closing.iter().filter(|(_, window)| window.contains(now));
    if let Some((rule, window)) = answering.min_by_key(|(rule, window)| (std::cmp::Reverse(window.reopens), &rule.id)) {
        return Judgement::Closed(rule, joined(*window, &closing));
    }
    let horizon = now.saturating_add(i64::from(plan.ahead_hours).hours());
    let near = closing.iter().filter(|(_, window)| now < window.closes && window.closes <= horizon);
    Judgement::Open { next: near.min_by_key(|(rule, window)| (window.closes, &rule.id)).copied() }
}

/// The window together with all others that touch it: the business is closed without a break.
fn joined(window: Window, all: &[(&Rule, Window)]) -> Window {
    let mut joined = window;
    loop {
        let before = joined;
        for (_, other) in all {
            if other.closes <= joined.reopens && joined.closes <= other.reopens {
                joined.closes = joined.closes.min(other.closes);
                joined.reopens = joined.reopens.max(other.reopens);
            }
        }
        if joined == before {
            return joined;
        }
    }
}

fn remark(plan: &Plan, rule: &Rule, window: Window, question: &Question) -> String {
    format!(
        "{}将于{}停办,{}恢复。{}",
        plan.name_of(&question.business),
        moment_name(window.closes),
        moment_name(window.reopens),
        rule.advice_ahead.as_deref().unwrap_or("请提前安排。")
    )
}

/// The verdict with every rule that was considered for it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Explanation {
    /// What [`decide`] says.
    pub verdict: Verdict,
    /// Every rule of every plan: governing rules first, then by line.
    pub considered: Vec<Considered>,
}

/// One rule and why it does or does not apply.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Considered {
    /// The plan's id.
    pub plan: String,
    /// The rule's id.
    pub rule: String,
    /// Its line in the plan.
    pub line: u32,
    /// Its clauses.
    pub clauses: Vec<String>,
    /// What became of it.
    pub outcome: Outcome,
}

/// Why a rule does or does not apply.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Outcome {
    /// This rule answers.
    Answers,
    /// Most specific, and outside its window.
    OutsideWindow(Window),
    /// Most specific and inside its window, but another one of the same rank answers.
    SameRank {
        /// The rule that answers.
        by: String,
    },
    /// Covers the question, but a more specific rule governs.
    LessSpecific {
        /// A rule that governs.
        than: String,
    },
    /// Names the business, but not this case of it.
    OtherScope(Vec<Mismatch>),
    /// Names other businesses.
    OtherBusiness,
    /// The plan is another pool's.
    OtherPool,
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Outcome::Answers => f.write_str("适用本条"),
            Outcome::OutsideWindow(window) => {
                write!(f, "最具体,但不在其停办时段({}至{})", moment_name(window.closes), moment_name(window.reopens))
            }
            Outcome::SameRank { by } => write!(f, "同样具体,由{by}作答"),
            Outcome::LessSpecific { than } => write!(f, "不如{than}具体"),
            Outcome::OtherScope(mismatches) => {
                let reasons: Vec<String> = mismatches.iter().map(Mismatch::to_string).collect();
                f.write_str(&reasons.join(";"))
            }
            Outcome::OtherBusiness => f.write_str("未提及该业务"),
            Outcome::OtherPool => f.write_str("方案属于其他统筹区"),
        }
    }
}

/// [`decide`], with the reason for each rule. The rule that answers is the winner; where the business is open by an
/// `open` rule, or because the governing rules are outside their windows, that is said of them.
pub fn explain(plans: &[Plan], question: &Question, now: DateTime) -> Explanation {
    let verdict = decide(plans, question, now);
    let winner = match &verdict {
        Verdict::Closed(closed) => Some((closed.plan.clone(), closed.rule.clone())),
        Verdict::Open { .. } => None,
    };
    let mut considered = Vec::new();
    for plan in plans {
        let concerns = question.concerns(&plan.pool);
        let governing = if concerns { plan.governing(question) } else { Vec::new() };
        for rule in &plan.rules {
            let governs = governing.iter().any(|other| other.id == rule.id);
            let outcome = if !concerns {
                Outcome::OtherPool
            } else if rule.specificity(&question.business).is_none() {
                Outcome::OtherBusiness
            } else if governs {
                of_governing(plan, rule, winner.as_ref(), now)
            } else {
                let mismatches = rule.scope.mismatches(question, &plan.pool);
                match governing.first() {
                    Some(other) if mismatches.is_empty() => Outcome::LessSpecific { than: other.id.clone() },
                    _ => Outcome::OtherScope(mismatches),
                }
            };
            considered.push(Considered {
                plan: plan.id.clone(),
                rule: rule.id.clone(),
                line: rule.line,
                clauses: rule.clauses.clone(),
                outcome,
            });
        }
    }
    considered.sort_by_key(|entry| (rank(&entry.outcome), entry.plan.clone(), entry.line));
    Explanation { verdict, considered }
}

fn of_governing(plan: &Plan, rule: &Rule, winner: Option<&(String, String)>, now: DateTime) -> Outcome {
    match (rule.window, winner) {
        (_, Some((winning_plan, id))) if *winning_plan == plan.id && *id == rule.id => Outcome::Answers,
        (Some(window), _) if rule.disposition != Disposition::Open && !window.contains(now) => {
            Outcome::OutsideWindow(window)
        }
        (_, Some((_, id))) => Outcome::SameRank { by: id.clone() },
        (_, None) => Outcome::Answers,
    }
}

fn rank(outcome: &Outcome) -> u8 {
    match outcome {
        Outcome::Answers => 0,
        Outcome::OutsideWindow(_) | Outcome::SameRank { .. } => 1,
        Outcome::LessSpecific { .. } => 2,
        Outcome::OtherScope(_) => 3,
        Outcome::OtherBusiness => 4,
        Outcome::OtherPool => 5,
    }
}
