//! The deductible (起付线) of stays and of special-disease care (`decisions` 15, 17-21, 44).

use super::case::Continued;
use super::decision::DeductibleTaken;
use super::ratio::{as_at_home, at_place};
use super::rules::Repetition;
use super::totals::RunningTotal;
use super::working::Working;
use crate::money::Money;

/// The unreduced standard of this hospital: at home by its level, elsewhere by the pool's table.
pub(super) fn standard(work: &mut Working) -> Money {
    let (case, rules) = (work.case, &work.rules.inpatient);
    let level = case.provider.deductible_level;
    match at_place(work, &rules.deductible_elsewhere).and_then(|by_level| by_level.at(level)) {
        Some(amount) => amount,
        None => work.given(&rules.deductible).and_then(|by_level| by_level.at(level)).unwrap_or(Money::ZERO),
    }
}

/// The deductible of this stay, before it is met: standard, then repetition, then attributes, then what
/// earlier parts or legs met already.
pub(super) fn of_stay(work: &mut Working) -> DeductibleTaken {
    let (case, rules) = (work.case, &work.rules.inpatient);
    let standard = standard(work);
    let earlier = earlier_stays(work);
    let mut reduced = standard;
    let mut steps = format!("起付线：{}标准{standard}", case.provider.deductible_level.name());
    match work.given(&rules.repetition) {
        Some(Repetition::Shares(shares)) if !shares.is_empty() => {
            let share = shares[earlier.min(shares.len() - 1)];
            reduced = standard.share(share);
            steps.push_str(&format!("，本年第{}次住院按{share}为{reduced}", earlier + 1));
        }
        Some(Repetition::Steps { step, floor, floor_elsewhere }) => {
            let floors = if as_at_home(case.place, case.filing) { floor } else { floor_elsewhere };
            let floor = floors.at(case.provider.deductible_level).unwrap_or(Money::ZERO).min(standard);
            let off = Money::fen(step.as_fen().saturating_mul(i64::try_from(earlier).unwrap_or(i64::MAX)));
            reduced = standard.less(off).max(floor);
            steps.push_str(&format!("，本年第{}次住院为{reduced}", earlier + 1));
        }
        _ => {}
    }
    if let Some(rule) = work.where_it(&rules.reduction, |rule| case.person.has_any(&rule.attributes)) {
        reduced = reduced.share(rule.left);
        steps.push_str(&format!("，困难人员按{}为{reduced}", rule.left));
    }
    let met = Money::sum(continued(work).map(|continued| continued.met));
    let this_time = reduced.less(met);
    if met > Money::ZERO {
        steps.push_str(&format!("，前段已付{met}，本次{this_time}"));
    }
    work.say(steps);
    DeductibleTaken { standard, this_time, met: Money::ZERO }
}

/// The stays of the year before this one. Parts of this stay and legs of its chain share its number; one whose
/// number went with a cancelled part or leg counts all the same.
fn earlier_stays(work: &mut Working) -> usize {
    let counted: u32 = continued(work).map(|continued| continued.counted).sum();
    let standing = work.case.totals.get(RunningTotal::InpatientStays) + work.case.stay.uncounted;
    let stays = standing - i64::from(counted);
    usize::try_from(stays).unwrap_or(0)
}

/// Whether this stay, or its chain, stands in the year's stay count already.
pub(super) fn already_counted(work: &mut Working) -> bool {
    continued(work).any(|continued| continued.counted > 0)
}

/// What this stay continues: its own earlier parts, and earlier legs where the pool makes up the difference.
fn continued(work: &mut Working) -> impl Iterator<Item = Continued> + use<> {
    let stay = work.case.stay;
    let rule = &work.rules.inpatient.transfer_makes_up_difference;
    let chained = work.where_it(rule, |rule| *rule && stay.transfer.is_some()).is_some();
    stay.parts.into_iter().chain(stay.transfer.filter(|_| chained))
}
