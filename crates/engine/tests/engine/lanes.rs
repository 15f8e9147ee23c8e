//! Who goes first: care of today, while what an outage left behind gets every fourth place, from the registration of an
//! encounter to its settlement.

use super::backfill::{TOWN, reopened, visit_at};
use super::care::{admission, discharge, fees, one, stay_settlement, text, visit_settlement};
use super::city::{City, HOSPITAL, LI, OTHER_HOSPITAL, WANG};
use serde_json::{Value, json};
use std::sync::{Arc, Mutex};

/// Hands in a call of the hospital and then four of another one at its counter; where the first comes out.
#[track_caller]
fn place_of(city: &City, infno: &'static str, input: &Value) -> usize {
    let answered = Arc::new(Mutex::new(Vec::new()));
    let hand_in = |provider, infno, input: &Value| {
        let msgid = city.new_msgid(provider);
        let call = city.call("", provider, infno, &msgid, input).unwrap();
        let seen = answered.clone();
        city.platform.submit(call, Box::new(move |outcome| seen.lock().unwrap().push((infno, outcome.is_ok()))));
    };
    hand_in(HOSPITAL, infno, input);
    for _ in 0..4 {
        let sign_in = json!({"signIn": {"opter_no": "1", "mac": "00", "ip": "127.0.0.1"}});
        hand_in(OTHER_HOSPITAL, "9001", &sign_in);
    }
    while city.platform.step() {}
    let answered = answered.lock().unwrap();
    assert!(answered.iter().all(|(_, well)| *well), "{answered:?}");
    answered.iter().position(|(of, _)| *of == infno).unwrap()
}

#[test]
fn the_settlement_of_a_visit_of_the_closed_time_waits_in_the_lane_of_earlier_days_and_that_of_today_goes_first() {
    let city = City::with_plan(TOWN);
    city.clock.set(reopened());
    let today = visit_at(&city, WANG, "310", "2021-07-16 08:30:00", "100.00");
    // Its lines had their turn just now, so that three of today come first.
    let earlier = visit_at(&city, LI, "390", "2021-07-12 09:30:00", "100.00");
    assert_eq!(place_of(&city, "2207", &visit_settlement(LI, &earlier, "B1", "100.00")), 3);
    assert_eq!(place_of(&city, "2207", &visit_settlement(WANG, &today, "B1", "100.00")), 0);
}

#[test]
fn the_settlement_of_a_stay_waits_in_the_lane_of_the_day_of_its_discharge() {
    for (until, waits) in [("2021-07-15 10:00:00", true), ("2021-07-16 08:00:00", false)] {
        let city = City::with_plan(TOWN);
        city.clock.set(reopened());
        let admitted = city.done(HOSPITAL, "2401", &admission(LI, "2021-07-09 08:00:00"));
        let mdtrt_id = text(&admitted.output["result"]["mdtrt_id"]);
        city.done(HOSPITAL, "2301", &fees(LI, &mdtrt_id, "", &[one("1", "3000.00")]));
        city.done(HOSPITAL, "2402", &discharge(LI, &mdtrt_id, until));
        let place = place_of(&city, "2304", &stay_settlement(LI, &mdtrt_id, "3000.00", false));
        assert_eq!(place > 0, waits, "{until}: {place}");
    }
}
