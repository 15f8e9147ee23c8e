//! A stay from admission to settlement, with the messages a hospital's system sends.

use super::amounts::{number, yuan};
use super::catalogue::Bill;
use super::client::Client;
use super::outpatient::{add, cancel_input, fee_line};
use super::people::Person;
use super::settled::Settled;
use serde_json::{Value, json};

/// What happens in a stay.
#[derive(Clone)]
pub struct Stay {
    pub med_type: &'static str,
    pub admitted: String,
    pub discharged: String,
    /// 1 home, 2 another hospital, 3 community …
    pub way: &'static str,
    /// The main one first.
    pub diagnoses: Vec<(&'static str, &'static str)>,
    pub account: &'static str,
    /// Further fields of admission and discharge.
    pub more: Vec<(&'static str, &'static str)>,
    pub bill: Bill,
}

impl Stay {
    /// A stay from 10:00 of the first day until 16:00 of the last.
    pub fn from(first: &str, last: &str, bill: Bill) -> Stay {
        Stay {
            med_type: "21",
            admitted: format!("{first} 10:00:00"),
            discharged: format!("{last} 16:00:00"),
            way: "1",
            diagnoses: vec![("J18.900", "肺炎")],
            account: "0",
            more: vec![],
            bill,
        }
    }

    #[must_use]
    pub fn kind(mut self, med_type: &'static str) -> Stay {
        self.med_type = med_type;
        self
    }

    #[must_use]
    pub fn leaving(mut self, way: &'static str) -> Stay {
        self.way = way;
        self
    }

    #[must_use]
    pub fn diagnoses(mut self, diagnoses: &[(&'static str, &'static str)]) -> Stay {
        self.diagnoses = diagnoses.to_vec();
        self
    }

    #[must_use]
    pub fn account(mut self, flag: &'static str) -> Stay {
        self.account = flag;
        self
    }

    #[must_use]
    pub fn with(mut self, field: &'static str, value: &'static str) -> Stay {
        self.more.push((field, value));
        self
    }
}

/// Admits, uploads the lines, discharges, settles; the words of the first refusal otherwise.
#[track_caller]
pub fn settle_stay(client: &Client, person: &Person, stay: &Stay) -> Result<Settled, String> {
    let mdtrt_id = admit(client, person, stay)?;
    upload(client, person, stay, &mdtrt_id, &stay.bill, 0)?;
    discharge(client, person, stay, &mdtrt_id)?;
    settle(client, person, stay, &mdtrt_id, &stay.bill, "0")
}

/// 2401.
#[track_caller]
pub fn admit(client: &Client, person: &Person, stay: &Stay) -> Result<String, String> {
    let output = client.call("2401", admission(person, stay, &client.next_msgid()[12..])).outcome()?;
    assert!(output["result"].is_object(), "result of 2401 is an object: {output}");
    Ok(output["result"]["mdtrt_id"].as_str().expect("2401 answers an mdtrt_id").to_owned())
}

/// 2301 of some lines, numbered from `offset` on.
#[track_caller]
pub fn upload(
    client: &Client,
    person: &Person,
    stay: &Stay,
    mdtrt_id: &str,
    bill: &Bill,
    offset: usize,
) -> Result<Vec<Value>, String> {
    let output = client.call("2301", stay_lines(person, stay, mdtrt_id, bill, offset)).outcome()?;
    Ok(output["result"].as_array().unwrap_or_else(|| panic!("result of 2301 is an array: {output}")).clone())
}

/// 2402.
#[track_caller]
pub fn discharge(client: &Client, person: &Person, stay: &Stay, mdtrt_id: &str) -> Result<(), String> {
    let output = client.call("2402", discharge_input(person, stay, mdtrt_id)).outcome()?;
    assert!(output.is_null() || output == "", "2402 has no output: {output}");
    Ok(())
}

