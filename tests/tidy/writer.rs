//! Guards the one writer of entries: what is written down in a register, and what it claims, is recorded in one place.

use std::fs;
use std::path::{Path, PathBuf};

const ROOT: &str = env!("CARGO_MANIFEST_DIR");
/// The only file of the engine that calls them.
const WRITER: &str = "crates/engine/src/register/writer.rs";
/// The store's methods that change entries, their history, lines and claims.
const WRITES: &[&str] = &[
    ".add_entry(",
    ".update_entry(",
    ".add_event(",
    ".put_entry_lines(",
    ".take_claim(",
    ".release_claims(",
    ".add_hold(",
    ".end_hold(",
    ".record_journal_entry(",
    "next_serial(\"register\")",
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

fn engine() -> Vec<(String, String)> {
    let mut files = Vec::new();
    collect(&Path::new(ROOT).join("crates/engine/src"), &mut files);
    let named = |path: PathBuf| {
        let text = fs::read_to_string(&path).unwrap();
        (path.strip_prefix(ROOT).unwrap().to_string_lossy().into_owned(), text)
    };
    files.into_iter().map(named).collect()
}

#[test]
fn entries_of_registers_are_recorded_in_one_place() {
    let files = engine();
    for (path, text) in files.iter().filter(|(path, _)| path != WRITER) {
        for call in WRITES {
            assert!(!text.contains(call), "{path} calls {call} by itself; {WRITER} is the one that records entries");
        }
    }
    let (_, writer) = files.iter().find(|(path, _)| path == WRITER).expect("the writer is there");
    for call in WRITES {
        assert!(writer.contains(call), "{WRITER} does not call {call}: this test guards nothing there");
    }
}
