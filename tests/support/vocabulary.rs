//! The words of the project's own that loaded files need beside the national field names: disease codes and the
//! columns of running totals, as `docs/load.md` states them. The only place to change when that page does.

/// A running total that a person brings from before (a column of `accumulators.csv`).
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Used {
    /// Basic pool payments that count against the annual cap.
    BasicCap,
    /// Single-payment drug payments against their sub-cap.
    DrugSubCap,
    /// In-policy rest of residents: base of the second tier.
    SecondTierBase,
    /// What the second tier paid.
    SecondTierPaid,
    /// Employees' cost beyond the cap.
    BeyondCap,
    /// What large-amount paid.
    LargeAmountPaid,
    /// Inpatient stays of the year.
    Stays,
}

/// Every column, in the file's order.
pub const COLUMNS: [(Used, &str); 7] = [
    (Used::BasicCap, "basic_paid"),
    (Used::DrugSubCap, "single_payment_paid"),
    (Used::SecondTierBase, "second_tier_base"),
    (Used::SecondTierPaid, "second_tier_paid"),
    (Used::BeyondCap, "large_amount_cost"),
    (Used::LargeAmountPaid, "large_amount_paid"),
    (Used::Stays, "inpatient_stays"),
];

/// Qualification for the two diseases in `special_diseases.csv`: code and name.
pub const HYPERTENSION: (&str, &str) = ("M03900", "高血压");
pub const DIABETES: (&str, &str) = ("M01600", "糖尿病");
/// Chronic diseases, unmarked in the pools' lists.
pub const RHEUMATISM: (&str, &str) = ("M06900", "类风湿性关节炎");
pub const TUBERCULOSIS: (&str, &str) = ("M00200", "结核病");
/// Special diseases, marked in the pools' lists.
pub const DIALYSIS: (&str, &str) = ("M07801", "慢性肾功能衰竭透析治疗");
pub const CANCER: (&str, &str) = ("M00500", "恶性肿瘤门诊治疗");
