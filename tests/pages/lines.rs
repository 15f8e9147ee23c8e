//! Fee lines that are wrong: all that is wrong is said at once, in the form, in pasted lines and in sheets.

use crate::support::browser::{between, text};
use crate::support::city::City;
use crate::support::office::Clerk;
use crate::support::people::Profile;
use crate::support::program::plan;
use crate::support::providers::{self, PZH_L3};
use crate::support::server::Server;

const POOL: &str = "510400";
const NOW: &str = "2020-09-12T10:00:00";
const NEW: &str = "/office/registers/cash_visit/new";

fn town() -> (Server, Clerk) {
    let city = City::new("2020", providers::panzhihua(), vec![Profile::resident("resident", "510402")]);
    let server = Server::with_plans(city, NOW, &[plan("panzhihua-2020")]);
    let hospital = Clerk::of(&server, POOL, "yiyuan", PZH_L3.code);
    (server, hospital)
}

/// Two lines with two faults each, and one that is right.
const LINES: &str = "1\t昨天\tXA01\tYP1\t两盒\t1.80\t3.60\n2\t2020-09-12 09:31\tXA02\t\t1\t5\t5\n3\t2020-09-12 09:32\t\t\t1\t12,50\t12.5\n";

#[track_caller]
fn says(told: &str, parts: &[&str]) {
    for part in parts {
        assert!(told.contains(part), "{part}\n{told}");
    }
}

#[test]
fn a_form_says_what_is_wrong_with_its_fields_and_with_every_line() {
    let (server, hospital) = town();
    let person = server.someone("resident");
    let typed = [
        ("psn_name", person.name.as_str()),
        ("certno", &person.certno),
        ("tel", "139"),
        ("insutype", "390"),
        ("med_type", "11"),
        ("begntime", "2020-09-12T09:30"),
        ("lines", LINES),
    ];
    let refused = hospital.post(NEW, &typed);
    assert_eq!(refused.status, 422);
    let page = refused.text();
    let told = between(&page, "role=\"alert\"", "</div>").unwrap();
    says(told, &["“联系电话”“139”", "“费用总额”必填", "第1行", "昨天", "两盒", "第3行", "“医疗目录编码”为空", "12,50"]);
    assert!(!told.contains("第2行"), "{told}");
    assert!(page.contains("YP1\t两盒"), "what was pasted stays");
}

#[test]
fn lines_of_an_entry_are_all_looked_at_before_they_are_refused() {
    let (server, hospital) = town();
    let person = server.someone("resident");
    let typed = [
        ("psn_name", person.name.as_str()),
        ("certno", &person.certno),
        ("tel", "13900000001"),
        ("insutype", "390"),
        ("med_type", "11"),
        ("begntime", "2020-09-12T09:30"),
        ("medfee_sumamt", "8.60"),
        ("invono", "0901"),
        ("rx_no", "CF1"),
        ("card_seen", "社会保障卡"),
        ("card_number_on_papers", "是"),
        ("halted_stamp", "是"),
    ];
    let done = hospital.post(NEW, &typed);
    let number = between(&done.location, "/office/entries/", "?").unwrap_or_else(|| panic!("{}", text(&done.text())));
    let put = |lines: &str| {
        let answer = hospital.post(&format!("/office/entries/{number}/lines"), &[("lines", lines)]);
        let page = answer.text();
        assert_eq!(answer.status, 422);
        between(&page, "role=\"alert\"", "</div>").unwrap().to_owned()
    };
    says(&put(LINES), &["第1行", "昨天", "两盒", "第3行", "“医疗目录编码”为空", "12,50"]);
    // What only shows against the entry, too: a day after, and a sum that is none.
    let astray = "1\t2020-09-20 09:31\tXA01\tYP1\t2\t1.80\t3.60\n2\t2020-09-12 09:31\tXA02\t\t1\t5\t6\n";
    says(&put(astray), &["费用明细 1", "晚于现在", "费用明细 2", "不等于金额6.00"]);
}

#[test]
fn a_sheet_says_what_is_wrong_with_a_row_and_with_each_of_its_lines() {
    let (server, hospital) = town();
    let person = server.someone("resident");
    let sheet = format!(
        "本机构单据号,姓名,证件号码,联系电话,险种类型,医疗类别,就诊时间,费用总额\n\
         M1,{},{},139,390,11,2020-09-12 09:30,8.60\n",
        person.name, person.certno
    );
    let lines = "本机构单据号,费用明细流水号,费用发生时间,医疗目录编码,数量,单价,明细项目费用总额\n\
                 M1,1,2020-09-12 09:31,,两盒,1.80,3.60\nM1,2,2020-09-12 09:31,XA02,1,5,5\n\
                 M1,3,2020-09-12 09:32,,1,5,5\n";
    let files = [("file", sheet.as_bytes()), ("lines", lines.as_bytes())];
    let told = text(&hospital.upload("/office/registers/cash_visit/import", &files).text());
    says(&told, &["1 拒绝", "“联系电话”“139”", "第2行", "两盒", "第4行", "“医疗目录编码”为空"]);
}