/// 2303, then 2304, which must agree. `mid` is the flag of a mid-stay settlement.
#[track_caller]
pub fn settle(
    client: &Client,
    person: &Person,
    stay: &Stay,
    mdtrt_id: &str,
    bill: &Bill,
    mid: &str,
) -> Result<Settled, String> {
    let input = settle_stay_input(person, stay, mdtrt_id, bill, mid);
    let reply = client.call("2303", input.clone());
    let before = Settled::read(&reply.outcome()?);
    let reply = client.call("2304", input);
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

/// 2305, and the negative settlement it answers.
#[track_caller]
pub fn cancel(client: &Client, person: &Person, settled: &Settled) -> Result<Settled, String> {
    let reply = client.call("2305", cancel_input(person, settled));
    Ok(Settled::read(&reply.outcome()?))
}

/// The input of 2401.
pub fn admission(person: &Person, stay: &Stay, serial: &str) -> Value {
    let (code, name) = stay.diagnoses[0];
    let mut info = json!({
        "psn_no": person.psn_no,
        "insutype": person.insutype,
        "coner_name": "家属",
        "tel": "13800000000",
        "begntime": stay.admitted,
        "mdtrt_cert_type": "02",
        "mdtrt_cert_no": person.certno,
        "card_sn": "NULL",
        "cert_type": "01",
        "certno": person.certno,
        "med_type": stay.med_type,
        "ipt_no": format!("ZY{serial}"),
        "medrcdno": format!("BA{serial}"),
        "atddr_no": "D520502000123",
        "chfpdr_name": "赵医生",
        "adm_diag_dscr": name,
        "adm_dept_codg": "A03",
        "adm_dept_name": "内科",
        "adm_bed": "12",
        "dscg_maindiag_code": code,
        "dscg_maindiag_name": name,
        "main_cond_dscr": "",
        "dise_codg": "",
        "dise_name": "",
        "oprn_oprt_code": "",
        "oprn_oprt_name": "",
        "insuplc_admdvs": person.admdvs,
        "mdtrtarea_admvs": person.admdvs
    });
    add(info.as_object_mut().expect("an object"), &stay.more);
    let rows: Vec<Value> = (0..stay.diagnoses.len()).map(|index| diagnosis(person, stay, None, index)).collect();
    json!({"mdtrtinfo": info, "diseinfo": rows})
}

fn diagnosis(person: &Person, stay: &Stay, mdtrt_id: Option<&str>, index: usize) -> Value {
    let (code, name) = stay.diagnoses[index];
    let mut row = json!({
        "psn_no": person.psn_no, "diag_type": "1", "maindiag_flag": if index == 0 { "1" } else { "0" },
        "diag_srt_no": index + 1, "diag_code": code, "diag_name": name, "adm_cond": "", "diag_dept": "内科",
        "dise_dor_no": "D520502000123", "dise_dor_name": "赵医生", "diag_time": stay.admitted
    });
    if let Some(mdtrt_id) = mdtrt_id {
        row["mdtrt_id"] = json!(mdtrt_id);
    }
    row
}

/// The input of 2301.
pub fn stay_lines(person: &Person, stay: &Stay, mdtrt_id: &str, bill: &Bill, offset: usize) -> Value {
    let time = format!("{} 14:00:00", &stay.admitted[..10]);
    let lines: Vec<Value> = bill
        .lines
        .iter()
        .enumerate()
        .map(|(index, line)| {
            let mut row = fee_line(person, line, mdtrt_id, offset + index, &time);
            row["med_type"] = json!(stay.med_type);
            row["drord_no"] = json!("");
            row["init_feedetl_sn"] = json!("");
            row
        })
        .collect();
    json!({ "feedetail": lines })
}

/// The input of 2402.
pub fn discharge_input(person: &Person, stay: &Stay, mdtrt_id: &str) -> Value {
    let mut info = json!({
        "mdtrt_id": mdtrt_id,
        "psn_no": person.psn_no,
        "insutype": person.insutype,
        "endtime": stay.discharged,
        "dise_codg": "",
        "dise_name": "",
        "cop_flag": "",
        "dscg_dept_codg": "A03",
        "dscg_dept_name": "内科",
        "dscg_bed": "12",
        "dscg_way": stay.way,
        "die_date": ""
    });
    add(info.as_object_mut().expect("an object"), &stay.more);
    let rows: Vec<Value> =
        (0..stay.diagnoses.len()).map(|index| diagnosis(person, stay, Some(mdtrt_id), index)).collect();
    json!({"dscginfo": info, "diseinfo": rows})
}

/// The input of 2303 and 2304.
pub fn settle_stay_input(person: &Person, stay: &Stay, mdtrt_id: &str, bill: &Bill, mid: &str) -> Value {
    json!({"data": {
        "psn_no": person.psn_no,
        "mdtrt_cert_type": "02",
        "mdtrt_cert_no": person.certno,
        "card_sn": "NULL",
        "psn_cert_type": "01",
        "certno": person.certno,
        "psn_type": person.psn_type,
        "psn_name": person.name,
        "medfee_sumamt": number(&yuan(bill.total())),
        "psn_setlway": "01",
        "mdtrt_id": mdtrt_id,
        "insutype": person.insutype,
        "acct_used_flag": stay.account,
        "insuplc_admdvs": person.admdvs,
        "mdtrtarea_admvs": person.admdvs,
        "invono": "",
        "mid_setl_flag": mid,
        "dscgTime": &stay.discharged[..10],
        "exp_content": ""
    }})
}
