//! The messages of a hospital's or pharmacy's system (国家接口报文), by the national field names.

use crate::city::{Citizen, Place};
use crate::life::{Applied, Event, Kind, Line};
use jiff::civil::Date;
use serde_json::{Value, json};
use yibao_domain::money::Money;
use yibao_domain::time::moment_text;

/// Fen as yuan.
pub fn yuan(fen: i64) -> String {
    Money::fen(fen).to_string()
}

/// 医疗类别 of an event; `special_drugs` is whether the pool pays for them apart.
pub fn med_type(event: &Event, special_drugs: bool) -> &'static str {
    match event.kind {
        Kind::Visit => "11",
        Kind::SpecialDisease { .. } | Kind::LongDiseaseDrugs { .. } => "14",
        Kind::TwoDiseases => "9901",
        Kind::SpecialDrug if special_drugs => "18",
        Kind::Purchase | Kind::SpecialDrug => "41",
        Kind::Prenatal => "51",
        Kind::FamilyPlanning => "53",
        Kind::Stay { .. } if event.birth.is_some() => "52",
        Kind::Stay { .. } => "21",
    }
}

pub(crate) fn flag(yes: bool) -> &'static str {
    if yes { "1" } else { "0" }
}

/// A line of a bill, as 2102, 2204 and 2301 take it.
pub fn line(line: &Line) -> Value {
    let mut row = json!({
        "feedetl_sn": line.serial, "rx_circ_flag": "0", "fee_ocur_time": moment_text(line.at),
        "med_list_codg": line.code, "medins_list_codg": format!("Y{}", line.code), "det_item_fee_sumamt": yuan(line.sum()),
        "cnt": line.count.to_string(), "pric": yuan(line.price), "bilg_dept_codg": "A03", "bilg_dept_name": "内科",
        "bilg_dr_codg": "D1", "bilg_dr_name": "赵医生", "hosp_appr_flag": line.approval
    });
    if let Some(returned) = &line.returns {
        row["init_feedetl_sn"] = json!(returned);
    }
    row
}

/// 1101: who stands at the counter.
pub fn person(person: &Citizen) -> Value {
    json!({"data": {
        "mdtrt_cert_type": "02", "mdtrt_cert_no": person.certno, "certno": person.certno, "psn_cert_type": "01",
        "psn_name": person.name
    }})
}

/// 2102: a purchase, whole.
pub fn purchase(event: &Event, person: &Citizen, med_type: &str) -> Value {
    let mut input = json!({
        "druginfo": {
            "psn_no": person.psn_no, "mdtrt_cert_type": "02", "mdtrt_cert_no": person.certno,
            "begntime": moment_text(event.at), "medfee_sumamt": yuan(event.total()), "insutype": person.scheme.insutype(),
            "acct_used_flag": flag(event.uses_account), "med_type": med_type
        },
        "drugdetail": event.lines.iter().map(line).collect::<Vec<_>>()
    });
    if let Some(code) = event.kind.disease() {
        input["druginfo"]["dise_codg"] = json!(code);
    }
    input
}

/// 2201: registration of a visit.
pub fn registration(event: &Event, person: &Citizen) -> Value {
    json!({"data": {
        "psn_no": person.psn_no, "insutype": person.scheme.insutype(), "begntime": moment_text(event.at),
        "mdtrt_cert_type": "02", "mdtrt_cert_no": person.certno, "ipt_otp_no": format!("MZ{}", event.id.ordinal),
        "atddr_no": "D1", "dr_name": "赵医生", "dept_code": "A03", "dept_name": "内科", "caty": "A03"
    }})
}

/// 2203A: what the visit is.
pub fn description(event: &Event, person: &Citizen, mdtrt_id: &str, med_type: &str) -> Value {
    let disease = event.kind.disease().unwrap_or_default();
    let mut visit = json!({
        "mdtrt_id": mdtrt_id, "psn_no": person.psn_no, "med_type": med_type, "begntime": moment_text(event.at),
        "dise_codg": disease, "main_cond_dscr": complaint(event)
    });
    state_birth(event, &mut visit);
    let found = diagnoses(event, person, mdtrt_id);
    if found.is_empty() {
        return json!({ "mdtrtinfo": visit });
    }
    json!({ "mdtrtinfo": visit, "diseinfo": found })
}

/// 主要病情描述 of a visit.
pub fn complaint(event: &Event) -> String {
    format!("第{}次就诊", event.id.ordinal + 1)
}

/// Birth and family planning, as far as there is any.
fn state_birth(event: &Event, of: &mut Value) {
    let Some(birth) = event.birth else { return };
    let stated = [("matn_type", birth.matn_type), ("birctrl_type", birth.birctrl_type)];
    for (name, value) in stated.into_iter().filter(|(_, value)| !value.is_empty()) {
        of[name] = json!(value);
    }
    of["birctrl_matn_date"] = json!(birth.day.to_string());
    of["geso_val"] = json!(birth.weeks.to_string());
    if let Some(children) = birth.children {
        of["fetus_cnt"] = json!(children.to_string());
    }
}

/// 2204 (with a batch) or 2301 (without): lines of a bill.
pub fn fees<'a>(
    lines: impl IntoIterator<Item = &'a Line>,
    person: &Citizen,
    mdtrt_id: &str,
    batch: &str,
    med_type: &str,
) -> Value {
    let rows = lines.into_iter().map(|of| {
        let mut row = line(of);
        for (name, value) in
            [("mdtrt_id", mdtrt_id), ("psn_no", &person.psn_no), ("chrg_bchno", batch), ("med_type", med_type)]
        {
            row[name] = json!(value);
        }
        row
    });
    json!({ "feedetail": rows.collect::<Vec<_>>() })
}

