//! The judges are judged: defects that are planted are found, and a course without one is clean.

mod classes;
mod insured;
mod planted;
mod somewhere;

use planted::{FIRST, How, judged_after, rows_of};

#[test]
fn a_course_that_nobody_has_touched_is_clean_and_the_same_each_time_row_by_row() {
    let (first, second) = (rows_of(&How::default()), rows_of(&How::default()));
    assert_eq!(first.0, []);
    assert!(first.1.iter().any(|row| row.starts_with("register_event ")), "something met the outage");
    for (one, other) in first.1.iter().zip(&second.1) {
        assert_eq!(one, other);
    }
    assert_eq!(first.1.len(), second.1.len());
}

/// A planted defect: its name, how it is planted, which statement it breaks, and what the judges say of it.
type Planted = (&'static str, How, u8, &'static str);

#[track_caller]
fn found(all: Vec<Planted>) {
    let mut missed = Vec::new();
    for (name, how, statement, words) in all {
        let wrong = judged_after(&how);
        if !wrong.iter().any(|one| one.statement == statement && one.what.contains(words)) {
            let told: Vec<_> = wrong.iter().take(4).map(|one| format!("({}) {}", one.statement, one.what)).collect();
            missed.push(format!("{name}: nobody says “{words}”, but {told:#?}"));
        }
    }
    assert!(missed.is_empty(), "{}", missed.join("\n"));
}

fn book(sql: &str) -> How {
    How { book: sql.to_owned(), ..How::default() }
}

fn reference(sql: &str) -> How {
    How { reference: sql.to_owned(), ..How::default() }
}

fn after(sql: &str) -> How {
    How { after: sql.to_owned(), ..How::default() }
}

/// What a handler would do to the row of each settlement that it records.
fn settlement(set: &str, when: &str) -> How {
    book(&format!(
        "CREATE TRIGGER planted AFTER INSERT ON settlement WHEN {when} BEGIN
         UPDATE settlement SET {set} WHERE setl_id = NEW.setl_id; END;"
    ))
}

#[test]
fn what_a_handler_would_write_wrongly_into_a_settlement_is_found() {
    found(vec![
        (
            "a fen too much, rounded up",
            settlement(
                "fund_pay_sumamt_fen = fund_pay_sumamt_fen + 1, hifp_pay_fen = hifp_pay_fen + 1,
                 psn_part_amt_fen = psn_part_amt_fen - 1, psn_cash_pay_fen = psn_cash_pay_fen - 1",
                "NEW.psn_cash_pay_fen > 0",
            ),
            3,
            "hifp_pay is",
        ),
        ("a forgotten field", settlement("acct_used_flag = ''", "TRUE"), 3, "acct_used_flag is"),
        (
            "a stay ordered by admission",
            settlement("counts_at = begndate || ' 00:00:00'", "NEW.med_type = '21'"),
            3,
            "counts_at is",
        ),
        ("a stay number forgotten", settlement("stay_number = 0", "TRUE"), 3, "stay_number is"),
        ("the deductible of a settlement forgotten", settlement("act_pay_dedc_fen = 0", "TRUE"), 3, "act_pay_dedc is"),
        ("the wrong last day", settlement("enddate = begndate", "TRUE"), 3, "enddate is"),
        ("another person's type", settlement("psn_type = '1501'", "TRUE"), 3, "psn_type is"),
    ]);
}

#[test]
fn what_a_handler_would_read_wrongly_is_found() {
    found(vec![
        (
            "the level of a hospital",
            reference(
                "CREATE TRIGGER planted AFTER INSERT ON provider WHEN NEW.benefit_level = '3' BEGIN
                 UPDATE provider SET benefit_level = '2' WHERE fixmedins_code = NEW.fixmedins_code; END;",
            ),
            3,
            "as if the level of the place is second",
        ),
        (
            "the own share of an item",
            reference(
                "CREATE TRIGGER planted AFTER INSERT ON catalogue_item WHEN NEW.selfpay_prop_bp = 1000 BEGIN
                 UPDATE catalogue_item SET selfpay_prop_bp = 1001 WHERE med_list_codg = NEW.med_list_codg; END;",
            ),
            3,
            "preselfpay_amt is",
        ),
        (
            "the class of an item",
            reference(
                "CREATE TRIGGER planted AFTER INSERT ON catalogue_item WHEN NEW.chrgitm_lv = '01' BEGIN
                 UPDATE catalogue_item SET chrgitm_lv = '03' WHERE med_list_codg = NEW.med_list_codg; END;",
            ),
            3,
            "fulamt_ownpay_amt is",
        ),
        (
            "the years of contribution",
            book(
                "CREATE TRIGGER planted AFTER INSERT ON insurance BEGIN
                 UPDATE insurance SET continuous_years = 5 WHERE psn_no = NEW.psn_no; END;",
            ),
            3,
            "pool_prop_selfpay is",
        ),
        (
            "the opening balance",
            book(
                "CREATE TRIGGER planted AFTER INSERT ON account BEGIN
                 UPDATE account SET balance_fen = balance_fen + 10000000 WHERE psn_no = NEW.psn_no; END;",
            ),
            3,
            "acct_pay is",
        ),
        (
            "a figure of the rules",
            How { rules: Some(("510400-panzhihua/inpatient.toml", "level_2 = 70", "level_2 = 71")), ..How::default() },
            3,
            "hifp_pay is",
        ),
    ]);
}

