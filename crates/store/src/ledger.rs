//! The books: journal entries (记账凭证) with balanced double-entry postings (复式记账), and what they move on personal
//! accounts. A source has one entry; a balance is the sum of the account's movements.

pub(crate) mod asked;
#[cfg(test)]
pub(crate) mod older;

use crate::fault::Fault;
use crate::record::record;
use std::collections::BTreeMap;
use yibao_domain::ledger::{MovementKind, SourceKind};
use yibao_domain::money::Money;
use yibao_domain::time::{Date, DateTime};

/// What was recorded in the books, and what for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct JournalEntry {
    /// What it records.
    pub source: SourceKind,
    /// The number of what it records, among those of its kind.
    pub source_id: String,
    /// Whose it is; empty where it is nobody's in particular.
    pub psn_no: String,
    /// When it was recorded.
    pub at: DateTime,
}

impl JournalEntry {
    /// Its own number.
    pub fn number(&self) -> String {
        self.source.entry_of(&self.source_id)
    }
}

/// One posting of a journal entry; debit positive, credit negative, the entry sums to zero.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Posting {
    /// `fund/390100`, `person/account/<psn_no>`, `person/cash`, `provider/receivable/<code>`, `chart/1003`, …
    pub account: String,
    /// Debit positive, credit negative.
    pub amount: Money,
}

/// What an entry moves on a personal account.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Movement {
    /// Whose account.
    pub psn_no: String,
    /// What moves it.
    pub kind: MovementKind,
    /// Positive where the balance grows; as the kind goes.
    pub amount: Money,
    /// From which day it counts, for interest.
    pub day: Date,
}

/// A movement of a personal account (个人账户变动) as recorded.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct AccountMovement {
    /// Whose account.
    pub psn_no: String,
    /// Within the account, in the order of recording; 0 is what it was opened with.
    pub number: i64,
    /// What moved it.
    pub kind: MovementKind,
    /// Positive where the balance grew.
    pub amount: Money,
    /// The journal entry it belongs to; none for what the account was opened with.
    pub entry: Option<String>,
    /// When it was recorded; unknown for what the account was opened with.
    pub moved_at: Option<DateTime>,
    /// From which day it counts; unknown for what the account was opened with.
    pub day: Option<Date>,
}

/// Questions about the books, and the one way into them.
pub trait Ledger {
    /// Sum of an account's postings, debit positive. Reads all postings: for reports, not for the way of a call.
    fn posted(&mut self, account: &str) -> Result<Money, Fault>;
    /// The sums of all accounts but those of persons, by account, debit positive. Reads all postings once.
    fn posted_by_account(&mut self) -> Result<BTreeMap<String, Money>, Fault>;
    /// Postings of a journal entry by its number.
    fn postings(&mut self, entry: &str) -> Result<Vec<Posting>, Fault>;
    /// The journal entry of a source.
    fn journal_entry(&mut self, source: SourceKind, source_id: &str) -> Result<Option<JournalEntry>, Fault>;
    /// The movements of a person's account by number.
    fn account_movements(&mut self, psn_no: &str) -> Result<Vec<AccountMovement>, Fault>;
    /// Records what a source does to the books, once: its entry, the postings, and the movements with the balances that
    /// follow from them. A fault where it posts nothing, where debits and credits differ, where the movements are not those of the postings to
    /// the personal accounts, where a balance would fall below zero, and where the source has an entry. An account that
    /// money comes in to is opened where there is none.
    fn record_journal_entry(
        &mut self,
        entry: &JournalEntry,
        postings: &[Posting],
        movements: &[Movement],
    ) -> Result<(), Fault>;
}

record! {
    JournalEntry = "journal_entry", "记账凭证", key [entry];
    given { entry: String }
    fields { source = "source_kind", source_id, psn_no, at = "recorded_at" }
}

record! {
    Posting = "posting", "会计分录", key [entry, seq];
    given { entry: String, seq: i64, psn_no: String }
    fields { account, amount }
    sums { "会计分录借方合计（分）" = "CASE WHEN amount_fen > 0 THEN amount_fen ELSE 0 END" }
}

record! {
    AccountMovement = "account_movement", "个人账户变动", key [psn_no, number];
    fields { psn_no, number, kind, amount, entry, moved_at, day }
    sums { "个人账户变动合计（分）" = "amount_fen" }
}
