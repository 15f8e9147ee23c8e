//! Several processes of the platform on one database: they work as one.

use crate::support::catalogue::{A, Bill};
use crate::support::city::City;
use crate::support::client::Client;
use crate::support::outpatient::{Visit, cancel_input, open_visit, settle_input};
use crate::support::people::{Person, Profile};
use crate::support::pharmacy::{Purchase, purchase_input, sold};
use crate::support::program::yibao;
use crate::support::providers::{self, BJ_L2, BJ_PHARMACY};
use crate::support::server::Server;
use crate::support::sql;
use serde_json::Value;
use std::thread;
use yibao_cluster::Cluster;

const TILLS: usize = 4;
const EACH: usize = 12;

fn purchase(person: &Person) -> Value {
    purchase_input(person, &Purchase::on("2021-07-01", Bill::of(&A, "10.00")))
}

/// Two processes on one database.
struct Two {
    first: Server,
    second: Server,
    url: String,
    _cluster: Cluster,
}

impl Two {
    fn start(profiles: Vec<Profile>) -> Two {
        let cluster = Cluster::start(&[]).expect("PostgreSQL is installed");
        let url = cluster.create_database("city").expect("an empty database");
        let city = City::new("2021", providers::bijie(), profiles);
        let first = Server::with_books_in(url.clone(), city, "2021-07-05T18:00:00");
        let second = first.another();
        Two { first, second, url, _cluster: cluster }
    }

    /// The same provider's system, connected to the one or to the other.
    fn client(&self, number: usize, provider: &'static providers::Provider) -> Client {
        if number.is_multiple_of(2) { self.first.client(provider) } else { self.second.client(provider) }
    }

    fn verify(mut self) {
        assert!(!self.first.log().contains("deadlock"), "{}", self.first.log());
        assert!(!self.second.log().contains("deadlock"), "{}", self.second.log());
        self.first.terminate();
        self.second.terminate();
        yibao(&["verify", "--data", &self.url]).succeeded();
    }
}

#[test]
fn many_tills_at_two_processes_pay_one_account_and_count_every_purchase_once() {
    let two = Two::start(vec![Profile::employee("employee", "520502").balance("1000.00")]);
    let person = two.first.someone("employee");
    let balances: Vec<Vec<String>> = thread::scope(|scope| {
        let tills: Vec<_> = (0..TILLS)
            .map(|till| {
                let (client, person) = (two.client(till, &BJ_PHARMACY), &person);
                scope.spawn(move || {
                    let one = |_| {
                        let reply = client.call("2102", purchase(person));
                        reply.output()["setlinfo"]["balc"].to_string()
                    };
                    (0..EACH).map(one).collect::<Vec<String>>()
                })
            })
            .collect();
        tills.into_iter().map(|till| till.join().unwrap()).collect()
    });
    // 48 purchases of 10 yuan from 1,000: each balance is seen once, down to 520
    let mut seen: Vec<String> = balances.concat();
    seen.sort();
    let mut expected: Vec<String> = (1..=TILLS * EACH).map(|nth| format!("{}.00", 1_000 - 10 * nth)).collect();
    expected.sort();
    assert_eq!(seen, expected);
    two.verify();
}

#[test]
fn copies_of_one_message_sent_to_both_processes_settle_once_with_one_answer() {
    let two = Two::start(vec![Profile::employee("employee", "520502").balance("1000.00")]);
    let person = two.first.someone("employee");
    let clients = [two.client(0, &BJ_PHARMACY), two.client(1, &BJ_PHARMACY)];
    for _ in 0..EACH {
        let (msgid, input) = (clients[0].next_msgid(), purchase(&person));
        let answers: Vec<String> = thread::scope(|scope| {
            let copies: Vec<_> = (0..TILLS)
                .map(|copy| {
                    let (client, msgid, input) = (&clients[copy % 2], &msgid, &input);
                    scope.spawn(move || client.send_until_answered("2102", msgid, input).output_text().to_owned())
                })
                .collect();
            copies.into_iter().map(|copy| copy.join().unwrap()).collect()
        });
        assert!(answers.iter().all(|answer| *answer == answers[0]), "{answers:#?}");
    }
    assert_eq!(sql::ask(&two.url, "SELECT count(*) FROM book_520500.settlement"), EACH.to_string());
    let last = sold(&clients[0].call("2102", purchase(&person))).expect("a purchase");
    // 12 before it, and this one
    last.expect(&[("balc", "870.00")]);
    two.verify();
}

#[test]
fn a_visit_goes_from_one_process_to_the_other_and_of_two_settlements_one_wins() {
    let two = Two::start(vec![Profile::employee("employee", "520502").balance("1000.00")]);
    let person = two.first.someone("employee");
    let clients = [two.client(0, &BJ_L2), two.client(1, &BJ_L2)];
    for _ in 0..EACH {
        let visit = Visit::on("2021-07-01", Bill::of(&A, "2.50")).account("1");
        let opened = open_visit(&clients[0], &person, &visit).expect("nothing is wrong with the visit");
        let outcomes: Vec<bool> = thread::scope(|scope| {
            let racers: Vec<_> = clients
                .iter()
                .map(|client| {
                    let input = settle_input(&person, &visit, &opened);
                    scope.spawn(move || client.call("2207", input).is_success())
                })
                .collect();
            racers.into_iter().map(|racer| racer.join().unwrap()).collect()
        });
        assert_eq!(outcomes.iter().filter(|won| **won).count(), 1, "{outcomes:?}");
    }
    let bought = sold(&clients[1].call("2102", purchase(&person)));
    if let Ok(bought) = bought {
        assert!(clients[0].call("2103", cancel_input(&person, &bought)).is_success());
    }
    two.verify();
}
