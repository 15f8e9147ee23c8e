//! Asks a PostgreSQL server directly, past the platform.

use std::process::{Command, Stdio};
use yibao_cluster::programs;

/// What the server answers: a line a row, columns set apart by `|`. The address is `postgres://…`.
#[track_caller]
pub fn ask(url: &str, sql: &str) -> String {
    psql(url, &["-c", sql])
}

/// Runs a file of statements with these values for its variables.
#[track_caller]
pub fn run_file(url: &str, file: &str, variables: &[(&str, &str)]) {
    let values: Vec<String> = variables.iter().map(|(name, value)| format!("{name}={value}")).collect();
    let mut arguments = vec!["-f", file];
    for value in &values {
        arguments.extend(["-v", value]);
    }
    psql(url, &arguments);
}

#[track_caller]
fn psql(url: &str, arguments: &[&str]) -> String {
    let program = programs().expect("PostgreSQL is installed").join("psql");
    let mut psql = Command::new(program);
    psql.args(["-d", url, "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1"]).args(arguments).stdin(Stdio::null());
    let output = psql.output().expect("psql runs");
    assert!(output.status.success(), "psql: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).trim_end().to_owned()
}
