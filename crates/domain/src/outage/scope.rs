//! For whom and where a rule holds, what a caller asks, and which of two rules is the more specific.
//!
//! The order of specificity is total, and compares in this order, the first difference deciding:
//! 1. a rule that prevails wins over one that does not;
//! 2. the business: more words of its name win over fewer, `*` has none;
//! 3. provider named, 4. county named, 5. population named, 6. place of care named, 7. insured pool named,
//!    8. scheme named, 9. channel named: a rule that names it wins over one that does not.
//!
//! So the own rule of a business beats any refinement of a broader one that does not prevail; among rules on the same business one on a
//! single provider beats one on a whole population, and where care is given beats the scheme that pays for it
//! (P-15 overrides P-06: who is treated elsewhere is not re-entered at home).

use super::{Business, Channel, Insurance, Place, Population};
use crate::code::Pool;
use std::fmt;

/// Where the person is insured, as a rule says it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum InsuredIn {
    /// In this pool.
    Pool(Pool),
    /// Anywhere but in the plan's own pool.
    Elsewhere,
}

/// The refinements of a rule; an empty list means no restriction.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Scope {
    /// Providers by code.
    pub providers: Vec<String>,
    /// Counties by code.
    pub counties: Vec<String>,
    /// Groups of persons.
    pub populations: Vec<Population>,
    /// Branches of insurance.
    pub schemes: Vec<Insurance>,
    /// Places of care.
    pub places: Vec<Place>,
    /// Where the person is insured.
    pub pools: Vec<InsuredIn>,
    /// Channels.
    pub channels: Vec<Channel>,
}

/// How specific a rule is about a business: compared field by field, in this order.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Specificity {
    /// Prevails over everything that does not.
    pub prevails: bool,
    /// Words of the name by which the rule covers the business.
    pub depth: usize,
    /// Names providers.
    pub provider: bool,
    /// Names counties.
    pub county: bool,
    /// Names populations.
    pub population: bool,
    /// Names places of care.
    pub place: bool,
    /// Names insured pools.
    pub pool: bool,
    /// Names schemes.
    pub scheme: bool,
    /// Names channels.
    pub channel: bool,
}

/// What the gate is asked. What the caller does not know stays empty, and no rule that names it applies.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Question {
    /// Which business.
    pub business: Business,
    /// The pool of the provider or office that does it; `None`: the insured pool.
    pub care_pool: Option<Pool>,
    /// The person's pool; `None`: the pool of care (an empty insuplc_admdvs means local).
    pub insured_pool: Option<Pool>,
    /// The place of care; `None`: derived from the two pools.
    pub place: Option<Place>,
    /// The branch of insurance.
    pub scheme: Option<Insurance>,
    /// Every group that the person belongs to.
    pub populations: Vec<Population>,
    /// The channel.
    pub channel: Option<Channel>,
    /// The provider's code.
    pub provider: Option<String>,
    /// The county, for rules and telephone numbers: the person's, else the provider's.
    pub county: Option<String>,
}

impl Question {
    /// A question about a business, with nothing else known: a local person, no scheme, no provider.
    pub fn about(business: Business) -> Question {
        Question {
            business,
            care_pool: None,
            insured_pool: None,
            place: None,
            scheme: None,
            populations: Vec::new(),
            channel: None,
            provider: None,
            county: None,
        }
    }

    /// Whether a plan of this pool has anything to say: care or insurance is there, or neither is stated.
    pub fn concerns(&self, pool: &Pool) -> bool {
        let pools = [&self.care_pool, &self.insured_pool];
        pools.iter().all(|stated| stated.is_none()) || pools.iter().any(|stated| stated.as_ref() == Some(pool))
    }

    /// The place of care as stated, or by the two pools: the same, the same province (first two digits), another.
    pub fn place(&self) -> Place {
        match (self.place, &self.care_pool, &self.insured_pool) {
            (Some(place), _, _) => place,
            (None, Some(care), Some(insured)) if care != insured => {
                if care.as_str().get(..2) == insured.as_str().get(..2) { Place::InProvince } else { Place::Remote }
            }
            _ => Place::Local,
        }
    }
}

