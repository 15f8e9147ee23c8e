//! A settlement as the reply states it, and what must hold for every one of them.

use super::amounts::{fen, fen_of, yuan};
use serde_json::Value;

/// A settlement that stands.
#[derive(Clone, Debug)]
pub struct Settled {
    pub info: Value,
    pub detail: Vec<Value>,
    pub mdtrt_id: String,
    pub setl_id: String,
}

/// The funds whose sum is `fund_pay_sumamt`.
const FUNDS: [&str; 8] =
    ["hifp_pay", "cvlserv_pay", "hifes_pay", "hifmi_pay", "hifob_pay", "maf_pay", "hifdm_pay", "oth_pay"];
const ACCOUNT: &str = "310200";
const HOSPITAL: &str = "999996";

impl Settled {
    /// Reads the output of 2102, 2207, 2304 or their pre-settlements, and checks what must always hold.
    #[track_caller]
    pub fn read(output: &Value) -> Settled {
        let info = output["setlinfo"].clone();
        assert!(info.is_object(), "setlinfo must be an object: {output}");
        let detail = output["setldetail"].as_array().unwrap_or_else(|| panic!("setldetail must be an array: {output}"));
        let text = |key: &str| info[key].as_str().unwrap_or_default().to_owned();
        let settled = Settled { mdtrt_id: text("mdtrt_id"), setl_id: text("setl_id"), detail: detail.clone(), info };
        settled.adds_up();
        settled
    }

    /// One amount in fen; an absent or null one is nothing.
    #[track_caller]
    pub fn fen(&self, field: &str) -> i64 {
        match &self.info[field] {
            Value::Null => 0,
            value => fen_of(value),
        }
    }

    /// Compares amounts, all of them before it fails.
    #[track_caller]
    pub fn expect(&self, amounts: &[(&str, &str)]) -> &Settled {
        let wrong: Vec<String> = amounts
            .iter()
            .filter(|(field, expected)| self.fen(field) != fen(expected))
            .map(|(field, expected)| format!("{field}: expected {expected}, got {}", yuan(self.fen(field))))
            .collect();
        assert!(wrong.is_empty(), "{}\nsetlinfo: {}\nsetldetail: {:?}", wrong.join("\n"), self.info, self.detail);
        self
    }

    /// The payment of one fund by its national code.
    #[track_caller]
    pub fn fund(&self, code: &str) -> i64 {
        self.detail.iter().filter(|row| row["fund_pay_type"] == code).map(|row| fen_of(&row["fund_payamt"])).sum()
    }

    /// The identities of the computation order, and of the detail by fund.
    #[track_caller]
    fn adds_up(&self) {
        let at = |field: &str| self.fen(field);
        let told = || format!("setlinfo: {}\nsetldetail: {:?}", self.info, self.detail);
        let bill = at("medfee_sumamt");
        let classes = at("fulamt_ownpay_amt") + at("overlmt_selfpay") + at("preselfpay_amt") + at("inscp_scp_amt");
        assert_eq!(bill, classes, "bill = own-paid + over-limit + pre-paid + in-scope\n{}", told());
        let payers = at("fund_pay_sumamt") + at("psn_part_amt") + at("hosp_part_amt");
        assert_eq!(bill, payers, "bill = funds + person + hospital\n{}", told());
        let person = at("acct_pay") + at("psn_cash_pay");
        assert_eq!(at("psn_part_amt"), person, "person = account + cash\n{}", told());
        let funds: i64 = FUNDS.iter().map(|field| at(field)).sum();
        assert_eq!(at("fund_pay_sumamt"), funds, "funds = the sum of each fund\n{}", told());
        let by_code: i64 = self
            .detail
            .iter()
            .filter(|row| row["fund_pay_type"] != ACCOUNT && row["fund_pay_type"] != HOSPITAL)
            .map(|row| fen_of(&row["fund_payamt"]))
            .sum();
        assert_eq!(at("fund_pay_sumamt"), by_code, "funds = the sum of setldetail\n{}", told());
        assert_eq!(at("acct_pay"), self.fund(ACCOUNT), "account = its row in setldetail\n{}", told());
        assert!(at("act_pay_dedc").abs() <= at("inscp_scp_amt").abs(), "deductible within in-scope\n{}", told());
        assert!(at("balc") >= 0, "a balance never goes below zero\n{}", told());
    }

    /// Every amount is the other's with the other sign.
    #[track_caller]
    pub fn is_mirror_of(&self, other: &Settled) {
        let fields = ["medfee_sumamt", "inscp_scp_amt", "preselfpay_amt", "overlmt_selfpay", "fulamt_ownpay_amt"];
        let payers = ["fund_pay_sumamt", "acct_pay", "hifp_pay", "hifmi_pay", "hifob_pay", "maf_pay", "cvlserv_pay"];
        for field in fields.iter().chain(&payers) {
            assert_eq!(self.fen(field), -other.fen(field), "{field}\n{}\n{}", self.info, other.info);
        }
    }

    /// Every amount is the same.
    #[track_caller]
    pub fn has_amounts_of(&self, other: &Settled) {
        let fields = ["medfee_sumamt", "inscp_scp_amt", "act_pay_dedc", "fund_pay_sumamt", "psn_cash_pay", "acct_pay"];
        for field in FUNDS.iter().chain(&fields) {
            assert_eq!(self.fen(field), other.fen(field), "{field}\n{}\n{}", self.info, other.info);
        }
    }
}
