//! Queries (查询): 5201-5206 and 5301-5304, from the records as they are.
//!
//! A provider sees its own visits, settlements and lines; a person's totals, qualifications and filings
//! it sees whole, since it settles by them. A range covers whole days.

use crate::call::{Call, Done, Stop};
use crate::encounter;
use crate::facts::details::Details;
use crate::facts::{care_kind, filing, person};
use crate::policies::Policies;
use crate::settlement::{show, standing_for};
use std::collections::HashMap;
use yibao_domain::money::{Decimal, Money};
use yibao_domain::refusal::{Code, Refusal};
use yibao_domain::settlement::CareKind;
use yibao_domain::settlement::totals::{Period, RunningTotal, Unit};
use yibao_domain::time::DateTime;
use yibao_interface::{Fields, Output, Record};
use yibao_store::Tx;
use yibao_store::encounter::{Diagnosis, Encounter, EncounterFilter, EncounterState, FeeLine, Setting};
use yibao_store::filing::Filing;
use yibao_store::person::PersonFacts;

/// Rows one answer shows at most; a remark says where more were found.
const SHOWN_MAX: usize = 2_000;

/// 5201 (就诊信息查询).
pub(crate) fn encounters(tx: &mut dyn Tx, call: &Call, policies: &Policies) -> Result<Done, Stop> {
    let fields = call.input.node("data")?;
    let psn_no = fields.demand("psn_no")?;
    let facts = person::local_facts(tx, call, policies, psn_no, &[])?;
    let (from, to) = range(fields, call)?;
    let filter = EncounterFilter {
        fixmedins_code: Some(call.provider()?.fixmedins_code.clone()),
        psn_no: Some(psn_no.to_owned()),
        med_type: fields.get("med_type").map(str::to_owned),
        mdtrt_id: fields.get("mdtrt_id").map(str::to_owned),
        begun_from: Some(from),
        begun_to: Some(to),
        in_hospital_only: false,
    };
    let found = tx.encounters(&filter, SHOWN_MAX)?;
    let shown = found.iter().filter(|row| row.state != EncounterState::Cancelled);
    let records = shown.map(|row| encounter_record(row, &facts)).collect();
    Ok(listed("mdtrtinfo", records, found.len() == SHOWN_MAX))
}

/// 5202 (诊断信息查询).
pub(crate) fn diagnoses(tx: &mut dyn Tx, call: &Call, _policies: &Policies) -> Result<Done, Stop> {
    let fields = call.input.node("data")?;
    let of = encounter::of_message(tx, call, fields.demand("mdtrt_id")?, fields.text("psn_no"))?;
    let found = tx.diagnoses(&of.mdtrt_id)?;
    let records = found.iter().filter(|row| row.valid).map(|row| diagnosis_record(row, &of.psn_no)).collect();
    Ok(listed("diseinfo", records, false))
}

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

/// 5206 (人员累计信息查询).
pub(crate) fn running_totals(tx: &mut dyn Tx, call: &Call, policies: &Policies) -> Result<Done, Stop> {
    let fields = call.input.node("data")?;
    let psn_no = fields.demand("psn_no")?;
    person::local_facts(tx, call, policies, psn_no, &[])?;
    let (year, month) = year_and_month(fields, call)?;
    let mut records = Vec::new();
    for row in tx.running_totals(psn_no)? {
        let Some(total) = RunningTotal::of_name(&row.name) else { continue };
        if total.period() != Period::Year || row.period != year {
            continue;
        }
        let value = match total.unit() {
            Unit::Fen => Money::fen(row.value).as_yuan(),
            Unit::Count => Decimal::from(row.value),
        };
        records.push(
            Record::new()
                .text("insutype", &row.insutype)
                .text("year", &year)
                .text("cum_ym", &month)
                .text("cum_type_code", total.cum_type_code())
                .text("cum_type_name", total.chinese())
                .decimal("cum", value),
        );
    }
    Ok(listed("cuminfo", records, false))
}

/// The year whose totals are asked for, and the month they run to (`cum_ym`, yyyyMM); this month where none is named.
fn year_and_month(fields: &Fields, call: &Call) -> Result<(String, String), Stop> {
    let Some(asked) = fields.get("cum_ym") else {
        return Ok((format!("{:04}", call.now.year()), call.now.strftime("%Y%m").to_string()));
    };
    let digits = asked.bytes().all(|byte| byte.is_ascii_digit());
    let month = asked.get(4..).and_then(|month| month.parse().ok()).unwrap_or(1);
    if !digits || !matches!(asked.len(), 4 | 6) || !(1..=12).contains(&month) {
        return Err(fields.refuse(Code::FieldShape, "cum_ym", "应为年月yyyyMM").into());
    }
    Ok((asked[..4].to_owned(), asked.to_owned()))
}

