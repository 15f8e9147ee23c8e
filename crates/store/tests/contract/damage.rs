//! Damage to what is stored, with the rules of the schema switched off: verification finds each kind of it.

use crate::engine::{Engine, book, check_verifies, complaints, write};
use crate::registers::add_registers;
use crate::rows::{HOSPITAL, add_settled_visit, add_with_line, cancellation, settle, settlement, visit};
use yibao_domain::register::State;

/// A settled visit `S1`, and `S2` settled and cancelled, `S1` being the end of `T1` in a register; with one thing of a fresh book spoiled by `sql`.
#[track_caller]
pub fn check_found(engine: &dyn Engine, sql: &str, check: &str, record: &str) {
    let engine = engine.another();
    let mut book = book(engine.as_ref());
    write(book.as_mut(), add_settled_visit);
    write(book.as_mut(), |tx| {
        add_with_line(tx, &visit("E2", "P1"))?;
        let settled = settlement("S2", "E2", "P1");
        settle(tx, &settled)?;
        tx.record_cancellation(&cancellation(&settled))
    });
    write(book.as_mut(), add_registers);
    check_verifies(book.as_mut());
    engine.spoil(sql);
    let complaints = complaints(&book.verify().unwrap());
    assert!(
        complaints.iter().any(|line| line.contains(check) && line.contains(record)),
        "{sql}\nshould be found by {check} at {record}, but: {complaints:#?}"
    );
}

pub fn verification_finds_a_settlement_whose_amounts_do_not_add_up(engine: &dyn Engine) {
    check_found(
        engine,
        "UPDATE settlement SET inscp_scp_amt_fen = 2699 WHERE setl_id = 'S1'",
        "全自费",
        "S1：总费用与四项之和相差1分",
    );
    check_found(
        engine,
        "UPDATE settlement SET hosp_part_amt_fen = 5 WHERE setl_id = 'S1'",
        "医院负担",
        "S1：总费用与三方之和相差-5分",
    );
    check_found(
        engine,
        "UPDATE settlement SET psn_cash_pay_fen = 401 WHERE setl_id = 'S1'",
        "现金",
        "S1：个人负担与两项之和相差-1分",
    );
    check_found(
        engine,
        "UPDATE settlement SET hifp_pay_fen = 1999 WHERE setl_id = 'S1'",
        "各基金栏",
        "S1：基金支付总额2000分",
    );
    check_found(
        engine,
        "UPDATE fund_share SET fund_payamt_fen = 2001 WHERE setl_id = 'S1'",
        "基金分项",
        "分项之和2001分",
    );
}

pub fn verification_finds_lines_that_do_not_belong_to_the_settlement(engine: &dyn Engine) {
    check_found(
        engine,
        "UPDATE fee_line SET det_item_fee_sumamt_fen = 3100 WHERE mdtrt_id = 'E1'",
        "明细之和",
        "S1：明细之和与总费用相差100分",
    );
    check_found(engine, "UPDATE fee_line SET setl_id = NULL WHERE mdtrt_id = 'E1'", "明细之和", "相差-3000分");
    check_found(
        engine,
        "UPDATE fee_line SET setl_id = 'S1' WHERE mdtrt_id = 'E2'",
        "同一就诊",
        "E2/L1：所记结算S1属于另一就诊",
    );
    check_found(
        engine,
        "UPDATE fee_line SET setl_id = 'S2' WHERE mdtrt_id = 'E2'",
        "在册结算",
        "E2/L1：所记结算S2已撤销",
    );
    check_found(
        engine,
        "UPDATE fee_line SET setl_id = 'S9' WHERE mdtrt_id = 'E2'",
        "在册结算",
        "E2/L1：所记结算S9不存在",
    );
}

pub fn verification_finds_a_stay_that_is_settled_twice(engine: &dyn Engine) {
    let sql = "UPDATE encounter SET setting = 'inpatient';
               UPDATE settlement SET mdtrt_id = 'E1', round = 2 WHERE setl_id = 'S2';
               DELETE FROM cancellation";
    check_found(engine, sql, "至多一笔", "E1：在册的出院结算有2笔");
}

pub fn a_settlement_of_nothing_needs_no_postings(engine: &dyn Engine) {
    let mut book = book(engine);
    write(book.as_mut(), add_settled_visit);
    let nothing =
        "DELETE FROM posting WHERE entry = 'S1'; UPDATE settlement SET medfee_sumamt_fen = 0 WHERE setl_id = 'S1'";
    engine.spoil(nothing);
    let complaints = complaints(&book.verify().unwrap());
    assert!(!complaints.iter().any(|line| line.contains("没有分录")), "{complaints:#?}");
}

pub fn verification_finds_postings_that_are_missing_unbalanced_or_not_mirrored(engine: &dyn Engine) {
    check_found(engine, "DELETE FROM posting WHERE entry = 'S1'", "都有分录", "S1：没有分录");
    check_found(engine, "DELETE FROM posting WHERE entry = 'R-S2'", "都有分录", "R-S2：没有分录");
    check_found(engine, "UPDATE posting SET entry = 'S8' WHERE entry = 'S1'", "都有来处", "S8");
    check_found(
        engine,
        "UPDATE posting SET amount_fen = amount_fen + 1 WHERE entry = 'S1' AND seq = 0",
        "借贷平衡",
        "S1：借贷相差1分",
    );
    let swapped = "UPDATE posting SET account = 'fund/390100' WHERE entry = 'R-S2' AND seq = 0";
    check_found(engine, swapped, "逐科目相抵", "S2");
}

