//! `yibao bench` from outside: short runs of the real program, whose tables, report and books are looked at.

use crate::support::program::{Ran, yibao};
use tempfile::TempDir;

/// A short measurement of a small city.
fn measure(more: &[&str]) -> Ran {
    let short = ["bench", "--seconds", "1", "--warm-up", "0", "--rounds", "1", "--persons", "200"];
    yibao(&[&short[..], more].concat()).succeeded()
}

/// The cells of the first line that begins so.
#[track_caller]
fn line<'a>(table: &'a str, begins: &[&str]) -> Vec<&'a str> {
    let cells = table.lines().map(|line| line.split_whitespace().collect::<Vec<_>>());
    cells.into_iter().find(|cells| cells.starts_with(begins)).unwrap_or_else(|| panic!("no line {begins:?}:\n{table}"))
}

#[test]
fn purchases_are_measured_beside_the_engine_and_both_books_pass_every_check() {
    let folder = TempDir::new_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let report = folder.path().join("report.html");
    let table = measure(&["--callers", "2", "--verify", "--report", &report.to_string_lossy()]).stdout;
    assert_eq!(
        line(&table, &["交易"]),
        ["交易", "方", "笔数", "每秒", "p50", "毫秒", "p90", "毫秒", "p99", "毫秒", "最长", "毫秒"]
    );
    for side in ["平台", "引擎"] {
        let calls: u64 = line(&table, &["2102", side])[2].parse().unwrap();
        assert!(calls > 0, "{table}");
        let flushes: u64 = line(&table, &["服务进程", side])[6].parse().unwrap();
        assert!((1..=3 * calls).contains(&flushes), "a commit is flushed, and no more than that:\n{table}");
    }
    assert!(table.contains("平台/引擎：结算每秒 ") && table.contains("账册检查全部通过"), "{table}");
    assert!(!table.contains("未成功"), "{table}");
    assert!(table.lines().all(|line| line.chars().count() <= 120), "{table}");

    let html = std::fs::read_to_string(report).unwrap();
    assert!(html.trim_end().ends_with("</html>") && html.contains("</svg>"));
    assert_eq!(html.matches("<section>").count(), html.matches("</section>").count());
    assert!(html.contains("2102") && html.contains("落盘延时"));
}

#[test]
fn on_a_private_postgresql_the_same_is_measured_and_its_books_pass_too() {
    let table = measure(&["--engine", "postgres", "--callers", "2", "--verify"]).stdout;
    assert!(table.contains("PostgreSQL · 2 路闭环") && table.contains("个连接"), "{table}");
    for side in ["平台", "引擎"] {
        let flushes: u64 = line(&table, &["数据库", side])[5].parse().unwrap();
        assert!(flushes > 0, "the server's own flushes are counted:\n{table}");
    }
    assert!(table.contains("账册检查全部通过") && !table.contains("未成功"), "{table}");
}

#[test]
fn every_kind_of_journey_is_accepted_and_leaves_the_same_rows_in_the_reference() {
    let table = measure(&["--scenario", "outpatient,inpatient", "--callers", "4", "--verify"]).stdout;
    for infno in ["2201", "2203A", "2204", "2207", "2401", "2301", "2402", "2304"] {
        line(&table, &[infno, "平台"]);
        line(&table, &[infno, "引擎"]);
    }
    for trial in ["2206", "2303"] {
        line(&table, &[trial, "平台"]);
        assert!(!table.contains(&format!("{trial}        引擎")), "a trial leaves nothing to write:\n{table}");
    }
    assert_eq!(table.matches("账册检查全部通过").count(), 2, "{table}");
}

#[test]
fn arrivals_by_a_schedule_are_all_answered() {
    let table = measure(&["--scenario", "mixed", "--rate", "20", "--flush-delay", "500"]).stdout;
    assert!(table.contains("每秒 20 次就诊"), "{table}");
    line(&table, &["服务进程", "平台"]);
    assert!(!table.contains("引擎"), "without tills there is no reference to compare with:\n{table}");
}

#[test]
fn the_first_morning_ends_with_everything_settled() {
    let table = measure(&["--scenario", "reopening", "--waking", "4", "--rate", "20", "--overload", "50"]).stdout;
    assert_eq!(line(&table, &["因繁忙被拒（503）次"])[1..], ["0", "0"]);
    assert_eq!(line(&table, &["业务拒绝"])[2..], ["0", "0"]);
    assert!(table.contains("同时 50 笔，结算 50，"), "{table}");
}

#[test]
fn a_night_of_uploads_is_measured_beside_the_till() {
    for engine in ["sqlite", "postgres"] {
        let table =
            measure(&["--scenario", "deposits", "--engine", engine, "--uploads", "200", "--rate", "20", "--verify"]);
        let table = table.stdout;
        assert!(table.contains("账册检查全部通过") && !table.contains("未成功"), "{table}");
        // 140 messages of twenty documents and 60 of one.
        assert!(table.contains("存储：2860 份资料"), "{table}");
        assert_eq!(table.contains("分成 2 张"), engine == "postgres", "by month where the engine can:\n{table}");
        let p99 = line(&table, &["p99", "毫秒"]);
        assert_eq!(p99.len(), 5, "alone, beside, and their ratio:\n{table}");
    }
}

#[test]
fn sizes_of_a_city_are_compared() {
    let table = measure(&["--scenario", "growth", "--callers", "2", "--sizes", "100,400"]).stdout;
    assert_eq!(line(&table, &["100"])[2], "1.00");
    let bytes: u64 = line(&table, &["400"])[5].parse().unwrap();
    assert!((100..10_000).contains(&bytes), "bytes a person:\n{table}");
}

#[test]
fn a_scenario_nobody_knows_is_answered_with_those_there_are() {
    let ran = yibao(&["bench", "--scenario", "lunch"]);
    assert_eq!(ran.code, 2);
    assert!(ran.stderr.contains("reopening"), "{}", ran.stderr);
}
