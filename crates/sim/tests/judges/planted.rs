//! Plays a small Panzhihua with something planted in it, and judges: triggers in the books before it is played, edits after, rules
//! or a plan that the platform alone, or the judges alone, go by. Nothing of it is in the product.

use rusqlite::types::Value;
use rusqlite::{Connection, Row};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use yibao_domain::outage::Plan;
use yibao_policy::registers::built_in;
use yibao_policy::rules::RuleBook;
use yibao_sim::faults::Level;
use yibao_sim::judge::{Wrong, judged};
use yibao_sim::run::{Wish, city, history, setting};
use yibao_store::{SqliteStore, Store};

/// The first settlement that stands.
pub const FIRST: &str = "(SELECT min(setl_id) FROM settlement WHERE setl_id NOT IN (SELECT setl_id FROM cancellation))";

/// How a defect is planted.
#[derive(Default)]
pub struct How {
    /// What is done to the empty book.
    pub book: String,
    /// What is done to the empty reference data.
    pub reference: String,
    /// What is done to the book at the end.
    pub after: String,
    /// A file of the rules, and words of it that are others for the platform.
    pub rules: Option<(&'static str, &'static str, &'static str)>,
    /// Words of the notice's plan that are others, for the platform (true) or for the judges (false).
    pub plan: Option<(bool, &'static str, &'static str)>,
    /// A client is told otherwise than what was booked.
    pub told: bool,
    /// The seed of the city, where it is not the usual one.
    pub seed: Option<u64>,
    /// How much goes wrong on the way.
    pub faults: Level,
}

/// What the judges say.
pub fn judged_after(how: &How) -> Vec<Wrong> {
    rows_of(how).0
}

/// What the judges say of such a course, and every row of its book.
pub fn rows_of(how: &How) -> (Vec<Wrong>, Vec<String>) {
    let true_rules = Arc::new(RuleBook::embedded().expect("rules"));
    let ((mut platforms, mut text), (mut judges, _)) = (plan(None), plan(None));
    if let Some((for_platform, from, to)) = how.plan {
        let (other, of_other) = plan(Some((from, to)));
        if for_platform {
            (platforms, text) = (other, of_other);
        } else {
            judges = other;
        }
    }
    let (plan, only, faults) = (platforms, Vec::new(), how.faults);
    let wish = Wish { plan, text, persons: 12, seed: how.seed.unwrap_or(3), days: 34, only, faults };
    let folder = tempfile::tempdir().expect("a folder");
    let store = Arc::new(SqliteStore::open(folder.path(), &[]).expect("a store"));
    drop(store.open(&wish.plan.pool).expect("a book"));
    let book = folder.path().join("books/510400.db");
    changed(&book, &how.book);
    changed(&folder.path().join("reference.db"), &how.reference);
    let rules = how.rules.map_or_else(|| true_rules.clone(), |(file, from, to)| Arc::new(altered(file, from, to)));
    let work = built_in();
    let city = city(&wish, &true_rules).expect("a city");
    let history = history(&wish, &city);
    let mut setting = setting(&wish, &rules, &work, &city, &history).expect("a setting");
    let mut world = setting.with_outage(store as Arc<dyn Store>).unwrap_or_else(|fault| panic!("{}", fault.chain()));
    changed(&book, &how.after);
    if how.told {
        let mut told = world.cases.values_mut().flat_map(|case| &mut case.settled);
        let told = told.find(|told| !told.reply.is_nothing()).expect("somebody was told");
        let mut reply = told.reply.whole();
        reply["setlinfo"]["psn_cash_pay"] = serde_json::json!("0.01");
        told.reply = (&reply).into();
    }
    setting.rules = true_rules;
    let wrong = judged(&world, &setting, std::slice::from_ref(&judges));
    (wrong.unwrap_or_else(|fault| panic!("{}", fault.chain())), rows(&book))
}

/// The plan of the notice and its text, with words of it exchanged.
fn plan(exchanged: Option<(&str, &str)>) -> (Plan, String) {
    let (_, text) = yibao_policy::plan::SHIPPED.iter().find(|(file, _)| file.contains("panzhihua")).expect("a plan");
    let text = exchanged.map_or_else(
        || (*text).to_owned(),
        |(from, to)| {
            assert!(text.contains(from), "the plan says “{from}”");
            text.replace(from, to)
        },
    );
    let read = yibao_policy::plan::read(&text).unwrap_or_else(|problems| panic!("{problems:?}"));
    (read, text)
}

/// The shipped rules with words of a file exchanged.
fn altered(file: &str, from: &str, to: &str) -> RuleBook {
    let folder = tempfile::tempdir().expect("a folder");
    copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../rules"), folder.path());
    let path = folder.path().join(file);
    let text = std::fs::read_to_string(&path).expect("the file");
    assert!(text.contains(from), "{file} says “{from}”");
    std::fs::write(&path, text.replace(from, to)).expect("written");
    RuleBook::read_dir(folder.path()).unwrap_or_else(|fault| panic!("{fault:?}"))
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("a folder");
    for entry in std::fs::read_dir(from).expect("a folder") {
        let path: PathBuf = entry.expect("an entry").path();
        let target = to.join(path.file_name().expect("a name"));
        if path.is_dir() {
            copy(&path, &target);
        } else {
            std::fs::copy(&path, &target).expect("copied");
        }
    }
}

/// Every row of every table, in the order of recording.
fn rows(book: &Path) -> Vec<String> {
    let book = Connection::open(book).expect("the book");
    let mut tables = book.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name").expect("SQL");
    let tables: Vec<String> =
        tables.query_map([], |row| row.get(0)).expect("tables").map(|name| name.expect("a name")).collect();
    let of_table = |table: &String| {
        let mut all = book.prepare(&format!("SELECT * FROM {table}")).expect("SQL");
        let columns = all.column_count();
        let row = |row: &Row<'_>| (0..columns).map(|column| row.get::<_, Value>(column)).collect::<Result<Vec<_>, _>>();
        let told = all.query_map([], row).expect("rows").map(|row| format!("{table} {:?}", row.expect("a row")));
        told.collect::<Vec<_>>()
    };
    tables.iter().flat_map(of_table).collect()
}

fn changed(book: &Path, change: &str) {
    let book = Connection::open(book).expect("the book");
    book.execute_batch(&format!("PRAGMA foreign_keys = OFF; PRAGMA ignore_check_constraints = ON; {change}"))
        .expect("changed");
}
