//! Malformed bytes get a clear answer, change nothing, and leave the platform well.

use super::town::TOWN;
use crate::support::client::{Client, Raw};
use crate::support::providers::{BJ_L2, BJ_TEXT};
use serde_json::{Value, json};

fn client() -> Client {
    TOWN.client(&BJ_L2)
}

/// The envelope of a good 9001, as text.
fn sign_in(client: &Client) -> String {
    let input = json!({"signIn": {"opter_no": "0053", "mac": "a", "ip": "10.0.0.1"}});
    client.envelope("9001", &client.next_msgid(), input).to_string()
}

/// A refusal in the envelope, in words; or for a body too large a plain status that is not a fault.
#[track_caller]
fn is_refused(raw: &Raw) -> String {
    assert_eq!(raw.status, 200, "{}", raw.text);
    let body = raw.json();
    assert!(body["infcode"] == -1 || body["infcode"] == "-1", "{body}");
    let text = body["err_msg"].as_str().expect("a text").to_owned();
    assert!(text.chars().count() <= 200 && text.ends_with(']'), "{text}");
    assert!(text.chars().any(|it| ('\u{4e00}'..='\u{9fff}').contains(&it)), "in Chinese: {text}");
    assert!(TOWN.healthy(), "the platform is still well");
    text
}

#[test]
fn what_is_not_json_is_refused_in_words() {
    let client = client();
    for body in ["", " ", "hello", "{", "[]", "null", "42", "\"text\"", "<xml/>", "{\"infno\":}", "{}{}"] {
        is_refused(&client.post_bytes(body.as_bytes()));
    }
}

#[test]
fn a_truncated_message_is_refused_wherever_it_breaks_off() {
    let client = client();
    let whole = sign_in(&client);
    let ends: Vec<usize> = (1..whole.len()).step_by(23).filter(|end| whole.is_char_boundary(*end)).collect();
    for end in ends {
        is_refused(&client.post_bytes(&whole.as_bytes()[..end]));
    }
}

#[test]
fn gbk_bytes_are_refused_with_the_advice_to_send_utf8() {
    let client = client();
    // 收费员 in GBK
    let whole = sign_in(&client);
    let (before, after) = whole.split_once("收费员").unwrap();
    let body = [before.as_bytes(), &[0xCA, 0xD5, 0xB7, 0xD1, 0xD4, 0xB1], after.as_bytes()].concat();
    let text = is_refused(&client.post_bytes(&body));
    assert!(text.to_uppercase().contains("UTF-8") || text.to_uppercase().contains("UTF8"), "{text}");
}

#[test]
fn deep_nesting_is_refused() {
    let client = client();
    let deep = "[".repeat(100_000) + &"]".repeat(100_000);
    is_refused(&client.post_bytes(deep.as_bytes()));
    let body = sign_in(&client).replace("\"10.0.0.1\"", &deep);
    is_refused(&client.post_bytes(body.as_bytes()));
    let moderate = json!({"data": serde_json::from_str::<Value>(&("[".repeat(60) + &"]".repeat(60))).unwrap()});
    client.call("2207", moderate).refusal();
}

#[test]
fn a_body_of_ten_megabytes_is_answered_and_harms_nobody() {
    let client = client();
    let body = sign_in(&client).replace("10.0.0.1", &"9".repeat(10_000_000));
    let raw = client.post_bytes(body.as_bytes());
    assert!(raw.status == 200 || raw.status == 413, "HTTP {}: {}", raw.status, raw.text);
    assert!(!raw.text.contains("\"infcode\":0"), "{}", raw.text);
    assert!(TOWN.healthy());
}

#[test]
fn envelope_members_of_a_wrong_type_are_refused_by_name() {
    let client = client();
    for (member, value) in
        [("infno", json!(null)), ("msgid", json!({})), ("fixmedins_code", json!([])), ("input", json!(7))]
    {
        let mut envelope: Value = serde_json::from_str(&sign_in(&client)).unwrap();
        envelope[member] = value;
        let text = is_refused(&client.post_bytes(envelope.to_string().as_bytes()));
        assert!(text.contains(member), "names {member}: {text}");
    }
}

#[test]
fn missing_envelope_members_are_named() {
    let client = client();
    for (member, name) in
        [("infno", "交易编号"), ("msgid", "报文"), ("fixmedins_code", "定点医药机构编号"), ("input", "交易输入")]
    {
        let mut envelope: Value = serde_json::from_str(&sign_in(&client)).unwrap();
        envelope.as_object_mut().unwrap().remove(member);
        let text = is_refused(&client.post_bytes(envelope.to_string().as_bytes()));
        assert!(text.contains(member) && text.contains(name), "names {member} {name}: {text}");
    }
}

#[test]
fn an_unknown_provider_is_refused_with_its_code() {
    let client = client();
    let mut envelope: Value = serde_json::from_str(&sign_in(&client)).unwrap();
    envelope["fixmedins_code"] = json!("H99999999999");
    let text = is_refused(&client.post_bytes(envelope.to_string().as_bytes()));
    assert!(text.contains("H99999999999"), "{text}");
}

#[test]
fn input_as_a_string_that_is_no_json_is_refused() {
    let client = client();
    let mut envelope: Value = serde_json::from_str(&sign_in(&client)).unwrap();
    envelope["input"] = json!("{\"signIn\":");
    let text = is_refused(&client.post_bytes(envelope.to_string().as_bytes()));
    assert!(text.contains("input"), "{text}");
}

#[test]
fn a_refusal_is_answered_in_its_senders_pool_whatever_the_message_lacks() {
    let client = client();
    for member in ["input", "msgid", "infno"] {
        let mut envelope: Value = serde_json::from_str(&sign_in(&client)).unwrap();
        envelope[member] = Value::Null;
        let answer = client.post_bytes(envelope.to_string().as_bytes());
        is_refused(&answer);
        let id = answer.json()["inf_refmsgid"].as_str().unwrap().to_owned();
        assert!(id.starts_with("520500"), "{member}: {id}");
    }
    let texts = TOWN.client(&BJ_TEXT);
    let mut envelope: Value = serde_json::from_str(&sign_in(&texts)).unwrap();
    envelope["msgid"] = json!("");
    assert_eq!(texts.post_bytes(envelope.to_string().as_bytes()).json()["infcode"], "-1", "as its client reads");
}

/// `{}`, packed with gzip.
const PACKED: [u8; 22] = [31, 139, 8, 0, 0, 0, 0, 0, 2, 3, 171, 174, 5, 0, 67, 191, 166, 163, 2, 0, 0, 0];

#[test]
fn a_packed_message_is_unpacked_and_a_broken_one_is_said_to_be_packed() {
    let client = client();
    let text = is_refused(&client.post_bytes(&PACKED));
    assert!(text.contains("infno"), "it is read: {text}");
    let text = is_refused(&client.post_bytes(&PACKED[..14]));
    assert!(text.contains("gzip") && text.contains("未压缩的JSON"), "{text}");
}

#[test]
fn duplicate_keys_odd_unicode_and_zero_bytes_leave_the_platform_well() {
    let client = client();
    let good = sign_in(&client);
    let twice = good.replacen('{', "{\"infno\":\"1101\",", 1);
    let odd = good.replace("0053", "\u{202e}\u{1F600}\\ud800");
    let zeros = good.replace("0053", "\\u0000");
    for body in [twice, odd, zeros] {
        let raw = client.post_bytes(body.as_bytes());
        assert_eq!(raw.status, 200, "{}", raw.text);
        raw.json();
        assert!(TOWN.healthy());
    }
}
