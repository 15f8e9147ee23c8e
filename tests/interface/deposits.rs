//! Documents that hospitals deposit: kept once, corrected by their key, deleted, asked for.

use super::town::TOWN;
use crate::support::client::{Client, Reply};
use crate::support::providers::{BJ_L1, BJ_L2};
use serde_json::{Value, json};

fn department(code: &str, name: &str, beds: i64) -> Value {
    json!({"deptinfo": {
        "hosp_dept_codg": code, "caty": "A03", "hosp_dept_name": name, "begntime": "2021-01-01 00:00:00", "itro": "内科",
        "dept_resper_name": "负责人", "dept_resper_tel": "0857-1", "dept_estbdat": "2001-01-01", "aprv_bed_cnt": beds,
        "poolarea_no": "520500", "dr_psncnt": 3, "phar_psncnt": 1, "nurs_psncnt": 5, "tecn_psncnt": 1
    }})
}

fn departments(client: &Client) -> Vec<Value> {
    client.call("5101", json!({"data": {}})).output()["feedetail"].as_array().unwrap().clone()
}

fn names(rows: &[Value]) -> Vec<&str> {
    rows.iter().map(|row| row["hosp_dept_name"].as_str().unwrap()).collect()
}

#[test]
fn a_department_is_kept_corrected_by_its_code_and_deleted() {
    let client = TOWN.client(&BJ_L1);
    assert!(client.call("3401", department("NK", "内科", 10)).is_success());
    assert!(client.call("3401A", json!({"deptinfo": [department("WK", "外科", 8)["deptinfo"]]})).is_success());
    let corrected = client.call("3402", department("NK", "内一科", 12));
    assert!(corrected.words().contains("更正 1 份"), "{}", corrected.words());
    let rows = departments(&client);
    assert_eq!(names(&rows), ["内一科", "外科"]);
    assert_eq!((&rows[0]["aprv_bed_cnt"], &rows[0]["hi_crtf_bed_cnt"]), (&json!(12), &Value::Null));
    for nothing in [json!({}), json!(""), Value::Null, json!({"data": null}), json!({"data": ""})] {
        assert_eq!(client.call("5101", nothing).output()["feedetail"].as_array().unwrap().len(), 2);
    }
    let gone = json!({"data": {"hosp_dept_codg": "WK", "hosp_dept_name": "外科", "begntime": "2021-01-01 00:00:00"}});
    assert!(client.call("3403", gone.clone()).is_success());
    assert_eq!(names(&departments(&client)), ["内一科"]);
    let again = client.call("3403", gone);
    assert!(again.is_success() && again.words().contains("此前已经删除"), "{}", again.words());
    let unknown = json!({"data": {"hosp_dept_codg": "XX", "hosp_dept_name": "没有"}});
    assert!(client.call("3403", unknown).refusal().contains("hosp_dept_codg"));
    assert!(names(&departments(&TOWN.client(&BJ_L2))).is_empty(), "another hospital's are not shown");
}

fn sale(receipt: &str, batch: &str, count: i64) -> Value {
    json!({
        "med_list_codg": "A", "fixmedins_hilist_id": "YP1", "fixmedins_hilist_name": "药", "fixmedins_bchno": batch,
        "prsc_dr_name": "医师", "phar_name": "药师", "phar_prac_cert_no": "1", "mdtrt_sn": "MZ1", "manu_lotnum": "L1",
        "manu_date": "2021-01-01", "rx_flag": "1", "trdn_flag": "0", "rtal_docno": receipt, "sel_retn_cnt": count,
        "sel_retn_time": "2021-07-01 10:00:00", "sel_retn_opter_name": "店员"
    })
}

fn sold(client: &Client, batch: &str) -> Reply {
    client.call(
        "3511",
        json!({"data": {
            "fixmedins_code": client.provider.code, "medins_list_codg": "YP1", "fixmedins_bchno": batch,
            "begndate": "2021-07-01", "enddate": "2021-07-31"
        }}),
    )
}

