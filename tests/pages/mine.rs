//! The first page of a clerk: how long until the next of one's own businesses closes, and what waits for which step.

use crate::support::browser::{between, text};
use crate::support::catalogue::{A, Bill};
use crate::support::city::City;
use crate::support::clerk::{Clerk, Office};
use crate::support::inpatient::{self, Stay};
use crate::support::people::Profile;
use crate::support::program::plan;
use crate::support::providers::{self, BJ_L2, BJ_PHARMACY};
use crate::support::server::Server;

const POOL: &str = "520500";

fn server_at(clock: &str) -> Server {
    let city = City::new("2021", providers::bijie(), vec![Profile::resident("resident", "520502").copies(9)]);
    Server::with_plans(city, clock, &[plan("bijie-2021")])
}

/// What the banner says.
#[track_caller]
fn banner(office: &Office) -> String {
    let page = office.page("/office").document;
    let told = between(&page, "<h1>办理台</h1>", "<h2>").unwrap_or_else(|| panic!("{page}"));
    text(&format!("<body>{told}<"))
}

#[test]
fn the_banner_counts_down_to_the_next_closing_of_one_s_own_business() {
    let mut server = server_at("2021-07-09T12:00:00");
    let (hospital, pharmacy) = (Clerk::of(&server, POOL, &BJ_L2), Clerk::of(&server, POOL, &BJ_PHARMACY));
    let agency = Clerk::agency(&server, POOL);
    let told = banner(&hospital.sign_in(&server));
    assert!(told.contains("住院结算将于2021-07-09 20:00停办，还有"), "{told}");
    let told = banner(&pharmacy.sign_in(&server));
    assert!(told.contains("2021-07-09 24:00停办，还有1") && !told.contains("住院"), "{told}");
    let told = banner(&agency.sign_in(&server));
    assert!(told.contains("2021-07-09 18:00停办，还有"), "{told}");

    // What has closed does not hide what closes next.
    server.restart_at("2021-07-09T20:30:00");
    let told = banner(&hospital.sign_in(&server));
    assert!(told.contains("2021-07-09 24:00停办，还有3小时") && told.contains("停办中：住院结算"), "{told}");
    server.restart_at("2021-07-14T00:00:00");
    let told = banner(&hospital.sign_in(&server));
    assert!(told.contains("2021-07-15 24:00恢复，还有"), "{told}");
}

/// How many wait for a step on the first page, and where the number leads.
fn waits(office: &Office, step: &str) -> Option<(u64, String)> {
    let page = office.page("/office").document;
    let lists = page.split("<ul class=\"cards todo\">").nth(1)?.split("</ul>").next()?;
    let line = lists.split("<li").find(|line| line.contains(&format!("</strong> {step}</a>")))?;
    let list = between(line, "href=\"", "\"")?.replace("&#38;", "&").replace("&amp;", "&");
    Some((between(line, "<strong>", "</strong>")?.parse().unwrap(), list))
}

#[test]
fn what_waits_for_a_step_is_counted_and_leads_to_just_those_entries() {
    let mut server = server_at("2021-07-06T09:00:00");
    let stay = Stay::from("2021-07-05", "2021-07-20", Bill::of(&A, "3000.00"));
    for _ in 0..2 {
        inpatient::admit(&server.client(&BJ_L2), &server.someone("resident"), &stay).unwrap();
    }
    let clerk = Clerk::of(&server, POOL, &BJ_L2);
    let ward = clerk.sign_in(&server);
    ward.until(|| waits(&ward, "告知").is_some_and(|(count, _)| count == 2), "two are to be told");
    let (_, list) = waits(&ward, "告知").unwrap();
    let numbers = |list: &str| {
        let page = ward.page(list).document;
        let rows = page.split("<th scope=\"row\"><a href=\"/office/entries/").skip(1);
        rows.map(|row| row.split('"').next().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let listed = numbers(&list);
    assert_eq!(listed.len(), 2, "{list}");
    ward.act(&listed[0], "tell", &[("told_whom", "本人")]).unwrap();
    assert_eq!(waits(&ward, "告知").unwrap().0, 1);
    assert_eq!(numbers(&list), [listed[1].clone()]);

    server.restart_at("2021-07-12T09:00:00");
    let ward = clerk.sign_in(&server);
    ward.until(|| waits(&ward, "转自费").is_some_and(|(count, _)| count == 2), "two are to be converted");
    let entry = ward.page(&waits(&ward, "转自费").unwrap().1).document;
    let number = between(&entry, "<th scope=\"row\"><a href=\"/office/entries/", "\"").unwrap();
    let late = [("converted_at", "2021-07-12T08:00"), ("late_reason", "网络中断")];
    ward.act(number, "convert", &late).unwrap();
    assert_eq!(waits(&ward, "转自费").unwrap().0, 1);
    let (count, back) = waits(&ward, "转回医保").unwrap();
    assert_eq!((count, back.as_str()), (1, "/office/registers/stay_conversion?step=convert_back"));
    let page = ward.page(&back).document;
    assert!(page.contains(number), "{}", text(&page));
}
