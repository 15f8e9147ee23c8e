//! What people type and what their spreadsheets hold (书写): a page, a CSV and an XLSX read it alike, or refuse it alike, naming field,
//! value and remedy.

use crate::support::city::City;
use crate::support::clerk::{Clerk, Imported, Office, refused, says};
use crate::support::people::{Person, Profile};
use crate::support::program::{plan, yibao};
use crate::support::providers::{self, PZH_COMMUNITY};
use crate::support::server::Server;
use rust_xlsxwriter::{Format, Workbook};
use serde_json::json;
use std::fs;

const POOL: &str = "510400";
const HEADS: [&str; 12] = [
    "姓名",
    "身份证号",
    "手机号",
    "险种",
    "就诊类别",
    "就诊日期",
    "总费用",
    "发票号码",
    "处方号",
    "出示证件",
    "注明卡证号",
    "停机章",
];
/// Columns.
const NAME: usize = 0;
const CERTNO: usize = 1;
const TIME: usize = 5;
const SUM: usize = 6;

struct Town {
    server: Server,
    desk: Office,
}

fn town() -> Town {
    let people = vec![Profile::resident("resident", "510402").copies(60)];
    let city = City::new("2020", providers::panzhihua(), people);
    let server = Server::with_plans(city, "2020-09-19T15:00:00", &[plan("panzhihua-2020")]);
    let desk = Clerk::of(&server, POOL, &PZH_COMMUNITY).sign_in(&server);
    Town { server, desk }
}

/// A row, one of its cells another than usual.
fn row(person: &Person, invoice: &str, at: usize, value: &str) -> [String; 12] {
    let usual =
        ["", "", "13800000000", "390", "11", "2020-09-12 09:30", "100.00", invoice, "CF1", "社会保障卡", "是", "是"];
    let mut row = usual.map(str::to_owned);
    row[NAME].clone_from(&person.name);
    row[CERTNO].clone_from(&person.certno);
    value.clone_into(&mut row[at]);
    row
}

/// The rows as a CSV.
fn csv(heads: &[&str], rows: &[Vec<String>]) -> Vec<u8> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(heads).unwrap();
    rows.iter().for_each(|row| writer.write_record(row).unwrap());
    writer.into_inner().unwrap()
}

/// The rows as an XLSX of texts.
fn xlsx(heads: &[&str], rows: &[Vec<String>]) -> Vec<u8> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    let heads = heads.iter().map(|head| (*head).to_owned()).collect();
    for (line, row) in (0..).zip([heads].iter().chain(rows)) {
        for (column, cell) in (0..).zip(row) {
            sheet.write_string(line, column, cell).unwrap();
        }
    }
    book.save_to_buffer().unwrap()
}

/// The same values of one column in a CSV and in an XLSX, under invoices of their own.
fn imported(town: &Town, at: usize, values: &[&str]) -> [Imported; 2] {
    ["C", "X"].map(|file| {
        let rows: Vec<Vec<String>> = values
            .iter()
            .enumerate()
            .map(|(number, value)| {
                row(&town.server.someone("resident"), &format!("{file}{at}-{number}"), at, value).to_vec()
            })
            .collect();
        let bytes = if file == "C" { csv(&HEADS, &rows) } else { xlsx(&HEADS, &rows) };
        town.desk.import("cash_visit", &[("file", &bytes)]).unwrap()
    })
}

/// Types a visit into the page; the number of its entry.
fn typed(town: &Town, field: &str, value: &str, invoice: &str) -> Result<String, String> {
    let person = town.server.someone("resident");
    let usual = [
        ("psn_name", person.name.as_str()),
        ("certno", &person.certno),
        ("tel", "13800000000"),
        ("insutype", "390"),
        ("med_type", "11"),
        ("begntime", "2020-09-12T09:30"),
        ("medfee_sumamt", "100.00"),
        ("invono", invoice),
        ("rx_no", "CF1"),
        ("card_seen", "社会保障卡"),
        ("card_number_on_papers", "是"),
        ("halted_stamp", "是"),
    ];
    let usual = usual.map(|(name, own)| (name, if name == field { value } else { own }));
    town.desk.add("cash_visit", &usual)
}

fn line(number: usize) -> String {
    format!("第{}行", number + 2)
}

