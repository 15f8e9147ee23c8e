//! Dated values: how a figure is written down, and the plain types that figures are made of.
//!
//! Every shape refuses what it does not know, so that a slip of the pen is an error with file and line
//! and not a benefit that nobody notices.

use super::words::Tell;
use jiff::civil::Date;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use std::collections::BTreeMap;
use yibao_domain::money::{Decimal, Money, Rate, decimal};
use yibao_domain::person::Population;
use yibao_domain::provider::BenefitLevel;
use yibao_domain::settlement::rules::{ByLevel, Elsewhere, Ratios};

/// What a parameter's value is: how it is read, in which unit, and what the domain gets.
pub(super) trait Parameter: DeserializeOwned {
    /// The domain's type, which can be told to people.
    type Value: Clone + Tell;
    /// The unit that has to be written beside it.
    fn unit(&self) -> &'static str;
    /// The domain's value.
    fn value(self) -> Self::Value;
}

/// One dated value.
#[derive(Clone, Debug)]
pub(super) struct Dated<V> {
    pub from: Date,
    pub to: Option<Date>,
    /// `None`: from this day on the parameter does not exist here.
    pub value: Option<V>,
    /// The unit that is written beside the value; empty without one.
    pub unit: &'static str,
    pub source: String,
    pub illustrative: bool,
    pub carried_back: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, bound = "P: Parameter")]
struct RawDated<P> {
    from: toml::value::Datetime,
    to: Option<toml::value::Datetime>,
    unit: Option<String>,
    is: Option<P>,
    #[serde(default)]
    none: bool,
    source: String,
    #[serde(default)]
    illustrative: bool,
    #[serde(default)]
    carried_back: bool,
    #[serde(rename = "note")]
    _note: Option<String>,
}

impl<P: Parameter> RawDated<P> {
    fn checked(self) -> Result<Dated<P::Value>, String> {
        let from = date(&self.from)?;
        let to = self.to.as_ref().map(date).transpose()?;
        if to.is_some_and(|to| to < from) {
            return Err(format!("`to` lies before `from` {from}"));
        }
        if self.carried_back && !self.illustrative {
            return Err("a figure that is carried back before its own date is illustrative: add `illustrative = true`"
                .to_owned());
        }
        let (value, unit) = match (self.is, self.none) {
            (Some(value), false) => {
                let unit = value.unit();
                if self.unit.as_deref() != Some(unit) {
                    return Err(format!("`unit` must be \"{unit}\" here"));
                }
                (Some(value.value()), unit)
            }
            (None, true) => (None, ""),
            _ => return Err("give either `is` or `none = true`".to_owned()),
        };
        let RawDated { source, illustrative, carried_back, .. } = self;
        Ok(Dated { from, to, value, unit, source, illustrative, carried_back })
    }
}

fn date(written: &toml::value::Datetime) -> Result<Date, String> {
    match (written.date, written.time) {
        (Some(date), None) => Date::new(
            i16::try_from(date.year).map_err(|fault| fault.to_string())?,
            i8::try_from(date.month).map_err(|fault| fault.to_string())?,
            i8::try_from(date.day).map_err(|fault| fault.to_string())?,
        )
        .map_err(|fault| fault.to_string()),
        _ => Err(format!("{written} is no plain date such as 2021-01-01")),
    }
}

/// All dated values of one parameter in one layer, the latest first.
#[derive(Clone, Debug, Deserialize)]
#[serde(try_from = "Vec<RawDated<P>>", bound = "P: Parameter")]
pub(super) struct History<P: Parameter>(Vec<Dated<P::Value>>);

impl<P: Parameter> Default for History<P> {
    fn default() -> Self {
        History(Vec::new())
    }
}

impl<P: Parameter> TryFrom<Vec<RawDated<P>>> for History<P> {
    type Error = String;

    fn try_from(raw: Vec<RawDated<P>>) -> Result<Self, String> {
        let mut values = raw.into_iter().map(RawDated::checked).collect::<Result<Vec<_>, _>>()?;
        values.sort_by_key(|value| std::cmp::Reverse(value.from));
        match values.windows(2).find(|pair| pair[0].from == pair[1].from) {
            Some(pair) => Err(format!("two values begin on {}", pair[0].from)),
            None => Ok(History(values)),
        }
    }
}

impl<P: Parameter> History<P> {
    /// The value of the day: the latest begun that has not ended.
    pub fn on(&self, day: Date) -> Option<&Dated<P::Value>> {
        self.0.iter().find(|value| value.from <= day && value.to.is_none_or(|to| day <= to))
    }
}

/// A number as TOML has it: an integer, or a decimal in quotation marks. Floats are refused.
#[derive(Deserialize)]
#[serde(untagged, expecting = "a whole number, or a decimal in quotation marks such as \"66.5\"")]
enum Number {
    Whole(i64),
    Text(String),
}

impl Number {
    fn decimal(self) -> Result<Decimal, String> {
        match self {
            Number::Whole(number) => Ok(Decimal::from(number)),
            Number::Text(text) => decimal(&text).ok_or_else(|| format!("{text:?} is no decimal")),
        }
    }
}

/// Yuan.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(try_from = "Number")]
pub(super) struct Yuan(pub Money);

impl TryFrom<Number> for Yuan {
    type Error = String;

    fn try_from(number: Number) -> Result<Self, String> {
        let yuan = number.decimal()?;
        let money: Money = yuan.to_string().parse().map_err(|fault| format!("{yuan} yuan: {fault}"))?;
        if money < Money::ZERO { Err(format!("{yuan} yuan is negative")) } else { Ok(Yuan(money)) }
    }
}

/// Per cent, or points of a ratio.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(try_from = "Number")]
pub(super) struct Percent(pub Rate);

