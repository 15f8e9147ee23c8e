//! What a settlement comes to by the judge's own reckoning (自行核算), in whole fen and from the figures as the judge reads them
//! ([`super::tariff`]): how lines are split, what of the deductible is due, what each fund, the account and the person pay, and what
//! each total grows by (`decisions` 10 to 48). The actuary goes by the rules of the domain, which the platform goes by too; an error in
//! those, or in how rules are read, shows here alone.

mod deductible;
mod maternity;
mod outpatient;
mod pool;
mod ratio;
mod split;
mod tiers;

use crate::city::{Citizen, Place};
use crate::judge::Wrong;
use crate::judge::actuary::{Actuary, Before, Priced};
use crate::judge::row::{Row, wrong_of};
use crate::judge::tariff::Figures;
use crate::life::{Event, Kind};
use split::Split;
use std::collections::BTreeMap;
use yibao_domain::code::Scheme;
use yibao_domain::money::Money;
use yibao_domain::settlement::AccountUse;
use yibao_domain::time::Date;

/// A whole, in basis points.
const WHOLE: i64 = 10_000;

/// So many basis points of an amount, rounded half up on the magnitude.
fn share(fen: i64, basis_points: i64) -> i64 {
    let rounded = (fen.abs() * basis_points + WHOLE / 2) / WHOLE;
    if fen < 0 { -rounded } else { rounded }
}

/// The cost of which so many basis points are that payment, rounded half up.
fn cost_of(paid: i64, basis_points: i64) -> i64 {
    (paid * 2 * WHOLE + basis_points) / (2 * basis_points)
}

/// What of a limit is left after what was used of it.
fn left_of(limit: i64, used: i64) -> i64 {
    (limit - used).max(0)
}

/// A settlement that is being reckoned.
struct Sheet<'a> {
    figures: Figures<'a>,
    person: &'a Citizen,
    event: &'a Event,
    place: &'a Place,
    /// The first day of the care.
    begin: Date,
    split: Split,
    /// By name, what the totals were before.
    before: BTreeMap<&'static str, i64>,
    /// The deductible: unreduced, due and met.
    standard: i64,
    due: i64,
    met: i64,
    /// The ratio of the pool, in basis points.
    ratio: i64,
    /// By fund, what it pays of the bill.
    paid: BTreeMap<&'static str, i64>,
    /// By fund, what it pays to the person beside the bill.
    beside: BTreeMap<&'static str, i64>,
    /// By name, what the totals grow by.
    added: BTreeMap<&'static str, i64>,
}

impl Sheet<'_> {
    /// What the rules call the level of the place.
    fn level(&self) -> &'static str {
        match self.place.level {
            "3" => "level_3",
            "2" => "level_2",
            "township" => "township",
            "village" => "village",
            _ => "level_1",
        }
    }

    /// What the rules call the group of the person.
    fn population(&self) -> &'static str {
        match self.person.psn_type.get(..2) {
            Some("12") => "retired",
            Some("11") => "active",
            Some("14") => "minor",
            _ => "adult",
        }
    }

    /// 人员身份类别 on the first day.
    fn attribute(&self) -> Option<&'static str> {
        self.person.attribute_on(self.begin)
    }

    /// The pool of the scheme.
    fn pool(&self) -> &'static str {
        if self.person.scheme == Scheme::Employee { "310100" } else { "390100" }
    }

    fn total(&self, name: &str) -> i64 {
        self.before.get(name).copied().unwrap_or(0)
    }

    /// What no fund has paid yet of what is in scope.
    fn left_in_scope(&self) -> i64 {
        left_of(self.split.in_scope(), self.paid.values().sum())
    }

    fn pays(&mut self, fund: &'static str, fen: i64) {
        *self.paid.entry(fund).or_default() += fen;
    }

    fn pays_beside(&mut self, fund: &'static str, fen: i64) {
        *self.beside.entry(fund).or_default() += fen;
    }

    fn adds(&mut self, total: &'static str, by: i64) {
        *self.added.entry(total).or_default() += by;
    }
}

/// Reckons a settlement, after what counts before it.
pub(super) fn judge(
    actuary: &Actuary<'_>,
    row: &Row<'_>,
    before: &[Before<'_>],
    priced: &Priced,
    wrong: &mut Vec<Wrong>,
) {
    let Some(split) = split::of(actuary, row) else { return };
    split::lines_told(actuary, row, wrong);
    let day = row.last_day;
    let mut sheet = Sheet {
        figures: Figures::of(&actuary.city.pool, actuary.person.scheme, day),
        person: &actuary.person,
        event: row.event,
        place: &actuary.city.places[row.event.place],
        begin: row.event.at.date(),
        split,
        before: totals(actuary, before, day),
        standard: 0,
        due: 0,
        met: 0,
        ratio: 0,
        paid: BTreeMap::new(),
        beside: BTreeMap::new(),
        added: BTreeMap::new(),
    };
    match row.event.kind {
        Kind::Stay { .. } | Kind::Prenatal | Kind::FamilyPlanning if row.event.birth.is_some() => sheet.maternity(),
        Kind::Stay { .. } => {
            let taken = deductible::of_stay(&mut sheet, actuary, row, before);
            sheet.stay(taken);
        }
        Kind::SpecialDisease { code, .. } => sheet.special_disease(code),
        Kind::SpecialDrug if actuary.special_drugs => sheet.special_drugs(),
        Kind::Visit => sheet.visit(),
        _ => {}
    }
    compare(&mut sheet, row, priced, wrong);
}

/// What the totals of the year and the day are after what counts before, those from before the city's time included.
fn totals(actuary: &Actuary<'_>, before: &[Before<'_>], day: Date) -> BTreeMap<&'static str, i64> {
    let mut totals = BTreeMap::new();
    if day.year() == actuary.city.begins.year() {
        totals.extend(actuary.person.totals_before());
    }
    let standard = totals.get("special_disease_deductible_standard").copied().unwrap_or(0);
    for one in before.iter().filter(|one| !one.only_met) {
        for (total, delta) in &one.priced.decision.accumulated {
            let (name, of) = (total.name(), one.row.last_day);
            let is_same = if name.ends_with("_day") { of == day } else { of.year() == day.year() };
            if is_same {
                *totals.entry(name).or_default() += delta;
            }
        }
    }
    let of_disease = |one: &&Before<'_>| matches!(one.row.event.kind, Kind::SpecialDisease { .. }) && !one.only_met;
    let same = before.iter().filter(of_disease).filter(|one| one.row.last_day.year() == day.year());
    // A lower one may have been recorded first, and a higher one cancelled.
    if let Some(highest) = same.map(|one| one.priced.decision.deductible.standard.as_fen()).max() {
        totals.insert("special_disease_deductible_standard", highest.max(standard));
    }
    totals
}

