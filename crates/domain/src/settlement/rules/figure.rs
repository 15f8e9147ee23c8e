//! A figure of the rules: a value with its source, and a value by level of the provider.

use crate::provider::BenefitLevel;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Where a figure comes from.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Source {
    /// The parameter, such as `inpatient.deductible`.
    pub parameter: String,
    /// Its Chinese name.
    pub title: String,
    /// Source tag, such as `[C] s1`.
    pub tag: String,
    /// Only an illustration.
    pub illustrative: bool,
}

/// A value with its source.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Figure<T> {
    /// The value.
    pub value: T,
    /// Where it comes from.
    pub source: Arc<Source>,
}

/// A value by level. A kind of institution without a value of its own counts as first level.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct ByLevel<T> {
    /// The values that are stated.
    pub stated: BTreeMap<BenefitLevel, T>,
}

impl<T: Copy> ByLevel<T> {
    /// The value at this level, if there is one.
    pub fn at(&self, level: BenefitLevel) -> Option<T> {
        self.stated.get(&level).or_else(|| self.stated.get(&level.as_level())).copied()
    }
}
