//! Each required field is missed by name; wrong codes, dates and amounts are refused with what is allowed.

use super::town::TOWN;
use crate::support::catalogue::{A, Bill};
use crate::support::client::{Client, Reply};
use crate::support::inpatient::{Stay, admission, discharge_input, settle_stay_input, stay_lines};
use crate::support::outpatient::{Opened, Visit, cancel_input, lines_input, registration, settle_input, visit_input};
use crate::support::people::Person;
use crate::support::pharmacy::{Purchase, purchase_input};
use crate::support::providers::BJ_L2;
use crate::support::settled::Settled;
use serde_json::{Value, json};

/// Required fields as the field table prints them: transaction, node, field, Chinese name.
const REQUIRED: &[(&str, &str, &str, &str)] = &[
    ("9001", "signIn", "opter_no", "操作员编号"),
    ("9001", "signIn", "ip", "签到IP地址"),
    ("2102", "druginfo", "mdtrt_cert_type", "就诊凭证类型"),
    ("2102", "druginfo", "begntime", "开始时间"),
    ("2102", "druginfo", "medfee_sumamt", "医疗费总额"),
    ("2102", "druginfo", "insutype", "险种类型"),
    ("2102", "druginfo", "acct_used_flag", "个人账户使用标志"),
    ("2102", "druginfo", "med_type", "医疗类别"),
    ("2102", "drugdetail", "feedetl_sn", "费用明细流水号"),
    ("2102", "drugdetail", "rx_circ_flag", "外购处方标志"),
    ("2102", "drugdetail", "fee_ocur_time", "费用发生时间"),
    ("2102", "drugdetail", "med_list_codg", "医疗目录编码"),
    ("2102", "drugdetail", "medins_list_codg", "医药机构目录编码"),
    ("2102", "drugdetail", "det_item_fee_sumamt", "明细项目费用总额"),
    ("2102", "drugdetail", "cnt", "数量"),
    ("2102", "drugdetail", "pric", "单价"),
    ("2201", "data", "insutype", "险种类型"),
    ("2201", "data", "begntime", "开始时间"),
    ("2201", "data", "mdtrt_cert_type", "就诊凭证类型"),
    ("2201", "data", "psn_cert_type", "证件类型"),
    ("2201", "data", "certno", "证件号码"),
    ("2201", "data", "psn_name", "人员姓名"),
    ("2201", "data", "ipt_otp_no", "住院/门诊号"),
    ("2201", "data", "dept_code", "科室编码"),
    ("2201", "data", "dept_name", "科室名称"),
    ("2201", "data", "caty", "科别"),
    ("2203", "mdtrtinfo", "mdtrt_id", "就诊ID"),
    ("2203", "mdtrtinfo", "psn_no", "人员编号"),
    ("2203", "mdtrtinfo", "med_type", "医疗类别"),
    ("2203", "mdtrtinfo", "begntime", "开始时间"),
    ("2203", "mdtrtinfo", "dise_codg", "病种编码"),
    ("2203", "mdtrtinfo", "dise_name", "病种名称"),
    ("2203", "diseinfo", "diag_type", "诊断类别"),
    ("2203", "diseinfo", "diag_srt_no", "诊断排序号"),
    ("2203", "diseinfo", "diag_code", "诊断代码"),
    ("2203", "diseinfo", "diag_name", "诊断名称"),
    ("2203", "diseinfo", "diag_dept", "诊断科室"),
    ("2203", "diseinfo", "dise_dor_no", "诊断医生编码"),
    ("2203", "diseinfo", "dise_dor_name", "诊断医生姓名"),
    ("2203", "diseinfo", "diag_time", "诊断时间"),
    ("2203", "diseinfo", "vali_flag", "有效标志"),
    ("2204", "feedetail", "feedetl_sn", "费用明细流水号"),
    ("2204", "feedetail", "mdtrt_id", "就诊ID"),
    ("2204", "feedetail", "psn_no", "人员编号"),
    ("2204", "feedetail", "rx_circ_flag", "外购处方标志"),
    ("2204", "feedetail", "fee_ocur_time", "费用发生时间"),
    ("2204", "feedetail", "med_list_codg", "医疗目录编码"),
    ("2204", "feedetail", "medins_list_codg", "医药机构目录编码"),
    ("2204", "feedetail", "det_item_fee_sumamt", "明细项目费用总额"),
    ("2204", "feedetail", "cnt", "数量"),
    ("2204", "feedetail", "pric", "单价"),
    ("2204", "feedetail", "bilg_dept_codg", "开单科室编码"),
    ("2204", "feedetail", "bilg_dept_name", "开单科室名称"),
    ("2204", "feedetail", "bilg_dr_codg", "开单医生编码"),
    ("2204", "feedetail", "bilg_dr_name", "开单医师姓名"),
    ("2207", "data", "mdtrt_cert_type", "就诊凭证类型"),
    ("2207", "data", "med_type", "医疗类别"),
    ("2207", "data", "medfee_sumamt", "医疗费总额"),
    ("2207", "data", "psn_setlway", "个人结算方式"),
    ("2207", "data", "mdtrt_id", "就诊ID"),
    ("2207", "data", "chrg_bchno", "收费批次号"),
    ("2207", "data", "acct_used_flag", "个人账户使用标志"),
    ("2207", "data", "fulamt_ownpay_amt", "全自费金额"),
    ("2207", "data", "overlmt_selfpay", "超限价金额"),
    ("2207", "data", "preselfpay_amt", "先行自付金额"),
    ("2207", "data", "inscp_scp_amt", "符合政策范围金额"),
    ("2301", "feedetail", "feedetl_sn", "费用明细流水号"),
    ("2301", "feedetail", "mdtrt_id", "就诊ID"),
    ("2301", "feedetail", "psn_no", "人员编号"),
    ("2301", "feedetail", "med_type", "医疗类别"),
    ("2301", "feedetail", "fee_ocur_time", "费用发生时间"),
    ("2301", "feedetail", "med_list_codg", "医疗目录编码"),
    ("2301", "feedetail", "bilg_dept_codg", "开单科室编码"),
    ("2301", "feedetail", "bilg_dr_codg", "开单医生编码"),
    ("2301", "feedetail", "bilg_dr_name", "开单医师姓名"),
    ("2304", "data", "mdtrt_cert_type", "就诊凭证类型"),
    ("2304", "data", "psn_cert_type", "证件类型"),
    ("2304", "data", "certno", "证件号码"),
    ("2304", "data", "psn_type", "人员类别"),
    ("2304", "data", "psn_name", "人员姓名"),
    ("2304", "data", "medfee_sumamt", "医疗费总额"),
    ("2304", "data", "psn_setlway", "个人结算方式"),
    ("2304", "data", "mdtrt_id", "就诊ID"),
    ("2304", "data", "insutype", "险种类型"),
    ("2304", "data", "acct_used_flag", "个人账户使用标志"),
    ("2304", "data", "mid_setl_flag", "中途结算标志"),
    ("2401", "mdtrtinfo", "insutype", "险种类型"),
    ("2401", "mdtrtinfo", "begntime", "开始时间"),
    ("2401", "mdtrtinfo", "mdtrt_cert_type", "就诊凭证类型"),
    ("2401", "mdtrtinfo", "med_type", "医疗类别"),
    ("2401", "mdtrtinfo", "ipt_no", "住院号"),
    ("2401", "mdtrtinfo", "atddr_no", "主治医生编码"),
    ("2401", "mdtrtinfo", "chfpdr_name", "主诊医师姓名"),
    ("2401", "mdtrtinfo", "adm_dept_codg", "入院科室编码"),
    ("2401", "mdtrtinfo", "adm_bed", "入院床位"),
    ("2401", "mdtrtinfo", "dscg_maindiag_code", "住院主诊断代码"),
    ("2402", "dscginfo", "mdtrt_id", "就诊ID"),
    ("2402", "dscginfo", "psn_no", "人员编号"),
    ("2402", "dscginfo", "insutype", "险种类型"),
    ("2402", "dscginfo", "endtime", "结束时间"),
    ("2402", "dscginfo", "dscg_dept_codg", "出院科室编码"),
    ("2402", "dscginfo", "dscg_way", "离院方式"),
    ("2402", "diseinfo", "mdtrt_id", "就诊ID"),
    ("2402", "diseinfo", "psn_no", "人员编号"),
    ("2402", "diseinfo", "diag_type", "诊断类别"),
    ("2402", "diseinfo", "maindiag_flag", "主诊断标志"),
    ("2402", "diseinfo", "diag_srt_no", "诊断排序号"),
    ("2402", "diseinfo", "diag_code", "诊断代码"),
    ("2402", "diseinfo", "diag_name", "诊断名称"),
    ("2402", "diseinfo", "diag_dept", "诊断科室"),
    ("2402", "diseinfo", "dise_dor_no", "诊断医生编码"),
    ("2402", "diseinfo", "dise_dor_name", "诊断医生姓名"),
    ("2402", "diseinfo", "diag_time", "诊断时间"),
    ("2208", "data", "setl_id", "结算ID"),
    ("2208", "data", "mdtrt_id", "就诊ID"),
    ("2208", "data", "psn_no", "人员编号"),
    ("2601", "data", "psn_no", "人员编号"),
    ("2601", "data", "omsgid", "原发送方报文ID"),
    ("2601", "data", "oinfno", "原交易编号"),
];

