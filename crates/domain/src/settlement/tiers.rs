//! The tiers above the pool: second tier or large amount, civil-servant subsidy, assistance
//! (`decisions` 27-36). Each pays of what is left in scope, so that all funds stay within it.

use super::bands::{Exact, formula};
use super::decision::Fund;
use super::rules::{AssistanceClass, Band, Bands, Cover, Figure};
use super::totals::RunningTotal;
use super::working::Working;
use crate::money::{Money, Rate};

/// All tiers in their order. `beyond` is the cost that lay beyond the annual basic cap.
pub(super) fn pay(work: &mut Working, cover: Cover, beyond: Money) {
    second_tier(work, cover);
    large_amount(work, cover, beyond);
    civil_servant(work, cover);
    assistance(work, cover);
}

fn covers(work: &Working, figure: &Option<Figure<Vec<Cover>>>, cover: Cover) -> bool {
    let covered = figure.as_ref().is_some_and(|figure| figure.value.contains(&cover));
    covered && work.left_in_scope() > Money::ZERO
}

/// Residents' serious-illness insurance, on the year's in-policy personal cost.
fn second_tier(work: &mut Working, cover: Cover) {
    let rules = &work.rules.second_tier;
    if !covers(work, &rules.covers, cover) {
        return;
    }
    let Some((bands, ceiling_holds)) = second_tier_bands(work) else { return };
    let rest = work.left_in_scope();
    let before = work.total(RunningTotal::SecondTierBase);
    let after = before.plus(rest);
    let mut amount = formula(&bands, after).since(formula(&bands, before)).min(rest);
    let mut room = None;
    if ceiling_holds && let Some(ceiling) = work.given(&rules.ceiling) {
        let left = ceiling.less(work.total(RunningTotal::SecondTierPaid));
        room = Some(left);
        amount = amount.min(left);
    }
    work.add(RunningTotal::SecondTierBase, rest);
    work.add(RunningTotal::SecondTierPaid, amount);
    let explanation =
        format!("合规个人负担本年累计{before}增至{after}，起付线{}，按分段计算差额支付{amount}", bands.deductible);
    work.pay(Fund::SeriousIllness, amount, rest, room, explanation);
}

/// The bands that hold for this person, and whether the ceiling does.
fn second_tier_bands(work: &mut Working) -> Option<(Bands, bool)> {
    let rules = &work.rules.second_tier;
    let person = &work.case.person;
    let general = work.given(&rules.bands)?;
    if let Some(terms) = rules.special.as_ref().filter(|terms| person.has_any(&terms.value.attributes)) {
        let terms = work.used(terms);
        let better =
            |band: &Band| Band { rate: band.rate.plus(terms.points).max(terms.least).min(Rate::WHOLE), ..*band };
        let bands = Bands {
            deductible: general.deductible.share(terms.deductible_left),
            base: general.base,
            bands: general.bands.iter().map(better).collect(),
        };
        return Some((bands, terms.ceiling_holds));
    }
    if let Some(own) = rules.own_bands.as_ref().filter(|own| person.has_any(&own.value.attributes)) {
        let own = work.used(own);
        return Some((own.bands.clone(), own.ceiling_holds));
    }
    Some((general.clone(), true))
}

/// Employees' large-amount supplement, on the year's cost beyond the basic cap.
fn large_amount(work: &mut Working, cover: Cover, beyond: Money) {
    let rules = &work.rules.large_amount;
    if beyond == Money::ZERO || !covers(work, &rules.covers, cover) {
        return;
    }
    let Some(bands) = work.given(&rules.bands) else { return };
    let before = work.total(RunningTotal::LargeAmountCost);
    let after = before.plus(beyond);
    let mut amount = formula(bands, after).since(formula(bands, before)).min(work.left_in_scope());
    let mut room = None;
    if let Some(ceiling) = work.given(&rules.common_ceiling) {
        let used = work.total(RunningTotal::BasicPaid).plus(work.total(RunningTotal::LargeAmountPaid));
        let left = ceiling.less(used.plus(work.paid()));
        room = Some(left);
        amount = amount.min(left);
    }
    work.add(RunningTotal::LargeAmountCost, beyond);
    work.add(RunningTotal::LargeAmountPaid, amount);
    let explanation = format!("超封顶线费用{beyond}，本年累计{before}增至{after}，按分段计算差额支付{amount}");
    work.pay(Fund::LargeAmount, amount, beyond, room, explanation);
}

/// Civil-servant subsidy, on the in-policy rest.
fn civil_servant(work: &mut Working, cover: Cover) {
    let rules = &work.rules.civil_servant;
    if !work.case.person.civil_servant || !covers(work, &rules.covers, cover) {
        return;
    }
    let population = work.case.person.population;
    let Some(ratio) = work.given(&rules.ratio).and_then(|ratios| ratios.get(&population)).copied() else { return };
    let rest = work.left_in_scope();
    let amount = rest.share(ratio);
    work.pay(Fund::CivilServant, amount, rest, None, format!("政策范围内个人负担{rest}×{ratio}，支付{amount}"));
}

/// Medical assistance by class, then the lift of the registered poor.
fn assistance(work: &mut Working, cover: Cover) {
    let rules = &work.rules.assistance;
    if !covers(work, &rules.covers, cover) {
        return;
    }
    let rest = work.left_in_scope();
    let cap = work.rules.assistance.cap.as_ref();
    let paid_before = work.total(RunningTotal::AssistancePaid);
    let mut amount = Money::ZERO;
    let mut steps = Vec::new();
    if let Some(class) = class_of(work) {
        let before = work.total(RunningTotal::AssistanceBase);
        let after = before.plus(rest);
        let exact = |base: Money| Exact::share(base.less(class.deductible), class.ratio);
        amount = exact(after).since(exact(before)).min(rest);
        work.add(RunningTotal::AssistanceBase, rest);
        steps.push(format!(
            "第{}类，基数{rest}，本年累计{before}增至{after}，起付线{}，{}计{amount}",
            class.class, class.deductible, class.ratio
        ));
    }
    let lift = lift(work, cover, amount);
    if lift > Money::ZERO {
        steps.push(format!("建档立卡县域内倾斜补足{lift}"));
        amount = amount.plus(lift);
    }
    if steps.is_empty() {
        return;
    }
    let room = cap.map(|cap| work.used(cap).less(paid_before));
    amount = room.map_or(amount, |room| amount.min(room));
    work.add(RunningTotal::AssistancePaid, amount);
    steps.push(format!("支付{amount}"));
    work.pay(Fund::Assistance, amount, rest, room, steps.join("，"));
}

/// The person's class: of several the lowest number.
fn class_of<'a>(work: &mut Working<'a>) -> Option<&'a AssistanceClass> {
    let classes = work.rules.assistance.classes.as_ref()?;
    let person = &work.case.person;
    let held = classes.value.iter().filter(|class| person.has_any(&class.attributes));
    let class = held.min_by_key(|class| class.class)?;
    work.used(classes);
    Some(class)
}

/// What lifts all funds to the promised share of the in-scope amount.
fn lift(work: &mut Working, cover: Cover, assistance: Money) -> Money {
    let case = work.case;
    let Some(figure) = work.rules.assistance.lift.as_ref() else { return Money::ZERO };
    let rule = &figure.value;
    let held = case.person.has_any(&rule.attributes) && !case.person.has_any(&rule.not_with);
    if !held || cover != Cover::Inpatient || (rule.own_county_only && !case.own_county) {
        return Money::ZERO;
    }
    let promised = case.bill.parts().in_scope.share(work.used(figure).to);
    promised.less(work.paid().plus(assistance))
}
