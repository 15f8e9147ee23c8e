//! Settlements, cancellations, the journal; and what many callers at once may not do to them.

use crate::engine::{Engine, book, check_not_taken, check_verifies, race, read, try_write, work, write};
use crate::rows::key;
use crate::rows::{
    HOSPITAL, add_person, add_settled_visit, add_with_line, cancel, cancellation, july, line, message, paying, posting,
    settle, settlement, stay, visit,
};
use proptest::prelude::*;
use std::cell::Cell;
use yibao_domain::money::Money;
use yibao_domain::party::Party;
use yibao_store::census::Figure;
use yibao_store::encounter::FeeLine;
use yibao_store::message::{Message, MessageKey, MessageReversal};
use yibao_store::settlement::{Cancellation, Round, Settlement};
use yibao_store::{Book, Fault, Subjects, Tx};

fn balance(tx: &mut dyn Tx) -> Result<Option<Money>, Fault> {
    Ok(tx.person_facts("P1", &[])?.and_then(|facts| facts.balance))
}

fn totals(tx: &mut dyn Tx) -> Result<Vec<(String, i64)>, Fault> {
    Ok(tx.running_totals("P1")?.into_iter().map(|row| (row.name, row.value)).collect())
}

/// Runs `work` on a settled visit (`S1` of `E1`), expects a fault, and that the call left nothing behind.
#[track_caller]
fn check_refused(engine: &dyn Engine, mut work: impl FnMut(&mut dyn Tx) -> Result<(), Fault>) {
    let mut book = book(engine);
    write(book.as_mut(), add_settled_visit);
    write(book.as_mut(), |tx| add_with_line(tx, &visit("E2", "P1")));
    assert!(try_write(book.as_mut(), &mut work).is_err(), "this should have been a fault");
    read(book.as_mut(), |tx| {
        assert_eq!(balance(tx)?, Some(Money::yuan(94)));
        assert_eq!(totals(tx)?, [("pool_paid".into(), 2_000), ("visits".into(), 1)]);
        assert!(tx.settlements_of("E2")?.is_empty());
        assert_eq!(tx.settlements_of("E1")?.len(), 1);
        assert_eq!(tx.fee_lines("E2")?, [line("E2", "L1")]);
        Ok(())
    });
    check_verifies(book.as_mut());
}

pub fn the_highest_deductible_standard_is_that_of_settlements_that_stand(engine: &dyn Engine) {
    let mut book = book(engine);
    write(book.as_mut(), add_settled_visit);
    let highest = |tx: &mut dyn Tx, insutype, clr_type| tx.highest_deductible_standard("P1", 2021, insutype, clr_type);
    read(book.as_mut(), |tx| {
        assert_eq!(highest(tx, "310", "11")?, Some(Money::yuan(2)));
        assert_eq!(highest(tx, "390", "11")?, None);
        assert_eq!(highest(tx, "310", "14")?, None);
        assert_eq!(tx.highest_deductible_standard("P1", 2020, "310", "11")?, None);
        let added = settlement("S1", "E1", "P1").accumulations;
        for one in &added {
            let all: i64 = added.iter().filter(|other| other.name == one.name).map(|other| other.delta).sum();
            assert_eq!(tx.moved("P1", 2021, "310", &one.name)?, all);
            assert_eq!(tx.moved("P1", 2021, "390", &one.name)?, 0);
        }
        Ok(())
    });
    write(book.as_mut(), |tx| cancel(tx, &settlement("S1", "E1", "P1")).map(drop));
    read(book.as_mut(), |tx| {
        assert_eq!(highest(tx, "310", "11")?, None);
        assert_eq!(tx.moved("P1", 2021, "310", &settlement("S1", "E1", "P1").accumulations[0].name)?, 0);
        Ok(())
    });
}

