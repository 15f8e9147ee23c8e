//! Fee lines: returns, withdrawal, amounts.

use super::care::{
    Line, admit, cancellation, discharge, fees, one, purchase, register, settle_visit, stay_settlement, visit,
};
use super::city::{City, DRUG, DRUG_B, HOSPITAL, PHARMACY, WANG};
use super::registers::{add, hospital, why};
use jiff::civil::date;
use serde_json::{Value, json};
use yibao_domain::code::Pool;
use yibao_domain::money::{Decimal, Money};
use yibao_domain::outage::RegisterKind;
use yibao_domain::register::EntryLine;

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

/// Takes back pieces of an item without naming a line.
const fn unnamed(serial: &'static str, item: &'static str, quantity: &'static str, amount: &'static str) -> Line {
    Line { serial, item, quantity, price: "10.00", amount, returns: "" }
}

#[test]
fn no_item_is_taken_back_beyond_what_was_charged_of_it_where_no_line_is_named() {
    let city = City::new();
    let charged = Line { quantity: "3", amount: "30.00", ..unnamed("1", DRUG, "3", "30.00") };
    for (infno, mdtrt_id, batch) in [("2301", admit(&city, WANG), ""), ("2204", register(&city, WANG), "B1")] {
        let upload = |lines: &[Line]| fees(WANG, &mdtrt_id, batch, lines);
        let never = unnamed("2", DRUG_B, "-5", "-50.00");
        city.refused(HOSPITAL, infno, &upload(&[charged, never]), "超过已收");
        let beyond = unnamed("2", DRUG, "-5", "-50.00");
        city.refused(HOSPITAL, infno, &upload(&[charged, beyond]), "超过已收");
        city.done(HOSPITAL, infno, &upload(&[charged]));
        city.refused(HOSPITAL, infno, &upload(&[beyond]), "超过已收");
        city.done(HOSPITAL, infno, &upload(&[unnamed("2", DRUG, "-2", "-20.00")]));
        city.refused(HOSPITAL, infno, &upload(&[unnamed("3", DRUG, "-2", "-20.00")]), "累计退 4");
    }
}

#[test]
fn what_was_charged_is_not_withdrawn_from_under_a_return_that_names_nothing() {
    let city = City::new();
    let visit = visit(&city, WANG, "100.00");
    city.done(HOSPITAL, "2204", &fees(WANG, &visit, "B2", &[unnamed("2", DRUG, "-1", "-10.00")]));
    let batch = |batch: &str| json!({"data": {"chrg_bchno": batch, "mdtrt_id": visit, "psn_no": WANG}});
    city.refused(HOSPITAL, "2205", &batch("B1"), "超过已收");
    city.done(HOSPITAL, "2205", &batch("0000"));
}

#[test]
fn a_visit_takes_the_serial_of_the_original_as_a_stay_does() {
    let city = City::new();
    let visit = visit(&city, WANG, "100.00");
    let upload = |line: Line| fees(WANG, &visit, "B1", &[line]);
    city.refused(HOSPITAL, "2204", &upload(Line { returns: "7", ..RETURN }), "init_feedetl_sn");
    let answered = city.done(HOSPITAL, "2204", &upload(RETURN));
    assert!(answered.remarks.is_empty(), "{:?}", answered.remarks);
    assert_eq!(city.look(|tx| tx.fee_lines(&visit))[1].init_feedetl_sn, "1");
}

#[test]
fn a_purchase_takes_back_no_more_than_it_charges() {
    let city = City::new();
    let bought = |lines: &[(&str, &str, &str)], total: &str| {
        let mut input: Value = purchase(WANG, total);
        let row = input["drugdetail"][0].clone();
        let rows = lines.iter().zip(1..).map(|((item, count, amount), serial)| {
            let mut row = row.clone();
            row["feedetl_sn"] = json!(serial.to_string());
            (row["med_list_codg"], row["cnt"]) = (json!(item), json!(count));
            (row["det_item_fee_sumamt"], row["pric"]) = (json!(amount), json!("10.00"));
            row
        });
        input["drugdetail"] = rows.collect();
        input
    };
    for infno in ["2101", "2102"] {
        city.refused(PHARMACY, infno, &bought(&[(DRUG, "3", "30.00"), (DRUG_B, "-1", "-10.00")], "20.00"), "超过已收");
        city.refused(PHARMACY, infno, &bought(&[(DRUG, "-3", "-30.00"), (DRUG, "1", "10.00")], "-20.00"), "超过已收");
        city.done(PHARMACY, infno, &bought(&[(DRUG, "-1", "-10.00"), (DRUG, "3", "30.00")], "20.00"));
    }
    city.verify();
}

