//! What a settlement comes to by the judge's own reckoning (自行核算), in whole fen: how lines are split, what of the deductible is
//! due, what the pool pays, and under which total each is kept (`decisions` 10, 11, 15 to 21, 41, 43, 44). The actuary goes by the
//! rules of the domain, which the platform goes by too; an error in those shows here alone. Figures are data of the rules.

use crate::judge::Wrong;
use crate::judge::actuary::{Actuary, Before, Priced};
use crate::judge::row::{Row, wrong_of};
use crate::life::{EventId, Kind, Line};
use std::collections::BTreeSet;
use yibao_domain::money::Money;
use yibao_domain::settlement::CareKind;
use yibao_domain::settlement::rules::{InpatientRules, Repetition};

/// A whole, in basis points.
const WHOLE: i64 = 10_000;
/// What of an item of class 乙 goes ahead where its row does not say.
const CLASS_B: i64 = 1_000;

/// Own-paid, over the limit, paid ahead, in scope; in fen.
type Split = [i64; 4];

/// Reckons a settlement, after what counts before it.
pub(super) fn judge(
    actuary: &Actuary<'_>,
    row: &Row<'_>,
    before: &[Before<'_>],
    priced: &Priced,
    wrong: &mut Vec<Wrong>,
) {
    let Some(split) = split(actuary, row) else { return };
    lines_told(actuary, row, wrong);
    let of = &row.booked.settlement;
    let fen = Money::as_fen;
    let mut must = vec![
        ("fulamt_ownpay_amt", fen(of.fulamt_ownpay_amt), split[0]),
        ("overlmt_selfpay", fen(of.overlmt_selfpay), split[1]),
        ("preselfpay_amt", fen(of.preselfpay_amt), split[2]),
        ("inscp_scp_amt", fen(of.inscp_scp_amt), split[3]),
    ];
    let (kind, met) = (priced.case.kind, fen(of.act_pay_dedc));
    // Where no room was left the pool pays nothing and takes nothing, and is not among those that pay.
    let is_used_up = of.hifp_pay == Money::ZERO && of.crt_dedc == Money::ZERO;
    let due = match kind {
        CareKind::Inpatient => of_stay(actuary, row, before, priced),
        CareKind::SpecialDisease => Some(of_disease(row, before, priced)),
        _ => None,
    };
    if let Some(due) = due.filter(|_| !is_used_up) {
        must.push(("act_pay_dedc", met, due.min(split[3])));
    }
    let by_ratio = matches!(kind, CareKind::Inpatient | CareKind::SpecialDisease | CareKind::Outpatient);
    if by_ratio && of.hifp_pay != Money::ZERO {
        let base = split[3] - met;
        let ratio = of.pool_prop_selfpay.as_basis_points();
        let pools = of.funds.iter().find(|share| share.fund_payamt == of.hifp_pay);
        let room = pools.and_then(|share| share.crt_payb_lmt_amt).map_or(i64::MAX, fen);
        must.push(("hifp_pay", fen(of.hifp_pay), share(base, ratio).min(room)));
    }
    let kept = |name: &str| -> i64 {
        of.accumulations.iter().filter(|added| added.name.ends_with(name)).map(|added| added.delta).sum()
    };
    if kind == CareKind::SpecialDisease {
        must.push(("the deductibles kept", kept("_deductible_met"), met));
        let own = kept("special_disease_deductible_met") + kept("chronic_deductible_met");
        must.push(("the deductible kept under its own name", own, met));
    } else {
        must.push(("the special-disease deductible kept", kept("special_disease_deductible_met"), 0));
    }
    for (what, is, must) in must.into_iter().filter(|(_, is, must)| is != must) {
        let setl_id = &of.setl_id;
        wrong.push(wrong_of(row, format!("{setl_id} by own reckoning: {what} is {is} fen and must be {must}")));
    }
}

/// So many basis points of an amount, rounded half up on the magnitude.
fn share(fen: i64, basis_points: i64) -> i64 {
    let rounded = (fen.abs() * basis_points + WHOLE / 2) / WHOLE;
    if fen < 0 { -rounded } else { rounded }
}

/// The parts of a bill; nothing where special drugs are paid by ways of their own.
fn split(actuary: &Actuary<'_>, row: &Row<'_>) -> Option<Split> {
    if matches!(row.event.kind, Kind::SpecialDrug) {
        return None;
    }
    let mut sum = [0; 4];
    for line in row.lines {
        let parts = of_line(actuary, row, line)?;
        sum.iter_mut().zip(parts).for_each(|(sum, part)| *sum += part);
    }
    Some(sum)
}

/// How its lines were said to be split when they were sent.
fn lines_told(actuary: &Actuary<'_>, row: &Row<'_>, wrong: &mut Vec<Wrong>) {
    const PARTS: [&str; 4] = ["fulamt_ownpay_amt", "overlmt_amt", "preselfpay_amt", "inscp_scp_amt"];
    for line in row.lines {
        let (Some(told), Some(must)) = (row.case.split.get(&line.serial), of_line(actuary, row, line)) else {
            continue;
        };
        let said = |name: &str| told[name].to_string().trim_matches('"').parse::<Money>().map(Money::as_fen);
        let is = PARTS.map(|name| said(name).unwrap_or(i64::MIN));
        if is != must {
            wrong.push(wrong_of(row, format!("line {} was split as {is:?} fen and must be {must:?}", line.serial)));
        }
    }
}

fn of_line(actuary: &Actuary<'_>, row: &Row<'_>, line: &Line) -> Option<Split> {
    let item = actuary.item(line.code).filter(|item| item.special.is_empty())?;
    let says = item.on(actuary.city.begins, line.at.date());
    let amount = line.price * line.count;
    // The message of a pharmacy has no place for an approval.
    let is_refused = line.approval == "2" && !matches!(row.event.kind, Kind::Purchase);
    if is_refused || says.class == "03" {
        return Some([amount, 0, 0, 0]);
    }
    let over = says.limit.map_or(0, |limit| (line.price - limit).max(0) * line.count);
    let ahead = match (row.event.birth.is_some(), says.own_share, says.class) {
        (true, _, _) => 0,
        (false, Some(own_share), _) => own_share,
        (false, None, "02") => CLASS_B,
        (false, None, _) => 0,
    };
    let ahead = share(amount - over, ahead);
    Some([0, over, ahead, amount - over - ahead])
}

/// What of the deductible is due for a stay: that of its hospital by its number in the year, less what its own parts and the other
/// legs of its transfer have met.
fn of_stay(actuary: &Actuary<'_>, row: &Row<'_>, before: &[Before<'_>], priced: &Priced) -> Option<i64> {
    let rules = actuary.rules.rules(&actuary.city.pool, priced.case.day)?;
    let rules: &InpatientRules = &rules.scheme(actuary.person.scheme).inpatient;
    let level = priced.case.provider.deductible_level;
    let standard = rules.deductible.as_ref()?.value.at(level)?.as_fen();
    let chain = actuary.chain(row.event);
    let year = priced.case.day.year();
    let mut seen: BTreeSet<EventId> = chain.clone();
    let mut earlier = 0_usize;
    let stays = before.iter().filter(|one| one.priced.case.kind == CareKind::Inpatient && !one.only_met);
    for one in stays.filter(|one| one.priced.case.day.year() == year) {
        if !seen.contains(&one.row.event.id) {
            seen.extend(actuary.chain(one.row.event));
            earlier += 1;
        }
    }
    let mut reduced = match rules.repetition.as_ref().map(|figure| &figure.value) {
        Some(Repetition::Shares(shares)) => {
            let of = shares.get(earlier).or(shares.last())?;
            share(standard, of.as_basis_points())
        }
        Some(Repetition::Steps { step, floor, .. }) => {
            let floor = floor.at(level).map_or(0, Money::as_fen).min(standard);
            let off = step.as_fen() * i64::try_from(earlier).ok()?;
            (standard - off).max(floor)
        }
        None => standard,
    };
    if let Some(rule) = rules.reduction.as_ref().map(|figure| &figure.value)
        && priced.case.person.attributes.iter().any(|attribute| rule.attributes.contains(attribute))
    {
        reduced = share(reduced, rule.left.as_basis_points());
    }
    let own = before.iter().filter(|one| chain.contains(&one.row.event.id));
    let met: i64 = own.map(|one| one.priced.decision.deductible.met.as_fen()).sum();
    Some((reduced - met).max(0))
}

/// What of the year's deductible is due for a long disease: the highest of those used so far, less what was met.
fn of_disease(row: &Row<'_>, before: &[Before<'_>], priced: &Priced) -> i64 {
    let year = priced.case.day.year();
    let same = || {
        let same = before.iter().filter(|one| one.priced.case.kind == CareKind::SpecialDisease && !one.only_met);
        same.filter(|one| one.priced.case.day.year() == year).map(|one| one.priced.decision.deductible)
    };
    let here = row.booked.settlement.dedc_std;
    let highest = same().map(|taken| taken.standard).max().unwrap_or(Money::ZERO).max(here).as_fen();
    (highest - same().map(|taken| taken.met.as_fen()).sum::<i64>()).max(0)
}
