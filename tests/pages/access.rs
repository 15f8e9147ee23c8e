//! Every page that can be reached from the navigation, by a hospital's clerk, the agency's and whoever visits the public pages, on a
//! screen and on a telephone: nothing keeps people from using it, and it speaks Chinese.

use crate::support::browser::{between, text};
use crate::support::catalogue::{A, Bill};
use crate::support::city::City;
use crate::support::driven::Driven;
use crate::support::inpatient::{self, Stay};
use crate::support::looked_at::{foreign, misfits, violations};
use crate::support::office::{Clerk, account};
use crate::support::people::Profile;
use crate::support::program::plan;
use crate::support::providers::{self, PZH_L3};
use crate::support::server::Server;
use std::collections::{BTreeMap, BTreeSet, VecDeque};

const POOL: &str = "510400";
pub const SCREEN: (u32, u32) = (1280, 900);
pub const TELEPHONE: (u32, u32) = (390, 844);

/// A city in the middle of the stop: a stay of before, and something in every register that a hospital or the agency keeps.
fn town() -> Server {
    town_under(&[plan("panzhihua-2020")])
}

/// The same under these plans.
pub fn town_under(plans: &[String]) -> Server {
    let city = City::new("2020", providers::panzhihua(), vec![Profile::resident("resident", "510402").copies(9)]);
    let mut server = Server::with_plans(city, "2020-09-08T09:00:00", plans);
    let stay = Stay::from("2020-09-08", "2020-09-12", Bill::of(&A, "3000.00"));
    inpatient::admit(&server.client(&PZH_L3), &server.someone("resident"), &stay).unwrap();
    server.restart_at("2020-09-12T10:00:00");
    let (hospital, agency) = (Clerk::of(&server, POOL, "denji", PZH_L3.code), Clerk::of(&server, POOL, "shouli", ""));
    let write = |clerk: &Clerk, kind: &str, fields: &[(&str, &str)]| {
        let done = clerk.post(&format!("/office/registers/{kind}/new"), fields);
        let number = between(&done.location, "/office/entries/", "?");
        number.unwrap_or_else(|| panic!("{kind}: {}", text(&done.text()))).to_owned()
    };
    for invoice in ["0701", "0702"] {
        let person = server.someone("resident");
        let visit = [
            ("psn_name", person.name.as_str()),
            ("certno", &person.certno),
            ("tel", "13900000001"),
            ("insutype", "390"),
            ("med_type", "11"),
            ("begntime", "2020-09-12T09:30"),
            ("medfee_sumamt", "3.60"),
            ("invono", invoice),
            ("rx_no", "CF1"),
            ("card_seen", "社会保障卡"),
            ("card_number_on_papers", "是"),
            ("halted_stamp", "是"),
            ("lines", "1\t2020-09-12 09:30\tXA02BCA012A001010100001\tYP1\t2\t1.80\t3.60\n"),
        ];
        write(&hospital, "cash_visit", &visit);
    }
    for subject in ["读卡器失灵", "读卡器失灵 "] {
        let incident =
            [("begntime", "2020-09-12T09:30"), ("subject", subject), ("reported_by", "赵"), ("tel", "13900000001")];
        let at = [("where", if subject.ends_with(' ') { "二楼" } else { "一楼" })];
        write(&hospital, "incident", &[incident.as_slice(), &at].concat());
    }
    let escalation =
        [("begntime", "2020-09-12T09:30"), ("subject", "发票丢失"), ("asked_by", "患者"), ("tel", "13900000001")];
    let number = write(&hospital, "escalation", &escalation);
    let decision =
        [("decision", "同意"), ("reason", "已核实"), ("decided_by", "钱"), ("decided_at", "2020-09-12T09:40")];
    assert_eq!(agency.post(&format!("/office/entries/{number}/decide"), &decision).status, 303);
    server
}

/// Logins of those who had written something down.
const LOGINS: [&str; 4] = ["denji", "shouli", "jingban", "shouji"];

/// What tells pages of one sort from others: numbers and codes in the address are left out.
fn sort(path: &str) -> String {
    let (place, query) = path.split_once('?').unwrap_or((path, ""));
    let parts = place.split('/').map(|part| match part.bytes().any(|byte| byte.is_ascii_digit()) {
        true => "#",
        false => part,
    });
    let place = parts.collect::<Vec<_>>().join("/");
    let place = if place.starts_with("/docs/interface/codes/") { "/docs/interface/codes/#".to_owned() } else { place };
    let names: BTreeSet<&str> = query.split('&').filter_map(|pair| pair.split('=').next()).collect();
    format!("{place}?{}", names.into_iter().collect::<Vec<_>>().join("&"))
}