pub fn a_settlement_comes_back_whole(engine: &dyn Engine) {
    let mut book = book(engine);
    write(book.as_mut(), add_settled_visit);
    read(book.as_mut(), |tx| {
        let row = tx.settlement("S1")?.unwrap();
        assert!(row.stands());
        assert_eq!(row.settlement, settlement("S1", "E1", "P1"));
        assert_eq!(tx.settlements_of("E1")?, [row]);
        assert_eq!(tx.settlement("S9")?, None);
        assert_eq!(tx.postings("S1")?, settlement("S1", "E1", "P1").postings);
        assert_eq!(tx.posted("fund/310100")?, Money::yuan(20));
        assert_eq!(tx.posted("fund/999999")?, Money::ZERO);
        let all = tx.posted_by_account()?;
        assert_eq!(all.get("fund/310100"), Some(&Money::yuan(20)));
        assert!(all.keys().all(|account| !account.starts_with("person/")), "{all:?}");
        assert_eq!(balance(tx)?, Some(Money::yuan(94)));
        assert_eq!(totals(tx)?, [("pool_paid".into(), 2_000), ("visits".into(), 1)]);
        assert_eq!(tx.fee_lines("E1")?[0].setl_id, "S1");
        Ok(())
    });
}

pub fn the_rounds_of_an_encounter_tell_which_stand(engine: &dyn Engine) {
    let mut book = book(engine);
    write(book.as_mut(), add_settled_visit);
    let first = Round { round: 1, setl_id: "S1".into(), mid_stay: false, stands: true };
    assert_eq!(read(book.as_mut(), |tx| tx.rounds("E1")), std::slice::from_ref(&first));
    write(book.as_mut(), |tx| {
        cancel(tx, &settlement("S1", "E1", "P1"))?;
        settle(tx, &Settlement { round: 2, mid_stay: true, ..settlement("S2", "E1", "P1") })?;
        let second = Round { round: 2, setl_id: "S2".into(), mid_stay: true, stands: true };
        assert_eq!(tx.rounds("E1")?, [Round { stands: false, ..first.clone() }, second]);
        assert!(tx.rounds("E2")?.is_empty());
        Ok(())
    });
}

pub fn a_line_may_be_recorded_as_settled(engine: &dyn Engine) {
    let mut book = book(engine);
    let settled = FeeLine { setl_id: "S2".into(), ..line("E2", "L1") };
    write(book.as_mut(), add_settled_visit);
    write(book.as_mut(), |tx| {
        tx.add_encounter(&visit("E2", "P1"))?;
        tx.record_settlement(&settlement("S2", "E2", "P1"), &[])?;
        tx.add_fee_lines(std::slice::from_ref(&settled))?;
        tx.record_message(&message("M-S2", "S2"))
    });
    assert_eq!(read(book.as_mut(), |tx| tx.fee_lines("E2")), [settled]);
    check_verifies(book.as_mut());
}

pub fn a_cancellation_puts_everything_back(engine: &dyn Engine) {
    let mut book = book(engine);
    let settled = settlement("S1", "E1", "P1");
    write(book.as_mut(), add_settled_visit);
    assert_eq!(write(book.as_mut(), |tx| cancel(tx, &settled)), Money::yuan(100));
    read(book.as_mut(), |tx| {
        let row = tx.settlement("S1")?.unwrap();
        assert!(!row.stands());
        assert_eq!(row.settlement, settled, "what was recorded stays recorded");
        assert_eq!(row.cancellation, Some(cancellation(&settled)));
        assert_eq!(balance(tx)?, Some(Money::yuan(100)));
        assert_eq!(totals(tx)?, [("pool_paid".into(), 0), ("visits".into(), 0)]);
        assert_eq!(tx.posted("fund/310100")?, Money::ZERO);
        assert_eq!(tx.fee_lines("E1")?, [line("E1", "L1")]);
        Ok(())
    });
    check_verifies(book.as_mut());
    write(book.as_mut(), |tx| {
        assert!(!tx.settlement("S1")?.unwrap().stands());
        settle(tx, &Settlement { round: 2, ..settlement("S2", "E1", "P1") })
    });
    assert_eq!(read(book.as_mut(), |tx| tx.settlements_of("E1")).len(), 2);
    check_verifies(book.as_mut());
}

pub fn a_settlement_is_cancelled_once(engine: &dyn Engine) {
    check_refused(engine, |tx| {
        let once = cancellation(&settlement("S1", "E1", "P1"));
        tx.record_cancellation(&once)?;
        tx.record_cancellation(&Cancellation { cancellation_id: "R-again".into(), ..once }).map(drop)
    });
}

