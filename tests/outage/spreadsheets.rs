//! Registers filled from the offices' own spreadsheets, as they come: titles, odd dates, other names, mistakes.

use crate::support::city::City;
use crate::support::clerk::{Clerk, Office, says};
use crate::support::people::{Person, Profile};
use crate::support::program::plan;
use crate::support::providers::{self, PZH_COMMUNITY, PZH_L2};
use crate::support::server::Server;
use rust_xlsxwriter::{Format, Formula, Workbook};
use serde_json::json;

const POOL: &str = "510400";

fn town() -> (Server, Office) {
    let (server, clerk) = town_and_clerk();
    let desk = clerk.sign_in(&server);
    (server, desk)
}

fn town_and_clerk() -> (Server, Clerk) {
    let people = vec![Profile::resident("resident", "510402").copies(20)];
    let city = City::new("2020", providers::panzhihua(), people);
    let server = Server::with_plans(city, "2020-09-19T15:00:00", &[plan("panzhihua-2020")]);
    let clerk = Clerk::of(&server, POOL, &PZH_COMMUNITY);
    (server, clerk)
}

const HEAD: &str =
    "序号,姓名,身份证号,手机号,险种,就诊类别,就诊日期,总费用,发票号码,处方号,出示证件,注明卡证号,停机章,血型";

/// A row of the office's own sheet; every cell may be another than usual.
fn row(serial: usize, person: &Person, others: &[(usize, &str)]) -> String {
    let mut cells = [
        serial.to_string(),
        person.name.clone(),
        person.certno.clone(),
        "13800000000".into(),
        "390".into(),
        "11".into(),
        "2020-09-12 09:30".into(),
        "100.00".into(),
        format!("INV{serial}"),
        format!("CF{serial}"),
        "社会保障卡".into(),
        "是".into(),
        "是".into(),
        "A".into(),
    ];
    for (at, value) in others {
        (*value).clone_into(&mut cells[*at]);
    }
    cells.join(",")
}

#[test]
fn good_rows_of_a_sheet_full_of_mistakes_are_kept_and_each_bad_one_names_line_field_value_and_remedy() {
    let (server, desk) = town();
    let people: Vec<Person> = (0..12).map(|_| server.someone("resident")).collect();
    let sheet = [
        "炳草岗社区卫生服务中心停机期间现金就诊登记表,,,,,,,,,,,,,".to_owned(),
        HEAD.to_owned(),
        row(1, &people[0], &[]),
        row(2, &people[1], &[(6, "2020/9/13 10:05"), (7, "¥１００．００")]),
        row(3, &people[2], &[(3, "１３８１２３４５６７８"), (6, "2020年9月14日 8:30")]),
        row(4, &people[3], &[(6, "2020-13-45 09:30")]),
        row(5, &people[4], &[(6, "昨天")]),
        row(6, &people[5], &[(7, "一百元")]),
        row(7, &people[6], &[(4, "999")]),
        row(8, &people[7], &[(3, "12")]),
        row(9, &people[8], &[(8, "")]),
        row(10, &people[9], &[(8, "INV1")]),
        row(11, &people[10], &[(6, "2020-09-25 09:30")]),
        row(12, &people[11], &[(2, "510402198504129993")]),
        "合计,,,,,,,1200.00,,,,,,".to_owned(),
    ];
    let text = sheet.join("\r\n");
    let (bytes, _, lossy) = encoding_rs::GB18030.encode(&text);
    assert!(!lossy);
    let told = desk.import("cash_visit", &[("file", &bytes)]).unwrap();
    says(&told.remarks.join("\n"), &["血型"]);
    for good in ["第3行", "第4行", "第5行"] {
        says(told.about(good), &["已登记"]);
    }
    for (bad, parts) in [
        ("第6行", ["就诊", "2020-13-45 09:30", "2021-07-12"]),
        ("第7行", ["就诊", "昨天", "2021-07-12"]),
        ("第8行", ["费用总额", "一百", "128.50"]),
        ("第9行", ["险种", "999", "可用的值"]),
        ("第10行", ["电话", "12", "7至15位"]),
        ("第11行", ["发票", "停机方案要求", "请补齐"]),
        ("第12行", ["发票", "INV1", "TJ"]),
        ("第13行", ["2020-09-25", "晚于现在", "请核对"]),
    ] {
        says(told.about(bad), &parts);
        says(told.about(bad), &["拒绝", bad]);
    }
    // Nobody is lost because the platform does not know the person: that is found out before the backfill.
    says(told.about("第14行"), &["已登记", "查无此人", "核实"]);
    assert_eq!((told.count("已登记"), told.count("拒绝")), (4, 8));
    let rows = desk.rows("cash_visit");
    assert_eq!(rows.len(), 4, "good rows are kept, bad ones are not");
    assert_eq!(rows.iter().filter(|row| row["费用总额(元)"] == "100.00").count(), 4);
    assert!(rows.iter().any(|row| row["联系电话"] == "13812345678"), "full-width digits are digits");

    let again = desk.import("cash_visit", &[("file", &bytes)]).unwrap();
    assert_eq!((again.count("已登记"), again.count("相同")), (0, 4), "{:#?}", again.verdicts);
    assert_eq!(desk.rows("cash_visit").len(), 4);
    let export = desk.file("cash_visit", "export.xlsx");
    let same = desk.import("cash_visit", &[("file", &export)]).unwrap();
    assert_eq!(same.count("相同"), 4, "an export read in again changes nothing: {:#?}", same.verdicts);
}

