//! The people of the benefit cases, one city a pool, each served once for all cases.
//!
//! Bijie lives on 2021-07-05, Panzhihua on 2020-09-25: the days whose figures the rule text states. No outage plan.

use crate::support::city::City;
use crate::support::people::Profile;
use crate::support::providers;
use crate::support::server::Server;
use crate::support::vocabulary::{CANCER, DIABETES, DIALYSIS, HYPERTENSION, RHEUMATISM, TUBERCULOSIS, Used};
use std::sync::LazyLock;

pub static BIJIE: LazyLock<Server> = LazyLock::new(|| {
    let city = City::new("2021", providers::bijie(), bijie());
    Server::start(city, "2021-07-05T18:00:00")
});

pub static PANZHIHUA: LazyLock<Server> = LazyLock::new(|| {
    let city = City::new("2020", providers::panzhihua(), panzhihua());
    Server::start(city, "2020-09-25T18:00:00")
});

fn bijie() -> Vec<Profile> {
    let resident = |key| Profile::resident(key, "520502");
    let employee = |key| Profile::employee(key, "520502").balance("500.00");
    let retired = |key| Profile::retired(key, "520502");
    vec![
        resident("resident").copies(60),
        resident("hypertension").disease(HYPERTENSION),
        resident("diabetes").disease(DIABETES),
        resident("both diseases").disease(HYPERTENSION).disease(DIABETES),
        resident("chronic").disease(RHEUMATISM),
        resident("two chronic").disease(RHEUMATISM).disease(TUBERCULOSIS),
        resident("dialysis").disease(DIALYSIS),
        resident("registered poor").attribute("2302"),
        resident("registered poor on minimum allowance").attribute("2302").attribute("2303"),
        resident("minimum allowance").attribute("2303"),
        resident("extreme hardship").attribute("2304"),
        resident("low income").attribute("2305"),
        resident("poor through illness").attribute("2306"),
        resident("ended").insured("2019-01-01", "2021-06-30", ""),
        resident("paused").insured("2019-01-01", "", "2021-06-01"),
        resident("not yet").insured("2021-07-10", "", ""),
        Profile::resident("from Panzhihua", "510402"),
        employee("employee").copies(40),
        employee("chronic employee").disease(RHEUMATISM),
        employee("civil servant").also("320"),
        employee("insured mother").also("510"),
        employee("cap gone, 190,000 beyond")
            .used(Used::BasicCap, "150000.00")
            .used(Used::BeyondCap, "190000.00")
            .used(Used::LargeAmountPaid, "171000.00"),
        employee("ceiling near")
            .used(Used::BasicCap, "150000.00")
            .used(Used::BeyondCap, "380000.00")
            .used(Used::LargeAmountPaid, "333000.00"),
        employee("100 yuan of room").used(Used::BasicCap, "149900.00"),
        retired("retired"),
        retired("retired civil servant").also("320"),
        retired("case 3").balance("2000.00").used(Used::BasicCap, "120000.00").used(Used::Stays, "1"),
    ]
}

fn panzhihua() -> Vec<Profile> {
    let resident = |key| Profile::resident(key, "510402");
    let pupil = |key| Profile::pupil(key, "510402");
    let employee = |key| Profile::employee(key, "510402").born("1990-05-06").balance("500.00");
    let drug_day = "2020-08-01";
    vec![
        resident("resident").copies(40),
        resident("five years").years(5),
        resident("four years").years(4),
        resident("case 4").years(6).used(Used::SecondTierBase, "8000.00"),
        resident("minimum allowance").attribute("2303"),
        resident("hypertension").disease(HYPERTENSION),
        resident("both diseases").disease(HYPERTENSION).disease(DIABETES),
        resident("chronic").disease(RHEUMATISM),
        resident("dialysis").disease(DIALYSIS),
        resident("cancer").disease(CANCER),
        resident("drug qualified").disease_from(CANCER, drug_day),
        resident("joined in August").insured("2020-08-01", "", "").years(0),
        pupil("pupil").copies(20).years(6),
        employee("employee").copies(30),
        employee("case 6").born("1968-03-01"),
        employee("fifty on 1 September").born("1970-09-01"),
        employee("sixty").born("1960-01-15"),
        employee("ninety").born("1930-01-15"),
        employee("chronic employee").born("1968-03-01").disease(RHEUMATISM),
        employee("drug qualified employee").balance("0.00").disease_from(CANCER, drug_day),
        employee("qualified too late").balance("0.00").disease_from(CANCER, "2020-09-20"),
        employee("case 5").balance("0.00").disease_from(CANCER, drug_day).used(Used::DrugSubCap, "145000.00"),
        employee("drug and basic cap near")
            .balance("0.00")
            .disease_from(CANCER, drug_day)
            .used(Used::BasicCap, "299000.00"),
        employee("cap gone").used(Used::BasicCap, "300000.00"),
        employee("insured mother").balance("0.00").also("510"),
        employee("civil servant").also("320"),
        employee("new employee").insured("2020-07-01", "", "").years(0),
        Profile::retired("retired", "510402"),
    ]
}
