//! What a book is made of: the nouns that a transaction answers for, their tables, and the steps of the schema, which
//! have the same numbers and names for every engine, each with a text of its own.

use crate::encounter::{Diagnosis, Encounter, Encounters, FeeLine};
use crate::filing::{Filing, Filings};
use crate::ledger::{Ledger, Posting};
use crate::load::{LoadMark, Loads};
use crate::mapping::{Mapping, Mappings};
use crate::message::{Message, MessageReversal, Messages};
use crate::outage::{BackfillRun, EnteredEvent, Outages, PublishedPlan};
use crate::person::{Account, Attribute, Insurance, Person, Persons, RunningTotalRow, SpecialDisease};
use crate::record::{Record, Table, record};
use crate::reference::{CatalogueItem, Provider, References};
use crate::register::{ClaimRight, Hold, Registers};
use crate::session::{Sessions, SignIn};
use crate::settlement::{Accumulation, Cancellation, FundShare, Settlement, Settlements};
use crate::user::{PageSession, User, Users};
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
    + References
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
        + References
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
        RunningTotalRow::table(),
        Encounter::table(),
        Diagnosis::table(),
        Settlement::table(),
        FundShare::table(),
        Accumulation::table(),
        Cancellation::table(),
        FeeLine::table(),
        Posting::table(),
        Message::table(),
        MessageReversal::table(),
        Filing::table(),
        Mapping::table(),
        SignIn::table(),
        Serial::table(),
        LoadMark::table(),
        Entry::table(),
        Event::table(),
        EntryLine::table(),
        ClaimRight::table(),
        Hold::table(),
        PublishedPlan::table(),
        EnteredEvent::table(),
        BackfillRun::table(),
        User::table(),
        PageSession::table(),
    ]
}

/// The tables of the reference data.
pub(crate) fn reference_tables() -> Vec<&'static Table> {
    vec![Provider::table(), CatalogueItem::table()]
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

macro_rules! steps {
    ($folder:expr; $($name:literal)+) => {
        &[$(($name, include_str!(concat!("../../migrations/", $folder, "/", $name, ".sql")))),+]
    };
}
pub(crate) use steps;

/// The steps of a pool's book.
macro_rules! book_steps {
    ($engine:literal) => {
        $crate::book::steps!(concat!($engine, "/book");
            "0001_person" "0002_account" "0003_encounter" "0004_settlement" "0005_cancellation" "0006_fee_line"
            "0007_posting" "0008_message" "0009_filing" "0010_mapping" "0011_sign_in" "0012_serial" "0013_load_mark"
            "0014_register" "0015_claim_right" "0016_published_plan" "0017_page_user")
    };
}
pub(crate) use book_steps;

/// The steps of the reference data.
macro_rules! reference_steps {
    ($engine:literal) => {
        $crate::book::steps!(concat!($engine, "/reference"); "0001_provider" "0002_catalogue_item")
    };
}
pub(crate) use reference_steps;

#[cfg(test)]
pub(crate) mod tests {
    use super::{Steps, Table};
    use crate::record::Column;
    use std::fs;
    use std::path::Path;

    #[track_caller]
    fn check_folder(steps: Steps, folder: &str) {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations").join(folder);
        let mut files: Vec<String> =
            fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        files.sort();
        let steps: Vec<String> = steps.iter().map(|(name, _)| format!("{name}.sql")).collect();
        assert_eq!(files, steps);
        for (position, step) in steps.iter().enumerate() {
            assert!(step.starts_with(&format!("{:04}_", position + 1)), "{step} is step {}", position + 1);
        }
    }

    #[test]
    fn every_migration_file_is_a_step_and_numbered_without_gaps() {
        check_folder(crate::sqlite::BOOK_STEPS, "sqlite/book");
        check_folder(crate::sqlite::REFERENCE_STEPS, "sqlite/reference");
        check_folder(crate::postgres::BOOK_STEPS, "postgres/book");
        check_folder(crate::postgres::REFERENCE_STEPS, "postgres/reference");
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