/// Holds what is booked against the sheet.
fn compare(sheet: &mut Sheet<'_>, row: &Row<'_>, priced: &Priced, wrong: &mut Vec<Wrong>) {
    let of = &row.booked.settlement;
    let fen = Money::as_fen;
    let funds: i64 = sheet.paid.values().sum();
    let own = sheet.split.total() - funds;
    let has_account = sheet.figures.value("account", "exists").is_some_and(|exists| exists.is_yes());
    let account = match priced.case.account {
        AccountUse::Own { balance } if has_account => fen(balance).max(0).min(own),
        _ => 0,
    };
    let of_funds = |names: &[&str]| -> i64 { names.iter().filter_map(|name| sheet.paid.get(name)).sum() };
    let parts = sheet.split.parts();
    let amounts = [
        ("fulamt_ownpay_amt", fen(of.fulamt_ownpay_amt), parts[0]),
        ("overlmt_selfpay", fen(of.overlmt_selfpay), parts[1]),
        ("preselfpay_amt", fen(of.preselfpay_amt), parts[2]),
        ("inscp_scp_amt", fen(of.inscp_scp_amt), parts[3]),
        ("dedc_std", fen(of.dedc_std), sheet.standard),
        ("crt_dedc", fen(of.crt_dedc), sheet.due),
        ("act_pay_dedc", fen(of.act_pay_dedc), sheet.met),
        ("pool_prop_selfpay", of.pool_prop_selfpay.as_basis_points(), sheet.ratio),
        ("hifp_pay", fen(of.hifp_pay), of_funds(&["310100", "390100", "510100"])),
        ("hifmi_pay", fen(of.hifmi_pay), of_funds(&["390200"])),
        ("hifob_pay", fen(of.hifob_pay), of_funds(&["330100"])),
        ("maf_pay", fen(of.maf_pay), of_funds(&["610100"])),
        ("fund_pay_sumamt", fen(of.fund_pay_sumamt), funds),
        ("psn_part_amt", fen(of.psn_part_amt), own),
        ("acct_pay", fen(of.acct_pay), account),
        ("psn_cash_pay", fen(of.psn_cash_pay), own - account),
    ];
    let mut say = |what: String| wrong.push(wrong_of(row, format!("{} by own reckoning: {what}", of.setl_id)));
    for (what, is, must) in amounts.into_iter().filter(|(_, is, must)| is != must) {
        say(format!("{what} is {is} and must be {must} (fen)"));
    }
    let mut must = sheet.paid.clone();
    must.insert("310200", account);
    let is = sums(of.funds.iter().map(|share| (share.fund_pay_type.clone(), fen(share.fund_payamt))));
    tell("the funds", &is, &sums(owned(&must)), &mut say);
    let is = sums(of.accumulations.iter().map(|one| (format!("{} {}", one.name, one.period), one.delta)));
    let day = row.last_day;
    let period = |name: &str| if name.ends_with("_day") { day.to_string() } else { day.year().to_string() };
    let added = sheet.added.iter().map(|(name, by)| (format!("{name} {}", period(name)), *by));
    tell("the totals", &is, &sums(added), &mut say);
    let payable = of.postings.iter().filter(|posting| posting.account.starts_with("person/payable/"));
    let is: i64 = payable.map(|posting| -fen(posting.amount)).sum();
    let must: i64 = sheet.beside.values().sum();
    if is != must {
        say(format!("{is} is paid beside the bill and must be {must} (fen)"));
    }
}

fn owned(of: &BTreeMap<&'static str, i64>) -> impl Iterator<Item = (String, i64)> {
    of.iter().map(|(name, value)| ((*name).to_owned(), *value))
}

/// By name, without what comes to nothing.
fn sums(of: impl Iterator<Item = (String, i64)>) -> BTreeMap<String, i64> {
    let mut sums: BTreeMap<String, i64> = BTreeMap::new();
    of.for_each(|(name, value)| *sums.entry(name).or_default() += value);
    sums.retain(|_, value| *value != 0);
    sums
}

fn tell(what: &str, is: &BTreeMap<String, i64>, must: &BTreeMap<String, i64>, say: &mut impl FnMut(String)) {
    if is != must {
        say(format!("{what} are {is:?} and must be {must:?}"));
    }
}
