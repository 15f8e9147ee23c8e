//! A purchase at a pharmacy.

use super::amounts::{number, yuan};
use super::catalogue::Bill;
use super::client::{Client, Reply};
use super::outpatient::cancel_input;
use super::people::Person;
use super::settled::Settled;
use serde_json::{Value, json};

/// What is bought.
#[derive(Clone)]
pub struct Purchase {
    pub med_type: &'static str,
    pub time: String,
    pub account: &'static str,
    pub bill: Bill,
}

impl Purchase {
    /// At 11:00 of that day, from the personal account.
    pub fn on(day: &str, bill: Bill) -> Purchase {
        Purchase { med_type: "41", time: format!("{day} 11:00:00"), account: "1", bill }
    }

    #[must_use]
    pub fn kind(mut self, med_type: &'static str) -> Purchase {
        self.med_type = med_type;
        self
    }

    #[must_use]
    pub fn account(mut self, flag: &'static str) -> Purchase {
        self.account = flag;
        self
    }
}

/// 2101, then 2102, which must agree.
#[track_caller]
pub fn buy(client: &Client, person: &Person, purchase: &Purchase) -> Result<Settled, String> {
    let reply = client.call("2101", purchase_input(person, purchase));
    let before = Settled::read(&reply.outcome()?);
    let settled = sold(&client.call("2102", purchase_input(person, purchase)))?;
    settled.has_amounts_of(&before);
    Ok(settled)
}

/// Reads a reply of 2102.
#[track_caller]
pub fn sold(reply: &Reply) -> Result<Settled, String> {
    let settled = Settled::read(&reply.outcome()?);
    assert!(!settled.setl_id.is_empty(), "a settlement has a setl_id: {}", settled.info);
    Ok(settled)
}

/// 2103, and the negative settlement it answers.
#[track_caller]
pub fn cancel(client: &Client, person: &Person, settled: &Settled) -> Result<Settled, String> {
    let reply = client.call("2103", cancel_input(person, settled));
    Ok(Settled::read(&reply.outcome()?))
}

/// The input of 2101 and 2102.
pub fn purchase_input(person: &Person, purchase: &Purchase) -> Value {
    let lines: Vec<Value> = purchase
        .bill
        .lines
        .iter()
        .enumerate()
        .map(|(index, line)| {
            json!({
                "feedetl_sn": format!("{}", index + 1),
                "rxno": "",
                "rx_circ_flag": "0",
                "fee_ocur_time": purchase.time,
                "med_list_codg": line.item.code,
                "medins_list_codg": format!("YD{}", &line.item.code[line.item.code.len() - 4..]),
                "det_item_fee_sumamt": number(&yuan(line.amount())),
                "cnt": number(&line.quantity),
                "pric": number(&line.price),
                "sin_dos_dscr": "",
                "used_frqu_dscr": "",
                "prd_days": 7,
                "medc_way_dscr": "",
                "bilg_dr_codg": "",
                "bilg_dr_name": "",
                "tcmdrug_used_way": ""
            })
        })
        .collect();
    json!({
        "druginfo": {
            "psn_no": person.psn_no,
            "mdtrt_cert_type": "02",
            "mdtrt_cert_no": person.certno,
            "card_sn": "",
            "psn_cert_type": "01",
            "certno": person.certno,
            "psn_type": person.psn_type,
            "psn_name": person.name,
            "begntime": purchase.time,
            "medfee_sumamt": number(&yuan(purchase.bill.total())),
            "invono": "",
            "insutype": person.insutype,
            "dise_codg": "",
            "dise_name": "",
            "acct_used_flag": purchase.account,
            "med_type": purchase.med_type
        },
        "drugdetail": lines
    })
}
