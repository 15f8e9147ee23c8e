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
    assert_eq!(ran.code, 0, "{}", ran.text());
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
    assert!(ran.stdout.contains("待“验收通过”（预计2026-03-11 24:00）"), "{}", ran.stdout);
    assert!(ran.stdout.contains("分批恢复") && ran.stdout.contains("first-wave"), "{}", ran.stdout);
    let drawn = fs::read_to_string(chart).unwrap();
    assert!(drawn.contains("验收通过") && drawn.contains("分批："), "{drawn}");
}

/// A plan whose wave waits for an event, its deadlines in working days.
const WAITING: &str = r#"[plan]
id = "waiting"
title = "分批恢复方案"
issuer = "某市医疗保障局"
pool = "520500"
issued = "2026-04-20"
closes = "2026-04-28 20:00"
reopens = "2026-04-30 24:00"
ends = "2026-09-30 24:00"
[[rule]]
id = "all"
clause = "1"
business = "*"
disposition = "refuse"
advice = "暂停。"
[[rule]]
id = "pharmacy"
clause = "2"
business = "settlement.pharmacy"
disposition = "cash_reenter"
within_working_days = 3
after_reopening_of = "settlement.pharmacy"
after_deadline = "listed"
advice = "先付现金。"
[[event]]
id = "accepted"
name = "验收通过"
who = "bureau"
[[stage]]
id = "late"
providers = "P52050200001"
reopens_on = "accepted"
[[tolerance]]
id = "grace"
clause = "3"
business = "filing.remote"
days = 3
unit = "working_days"
after_reopening_of = "filing.remote"
"#;

#[test]
fn an_event_can_be_taken_as_entered_and_gives_its_wave_a_deadline() {
    let folder = folder();
    let file = folder.path().join("waiting.toml");
    fs::write(&file, WAITING).unwrap();
    let explained = |more: &[&str]| explained(&file, "药店购药结算", "2026-05-08T09:00:00", more);
    let waiting = explained(&["--provider", "P52050200001"]);
    assert_eq!((&waiting["verdict"], &waiting["deadline"]["before"]), (&"closed".into(), &Value::Null));
    assert_eq!(waiting["stages"][0]["outcome"], "moves");
    assert_eq!(explained(&["--provider", "P52050200002"])["stages"][0]["outcome"], "other_scope");
    let entered = explained(&["--provider", "P52050200001", "--event", "accepted=2026-05-11 08:00"]);
    // After May 11 at 8:00: the 12th, 13th and 14th.
    assert_eq!(entered["deadline"]["before"], "2026-05-15T00:00:00+08:00");
    let svg = text_of(&folder.path().join("waiting.svg"));
    let shown = yibao(&["plan", "timeline", &text_of(&file), "--svg", &svg, "--event", "accepted=2026-05-11 08:00"]);
    let table = shown.succeeded().stdout;
    for row in ["2026-05-14 24:00", "2026-05-08 24:00", "宽限"] {
        assert!(table.contains(row), "{row}\n{table}");
    }
}

#[test]
fn a_stop_at_the_end_of_the_calendar_can_be_planned() {
    let folder = folder();
    let file = text_of(&folder.path().join("year.toml"));
    let times = ["--closes", "2026-12-31 21:00", "--reopens", "2027-01-05 08:00"];
    let start = ["plan", "new", "--id", "year-end", "--pool", "520500", "--out", &file];
    yibao(&[&start[..], &times].concat()).succeeded();
    let checked = yibao(&["plan", "check", &file]).succeeded().stdout;
    assert!(checked.contains("提醒：") && checked.contains("未发现问题"), "{checked}");
    let rules = folder.path().join("rules/nation");
    fs::create_dir_all(&rules).unwrap();
    let known = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/rules/nation/calendar.tsv")).unwrap();
    fs::write(rules.join("calendar.tsv"), known + "2027-01-01\tholiday\t元旦\t示例\n").unwrap();
    let rules = text_of(&folder.path().join("rules"));
    let checked = yibao(&["plan", "check", &file, "--rules", &rules]).stdout;
    // July 3 of 2027, the end that the template falls back on, is a Saturday: now that is known.
    assert!(!checked.contains("提醒：") && checked.contains("落在非工作日"), "{checked}");
}