/// What is wrong with the page that is shown.
pub fn looked_at(browser: &Driven, what: &str, is_telephone: bool, is_of_clerks: bool) -> Vec<String> {
    // What is folded away is looked at as well.
    browser.script("document.querySelectorAll('details').forEach(of => { of.open = true })");
    let found = violations(browser).into_iter().chain(misfits(browser, is_telephone));
    let found = found.chain(if is_of_clerks { foreign(browser, &LOGINS) } else { Vec::new() });
    found.map(|wrong| format!("{what}: {wrong}")).collect()
}

/// How many pages of one sort are looked at.
const OF_A_SORT: usize = 2;

/// Looks at every page that a visitor can come to from these, following what can be followed; what is wrong, by page.
fn walk(browser: &Driven, base: &str, from: &[&str], is_telephone: bool) -> Vec<String> {
    let mut ahead: VecDeque<String> = from.iter().map(|path| (*path).to_owned()).collect();
    let (mut seen, mut sorts, mut wrong) = (BTreeSet::new(), BTreeMap::<String, usize>::new(), Vec::new());
    while let Some(path) = ahead.pop_front() {
        let count = sorts.entry(sort(&path)).or_default();
        if !seen.insert(path.clone()) || *count >= OF_A_SORT {
            continue;
        }
        *count += 1;
        browser.open(&format!("{base}{path}"));
        // Whoever connects a program reads the documentation of the interface.
        wrong.extend(looked_at(browser, &path, is_telephone, !path.starts_with("/docs")));
        let links = browser.script(
            "return [...document.querySelectorAll('a[href]')].filter(of => of.origin === location.origin) \
             .map(of => of.pathname + of.search)",
        );
        let links = links.as_array().into_iter().flatten().filter_map(|link| link.as_str());
        let is_page =
            |link: &&str| !link.contains("/export.") && !link.contains("/template.") && !link.contains("/results/");
        ahead.extend(links.filter(is_page).map(str::to_owned));
    }
    assert!(seen.len() > 8, "the walk ended too soon: {seen:?}");
    keep(browser, base, &seen, is_telephone);
    wrong
}

/// `YIBAO_PICTURES=folder` keeps the pictures for a look.
fn keep(browser: &Driven, base: &str, seen: &BTreeSet<String>, is_telephone: bool) {
    let Some(folder) = std::env::var_os("YIBAO_PICTURES").map(std::path::PathBuf::from) else { return };
    let mut sorts = BTreeSet::new();
    for path in seen.iter().filter(|path| sorts.insert(sort(path))) {
        browser.open(&format!("{base}{path}"));
        let name = path.replace(['/', '?', '&', '='], "_");
        let size = if is_telephone { "telephone" } else { "screen" };
        std::fs::write(folder.join(format!("{size}{name}.png")), browser.picture()).unwrap();
    }
}

pub fn signed_in(server: &Server, login: &str, provider: &str, size: (u32, u32)) -> Driven {
    signed_in_with(server, login, &account(server, POOL, login, provider), size)
}

/// The same with an account that is there.
pub fn signed_in_with(server: &Server, login: &str, password: &str, (width, height): (u32, u32)) -> Driven {
    let browser = Driven::start(width, height);
    browser.open(&format!("{}/office", server.base()));
    browser.write("#login", login);
    browser.write("#password", password);
    browser.click("main button");
    browser.wait_for("header form");
    browser
}

#[track_caller]
pub fn nothing(wrong: &[String]) {
    assert!(wrong.is_empty(), "{} findings:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn a_hospital_s_clerk_can_use_and_read_every_page_on_a_screen_and_on_a_telephone() {
    let server = town();
    let mut wrong = walk(&signed_in(&server, "yiyuan", PZH_L3.code, SCREEN), &server.base(), &["/office"], false);
    wrong.extend(walk(&signed_in(&server, "shouji", PZH_L3.code, TELEPHONE), &server.base(), &["/office"], true));
    nothing(&wrong);
}

#[test]
fn the_agency_s_clerk_can_use_and_read_every_page_on_a_screen_and_on_a_telephone() {
    let server = town();
    let mut wrong = walk(&signed_in(&server, "jingban", "", SCREEN), &server.base(), &["/office"], false);
    wrong.extend(walk(&signed_in(&server, "shouji", "", TELEPHONE), &server.base(), &["/office"], true));
    nothing(&wrong);
}

#[test]
fn whoever_visits_the_public_pages_can_use_and_read_them_on_a_screen_and_on_a_telephone() {
    let server = town();
    let from = ["/", "/docs", "/office/sign-in", "/no/such/page"];
    let mut wrong = walk(&Driven::start(SCREEN.0, SCREEN.1), &server.base(), &from, false);
    wrong.extend(walk(&Driven::start(TELEPHONE.0, TELEPHONE.1), &server.base(), &from, true));
    nothing(&wrong);
}
