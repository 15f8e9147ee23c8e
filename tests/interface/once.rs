//! Once and only once: resent messages, reversals, and callers at the same time.

use super::town::TOWN;
use crate::support::catalogue::{A, Bill};
use crate::support::client::Client;
use crate::support::inpatient::{self, Stay};
use crate::support::outpatient::{Opened, Visit, cancel_input, open_visit, settle_input, settle_visit};
use crate::support::people::Person;
use crate::support::pharmacy::{Purchase, purchase_input, sold};
use crate::support::providers::{BJ_L2, BJ_PHARMACY};
use crate::support::settled::Settled;
use serde_json::{Value, json};
use std::sync::Barrier;
use std::thread;

fn visit(price: &str) -> Visit {
    Visit::on("2021-07-01", Bill::of(&A, price)).account("1")
}

/// A visit ready to settle, and the input of its 2207.
#[track_caller]
fn ready(price: &str) -> (Client, Person, Opened, Value) {
    let (client, person) = (TOWN.client(&BJ_L2), TOWN.someone("employee"));
    let visit = visit(price);
    let opened = open_visit(&client, &person, &visit).unwrap();
    let input = settle_input(&person, &visit, &opened);
    (client, person, opened, input)
}

#[track_caller]
fn balance(client: &Client, person: &Person) -> i64 {
    crate::support::amounts::fen_of(&client.read_person(person).output()["insuinfo"][0]["balc"])
}

#[test]
fn the_same_message_again_gets_the_same_settlement() {
    let (client, person, _, input) = ready("100.00");
    let msgid = client.next_msgid();
    let first = client.send("2207", &msgid, input.clone()).output();
    for _ in 0..3 {
        let again = client.send("2207", &msgid, input.clone()).output();
        assert_eq!(again["setlinfo"]["setl_id"], first["setlinfo"]["setl_id"]);
        assert_eq!(again, first, "the stored answer");
    }
    assert_eq!(balance(&client, &person), 90_000, "paid once");
}

#[test]
fn the_same_message_in_another_writing_is_the_same() {
    let (client, _, _, input) = ready("100.00");
    let msgid = client.next_msgid();
    let first = client.send("2207", &msgid, input.clone()).output();
    let other = client.speaking(crate::support::client::Vendor::PathByService);
    let again = other.send("2207", &msgid, input).output();
    assert_eq!(again["setlinfo"]["setl_id"], first["setlinfo"]["setl_id"]);
}

#[test]
fn the_same_msgid_with_another_content_is_refused() {
    let (client, person, _, input) = ready("100.00");
    let msgid = client.next_msgid();
    client.send("2207", &msgid, input.clone()).output();
    let mut other = input;
    other["data"]["acct_used_flag"] = json!("0");
    let text = client.send("2207", &msgid, other).refusal();
    assert!(text.contains(&msgid) || text.contains("报文"), "{text}");
    assert_eq!(balance(&client, &person), 90_000);
}

#[test]
fn a_client_that_gives_two_transactions_of_one_second_one_msgid_gets_both_answered() {
    let (client, person, _, input) = ready("100.00");
    let msgid = client.next_msgid();
    let settled = client.send("2207", &msgid, input.clone()).output();
    let purchase = purchase_input(&person, &Purchase::on("2021-07-01", Bill::of(&A, "5.00")));
    let bought = client.send("2102", &msgid, purchase.clone()).output();
    assert_eq!(client.send("2207", &msgid, input).output(), settled);
    assert_eq!(client.send("2102", &msgid, purchase).output(), bought);
    assert_eq!(balance(&client, &person), 89_500);
}

#[test]
fn another_provider_may_use_the_same_msgid() {
    let (client, person, _, input) = ready("100.00");
    let msgid = client.next_msgid();
    client.send("2207", &msgid, input).output();
    let purchase = purchase_input(&person, &Purchase::on("2021-07-01", Bill::of(&A, "5.00")));
    sold(&TOWN.client(&BJ_PHARMACY).send("2102", &msgid, purchase)).unwrap();
    assert_eq!(balance(&client, &person), 89_500);
}

