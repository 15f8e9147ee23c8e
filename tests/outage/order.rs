//! The order of events around an outage: care of the closed time counts when it happened, whenever it is entered
//! (worked cases 5 and 6).

use crate::support::catalogue::{A, Bill, SINGLE_PAYMENT};
use crate::support::city::City;
use crate::support::inpatient::{self, Stay, settle_stay};
use crate::support::people::Profile;
use crate::support::pharmacy::{Purchase, buy};
use crate::support::providers::{self, PZH_L2, PZH_L3, PZH_PHARMACY};
use crate::support::server::Server;
use crate::support::vocabulary::{CANCER, Used};

/// After the reopening, within the ten working days.
const ENTERED: &str = "2020-09-25T10:00:00";

fn panzhihua() -> Server {
    let people = vec![
        Profile::employee("case 5", "510402")
            .balance("0.00")
            .disease_from(CANCER, "2020-08-01")
            .used(Used::DrugSubCap, "145000.00")
            .copies(2),
        Profile::employee("case 6", "510402").born("1968-03-01").copies(2),
    ];
    let city = City::new("2020", providers::panzhihua(), people);
    Server::with_plans(city, ENTERED, &[crate::support::program::plan("panzhihua-2020")])
}

/// The drug of case 5, bought that day.
fn drug_of(day: &str) -> Purchase {
    Purchase::on(day, Bill::of(&SINGLE_PAYMENT, "9600.00")).kind("18").account("0")
}

#[test]
fn case_5_pays_5000_whichever_purchase_is_entered_first() {
    let server = panzhihua();
    let pharmacy = server.client(&PZH_PHARMACY);
    let whole = [("hifp_pay", "5000.00"), ("psn_part_amt", "4600.00")];

    let in_order = server.someone("case 5");
    buy(&pharmacy, &in_order, &drug_of("2020-09-12")).unwrap().expect(&whole);
    buy(&pharmacy, &in_order, &drug_of("2020-09-21")).unwrap().expect(&[("hifp_pay", "0")]);

    let later_first = server.someone("case 5");
    buy(&pharmacy, &later_first, &drug_of("2020-09-21")).unwrap().expect(&whole);
    buy(&pharmacy, &later_first, &drug_of("2020-09-12")).unwrap().expect(&whole);
}

#[test]
fn p12_case_6_the_second_hospital_waits_for_the_first_and_both_pay_21284() {
    let server = panzhihua();
    let first = Stay::from("2020-09-11", "2020-09-14", Bill::of(&A, "5000.00")).leaving("2");
    let second = Stay::from("2020-09-15", "2020-09-22", Bill::of(&A, "20000.00"));
    let (from, to) = (server.client(&PZH_L2), server.client(&PZH_L3));
    let of_first = [("act_pay_dedc", "400.00"), ("hifp_pay", "4232.00")];
    let of_second = [("act_pay_dedc", "400.00"), ("hifp_pay", "17052.00")];

    let person = server.someone("case 6");
    settle_stay(&from, &person, &first).unwrap().expect(&of_first);
    settle_stay(&to, &person, &second).unwrap().expect(&of_second);

    // Both are at the platform, the second hospital asks first.
    let person = server.someone("case 6");
    let left = inpatient::admit(&from, &person, &first).unwrap();
    inpatient::upload(&from, &person, &first, &left, &first.bill, 0).unwrap();
    inpatient::discharge(&from, &person, &first, &left).unwrap();
    let arrived = inpatient::admit(&to, &person, &second).unwrap();
    inpatient::upload(&to, &person, &second, &arrived, &second.bill, 0).unwrap();
    inpatient::discharge(&to, &person, &second, &arrived).unwrap();
    let early = to.call("2304", inpatient::settle_stay_input(&person, &second, &arrived, &second.bill, "0"));
    assert!(early.refusal().contains("转出医院"), "{}", early.words());
    inpatient::settle(&from, &person, &first, &left, &first.bill, "0").unwrap().expect(&of_first);
    inpatient::settle(&to, &person, &second, &arrived, &second.bill, "0").unwrap().expect(&of_second);
}