#[test]
fn sales_are_kept_once_however_often_they_come_and_found_in_the_querys_own_spelling() {
    let client = TOWN.client(&BJ_L1);
    let night = json!({"selinfo": [sale("R1", "B1", 1), sale("R2", "B1", 2)]});
    assert!(client.call("3505", night.clone()).is_success());
    let again = client.call("3505", night);
    assert!(again.words().contains("与原内容相同 2 份"), "{}", again.words());
    let rows = sold(&client, "B1").output();
    let rows = rows.as_array().unwrap();
    assert_eq!(rows.len(), 2);
    assert!(rows.iter().all(|row| row["medinsListCodg"] == "YP1" && row["fixmedinsBchno"] == "B1"), "{rows:?}");
    let delete = |kind: &str| json!({"data": [{"fixmedins_bchno": "B1", "inv_data_type": kind}]});
    assert!(client.call("3507", delete("9")).refusal().contains("inv_data_type"));
    assert!(client.call("3507", delete("1")).refusal().contains("fixmedins_bchno"), "there is no stock count of it");
    assert!(client.call("3507", delete("4")).is_success());
    assert_eq!(sold(&client, "B1").output().as_array().unwrap().len(), 0);
}

#[test]
fn a_batch_of_sales_is_answered_row_by_row() {
    let client = TOWN.client(&BJ_L1);
    let rows = json!({"selinfoDetail": [sale("R8", "B8", 1), sale("R9", "B9", 1)]});
    let output = client.call("3505A", rows).output();
    let rows = output["selinfoDetail"].as_array().unwrap();
    assert_eq!(rows.iter().map(|row| row["retRslt"].as_str().unwrap()).collect::<Vec<_>>(), ["1", "1"]);
    assert_ne!(rows[0]["medins_prod_sel_no"], rows[1]["medins_prod_sel_no"]);
}

#[test]
fn a_settlement_list_goes_through_its_states() {
    let client = TOWN.client(&BJ_L1);
    let list = json!({"setlinfo": {"setl_id": "S-list", "psn_no": "P-list", "mdtrt_id": "M", "ntly": "156", "psn_cashpay": "36.00"}, "diseinfo": [{"diag_code": "I10"}]});
    let output = client.call("4101A", list).output();
    assert_eq!(output["setl_list_id"], output["data"]["setl_list_id"], "where each client looks");
    assert!(!output["setl_list_id"].as_str().unwrap().is_empty());
    let to = |state: &str| {
        client.call("4102", json!({"data": {"psn_no": "P-list", "setl_id": "S-list", "stas_type": state}}))
    };
    assert!(to("2").refusal().contains("未提交"));
    assert!(to("1").is_success());
    assert!(to("0").refusal().contains("已提交"));
    let shown = client.call("4103", json!({"data": {"psn_no": "P-list", "setl_id": "S-list"}})).output();
    assert_eq!((&shown["setlinfo"]["setl_id"], &shown["setlinfo"]["ntly"]), (&json!("S-list"), &json!("156")));
    assert_eq!(shown["setlinfo"]["psn_cashpay"], json!(36));
    assert_eq!(shown["diseinfo"][0]["diag_code"], "I10");
    let other = client.call("4103", json!({"data": {"psn_no": "P-list", "setl_id": "S-none"}}));
    assert!(other.refusal().contains("4101"));
}

#[test]
fn clinical_records_are_taken_as_each_client_writes_them() {
    let client = TOWN.client(&BJ_L1);
    for (infno, input) in [
        (
            "4401",
            json!({"baseinfo": [{"mdtrt_sn": "Z1", "medcasno": "B1", "psn_name": "某", "vali_flag": "1"}], "diseinfo": [{"diag_code": "I10", "vali_flag": "1"}]}),
        ),
        ("4402", json!({"data": [{"mdtrt_sn": "Z1", "medcas_drord_detl_id": "1", "vali_flag": "1"}]})),
        ("4501", json!({"examinfo": {"mdtrt_sn": "Z1", "rpotc_no": "R1", "own": "省内扩展"}})),
        ("4701", json!({"adminfo": [{"mdtrt_sn": "Z1"}]})),
        (
            "4502",
            json!({"labinfo": {"mdtrt_sn": "Z1", "rpotc_no": "J1"}, "iteminfo": [{"rpotc_no": "J1", "exam_rslt_val": "6.125"}]}),
        ),
        ("4202", json!({"mdtrtinfo": {"mdtrt_sn": "Z2"}, "anything": [{"a": 1}]})),
    ] {
        let reply = client.call(infno, input);
        assert!(reply.is_success(), "{infno}: {}", reply.body);
    }
    assert!(client.call("4402", json!({"data": []})).refusal().contains("data"));
}
