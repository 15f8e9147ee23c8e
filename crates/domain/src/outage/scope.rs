//! For whom and where something of a plan holds (适用范围), what a caller asks, and which of two rules is the more specific.
//!
//! Rules, stages, duties, supplies, extensions, tolerances and promises of no loss have one kind of scope, and [`Plan::covers`]
//! alone says whether it covers a question; how it is said in Chinese is in `whom`.
//!
//! [`Plan::covers`]: super::Plan::covers
//!
//! The order of specificity is total, and compares in this order, the first difference deciding:
//! 1. a rule that prevails wins over one that does not;
//! 2. the business: more words of its name win over fewer, `*` has none;
//! 3. provider named, 4. county named, 5. population named, 6. insured pool named, 7. place of care named,
//!    8. scheme named, 9. channel named: a rule that names it wins over one that does not.
//!
//! So the own rule of a business beats any refinement of a broader one that does not prevail; among rules on the same business one on a
//! single provider beats one on a whole population, where care is given beats the scheme that pays for it
//! (P-15 overrides P-06: who is treated elsewhere is not re-entered at home), and who is insured elsewhere goes by what is said of
//! him, not by what is said of care away from home, though his is that too.

use super::{Channel, Insurance, PersonIn, Place, ProviderIn, Question};
use crate::code::Pool;

/// Where the person is insured, as a rule says it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum InsuredIn {
    /// In this pool.
    Pool(Pool),
    /// Anywhere but in the plan's own pool.
    Elsewhere,
}

/// For whom and where; an empty list means no restriction.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Scope {
    /// Providers by code or group.
    pub providers: Vec<ProviderIn>,
    /// Counties by code.
    pub counties: Vec<String>,
    /// Populations and groups of persons.
    pub populations: Vec<PersonIn>,
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
    /// Names insured pools.
    pub pool: bool,
    /// Names places of care.
    pub place: bool,
    /// Names schemes.
    pub scheme: bool,
    /// Names channels.
    pub channel: bool,
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
            pool: !self.pools.is_empty(),
            place: !self.places.is_empty(),
            scheme: !self.schemes.is_empty(),
            channel: !self.channels.is_empty(),
        }
    }

    /// Whether it covers a question whose county is named as the plan names it. Others ask [`super::Plan::covers`].
    pub(super) fn fits(&self, question: &Question, plan_pool: &Pool) -> bool {
        Dimension::ALL.iter().all(|dimension| self.fits_in(*dimension, question, plan_pool))
    }

    /// Whether it covers a question as far as one dimension tells.
    pub(super) fn fits_in(&self, dimension: Dimension, question: &Question, plan_pool: &Pool) -> bool {
        fn any<T>(named: &[T], fits: impl Fn(&T) -> bool) -> bool {
            named.is_empty() || named.iter().any(fits)
        }
        let insured = || question.insured_pool.as_ref().or(question.care_pool.as_ref()).unwrap_or(plan_pool);
        match dimension {
            Dimension::Provider => any(&self.providers, |named| named.covers(question)),
            Dimension::County => any(&self.counties, |county| question.county.as_ref() == Some(county)),
            Dimension::Population => any(&self.populations, |named| named.covers(question)),
            Dimension::Scheme => any(&self.schemes, |scheme| question.scheme == Some(*scheme)),
            Dimension::Place => any(&self.places, |place| question.place() == *place),
            Dimension::Pool => any(&self.pools, |insured_in| match insured_in {
                InsuredIn::Pool(pool) => pool == insured(),
                InsuredIn::Elsewhere => insured() != plan_pool,
            }),
            Dimension::Channel => {
                any(&self.channels, |channel| question.channel.is_some_and(|of| of.name() == channel.name()))
            }
        }
    }

    /// Whether only what is known of the person decides: a question without a person is not covered.
    pub fn asks_of_persons(&self) -> bool {
        !self.populations.is_empty() || !self.schemes.is_empty() || !self.pools.is_empty()
    }

    /// Whether it restricts nothing.
    pub fn is_everybody(&self) -> bool {
        *self == Scope::default()
    }
}

/// What a scope may restrict (限定).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Dimension {
    Provider,
    County,
    Population,
    Scheme,
    Place,
    Pool,
    Channel,
}

impl Dimension {
    /// In the order in which people are told.
    pub(super) const ALL: [Dimension; 7] = [
        Dimension::Provider,
        Dimension::County,
        Dimension::Population,
        Dimension::Scheme,
        Dimension::Place,
        Dimension::Pool,
        Dimension::Channel,
    ];

    pub(super) fn name(self) -> &'static str {
        match self {
            Dimension::Provider => "医药机构",
            Dimension::County => "县区",
            Dimension::Population => "人群",
            Dimension::Scheme => "险种",
            Dimension::Place => "就医地",
            Dimension::Pool => "参保地",
            Dimension::Channel => "渠道",
        }
    }
}