#[test]
fn a_row_of_another_provider_is_refused_and_nobodys_agency_row_goes_astray() {
    let (server, desk) = town();
    let person = server.someone("resident");
    let sheet = |code: &str| format!("{HEAD},机构代码\n{},{code}\n", row(1, &person, &[]));
    let told = desk.import("cash_visit", &[("file", sheet(PZH_L2.code).as_bytes())]).unwrap();
    says(told.about("第2行"), &["拒绝", "机构", PZH_L2.code]);
    assert!(desk.rows("cash_visit").is_empty());
    let bureau = Clerk::agency(&server, POOL).sign_in(&server);
    let told = bureau.import("cash_visit", &[("file", sheet("H51040299999").as_bytes())]).unwrap();
    says(told.about("第2行"), &["拒绝", "H51040299999"]);
    let told = bureau.import("cash_visit", &[("file", sheet(PZH_COMMUNITY.code).as_bytes())]).unwrap();
    says(told.about("第2行"), &["已登记"]);
    assert_eq!(desk.rows("cash_visit").len(), 1);
}

#[test]
fn a_workbook_with_titles_formulas_real_dates_and_fee_lines_is_read_as_people_see_it() {
    let (server, desk) = town();
    let people: Vec<Person> = (0..3).map(|_| server.someone("resident")).collect();
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    sheet.set_name("登记").unwrap();
    sheet.merge_range(0, 0, 0, 12, "停机期间现金就诊登记表", &Format::new()).unwrap();
    let mut heads: Vec<&str> = HEAD.split(',').take(13).collect();
    heads[0] = "本机构单据号";
    for (at, head) in (0..).zip(&heads) {
        sheet.write_string(1, at, *head).unwrap();
    }
    let dated = Format::new().set_num_format("yyyy-mm-dd hh:mm");
    for (line, person) in (2..).zip(&people) {
        let serial = usize::try_from(line).unwrap();
        for (at, cell) in (0..).zip(row(serial, person, &[(0, &format!("M{line}"))]).split(',').take(13)) {
            sheet.write_string(line, at, cell).unwrap();
        }
        // 44086.4 is 2020-09-12 09:36; the charge is the sum of two cells.
        sheet.write_number_with_format(line, 6, 44_086.4, &dated).unwrap();
        sheet.write_formula(line, 7, Formula::new("=60+40").set_result("100")).unwrap();
    }
    sheet.write_formula(4, 7, Formula::new("=1/0").set_result("#DIV/0!")).unwrap();
    let lines = book.add_worksheet();
    lines.set_name("费用明细").unwrap();
    let names = ["本机构单据号", "费用明细流水号", "费用发生时间", "医保目录编码", "院内编码", "数量", "单价", "金额"];
    for (at, name) in (0..).zip(names) {
        lines.write_string(0, at, name).unwrap();
    }
    let fees = ["M2", "1", "2020-09-12 09:36", "XN02BEB071A001010101001", "Y1", "2", "50.00", "100.00"];
    for (at, cell) in (0..).zip(fees) {
        lines.write_string(1, at, cell).unwrap();
    }
    let bytes = book.save_to_buffer().unwrap();
    let told = desk.import("cash_visit", &[("file", &bytes)]).unwrap();
    says(told.about("“登记”第3行"), &["已登记"]);
    says(told.about("“登记”第4行"), &["已登记"]);
    says(told.about("“登记”第5行"), &["拒绝", "总费用", "#DIV/0!", "请填写"]);
    let first = desk.row("cash_visit", "本机构单据号", "M2");
    assert_eq!((&*first["就诊(购药)时间"], &*first["费用总额(元)"]), ("2020-09-12 09:36", "100.00"));
    says(&desk.entry(&first["台账号"]), &["XN02BEB071A001010101001", "共1条，合计100.00元"]);
    let again = desk.import("cash_visit", &[("file", &bytes)]).unwrap();
    assert_eq!((again.count("已登记"), again.count("相同")), (0, 2), "{:#?}", again.verdicts);
}

