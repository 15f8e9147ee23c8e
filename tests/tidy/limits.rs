//! Guards against limits that cut quietly: whoever reaches one is told so. Every count that is a constant is known here, with
//! what says that it was reached, or with what it is where it ends nothing.

use std::fs;
use std::path::{Path, PathBuf};

const ROOT: &str = env!("CARGO_MANIFEST_DIR");
const CRATES: [&str; 6] = ["domain", "engine", "interface", "policy", "store", "web"];
/// Types of counts.
const COUNTS: [&str; 5] = ["usize", "u64", "u32", "u16", "u8"];

/// File, constant or number in place, and how it shows.
const LIMITS: &[(&str, &str, &str)] = &[
    ("domain/src/outage/answer.rs", "TEXT_CHARS_MAX", "an ellipsis; the whole advice is in the guidance"),
    ("policy/src/plan/businesses.rs", "OFFERED", "an offer of near names; all stand in the guide"),
    ("policy/src/plan/check/contacts.rs", "DIGITS_MIN", "a finding"),
    ("policy/src/plan/check/reach.rs", "NAMED", "a finding that says how many there are"),
    ("domain/src/register/bill.rs", "NAMED", "a text that says how many there are"),
    ("domain/src/register/stated.rs", "TEXT_CHARS_MAX", "a refusal"),
    ("domain/src/settlement/maternity.rs", "CHILDREN_MAX", "a refusal"),
    ("domain/src/money.rs", "FIELD_MAX", "a refusal"),
    ("engine/src/backfill/driver.rs", "AT_ONCE", "a part of a whole, the next part follows"),
    ("engine/src/backfill/standing.rs", "PAGE", "a part of a whole, the next part follows"),
    ("engine/src/call.rs", "ROWS_MAX", "a refusal"),
    ("engine/src/calls/cancel.rs", "NAMED_MAX", "a remark that says there are more"),
    ("engine/src/calls/archive.rs", "TEXT_MAX", "a refusal"),
    ("engine/src/calls/catalogue_file.rs", "PAGE", "a part of a whole, the next part follows"),
    ("engine/src/calls/deposit.rs", "PAGE", "a part of a whole, the next part follows"),
    ("engine/src/calls/deposit/read.rs", "SHOWN_MAX", "a remark"),
    ("engine/src/calls/file.rs", "BYTES_MAX", "a refusal"),
    ("engine/src/calls/catalogue.rs", "PAGE_SIZE_MAX", "the page says its size and the next one follows"),
    ("engine/src/calls/mapping.rs", "ROWS_MAX", "a refusal"),
    ("engine/src/calls/provider.rs", "PRACTITIONERS_MAX", "a remark"),
    ("engine/src/calls/provider.rs", "SHOWN_MAX", "a remark"),
    ("engine/src/calls/query.rs", "SHOWN_MAX", "a remark"),
    ("engine/src/desks/backfill.rs", "LOOKED_AT", "the page says of how many, and leads to the next ones"),
    ("engine/src/desks/backfill.rs", "PERSONS_SHOWN", "the page says of how many, and leads to the next ones"),
    ("engine/src/desks/backfill.rs", "RUNS", "the page says that these are the latest"),
    ("engine/src/desks/registers/list.rs", "CHUNK", "a part of a whole, the next part follows"),
    ("engine/src/desks/registers/list.rs", "PAGE", "the page says of how many, and leads to the next ones"),
    ("engine/src/desks/registers/sheet/export.rs", "EXPORT_MAX", "a refusal"),
    ("engine/src/desks/registers/sheet/import.rs", "UNDER_WAY", "a part of a whole, the next part follows"),
    ("engine/src/desks/registers/sheet/template.rs", "CODES_SHOWN", "a text that says how many there are"),
    ("engine/src/desks/registers/sheet/lines.rs", "NAMED_MAX", "the refusal says of how many"),
    ("engine/src/desks/registers/worklist.rs", "WRITE_MAX", "a part of a whole, the next part follows"),
    ("engine/src/desks/users/guesses.rs", "FREE", "a refusal"),
    ("engine/src/desks/users/guesses.rs", "LOGINS_MAX", "a cache that forgets the oldest"),
    ("engine/src/desks/users/password.rs", "PASSWORD_LENGTH_MAX", "a refusal"),
    ("engine/src/desks/users/password.rs", "PASSWORD_LENGTH_MIN", "a refusal"),
    ("engine/src/facts.rs", "EVERY", "no limit"),
    ("engine/src/platform.rs", "READERS", "what waits its turn waits"),
    ("engine/src/platform/lane.rs", "GENERATION", "a cache that forgets the oldest"),
    ("engine/src/platform/queue.rs", "EARLIER_ONE_IN", "what waits its turn waits"),
    ("engine/src/platform/queue.rs", "WEIGHT_MAX", "what waits its turn waits"),
    ("engine/src/policies/items.rs", "KEPT_MAX", "a cache that begins anew"),
    ("domain/src/settlement/line.rs", "LINE_AMOUNT_MAX", "a refusal"),
    ("domain/src/settlement/line.rs", "ROUNDING_MAX", "a refusal with the tolerance"),
    ("domain/src/register/stated.rs", "LIST_CHARS_MAX", "a refusal"),
    ("interface/src/check.rs", "REMARKS", "a remark that says there are more"),
    ("interface/src/check.rs", "take(3)", "node names beside the refusal of one that is missing"),
    ("interface/src/check.rs", "take(8)", "a remark that says there are more"),
    ("interface/src/json.rs", "take(40)", "the name of a key in a refusal, which has its place"),
    ("interface/src/reply.rs", "ERR_MSG_CHARACTERS", "an ellipsis"),
    ("interface/src/shape.rs", "ANY", "a refusal"),
    ("interface/src/value.rs", "take(40)", "an ellipsis"),
    ("policy/src/plan/check/rules.rs", "FALLBACKS_MAX", "a refusal"),
    ("policy/src/plan/check/sense.rs", "ADVICE_CHARS_MAX", "a refusal"),
    ("policy/src/plan/read.rs", "VERSIONS_MAX", "a refusal"),
    ("policy/src/plan/check/counted.rs", "take(12)", "no limit: how near a word stands to count for a term"),
    ("policy/src/plan/check/told_ways.rs", "TAKEN_BACK", "no limit: how near a word stands to take a way back"),
    ("policy/src/plan/check/dates.rs", "take(2)", "no limit: the word behind a day"),
    ("policy/src/plan/read/entries.rs", "TOLERANCE_MAX", "a refusal"),
    ("policy/src/plan/read/groups.rs", "AGE_MAX", "a refusal"),
    ("policy/src/rules.rs", "RESOLVED_MAX", "a cache that begins anew"),
    ("store/src/fault.rs", "take(4)", "a number that is masked"),
    ("store/src/postgres.rs", "CONFLICTS_MAX", "a fault"),
    ("store/src/postgres.rs", "LOST_FOR_MAX", "a fault"),
    ("store/src/postgres.rs", "TAKEN_MAX", "a fault"),
    ("store/src/postgres.rs", "WRITERS_PER_CORE", "what waits its turn waits"),
    ("store/src/postgres/moving.rs", "CHUNK", "a part of a whole, the next part follows"),
    ("store/src/sqlite.rs", "BRACKETS", "no limit: what a transaction costs beside its statements"),
    ("store/src/sqlite.rs", "CALLS_PER_TRANSACTION", "what waits its turn waits"),
    ("store/src/sqlite/folder.rs", "STATEMENTS", "a cache that forgets the oldest"),
    ("store/src/verify/question.rs", "SHOWN", "the report says that these are listed"),
    ("store/src/verify/entry.rs", "PAGE", "a part of a whole, the next part follows"),
    ("web/src/pages/try_out.rs", "BYTES_MAX", "a refusal"),
    ("web/src/app.rs", "HASHING_MAX", "what waits its turn waits"),
    ("web/src/app.rs", "NONCES_MAX", "a cache that forgets the oldest"),
    ("web/src/demonstration/scene.rs", "IN_FIVE_MINUTES", "no limit"),
    ("web/src/demonstration/people.rs", "ROWS_MAX", "the page says of how many"),
    ("web/src/demonstration/scene.rs", "SHOWN", "a text that says how many there are"),
    ("web/src/national.rs", "READ_AT_ONCE_MAX", "a part of a whole, the next part follows"),
    ("web/src/national/body.rs", "BYTES_MAX", "a refusal"),
    ("web/src/national/body.rs", "DISCARDED_MAX", "a connection that is closed after its refusal"),
    ("web/src/national/body.rs", "TIME_MAX", "a refusal"),
    ("web/src/national/body.rs", "take(20)", "the name of a way of packing, which its sender knows"),
    ("web/src/office/kept.rs", "BODY_MAX", "a refusal"),
    ("policy/src/plan/check/carried.rs", "NAMED", "a text that says how many there are"),
    ("web/src/office/backfill.rs", "NAMED_MAX", "the page says of how many"),
    ("web/src/office/calls.rs", "ROWS_MAX", "the page says of how many"),
    ("web/src/office/home.rs", "URGENT_MAX", "the page says of how many"),
    ("web/src/office/form/demands.rs", "NAMED_MAX", "a text that says how many there are"),
    ("web/src/office/results.rs", "OF_CLERK_MAX", "the page says so, and a refusal what to do"),
    ("web/src/office/results.rs", "BYTES_MAX", "a refusal that says what to do"),
    ("web/src/office/import.rs", "SHOWN_MAX", "the page says how many more there are"),
    ("web/src/office/import/book.rs", "take(5)", "examples beside a refusal"),
    ("web/src/office/lines.rs", "HEADS_MIN", "no limit: what makes a head"),
    ("web/src/office/list/bulk.rs", "ENTRIES_MAX", "a refusal"),
    ("web/src/office/kept.rs", "BYTES_MAX", "the page says that it was not kept"),
    ("web/src/office/home/mine.rs", "NAMED_MAX", "a text that says how many there are"),
    ("web/src/pages/notice.rs", "TIMES_MAX", "the opening says how many others there are, the first part has them"),
    ("web/src/office/documents.rs", "ROWS", "the page says of how many, and leads to the next ones"),
    ("web/src/office/deposits.rs", "ROWS", "the page says of how many, and leads to the next ones"),
    ("web/src/office/stays.rs", "ROWS", "the page says of how many, and leads to the next ones"),
    ("engine/src/desks/registers/who.rs", "ENTRIES_MAX", "the page says how many more there are"),
    ("web/src/office/shown.rs", "take(4)", "a number that is masked"),
    ("web/src/pages/headline.rs", "truncate(1)", "no limit: lines that say the same are one"),
    ("web/src/pages/timeline.rs", "MARKS_MAX", "marks further apart"),
    ("web/src/sheets/cell.rs", "DIGITS_KEPT", "a refusal"),
    ("web/src/sheets/csv_text.rs", "take(20)", "no limit: what a separator is guessed by"),
    ("web/src/sheets/table.rs", "HEAD_ROWS_MAX", "a refusal: no head was found"),
    ("web/src/sheets/read.rs", "BYTES_MAX", "a refusal"),
    ("web/src/sheets/workbook.rs", "COLUMNS_MAX", "a refusal"),
    ("web/src/sheets/workbook.rs", "ROWS_MAX", "a refusal"),
    ("web/src/sheets/write.rs", "WIDTH_MAX", "a column whose words are cut on screen alone"),
    ("store/src/sqlite/statement.rs", "DISK_WITH_ROOM", "no limit: SQLite's own bound of a file, in pages"),
    ("web/src/sheets/write.rs", "take(200)", "no limit: rows that a column's width goes by"),
    ("web/src/sheets/xlsx.rs", "UNPACKED_MAX", "a refusal"),
    ("policy/src/plan/check/written.rs", "AHEAD_HOURS_MAX", "a reminder of the check"),
    ("policy/src/plan/check/next_month.rs", "take(12)", "no limit: characters behind a word that say of which month"),
];

