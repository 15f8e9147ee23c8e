//! The books: journal entries (记账凭证) with balanced double-entry postings (复式记账), and what they move on personal
//! accounts. A source has one entry; a balance is the sum of the account's movements.

#[cfg(test)]
pub(crate) mod older;

use crate::engine::{Engine, once, select, sql};
use crate::fault::{Fault, masked};
use crate::record::{Batch, Record, record};
use crate::value::{Value, values};
use std::collections::BTreeMap;
use yibao_domain::ledger::{Account, MovementKind, SourceKind};
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

impl<E: Engine> Ledger for E {
    fn posted(&mut self, account: &str) -> Result<Money, Fault> {
        let sql = "SELECT CAST(coalesce(sum(amount_fen), 0) AS bigint) FROM posting WHERE account = ?1";
        self.the(("summing the postings of account", account), sql, &values![account], |row| row.take())
    }

    fn postings(&mut self, entry: &str) -> Result<Vec<Posting>, Fault> {
        let sql = select!(Posting, "WHERE entry = ?1 ORDER BY seq");
        self.all(("reading the postings of entry", entry), sql, &values![entry], Posting::read)
    }

    fn journal_entry(&mut self, source: SourceKind, source_id: &str) -> Result<Option<JournalEntry>, Fault> {
        let number = source.entry_of(source_id);
        let sql = select!(JournalEntry, "WHERE entry = ?1");
        self.first(("reading entry", &number), sql, &values![&number], JournalEntry::read)
    }

    fn account_movements(&mut self, psn_no: &str) -> Result<Vec<AccountMovement>, Fault> {
        let sql = select!(AccountMovement, "WHERE psn_no = ?1 ORDER BY number");
        let key = masked(psn_no);
        self.all(("reading the account movements of person", &key), sql, &values![psn_no], AccountMovement::read)
    }

    fn record_journal_entry(
        &mut self,
        entry: &JournalEntry,
        postings: &[Posting],
        movements: &[Movement],
    ) -> Result<(), Fault> {
        if postings.is_empty() {
            return Err(Fault::new(DOING, entry.number(), "it posts nothing"));
        }
        must_agree(entry, postings, movements)?;
        add_entry(self, entry, postings)?;
        for movement in movements.iter().filter(|movement| movement.amount != Money::ZERO) {
            if movement.amount > Money::ZERO {
                let sql = "INSERT INTO account (psn_no, opening_fen, balance_fen, movements) VALUES (?1, 0, 0, 0)
                           ON CONFLICT (psn_no) DO NOTHING";
                let work = ("opening an account of person", masked(&movement.psn_no));
                self.record((work.0, &work.1), sql, values![&movement.psn_no].into())?;
            }
            self.move_account(entry, movement)?;
        }
        Ok(())
    }
}

const DOING: &str = "recording the journal entry";

/// Records an entry and its postings. What moves nothing has no entry.
pub(crate) fn add_entry(tx: &mut impl Engine, entry: &JournalEntry, postings: &[Posting]) -> Result<(), Fault> {
    if postings.is_empty() {
        return Ok(());
    }
    let (number, psn_no) = (entry.number(), entry.psn_no.as_str());
    let work = (DOING, number.as_str());
    tx.record(work, &JournalEntry::table().insert.one, entry.values_at(values![&number]))?;
    let rows = (0_i64..).zip(postings).map(|(seq, posting)| posting.values_at(values![&number, seq, psn_no]));
    tx.record_all(work, &Posting::table().insert, rows)
}

/// An entry's debits and credits are equal, and what it moves on personal accounts is what it posts to them; or nothing
/// is recorded.
pub(crate) fn must_agree(entry: &JournalEntry, postings: &[Posting], movements: &[Movement]) -> Result<(), Fault> {
    let refused = |why: String| Err(Fault::new(DOING, entry.number(), why));
    let sum = Money::sum(postings.iter().map(|posting| posting.amount));
    if sum != Money::ZERO {
        return refused(format!("debits and credits differ by {sum}"));
    }
    let of_accounts = format!("{}/", Account::PersonalAccount.name());
    let mut rest: BTreeMap<&str, Money> = BTreeMap::new();
    for posting in postings {
        if let Some(psn_no) = posting.account.strip_prefix(&of_accounts) {
            let own = rest.entry(psn_no).or_insert(Money::ZERO);
            *own = own.plus(posting.amount);
        }
    }
    for Movement { psn_no, kind, amount, .. } in movements {
        if !kind.allows(*amount) {
            return refused(format!("a movement of {amount} is none of kind {}", kind.code()));
        }
        let own = rest.entry(psn_no).or_insert(Money::ZERO);
        *own = own.plus(*amount);
    }
    match rest.values().find(|left| **left != Money::ZERO) {
        Some(left) => refused(format!("movements and postings of a personal account differ by {left}")),
        None => Ok(()),
    }
}

/// Changes the row of an account: person, amount. Without an account no row changes, with less on it than is to be paid its
/// CHECK fails: either is a fault.
pub(crate) const BALANCE: &str =
    "UPDATE account SET balance_fen = balance_fen + ?2, movements = movements + 1 WHERE psn_no = ?1";

/// Records the movement that changed the row, with the number that it has there: person, amount, kind, entry, moment, day.
pub(crate) fn movement_from(source: &str) -> String {
    format!(
        "INSERT INTO account_movement ({}) SELECT ?1, movements, ?3, ?2, ?4, ?5, ?6 FROM {source}",
        AccountMovement::list()
    )
}

/// The same where the row was changed by another statement before.
pub(crate) fn movement_of_account() -> &'static str {
    sql!("{}", movement_from("account WHERE psn_no = ?1"))
}

impl Movement {
    /// What [`movement_from`] takes.
    pub(crate) fn values_of<'a>(&'a self, entry: &'a str, at: DateTime) -> [Value<'a>; 6] {
        values![&self.psn_no, self.amount, &self.kind, entry, at, &self.day]
    }
}

/// Stores what an account was opened with: the last that was loaded holds. Person, amount.
pub(crate) fn opening_movement() -> &'static Batch {
    const CONFLICT: &str = "ON CONFLICT (psn_no, number) DO UPDATE SET amount_fen = excluded.amount_fen";
    const INSERT: &str = "INSERT INTO account_movement (psn_no, number, kind, amount_fen)";
    once!(Batch, {
        let kind = MovementKind::CarriedIn.code();
        Batch {
            one: format!("{INSERT} VALUES (?1, 0, '{kind}', ?2) {CONFLICT}"),
            many: format!(
                "{INSERT} SELECT psn_no, 0, '{kind}', opening FROM unnest(?1::text[], ?2::bigint[]) AS new (psn_no, opening)
                 {CONFLICT}"
            ),
        }
    })
}
