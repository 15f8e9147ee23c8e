//! The row-sharding DDL of `deploy/scale`, on a book that the platform has made.
//!
//! Plain PostgreSQL stands in for Citus: what `citus_stand_in.sql` refuses at once, and what is asked here of the result,
//! are Citus's rules for distributed tables. What only a real cluster can show is not shown.

use crate::support::city::City;
use crate::support::people::Profile;
use crate::support::program::{ROOT, yibao};
use crate::support::providers;
use crate::support::sql::{ask, run_file};
use std::fs;
use tempfile::TempDir;
use yibao_cluster::Cluster;

/// Tables that stay on the coordinator: small, or lists of work.
const LOCAL: &str = "'backfill_run', 'benefit_hold', 'claim_right', 'deposit', 'deposit_count', 'deposit_other', 'entered_event', \
                     'load_mark', 'migration', 'page_session', 'page_user', 'proposed_plan', 'published_plan', \
                     'register_entry', 'register_event', 'register_line', 'serial', 'sign_in', 'stored_file', 'voucher_token'";

/// Every transaction that records care or filings of a person.
const RECORDING: [&str; 27] = [
    "2102", "2103", "2201", "2202", "2203", "2203A", "2204", "2205", "2207", "2208", "2301", "2302", "2304", "2305",
    "2401", "2402", "2403", "2404", "2405", "2501", "2501A", "2502", "2503", "2504", "2505", "2506", "2601",
];

#[test]
fn a_book_of_the_platform_can_be_spread_by_person() {
    let cluster = Cluster::start(&["fsync=off"]).expect("PostgreSQL is installed");
    let url = cluster.create_database("city").expect("an empty database");
    let folder = TempDir::new_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    City::new("2021", providers::bijie(), vec![Profile::employee("employee", "520502")]).write(folder.path());
    yibao(&["load", "--data", &url, folder.path().to_str().unwrap()]).succeeded();

    run_file(&url, &format!("{ROOT}/tests/scale/citus_stand_in.sql"), &[]);
    let names = [("book", "book_520500"), ("reference", "reference")];
    run_file(&url, &format!("{ROOT}/deploy/scale/rows_by_person.sql"), &names);

    let forgotten = format!(
        "SELECT relname FROM pg_class
         WHERE relkind IN ('r', 'p') AND relnamespace = 'book_520500'::regnamespace AND relname NOT IN ({LOCAL})
           AND NOT EXISTS (SELECT FROM placed WHERE relation = pg_class.oid)"
    );
    assert_eq!(ask(&url, &forgotten), "", "tables without a place in rows_by_person.sql");

    let torn = "SELECT conrelid::regclass || '.' || conname
                FROM pg_constraint
                LEFT JOIN placed AS here ON here.relation = conrelid
                LEFT JOIN placed AS there ON there.relation = confrelid
                WHERE contype = 'f' AND connamespace = 'book_520500'::regnamespace
                  AND there.by_column IS NOT NULL
                  AND NOT EXISTS (
                      SELECT FROM unnest(conkey, confkey) AS pair (mine, theirs)
                      JOIN pg_attribute AS m ON m.attrelid = conrelid AND m.attnum = mine
                      JOIN pg_attribute AS t ON t.attrelid = confrelid AND t.attnum = theirs
                      WHERE here.beside = there.beside AND m.attname = here.by_column AND t.attname = there.by_column)";
    assert_eq!(ask(&url, torn), "", "foreign keys that would have to look on another node");
    let kept = "SELECT count(*) FROM pg_constraint
                WHERE contype = 'f' AND connamespace = 'book_520500'::regnamespace";
    let before = kept.replace("520500", "510400");
    assert_eq!(ask(&url, kept), ask(&url, &before), "no foreign key was lost on the way; the other book has them all");

    let impersonal = "SELECT relation FROM placed WHERE by_column = 'psn_no' AND NOT EXISTS (
                          SELECT FROM pg_index WHERE indrelid = relation AND indisprimary
                            AND indkey[0] = (SELECT attnum FROM pg_attribute
                                             WHERE attrelid = relation AND attname = 'psn_no'))";
    assert_eq!(ask(&url, impersonal), "", "tables whose key does not begin with the person");
}

#[test]
fn every_message_that_records_care_says_whose_it_is() {
    let table = fs::read_to_string(format!("{ROOT}/interface/fields.tsv")).unwrap();
    for infno in RECORDING {
        let names_the_person = table.lines().any(|line| {
            let field: Vec<&str> = line.split('\t').collect();
            field.len() > 7 && [field[0], field[1], field[3], field[7]] == [infno, "input", "psn_no", "Y"]
        });
        assert!(names_the_person, "{infno}: the national table does not demand psn_no");
    }
}
