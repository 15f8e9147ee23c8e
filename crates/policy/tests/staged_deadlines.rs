//! Deadlines of those whom a rule or a stage speaks of: what check, comparison and explanation say of them.

#![expect(clippy::unwrap_used, reason = "helpers of tests may stop")]

use jiff::civil::DateTime;
use yibao_domain::outage::{
    Business, Disposition, DueAt, Outcome, Part, Plan, Question, Rule, Verdict, decide, difference, explain,
};
use yibao_policy::plan::{check, check_alone, national_calendar, read, read_moment, warnings};
use yibao_policy::registers::built_in;

const HEAD: &str = r#"[plan]
id = "waves"
title = "分批恢复方案"
issuer = "某市医疗保障局"
pool = "520500"
issued = "2026-04-20"
closes = "2026-04-28 20:00"
reopens = "2026-04-30 24:00"
ends = "2026-09-30 24:00"
silent_ok = ["settlement", "encounter"]
[[rule]]
id = "all"
clause = "1"
business = "*"
disposition = "refuse"
advice = "暂停。"
[[county]]
code = "520526"
name = "甲县"
"#;

const PHARMACY: &str = r#"
[[rule]]
id = "pharmacy"
clause = "2"
business = "settlement.pharmacy"
disposition = "cash_reenter"
within_working_days = 3
after_reopening_of = "settlement.pharmacy"
after_deadline = "listed"
advice = "先付现金"
"#;

const COUNTY: &str = r#"
[[stage]]
id = "county"
counties = "520526"
reopens = "2026-05-11 08:00"
advice = "甲县5月11日8时恢复。"
"#;

fn at(text: &str) -> DateTime {
    read_moment(text).unwrap()
}

#[track_caller]
fn sound(body: &str) -> Plan {
    let plan = read(&format!("{HEAD}{body}")).unwrap();
    assert_eq!(check(&plan, &national_calendar(), &built_in().fields), []);
    plan
}

/// What check says, without lines.
fn problems(text: &str) -> Vec<String> {
    match read(text) {
        Ok(plan) => {
            check(&plan, &national_calendar(), &built_in().fields).into_iter().map(|problem| problem.text).collect()
        }
        Err(problems) => problems.into_iter().map(|problem| problem.text).collect(),
    }
}

#[track_caller]
fn finds(body: &str, part: &str) {
    let found = problems(&format!("{HEAD}{body}"));
    assert!(found.iter().any(|text| text.contains(part)), "{part}\n{found:#?}");
}

fn rule<'a>(plan: &'a Plan, id: &str) -> &'a Rule {
    plan.rules.iter().find(|rule| rule.id == id).unwrap()
}

/// When the rule's deadline ends for most of those it covers, and for each stage.
fn ends(plan: &Plan, id: &str) -> Vec<(Option<String>, DueAt)> {
    let rule = rule(plan, id);
    let due = &rule.deadline.as_ref().unwrap().due;
    let ends = plan.staged_ends(due, &rule.scope, &national_calendar());
    ends.into_iter().map(|end| (end.stage.map(|stage| stage.id.clone()), end.at)).collect()
}

#[test]
fn a_rule_for_residents_counts_from_its_own_window() {
    let body = r#"
[[rule]]
id = "residents"
clause = "2"
business = "settlement.outpatient"
schemes = "resident"
closes = "2026-04-20 20:00"
reopens = "2026-05-13 08:00"
disposition = "cash_claim"
within_calendar_days = 20
KEY
after_deadline = "refuse"
advice = "现金。"
"#;
    let of = |start: &str| ends(&sound(&body.replace("KEY", start)), "residents");
    // Closed on April 20 at 20:00: day 1 is the 21st, day 20 is May 10; open on May 13, which is too late for that.
    finds(&body.replace("KEY", "after = \"closing\""), "早于该业务恢复");
    // Open on May 13 at 8:00: day 1 is the 14th, day 20 is June 2.
    assert_eq!(of("after_reopening_of = \"settlement.outpatient\""), [(None, DueAt::At(at("2026-06-02 24:00")))]);
}

#[test]
fn a_closing_for_residents_starts_the_count_of_their_deadline() {
    for start in ["after = \"closing\"", "after_closing_of = \"settlement.pharmacy\""] {
        let plan = sound(&format!(
            "[[rule]]\nid = \"o\"\nclause = \"2\"\nbusiness = \"settlement.pharmacy\"\nschemes = \"resident\"\n\
             closes = \"2026-04-20 20:00\"\ndisposition = \"cash_claim\"\nwithin_calendar_days = 20\n{start}\n\
             after_deadline = \"refuse\"\nadvice = \"现金。\"\n"
        ));
        assert_eq!(ends(&plan, "o"), [(None, DueAt::At(at("2026-05-10 24:00")))], "{start}");
    }
}