fn collect(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

/// What of a file is no test.
fn code(text: &str) -> impl Iterator<Item = &str> {
    text.split("#[cfg(test)]\nmod tests").next().unwrap_or_default().lines().map(str::trim_start)
}

/// The names of constants that are counts, or whose names say that they end something.
fn constants(line: &str) -> Option<&str> {
    let (_, rest) = line.split_once("const ").filter(|(before, _)| before.is_empty() || before.starts_with("pub"))?;
    let (name, kind) = rest.split_once(':')?;
    let is_name = name.chars().all(|char| char.is_ascii_uppercase() || char.is_ascii_digit() || char == '_');
    let kind = kind.split('=').next().unwrap_or_default().trim();
    (is_name && (name.ends_with("_MAX") || COUNTS.contains(&kind))).then_some(name)
}

/// Numbers by which rows or characters are cut in place: `take(8)`.
fn in_place(line: &str) -> impl Iterator<Item = String> + '_ {
    [".take(", ".truncate("].into_iter().flat_map(move |cut| {
        let numbers = line.split(cut).skip(1).filter_map(|rest| rest.split_once(')'));
        let numbers = numbers.map(|(number, _)| number).filter(|number| number.parse::<u64>().is_ok());
        numbers.map(move |number| format!("{}{number})", &cut[1..]))
    })
}