/// 5301 (人员慢特病备案查询).
pub(crate) fn special_diseases(tx: &mut dyn Tx, call: &Call, policies: &Policies) -> Result<Done, Stop> {
    let fields = call.input.node("data")?;
    let facts = person::local_facts(tx, call, policies, fields.demand("psn_no")?, &[])?;
    let records = facts.special_diseases.iter().map(|row| {
        Record::new()
            .text("opsp_dise_code", &row.opsp_dise_code)
            .text("opsp_dise_name", &row.opsp_dise_name)
            .date("begndate", Some(row.begndate))
            .date("enddate", row.enddate)
            .null("exp_content")
    });
    Ok(listed("feedetail", records.collect(), false))
}

/// 5302 (人员定点信息查询).
pub(crate) fn designated_providers(tx: &mut dyn Tx, call: &Call, policies: &Policies) -> Result<Done, Stop> {
    let fields = call.input.node("data")?;
    let psn_no = fields.demand("psn_no")?;
    person::local_facts(tx, call, policies, psn_no, &[])?;
    let found = tx.filings(psn_no, Some(filing::DESIGNATED))?;
    let asked = fields.text("biz_appy_type");
    let kind_of = |row: &Filing| Details::read(&row.details).text("biz_appy_type").to_owned();
    let chosen = found.iter().filter(|row| asked.is_empty() || kind_of(row).is_empty() || kind_of(row) == asked);
    let records = chosen.map(|row| {
        let more = Details::read(&row.details);
        Record::new()
            .text("psn_no", psn_no)
            .text("insutype", &row.insutype)
            .text("fix_srt_no", more.text("fix_srt_no"))
            .text("fixmedins_code", &row.fixmedins_code)
            .text("fixmedins_name", &row.fixmedins_name)
            .date("begndate", Some(row.begndate))
            .date("enddate", row.enddate)
            .text("memo", more.text("memo"))
    });
    Ok(listed("psnfixmedin", records.collect(), false))
}

/// 5303 (在院信息查询): the provider's inpatients of now.
pub(crate) fn in_hospital(tx: &mut dyn Tx, call: &Call, policies: &Policies) -> Result<Done, Stop> {
    let fields = call.input.node("data")?;
    let (from, to) = range(fields, call)?;
    let filter = EncounterFilter {
        fixmedins_code: Some(call.provider()?.fixmedins_code.clone()),
        psn_no: fields.get("psn_no").map(str::to_owned),
        begun_from: Some(from),
        begun_to: Some(to),
        in_hospital_only: true,
        ..EncounterFilter::default()
    };
    let found = tx.encounters(&filter, SHOWN_MAX)?;
    let cut = found.len() == SHOWN_MAX;
    let mut records = Vec::new();
    for of in found {
        let facts = person::facts(tx, &of.psn_no, &[])?;
        let elsewhere = !facts.insurances.iter().any(|row| policies.covers(&row.insuplc_admdvs));
        records.push(
            person::own_fields(Record::new().text("mdtrt_id", &of.mdtrt_id), &facts.person, of.begntime.date())
                .text("insutype", &of.insutype)
                .date("begndate", Some(of.begntime.date()))
                .text("med_type", &of.med_type)
                .text("ipt_otp_no", &of.ipt_otp_no)
                .text("out_flag", if elsewhere { "1" } else { "0" }),
        );
    }
    Ok(listed("data", records, cut))
}

/// 5304 (转院信息查询).
pub(crate) fn transfers(tx: &mut dyn Tx, call: &Call, policies: &Policies) -> Result<Done, Stop> {
    let fields = call.input.node("data")?;
    let psn_no = fields.demand("psn_no")?;
    let facts = person::local_facts(tx, call, policies, psn_no, &[])?;
    let (from, to) = range(fields, call)?;
    let found = tx.filings(psn_no, Some(filing::TRANSFER))?;
    let chosen = found.iter().filter(|row| (from.date()..=to.date()).contains(&row.begndate));
    Ok(listed("refmedin", chosen.map(|row| transfer_record(row, &facts)).collect(), false))
}

/// A list of records; `cut` where more were found than are shown.
fn listed(node: &'static str, records: Vec<Record>, cut: bool) -> Done {
    let done = Done::with(Output::new().list(node, records));
    if cut { done.remark(format!("结果仅返回前 {SHOWN_MAX} 条；请缩小查询范围")) } else { done }
}

/// Whole days: from the first second of `begntime` to the last of `endtime`, today where it is absent.
fn range(fields: &Fields, call: &Call) -> Result<(DateTime, DateTime), Stop> {
    let from = fields.demand_date("begntime")?;
    let to = fields.date("endtime")?.unwrap_or(call.now.date().max(from));
    if to < from {
        return Err(Refusal::new(
            Code::Dates,
            format!("结束时间 endtime {to} 早于开始时间 begntime {from}；请核对查询范围"),
        )
        .into());
    }
    Ok((from.at(0, 0, 0, 0), to.at(23, 59, 59, 0)))
}

