//! What the clients were told (回执): every amount of each reply against what it had to be.

use crate::faults::CLOCKS_DIFFER;
use crate::judge::Wrong;
use crate::judge::actuary::Priced;
use crate::judge::priced::Account;
use crate::judge::row::{Row, wrong_of};
use crate::judge::written;
use crate::world::World;
use jiff::ToSpan;
use jiff::civil::DateTime;
use serde_json::Value;
use std::collections::BTreeMap;
use yibao_domain::money::{Decimal, Money};
use yibao_domain::time::moment_text;

/// Compares all replies about one person's settlements.
pub(super) fn judge(world: &World<'_>, account: &Account<'_>, wrong: &mut Vec<Wrong>) {
    let undisturbed = world.office.is_undisturbed();
    for (row, priced) in account.rows.iter().zip(&account.recorded) {
        let told = row.case.settled.iter().find(|told| told.setl_id == row.booked.settlement.setl_id);
        let Some(told) = told else { continue };
        let mut differences = Vec::new();
        if !told.reply.is_nothing() {
            let reply = &told.reply.whole();
            differences.extend(of_reply(reply, priced, |amount| amount));
            if money(&reply["setlinfo"]["balc"]) != Some(row.booked.settlement.balc) {
                let (is, must) = (&reply["setlinfo"]["balc"], row.booked.settlement.balc);
                differences.push(format!("balc is told {is} and must be {must}"));
            }
            // A reply may be lost, and come when the message is sent again.
            if !is_at(undisturbed, row.recorded_at(), told.at) {
                differences.push(format!("recorded at {}, told at {}", row.recorded_at(), told.at));
            }
            differences.extend(of_texts(reply, row, priced));
            differences.extend(beside_the_bill(reply, priced));
            differences.extend(of_each_fund(reply, priced));
        }
        if let Some((at, reply)) = &told.undone {
            let reply = &reply.whole();
            differences
                .extend(of_reply(reply, priced, Money::negated).into_iter().map(|one| format!("cancelled: {one}")));
            let must = account.left_at(row.cancelled_at().unwrap_or(*at));
            if money(&reply["setlinfo"]["balc"]) != Some(must) {
                let is = &reply["setlinfo"]["balc"];
                differences.push(format!("cancelled: balc is told {is} and must be {must}"));
            }
            differences.extend(later_ones(reply, account, row, *at));
            if row.cancelled_at().is_none_or(|booked| !is_at(undisturbed, booked, *at)) {
                differences.push(format!("told to be cancelled at {at}, booked {:?}", row.cancelled_at()));
            }
        }
        let told_gone = told.cancelled;
        if told_gone != row.cancelled_at().is_some() && !is_put_right(account.rows, row) {
            differences.push(format!("told to be cancelled: {told_gone}; booked: {:?}", row.cancelled_at()));
        }
        if !differences.is_empty() {
            let text = format!("{} was told otherwise: {}", told.setl_id, differences.join(", "));
            wrong.push(wrong_of(row, text));
        }
    }
}

/// Whether something was recorded when its client was told of it: at that moment, or before where something went wrong on the way.
fn is_at(undisturbed: bool, recorded: DateTime, told: DateTime) -> bool {
    if undisturbed { recorded == told } else { recorded <= told.saturating_add(CLOCKS_DIFFER.seconds()) }
}

/// What a reply says beside amounts.
fn of_texts(reply: &Value, row: &Row<'_>, priced: &Priced) -> Vec<String> {
    let (info, of) = (&reply["setlinfo"], &row.booked.settlement);
    let must = [
        ("psn_no", of.psn_no.clone()),
        ("mdtrt_id", of.mdtrt_id.clone()),
        ("insutype", of.insutype.clone()),
        ("med_type", of.med_type.clone()),
        ("clr_type", of.clr_type.clone()),
        ("begndate", row.event.at.date().to_string()),
        ("enddate", row.last_day.to_string()),
        ("setl_time", moment_text(of.setl_time)),
        ("medins_setl_id", of.msgid.clone()),
    ];
    let said = |name: &str| info[name].as_str().unwrap_or_default();
    let texts = must.into_iter().filter(|(name, must)| said(name) != must);
    let mut differences: Vec<String> =
        texts.map(|(name, must)| format!("{name} is told {} and must be {must}", info[name])).collect();
    let (is, must) = (info["pool_prop_selfpay"].to_string(), priced.decision.ratio.as_decimal().normalize());
    if is.trim_matches('"').parse::<Decimal>().map(|is| is.normalize()) != Ok(must) {
        differences.push(format!("pool_prop_selfpay is told {is} and must be {must}"));
    }
    differences
}

