//! Every transaction of the national table answers something sensible.

use super::town::TOWN;
use crate::support::providers::BJ_L2;
use serde_json::json;

pub const LIVE: &str = "
    1162 1301 1302 1303 1304 1305 1306 1306A 1307 1308 1309 1310 1311 1313 1314 1315 2001 3201 3202 3401 3401A 3402 3403
    3501 3501A 3502 3502A 3503 3503A 3504 3504A 3505 3505A 3506 3506A 3507 3507A 3508 3509 3510 3511 4101 4101A 4102 4103
    4201 4201A 4202 4301 4302 4401 4402 4402A 4501 4502 4503 4504 4505 4506 4601 4602 4701 5101 5102 6101 9101 9102
    9001 9002 1101 1201 1312 1316 1317 1318 1319 2101 2102 2103 2201 2202 2203 2203A 2204 2205 2206 2207 2208 2301
    2302 2303 2304 2305 2401 2402 2403 2404 2405 2501 2501A 2502 2503 2504 2505 2506 2601 5201 5202 5203 5204 5205
    5206 5301 5302 5303 5304 3301 3302 1901";

const KNOWN: &str = "
    1320 1321 1322 1323 1324 1325 1326 1327 2161 2163 2166 2167 2170 2171 2172 2173 2174 2175 2176 2181 2206A 2207A
    2260 2303A 2304A 2306 2406 2407 2507 3101 3102 3103 3203 3204 3205 3211 3212 3512 3513 3592B 3601 3602 3603 3604
    3605 3606 3607 3608 3609 3610 3611 3701 3702 3703 3704 4104 4105 4261 4262 4263 4507 4508 4509 4510 4511 4512 4901
    4902 4905 5401 5402 5461 5501 6201 6202 6203 6204 6301 6302 6401 7101 7102 7103 7104 7105 7106 7107 7108 7109
    7201 7202 7203 7204 7205 7206 7207 7208 7209 7210 7211 9601 9602 9603 9604 9605 100001";

#[test]
fn transactions_without_a_handler_are_named_as_not_offered() {
    let client = TOWN.client(&BJ_L2);
    for infno in KNOWN.split_whitespace() {
        let reply = client.call(infno, json!({"data": {}}));
        let text = reply.refusal();
        assert!(text.contains(infno) || names_a_field(&text), "{infno} says neither its number nor a field: {text}");
    }
}

#[test]
fn live_transactions_name_what_an_empty_message_lacks() {
    let client = TOWN.client(&BJ_L2);
    for infno in LIVE.split_whitespace().filter(|infno| !["1201", "9002", "6101", "1162"].contains(infno)) {
        let reply = client.call(infno, json!({"data": {}}));
        if reply.is_success() {
            continue;
        }
        let text = reply.refusal();
        assert!(names_a_field(&text), "{infno} names no node or field: {text}");
        assert!(!text.contains("未开放") && !text.contains("未开通"), "{infno} is live: {text}");
    }
}

#[test]
fn a_code_that_nobody_here_can_decode_is_refused_with_another_way() {
    let client = TOWN.client(&BJ_L2);
    for infno in ["6101", "1162"] {
        let text = client.call(infno, json!({"data": {"ecQrCode": "ec:1"}})).refusal();
        assert!(text.contains("身份证") && text.contains("社保卡"), "{infno}: {text}");
    }
}

#[test]
fn a_number_that_no_table_knows_is_refused_by_name() {
    let client = TOWN.client(&BJ_L2);
    for infno in ["0000", "9999Z", "abcd"] {
        let text = client.call(infno, json!({"data": {}})).refusal();
        assert!(text.contains(infno), "{text}");
    }
}

/// A refusal about a field or node carries its lower-case name.
fn names_a_field(text: &str) -> bool {
    let word = text.split(|it: char| !(it.is_ascii_alphanumeric() || it == '_'));
    word.into_iter().any(|word| word.len() > 3 && word.chars().next().is_some_and(|it| it.is_ascii_lowercase()))
}
