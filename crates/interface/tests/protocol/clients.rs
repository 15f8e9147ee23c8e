//! Habits of real clients that are served, and mistakes that are named.

use crate::{receive, request, take};
use jiff::civil::date;
use yibao_domain::money::Money;
use yibao_domain::refusal::Code;
use yibao_interface::{Envelope, Sender};

const LINE: &str = r#"{"feedetl_sn":"yp570","mdtrt_id":"M1","psn_no":"P1","chrg_bchno":"B1","rx_circ_flag":"0",
    "fee_ocur_time":"2021-07-09 10:00:00","med_list_codg":"X1","medins_list_codg":"L1","det_item_fee_sumamt":100.00,
    "cnt":"2","pric":50,"bilg_dept_codg":"D","bilg_dept_name":"内科","bilg_dr_codg":"R","bilg_dr_name":"医师"}"#;

const SETTLE: &str = r#"{"data":{"psn_no":"P1","mdtrt_cert_type":"02","mdtrt_cert_no":"11010519491231002X",
    "med_type":"11","medfee_sumamt":"100.00","psn_setlway":"01","mdtrt_id":"M1","chrg_bchno":"B1","insutype":"310",
    "acct_used_flag":"1","invono":"null","exp_content":null}}"#;

#[track_caller]
fn check_same(infno: &str, one: &str, other: &str) {
    let canonical = |input: &str| take(infno, input).expect("taken").input.canonical();
    assert_eq!(canonical(one), canonical(other));
}

#[track_caller]
fn check_refused(infno: &str, input: &str, code: Code, parts: &[&str]) {
    let refusal = take(infno, input).expect_err("refused");
    assert_eq!(refusal.code, code, "{}", refusal.text);
    for part in parts {
        assert!(refusal.text.contains(part), "{} lacks {part}", refusal.text);
    }
}

#[test]
fn a_settlement_is_read_into_exact_values() {
    let checked = take("2207", SETTLE).unwrap();
    let data = checked.input.node("data").unwrap();
    assert_eq!(data.money("medfee_sumamt").unwrap(), Some(Money::yuan(100)));
    assert_eq!((data.text("psn_setlway"), data.text("invono"), data.get("invono")), ("01", "", None));
    assert_eq!(checked.transaction.business, "settlement.outpatient.{kind}");
    assert!(checked.remarks.is_empty(), "{:?}", checked.remarks);
    let refusal = data.demand("invono").unwrap_err();
    assert_eq!(refusal.code, Code::FieldMissing);
    assert!(refusal.text.contains("节点data字段invono(发票号)"), "{}", refusal.text);
}

#[test]
fn numbers_as_numbers_or_texts_and_codes_with_or_without_zero_mean_the_same() {
    check_same("2207", SETTLE, &SETTLE.replace("\"100.00\"", "100"));
    check_same("2207", SETTLE, &SETTLE.replace("\"100.00\"", "1e2"));
    check_same("2207", SETTLE, &SETTLE.replace("\"psn_setlway\":\"01\"", "\"psn_setlway\":1"));
    check_same("2207", SETTLE, &SETTLE.replace("\"psn_no\":\"P1\"", "\"PSN_No\": \" P1 \""));
    check_same("2207", SETTLE, &SETTLE.replace("\"invono\":\"null\",", ""));
    check_same("2207", SETTLE, &SETTLE.replace(",\"exp_content\":null", ",\"vendor\":{\"a\":[1]}"));
}

#[test]
fn what_a_sum_of_binary_numbers_adds_does_not_count() {
    check_same("2207", &SETTLE.replace("\"100.00\"", "0.3"), &SETTLE.replace("\"100.00\"", "0.30000000000000004"));
    check_same("2207", SETTLE, &SETTLE.replace("\"100.00\"", "\"99.99999999999999\""));
}

