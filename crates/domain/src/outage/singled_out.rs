//! Those whom rules and stages name for themselves (另有规定的对象): other places, pools, schemes, populations, counties, providers and
//! channels than an ordinary person's. Public board, cutover board and desks ask for each of them beside the ordinary person, so that
//! nothing counts as open again while it is closed for some.

use super::concern::is_at_providers;
use super::scope::Dimension;
use super::typical::NOWHERE;
use super::{Business, Channel, Insurance, Pattern, Place, Plan, Question, Rule, Scope, Stage, Window};
use crate::code::{Pool, Scheme};

/// Some of those who ask for a business, and what they ask.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SingledOut {
    /// Who they are, as the public knows them: `跨省异地`.
    pub whom: String,
    /// What somebody of them asks.
    pub question: Question,
    /// A stage names them (分批恢复).
    pub is_wave: bool,
}

/// What names them.
#[derive(Clone, Copy)]
enum By<'a> {
    Rule(&'a Rule),
    Stage(&'a Stage),
}

impl<'a> By<'a> {
    fn scope(self) -> &'a Scope {
        match self {
            By::Rule(rule) => &rule.scope,
            By::Stage(stage) => &stage.scope,
        }
    }

    fn covers(self, business: &Business) -> bool {
        match self {
            By::Rule(rule) => rule.specificity(business).is_some(),
            By::Stage(stage) => stage.specificity(business).is_some(),
        }
    }

    /// Whether it names the business, rather than all there is.
    fn names(self, business: &Business) -> bool {
        let patterns = match self {
            By::Rule(rule) => &rule.businesses,
            By::Stage(stage) => &stage.businesses,
        };
        patterns.iter().any(|pattern| matches!(pattern, Pattern::Under(of) if business.is_within(of)))
    }

    /// Whether it is what answers them: nothing that is more specific does.
    fn answers(self, plan: &Plan, question: &Question) -> bool {
        match self {
            By::Rule(rule) => plan.governing(question).iter().any(|other| other.id == rule.id),
            By::Stage(stage) => plan.stage_of(question).is_some_and(|other| other.id == stage.id),
        }
    }
}

impl Plan {
    /// Everybody but who asks `base` for whom a rule or a stage answers the same business, in the order of the plan. Where `base` is at
    /// a provider they are those who come there; of a scheme that others ask for, nobody.
    pub fn singled_out(&self, base: &Question) -> Vec<SingledOut> {
        let mut all: Vec<SingledOut> = Vec::new();
        let rules = self.rules.iter().map(By::Rule);
        for by in rules.chain(self.stages.iter().map(By::Stage)).filter(|by| by.covers(&base.business)) {
            let Some(question) = self.one_of(by, base).filter(|question| by.answers(self, question)) else { continue };
            let is_wave = matches!(by, By::Stage(_));
            let one = SingledOut { whom: self.whom(by.scope()), question, is_wave };
            if !all.contains(&one) {
                all.push(one);
            }
        }
        all
    }

    /// Those of them whose business is closed at other times than that of who asks `base`, with their windows.
    pub fn closed_apart(&self, base: &Question) -> Vec<(String, Vec<Window>)> {
        let windows = |question: &Question| -> Vec<Window> {
            self.closings(question).into_iter().map(|closing| closing.window).collect()
        };
        let own = windows(base);
        let others = self.singled_out(base).into_iter().map(|one| (one.whom, windows(&one.question)));
        others.filter(|(_, theirs)| *theirs != own).collect()
    }

    /// Somebody whom it names, as far as that is somebody else than who asks `base`.
    fn one_of(&self, by: By<'_>, base: &Question) -> Option<Question> {
        let scope = by.scope();
        if scope.is_everybody() || self.covers(scope, base) || !is_reached(by, base) {
            return None;
        }
        let is_at_a_provider = base.provider.is_some();
        let here = self.with_present_county(base);
        let is_here = [Dimension::Provider, Dimension::County].iter().all(|one| scope.fits_in(*one, &here, &self.pool));
        if is_at_a_provider && !is_here {
            return None;
        }
        let mut theirs = scope.clone();
        if is_at_a_provider {
            (theirs.providers, theirs.counties) = (Vec::new(), Vec::new());
        }
        let somebody = self.somebody(&[&theirs])?;
        // Who is away from home and comes here is insured elsewhere.
        let comes_from_afar = is_at_a_provider && somebody.place.is_some_and(|place| place != Place::Local);
        let insured_pool = match somebody.insured_pool {
            None if comes_from_afar => Some(Pool::new(NOWHERE)),
            named => named.or_else(|| base.insured_pool.clone()),
        };
        let is_elsewhere = insured_pool.as_ref().is_some_and(|pool| *pool != self.pool);
        let mut records = base.records.clone();
        records.groups.extend(somebody.records.groups);
        let of_other_populations = !somebody.populations.is_empty();
        Some(Question {
            business: base.business.clone(),
            care_pool: if is_elsewhere { Some(self.pool.clone()) } else { base.care_pool.clone() },
            insured_pool,
            place: if is_elsewhere { somebody.place } else { somebody.place.or(base.place) },
            scheme: scheme(scope, base)?,
            populations: if of_other_populations { somebody.populations } else { base.populations.clone() },
            channel: somebody.channel.or(base.channel),
            provider: somebody.provider.or_else(|| base.provider.clone()),
            county: somebody.county.or_else(|| base.county.clone()),
            insured_county: base.insured_county.clone(),
            records,
        })
    }
}

/// Whether those of a scope come to this business at all: a wave of providers has no part in what is done at offices, and a channel
/// that is named for all business only in what goes by such channels.
fn is_reached(by: By<'_>, base: &Question) -> bool {
    let (scope, at_providers) = (by.scope(), is_at_providers(&base.business));
    let of_providers = |channel: &Channel| matches!(*channel, Channel::Hospital | Channel::Pharmacy);
    let by_channel = scope.channels.is_empty()
        || scope.channels.iter().any(|channel| Some(*channel) == base.channel)
        || by.names(&base.business) && base.provider.is_none()
        || base.provider.is_none() && scope.channels.iter().any(of_providers) == at_providers;
    by_channel && (scope.providers.is_empty() || at_providers)
}

/// The scheme of those of a scope, beside who asks `base`; nothing where others ask for them.
fn scheme(scope: &Scope, base: &Question) -> Option<Option<Insurance>> {
    let named = &scope.schemes;
    let usual = [Scheme::Employee, Scheme::Resident].map(Insurance::from);
    match base.scheme {
        Some(own) if named.is_empty() || named.contains(&own) => Some(Some(own)),
        Some(_) if named.iter().any(|scheme| usual.contains(scheme)) => None,
        _ => Some(named.first().copied()),
    }
}
