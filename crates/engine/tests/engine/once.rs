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
fn a_used_msgid_with_another_content_or_transaction_is_refused() {
    let city = City::new();
    let bought = city.done(PHARMACY, "2102", &purchase(WANG, "10.00"));
    for (infno, input) in [("2102", purchase(WANG, "11.00")), ("2103", cancellation(WANG, "1", "2"))] {
        let text = city.send(PHARMACY, infno, &bought.msgid, &input).map(|_| ()).unwrap_err();
        assert!(text.contains(&bought.msgid), "{text}");
    }
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
