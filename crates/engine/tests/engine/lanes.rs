//! Who goes first: care of today, while what an outage left behind gets every fourth place, from the registration of an
//! encounter to its settlement.

use super::backfill::{TOWN, reopened, visit_at};
use super::care::{admission, discharge, fees, one, stay_settlement, text, visit_settlement};
use super::city::{City, HOSPITAL, LI, OTHER_HOSPITAL, WANG};
use serde_json::{Value, json};
use std::sync::{Arc, Mutex};
use yibao_engine::Worker;
use yibao_store::Store;
use yibao_store::sqlite::SqliteStore;

/// The workers of a city, each driven when it is its turn.
struct Driven<'a> {
    city: &'a City,
    readers: Vec<Worker>,
    writers: Vec<Worker>,
}

impl Driven<'_> {
    fn of(city: &City) -> Driven<'_> {
        let (readers, writers) = city.platform.workers().into_iter().partition(|it| it.name().starts_with("read"));
        Driven { city, readers, writers }
    }

    /// Hands in a call of the hospital, to find its lane, and then four of another one at its counter; where the first comes out.
    #[track_caller]
    fn place_of(&mut self, infno: &'static str, input: &Value) -> usize {
        let answered = Arc::new(Mutex::new(Vec::new()));
        let hand_in = |provider, infno, input: &Value| {
            let msgid = self.city.new_msgid(provider);
            let call = self.city.call("", provider, infno, &msgid, input).unwrap();
            let seen = answered.clone();
            self.city
                .platform
                .submit(call, Box::new(move |outcome| seen.lock().unwrap().push((infno, outcome.is_ok()))));
        };
        hand_in(HOSPITAL, infno, input);
        while self.readers.iter_mut().any(Worker::step) {}
        for _ in 0..4 {
            let sign_in = json!({"signIn": {"opter_no": "1", "mac": "00", "ip": "127.0.0.1"}});
            hand_in(OTHER_HOSPITAL, "9001", &sign_in);
        }
        while self.writers.iter_mut().any(Worker::step) {}
        let answered = answered.lock().unwrap();
        assert!(answered.iter().all(|(_, well)| *well), "{answered:?}");
        answered.iter().position(|(of, _)| *of == infno).unwrap()
    }
}

/// A stay that is over, with its lines.
#[track_caller]
fn discharged(city: &City, psn_no: &str, until: &str) -> String {
    let admitted = city.done(HOSPITAL, "2401", &admission(psn_no, "2021-07-09 08:00:00"));
    let mdtrt_id = text(&admitted.output["result"]["mdtrt_id"]);
    city.done(HOSPITAL, "2301", &fees(psn_no, &mdtrt_id, "", &[one("1", "3000.00")]));
    city.done(HOSPITAL, "2402", &discharge(psn_no, &mdtrt_id, until));
    mdtrt_id
}

#[test]
fn the_settlement_of_a_visit_of_the_closed_time_waits_in_the_lane_of_earlier_days_and_that_of_today_goes_first() {
    let city = City::with_plan(TOWN);
    city.clock.set(reopened());
    let today = visit_at(&city, WANG, "310", "2021-07-16 08:30:00", "100.00");
    // Its lines had their turn just now, so that three of today come first.
    let earlier = visit_at(&city, LI, "390", "2021-07-12 09:30:00", "100.00");
    let mut driven = Driven::of(&city);
    assert_eq!(driven.place_of("2207", &visit_settlement(LI, &earlier, "B1", "100.00")), 3);
    assert_eq!(driven.place_of("2207", &visit_settlement(WANG, &today, "B1", "100.00")), 0);
}

#[test]
fn the_settlement_of_a_stay_waits_in_the_lane_of_the_day_of_its_discharge() {
    for (until, waits) in [("2021-07-15 10:00:00", true), ("2021-07-16 08:00:00", false)] {
        let city = City::with_plan(TOWN);
        city.clock.set(reopened());
        let mdtrt_id = discharged(&city, LI, until);
        let place = Driven::of(&city).place_of("2304", &stay_settlement(LI, &mdtrt_id, "3000.00", false));
        assert_eq!(place > 0, waits, "{until}: {place}");
    }
}

#[test]
fn a_mid_stay_settlement_of_who_is_in_hospital_now_is_care_of_today() {
    let city = City::with_plan(TOWN);
    city.clock.set(reopened());
    let admitted = city.done(HOSPITAL, "2401", &admission(LI, "2021-07-09 08:00:00"));
    let mdtrt_id = text(&admitted.output["result"]["mdtrt_id"]);
    city.done(HOSPITAL, "2301", &fees(LI, &mdtrt_id, "", &[one("1", "3000.00")]));
    assert_eq!(Driven::of(&city).place_of("2304", &stay_settlement(LI, &mdtrt_id, "3000.00", true)), 0);
}

#[test]
fn after_a_restart_a_settlement_waits_in_the_lane_of_its_encounter_all_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let store: Arc<dyn Store> = Arc::new(SqliteStore::open(folder.path(), &[]).unwrap());
    let city = || City::on_at(store.clone(), vec![yibao_policy::plan::read(TOWN).unwrap()], reopened());
    let before = city();
    let visit_today = visit_at(&before, WANG, "310", "2021-07-16 08:30:00", "100.00");
    let visit_then = visit_at(&before, WANG, "310", "2021-07-12 09:30:00", "100.00");
    let stay_then = discharged(&before, LI, "2021-07-14 10:00:00");
    drop(before);
    let after = city();
    let mut driven = Driven::of(&after);
    assert!(driven.place_of("2207", &visit_settlement(WANG, &visit_then, "B1", "100.00")) > 0);
    assert!(driven.place_of("2304", &stay_settlement(LI, &stay_then, "3000.00", false)) > 0);
    assert_eq!(driven.place_of("2207", &visit_settlement(WANG, &visit_today, "B1", "100.00")), 0);
}

#[test]
fn what_was_refused_teaches_nothing_and_a_midnight_makes_earlier_care_of_today() {
    let city = City::with_plan(TOWN);
    city.clock.set(reopened());
    let visit = visit_at(&city, WANG, "310", "2021-07-16 08:30:00", "100.00");
    let mdtrt_id = discharged(&city, LI, "2021-07-14 10:00:00");
    // It is discharged already.
    city.refused(HOSPITAL, "2402", &discharge(LI, &mdtrt_id, "2021-07-16 08:00:00"), "");
    let mut driven = Driven::of(&city);
    assert!(driven.place_of("2304", &stay_settlement(LI, &mdtrt_id, "3000.00", false)) > 0);
    city.clock.set(reopened().tomorrow().unwrap());
    assert!(driven.place_of("2207", &visit_settlement(WANG, &visit, "B1", "100.00")) > 0);
}

#[test]
fn what_only_deposits_waits_behind_who_is_served_today_whatever_day_it_is_about() {
    let city = City::with_plan(TOWN);
    city.clock.set(reopened());
    let order = json!({"data": [{
        "mdtrt_sn": "Z1", "medcas_drord_detl_id": "1", "drord_begn_time": "2021-07-16 09:00:00", "vali_flag": "1"
    }]});
    assert_eq!(Driven::of(&city).place_of("4402", &order), 4);
}
