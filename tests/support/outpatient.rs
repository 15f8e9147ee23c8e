//! An outpatient visit from registration to settlement, with the messages a hospital's system sends.

use super::amounts::{fen_of, number, yuan};
use super::catalogue::{Bill, Line};
use super::client::Client;
use super::people::Person;
use super::settled::Settled;
use serde_json::{Map, Value, json};

/// What happens at a visit.
#[derive(Clone)]
pub struct Visit {
    pub med_type: &'static str,
    pub time: String,
    pub disease: (&'static str, &'static str),
    pub diagnosis: (&'static str, &'static str),
    pub account: &'static str,
    /// Further fields of the visit (`matn_type`, `birctrl_type` …).
    pub more: Vec<(&'static str, &'static str)>,
    pub bill: Bill,
}

impl Visit {
    /// An ordinary visit (普通门诊) at 09:30 of that day.
    pub fn on(day: &str, bill: Bill) -> Visit {
        Visit {
            med_type: "11",
            time: format!("{day} 09:30:00"),
            disease: ("", ""),
            diagnosis: ("J06.900", "急性上呼吸道感染"),
            account: "0",
            more: vec![],
            bill,
        }
    }

    /// Another kind of visit.
    #[must_use]
    pub fn kind(mut self, med_type: &'static str) -> Visit {
        self.med_type = med_type;
        self
    }

    /// A visit for a special or chronic disease or one of the two diseases.
    #[must_use]
    pub fn disease(mut self, disease: (&'static str, &'static str)) -> Visit {
        self.disease = disease;
        self
    }

    #[must_use]
    pub fn account(mut self, flag: &'static str) -> Visit {
        self.account = flag;
        self
    }

    #[must_use]
    pub fn with(mut self, field: &'static str, value: &'static str) -> Visit {
        self.more.push((field, value));
        self
    }
}

/// A visit whose fee lines are uploaded.
#[derive(Clone)]
pub struct Opened {
    pub mdtrt_id: String,
    pub otp_no: String,
    pub batch: String,
    /// own-paid, over-limit, pre-paid, in-scope, as the lines' replies add up to, in fen.
    pub split: [i64; 4],
    pub lines: Vec<Value>,
}

/// Registers, uploads the visit and its lines, settles; the words of the first refusal otherwise.
#[track_caller]
pub fn settle_visit(client: &Client, person: &Person, visit: &Visit) -> Result<Settled, String> {
    let opened = open_visit(client, person, visit)?;
    settle_opened(client, person, visit, &opened)
}

/// 2201, 2203A, 2204.
#[track_caller]
pub fn open_visit(client: &Client, person: &Person, visit: &Visit) -> Result<Opened, String> {
    let serial = client.next_msgid()[12..].to_owned();
    let otp_no = format!("MZ{serial}");
    let registered = client.call("2201", registration(person, visit, &otp_no)).outcome()?;
    let mdtrt_id = registered["data"]["mdtrt_id"].as_str().expect("2201 answers an mdtrt_id").to_owned();
    let opened = Opened { mdtrt_id, otp_no, batch: format!("B{serial}"), split: [0; 4], lines: vec![] };
    client.call("2203A", visit_input(person, visit, &opened.mdtrt_id)).outcome()?;
    let reply = client.call("2204", lines_input(person, visit, &opened)).outcome()?;
    let lines = reply["result"].as_array().expect("result of 2204 is an array").clone();
    assert_eq!(lines.len(), visit.bill.lines.len(), "one row of result for each line");
    Ok(Opened { split: split(&lines), lines, ..opened })
}

/// The lines' splits, added up.
#[track_caller]
pub fn split(lines: &[Value]) -> [i64; 4] {
    ["fulamt_ownpay_amt", "overlmt_amt", "preselfpay_amt", "inscp_scp_amt"]
        .map(|field| lines.iter().map(|line| fen_of(&line[field])).sum())
}

/// 2206, then 2207, which must agree.
#[track_caller]
pub fn settle_opened(client: &Client, person: &Person, visit: &Visit, opened: &Opened) -> Result<Settled, String> {
    let reply = client.call("2206", pre_settle_input(person, visit, opened));
    let before = Settled::read(&reply.outcome()?);
    let reply = client.call("2207", settle_input(person, visit, opened));
    let settled = Settled::read(&reply.outcome()?);
    settled.has_amounts_of(&before);
    assert_eq!(
        settled.info["medins_setl_id"],
        Value::from(reply.msgid.clone()),
        "medins_setl_id is the sender's msgid"
    );
    assert!(!settled.setl_id.is_empty(), "a settlement has a setl_id: {}", settled.info);
    Ok(settled)
}

/// 2208, and the negative settlement it answers.
#[track_caller]
pub fn cancel(client: &Client, person: &Person, settled: &Settled) -> Result<Settled, String> {
    let reply = client.call("2208", cancel_input(person, settled));
    Ok(Settled::read(&reply.outcome()?))
}

/// The input of 2208, 2305.
pub fn cancel_input(person: &Person, settled: &Settled) -> Value {
    json!({"data": {
        "setl_id": settled.setl_id, "mdtrt_id": settled.mdtrt_id, "psn_no": person.psn_no, "exp_content": null
    }})
}