#[test]
fn what_is_no_sheet_at_all_is_refused_with_what_to_send() {
    let (_server, desk) = town();
    for bytes in [&b"%PDF-1.7 nothing"[..], b"PK\x03\x04 broken", b"a,b\n1,2\n", b""] {
        let words = desk.import("cash_visit", &[("file", bytes)]).err().unwrap();
        assert!(words.contains("模板") || words.contains("XLSX") || words.contains("文件"), "{words}");
    }
    let template = desk.file("cash_visit", "template.xlsx");
    let told = desk.import("cash_visit", &[("file", &template)]).unwrap();
    assert_eq!(told.count("拒绝") + told.count("已登记"), 0, "an empty template adds nothing: {:#?}", told.verdicts);
}

#[test]
fn an_exported_cash_visit_has_the_ids_by_which_its_settlement_is_cancelled() {
    let (mut server, clerk) = town_and_clerk();
    let desk = clerk.sign_in(&server);
    let person = server.someone("resident");
    let sheet = format!("{HEAD}\n{}\n", row(1, &person, &[]));
    let told = desk.import("cash_visit", &[("file", sheet.as_bytes())]).unwrap();
    assert_eq!(told.count("已登记"), 1, "{:#?}", told.verdicts);
    let number = desk.rows("cash_visit")[0]["台账号"].clone();
    assert_eq!(desk.row("cash_visit", "台账号", &number)["就诊ID"], "");
    let page = format!("/office/entries/{number}");
    let line = "1\t2020-09-12 09:30\tXN02BEB071A001010101001\tY1\t1\t100.00\t100.00";
    desk.fill(&page, &format!("{page}/lines"), &[("lines", line)]).unwrap();

    server.restart_at("2020-09-25T10:00:00");
    let desk = clerk.sign_in(&server);
    desk.backfill(&number).unwrap();
    let row = desk.row("cash_visit", "台账号", &number);
    let ids = json!({"data": {"psn_no": person.psn_no, "mdtrt_id": row["就诊ID"], "setl_id": row["结算ID"]}});
    server.client(&PZH_COMMUNITY).call("2208", ids).output();
    assert_eq!(desk.row("cash_visit", "台账号", &number)["基金支付(元)"], "0.00");
}
