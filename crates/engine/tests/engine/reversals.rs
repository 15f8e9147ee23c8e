//! 2601 in every order: of what was never seen, was seen, was reversed; of settlements and of cancellations.

use super::care::{
    admission, admit, buy, cancellation, description, fees, of_encounter, one, purchase, registration, settle_visit,
    text, visit, visit_settlement,
};
use super::city::{City, HOSPITAL, LI, PHARMACY, WANG, ZHAO};
use serde_json::json;
use yibao_domain::money::Money;

#[test]
fn an_unseen_original_leaves_a_tombstone_that_stops_it() {
    let city = City::new();
    let omsgid = city.new_msgid(PHARMACY);
    let first = city.reverse(PHARMACY, WANG, "2102", &omsgid).unwrap();
    assert!(first.output.is_null() && first.remarks[0].contains("未收到"), "{:?}", first.remarks);
    let late = city.send(PHARMACY, "2102", &omsgid, &purchase(WANG, "10.00")).map(|_| ()).unwrap_err();
    assert!(late.contains("冲正"), "{late}");
    city.reverse(PHARMACY, WANG, "2102", &omsgid).unwrap();
    assert_eq!(city.balance(WANG), Some(Money::yuan(1000)));
    city.verify();
}

#[test]
fn a_seen_settlement_is_undone_once_and_its_message_stays_dead() {
    let city = City::new();
    let bought = buy(&city, WANG, "10.00");
    for _ in 0..2 {
        city.reverse(PHARMACY, WANG, "2102", &bought.msgid).unwrap();
        assert_eq!(city.balance(WANG), Some(Money::yuan(1000)));
    }
    assert!(city.send(PHARMACY, "2102", &bought.msgid, &purchase(WANG, "10.00")).is_err());
    city.verify();
}

#[test]
fn only_what_names_the_person_and_the_transaction_is_undone() {
    let city = City::new();
    let bought = buy(&city, WANG, "10.00");
    assert!(city.reverse(PHARMACY, LI, "2102", &bought.msgid).is_err(), "another person");
    assert!(city.reverse(PHARMACY, WANG, "2207", &bought.msgid).is_err(), "another transaction");
    assert!(city.reverse(PHARMACY, WANG, "2204", &bought.msgid).is_err(), "not reversible");
    assert_eq!(city.balance(WANG), Some(Money::yuan(990)));
    city.reverse(PHARMACY, WANG, "2102", &bought.msgid).unwrap();
}

#[test]
fn a_reversal_names_the_transaction_that_it_undoes_of_two_under_one_msgid() {
    let city = City::new();
    let msgid = city.new_msgid(HOSPITAL);
    // A visit's registration and its settlement, sent in the same second by a client without serials.
    let registered = city.send(HOSPITAL, "2201", &msgid, &registration(WANG, "310", "2021-07-01 09:30:00")).unwrap();
    let mdtrt_id = text(&registered.output["data"]["mdtrt_id"]);
    let answered = city.reverse(HOSPITAL, WANG, "2207", &msgid).unwrap();
    assert!(answered.remarks.iter().any(|remark| remark.contains("未收到过")), "{:?}", answered.remarks);
    city.done(HOSPITAL, "2203A", &description(WANG, &mdtrt_id, "11", "2021-07-01 09:30:00"));
    city.done(HOSPITAL, "2204", &fees(WANG, &mdtrt_id, "B1", &[one("1", "100.00")]));
    let late = city.send(HOSPITAL, "2207", &msgid, &visit_settlement(WANG, &mdtrt_id, "B1", "100.00"));
    assert!(late.map(|_| ()).unwrap_err().contains("冲正"));
    city.verify();
}

#[test]
fn another_providers_message_is_unseen() {
    let city = City::new();
    let bought = buy(&city, WANG, "10.00");
    let answered = city.reverse(HOSPITAL, WANG, "2102", &bought.msgid).unwrap();
    assert!(answered.remarks[0].contains("未收到"));
    assert_eq!(city.balance(WANG), Some(Money::yuan(990)));
}

