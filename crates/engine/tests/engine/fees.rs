//! Fee lines: returns, withdrawal, amounts.

use super::care::{Line, admit, fees, one, register, settle_visit, visit};
use super::city::{City, DRUG, DRUG_B, HOSPITAL, WANG};
use serde_json::json;

const RETURN: Line = Line { serial: "9", item: DRUG, quantity: "-1", price: "100.00", amount: "-100.00", returns: "1" };

#[test]
fn no_more_is_returned_than_was_charged() {
    let city = City::new();
    let mdtrt_id = admit(&city, WANG);
    let upload = |line: Line| fees(WANG, &mdtrt_id, "", &[line]);
    city.done(HOSPITAL, "2301", &upload(one("1", "100.00")));
    city.refused(HOSPITAL, "2301", &upload(Line { returns: "7", ..RETURN }), "init_feedetl_sn");
    city.refused(HOSPITAL, "2301", &upload(Line { item: DRUG_B, ..RETURN }), "同一项目");
    city.refused(HOSPITAL, "2301", &upload(Line { quantity: "-2", amount: "-200.00", ..RETURN }), "超过");
    city.refused(HOSPITAL, "2301", &upload(Line { price: "101.00", amount: "-101.00", ..RETURN }), "超过");
    city.done(HOSPITAL, "2301", &upload(RETURN));
    city.refused(HOSPITAL, "2301", &upload(Line { serial: "10", ..RETURN }), "超过");
}

#[test]
fn a_bill_that_is_wholly_returned_settles_to_nothing() {
    let city = City::new();
    let mdtrt_id = visit(&city, WANG, "100.00");
    city.done(HOSPITAL, "2204", &fees(WANG, &mdtrt_id, "B1", &[RETURN]));
    settle_visit(&city, WANG, &mdtrt_id, "B1", "0.00");
    city.verify();
}

#[test]
fn an_original_is_not_withdrawn_from_under_its_return() {
    let city = City::new();
    let mdtrt_id = admit(&city, WANG);
    city.done(HOSPITAL, "2301", &fees(WANG, &mdtrt_id, "", &[one("1", "100.00"), RETURN]));
    let withdraw = |serials: &[&str]| {
        let rows = serials.iter().map(|sn| json!({"feedetl_sn": sn, "mdtrt_id": mdtrt_id, "psn_no": WANG}));
        json!({"data": rows.collect::<Vec<_>>()})
    };
    city.refused(HOSPITAL, "2302", &withdraw(&["1"]), "退费");
    city.done(HOSPITAL, "2302", &withdraw(&["1", "9"]));
}

#[test]
fn a_settled_line_is_returned_in_a_later_batch() {
    let city = City::new();
    let mdtrt_id = visit(&city, WANG, "100.00");
    settle_visit(&city, WANG, &mdtrt_id, "B1", "100.00");
    city.done(HOSPITAL, "2204", &fees(WANG, &mdtrt_id, "B2", &[one("2", "150.00"), RETURN]));
    settle_visit(&city, WANG, &mdtrt_id, "B2", "50.00");
    city.verify();
}

#[test]
fn a_return_alone_is_no_settlement() {
    let city = City::new();
    let mdtrt_id = visit(&city, WANG, "100.00");
    settle_visit(&city, WANG, &mdtrt_id, "B1", "100.00");
    city.done(HOSPITAL, "2204", &fees(WANG, &mdtrt_id, "B2", &[RETURN]));
    let input = super::care::visit_settlement(WANG, &mdtrt_id, "B2", "-100.00");
    city.refused(HOSPITAL, "2207", &input, "不能小于0");
}

#[test]
fn a_serial_is_taken_once_and_a_refused_upload_leaves_nothing() {
    let city = City::new();
    let mdtrt_id = register(&city, WANG);
    let twice = fees(WANG, &mdtrt_id, "B1", &[one("1", "1.00"), one("2", "1.00"), one("1", "1.00")]);
    city.refused(HOSPITAL, "2204", &twice, "feedetl_sn 1");
    assert_eq!(city.look(|tx| tx.fee_lines(&mdtrt_id)).len(), 0);
}

#[test]
fn an_amount_beyond_reason_is_refused_not_summed() {
    let city = City::new();
    let mdtrt_id = register(&city, WANG);
    let line = |price| fees(WANG, &mdtrt_id, "B1", &[one("1", price)]);
    city.refused(HOSPITAL, "2204", &line("100000000.01"), "上限");
    city.done(HOSPITAL, "2204", &line("100000000.00"));
}
