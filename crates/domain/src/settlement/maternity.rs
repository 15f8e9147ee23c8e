//! Maternity (生育): prenatal care, delivery, early end of pregnancy, procedures (`decisions` 46-48).
//!
//! A fixed sum is paid whatever the cost: the bill gets what it needs of it, a surplus goes to the person
//! outside the bill's identity. Maternity counts into no cap, band or stay number.

use super::care_kind::CareKind;
use super::decision::Fund;
use super::outpatient::room_with_prenatal;
use super::rules::{DeliverySums, EarlyEndSum, Figure, SumKind};
use super::totals::RunningTotal;
use super::working::Working;
use crate::code::Scheme;
use crate::money::{Money, Rate};
use crate::refusal::{Code, Refusal};

/// More children than any birth has: whoever states more has made a slip of the pen, and is told so.
pub const CHILDREN_MAX: u32 = 10;

/// What a maternity settlement is for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Act {
    Prenatal,
    Delivery { difficult: bool },
    EarlyEnd,
    Procedure { ends_pregnancy: bool },
    Unsaid,
}

/// Works out a maternity settlement.
pub(super) fn pay(work: &mut Working) -> Result<(), Refusal> {
    let fund = match work.case.scheme {
        Scheme::Employee => Fund::Maternity,
        Scheme::Resident => work.pool(),
    };
    match act(work) {
        Act::Prenatal => pay_prenatal(work, fund),
        Act::Delivery { difficult } => pay_delivery(work, fund, difficult),
        Act::EarlyEnd => {
            let sum = early_end_sum(work)?;
            pay_by_ratio(work, fund, work.rules.maternity.procedure_ratio.as_ref(), "终止妊娠");
            work.pay_out(fund, sum, "产前检查费定额（终止妊娠）".to_owned());
        }
        Act::Procedure { ends_pregnancy } => {
            pay_by_ratio(work, fund, work.rules.maternity.procedure_ratio.as_ref(), "计划生育手术");
            if ends_pregnancy && work.case.maternity.weeks.is_some() {
                let sum = early_end_sum(work)?;
                work.pay_out(fund, sum, "产前检查费定额（终止妊娠）".to_owned());
            }
        }
        Act::Unsaid => {
            if work.rules.maternity.delivery_sums.is_some() {
                return Err(Refusal::new(
                    Code::FieldMissing,
                    "生育住院须填报生育类别(matn_type)：1至4分娩，5流产，6引产，或填报计划生育手术类别(birctrl_type)",
                ));
            }
            pay_by_ratio(work, fund, work.rules.maternity.delivery_ratio.as_ref(), "生育住院");
        }
    }
    Ok(())
}

/// What the settlement is for: an end of pregnancy, else a procedure, else prenatal care.
fn act(work: &Working) -> Act {
    let facts = &work.case.maternity;
    let code = |field: &Option<String>| field.as_deref().map(|code| code.trim_start_matches('0').to_owned());
    let procedure = code(&facts.birctrl_type).filter(|code| !code.is_empty());
    match code(&facts.matn_type).as_deref() {
        Some("1") => Act::Delivery { difficult: false },
        Some("2" | "3" | "4") => Act::Delivery { difficult: true },
        Some("5" | "6" | "10" | "12" | "13") => Act::EarlyEnd,
        _ if procedure.is_some() || work.case.kind == CareKind::FamilyPlanning => {
            Act::Procedure { ends_pregnancy: matches!(procedure.as_deref(), Some("3" | "4")) }
        }
        Some("7") => Act::Prenatal,
        _ if work.case.kind == CareKind::MaternityOutpatient => Act::Prenatal,
        _ => Act::Unsaid,
    }
}

