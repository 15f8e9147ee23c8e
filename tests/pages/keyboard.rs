//! A clerk's morning by the keyboard alone: signing in, a patient who pays cash, incidents that are finished together.

use crate::support::browser::text;
use crate::support::city::City;
use crate::support::driven::Driven;
use crate::support::office::{Clerk, account};
use crate::support::people::Profile;
use crate::support::program::plan;
use crate::support::providers::{self, PZH_L3};
use crate::support::server::Server;

const POOL: &str = "510400";
const ENTER: &str = "\u{e007}";
const TAB: &str = "\u{e004}";
const SPACE: &str = " ";
const RIGHT: &str = "\u{e014}";
const DOWN: &str = "\u{e015}";

/// Goes on by the tabulator to what a selector finds, in so many strokes at most.
#[track_caller]
fn tab_to(browser: &Driven, selector: &str, strokes_max: usize) {
    let is_there = || browser.script(&format!("return document.activeElement.matches(`{selector}`)")) == true;
    let mut strokes = 0;
    while !is_there() {
        assert!(strokes < strokes_max, "{selector} is more than {strokes_max} strokes away on {}", browser.address());
        browser.press(TAB);
        strokes += 1;
    }
}

/// Waits for the page on which this is.
fn page_with(browser: &Driven, selector: &str) {
    browser.wait_for(selector);
}

#[test]
fn a_clerk_s_morning_goes_by_the_keyboard_alone() {
    let city = City::new("2020", providers::panzhihua(), vec![Profile::resident("resident", "510402")]);
    let server = Server::with_plans(city, "2020-09-12T10:00:00", &[plan("panzhihua-2020")]);
    let (person, password) = (server.someone("resident"), account(&server, POOL, "yiyuan", PZH_L3.code));
    let browser = Driven::start(1280, 900);
    browser.open(&format!("{}/office", server.base()));
    browser.press(&format!("yiyuan{TAB}{password}{ENTER}"));
    page_with(&browser, ".cards");

    // Past the navigation to the register, from there to the form.
    tab_to(&browser, ".skip", 1);
    browser.press(ENTER);
    tab_to(&browser, "a[href='/office/registers/cash_visit']", 25);
    browser.press(ENTER);
    page_with(&browser, ".filter");
    tab_to(&browser, "a[href$='/cash_visit/new']", 15);
    browser.press(ENTER);
    page_with(&browser, "#f-certno");

    // The card is read, the rest is typed from field to field; nothing is sent before the button.
    browser.press(&format!("{}{ENTER}", person.certno));
    page_with(&browser, "#found strong");
    tab_to(&browser, "#f-med_type", 1);
    browser.press("11");
    tab_to(&browser, "#f-begntime", 1);
    browser.press(&format!("09122020{RIGHT}0930AM"));
    tab_to(&browser, "#f-medfee_sumamt", 9);
    browser.press(&format!("86.50{ENTER}"));
    for (field, typed) in [("invono", "00701"), ("rx_no", "CF1")] {
        tab_to(&browser, &format!("#f-{field}"), 24);
        browser.press(typed);
    }
    for chosen_first in ["card_seen", "card_number_on_papers", "halted_stamp"] {
        tab_to(&browser, &format!("#f-{chosen_first}"), 24);
        browser.press(DOWN);
    }
    browser.press(TAB);
    tab_to(&browser, "[data-main]", 12);
    browser.press(ENTER);
    page_with(&browser, "main [role=alert] li");
    // The telephone was forgotten: the summary has the focus, its link leads into the field, and all else is there.
    browser.press(&format!("{TAB}{ENTER}"));
    assert_eq!(browser.focus(), "f-tel");
    browser.press("13900000001");
    tab_to(&browser, "[data-main]", 60);
    browser.press(ENTER);
    page_with(&browser, ".facts");
    let seen = text(browser.script("return document.body.outerHTML").as_str().unwrap());
    assert!(seen.contains("已登记") && seen.contains("86.50元") && seen.contains(&person.name), "{seen}");
    tab_to(&browser, "a[href$='/cash_visit/new']", 20);
}

#[test]
fn entries_are_ticked_and_finished_together_by_the_keyboard_alone() {
    let server = Server::with_plans(
        City::new("2020", providers::panzhihua(), Vec::new()),
        "2020-09-12T10:00:00",
        &[plan("panzhihua-2020")],
    );
    let hospital = Clerk::of(&server, POOL, "yiyuan", PZH_L3.code);
    let row = |at: usize| format!("2020-09-12 09:{at:02},第{at}号读卡器失灵,赵经办,13900000001\n");
    let sheet = format!("发生时间,事件,报告人,联系电话\n{}", (0..30).map(row).collect::<String>());
    hospital.upload("/office/registers/incident/import", &[("file", sheet.as_bytes())]);
    let password = account(&server, POOL, "jingban", "");
    let browser = Driven::start(1280, 900);
    browser.open(&format!("{}/office/registers/incident", server.base()));
    browser.press(&format!("jingban{TAB}{password}{ENTER}"));
    page_with(&browser, "[data-all]");
    tab_to(&browser, ".skip", 1);
    browser.press(ENTER);
    tab_to(&browser, "[data-all]", 20);
    browser.press(SPACE);
    assert_eq!(browser.script("return document.querySelectorAll('tbody input:checked').length"), 30);
    // From the head of the list straight to what is done with what is ticked.
    browser.script("document.getElementById('main').focus()");
    tab_to(&browser, "a[href='#together']", 15);
    browser.press(ENTER);
    tab_to(&browser, "#process summary, summary", 3);
    browser.press(ENTER);
    // What opens is filled in next.
    browser.wait_for("#process-result:focus");
    browser.press("已修好");
    tab_to(&browser, "button[value=process]", 3);
    browser.press(ENTER);
    page_with(&browser, "main .lead[role=status]");
    assert!(
        browser.text("main .lead[role=status]").contains("已办30笔"),
        "{}",
        browser.text("main .lead[role=status]")
    );
}