#[test]
fn every_limit_is_told_to_whoever_meets_it() {
    let mut seen = Vec::new();
    for of in CRATES {
        let crates = Path::new(ROOT).join("crates");
        let mut files = Vec::new();
        collect(&crates.join(of).join("src"), &mut files);
        for path in files {
            let text = fs::read_to_string(&path).unwrap();
            let file = path.strip_prefix(&crates).unwrap().to_string_lossy().into_owned();
            for line in code(&text) {
                seen.extend(
                    constants(line).map(str::to_owned).into_iter().chain(in_place(line)).map(|one| (file.clone(), one)),
                );
            }
        }
    }
    let unknown: Vec<_> = seen
        .iter()
        .filter(|(file, name)| !LIMITS.iter().any(|(known, limit, _)| known == file && limit == name))
        .collect();
    assert!(
        unknown.is_empty(),
        "ask for the one row, or say what is left out, and say here how it shows: {unknown:#?}"
    );
    let gone: Vec<_> = LIMITS
        .iter()
        .filter(|(file, name, _)| !seen.iter().any(|(seen, limit)| seen == file && limit == name))
        .collect();
    assert!(gone.is_empty(), "these are there no more: {gone:#?}");
    assert!(LIMITS.iter().all(|(_, _, how)| !how.is_empty()));
}

#[test]
fn a_count_is_seen_whatever_its_name_and_so_is_a_number_in_place() {
    assert_eq!(constants("const PAGE: usize = 1_000;"), Some("PAGE"));
    assert_eq!(constants("pub(crate) const TIME_MAX: Duration = Duration::from_secs(60);"), Some("TIME_MAX"));
    assert_eq!(constants("const STAYS: i64 = 60;"), None);
    assert_eq!(in_place("rows.iter().take(8).map(one).take(n)").collect::<Vec<_>>(), ["take(8)"]);
}
