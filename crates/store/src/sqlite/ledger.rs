//! Postings.

use super::SqliteTx;
use super::value::{Columns, Fen};
use crate::fault::Fault;
use crate::ledger::{Ledger, Posting};
use rusqlite::params;
use yibao_domain::money::Money;

fn read_posting(row: &mut Columns<'_, '_>) -> rusqlite::Result<Posting> {
    Ok(Posting { account: row.take()?, amount: row.fen()? })
}

impl Ledger for SqliteTx<'_> {
    fn posted(&mut self, account: &str) -> Result<Money, Fault> {
        let sql = "SELECT coalesce(sum(amount_fen), 0) FROM posting WHERE account = ?1";
        self.the("summing the postings of account", account, sql, params![account], |row| row.fen())
    }

    fn postings(&mut self, entry: &str) -> Result<Vec<Posting>, Fault> {
        let sql = "SELECT account, amount_fen FROM posting WHERE entry = ?1 ORDER BY seq";
        self.all("reading the postings of entry", entry, sql, params![entry], read_posting)
    }
}

impl SqliteTx<'_> {
    /// Records a journal entry, which must balance.
    pub(super) fn record_entry(&self, entry: &str, psn_no: &str, postings: &[Posting]) -> Result<(), Fault> {
        const DOING: &str = "recording the postings of entry";
        let sum = Money::sum(postings.iter().map(|posting| posting.amount));
        if sum != Money::ZERO {
            return Err(Fault::new(DOING, entry, format!("debits and credits differ by {sum}")));
        }
        let sql = "INSERT INTO posting (entry, seq, psn_no, account, amount_fen) VALUES (?1, ?2, ?3, ?4, ?5)";
        for (seq, posting) in (0_i64..).zip(postings) {
            self.run(DOING, entry, sql, params![entry, seq, psn_no, posting.account, Fen(posting.amount)])?;
        }
        Ok(())
    }
}
