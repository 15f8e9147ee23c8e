//! Guards what `docs/ARCHITECTURE.md` names: each path, module and name in it is there, each room of the engine and each
//! crate is in its table.

use super::document::{quoted, rows, table, text};
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

const ROOT: &str = env!("CARGO_MANIFEST_DIR");
/// Where names are looked for.
const FOLDERS: &[&str] =
    &["crates", "src", "xtask", "tests", "registers", "rules", "plans", "interface", "deploy", "demo"];
/// The columns of the table of words that name modules of one crate.
const COLUMNS: [(usize, &str); 3] = [(2, "domain"), (3, "engine"), (4, "store")];
/// The column that names files anywhere, and commands and addresses of pages.
const ELSEWHERE: usize = 5;

fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
        if entry.is_dir() {
            files(&entry, found);
        } else {
            found.push(entry);
        }
    }
}

fn crates() -> Vec<String> {
    let folders = fs::read_dir(Path::new(ROOT).join("crates")).unwrap();
    folders.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
}

/// The files and folders below `base` that a path with `*` leads to; the last name may lack its `.rs`.
fn leads_to(base: &Path, path: &str) -> Vec<PathBuf> {
    let (name, rest) = path.split_once('/').unwrap_or((path, ""));
    let Ok(entries) = fs::read_dir(base) else { return Vec::new() };
    let is_meant = |entry: &PathBuf| {
        let own = entry.file_name().unwrap().to_str().unwrap();
        match name.split_once('*') {
            Some((before, after)) => own.len() >= name.len() - 1 && own.starts_with(before) && own.ends_with(after),
            None => own == name || (rest.is_empty() && own == format!("{name}.rs")),
        }
    };
    let meant = entries.map(|entry| entry.unwrap().path()).filter(is_meant);
    if rest.is_empty() { meant.collect() } else { meant.flat_map(|entry| leads_to(&entry, rest)).collect() }
}

/// What a path means that is written from the root, from a crate (`web/national`), or from a crate's sources.
pub(super) fn meant(path: &str) -> Vec<PathBuf> {
    let root = Path::new(ROOT);
    let mut found = leads_to(root, path);
    for name in crates() {
        let source = root.join("crates").join(&name).join("src");
        match path.strip_prefix(&format!("{name}/")) {
            Some(rest) => found.extend(leads_to(&source, rest)),
            None => found.extend(leads_to(&source, path)),
        }
    }
    found.extend(leads_to(&root.join("crates"), path));
    found
}

/// Whether a path is written, not a command, an address of a page or a shape.
fn is_path(name: &str) -> bool {
    let fits = |c: char| c.is_ascii_alphanumeric() || "/_-.*".contains(c);
    name.contains('/') && !name.starts_with('/') && name.chars().all(fits)
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).filter(|word| !word.is_empty())
}

/// All words of the code and the data, and the names of their files.
fn known() -> BTreeSet<String> {
    let mut paths = vec![Path::new(ROOT).join("Cargo.toml"), Path::new(ROOT).join("clippy.toml")];
    FOLDERS.iter().for_each(|folder| files(&Path::new(ROOT).join(folder), &mut paths));
    let mut known = BTreeSet::new();
    for path in paths.iter().filter(|path| !path.ends_with("tests/tidy/named.rs")) {
        known.extend(path.iter().flat_map(|name| words(name.to_str().unwrap())).map(str::to_owned));
        known.extend(words(&fs::read_to_string(path).unwrap_or_default()).map(str::to_owned));
    }
    known
}

/// Whether a word is one of the code's, or a number. Metrics are published with the platform's name before and their unit
/// behind.
fn is_known(known: &BTreeSet<String>, word: &str) -> bool {
    let metric = word.strip_prefix("yibao_").unwrap_or(word);
    let bare = metric.strip_suffix("_total").or(metric.strip_suffix("_seconds")).unwrap_or(metric);
    [word, metric, bare].iter().any(|word| known.contains(*word)) || word.parse::<u64>().is_ok()
}

