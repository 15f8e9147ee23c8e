//! Queries: whole days, one's own, without what was cancelled.

use super::care::{
    admit, cancellation, discharge, of_encounter, register, registration, settle_visit, stay_settlement, visit,
};
use super::city::{City, DRUG, HOSPITAL, OTHER_HOSPITAL, WANG, ZHAO};
use serde_json::{Value, json};
use yibao_interface::{Catalogue, Shape};

fn visits(psn_no: &str, from: &str, to: &str) -> Value {
    json!({"data": {"psn_no": psn_no, "begntime": from, "endtime": to, "med_type": "11"}})
}

#[test]
fn a_range_covers_whole_days_and_the_providers_own_visits() {
    let city = City::new();
    visit(&city, WANG, "10.00");
    let count = |provider, from, to| {
        city.done(provider, "5201", &visits(WANG, from, to)).output["mdtrtinfo"].as_array().unwrap().len()
    };
    assert_eq!(count(HOSPITAL, "2021-07-01", "2021-07-01"), 1);
    assert_eq!(count(HOSPITAL, "2021-07-01 23:00:00", "2021-07-01 01:00:00"), 1);
    assert_eq!(count(HOSPITAL, "2021-07-02", "2021-07-03"), 0);
    assert_eq!(count(OTHER_HOSPITAL, "2021-07-01", "2021-07-01"), 0);
    city.refused(HOSPITAL, "5201", &visits(WANG, "2021-07-02", "2021-07-01"), "早于");
}

#[test]
fn somebody_is_in_hospital_until_discharge_or_cancellation() {
    let city = City::new();
    let mdtrt_id = admit(&city, WANG);
    let question = json!({"data": {"psn_no": WANG, "begntime": "2021-07-01", "endtime": "2021-07-01"}});
    let count = || city.done(HOSPITAL, "5303", &question).output["data"].as_array().unwrap().len();
    assert_eq!(count(), 1);
    city.done(HOSPITAL, "2404", &of_encounter(WANG, &mdtrt_id));
    assert_eq!(count(), 0);
}

#[test]
fn a_visit_shows_the_insurance_of_its_day() {
    let city = City::new();
    let mdtrt_id = register(&city, ZHAO);
    city.done(HOSPITAL, "2203A", &super::care::description(ZHAO, &mdtrt_id, "11", "2021-07-01 09:30:00"));
    let shown = city.done(HOSPITAL, "5201", &visits(ZHAO, "2021-07-01", "2021-07-01")).output;
    assert_eq!(shown["mdtrtinfo"][0]["psn_type"], "1101", "retired in the period that ended: {shown}");
    assert_eq!(shown["mdtrtinfo"][0]["emp_name"], "单位2017");
}

#[test]
fn totals_are_those_of_the_year_asked_for() {
    let city = City::new();
    let mdtrt_id = visit(&city, WANG, "2000.00");
    settle_visit(&city, WANG, &mdtrt_id, "B1", "2000.00");
    let ask = |month: &str| json!({"data": {"psn_no": WANG, "cum_ym": month}});
    let totals = |month: &str| city.done(HOSPITAL, "5206", &ask(month)).output["cuminfo"].as_array().unwrap().clone();
    assert!(totals("202107").iter().all(|row| row["year"] == "2021" && row["cum_ym"] == "202107"));
    assert_eq!(totals("202107").len(), totals("").len());
    assert!(totals("202007").is_empty());
    for wrong in ["202113", "20210", "2021年"] {
        city.refused(HOSPITAL, "5206", &ask(wrong), "cum_ym");
    }
}

#[test]
fn maternity_insurance_adds_to_what_the_employees_scheme_counts() {
    let city = City::new();
    let registered = city.done(HOSPITAL, "2201", &registration(WANG, "510", "2021-07-01 09:30:00"));
    let mdtrt_id = super::care::text(&registered.output["data"]["mdtrt_id"]);
    city.done(HOSPITAL, "2204", &super::care::fees(WANG, &mdtrt_id, "B1", &[super::care::one("1", "3000.00")]));
    let by_maternity = settle_visit(&city, WANG, &mdtrt_id, "B1", "3000.00");
    let fresh = City::new();
    let (first, second) = (visit(&fresh, WANG, "3000.00"), visit(&fresh, WANG, "3000.00"));
    let by_basic = settle_visit(&fresh, WANG, &first, "B1", "3000.00");
    assert_eq!(by_maternity.info["fund_pay_sumamt"], by_basic.info["fund_pay_sumamt"]);
    let after_basic = settle_visit(&fresh, WANG, &second, "B1", "3000.00");
    let next = visit(&city, WANG, "3000.00");
    let after_maternity = settle_visit(&city, WANG, &next, "B1", "3000.00");
    assert_eq!(after_maternity.info["fund_pay_sumamt"], after_basic.info["fund_pay_sumamt"]);
}