struct Desk {
    client: Client,
    person: Person,
    visit: Visit,
    stay: Stay,
}

impl Desk {
    fn open() -> Desk {
        let bill = Bill::of(&A, "12.30");
        Desk {
            client: TOWN.client(&BJ_L2),
            person: TOWN.someone("employee"),
            visit: Visit::on("2021-07-01", bill.clone()),
            stay: Stay::from("2021-06-28", "2021-07-01", bill),
        }
    }

    /// A complete message about a visit, stay or settlement that nobody knows: field checks come before it is looked up.
    fn message(&self, infno: &str) -> Value {
        let opened = Opened {
            mdtrt_id: "99999999990000000001".into(),
            otp_no: "MZ1".into(),
            batch: "B1".into(),
            split: [0, 0, 0, 1_230],
            lines: vec![],
        };
        let unknown = Settled {
            info: json!({}),
            detail: vec![],
            mdtrt_id: opened.mdtrt_id.clone(),
            setl_id: "88888888880000000001".into(),
        };
        let (person, visit, stay, id) = (&self.person, &self.visit, &self.stay, &opened.mdtrt_id);
        match infno {
            "9001" => json!({"signIn": {"opter_no": "0053", "mac": "30-9C-23-6A-1F-02", "ip": "10.12.3.44"}}),
            "2102" => purchase_input(person, &Purchase::on("2021-07-01", visit.bill.clone())),
            "2201" => registration(person, visit, "MZ0001"),
            "2203" => visit_input(person, &visit.clone().disease(("M03900", "高血压")), id),
            "2204" => lines_input(person, visit, &opened),
            "2207" => settle_input(person, visit, &opened),
            "2208" => cancel_input(person, &unknown),
            "2301" => stay_lines(person, stay, id, &stay.bill, 0),
            "2304" => settle_stay_input(person, stay, id, &stay.bill, "0"),
            "2401" => admission(person, stay, "0001"),
            "2402" => discharge_input(person, stay, id),
            "2601" => {
                json!({"data": {"psn_no": person.psn_no, "omsgid": "H52050200002202107010000009999", "oinfno": "2207"}})
            }
            other => panic!("no message for {other}"),
        }
    }

