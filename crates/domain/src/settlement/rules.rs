//! The rules of one pool on one day, as typed values. Reading and inheriting them is for `policy`;
//! applying them is for the other modules here.
//!
//! Every value is a [`Figure`]: it knows its parameter, source and whether it is only illustrative.

mod figure;
pub mod maternity;
pub mod tiers;

pub use figure::{ByLevel, Figure, Source};
pub use maternity::{DeliverySums, EarlyEndSum, MaternityRules, SumKind};
pub use tiers::{
    AssistanceClass, AssistanceRules, Band, BandBase, Bands, CivilServantRules, Cover, LargeAmountRules, Lift,
    OwnBands, SecondTierRules, SpecialTerms,
};

use super::care_kind::CareKind;
use crate::code::{Pool, Scheme};
use crate::money::{Money, Rate};
use crate::person::Population;
use crate::time::Date;
use std::collections::BTreeMap;

/// Ratios by population and level.
pub type Ratios = BTreeMap<Population, ByLevel<Rate>>;

/// A value by place of care and filing. Emergency counts as filed, long-term as at home.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Elsewhere<T> {
    /// In the province, filed.
    pub in_province_filed: Option<T>,
    /// In the province, not filed.
    pub in_province_unfiled: Option<T>,
    /// In another province, filed.
    pub out_of_province_filed: Option<T>,
    /// In another province, not filed.
    pub out_of_province_unfiled: Option<T>,
}

/// How a deductible falls from stay to stay.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Repetition {
    /// A share of the standard by stay number; the last one holds for all later stays.
    Shares(Vec<Rate>),
    /// So much less for every earlier stay, not below the floor.
    Steps {
        /// Off for every earlier stay.
        step: Money,
        /// Floors inside the pool.
        floor: ByLevel<Money>,
        /// Floors elsewhere.
        floor_elsewhere: ByLevel<Money>,
    },
}

/// A reduction for persons with an attribute.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Reduction {
    /// Attribute codes (`psn_idet_type`).
    pub attributes: Vec<String>,
    /// What is left of the deductible.
    pub left: Rate,
}

/// What a cap limits (`decisions` 24).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum CapOn {
    /// What the fund pays.
    Payment,
    /// The cost that the fund pays a share of.
    Cost,
}

/// A cap.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Cap {
    /// How much.
    pub amount: Money,
    /// Of what.
    pub on: CapOn,
}

/// Points for continuous years.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct YearPoints {
    /// From so many continuous years on.
    pub years: u32,
    /// Points added.
    pub points: Rate,
    /// For these populations.
    pub populations: Vec<Population>,
}

/// Points for a disease (`decisions` 23), added once.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct DiseasePoints {
    /// Points added.
    pub points: Rate,
    /// Main diagnoses that earn them: ICD codes or ranges (`C00-C97`).
    pub main: Vec<String>,
    /// Main diagnoses that earn them with one of `main` beside them.
    pub main_with_one_beside: Vec<String>,
    /// Main diagnoses that earn them below the age.
    pub main_under_age: Vec<String>,
    /// The age.
    pub under_age: i16,
}

/// Inpatient care, and the ratios that special-disease care borrows.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct InpatientRules {
    /// Standard deductible inside the pool.
    pub deductible: Option<Figure<ByLevel<Money>>>,
    /// Standard deductible elsewhere; without one that of the level.
    pub deductible_elsewhere: Option<Figure<Elsewhere<ByLevel<Money>>>>,
    /// How it falls from stay to stay.
    pub repetition: Option<Figure<Repetition>>,
    /// Reduction by attribute, taken last.
    pub reduction: Option<Figure<Reduction>>,
    /// A transfer makes up the difference only (`decisions` 19).
    pub transfer_makes_up_difference: Option<Figure<bool>>,
    /// Ratios inside the pool.
    pub ratio: Option<Figure<Ratios>>,
    /// Ratios elsewhere; without one that of the level.
    pub ratio_elsewhere: Option<Figure<Elsewhere<ByLevel<Rate>>>>,
    /// Points taken off elsewhere.
    pub points_off_elsewhere: Option<Figure<Elsewhere<Rate>>>,
    /// Points by age: totals, the highest age reached counts.
    pub age_points: Option<Figure<Vec<(i16, Rate)>>>,
    /// Points by continuous years.
    pub year_points: Option<Figure<YearPoints>>,
    /// Points by disease.
    pub disease_points: Option<Figure<DiseasePoints>>,
    /// No ratio is higher.
    pub ratio_max: Option<Figure<Rate>>,
    /// Annual basic cap.
    pub annual_cap: Option<Figure<Cap>>,
}

