//! Deadlines without a case: for whom a rule speaks, and when its deadline ends for them, stage by stage (分批).
//!
//! Notices, checks and comparisons speak of rules, not of persons. They ask for somebody whom the rule covers, so that the
//! rule's own window and the stages of such people count, exactly as they do for a case.

use super::concern::is_at_providers;
use super::{
    Business, Channel, Closing, Due, DueAt, InsuredIn, Moments, Pattern, PersonIn, Plan, Population, ProviderIn,
    Question, Rule, Scope, Stage, Start, Window,
};
use crate::calendar::Calendar;
use crate::code::Pool;
use crate::time::DateTime;

/// The end of a deadline for those of one stage, or for all the others.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct StagedEnd<'a> {
    /// The stage; `None`: those who fall under none of the others.
    pub stage: Option<&'a Stage>,
    /// When it ends for them.
    pub at: DueAt,
}

/// Whose deadlines are asked for, where no case is at hand: people of a scope, and of which closing.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Whose<'a> {
    /// For whom and where.
    pub scope: &'a Scope,
    /// When the closing began that is spoken of: what a business closes twice has two reopenings.
    pub since: Option<DateTime>,
}

impl<'a> From<&'a Scope> for Whose<'a> {
    fn from(scope: &'a Scope) -> Whose<'a> {
        Whose { scope, since: None }
    }
}

impl<'a> From<&'a Rule> for Whose<'a> {
    fn from(rule: &'a Rule) -> Whose<'a> {
        Whose { scope: &rule.scope, since: rule.window.as_ref().map(|window| window.closes.at) }
    }
}

impl Plan {
    /// Somebody whom all of these scopes cover; `None` where they exclude each other. The business is that of the plan's
    /// deadlines, which name their own: see [`Moments::question`].
    pub fn somebody(&self, scopes: &[&Scope]) -> Option<Question> {
        let mut question = Question::about(Business::named("settlement"));
        question.channel = common(scopes, |scope| &scope.channels)?;
        let provider = provider(scopes, question.channel)?;
        question.provider.clone_from(&provider.code);
        question.records.groups.clone_from(&provider.groups);
        question.county = common(scopes, |scope| &scope.counties)?;
        question.place = common(scopes, |scope| &scope.places)?;
        question.scheme = common(scopes, |scope| &scope.schemes)?;
        let (populations, groups) = persons(scopes)?;
        question.populations = populations;
        question.records.groups.extend(groups);
        let insured = match common(scopes, |scope| &scope.pools)? {
            Some(InsuredIn::Elsewhere) => Some(elsewhere(scopes, &self.pool)),
            Some(InsuredIn::Pool(pool)) => Some(pool),
            None => None,
        };
        // A person of another pool meets the plan because the care is given in its pool.
        question.care_pool = insured.as_ref().filter(|pool| **pool != self.pool).map(|_| self.pool.clone());
        question.insured_pool = insured;
        Some(question)
    }

    /// The windows that stages give a rule, each for those of the stage whom the rule covers, in the order of the plan.
    pub fn staged_windows(&self, rule: &Rule) -> Vec<(&Stage, Window)> {
        let staged = |stage| {
            let Stage { businesses, scope, .. }: &Stage = stage;
            let somebody = self.somebody(&[&rule.scope, scope])?;
            let moves = |business: &&Business| {
                let named = businesses.is_empty() || businesses.iter().any(|pattern| pattern.covers(business));
                let is_theirs = scope.providers.is_empty() || is_at_providers(business);
                named && is_theirs && rule.specificity(business).is_some()
            };
            self.names.keys().filter(moves).find_map(|business| {
                let closings = Question { business: business.clone(), ..somebody.clone() };
                let by_it = |closing: &Closing<'_>| {
                    closing.rule.id == rule.id && closing.stage.is_some_and(|of| of.id == stage.id)
                };
                let window = self.closings(&closings).into_iter().find(by_it)?.window;
                Some((stage, window))
            })
        };
        self.stages.iter().filter_map(staged).collect()
    }

    /// Whether a stage moves the reopening for everybody whom a rule covers, and for all of its businesses.
    pub fn is_moved_as_a_whole(&self, rule: &Rule, stage: &Stage) -> bool {
        let covers = |pattern: &Pattern| match pattern {
            Pattern::All => stage.businesses.is_empty() || stage.businesses.contains(&Pattern::All),
            Pattern::Under(of) => stage.businesses.is_empty() || stage.businesses.iter().any(|own| own.covers(of)),
        };
        stage.scope.is_everybody() && rule.businesses.iter().all(covers)
    }

    /// When a deadline ends for those whom a scope covers and who fall under no stage of their own.
    pub fn end_for<'a>(&self, due: &Due, whose: impl Into<Whose<'a>>, calendar: &Calendar) -> DueAt {
        let Whose { scope, since } = whose.into();
        let question = self.somebody(&[scope]);
        self.end_of(due, &Moments { question: question.as_ref(), since, ..Moments::default() }, calendar)
    }

    /// The same for those of them who fall under a stage; `None` where the stage does not move this deadline.
    pub fn end_under<'a>(
        &self,
        stage: &Stage,
        due: &Due,
        whose: impl Into<Whose<'a>>,
        calendar: &Calendar,
    ) -> Option<DueAt> {
        let Whose { scope, since } = whose.into();
        let Some(Start::Reopening { of, .. }) = due.start() else { return None };
        let question = Question { business: of.clone(), ..self.somebody(&[scope, &stage.scope])? };
        if self.stage_of(&question).is_none_or(|governing| governing.id != stage.id) {
            return None;
        }
        let moments = Moments { question: Some(&question), since, ..Moments::default() };
        Some(self.end_of(due, &moments, calendar))
    }

    /// When a deadline ends for those whom a scope covers: first for most of them, then for each stage that gives it
    /// another end, in the order of the plan.
    pub fn staged_ends<'a>(&self, due: &Due, whose: impl Into<Whose<'a>>, calendar: &Calendar) -> Vec<StagedEnd<'_>> {
        let whose = whose.into();
        let most = self.end_for(due, whose, calendar);
        let staged = self.stages.iter().filter_map(|stage| {
            let at = self.end_under(stage, due, whose, calendar).filter(|at| *at != most)?;
            Some(StagedEnd { stage: Some(stage), at })
        });
        std::iter::once(StagedEnd { stage: None, at: most }).chain(staged).collect()
    }
}

