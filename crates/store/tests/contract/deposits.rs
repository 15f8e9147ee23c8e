//! Documents, files and tokens that providers bring, and their trades.

use crate::engine::{Engine, book, check_verifies, read, write};
use crate::rows::{HOSPITAL, add_person, add_with_line, cancel, july, settle, settlement, visit};
use jiff::civil::date;
use yibao_store::deposit::{Deposit, DepositCount, DepositFilter};
use yibao_store::file::StoredFile;
use yibao_store::settlement::TradeFilter;
use yibao_store::voucher::VoucherToken;

/// A sale of a batch, received on a day of July.
pub fn deposit(key: &str, day: i8) -> Deposit {
    Deposit {
        month: date(2021, 7, 1),
        fixmedins_code: HOSPITAL.into(),
        kind: "sale".into(),
        key: key.into(),
        number: i64::from(day),
        infno: "3505".into(),
        subject: "B1".into(),
        psn_no: "P1".into(),
        mdtrt_id: String::new(),
        setl_id: String::new(),
        review: String::new(),
        revision: 1,
        received_at: july(day),
        changed_at: july(day),
        withdrawn_at: None,
        content: "{}".into(),
    }
}

/// So many of them on a day.
pub fn counted(day: i8, taken: i64) -> DepositCount {
    let day = date(2021, 7, day);
    DepositCount {
        fixmedins_code: HOSPITAL.into(),
        kind: "sale".into(),
        day,
        taken,
        bytes: 2,
        ..DepositCount::default()
    }
}

pub fn documents_are_kept_once_corrected_by_their_key_and_found(engine: &dyn Engine) {
    let mut book = book(engine);
    let (first, second) = (deposit("K1", 3), deposit("K2", 4));
    let august = Deposit { month: date(2021, 8, 1), received_at: date(2021, 8, 2).at(9, 0, 0, 0), ..deposit("K3", 5) };
    write(book.as_mut(), |tx| {
        tx.put_deposits(&[first.clone(), second.clone(), august.clone()])?;
        tx.count_deposits(&[counted(3, 1), counted(4, 1)])?;
        tx.count_deposits(&[counted(4, 1)])
    });
    let corrected =
        Deposit { content: "{\"a\":1}".into(), revision: 2, number: 99, received_at: july(9), ..first.clone() };
    let gone = Deposit { withdrawn_at: Some(july(9)), ..second.clone() };
    write(book.as_mut(), |tx| tx.put_deposits(&[corrected.clone(), gone.clone()]));
    // The number and the day on which it came first stay.
    let kept = Deposit { number: first.number, received_at: first.received_at, ..corrected };
    let known = read(book.as_mut(), |tx| tx.deposits_of_keys(HOSPITAL, "sale", &["K1", "K2", "K9"]));
    assert_eq!(known, [kept.clone(), gone.clone()]);
    let listed = |filter: DepositFilter| read(book.as_mut(), |tx| tx.deposits(&filter, 0, 10)).0;
    let of = DepositFilter { fixmedins_code: Some(HOSPITAL.into()), ..DepositFilter::default() };
    let mut listed = listed;
    assert_eq!(listed(of.clone()), [august.clone(), kept.clone()]);
    assert_eq!(listed(DepositFilter { with_withdrawn: true, ..of.clone() }).len(), 3);
    assert_eq!(listed(DepositFilter { since: Some(date(2021, 8, 1)), ..of.clone() }), std::slice::from_ref(&august));
    assert_eq!(listed(DepositFilter { until: Some(date(2021, 7, 31)), ..of.clone() }), std::slice::from_ref(&kept));
    assert_eq!(listed(DepositFilter { kinds: vec!["purchase".into()], ..of.clone() }), []);
    assert_eq!(listed(DepositFilter { subject: Some("B1".into()), psn_no: Some("P1".into()), ..of }).len(), 2);
    let counts = read(book.as_mut(), |tx| tx.deposit_counts(Some(HOSPITAL), date(2021, 7, 1), date(2021, 7, 31)));
    assert_eq!(counts.iter().map(|count| (count.day.day(), count.taken)).collect::<Vec<_>>(), [(4, 2), (3, 1)]);
    assert!(read(book.as_mut(), |tx| tx.deposit_counts(Some("H0"), date(2021, 7, 1), date(2021, 7, 31))).is_empty());
    check_verifies(book.as_mut());
}

pub fn files_and_tokens_are_there_for_their_time(engine: &dyn Engine) {
    let mut book = book(engine);
    let file = StoredFile {
        file_qury_no: "F1".into(),
        fixmedins_code: HOSPITAL.into(),
        filename: "a.zip".into(),
        content: "UEs=".into(),
        created_at: july(1),
        ends_at: july(9),
    };
    let token = VoucherToken {
        token: "T1".into(),
        fixmedins_code: HOSPITAL.into(),
        business_type: "01301".into(),
        certno: "C1".into(),
        auth_no: "A".into(),
        issued_at: july(1),
        ends_at: july(2),
    };
    write(book.as_mut(), |tx| {
        tx.add_file(&file)?;
        tx.put_voucher_token(&token)?;
        tx.put_voucher_token(&token)
    });
    assert_eq!(read(book.as_mut(), |tx| tx.file("F1")), Some(file));
    assert_eq!(read(book.as_mut(), |tx| tx.voucher_token("T1")), Some(token));
    assert_eq!(write(book.as_mut(), |tx| Ok((tx.remove_files(july(9))?, tx.remove_voucher_tokens(july(2))?))), (0, 0));
    assert_eq!(write(book.as_mut(), |tx| Ok((tx.remove_files(july(10))?, tx.remove_voucher_tokens(july(3))?))), (1, 1));
}

pub fn a_providers_trades_are_its_settlements_and_what_cancelled_them(engine: &dyn Engine) {
    let mut book = book(engine);
    write(book.as_mut(), |tx| {
        add_person(tx, "P1")?;
        for (setl_id, mdtrt_id) in [("S1", "E1"), ("S2", "E2")] {
            add_with_line(tx, &visit(mdtrt_id, "P1"))?;
            settle(tx, &settlement(setl_id, mdtrt_id, "P1"))?;
        }
        cancel(tx, &settlement("S2", "E2", "P1"))
    });
    let asked = TradeFilter {
        fixmedins_code: HOSPITAL.into(),
        since: date(2021, 1, 1).at(0, 0, 0, 0),
        until: date(2021, 12, 31).at(23, 59, 59, 0),
        insutype: Some("310".into()),
        clr_type: None,
    };
    let trades = |asked: &TradeFilter| read(book.as_mut(), |tx| tx.trades(asked));
    let mut trades = trades;
    let told = trades(&asked);
    let mut rows: Vec<(&str, bool, bool)> =
        told.iter().map(|trade| (trade.setl_id.as_str(), trade.is_refund, trade.is_cancelled)).collect();
    rows.sort_unstable();
    assert_eq!(rows, [("S1", false, false), ("S2", false, true), ("S2", true, false)]);
    let amounts =
        |is_refund: bool| told.iter().find(|trade| trade.setl_id == "S2" && trade.is_refund == is_refund).unwrap();
    assert_eq!(amounts(true).medfee_sumamt, amounts(false).medfee_sumamt.negated());
    assert!(trades(&TradeFilter { clr_type: Some("none".into()), ..asked.clone() }).is_empty());
    assert!(trades(&TradeFilter { fixmedins_code: "H0".into(), ..asked.clone() }).is_empty());
    assert!(trades(&TradeFilter { until: date(2021, 1, 2).at(0, 0, 0, 0), ..asked }).is_empty());
}