/// Ordinary outpatient pooling (门诊统筹).
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct OutpatientRules {
    /// Ratios; no ratio, no pooling.
    pub ratio: Option<Figure<Ratios>>,
    /// Payment cap of a day, by provider kind.
    pub day_cap: Option<Figure<ByLevel<Money>>>,
    /// Payment cap of a year.
    pub year_cap: Option<Figure<Money>>,
    /// Deductible of a year.
    pub year_deductible: Option<Figure<Money>>,
}

/// How a recognised disease is paid.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum DiseaseGroup {
    /// 慢性病.
    Chronic,
    /// 特殊疾病.
    Special,
}

/// Which of the two diseases (两病).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum TwoDisease {
    /// 高血压.
    Hypertension,
    /// 糖尿病.
    Diabetes,
}

/// An entry of a pool's disease list. It fits a qualification whose code begins with one of the codes,
/// or whose name contains one of the words.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct DiseaseEntry {
    /// Beginnings of `opsp_dise_code`.
    pub codes: Vec<String>,
    /// Words in `opsp_dise_name`.
    pub words: Vec<String>,
    /// How it is paid, where the list says so.
    pub group: Option<DiseaseGroup>,
    /// It earns the disease points.
    pub earns_points: bool,
    /// It is one of the two diseases.
    pub two_disease: Option<TwoDisease>,
    /// It qualifies for special drugs.
    pub special_drugs: bool,
}

/// How a yearly special-disease deductible runs.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum SpecialDeductible {
    /// None is taken.
    None,
    /// The inpatient standard of a first stay once a year, at the highest level used (`decisions` 44).
    YearlyHighestLevel,
}

/// Outpatient chronic and special disease (门诊慢特病).
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct SpecialDiseaseRules {
    /// The pool's list.
    pub diseases: Option<Figure<Vec<DiseaseEntry>>>,
    /// The group of a disease that the list does not mark; without it special-disease care is not offered.
    pub unmarked: Option<Figure<DiseaseGroup>>,
    /// The special-disease deductible.
    pub special_deductible: Option<Figure<SpecialDeductible>>,
    /// The chronic deductible of a year, at whatever level.
    pub chronic_deductible: Option<Figure<Money>>,
    /// The chronic payment cap of a year.
    pub chronic_cap: Option<Figure<Money>>,
    /// The same for persons with several chronic diseases.
    pub chronic_cap_several: Option<Figure<Money>>,
}

/// Two diseases (两病).
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct TwoDiseaseRules {
    /// Ratios by level; none, not offered.
    pub ratio: Option<Figure<ByLevel<Rate>>>,
    /// Yearly payment cap with hypertension alone.
    pub cap_hypertension: Option<Figure<Money>>,
    /// Yearly payment cap with diabetes alone.
    pub cap_diabetes: Option<Figure<Money>>,
    /// Common yearly payment cap with both.
    pub cap_both: Option<Figure<Money>>,
}

/// Special drugs (单行支付、高值药品).
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct SpecialDrugRules {
    /// Ratio; none, not offered.
    pub ratio: Option<Figure<Rate>>,
    /// Yearly payment cap of single-payment drugs.
    pub single_payment_cap: Option<Figure<Money>>,
    /// Pre-payment of high-value drugs.
    pub high_value_pre_payment: Option<Figure<Rate>>,
}

