//! The rules of maternity: by ratio, or by sums that are fixed or that limit.

use super::figure::{ByLevel, Figure};
use crate::money::{Money, Rate};

/// Whether a maternity sum is paid whatever the cost, or limits the cost that is paid.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum SumKind {
    /// 定额: the surplus is paid out.
    Fixed,
    /// 限额: the in-scope cost up to the sum.
    Limit,
}

/// Delivery sums.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct DeliverySums {
    /// Fixed or limit.
    pub kind: SumKind,
    /// Vaginal delivery.
    pub vaginal: ByLevel<Money>,
    /// Difficult delivery or caesarean.
    pub difficult: ByLevel<Money>,
    /// For every child beyond the first.
    pub further_child: Money,
    /// Newborn care, added to the sum.
    pub newborn: Money,
}

/// A sum by month of an early end of pregnancy: from so many months on.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct EarlyEndSum {
    /// From so many full months on.
    pub from_month: u32,
    /// The sum.
    pub sum: Money,
}

/// Maternity (生育).
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct MaternityRules {
    /// Prenatal visits by ratio and level.
    pub prenatal_ratio: Option<Figure<ByLevel<Rate>>>,
    /// Yearly payment cap of prenatal visits together with ordinary outpatient care.
    pub prenatal_cap_with_outpatient: Option<Figure<Money>>,
    /// A sum for all prenatal care, paid out with the delivery.
    pub prenatal_sum: Option<Figure<Money>>,
    /// The same where pregnancy ends early, lowest month first.
    pub early_end_sums: Option<Figure<Vec<EarlyEndSum>>>,
    /// Delivery by sums.
    pub delivery_sums: Option<Figure<DeliverySums>>,
    /// Delivery by ratio of in-scope.
    pub delivery_ratio: Option<Figure<Rate>>,
    /// Procedures by ratio of in-scope.
    pub procedure_ratio: Option<Figure<Rate>>,
}
