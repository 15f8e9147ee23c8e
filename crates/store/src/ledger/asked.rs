//! What is asked of the books, and the one way into them.

use super::{AccountMovement, JournalEntry, Ledger, Movement, Posting};
use crate::engine::{Engine, MOVING, exactly, once, select, sql};
use crate::fault::{Fault, masked};
use crate::record::{Batch, Record};
use crate::value::{Value, values};
use std::collections::BTreeMap;
use yibao_domain::ledger::{Account, MovementKind, SourceKind};
use yibao_domain::money::Money;
use yibao_domain::time::DateTime;

impl<E: Engine> Ledger for E {
    fn posted(&mut self, account: &str) -> Result<Money, Fault> {
        let sql = "SELECT CAST(coalesce(sum(amount_fen), 0) AS bigint) FROM posting WHERE account = ?1";
        self.the(("summing the postings of account", account), sql, &values![account], |row| row.take())
    }

    fn posted_by_account(&mut self) -> Result<BTreeMap<String, Money>, Fault> {
        let sql = "SELECT account, CAST(sum(amount_fen) AS bigint) FROM posting WHERE account NOT LIKE 'person/%' GROUP BY account";
        let sums =
            self.all(("summing the postings", "by account"), sql, &values![], |row| Ok((row.take()?, row.take()?)))?;
        Ok(sums.into_iter().collect())
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

/// Moves an account by two statements, one after the other.
pub(crate) fn move_in_two(tx: &mut impl Engine, entry: &JournalEntry, movement: &Movement) -> Result<(), Fault> {
    let number = entry.number();
    let values = movement.values_of(&number, entry.at);
    tx.change((MOVING, &number), 1, exactly!("1", "{BALANCE}"), values[..2].to_vec())?;
    tx.record((MOVING, &number), movement_of_account(), values.into())
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