/// Personal account (个人账户).
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct AccountRules {
    /// The scheme has accounts.
    pub exists: Option<Figure<bool>>,
}

/// Entitlement (待遇).
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct EntitlementRules {
    /// Days to wait for who joins outside the campaign.
    pub waiting_days_outside_campaign: Option<Figure<i32>>,
    /// A newborn enrolled within so many days of birth is entitled from birth.
    pub newborn_days: Option<Figure<i32>>,
    /// Months to wait after a longer gap.
    pub waiting_months_after_gap: Option<Figure<i32>>,
    /// A gap of so many months makes no waiting.
    pub gap_months_max: Option<Figure<i32>>,
}

/// How lines are split.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LineRules {
    /// Pre-payment of a class-B item whose row has no rate.
    pub class_b_pre_payment: Rate,
    /// Pre-payment of high-value drugs.
    pub high_value_pre_payment: Rate,
    /// No pre-payment at all (maternity).
    pub no_pre_payment: bool,
    /// Special drugs are paid on their own in this settlement.
    pub special_drugs: bool,
}

/// All rules of one scheme.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct SchemeRules {
    /// Kinds of care that the pool offers.
    pub offered: Option<Figure<Vec<CareKind>>>,
    /// Pre-payment of a class-B item whose row has no rate.
    pub class_b_pre_payment: Option<Figure<Rate>>,
    /// Inpatient care.
    pub inpatient: InpatientRules,
    /// Ordinary outpatient care.
    pub outpatient: OutpatientRules,
    /// Chronic and special disease.
    pub special_disease: SpecialDiseaseRules,
    /// Two diseases.
    pub two_disease: TwoDiseaseRules,
    /// Special drugs.
    pub special_drug: SpecialDrugRules,
    /// Second tier.
    pub second_tier: SecondTierRules,
    /// Large amount.
    pub large_amount: LargeAmountRules,
    /// Civil servants.
    pub civil_servant: CivilServantRules,
    /// Assistance.
    pub assistance: AssistanceRules,
    /// Maternity.
    pub maternity: MaternityRules,
    /// Personal account.
    pub account: AccountRules,
    /// Entitlement.
    pub entitlement: EntitlementRules,
}

/// All rules of a pool on a day.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Rules {
    /// The pool.
    pub pool: Pool,
    /// The day they are the version of.
    pub day: Date,
    /// Employees.
    pub employee: SchemeRules,
    /// Residents.
    pub resident: SchemeRules,
}

impl SchemeRules {
    /// Whether the pool offers this kind of care.
    pub fn offers(&self, kind: CareKind) -> bool {
        self.offered.as_ref().is_some_and(|offered| offered.value.contains(&kind))
    }
}

impl Rules {
    /// The rules of a scheme.
    pub fn scheme(&self, scheme: Scheme) -> &SchemeRules {
        match scheme {
            Scheme::Employee => &self.employee,
            Scheme::Resident => &self.resident,
        }
    }

    /// How the lines of a settlement of this kind are split.
    pub fn lines(&self, scheme: Scheme, kind: CareKind, supplies_special_drugs: bool) -> LineRules {
        let rules = self.scheme(scheme);
        let rate = |figure: &Option<Figure<Rate>>| figure.as_ref().map_or(Rate::ZERO, |figure| figure.value);
        let bought_alone = match kind {
            CareKind::SpecialDrug => true,
            CareKind::Pharmacy => supplies_special_drugs,
            _ => false,
        };
        LineRules {
            class_b_pre_payment: rate(&rules.class_b_pre_payment),
            high_value_pre_payment: rate(&rules.special_drug.high_value_pre_payment),
            no_pre_payment: kind.is_maternity(),
            special_drugs: bought_alone && rules.special_drug.ratio.is_some(),
        }
    }
}
