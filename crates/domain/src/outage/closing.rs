//! What closes the business of a question: the rules that govern it, each with the window that holds for it.
//!
//! Invariant: a stage closes nothing; it moves the reopening of what a rule closes.

use super::{Plan, Question, Rule, Stage, Window};
use crate::time::DateTime;

/// A rule that closes the business of a question, with the window that holds for this question.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Closing<'a> {
    /// The rule.
    pub rule: &'a Rule,
    /// Its window, with the stage's reopening where one holds.
    pub window: Window,
    /// The stage that moved the reopening.
    pub stage: Option<&'a Stage>,
}

impl Closing<'_> {
    /// The rule by itself, whoever asks; `None` where it closes nothing.
    pub(super) fn of(rule: &Rule) -> Option<Closing<'_>> {
        Some(Closing { rule, window: rule.window.clone()?, stage: None })
    }

    /// The reopening that was planned before anything moved: by the stage, else by the rule, else the present one.
    pub fn planned(&self) -> Option<DateTime> {
        let of_rule = || self.rule.planned_reopens.or_else(|| self.rule.window.as_ref()?.reopens.expected());
        match self.stage {
            Some(stage) if !stage.added => stage.planned_reopens.or_else(|| stage.reopens.expected()),
            _ => of_rule(),
        }
    }

    /// What to do while it is closed: what the rule says, then what the stage adds.
    pub fn advice(&self) -> String {
        let added = self.stage.and_then(|stage| stage.advice.as_deref()).unwrap_or_default();
        let apart =
            if added.is_empty() || self.rule.advice.ends_with(['。', '！', '？', ';', '；']) { "" } else { "。" };
        format!("{}{apart}{added}", self.rule.advice)
    }
}

impl Plan {
    /// What closes the business of a question, at any time: the governing rules with the windows that hold for it.
    ///
    /// A stage ends every window that has begun before it and would end later. Where none would, it prolongs the one that
    /// began last. What begins after the stage is another closing, which it leaves alone.
    pub fn closings(&self, question: &Question) -> Vec<Closing<'_>> {
        let mut closings: Vec<Closing<'_>> = self.governing(question).into_iter().filter_map(Closing::of).collect();
        let Some(stage) = self.stage_of(question) else { return closings };
        let begun: Vec<&Window> = closings
            .iter()
            .map(|closing| &closing.window)
            .filter(|window| stage.reopens.is_after(window.closes.at))
            .collect();
        let shortens = begun.iter().any(|window| window.reopens > stage.reopens);
        let last = begun.iter().map(|window| window.closes).max();
        for closing in &mut closings {
            let window = &mut closing.window;
            let has_begun = stage.reopens.is_after(window.closes.at);
            let moved = if shortens { window.reopens > stage.reopens } else { Some(window.closes) == last };
            if has_begun && moved {
                window.reopens = stage.reopens.clone();
                closing.stage = Some(stage);
            }
        }
        closings
    }

    /// The stage that a question falls under: the most specific one; of equals the one that reopens last.
    pub fn stage_of(&self, question: &Question) -> Option<&Stage> {
        let question = self.with_present_county(question);
        let covering = self.stages.iter().filter(|stage| stage.scope.fits(&question, &self.pool));
        let ranked = covering.filter_map(|stage| Some((stage.specificity(&question.business)?, stage)));
        let last = ranked.max_by_key(|(rank, stage)| (*rank, &stage.reopens, std::cmp::Reverse(&stage.id)));
        last.map(|(_, stage)| stage)
    }
}
