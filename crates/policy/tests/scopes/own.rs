//! Evidence and channels of a plan's own.

use super::{about, at, plan, problems};
use yibao_domain::outage::{Channel, Question, RegisterKind, Verdict, decide};
use yibao_policy::registers::built_in;

const OWN: &str = r#"
[evidence]
ambulance_slip = "急救转运单"
injury_note = { name = "受伤经过", field = "injury_cause", brought = false }

[channels]
hotline = "12393热线"

[[rule]]
id = "admission"
clause = "1"
business = "encounter.admission"
disposition = "admit_on_statement"
evidence = ["ambulance_slip | disease_certificate", "injury_note"]
advice = "先行收治。"

[[rule]]
id = "by-telephone"
clause = "1"
business = "filing.remote"
channels = "hotline"
disposition = "register_later"
effective = "intake"
advice = "电话备案。"
"#;

#[test]
fn evidence_of_a_plans_own_is_demanded_kept_and_said_by_name() {
    let plan = plan(OWN);
    assert_eq!(problems(OWN), Vec::<String>::new());
    let names: Vec<String> = plan.rules[1].evidence.iter().map(|requirement| requirement.name()).collect();
    assert_eq!(names, ["急救转运单或疾病证明书", "受伤经过"]);
    let note = plan.evidence[1];
    assert_eq!((note.word(), note.row().field, note.row().is_brought), ("injury_note", "injury_cause", false));
    let fields = &built_in().fields;
    assert!(fields.has_own(RegisterKind::Admission, note));
    assert!(!fields.has_own(RegisterKind::Admission, plan.evidence[0]), "a tick under the other papers");
}

#[test]
fn a_channel_of_the_plans_own_decides_which_rule_holds() {
    let plan = plan(OWN);
    let way = |channel| {
        let question = Question { channel: Some(channel), ..about("filing.remote") };
        match decide(std::slice::from_ref(&plan), &question, at("2022-03-05 10:00")) {
            Verdict::Closed(closed) => closed.rule,
            Verdict::Open { .. } => String::new(),
        }
    };
    assert_eq!(way(plan.channels[0]), "by-telephone");
    assert_eq!(way(Channel::Agency), "all");
    assert_eq!(plan.whom(&plan.rules[2].scope), "12393热线");
}

#[test]
fn own_words_that_nothing_asks_for_or_that_are_taken_are_told() {
    let found = |text: &str| problems(text).join("\n");
    let unused = found("[evidence]\nslip_of_ours = \"转运单\"");
    assert!(unused.contains("slip_of_ours 没有哪一条要求"), "{unused}");
    let taken = found("[evidence]\ninvoice = \"收据\"");
    assert!(taken.contains("已经有了（invoice，发票）"), "{taken}");
    let named = found("[evidence]\nbill = \"发票\"");
    assert!(named.contains("已经有了（invoice，发票）"), "{named}");
    let apart = found("[evidence]\nbill = \"票据、清单\"");
    assert!(apart.contains("不能含“、”"), "{apart}");
    let misspelled = found("[evidence]\nbill = { name = \"票据\", feild = \"x\" }");
    assert!(misspelled.contains("没有 feild 这一项"), "{misspelled}");
    let rule = "[[rule]]\nid = \"x\"\nclause = \"1\"\nbusiness = \"encounter.admission\"\ndisposition = \"admit_on_statement\"\nadvice = \"收治。\"\nevidence = \"bill\"\n";
    let nowhere = found(&format!("{rule}[evidence]\nbill = {{ name = \"票据\", field = \"nowhere\" }}"));
    assert!(nowhere.contains("没有台账有这一栏"), "{nowhere}");
    let unknown = found("[[stage]]\nid = \"x\"\nchannels = \"pigeon\"\nreopens = \"2022-03-07 08:00\"");
    assert!(unknown.contains("channels 没有“pigeon”这个取值"), "{unknown}");
}
