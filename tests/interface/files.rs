//! Files: 9101 and 9102, the catalogue's files, and the statement of a month (3201, 3202).

use super::town::TOWN;
use crate::support::catalogue::{A, Bill};
use crate::support::city::TCM_DISEASES;
use crate::support::client::Client;
use crate::support::outpatient::{Visit, cancel, settle_visit};
use crate::support::providers::{BJ_L2, BJ_L3, BJ_L3_DAFANG};
use serde_json::{Value, json};
use std::io::{Cursor, Read, Write};

fn zipped(text: &str) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    zip.start_file("mx.txt", zip::write::SimpleFileOptions::default()).unwrap();
    zip.write_all(text.as_bytes()).unwrap();
    zip.finish().unwrap().into_inner()
}

fn unzipped(bytes: &[u8]) -> Vec<Vec<String>> {
    let mut zip = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut text = String::new();
    zip.by_index(0).unwrap().read_to_string(&mut text).unwrap();
    text.lines().map(|line| line.split('\t').map(str::to_owned).collect()).collect()
}

fn uploaded(client: &Client, bytes: &[u8]) -> String {
    // Java's bytes are signed.
    let signed: Vec<i16> = bytes.iter().map(|byte| i16::from(byte.cast_signed())).collect();
    let input = json!({"fsUploadIn": {"in": signed, "filename": "mx.zip", "fixmedins_code": client.provider.code}});
    let output = client.call("9101", input).output();
    output["file_qury_no"].as_str().unwrap().to_owned()
}

fn fetch(client: &Client, number: &str, name: &str) -> Vec<u8> {
    let input =
        json!({"fsDownloadIn": {"file_qury_no": number, "filename": name, "fixmedins_code": client.provider.code}});
    client.fetched("9102", input)
}

#[test]
fn a_file_comes_back_byte_for_byte_and_to_nobody_else() {
    let client = TOWN.client(&BJ_L2);
    let bytes: Vec<u8> = (0..=255).collect();
    let number = uploaded(&client, &bytes);
    assert_eq!(fetch(&client, &number, "mx.zip"), bytes);
    let other = TOWN.client(&BJ_L3);
    let input =
        json!({"fsDownloadIn": {"file_qury_no": number, "filename": "mx.zip", "fixmedins_code": other.provider.code}});
    let refused = other.call("9102", input);
    assert!(refused.refusal().contains("file_qury_no"));
    assert_eq!(refused.body["type"], "error", "a client that looks for the word saves no refusal as a file");
}

#[test]
fn a_file_may_come_beside_its_message() {
    let client = TOWN.client(&BJ_L2);
    let input = json!({"fsUploadIn": {"filename": "a.zip", "fixmedins_code": client.provider.code}});
    let envelope = client.envelope("9101", &client.next_msgid(), input).to_string();
    let body = format!(
        "--b\r\nContent-Disposition: form-data; name=\"jsonStr\"\r\n\r\n{envelope}\r\n\
         --b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.zip\"\r\n\r\nPK-bytes\r\n--b--\r\n"
    );
    let raw = client.post("/fsi/api/fileupload/upload", "multipart/form-data; boundary=b", body.as_bytes()).json();
    assert_eq!(raw["infcode"], 0, "{raw}");
    assert_eq!(fetch(&client, raw["output"]["file_qury_no"].as_str().unwrap(), "a.zip"), b"PK-bytes");
}

#[test]
fn the_catalogue_is_fetched_as_a_file_and_nothing_of_it_by_who_has_it() {
    let client = TOWN.client(&BJ_L2);
    let offered = client.call("1301", json!({"data": {"ver": "0"}})).output();
    let count: i64 = offered["data_cnt"].to_string().parse().unwrap();
    assert!(count > 0, "{offered}");
    let rows = unzipped(&fetch(&client, offered["file_qury_no"].as_str().unwrap(), "1301.zip"));
    assert_eq!(i64::try_from(rows.len()).unwrap(), count);
    assert!(rows.iter().all(|row| row.len() == 97), "as many columns as the specification prints");
    assert!(rows.iter().any(|row| row[0] == A.code));
    let version = offered["filename"].as_str().unwrap().trim_start_matches("1301_").trim_end_matches(".zip");
    let again = client.call("1301", json!({"data": {"ver": version}})).output();
    assert_eq!(again["data_cnt"].to_string(), "0", "{again}");
    assert_eq!(client.call("1307", json!({"data": {"ver": "0"}})).output()["data_cnt"].to_string(), "0");
}

#[test]
fn a_national_list_is_handed_on_line_by_line_as_it_was_published() {
    let client = TOWN.client(&BJ_L2);
    let offered = client.call("1314", json!({"data": {"ver": "0"}})).output();
    assert_eq!((offered["data_cnt"].to_string().as_str(), &offered["filename"]), ("2", &json!("1314_V2.zip")));
    let rows = unzipped(&fetch(&client, offered["file_qury_no"].as_str().unwrap(), "1314.zip"));
    let lines: Vec<String> = rows.iter().map(|row| row.join("\t")).collect();
    assert_eq!(lines, TCM_DISEASES);
    let again = client.call("1314", json!({"data": {"ver": "V2"}})).output();
    assert_eq!(again["data_cnt"].to_string(), "0");
    let rows = unzipped(&fetch(&client, again["file_qury_no"].as_str().unwrap(), "1314.zip"));
    assert!(rows.is_empty(), "{rows:?}");
}