pub fn a_round_is_taken_once(engine: &dyn Engine) {
    check_refused(engine, |tx| tx.record_settlement(&settlement("S2", "E1", "P1"), &[]));
}

pub fn an_overdraft_is_refused_and_changes_nothing(engine: &dyn Engine) {
    check_refused(engine, |tx| settle(tx, &paying(settlement("S2", "E2", "P1"), Money::fen(9_401))));
}

pub fn amounts_that_do_not_add_up_are_refused(engine: &dyn Engine) {
    let cases: [fn(&mut Settlement); 3] = [
        |row| row.inscp_scp_amt = row.inscp_scp_amt.plus(Money::fen(1)),
        |row| row.hosp_part_amt = Money::fen(1),
        |row| row.psn_cash_pay = row.psn_cash_pay.minus(Money::fen(1)),
    ];
    let mut book = book(engine);
    write(book.as_mut(), add_settled_visit);
    for wrong in cases {
        let mut row = settlement("S2", "E2", "P1");
        wrong(&mut row);
        let outcome = try_write(book.as_mut(), |tx| {
            add_with_line(tx, &visit("E2", "P1"))?;
            settle(tx, &row)
        });
        assert!(outcome.is_err(), "{row:?}");
    }
    let outcome = try_write(book.as_mut(), |tx| {
        let mut wrong = line("E1", "L2");
        wrong.inscp_scp_amt = Money::fen(1);
        tx.add_fee_lines(&[wrong])
    });
    assert!(outcome.is_err());
}

pub fn postings_that_do_not_balance_are_refused(engine: &dyn Engine) {
    check_refused(engine, |tx| {
        let mut row = settlement("S2", "E2", "P1");
        row.postings.push(posting("cash/person", 1));
        settle(tx, &row)
    });
}

pub fn a_line_is_settled_once(engine: &dyn Engine) {
    check_refused(engine, |tx| {
        let again = Settlement { round: 2, ..settlement("S2", "E1", "P1") };
        tx.record_settlement(&again, &["L1".into()])
    });
}

pub fn a_message_is_recorded_once(engine: &dyn Engine) {
    check_refused(engine, |tx| tx.record_message(&message("M-S1", "S1")));
    let mut book = book(engine);
    assert_eq!(read(book.as_mut(), |tx| tx.message(&key("M-S1"))), Some(message("M-S1", "S1")));
    let others = [
        (MessageKey::new(Party::provider("H-other"), "M-S1", "2207"), "ids are the sender's own"),
        (MessageKey::new(Party::clerk(HOSPITAL), "M-S1", "2207"), "a clerk is no provider, whatever the login"),
        (MessageKey::new(Party::provider(HOSPITAL), "M-S1", "2204"), "one id may stand for two transactions"),
    ];
    for (other, why) in others {
        assert_eq!(read(book.as_mut(), |tx| tx.message(&other)), None, "{why}");
    }
    let variant = MessageKey::new(Party::provider(HOSPITAL), "M-S1", "2207A");
    assert_eq!(
        read(book.as_mut(), |tx| tx.message(&variant)),
        Some(message("M-S1", "S1")),
        "a variant is no other one"
    );
    write(book.as_mut(), |tx| tx.record_message(&Message { infno: "2204".into(), ..message("M-S1", "") }));
    let both = read(book.as_mut(), |tx| tx.transactions_of(&Party::provider(HOSPITAL), "M-S1"));
    assert_eq!(both, ["2204", "2207"]);
    check_verifies(book.as_mut());
}

pub fn a_tombstone_stands_without_its_message(engine: &dyn Engine) {
    let mut book = book(engine);
    let tombstone = MessageReversal {
        party: Party::provider(HOSPITAL),
        omsgid: "M-late".into(),
        oinfno: "2207".into(),
        psn_no: "P1".into(),
        msgid: "M-2601".into(),
        recorded_at: july(9),
    };
    write(book.as_mut(), |tx| {
        assert_eq!(tx.message_reversal(&key("M-late"))?, None);
        tx.record_message_reversal(&tombstone)?;
        assert_eq!(tx.message_reversal(&key("M-late"))?, Some(tombstone.clone()));
        check_not_taken(tx, |tx| tx.record_message_reversal(&tombstone), "it stands already")
    });
    check_verifies(book.as_mut());
}

