//! Outpatient chronic and special disease (门诊慢特病, `decisions` 43, 44).

use super::decision::DeductibleTaken;
use super::disease::{Recognised, recognised};
use super::ratio::EarnedBy;
use super::rules::{Cover, DiseaseGroup, SpecialDeductible};
use super::totals::RunningTotal;
use super::working::Working;
use super::{basic, deductible, ratio, tiers};
use crate::money::{Money, Rate};
use crate::refusal::{Code, Refusal};

/// Works out a visit for a recognised disease.
pub(super) fn pay(work: &mut Working) -> Result<(), Refusal> {
    let scheme = work.case.scheme.name();
    let Some(unmarked) = work.given(&work.rules.special_disease.unmarked).copied() else {
        return Err(Refusal::new(Code::NotProvided, format!("本统筹区{scheme}未开展门诊慢特病，请改用普通门诊")));
    };
    let held: Vec<_> = recognised(work).into_iter().filter(|disease| !disease.two_disease_alone()).collect();
    let chosen = choose(work, &held, unmarked)?;
    let group = chosen.group(unmarked);
    let label = match group {
        DiseaseGroup::Chronic => "慢性病",
        DiseaseGroup::Special => "特殊疾病",
    };
    work.say(format!("病种{}{}，按{label}待遇", chosen.qualification.code, chosen.qualification.name));
    let ratio = ratio::inpatient_ratio(work, EarnedBy::Qualification(chosen.earns_points()));
    match group {
        DiseaseGroup::Chronic => {
            let chronic = held.iter().filter(|disease| disease.group(unmarked) == DiseaseGroup::Chronic);
            let mut codes: Vec<_> = chronic.map(|disease| &disease.qualification.code).collect();
            codes.sort();
            codes.dedup();
            pay_chronic(work, codes.len(), ratio);
        }
        DiseaseGroup::Special => {
            let due = special_deductible(work);
            basic::pay(work, Cover::SpecialDisease, due, ratio);
            note_special_deductible(work, due.standard);
        }
    }
    Ok(())
}

/// The disease that the call names; without a name the only one, or the only way of paying.
fn choose<'a>(work: &Working, held: &[Recognised<'a>], unmarked: DiseaseGroup) -> Result<Recognised<'a>, Refusal> {
    let day = work.case.day;
    let none = |text: String| Err(Refusal::new(Code::NotQualified, text));
    let Some(first) = held.first() else {
        return none(format!("{day}无有效的门诊慢特病资格，请先办理慢特病认定备案(2503)，或改用普通门诊"));
    };
    if let Some(code) = work.case.disease_code.as_deref().filter(|code| !code.is_empty()) {
        let codes: Vec<_> = held.iter().map(|disease| disease.qualification.code.as_str()).collect();
        return match held.iter().find(|disease| disease.qualification.code == code) {
            Some(disease) => Ok(disease.clone()),
            None => none(format!("病种(dise_codg){code}在{day}无资格，已认定的为{}，请核对", codes.join("、"))),
        };
    }
    let terms = |disease: &Recognised| (disease.group(unmarked), disease.earns_points());
    if held.iter().any(|disease| terms(disease) != terms(first)) {
        return Err(Refusal::new(Code::FieldMissing, "参保人有多个待遇不同的慢特病病种，请填报病种编码(dise_codg)"));
    }
    Ok(first.clone())
}

/// Chronic disease: a deductible once a year at whatever level, the inpatient ratio, a yearly cap of its own.
fn pay_chronic(work: &mut Working, diseases: usize, ratio: Rate) {
    let rules = &work.rules.special_disease;
    let in_scope = work.case.bill.parts().in_scope;
    let standard = work.given(&rules.chronic_deductible).copied().unwrap_or(Money::ZERO);
    let this_time = standard.less(work.total(RunningTotal::ChronicDeductibleMet));
    let met = in_scope.min(this_time);
    let several = if diseases > 1 { rules.chronic_cap_several.as_ref() } else { None };
    let cap = several.or(rules.chronic_cap.as_ref()).map(|figure| *work.used(figure));
    let room = cap.map(|cap| cap.less(work.total(RunningTotal::ChronicPaid)));
    let full = in_scope.minus(met).share(ratio);
    let amount = room.map_or(full, |room| full.min(room));
    work.deductible = DeductibleTaken { standard, this_time, met };
    work.ratio = ratio;
    work.add(RunningTotal::ChronicDeductibleMet, met);
    work.add(RunningTotal::ChronicPaid, amount);
    let limit = room.map_or_else(String::new, |room| format!("，慢性病年度余额{room}"));
    let pool = work.pool();
    work.pay(pool, amount, in_scope, room, format!("（{in_scope}－起付线{met}）×{ratio}{limit}，支付{amount}"));
    tiers::pay(work, Cover::ChronicDisease, Money::ZERO);
}

/// The special-disease deductible that is still due this year, at the highest level used so far; its standard is
/// that of this hospital.
fn special_deductible(work: &mut Working) -> DeductibleTaken {
    match work.given(&work.rules.special_disease.special_deductible) {
        None | Some(SpecialDeductible::None) => DeductibleTaken::default(),
        Some(SpecialDeductible::YearlyHighestLevel) => {
            let here = deductible::standard(work);
            let highest = here.max(work.total(RunningTotal::SpecialDiseaseDeductibleStandard));
            let met = work.total(RunningTotal::SpecialDiseaseDeductibleMet);
            let this_time = highest.less(met);
            work.say(format!("年度起付标准{highest}（按已用最高等级），已付{met}，本次{this_time}"));
            DeductibleTaken { standard: here, this_time, met: Money::ZERO }
        }
    }
}

/// Notes by how much this hospital raises the highest standard used and what was met, unless no room was left and nothing was taken.
fn note_special_deductible(work: &mut Working, standard: Money) {
    let taken = work.deductible;
    if taken.this_time > Money::ZERO {
        let before = work.total(RunningTotal::SpecialDiseaseDeductibleStandard);
        work.add(RunningTotal::SpecialDiseaseDeductibleStandard, standard.less(before));
        work.add(RunningTotal::SpecialDiseaseDeductibleMet, taken.met);
    }
}