/// Whoever cancels is told which settlements of the year stand after it. Asked of who has none that was put in order: what those
/// are known by is another judge's question.
fn later_ones(reply: &Value, account: &Account<'_>, row: &Row<'_>, at: DateTime) -> Option<String> {
    let all = account.rows;
    let remarks = reply["warn_msg"].as_str().unwrap_or_default();
    let (_, named) = remarks.split_once("其后还有结算").unwrap_or_default();
    let was_gone = |other: &&Row<'_>| other.cancelled_at().is_some_and(|gone| gone < at);
    if let Some(gone) = all.iter().filter(was_gone).find(|other| named.contains(&*other.booked.settlement.setl_id)) {
        return Some(format!(
            "cancelled: remarked as “{remarks}”, and {} stands no more",
            gone.booked.settlement.setl_id
        ));
    }
    if all.iter().enumerate().any(|(at, row)| row.first != at) {
        return None;
    }
    let stood = |other: &&Row<'_>| other.recorded_at() < at && other.cancelled_at().is_none_or(|gone| at < gone);
    let is_later = |other: &&Row<'_>| {
        let year = |of: &Row<'_>| of.booked.settlement.year;
        row.counts_at < other.counts_at && year(other) == year(row)
    };
    let later: Vec<&str> =
        all.iter().filter(stood).filter(is_later).map(|other| &*other.booked.settlement.setl_id).collect();
    let named = later.iter().filter(|setl_id| remarks.contains(**setl_id)).count();
    let is_told = remarks.contains("其后还有结算");
    let fits = is_told != later.is_empty() && named >= later.len().min(3);
    (!fits).then(|| format!("cancelled: remarked as “{remarks}”, and {later:?} stand after it"))
}

/// What of the bill each fund looked at, and what it had left for it.
fn of_each_fund(reply: &Value, priced: &Priced) -> Vec<String> {
    let said =
        |row: &Value| (money(&row["inscp_scp_amt"]), money(&row["crt_payb_lmt_amt"]), money(&row["fund_payamt"]));
    let is: Vec<_> = reply["setldetail"].as_array().into_iter().flatten().map(said).collect();
    let payments = priced.decision.payments.iter();
    let must: Vec<_> = payments.map(|one| (Some(one.in_scope), one.room, Some(one.amount))).collect();
    let differs = is != must;
    Vec::from_iter(differs.then(|| format!("the shares of the funds are told as {is:?} and must be {must:?}")))
}

/// What is paid beside the bill is remarked, fund by fund.
fn beside_the_bill(reply: &Value, priced: &Priced) -> Vec<String> {
    let remarks = reply["warn_msg"].as_str().unwrap_or_default();
    let said = |fund: &str, amount: Money| remarks.contains(fund) && remarks.contains(&amount.to_string());
    let payouts = priced.decision.payouts.iter().filter(|payout| !said(payout.fund.name(), payout.amount));
    let told = payouts.map(|payout| format!("{} pays {} beside, which is not told", payout.fund.name(), payout.amount));
    let is_idle = priced.decision.payouts.is_empty() && remarks.contains("支付给个人");
    told.chain(is_idle.then(|| format!("something is paid beside: {remarks}"))).collect()
}

/// Whether a correction of order took its place.
fn is_put_right(rows: &[Row<'_>], row: &Row<'_>) -> bool {
    rows.iter().any(|other| {
        let (is, was) = (&other.booked.settlement, &row.booked.settlement);
        other.first == row.first && (is.setl_time, &is.setl_id) > (was.setl_time, &was.setl_id)
    })
}

fn of_reply(reply: &Value, priced: &Priced, sign: impl Fn(Money) -> Money) -> Vec<String> {
    let mut differences = Vec::new();
    for (name, amount) in written::amounts(&priced.decision) {
        let must = sign(amount);
        match money(&reply["setlinfo"][name]) {
            Some(is) if is == must => {}
            is => differences.push(format!("{name} is told {is:?} and must be {must}")),
        }
    }
    let mut must: BTreeMap<String, Money> = BTreeMap::new();
    for payment in &priced.decision.payments {
        let sum = must.entry(payment.fund.code().to_owned()).or_insert(Money::ZERO);
        *sum = sum.plus(sign(payment.amount));
    }
    let mut is: BTreeMap<String, Money> = BTreeMap::new();
    for detail in reply["setldetail"].as_array().into_iter().flatten() {
        let sum = is.entry(detail["fund_pay_type"].as_str().unwrap_or_default().to_owned()).or_insert(Money::ZERO);
        *sum = sum.plus(money(&detail["fund_payamt"]).unwrap_or(Money::ZERO));
    }
    if is != must {
        differences.push(format!("the funds are told as {is:?} and must be {must:?}"));
    }
    differences
}

/// An amount of a reply, which may be a number or a text.
fn money(value: &Value) -> Option<Money> {
    value.to_string().trim_matches('"').parse().ok()
}