#[test]
fn a_stage_moves_the_deadline_of_those_it_covers() {
    // May 1 to 5 are holidays, May 9 is worked; after April 30: 6, 7, 8; after May 11 at 8:00: 12, 13, 14.
    for which in ["", "counted_from = \"planned\"\n"] {
        let pharmacy = PHARMACY.replace("after_deadline", &format!("{which}after_deadline"));
        let plan = sound(&format!("{pharmacy}{COUNTY}"));
        let expected =
            [(None, DueAt::At(at("2026-05-08 24:00"))), (Some("county".to_owned()), DueAt::At(at("2026-05-14 24:00")))];
        assert_eq!(ends(&plan, "pharmacy"), expected);
    }
}

#[test]
fn a_given_deadline_before_a_stage_reopens_is_still_found() {
    let given = PHARMACY
        .replace("within_working_days = 3", "by = \"2026-05-08 24:00\"")
        .replace("after_reopening_of = \"settlement.pharmacy\"\n", "");
    finds(&format!("{given}{COUNTY}"), "早于第");
}

#[test]
fn what_a_moved_stage_moves_is_a_difference() {
    let plan = |stage: &str| sound(&format!("{PHARMACY}{stage}"));
    let moved = |old: &Plan, new: &Plan| -> Vec<String> {
        let changes = difference(old, new, &national_calendar());
        let staged = changes.iter().filter(|change| change.part == Part::StagedDeadline);
        staged.map(|change| format!("{}: {}", change.id, change.name())).collect()
    };
    let (none, first, later) =
        (plan(""), plan(COUNTY), plan(&COUNTY.replace("05-11", "05-12").replace("5月11日", "5月12日")));
    let told = |from: &str, to: &str, by: &str| {
        [format!("pharmacy·county: 期限 恢复后3个工作日内（至{from}） → 恢复后3个工作日内（至{to}），{by}")]
    };
    assert_eq!(moved(&first, &later), told("2026-05-14 24:00", "2026-05-15 24:00", "推迟1天"));
    assert_eq!(moved(&none, &first), told("2026-05-08 24:00", "2026-05-14 24:00", "推迟6天"));
    assert_eq!(moved(&later, &later), [""; 0]);
}

#[test]
fn the_refusal_says_what_the_rule_and_then_what_the_stage_says() {
    let plan = sound(&format!("{PHARMACY}{COUNTY}"));
    let mut question = Question::about(Business::named("settlement.pharmacy"));
    question.county = Some("520526".into());
    let Verdict::Closed(closed) = decide(&[plan], &question, at("2026-05-08 09:00")) else { panic!("closed") };
    assert_eq!(closed.disposition, Disposition::CashReenter);
    assert_eq!(closed.advice, "先付现金。甲县5月11日8时恢复。");
}

#[test]
fn stages_that_do_not_hold_are_explained_too() {
    let plan = sound(&format!("{PHARMACY}{COUNTY}"));
    let outcome = |county: &str| {
        let mut question = Question::about(Business::named("settlement.pharmacy"));
        question.county = Some(county.into());
        explain(std::slice::from_ref(&plan), &question, at("2026-04-29 09:00")).stages.remove(0).outcome
    };
    assert!(matches!(outcome("520526"), Outcome::Moves(_)));
    assert!(matches!(outcome("520500"), Outcome::OtherScope(_)));
}

#[test]
fn a_replan_that_counts_from_the_plan_has_to_know_it() {
    let planned = PHARMACY.replace("after_deadline", "counted_from = \"planned\"\nafter_deadline");
    let first = sound(&planned);
    let second = HEAD.replace("[plan]\n", "[plan]\nversion = 2\nreplaces = 1\n").replace("04-30 24:00", "05-06 24:00");
    let alone = read(&format!("{second}{planned}")).unwrap();
    let found = check_alone(&alone, &national_calendar());
    assert!(found.len() == 1 && found[0].text.contains("planned_reopens"), "{found:?}");
    assert_eq!(check_alone(&alone.after(&first), &national_calendar()), []);
    let stated = second.replace("issued", "planned_reopens = \"2026-04-30 24:00\"\nissued");
    let stated = read(&format!("{stated}{planned}")).unwrap();
    assert_eq!(check_alone(&stated, &national_calendar()), []);
    // The first plan reopened on April 30 at 24:00: May 6, 7 and 8.
    assert_eq!(ends(&stated, "pharmacy"), [(None, DueAt::At(at("2026-05-08 24:00")))]);
}