/// A value that every scope allows: `Some(None)` where none restricts it, `None` where they share none.
fn common<T: Clone + PartialEq>(scopes: &[&Scope], values: impl Fn(&Scope) -> &Vec<T>) -> Option<Option<T>> {
    let mut restricting = scopes.iter().map(|scope| values(scope)).filter(|values| !values.is_empty());
    let Some(first) = restricting.next() else { return Some(None) };
    let rest: Vec<&Vec<T>> = restricting.collect();
    first.iter().find(|value| rest.iter().all(|values| values.contains(value))).cloned().map(Some)
}

/// A provider that every scope allows, and the groups that it has to belong to, whatever its record may say.
#[derive(Clone, Default)]
struct Somewhere<'a> {
    /// The way by which people come there.
    channel: Option<Channel>,
    code: Option<String>,
    groups: Vec<String>,
    named: Vec<&'a ProviderIn>,
}

/// Whether whoever comes by this channel comes to a provider of this code: not who goes to an office.
fn leads_to(channel: Option<Channel>, code: Option<&String>) -> bool {
    let is_pharmacy = code.map(|code| code.starts_with('P'));
    match channel {
        Some(Channel::Agency | Channel::Tax) => false,
        Some(Channel::Hospital) => is_pharmacy != Some(true),
        Some(Channel::Pharmacy) => is_pharmacy != Some(false),
        _ => true,
    }
}

fn provider<'a>(scopes: &[&'a Scope], channel: Option<Channel>) -> Option<Somewhere<'a>> {
    let restricting: Vec<&'a [ProviderIn]> =
        scopes.iter().map(|scope| scope.providers.as_slice()).filter(|named| !named.is_empty()).collect();
    within(&Somewhere { channel, ..Somewhere::default() }, &restricting)
}

/// The first choice of one of each list that agrees with what is chosen already.
fn within<'a>(chosen: &Somewhere<'a>, lists: &[&'a [ProviderIn]]) -> Option<Somewhere<'a>> {
    let Some((first, rest)) = lists.split_first() else { return Some(chosen.clone()) };
    let first = first.iter().filter(|named| chosen.named.iter().all(|taken| taken.may_meet(named)));
    first.into_iter().find_map(|named| {
        let group = match named {
            ProviderIn::Group(group) if group.is_list().is_none() => Some(group.id.clone()),
            _ => None,
        };
        let agrees = |code: &&String| chosen.code.as_ref().is_none_or(|taken| taken == *code);
        let codes: Vec<Option<&String>> = match named.codes() {
            Some(codes) => codes.iter().filter(agrees).map(Some).collect(),
            None => vec![chosen.code.as_ref()],
        };
        codes.into_iter().filter(|code| leads_to(chosen.channel, *code)).find_map(|code| {
            let mut next = Somewhere { code: code.cloned(), ..chosen.clone() };
            next.named.push(named);
            next.groups.extend(group.clone());
            within(&next, rest)
        })
    })
}

/// A person is of several populations and groups at once, unless they exclude each other.
fn persons(scopes: &[&Scope]) -> Option<(Vec<Population>, Vec<String>)> {
    let mut chosen: Vec<&PersonIn> = Vec::new();
    for scope in scopes.iter().filter(|scope| !scope.populations.is_empty()) {
        if scope.populations.iter().any(|named| chosen.contains(&named)) {
            continue;
        }
        let fits = |named: &&PersonIn| chosen.iter().all(|other| other.may_meet(named));
        chosen.push(scope.populations.iter().find(fits)?);
    }
    let (mut populations, mut groups) = (Vec::new(), Vec::new());
    for named in chosen {
        match named {
            PersonIn::Population(population) => populations.push(*population),
            PersonIn::Group(group) => groups.push(group.id.clone()),
        }
    }
    Some((populations, groups))
}

/// A pool of no division at all.
pub(super) const NOWHERE: &str = "999999";

/// A pool other than the plan's: one that a scope names, else one of no division at all.
fn elsewhere(scopes: &[&Scope], own: &Pool) -> Pool {
    let named = scopes.iter().flat_map(|scope| &scope.pools).find_map(|pool| match pool {
        InsuredIn::Pool(pool) if pool != own => Some(pool.clone()),
        _ => None,
    });
    named.unwrap_or_else(|| Pool::new(NOWHERE))
}