/// Prenatal visits: by ratio and level within the yearly cap where the pool has one, else the person's.
fn pay_prenatal(work: &mut Working, fund: Fund) {
    let level = work.case.provider.level;
    let ratios = work.given(&work.rules.maternity.prenatal_ratio);
    let Some(ratio) = ratios.and_then(|by_level| by_level.at(level)) else {
        work.say("产前检查：分娩时按定额支付，本次由账户和现金支付".to_owned());
        return;
    };
    let in_scope = work.case.bill.parts().in_scope;
    let room = room_with_prenatal(work);
    let amount = room.map_or(in_scope.share(ratio), |room| in_scope.share(ratio).min(room));
    work.ratio = ratio;
    if room.is_some() {
        work.add(RunningTotal::PrenatalPaid, amount);
    }
    let limit = room.map_or_else(String::new, |room| format!("，与普通门诊合用年度余额{room}"));
    work.pay(fund, amount, in_scope, room, format!("产前检查{in_scope}×{ratio}{limit}，支付{amount}"));
}

/// Delivery by sums, or by ratio; the prenatal sum is paid out with it.
fn pay_delivery(work: &mut Working, fund: Fund, difficult: bool) {
    let parts = work.case.bill.parts();
    let sums = work.given(&work.rules.maternity.delivery_sums);
    let sum = sums.and_then(|sums| delivery_sum(work, sums, difficult).map(|sum| (sums.kind, sum)));
    match sum {
        Some((SumKind::Fixed, sum)) => {
            let amount = sum.min(parts.total());
            work.pay(fund, amount, parts.in_scope, Some(sum), format!("分娩定额{sum}，支付{amount}"));
            work.pay_out(fund, sum.minus(amount), "分娩定额结余".to_owned());
        }
        Some((SumKind::Limit, sum)) => {
            let amount = sum.min(parts.in_scope);
            let explanation = format!("分娩限额{sum}，符合范围{}，支付{amount}", parts.in_scope);
            work.pay(fund, amount, parts.in_scope, Some(sum), explanation);
        }
        None => pay_by_ratio(work, fund, work.rules.maternity.delivery_ratio.as_ref(), "分娩"),
    }
    if let Some(sum) = work.given(&work.rules.maternity.prenatal_sum).copied() {
        work.pay_out(fund, sum, "产前检查费定额".to_owned());
    }
}

/// The sum of this delivery: by way and level, for every further child more, newborn care added.
fn delivery_sum(work: &Working, sums: &DeliverySums, difficult: bool) -> Option<Money> {
    let by_level = if difficult { &sums.difficult } else { &sums.vaginal };
    let further = work.case.maternity.children.unwrap_or(1).saturating_sub(1);
    let more = Money::fen(sums.further_child.as_fen().saturating_mul(i64::from(further)));
    Some(by_level.at(work.case.provider.level)?.plus(more).plus(sums.newborn))
}

/// A ratio of the in-scope amount, without a deductible.
fn pay_by_ratio<'a>(work: &mut Working<'a>, fund: Fund, ratio: Option<&'a Figure<Rate>>, what: &str) {
    let Some(ratio) = ratio.map(|figure| *work.used(figure)) else {
        work.say(format!("{what}：本统筹区{}未规定支付，由账户和现金支付", work.case.scheme.name()));
        return;
    };
    let in_scope = work.case.bill.parts().in_scope;
    let amount = in_scope.share(ratio);
    work.ratio = ratio;
    work.pay(fund, amount, in_scope, None, format!("{what}：{in_scope}×{ratio}，支付{amount}"));
}

/// The prenatal sum of a pregnancy that ended early, by full months of four weeks.
fn early_end_sum(work: &mut Working) -> Result<Money, Refusal> {
    let Some(sums) = work.given(&work.rules.maternity.early_end_sums) else { return Ok(Money::ZERO) };
    let facts = &work.case.maternity;
    let month = match (facts.weeks, facts.matn_type.as_deref()) {
        (Some(weeks), _) => weeks / 4,
        (None, Some("12")) => 4,
        (None, Some("13")) => 0,
        (None, _) => {
            return Err(Refusal::new(Code::FieldMissing, "终止妊娠须填报孕周数(geso_val)，以确定产前检查费定额"));
        }
    };
    let reached = |entry: &&EarlyEndSum| entry.from_month <= month;
    let entry = sums.iter().filter(reached).max_by_key(|entry| entry.from_month);
    Ok(entry.map_or(Money::ZERO, |entry| entry.sum))
}
