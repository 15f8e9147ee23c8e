//! Fee lines (费用明细): 2204 and 2301 upload and price them, 2205 and 2302 withdraw them.

use crate::call::{Call, Done, Stop};
use crate::encounter;
use crate::facts::{care_kind, provider, scheme};
use crate::policies::Policies;
use crate::policies::items::Items;
use crate::settlement::line;
use crate::settlement::line::Lines;
use std::collections::{BTreeMap, HashSet};
use yibao_domain::money::{Decimal, Money};
use yibao_domain::refusal::{Code, Refusal};
use yibao_domain::settlement::CareKind;
use yibao_interface::{Fields, Output};
use yibao_store::Tx;
use yibao_store::encounter::{Encounter, FeeLine, LinesToDelete, Setting};

/// 2204 (门诊费用明细信息上传).
pub(crate) fn upload_for_visit(tx: &mut dyn Tx, call: &Call, policies: &Policies) -> Result<Done, Stop> {
    upload(tx, call, policies, Setting::Outpatient)
}

/// 2301 (住院费用明细上传).
pub(crate) fn upload_for_stay(tx: &mut dyn Tx, call: &Call, policies: &Policies) -> Result<Done, Stop> {
    upload(tx, call, policies, Setting::Inpatient)
}

fn upload(tx: &mut dyn Tx, call: &Call, policies: &Policies, setting: Setting) -> Result<Done, Stop> {
    call.input.node("feedetail")?;
    let rows = call.input.nodes("feedetail");
    let mut encounters: BTreeMap<&str, Encounter> = BTreeMap::new();
    let mut priced: Vec<FeeLine> = Vec::with_capacity(rows.len());
    let items = line::items(tx, policies, rows)?;
    for (position, row) in rows.iter().enumerate() {
        let mdtrt_id = row.demand("mdtrt_id")?;
        if !encounters.contains_key(mdtrt_id) {
            let found = encounter::of_message(tx, call, mdtrt_id, row.text("psn_no"))?;
            encounter::must_be(&found, setting)?;
            must_take_lines(tx, &found)?;
            encounters.insert(mdtrt_id, found);
        }
        let of = &encounters[mdtrt_id];
        if !row.text("psn_no").is_empty() && row.text("psn_no") != of.psn_no {
            let text = format!("第{}行人员编号 psn_no 与就诊ID {mdtrt_id} 不符；请核对", position + 1);
            return Err(Refusal::new(Code::NotYours, text).into());
        }
        priced.push(line::read(call, policies, &lines_of(policies, call, of, row, &items)?, row, position)?);
    }
    if priced.iter().any(|line| !line.init_feedetl_sn.is_empty()) {
        for of in encounters.values() {
            returns_must_have_originals(tx, of, &priced)?;
        }
    }
    for of in encounters.values() {
        let its_own: Vec<FeeLine> = priced.iter().filter(|line| line.mdtrt_id == of.mdtrt_id).cloned().collect();
        must_be_new(tx, of, &its_own)?;
        tx.add_fee_lines(&its_own)?;
    }
    Ok(Done::with(Output::new().list("result", priced.iter().map(line::record))))
}

/// Serials are told apart within an encounter: among the lines of this upload and with those before.
fn must_be_new(tx: &mut dyn Tx, of: &Encounter, lines: &[FeeLine]) -> Result<(), Stop> {
    let serials: Vec<&str> = lines.iter().map(|line| line.feedetl_sn.as_str()).collect();
    let mut seen = HashSet::new();
    let twice = serials.iter().find(|serial| !seen.insert(**serial)).map(|serial| (*serial).to_owned());
    let Some(serial) = twice.or(tx.taken_line_serials(&of.mdtrt_id, &serials)?.into_iter().next()) else {
        return Ok(());
    };
    Err(Refusal::new(
        Code::WrongState,
        format!("费用明细流水号 feedetl_sn {serial} 已上传过；单次就诊内流水号须唯一，更正请先撤销原明细"),
    )
    .into())
}

/// 2205 (门诊费用明细信息撤销): a batch, or all with `0000`.
pub(crate) fn withdraw_from_visit(tx: &mut dyn Tx, call: &Call, _desk: &Policies) -> Result<Done, Stop> {
    let fields = call.input.node("data")?;
    let which = match fields.demand("chrg_bchno")? {
        "0000" => LinesToDelete::All,
        batch => LinesToDelete::Batch(batch.to_owned()),
    };
    let of = withdraw(tx, call, fields, Setting::Outpatient, &which)?;
    returns_must_have_originals(tx, &of, &[])?;
    Ok(Done::silently())
}

/// 2302 (住院费用明细撤销): lines by serial, or all with `0000`.
pub(crate) fn withdraw_from_stay(tx: &mut dyn Tx, call: &Call, _desk: &Policies) -> Result<Done, Stop> {
    call.input.node("data")?;
    let mut stays: Vec<Encounter> = Vec::new();
    for fields in call.input.nodes("data") {
        let which = match fields.demand("feedetl_sn")? {
            "0000" => LinesToDelete::All,
            serial => LinesToDelete::Line(serial.to_owned()),
        };
        let of = withdraw(tx, call, fields, Setting::Inpatient, &which)?;
        if stays.iter().all(|known| known.mdtrt_id != of.mdtrt_id) {
            stays.push(of);
        }
    }
    for of in &stays {
        returns_must_have_originals(tx, of, &[])?;
    }
    Ok(Done::silently())
}

