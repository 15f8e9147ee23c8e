//! Fee lines (费用明细): 2204 and 2301 upload and price them, 2205 and 2302 withdraw them.

use crate::call::{Call, Done, Stop};
use crate::encounter;
use crate::encounter::{dates, returns};
use crate::facts::{care_kind, provider, scheme};
use crate::policies::Policies;
use crate::policies::items::Items;
use crate::settlement::line;
use crate::settlement::line::Lines;
use std::collections::{BTreeMap, HashSet};
use yibao_domain::refusal::{Code, Refusal};
use yibao_domain::settlement::CareKind;
use yibao_interface::{Fields, Output};
use yibao_store::Tx;
use yibao_store::encounter::{Encounter, FeeLine, Setting, WhichLines};

/// Stands for all unsettled lines where a withdrawal names a line or a batch.
const ALL: &str = "0000";

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
    let items = line::items(tx, call, policies, rows)?;
    let mut encounters: BTreeMap<&str, (Encounter, Vec<FeeLine>)> = BTreeMap::new();
    let mut records = Vec::with_capacity(rows.len());
    for (position, row) in rows.iter().enumerate() {
        let mdtrt_id = row.demand("mdtrt_id")?;
        if !encounters.contains_key(mdtrt_id) {
            let found = encounter::of_message(tx, call, mdtrt_id, row.text("psn_no"))?;
            encounter::must_be(&found, setting)?;
            must_take_lines(tx, &found)?;
            encounters.insert(mdtrt_id, (found, Vec::new()));
        }
        let (of, lines) = encounters.get_mut(mdtrt_id).expect("it is there by now");
        if !row.text("psn_no").is_empty() && row.text("psn_no") != of.psn_no {
            let text = format!("第{}行人员编号 psn_no 与就诊ID {mdtrt_id} 不符；请核对", position + 1);
            return Err(Refusal::new(Code::NotYours, text).into());
        }
        let line = line::read(call, policies, &lines_of(policies, call, of, row, &items)?, row, position)?;
        records.push(line::record(&line));
        lines.push(line);
    }
    let rounded = line::told_of_rounding(encounters.values().flat_map(|(_, lines)| lines));
    for (of, lines) in encounters.values() {
        must_be_new(tx, of, lines)?;
        returns::must_fit_in(tx, &of.mdtrt_id, lines)?;
        tx.add_fee_lines(lines)?;
    }
    Ok(rounded.into_iter().fold(Done::with(Output::new().list("result", records)), Done::remark))
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
pub(crate) fn withdraw_from_visit(tx: &mut dyn Tx, call: &Call, _policies: &Policies) -> Result<Done, Stop> {
    let fields = call.input.node("data")?;
    let which = match fields.demand("chrg_bchno")? {
        ALL => WhichLines::All,
        batch => WhichLines::Batch(batch.to_owned()),
    };
    let withdrawn = withdraw(tx, call, fields, Setting::Outpatient, &which)?;
    finish_withdrawal(tx, Done::silently(), &withdrawn)
}

/// 2302 (住院费用明细撤销): lines by serial, or all with `0000`.
pub(crate) fn withdraw_from_stay(tx: &mut dyn Tx, call: &Call, _policies: &Policies) -> Result<Done, Stop> {
    call.input.node("data")?;
    let mut stays: BTreeMap<String, Withdrawn> = BTreeMap::new();
    for fields in call.input.nodes("data") {
        let which = match fields.demand("feedetl_sn")? {
            ALL => WhichLines::All,
            serial => WhichLines::Line(serial.to_owned()),
        };
        let withdrawn = withdraw(tx, call, fields, Setting::Inpatient, &which)?;
        match stays.get_mut(&withdrawn.of.mdtrt_id) {
            Some(known) => {
                known.all |= withdrawn.all;
                known.gone.extend(withdrawn.gone);
            }
            None => drop(stays.insert(withdrawn.of.mdtrt_id.clone(), withdrawn)),
        }
    }
    stays.values().try_fold(Done::silently(), |done, withdrawn| finish_withdrawal(tx, done, withdrawn))
}

/// What a withdrawal has taken from an encounter.
struct Withdrawn {
    of: Encounter,
    /// All lines were meant.
    all: bool,
    /// The lines that went, by serial and item.
    gone: Vec<(String, String)>,
}

/// What is left has to hold by itself; where all were to go, it is told what did not.
fn finish_withdrawal(tx: &mut dyn Tx, done: Done, withdrawn: &Withdrawn) -> Result<Done, Stop> {
    let Withdrawn { of, all, gone } = withdrawn;
    if !all {
        returns::must_fit_without(tx, &of.mdtrt_id, gone)?;
        return Ok(done);
    }
    let left = tx.count_fee_lines(&of.mdtrt_id, &WhichLines::All)?;
    if left > 0 {
        returns::must_fit_without(tx, &of.mdtrt_id, gone)?;
    }
    let cancellation = if of.setting == Setting::Inpatient { "2305" } else { "2208" };
    Ok(match left {
        0 if !gone.is_empty() => done,
        0 => done.remark(format!("就诊ID {} 没有费用明细，未撤销任何明细", of.mdtrt_id)),
        settled => done.remark(format!(
            "就诊ID {} 撤销未结算明细 {} 条；另有 {settled} 条已结算，未撤销，如需撤销请先撤销结算({cancellation})",
            of.mdtrt_id,
            gone.len()
        )),
    })
}

fn withdraw(
    tx: &mut dyn Tx,
    call: &Call,
    fields: &Fields,
    setting: Setting,
    which: &WhichLines,
) -> Result<Withdrawn, Stop> {
    let of = encounter::of_message(tx, call, fields.demand("mdtrt_id")?, fields.text("psn_no"))?;
    encounter::must_be(&of, setting)?;
    let gone = tx.delete_fee_lines(&of.mdtrt_id, which)?;
    let (named, cancellation) = match which {
        WhichLines::All => return Ok(Withdrawn { of, all: true, gone }),
        WhichLines::Batch(batch) => (format!("收费批次号 chrg_bchno {batch}"), "2208"),
        WhichLines::Line(serial) => (format!("费用明细流水号 feedetl_sn {serial}"), "2305"),
    };
    if !gone.is_empty() {
        return Ok(Withdrawn { of, all: false, gone });
    }
    let settled = tx.count_fee_lines(&of.mdtrt_id, which)? > 0;
    let text = format!("就诊ID {} 的{named}", of.mdtrt_id);
    Err(if settled {
        let way = format!("退费请先撤销结算({cancellation})，再按应收的明细重新结算");
        Refusal::new(Code::AlreadySettled, format!("{text} 已结算，不能撤销；{way}"))
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
    let supplies = provider::supplies_special_drugs(call.provider()?);
    let times = dates::fee_times(of, call.now);
    Ok(Lines { mdtrt_id: &of.mdtrt_id, scheme, rules: rules.lines(scheme, kind, supplies), items, times })
}

/// A stay whose discharge is settled takes no more lines: no settlement would ever take them. A visit goes on
/// by batches.
fn must_take_lines(tx: &mut dyn Tx, of: &Encounter) -> Result<(), Stop> {
    if of.setting != Setting::Inpatient {
        return Ok(());
    }
    if tx.rounds(&of.mdtrt_id)?.iter().any(|round| round.stands && !round.mid_stay) {
        let text = format!("就诊ID {} 已出院结算；补传或退费请先撤销结算(2305)，再按应收的明细重新结算", of.mdtrt_id);
        return Err(Refusal::new(Code::AlreadySettled, text).into());
    }
    Ok(())
}
