//! Ordinary outpatient pooling (普通门诊统筹), where a pool has it (`decisions` 40, 41).

use super::decision::DeductibleTaken;
use super::ratio::as_at_home;
use super::totals::RunningTotal;
use super::working::Working;
use crate::money::Money;

/// Works out an ordinary outpatient visit. Without a row for this provider it is the person's.
pub(super) fn pay(work: &mut Working) {
    let (case, rules) = (work.case, &work.rules.outpatient);
    let level = case.provider.level;
    let table = work.given(&rules.ratio).and_then(|ratios| ratios.get(&case.person.population));
    let ratio = table.and_then(|by_level| by_level.at(level)).filter(|_| as_at_home(case.place, case.filing));
    let Some(ratio) = ratio else {
        work.say(format!("本统筹区普通门诊统筹不含此类就诊（{}），由账户和现金支付", level.name()));
        return;
    };
    let in_scope = case.bill.parts().in_scope;
    let standard = work.given(&rules.year_deductible).copied().unwrap_or(Money::ZERO);
    let this_time = standard.less(work.total(RunningTotal::OutpatientDeductibleMet));
    let met = in_scope.min(this_time);
    let base = in_scope.minus(met);
    let room = room(work);
    let amount = room.map_or(base.share(ratio), |room| base.share(ratio).min(room));
    work.deductible = DeductibleTaken { standard, this_time, met };
    work.ratio = ratio;
    work.add(RunningTotal::OutpatientDeductibleMet, met);
    work.add(RunningTotal::OutpatientPaid, amount);
    work.add(RunningTotal::OutpatientPaidDay, amount);
    let limit = room.map_or_else(String::new, |room| format!("，当日和全年余额{room}"));
    let pool = work.pool();
    work.pay(pool, amount, in_scope, room, format!("（{in_scope}－起付线{met}）×{ratio}{limit}，支付{amount}"));
}

/// What day and year leave: the smallest of the rooms that the pool limits.
fn room(work: &mut Working) -> Option<Money> {
    let rules = &work.rules.outpatient;
    let level = work.case.provider.level;
    let day_cap = work.given(&rules.day_cap).and_then(|by_level| by_level.at(level));
    let day = day_cap.map(|cap| cap.less(work.total(RunningTotal::OutpatientPaidDay)));
    let year_cap = work.given(&rules.year_cap).copied();
    let year = year_cap.map(|cap| cap.less(work.total(RunningTotal::OutpatientPaid)));
    [day, year, room_with_prenatal(work)].into_iter().flatten().min()
}

/// What the yearly cap leaves that ordinary outpatient and prenatal care share.
pub(super) fn room_with_prenatal(work: &mut Working) -> Option<Money> {
    let cap = work.given(&work.rules.maternity.prenatal_cap_with_outpatient).copied()?;
    Some(cap.less(work.total(RunningTotal::OutpatientPaid).plus(work.total(RunningTotal::PrenatalPaid))))
}