/// Settles `L1` of a fresh visit under the next round, as a till does: looks first, then records.
fn till_settles(book: &mut dyn Book, mdtrt_id: &str, setl_id: &str, from_account: Money) -> Result<(), Fault> {
    try_write(book, |tx| {
        tx.foresee(&Subjects { encounters: vec![mdtrt_id.into()], ..Subjects::default() })?;
        let round = tx.rounds(mdtrt_id)?.len() + 1;
        let row = paying(settlement(setl_id, mdtrt_id, "P1"), from_account);
        settle(tx, &Settlement { round: i64::try_from(round).unwrap(), ..row })
    })
}

pub fn many_tills_never_overdraw_an_account(engine: &dyn Engine) {
    // 4 tills ask 5 times each for 9 of 100 yuan: 11 are paid, 9 are not.
    write(book(engine).as_mut(), |tx| {
        add_person(tx, "P1")?;
        (0..20).try_for_each(|number| add_with_line(tx, &visit(&format!("E{number}"), "P1")))
    });
    let paid: usize = race(engine, 4, |till, book| {
        (0..5)
            .filter(|visit| {
                let number = till * 5 + visit;
                till_settles(book, &format!("E{number}"), &format!("S{number}"), Money::yuan(9)).is_ok()
            })
            .count()
    })
    .into_iter()
    .sum();
    assert_eq!(paid, 11);
    let mut book = book(engine);
    assert_eq!(read(book.as_mut(), balance), Some(Money::yuan(1)));
    check_verifies(book.as_mut());
}

pub fn of_racing_settlements_one_gets_the_round(engine: &dyn Engine) {
    write(book(engine).as_mut(), |tx| {
        add_person(tx, "P1")?;
        add_with_line(tx, &visit("E1", "P1"))
    });
    let outcomes = race(engine, 6, |till, book| {
        try_write(book, |tx| settle(tx, &settlement(&format!("S{till}"), "E1", "P1"))).is_ok()
    });
    assert_eq!(outcomes.into_iter().filter(|won| *won).count(), 1);
    let mut book = book(engine);
    assert_eq!(read(book.as_mut(), |tx| tx.settlements_of("E1")).len(), 1);
    check_verifies(book.as_mut());
}

pub fn the_census_counts_and_sums_what_is_there(engine: &dyn Engine) {
    let mut book = book(engine);
    let empty = book.census().unwrap();
    assert!(empty.iter().all(|figure| figure.value == 0), "{empty:?}");
    write(book.as_mut(), add_settled_visit);
    let census = book.census().unwrap();
    let names = |figures: &[Figure]| figures.iter().map(|figure| figure.name).collect::<Vec<_>>();
    assert_eq!(names(&census), names(&empty));
    for (name, expected) in [
        ("参保人", 1),
        ("个人账户余额合计（分）", 9_400),
        ("费用明细金额合计（分）", 3_000),
        ("结算", 1),
        ("结算总费用合计（分）", 3_000),
        ("基金支付合计（分）", 2_000),
        ("个人账户支付合计（分）", 600),
        ("会计分录借方合计（分）", 3_000),
        ("报文", 1),
        ("结算撤销", 0),
    ] {
        let figure = census.iter().find(|figure| figure.name == name).unwrap();
        assert_eq!(figure.value, expected, "{name}");
    }
}

