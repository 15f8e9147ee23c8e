//! For whom and where, in Chinese (适用对象): the one place that says a scope, for notice, explanation, timeline, comparison and
//! board, with the names that the plan gives to groups, counties, pools and providers; and why a scope does not cover a question.

use super::scope::Dimension;
use super::{InsuredIn, Plan, ProviderIn, Question, Scope};
use crate::code::Pool;
use std::fmt;

/// Why something of a plan does not hold for a question.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Mismatch {
    /// The dimension, in Chinese.
    pub dimension: &'static str,
    /// What the scope names.
    pub rule: String,
    /// What the question says; empty: it does not say.
    pub question: String,
}

impl fmt::Display for Mismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.question.is_empty() {
            write!(f, "{}限{}，所问未说明", self.dimension, self.rule)
        } else {
            write!(f, "{}限{}，所问为{}", self.dimension, self.rule, self.question)
        }
    }
}

/// `甲县、乙县和丙县`.
fn listed(names: &[String]) -> String {
    match names.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, rest)) => format!("{}和{last}", rest.join("、")),
        None => String::new(),
    }
}

impl Plan {
    /// Whether a scope covers a question.
    pub fn covers(&self, scope: &Scope, question: &Question) -> bool {
        scope.fits(&self.with_present_county(question), &self.pool)
    }

    /// Every dimension in which a scope does not cover a question; empty where it does.
    pub fn mismatches(&self, scope: &Scope, question: &Question) -> Vec<Mismatch> {
        let question = self.with_present_county(question);
        let missed = Dimension::ALL.into_iter().filter(|one| !scope.fits_in(*one, &question, &self.pool));
        let told = missed.map(|dimension| Mismatch {
            dimension: dimension.name(),
            rule: self.named(scope, dimension).join("、"),
            question: self.asked(&question, dimension),
        });
        told.collect()
    }

    /// Those whom a scope covers, as the public knows them: `外地参保，居民医保和职工医保`; empty for everybody.
    pub fn whom(&self, scope: &Scope) -> String {
        let order = [
            Dimension::Pool,
            Dimension::Place,
            Dimension::Population,
            Dimension::Scheme,
            Dimension::County,
            Dimension::Channel,
            Dimension::Provider,
        ];
        let parts = order.map(|dimension| listed(&self.named(scope, dimension)));
        parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("，")
    }

    /// What a county is called, by its present or a former code; the code where the plan does not name it.
    pub fn county_name<'a>(&'a self, code: &'a str) -> &'a str {
        self.county(code).map_or_else(|| self.division_name(code), |county| &county.name)
    }

    /// What a provider is called; `机构` with its code where the plan does not name it.
    pub fn provider_name(&self, code: &str) -> String {
        self.provider_names.get(code).cloned().unwrap_or_else(|| format!("机构{code}"))
    }

    fn division_name<'a>(&'a self, code: &'a str) -> &'a str {
        self.pool_names.get(code).map_or(code, String::as_str)
    }

    fn insured_in(&self, pool: &Pool) -> String {
        if *pool == self.pool {
            "本市参保".to_owned()
        } else {
            format!("{}参保", self.division_name(pool.as_str()))
        }
    }

    /// What a scope names in one dimension.
    fn named(&self, scope: &Scope, dimension: Dimension) -> Vec<String> {
        match dimension {
            Dimension::Provider => {
                let name = |named: &ProviderIn| match named {
                    ProviderIn::Code(code) => self.provider_name(code),
                    ProviderIn::Group(group) => group.name.clone(),
                };
                scope.providers.iter().map(name).collect()
            }
            Dimension::County => scope.counties.iter().map(|code| self.county_name(code).to_owned()).collect(),
            Dimension::Population => scope.populations.iter().map(|named| named.persons()).collect(),
            Dimension::Scheme => scope.schemes.iter().map(|scheme| scheme.name().to_owned()).collect(),
            Dimension::Place => scope.places.iter().map(|place| place.name().to_owned()).collect(),
            Dimension::Pool => {
                let name = |insured: &InsuredIn| match insured {
                    InsuredIn::Pool(pool) => self.insured_in(pool),
                    InsuredIn::Elsewhere => "外地参保".to_owned(),
                };
                scope.pools.iter().map(name).collect()
            }
            Dimension::Channel => scope.channels.iter().map(|channel| channel.name().to_owned()).collect(),
        }
    }

    /// What a question says in one dimension; empty where it does not.
    fn asked(&self, question: &Question, dimension: Dimension) -> String {
        match dimension {
            Dimension::Provider => {
                question.provider.as_deref().map(|code| self.provider_name(code)).unwrap_or_default()
            }
            Dimension::County => {
                question.county.as_deref().map(|code| self.county_name(code).to_owned()).unwrap_or_default()
            }
            Dimension::Population => {
                let groups = self.groups.iter().filter(|group| group.is_of_persons() && group.covers(question));
                let names = question.populations.iter().map(|population| population.name());
                names.chain(groups.map(|group| group.name.as_str())).collect::<Vec<_>>().join("、")
            }
            Dimension::Scheme => question.scheme.map(|scheme| scheme.name()).unwrap_or_default().to_owned(),
            Dimension::Place => question.place().name().to_owned(),
            Dimension::Pool => {
                let insured = question.insured_pool.as_ref().or(question.care_pool.as_ref()).unwrap_or(&self.pool);
                self.insured_in(insured)
            }
            Dimension::Channel => question.channel.map(|channel| channel.name()).unwrap_or_default().to_owned(),
        }
    }
}
