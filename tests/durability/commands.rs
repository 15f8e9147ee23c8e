//! The command line: help that teaches, exit codes, verify.

use crate::support::program::yibao;
use tempfile::TempDir;

#[test]
fn each_help_text_teaches_with_an_example_and_exit_codes() {
    for command in [
        vec!["serve"],
        vec!["load"],
        vec!["verify"],
        vec!["demo"],
        vec!["bench"],
        vec!["plan", "check"],
        vec!["plan", "explain"],
        vec!["plan", "timeline"],
    ] {
        let mut arguments = command.clone();
        arguments.push("--help");
        let text = yibao(&arguments).succeeded().stdout;
        let examples = text.matches(&format!("yibao {}", command.join(" "))).count();
        assert!(examples >= 2, "{command:?}: usage and an example:\n{text}");
        let codes = text.to_lowercase();
        assert!(codes.contains("exit") || codes.contains("退出"), "{command:?} states its exit codes:\n{text}");
    }
}

#[test]
fn a_mistyped_command_fails_with_advice() {
    let ran = yibao(&["serv"]);
    assert_ne!(ran.code, 0);
    assert!(ran.stderr.contains("serve"), "{}", ran.stderr);
}

#[test]
fn serve_refuses_a_clock_it_cannot_read_by_naming_it() {
    let folder = TempDir::new_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let data = folder.path().to_string_lossy().into_owned();
    let ran = yibao(&["serve", "--data", &data, "--listen", "127.0.0.1:0", "--clock", "2021-02-30T10:00:00+08:00"]);
    assert_ne!(ran.code, 0);
    assert!(ran.text().contains("2021-02-30") && !ran.text().contains("panicked"), "{}", ran.text());
}

#[test]
fn verify_of_a_place_without_books_fails_in_words() {
    let ran = yibao(&["verify", "--data", "/nowhere/at/all"]);
    assert_ne!(ran.code, 0);
    assert!(ran.text().contains("/nowhere/at/all") && !ran.text().contains("panicked"), "{}", ran.text());
}
