//! The books: one way in for every source, and accounts that are the sum of their movements.

use crate::engine::{Engine, book, check_verifies, read, try_write, write};
use crate::rows::{
    add_person, add_settled_visit, add_with_line, cancel, july, line, person, posting, settle, settlement, visit,
};
use jiff::civil::date;
use yibao_domain::ledger::MovementKind::{self, CarriedIn, Credited, Returned, Spent, TakenBack};
use yibao_domain::ledger::{Account, ChartAccount, SourceKind};
use yibao_domain::money::Money;
use yibao_store::ledger::{JournalEntry, Movement, Posting};
use yibao_store::settlement::Settlement;
use yibao_store::{Fault, Tx};

fn chart(account: ChartAccount, fen: i64) -> Posting {
    posting(&Account::Chart(account).name(), fen)
}

fn entry(source: SourceKind, source_id: &str) -> JournalEntry {
    JournalEntry { source, source_id: source_id.into(), psn_no: "P1".into(), at: july(25) }
}

fn moved(kind: MovementKind, fen: i64) -> Movement {
    Movement { psn_no: "P1".into(), kind, amount: Money::fen(fen), day: date(2021, 7, 25) }
}

/// A contribution of 180 yuan, of which 92.40 go to the account; or its refund.
fn contribution(sign: i64) -> [Posting; 3] {
    [
        chart(ChartAccount::FiscalDeposit, sign * 18_000),
        chart(ChartAccount::Contributions, sign * -8_760),
        posting("person/account/P1", sign * -9_240),
    ]
}

fn contribute(tx: &mut dyn Tx) -> Result<(), Fault> {
    let arrived = entry(SourceKind::Contribution, "C1");
    tx.record_journal_entry(&arrived, &contribution(1), &[moved(Credited, 9_240)])
}

fn give_back(tx: &mut dyn Tx) -> Result<(), Fault> {
    tx.record_journal_entry(&entry(SourceKind::Refund, "C1"), &contribution(-1), &[moved(TakenBack, -9_240)])
}

/// Number, kind, fen and entry of the account's movements, and the balance.
type Statement = (Vec<(i64, MovementKind, i64, Option<String>)>, Option<i64>);

fn statement(tx: &mut dyn Tx) -> Result<Statement, Fault> {
    let movements = tx.account_movements("P1")?.into_iter();
    let rows = movements.map(|row| (row.number, row.kind, row.amount.as_fen(), row.entry)).collect();
    Ok((rows, tx.person_facts("P1", &[])?.and_then(|facts| facts.balance).map(Money::as_fen)))
}

fn row(number: i64, kind: MovementKind, fen: i64, entry: &str) -> (i64, MovementKind, i64, Option<String>) {
    (number, kind, fen, Some(entry.to_owned()))
}

pub fn a_contribution_and_its_refund_go_the_one_way_into_the_books(engine: &dyn Engine) {
    let mut book = book(engine);
    write(book.as_mut(), add_settled_visit);
    write(book.as_mut(), contribute);
    read(book.as_mut(), |tx| {
        assert_eq!(tx.journal_entry(SourceKind::Contribution, "C1")?, Some(entry(SourceKind::Contribution, "C1")));
        assert_eq!(tx.journal_entry(SourceKind::Refund, "C1")?, None);
        assert_eq!(tx.postings("contribution/C1")?, contribution(1));
        assert_eq!(tx.posted("chart/1003")?, Money::yuan(180));
        assert_eq!(statement(tx)?.1, Some(18_640));
        Ok(())
    });
    write(book.as_mut(), give_back);
    read(book.as_mut(), |tx| {
        assert_eq!(tx.posted("chart/1003")?, Money::ZERO);
        let expected = vec![
            (0, CarriedIn, 10_000, None),
            row(1, Spent, -600, "S1"),
            row(2, Credited, 9_240, "contribution/C1"),
            row(3, TakenBack, -9_240, "refund/C1"),
        ];
        assert_eq!(statement(tx)?, (expected, Some(9_400)));
        Ok(())
    });
    check_verifies(book.as_mut());
}

pub fn money_that_comes_in_opens_an_account(engine: &dyn Engine) {
    let mut book = book(engine);
    write(book.as_mut(), |tx| tx.put_person(&person("P1")).map(drop));
    assert!(try_write(book.as_mut(), give_back).is_err(), "nothing can be taken back from no account");
    write(book.as_mut(), contribute);
    let first = vec![row(1, Credited, 9_240, "contribution/C1")];
    assert_eq!(read(book.as_mut(), statement), (first, Some(9_240)));
    check_verifies(book.as_mut());
    write(book.as_mut(), |tx| tx.put_opening_balance("P1", Money::yuan(10)).map(drop));
    assert_eq!(read(book.as_mut(), statement).1, Some(10_240), "what is loaded later comes on top");
    check_verifies(book.as_mut());
}

