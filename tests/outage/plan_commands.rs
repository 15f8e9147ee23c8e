//! `yibao plan new`, `diff`, `notice` and `timeline`: a plan is started, moved, compared and told to the public.

use crate::support::program::{Ran, plan, yibao};
use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

fn folder() -> TempDir {
    TempDir::new_in(env!("CARGO_TARGET_TMPDIR")).unwrap()
}

fn text_of(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}

/// A new plan from a template, for a stop of five days in March 2026.
#[track_caller]
fn new_plan(folder: &TempDir, template: &str) -> PathBuf {
    let out = folder.path().join(format!("{template}.toml"));
    let times = match template {
        "stop" => ["2026-03-02 09:40", "2026-03-02 18:00"],
        _ => ["2026-03-06 24:00", "2026-03-11 24:00"],
    };
    let mut arguments = vec!["plan", "new", "--template", template, "--id", "spring-2026", "--pool", "520500"];
    let file = text_of(&out);
    arguments.extend(["--closes", times[0], "--reopens", times[1], "--out", &file]);
    if template == "stop" {
        arguments.extend(["--declared", "2026-03-02 10:15"]);
    }
    yibao(&arguments).succeeded();
    out
}

#[track_caller]
fn explained(file: &Path, business: &str, at: &str, more: &[&str]) -> Value {
    let file = text_of(file);
    let mut arguments = vec!["plan", "explain", &file, "--business", business, "--at", at, "--json"];
    arguments.extend(more);
    serde_json::from_str(&yibao(&arguments).succeeded().stdout).unwrap()
}

fn diff(old: &str, new: &Path, more: &[&str]) -> Ran {
    let new = text_of(new);
    let mut arguments = vec!["plan", "diff", old, &new];
    arguments.extend(more);
    yibao(&arguments)
}

/// Panzhihua's plan as its second version, with one text replaced.
fn replanned(folder: &TempDir, from: &str, to: &str) -> PathBuf {
    let whole = fs::read_to_string(plan("panzhihua-2020")).unwrap();
    assert!(whole.contains(from));
    let text = whole.replacen("[plan]\n", "[plan]\nversion = 2\nreplaces = 1\n", 1).replacen(from, to, 1);
    let file = folder.path().join("second.toml");
    fs::write(&file, text).unwrap();
    file
}

#[test]
fn each_template_is_a_plan_without_problems_that_teaches_in_chinese() {
    let folder = folder();
    for template in ["planned", "staged", "stop"] {
        let file = new_plan(&folder, template);
        yibao(&["plan", "check", &text_of(&file)]).succeeded();
        let text = fs::read_to_string(file).unwrap();
        assert!(text.lines().filter(|line| line.contains('#')).count() >= 15, "{template} explains itself");
        assert!(text.contains("毕节市") && !text.contains('{'), "{template} is filled in:\n{text}");
    }
}

#[test]
fn a_planned_stop_closes_inpatients_four_hours_before_the_rest() {
    let folder = folder();
    let file = new_plan(&folder, "planned");
    for (at, inpatient, pharmacy) in [
        ("2026-03-06T19:59:59", "open", "open"),
        ("2026-03-06T20:00:00", "closed", "open"),
        ("2026-03-07T00:00:00", "closed", "closed"),
        ("2026-03-12T00:00:00", "open", "open"),
    ] {
        assert_eq!(explained(&file, "settlement.inpatient", at, &[])["verdict"], inpatient, "{at}");
        assert_eq!(explained(&file, "settlement.pharmacy", at, &[])["verdict"], pharmacy, "{at}");
    }
}

#[test]
fn in_the_staged_template_the_first_wave_is_open_while_the_rest_waits() {
    let folder = folder();
    let file = new_plan(&folder, "staged");
    let long_after = "2026-04-20T09:00:00";
    let wave = ["--provider", "H52050000001", "--channel", "hospital"];
    assert_eq!(explained(&file, "settlement.inpatient", long_after, &wave)["verdict"], "open");
    let rest = ["--provider", "H52050000002", "--channel", "hospital"];
    assert_eq!(explained(&file, "settlement.inpatient", long_after, &rest)["verdict"], "closed");
}

#[test]
fn an_unplanned_stop_is_closed_from_the_past_minute_on_with_no_end() {
    let folder = folder();
    let file = new_plan(&folder, "stop");
    assert_eq!(explained(&file, "settlement.pharmacy", "2026-03-02T09:39:59", &[])["verdict"], "open");
    assert_eq!(explained(&file, "settlement.pharmacy", "2026-03-02T09:40:00", &[])["verdict"], "closed");
    assert_eq!(explained(&file, "settlement.pharmacy", "2026-03-09T09:40:00", &[])["verdict"], "closed");
}

