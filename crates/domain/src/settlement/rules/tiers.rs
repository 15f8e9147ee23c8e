//! The rules of the tiers above the pool: second tier, large amount, civil-servant subsidy, assistance.

use super::figure::Figure;
use crate::money::{Money, Rate};
use crate::person::Population;
use std::collections::BTreeMap;

/// Care that a tier above the pool covers.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Cover {
    /// 住院.
    Inpatient,
    /// 门诊特殊疾病.
    SpecialDisease,
    /// 门诊慢性病.
    ChronicDisease,
}

/// A band: a share of what lies below its upper edge.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Band {
    /// Upper edge; open where absent.
    pub up_to: Option<Money>,
    /// Share paid.
    pub rate: Rate,
}

/// What band edges are measured on (`decisions` 28).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum BandBase {
    /// The cumulated amount from zero; below the deductible nothing is paid.
    Whole,
    /// What exceeds the deductible.
    AboveDeductible,
}

/// Bands with their deductible.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Bands {
    /// Deductible.
    pub deductible: Money,
    /// What the edges are measured on.
    pub base: BandBase,
    /// Lowest first; the last one is open.
    pub bands: Vec<Band>,
}

/// Better second-tier terms for persons with an attribute.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SpecialTerms {
    /// Attribute codes.
    pub attributes: Vec<String>,
    /// What is left of the deductible.
    pub deductible_left: Rate,
    /// Points added to every band.
    pub points: Rate,
    /// No band pays less.
    pub least: Rate,
    /// The ceiling holds for them too.
    pub ceiling_holds: bool,
}

/// Bands of their own for persons with an attribute, unless a special group comes first (`decisions` 31).
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct OwnBands {
    /// Attribute codes.
    pub attributes: Vec<String>,
    /// Their bands.
    pub bands: Bands,
    /// The ceiling holds for them too.
    pub ceiling_holds: bool,
}

/// Residents' serious-illness insurance (大病保险).
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct SecondTierRules {
    /// Kinds of care that feed it and are paid by it (`decisions` 29).
    pub covers: Option<Figure<Vec<Cover>>>,
    /// The bands.
    pub bands: Option<Figure<Bands>>,
    /// Special groups.
    pub special: Option<Figure<SpecialTerms>>,
    /// Bands of their own.
    pub own_bands: Option<Figure<OwnBands>>,
    /// Yearly ceiling of its payments.
    pub ceiling: Option<Figure<Money>>,
}

/// Employees' large-amount supplement (大额).
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct LargeAmountRules {
    /// Kinds of care whose cost beyond the basic cap counts.
    pub covers: Option<Figure<Vec<Cover>>>,
    /// Bands on the cost beyond the cap.
    pub bands: Option<Figure<Bands>>,
    /// Yearly ceiling of basic pool and large amount together (`decisions` 33).
    pub common_ceiling: Option<Figure<Money>>,
}

/// Civil-servant subsidy (公务员医疗补助).
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct CivilServantRules {
    /// Kinds of care covered.
    pub covers: Option<Figure<Vec<Cover>>>,
    /// Share of the in-policy rest by population.
    pub ratio: Option<Figure<BTreeMap<Population, Rate>>>,
}

/// A class of assistance.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct AssistanceClass {
    /// Class number: of several the lowest counts.
    pub class: u8,
    /// Attribute codes.
    pub attributes: Vec<String>,
    /// Deductible of a year.
    pub deductible: Money,
    /// Share paid.
    pub ratio: Rate,
}

/// Assistance lifts all funds to a share of the in-scope amount (`decisions` 31).
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Lift {
    /// Attribute codes.
    pub attributes: Vec<String>,
    /// Not for persons with one of these.
    pub not_with: Vec<String>,
    /// The share.
    pub to: Rate,
    /// Only for stays in the own county.
    pub own_county_only: bool,
}

/// Medical assistance (医疗救助).
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct AssistanceRules {
    /// Kinds of care covered.
    pub covers: Option<Figure<Vec<Cover>>>,
    /// The classes.
    pub classes: Option<Figure<Vec<AssistanceClass>>>,
    /// Yearly payment cap.
    pub cap: Option<Figure<Money>>,
    /// The lift.
    pub lift: Option<Figure<Lift>>,
}