pub fn a_busy_book_verifies(engine: &dyn Engine) {
    race(engine, 3, |worker, book| {
        for number in 0..10 {
            let (psn_no, mdtrt_id) = (format!("P{worker}"), format!("E{worker}-{number}"));
            let mid_stay = Settlement { mid_stay: true, ..settlement(&format!("S{mdtrt_id}-1"), &mdtrt_id, &psn_no) };
            let last = Settlement { round: 2, ..settlement(&format!("S{mdtrt_id}-2"), &mdtrt_id, &psn_no) };
            write(book, |tx| {
                add_person(tx, &psn_no)?;
                add_with_line(tx, &stay(&mdtrt_id, &psn_no))?;
                settle(tx, &mid_stay)?;
                tx.add_fee_lines(&[line(&mdtrt_id, "L2")])?;
                tx.record_settlement(&last, &["L2".into()])?;
                tx.record_message(&message(&last.msgid, &last.setl_id))?;
                if number % 2 == 0 {
                    cancel(tx, &last)?;
                }
                Ok(())
            });
        }
    });
    let mut book = book(engine);
    check_verifies(book.as_mut());
    let examined: Vec<u64> = book.verify(&work()).unwrap().iter().map(|check| check.examined).collect();
    assert_eq!(examined[0], 60, "3 workers, 10 stays, 2 settlements each");
}

/// Something that happens to a person with one visit.
#[derive(Clone, Debug)]
enum Event {
    /// Settled, with so much from the account.
    Settle { from_account: i64, pool_paid: i64 },
    /// The last settlement is cancelled.
    Cancel,
    /// The opening balance is loaded anew.
    Load { opening: i64 },
}

fn event() -> impl Strategy<Value = Event> {
    prop_oneof![
        (0i64..=1_000, -500i64..500).prop_map(|(from_account, pool_paid)| Event::Settle { from_account, pool_paid }),
        Just(Event::Cancel),
        (0i64..3_000).prop_map(|opening| Event::Load { opening }),
    ]
}

/// Balance and total are recomputed here from the settlements that stand, by plain sums.
pub fn any_history_is_the_sum_of_what_stands(engine: &dyn Engine) {
    let persons = Cell::new(0);
    proptest!(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() },
              |(events in proptest::collection::vec(event(), 1..12))| {
        persons.set(persons.get() + 1);
        let (psn_no, mdtrt_id) = (format!("P{}", persons.get()), format!("E{}", persons.get()));
        let mut book = book(engine);
        write(book.as_mut(), |tx| {
            add_person(tx, &psn_no)?;
            add_with_line(tx, &visit(&mdtrt_id, &psn_no))
        });
        let (mut opening, mut round, mut total) = (10_000, 0, 0);
        let mut standing: Option<Settlement> = None;
        for event in events {
            let paid = standing.as_ref().map_or(0, |row| row.acct_pay.as_fen());
            match event {
                Event::Settle { from_account, pool_paid } => {
                    if standing.is_some() {
                        continue;
                    }
                    let setl_id = format!("S{mdtrt_id}-{}", round + 1);
                    let paid = paying(settlement(&setl_id, &mdtrt_id, &psn_no), Money::fen(from_account));
                    let mut row = Settlement { round: round + 1, ..paid };
                    row.accumulations[0].delta = pool_paid;
                    let outcome = try_write(book.as_mut(), |tx| settle(tx, &row));
                    prop_assert_eq!(outcome.is_ok(), from_account <= opening, "{} of {}", from_account, opening);
                    if outcome.is_ok() {
                        round += 1;
                        total = pool_paid;
                        standing = Some(row);
                    }
                }
                Event::Cancel => {
                    if let Some(row) = standing.take() {
                        let balance = write(book.as_mut(), |tx| cancel(tx, &row));
                        prop_assert_eq!(balance, Money::fen(opening));
                        total = 0;
                    }
                }
                Event::Load { opening: loaded } => {
                    let change =
                        write(book.as_mut(), |tx| tx.put_opening_balance(&psn_no, Money::fen(loaded)));
                    prop_assert_eq!(change.is_some(), loaded >= paid);
                    opening = if change.is_some() { loaded } else { opening };
                }
            }
            let paid = standing.as_ref().map_or(0, |row| row.acct_pay.as_fen());
            let facts = read(book.as_mut(), |tx| tx.person_facts(&psn_no, &["2021".into()])).unwrap();
            prop_assert_eq!(facts.balance, Some(Money::fen(opening - paid)));
            prop_assert_eq!(facts.totals.iter().map(|row| row.value).sum::<i64>(), total);
        }
        check_verifies(book.as_mut());
    });
}
