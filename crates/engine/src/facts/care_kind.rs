//! The kind of care (医疗类别) of a `med_type`, and the business of settling it.

use crate::call::Stop;
use crate::policies::Policies;
use yibao_domain::outage::Business;
use yibao_domain::refusal::{Code, Refusal};
use yibao_domain::settlement::CareKind;
use yibao_store::encounter::Setting;

/// The kind of a `med_type`, by the national table of care types.
pub(crate) fn kind_of(policies: &Policies, med_type: &str) -> Result<CareKind, Stop> {
    policies.rules.care_kind(med_type).ok_or_else(|| {
        Refusal::new(
            Code::NotProvided,
            format!("医疗类别 med_type {med_type} 未开通结算；可用的医疗类别见 /docs/interface/codes/med_type"),
        )
        .into()
    })
}

/// The business of settling a kind of care in its setting.
pub(crate) fn settlement_business(setting: Setting, kind: CareKind) -> Business {
    let name = match (setting, kind) {
        (Setting::Inpatient, CareKind::MaternityInpatient) => "settlement.inpatient.maternity".to_owned(),
        (Setting::Inpatient, _) => "settlement.inpatient".to_owned(),
        (Setting::Pharmacy, kind) if kind != CareKind::SpecialDrug => "settlement.pharmacy".to_owned(),
        _ => format!("settlement.outpatient.{}", word(kind)),
    };
    Business::new(&name).expect("businesses in code are dotted names")
}

/// The last word of an outpatient business.
pub(crate) fn word(kind: CareKind) -> &'static str {
    match kind {
        CareKind::SpecialDisease => "special",
        CareKind::TwoDisease => "two_diseases",
        CareKind::SpecialDrug => "special_drug",
        CareKind::MaternityOutpatient | CareKind::FamilyPlanning => "maternity",
        CareKind::Outpatient | CareKind::Pharmacy | CareKind::Inpatient | CareKind::MaternityInpatient => "ordinary",
    }
}

/// 清算类别: the base values of the national table.
pub(crate) fn clearing_type(kind: CareKind) -> &'static str {
    match kind {
        CareKind::Outpatient => "11",
        CareKind::SpecialDisease => "14",
        CareKind::TwoDisease => "15",
        CareKind::SpecialDrug => "18",
        CareKind::Pharmacy => "41",
        CareKind::MaternityOutpatient | CareKind::FamilyPlanning => "53",
        CareKind::Inpatient | CareKind::MaternityInpatient => "21",
    }
}