#[test]
fn a_sum_that_may_be_another_one_is_refused_on_the_page_and_in_each_sheet() {
    let town = town();
    let unclear =
        ["37,80", "37，80", "37元80", "4,20.50", "3 400", "8.8.0", "(45.00)", "1.5万", "30%", "2.5E+2", "12.345", "-7"];
    for told in imported(&town, SUM, &unclear) {
        for (number, value) in unclear.iter().enumerate() {
            says(told.about(&line(number)), &["拒绝", "总费用", value, "128.50"]);
        }
        assert_eq!(told.count("已登记"), 0);
    }
    for (number, value) in unclear.iter().take(5).enumerate() {
        refused(typed(&town, "medfee_sumamt", value, &format!("T{number}")), &["费用总额", value, "128.50"]);
    }
    assert!(town.desk.rows("cash_visit").is_empty());
}

#[test]
fn a_sum_in_its_ornaments_is_the_one_sum_everywhere() {
    let town = town();
    let clear = [
        "2345.6",
        "¥2,345.60",
        "￥ ２，３４５．６０ 元",
        "人民币2345.60元整",
        "2345元6角",
        "2,345.6000",
        "'2345.60",
        "=\"2345.60\"",
    ];
    for told in imported(&town, SUM, &clear) {
        assert_eq!(told.count("已登记"), clear.len(), "{:#?}", told.verdicts);
    }
    for (number, value) in clear.iter().take(3).enumerate() {
        typed(&town, "medfee_sumamt", value, &format!("T{number}")).unwrap();
    }
    let rows = town.desk.rows("cash_visit");
    assert_eq!(rows.len(), 2 * clear.len() + 3);
    assert!(rows.iter().all(|row| row["费用总额(元)"] == "2345.60"));
}

#[test]
fn a_time_is_read_or_refused_alike_on_the_page_and_in_each_sheet() {
    let town = town();
    let clear = [
        ("2020/9/13 上午12:05", "2020-09-13 00:05"),
        ("2020年9月13日0时0分", "2020-09-13 00:00"),
        ("2020-09-13 24:00", "2020-09-14 00:00"),
        ("2020.9.13 下午3点半", "2020-09-13 15:30"),
        ("2020-09-13T07:08:00.000+08:00", "2020-09-13 07:08"),
        ("20200913 0708", "2020-09-13 07:08"),
        ("2020/9/13 7:08 PM", "2020-09-13 19:08"),
        ("2020-09-13 07:08:00.1234567", "2020-09-13 07:08"),
    ];
    let values = clear.map(|(value, _)| value);
    for (told, file) in imported(&town, TIME, &values).iter().zip(["C", "X"]) {
        assert_eq!(told.count("已登记"), clear.len(), "{:#?}", told.verdicts);
        for (number, (_, expected)) in clear.iter().enumerate() {
            let row = town.desk.row("cash_visit", "发票号", &format!("{file}{TIME}-{number}"));
            assert_eq!(row["就诊(购药)时间"], *expected);
        }
    }
    let unclear = [
        "2020/9/13 晚上12:00",
        "2020/9/13 半夜1:30",
        "9/13/2020 10:30",
        "13-9-20 10:30",
        "2020-09-13",
        "2020-09-13 25:10",
        "10:30",
    ];
    for told in imported(&town, TIME, &unclear) {
        for (number, value) in unclear.iter().enumerate() {
            says(told.about(&line(number)), &["拒绝", "就诊日期", value, "24小时制"]);
        }
    }
    typed(&town, "begntime", clear[0].0, "T1").unwrap();
    assert_eq!(town.desk.row("cash_visit", "发票号", "T1")["就诊(购药)时间"], clear[0].1);
    for (number, value) in unclear.iter().enumerate() {
        refused(typed(&town, "begntime", value, &format!("T{}", number + 2)), &["就诊（购药）时间", value, "24小时制"]);
    }
}