pub fn what_does_not_agree_is_kept_out_of_the_books(engine: &dyn Engine) {
    let mut book = book(engine);
    write(book.as_mut(), add_settled_visit);
    write(book.as_mut(), contribute);
    let before = read(book.as_mut(), statement);
    let cash = || vec![chart(ChartAccount::FiscalDeposit, 9_240), chart(ChartAccount::Contributions, -9_240)];
    let refused: &[(&str, SourceKind, Vec<Posting>, Vec<Movement>)] = &[
        ("it posts nothing", SourceKind::Interest, Vec::new(), Vec::new()),
        ("differ by 180.00", SourceKind::Interest, contribution(1)[..1].to_vec(), Vec::new()),
        ("a personal account differ by -92.40", SourceKind::Interest, contribution(1).to_vec(), Vec::new()),
        ("a personal account differ by 92.40", SourceKind::Interest, cash(), vec![moved(Credited, 9_240)]),
        ("is none of kind 201", SourceKind::Interest, contribution(1).to_vec(), vec![moved(Spent, 9_240)]),
        // The source has its entry.
        ("", SourceKind::Contribution, cash(), Vec::new()),
    ];
    for (why, source, postings, movements) in refused {
        let outcome =
            try_write(book.as_mut(), |tx| tx.record_journal_entry(&entry(*source, "C1"), postings, movements));
        let chain = outcome.expect_err(why).chain();
        assert!(chain.contains(why), "{chain}");
    }
    let below_zero = try_write(book.as_mut(), |tx| {
        let all = [posting("person/account/P1", 18_641), chart(ChartAccount::PaymentDeposit, -18_641)];
        tx.record_journal_entry(&entry(SourceKind::Payout, "1"), &all, &[moved(Spent, -18_641)])
    });
    assert!(below_zero.is_err());
    assert_eq!(read(book.as_mut(), statement), before);
    check_verifies(book.as_mut());
}

pub fn an_account_tells_what_moved_it_in_the_order_of_recording(engine: &dyn Engine) {
    let mut book = book(engine);
    let first = settlement("S1", "E1", "P1");
    write(book.as_mut(), add_settled_visit);
    write(book.as_mut(), |tx| cancel(tx, &first).map(drop));
    let again = Settlement { round: 2, restores: "S1".into(), msgid: "M-S1".into(), ..settlement("S2", "E1", "P1") };
    write(book.as_mut(), |tx| tx.record_settlement(&again, &["L1".into()]));
    let own = Money::yuan(6);
    write(book.as_mut(), |tx| {
        add_with_line(tx, &visit("E2", "P1"))?;
        settle(tx, &crate::rows::paying(settlement("S3", "E2", "P1"), Money::ZERO))
    });
    let expected = vec![
        (0, CarriedIn, 10_000, None),
        row(1, Spent, -600, "S1"),
        row(2, Returned, 600, "R-S1"),
        row(3, Spent, -600, "S2"),
    ];
    assert_eq!(read(book.as_mut(), statement), (expected, Some(9_400)));
    read(book.as_mut(), |tx| {
        let moved = tx.account_movements("P1")?;
        assert_eq!((moved[0].moved_at, moved[0].day), (None, None), "of the opening nobody knows");
        assert_eq!(
            (moved[2].moved_at, moved[2].day),
            (Some(july(10)), Some(date(2021, 7, 8))),
            "the day of what it undoes"
        );
        assert_eq!(moved[1].amount, own.negated());
        assert!(tx.journal_entry(SourceKind::Settlement, "S3")?.is_some(), "cash and funds moved");
        Ok(())
    });
    assert_eq!(read(book.as_mut(), |tx| tx.fee_lines("E1"))[0].setl_id, line("E1", "L1").setl_id + "S2");
}

pub fn a_new_opening_takes_the_place_of_the_old_one(engine: &dyn Engine) {
    let mut book = book(engine);
    write(book.as_mut(), add_settled_visit);
    write(book.as_mut(), |tx| add_person(tx, "P2"));
    let changed = write(book.as_mut(), |tx| {
        tx.put_opening_balances(&[("P1", Money::yuan(50)), ("P2", Money::yuan(100)), ("P2", Money::yuan(7))])
    });
    assert!(changed.iter().all(Option::is_some));
    let expected = vec![(0, CarriedIn, 5_000, None), row(1, Spent, -600, "S1")];
    assert_eq!(read(book.as_mut(), statement), (expected.clone(), Some(4_400)));
    // Less than was paid since: nothing changes.
    assert_eq!(write(book.as_mut(), |tx| tx.put_opening_balance("P1", Money::yuan(5))), None);
    assert_eq!(read(book.as_mut(), statement), (expected, Some(4_400)));
    assert_eq!(read(book.as_mut(), |tx| tx.account_movements("P2"))[0].amount, Money::yuan(7));
    check_verifies(book.as_mut());
}