/// What the table has for an answer and the answer lacks: nodes, and fields of the records there are.
fn lacking(infno: &str, output: &Value) -> Vec<String> {
    let mut lacking = Vec::new();
    for node in Catalogue::national().transaction(infno).unwrap().output() {
        if node.within.is_some() || node.shape == Shape::File {
            continue;
        }
        let found = if node.name == "*" { output } else { &output[&node.name] };
        let records = found.as_array().map_or_else(|| vec![found], |rows| rows.iter().collect());
        if records.is_empty() || found.is_null() {
            lacking.push(format!("{infno} {}", node.name));
        }
        let missing = |record: &&Value| node.fields.iter().find(|field| record.get(&field.name).is_none());
        lacking.extend(records.iter().filter_map(missing).map(|field| format!("{infno} {}.{}", node.name, field.name)));
    }
    lacking
}

#[test]
fn an_answer_has_every_field_that_the_table_prints() {
    let city = City::new();
    let mdtrt_id = visit(&city, WANG, "1000.00");
    let settled = settle_visit(&city, WANG, &mdtrt_id, "B1", "1000.00");
    let stay = admit(&city, ZHAO);
    let transfer = json!({"refmedin": {
        "psn_no": WANG, "insutype": "310", "diag_code": "J18.900", "diag_name": "肺炎", "reflin_medins_no": OTHER_HOSPITAL,
        "reflin_medins_name": "医院", "mdtrtarea_admdvs": "520502", "refl_type": "1", "refl_date": "2021-07-05",
        "refl_opnn": "同意", "begndate": "", "enddate": ""
    }});
    city.done(HOSPITAL, "2501A", &transfer);
    let mapping = json!({"data": [{
        "fixmedins_hilist_id": "Y1", "fixmedins_hilist_name": "院内药", "list_type": "101", "med_list_codg": DRUG,
        "begndate": "2021-01-01", "enddate": ""
    }]});
    city.done(HOSPITAL, "3301", &mapping);
    let of_visit = json!({"data": {"psn_no": WANG, "mdtrt_id": mdtrt_id, "setl_id": settled.setl_id}});
    let july = |psn_no: &str| json!({"data": {"psn_no": psn_no, "begntime": "2021-07-01", "endtime": "2021-07-31"}});
    let mut lacks = Vec::new();
    let mut ask = |infno: &'static str, input: &Value| {
        let output = city.done(HOSPITAL, infno, input).output;
        lacks.extend(lacking(infno, &output));
        output
    };
    ask("5201", &visits(WANG, "2021-07-01", "2021-07-31"));
    ask("5202", &of_visit);
    ask("5203", &of_visit);
    ask("5204", &of_visit);
    ask("5303", &july(ZHAO));
    ask("5304", &july(WANG));
    let page = json!({"data": {"updt_time": "2018-01-01", "page_num": 1, "page_size": 1}});
    for infno in ["1312", "1316", "1317"] {
        let row = ask(infno, &page)["data"][0].clone();
        assert_eq!(row["enddate"], "2099-12-31", "{infno}: a row without an end has a day that every client reads");
        assert!(row["opt_time"].is_string() && row["crter_name"] == "", "{infno}: {row}");
    }
    ask("2208", &cancellation(WANG, &mdtrt_id, &settled.setl_id));
    city.done(HOSPITAL, "2301", &super::care::fees(ZHAO, &stay, "", &[super::care::one("1", "500.00")]));
    city.done(HOSPITAL, "2402", &discharge(ZHAO, &stay, "2021-07-01 09:00:00"));
    let info = ask("2304", &stay_settlement(ZHAO, &stay, "500.00", false))["setlinfo"].clone();
    ask("5206", &json!({"data": {"psn_no": ZHAO, "cum_ym": "202107"}}));
    ask("2305", &cancellation(ZHAO, &stay, info["setl_id"].as_str().unwrap()));
    assert!(lacks.is_empty(), "{lacks:#?}");
}
