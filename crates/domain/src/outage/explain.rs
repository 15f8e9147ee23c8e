//! Why the gate answers as it does: every rule and stage of every plan with the reason for which it does or does not apply.
//!
//! The verdict itself is [`super::decide`]'s; nothing here decides anything anew.

use super::{Closing, Mismatch, Plan, Question, Reopens, Rule, Stage, Verdict, Window, decide};
use crate::code::Pool;
use crate::time::DateTime;
use std::fmt;

/// The verdict with every rule that was considered for it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Explanation {
    /// What [`decide`] says.
    pub verdict: Verdict,
    /// Every rule of every plan: governing rules first, then by line.
    pub considered: Vec<Considered>,
    /// Every stage of every plan: the one that moves the reopening first, then by line.
    pub stages: Vec<Considered>,
}

/// One rule or stage and why it does or does not apply.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Considered {
    /// The plan's id.
    pub plan: String,
    /// The id of the rule or stage.
    pub rule: String,
    /// Its line in the plan.
    pub line: u32,
    /// Its clauses.
    pub clauses: Vec<String>,
    /// What became of it.
    pub outcome: Outcome,
}

/// Why a rule or stage does or does not apply.
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
    /// The stage that holds; it moves the reopening to this.
    Moves(Reopens),
    /// The stage that holds, but nothing that it could move has closed before it.
    MovesNothing,
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Outcome::Answers => f.write_str("适用本条"),
            Outcome::OutsideWindow(window) => {
                write!(f, "最具体，但不在其停办时段（{}）", window.name())
            }
            Outcome::SameRank { by } => write!(f, "同样具体，由{by}作答"),
            Outcome::LessSpecific { than } => write!(f, "不如{than}具体"),
            Outcome::OtherScope(mismatches) => {
                let reasons: Vec<String> = mismatches.iter().map(Mismatch::to_string).collect();
                f.write_str(&reasons.join("；"))
            }
            Outcome::OtherBusiness => f.write_str("未提及该业务"),
            Outcome::OtherPool => f.write_str("方案属于其他统筹区"),
            Outcome::Moves(reopens) => write!(f, "适用本批，{}", reopens.name()),
            Outcome::MovesNothing => f.write_str("属于本批，但没有在它之前停办的规则可改"),
        }
    }
}

/// [`decide`], with the reason for each rule. The rule that answers is the winner; where the business is open by an
/// `open` rule, or because the governing rules are outside their windows, that is said of them.
pub fn explain(plans: &[Plan], question: &Question, now: DateTime) -> Explanation {
    let verdict = decide(plans, question, now);
    let winner = match &verdict {
        Verdict::Closed(closed) => Some((closed.pool.clone(), closed.plan.clone(), closed.rule.clone())),
        Verdict::Open { .. } => None,
    };
    let (mut considered, mut stages) = (Vec::new(), Vec::new());
    for plan in plans {
        let concerns = question.concerns(&plan.pool);
        let governing = if concerns { plan.governing(question) } else { Vec::new() };
        let closings = if concerns { plan.closings(question) } else { Vec::new() };
        for rule in &plan.rules {
            let governs = governing.iter().any(|other| other.id == rule.id);
            let outcome = if !concerns {
                Outcome::OtherPool
            } else if rule.specificity(&question.business).is_none() {
                Outcome::OtherBusiness
            } else if governs {
                of_governing(plan, rule, &closings, winner.as_ref(), now)
            } else {
                let mismatches = plan.mismatches(&rule.scope, question);
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
        stages.extend(plan.stages.iter().map(|stage| Considered {
            plan: plan.id.clone(),
            rule: stage.id.clone(),
            line: stage.line,
            clauses: stage.clauses.clone(),
            outcome: if concerns { of_stage(plan, stage, &closings, question) } else { Outcome::OtherPool },
        }));
    }
    for entries in [&mut considered, &mut stages] {
        entries.sort_by_key(|entry| (rank(&entry.outcome), entry.plan.clone(), entry.line));
    }
    Explanation { verdict, considered, stages }
}

fn of_stage(plan: &Plan, stage: &Stage, closings: &[Closing<'_>], question: &Question) -> Outcome {
    let mismatches = plan.mismatches(&stage.scope, question);
    if stage.specificity(&question.business).is_none() {
        return Outcome::OtherBusiness;
    }
    if !mismatches.is_empty() {
        return Outcome::OtherScope(mismatches);
    }
    let is_this = |other: &&Stage| other.id == stage.id;
    match plan.stage_of(question) {
        Some(other) if other.id != stage.id => Outcome::LessSpecific { than: other.id.clone() },
        _ if closings.iter().any(|closing| closing.stage.as_ref().is_some_and(is_this)) => {
            Outcome::Moves(stage.reopens.clone())
        }
        _ => Outcome::MovesNothing,
    }
}

fn of_governing(
    plan: &Plan,
    rule: &Rule,
    closings: &[Closing<'_>],
    winner: Option<&(Pool, String, String)>,
    now: DateTime,
) -> Outcome {
    let window = closings.iter().find(|closing| closing.rule.id == rule.id).map(|closing| &closing.window);
    match (window, winner) {
        (_, Some((pool, winner, id))) if (pool, winner, id) == (&plan.pool, &plan.id, &rule.id) => Outcome::Answers,
        (Some(window), _) if !window.contains(now) => Outcome::OutsideWindow(window.clone()),
        (_, Some((.., id))) => Outcome::SameRank { by: id.clone() },
        (_, None) => Outcome::Answers,
    }
}

fn rank(outcome: &Outcome) -> u8 {
    match outcome {
        Outcome::Answers | Outcome::Moves(_) => 0,
        Outcome::OutsideWindow(_) | Outcome::SameRank { .. } | Outcome::MovesNothing => 1,
        Outcome::LessSpecific { .. } => 2,
        Outcome::OtherScope(_) => 3,
        Outcome::OtherBusiness => 4,
        Outcome::OtherPool => 5,
    }
}
