//! The messages of a visit, a stay and a purchase, with all that the tables demand.

use super::city::{Answered, City, DRUG, HOSPITAL, PHARMACY};
use serde_json::{Value, json};

/// One fee line: serial, item, quantity, price, and the line it returns.
#[derive(Clone, Copy)]
pub struct Line {
    pub serial: &'static str,
    pub item: &'static str,
    pub quantity: &'static str,
    pub price: &'static str,
    pub amount: &'static str,
    pub returns: &'static str,
}

/// One piece of the class A drug.
pub const fn one(serial: &'static str, price: &'static str) -> Line {
    Line { serial, item: DRUG, quantity: "1", price, amount: price, returns: "" }
}

/// The person's insutype in these tests.
fn insutype(psn_no: &str) -> &'static str {
    if psn_no == super::city::LI { "390" } else { "310" }
}

pub fn registration(psn_no: &str, insutype: &str, begntime: &str) -> Value {
    json!({"data": {
        "psn_no": psn_no, "insutype": insutype, "begntime": begntime, "mdtrt_cert_type": "02",
        "mdtrt_cert_no": "11010519491231002X", "ipt_otp_no": "MZ1", "atddr_no": "D1", "dr_name": "赵医生",
        "dept_code": "A03", "dept_name": "内科", "caty": "A03"
    }})
}

/// 2201 at half past nine of 2021-07-01; the mdtrt_id.
#[track_caller]
pub fn register(city: &City, psn_no: &str) -> String {
    let input = registration(psn_no, insutype(psn_no), "2021-07-01 09:30:00");
    text(&city.done(HOSPITAL, "2201", &input).output["data"]["mdtrt_id"])
}

pub fn description(psn_no: &str, mdtrt_id: &str, med_type: &str, begntime: &str) -> Value {
    json!({
        "mdtrtinfo": {"mdtrt_id": mdtrt_id, "psn_no": psn_no, "med_type": med_type, "begntime": begntime},
        "diseinfo": [{
            "diag_type": "1", "diag_srt_no": 1, "diag_code": "J06.900", "diag_name": "感冒", "diag_dept": "内科",
            "dise_dor_no": "D1", "dise_dor_name": "赵医生", "diag_time": begntime, "vali_flag": "1"
        }]
    })
}

/// The input of 2204, and without a batch that of 2301. The city dates the lines as it sends them ([`City::dated`]).
pub fn fees(psn_no: &str, mdtrt_id: &str, batch: &str, lines: &[Line]) -> Value {
    let rows: Vec<Value> = lines
        .iter()
        .map(|line| {
            json!({
                "feedetl_sn": line.serial, "mdtrt_id": mdtrt_id, "psn_no": psn_no, "chrg_bchno": batch,
                "rx_circ_flag": "0", "med_list_codg": line.item, "medins_list_codg": "Y1",
                "det_item_fee_sumamt": line.amount, "cnt": line.quantity, "pric": line.price,
                "bilg_dept_codg": "A03", "bilg_dept_name": "内科", "bilg_dr_codg": "D1", "bilg_dr_name": "赵医生",
                "hosp_appr_flag": "0", "init_feedetl_sn": line.returns, "med_type": if batch.is_empty() { "21" } else { "11" }
            })
        })
        .collect();
    json!({ "feedetail": rows })
}

pub fn visit_settlement(psn_no: &str, mdtrt_id: &str, batch: &str, total: &str) -> Value {
    json!({"data": {
        "psn_no": psn_no, "mdtrt_cert_type": "02", "mdtrt_cert_no": "11010519491231002X", "med_type": "11",
        "medfee_sumamt": total, "psn_setlway": "01", "mdtrt_id": mdtrt_id, "chrg_bchno": batch, "acct_used_flag": "1"
    }})
}

/// A visit with one line in batch B1, ready to settle; the mdtrt_id.
#[track_caller]
pub fn visit(city: &City, psn_no: &str, price: &'static str) -> String {
    let mdtrt_id = register(city, psn_no);
    city.done(HOSPITAL, "2203A", &description(psn_no, &mdtrt_id, "11", "2021-07-01 09:30:00"));
    city.done(HOSPITAL, "2204", &fees(psn_no, &mdtrt_id, "B1", &[one("1", price)]));
    mdtrt_id
}

/// 2207 of a batch.
#[track_caller]
pub fn settle_visit(city: &City, psn_no: &str, mdtrt_id: &str, batch: &str, total: &str) -> Settled {
    Settled::of(city.done(HOSPITAL, "2207", &visit_settlement(psn_no, mdtrt_id, batch, total)))
}

