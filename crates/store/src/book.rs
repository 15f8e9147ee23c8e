//! What a book is made of: the nouns that a transaction answers for, their tables, and the steps of the schema, which
//! have the same numbers and names for every engine, each with a text of its own.

use crate::deposit::{Deposit, DepositCount, Deposits};
use crate::encounter::{Diagnosis, Encounter, Encounters, FeeLine};
use crate::file::{Files, StoredFile};
use crate::filing::{Filing, Filings};
use crate::ledger::{AccountMovement, JournalEntry, Ledger, Posting};
use crate::load::{LoadMark, Loads};
use crate::mapping::{Mapping, Mappings};
use crate::message::{Message, MessageReversal, Messages};
use crate::outage::{BackfillRun, EnteredEvent, Outages, ProposedPlan, PublishedPlan};
use crate::person::{Account, Attribute, Insurance, Person, Persons, RunningTotalRow, SpecialDisease};
use crate::practitioner::{Practitioner, Practitioners};
use crate::record::{Record, Table, record};
use crate::reference::{CatalogueItem, ListLine, Provider, References};
use crate::register::{ClaimRight, Hold, Registers};
use crate::session::{Sessions, SignIn};
use crate::settlement::{Accumulation, Cancellation, FundShare, Settlement, Settlements};
use crate::user::{PageSession, User, Users};
use crate::voucher::{VoucherToken, Vouchers};
use yibao_domain::register::{Entry, EntryLine, Event};

/// All nouns: what a transaction answers for.
pub trait Nouns:
    Persons
    + Loads
    + Encounters
    + Settlements
    + Messages
    + Filings
    + Mappings
    + Deposits
    + Files
    + Vouchers
    + References
    + Practitioners
    + Sessions
    + Ledger
    + Registers
    + Outages
    + Users
{
}

impl<T> Nouns for T where
    T: Persons
        + Loads
        + Encounters
        + Settlements
        + Messages
        + Filings
        + Mappings
        + Deposits
        + Files
        + Vouchers
        + References
        + Practitioners
        + Sessions
        + Ledger
        + Registers
        + Outages
        + Users
{
}

/// The tables of a book, parents before what hangs on them. They move and are counted in this order.
pub(crate) fn tables() -> Vec<&'static Table> {
    vec![
        Person::table(),
        Insurance::table(),
        Attribute::table(),
        SpecialDisease::table(),
        Account::table(),
        AccountMovement::table(),
        RunningTotalRow::table(),
        Encounter::table(),
        Diagnosis::table(),
        Settlement::table(),
        FundShare::table(),
        Accumulation::table(),
        Cancellation::table(),
        FeeLine::table(),
        JournalEntry::table(),
        Posting::table(),
        Message::table(),
        MessageReversal::table(),
        Filing::table(),
        Mapping::table(),
        Deposit::table(),
        DepositCount::table(),
        StoredFile::table(),
        VoucherToken::table(),
        SignIn::table(),
        Serial::table(),
        LoadMark::table(),
        Entry::table(),
        Event::table(),
        EntryLine::table(),
        ClaimRight::table(),
        Hold::table(),
        PublishedPlan::table(),
        ProposedPlan::table(),
        EnteredEvent::table(),
        BackfillRun::table(),
        User::table(),
        PageSession::table(),
    ]
}

/// The tables of the reference data.
pub(crate) fn reference_tables() -> Vec<&'static Table> {
    vec![Provider::table(), CatalogueItem::table(), ListLine::table(), Practitioner::table()]
}

/// How far the numbers of a series have been drawn.
struct Serial {
    series: String,
    last: i64,
}

record! {
    Serial = "serial", "编号", key [series];
    fields { series, last }
}

/// The steps in order, each with the name of its file and its SQL; step 1 is the first.
pub(crate) type Steps = &'static [(&'static str, &'static str)];

// The folders of `migrations` are the list: `SQLITE_BOOK`, `SQLITE_REFERENCE`, `POSTGRES_BOOK`, `POSTGRES_REFERENCE`.
include!(concat!(env!("OUT_DIR"), "/steps.rs"));

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::record::Column;

    #[track_caller]
    fn check_steps(steps: Steps, others: Steps) {
        for (position, (step, _)) in (1..).zip(steps) {
            assert!(step.starts_with(&format!("{position:04}_")), "{step} is step {position}");
        }
        let names = |steps: Steps| steps.iter().map(|(name, _)| *name).collect::<Vec<_>>();
        assert_eq!(names(steps), names(others));
    }

    #[test]
    fn both_stores_have_the_same_steps_numbered_without_gaps() {
        check_steps(SQLITE_BOOK, POSTGRES_BOOK);
        check_steps(SQLITE_REFERENCE, POSTGRES_REFERENCE);
    }

    /// What an engine has of a column, for comparing its schema with the descriptions.
    #[derive(PartialEq, Eq, PartialOrd, Ord, Debug)]
    pub(crate) struct Found {
        pub(crate) table: String,
        pub(crate) column: String,
        pub(crate) kind: String,
        pub(crate) is_nullable: bool,
        pub(crate) is_key: bool,
    }

    /// Whether a schema has exactly the tables and columns that are described: each once, of its type, NULL where the field
    /// may be absent, and with the key of the description. `kind` is the engine's name of a type.
    #[track_caller]
    pub(crate) fn check_described(mut found: Vec<Found>, tables: &[&Table], kind: fn(&Column) -> &'static str) {
        // Rows of one parent are numbered in less than eight bytes on PostgreSQL.
        found.iter_mut().filter(|found| found.kind == "integer").for_each(|found| found.kind = "bigint".into());
        let has_key = |table: &str| found.iter().any(|found| found.table == table && found.is_key);
        let mut described: Vec<Found> = Vec::new();
        for table in tables {
            let name = table.name.rsplit('.').next().unwrap();
            described.extend(table.columns.iter().map(|column| Found {
                table: name.into(),
                column: column.name.clone(),
                kind: kind(column).into(),
                is_nullable: column.is_nullable,
                // A mapping may come again once it is withdrawn: its key is one of the rows that stand.
                is_key: has_key(name) && table.key.contains(&column.name.as_str()),
            }));
        }
        found.sort();
        described.sort();
        for (found, described) in found.iter().zip(&described) {
            assert_eq!(found, described, "the schema and the descriptions differ here");
        }
        assert_eq!(found.len(), described.len());
    }
}