fn withdraw(
    tx: &mut dyn Tx,
    call: &Call,
    fields: &Fields,
    setting: Setting,
    which: &LinesToDelete,
) -> Result<Encounter, Stop> {
    let of = encounter::of_message(tx, call, fields.demand("mdtrt_id")?, fields.text("psn_no"))?;
    encounter::must_be(&of, setting)?;
    let deleted = tx.delete_fee_lines(&of.mdtrt_id, which)?;
    let named = match which {
        LinesToDelete::All => return Ok(of),
        LinesToDelete::Batch(batch) => format!("收费批次号 chrg_bchno {batch}"),
        LinesToDelete::Line(serial) => format!("费用明细流水号 feedetl_sn {serial}"),
    };
    if deleted > 0 {
        return Ok(of);
    }
    let settled = tx.fee_lines(&of.mdtrt_id)?.iter().any(|line| match which {
        LinesToDelete::Batch(batch) => line.chrg_bchno == *batch,
        LinesToDelete::Line(serial) => line.feedetl_sn == *serial,
        LinesToDelete::All => false,
    });
    let text = format!("就诊ID {} 的{named}", of.mdtrt_id);
    Err(if settled {
        Refusal::new(Code::AlreadySettled, format!("{text} 已结算，不能撤销；请先撤销结算"))
    } else {
        Refusal::new(Code::NotFound, format!("{text} 不存在；请核对，或填写 0000 撤销全部未结算明细"))
    }
    .into())
}

fn lines_of<'a>(
    policies: &Policies,
    call: &Call,
    of: &'a Encounter,
    row: &Fields,
    items: &'a Items,
) -> Result<Lines<'a>, Stop> {
    let scheme = scheme::scheme_of(&of.insutype)?;
    let named = if of.med_type.is_empty() { row.text("med_type") } else { &of.med_type };
    let kind = match (named, of.setting) {
        ("", Setting::Inpatient) => CareKind::Inpatient,
        ("", _) => CareKind::Outpatient,
        (med_type, _) => care_kind::kind_of(policies, med_type)?,
    };
    let rules = policies.rules_on(of.begntime.date());
    let supplies = provider::supplies_special_drugs(&call.provider);
    Ok(Lines { mdtrt_id: &of.mdtrt_id, scheme, rules: rules.lines(scheme, kind, supplies), items })
}

/// A stay whose discharge is settled takes no more lines: no settlement would ever take them. A visit goes on
/// by batches.
fn must_take_lines(tx: &mut dyn Tx, of: &Encounter) -> Result<(), Stop> {
    if of.setting != Setting::Inpatient {
        return Ok(());
    }
    if tx.rounds(&of.mdtrt_id)?.iter().any(|round| round.stands && !round.mid_stay) {
        let text = format!("就诊ID {} 已出院结算；补传明细请先撤销结算(2305)", of.mdtrt_id);
        return Err(Refusal::new(Code::AlreadySettled, text).into());
    }
    Ok(())
}

/// A returned line (退单) names the line of the same item that it returns, and no more is returned than was
/// charged, in quantity and in money. `added` are lines of this call that are not recorded yet.
fn returns_must_have_originals(tx: &mut dyn Tx, of: &Encounter, added: &[FeeLine]) -> Result<(), Stop> {
    let mut all = tx.fee_lines(&of.mdtrt_id)?;
    all.extend(added.iter().filter(|line| line.mdtrt_id == of.mdtrt_id).cloned());
    for line in all.iter().filter(|line| !line.init_feedetl_sn.is_empty()) {
        let original = all
            .iter()
            .find(|other| other.feedetl_sn == line.init_feedetl_sn && other.med_list_codg == line.med_list_codg);
        let Some(original) = original else {
            return Err(Refusal::new(
                Code::NotFound,
                format!(
                    "退费明细 {} 的原流水号 init_feedetl_sn {} 不存在或不是同一项目；请核对，撤销原明细前先撤销其退费",
                    line.feedetl_sn, line.init_feedetl_sn
                ),
            )
            .into());
        };
        let returns = || all.iter().filter(|other| other.init_feedetl_sn == original.feedetl_sn);
        let returned: Decimal = returns().map(|other| other.cnt).sum();
        let refunded = Money::sum(returns().map(|other| other.det_item_fee_sumamt));
        let charged = original.det_item_fee_sumamt;
        if original.cnt + returned < Decimal::ZERO || charged.plus(refunded) < Money::ZERO {
            return Err(Refusal::new(
                Code::Amount,
                format!(
                    "明细 {} 数量 {}、金额 {charged}，累计退 {}、{}，超过原数量或原金额；请核对退费明细",
                    original.feedetl_sn,
                    original.cnt,
                    -returned,
                    refunded.negated()
                ),
            )
            .into());
        }
    }
    Ok(())
}
