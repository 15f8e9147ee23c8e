//! No certificate number and no name of a person ever reaches the platform's outputs.

use crate::support::catalogue::{A, Bill};
use crate::support::city::City;
use crate::support::inpatient::{Stay, settle_stay};
use crate::support::outpatient::{Visit, settle_visit};
use crate::support::people::Profile;
use crate::support::pharmacy::{Purchase, buy};
use crate::support::program::yibao;
use crate::support::providers::{self, BJ_L2, BJ_PHARMACY};
use crate::support::server::Server;
use serde_json::json;

#[test]
fn logs_metrics_and_verify_never_show_who_a_person_is() {
    let profiles = vec![Profile::employee("employee", "520502").balance("1000.00")];
    let mut server = Server::start(City::new("2021", providers::bijie(), profiles), "2021-07-05T18:00:00");
    let (client, person) = (server.client(&BJ_L2), server.someone("employee"));
    client.read_person(&person).output();
    settle_visit(&client, &person, &Visit::on("2021-07-01", Bill::of(&A, "20.00")).account("1")).unwrap();
    settle_stay(&client, &person, &Stay::from("2021-06-28", "2021-07-01", Bill::of(&A, "900.00"))).unwrap();
    buy(&server.client(&BJ_PHARMACY), &person, &Purchase::on("2021-07-01", Bill::of(&A, "20.00"))).unwrap();
    // refusals that quote what was wrong, and messages cut in the middle of a name
    client.call("1101", json!({"data": {"mdtrt_cert_type": "02", "mdtrt_cert_no": person.certno.replace('2', "3"), "psn_cert_type": "01"}}));
    client.call("2201", json!({"data": {"psn_no": person.psn_no, "psn_name": person.name, "certno": person.certno}}));
    client.post_bytes(
        format!("{{\"infno\":\"1101\",\"input\":{{\"certno\":\"{}\",\"psn_name\":\"{}\"", person.certno, person.name)
            .as_bytes(),
    );
    let metrics = crate::support::client::agent().get(format!("{}/metrics", server.base())).call();
    let metrics = metrics.unwrap().body_mut().read_to_string().unwrap();
    let took = server.terminate();
    assert!(took.as_secs() < 10, "stops cleanly: {took:?}");
    let verify = yibao(&["verify", "--data", &server.data()]).succeeded();
    let log = server.log();
    assert!(!log.is_empty(), "the platform logs");
    for (place, text) in [("the log", &log), ("the metrics", &metrics), ("verify", &verify.text())] {
        for secret in [person.certno.as_str(), &person.certno[6..], &person.name, "欧阳"] {
            assert!(!text.contains(secret), "{place} shows {secret}:\n{text}");
        }
    }
    assert!(log.contains("2207"), "calls are logged by transaction:\n{log}");
}
