//! What hospitals deposit, as the office counts it.

use super::city::{City, HOSPITAL, clerk};
use serde_json::json;
use yibao_domain::time::Date;
use yibao_engine::desks::deposits::DepositCount;

fn order(number: &str, name: &str, vali_flag: &str) -> serde_json::Value {
    json!({"data": [{
        "mdtrt_sn": "Z1", "medcas_drord_detl_id": number, "drord_begn_time": "2021-07-16 09:00:00",
        "drord_detl_name": name, "vali_flag": vali_flag
    }]})
}

/// Taken, corrected and withdrawn, of the one kind and day that there is.
#[track_caller]
fn counted(city: &City) -> [i64; 3] {
    let counts = city.platform.deposit_counts(&city.pool, &clerk(), Date::MIN, Date::MAX).unwrap().unwrap();
    let [DepositCount { taken, corrected, withdrawn, .. }] = counts.as_slice() else { panic!("{counts:?}") };
    [*taken, *corrected, *withdrawn]
}

#[test]
fn what_is_void_is_counted_as_withdrawn_once_however_often_it_is_corrected() {
    let city = City::new();
    city.done(HOSPITAL, "4402", &order("1", "静滴", "1"));
    assert_eq!(counted(&city), [1, 0, 0]);
    city.done(HOSPITAL, "4402", &order("1", "静滴", "1"));
    assert_eq!(counted(&city), [1, 0, 0], "the same again");
    city.done(HOSPITAL, "4402", &order("1", "静滴", "0"));
    assert_eq!(counted(&city), [1, 1, 1]);
    city.done(HOSPITAL, "4402", &order("1", "口服", "0"));
    assert_eq!(counted(&city), [1, 2, 1]);
}
