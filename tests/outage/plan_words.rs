//! Groups, names, evidence and channels of a plan's own, as `explain`, `timeline`, `diff` and the notice say them; and what is text.

use crate::support::program::{plan, yibao};
use std::fs;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

const OWN: &str = r#"
[[group]]
id = "grassroots"
name = "基层医疗机构"
levels = ["village", "township"]

[providers]
"H52050200009" = "毕节市试验医院"

[pools]
"520600" = "铜仁市"

[evidence]
ambulance_slip = "急救转运单"

[channels]
hotline = "12393热线"

[[stage]]
id = "small-first"
business = "settlement.outpatient"
providers = ["grassroots", "H52050200009"]
reopens = "2021-07-14 08:00"

[[rule]]
id = "visitors"
clause = "X"
business = "settlement.outpatient.ordinary"
pools = "520600"
disposition = "cash_claim"
evidence = ["ambulance_slip", "invoice"]
advice = "垫付后回参保地报销。"

[[rule]]
id = "by-telephone"
clause = "X"
business = "filing.remote"
channels = "hotline"
disposition = "register_later"
advice = "电话备案。"

[[tolerance]]
id = "late-filing"
clause = "X"
business = "filing.remote"
schemes = "resident"
days = 3
unit = "working_days"
"#;

fn with_own(folder: &TempDir) -> PathBuf {
    let file = folder.path().join("own.toml");
    let text = fs::read_to_string(plan("bijie-2021")).unwrap();
    fs::write(&file, format!("{text}{OWN}")).unwrap();
    file
}

fn folder() -> TempDir {
    TempDir::new_in(env!("CARGO_TARGET_TMPDIR")).unwrap()
}

#[track_caller]
fn explained(file: &Path, business: &str, more: &[&str]) -> String {
    let file = file.to_string_lossy();
    let mut arguments = vec!["plan", "explain", &file, "--business", business, "--at", "2021-07-14 09:00"];
    arguments.extend(more);
    yibao(&arguments).succeeded().stdout
}

#[track_caller]
fn says(text: &str, parts: &[&str]) {
    for part in parts {
        assert!(text.contains(part), "no {part} in\n{text}");
    }
}

#[test]
fn explain_asks_for_a_group_and_says_names_instead_of_codes() {
    let folder = folder();
    let file = with_own(&folder);
    yibao(&["plan", "check", &file.to_string_lossy()]).succeeded();
    let own = explained(&file, "settlement.outpatient.ordinary", &["--group", "grassroots"]);
    says(&own, &["开放，照常办理", "small-first"]);
    let others = explained(&file, "settlement.outpatient.ordinary", &["--provider", "H52050200001"]);
    says(
        &others,
        &[
            "停办",
            "医药机构限基层医疗机构、毕节市试验医院，所问为机构H52050200001",
            "参保地限铜仁市参保，所问为本市参保",
        ],
    );
    let visitor = explained(&file, "settlement.outpatient.ordinary", &["--pool", "520600"]);
    says(&visitor, &["急救转运单、发票"]);
    let telephone = explained(&file, "filing.remote", &["--channel", "hotline"]);
    says(&telephone, &["电话备案"]);
    let unknown = ["plan", "explain", &file.to_string_lossy(), "--business", "filing", "--at", "2021-07-14 09:00"];
    let unknown = yibao(&[&unknown[..], &["--group", "big"]].concat());
    assert!(unknown.stderr.contains("方案没有分组“big”，可用：grassroots"), "{}", unknown.stderr);
}

#[test]
fn what_is_text_is_said_to_those_whom_it_concerns() {
    let folder = folder();
    let file = with_own(&folder);
    says(&explained(&file, "filing.remote", &["--scheme", "resident"]), &["暂为文字", "宽限（条款X）：备案时限"]);
    let others = explained(&file, "filing.remote", &["--scheme", "employee"]);
    assert!(!others.contains("暂为文字"), "{others}");
}

#[test]
fn timeline_comparison_and_notice_say_groups_pools_and_evidence_by_name() {
    let folder = folder();
    let file = with_own(&folder);
    let (file, svg, html) = (file.to_string_lossy(), folder.path().join("own.svg"), folder.path().join("own.html"));
    let timeline = yibao(&["plan", "timeline", &file, "--svg", &svg.to_string_lossy()]).succeeded().stdout;
    says(&timeline, &["基层医疗机构和毕节市试验医院", "铜仁市参保"]);
    let diff = yibao(&["plan", "diff", &plan("bijie-2021"), &file]);
    says(&diff.stdout, &["分组", "基层医疗机构", "机构名称", "统筹区名称", "自定凭据", "自定渠道"]);
    yibao(&["plan", "notice", &file, "--out", &html.to_string_lossy()]).succeeded();
    let public = fs::read_to_string(&html).unwrap();
    says(&public, &["基层医疗机构和毕节市试验医院", "铜仁市参保", "急救转运单"]);
    assert!(!public.contains("520600") && !public.contains("H52050200009") && !public.contains("工作附注"));
    yibao(&["plan", "notice", &file, "--working", "--out", &html.to_string_lossy()]).succeeded();
    says(&fs::read_to_string(&html).unwrap(), &["工作附注", "宽限（条款X）", "读法"]);
}
