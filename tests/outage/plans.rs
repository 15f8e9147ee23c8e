//! `yibao plan`: the two plans are sound, and what applies at each exact second is explained.

use crate::support::program::{plan, yibao};
use serde_json::Value;
use std::fs;
use tempfile::TempDir;

const BIJIE: &str = "bijie-2021";
const PANZHIHUA: &str = "panzhihua-2020";

fn explain(name: &str, business: &str, at: &str, more: &[&str]) -> Value {
    let (file, at) = (plan(name), format!("{at}+08:00"));
    let mut arguments = vec!["plan", "explain", &file, "--business", business, "--at", &at, "--json"];
    arguments.extend(more);
    let ran = yibao(&arguments).succeeded();
    serde_json::from_str(&ran.stdout).unwrap_or_else(|_| panic!("not JSON: {}", ran.stdout))
}

/// Whether the explanation says that the business is open.
#[track_caller]
fn is_open(explained: &Value) -> bool {
    match explained["verdict"].as_str() {
        Some("open") => true,
        Some("closed") => false,
        _ => panic!("no verdict: {explained}"),
    }
}

/// Closed from the first second, open again from the second.
#[track_caller]
fn window(name: &str, business: &str, more: &[&str], edges: [(&str, &str); 2]) {
    let [(last_open, first_closed), (last_closed, reopened)] = edges;
    for (at, open) in [(last_open, true), (first_closed, false), (last_closed, false), (reopened, true)] {
        let explained = explain(name, business, at, more);
        assert_eq!(is_open(&explained), open, "{business} {more:?} at {at}: {explained}");
    }
}

const BIJIE_STOP: [(&str, &str); 2] =
    [("2021-07-09T23:59:59", "2021-07-10T00:00:00"), ("2021-07-15T23:59:59", "2021-07-16T00:00:00")];
const PANZHIHUA_STOP: [(&str, &str); 2] =
    [("2020-09-10T23:59:59", "2020-09-11T00:00:00"), ("2020-09-20T23:59:59", "2020-09-21T00:00:00")];

#[test]
fn b00_b12_b13_settlement_stops_from_the_ninth_24_00_to_the_fifteenth_24_00() {
    for business in [
        "settlement.pharmacy",
        "settlement.outpatient.ordinary",
        "settlement.outpatient.special",
        "settlement.outpatient.two_diseases",
        "settlement.outpatient.maternity",
    ] {
        for scheme in ["310", "390"] {
            window(BIJIE, business, &["--scheme", scheme, "--pool", "520500"], BIJIE_STOP);
        }
    }
}

#[test]
fn b01_inpatient_settlement_stops_at_20_00_of_the_ninth() {
    let edges = [("2021-07-09T19:59:59", "2021-07-09T20:00:00"), ("2021-07-15T23:59:59", "2021-07-16T00:00:00")];
    window(BIJIE, "settlement.inpatient", &["--scheme", "390", "--pool", "520500"], edges);
}

#[test]
fn b06_employee_contributions_stop_from_the_sixth() {
    let edges = [("2021-07-05T23:59:59", "2021-07-06T00:00:00"), ("2021-07-15T23:59:59", "2021-07-16T00:00:00")];
    window(BIJIE, "contribution.employee", &["--scheme", "310", "--pool", "520500"], edges);
}

#[test]
fn p04_to_p08_settlement_stops_from_the_eleventh_to_the_twentieth_24_00() {
    for business in [
        "settlement.pharmacy",
        "settlement.outpatient.ordinary",
        "settlement.outpatient.special",
        "settlement.outpatient.two_diseases",
        "settlement.outpatient.special_drug",
        "settlement.outpatient.maternity",
        "settlement.inpatient",
    ] {
        for scheme in ["310", "390"] {
            window(PANZHIHUA, business, &["--scheme", scheme, "--pool", "510400"], PANZHIHUA_STOP);
        }
    }
}

#[test]
fn p01_p02_contributions_close_at_17_00_and_reopen_on_their_own() {
    let edges = [("2020-09-10T16:59:59", "2020-09-10T17:00:00"), ("2020-09-18T07:59:59", "2020-09-18T08:00:00")];
    window(PANZHIHUA, "contribution.employee", &["--scheme", "310", "--pool", "510400"], edges);
}

#[test]
fn queries_and_reversals_are_open_throughout() {
    for business in ["query", "reversal"] {
        assert!(is_open(&explain(BIJIE, business, "2021-07-12T10:00:00", &[])), "{business}");
    }
}

#[test]
fn both_plans_are_free_of_contradictions() {
    for name in [BIJIE, PANZHIHUA] {
        yibao(&["plan", "check", &plan(name)]).succeeded();
    }
}

#[test]
fn an_explanation_names_the_rule_and_its_clause_for_people_too() {
    let file = plan(BIJIE);
    let arguments =
        ["plan", "explain", &file, "--business", "settlement.pharmacy", "--at", "2021-07-12T10:00:00+08:00"];
    let text = yibao(&arguments).succeeded().stdout;
    assert!(text.contains("B-12") || text.contains("b12") || text.contains("B-00"), "{text}");
    assert!(text.contains("07-16") || text.contains("07-15") || text.contains("7月1"), "{text}");
}

#[test]
fn a_timeline_is_printed_and_drawn() {
    let folder = TempDir::new_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let copy = folder.path().join("plan.toml");
    fs::copy(plan(BIJIE), &copy).unwrap();
    let ran = yibao(&["plan", "timeline", &copy.to_string_lossy()]).succeeded();
    assert!(ran.stdout.contains("settlement"), "{}", ran.stdout);
    let drawn =
        fs::read_dir(folder.path()).unwrap().any(|file| file.unwrap().path().extension().is_some_and(|it| it == "svg"));
    assert!(
        drawn || fs::exists(format!("{ROOT}/bijie-2021.svg")).unwrap(),
        "an SVG is written beside the plan: {}",
        ran.text()
    );
}

#[test]
fn a_broken_plan_is_refused_with_the_line() {
    let folder = TempDir::new_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let whole = fs::read_to_string(plan(BIJIE)).unwrap();
    let copy = folder.path().join("plan.toml");
    let broken = [
        whole.replacen("2021-07-09 24:00", "2021-07-32 24:00", 1),
        format!("{whole}\nunknown_key_of_nobody = 1\n"),
        whole.replacen("[[", "[", 1),
        "not toml at all [".to_owned(),
    ];
    for text in broken.iter().filter(|text| **text != whole) {
        fs::write(&copy, text).unwrap();
        let ran = yibao(&["plan", "check", &copy.to_string_lossy()]);
        assert_eq!(ran.code, 1, "{}", ran.text());
        assert!(ran.text().chars().any(|it| it.is_ascii_digit()), "names a line: {}", ran.text());
        assert!(!ran.text().contains("panicked"), "{}", ran.text());
    }
}
