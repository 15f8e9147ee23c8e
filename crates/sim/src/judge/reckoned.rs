//! What a settlement comes to by the judge's own reckoning (自行核算), in whole fen and from the figures as the judge reads them
//! ([`super::tariff`]): how lines are split, what of the deductible is due, what each fund, the account and the person pay, and what
//! each total grows by (`decisions` 10 to 48). The actuary goes by the rules of the domain, which the platform goes by too; an error in
//! those, or in how rules are read, shows here alone.

mod deductible;
mod fen;
mod maternity;
mod outpatient;
mod pool;
mod ratio;
mod sheet;
mod split;
mod tiers;

use crate::judge::Wrong;
use crate::judge::actuary::{Actuary, Before, Priced};
use crate::judge::row::{Row, wrong_of};
use crate::judge::tariff::Figures;
use crate::life::Kind;
use sheet::Sheet;
use std::collections::BTreeMap;
use yibao_domain::money::Money;
use yibao_domain::settlement::AccountUse;
use yibao_domain::time::Date;

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
        Kind::SpecialDisease { code, .. } | Kind::LongDiseaseDrugs { code } => sheet.special_disease(code),
        Kind::TwoDiseases => sheet.two_diseases(),
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
    let of_disease = |one: &&Before<'_>| one.row.event.kind.disease().is_some() && !one.only_met;
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
        ("cvlserv_pay", fen(of.cvlserv_pay), of_funds(&["320100"])),
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