#[test]
fn real_dates_times_and_numbers_of_a_spreadsheet_program_are_what_people_see() {
    let town = town();
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    let mut heads = HEADS.to_vec();
    heads.insert(TIME + 1, "就诊时间");
    for (column, head) in (0..).zip(&heads) {
        sheet.write_string(0, column, *head).unwrap();
    }
    let (day, clock) = (Format::new().set_num_format("yyyy/m/d"), Format::new().set_num_format("h:mm"));
    let people: Vec<Person> = (0..4).map(|_| town.server.someone("resident")).collect();
    for (line, person) in (1..).zip(&people) {
        let mut cells = row(person, &format!("R{line}"), TIME, "").to_vec();
        cells.insert(TIME + 1, String::new());
        for (column, cell) in (0..).zip(&cells) {
            sheet.write_string(line, column, cell).unwrap();
        }
        // 44087 is 2020-09-13.
        sheet.write_number_with_format(line, 5, 44_087.0, &day).unwrap();
    }
    sheet.write_number_with_format(1, 6, 0.4375, &clock).unwrap();
    sheet.write_string(2, 6, "下午2:05").unwrap();
    sheet.write_string(3, 6, "晚上12:00").unwrap();
    sheet.write_number(4, 1, 510_402_198_504_120_017.0).unwrap();
    sheet.write_string(4, 6, "8:00").unwrap();
    let told = town.desk.import("cash_visit", &[("file", &book.save_to_buffer().unwrap())]).unwrap();
    assert_eq!(town.desk.row("cash_visit", "发票号", "R1")["就诊(购药)时间"], "2020-09-13 10:30");
    assert_eq!(town.desk.row("cash_visit", "发票号", "R2")["就诊(购药)时间"], "2020-09-13 14:05");
    says(told.about("第4行"), &["拒绝", "就诊日期", "晚上12:00", "24小时制"]);
    says(told.about("第5行"), &["拒绝", "身份证号", "末几位已丢失", "文本格式"]);
}

#[test]
fn a_day_without_its_time_is_midnight_where_a_date_of_the_program_stands_alone() {
    let town = town();
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    let cells = row(&town.server.someone("resident"), "D1", TIME, "");
    for (column, (head, cell)) in (0..).zip(HEADS.iter().zip(&cells)) {
        sheet.write_string(0, column, *head).unwrap();
        sheet.write_string(1, column, cell).unwrap();
    }
    let day = Format::new().set_num_format("yyyy/m/d");
    sheet.write_number_with_format(1, 5, 44_087.0, &day).unwrap();
    let told = town.desk.import("cash_visit", &[("file", &book.save_to_buffer().unwrap())]).unwrap();
    says(told.about("第2行"), &["已登记", "就诊日期", "0:00"]);
    assert_eq!(town.desk.row("cash_visit", "发票号", "D1")["就诊(购药)时间"], "2020-09-13 00:00");
}

#[test]
fn numbers_of_documents_are_folded_before_they_are_looked_up_and_lost_ones_are_told() {
    let town = town();
    let people: Vec<Person> = (0..8).map(|_| town.server.someone("resident")).collect();
    let wide =
        |number: &str| -> String { number.chars().map(|c| char::from_u32(u32::from(c) + 0xfee0).unwrap()).collect() };
    let written = [
        wide(&people[0].certno),
        format!("{} {} {}", &people[1].certno[..6], &people[1].certno[6..14], &people[1].certno[14..]),
        format!("\u{feff}{}\u{200b}", people[2].certno),
        format!("'{}", people[3].certno),
        format!("=\"{}\"", people[4].certno),
        people[5].certno.to_lowercase(),
        format!("{}\u{200b}{}", &people[6].certno[..9], &people[6].certno[9..]),
        format!("{}-{}-{}", &people[7].certno[..6], &people[7].certno[6..14], &people[7].certno[14..]),
    ];
    for (file, make) in [("C", csv as fn(&[&str], &[Vec<String>]) -> Vec<u8>), ("X", xlsx)] {
        let rows = people.iter().zip(&written).enumerate();
        let rows: Vec<Vec<String>> =
            rows.map(|(at, (person, number))| row(person, &format!("{file}{at}"), CERTNO, number).to_vec()).collect();
        town.desk.import("cash_visit", &[("file", &make(&HEADS, &rows))]).unwrap();
        for (at, person) in people.iter().enumerate() {
            assert_eq!(
                town.desk.row("cash_visit", "发票号", &format!("{file}{at}"))["人员编号"],
                person.psn_no,
                "{file}{at}"
            );
        }
    }
    let lost = ["5.10402E+17", "5.10402e17", "510402198504120000", "５．１Ｅ＋１７"];
    for told in imported(&town, CERTNO, &lost) {
        for (number, _) in lost.iter().enumerate() {
            says(told.about(&line(number)), &["拒绝", "身份证号", "文本格式"]);
        }
    }
    refused(typed(&town, "certno", "510402198504120000", "T1"), &["证件号码", "510402198504120000", "照证件"]);
    // One figure is wrong: the entry is kept, and told what is wrong.
    let wrong = ["510402198504129994"];
    for told in imported(&town, CERTNO, &wrong) {
        says(told.about("第2行"), &["已登记", "校验码不符", "核实"]);
        assert!(!told.about("第2行").contains("查无此人"));
    }
}

