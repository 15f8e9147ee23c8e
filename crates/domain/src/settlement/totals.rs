//! Running totals (累计): what a person's settlements of the year, or of the day, add up to.
//!
//! A decision reads them and says what it adds; a cancellation adds the mirror. They are kept per
//! person, pool, scheme and period (`decisions` 5). The list here is the only one: the store keeps them
//! by name, the loader has a column for each, and the accumulator query shows them.

use crate::time::Date;

/// What a total counts.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Unit {
    /// Money, in fen.
    Fen,
    /// Stays.
    Count,
}

/// How long a total runs.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Period {
    /// The calendar year of discharge, visit or purchase (`decisions` 3).
    Year,
    /// The day of the visit.
    Day,
}

macro_rules! running_totals {
    ($($(#[$doc:meta])* $variant:ident, $name:literal, $unit:ident, $period:ident, $code:literal, $chinese:literal;)*) => {
        /// One running total.
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
        pub enum RunningTotal {
            $($(#[$doc])* $variant,)*
        }

        impl RunningTotal {
            /// All of them, in the order of documentation and of the loader's columns.
            pub const ALL: &[RunningTotal] = &[$(RunningTotal::$variant,)*];

            /// The stable name, which the store, the loader and the documentation use.
            pub fn name(self) -> &'static str {
                match self { $(RunningTotal::$variant => $name,)* }
            }

            /// What it counts.
            pub fn unit(self) -> Unit {
                match self { $(RunningTotal::$variant => Unit::$unit,)* }
            }

            /// How long it runs.
            pub fn period(self) -> Period {
                match self { $(RunningTotal::$variant => Period::$period,)* }
            }

            /// The code that the accumulator query (5206) shows as `cum_type_code`.
            pub fn cum_type_code(self) -> &'static str {
                match self { $(RunningTotal::$variant => $code,)* }
            }

            /// Its Chinese name.
            pub fn chinese(self) -> &'static str {
                match self { $(RunningTotal::$variant => $chinese,)* }
            }
        }
    };
}

running_totals! {
    /// Earlier insured stays of the year, which make the stay number (`decisions` 16).
    InpatientStays, "inpatient_stays", Count, Year, "Y01", "年度住院次数";
    /// Pool payments that count into the annual basic cap (`decisions` 25).
    BasicPaid, "basic_paid", Fen, Year, "Y02", "年度统筹支付累计（计入封顶线）";
    /// Cost that counts into the annual basic cap, for pools whose cap limits cost.
    BasicCost, "basic_cost", Fen, Year, "Y03", "年度统筹支付范围费用累计（计入封顶线）";
    /// In-policy personal cost that the residents' second tier runs on (`decisions` 27).
    SecondTierBase, "second_tier_base", Fen, Year, "Y04", "大病保险合规个人负担累计";
    /// Second-tier payments.
    SecondTierPaid, "second_tier_paid", Fen, Year, "Y05", "大病保险支付累计";
    /// Employees' cost beyond the basic cap (`decisions` 32).
    LargeAmountCost, "large_amount_cost", Fen, Year, "Y06", "超封顶线费用累计";
    /// Large-amount payments.
    LargeAmountPaid, "large_amount_paid", Fen, Year, "Y07", "大额医疗费用补助支付累计";
    /// In-policy rest that assistance ran on (`decisions` 35).
    AssistanceBase, "assistance_base", Fen, Year, "Y08", "医疗救助计算基数累计";
    /// Assistance payments, the lift of the registered poor included.
    AssistancePaid, "assistance_paid", Fen, Year, "Y09", "医疗救助支付累计";
    /// Ordinary outpatient pool payments of the year (`decisions` 41).
    OutpatientPaid, "outpatient_paid", Fen, Year, "Y10", "年度普通门诊统筹支付累计";
    /// Ordinary outpatient pool payments of the day, at any provider (`decisions` 41).
    OutpatientPaidDay, "outpatient_paid_day", Fen, Day, "D01", "当日普通门诊统筹支付累计";
    /// What was met of a yearly ordinary outpatient deductible.
    OutpatientDeductibleMet, "outpatient_deductible_met", Fen, Year, "Y11", "普通门诊起付线已付累计";
    /// What was met of the yearly chronic-disease deductible (`decisions` 43).
    ChronicDeductibleMet, "chronic_deductible_met", Fen, Year, "Y12", "门诊慢性病起付线已付累计";
    /// Chronic-disease pool payments.
    ChronicPaid, "chronic_paid", Fen, Year, "Y13", "门诊慢性病统筹支付累计";
    /// The highest special-disease deductible standard used so far (`decisions` 44).
    SpecialDiseaseDeductibleStandard, "special_disease_deductible_standard", Fen, Year, "Y14", "门诊特殊疾病起付标准（已用最高）";
    /// What was met of the yearly special-disease deductible (`decisions` 44).
    SpecialDiseaseDeductibleMet, "special_disease_deductible_met", Fen, Year, "Y15", "门诊特殊疾病起付线已付累计";
    /// Two-disease pool payments (`decisions` 42).
    TwoDiseasePaid, "two_disease_paid", Fen, Year, "Y16", "两病门诊用药支付累计";
    /// Single-payment drug payments (`decisions` 45).
    SinglePaymentPaid, "single_payment_paid", Fen, Year, "Y17", "单行支付药品支付累计";
    /// Prenatal payments by ratio, which share a cap with ordinary outpatient care.
    PrenatalPaid, "prenatal_paid", Fen, Year, "Y18", "产前检查支付累计";
}

impl RunningTotal {
    /// The total of this name.
    pub fn of_name(name: &str) -> Option<RunningTotal> {
        RunningTotal::ALL.iter().copied().find(|total| total.name() == name)
    }

    /// The period text under which a settlement of this day counts: `2021` or `2021-07-01`.
    pub fn period_text(self, day: Date) -> String {
        match self.period() {
            Period::Year => format!("{:04}", day.year()),
            Period::Day => day.to_string(),
        }
    }
}

/// The totals as they stand before a settlement. Absent ones are 0.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Totals {
    amounts: std::collections::BTreeMap<RunningTotal, i64>,
}

impl Totals {
    /// The total in its own unit.
    pub fn get(&self, total: RunningTotal) -> i64 {
        self.amounts.get(&total).copied().unwrap_or(0)
    }

    /// The total as money.
    pub fn money(&self, total: RunningTotal) -> crate::money::Money {
        assert_eq!(total.unit(), Unit::Fen, "{} is no amount", total.name());
        crate::money::Money::fen(self.get(total))
    }

    /// Sets a total.
    pub fn set(&mut self, total: RunningTotal, value: i64) {
        self.amounts.insert(total, value);
    }

    /// Adds what a settlement, or the mirror of one, says.
    pub fn add(&mut self, deltas: &[(RunningTotal, i64)]) {
        for (total, delta) in deltas {
            *self.amounts.entry(*total).or_insert(0) += delta;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_codes_of_running_totals_are_their_own() {
        let names: std::collections::BTreeSet<_> = RunningTotal::ALL.iter().map(|total| total.name()).collect();
        let codes: std::collections::BTreeSet<_> =
            RunningTotal::ALL.iter().map(|total| total.cum_type_code()).collect();
        assert_eq!(names.len(), RunningTotal::ALL.len());
        assert_eq!(codes.len(), RunningTotal::ALL.len());
        for total in RunningTotal::ALL {
            assert_eq!(RunningTotal::of_name(total.name()), Some(*total));
        }
    }
}