#[test]
fn a_settled_visit_cannot_be_settled_again() {
    let (client, person, _, input) = ready("100.00");
    client.call("2207", input.clone()).output();
    client.call("2207", input).refusal();
    assert_eq!(balance(&client, &person), 90_000);
}

#[test]
fn a_refused_message_is_judged_anew() {
    let (client, _, opened, input) = ready("100.00");
    let msgid = client.next_msgid();
    let mut wrong = input.clone();
    wrong["data"]["mdtrt_id"] = json!("99999999990000000009");
    client.send("2207", &msgid, wrong).refusal();
    let output = client.send("2207", &msgid, input).output();
    assert_eq!(output["setlinfo"]["mdtrt_id"], json!(opened.mdtrt_id));
}

#[test]
fn a_reversal_undoes_the_settlement_and_the_late_original_is_refused() {
    let (client, person, opened, input) = ready("100.00");
    let msgid = client.next_msgid();
    client.send("2207", &msgid, input.clone()).output();
    assert_eq!(client.reverse(&person, "2207", &msgid).output(), Value::Null);
    assert_eq!(balance(&client, &person), 100_000);
    client.send("2207", &msgid, input.clone()).refusal();
    assert_eq!(balance(&client, &person), 100_000);
    // the visit may be settled by a new message
    let output = client.call("2207", input).output();
    assert_eq!(output["setlinfo"]["mdtrt_id"], json!(opened.mdtrt_id));
}

#[test]
fn a_reversal_of_a_message_never_seen_succeeds_with_a_remark_and_bars_the_original() {
    let (client, person, _, input) = ready("100.00");
    let msgid = client.next_msgid();
    let reply = client.reverse(&person, "2207", &msgid);
    assert_eq!(reply.output(), Value::Null);
    assert!(reply.body["warn_msg"].as_str().is_some_and(|text| !text.is_empty()), "a remark: {}", reply.body);
    client.send("2207", &msgid, input.clone()).refusal();
    client.call("2207", input).output();
}

#[test]
fn a_repeated_reversal_answers_the_same() {
    let (client, person, _, input) = ready("100.00");
    let msgid = client.next_msgid();
    client.send("2207", &msgid, input).output();
    for _ in 0..3 {
        assert_eq!(client.reverse(&person, "2207", &msgid).output(), Value::Null);
    }
    assert_eq!(balance(&client, &person), 100_000);
}

#[test]
fn purchases_admissions_and_cancellations_are_reversible_too() {
    let (pharmacy, person) = (TOWN.client(&BJ_PHARMACY), TOWN.someone("employee"));
    let input = purchase_input(&person, &Purchase::on("2021-07-01", Bill::of(&A, "60.00")));
    let msgid = pharmacy.next_msgid();
    pharmacy.send("2102", &msgid, input).output();
    pharmacy.reverse(&person, "2102", &msgid).output();
    assert_eq!(balance(&pharmacy, &person), 100_000);

    let client = TOWN.client(&BJ_L2);
    let settled = settle_visit(&client, &person, &visit("100.00")).unwrap();
    let msgid = client.next_msgid();
    client.send("2208", &msgid, cancel_input(&person, &settled)).output();
    assert_eq!(balance(&client, &person), 100_000);
    client.reverse(&person, "2208", &msgid).output();
    assert_eq!(balance(&client, &person), 90_000, "the cancellation is undone, the settlement stands again");

    let stay = Stay::from("2021-06-28", "2021-07-01", Bill::of(&A, "500.00"));
    let msgid = client.next_msgid();
    let input = inpatient::admission(&person, &stay, "REV1");
    let mdtrt_id = client.send("2401", &msgid, input).output()["result"]["mdtrt_id"].clone();
    client.reverse(&person, "2401", &msgid).output();
    let words = inpatient::upload(&client, &person, &stay, mdtrt_id.as_str().unwrap(), &stay.bill, 0).unwrap_err();
    assert!(words.contains('['), "{words}");
}

#[test]
fn what_2601_may_not_name_is_refused() {
    let (client, person) = (TOWN.client(&BJ_L2), TOWN.someone("employee"));
    let text = client.reverse(&person, "2204", &client.next_msgid()).refusal();
    assert!(text.contains("2204"), "{text}");
}

