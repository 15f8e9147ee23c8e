//! What was typed comes back whatever keeps it from being done: a refusal, a sign-in of before, a platform that is busy or at fault.

use crate::support::browser::{between, text};
use crate::support::city::City;
use crate::support::form::Form;
use crate::support::full_disk::FullDisk;
use crate::support::office::{Answer, Clerk, account};
use crate::support::program::plan;
use crate::support::providers::{self, PZH_L3};
use crate::support::server::Server;
use std::thread;
use std::time::{Duration, Instant};
use yibao_cluster::{Cluster, Stop};

const POOL: &str = "510400";
const NOW: &str = "2020-09-12T10:00:00";
const NEW: &str = "/office/registers/incident/new";

fn city() -> City {
    City::new("2020", providers::panzhihua(), Vec::new())
}

fn server() -> Server {
    Server::with_plans(city(), NOW, &[plan("panzhihua-2020")])
}

const INCIDENT: [(&str, &str); 4] =
    [("begntime", "2020-09-12T09:30"), ("subject", "读卡器失灵"), ("reported_by", "赵经办"), ("tel", "13900000001")];
const STOP: [(&str, &str); 4] = [
    ("closes", "2020-09-12T09:30"),
    ("title", "全市系统故障"),
    ("issuer", "攀枝花市医疗保障局"),
    ("telephone", "0812-3333333"),
];
const REPLAN: [(&str, &str); 4] =
    [("plan", "panzhihua-2020"), ("reopening", "main"), ("reason", "验收推迟"), ("to", "2020-09-24T00:00")];

/// The text of the next version, as the preview has it.
#[track_caller]
fn next(agency: &Clerk) -> String {
    let page = agency.post("/office/plans/replan", &REPLAN).text();
    let fields = Form::on(&page, "/office/plans/proposals").filled(&[]);
    fields.into_iter().find(|(name, _)| name == "text").expect("the preview has the text").1
}

/// It was not done, and all of this stands on the page.
#[track_caller]
fn comes_back(answer: &Answer, typed: &[&str]) {
    let page = answer.text();
    assert!(answer.status >= 400, "{} {}", answer.status, answer.location);
    for part in typed {
        assert!(page.contains(part), "{part} is lost:\n{}", text(&page));
    }
}

#[test]
fn what_a_full_disk_keeps_from_being_kept_comes_back_in_its_form() {
    let disk = FullDisk::prepare();
    let mut server = server();
    let password = account(&server, POOL, "jingban", "");
    let other = Clerk::of(&server, POOL, "fuhe", "");
    server.restart_in(&disk.environment());
    let (agency, other) = (Clerk::signed_in(&server, POOL, "jingban", &password), other.again(&server));
    let text = next(&agency);
    let propose = [("plan", "panzhihua-2020"), ("reason", "验收推迟"), ("text", text.as_str())];
    assert_eq!(other.post("/office/plans/proposals", &propose).status, 303);
    let out = Clerk::signed_in(&server, POOL, "jingban", &password);
    out.post("/office/sign-out", &[]);
    let ended = out.post(NEW, &INCIDENT).text();

    disk.fill();
    let typed = Form::on(&ended, "/office/sign-in").filled(&[("login", "jingban"), ("password", &password)]);
    let typed: Vec<_> = typed.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    comes_back(&out.post_raw("/office/sign-in", &typed, &[]), &["kept-field:subject", "读卡器失灵"]);
    comes_back(&agency.post(NEW, &INCIDENT), &["value=\"读卡器失灵\"", "value=\"13900000001\""]);
    comes_back(&agency.post("/office/plans/stop", &STOP), &["value=\"全市系统故障\"", "value=\"0812-3333333\""]);
    let version = text.replace("version = 2", "version = 3");
    // A plan of its own is published by one person, at once.
    let fresh = text.replace("id = \"panzhihua-2020\"", "id = \"another-2020\"");
    let fresh: Vec<&str> =
        fresh.lines().filter(|line| !line.starts_with("version") && !line.starts_with("replaces")).collect();
    comes_back(&agency.upload("/office/plans", &[("file", fresh.join("\n").as_bytes())]), &["another-2020"]);
    let again = [("plan", "panzhihua-2020"), ("reason", "又推迟了"), ("text", version.as_str())];
    comes_back(&agency.post("/office/plans/proposals", &again), &["version = 3", "value=\"又推迟了\""]);
    let back = [("decision", "return"), ("reason", "日期不对")];
    comes_back(&agency.post("/office/plans/proposals/1", &back), &["value=\"日期不对\""]);
    let run = [("plan", "panzhihua-2020"), ("provider", PZH_L3.code)];
    comes_back(&agency.post("/office/backfill", &run), &[&format!("value=\"{}\"", PZH_L3.code)]);

    disk.clear();
    assert_eq!(agency.post(NEW, &INCIDENT).status, 303);
    assert_eq!(agency.post("/office/plans/proposals/1", &back).status, 303);
}