#[test]
fn ethnic_drugs_are_asked_for_page_by_page() {
    let client = TOWN.client(&BJ_L2);
    let ask = |more: Value| {
        let mut data = json!({"updt_time": "2020-01-01", "page_num": 1, "page_size": 10});
        data.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        client.call("1304", json!({ "data": data })).output()
    };
    let all = ask(json!({}));
    assert_eq!((&all["recordCounts"], all["data"].as_array().unwrap().len()), (&json!(2), 2));
    assert_eq!((&all["data"][0]["drug_genname"], &all["data"][0]["ethdrug_type"]), (&json!("某苗药"), &json!("1")));
    let second = ask(json!({"page_num": 2, "page_size": 1}));
    assert_eq!((&second["data"][0]["med_list_codg"], &second["pages"]), (&json!("ZA2"), &json!(2)));
    for narrower in [json!({"drug_genname": "彝"}), json!({"med_list_codg": "ZA2"}), json!({"updt_time": "2021-05-01"})]
    {
        let found = ask(narrower.clone());
        assert_eq!((&found["recordCounts"], &found["data"][0]["ver"]), (&json!(1), &json!("20210601")), "{narrower}");
    }
}

fn sums(bill: &str, funds: &str, account: &str, count: &str) -> Value {
    json!({"data": {
        "insutype": "390", "clr_type": "11", "setl_optins": "520500", "stmt_begndate": "2021-07-01",
        "stmt_enddate": "2021-07-31", "medfee_sumamt": bill, "fund_pay_sumamt": funds, "acct_pay": account,
        "fixmedins_setl_cnt": count
    }})
}

#[test]
fn a_months_statement_is_compared_as_a_whole_and_row_by_row() {
    let client = TOWN.client(&BJ_L3_DAFANG);
    let person = TOWN.someone("resident");
    let visit = |day: &str| settle_visit(&client, &person, &Visit::on(day, Bill::of(&A, "40.00"))).unwrap();
    let (kept, undone, known_here) = (visit("2021-07-02"), visit("2021-07-03"), visit("2021-07-04"));
    cancel(&client, &person, &undone).unwrap();
    let yuan = |fen: i64| format!("{}.{:02}", fen / 100, fen % 100);
    let funds = yuan(kept.fen("fund_pay_sumamt"));
    let both = yuan(kept.fen("fund_pay_sumamt") + known_here.fen("fund_pay_sumamt"));
    let even = client.call("3201", sums("80.00", &both, "0", "2.00")).output();
    assert_eq!(even["stmtinfo"]["stmt_rslt"], "0", "{even}");
    let uneven = client.call("3201", sums("81.00", &both, "0", "2")).output();
    assert_eq!(uneven["stmtinfo"]["stmt_rslt"], "1");
    assert!(uneven["stmtinfo"]["stmt_rslt_dscr"].as_str().unwrap().contains("医疗费总额：机构 81.00，平台 80.00"));
    let row = |setl_id: &str, bill: &str| {
        format!("{setl_id}\t{}\t{}\t{bill}\t{funds}\t0.00\t0\n", kept.mdtrt_id, person.psn_no)
    };
    let text = row(&kept.setl_id, "40.00") + &row("S-unknown", "9.00");
    let number = uploaded(&client, &zipped(&text));
    let details = json!({"data": {
        "setl_optins": "520500", "file_qury_no": number, "stmt_begndate": "2021-07-01", "stmt_enddate": "2021-07-31",
        "medfee_sumamt": "49.00", "fund_pay_sumamt": "0", "cash_payamt": "0", "fixmedins_setl_cnt": "0.00", "refd_setl_flag": "0"
    }});
    let answer = client.call("3202", details).output();
    let rows = unzipped(&fetch(&client, answer["fileinfo"]["file_qury_no"].as_str().unwrap(), "a.zip"));
    let told: Vec<(&str, &str, &str)> =
        rows.iter().map(|row| (row[2].as_str(), row[4].as_str(), row[6].as_str())).collect();
    assert_eq!(
        told,
        [
            (kept.setl_id.as_str(), "0", "null"),
            ("S-unknown", "1", "平台没有这笔交易"),
            ("null", "1", "机构没有这笔交易"),
        ]
    );
    assert!(rows[2][3].len() > 20, "the message by which the hospital finds it: {:?}", rows[2]);
    let wrong = uploaded(&client, b"a\tb");
    let mut bad = json!({"data": {"setl_optins": "520500", "stmt_begndate": "2021-07-01", "stmt_enddate": "2021-07-31",
        "medfee_sumamt": "0", "fund_pay_sumamt": "0", "cash_payamt": "0", "fixmedins_setl_cnt": "0"}});
    bad["data"]["file_qury_no"] = json!(wrong);
    assert!(client.call("3202", bad).refusal().contains("第1行只有2列"));
}
