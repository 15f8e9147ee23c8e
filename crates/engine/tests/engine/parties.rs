//! Parties that are no providers: they call through the platform like anybody else, with turns and message ids of their own.

use super::care::{settle_visit, visit, visit_settlement};
use super::city::{City, HOSPITAL, WANG};
use serde_json::{Value, json};
use std::sync::{Arc, Mutex};
use yibao_domain::party::{Party, PartyKind};
use yibao_domain::refusal::Code;
use yibao_engine::{Answer, Call, Stop};

/// The division in whose book the parties of these tests work.
const TOWN: &str = "520502";

fn bank() -> Party {
    Party::new(PartyKind::Bank, "ICBC")
}

/// A call of a party that is no provider.
fn call_of(city: &City, party: &Party, admdvs: &str, infno: &'static str, msgid: &str, input: &Value) -> Call {
    let call = city.call("", HOSPITAL, infno, msgid, input).unwrap();
    Call { party: party.clone(), provider: None, admdvs: admdvs.to_owned(), ..call }
}

fn answer(city: &City, call: Call) -> Result<Answer, Stop> {
    let kept = Arc::new(Mutex::new(None));
    let slot = kept.clone();
    city.platform.submit(call, Box::new(move |outcome| *slot.lock().unwrap() = Some(outcome)));
    while city.platform.step() {}
    kept.lock().unwrap().take().expect("the workers have answered")
}

fn send(city: &City, party: &Party, infno: &'static str, msgid: &str, input: &Value) -> Result<Answer, Stop> {
    answer(city, call_of(city, party, TOWN, infno, msgid, input))
}

#[track_caller]
fn is_refused(outcome: Result<Answer, Stop>, code: Code, texts: &[&str]) {
    match outcome {
        Err(Stop::Refused(refusal)) => {
            assert_eq!(refusal.code, code, "{}", refusal.text);
            for text in texts {
                assert!(refusal.text.contains(text), "{text} is not in: {}", refusal.text);
            }
        }
        other => panic!("{other:?}"),
    }
}

fn hospital_asked() -> Value {
    json!({"medinsinfo": {"fixmedins_code": HOSPITAL, "fixmedins_type": "1", "fixmedins_name": ""}})
}

fn reversal(omsgid: &str) -> Value {
    json!({"data": {"psn_no": WANG, "omsgid": omsgid, "oinfno": "2207"}})
}

#[test]
fn a_bank_and_a_hub_are_answered_what_needs_no_provider() {
    let city = City::new();
    for party in [bank(), Party::new(PartyKind::Hub, "GJ"), Party::new(PartyKind::Pool, "510400")] {
        let found = send(&city, &party, "1201", "1", &hospital_asked()).unwrap();
        assert!(found.output.contains(HOSPITAL), "{party}: {}", found.output);
    }
}

#[test]
fn what_needs_a_provider_refuses_another_party_and_says_so() {
    let city = City::new();
    let mdtrt_id = visit(&city, WANG, "100.00");
    let before = city.balance(WANG);
    let outcome = send(&city, &bank(), "2207", "1", &visit_settlement(WANG, &mdtrt_id, "B1", "100.00"));
    is_refused(outcome, Code::ProviderKind, &["2207", "合作银行", "bank/ICBC", "须由定点医药机构"]);
    let sign_in = json!({"signIn": {"opter_no": "1", "mac": "00", "ip": "127.0.0.1"}});
    is_refused(send(&city, &bank(), "9001", "2", &sign_in), Code::ProviderKind, &["9001"]);
    assert_eq!(city.balance(WANG), before);
    city.verify();
}

#[test]
fn a_party_names_the_pool_whose_book_it_calls() {
    let city = City::new();
    let elsewhere = call_of(&city, &bank(), "330106", "1201", "1", &hospital_asked());
    is_refused(answer(&city, elsewhere), Code::UnknownProvider, &["合作银行", "ICBC", "330106"]);
}

#[test]
fn the_message_ids_of_a_party_are_a_room_of_their_own() {
    let city = City::new();
    let mdtrt_id = visit(&city, WANG, "100.00");
    let settled = settle_visit(&city, WANG, &mdtrt_id, "B1", "100.00");
    // The bank undoes a message of its own that was never received, under ids that the hospital has used.
    let undone = send(&city, &bank(), "2601", "K1", &reversal(&settled.msgid)).unwrap();
    assert!(undone.remarks.concat().contains("未收到过报文"), "{:?}", undone.remarks);
    let input = visit_settlement(WANG, &mdtrt_id, "B1", "100.00");
    let again = city.send(HOSPITAL, "2207", &settled.msgid, &input).unwrap();
    assert_eq!(again.output["setlinfo"], settled.info, "the hospital's message stands");
    // Sent again it is answered as before, and other content under its id is refused; the hospital's own id is free.
    assert_eq!(send(&city, &bank(), "2601", "K1", &reversal(&settled.msgid)).unwrap(), undone);
    is_refused(send(&city, &bank(), "2601", "K1", &reversal("K9")), Code::MessageDiffers, &["K1"]);
    city.send(HOSPITAL, "2601", "K1", &reversal("K9")).unwrap();
    city.verify();
}

#[test]
fn a_party_takes_turns_with_a_provider_that_has_much_waiting() {
    let city = City::new();
    let order = Arc::new(Mutex::new(Vec::new()));
    let hand_in = |name: &'static str, call: Call| {
        let seen = order.clone();
        city.platform.submit(call, Box::new(move |outcome| seen.lock().unwrap().push((name, outcome.is_ok()))));
    };
    for (name, msgid) in [("h1", "1"), ("h2", "2"), ("h3", "3")] {
        hand_in(name, city.call("", HOSPITAL, "1201", msgid, &hospital_asked()).unwrap());
    }
    hand_in("bank", call_of(&city, &bank(), TOWN, "1201", "1", &hospital_asked()));
    while city.platform.step() {}
    assert_eq!(*order.lock().unwrap(), [("h1", true), ("bank", true), ("h2", true), ("h3", true)]);
}
