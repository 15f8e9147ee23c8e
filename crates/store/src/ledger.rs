//! The books: balanced double-entry postings (复式记账).

use crate::fault::Fault;
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
