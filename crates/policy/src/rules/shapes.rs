//! The shapes of the less plain parameters: repetition, bands, disease lists, classes, sums.

use super::value::{Levels, Parameter, Percent, PopulationWord, Yuan, plain_parameter};
use serde::Deserialize;
use yibao_domain::money::{Money, Rate};
use yibao_domain::settlement::CareKind;
use yibao_domain::settlement::rules::{
    AssistanceClass, Band, BandBase, Bands, Cap, CapOn, Cover, DeliverySums, DiseaseEntry, DiseaseGroup, DiseasePoints,
    EarlyEndSum, Lift, OwnBands, Reduction, Repetition, SpecialDeductible, SpecialTerms, SumKind, TwoDisease,
    YearPoints,
};

/// A choice of words.
macro_rules! words {
    ($($(#[$doc:meta])* $kind:ident => $value:ident { $($word:ident),* $(,)? })*) => {
        $($(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub(super) enum $kind { $($word,)* }

        impl $kind {
            fn meaning(self) -> $value {
                match self { $($kind::$word => $value::$word,)* }
            }
        })*
    };
}

words! {
    /// What a cap limits.
    CapOnWord => CapOn { Payment, Cost }
    /// What band edges are measured on.
    BandBaseWord => BandBase { Whole, AboveDeductible }
    /// Care above the pool.
    CoverWord => Cover { Inpatient, SpecialDisease, ChronicDisease }
    /// How a disease is paid.
    GroupWord => DiseaseGroup { Chronic, Special }
    /// One of the two diseases.
    TwoDiseaseWord => TwoDisease { Hypertension, Diabetes }
    /// How the special-disease deductible runs.
    SpecialDeductibleWord => SpecialDeductible { None, YearlyHighestLevel }
    /// Fixed or limit.
    SumWord => SumKind { Fixed, Limit }
    /// A kind of care.
    KindWord => CareKind {
        Outpatient, SpecialDisease, TwoDisease, SpecialDrug, Pharmacy, MaternityOutpatient, FamilyPlanning, Inpatient,
        MaternityInpatient,
    }
}

impl KindWord {
    /// The domain's kind.
    pub fn kind(self) -> CareKind {
        self.meaning()
    }
}

/// How a deductible falls: `{ shares = [100, 50, 0] }` or `{ step = 100, floor = {…}, floor_elsewhere = {…} }`.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged, expecting = "{ shares = [..] }, or { step = .., floor = {..}, floor_elsewhere = {..} }")]
pub(super) enum RepetitionShape {
    Shares(SharesShape),
    Steps(Box<StepsShape>),
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SharesShape {
    shares: Vec<Percent>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct StepsShape {
    step: Yuan,
    floor: Levels<Yuan>,
    floor_elsewhere: Levels<Yuan>,
}

impl Parameter for RepetitionShape {
    type Value = Repetition;

    fn unit(&self) -> &'static str {
        match self {
            RepetitionShape::Shares(_) => "percent",
            RepetitionShape::Steps(_) => "yuan",
        }
    }

    fn value(self) -> Repetition {
        match self {
            RepetitionShape::Shares(shape) => {
                Repetition::Shares(shape.shares.into_iter().map(|share| share.0).collect())
            }
            RepetitionShape::Steps(shape) => Repetition::Steps {
                step: shape.step.0,
                floor: shape.floor.value(),
                floor_elsewhere: shape.floor_elsewhere.value(),
            },
        }
    }
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ReductionShape {
    attributes: Vec<String>,
    left: Percent,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CapShape {
    amount: Yuan,
    limits: CapOnWord,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AgePointsShape {
    age: i16,
    points: Percent,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct YearPointsShape {
    years: u32,
    points: Percent,
    populations: Vec<PopulationWord>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct DiseasePointsShape {
    points: Percent,
    main: Vec<String>,
    main_with_one_beside: Vec<String>,
    main_under_age: Vec<String>,
    under_age: i16,
}

plain_parameter! {
    ReductionShape => Reduction, "percent", |shape| Reduction { attributes: shape.attributes, left: shape.left.0 };
    CapShape => Cap, "yuan", |shape| Cap { amount: shape.amount.0, on: shape.limits.meaning() };
    Vec<AgePointsShape> => Vec<(i16, Rate)>, "points", |table| {
        table.into_iter().map(|row| (row.age, row.points.0)).collect()
    };
    YearPointsShape => YearPoints, "points", |shape| YearPoints {
        years: shape.years,
        points: shape.points.0,
        populations: shape.populations.into_iter().map(PopulationWord::population).collect(),
    };
    DiseasePointsShape => DiseasePoints, "points", |shape| DiseasePoints {
        points: shape.points.0,
        main: shape.main,
        main_with_one_beside: shape.main_with_one_beside,
        main_under_age: shape.main_under_age,
        under_age: shape.under_age,
    };
    Vec<CoverWord> => Vec<Cover>, "care", |words| words.into_iter().map(CoverWord::meaning).collect();
    Vec<KindWord> => Vec<CareKind>, "care", |words| words.into_iter().map(KindWord::kind).collect();
    GroupWord => DiseaseGroup, "group", GroupWord::meaning;
    SpecialDeductibleWord => SpecialDeductible, "way", SpecialDeductibleWord::meaning;
}

/// An entry of a disease list.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct DiseaseShape {
    #[serde(default)]
    codes: Vec<String>,
    #[serde(default)]
    words: Vec<String>,
    group: Option<GroupWord>,
    #[serde(default)]
    earns_points: bool,
    two_disease: Option<TwoDiseaseWord>,
    #[serde(default = "yes")]
    special_drugs: bool,
}

fn yes() -> bool {
    true
}

plain_parameter! {
    Vec<DiseaseShape> => Vec<DiseaseEntry>, "diseases", |list| {
        let entry = |shape: DiseaseShape| DiseaseEntry {
            codes: shape.codes,
            words: shape.words,
            group: shape.group.map(GroupWord::meaning),
            earns_points: shape.earns_points,
            two_disease: shape.two_disease.map(TwoDiseaseWord::meaning),
            special_drugs: shape.special_drugs,
        };
        list.into_iter().map(entry).collect()
    };
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct BandShape {
    up_to: Option<Yuan>,
    percent: Percent,
}

/// Bands with their deductible: edges rise, and the last band is open.
#[derive(Clone, Debug, Deserialize)]
#[serde(try_from = "RawBands")]
pub(super) struct BandsShape(Bands);

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawBands {
    deductible: Yuan,
    edges_on: BandBaseWord,
    bands: Vec<BandShape>,
}

impl TryFrom<RawBands> for BandsShape {
    type Error = String;

    fn try_from(raw: RawBands) -> Result<Self, String> {
        let bands: Vec<Band> =
            raw.bands.iter().map(|band| Band { up_to: band.up_to.map(|edge| edge.0), rate: band.percent.0 }).collect();
        let (last, others) = bands.split_last().ok_or("bands need at least one band")?;
        let edges: Option<Vec<Money>> = others.iter().map(|band| band.up_to).collect();
        match (last.up_to, edges) {
            (None, Some(edges)) if edges.windows(2).all(|pair| pair[0] < pair[1]) => {}
            _ => return Err("bands need rising edges `up_to`, and none in the last".to_owned()),
        }
        Ok(BandsShape(Bands { deductible: raw.deductible.0, base: raw.edges_on.meaning(), bands }))
    }
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SpecialTermsShape {
    attributes: Vec<String>,
    deductible_left: Percent,
    points: Percent,
    least: Percent,
    ceiling_holds: bool,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct OwnBandsShape {
    attributes: Vec<String>,
    bands: BandsShape,
    ceiling_holds: bool,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AssistanceClassShape {
    class: u8,
    attributes: Vec<String>,
    deductible: Yuan,
    percent: Percent,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct LiftShape {
    attributes: Vec<String>,
    not_with: Vec<String>,
    to: Percent,
    own_county_only: bool,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct EarlyEndShape {
    from_month: u32,
    sum: Yuan,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct DeliveryShape {
    kind: SumWord,
    vaginal: Levels<Yuan>,
    difficult: Levels<Yuan>,
    further_child: Yuan,
    newborn: Yuan,
}

plain_parameter! {
    BandsShape => Bands, "yuan, percent", |shape| shape.0;
    SpecialTermsShape => SpecialTerms, "percent", |shape| SpecialTerms {
        attributes: shape.attributes,
        deductible_left: shape.deductible_left.0,
        points: shape.points.0,
        least: shape.least.0,
        ceiling_holds: shape.ceiling_holds,
    };
    OwnBandsShape => OwnBands, "yuan, percent", |shape| OwnBands {
        attributes: shape.attributes,
        bands: shape.bands.0,
        ceiling_holds: shape.ceiling_holds,
    };
    Vec<AssistanceClassShape> => Vec<AssistanceClass>, "yuan, percent", |classes| {
        let class = |shape: AssistanceClassShape| AssistanceClass {
            class: shape.class,
            attributes: shape.attributes,
            deductible: shape.deductible.0,
            ratio: shape.percent.0,
        };
        classes.into_iter().map(class).collect()
    };
    LiftShape => Lift, "percent", |shape| Lift {
        attributes: shape.attributes,
        not_with: shape.not_with,
        to: shape.to.0,
        own_county_only: shape.own_county_only,
    };
    Vec<EarlyEndShape> => Vec<EarlyEndSum>, "yuan", |sums| {
        sums.into_iter().map(|shape| EarlyEndSum { from_month: shape.from_month, sum: shape.sum.0 }).collect()
    };
    DeliveryShape => DeliverySums, "yuan", |shape| DeliverySums {
        kind: shape.kind.meaning(),
        vaginal: shape.vaginal.value(),
        difficult: shape.difficult.value(),
        further_child: shape.further_child.0,
        newborn: shape.newborn.0,
    };
}
