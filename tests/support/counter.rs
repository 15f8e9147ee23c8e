//! What clerks of a hospital in Panzhihua have before their counter: a town in the middle of its outage, a visit in cash as they type it,
//! and the entry that comes of it.

use super::browser::{between, text};
use super::city::City;
use super::office::Answer;
use super::people::{Person, Profile};
use super::program::plan;
use super::providers;
use super::server::Server;

/// The town by this clock, with residents who are insured in it.
pub fn town(clock: &str) -> Server {
    town_under(clock, &[plan("panzhihua-2020")])
}

/// The same under other plans.
pub fn town_under(clock: &str, plans: &[String]) -> Server {
    let residents = Profile::resident("resident", "510402").copies(9);
    Server::with_plans(City::new("2020", providers::panzhihua(), vec![residents]), clock, plans)
}

/// A visit of residents' general outpatient care as the notice wants it written down (P-06, P-09), but for who it is.
pub fn visit_of_somebody(invoice: &str) -> Vec<(&str, &str)> {
    vec![
        ("tel", "13900000001"),
        ("insutype", "390"),
        ("med_type", "11"),
        ("begntime", "2020-09-12T09:30"),
        ("medfee_sumamt", "86.50"),
        ("invono", invoice),
        ("rx_no", "CF1"),
        ("card_seen", "社会保障卡"),
        ("card_number_on_papers", "是"),
        ("halted_stamp", "是"),
    ]
}

/// The same of a person.
pub fn visit<'a>(person: &'a Person, invoice: &'a str) -> Vec<(&'a str, &'a str)> {
    let mut visit = vec![("psn_name", person.name.as_str()), ("certno", &person.certno)];
    visit.extend(visit_of_somebody(invoice));
    visit
}

/// The number of the entry that an answer leads to.
#[track_caller]
pub fn number(done: &Answer) -> String {
    let number = between(&done.location, "/office/entries/", "?");
    number.unwrap_or_else(|| panic!("{} {}", done.status, text(&done.text()))).to_owned()
}