    /// Sends the message with one field set to this value, or without it.
    #[track_caller]
    fn send(&self, infno: &str, node: &str, field: &str, value: Option<Value>) -> Reply {
        let mut input = self.message(infno);
        let node = match &mut input[node] {
            Value::Array(rows) => &mut rows[0],
            object => object,
        };
        let members = node.as_object_mut().expect("the node is an object");
        match value {
            Some(value) => drop(members.insert(field.to_owned(), value)),
            None => drop(members.remove(field)),
        }
        self.client.call(infno, input)
    }
}

#[test]
fn each_missing_required_field_is_named_with_its_chinese_name() {
    let desk = Desk::open();
    let mut silent = vec![];
    for (infno, node, field, name) in REQUIRED {
        for value in [None, Some(json!("")), Some(Value::Null)] {
            let text = desk.send(infno, node, field, value.clone()).refusal();
            if !(text.contains(field) && text.contains(name)) {
                silent.push(format!("{infno} {node}.{field} {name} = {value:?}: {text}"));
            }
        }
    }
    assert!(silent.is_empty(), "{} are not named:\n{}", silent.len(), silent.join("\n"));
}

#[test]
fn a_missing_node_is_named() {
    let desk = Desk::open();
    for (infno, node) in [("2207", "data"), ("2401", "mdtrtinfo"), ("2204", "feedetail"), ("2102", "drugdetail")] {
        let mut input = desk.message(infno);
        input.as_object_mut().unwrap().remove(node);
        let text = desk.client.call(infno, input).refusal();
        assert!(text.contains(node), "{infno} without {node}: {text}");
    }
}

