//! Who visits a demonstration may do there what the agency may, and its ending does not take that for a fault of the platform.

use crate::support::browser::between;
use crate::support::play::Play;
use std::thread;
use std::time::{Duration, Instant};

#[track_caller]
fn wait_for(play: &Play, what: &str) -> String {
    let began = Instant::now();
    loop {
        let (_, page) = play.with_cookie("/outage-demo/live", "");
        if page.contains(what) {
            return page;
        }
        assert!(began.elapsed() < Duration::from_secs(120), "{what}: {page}");
        thread::sleep(Duration::from_millis(50));
    }
}

#[test]
fn what_a_visitor_does_is_said_at_the_end_and_a_cookie_of_elsewhere_does_no_harm() {
    let play = Play::start("bijie-2021", 16, 2);
    // Signed in to another platform at the same address, which served another city.
    let (status, office) = play.with_cookie("/office", "yibao_office=510400.jingban:0123456789abcdef");
    assert!(status == 200 && office.contains("参观者"), "{status} {office}");
    wait_for(&play, "data-jumping=\"false\"");
    let plans = play.with_cookie("/office/plans", "").1;
    let hidden = |name: &str| between(&plans, &format!("name=\"{name}\" value=\""), "\"").unwrap_or_default();
    // A search changes nothing, and neither does what is refused.
    assert_eq!(play.send("/office/backfill", &[("token", "nobody's"), ("plan", "bijie-2021")]), 403);
    let run = [("token", hidden("token")), ("submission", hidden("submission")), ("plan", "bijie-2021")];
    assert!(play.send("/office/backfill", &run) < 400);
    let shown = wait_for(&play, "data-jumping=\"false\"");
    let to_the_end = shown.rsplit_once("name=\"to\" value=\"").unwrap().1.split('"').next().unwrap();
    play.send("/outage-demo/steer", &[("to", to_the_end)]);
    let end = wait_for(&play, "data-act=\"over\"");
    assert!(end.contains("演示中参观者经办理台或接口办理过1次"), "{end}");
    assert!(!end.contains("核对发现不符"), "{end}");
}
