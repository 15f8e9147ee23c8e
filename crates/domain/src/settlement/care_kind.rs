//! The kind of care (业务类别), which decides how a settlement is made.

/// The kind of care (业务类别) that a national `med_type` belongs to. Which codes belong is the pool's data.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum CareKind {
    /// 普通门诊.
    Outpatient,
    /// 门诊慢特病.
    SpecialDisease,
    /// 两病门诊.
    TwoDisease,
    /// 特药购药.
    SpecialDrug,
    /// 定点药店购药.
    Pharmacy,
    /// 生育门诊.
    MaternityOutpatient,
    /// 计划生育手术.
    FamilyPlanning,
    /// 住院.
    Inpatient,
    /// 生育住院.
    MaternityInpatient,
}

impl CareKind {
    /// All of them.
    pub const ALL: [CareKind; 9] = [
        CareKind::Outpatient,
        CareKind::SpecialDisease,
        CareKind::TwoDisease,
        CareKind::SpecialDrug,
        CareKind::Pharmacy,
        CareKind::MaternityOutpatient,
        CareKind::FamilyPlanning,
        CareKind::Inpatient,
        CareKind::MaternityInpatient,
    ];

    /// The word that rules use.
    pub fn word(self) -> &'static str {
        match self {
            CareKind::Outpatient => "outpatient",
            CareKind::SpecialDisease => "special_disease",
            CareKind::TwoDisease => "two_disease",
            CareKind::SpecialDrug => "special_drug",
            CareKind::Pharmacy => "pharmacy",
            CareKind::MaternityOutpatient => "maternity_outpatient",
            CareKind::FamilyPlanning => "family_planning",
            CareKind::Inpatient => "inpatient",
            CareKind::MaternityInpatient => "maternity_inpatient",
        }
    }

    /// The kind of this word.
    pub fn of_word(word: &str) -> Option<CareKind> {
        CareKind::ALL.into_iter().find(|kind| kind.word() == word)
    }

    /// Its Chinese name.
    pub fn name(self) -> &'static str {
        match self {
            CareKind::Outpatient => "普通门诊",
            CareKind::SpecialDisease => "门诊慢特病",
            CareKind::TwoDisease => "两病门诊",
            CareKind::SpecialDrug => "特药购药",
            CareKind::Pharmacy => "定点药店购药",
            CareKind::MaternityOutpatient => "生育门诊",
            CareKind::FamilyPlanning => "计划生育手术",
            CareKind::Inpatient => "住院",
            CareKind::MaternityInpatient => "生育住院",
        }
    }

    /// A stay with admission and discharge.
    pub fn is_stay(self) -> bool {
        matches!(self, CareKind::Inpatient | CareKind::MaternityInpatient)
    }

    /// Settled with the maternity rules, where no pre-payment is taken (`decisions` 12).
    pub fn is_maternity(self) -> bool {
        matches!(self, CareKind::MaternityOutpatient | CareKind::MaternityInpatient | CareKind::FamilyPlanning)
    }
}
