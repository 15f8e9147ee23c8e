//! Code mappings: uploaded, found, withdrawn, uploaded again.

use super::city::{City, DRUG, DRUG_B, HOSPITAL, OTHER_HOSPITAL};
use serde_json::{Value, json};

fn mapping(code: &str, enddate: &str) -> Value {
    json!({"data": [{
        "fixmedins_hilist_id": "Y1", "fixmedins_hilist_name": "院内药", "list_type": "101", "med_list_codg": code,
        "begndate": "2021-01-01", "enddate": enddate
    }]})
}

fn withdrawal(code: &str) -> Value {
    json!({"data": [{
        "fixmedins_code": HOSPITAL, "fixmedins_hilist_id": "Y1", "list_type": "101", "med_list_codg": code
    }]})
}

#[track_caller]
fn mapped(city: &City) -> Vec<Value> {
    let question =
        json!({"data": {"fixmedins_code": HOSPITAL, "updt_time": "2021-01-01", "page_num": 1, "page_size": 10}});
    city.done(HOSPITAL, "1317", &question).output["data"].as_array().unwrap().clone()
}

#[test]
fn a_code_is_mapped_once_until_it_is_withdrawn() {
    let city = City::new();
    city.refused(HOSPITAL, "3301", &mapping("NOSUCHCODE", ""), "不在现行医保目录");
    city.refused(HOSPITAL, "3301", &mapping(DRUG, "2020-12-31"), "早于");
    city.done(HOSPITAL, "3301", &mapping(DRUG, ""));
    city.refused(HOSPITAL, "3301", &mapping(DRUG_B, ""), "已有对照");
    assert_eq!(mapped(&city)[0]["med_list_codg"], DRUG);
    city.refused(HOSPITAL, "3302", &withdrawal(DRUG_B), "没有");
    city.done(HOSPITAL, "3302", &withdrawal(DRUG));
    assert!(mapped(&city).is_empty());
    city.done(HOSPITAL, "3301", &mapping(DRUG_B, ""));
    assert_eq!(mapped(&city)[0]["med_list_codg"], DRUG_B);
}

#[test]
fn a_provider_sees_its_own_mappings_alone() {
    let city = City::new();
    let question =
        json!({"data": {"fixmedins_code": HOSPITAL, "updt_time": "2021-01-01", "page_num": 1, "page_size": 10}});
    city.refused(OTHER_HOSPITAL, "1317", &question, "本机构");
}
