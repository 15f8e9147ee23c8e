//! What is done at the office pages and sent twice: it counts once and is answered the same; other content under the same form is
//! refused.

use crate::support::browser::text;
use crate::support::city::City;
use crate::support::office::{Answer, Clerk};
use crate::support::people::Profile;
use crate::support::program::plan;
use crate::support::providers::{self, PZH_L3};
use crate::support::server::Server;
use std::fs;
use std::path::Path;

const POOL: &str = "510400";
const NOW: &str = "2020-09-12T10:00:00";

fn town() -> (Server, Clerk) {
    let city = City::new("2020", providers::panzhihua(), vec![Profile::resident("resident", "510402")]);
    let server = Server::with_plans(city, NOW, &[plan("panzhihua-2020")]);
    let agency = Clerk::of(&server, POOL, "jingban", "");
    (server, agency)
}

/// Sends a form twice, and then with other content.
#[track_caller]
fn check(sent: impl Fn(&str) -> Answer, said: &str, other: &str) {
    let first = sent(said);
    assert_eq!(first.status, 303, "{}", text(&first.text()));
    let again = sent(said);
    assert_eq!((again.status, again.location), (first.status, first.location), "the same form again");
    let refused = sent(other);
    assert_eq!(refused.status, 422, "{other} under the form of {said}");
    let page = text(&refused.text());
    assert!(page.contains("提交过") && page.contains("刷新页面"), "{page}");
}

#[test]
fn plans_stops_and_events_that_are_sent_twice_count_once() {
    let (_server, agency) = town();
    let stop = |title: &str| {
        let form = [
            ("submission", "f1"),
            ("closes", "2020-09-12T09:50"),
            ("expected", ""),
            ("title", title),
            ("issuer", "攀枝花市医疗保障局"),
            ("telephone", "0812-3331000"),
        ];
        agency.post("/office/plans/stop", &form)
    };
    check(stop, "突发停机", "另一次突发停机");

    let event = |at: &str| {
        let form = [("submission", "f2"), ("plan", "stop-20200912-0950"), ("event", "restored"), ("at", at)];
        agency.post("/office/plans/events", &form)
    };
    check(event, "2020-09-12T09:59", "2020-09-12T09:58");
    let corrected = |reason: &str| {
        let form = [
            ("submission", "f3"),
            ("plan", "stop-20200912-0950"),
            ("event", "restored"),
            ("at", "2020-09-12T09:57"),
            ("reason", reason),
        ];
        agency.post("/office/plans/events", &form)
    };
    check(corrected, "看错钟", "又看错钟");

    let next = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("plans/panzhihua-2020.toml")).unwrap();
    let next = next.replacen("id = \"panzhihua-2020\"", "id = \"another-2020\"", 1);
    let publish = |text: &str| agency.upload("/office/plans", &[("submission", b"f4"), ("file", text.as_bytes())]);
    check(publish, &next, &format!("{next}\n# another text\n"));
    let page = text(&agency.get("/office/plans").text());
    let record = page.split("发布记录").nth(1).unwrap_or_else(|| panic!("{page}"));
    assert_eq!(record.matches("stop-20200912-0950").count(), 1, "{record}");
    assert_eq!(record.matches("another-2020").count(), 1, "{record}");
}

#[test]
fn a_run_of_the_backfill_that_is_started_twice_runs_once() {
    let (_server, agency) = town();
    let start = |provider: &str| {
        let form = [("submission", "f1"), ("plan", "panzhihua-2020"), ("provider", provider)];
        agency.post("/office/backfill", &form)
    };
    check(start, "", PZH_L3.code);
    let runs = || agency.get("/office/backfill").text().matches("批进度").count();
    assert_eq!(runs(), 1);
    let other = [("submission", "f2"), ("plan", "panzhihua-2020"), ("provider", PZH_L3.code)];
    assert_eq!(agency.post("/office/backfill", &other).status, 303);
    assert_eq!(runs(), 2, "another form starts another run");
}

/// Every byte under a folder.
fn bytes_under(folder: &Path) -> Vec<Vec<u8>> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.flat_map(|path| if path.is_dir() { bytes_under(&path) } else { vec![fs::read(path).unwrap()] }).collect()
}

#[test]
fn a_new_password_that_is_sent_twice_is_answered_the_same_and_stands_nowhere() {
    let (server, _) = town();
    let present = crate::support::office::account(&server, POOL, "kuaiji", "");
    let clerk = Clerk::signed_in(&server, POOL, "kuaiji", &present);
    let change = |new: &str| {
        let form = [("submission", "f1"), ("present", present.as_str()), ("new", new), ("again", new)];
        clerk.post("/office/password", &form)
    };
    let new = "一个很长很长的新密码就是它";
    let first = change(new);
    assert_eq!((first.status, first.location.as_str()), (303, "/office/sign-in"), "{}", text(&first.text()));
    let again = change(new);
    assert_eq!((again.status, again.location), (first.status, first.location));
    Clerk::signed_in(&server, POOL, "kuaiji", new);
    let kept = bytes_under(Path::new(&server.data()));
    for secret in [new, present.as_str()] {
        let stands = |bytes: &Vec<u8>| bytes.windows(secret.len()).any(|window| window == secret.as_bytes());
        assert!(!kept.iter().any(stands), "a password stands in the books");
        assert!(!server.log().contains(secret), "a password stands in the log");
    }
}