#[test]
fn a_reversed_cancellation_puts_the_settlement_back_and_its_old_id_goes_on_naming_it() {
    let city = City::new();
    let mdtrt_id = visit(&city, WANG, "100.00");
    let settled = settle_visit(&city, WANG, &mdtrt_id, "B1", "100.00");
    let paid = city.balance(WANG);
    let cancel = cancellation(WANG, &mdtrt_id, &settled.setl_id);
    for _ in 0..2 {
        let cancelled = city.done(HOSPITAL, "2208", &cancel);
        assert_eq!(text(&cancelled.output["setlinfo"]["setl_id"]), settled.setl_id);
        assert_eq!(city.balance(WANG), Some(Money::yuan(1000)));
        city.reverse(HOSPITAL, WANG, "2208", &cancelled.msgid).unwrap();
        assert_eq!(city.balance(WANG), paid);
        city.verify();
    }
    let shown = city.done(HOSPITAL, "5203", &cancel).output;
    assert_eq!(shown["setlinfo"]["refd_setl_flag"], "0", "in force again");
    let lines = city.done(HOSPITAL, "5204", &cancel).output;
    assert_eq!(lines.as_array().unwrap().len(), 1, "its lines are found by the old id: {lines}");
    city.reverse(HOSPITAL, WANG, "2207", &settled.msgid).unwrap();
    assert_eq!(city.balance(WANG), Some(Money::yuan(1000)));
    assert_eq!(city.done(HOSPITAL, "5203", &cancel).output["setlinfo"]["refd_setl_flag"], "1");
    city.verify();
}

#[test]
fn a_settlement_whose_message_was_reversed_is_not_put_back() {
    let city = City::new();
    let bought = buy(&city, WANG, "10.00");
    let mdtrt_id = text(&bought.info["mdtrt_id"]);
    let cancelled = city.done(PHARMACY, "2103", &cancellation(WANG, &mdtrt_id, &bought.setl_id));
    city.reverse(PHARMACY, WANG, "2102", &bought.msgid).unwrap();
    city.reverse(PHARMACY, WANG, "2103", &cancelled.msgid).unwrap();
    assert_eq!(city.balance(WANG), Some(Money::yuan(1000)));
    city.verify();
}

#[test]
fn a_cancellation_stays_where_lines_or_a_new_settlement_came_since() {
    let city = City::new();
    let mdtrt_id = visit(&city, WANG, "100.00");
    let settled = settle_visit(&city, WANG, &mdtrt_id, "B1", "100.00");
    let cancelled = city.done(HOSPITAL, "2208", &cancellation(WANG, &mdtrt_id, &settled.setl_id));
    settle_visit(&city, WANG, &mdtrt_id, "B1", "100.00");
    assert!(city.reverse(HOSPITAL, WANG, "2208", &cancelled.msgid).is_err());
    city.verify();

    let mdtrt_id = visit(&city, WANG, "50.00");
    let settled = settle_visit(&city, WANG, &mdtrt_id, "B1", "50.00");
    let cancelled = city.done(HOSPITAL, "2208", &cancellation(WANG, &mdtrt_id, &settled.setl_id));
    city.done(HOSPITAL, "2205", &json!({"data": {"chrg_bchno": "0000", "mdtrt_id": mdtrt_id, "psn_no": WANG}}));
    let other = super::care::Line { item: super::city::DRUG_B, ..one("1", "50.00") };
    city.done(HOSPITAL, "2204", &fees(WANG, &mdtrt_id, "B1", &[other]));
    let text = city.reverse(HOSPITAL, WANG, "2208", &cancelled.msgid).map(|_| ()).unwrap_err();
    assert!(text.contains("变动"), "the same sum of other lines is another settlement: {text}");
    city.done(HOSPITAL, "2207", &visit_settlement(WANG, &mdtrt_id, "B1", "50.00"));
    city.verify();
}

#[test]
fn a_cancellation_stays_where_the_account_was_spent_since() {
    let city = City::new();
    let bought = buy(&city, ZHAO, "40.00");
    let mdtrt_id = text(&bought.info["mdtrt_id"]);
    let cancelled = city.done(PHARMACY, "2103", &cancellation(ZHAO, &mdtrt_id, &bought.setl_id));
    buy(&city, ZHAO, "30.00");
    let text = city.reverse(PHARMACY, ZHAO, "2103", &cancelled.msgid).map(|_| ()).unwrap_err();
    assert!(text.contains("余额"), "{text}");
    assert_eq!(city.balance(ZHAO), Some(Money::yuan(20)));
    city.verify();
}

#[test]
fn a_reversed_admission_is_cancelled_and_frees_the_person() {
    let city = City::new();
    let admitted = city.done(HOSPITAL, "2401", &admission(WANG, "2021-07-01 08:00:00"));
    city.reverse(HOSPITAL, WANG, "2401", &admitted.msgid).unwrap();
    let mdtrt_id = text(&admitted.output["result"]["mdtrt_id"]);
    city.refused(HOSPITAL, "2404", &of_encounter(WANG, &mdtrt_id), "已撤销");
    admit(&city, WANG);
}