fn encounter_record(of: &Encounter, facts: &PersonFacts) -> Record {
    let more = Details::read(&of.details);
    let insured = person::insurance_on(facts, &of.insutype, of.begntime.date());
    let stay = of.setting == Setting::Inpatient;
    let days = of.endtime.map(|end| i64::from((end.date() - of.begntime.date()).get_days()).max(1));
    let record = person::own_fields(Record::new().text("mdtrt_id", &of.mdtrt_id), &facts.person, of.begntime.date())
        .text("coner_name", more.text("coner_name"))
        .text("tel", more.text("tel"))
        .text("insutype", &of.insutype)
        .text("psn_type", insured.map_or("", |row| row.psn_type.as_str()))
        .text("cvlserv_flag", if insured.is_some_and(|row| row.cvlserv_flag) { "1" } else { "0" })
        .text("insu_optins", insured.map_or("", |row| row.insuplc_admdvs.as_str()))
        .text("emp_name", insured.map_or("", |row| row.emp_name.as_str()))
        .moment("begntime", Some(of.begntime))
        .moment("endtime", of.endtime)
        .text("mdtrt_cert_type", &of.mdtrt_cert_type)
        .text("med_type", &of.med_type)
        .text("ipt_otp_no", &of.ipt_otp_no);
    let record =
        copied(record, &more, &["medrcdno", "atddr_no", "chfpdr_name", "adm_dept_codg", "adm_dept_name", "adm_bed"])
            .text("dscg_maindiag_code", &of.dscg_maindiag_code)
            .text("dscg_maindiag_name", &of.dscg_maindiag_name);
    let record = copied(record, &more, &["dscg_dept_codg", "dscg_dept_name", "dscg_bed"])
        .text("dscg_way", &of.dscg_way)
        .text("main_cond_dscr", more.text("main_cond_dscr"))
        .text("dise_codg", &of.dise_codg)
        .text("dise_name", &of.dise_name);
    let record = copied(record, &more, &["oprn_oprt_code", "oprn_oprt_name"])
        .text("inhosp_stas", if stay && of.state == EncounterState::Open { "1" } else { "0" })
        .text("die_date", more.text("die_date"));
    let record = match days {
        Some(days) if stay => record.integer("ipt_days", days),
        _ => record.null("ipt_days"),
    };
    copied(
        record.text("matn_type", &of.matn_type).text("birctrl_type", &of.birctrl_type),
        &more,
        &["latechb_flag", "fetts"],
    )
    .date("birctrl_matn_date", of.birctrl_matn_date)
    .moment("opt_time", Some(of.recorded_at))
}

fn copied(mut record: Record, more: &Details, names: &[&'static str]) -> Record {
    for name in names {
        record = record.text(name, more.text(name));
    }
    record
}

fn diagnosis_record(row: &Diagnosis, psn_no: &str) -> Record {
    let more = Details::read(&row.details);
    let record = Record::new()
        .text("diag_info_id", &format!("{}-{}-{}", row.mdtrt_id, row.inout_diag_type, row.diag_srt_no))
        .text("mdtrt_id", &row.mdtrt_id)
        .text("psn_no", psn_no)
        .text("inout_diag_type", &row.inout_diag_type)
        .text("diag_type", &row.diag_type)
        .text("maindiag_flag", if row.maindiag_flag { "1" } else { "0" })
        .integer("diag_srt_no", row.diag_srt_no)
        .text("diag_code", &row.diag_code)
        .text("diag_name", &row.diag_name);
    copied(record, &more, &["adm_cond", "diag_dept", "dise_dor_no", "dise_dor_name", "diag_time"])
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

fn transfer_record(row: &Filing, facts: &PersonFacts) -> Record {
    let more = Details::read(&row.details);
    let person = &facts.person;
    let record = Record::new()
        .text("insutype", &row.insutype)
        .text("dcla_souc", if row.filed_by.is_empty() { "02" } else { "01" })
        .text("psn_no", &person.psn_no)
        .text("psn_cert_type", &person.psn_cert_type)
        .text("certno", &person.certno)
        .text("psn_name", &person.psn_name)
        .text("gend", &person.gend)
        .date("brdy", person.brdy);
    copied(record, &more, &["tel", "addr", "insu_optins", "diag_code", "diag_name", "dise_cond_dscr"])
        .text("emp_name", facts.insurances.last().map_or("", |row| row.emp_name.as_str()))
        .text("reflin_medins_no", &row.fixmedins_code)
        .text("reflin_medins_name", &row.fixmedins_name)
        .text("out_flag", if matches!(more.text("refl_type"), "2" | "3") { "1" } else { "0" })
        .text(
            "refl_date",
            match more.text("refl_date") {
                "" => row.begndate.to_string(),
                day => day.to_owned(),
            }
            .as_str(),
        )
        .text("refl_rea", more.text("refl_rea"))
        .date("begndate", Some(row.begndate))
        .date("enddate", row.enddate)
        .text("hosp_agre_refl_flag", more.text("hosp_agre_refl_flag"))
        .moment("opt_time", Some(row.filed_at))
}