/// Loads further persons while the platform serves.
fn load(town: &Town, persons: &[String]) {
    let folder = town.server.path("more");
    fs::create_dir_all(&folder).unwrap();
    let insured: Vec<String> =
        persons.iter().map(|row| format!("{},390,1501,510402,2016-01-01", row.split(',').next().unwrap())).collect();
    fs::write(
        folder.join("persons.csv"),
        format!("psn_no,psn_cert_type,certno,psn_name,gend,brdy\n{}\n", persons.join("\n")),
    )
    .unwrap();
    let head = "psn_no,insutype,psn_type,insuplc_admdvs,begndate";
    fs::write(folder.join("insurances.csv"), format!("{head}\n{}\n", insured.join("\n"))).unwrap();
    yibao(&["load", "--data", &town.server.data(), &folder.to_string_lossy()]).succeeded();
}

#[test]
fn a_mother_and_her_newborn_with_one_number_are_told_apart_by_name_then_by_kind_of_document() {
    let town = town();
    let mother = town.server.someone("resident");
    let (child, twin) = ("51040200000000009001", "51040200000000009002");
    let of_child =
        |psn_no: &str, kind: &str, name: &str| format!("{psn_no},{kind},{},{name},1,2020-09-01", mother.certno);
    load(&town, &[of_child(child, "990201", "欧阳·小宝"), of_child(twin, "99", &mother.name)]);
    let rows: Vec<Vec<String>> = [
        ("B1", "欧阳・小宝", ""),
        ("B2", "欧阳 小宝", ""),
        ("B3", &mother.name, "99"),
        ("B4", &mother.name, "01"),
        ("B5", &mother.name, ""),
    ]
    .map(|(invoice, name, kind)| {
        let mut cells = row(&mother, invoice, NAME, name).to_vec();
        cells.push(kind.to_owned());
        cells
    })
    .to_vec();
    let heads = [&HEADS[..], &["证件类型"]].concat();
    let told = town.desk.import("cash_visit", &[("file", &csv(&heads, &rows))]).unwrap();
    let known = |invoice: &str| town.desk.row("cash_visit", "发票号", invoice)["人员编号"].clone();
    assert_eq!(["B1", "B2", "B3", "B4", "B5"].map(known), [child, child, twin, &mother.psn_no, ""]);
    says(told.about("第6行"), &["2人", "01 居民身份证", "99 其他身份证件", "证件类型"]);

    let asked = |name: &str, kind: &str| {
        let said = json!({"data": {
            "mdtrt_cert_type": "02", "mdtrt_cert_no": mother.certno, "psn_cert_type": kind, "certno": "", "psn_name": name
        }});
        town.server.client(&PZH_COMMUNITY).call("1101", said)
    };
    assert_eq!(asked("欧阳小宝", "").output()["baseinfo"]["psn_no"], child);
    assert_eq!(asked(&mother.name, "01").output()["baseinfo"]["psn_no"], mother.psn_no);
}

#[test]
fn names_are_compared_without_what_stands_between_their_parts_and_at_their_own_code_points() {
    let town = town();
    let somebody = town.server.someone("resident");
    let number = "510402199003070018";
    load(&town, &[format!("51040200000000009003,01,{number},阿卜杜拉·艾山䶮,1,1990-03-07")]);
    let names =
        ["阿卜杜拉•艾山䶮", "阿卜杜拉 艾山䶮", "阿卜杜拉．艾山\u{e863}", "阿卜杜拉艾山䶮\u{200b}", "'阿卜杜拉・艾山䶮"];
    let rows: Vec<Vec<String>> = names
        .iter()
        .enumerate()
        .map(|(at, name)| {
            let mut cells = row(&somebody, &format!("N{at}"), NAME, name).to_vec();
            number.clone_into(&mut cells[CERTNO]);
            cells
        })
        .collect();
    let told = town.desk.import("cash_visit", &[("file", &xlsx(&HEADS, &rows))]).unwrap();
    assert_eq!(told.count("已登记"), names.len(), "{:#?}", told.verdicts);
    assert!(town.desk.rows("cash_visit").iter().all(|row| row["人员编号"] == "51040200000000009003"));
    let mut other = row(&somebody, "N9", NAME, "阿卜杜拉·艾力").to_vec();
    number.clone_into(&mut other[CERTNO]);
    let told = town.desk.import("cash_visit", &[("file", &csv(&HEADS, &[other]))]).unwrap();
    says(told.about("第2行"), &["拒绝", "姓名"]);
}