#[test]
fn what_a_store_would_do_to_totals_postings_and_accounts_is_found() {
    found(vec![
        (
            "postings scaled",
            book(
                "CREATE TRIGGER planted AFTER INSERT ON posting WHEN NEW.account LIKE '%/cash%' BEGIN
                 UPDATE posting SET amount_fen = amount_fen * 10 WHERE entry = NEW.entry AND seq = NEW.seq; END;",
            ),
            3,
            "person/cash is",
        ),
        (
            "the wrong fund",
            book(
                "CREATE TRIGGER planted AFTER INSERT ON posting WHEN NEW.account = 'fund/390100' BEGIN
                 UPDATE posting SET account = 'fund/310100' WHERE entry = NEW.entry AND seq = NEW.seq; END;",
            ),
            3,
            "fund 310100 has paid",
        ),
        (
            "another provider is owed",
            book(
                "CREATE TRIGGER planted AFTER INSERT ON posting WHEN NEW.account LIKE 'provider/receivable/%' BEGIN
                 UPDATE posting SET account = 'provider/receivable/X' WHERE entry = NEW.entry AND seq = NEW.seq; END;",
            ),
            3,
            "is owed",
        ),
        (
            "a cancellation posts twice what it mirrors",
            book(
                "CREATE TRIGGER planted AFTER INSERT ON posting WHEN NEW.entry LIKE 'R%' BEGIN
                 UPDATE posting SET amount_fen = amount_fen * 2 WHERE entry = NEW.entry AND seq = NEW.seq; END;",
            ),
            3,
            "is not the mirror",
        ),
        (
            "what was added to a total is lost",
            book(
                "CREATE TRIGGER planted AFTER INSERT ON accumulation WHEN NEW.name = 'second_tier_base' BEGIN
                 DELETE FROM accumulation WHERE setl_id = NEW.setl_id AND seq = NEW.seq; END;",
            ),
            3,
            "second_tier_base is nothing",
        ),
        (
            "a special-disease deductible is met again and again",
            book(
                "CREATE TRIGGER planted AFTER UPDATE ON running_total
                 WHEN NEW.name = 'special_disease_deductible_met' AND NEW.value <> 0 BEGIN
                 UPDATE running_total SET value = 0 WHERE psn_no = NEW.psn_no AND name = NEW.name; END;
                 CREATE TRIGGER planted_too AFTER INSERT ON running_total
                 WHEN NEW.name = 'special_disease_deductible_met' AND NEW.value <> 0 BEGIN
                 UPDATE running_total SET value = 0 WHERE psn_no = NEW.psn_no AND name = NEW.name; END;",
            ),
            3,
            "act_pay_dedc is",
        ),
        (
            "a cancellation gives no total back",
            book(
                "CREATE TRIGGER planted AFTER UPDATE ON running_total WHEN NEW.value < OLD.value BEGIN
                 UPDATE running_total SET value = OLD.value WHERE psn_no = NEW.psn_no AND name = NEW.name
                 AND period = NEW.period; END;",
            ),
            3,
            "totals are",
        ),
        (
            "a stay is counted twice",
            book(
                "CREATE TRIGGER planted AFTER INSERT ON accumulation WHEN NEW.name = 'inpatient_stays' BEGIN
                 UPDATE running_total SET value = value + 1 WHERE psn_no = NEW.psn_no AND name = NEW.name; END;",
            ),
            3,
            "totals are",
        ),
        (
            "the account gains a fen with each movement",
            book(
                "CREATE TRIGGER planted AFTER INSERT ON account_movement WHEN NEW.number > 0 BEGIN
                 UPDATE account SET balance_fen = balance_fen + 1 WHERE psn_no = NEW.psn_no; END;",
            ),
            3,
            "is on the account and must be",
        ),
    ]);
}