#[test]
fn lines_kept_in_a_register_take_back_no_more_than_they_charge() {
    let city = super::registers::city();
    let number = add(&city, &hospital(), RegisterKind::Admission, super::registers::STAY).unwrap().entry.number;
    let line = |serial: &str, item: &str, count: i64| EntryLine {
        feedetl_sn: serial.to_owned(),
        fee_ocur_time: date(2021, 7, 12).at(9, 0, 0, 0),
        med_list_codg: item.to_owned(),
        medins_list_codg: String::new(),
        cnt: Decimal::from(count),
        pric: Decimal::from(10),
        det_item_fee_sumamt: Money::yuan(10 * count),
        ..EntryLine::default()
    };
    let registers = city.platform.registers(&Pool::new("520500")).unwrap();
    let put = |lines: Vec<EntryLine>| registers.put_lines(&hospital(), city.clock.get(), &number, lines);
    assert!(why(put(vec![line("1", DRUG, 8), line("2", DRUG_B, -5)])).contains("超过已收"));
    assert!(why(put(vec![line("1", DRUG, 3), line("2", DRUG, -5)])).contains("超过已收"));
    // A return that names its original is one of it, as over the interface.
    let back = |original: &str, count| EntryLine { init_feedetl_sn: original.to_owned(), ..line("9", DRUG, count) };
    assert!(why(put(vec![line("1", DRUG, 3), back("7", -1)])).contains("7 不存在"));
    assert!(why(put(vec![line("1", DRUG, 1), line("2", DRUG, 3), back("1", -2)])).contains("超过原数量"));
    put(vec![line("1", DRUG, 1), line("2", DRUG, 3), back("2", -2)]).unwrap();
    put(vec![line("1", DRUG, 3), line("2", DRUG, -1)]).unwrap();
}

/// What the message of the backfill (2301) would refuse is refused where it is written down.
#[test]
fn lines_kept_in_a_register_have_the_shape_of_the_interface() {
    let city = super::registers::city();
    let number = add(&city, &hospital(), RegisterKind::Admission, super::registers::STAY).unwrap().entry.number;
    let line = |cnt: &str, pric: &str, sum: &str| EntryLine {
        feedetl_sn: "1".to_owned(),
        fee_ocur_time: date(2021, 7, 12).at(9, 0, 0, 0),
        med_list_codg: DRUG.to_owned(),
        cnt: cnt.parse().unwrap(),
        pric: pric.parse().unwrap(),
        det_item_fee_sumamt: sum.parse().unwrap(),
        ..EntryLine::default()
    };
    let registers = city.platform.registers(&Pool::new("520500")).unwrap();
    let put = |line: EntryLine| registers.put_lines(&hospital(), city.clock.get(), &number, vec![line]);
    for (wrong, told) in [
        (line("1", "0.1234567", "0.12"), "“单价”“0.1234567”小数最多6位"),
        (line("0.33333", "3", "1.00"), "“数量”“0.33333”小数最多4位"),
        (line("1234567890123", "0", "0.00"), "整数部分最多12位"),
        (line("-1", "-10", "10.00"), "“单价”“-10”为负"),
        (line("0", "10", "5.00"), "“数量”为0"),
        (line("2", "100000000", "200000000.00"), "超出单条明细上限"),
        (line("0.034", "980", "33.50"), "数量0.034×单价980=33.32，不等于金额33.50，超出舍入误差0.0540017元"),
        (EntryLine { med_list_codg: "X".repeat(201), ..line("1", "10", "10.00") }, "“医疗目录编码”"),
    ] {
        let said = why(put(wrong));
        assert!(said.contains(told), "{told}: {said}");
    }
    // A price that the system has divided out and rounded, as the interface takes it.
    put(line("300", "0.0333", "10.00")).unwrap();
    // A pack that is sold in pieces.
    put(line("0.034", "980", "33.33")).unwrap();
}

