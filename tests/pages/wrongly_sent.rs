//! What is sent to the pages in another way than their forms send it is turned away in Chinese.

use crate::support::browser::text;
use crate::support::city::City;
use crate::support::office::{Answer, Clerk};
use crate::support::people::Profile;
use crate::support::program::plan;
use crate::support::providers;
use crate::support::server::Server;

#[track_caller]
fn is_turned_away(answer: &Answer) {
    let page = answer.text();
    assert!((400..500).contains(&answer.status), "{} {page}", answer.status);
    assert!(page.contains("<h1>") && text(&page).contains("没有办理"), "{page}");
    assert!(!["boundary", "Content-Type", "Failed"].iter().any(|word| page.contains(word)), "{page}");
}

#[test]
fn forms_as_files_and_files_as_forms_are_turned_away_in_chinese() {
    let city = City::new("2020", providers::panzhihua(), vec![Profile::resident("resident", "510402")]);
    let server = Server::with_plans(city, "2020-09-12T10:00:00", &[plan("panzhihua-2020")]);
    let agency = Clerk::of(&server, "510400", "jingban", "");
    for path in ["/office/plans", "/office/registers/cash_visit/import"] {
        is_turned_away(&agency.post(path, &[("text", "x")]));
    }
    is_turned_away(&agency.upload("/office/plans/stop", &[("title", b"x")]));
}

/// The docs promise it of every form: what is wrong is said at once, not one mistake after the other.
#[test]
fn everything_that_is_wrong_with_a_declared_stop_is_said_at_once() {
    let city = City::new("2020", providers::panzhihua(), vec![Profile::resident("resident", "510402")]);
    let server = Server::with_plans(city, "2020-09-12T10:00:00", &[plan("panzhihua-2020")]);
    let agency = Clerk::of(&server, "510400", "jingban", "");
    let form = [
        ("submission", "f1"),
        ("closes", "2020-09-13T10:00"),
        ("expected", "2020-09-01T10:00"),
        ("title", ""),
        ("issuer", ""),
        ("telephone", ""),
    ];
    let page = text(&agency.post("/office/plans/stop", &form).text());
    for part in ["突发停机从已过去的时刻起算", "“预计恢复”应晚于现在", "“名称”为空", "“宣布单位”为空", "“咨询电话”为空"]
    {
        assert!(page.contains(part), "{part}: {page}");
    }
}
