//! Guards the map of `docs/ARCHITECTURE.md`: arrows between crates, names of dependencies, what no file may hold.

use std::fs;
use std::path::{Path, PathBuf};

const ROOT: &str = env!("CARGO_MANIFEST_DIR");
/// Nobody should dread to open a file.
const LINES_MAX: usize = 500;

/// Each crate with the crates of ours that it may stand on.
const MAY_USE: &[(&str, &[&str])] = &[
    ("domain", &[]),
    ("cluster", &[]),
    ("bench", &["cluster"]),
    ("policy", &["domain"]),
    ("interface", &["domain"]),
    ("store", &["domain"]),
    ("engine", &["domain", "policy", "interface", "store"]),
    ("web", &["domain", "policy", "interface", "engine"]),
];

/// The documents.
const PAGES: &[&str] = &[
    "README.md",
    "docs/ARCHITECTURE.md",
    "docs/DEPENDENCIES.md",
    "docs/benefits.md",
    "docs/clauses.md",
    "docs/glossary.md",
    "docs/high-availability.md",
    "docs/load.md",
    "docs/performance.md",
    "docs/plans.md",
    "docs/registers.md",
    "docs/scale.md",
    "rules/README.md",
    "interface/README.md",
    "demo/README.md",
];

/// What `domain` must not know.
const NOT_IN_DOMAIN: &[&str] =
    &["serde", "tokio", "rusqlite", "tracing", "rand", "std::fs", "std::net", "std::time", "std::thread"];

fn read(path: &str) -> String {
    fs::read_to_string(Path::new(ROOT).join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// All files below the folders that hold code.
fn code() -> Vec<PathBuf> {
    let mut found = Vec::new();
    for folder in ["src", "crates", "tests", "xtask"] {
        collect(&Path::new(ROOT).join(folder), &mut found);
    }
    found
}

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

/// The dependencies of a manifest's section, by name.
fn dependencies(manifest: &str, section: &str) -> Vec<String> {
    let lines = manifest.lines().skip_while(|line| line.trim() != section).skip(1);
    lines
        .take_while(|line| !line.starts_with('['))
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| line.split(['.', ' ', '=']).next().map(str::to_owned))
        .filter(|name| !name.is_empty())
        .collect()
}

#[test]
fn arrows_between_crates_point_down_only() {
    for (name, allowed) in MAY_USE {
        let manifest = read(&format!("crates/{name}/Cargo.toml"));
        for dependency in dependencies(&manifest, "[dependencies]") {
            if let Some(ours) = dependency.strip_prefix("yibao-") {
                assert!(allowed.contains(&ours), "crates/{name} must not stand on crates/{ours}");
            }
        }
    }
}

#[test]
fn domain_knows_no_clock_no_file_and_no_format() {
    for path in code() {
        let text = fs::read_to_string(&path).unwrap();
        if path.starts_with(Path::new(ROOT).join("crates/domain/src")) {
            for word in NOT_IN_DOMAIN {
                assert!(!text.contains(&format!("use {word}")), "{} uses {word}", path.display());
            }
        }
    }
}

#[test]
fn every_dependency_has_its_reason() {
    let reasons = read("docs/DEPENDENCIES.md");
    for name in dependencies(&read("Cargo.toml"), "[workspace.dependencies]") {
        assert!(
            name.starts_with("yibao-") || reasons.contains(&format!("`{name}`")),
            "docs/DEPENDENCIES.md lacks {name}"
        );
    }
}

#[test]
fn every_file_says_what_it_is_and_stays_short() {
    for path in code() {
        let text = fs::read_to_string(&path).unwrap();
        assert!(text.starts_with("//!"), "{} does not open with what it is", path.display());
        let lines = text.lines().count();
        assert!(lines <= LINES_MAX, "{} has {lines} lines: look for two rooms in one", path.display());
    }
}

#[test]
fn nothing_is_left_half_done() {
    let left =
        ["TO".to_owned() + "DO", "FIX".to_owned() + "ME", "unimple".to_owned() + "mented!(", "to".to_owned() + "do!("];
    for path in code() {
        let text = fs::read_to_string(&path).unwrap();
        for word in &left {
            assert!(!text.contains(word.as_str()), "{} holds {word}", path.display());
        }
    }
}

#[test]
fn links_between_documents_lead_somewhere() {
    for page in PAGES {
        let text = read(page);
        let folder = Path::new(ROOT).join(page).parent().unwrap().to_owned();
        for link in text.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            let target = link.split('#').next().unwrap();
            if !target.is_empty() && !target.contains("://") {
                assert!(folder.join(target).exists(), "{page} links to {target}, which does not exist");
            }
        }
    }
}
