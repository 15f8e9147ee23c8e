//! A provider as decisions see one.

use yibao_domain::provider::BenefitLevel;
use yibao_domain::settlement::case::ProviderFacts;
use yibao_store::reference::Provider;

/// The provider as the domain sees one.
pub(crate) fn of(provider: &Provider) -> ProviderFacts {
    let stated = |text: &String| Some(text.as_str()).filter(|text| !text.is_empty()).map(str::to_owned);
    let (kind, level) = (stated(&provider.benefit_level), stated(&provider.hosp_lv));
    let deductible = stated(&provider.dedc_hosp_lv);
    ProviderFacts {
        level: BenefitLevel::for_ratio(kind.as_deref(), level.as_deref()),
        deductible_level: BenefitLevel::for_deductible(kind.as_deref(), deductible.as_deref(), level.as_deref()),
        supplies_special_drugs: supplies_special_drugs(provider),
    }
}

/// Whether a provider supplies special drugs (供药机构); one whose record does not say so does.
pub(crate) fn supplies_special_drugs(provider: &Provider) -> bool {
    provider.special_drug_supplier != "0"
}
