//! What was typed when a sign-in ended: it waits at the sign-in and comes back filled, to the same user only.

use crate::support::browser::{between, text};
use crate::support::city::City;
use crate::support::driven::Driven;
use crate::support::form::Form;
use crate::support::office::{Answer, Clerk, account};
use crate::support::people::Profile;
use crate::support::program::plan;
use crate::support::providers::{self, PZH_L2, PZH_L3};
use crate::support::server::Server;

const POOL: &str = "510400";
const NOW: &str = "2020-09-12T10:00:00";
/// After every sign-in of the morning has ended.
const EVENING: &str = "2020-09-12T23:00:00";
const NEW: &str = "/office/registers/incident/new";

fn server() -> Server {
    let city = City::new("2020", providers::panzhihua(), vec![Profile::resident("resident", "510402")]);
    Server::with_plans(city, NOW, &[plan("panzhihua-2020")])
}

fn incident() -> [(&'static str, &'static str); 4] {
    [
        ("begntime", "2020-09-12T09:30"),
        ("subject", "读卡器“全部”失灵 & 排队"),
        ("reported_by", "赵经办"),
        ("tel", "13900000001"),
    ]
}

/// Signs in with the form of a page, with all that it carries.
#[track_caller]
fn sign_in(clerk: &Clerk, page: &str, login: &str, password: &str) -> Answer {
    let typed = Form::on(page, "/office/sign-in").filled(&[("login", login), ("password", password)]);
    let typed: Vec<_> = typed.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    clerk.post_raw("/office/sign-in", &typed, &[])
}

#[test]
fn a_form_whose_sign_in_has_ended_comes_back_filled_and_is_done_by_who_had_filled_it() {
    let mut server = server();
    let password = account(&server, POOL, "yiyuan", PZH_L3.code);
    let other = account(&server, POOL, "erji", PZH_L2.code);
    let clerk = Clerk::signed_in(&server, POOL, "yiyuan", &password);
    server.restart_at(EVENING);
    let clerk = clerk.again(&server);

    let ended = clerk.post(NEW, &incident());
    assert_eq!(ended.status, 403);
    let page = ended.text();
    assert!(text(&page).contains("登录已到时") && text(&page).contains("所填的内容都在"), "{}", text(&page));
    // A wrong password keeps it.
    let page = sign_in(&clerk, &page, "yiyuan", "wrong password").text();
    assert!(page.contains("读卡器") && text(&page).contains("登录名或密码不对"), "{}", text(&page));

    let stranger = sign_in(&clerk, &page, "erji", &other);
    assert!(!stranger.text().contains("读卡器"), "another user is not shown it: {}", text(&stranger.text()));
    assert!(text(&stranger.text()).contains("另一个账号"), "{}", text(&stranger.text()));

    let back = sign_in(&clerk, &page, "yiyuan", &password);
    let filled = back.text();
    assert!(text(&filled).contains("登录已更新") && text(&filled).contains("登记：突发事件"), "{}", text(&filled));
    let again = Form::on(&filled, NEW).filled(&[]);
    for (name, value) in incident() {
        assert!(again.iter().any(|(known, typed)| known == name && typed == value), "{name} {value}: {again:?}");
    }
    // The form that came back is a form of the new sign-in: sent as it is, it counts, once.
    let clerk = Clerk::signed_in(&server, POOL, "yiyuan", &password);
    let (list, is_there) = (clerk.get("/office/registers/incident").text(), |list: &str| list.contains("TJ510400"));
    assert!(!is_there(&list), "nothing was done by the sign-in");
    assert_eq!(clerk.post(NEW, &incident()).status, 303);
    assert!(is_there(&clerk.get("/office/registers/incident").text()));
    assert!(!server.log().contains("读卡器") && !server.log().contains("kept"), "nothing of it is in the log");
}

#[test]
fn a_form_of_an_earlier_sign_in_comes_back_filled_and_a_search_is_made_all_the_same() {
    let server = server();
    let password = account(&server, POOL, "yiyuan", PZH_L3.code);
    let before = Clerk::signed_in(&server, POOL, "yiyuan", &password);
    let clerk = Clerk::signed_in(&server, POOL, "yiyuan", &password);
    let old = |fields: &[(&'static str, &'static str)]| {
        let token = [("token", before.token.as_str())];
        [token.as_slice(), fields].concat()
    };
    let back = clerk.post_raw(NEW, &old(&incident()), &[]);
    assert_eq!(back.status, 422);
    assert!(text(&back.text()).contains("登录已更新") && back.text().contains("读卡器"), "{}", text(&back.text()));
    let done = clerk.post(NEW, &incident());
    let number = between(&done.location, "/office/entries/", "?").expect("it was not done before").to_owned();

    let step = clerk.post_raw(&format!("/office/entries/{number}/withdraw"), &old(&[("reason", "重复了一次")]), &[]);
    assert!(step.status == 422 && step.text().contains("value=\"重复了一次\""), "{}", text(&step.text()));
    let found = clerk.post_raw("/office/registers/incident", &old(&[("text", "TJ510400")]), &[]);
    assert!(found.status == 200 && found.text().contains(&number));
    let agency = Clerk::of(&server, POOL, "jingban", "");
    assert_eq!(agency.post_raw(NEW, &old(&incident()), &[]).status, 403, "another user's form is not shown");
}

