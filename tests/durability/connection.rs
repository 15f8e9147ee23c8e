//! The network between the platform and PostgreSQL breaks: a clear fault, safe to send again, and no restart.

use crate::support::catalogue::{A, Bill};
use crate::support::city::City;
use crate::support::people::{Person, Profile};
use crate::support::pharmacy::{Purchase, purchase_input, sold};
use crate::support::program::yibao;
use crate::support::providers::{self, BJ_PHARMACY};
use crate::support::relay::Relay;
use crate::support::server::Server;
use serde_json::Value;
use std::thread;
use std::time::Duration;
use yibao_cluster::Cluster;

/// A platform that reaches its database through a relay.
struct Remote {
    relay: Relay,
    server: Server,
    url: String,
    _cluster: Cluster,
}

impl Remote {
    fn start() -> Remote {
        let cluster = Cluster::start(&[]).expect("PostgreSQL is installed");
        let url = cluster.create_database("city").expect("an empty database");
        let relay = Relay::to(cluster.port());
        let through = url.replace(&format!(":{}/", cluster.port()), &format!(":{}/", relay.port()));
        assert_ne!(through, url);
        let profiles = vec![Profile::employee("employee", "520502").balance("300.00")];
        let city = City::new("2021", providers::bijie(), profiles);
        let server = Server::with_books_in(through, city, "2021-07-05T18:00:00");
        Remote { relay, server, url, _cluster: cluster }
    }

    fn verify(mut self) {
        self.server.terminate();
        yibao(&["verify", "--data", &self.url]).succeeded();
    }
}

fn purchase(person: &Person) -> Value {
    purchase_input(person, &Purchase::on("2021-07-01", Bill::of(&A, "10.00")))
}

#[test]
fn a_settlement_that_was_committed_but_not_confirmed_is_answered_from_the_journal() {
    let remote = Remote::start();
    let (client, person) = (remote.server.client(&BJ_PHARMACY), remote.server.someone("employee"));
    let (msgid, input) = (client.next_msgid(), purchase(&person));
    let committed = remote.relay.swallow_commit_of(&msgid);
    let first = thread::scope(|scope| {
        let sending = scope.spawn(|| client.send_until_answered("2102", &msgid, &input));
        committed.recv_timeout(Duration::from_secs(60)).expect("the server commits it");
        sending.join().expect("it is answered in the end")
    });
    let once = sold(&first).expect("nothing is wrong with the purchase");
    once.expect(&[("acct_pay", "10.00"), ("balc", "290.00")]);
    assert_eq!(client.send_until_answered("2102", &msgid, &input).output_text(), first.output_text());
    let next = sold(&client.send_until_answered("2102", &client.next_msgid(), &input)).expect("a purchase");
    next.expect(&[("balc", "280.00")]);
    remote.verify();
}

#[test]
fn without_its_database_the_platform_answers_with_a_fault_and_goes_on_when_the_database_is_back() {
    let remote = Remote::start();
    let (client, person) = (remote.server.client(&BJ_PHARMACY), remote.server.someone("employee"));
    let (msgid, input) = (client.next_msgid(), purchase(&person));
    remote.relay.cut();
    assert!(client.try_send("2102", &msgid, input.clone()).is_none(), "nothing can be settled now");
    remote.relay.mend();
    let settled = sold(&client.send_until_answered("2102", &msgid, &input)).expect("nothing is wrong with it");
    settled.expect(&[("balc", "290.00")]);
    remote.verify();
}
