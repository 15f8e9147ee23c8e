//! The order of a settlement: what each kind of care is paid by, one payer after the other.

use super::care_kind::CareKind;
use super::case::{AccountUse, Case};
use super::decision::Decision;
use super::rules::Rules;
use super::working::Working;
use super::{inpatient, maternity, outpatient, special_disease, special_drug, two_disease};
use crate::money::Money;
use crate::refusal::{Code, Refusal};

/// Decides one settlement: who pays what of the bill.
///
/// The order is that of `benefits` section 11: deductible, pool, caps, second tier, supplements,
/// assistance, the provider's part, the personal account, cash. Each step rounds once, on its sum.
pub fn decide(case: &Case, rules: &Rules) -> Result<Decision, Refusal> {
    check(case, rules)?;
    let mut work = Working::new(case, rules.scheme(case.scheme));
    match case.kind {
        CareKind::Outpatient => outpatient::pay(&mut work),
        CareKind::SpecialDisease => special_disease::pay(&mut work)?,
        CareKind::TwoDisease => two_disease::pay(&mut work)?,
        CareKind::SpecialDrug | CareKind::Pharmacy => special_drug::pay(&mut work)?,
        CareKind::MaternityOutpatient | CareKind::FamilyPlanning | CareKind::MaternityInpatient => {
            maternity::pay(&mut work)?;
        }
        CareKind::Inpatient => inpatient::pay(&mut work),
    }
    work.finish()
}

/// Refuses facts that no settlement can have.
fn check(case: &Case, rules: &Rules) -> Result<(), Refusal> {
    if !rules.scheme(case.scheme).offers(case.kind) {
        let (scheme, kind) = (case.scheme.name(), case.kind.name());
        let text = format!("本统筹区{scheme}无{kind}待遇，请核对医疗类别(med_type)，可改按普通门诊(11)或住院(21)结算");
        return Err(Refusal::new(Code::NotProvided, text));
    }
    let parts = case.bill.parts();
    for (name, amount) in [
        ("医疗费总额", parts.total()),
        ("全自费金额", parts.own_paid),
        ("超限价金额", parts.over_limit),
        ("先行自付金额", parts.pre_paid),
        ("符合政策范围金额", parts.in_scope),
        ("医院负担金额", case.hospital_part),
    ] {
        if amount < Money::ZERO {
            let way = "退已结算的费用请先撤销原结算(2103、2208、2305)，再按应收的明细重新结算";
            return Err(Refusal::new(Code::Amount, format!("{name}合计为{amount}，不能小于0，请核对退费明细；{way}")));
        }
    }
    if case.account == AccountUse::Family {
        return Err(Refusal::new(
            Code::NotProvided,
            "个人账户使用标志(acct_used_flag)为2：家庭共济尚未开通，请改传1或0",
        ));
    }
    Ok(())
}
