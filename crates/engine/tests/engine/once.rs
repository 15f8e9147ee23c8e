//! Once and only once: resent messages.

use super::care::{cancellation, purchase, settle_visit, visit, visit_settlement};
use super::city::{City, HOSPITAL, PHARMACY, WANG};
use yibao_domain::money::Money;

#[test]
fn a_resent_settlement_is_answered_as_before_and_pays_once() {
    let city = City::new();
    let mdtrt_id = visit(&city, WANG, "100.00");
    let settled = settle_visit(&city, WANG, &mdtrt_id, "B1", "100.00");
    let balance = city.balance(WANG);
    let input = visit_settlement(WANG, &mdtrt_id, "B1", "100.00");
    let again = city.send(HOSPITAL, "2207", &settled.msgid, &input).unwrap();
    assert_eq!(again.output["setlinfo"], settled.info);
    assert_eq!(city.balance(WANG), balance);
    city.verify();
}

#[test]
fn the_stored_answer_stands_even_after_the_settlement_was_cancelled() {
    let city = City::new();
    let mdtrt_id = visit(&city, WANG, "100.00");
    let settled = settle_visit(&city, WANG, &mdtrt_id, "B1", "100.00");
    city.done(HOSPITAL, "2208", &cancellation(WANG, &mdtrt_id, &settled.setl_id));
    let input = visit_settlement(WANG, &mdtrt_id, "B1", "100.00");
    let again = city.send(HOSPITAL, "2207", &settled.msgid, &input).unwrap();
    assert_eq!(again.output["setlinfo"], settled.info);
    assert_eq!(city.balance(WANG), Some(Money::yuan(1000)), "nothing was paid again");
}

#[test]
fn a_used_msgid_with_another_content_is_refused() {
    let city = City::new();
    let bought = city.done(PHARMACY, "2102", &purchase(WANG, "10.00"));
    let text = city.send(PHARMACY, "2102", &bought.msgid, &purchase(WANG, "11.00")).map(|_| ()).unwrap_err();
    assert!(text.contains(&bought.msgid), "{text}");
}

#[test]
fn two_transactions_under_one_msgid_are_two_messages_and_each_is_answered_again() {
    let city = City::new();
    let mdtrt_id = visit(&city, WANG, "100.00");
    let settled = settle_visit(&city, WANG, &mdtrt_id, "B1", "100.00");
    let undo = cancellation(WANG, &mdtrt_id, &settled.setl_id);
    let cancelled = city.send(HOSPITAL, "2208", &settled.msgid, &undo).unwrap();
    let again = city.send(HOSPITAL, "2208", &settled.msgid, &undo).unwrap();
    assert_eq!(again.output, cancelled.output);
    let again =
        city.send(HOSPITAL, "2207", &settled.msgid, &visit_settlement(WANG, &mdtrt_id, "B1", "100.00")).unwrap();
    assert_eq!(again.output["setlinfo"], settled.info, "settled once, and not settled again by the copy");
    city.verify();
}

#[test]
fn a_refused_message_is_judged_anew() {
    let city = City::new();
    let mdtrt_id = visit(&city, WANG, "100.00");
    let msgid = city.new_msgid(HOSPITAL);
    assert!(city.send(HOSPITAL, "2207", &msgid, &visit_settlement(WANG, &mdtrt_id, "B1", "99.00")).is_err());
    city.send(HOSPITAL, "2207", &msgid, &visit_settlement(WANG, &mdtrt_id, "B1", "100.00")).unwrap();
}

#[test]
fn the_second_of_two_settlements_of_a_batch_is_told_so() {
    let city = City::new();
    let mdtrt_id = visit(&city, WANG, "100.00");
    let settled = settle_visit(&city, WANG, &mdtrt_id, "B1", "100.00");
    city.refused(HOSPITAL, "2207", &visit_settlement(WANG, &mdtrt_id, "B1", "100.00"), &settled.setl_id);
}
