//! Filings: made, found, withdrawn, made again.

use super::care::text;
use super::city::{City, HOSPITAL, LI, OTHER_HOSPITAL, WANG};
use serde_json::{Value, json};

fn disease(begndate: &str, enddate: &str) -> Value {
    json!({"data": {
        "psn_no": LI, "insutype": "390", "opsp_dise_code": "M03900", "opsp_dise_name": "高血压",
        "insu_optins": "520502", "ide_fixmedins_no": HOSPITAL, "ide_fixmedins_name": "医院",
        "hosp_ide_date": begndate, "diag_dr_codg": "D1", "diag_dr_name": "赵医生", "begndate": begndate,
        "enddate": enddate
    }})
}

#[test]
fn a_disease_is_filed_once_until_it_is_withdrawn() {
    let city = City::new();
    let found = || city.done(HOSPITAL, "5301", &json!({"data": {"psn_no": LI}})).output["feedetail"].clone();
    let filed = city.done(HOSPITAL, "2503", &disease("2021-07-01", "2021-12-31"));
    let serial = text(&filed.output["result"]["trt_dcla_detl_sn"]);
    city.refused(HOSPITAL, "2503", &disease("2021-12-31", ""), "2021-07-01");
    city.done(HOSPITAL, "2503", &disease("2022-01-01", ""));
    city.refused(HOSPITAL, "2503", &disease("2021-03-01", "2021-02-01"), "早于");
    assert_eq!(found().as_array().unwrap().len(), 2);
    let withdraw = |psn_no: &str| json!({"data": {"trt_dcla_detl_sn": serial, "psn_no": psn_no, "memo": "误报"}});
    city.refused(HOSPITAL, "2504", &withdraw(WANG), "没有该人员");
    city.refused(OTHER_HOSPITAL, "2504", &withdraw(LI), "不是本机构");
    city.refused(HOSPITAL, "2502", &withdraw(LI), "没有该人员的此类备案");
    city.done(HOSPITAL, "2504", &withdraw(LI));
    city.refused(HOSPITAL, "2504", &withdraw(LI), "已撤销");
    assert_eq!(found().as_array().unwrap().len(), 1);
    city.done(HOSPITAL, "2503", &disease("2021-07-01", "2021-12-31"));
    city.verify();
}

#[test]
fn a_transfer_begins_on_its_day_unless_it_says_otherwise() {
    let city = City::new();
    let transfer = |enddate: &str| {
        json!({"refmedin": {
            "psn_no": WANG, "insutype": "310", "diag_code": "J18.900", "diag_name": "肺炎",
            "reflin_medins_no": OTHER_HOSPITAL, "reflin_medins_name": "医院", "mdtrtarea_admdvs": "520502",
            "refl_type": "1", "refl_date": "2021-07-05", "refl_opnn": "同意", "begndate": "", "enddate": enddate
        }})
    };
    city.refused(HOSPITAL, "2501A", &transfer("2021-07-04"), "2021-07-05");
    city.done(HOSPITAL, "2501A", &transfer("2021-07-05"));
    let range = |from: &str, to: &str| json!({"data": {"psn_no": WANG, "begntime": from, "endtime": to}});
    let count = |from, to| city.done(HOSPITAL, "5304", &range(from, to)).output["refmedin"].as_array().unwrap().len();
    assert_eq!(count("2021-07-05", "2021-07-05"), 1);
    assert_eq!(count("2021-07-01", "2021-07-04"), 0);
}