/// Why a rule does not hold for a question.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Mismatch {
    /// The dimension, in Chinese.
    pub dimension: &'static str,
    /// What the rule names.
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

impl Scope {
    /// Its specificity on a business that the rule names with so many words.
    pub fn specificity(&self, depth: usize) -> Specificity {
        Specificity {
            prevails: false,
            depth,
            provider: !self.providers.is_empty(),
            county: !self.counties.is_empty(),
            population: !self.populations.is_empty(),
            place: !self.places.is_empty(),
            pool: !self.pools.is_empty(),
            scheme: !self.schemes.is_empty(),
            channel: !self.channels.is_empty(),
        }
    }

    /// Every dimension in which it does not fit the question; empty where the rule holds.
    pub fn mismatches(&self, question: &Question, plan_pool: &Pool) -> Vec<Mismatch> {
        let place = question.place();
        let insured = question.insured_pool.as_ref().or(question.care_pool.as_ref()).unwrap_or(plan_pool);
        let fits_pool = |insured_in: &InsuredIn| match insured_in {
            InsuredIn::Pool(pool) => pool == insured,
            InsuredIn::Elsewhere => insured != plan_pool,
        };
        let pool_name = |insured_in: &InsuredIn| match insured_in {
            InsuredIn::Pool(pool) => pool.to_string(),
            InsuredIn::Elsewhere => "外统筹区".to_owned(),
        };
        let mut found = Vec::new();
        let mut judge = |fits: bool, dimension, rule: Vec<String>, question: String| {
            if !rule.is_empty() && !fits {
                found.push(Mismatch { dimension, rule: rule.join("、"), question });
            }
        };
        judge(
            question.provider.as_ref().is_some_and(|provider| self.providers.contains(provider)),
            "医药机构",
            self.providers.clone(),
            question.provider.clone().unwrap_or_default(),
        );
        judge(
            question.county.as_ref().is_some_and(|county| self.counties.contains(county)),
            "县区",
            self.counties.clone(),
            question.county.clone().unwrap_or_default(),
        );
        judge(
            question.populations.iter().any(|population| self.populations.contains(population)),
            "人群",
            self.populations.iter().map(|population| population.name().to_owned()).collect(),
            question.populations.iter().map(|population| population.name()).collect::<Vec<_>>().join("、"),
        );
        judge(
            question.scheme.is_some_and(|scheme| self.schemes.contains(&scheme)),
            "险种",
            self.schemes.iter().map(|scheme| scheme.name().to_owned()).collect(),
            question.scheme.map(Insurance::name).unwrap_or_default().to_owned(),
        );
        judge(
            self.places.contains(&place),
            "就医地",
            self.places.iter().map(|place| place.name().to_owned()).collect(),
            place.name().to_owned(),
        );
        judge(
            self.pools.iter().any(fits_pool),
            "参保地",
            self.pools.iter().map(pool_name).collect(),
            insured.to_string(),
        );
        judge(
            question.channel.is_some_and(|channel| self.channels.contains(&channel)),
            "渠道",
            self.channels.iter().map(|channel| channel.name().to_owned()).collect(),
            question.channel.map(Channel::name).unwrap_or_default().to_owned(),
        );
        found
    }

    /// The refinements in a few words, for tables: `居民医保 · 跨省异地`; empty where there are none.
    pub fn name(&self) -> String {
        let mut parts: Vec<String> = Vec::new();
        parts.extend(self.providers.iter().cloned());
        parts.extend(self.counties.iter().cloned());
        parts.extend(self.populations.iter().map(|value| value.name().to_owned()));
        parts.extend(self.schemes.iter().map(|value| value.name().to_owned()));
        parts.extend(self.places.iter().map(|value| value.name().to_owned()));
        parts.extend(self.pools.iter().map(|value| match value {
            InsuredIn::Pool(pool) => format!("参保地{pool}"),
            InsuredIn::Elsewhere => "外统筹区参保".to_owned(),
        }));
        parts.extend(self.channels.iter().map(|value| value.name().to_owned()));
        parts.join("·")
    }
}
