//! Guards against limits that cut quietly: each one of the engine is known here with what tells whoever meets it.

use std::fs;
use std::path::{Path, PathBuf};

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

/// File, limit, and how it shows: by an error, a remark, or not at all because nothing of an answer hangs on it.
const LIMITS: &[(&str, &str, &str)] = &[
    ("settlement/line.rs", "LINE_AMOUNT_MAX", "a refusal"),
    ("policies/items.rs", "KEPT_MAX", "a cache that begins anew"),
    ("calls/provider.rs", "SHOWN_MAX", "a remark"),
    ("calls/catalogue.rs", "PAGE_SIZE_MAX", "the page says its size and the next one follows"),
    ("calls/query.rs", "SHOWN_MAX", "a remark"),
    ("calls/cancel.rs", "NAMED_MAX", "a remark that says there are more"),
    ("calls/mapping.rs", "ROWS_MAX", "a refusal"),
    ("desks/users/guesses.rs", "LOGINS_MAX", "a cache that forgets the oldest"),
    ("desks/users/password.rs", "PASSWORD_LENGTH_MAX", "a refusal"),
    ("desks/registers/sheet/export.rs", "EXPORT_MAX", "a refusal"),
    ("desks/registers/worklist.rs", "WRITE_MAX", "a part of a whole, the next part follows"),
    ("call.rs", "ROWS_MAX", "a refusal"),
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

/// The names of a file's constants that end a number of things.
fn limits(text: &str) -> impl Iterator<Item = &str> {
    let constants = text.lines().filter_map(|line| line.trim_start().split_once("const "));
    constants.filter_map(|(_, rest)| rest.split_once(':')).map(|(name, _)| name).filter(|name| name.ends_with("_MAX"))
}

#[test]
fn every_limit_of_the_engine_is_told_to_whoever_meets_it() {
    let engine = Path::new(ROOT).join("crates/engine/src");
    let mut files = Vec::new();
    collect(&engine, &mut files);
    let mut seen = Vec::new();
    for path in files {
        let text = fs::read_to_string(&path).unwrap();
        let file = path.strip_prefix(&engine).unwrap().to_string_lossy().into_owned();
        for name in limits(&text) {
            let is_known = LIMITS.iter().any(|(known, limit, _)| *known == file && *limit == name);
            assert!(is_known, "{file} has {name}: ask for the one row, or make it an error and say here how it shows");
            seen.push((file.clone(), name.to_owned()));
        }
    }
    for (file, name, _) in LIMITS {
        let is_there = seen.iter().any(|(seen, limit)| seen == file && limit == name);
        assert!(is_there, "{file} has no {name} any more");
    }
}
