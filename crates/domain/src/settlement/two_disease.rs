//! Two diseases (两病: hypertension and diabetes without chronic status, `decisions` 42).

use super::disease::{Recognised, recognised};
use super::ratio::as_at_home;
use super::rules::TwoDisease;
use super::totals::RunningTotal;
use super::working::Working;
use crate::money::Money;
use crate::refusal::{Code, Refusal};

/// Works out a two-disease visit: no deductible, a ratio by level, a yearly cap by disease.
pub(super) fn pay(work: &mut Working) -> Result<(), Refusal> {
    let (case, rules) = (work.case, &work.rules.two_disease);
    let Some(ratios) = work.given(&rules.ratio) else {
        let scheme = case.scheme.name();
        return Err(Refusal::new(Code::NotProvided, format!("本统筹区{scheme}无两病门诊待遇，请改用普通门诊(11)")));
    };
    let held = recognised(work);
    let has = |which: TwoDisease| held.iter().any(|disease| disease.two_disease() == Some(which));
    let cap = match (has(TwoDisease::Hypertension), has(TwoDisease::Diabetes)) {
        (true, true) => &rules.cap_both,
        (true, false) => &rules.cap_hypertension,
        (false, true) => &rules.cap_diabetes,
        (false, false) => {
            let text = format!("{}无有效的两病（高血压、糖尿病）资格，请先办理认定，或改用普通门诊(11)", case.day);
            return Err(Refusal::new(Code::NotQualified, text));
        }
    };
    if let Some(chronic) = chronic_status(&held) {
        let text = format!("已有慢性病资格{chronic}，两病待遇不再重复享受，请按门诊慢特病(14)结算");
        return Err(Refusal::new(Code::NotQualified, text));
    }
    let level = case.provider.level;
    let Some(ratio) = ratios.at(level).filter(|_| as_at_home(case.place, case.filing)) else {
        work.say(format!("两病待遇不含{}，由账户和现金支付", level.name()));
        return Ok(());
    };
    let in_scope = case.bill.parts().in_scope;
    let room = work.given(cap).map(|cap| cap.less(case.totals.money(RunningTotal::TwoDiseasePaid)));
    let amount = room.map_or(in_scope.share(ratio), |room| in_scope.share(ratio).min(room));
    work.ratio = ratio;
    work.add(RunningTotal::TwoDiseasePaid, amount);
    let limit = room.map_or_else(String::new, |room: Money| format!("，年度余额{room}"));
    let pool = work.pool();
    work.pay(pool, amount, in_scope, room, format!("{in_scope}×{ratio}{limit}，支付{amount}"));
    Ok(())
}

/// Chronic status of a disease that is also recognised as one of the two: the qualification that is
/// expressly one of the two diseases names them (两病); one that does not is chronic.
fn chronic_status<'a>(held: &[Recognised<'a>]) -> Option<&'a str> {
    let mut among = held.iter().filter(|disease| disease.two_disease().is_some());
    if !held.iter().any(Recognised::two_disease_alone) {
        return None;
    }
    among.find(|disease| !disease.two_disease_alone()).map(|disease| disease.qualification.code.as_str())
}