#[test]
fn what_is_lost_doubled_or_moved_is_found() {
    let of_first = format!("mdtrt_id = (SELECT mdtrt_id FROM settlement WHERE setl_id = {FIRST})");
    found(vec![
        ("a lost settlement", after(&format!("DELETE FROM settlement WHERE setl_id = {FIRST}")), 1, "not settled"),
        (
            "care that nobody had",
            after(&format!("UPDATE encounter SET begntime = '2020-08-29 03:33:33' WHERE {of_first}")),
            2,
            "nobody's care",
        ),
        (
            "a bill that grew",
            after(&format!(
                "UPDATE settlement SET medfee_sumamt_fen = medfee_sumamt_fen + 100 WHERE setl_id = {FIRST}"
            )),
            2,
            "in the books",
        ),
        (
            "an entry moved to another person",
            after(
                "UPDATE register_entry SET psn_no = (SELECT max(psn_no) FROM person)
                 WHERE kind = 'cash_visit' AND psn_no <> (SELECT max(psn_no) FROM person)",
            ),
            2,
            "nobody's care",
        ),
        (
            "a doubled refund",
            after("UPDATE register_entry SET refunded_fen = refunded_fen * 2 WHERE refunded_fen > 0"),
            3,
            "the registers refund",
        ),
        (
            "twice handed back",
            after(
                "UPDATE register_entry SET details = json_set(details, '$.handed_back', '9999.00')
                 WHERE json_extract(details, '$.handed_back_at') IS NOT NULL",
            ),
            3,
            "has handed back",
        ),
        (
            "a driver that stops",
            How {
                book: "CREATE TRIGGER planted AFTER INSERT ON backfill_run BEGIN
                       UPDATE backfill_run SET finished_at = started_at WHERE number = NEW.number; END;"
                    .to_owned(),
                seed: Some(5),
                ..How::default()
            },
            1,
            "not settled",
        ),
        ("a reply that says otherwise", How { told: true, ..How::default() }, 3, "was told otherwise"),
    ]);
}

#[test]
fn what_is_kept_under_another_name_or_rounded_otherwise_is_found_by_the_judges_own_reckoning() {
    found(vec![
        (
            "the deductible of a long disease in the total of another care",
            book(
                "CREATE TRIGGER planted AFTER INSERT ON accumulation WHEN NEW.name = 'special_disease_deductible_met' BEGIN
                 UPDATE accumulation SET name = 'outpatient_deductible_met'
                 WHERE setl_id = NEW.setl_id AND seq = NEW.seq; END;",
            ),
            3,
            "by own reckoning: the totals are",
        ),
        (
            "a fen of what goes ahead",
            settlement(
                "preselfpay_amt_fen = preselfpay_amt_fen - 1, inscp_scp_amt_fen = inscp_scp_amt_fen + 1",
                "NEW.preselfpay_amt_fen > 0",
            ),
            3,
            "by own reckoning: preselfpay_amt is",
        ),
        (
            "a row of the catalogue that takes another's place a day early",
            reference(
                "CREATE TRIGGER planted AFTER INSERT ON catalogue_item WHEN NEW.enddate IS NOT NULL BEGIN
                 UPDATE catalogue_item SET enddate = date(NEW.enddate, '-4 days')
                 WHERE med_list_codg = NEW.med_list_codg AND begndate = NEW.begndate; END;
                 CREATE TRIGGER planted_too AFTER INSERT ON catalogue_item WHEN NEW.begndate > '2019-01-01' BEGIN
                 UPDATE catalogue_item SET begndate = date(NEW.begndate, '-4 days')
                 WHERE med_list_codg = NEW.med_list_codg AND begndate = NEW.begndate; END;",
            ),
            3,
            "by own reckoning",
        ),
    ]);
}

#[test]
fn who_puts_in_order_what_is_not_his_is_found() {
    let by = "UPDATE settlement SET opter_name = '平台' WHERE restores <> ''";
    found(vec![("by the platform what somebody has to decide", after(by), 3, "in order")]);
}

#[test]
fn windows_and_deadlines_that_the_platform_reads_otherwise_are_found() {
    let plan = |platforms: bool, from: &'static str, to: &'static str| How {
        plan: Some((platforms, from, to)),
        ..How::default()
    };
    found(vec![
        (
            "a deadline that is too short",
            plan(true, "within_working_days = 10", "within_working_days = 2"),
            4,
            "as late",
        ),
        (
            "a deadline that nobody keeps",
            plan(false, "within_working_days = 10", "within_working_days = 2"),
            4,
            "after its deadline",
        ),
        ("a gate that opens late", plan(true, "2020-09-20 24:00", "2020-09-23 24:00"), 4, "was refused as closed"),
        ("a gate that opens early", plan(false, "2020-09-20 24:00", "2020-09-23 24:00"), 3, "while closed"),
    ]);
}