pub fn cancellation(psn_no: &str, mdtrt_id: &str, setl_id: &str) -> Value {
    json!({"data": {"psn_no": psn_no, "mdtrt_id": mdtrt_id, "setl_id": setl_id}})
}

/// A settlement: its message, id and setlinfo.
pub struct Settled {
    pub msgid: String,
    pub setl_id: String,
    pub info: Value,
}

impl Settled {
    #[track_caller]
    pub fn of(answered: Answered) -> Settled {
        let info = answered.output["setlinfo"].clone();
        Settled { msgid: answered.msgid, setl_id: text(&info["setl_id"]), info }
    }
}

pub fn admission(psn_no: &str, begntime: &str) -> Value {
    json!({
        "mdtrtinfo": {
            "psn_no": psn_no, "insutype": insutype(psn_no), "begntime": begntime, "mdtrt_cert_type": "02",
            "mdtrt_cert_no": "11010519491231002X", "med_type": "21", "ipt_no": "ZY1", "atddr_no": "D1",
            "chfpdr_name": "赵医生", "adm_dept_codg": "A03", "adm_dept_name": "内科", "adm_bed": "12",
            "dscg_maindiag_code": "J18.900", "dscg_maindiag_name": "肺炎"
        },
        "diseinfo": [diagnosis(psn_no, "", 1, "J18.900")]
    })
}

pub fn diagnosis(psn_no: &str, mdtrt_id: &str, number: i64, code: &str) -> Value {
    json!({
        "mdtrt_id": mdtrt_id, "psn_no": psn_no, "diag_type": "1", "maindiag_flag": if number == 1 { "1" } else { "0" },
        "diag_srt_no": number, "diag_code": code, "diag_name": "病", "diag_dept": "内科", "dise_dor_no": "D1",
        "dise_dor_name": "赵医生", "diag_time": "2021-07-01 10:00:00"
    })
}

/// 2401 on 2021-07-01; the mdtrt_id.
#[track_caller]
pub fn admit(city: &City, psn_no: &str) -> String {
    text(&city.done(HOSPITAL, "2401", &admission(psn_no, "2021-07-01 08:00:00")).output["result"]["mdtrt_id"])
}

pub fn discharge(psn_no: &str, mdtrt_id: &str, endtime: &str) -> Value {
    json!({
        "dscginfo": {
            "mdtrt_id": mdtrt_id, "psn_no": psn_no, "insutype": insutype(psn_no), "endtime": endtime,
            "dscg_dept_codg": "A03", "dscg_way": "1"
        },
        "diseinfo": [diagnosis(psn_no, mdtrt_id, 1, "J18.900"), diagnosis(psn_no, mdtrt_id, 2, "I10.x00")]
    })
}

/// 2304; `part` for a settlement in mid-stay.
pub fn stay_settlement(psn_no: &str, mdtrt_id: &str, total: &str, part: bool) -> Value {
    json!({"data": {
        "psn_no": psn_no, "mdtrt_cert_type": "02", "mdtrt_cert_no": "11010519491231002X", "medfee_sumamt": total,
        "psn_setlway": "01", "mdtrt_id": mdtrt_id, "insutype": insutype(psn_no), "acct_used_flag": "0",
        "mid_setl_flag": if part { "1" } else { "0" }
    }})
}

pub fn of_encounter(psn_no: &str, mdtrt_id: &str) -> Value {
    json!({"data": {"psn_no": psn_no, "mdtrt_id": mdtrt_id}})
}

pub fn purchase(psn_no: &str, price: &str) -> Value {
    json!({
        "druginfo": {
            "psn_no": psn_no, "mdtrt_cert_type": "02", "mdtrt_cert_no": "11010519491231002X",
            "begntime": "2021-07-01 09:00:00", "medfee_sumamt": price, "insutype": "310", "acct_used_flag": "1",
            "med_type": "41"
        },
        "drugdetail": [{
            "feedetl_sn": "1", "rx_circ_flag": "0", "med_list_codg": DRUG, "medins_list_codg": "Y1",
            "det_item_fee_sumamt": price, "cnt": "1", "pric": price
        }]
    })
}

/// 2102.
#[track_caller]
pub fn buy(city: &City, psn_no: &str, price: &str) -> Settled {
    Settled::of(city.done(PHARMACY, "2102", &purchase(psn_no, price)))
}

#[track_caller]
pub fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("a text, not {value}")).to_owned()
}