pub fn verification_finds_totals_and_balances_without_their_history(engine: &dyn Engine) {
    check_found(
        engine,
        "UPDATE running_total SET value = value + 7 WHERE name = 'pool_paid'",
        "累计值",
        "P1/310/2021/pool_paid：累计值与历史相差7",
    );
    check_found(
        engine,
        "DELETE FROM running_total WHERE name = 'pool_paid'",
        "累计值",
        "P1/310/2021/pool_paid：累计值与历史相差-2000",
    );
    check_found(engine, "DELETE FROM accumulation WHERE setl_id = 'S1'", "累计值", "相差2000");
    check_found(engine, "UPDATE account SET balance_fen = 9401", "余额", "P1：余额9401分，按历史应为9400分");
    check_found(engine, "UPDATE account SET balance_fen = -1, opening_fen = 599", "不为负", "P1：余额-1分");
    check_found(engine, "DELETE FROM account", "余额", "P1：余额0分，按历史应为-600分");
}

pub fn verification_finds_cancellations_and_messages_without_their_pair(engine: &dyn Engine) {
    check_found(engine, "UPDATE cancellation SET setl_id = 'S7'", "每笔撤销", "S7：撤销所指的结算不存在");
    check_found(engine, "UPDATE cancellation SET psn_no = 'P2'", "每笔撤销", "S2：撤销与结算的人员不同");
    check_found(
        engine,
        "UPDATE message SET effect = 'S6' WHERE msgid = 'M-S1'",
        "报文的结果",
        "M-S1：报文的结果S6不存在",
    );
    check_found(engine, "DELETE FROM message WHERE msgid = 'M-S1'", "都有其报文", "S1：没有记录产生它的报文");
    let reversed = format!(
        "INSERT INTO message_reversal VALUES ('{HOSPITAL}', 'M-S1', '2207', 'P1', 'M-2601', '2021-07-09 12:00:00')"
    );
    check_found(engine, &reversed, "冲正", "M-S1：已冲正，但结算S1仍在册");
}

pub fn verification_finds_rows_without_their_parent(engine: &dyn Engine) {
    check_found(engine, "UPDATE encounter SET psn_no = 'P9' WHERE mdtrt_id = 'E2'", "账簿文件", "person");
    check_found(engine, "UPDATE fund_share SET setl_id = 'S7' WHERE setl_id = 'S2'", "账簿文件", "settlement");
}

pub fn verification_finds_entries_without_their_history(engine: &dyn Engine) {
    let check = |sql: &str, record: &str| check_found(engine, sql, "台账：操作记录从1起连续", record);
    check("DELETE FROM register_event WHERE number = 'T2'", "T2：没有操作记录");
    check(
        "UPDATE register_entry SET state = 'waiting' WHERE number = 'T1'",
        "T1：状态为waiting，最后一条操作之后应为settled",
    );
    check("DELETE FROM register_event WHERE number = 'T1' AND seq = 1", "T1：操作记录到第2条，只有1条");
}

pub fn verification_finds_rows_of_registers_without_their_entry(engine: &dyn Engine) {
    let check = |sql: &str, record: &str| check_found(engine, sql, "都属于在册条目", record);
    check("UPDATE register_line SET number = 'T8' WHERE number = 'T1'", "T8：费用明细所属的台账条目不存在");
    check("UPDATE register_event SET number = 'T8' WHERE number = 'T2'", "T8：操作记录所属的台账条目不存在");
    check("UPDATE benefit_hold SET number = 'T8'", "T8：待遇暂停所属的台账条目不存在");
}

pub fn verification_finds_claims_that_nobody_keeps(engine: &dyn Engine) {
    let check = |sql: &str, record: &str| check_found(engine, sql, "台账：报销权", record);
    check("UPDATE claim_right SET number = 'T8' WHERE number = 'T2'", "T8：报销权所属的台账条目不存在");
    for state in State::KNOWN.iter().filter(|state| !state.keeps_claim()).map(|state| state.word()) {
        let sql = format!("UPDATE register_entry SET state = '{state}' WHERE number = 'T2'");
        check(&sql, &format!("T2：状态{state}不应再占用报销权"));
    }
}

pub fn verification_finds_entries_settled_by_nothing_that_stands(engine: &dyn Engine) {
    let check = |sql: &str, record: &str| check_found(engine, sql, "台账：已结算的条目", record);
    check("UPDATE register_entry SET setl_id = '' WHERE number = 'T1'", "T1：所记结算不存在");
    check("UPDATE register_entry SET setl_id = 'S2' WHERE number = 'T1'", "T1：所记结算S2已撤销");
    check("UPDATE register_entry SET refunded_fen = 2000 WHERE number = 'T1'", "T1：退付2000分，结算S1支付2600分");
    let twice = "UPDATE register_entry SET state = 'settled', setl_id = 'S1' WHERE number = 'T2'";
    check_found(engine, twice, "一笔结算至多是一个条目", "S1：有2个台账条目");
}