/// Whether one of the files, or of those below the folders, holds a word.
fn hold(found: &[PathBuf], word: &str) -> bool {
    let mut all = Vec::new();
    for path in found {
        if path.is_dir() { files(path, &mut all) } else { all.push(path.clone()) }
    }
    all.iter().any(|path| words(&fs::read_to_string(path).unwrap()).any(|own| own == word))
}

#[test]
fn every_path_and_name_of_the_document_is_there() {
    let known = known();
    for name in quoted(&text().replace("```", "")) {
        if is_path(&name) {
            assert!(
                !meant(name.trim_end_matches('/')).is_empty(),
                "docs/ARCHITECTURE.md names {name}, which is not there"
            );
        } else if !name.starts_with('/') {
            let missing = words(&name).find(|word| !is_known(&known, word));
            assert_eq!(missing, None, "docs/ARCHITECTURE.md names {name}, which no code knows");
        }
    }
}

#[test]
fn every_word_of_the_table_leads_to_its_file_in_each_crate() {
    for row in table("Words and where they live") {
        for (column, name) in COLUMNS {
            let source = Path::new(ROOT).join("crates").join(name).join("src");
            let mut found = Vec::new();
            // What stands in brackets is a name inside the file before it.
            for (place, part) in row[column].split(['(', ')']).enumerate() {
                for named in quoted(part) {
                    if place % 2 == 0 {
                        found = leads_to(&source, named.trim_end_matches('/'));
                        assert!(!found.is_empty(), "{}: crates/{name} has no {named}", row[0]);
                    } else {
                        let word = words(&named).last().unwrap().to_owned();
                        assert!(hold(&found, &word), "{}: {found:?} does not hold {named}", row[0]);
                    }
                }
            }
        }
        for named in quoted(&row[ELSEWHERE]).iter().filter(|named| is_path(named)) {
            assert!(!meant(named.trim_end_matches('/')).is_empty(), "{}: {named} is not there", row[0]);
        }
    }
}

#[test]
fn every_room_of_the_engine_is_in_its_row() {
    for row in table("The rooms of the engine") {
        for layer in quoted(&row[0]) {
            let folder = Path::new(ROOT).join("crates/engine/src").join(&layer);
            let Ok(entries) = fs::read_dir(&folder) else { continue };
            let named = quoted(&row[1]);
            for path in entries.map(|entry| entry.unwrap().path()).filter(|path| path.is_file()) {
                let room = path.file_stem().unwrap().to_str().unwrap();
                assert!(named.iter().any(|name| name == room), "the row of {layer} lacks {room}");
            }
        }
    }
}

#[test]
fn every_crate_is_in_the_map() {
    let rows = table("The map");
    let named: Vec<String> = rows.iter().flat_map(|row| quoted(&row[0])).collect();
    let others = ["src/".to_owned(), "xtask".to_owned()];
    for name in crates().iter().map(|name| format!("crates/{name}")).chain(others) {
        assert!(named.contains(&name), "the map lacks {name}");
    }
}

#[test]
fn every_word_of_the_glossary_is_in_the_table_of_words_or_not_there_yet() {
    let glossary = fs::read_to_string(Path::new(ROOT).join("docs/glossary.md")).unwrap();
    let not_yet = glossary.split("## Not there yet").nth(1).unwrap();
    let chinese: Vec<String> = table("Words and where they live").into_iter().map(|row| row[1].clone()).collect();
    for row in rows(&glossary, "Glossary") {
        let mut names = row[0].split(" / ").map(|name| name.split(" (").next().unwrap());
        let is_told = |name: &str| not_yet.contains(name) || chinese.iter().any(|cell| cell.contains(name));
        assert!(names.any(is_told), "docs/ARCHITECTURE.md does not tell where {} lives", row[0]);
    }
}
