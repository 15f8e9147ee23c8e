//! What a transaction costs at the store: statements, and round trips where there is a network. The figures stand in
//! `docs/performance.md`, and the test fails where they are not true.

use super::care::{
    admission, cancellation, description, discharge, fees, of_encounter, one, purchase, registration, stay_settlement,
    visit_settlement,
};
use super::city::{City, HOSPITAL, PHARMACY, WANG};
use super::counted::{Counted, Spent};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::Arc;
use yibao_cluster::Cluster;
use yibao_store::{SqliteStore, Store, Traffic, place};

const DOCUMENT: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/performance.md"));

/// What each transaction of a purchase, a visit and a stay costs, once everything has been done before.
fn costs_on(store: Arc<dyn Store>) -> BTreeMap<&'static str, Traffic> {
    let store = Counted::before(store);
    let city = City::on(store.clone(), Vec::new());
    let mut costs = BTreeMap::new();
    for _ in 0..2 {
        let mut done = |provider, infno, input: Value| {
            store.spent();
            let answered = city.done(provider, infno, &input);
            let Spent { reading, writing } = store.spent();
            costs.insert(infno, reading.plus(writing));
            answered.output
        };
        let bought = done(PHARMACY, "2102", purchase(WANG, "10.00"));
        let of = |output: &Value, field: &str| output["setlinfo"][field].as_str().unwrap().to_owned();
        done(PHARMACY, "2103", cancellation(WANG, &of(&bought, "mdtrt_id"), &of(&bought, "setl_id")));

        let five =
            |total: &'static str| -> Vec<_> { ["1", "2", "3", "4", "5"].map(|serial| one(serial, total)).into() };
        let registered = done(HOSPITAL, "2201", registration(WANG, "310", "2021-07-01 09:30:00"));
        let visit = registered["data"]["mdtrt_id"].as_str().unwrap().to_owned();
        done(HOSPITAL, "2203A", description(WANG, &visit, "11", "2021-07-01 09:45:00"));
        done(HOSPITAL, "2204", fees(WANG, &visit, "B1", &five("10.00")));
        let mut trial = visit_settlement(WANG, &visit, "B1", "50.00");
        trial["data"]["insutype"] = json!("310");
        done(HOSPITAL, "2206", trial);
        let settled = done(HOSPITAL, "2207", visit_settlement(WANG, &visit, "B1", "50.00"));
        done(HOSPITAL, "2208", cancellation(WANG, &visit, &of(&settled, "setl_id")));

        let admitted = done(HOSPITAL, "2401", admission(WANG, "2021-06-20 09:00:00"));
        let stay = admitted["result"]["mdtrt_id"].as_str().unwrap().to_owned();
        done(HOSPITAL, "2301", fees(WANG, &stay, "", &five("1000.00")));
        done(HOSPITAL, "2402", discharge(WANG, &stay, "2021-06-30 10:00:00"));
        done(HOSPITAL, "2303", stay_settlement(WANG, &stay, "5000.00", false));
        let settled = done(HOSPITAL, "2304", stay_settlement(WANG, &stay, "5000.00", false));
        done(
            HOSPITAL,
            "5203",
            json!({"data": {
                "psn_no": WANG, "mdtrt_id": stay, "setl_id": of(&settled, "setl_id")
            }}),
        );
        done(HOSPITAL, "2305", cancellation(WANG, &stay, &of(&settled, "setl_id")));
        done(HOSPITAL, "2405", of_encounter(WANG, &stay));
        done(HOSPITAL, "2302", json!({"data": {"feedetl_sn": "0000", "mdtrt_id": stay, "psn_no": WANG}}));
        done(HOSPITAL, "2404", of_encounter(WANG, &stay));
    }
    costs
}

#[test]
fn what_the_document_says_of_statements_and_round_trips_is_true() {
    let folder = tempfile::tempdir().unwrap();
    let embedded = costs_on(Arc::new(SqliteStore::open(folder.path(), &[]).unwrap()));
    let cluster = Cluster::start(&["fsync=off"]).unwrap();
    let server = costs_on(place::open(&cluster.create_database("city").unwrap(), &[]).unwrap());
    let table: String = embedded
        .iter()
        .map(|(infno, embedded)| {
            let server = server[infno];
            format!("| {infno} | {} | {} | {} |\n", embedded.statements, server.statements, server.round_trips)
        })
        .collect();
    assert!(DOCUMENT.contains(&table), "docs/performance.md should have these lines:\n{table}");
}