#[test]
fn many_ticks_a_file_and_a_plan_s_text_come_back_as_far_as_a_browser_can_send_them_again() {
    let mut server = server();
    let password = account(&server, POOL, "jingban", "");
    let agency = Clerk::signed_in(&server, POOL, "jingban", &password);
    let numbers: Vec<String> = ["一号机房停电", "二号机房停电"]
        .map(|subject| {
            let mut typed = incident().to_vec();
            typed[1].1 = subject;
            let done = agency.post(NEW, &typed);
            between(&done.location, "/office/entries/", "?")
                .unwrap_or_else(|| panic!("{}", text(&done.text())))
                .to_owned()
        })
        .to_vec();
    server.restart_at(EVENING);
    let agency = agency.again(&server);

    let ticks =
        [("number", numbers[0].as_str()), ("number", &numbers[1]), ("bucket", "waiting"), ("action", "process")];
    let ticks = [ticks.as_slice(), &[("process.result", "已供电")]].concat();
    let ended = agency.post("/office/registers/incident/bulk", &ticks).text();
    let back = sign_in(&agency, &ended, "jingban", &password).text();
    assert_eq!(back.matches("aria-label=\"选择TJ").count(), 2);
    for number in &numbers {
        assert!(back.contains(&format!("value=\"{number}\" aria-label=\"选择{number}\" checked")), "{number}");
    }
    assert!(back.contains("value=\"已供电\"") && back.contains("value=\"waiting\" selected"), "{}", text(&back));

    let ended = agency.upload("/office/registers/incident/import", &[("file", b"a,b\n1,2\n")]).text();
    let back = text(&sign_in(&agency, &ended, "jingban", &password).text());
    assert!(back.contains("用表格导入：突发事件") && back.contains("文件请重新选择"), "{back}");

    let ended = agency.post("/office/password", &[("present", "a very secret one")]);
    assert!(ended.status == 303 && !ended.text().contains("secret"), "a password is kept nowhere");
    let long = "很长".repeat(600_000);
    let ended = agency.post(NEW, &[("subject", long.as_str())]);
    assert!(ended.status == 403 && text(&ended.text()).contains("须重新填写"), "{}", ended.status);
}

#[test]
fn who_asks_for_a_page_comes_to_it_after_the_sign_in_and_to_no_other_place() {
    let server = server();
    let password = account(&server, POOL, "yiyuan", PZH_L3.code);
    let clerk = Clerk::signed_in(&server, POOL, "yiyuan", &password);
    clerk.post("/office/sign-out", &[]);
    let asked = clerk.get("/office/registers/incident?bucket=waiting");
    assert_eq!(asked.status, 303);
    let page = clerk.get(&asked.location).text();
    let landed = sign_in(&clerk, &page, "yiyuan", &password);
    assert_eq!(landed.location, "/office/registers/incident?bucket=waiting");
    for elsewhere in ["//elsewhere.example/office/", "https://elsewhere.example", "/office/\\elsewhere", "/outage-demo"]
    {
        let typed = [("login", "yiyuan"), ("password", password.as_str()), ("pool", POOL), ("to", elsewhere)];
        assert_eq!(clerk.post_raw("/office/sign-in", &typed, &[]).location, "/office", "{elsewhere}");
    }
}

#[test]
fn in_a_browser_the_sign_in_that_has_ended_costs_nothing_that_was_typed() {
    let server = server();
    let password = account(&server, POOL, "yiyuan", PZH_L3.code);
    let browser = Driven::start(1280, 900);
    let sign_in = || {
        browser.write("#login", "yiyuan");
        browser.write("#password", &password);
        browser.click("main button");
    };
    browser.open(&format!("{}{NEW}", server.base()));
    sign_in();
    browser.wait_for("#f-subject");
    assert!(browser.address().ends_with(NEW), "the page that was asked for: {}", browser.address());
    browser.write("#f-subject", "停电，发电机也没有油了");
    browser.write("#f-tel", "13900000001");
    browser.forget();
    browser.click("main .acts button");
    browser.wait_for("#password");
    sign_in();
    browser.wait_for("#f-subject");
    let typed = |id: &str| browser.script(&format!("return document.getElementById('{id}').value"));
    assert_eq!(typed("f-subject"), "停电，发电机也没有油了");
    assert_eq!(typed("f-tel"), "13900000001");
    let said = browser.text("[role=alert]");
    assert!(said.contains("登录已更新"), "{said}");
    assert_eq!(browser.script("return document.activeElement.getAttribute('role')"), "alert", "it is read first");
}
