//! The slip that is handed over, the matters that lists name, and doubles that are suggested.

use crate::support::browser::text;
use crate::support::counter::{number, town, visit};
use crate::support::driven::Driven;
use crate::support::office::{Clerk, account};
use crate::support::providers::PZH_L3;

const POOL: &str = "510400";
const NOW: &str = "2020-09-12T10:00:00";

#[track_caller]
fn says(page: &str, parts: &[&str]) {
    for part in parts {
        assert!(page.contains(part), "{part}\n{page}");
    }
}

#[test]
fn a_slip_says_what_was_paid_what_comes_back_and_who_signs_and_fits_one_page_of_either_size() {
    let server = town(NOW);
    let person = server.someone("resident");
    let password = account(&server, POOL, "yiyuan", PZH_L3.code);
    let hospital = Clerk::signed_in(&server, POOL, "yiyuan", &password);
    let number = number(&hospital.post("/office/registers/cash_visit/new", &visit(&person, "0701")));
    let address = format!("/office/entries/{number}/slip");
    let slip = text(&hospital.get(&address).text());
    says(&slip, &[&number, &person.name, "费用总额|86.50元", "患者当时付的现金|86.50元", "结算后才知道退多少"]);
    says(&slip, &["退款签收", "领款人签名", "退款日期", "退款经办人", "期限"]);

    let browser = Driven::start(1280, 900);
    browser.open(&format!("{}{address}", server.base()));
    browser.write("#login", "yiyuan");
    browser.write("#password", &password);
    browser.click("main button");
    browser.wait_for(".slip");
    for (paper, width, height) in [("A5", 14.8, 21.0), ("A4", 21.0, 29.7)] {
        let pdf = browser.printed(width, height);
        if let Some(folder) = std::env::var_os("YIBAO_PICTURES").map(std::path::PathBuf::from) {
            std::fs::write(folder.join(format!("slip-{paper}.pdf")), &pdf).unwrap();
        }
        let pages = pdf.windows(11).filter(|window| window.starts_with(b"/Type /Page") && window[10] == b'e');
        let sheets = pages.count() - pdf.windows(12).filter(|window| *window == b"/Type /Pages").count();
        assert_eq!(sheets, 1, "{paper}");
    }
}

#[test]
fn lists_of_incidents_and_questions_say_what_they_are_about_and_can_be_searched_for_it() {
    let server = town(NOW);
    let (hospital, agency) = (Clerk::of(&server, POOL, "yiyuan", PZH_L3.code), Clerk::of(&server, POOL, "jingban", ""));
    let common = [("begntime", "2020-09-12T09:30"), ("tel", "13900000001")];
    let incident = [("subject", "一号楼停电"), ("reported_by", "赵")];
    let escalation = [("subject", "发票丢失能否补办"), ("asked_by", "患者")];
    for (kind, fields) in [("incident", incident), ("escalation", escalation)] {
        let done = hospital.post(&format!("/office/registers/{kind}/new"), &[common, fields].concat());
        let (number, subject) = (number(&done), fields[0].1);
        let list = format!("/office/registers/{kind}");
        says(&text(&agency.get(&list).text()), &[&number, subject]);
        let found = agency.post(&list, &[("text", &subject[..12])]);
        says(&text(&found.text()), &[&number]);
        let none = agency.post(&list, &[("text", "没有这样的事")]);
        assert!(!none.text().contains(&number));
    }
}

#[test]
fn what_says_much_the_same_is_suggested_as_a_double_with_a_link_and_refused_never() {
    let server = town(NOW);
    let hospital = Clerk::of(&server, POOL, "yiyuan", PZH_L3.code);
    let person = server.someone("resident");
    let ask = |subject: &'static str| {
        let typed = [
            ("begntime", "2020-09-12T09:30"),
            ("subject", subject),
            ("asked_by", "患者"),
            ("tel", "13900000001"),
            ("psn_name", person.name.as_str()),
            ("psn_no", &person.psn_no),
        ];
        number(&hospital.post("/office/registers/escalation/new", &typed))
    };
    let (first, other) = (ask("发票丢失"), ask("发票遗失，请求补办"));
    assert_ne!(first, other, "both are taken");
    let link = |number: &str| format!("<a href=\"/office/entries/{number}\">{number}</a>");
    let page = hospital.get(&format!("/office/entries/{other}")).text();
    assert!(text(&page).contains("可能重复") && page.contains(&link(&first)), "{}", text(&page));
    let list = hospital.get("/office/registers/escalation").text();
    let doubles: Vec<&str> = list.split("可能重复：").skip(1).map(|rest| rest.split("</td>").next().unwrap()).collect();
    assert_eq!(doubles.len(), 2, "{}", text(&list));
    assert!(doubles[0].contains(&link(&other)) && doubles[1].contains(&link(&first)));
    // What was taken back is like nothing any more.
    let withdraw = [("reason", "重复")];
    assert_eq!(hospital.post(&format!("/office/entries/{other}/withdraw"), &withdraw).status, 303);
    assert!(!hospital.get(&format!("/office/entries/{first}")).text().contains("可能重复"));

    // Visits are compared by the registers themselves; their lists and pages lead to the other one as well.
    let patient = server.someone("resident");
    let visits = ["0801", "0802"]
        .map(|invoice| number(&hospital.post("/office/registers/cash_visit/new", &visit(&patient, invoice))));
    let list = hospital.get("/office/registers/cash_visit").text();
    assert!(list.contains("可能重复") && list.matches(&link(&visits[0])).count() >= 2, "{}", text(&list));
}