#[test]
fn a_form_of_a_sign_in_of_before_comes_back_on_every_page_of_the_agency() {
    let server = server();
    let password = account(&server, POOL, "jingban", "");
    let (agency, other) = (Clerk::signed_in(&server, POOL, "jingban", &password), Clerk::of(&server, POOL, "fuhe", ""));
    let text = next(&other);
    let propose = [("plan", "panzhihua-2020"), ("reason", "验收推迟"), ("text", text.as_str())];
    assert_eq!(other.post("/office/plans/proposals", &propose).status, 303);
    let earlier = format!("earlier.{}", agency.token.split_once('.').expect("a token names its user").1);
    let sent = |path: &str, fields: &[(&str, &str)]| {
        agency.post_raw(path, &[&[("token", earlier.as_str())], fields].concat(), &[])
    };
    let says = "登录已更新";
    let back = sent("/office/plans/proposals/1", &[("decision", "return"), ("reason", "日期不对")]);
    comes_back(&back, &[says, "value=\"日期不对\"", "<details open>"]);
    comes_back(&sent("/office/plans/proposals", &propose), &[says, "version = 2", "value=\"验收推迟\""]);
    comes_back(&sent("/office/plans/replan", &propose), &[says, "version = 2"]);
    comes_back(&sent("/office/plans/replan", &REPLAN), &[says, "value=\"2020-09-24T00:00\""]);
    comes_back(&sent("/office/plans/stop", &STOP), &[says, "value=\"全市系统故障\""]);
    let run = [("plan", "panzhihua-2020"), ("provider", "H510402")];
    comes_back(&sent("/office/backfill", &run), &[says, "value=\"H510402\""]);
    // A password comes back nowhere, and nothing else is said of it.
    let secret = sent(
        "/office/password",
        &[("present", &password), ("new", "a very secret one"), ("again", "a very secret one")],
    );
    assert!(secret.status == 422 && !secret.text().contains("secret"), "{}", secret.status);
    assert!(!secret.text().contains("所填的内容都在"));
}

#[test]
fn who_files_are_for_is_typed_once_whatever_becomes_of_the_file() {
    let server = server();
    let agency = Clerk::of(&server, POOL, "jingban", "");
    let import = "/office/registers/incident/import";
    let value = format!("value=\"{}\"", PZH_L3.code);
    let wrong = agency.upload(import, &[("fixmedins_code", PZH_L3.code.as_bytes()), ("file", b"a,b\n1,2\n")]);
    comes_back(&wrong, &[&value]);
    let sheet = "发生时间,事件,报告人,联系电话\n2020-09-12 09:31,空调漏水,赵,13900000001\n";
    let done = agency.upload(import, &[("fixmedins_code", PZH_L3.code.as_bytes()), ("file", sheet.as_bytes())]).text();
    assert!(text(&done).contains("1 已登记") && done.contains(&value), "the next file is for the same one");
}

/// A browser reads an answer only after it has sent everything.
#[test]
fn a_file_that_is_far_too_large_is_told_to_be_so() {
    let server = server();
    let agency = Clerk::of(&server, POOL, "jingban", "");
    let refused = agency.upload("/office/registers/incident/import", &[("file", &vec![b'x'; 30 * 1024 * 1024])]);
    assert!(refused.status == 422 && text(&refused.text()).contains("超过21MB"), "{}", text(&refused.text()));
}

#[test]
fn a_plan_file_in_another_encoding_is_read_in_it_and_what_is_no_text_is_refused() {
    let server = server();
    let agency = Clerk::of(&server, POOL, "jingban", "");
    // 停机 as text editors of offices write it.
    let tried = agency.upload("/office/plans", &[("file", b"[plan]\ntitle = \"\xcd\xa3\xbb\xfa\"\n")]);
    let page = tried.text();
    assert!(tried.status == 422 && page.contains("停机&") && !page.contains('\u{fffd}'), "{}", text(&page));
    let none = agency.upload("/office/plans", &[("file", b"title = \"\xff\xff\"\n")]);
    assert!(none.status == 422 && text(&none.text()).contains("方案文件不是文本"), "{}", text(&none.text()));
}

#[test]
fn a_plan_that_is_gone_costs_nobody_the_text_of_its_next_version() {
    let server = server();
    let agency = Clerk::of(&server, POOL, "jingban", "");
    let text = next(&agency);
    let gone = [("plan", "gone-2019"), ("reason", "验收推迟"), ("text", text.as_str())];
    comes_back(&agency.post("/office/plans/replan", &gone), &["已不在册", "version = 2"]);
}

/// Where not even the page can be shown, the answer itself has what was sent.
#[test]
fn while_the_database_is_away_a_form_waits_in_the_answer_and_is_sent_once_more() {
    let mut cluster = Cluster::start(&[]).expect("PostgreSQL is installed");
    let url = cluster.create_database("city").expect("an empty database");
    let server = Server::with_plans_in(Some(url), city(), NOW, &[plan("panzhihua-2020")]);
    let agency = Clerk::of(&server, POOL, "jingban", "");
    let submission = between(&agency.get(NEW).text(), "name=\"submission\" value=\"", "\"").unwrap().to_owned();
    cluster.stop(Stop::Immediate).expect("it runs");
    let sent = agency.post(NEW, &[&[("submission", submission.as_str())], INCIDENT.as_slice()].concat());
    comes_back(&sent, &["所填的内容都在这一页里", "value=\"读卡器失灵\"", &submission]);
    cluster.resume().expect("it was stopped");
    let typed = Form::on(&sent.text(), NEW).filled(&[]);
    let typed: Vec<_> = typed.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let began = Instant::now();
    loop {
        let done = agency.post_raw(NEW, &typed, &[]);
        if done.status == 303 {
            break;
        }
        assert!(began.elapsed() < Duration::from_secs(60), "{} {}", done.status, text(&done.text()));
        thread::sleep(Duration::from_millis(200));
    }
}