#[test]
fn an_extension_field_where_none_is_printed_is_no_remark() {
    let checked =
        take("2204", &format!(r#"{{"feedetail":[{}]}}"#, LINE.replace("\"cnt\"", "\"expContent\":null,\"cnt\"")));
    assert!(checked.unwrap().remarks.is_empty());
}

#[test]
fn what_clients_leave_out_of_queries_is_not_demanded() {
    take("1101", r#"{"data":{"mdtrt_cert_type":"02","mdtrt_cert_no":"1","psn_cert_type":"","certno":"1"}}"#).unwrap();
    take("1901", r#"{"data":{"type":"insutype","admdvs":null,"date":"","vali_Flag":null,"valiFlag":"1"}}"#).unwrap();
    for infno in ["1312", "1316", "1317", "1318", "1319"] {
        take(infno, r#"{"data":{"updt_time":"","vali_flag":"1"}}"#).unwrap();
        take(infno, r#"{"data":{"updt_time":"2020-01-01","page_num":1,"page_size":2147483647}}"#).unwrap();
    }
}

#[test]
fn a_serial_number_may_be_longer_than_printed_but_not_endless() {
    let line = |length: usize| format!(r#"{{"feedetail":[{}]}}"#, LINE.replace("yp570", &"9".repeat(length)));
    take("2204", &line(200)).unwrap();
    check_refused("2204", &line(201), Code::FieldShape, &["feedetl_sn", "最多200个"]);
}

#[test]
fn an_input_may_come_as_the_text_of_its_json() {
    let text = serde_json::to_string(SETTLE).unwrap();
    let checked = receive(request("2207", &text).as_bytes()).unwrap();
    assert_eq!(checked.input.canonical(), take("2207", SETTLE).unwrap().input.canonical());
}

#[test]
fn one_record_may_come_as_object_or_array() {
    check_same("2204", &format!(r#"{{"feedetail":[{LINE}]}}"#), &format!(r#"{{"feedetail":{LINE}}}"#));
    let undo = r#"{"feedetl_sn":"0000","mdtrt_id":"M1","psn_no":"P1"}"#;
    check_same("2302", &format!(r#"{{"data":[{undo}]}}"#), &format!(r#"{{"data":{undo}}}"#));
    assert_eq!(take("2302", &format!(r#"{{"data":[{undo},{undo}]}}"#)).unwrap().input.nodes("data").len(), 2);
    let cancel = r#"{"setl_id":"S","mdtrt_id":"M1","psn_no":"P1"}"#;
    check_refused("2208", &format!(r#"{{"data":[{cancel},{cancel}]}}"#), Code::FieldShape, &["节点data", "逐笔"]);
}

#[test]
fn the_members_of_a_reversal_may_lack_their_node() {
    let members = r#"{"psn_no":"P1","omsgid":"H52050200001202107092000000009","oinfno":"2203A"}"#;
    check_same("2601", members, &format!(r#"{{"data":{members}}}"#));
}

#[test]
fn the_node_of_the_early_draft_is_taken_and_what_could_be_anything_is_refused_with_the_node_expected() {
    let draft = SETTLE.replace("\"data\"", "\"mdtrtinfo\"");
    let digest = |input: &str| take("2207", input).unwrap().input.digest().to_owned();
    assert_eq!(digest(&draft), digest(SETTLE), "the same message under either name");
    check_refused("2207", r#"{"other":{"psn_no":"1"}}"#, Code::NodeMissing, &["2207", "要求节点data", "报文中为other"]);
    check_refused("2204", r#"{"feedetail":[]}"#, Code::NodeMissing, &["feedetail", "至少一行"]);
    check_refused("2207", "{}", Code::NodeMissing, &["要求节点data"]);
}

#[test]
fn a_refusal_names_node_row_field_and_what_is_allowed() {
    let bad = LINE.replace("\"cnt\":\"2\"", "\"cnt\":\"two\"");
    let input = format!(r#"{{"feedetail":[{LINE},{LINE},{bad}]}}"#);
    check_refused("2204", &input, Code::FieldShape, &["节点feedetail第3行字段cnt(数量)", "\"two\"", "16,4"]);
    let change = |from: &str, to: &str| SETTLE.replace(from, to);
    let parts = ["节点data字段acct_used_flag(个人账户使用标志)", "\"7\"", "可取0"];
    check_refused("2207", &change("\"acct_used_flag\":\"1\"", "\"acct_used_flag\":7"), Code::FieldCode, &parts);
    check_refused("2207", &change("\"med_type\":\"11\"", "\"med_type\":\"88\""), Code::FieldCode, &["医疗类别"]);
    check_refused("2207", &change("\"310\"", "\"999\""), Code::FieldCode, &["insutype(险种类型)"]);
    check_refused("2207", &change("\"100.00\"", "100.001"), Code::FieldShape, &["medfee_sumamt", "小数最多2位"]);
    check_refused("2207", &change("\"100.00\"", "1e15"), Code::FieldShape, &["整数部分最多14位"]);
    check_refused("2207", &change("\"100.00\"", "\"NaN\""), Code::FieldShape, &["不是数值"]);
    check_refused("2207", &change("\"100.00\"", "true"), Code::FieldShape, &["应为数值"]);
    check_refused("2207", &change("\"mdtrt_id\":\"M1\"", "\"mdtrt_id\":{}"), Code::FieldShape, &["应为文本"]);
    check_refused("2207", &change("\"mdtrt_id\":\"M1\",", ""), Code::FieldMissing, &["mdtrt_id(就诊ID)", "必填"]);
    let long = change("\"M1\"", &format!("\"{}\"", "长".repeat(31)));
    check_refused("2207", &long, Code::FieldShape, &["长31个字符，最多30个"]);
    check_refused("2207", &change("M1", "M\\u0000"), Code::FieldShape, &["mdtrt_id(就诊ID)", "空字符"]);
    check_refused("9999", "{}", Code::UnknownTransaction, &["9999"]);
}

#[test]
fn personal_values_are_never_shown() {
    let number = "1".repeat(60);
    let input = SETTLE.replace("11010519491231002X", &number);
    let refusal = take("2207", &input).unwrap_err();
    assert!(refusal.text.contains("已隐去") && !refusal.text.contains("111"), "{}", refusal.text);
    let checked = take("2207", SETTLE).unwrap();
    let refusal = checked.input.node("data").unwrap().refuse(Code::UnknownPerson, "mdtrt_cert_no", "与人员不符");
    assert!(!refusal.text.contains("1949") && refusal.text.ends_with("与人员不符"), "{}", refusal.text);
}

#[test]
fn provincial_codes_unknown_fields_and_nodes_are_taken_with_a_remark() {
    let line = LINE.replace("\"rx_circ_flag\"", "\"rx_flag_of_vendor\":1,\"rx_circ_flag\"");
    let checked = take("2204", &format!(r#"{{"feedetail":[{line},{line}],"vendor":{{}}}}"#)).unwrap();
    assert_eq!(checked.remarks.len(), 1, "{:?}", checked.remarks);
    assert!(checked.remarks[0].contains("feedetail.rx_flag_of_vendor、vendor"), "{:?}", checked.remarks);
    let checked = take("2207", &SETTLE.replace("\"med_type\":\"11\"", "\"med_type\":\"1199\"")).unwrap();
    assert!(checked.remarks[0].contains("1199"), "{:?}", checked.remarks);
    assert_eq!(checked.input.node("data").unwrap().text("med_type"), "1199");
}

#[test]
fn dates_come_in_many_forms_and_impossible_ones_are_refused() {
    let visit = |begntime: &str| {
        format!(
            r#"{{"data":{{"psn_no":"P1","insutype":"310","begntime":"{begntime}","mdtrt_cert_type":"02",
            "mdtrt_cert_no":"1","ipt_otp_no":"1","dept_code":"D","dept_name":"内科","caty":"A03"}}}}"#
        )
    };
    for text in ["2021-07-09 08:05:03", "20210709080503", "2021/7/9 8:05:03", "2021-07-09T08:05:03.000"] {
        let checked = take("2201", &visit(text)).unwrap();
        let begntime = checked.input.node("data").unwrap().demand_moment("begntime").unwrap();
        assert_eq!(begntime, date(2021, 7, 9).at(8, 5, 3, 0), "{text}");
        check_same("2201", &visit(text), &visit("2021-07-09 08:05:03"));
    }
    check_refused("2201", &visit("2021-02-30 08:00:00"), Code::FieldShape, &["begntime(开始时间)", "2021-02-30"]);
    check_refused("2201", &visit("0001-01-01 00:00:00"), Code::FieldMissing, &["begntime(开始时间)"]);
}

#[test]
fn the_time_of_a_message_is_read_as_every_other_time_is() {
    let with = |time: &str| request("1901", "{}").replace("2021-07-09 20:00:00", time);
    let read = |time: &str| Envelope::parse(with(time).as_bytes()).unwrap();
    assert_eq!(read("2021-07-09T12:00:00Z").inf_time, Some(date(2021, 7, 9).at(20, 0, 0, 0)));
    let blank = read("0");
    assert_eq!(blank.inf_time, None);
    assert!(blank.remarks.iter().any(|remark| remark.contains("inf_time(交易时间)的值\"0\"")), "{:?}", blank.remarks);
    let refusal = Envelope::parse(with("noon").as_bytes()).unwrap_err();
    assert!(refusal.text.contains("inf_time"), "{}", refusal.text);
}

#[test]
fn a_sender_is_known_of_what_is_no_envelope() {
    let body = request("2207", "{}").replace("H52050200001202107092000000001", "");
    assert!(Envelope::parse(body.as_bytes()).is_err());
    let sender = Sender::of(body.as_bytes());
    assert_eq!((sender.infno.as_str(), sender.fixmedins_code.as_str()), ("2207", "H52050200001"));
    assert_eq!(Sender::of(b"{"), Sender::default());
}

#[test]
fn a_code_may_be_longer_than_its_column() {
    let codes = r#"{"data":{"med_list_codg":"XJ01CAA040A001010100021"}}"#;
    assert_eq!(take("1304", codes).unwrap().input.node("data").unwrap().text("med_list_codg").len(), 23);
    let input = format!(r#"{{"data":{{"med_list_codg":"{}"}}}}"#, "X".repeat(201));
    check_refused("1304", &input, Code::FieldShape, &["med_list_codg", "最多200个"]);
}

#[test]
fn nested_nodes_and_extensions_are_kept_as_json() {
    let with = |value: &str| SETTLE.replace("\"exp_content\":null", &format!("\"exp_content\":{value}"));
    let kept = |input: &str| take("2207", input).unwrap().input.node("data").unwrap().text("exp_content").to_owned();
    assert_eq!(kept(&with(r#"{"B":1,"A":"x"}"#)), r#"{"A":"x","B":1}"#);
    assert_eq!(kept(&with(r#""{\"TRUM_FLAG\":\"1\"}""#)), r#"{"TRUM_FLAG":"1"}"#);
}

#[test]
fn a_transaction_without_field_rows_is_known_and_its_input_taken_as_it_comes() {
    let checked = take("2207A", SETTLE).unwrap();
    assert_eq!(checked.input.node("data").unwrap().text("psn_no"), "P1");
}

#[test]
fn the_samples_of_the_specification_are_taken() {
    let person = r#"{"data":{"mdtrt_cert_type":"02","mdtrt_cert_no":"520502198001010015","card_sn":"NULL",
        "begntime":"","psn_cert_type":"01","certno":"","psn_name":""}}"#;
    assert!(take("1101", person).is_ok());
    let stays = r#"{"data":{"psn_no":"","begntime":"2021-09-01 00:00:00","endtime":"2021-09-27 23:59:59"}}"#;
    assert!(take("5303", stays).is_ok());
}
