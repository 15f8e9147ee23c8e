//! The documented high-availability set-up (`docs/high-availability.md`) under load: the leader's machine loses its
//! power, and nothing that a provider was told is lost.

use crate::support::catalogue::{A, Bill};
use crate::support::city::City;
use crate::support::client::Client;
use crate::support::patroni::{HighAvailability, Role};
use crate::support::people::{Person, Profile};
use crate::support::pharmacy::{Purchase, purchase_input, sold};
use crate::support::program::yibao;
use crate::support::providers::{self, BJ_PHARMACY};
use crate::support::relay::Relay;
use crate::support::server::Server;
use crate::support::sql;
use serde_json::Value;
use std::collections::BTreeSet;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

const TILLS: usize = 4;
/// Settlements that every till makes before the power is cut, and again after somebody leads anew.
const EACH: usize = 10;
/// Enough for a machine that has much else to do.
const PATIENCE: Duration = Duration::from_secs(180);
/// The schema of the pool's book.
const BOOK: &str = "book_520500";

/// A purchase, and what the pharmacy was told of it.
struct Sale {
    msgid: String,
    input: Value,
    output: String,
}

/// Sells until it is closed, each purchase under its own message id until it is answered.
fn till(client: &Client, person: &Person, closed: &AtomicBool, sales: &Mutex<Vec<Sale>>) {
    while !closed.load(Ordering::Relaxed) {
        let (msgid, input) = (client.next_msgid(), purchase(person));
        let reply = client.send_until_answered("2102", &msgid, &input);
        sold(&reply).expect("nothing is wrong with the purchase");
        sales.lock().unwrap().push(Sale { msgid, input, output: reply.output_text().to_owned() });
    }
}

/// Closes the tills also when the test fails, for their threads are waited for.
struct Closing<'a>(&'a AtomicBool);

impl Drop for Closing<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// Waits until so many purchases have been answered.
fn wait_until_sold(sales: &Mutex<Vec<Sale>>, number: usize) {
    let started = Instant::now();
    while sales.lock().unwrap().len() < number {
        assert!(started.elapsed() < PATIENCE, "the tills stand still");
        thread::sleep(Duration::from_millis(20));
    }
}

fn purchase(person: &Person) -> Value {
    purchase_input(person, &Purchase::on("2021-07-01", Bill::of(&A, "1.25")))
}

#[test]
fn a_leader_that_dies_under_load_takes_no_acknowledged_settlement_with_it() {
    let mut machines = HighAvailability::start();
    let leader = machines.wait_for(Role::Leader, &[0, 1]);
    let standby = 1 - leader;
    let relays = [0, 1].map(|machine| Relay::to(machines.port(machine)));
    let profiles = vec![Profile::employee("employee", "520502").balance("100000.00")];
    let city = City::new("2021", providers::bijie(), profiles);
    let url = machines.url(&relays.each_ref().map(Relay::port));
    let mut server = Server::with_books_in(url, city, "2021-07-05T18:00:00");

    let people: Vec<Person> = (0..TILLS).map(|_| server.someone("employee")).collect();
    let client = server.client(&BJ_PHARMACY);
    let (closed, sales) = (AtomicBool::new(false), Mutex::new(vec![]));
    let lost = thread::scope(|scope| {
        let closing = Closing(&closed);
        for person in &people {
            scope.spawn(|| till(&client, person, &closed, &sales));
        }
        wait_until_sold(&sales, TILLS * EACH);

        // one more customer, who is told nothing although the leader has committed
        let (msgid, input) = (client.next_msgid(), purchase(&server.someone("employee")));
        let committed = relays[leader].swallow_commit_of(&msgid);
        let sending = client.send_and_hang_up("2102", &msgid, &input);
        committed.recv_timeout(PATIENCE).expect("the leader commits it");
        drop(sending);
        let kept = sql::ask(
            &machines.direct(leader, "yibao"),
            &format!("SELECT output FROM {BOOK}.message WHERE msgid = '{msgid}'"),
        );

        machines.cut_power(leader);
        machines.wait_for(Role::Leader, &[standby]);
        let before = sales.lock().unwrap().len();
        wait_until_sold(&sales, before + TILLS * EACH);
        drop(closing);
        Sale { msgid, input, output: kept }
    });

    let mut sales = sales.into_inner().unwrap();
    sales.push(lost);
    for sale in &sales {
        let again = client.send_until_answered("2102", &sale.msgid, &sale.input);
        assert_eq!(again.output_text(), sale.output, "{} was answered with these bytes", sale.msgid);
    }

    let settled =
        sql::ask(&machines.direct(standby, "yibao"), &format!("SELECT msgid FROM {BOOK}.settlement ORDER BY msgid"));
    let settled: Vec<&str> = settled.lines().collect();
    let sent: BTreeSet<&str> = sales.iter().map(|sale| sale.msgid.as_str()).collect();
    assert_eq!(settled, sent.into_iter().collect::<Vec<_>>(), "each message has one settlement, and nothing else has");
    server.terminate();
    yibao(&["verify", "--data", &server.data()]).succeeded();

    machines.power_on(leader);
    machines.wait_for(Role::SyncStandby, &[leader]);
}
