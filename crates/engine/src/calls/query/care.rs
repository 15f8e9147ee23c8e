//! Care and its diagnoses: 5201 (就诊信息查询), 5202 (诊断信息查询), 5303 (在院信息查询).

use super::{SHOWN_MAX, copied, listed, range};
use crate::call::{Call, Done, Stop};
use crate::encounter;
use crate::facts::details::Details;
use crate::facts::person;
use crate::policies::Policies;
use yibao_interface::Record;
use yibao_store::Tx;
use yibao_store::encounter::{Diagnosis, Encounter, EncounterFilter, EncounterState, Setting};
use yibao_store::person::PersonFacts;

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