impl TryFrom<Number> for Percent {
    type Error = String;

    fn try_from(number: Number) -> Result<Self, String> {
        let percent = number.decimal()?;
        if percent < Decimal::ZERO || percent > Decimal::ONE_HUNDRED {
            return Err(format!("{percent} per cent is not between 0 and 100"));
        }
        let points = (percent * Decimal::ONE_HUNDRED).normalize();
        match i64::try_from(points) {
            Ok(points) if Decimal::from(points) == percent * Decimal::ONE_HUNDRED => {
                Ok(Percent(Rate::basis_points(points)))
            }
            _ => Err(format!("{percent} per cent has more than two decimals")),
        }
    }
}

macro_rules! plain_parameter {
    ($($kind:ty => $value:ty, $unit:literal, $take:expr;)*) => {
        $(impl Parameter for $kind {
            type Value = $value;
            fn unit(&self) -> &'static str {
                $unit
            }
            fn value(self) -> $value {
                let take: fn($kind) -> $value = $take;
                take(self)
            }
        })*
    };
}
pub(super) use plain_parameter;

plain_parameter! {
    Yuan => Money, "yuan", |yuan| yuan.0;
    Percent => Rate, "percent", |percent| percent.0;
    bool => bool, "yes or no", |flag| flag;
}

/// Days.
#[derive(Clone, Copy, Debug, Deserialize)]
pub(super) struct Days(u16);
/// Months.
#[derive(Clone, Copy, Debug, Deserialize)]
pub(super) struct Months(u16);

plain_parameter! {
    Days => i32, "days", |days| i32::from(days.0);
    Months => i32, "months", |months| i32::from(months.0);
}

/// Values by level: `{ level_1 = …, level_2 = … }`, or `{ every_level = … }`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Levels<T> {
    every_level: Option<T>,
    village: Option<T>,
    township: Option<T>,
    community: Option<T>,
    level_1: Option<T>,
    level_2: Option<T>,
    level_3: Option<T>,
}

impl<T: Copy> Levels<T> {
    /// The domain's table.
    pub fn table<V>(self, take: fn(T) -> V) -> ByLevel<V> {
        let every = self.every_level;
        let stated = [
            (BenefitLevel::Village, self.village),
            (BenefitLevel::Township, self.township),
            (BenefitLevel::Community, self.community),
            (BenefitLevel::Level1, self.level_1.or(every)),
            (BenefitLevel::Level2, self.level_2.or(every)),
            (BenefitLevel::Level3, self.level_3.or(every)),
        ];
        ByLevel {
            stated: stated.into_iter().filter_map(|(level, value)| value.map(|value| (level, take(value)))).collect(),
        }
    }
}

plain_parameter! {
    Levels<Yuan> => ByLevel<Money>, "yuan", |levels| levels.table(|yuan| yuan.0);
    Levels<Percent> => ByLevel<Rate>, "percent", |levels| levels.table(|percent| percent.0);
}

/// A word for a population.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum PopulationWord {
    Active,
    Retired,
    Adult,
    Minor,
}

impl PopulationWord {
    /// The domain's population.
    pub fn population(self) -> Population {
        match self {
            PopulationWord::Active => Population::Active,
            PopulationWord::Retired => Population::Retired,
            PopulationWord::Adult => Population::Adult,
            PopulationWord::Minor => Population::Minor,
        }
    }
}

/// Ratios by population and level: `{ adult = { level_1 = … }, minor = … }`, or `{ everyone = … }`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RatioTable {
    everyone: Option<Levels<Percent>>,
    active: Option<Levels<Percent>>,
    retired: Option<Levels<Percent>>,
    adult: Option<Levels<Percent>>,
    minor: Option<Levels<Percent>>,
}

impl RatioTable {
    fn ratios(self) -> Ratios {
        let everyone = self.everyone;
        let rows = [
            (Population::Active, self.active),
            (Population::Retired, self.retired),
            (Population::Adult, self.adult),
            (Population::Minor, self.minor),
        ];
        let rows = rows.into_iter().map(|(population, levels)| (population, levels.or_else(|| everyone.clone())));
        rows.filter_map(|(population, levels)| levels.map(|levels| (population, levels.value()))).collect()
    }
}

/// Shares by population: `{ active = 90, retired = 95 }`.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct PopulationPercents(BTreeMap<PopulationWord, Percent>);

impl PopulationPercents {
    fn shares(self) -> BTreeMap<Population, Rate> {
        self.0.into_iter().map(|(word, percent)| (word.population(), percent.0)).collect()
    }
}

plain_parameter! {
    RatioTable => Ratios, "percent", |table| table.ratios();
    PopulationPercents => BTreeMap<Population, Rate>, "percent", |shares| shares.shares();
}

/// Values by place of care and filing.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Places<T> {
    in_province_filed: Option<T>,
    in_province_unfiled: Option<T>,
    out_of_province_filed: Option<T>,
    out_of_province_unfiled: Option<T>,
}

impl<P: Parameter> Places<P> {
    fn table(self) -> Elsewhere<P::Value> {
        Elsewhere {
            in_province_filed: self.in_province_filed.map(P::value),
            in_province_unfiled: self.in_province_unfiled.map(P::value),
            out_of_province_filed: self.out_of_province_filed.map(P::value),
            out_of_province_unfiled: self.out_of_province_unfiled.map(P::value),
        }
    }
}

/// Points taken off by place of care and filing.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct PlacePoints(Places<Percent>);

plain_parameter! {
    Places<Levels<Yuan>> => Elsewhere<ByLevel<Money>>, "yuan", |places| places.table();
    Places<Levels<Percent>> => Elsewhere<ByLevel<Rate>>, "percent", |places| places.table();
    PlacePoints => Elsewhere<Rate>, "points", |places| places.0.table();
}