#[test]
fn who_wants_a_part_back_is_told_the_way() {
    let city = City::new();
    let visit = visit(&city, WANG, "100.00");
    let settled = settle_visit(&city, WANG, &visit, "B1", "100.00");
    let batch = |batch: &str| json!({"data": {"chrg_bchno": batch, "mdtrt_id": visit, "psn_no": WANG}});
    city.refused(HOSPITAL, "2205", &batch("B1"), "先撤销结算(2208)，再按应收的明细重新结算");
    city.done(HOSPITAL, "2204", &fees(WANG, &visit, "B2", &[RETURN]));
    let negative = super::care::visit_settlement(WANG, &visit, "B2", "-100.00");
    city.refused(HOSPITAL, "2207", &negative, "先撤销原结算(2103、2208、2305)，再按应收的明细重新结算");
    // The way it names leads there.
    city.done(HOSPITAL, "2205", &batch("B2"));
    city.done(HOSPITAL, "2208", &cancellation(WANG, &visit, &settled.setl_id));
    city.done(HOSPITAL, "2205", &batch("0000"));
    city.done(HOSPITAL, "2204", &fees(WANG, &visit, "B1", &[one("1", "60.00")]));
    settle_visit(&city, WANG, &visit, "B1", "60.00");
    city.verify();
}

#[test]
fn a_withdrawal_of_all_says_what_stays() {
    let city = City::new();
    let stay = admit(&city, WANG);
    let all = json!({"data": [{"feedetl_sn": "0000", "mdtrt_id": stay, "psn_no": WANG}]});
    let remarks = || city.done(HOSPITAL, "2302", &all).remarks.join("");
    assert!(remarks().contains("没有费用明细"));
    city.done(HOSPITAL, "2301", &fees(WANG, &stay, "", &[one("1", "100.00")]));
    assert_eq!(remarks(), "");
    city.done(HOSPITAL, "2301", &fees(WANG, &stay, "", &[one("1", "100.00")]));
    city.done(HOSPITAL, "2304", &stay_settlement(WANG, &stay, "100.00", true));
    city.done(HOSPITAL, "2301", &fees(WANG, &stay, "", &[one("2", "5.00")]));
    assert!(remarks().contains("撤销未结算明细 1 条；另有 1 条已结算"));
    city.done(HOSPITAL, "2402", &discharge(WANG, &stay, "2021-07-01 20:00:00"));
    city.done(HOSPITAL, "2304", &stay_settlement(WANG, &stay, "0.00", false));
    assert!(remarks().contains("撤销未结算明细 0 条；另有 1 条已结算，未撤销，如需撤销请先撤销结算(2305)"));
    city.verify();
}

#[test]
fn a_message_has_the_writer_for_a_bounded_number_of_rows() {
    let city = City::new();
    let stay = admit(&city, WANG);
    let mut input = fees(WANG, &stay, "", &[one("1", "1.00")]);
    let row = input["feedetail"][0].clone();
    let rows = (0..5_001).map(|serial| {
        let mut row = row.clone();
        row["feedetl_sn"] = json!(serial.to_string());
        row
    });
    input["feedetail"] = rows.collect();
    city.refused(HOSPITAL, "2301", &input, "一次报文最多 5000 行，本次 5001 行；请分多次报文上传");
    input["feedetail"].as_array_mut().unwrap().pop();
    city.done(HOSPITAL, "2301", &input);
}

#[test]
fn an_amount_that_only_rounding_tells_from_quantity_times_price_is_taken_with_one_remark() {
    let city = City::new();
    let mdtrt_id = admit(&city, WANG);
    let part = |serial, amount| Line { serial, item: DRUG, quantity: "0.3333", price: "300.00", amount, returns: "" };
    let said =
        city.done(HOSPITAL, "2301", &fees(WANG, &mdtrt_id, "", &[part("1", "100.00"), part("2", "100.00")])).remarks;
    let told: Vec<&String> = said.iter().filter(|remark| remark.contains("舍入误差")).collect();
    assert_eq!(told.len(), 1, "{said:?}");
    assert!(
        told[0].contains("费用明细 1 的数量 0.3333 × 单价 300 = 99.99，与金额 100.00 之差")
            && told[0].contains("另有 1 条同此"),
        "{told:?}"
    );
    city.refused(HOSPITAL, "2301", &fees(WANG, &mdtrt_id, "", &[part("3", "100.03")]), "超出舍入误差");
}
