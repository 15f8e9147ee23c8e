//! Filings (备案) over the interface: 2501 transfer, 2503 chronic and special disease, 2505 designated
//! provider, and their cancellations 2502, 2504, 2506.

use crate::call::{Call, Done, Stop};
use crate::facts::filing::{DESIGNATED, SPECIAL_DISEASE, TRANSFER};
use crate::facts::{details, person};
use crate::policies::Policies;
use yibao_domain::refusal::{Code, Refusal};
use yibao_domain::time::Date;
use yibao_interface::{Fields, Output, Record};
use yibao_store::Tx;
use yibao_store::filing::Filing;
use yibao_store::person::SpecialDisease;

const COLUMNS: &[&str] = &["psn_no", "insutype", "begndate", "enddate", "trt_dcla_detl_sn"];

/// 2501, 2501A (转院备案).
pub(crate) fn transfer(tx: &mut dyn Tx, call: &Call, policies: &Policies) -> Result<Done, Stop> {
    let fields = call.input.node("refmedin")?;
    let begndate = fields.date("begndate")?.or(fields.date("refl_date")?).unwrap_or(call.now.date());
    let filing = Filing {
        care_admdvs: fields.text("mdtrtarea_admdvs").to_owned(),
        fixmedins_code: fields.text("reflin_medins_no").to_owned(),
        fixmedins_name: fields.text("reflin_medins_name").to_owned(),
        ..blank(tx, call, policies, fields, TRANSFER, begndate)?
    };
    record(tx, &filing)
}

/// 2503 (人员慢特病备案): files the disease and qualifies the person from its begin.
pub(crate) fn special_disease(tx: &mut dyn Tx, call: &Call, policies: &Policies) -> Result<Done, Stop> {
    let fields = call.input.node("data")?;
    let filing = Filing {
        fixmedins_code: fields.text("ide_fixmedins_no").to_owned(),
        fixmedins_name: fields.text("ide_fixmedins_name").to_owned(),
        ..blank(tx, call, policies, fields, SPECIAL_DISEASE, fields.demand_date("begndate")?)?
    };
    let disease = fields.demand("opsp_dise_code")?;
    let held = person::facts(tx, &filing.psn_no, &[])?.special_diseases;
    if let Some(row) = held.iter().find(|row| row.opsp_dise_code == disease && overlaps(row, &filing)) {
        return Err(Refusal::new(
            Code::WrongState,
            format!("该人员自 {} 起已有病种 {disease} 的备案；更改请先撤销原备案(2504)", row.begndate),
        )
        .into());
    }
    tx.put_special_disease(&SpecialDisease {
        psn_no: filing.psn_no.clone(),
        opsp_dise_code: disease.to_owned(),
        opsp_dise_name: fields.text("opsp_dise_name").to_owned(),
        begndate: filing.begndate,
        enddate: filing.enddate,
        trt_dcla_detl_sn: filing.trt_dcla_detl_sn.clone(),
    })?;
    record(tx, &filing)
}

/// 2505 (人员定点备案).
pub(crate) fn designate(tx: &mut dyn Tx, call: &Call, policies: &Policies) -> Result<Done, Stop> {
    let fields = call.input.node("data")?;
    let provider = fields.demand("fixmedins_code")?;
    let Some(named) = tx.provider(provider)? else {
        let text = format!("定点医药机构 fixmedins_code {provider} 未登记；请用1201查询机构编号");
        return Err(Refusal::new(Code::UnknownProvider, text).into());
    };
    let filing = Filing {
        fixmedins_code: provider.to_owned(),
        fixmedins_name: named.fixmedins_name,
        ..blank(tx, call, policies, fields, DESIGNATED, fields.demand_date("begndate")?)?
    };
    record(tx, &filing)
}

/// 2502 (转院备案撤销).
pub(crate) fn cancel_transfer(tx: &mut dyn Tx, call: &Call, _policies: &Policies) -> Result<Done, Stop> {
    cancel(tx, call, TRANSFER).map(|_| Done::silently())
}

