//! Those whom rules and stages name apart from others (另有规定的对象): for whom a business is closed at other times than for an ordinary
//! person.

#![expect(clippy::unwrap_used, reason = "helpers of tests may stop")]

use yibao_domain::code::{Pool, Scheme};
use yibao_domain::outage::{Business, Channel, Insurance, Plan, Question};
use yibao_policy::plan::read;

fn plan(rules: &str) -> Plan {
    let head = "[plan]\nid = \"t\"\ntitle = \"试\"\nissuer = \"试\"\npool = \"520500\"\nissued = \"2021-07-01\"\n\
                closes = \"2021-07-09 24:00\"\nreopens = \"2021-07-15 24:00\"\nends = \"2021-12-31 24:00\"\n\
                silent_ok = [\"settlement\", \"encounter\"]\n[channels]\napp = \"手机缴费\"\n";
    read(&format!("{head}{rules}")).unwrap()
}

fn rule(id: &str, business: &str, whom: &str) -> String {
    format!(
        "[[rule]]\nid = \"{id}\"\nclause = \"1\"\nbusiness = {business}\n{whom}\ndisposition = \"refuse\"\nadvice = \"请等恢复。\"\n"
    )
}

fn asked(business: &'static str) -> Question {
    Question {
        care_pool: Some(Pool::new("520500")),
        scheme: Some(Insurance::from(Scheme::Resident)),
        ..Question::about(Business::named(business))
    }
}

#[track_caller]
fn check(plan: &Plan, asked: &Question, expected: &[&str]) {
    let told: Vec<String> = plan.closed_apart(asked).into_iter().map(|(whom, _)| whom).collect();
    assert_eq!(told, expected);
}

#[test]
fn other_places_pools_populations_and_stages_stand_apart_where_their_windows_do() {
    let rules = [
        rule("all", "\"settlement\"", ""),
        rule("remote", "\"settlement\"", "places = \"remote\"\nreopens = \"2021-07-18 08:00\""),
        rule("visitors", "\"settlement\"", "pools = \"elsewhere\"\nreopens = \"2021-07-19 08:00\""),
        rule("newborn", "\"settlement\"", "populations = \"newborn\"\ncloses = \"2021-07-08 20:00\""),
        rule("retired", "\"settlement\"", "populations = \"retired\""),
        "[[stage]]\nid = \"late\"\ncounties = \"520526\"\nreopens = \"2021-07-20 08:00\"\n".to_owned(),
        "[[county]]\ncode = \"520526\"\nname = \"某县\"\n".to_owned(),
    ];
    let plan = plan(&rules.concat());
    check(&plan, &asked("settlement.pharmacy"), &["跨省异地", "外地参保", "新生儿", "某县"]);
    // At a provider of another county: who comes there, which is nobody's care elsewhere but the visitors'.
    let mut here = asked("settlement.pharmacy");
    here.is_at("P52050200001");
    check(&plan, &here, &["外地参保", "新生儿"]);
    check(&plan, &asked("filing"), &[]);
}

#[test]
fn a_channel_stands_apart_in_its_own_business_and_a_scheme_where_nobody_else_asks_for_it() {
    let rules = [
        rule("all", "\"*\"", ""),
        rule("tax", "\"contribution\"", ""),
        rule("app", "\"contribution\"", "channels = \"app\"\nreopens = \"2021-07-18 08:00\""),
        rule("employees", "\"settlement\"", "schemes = \"employee\"\nreopens = \"2021-07-18 08:00\""),
        rule("cadres", "\"settlement\"", "schemes = \"retired_cadre\"\nreopens = \"2021-07-19 08:00\""),
    ];
    let plan = plan(&rules.concat());
    let by_tax = Question { channel: Some(Channel::Tax), ..asked("contribution.resident") };
    check(&plan, &by_tax, &["手机缴费"]);
    check(&plan, &asked("settlement.inpatient"), &["离休人员医疗保障"]);
    check(&plan, &Question { scheme: None, ..asked("settlement.inpatient") }, &["职工医保", "离休人员医疗保障"]);
}