#[test]
fn a_plan_beyond_the_calendar_is_sound_and_says_what_it_does_not_know() {
    let year_end = HEAD.replace("2026-04-30 24:00", "2026-12-31 24:00").replace("2026-09-30", "2027-06-30");
    for (count, warned) in
        [("within_working_days = 3", "在哪一天"), ("within_calendar_days = 3", ""), ("", "是不是工作日")]
    {
        let start = if count.is_empty() { "" } else { "after_reopening_of = \"settlement.pharmacy\"\n" };
        let count = if count.is_empty() { "by = \"2027-01-29 24:00\"" } else { count };
        let rule = PHARMACY
            .replace("within_working_days = 3", count)
            .replace("after_reopening_of = \"settlement.pharmacy\"\n", start);
        let plan = read(&format!("{year_end}{rule}")).unwrap();
        assert_eq!(check(&plan, &national_calendar(), &built_in().fields), []);
        let told = warnings(&plan, &national_calendar(), &built_in().fields);
        assert_eq!(told.len(), usize::from(!warned.is_empty()), "{told:?}");
        assert!(told.iter().all(|warning| warning.text.contains(warned)), "{told:?}");
    }
}

#[test]
fn deadlines_that_cannot_be_meant_are_found() {
    finds(&PHARMACY.replace("= 3", "= 0"), "没有时间可办");
    let from = |start: &str, count: &str| {
        PHARMACY
            .replace("after_reopening_of = \"settlement.pharmacy\"", &format!("after = \"{start}\""))
            .replace("within_working_days = 3", count)
    };
    finds(&from("discharge", "within_months = 1"), "没有出院");
    finds(&from("care", "within_hours = 24"), "恢复前就已届满");
    sound(&from("care", "within_months = 3"));
}

#[test]
fn who_is_late_is_not_both_refused_and_served() {
    let fallback = "[[rule.fallback]]\nwhen = \"deadline_missed\"\ndisposition = \"cash_claim\"\nadvice = \"报销。\"\n";
    finds(&format!("{}{fallback}", PHARMACY.replace("listed", "refuse")), "逾期不再受理");
    let early = "by = \"2026-05-07 24:00\"\nafter_deadline = \"refuse\"\n";
    finds(&format!("{PHARMACY}{fallback}{early}"), "不晚于所逾的期限");
    sound(&format!("{PHARMACY}{fallback}{}", early.replace("05-07", "05-29")));
}

#[test]
fn an_exception_for_the_same_people_overrules_nobody_by_mistake() {
    let rule = |id: &str, business: &str, schemes: &str, disposition: &str| {
        format!(
            "[[rule]]\nid = \"{id}\"\nclause = \"2\"\nbusiness = \"{business}\"\n{schemes}disposition = \"{disposition}\"\nadvice = \"请稍后。\"\n"
        )
    };
    let employees = "schemes = \"employee\"\n";
    let wide = rule("employer", "enrolment", employees, "refuse");
    sound(&format!("{wide}{}", rule("transfer", "enrolment.transfer", employees, "register_later")));
    let for_all = rule("transfer", "enrolment.transfer", "", "register_later");
    finds(&format!("{wide}{for_all}"), "写进 except");
    sound(&format!("{}{for_all}", wide.replace("disposition", "prevails = true\ndisposition")));
}

#[test]
fn chinese_punctuation_in_toml_is_named() {
    for (line, part) in [
        ("id = “a”", "全角「“」应为半角"),
        ("id ＝ \"a\"", "全角「＝」应为半角 ="),
        ("business = [\"hall\"，\"account\"]", "全角「，」应为半角"),
        ("advice = \"请稍后", "引号不成对"),
        ("请稍后", "说明文字前加 #"),
    ] {
        finds(&format!("\n[[rule]]\n{line}\n"), part);
    }
}

/// A business that closes on two weekends: each closing has a deadline of its own, wherever it is told.
#[test]
fn a_rule_of_the_first_of_two_closings_counts_from_its_own_reopening() {
    let text = r#"[plan]
id = "weekends"
title = "试"
issuer = "试"
pool = "520500"
issued = "2021-11-01"
closes = "2021-11-12 20:00"
reopens = "2021-11-15 08:00"
ends = "2022-03-31 24:00"
silent_ok = ["settlement", "encounter"]

[[rule]]
id = "first"
clause = "1"
business = "settlement.outpatient"
disposition = "cash_reenter"
within_working_days = 5
after_reopening_of = "settlement.outpatient"
after_deadline = "refuse"
advice = "请付现金。"

[[rule]]
id = "second"
clause = "1"
business = "settlement.outpatient"
closes = "2021-11-19 20:00"
reopens = "2021-11-22 08:00"
disposition = "cash_reenter"
within_working_days = 5
after_reopening_of = "settlement.outpatient"
after_deadline = "refuse"
advice = "请付现金。"
"#;
    let plan = read(text).unwrap_or_else(|problems| panic!("{problems:#?}"));
    let end = |id: &str| {
        let rule = plan.rules.iter().find(|rule| rule.id == id).unwrap();
        plan.end_for(&rule.deadline.as_ref().unwrap().due, rule, &national_calendar()).moment()
    };
    assert_eq!(end("first"), "2021-11-23T00:00:00".parse().ok());
    assert_eq!(end("second"), "2021-11-30T00:00:00".parse().ok());
}
