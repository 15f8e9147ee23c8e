//! The books: balanced double-entry postings (复式记账).

use crate::engine::{Engine, select};
use crate::fault::Fault;
use crate::record::{Record, record};
use crate::value::values;
use yibao_domain::money::Money;

/// One posting of a journal entry; debit positive, credit negative, the entry sums to zero.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Posting {
    /// `fund/390100`, `account/<psn_no>`, `cash/person`, `provider/<code>/receivable`, …
    pub account: String,
    /// Debit positive, credit negative.
    pub amount: Money,
}

/// Questions about the books.
pub trait Ledger {
    /// Sum of an account's postings, debit positive. Reads all postings: for reports, not for the way of a call.
    fn posted(&mut self, account: &str) -> Result<Money, Fault>;
    /// Postings of a journal entry: a `setl_id` or a `cancellation_id`.
    fn postings(&mut self, entry: &str) -> Result<Vec<Posting>, Fault>;
}

record! {
    Posting = "posting", "会计分录", key [entry, seq];
    given { entry: String, seq: i64, psn_no: String }
    fields { account, amount }
    sums { "会计分录借方合计（分）" = "CASE WHEN amount_fen > 0 THEN amount_fen ELSE 0 END" }
}

impl<E: Engine> Ledger for E {
    fn posted(&mut self, account: &str) -> Result<Money, Fault> {
        let sql = "SELECT CAST(coalesce(sum(amount_fen), 0) AS bigint) FROM posting WHERE account = ?1";
        self.the(("summing the postings of account", account), sql, &values![account], |row| row.take())
    }

    fn postings(&mut self, entry: &str) -> Result<Vec<Posting>, Fault> {
        let sql = select!(Posting, "WHERE entry = ?1 ORDER BY seq");
        self.all(("reading the postings of entry", entry), sql, &values![entry], Posting::read)
    }
}

/// Records a journal entry, which must balance.
pub(crate) fn record_entry(tx: &mut impl Engine, entry: &str, psn_no: &str, postings: &[Posting]) -> Result<(), Fault> {
    must_balance(entry, postings)?;
    let rows = (0_i64..).zip(postings).map(|(seq, posting)| posting.values_at(values![entry, seq, psn_no]));
    tx.record_all((DOING, entry), &Posting::table().insert, rows)
}

const DOING: &str = "recording the postings of entry";

/// An entry's debits and credits are equal, or nothing is recorded.
pub(crate) fn must_balance(entry: &str, postings: &[Posting]) -> Result<(), Fault> {
    let sum = Money::sum(postings.iter().map(|posting| posting.amount));
    if sum == Money::ZERO {
        return Ok(());
    }
    Err(Fault::new(DOING, entry, format!("debits and credits differ by {sum}")))
}
