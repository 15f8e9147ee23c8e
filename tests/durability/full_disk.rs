//! The disk is full: a clear fault, nothing half done, and the same message settles once there is room again.

use crate::support::catalogue::{A, Bill};
use crate::support::city::City;
use crate::support::client::Client;
use crate::support::full_disk::FullDisk;
use crate::support::people::{Person, Profile};
use crate::support::pharmacy::{Purchase, purchase_input, sold};
use crate::support::program::yibao;
use crate::support::providers::{self, BJ_PHARMACY};
use crate::support::server::Server;
use serde_json::Value;
use yibao_cluster::{Cluster, Stop};

fn city() -> City {
    let profiles = vec![Profile::employee("employee", "520502").balance("300.00")];
    City::new("2021", providers::bijie(), profiles)
}

fn purchase(person: &Person) -> Value {
    purchase_input(person, &Purchase::on("2021-07-01", Bill::of(&A, "10.00")))
}

/// Settles once, then sends a message that cannot be kept.
fn settle_until_full(client: &Client, person: &Person, disk: &FullDisk) -> String {
    let first = sold(&client.call("2102", purchase(person))).expect("there is room");
    first.expect(&[("balc", "290.00")]);
    let msgid = client.next_msgid();
    disk.fill();
    let raw = client.send_raw("2102", &msgid, purchase(person));
    assert_eq!(raw.status, 503, "{}", raw.text);
    assert!(raw.text.contains("用原报文"), "says what to do: {}", raw.text);
    msgid
}

fn settle_again(client: &Client, person: &Person, msgid: &str) {
    let settled = sold(&client.send_until_answered("2102", msgid, &purchase(person))).expect("there is room again");
    settled.expect(&[("balc", "280.00")]);
    let next = sold(&client.call("2102", purchase(person))).expect("there is room again");
    next.expect(&[("balc", "270.00")]);
}

#[test]
fn an_embedded_book_on_a_full_disk_keeps_nothing_of_what_it_could_not_keep() {
    let disk = FullDisk::prepare();
    let mut server = Server::start(city(), "2021-07-05T18:00:00");
    server.restart_in(&disk.environment());
    let (client, person) = (server.client(&BJ_PHARMACY), server.someone("employee"));
    let msgid = settle_until_full(&client, &person, &disk);
    disk.clear();
    settle_again(&client, &person, &msgid);
    server.terminate();
    yibao(&["verify", "--data", &server.data()]).succeeded();
}

#[test]
fn a_database_on_a_full_disk_keeps_nothing_of_what_it_could_not_keep() {
    let disk = FullDisk::prepare();
    let environment = disk.environment();
    let environment: Vec<(&str, &str)> = environment.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let mut cluster = Cluster::start_with(&[], &environment).expect("PostgreSQL is installed");
    let url = cluster.create_database("city").expect("an empty database");
    let mut server = Server::with_books_in(url.clone(), city(), "2021-07-05T18:00:00");
    let (client, person) = (server.client(&BJ_PHARMACY), server.someone("employee"));
    let msgid = settle_until_full(&client, &person, &disk);
    disk.clear();
    // A server that cannot write its log stops; whoever runs it makes room and starts it again.
    cluster.stop(Stop::Immediate).expect("it may have stopped by itself");
    cluster.resume().expect("there is room again");
    settle_again(&client, &person, &msgid);
    server.terminate();
    yibao(&["verify", "--data", &url]).succeeded();
}