/// The input of 2201.
pub fn registration(person: &Person, visit: &Visit, otp_no: &str) -> Value {
    json!({"data": {
        "psn_no": person.psn_no,
        "insutype": person.insutype,
        "begntime": visit.time,
        "mdtrt_cert_type": "02",
        "mdtrt_cert_no": person.certno,
        "card_sn": "NULL",
        "psn_cert_type": "01",
        "certno": person.certno,
        "psn_type": person.psn_type,
        "psn_name": person.name,
        "ipt_otp_no": otp_no,
        "atddr_no": "D520502000123",
        "dr_name": "赵医生",
        "dept_code": "A03",
        "dept_name": "内科",
        "caty": "A03",
        "exp_content": ""
    }})
}

/// The input of 2203 and 2203A.
pub fn visit_input(person: &Person, visit: &Visit, mdtrt_id: &str) -> Value {
    let mut info = json!({
        "mdtrt_id": mdtrt_id,
        "psn_no": person.psn_no,
        "med_type": visit.med_type,
        "begntime": visit.time,
        "main_cond_dscr": "",
        "dise_codg": visit.disease.0,
        "dise_name": visit.disease.1,
        "birctrl_type": "",
        "birctrl_matn_date": ""
    });
    add(info.as_object_mut().expect("an object"), &visit.more);
    json!({"mdtrtinfo": info, "diseinfo": [diagnosis(visit.diagnosis, 1, &visit.time)]})
}

fn diagnosis((code, name): (&str, &str), order: usize, time: &str) -> Value {
    json!({
        "diag_type": "1", "diag_srt_no": order, "diag_code": code, "diag_name": name, "diag_dept": "内科",
        "dise_dor_no": "D520502000123", "dise_dor_name": "赵医生", "diag_time": time, "vali_flag": "1"
    })
}

/// The input of 2204.
pub fn lines_input(person: &Person, visit: &Visit, opened: &Opened) -> Value {
    let lines: Vec<Value> = visit
        .bill
        .lines
        .iter()
        .enumerate()
        .map(|(index, line)| {
            let mut row = fee_line(person, line, &opened.mdtrt_id, index, &visit.time);
            row["chrg_bchno"] = json!(opened.batch);
            row["dise_codg"] = json!(visit.disease.0);
            row["rx_circ_flag"] = json!("0");
            row
        })
        .collect();
    json!({ "feedetail": lines })
}

/// What a fee line of 2204 and of 2301 have in common.
pub fn fee_line(person: &Person, line: &Line, mdtrt_id: &str, index: usize, time: &str) -> Value {
    json!({
        "feedetl_sn": format!("{}{:04}", &mdtrt_id[mdtrt_id.len().saturating_sub(8)..], index + 1),
        "mdtrt_id": mdtrt_id,
        "psn_no": person.psn_no,
        "rxno": "",
        "fee_ocur_time": time,
        "med_list_codg": line.item.code,
        "medins_list_codg": format!("YY{}", &line.item.code[line.item.code.len() - 4..]),
        "det_item_fee_sumamt": number(&yuan(line.amount())),
        "cnt": number(&line.quantity),
        "pric": number(&line.price),
        "sin_dos_dscr": "",
        "used_frqu_dscr": "",
        "prd_days": null,
        "medc_way_dscr": "",
        "bilg_dept_codg": "A03",
        "bilg_dept_name": "内科",
        "bilg_dr_codg": "D520502000123",
        "bilg_dr_name": "赵医生",
        "acord_dept_codg": "",
        "acord_dept_name": "",
        "orders_dr_code": "",
        "orders_dr_name": "",
        "hosp_appr_flag": line.approval,
        "tcmdrug_used_way": "",
        "etip_flag": "0",
        "etip_hosp_code": "",
        "dscg_tkdrug_flag": "0",
        "matn_fee_flag": "",
        "memo": null,
        "exp_content": null
    })
}

/// The input of 2206.
pub fn pre_settle_input(person: &Person, visit: &Visit, opened: &Opened) -> Value {
    json!({"data": {
        "psn_no": person.psn_no,
        "mdtrt_cert_type": "02",
        "mdtrt_cert_no": person.certno,
        "card_sn": "NULL",
        "psn_cert_type": "01",
        "certno": person.certno,
        "psn_type": person.psn_type,
        "psn_name": person.name,
        "med_type": visit.med_type,
        "medfee_sumamt": number(&yuan(visit.bill.total())),
        "psn_setlway": "01",
        "mdtrt_id": opened.mdtrt_id,
        "chrg_bchno": opened.batch,
        "acct_used_flag": visit.account,
        "insutype": person.insutype
    }})
}

/// The input of 2207: as 2206, with the invoice and the split of the lines.
pub fn settle_input(person: &Person, visit: &Visit, opened: &Opened) -> Value {
    let mut input = pre_settle_input(person, visit, opened);
    let [own_paid, over_limit, pre_paid, in_scope] = opened.split.map(|fen| number(&yuan(fen)));
    input["data"]["invono"] = json!("NULL");
    input["data"]["fulamt_ownpay_amt"] = own_paid;
    input["data"]["overlmt_selfpay"] = over_limit;
    input["data"]["preselfpay_amt"] = pre_paid;
    input["data"]["inscp_scp_amt"] = in_scope;
    input
}

/// Puts further fields into a node.
pub fn add(node: &mut Map<String, Value>, more: &[(&'static str, &'static str)]) {
    node.extend(more.iter().map(|(field, value)| ((*field).to_owned(), json!(value))));
}