#[test]
fn the_platforms_own_id_of_a_reply_is_no_message_that_can_be_reversed() {
    let (pharmacy, person) = (TOWN.client(&BJ_PHARMACY), TOWN.someone("employee"));
    let input = purchase_input(&person, &Purchase::on("2021-07-01", Bill::of(&A, "60.00")));
    let bought = pharmacy.call("2102", input);
    bought.output();
    let own = bought.body["inf_refmsgid"].as_str().unwrap();
    let text = pharmacy.reverse(&person, "2102", own).refusal();
    assert!(text.contains("inf_refmsgid") && text.contains("发送原交易时的 msgid"), "{text}");
    assert_eq!(balance(&pharmacy, &person), 94_000, "nothing is reversed");
    pharmacy.reverse(&person, "2102", &bought.msgid).output();
    assert_eq!(balance(&pharmacy, &person), 100_000);
}

#[test]
fn an_admission_resent_answers_the_same_stay() {
    let (client, person) = (TOWN.client(&BJ_L2), TOWN.someone("employee"));
    let stay = Stay::from("2021-06-28", "2021-07-01", Bill::of(&A, "500.00"));
    let (msgid, input) = (client.next_msgid(), inpatient::admission(&person, &stay, "SAME1"));
    let first = client.send("2401", &msgid, input.clone()).output();
    assert_eq!(client.send("2401", &msgid, input).output(), first);
}

#[test]
fn of_two_settlements_of_one_visit_at_the_same_time_one_wins() {
    for _ in 0..5 {
        let (client, person, _, input) = ready("100.00");
        let start = Barrier::new(2);
        let results: Vec<bool> = thread::scope(|scope| {
            let runs: Vec<_> = (0..2)
                .map(|_| {
                    scope.spawn(|| {
                        let msgid = client.next_msgid();
                        start.wait();
                        client.send("2207", &msgid, input.clone()).is_success()
                    })
                })
                .collect();
            runs.into_iter().map(|run| run.join().unwrap()).collect()
        });
        assert_eq!(results.iter().filter(|won| **won).count(), 1, "exactly one wins: {results:?}");
        assert_eq!(balance(&client, &person), 90_000);
    }
}

#[test]
fn the_same_message_at_the_same_time_gives_one_settlement() {
    let (client, person, _, input) = ready("100.00");
    let msgid = client.next_msgid();
    let start = Barrier::new(8);
    let answers: Vec<Value> = thread::scope(|scope| {
        let runs: Vec<_> = (0..8)
            .map(|_| {
                scope.spawn(|| {
                    start.wait();
                    client.send("2207", &msgid, input.clone()).output()["setlinfo"]["setl_id"].clone()
                })
            })
            .collect();
        runs.into_iter().map(|run| run.join().unwrap()).collect()
    });
    assert!(answers.iter().all(|id| id == &answers[0]), "{answers:?}");
    assert_eq!(balance(&client, &person), 90_000);
}

#[test]
fn sixteen_tills_at_once_never_overdraw_an_account() {
    let person = TOWN.someone("employee");
    let pharmacy = TOWN.client(&BJ_PHARMACY);
    let start = Barrier::new(16);
    let sales: Vec<Settled> = thread::scope(|scope| {
        let tills: Vec<_> = (0..16)
            .map(|_| {
                scope.spawn(|| {
                    start.wait();
                    let input = purchase_input(&person, &Purchase::on("2021-07-01", Bill::of(&A, "150.00")));
                    sold(&pharmacy.call("2102", input)).unwrap()
                })
            })
            .collect();
        tills.into_iter().map(|till| till.join().unwrap()).collect()
    });
    // 1,000 in the account: six whole payments, one of 100, nine of nothing
    let paid: i64 = sales.iter().map(|sale| sale.fen("acct_pay")).sum();
    assert_eq!(paid, 100_000);
    assert_eq!(sales.iter().filter(|sale| sale.fen("acct_pay") == 15_000).count(), 6);
    assert_eq!(balance(&pharmacy, &person), 0);
}
