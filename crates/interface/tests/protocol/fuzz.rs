//! Whatever bytes come, the answer is a checked input or a refusal that fits a reply.

use crate::{receive, request, take};
use jiff::civil::date;
use proptest::prelude::*;
use yibao_domain::refusal::Code;
use yibao_interface::{Answer, InfcodeForm, Reply};

/// Receives bytes; a refusal has to make a reply that is JSON, short and with its code.
fn answer(bytes: &[u8]) {
    let Err(refusal) = receive(bytes) else { return };
    let at = date(2021, 7, 9).at(20, 0, 0, 0);
    let reply = Reply {
        infcode_form: InfcodeForm::Number,
        is_download: false,
        inf_refmsgid: "520500202107092000000000000001",
        refmsg_time: at,
        respond_time: at,
        remarks: &[],
        answer: Answer::Refused(&refusal),
    };
    let reply: serde_json::Value = serde_json::from_slice(&reply.to_bytes()).expect("a reply is JSON");
    let err_msg = reply["err_msg"].as_str().expect("a refusal has a text");
    assert!(err_msg.chars().count() <= 200, "{err_msg}");
    assert!(err_msg.ends_with(&format!("[{}]", refusal.code.as_str())), "{err_msg}");
}

fn whole() -> String {
    request(
        "2204",
        r#"{"feedetail":[{"feedetl_sn":"1","mdtrt_id":"M1","psn_no":"P1","chrg_bchno":"B1","rx_circ_flag":"0",
        "fee_ocur_time":"2021-07-09 10:00:00","med_list_codg":"X1","medins_list_codg":"L1","det_item_fee_sumamt":100.00,
        "cnt":"2","pric":50,"bilg_dept_codg":"D","bilg_dept_name":"内科","bilg_dr_codg":"R","bilg_dr_name":"医师"}]}"#,
    )
}

proptest! {
    #[test]
    fn any_bytes_are_answered(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        answer(&bytes);
    }

    #[test]
    fn any_text_as_input_is_answered(infno in "[1-9][0-9]{3}A?", text in "\\PC{0,200}") {
        answer(request(&infno, &serde_json::to_string(&text).unwrap()).as_bytes());
        answer(request(&infno, &text).as_bytes());
    }

    #[test]
    fn a_changed_or_cut_message_is_answered(
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..8),
        cut in any::<prop::sample::Index>(),
        whether in any::<bool>(),
    ) {
        let mut bytes = whole().into_bytes();
        for (at, byte) in changes {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        if whether {
            bytes.truncate(cut.index(bytes.len()));
        }
        answer(&bytes);
    }

    #[test]
    fn any_value_of_any_field_is_answered(
        field in prop::sample::select(vec!["cnt", "pric", "fee_ocur_time", "psn_no", "hosp_appr_flag", "exp_content"]),
        value in prop_oneof![
            any::<f64>().prop_map(|number| format!("{number:?}")),
            "[0-9eE+.-]{1,60}",
            "\\PC{0,60}".prop_map(|text| serde_json::to_string(&text).unwrap()),
            "[0-9/:T .Z+-]{0,30}".prop_map(|text| format!("\"{text}\"")),
            Just("[[{}]]".to_owned()),
        ],
    ) {
        answer(request("2204", &format!(r#"{{"feedetail":[{{"feedetl_sn":"1","mdtrt_id":"M","psn_no":"P","{field}":{value}}}]}}"#)).as_bytes());
    }

    #[test]
    fn what_is_taken_is_taken_again_in_canonical_form(cnt in "-?[0-9]{1,6}(\\.[0-9]{1,4}0{0,3})?", sn in "\\PC{1,20}") {
        let line = whole().replace("\"cnt\":\"2\"", &format!("\"cnt\":\"{cnt}\""));
        let line = line.replace("\"feedetl_sn\":\"1\"", &format!("\"feedetl_sn\":{}", serde_json::to_string(&sn).unwrap()));
        if let Ok(checked) = receive(line.as_bytes()) {
            let canonical = checked.input.canonical();
            prop_assert_eq!(take("2204", &canonical).unwrap().input.canonical(), canonical);
        }
    }
}

#[test]
fn deep_nesting_is_refused() {
    for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
        let deep = format!("{}1{}", open.repeat(10_000), close.repeat(10_000));
        for bytes in [deep.clone(), request("2204", &deep), request("2204", &serde_json::to_string(&deep).unwrap())] {
            let refusal = receive(bytes.as_bytes()).unwrap_err();
            assert_eq!(refusal.code, Code::Unreadable);
            assert!(refusal.text.contains("嵌套"), "{}", refusal.text);
        }
    }
}

#[test]
fn ten_megabytes_in_one_field_are_refused_shortly() {
    let long = "长".repeat(3_500_000);
    answer(whole().replace("\"psn_no\":\"P1\"", &format!("\"psn_no\":\"{long}\"")).as_bytes());
    answer(whole().replace("\"infno\":\"2204\"", &format!("\"infno\":\"{long}\"")).as_bytes());
    answer(whole().replace("\"cnt\":\"2\"", &format!("\"cnt\":{}", "9".repeat(1_000_000))).as_bytes());
    answer(whole().replace("\"cnt\":\"2\"", &format!("\"{long}\":1,\"{long}\":2")).as_bytes());
    answer(&vec![b' '; 10_000_000]);
}

#[test]
fn other_encodings_are_told_to_use_utf8() {
    let gbk = [b"{\"opter_name\":\"".as_slice(), &[0xd6, 0xd0, 0xce, 0xc4], b"\"}"].concat();
    assert!(receive(&gbk).unwrap_err().text.contains("UTF-8"));
    let utf16: Vec<u8> = whole().encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert_eq!(receive(&utf16).unwrap_err().code, Code::Unreadable);
}
