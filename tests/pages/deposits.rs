//! What was uploaded, counted by provider, kind and day: a hospital sees its own, the agency that of all.

use crate::support::browser::text;
use crate::support::city::City;
use crate::support::office::Clerk;
use crate::support::people::Profile;
use crate::support::providers::{self, BJ_L1, BJ_L2};
use crate::support::server::Server;
use serde_json::json;

const POOL: &str = "520500";

#[test]
fn uploads_are_counted_by_provider_and_day_and_shown_to_whom_they_concern() {
    let city = City::new("2021", providers::bijie(), vec![Profile::resident("resident", "520502").copies(2)]);
    let mut server = Server::start(city, "2021-07-04T10:00:00");
    let order = |detail: &str, words: &str| json!({"mdtrt_sn": "Z1", "medcas_drord_detl_id": detail, "drord_dscr": words, "vali_flag": "1"});
    let send = |server: &Server, provider, rows: &[serde_json::Value]| {
        let reply = server.client(provider).call("4402", json!({ "data": rows }));
        assert!(reply.is_success(), "{}", reply.body);
    };
    send(&server, &BJ_L1, &[order("1", "早"), order("2", "早")]);
    server.restart_at("2021-07-05T10:00:00");
    send(&server, &BJ_L1, &[order("1", "早"), order("2", "改为晚")]);
    send(&server, &BJ_L2, &[order("1", "早")]);

    let lines = |clerk: &Clerk, path: &str| -> Vec<String> {
        let page = text(&clerk.get(path).text());
        page.lines().filter(|line| line.contains("住院医嘱")).map(str::to_owned).collect()
    };
    let hospital = Clerk::of(&server, POOL, "yiyuan", BJ_L1.code);
    let own = lines(&hospital, "/office/deposits");
    assert_eq!(own.len(), 3, "the sum and two days: {own:?}");
    assert!(own[0].starts_with("住院医嘱|2|1|0|"), "{own:?}");
    assert!(
        own[1].starts_with("2021-07-05|住院医嘱|0|1|0|") && own[2].starts_with("2021-07-04|住院医嘱|2|0|0|"),
        "{own:?}"
    );
    let one_day = lines(&hospital, "/office/deposits?since=2021-07-04&until=2021-07-04");
    assert!(one_day.len() == 2 && one_day[1].starts_with("2021-07-04|"), "{one_day:?}");
    let wrong = hospital.get("/office/deposits?since=2021-07-06&until=2021-07-04").text();
    assert!(text(&wrong).contains("开始日期晚于结束日期"), "{}", text(&wrong));

    let listed = |clerk: &Clerk, more: &str| -> Vec<String> {
        let page = text(&clerk.get(&format!("/office/deposits/order?{more}")).text());
        page.lines().filter(|line| line.contains("|Z1|")).map(str::to_owned).collect()
    };
    let documents = listed(&hospital, "since=2021-07-04&until=2021-07-05&subject=Z1");
    assert_eq!(documents.len(), 2, "its own alone: {documents:?}");
    assert!(documents.iter().all(|row| row.contains("2021-07-04 10:") && row.contains("有效")), "{documents:?}");
    assert!(documents.iter().any(|row| row.contains("|2|")), "one was corrected: {documents:?}");
    assert!(listed(&hospital, "subject=Z9").is_empty());
    assert_eq!(hospital.get("/office/deposits/nonsense").status, 404);

    let agency = Clerk::of(&server, POOL, "shouli", "");
    let all = lines(&agency, "/office/deposits");
    assert!(all[0].starts_with("住院医嘱|1|1|0|"), "of today, of all: {all:?}");
    let names: Vec<&str> = all[1..].iter().filter_map(|line| line.split('|').nth(1)).collect();
    assert_eq!(names, [BJ_L1.name, BJ_L2.name]);
    let documents = listed(&agency, "");
    assert!(documents.len() == 3 && documents[0].contains(BJ_L2.name), "{documents:?}");
}