#[track_caller]
fn refuses(infno: &str, node: &str, field: &str, value: Value, words: &[&str]) {
    let text = Desk::open().send(infno, node, field, Some(value)).refusal();
    assert!(text.contains(field), "names the field: {text}");
    for word in words {
        assert!(text.contains(word), "says {word:?}: {text}");
    }
}

#[test]
fn a_code_that_its_table_lacks_is_refused_with_the_value() {
    refuses("2201", "data", "mdtrt_cert_type", json!("77"), &["就诊凭证类型", "77"]);
    refuses("2207", "data", "psn_setlway", json!("9X"), &["个人结算方式", "9X"]);
    refuses("2402", "dscginfo", "dscg_way", json!("Q"), &["离院方式", "Q"]);
}

#[test]
fn impossible_dates_are_refused() {
    for wrong in ["2021-02-30 10:00:00", "2021-13-01 10:00:00", "2021-07-01 25:00:00", "昨天", "20210701"] {
        refuses("2201", "data", "begntime", json!(wrong), &["开始时间", wrong]);
    }
}

#[test]
fn impossible_amounts_are_refused() {
    for wrong in ["十元", "1e400", "NaN", "12.345.6", "99999999999999999999"] {
        refuses("2207", "data", "medfee_sumamt", json!(wrong), &["医疗费总额"]);
    }
    refuses("2204", "feedetail", "cnt", json!("很多"), &["数量"]);
}

#[test]
fn a_text_longer_than_its_field_is_refused() {
    refuses("2201", "data", "ipt_otp_no", json!("9".repeat(400)), &["ipt_otp_no"]);
}

#[test]
fn unknown_fields_are_ignored() {
    let desk = Desk::open();
    let mut input = desk.message("2201");
    input["data"]["hospital_own_field"] = json!({"x": [1, 2, 3]});
    input["something_else"] = json!("y");
    desk.client.call("2201", input).output();
}

#[test]
fn texts_that_say_null_are_empty() {
    let desk = Desk::open();
    for word in ["null", "NULL"] {
        desk.send("2201", "data", "atddr_no", Some(json!(word))).output();
        let text = desk.send("2201", "data", "dept_code", Some(json!(word))).refusal();
        assert!(text.contains("dept_code"), "a required field that says {word} is missing: {text}");
    }
}