#[test]
fn a_second_version_is_checked_with_the_first_or_says_what_was_planned() {
    let folder = folder();
    let (first, second) = (folder.path().join("first.toml"), folder.path().join("second.toml"));
    let counted = WAITING.replace("after_deadline", "counted_from = \"planned\"\nafter_deadline");
    fs::write(&first, &counted).unwrap();
    let moved =
        counted.replace("[plan]\n", "[plan]\nversion = 2\nreplaces = 1\n").replace("04-30 24:00", "05-06 24:00");
    fs::write(&second, moved).unwrap();
    let (first, second) = (text_of(&first), text_of(&second));
    let alone = yibao(&["plan", "check", &second]);
    assert!(alone.code == 1 && alone.stdout.contains("planned_reopens"), "{}", alone.stdout);
    yibao(&["plan", "check", &second, "--earlier", &first]).succeeded();
}

#[test]
fn what_goes_on_is_explained_with_its_advice_and_a_name_that_is_not_known_with_near_ones() {
    let file = plan("panzhihua-2020");
    let asked =
        |business: &str| yibao(&["plan", "explain", &file, "--business", business, "--at", "2020-09-12T09:00:00"]);
    let open = asked("举报投诉").succeeded().stdout;
    assert!(open.contains("开放，照常办理") && open.contains("不需要系统处理，照常受理。"), "{open}");
    let unknown = asked("门诊");
    assert!(unknown.code != 0 && unknown.stderr.contains("settlement.outpatient（门诊结算）"), "{}", unknown.stderr);
    let mistyped = asked("settlement.inpatent").stderr;
    assert!(mistyped.contains("settlement.inpatient（住院结算）"), "{mistyped}");
}

/// Who goes by a stage keeps its reopening, whatever becomes of the plan's; a wave that was to come after the rest is told.
#[test]
fn a_moved_reopening_says_who_goes_by_a_stage_instead_and_which_wave_comes_before_the_rest_now() {
    let folder = folder();
    let wave = "\n[[stage]]\nid = \"late\"\ncounties = \"510422\"\nreopens = \"2020-09-22 08:00\"\n\n\
                [[county]]\ncode = \"510422\"\nname = \"盐边县\"\n";
    let whole = fs::read_to_string(plan("panzhihua-2020")).unwrap();
    let without = |text: &str| {
        let has = text.contains("code = \"510422\"");
        format!("{text}{}", if has { wave.split("\n\n[[county]]").next().unwrap() } else { wave })
    };
    let first = folder.path().join("first.toml");
    fs::write(&first, without(&whole)).unwrap();
    let moved = whole.replacen("[plan]\n", "[plan]\nversion = 2\nreplaces = 1\n", 1);
    let second = folder.path().join("moved.toml");
    let later = moved.replacen("reopens = \"2020-09-20 24:00\"", "reopens = \"2020-09-22 24:00\"", 1);
    assert_ne!(moved, later);
    fs::write(&second, without(&later)).unwrap();
    let told = diff(&text_of(&first), &second, &[]).stdout;
    assert!(told.contains("全部（盐边县按各自的分批恢复）"), "{told}");
    let checked = yibao(&["plan", "check", &text_of(&second), "--earlier", &text_of(&first)]).stdout;
    assert!(checked.contains("提醒：分批恢复“盐边县”原来晚于方案的恢复时刻，改后早于它"), "{checked}");
}

#[test]
fn settlement_that_goes_on_without_the_account_is_explained_so() {
    let folder = folder();
    let file = folder.path().join("account.toml");
    let text = "[plan]\nid = \"t\"\ntitle = \"账户维护\"\nissuer = \"某局\"\npool = \"520500\"\nissued = \"2026-05-12\"\n\
                closes = \"2026-05-15 23:00\"\nreopens = \"2026-05-16 05:00\"\nends = \"2026-05-31 24:00\"\n\
                silent_ok = [\"settlement\", \"encounter\"]\n\n[[rule]]\nid = \"account\"\nclause = \"1\"\nbusiness = \"account\"\n\
                disposition = \"refuse\"\nadvice = \"个人账户暂停使用，请付现金。\"\n";
    fs::write(&file, text).unwrap();
    let business = "settlement.outpatient.ordinary";
    let at = "2026-05-16 02:00";
    let file_text = text_of(&file);
    let said = yibao(&["plan", "explain", &file_text, "--business", business, "--at", at]).succeeded().stdout;
    assert!(said.contains("个人账户停用") && said.contains("本次结算未使用个人账户"), "{said}");
    assert!(explained(&file, business, at, &[])["without_account"].as_str().unwrap().contains("请付现金"));
    for more in [&["--scheme", "resident"][..], &[]] {
        let at = if more.is_empty() { "2026-05-16 05:00" } else { at };
        assert!(explained(&file, business, at, more)["without_account"].is_null(), "{more:?}");
    }
}
