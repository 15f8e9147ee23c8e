//! Groups, and the names that a plan gives.

use super::{about, at, plan, problems};
use yibao_domain::outage::{Contract, DueAt, Plan, Question, Records};
use yibao_domain::provider::BenefitLevel;
use yibao_policy::plan::national_calendar;

const GROUPS: &str = r#"
[[group]]
id = "wave-1"
name = "首批上线机构"
providers = ["H52050000001", "H52050000002"]

[[group]]
id = "grassroots"
name = "基层医疗机构"
levels = ["village", "township"]

[[group]]
id = "drug-suppliers"
name = "供药机构"
contracts = "special_drugs"

[[group]]
id = "low-income"
name = "低保和特困人员"
attributes = ["2303", "2304"]

[[group]]
id = "aged"
name = "七十岁以上退休人员"
person_types = "12"
age_from = 70

[providers]
"H52050000009" = "试验市人民医院"

[pools]
"520600" = "铜仁市"
"#;

fn with_groups(rest: &str) -> Plan {
    let all = r#"
[[stage]]
id = "all-groups"
business = "query"
providers = ["wave-1", "grassroots", "drug-suppliers"]
populations = ["low-income", "aged"]
reopens = "2022-03-06 08:00"
"#;
    plan(&format!("{GROUPS}{all}{rest}"))
}

#[test]
fn a_group_is_met_by_what_the_records_say() {
    let stage = |named: &str| {
        let text = format!("[[stage]]\nid = \"x\"\n{named}\nreopens = \"2022-03-07 08:00\"");
        with_groups(&text)
    };
    let of = |plan: &Plan, provider: &str, records: Records| {
        let question = Question { provider: Some(provider.into()), records, ..about("settlement.pharmacy") };
        plan.stage_of(&question).is_some()
    };
    let nothing = Records::default;
    let first = stage("providers = \"wave-1\"");
    assert!(of(&first, "H52050000001", nothing()) && !of(&first, "H52050000003", nothing()));
    let mixed = stage("providers = [\"wave-1\", \"H52050000003\"]");
    assert!(of(&mixed, "H52050000002", nothing()) && of(&mixed, "H52050000003", nothing()));
    let small = stage("providers = \"grassroots\"");
    let level = |level| Records { level: Some(level), ..Records::default() };
    assert!(of(&small, "H1", level(BenefitLevel::Township)) && !of(&small, "H1", level(BenefitLevel::Level2)));
    let suppliers = stage("providers = \"drug-suppliers\"");
    let contract = Records { contracts: vec![Contract::SpecialDrugs], ..Records::default() };
    assert!(of(&suppliers, "P1", contract) && !of(&suppliers, "P1", nothing()));
    let poor = stage("populations = \"low-income\"");
    let attribute = |code: &str| Records { attributes: vec![code.into()], ..Records::default() };
    assert!(of(&poor, "H1", attribute("2304")) && !of(&poor, "H1", attribute("2302")));
    let aged = stage("populations = \"aged\"");
    let person = |age, kind: &str| Records { age: Some(age), person_type: kind.into(), ..Records::default() };
    assert!(of(&aged, "H1", person(70, "1201")) && !of(&aged, "H1", person(69, "1201")));
    assert!(!of(&aged, "H1", person(80, "1501")));
}

#[test]
fn groups_pools_providers_and_counties_are_said_by_name() {
    let plan = with_groups(
        "[[duty]]\nid = \"x\"\nclause = \"1\"\nkind = \"check\"\nwho = \"provider\"\nwhat = \"核对\"\nproviders = [\"wave-1\", \"H52050000009\", \"H52050000008\"]\npopulations = \"low-income\"\npools = [\"520600\", \"elsewhere\"]\ncounties = \"520526\"",
    );
    let duty = &plan.duties[0];
    let said = "铜仁市参保和外地参保，低保和特困人员，威宁县，首批上线机构、试验市人民医院和机构H52050000008";
    assert_eq!(plan.whom(&duty.scope), said);
    let question = Question { provider: Some("H52050000009".into()), ..about("settlement") };
    let told: Vec<String> = plan.mismatches(&duty.scope, &question).iter().map(ToString::to_string).collect();
    assert!(told.iter().any(|text| text.contains("人群限低保和特困人员，所问未说明")), "{told:?}");
    assert!(told.iter().any(|text| text.contains("参保地限铜仁市参保、外地参保，所问为本市参保")), "{told:?}");
}

#[test]
fn a_deadline_moves_with_the_stage_of_a_group() {
    let text = r#"
[[stage]]
id = "x"
providers = "grassroots"
reopens = "2022-03-14 08:00"

[[rule]]
id = "stays"
clause = "1"
business = "settlement.inpatient"
disposition = "defer_settlement"
within_working_days = 2
after_reopening_of = "settlement.inpatient"
after_deadline = "listed"
advice = "恢复后结算。"
"#;
    let plan = with_groups(text);
    let rule = plan.rules.iter().find(|rule| rule.id == "stays").unwrap();
    let ends = plan.staged_ends(&rule.deadline.as_ref().unwrap().due, &rule.scope, &national_calendar());
    let ends: Vec<_> = ends.iter().map(|end| (end.stage.map(|stage| &*stage.id), end.at)).collect();
    assert_eq!(ends, [(None, DueAt::At(at("2022-03-12 00:00"))), (Some("x"), DueAt::At(at("2022-03-17 00:00")))]);
}

#[test]
fn what_the_records_do_not_keep_is_told_and_so_is_a_group_of_nothing_or_of_both() {
    let found = |text: &str| problems(text).join("\n");
    let beds = found("[[group]]\nid = \"g\"\nname = \"大医院\"\nbeds = 500");
    assert!(beds.contains("[[group]]没有 beds 这一项") && beds.contains("平台的档案里没有这一项"), "{beds}");
    let both = found("[[group]]\nid = \"g\"\nname = \"一组\"\nlevels = \"3\"\nattributes = \"2303\"");
    assert!(both.contains("只能是医药机构，或只能是人员"), "{both}");
    let nothing = found("[[group]]\nid = \"g\"\nname = \"一组\"");
    assert!(nothing.contains("没有写明谁属于本组"), "{nothing}");
    let wrong = found("[[group]]\nid = \"g\"\nname = \"一组\"\nlevels = \"4\"");
    assert!(wrong.contains("levels 没有“4”这个取值"), "{wrong}");
    let taken = found("[[group]]\nid = \"adult\"\nname = \"一组\"\nattributes = \"2303\"");
    assert!(taken.contains("adult 是人群的固定名称"), "{taken}");
    let persons = "[[group]]\nid = \"g\"\nname = \"一组\"\nattributes = \"2303\"\n";
    let misplaced =
        found(&format!("{persons}[[stage]]\nid = \"x\"\nproviders = \"g\"\nreopens = \"2022-03-07 08:00\""));
    assert!(misplaced.contains("是人员，请写在 populations"), "{misplaced}");
    let unknown = found("[[stage]]\nid = \"x\"\npopulations = \"rich\"\nreopens = \"2022-03-07 08:00\"");
    assert!(unknown.contains("populations 没有“rich”这个取值"), "{unknown}");
}