/// 2207 (with a batch) or 2304: a settlement of this sum.
pub fn settlement(event: &Event, person: &Citizen, mdtrt_id: &str, total: i64, med_type: &str) -> Value {
    let mut data = json!({
        "psn_no": person.psn_no, "mdtrt_cert_type": "02", "mdtrt_cert_no": person.certno, "medfee_sumamt": yuan(total),
        "psn_setlway": "01", "mdtrt_id": mdtrt_id, "insutype": person.scheme.insutype(),
        "acct_used_flag": flag(event.uses_account)
    });
    if !matches!(event.kind, Kind::Stay { .. }) {
        data["chrg_bchno"] = json!(BATCH);
        data["med_type"] = json!(med_type);
    }
    json!({ "data": data })
}

/// The batch of a visit's lines.
pub const BATCH: &str = "B1";
/// The batch of the first bill, where there are two.
pub const FIRST_BATCH: &str = "B0";

/// 2401: admission.
pub fn admission(event: &Event, person: &Citizen, med_type: &str) -> Value {
    let (code, name) = event.diagnoses.first().copied().unwrap_or_default();
    let mut stay = json!({
        "psn_no": person.psn_no, "insutype": person.scheme.insutype(), "begntime": moment_text(event.at),
        "mdtrt_cert_type": "02", "mdtrt_cert_no": person.certno, "med_type": med_type, "ipt_no": ipt_no(event),
        "atddr_no": "D1", "chfpdr_name": "赵医生", "adm_dept_codg": "A03", "adm_dept_name": "内科", "adm_bed": "12",
        "dscg_maindiag_code": code, "dscg_maindiag_name": name
    });
    state_birth(event, &mut stay);
    json!({ "mdtrtinfo": stay, "diseinfo": diagnoses(event, person, "") })
}

/// 住院号.
pub fn ipt_no(event: &Event) -> String {
    format!("ZY{}-{}", event.id.person, event.id.ordinal)
}

/// 2402: discharge.
pub fn discharge(event: &Event, person: &Citizen, mdtrt_id: &str, way: &str) -> Value {
    json!({
        "dscginfo": {
            "mdtrt_id": mdtrt_id, "psn_no": person.psn_no, "insutype": person.scheme.insutype(),
            "endtime": moment_text(event.ended()), "dscg_dept_codg": "A03", "dscg_way": way
        },
        "diseinfo": diagnoses(event, person, mdtrt_id)
    })
}

fn diagnoses(event: &Event, person: &Citizen, mdtrt_id: &str) -> Vec<Value> {
    let rows = event.diagnoses.iter().enumerate().map(|(at, (code, name))| {
        json!({
            "mdtrt_id": mdtrt_id, "psn_no": person.psn_no, "diag_type": "1", "maindiag_flag": flag(at == 0),
            "diag_srt_no": at + 1, "diag_code": code, "diag_name": name, "diag_dept": "内科", "dise_dor_no": "D1",
            "dise_dor_name": "赵医生", "diag_time": moment_text(event.at)
        })
    });
    rows.collect()
}

/// 2501A: a transfer to another hospital (转院备案).
pub fn transfer(person: &Citizen, to: &Place, day: Date) -> Value {
    json!({"refmedin": {
        "psn_no": person.psn_no, "insutype": person.scheme.insutype(), "begndate": day.to_string(),
        "reflin_medins_no": to.code, "reflin_medins_name": to.name, "mdtrtarea_admdvs": to.division,
        "refl_type": "1", "refl_rea": "病情需要", "refl_date": day.to_string()
    }})
}

/// The last day of what somebody applies for: of some that of the next year, of the others none.
pub fn application_ends(person: &Citizen, day: Date) -> Option<Date> {
    (person.number % 2 == 1).then(|| Date::new(day.year() + 1, 12, 31).ok()).flatten()
}

/// 2503 (人员慢特病备案) or 2505 (人员定点备案), which holds from a day.
pub fn application(what: Applied, person: &Citizen, place: &Place, day: Date) -> (&'static str, Value) {
    let ends = application_ends(person, day).map_or_else(String::new, |end| end.to_string());
    let day = day.to_string();
    match what {
        Applied::Disease => {
            let data = json!({
                "psn_no": person.psn_no, "insutype": person.scheme.insutype(), "opsp_dise_code": "M04600",
                "opsp_dise_name": "冠心病", "insu_optins": person.division, "ide_fixmedins_no": place.code,
                "ide_fixmedins_name": place.name, "hosp_ide_date": day, "diag_dr_codg": "D1", "diag_dr_name": "赵医生",
                "begndate": day, "enddate": ends
            });
            ("2503", json!({ "data": data }))
        }
        Applied::Designated => {
            let data = json!({
                "psn_no": person.psn_no, "biz_appy_type": "03", "begndate": day, "enddate": ends, "fix_srt_no": "1",
                "fixmedins_code": place.code, "fixmedins_name": place.name
            });
            ("2505", json!({ "data": data }))
        }
    }
}

/// 2103, 2208, 2305: a cancellation.
pub fn cancellation(person: &Citizen, mdtrt_id: &str, setl_id: &str) -> Value {
    json!({"data": {"psn_no": person.psn_no, "mdtrt_id": mdtrt_id, "setl_id": setl_id}})
}
