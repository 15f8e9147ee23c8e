//! Reads the tables of `docs/ARCHITECTURE.md`.

use std::fs;
use std::path::Path;

/// The whole document.
pub(crate) fn text() -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/ARCHITECTURE.md")).unwrap()
}

/// The cells of the table under a heading, row by row, without its head.
pub(crate) fn table(heading: &str) -> Vec<Vec<String>> {
    rows(&text(), heading)
}

/// The cells of the first table under a heading of a text.
pub(crate) fn rows(text: &str, heading: &str) -> Vec<Vec<String>> {
    let below =
        text.lines().skip_while(|line| line.trim_start_matches('#').trim() != heading || !line.starts_with('#'));
    let lines = below.skip_while(|line| !line.starts_with('|')).take_while(|line| line.starts_with('|'));
    let cells = |line: &str| line.split('|').skip(1).map(|cell| cell.trim().to_owned()).collect();
    let found: Vec<Vec<String>> = lines.skip(2).map(cells).collect();
    assert!(!found.is_empty(), "no table under “{heading}”");
    found
}

/// What stands between backticks.
pub(crate) fn quoted(text: &str) -> Vec<String> {
    text.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}