#[test]
fn a_new_plan_overwrites_nothing_and_refuses_what_makes_no_sense() {
    let folder = folder();
    let kept = folder.path().join("kept.toml");
    fs::write(&kept, "mine").unwrap();
    let good = ["--id", "a", "--pool", "520500", "--closes", "2026-03-06 24:00", "--reopens", "2026-03-11 24:00"];
    let kept_name = text_of(&kept);
    let ran = yibao(&[&["plan", "new"], &good[..], &["--out", &kept_name]].concat());
    assert_eq!((ran.code, fs::read_to_string(&kept).unwrap().as_str()), (2, "mine"));
    for (at, wrong) in [(1, "大写"), (3, "5205"), (5, "2026-03-32 24:00"), (7, "2026-03-01 24:00")] {
        let mut arguments = good;
        arguments[at] = wrong;
        let ran = yibao(&[&["plan", "new"], &arguments[..]].concat());
        assert_eq!(ran.code, 2, "{wrong}: {}", ran.text());
        assert!(ran.stdout.is_empty() && ran.stderr.contains(wrong), "{}", ran.text());
    }
    let printed = yibao(&[&["plan", "new"], &good[..]].concat()).succeeded();
    assert!(printed.stdout.contains("[plan]"));
}

#[test]
fn a_stop_beyond_the_calendar_is_written_and_the_missing_years_are_told() {
    let arguments = ["--id", "a", "--pool", "520500", "--closes", "2031-03-06 24:00", "--reopens", "2031-03-11 24:00"];
    let ran = yibao(&[&["plan", "new"], &arguments[..]].concat());
    assert_eq!(ran.code, 1, "{}", ran.text());
    assert!(ran.stdout.contains("[plan]") && ran.stderr.contains("工作日历"), "{}", ran.stderr);
}

#[test]
fn a_plan_compared_with_itself_has_no_differences() {
    let ran = diff(&plan("bijie-2021"), Path::new(&plan("bijie-2021")), &[]);
    assert_eq!(ran.code, 0, "{}", ran.text());
    assert!(ran.stdout.contains("没有不同"));
}

#[test]
fn a_move_says_what_becomes_later_for_whom_and_which_rights_come_back() {
    let folder = folder();
    let second = replanned(&folder, "reopens = \"2020-09-20 24:00\"", "reopens = \"2020-09-27 24:00\"");
    let ran = diff(&plan("panzhihua-2020"), &second, &["--at", "2020-10-12T09:00:00"]);
    assert_eq!(ran.code, 1, "{}", ran.text());
    let row = |start: &str, part: &str| ran.stdout.lines().any(|line| line.starts_with(start) && line.contains(part));
    assert!(row("方案 panzhihua-2020", "推迟7天"), "{}", ran.stdout);
    assert!(row("规则 outpatient-ordinary-resident", "居民医保"), "{}", ran.stdout);
    assert!(row("规则 outpatient-ordinary-resident", "2020-10-16 24:00"), "{}", ran.stdout);
    assert!(row("规则 outpatient-ordinary-resident", "重新可以办理"), "{}", ran.stdout);

    let json = diff(&plan("panzhihua-2020"), &second, &["--json", "--at", "2020-10-12T09:00:00"]);
    assert_eq!(json.code, 1);
    let told: Value = serde_json::from_str(&json.stdout).unwrap();
    let deadline = told["changes"]
        .as_array()
        .unwrap()
        .iter()
        .find(|change| change["id"] == "outpatient-ordinary-resident" && change["aspect"] == "期限");
    let deadline = deadline.unwrap();
    assert_eq!(deadline["from"], "2020-10-10T00:00:00+08:00");
    assert_eq!(deadline["to"], "2020-10-17T00:00:00+08:00");
    assert_eq!(deadline["revives"], true);
    assert_eq!(deadline["whom"], "居民医保");
}

#[test]
fn what_cannot_be_read_cannot_be_compared() {
    let folder = folder();
    let broken = folder.path().join("broken.toml");
    fs::write(&broken, "[plan]\nid = 1\n").unwrap();
    assert_eq!(diff(&plan("bijie-2021"), &broken, &[]).code, 2);
    assert_eq!(diff(&plan("bijie-2021"), &folder.path().join("none.toml"), &[]).code, 2);
}

#[test]
fn a_notice_is_one_file_that_needs_nothing_else() {
    let folder = folder();
    for name in ["bijie-2021", "panzhihua-2020"] {
        let out = folder.path().join("notice.html");
        let (file, out_name) = (plan(name), text_of(&out));
        yibao(&["plan", "notice", &file, "--out", &out_name]).succeeded();
        let page = fs::read_to_string(&out).unwrap();
        assert!(page.starts_with("<!doctype html>") && page.trim_end().ends_with("</html>"));
        for outside in ["<script", "href=\"/", "src=", "http://", "https://"] {
            assert!(!page.contains(outside), "{name}: {outside}");
        }
    }
}

#[test]
fn a_timeline_tells_and_draws_what_waits_and_the_stages() {
    let folder = folder();
    let file = text_of(&new_plan(&folder, "staged"));
    let chart = folder.path().join("windows.svg");
    let ran = yibao(&["plan", "timeline", &file, "--svg", &text_of(&chart)]).succeeded();
    assert!(ran.stdout.contains("待“验收通过”(预计2026-03-11 24:00)"), "{}", ran.stdout);
    assert!(ran.stdout.contains("分批恢复") && ran.stdout.contains("first-wave"), "{}", ran.stdout);
    let drawn = fs::read_to_string(chart).unwrap();
    assert!(drawn.contains("验收通过") && drawn.contains("分批:"), "{drawn}");
}
