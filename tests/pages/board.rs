//! What a person reads on the public board before, in and after the stop of Bijie 2021 (B-00 to B-28).

use crate::support::browser::{between, document, seen, text};
use crate::support::city::City;
use crate::support::program::plan;
use crate::support::providers;
use crate::support::server::Server;

/// The lines of the headline table.
fn now_table(server: &Server) -> Vec<String> {
    let document = document(&server.base());
    let table = between(&document, "<table class=\"stack now\">", "</table>").expect("the headline table");
    text(&format!("<body>{table}<")).lines().map(str::to_owned).collect()
}

#[track_caller]
fn says(lines: &[String], business: &str, parts: &[&str]) {
    let at =
        lines.iter().position(|line| line.starts_with(business)).unwrap_or_else(|| panic!("{business}: {lines:#?}"));
    let row = lines[at..].iter().enumerate().take_while(|(index, line)| *index == 0 || !starts_row(line));
    let row: Vec<&str> = row.map(|(_, line)| line.as_str()).collect();
    let row = row.join(" ");
    for part in parts {
        assert!(row.contains(part), "{business}: no {part} in {row}");
    }
}

/// A first cell and the chip behind it.
fn starts_row(line: &str) -> bool {
    ["停办中|", "即将停办|", "现可办理|", "照常办理|", "已恢复|"].iter().any(|state| line.contains(state))
}

#[test]
fn the_board_says_for_each_business_where_it_stands_before_in_and_after_the_stop() {
    let city = City::new("2021", providers::bijie(), Vec::new());
    let mut server = Server::with_plans(city, "2021-07-09T12:00:00", &[plan("bijie-2021")]);
    let lines = now_table(&server);
    says(&lines, "住院结算", &["即将停办", "2021-07-09 20:00 起停办", "2021-07-15 24:00 恢复", "完成出院结算"]);
    says(&lines, "住院结算（跨省异地）", &["即将停办", "2021-07-09 24:00 起停办"]);
    says(&lines, "普通门诊结算", &["即将停办", "2021-07-09 24:00 起停办", "备药"]);
    says(&lines, "手工报销", &["即将停办", "2021-07-09 18:00 起停办"]);
    says(&lines, "职工医保费征缴", &["停办中", "2021-07-16 00:00 恢复"]);
    says(&lines, "查询", &["照常办理"]);

    server.restart_at("2021-07-12T08:00:00");
    let lines = now_table(&server);
    says(&lines, "住院结算", &["停办中", "2021-07-15 24:00 恢复", "暂缓结算", "恢复后通知患者结算", "联系电话"]);
    says(&lines, "普通门诊结算", &["停办中", "2021-07-15 24:00 恢复", "按现金收费"]);
    says(&lines, "药店购药结算", &["停办中", "自费购买"]);
    says(&lines, "入院登记", &["停办中", "暂按自费患者入院"]);
    says(&lines, "查询", &["照常办理"]);

    server.restart_at("2021-07-16T00:00:00");
    let lines = now_table(&server);
    for business in ["住院结算", "普通门诊结算", "药店购药结算", "入院登记", "手工报销", "职工医保费征缴"]
    {
        says(&lines, business, &["已恢复", "2021-07-15 24:00 起恢复"]);
    }
    assert!(seen(&server.base()).contains("现在主要业务照常办理"));
}

#[test]
fn the_board_names_whom_to_call_and_says_that_it_is_a_rehearsal() {
    let text = seen(&super::site::address("/"));
    for part in [
        "演练时间",
        "平台时间自 2021-07-12 08:00:00 起按演练走",
        "现在停办：",
        "毕节市医疗保障局 0857-8296182（职工医保），0857-8245518（居民医保）",
        "七星关区|七星关区医疗保障局|0857-8947068（职工医保） 0857-8231589（居民医保）|",
        "赫章县|赫章县医疗保障局|0857-3228868（职工医保） 0857-2270620（居民医保）|",
    ] {
        assert!(text.contains(part), "{part}\n{text}");
    }
}

#[test]
fn without_a_plan_the_board_says_that_all_is_open() {
    let server = Server::start(City::new("2021", providers::bijie(), Vec::new()), "2021-07-12T08:00:00");
    assert!(seen(&server.base()).contains("现在没有停办安排，各项医保业务照常办理"));
}
