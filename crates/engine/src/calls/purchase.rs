//! Pharmacy purchases (药店购药): 2101 trial, 2102 settlement. Purchase, lines and settlement are one.

use crate::call::{Call, Done, Stop};
use crate::encounter::{dates, returns};
use crate::facts::{care_kind, details, provider, scheme};
use crate::outage::{self, settling::Settling};
use crate::policies::Policies;
use crate::settlement::basis::Basis;
use crate::settlement::{line, reply};
use crate::{encounter, settlement};
use std::collections::HashSet;
use yibao_domain::refusal::{Code, Refusal};
use yibao_interface::Output;
use yibao_store::Tx;
use yibao_store::encounter::{Encounter, FeeLine, Setting};

const COLUMNS: &[&str] = &[
    "psn_no",
    "insutype",
    "begntime",
    "mdtrt_cert_type",
    "mdtrt_cert_no",
    "certno",
    "psn_name",
    "med_type",
    "dise_codg",
    "dise_name",
];

/// 2101 (药店预结算): the same amounts, nothing recorded.
pub(crate) fn try_out(tx: &mut dyn Tx, call: &Call, policies: &Policies) -> Result<Done, Stop> {
    let (_, settling) = prepared(tx, call, policies, String::new(), String::new())?;
    let prepared = settling.prepared;
    let output = with_lines(reply::settled(&prepared.settlement, &prepared.person.person), &prepared.lines);
    Ok(Done { remarks: prepared.remarks, ..Done::with(output) })
}

/// 2102 (药店结算).
pub(crate) fn settle(tx: &mut dyn Tx, call: &Call, policies: &Policies) -> Result<Done, Stop> {
    let mdtrt_id = encounter::new_id(tx, policies, call)?;
    let setl_id = settlement::new_id(tx, policies, call)?;
    let (purchase, settling) = prepared(tx, call, policies, mdtrt_id, setl_id)?;
    let entries = settling.entries(tx, call, &purchase)?;
    let mut lines = settling.prepared.lines.clone();
    let settlement = &settling.prepared.settlement;
    for line in &mut lines {
        line.setl_id.clone_from(&settlement.setl_id);
    }
    tx.add_encounter(&purchase)?;
    tx.record_settlement(settlement, &[])?;
    tx.add_fee_lines(&lines)?;
    settling.tie(tx, call, policies, entries, &purchase)?;
    let output = with_lines(reply::settled(settlement, &settling.prepared.person.person), &lines);
    Ok(Done { remarks: settling.prepared.remarks.clone(), ..Done::with(output) }.effect(settlement.setl_id.as_str()))
}

fn prepared(
    tx: &mut dyn Tx,
    call: &Call,
    policies: &Policies,
    mdtrt_id: String,
    setl_id: String,
) -> Result<(Encounter, Settling), Stop> {
    let fields = call.input.node("druginfo")?;
    let begntime = fields.moment("begntime")?.unwrap_or(call.now);
    encounter::must_not_lie_ahead(call, "begntime", begntime)?;
    let (insutype, med_type) = (fields.demand("insutype")?, fields.demand("med_type")?);
    let kind = care_kind::kind_of(policies, med_type)?;
    if kind.is_stay() {
        let text = format!("医疗类别 med_type {med_type} 属于住院，不能用于药店结算；购药请填 41");
        return Err(Refusal::new(Code::FieldCode, text).into());
    }
    let purchase = Encounter {
        begntime,
        med_type: med_type.to_owned(),
        mdtrt_cert_type: fields.text("mdtrt_cert_type").to_owned(),
        dise_codg: fields.text("dise_codg").to_owned(),
        dise_name: fields.text("dise_name").to_owned(),
        details: details::pack(fields, COLUMNS),
        ..encounter::blank(call, &mdtrt_id, Setting::Pharmacy, fields.demand("psn_no")?, insutype)?
    };
    let scheme = scheme::scheme_of(insutype)?;
    let rules = policies.rules_on(begntime.date());
    let supplies = provider::supplies_special_drugs(call.provider()?);
    call.input.node("drugdetail")?;
    let rows = call.input.nodes("drugdetail");
    let items = line::items(tx, call, policies, rows)?;
    let rules = rules.lines(scheme, kind, supplies);
    let times = dates::fee_times(&purchase, call.now);
    let common = line::Lines { mdtrt_id: &mdtrt_id, scheme, rules, items: &items, times };
    let mut lines: Vec<FeeLine> = Vec::with_capacity(rows.len());
    let mut serials = HashSet::new();
    for (position, row) in rows.iter().enumerate() {
        let line = line::read(call, policies, &common, row, position)?;
        if !serials.insert(line.feedetl_sn.clone()) {
            let text = format!("费用明细流水号 feedetl_sn {} 重复；单次购药内流水号须唯一", line.feedetl_sn);
            return Err(Refusal::new(Code::WrongState, text).into());
        }
        lines.push(line);
    }
    returns::must_fit(&lines)?;
    let rounded = line::told_of_rounding(&lines);
    let basis = Basis {
        encounter: &purchase,
        lines,
        kind,
        med_type,
        insutype,
        chrg_bchno: "",
        invono: fields.text("invono"),
        mdtrt_cert_type: fields.text("mdtrt_cert_type"),
        acct_used_flag: fields.text("acct_used_flag"),
        medfee_sumamt: fields.demand_money("medfee_sumamt")?,
        end: begntime.date(),
        stay_goes_on: None,
    };
    let mut settling = outage::settling::prepared(tx, call, policies, basis, setl_id, None)?;
    settling.prepared.remarks.extend(rounded);
    Ok((purchase, settling))
}

fn with_lines(output: Output, lines: &[FeeLine]) -> Output {
    output.list("detlcutinfo", lines.iter().map(line::record))
}
