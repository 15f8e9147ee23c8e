//! Postings.

use super::transaction::PostgresTx;
use super::value::{Columns, Kept, Unreadable, column};
use crate::fault::Fault;
use crate::ledger::{Ledger, Posting};
use yibao_domain::money::Money;

pub(super) fn read_posting(row: &mut Columns<'_>) -> Result<Posting, Unreadable> {
    Ok(Posting { account: row.take()?, amount: row.fen()? })
}

impl Ledger for PostgresTx<'_> {
    fn posted(&mut self, account: &str) -> Result<Money, Fault> {
        let sql = "SELECT coalesce(sum(amount_fen), 0)::bigint FROM posting WHERE account = $1";
        self.the("summing the postings of account", account, sql, &[&account], |row| row.fen())
    }

    fn postings(&mut self, entry: &str) -> Result<Vec<Posting>, Fault> {
        let sql = "SELECT account, amount_fen FROM posting WHERE entry = $1 ORDER BY seq";
        self.all("reading the postings of entry", entry, sql, &[&entry], read_posting)
    }
}

impl PostgresTx<'_> {
    /// Records a journal entry, which must balance.
    pub(super) fn record_entry(&mut self, entry: &str, psn_no: &str, postings: &[Posting]) -> Result<(), Fault> {
        const DOING: &str = "recording the postings of entry";
        must_balance(entry, postings)?;
        let sql = "INSERT INTO posting (entry, seq, psn_no, account, amount_fen)
                   SELECT $1, seq - 1, $2, account, amount_fen
                   FROM unnest($3::text[], $4::bigint[]) WITH ORDINALITY AS posted (account, amount_fen, seq)";
        let values = vec![
            Box::new(entry.to_owned()) as Kept,
            Box::new(psn_no.to_owned()),
            column(postings, |posting| &posting.account),
            column(postings, |posting| &posting.amount),
        ];
        self.record(DOING, entry, sql, values)
    }
}

/// An entry's debits and credits are equal, or nothing is recorded.
pub(super) fn must_balance(entry: &str, postings: &[Posting]) -> Result<(), Fault> {
    let sum = Money::sum(postings.iter().map(|posting| posting.amount));
    if sum != Money::ZERO {
        return Err(Fault::new(
            "recording the postings of entry",
            entry,
            format!("debits and credits differ by {sum}"),
        ));
    }
    Ok(())
}