/// 2504 (人员慢特病备案撤销): the qualification it gave never held.
pub(crate) fn cancel_special_disease(tx: &mut dyn Tx, call: &Call, _policies: &Policies) -> Result<Done, Stop> {
    let filing = cancel(tx, call, SPECIAL_DISEASE)?;
    tx.remove_special_disease(&filing.psn_no, &filing.trt_dcla_detl_sn)?;
    Ok(Done::silently())
}

/// 2506 (人员定点备案撤销).
pub(crate) fn cancel_designation(tx: &mut dyn Tx, call: &Call, _policies: &Policies) -> Result<Done, Stop> {
    cancel(tx, call, DESIGNATED).map(|_| Done::silently())
}

/// A filing with nothing but its key facts, of a person this pool knows.
fn blank(
    tx: &mut dyn Tx,
    call: &Call,
    policies: &Policies,
    fields: &Fields,
    kind: &str,
    begndate: Date,
) -> Result<Filing, Stop> {
    let psn_no = fields.demand("psn_no")?;
    person::local_facts(tx, call, policies, psn_no, &[])?;
    let enddate = fields.date("enddate")?;
    if let Some(enddate) = enddate
        && enddate < begndate
    {
        let text = format!("结束日期 enddate {enddate} 早于开始日期 begndate {begndate}；请核对");
        return Err(Refusal::new(Code::Dates, text).into());
    }
    let serial = tx.next_serial("filing")?;
    Ok(Filing {
        trt_dcla_detl_sn: format!("{}{}3{serial:08}", policies.pool.pool, call.now.strftime("%Y%m%d")),
        psn_no: psn_no.to_owned(),
        kind: kind.to_owned(),
        insutype: fields.text("insutype").to_owned(),
        care_admdvs: String::new(),
        fixmedins_code: String::new(),
        fixmedins_name: String::new(),
        begndate,
        enddate,
        filed_by: call.provider()?.fixmedins_code.clone(),
        filed_at: call.now,
        cancelled_at: None,
        details: details::pack(fields, COLUMNS),
    })
}

fn record(tx: &mut dyn Tx, filing: &Filing) -> Result<Done, Stop> {
    tx.add_filing(filing)?;
    let reply = Record::new().text("trt_dcla_detl_sn", &filing.trt_dcla_detl_sn);
    let reply = if filing.kind == TRANSFER { reply } else { reply.null("exp_content") };
    Ok(Done::with(Output::new().object("result", reply)).effect(filing.trt_dcla_detl_sn.as_str()))
}

fn cancel(tx: &mut dyn Tx, call: &Call, kind: &str) -> Result<Filing, Stop> {
    let fields = call.input.node("data")?;
    let serial = fields.demand("trt_dcla_detl_sn")?;
    let found = tx.filing(serial)?.filter(|filing| filing.kind == kind && filing.psn_no == fields.text("psn_no"));
    let Some(filing) = found else {
        let text = format!("待遇申报明细流水号 trt_dcla_detl_sn {serial} 没有该人员的此类备案；请核对流水号与人员编号");
        return Err(Refusal::new(Code::NotFound, text).into());
    };
    if filing.filed_by != call.provider()?.fixmedins_code {
        let text = format!("备案 {serial} 不是本机构申报；请由原申报机构或经办机构撤销");
        return Err(Refusal::new(Code::NotYours, text).into());
    }
    if filing.cancelled_at.is_some() {
        let text = format!("备案 {serial} 已撤销，无需重复撤销");
        return Err(Refusal::new(Code::WrongState, text).into());
    }
    tx.cancel_filing(serial, call.now)?;
    Ok(filing)
}

fn overlaps(held: &SpecialDisease, filing: &Filing) -> bool {
    let ends = |end: Option<Date>| end.unwrap_or(Date::MAX);
    held.begndate <= ends(filing.enddate) && filing.begndate <= ends(held.enddate)
}
