//! Sign-in and sign-out.

use super::care::text;
use super::city::{City, HOSPITAL, PHARMACY};
use jiff::civil::date;
use serde_json::json;

#[test]
fn a_sign_out_belongs_to_a_sign_in_of_the_same_provider_and_day() {
    let city = City::new();
    let signed = city.done(HOSPITAL, "9001", &json!({"signIn": {"opter_no": "001", "mac": "", "ip": "10.0.0.1"}}));
    let out = json!({"signOut": {"sign_no": text(&signed.output["signinoutb"]["sign_no"]), "opter_no": "001"}});
    city.refused(PHARMACY, "9002", &out, "不存在");
    city.clock.set(date(2021, 7, 1).at(23, 59, 59, 0));
    city.done(HOSPITAL, "9002", &out);
    city.clock.set(date(2021, 7, 2).at(0, 0, 0, 0));
    city.refused(HOSPITAL, "9002", &out, "当日");
}
