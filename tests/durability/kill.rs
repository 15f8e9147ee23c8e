//! `kill -9` under load: every acknowledged settlement is there, and resending all messages changes nothing.

use crate::support::catalogue::{A, Bill};
use crate::support::city::City;
use crate::support::client::Client;
use crate::support::outpatient::{Visit, cancel_input, open_visit, settle_input};
use crate::support::people::{Person, Profile};
use crate::support::pharmacy::{Purchase, purchase_input};
use crate::support::program::yibao;
use crate::support::providers::{self, BJ_L2, BJ_PHARMACY};
use crate::support::server::Server;
use crate::support::settled::Settled;
use serde_json::{Value, json};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

/// A message as it was sent, and the answer if one came.
struct Sent {
    pharmacy: bool,
    infno: &'static str,
    msgid: String,
    input: Value,
    answer: Option<Value>,
}

/// A till that goes on until the platform dies: purchases, visits and cancellations by turns.
fn till(server: &Server, person: &Person, acknowledged: &AtomicUsize, dead: &AtomicBool, journal: &Mutex<Vec<Sent>>) {
    let (pharmacy, hospital) = (server.client(&BJ_PHARMACY), server.client(&BJ_L2));
    let note = |client: &Client, infno: &'static str, input: Value| -> Option<Value> {
        let msgid = client.next_msgid();
        let answer = client.try_send(infno, &msgid, input.clone()).map(|reply| reply.output());
        acknowledged.fetch_add(usize::from(answer.is_some()), Ordering::Relaxed);
        let sent =
            Sent { pharmacy: client.provider.code == BJ_PHARMACY.code, infno, msgid, input, answer: answer.clone() };
        journal.lock().unwrap().push(sent);
        answer
    };
    while !dead.load(Ordering::Relaxed) {
        let bought = note(&pharmacy, "2102", purchase_input(person, &Purchase::on("2021-07-01", Bill::of(&A, "1.25"))));
        let Some(output) = bought else { return };
        let sold = Settled::read(&output);
        if sold.setl_id.bytes().last().is_some_and(|digit| digit % 3 == 0)
            && note(&pharmacy, "2103", cancel_input(person, &sold)).is_none()
        {
            return;
        }
        let visit = Visit::on("2021-07-01", Bill::of(&A, "2.50")).account("1");
        let Ok(opened) = open_visit(&hospital, person, &visit) else { return };
        if note(&hospital, "2207", settle_input(person, &visit, &opened)).is_none() {
            return;
        }
    }
}

#[test]
fn every_acknowledged_settlement_survives_kill_9_and_resending_changes_nothing() {
    let profiles = vec![Profile::employee("employee", "520502").balance("100000.00")];
    let mut server = Server::start(City::new("2021", providers::bijie(), profiles), "2021-07-05T18:00:00");
    let people: Vec<Person> = (0..6).map(|_| server.someone("employee")).collect();
    let journal = Mutex::new(vec![]);

    for round in 1..=3 {
        let (acknowledged, dead) = (AtomicUsize::new(0), AtomicBool::new(false));
        thread::scope(|scope| {
            for person in &people {
                scope.spawn(|| till(&server, person, &acknowledged, &dead, &journal));
            }
            let started = Instant::now();
            while acknowledged.load(Ordering::Relaxed) < 40 * round && started.elapsed() < Duration::from_secs(20) {
                thread::yield_now();
            }
            let pid = std::fs::read_to_string(server.path("pid")).unwrap();
            std::process::Command::new("kill").args(["-9", pid.trim()]).status().unwrap();
            dead.store(true, Ordering::Relaxed);
        });
        server.kill();
        yibao(&["verify", "--data", &server.data()]).succeeded();
        server.restart();
    }

    let journal = journal.into_inner().unwrap();
    let answered = journal.iter().filter(|sent| sent.answer.is_some()).count();
    assert!(answered >= 100, "only {answered} of {} were acknowledged", journal.len());
    let balances = |server: &Server| -> Vec<Value> {
        let client = server.client(&BJ_L2);
        people.iter().map(|person| client.read_person(person).output()["insuinfo"][0]["balc"].clone()).collect()
    };
    // those without an answer may or may not have happened: sending again makes them happen once
    for sent in journal.iter().filter(|sent| sent.answer.is_none()) {
        resend(&server, sent);
    }
    let before = balances(&server);
    for sent in &journal {
        let again = resend(&server, sent);
        if let Some(answer) = &sent.answer {
            assert_eq!(again["setlinfo"]["setl_id"], answer["setlinfo"]["setl_id"], "{} {}", sent.infno, sent.msgid);
            assert_eq!(&again, answer, "the first answer again");
        }
    }
    assert_eq!(balances(&server), before, "resending everything changed nothing");
    server.kill();
    yibao(&["verify", "--data", &server.data()]).succeeded();
}

/// The answer to the message sent again under its own msgid.
#[track_caller]
fn resend(server: &Server, sent: &Sent) -> Value {
    let client = server.client(if sent.pharmacy { &BJ_PHARMACY } else { &BJ_L2 });
    client.send(sent.infno, &sent.msgid, sent.input.clone()).outcome().unwrap_or(json!(null))
}

#[test]
fn a_clean_stop_leaves_books_that_verify() {
    let profiles = vec![Profile::employee("employee", "520502").balance("1000.00")];
    let mut server = Server::start(City::new("2021", providers::bijie(), profiles), "2021-07-05T18:00:00");
    let person = server.someone("employee");
    let input = purchase_input(&person, &Purchase::on("2021-07-01", Bill::of(&A, "10.00")));
    server.client(&BJ_PHARMACY).call("2102", input).output();
    let took = server.terminate();
    assert!(took < Duration::from_secs(10), "{took:?}");
    let ran = yibao(&["verify", "--data", &server.data()]).succeeded();
    assert!(ran.stdout.lines().count() >= 4, "a line a check:\n{}", ran.stdout);
}
