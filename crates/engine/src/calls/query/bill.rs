//! What was charged and settled: 5203 (结算信息查询), 5204 (费用明细查询), 5205 (人员慢特病用药记录查询).

use super::{SHOWN_MAX, copied, listed, range};
use crate::call::{Call, Done, Stop};
use crate::encounter;
use crate::facts::details::Details;
use crate::facts::{care_kind, person};
use crate::policies::Policies;
use crate::settlement::{show, standing_for};
use std::collections::HashMap;
use yibao_domain::money::Decimal;
use yibao_domain::refusal::{Code, Refusal};
use yibao_domain::settlement::CareKind;
use yibao_interface::{Output, Record};
use yibao_store::Tx;
use yibao_store::encounter::{Encounter, FeeLine};

/// 5203 (结算信息查询).
pub(crate) fn settlement(tx: &mut dyn Tx, call: &Call, policies: &Policies) -> Result<Done, Stop> {
    let fields = call.input.node("data")?;
    let of = encounter::of_message(tx, call, fields.demand("mdtrt_id")?, fields.text("psn_no"))?;
    let setl_id = fields.demand("setl_id")?;
    let rounds = tx.settlements_of(&of.mdtrt_id)?;
    let Some(row) = rounds.iter().find(|row| row.settlement.setl_id == setl_id) else {
        let text = format!("就诊ID {} 没有结算ID setl_id {setl_id} 的结算；请核对", of.mdtrt_id);
        return Err(Refusal::new(Code::NotFound, text).into());
    };
    let facts = person::facts(tx, &of.psn_no, &[])?;
    let stands = standing_for(&rounds, &row.settlement).is_some();
    Ok(Done::with(show::output(call.provider()?, policies, &row.settlement, stands, &facts, &of)))
}

/// 5204 (费用明细查询): the records stand directly under `output`.
pub(crate) fn lines(tx: &mut dyn Tx, call: &Call, _policies: &Policies) -> Result<Done, Stop> {
    let fields = call.input.node("data")?;
    let of = encounter::of_message(tx, call, fields.demand("mdtrt_id")?, fields.text("psn_no"))?;
    let named = fields.text("setl_id");
    let rounds = tx.settlements_of(&of.mdtrt_id)?;
    let standing = rounds.iter().find(|row| row.settlement.setl_id == named);
    let standing = standing.and_then(|row| standing_for(&rounds, &row.settlement));
    let setl_id = standing.map_or(named, |row| row.settlement.setl_id.as_str());
    let found = tx.fee_lines(&of.mdtrt_id)?;
    let chosen = found.iter().filter(|line| named.is_empty() || line.setl_id == setl_id);
    Ok(Done::with(Output::bare(chosen.map(|line| line_record(line, &of)).collect())))
}

/// 5205 (人员慢特病用药记录查询): the person's special-disease lines at any provider.
pub(crate) fn drug_use(tx: &mut dyn Tx, call: &Call, policies: &Policies) -> Result<Done, Stop> {
    let fields = call.input.node("data")?;
    let psn_no = fields.demand("psn_no")?;
    person::local_facts(tx, call, policies, psn_no, &[])?;
    let (from, to) = range(fields, call)?;
    let found = tx.fee_lines_of_person(psn_no, from, to, SHOWN_MAX)?;
    let cut = found.len() == SHOWN_MAX;
    let mut names: HashMap<String, String> = HashMap::new();
    let mut records = Vec::new();
    for (of, line) in found {
        let kind = care_kind::kind_of(policies, &of.med_type);
        if !matches!(kind, Ok(CareKind::SpecialDisease | CareKind::TwoDisease | CareKind::SpecialDrug)) {
            continue;
        }
        if !names.contains_key(&of.fixmedins_code) {
            let provider = tx.provider(&of.fixmedins_code)?;
            let name = provider.map(|provider| provider.fixmedins_name).unwrap_or_default();
            names.insert(of.fixmedins_code.clone(), name);
        }
        let record = Record::new()
            .text("fixmedins_code", &of.fixmedins_code)
            .text("fixmedins_name", &names[&of.fixmedins_code])
            .text("psn_no", psn_no);
        records.push(line_fields(record, &line, &of));
    }
    Ok(listed("feedetail", records, cut))
}

fn line_record(line: &FeeLine, of: &Encounter) -> Record {
    let record = Record::new().text("mdtrt_id", &line.mdtrt_id).text_or_null("setl_id", Some(&line.setl_id));
    let more = Details::read(&line.details);
    let record = line_fields(record, line, of)
        .money("det_item_fee_sumamt", line.det_item_fee_sumamt)
        .decimal("pric_uplmt_amt", line.pric_uplmt_amt.unwrap_or(Decimal::from(999_999)))
        .decimal("selfpay_prop", line.selfpay_prop.map_or(Decimal::ZERO, |rate| rate.as_decimal()))
        .money("fulamt_ownpay_amt", line.fulamt_ownpay_amt)
        .money("overlmt_amt", line.overlmt_amt)
        .money("preselfpay_amt", line.preselfpay_amt)
        .money("inscp_scp_amt", line.inscp_scp_amt);
    copied(
        record,
        &more,
        &[
            "sin_dos_dscr",
            "used_frqu_dscr",
            "prd_days",
            "medc_way_dscr",
            "bilg_dept_codg",
            "bilg_dept_name",
            "bilg_dr_codg",
            "bilg_dr_name",
            "acord_dept_codg",
            "acord_dept_name",
            "orders_dr_code",
            "orders_dr_name",
            "etip_flag",
            "etip_hosp_code",
            "dscg_tkdrug_flag",
            "matn_fee_flag",
            "memo",
        ],
    )
}

/// The fields that 5204 and 5205 share.
fn line_fields(record: Record, line: &FeeLine, of: &Encounter) -> Record {
    let more = Details::read(&line.details);
    let prescription = if more.text("rxno").is_empty() { more.text("drord_no") } else { more.text("rxno") };
    record
        .text("feedetl_sn", &line.feedetl_sn)
        .text("rx_drord_no", prescription)
        .text("med_type", &of.med_type)
        .moment("fee_ocur_time", Some(line.fee_ocur_time))
        .decimal("cnt", line.cnt)
        .decimal("pric", line.pric)
        .text("chrgitm_lv", &line.chrgitm_lv)
        .text("hilist_code", &line.med_list_codg)
        .text("hilist_name", &line.hilist_name)
        .text("list_type", &line.list_type)
        .text("med_list_codg", &line.med_list_codg)
        .text("medins_list_codg", &line.medins_list_codg)
        .text("medins_list_name", "")
        .text("med_chrgitm_type", &line.med_chrgitm_type)
        .text("prodname", "")
        .text("spec", "")
        .text("dosform_name", "")
        .text("lmt_used_flag", "0")
        .text("hosp_appr_flag", &line.hosp_appr_flag)
        .text("tcmdrug_used_way", more.text("tcmdrug_used_way"))
        .text("bas_medn_flag", "0")
        .text("hi_nego_drug_flag", "0")
        .text("list_sp_item_flag", if line.special.is_empty() { "0" } else { "1" })
}
