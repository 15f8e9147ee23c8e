//! What `yibao simulate` is asked for and does not do says so, before anything is played.

use crate::support::program::{ROOT, Ran, plan, yibao};
use std::process::{Command, Stdio};
use tempfile::TempDir;

fn simulated(name: &str, arguments: &[&str]) -> Ran {
    let plan = plan(name);
    yibao(&[&["simulate", "--plan", plan.as_str()], arguments].concat())
}

#[track_caller]
fn refused(arguments: &[&str], says: &str) {
    let ran = simulated("bijie-2021", arguments);
    assert_eq!(ran.code, 2, "{arguments:?}: {}", ran.text());
    assert!(ran.stderr.contains(says), "{arguments:?} says “{says}”: {}", ran.text());
}

#[test]
fn numbers_that_nothing_can_be_played_with_are_refused() {
    refused(&["--seeds", "0"], "--seeds");
    refused(&["--seed", "18446744073709551615"], "种子最大 18446744073709551614");
    refused(&["--seed", "18446744073709551610", "--seeds", "10"], "请把 --seed 或 --seeds 写小些");
    refused(&["--days", "0"], "1..=366");
    refused(&["--days", "9223372036854775807"], "1..=366");
    refused(&["--persons", "0"], "1..=10000000");
    refused(&["--persons", "10000001"], "1..=10000000");
    refused(&["--jobs", "0"], "--jobs");
}

#[test]
fn an_event_that_nobody_has_is_refused_in_a_large_city_too() {
    for city in [&["--persons", "4"][..], &["--persons", "4", "--big"]] {
        for only in ["3/4000", "9999/0"] {
            refused(
                &[city, &["--only", only]].concat(),
                &format!("没有这次就诊；种子、人数、天数须与当时相同：{only}"),
            );
        }
    }
}

#[test]
fn a_report_that_cannot_be_written_is_refused_before_anything_is_played() {
    let folder = TempDir::new_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let nowhere = folder.path().join("nowhere/report.html").to_string_lossy().into_owned();
    let ran = simulated("bijie-2021", &["--big", "--persons", "16", "--report", &nowhere]);
    assert!(ran.code == 2 && ran.stderr.contains("不能写报告"), "{}", ran.text());
    assert!(!ran.stderr.contains("停机一遍"), "nothing was played: {}", ran.stderr);
    // Where nothing was played nothing is left, and what was there stays.
    let empty = folder.path().join("report.html").to_string_lossy().into_owned();
    for before in [None, Some("an older report")] {
        before.into_iter().for_each(|text| std::fs::write(&empty, text).unwrap());
        let ran = simulated("bijie-2021", &["--big", "--persons", "16", "--report", &empty, "--only", "9999/0"]);
        assert_eq!(ran.code, 2, "{}", ran.text());
        assert_eq!(std::fs::read_to_string(&empty).ok().as_deref(), before);
    }
}

/// A plan that passes `plan check` and that no hospital can carry out: what its clerks know is to be told to the agency.
fn failing(folder: &TempDir) -> String {
    let text = std::fs::read_to_string(format!("{ROOT}/crates/policy/tests/plans/bortala-2021.toml")).unwrap();
    let pool = text.lines().find(|line| line.starts_with("pool = ")).unwrap();
    let text = text.replacen(pool, "pool = \"520500\"", 1);
    let stays = "disposition = \"cancel_recreate\"";
    let text = text.replacen(stays, &format!("{stays}\nregister = \"papers\""), 1);
    let file = folder.path().join("my plan.toml");
    std::fs::write(&file, text).unwrap();
    file.to_string_lossy().into_owned()
}

/// The words of a command as the program has printed it, with a quoted path among them.
fn words<'a>(command: &'a str, file: &'a str) -> Vec<&'a str> {
    let (before, after) = command.split_once(&format!("'{file}'")).unwrap_or_else(|| panic!("{command}"));
    before.split(' ').filter(|word| !word.is_empty()).skip(1).chain([file]).chain(after.split_whitespace()).collect()
}

#[test]
fn a_seed_that_fails_is_told_played_again_and_shrunk() {
    let folder = TempDir::new_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let file = failing(&folder);
    let ran = yibao(&["simulate", "--plan", &file, "--persons", "4", "--days", "30", "--seed", "1", "--shrink"]);
    assert_eq!(ran.code, 1, "{}", ran.text());
    assert!(
        ran.stdout.contains("不符（没有丢失）") && ran.stdout.contains("与什么也不少的不停机一遍对照"),
        "{}",
        ran.text()
    );
    let replays: Vec<&str> = ran.stdout.lines().filter_map(|line| Some(line.split_once("重放：")?.1)).collect();
    assert_eq!(replays.len(), 2, "{}", ran.text());
    assert!(ran.stdout.contains("最少 1 次就诊仍不符"), "{}", ran.text());
    let again = yibao(&words(replays[1], &file));
    assert_eq!(again.code, 1, "{}", again.text());
    assert!(again.stdout.starts_with("种子 1：1 次就诊"), "{}", again.text());
}

#[test]
fn what_plan_check_refuses_is_not_played() {
    let folder = TempDir::new_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let text = std::fs::read_to_string(plan("bijie-2021")).unwrap();
    let file = folder.path().join("other.toml").to_string_lossy().into_owned();
    // A clause twice over, of which one can never apply.
    let rule = text.split("[[rule]]").nth(1).unwrap();
    std::fs::write(&file, text.replacen("[[rule]]", &format!("[[rule]]{rule}[[rule]]"), 1)).unwrap();
    assert_eq!(yibao(&["plan", "check", &file]).code, 1);
    for big in [&[][..], &["--big"]] {
        let ran = yibao(&[&["simulate", "--plan", &file, "--persons", "4"], big].concat());
        assert!(ran.code == 2 && ran.stderr.contains("有问题，见 yibao plan check"), "{}", ran.text());
    }
}

#[test]
fn people_are_told_of_one_seed_and_of_its_city_alone() {
    refused(&["--persons", "4", "--seeds", "2", "--person", "1"], "请去掉 --seeds，用 --seed 写明是哪一个种子");
    refused(&["--persons", "4", "--person", "1,9999"], "--person 9999：城里没有这个人；这座城市有第 0 至 3 人");
}

#[test]
fn who_reads_no_more_of_what_is_printed_breaks_nothing() {
    let mut program = Command::new(env!("CARGO_BIN_EXE_yibao"))
        .args(["simulate", "--plan", &plan("bijie-2021"), "--persons", "4", "--seed", "1"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(program.stdout.take());
    let ended = program.wait_with_output().unwrap();
    assert_eq!(ended.status.code(), Some(0), "{}", String::from_utf8_lossy(&ended.stderr));
}
