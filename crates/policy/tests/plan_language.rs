//! The plan language: what `read` and `check` find, each with its line, and what no text can do to them.

use proptest::prelude::*;
use yibao_domain::outage::{Business, Question, decide};
use yibao_policy::plan::{SHIPPED, check, national_calendar, read};
use yibao_policy::registers::built_in;

const HEAD: &str = r#"[plan]
id = "t"
title = "试"
issuer = "试"
pool = "520500"
issued = "2021-07-01"
closes = "2021-07-09 24:00"
reopens = "2021-07-15 24:00"
ends = "2021-12-31 24:00"
silent_ok = ["settlement", "encounter"]
"#;

/// Problems of `HEAD` followed by `body`, as `line of the body: text`.
fn problems(body: &str) -> Vec<String> {
    let head_lines = HEAD.lines().count();
    let found = match read(&format!("{HEAD}{body}")) {
        Ok(plan) => check(&plan, &national_calendar(), &built_in().fields),
        Err(problems) => problems,
    };
    found
        .into_iter()
        .map(|problem| format!("{}: {}", i64::from(problem.line) - head_lines as i64, problem.text))
        .collect()
}

#[track_caller]
fn check_finds(body: &str, expected: &[(i64, &str)]) {
    let found = problems(body);
    assert_eq!(found.len(), expected.len(), "{found:#?}");
    for ((line, part), found) in expected.iter().zip(&found) {
        assert!(found.starts_with(&format!("{line}: ")) && found.contains(part), "{line}: {part}\n{found:#?}");
    }
}

fn rule(id: &str, rest: &str) -> String {
    format!("[[rule]]\nid = \"{id}\"\nclause = \"B-00\"\nadvice = \"请稍后\"\n{rest}\n")
}

const REFUSE_ALL: &str = "business = \"*\"\ndisposition = \"refuse\"";

#[test]
fn a_sound_rule_has_no_problem() {
    check_finds(&rule("a", REFUSE_ALL), &[]);
}

#[test]
fn an_unknown_key_is_named_with_its_line() {
    check_finds(&rule("a", &format!("{REFUSE_ALL}\nadvise = \"x\"")), &[(7, "advise")]);
    check_finds("[[rules]]\nid = 1\n", &[(1, "rules")]);
}

#[test]
fn a_missing_key_is_told_at_its_table() {
    check_finds("[[rule]]\nid = \"a\"\nbusiness = \"*\"\n", &[(1, "advice"), (1, "clause"), (1, "disposition")]);
}

#[test]
fn an_unknown_business_or_word_is_told_with_what_there_is() {
    check_finds(
        &rule("a", "business = \"settlement.farmacy\"\ndisposition = \"refuse\""),
        &[(5, "settlement.pharmacy")],
    );
    check_finds(&rule("a", "business = \"*\"\ndisposition = \"close\""), &[(6, "cash_reenter")]);
    check_finds(&rule("a", &format!("{REFUSE_ALL}\nevidence = [\"invoice\", \"id_card + bill\"]")), &[(7, "bill")]);
}

#[test]
fn a_plan_may_name_businesses_of_its_own() {
    let body = format!(
        "[businesses]\n\"pension.payout\" = \"养老金发放\"\n{}",
        rule("a", "business = \"pension.payout\"\ndisposition = \"refuse\"")
    );
    check_finds(&body, &[]);
}

#[test]
fn a_moment_that_does_not_exist_is_told() {
    check_finds(&rule("a", &format!("{REFUSE_ALL}\ncloses = \"2021-07-32 08:00\"")), &[(7, "2021-07-32 08:00")]);
}

#[test]
fn broken_toml_is_told_with_its_line() {
    check_finds("[[rule]]\nid = \n", &[(2, "TOML")]);
}

#[test]
fn reopening_before_closing_is_a_contradiction() {
    check_finds(&rule("a", &format!("{REFUSE_ALL}\nreopens = \"2021-07-08 08:00\"")), &[(1, "先恢复")]);
}

#[test]
fn times_outside_the_plan_are_told() {
    check_finds(&rule("a", &format!("{REFUSE_ALL}\ncloses = \"2021-06-30 24:00\"")), &[]);
    check_finds(&rule("a", &format!("{REFUSE_ALL}\ncloses = \"2021-06-30 23:59\"")), &[(1, "之外")]);
    check_finds(&rule("a", &format!("{REFUSE_ALL}\nreopens = \"2022-01-01 00:01\"")), &[(1, "之外")]);
}

#[test]
fn two_rules_of_one_rank_that_differ_at_one_time_contradict() {
    let other = "business = \"*\"\ndisposition = \"no_route\"";
    let two = |rest: &str| format!("{}{}", rule("a", REFUSE_ALL), rule("b", rest));
    check_finds(&two(other), &[(7, "矛盾")]);
    check_finds(&two(&format!("{other}\ncloses = \"2021-07-15 24:00\"\nreopens = \"2021-07-20 08:00\"")), &[]);
    check_finds(&two(&format!("{other}\nschemes = \"resident\"")), &[]);
    check_finds(&two(REFUSE_ALL), &[]);
}

#[test]
fn rules_for_groups_that_exclude_each_other_do_not_contradict() {
    let pair = |first: &str, second: &str| {
        let first = rule("a", &format!("{REFUSE_ALL}\npopulations = \"{first}\""));
        first + &rule("b", &format!("business = \"*\"\ndisposition = \"no_route\"\npopulations = \"{second}\""))
    };
    check_finds(&pair("active", "retired"), &[]);
    check_finds(&pair("active", "registered_poor"), &[(8, "矛盾")]);
}

#[test]
fn a_rule_that_can_never_answer_is_unreachable() {
    let leaves = "business = [\"contribution\", \"contribution.employee\", \"contribution.resident\"]\ndisposition = \"no_route\"";
    let shadowed = rule("b", "business = \"contribution\"\nschemes = \"resident\"\ndisposition = \"refuse\"");
    // "contribution" itself is still answered by b, so it is partly overruled, not unreachable.
    check_finds(&(rule("a", leaves) + &shadowed), &[(7, "让位")]);
    let deeper = rule("a", "business = \"settlement.outpatient.special\"\ndisposition = \"no_route\"");
    let prefix = rule("b", "business = \"settlement.outpatient\"\nplaces = \"remote\"\ndisposition = \"refuse\"");
    check_finds(&(deeper + &prefix), &[(7, "settlement.outpatient.special（第11行 a）")]);
}

#[test]
fn a_deadline_is_after_its_window_and_on_a_working_day() {
    let by = |moment: &str| rule("a", &format!("{REFUSE_ALL}\nby = \"{moment}\"\nafter_deadline = \"refuse\""));
    check_finds(&by("2021-07-16 24:00"), &[]);
    check_finds(&by("2021-07-15 23:59"), &[(1, "早于")]);
    check_finds(&by("2021-07-17 24:00"), &[(1, "非工作日")]); // a Saturday
    check_finds(&by("2021-09-18 17:00"), &[]); // a Saturday that is worked
    check_finds(&by("2021-09-20 24:00"), &[(1, "非工作日")]); // a Monday of the holiday
}

#[test]
fn a_deadline_counts_from_a_business_that_closes() {
    let counted = |business: &str| {
        let close = "business = \"settlement\"\ndisposition = \"refuse\"";
        let days = "within_working_days = 10\nafter_deadline = \"listed\"";
        rule("a", &format!("{close}\n{days}\nafter_reopening_of = \"{business}\""))
    };
    check_finds(&counted("settlement.inpatient"), &[]);
    check_finds(&counted("hall"), &[(1, "没有规则停办")]);
}

#[test]
fn a_contact_needs_a_county_of_the_plan() {
    let contact = "[[contact]]\ncounty = \"520502\"\noffice = \"某局\"\ntelephone = \"0857-1\"\n";
    let all = rule("a", REFUSE_ALL);
    check_finds(&format!("{contact}{all}"), &[(1, "520502")]);
    check_finds(&format!("{contact}{all}[[county]]\ncode = \"520502\"\nname = \"七星关区\"\n"), &[]);
}

#[test]
fn a_county_is_known_by_its_former_code() {
    let county = "[[county]]\ncode = \"520581\"\nname = \"黔西市\"\nalso = \"520522\"\n";
    let body = rule("a", &format!("{REFUSE_ALL}\ncounties = \"520581\"")) + county;
    check_finds(&body, &[]);
    let plan = read(&format!("{HEAD}{body}")).unwrap();
    let mut question = Question::about(Business::named("hall"));
    for (code, open) in [("520581", false), ("520522", false), ("520502", true)] {
        question.county = Some(code.to_owned());
        assert_eq!(decide(std::slice::from_ref(&plan), &question, plan.window.closes.at).is_open(), open, "{code}");
    }
}

#[test]
fn a_byte_order_mark_and_windows_line_ends_do_no_harm() {
    let text = format!("\u{feff}{HEAD}{}", rule("a", &format!("{REFUSE_ALL}\nadvise = \"x\""))).replace('\n', "\r\n");
    let problems = read(&text).unwrap_err();
    assert_eq!(problems.iter().map(|problem| problem.line).collect::<Vec<_>>(), [HEAD.lines().count() as u32 + 7]);
}

#[test]
fn the_same_id_twice_is_told() {
    let again = rule("a", "business = \"hall\"\ndisposition = \"refuse\"");
    check_finds(&(rule("a", REFUSE_ALL) + &again), &[(7, "重复")]);
}

const STAGE: &str = "[[stage]]\nid = \"s\"\n";

#[test]
fn a_reopening_is_written_in_one_way_and_its_event_is_there() {
    let event = "[[event]]\nid = \"e\"\nname = \"验收\"\n";
    let waiting = |keys: &str| rule("a", &format!("{REFUSE_ALL}\n{keys}"));
    check_finds(&format!("{event}{}", waiting("reopens_on = \"e\"")), &[]);
    check_finds(&waiting("reopens_on = \"e\""), &[(7, "没有“e”这个事件")]);
    check_finds(&format!("{event}{}", waiting("reopens_on = \"e\"\nreopens = \"never\"")), &[(10, "只能写一种")]);
    check_finds(&waiting("expected = \"2021-07-20 08:00\""), &[(7, "reopens_on")]);
    check_finds(&format!("{event}{}", rule("a", REFUSE_ALL)), &[(1, "没有恢复时刻等待事件")]);
    check_finds(&waiting("reopens = \"never\""), &[]);
}

#[test]
fn an_expected_reopening_lies_after_the_closing() {
    let event = "[[event]]\nid = \"e\"\nname = \"验收\"\n";
    let early = rule("a", &format!("{REFUSE_ALL}\nreopens_on = \"e\"\nexpected = \"2021-07-08 08:00\""));
    check_finds(&format!("{event}{early}"), &[(4, "先恢复")]);
}

#[test]
fn a_stage_has_something_to_move() {
    let all = rule("a", REFUSE_ALL);
    let stage = |keys: &str| format!("{all}{STAGE}{keys}\n");
    check_finds(&stage("reopens = \"2021-07-14 08:00\""), &[]);
    check_finds(&stage("reopens = \"2021-07-09 08:00\""), &[(7, "用不上")]);
    check_finds(&stage("business = \"query\"\nreopens = \"2021-07-14 08:00\""), &[(7, "用不上")]);
    check_finds(&stage(""), &[(7, "reopens")]);
}

#[test]
fn stages_of_one_rank_that_differ_contradict() {
    let stage = |id: &str, providers: &str, day: &str| {
        format!("[[stage]]\nid = \"{id}\"\nproviders = {providers}\nreopens = \"2021-07-{day} 08:00\"\n")
    };
    let all = rule("a", REFUSE_ALL);
    let two = |one: String, other: String| format!("{all}{one}{other}");
    check_finds(&two(stage("s", "\"H52050200001\"", "13"), stage("t", "\"H52050200002\"", "14")), &[]);
    check_finds(
        &two(stage("s", "\"H52050200001\"", "13"), stage("t", "[\"H52050200002\", \"H52050200001\"]", "14")),
        &[(11, "矛盾")],
    );
}

#[test]
fn a_deadline_before_a_later_stage_of_its_rule_is_told() {
    let claim = rule(
        "a",
        "business = \"settlement\"\ndisposition = \"cash_claim\"\nby = \"2021-07-20 24:00\"\nafter_deadline = \"refuse\"",
    );
    let stage = format!("{STAGE}providers = \"H52050200009\"\nreopens = \"2021-07-30 08:00\"\n");
    check_finds(&format!("{claim}{stage}"), &[(1, "分批恢复 s")]);
}

#[test]
fn a_deadline_is_written_whole_and_in_one_way() {
    let late = |keys: &str| rule("a", &format!("{REFUSE_ALL}\nafter_deadline = \"refuse\"\n{keys}"));
    let reopening = "after_reopening_of = \"settlement\"";
    check_finds(&late("by = \"2021-07-20 24:00\"\nwithin_months = 1\nafter = \"care\""), &[(1, "只能写一种")]);
    check_finds(&late("within_months = 1"), &[(1, "从何时起算")]);
    check_finds(&late(reopening), &[(1, "却没有写多久")]);
    check_finds(&late(&format!("by = \"2021-07-20 24:00\"\n{reopening}")), &[(1, "不再写")]);
    check_finds(&late(&format!("within_months = 1\nafter = \"care\"\n{reopening}")), &[(1, "只能写一种")]);
    check_finds(&late("within_months = 1\nafter = \"birth\""), &[(9, "care、discharge")]);
    check_finds(&late("same_month = true\nafter = \"closing\""), &[(9, "after_closing_of")]);
    check_finds(&late("within_months = 1\nafter = \"discharge\"\ncounted_from = \"planned\""), &[(1, "counted_from")]);
    check_finds(&late(&format!("within_calendar_days = 30\n{reopening}\ncounted_from = \"planned\"")), &[]);
}

#[test]
fn a_given_deadline_on_a_rest_day_is_accepted_where_the_notice_means_it() {
    let by = |more: &str| {
        rule("a", &format!("{REFUSE_ALL}\nby = \"2021-07-17 24:00\"\nafter_deadline = \"refuse\"\n{more}"))
    };
    check_finds(&by("rest_day_ok = true"), &[]);
    check_finds(&by("rest_day_ok = false"), &[(1, "rest_day_ok")]);
}

#[test]
fn a_recourse_that_starts_later_starts_between_reopening_and_deadline() {
    let from = |moment: &str| {
        let by = "by = \"2021-07-20 24:00\"\nafter_deadline = \"refuse\"";
        rule("a", &format!("{REFUSE_ALL}\n{by}\nnot_before = \"{moment}\""))
    };
    check_finds(&from("2021-07-18 08:00"), &[]);
    check_finds(&from("2021-07-12 08:00"), &[(1, "早于该业务恢复")]);
    check_finds(&from("2021-07-22 08:00"), &[(1, "早于补办起始")]);
}

#[test]
fn a_counted_deadline_needs_a_business_that_comes_back() {
    let gone = rule(
        "a",
        "business = \"hall\"\nreopens = \"never\"\ndisposition = \"refuse\"\nwithin_months = 1\nafter_reopening_of = \"hall\"\nafter_deadline = \"refuse\"",
    );
    check_finds(&gone, &[(1, "不再恢复")]);
}

#[test]
fn fallbacks_lead_on_and_are_three_at_most() {
    let whens = ["person_chooses", "provider_cannot", "not_entitled", "outside_city"];
    let fallback = |(word, when): (&&str, &str)| {
        format!("[[rule.fallback]]\nwhen = \"{when}\"\ndisposition = \"{word}\"\nadvice = \"改办\"\n")
    };
    let chain = |words: &[&str]| rule("a", REFUSE_ALL) + &words.iter().zip(whens).map(fallback).collect::<String>();
    check_finds(&chain(&["cash_claim", "register_later", "no_route"]), &[]);
    check_finds(&chain(&["cash_claim", "cash_claim"]), &[(11, "绕回")]);
    check_finds(&chain(&["refuse"]), &[(7, "绕回")]);
    check_finds(&chain(&["cash_claim", "register_later", "no_route", "reject_refund"]), &[(1, "最多3级")]);
    check_finds(
        &(rule("a", REFUSE_ALL) + "[[rule.fallback]]\nwhen = \"never\"\n"),
        &[(7, "advice"), (7, "disposition"), (8, "person_chooses")],
    );
}

#[test]
fn papers_asked_for_twice_are_told() {
    let papers = |list: &str| rule("a", &format!("{REFUSE_ALL}\nevidence = [{list}]"));
    check_finds(&papers("\"invoice\", \"id_card | resident_card\""), &[]);
    check_finds(&papers("\"invoice\", \"fee_list\", \"invoice?\""), &[(1, "两次")]);
    check_finds(&papers("\"id_card | resident_card\", \"resident_card | id_card\""), &[(1, "两次")]);
    check_finds(&papers("\"id_card + id_card\""), &[(1, "写了两次")]);
}

#[test]
fn settlement_on_which_nobody_says_anything_is_told_unless_meant() {
    let body = rule("a", "business = \"encounter\"\ndisposition = \"refuse\"")
        + &rule("b", "business = [\"settlement.inpatient\", \"settlement.pharmacy\"]\ndisposition = \"refuse\"");
    let silent = |line: &str| {
        let head = HEAD.replace("silent_ok = [\"settlement\", \"encounter\"]\n", line);
        check(&read(&format!("{head}{body}")).unwrap(), &national_calendar(), &built_in().fields)
    };
    let [problem] = &silent("")[..] else { panic!("one problem") };
    assert!(problem.line == 1 && problem.text.contains("settlement.outpatient）"), "{problem}");
    assert!(!problem.text.contains("settlement.outpatient.special") && !problem.text.contains("encounter"));
    assert_eq!(silent("silent_ok = [\"settlement\"]\n"), []);
}

#[test]
fn versions_follow_each_other() {
    let of = |keys: &str| {
        let text = HEAD.replace("title =", &format!("{keys}\ntitle =")) + &rule("a", REFUSE_ALL);
        match read(&text) {
            Ok(plan) => check(&plan, &national_calendar(), &built_in().fields),
            Err(problems) => problems,
        }
    };
    assert_eq!(of("version = 2\nreplaces = 1"), []);
    assert!(of("version = 2")[0].text.contains("replaces"));
    assert!(of("version = 2\nreplaces = 2")[0].text.contains("应小于"));
    assert!(of("version = 0")[0].text.contains("从1起"));
    assert!(of("unplanned = true")[0].text.contains("declared"));
    assert!(of("unplanned = true\ndeclared = \"2021-07-09 20:00\"")[0].text.contains("不晚于"));
    assert!(of("benefit_year_begins = \"02-29\"")[0].text.contains("02-29"));
    assert_eq!(of("benefit_year_begins = \"07-01\""), []);
}

#[test]
fn what_is_granted_has_its_ranges_in_order() {
    let all = rule("a", REFUSE_ALL);
    let extension = |first: &str, last: &str, by: &str| {
        format!(
            "{all}[[extension]]\nid = \"x\"\nclause = \"1\"\nbusiness = \"hall\"\nlimit_ends_from = \"{first}\"\nlimit_ends_until = \"{last}\"\nby = \"{by}\"\n"
        )
    };
    check_finds(&extension("2021-07-09", "2021-07-15", "2021-07-30 24:00"), &[]);
    check_finds(&extension("2021-07-15", "2021-07-09", "2021-07-30 24:00"), &[(7, "先止")]);
    check_finds(&extension("2021-07-09", "2021-07-15", "2021-07-12 24:00"), &[(7, "早于原期限末日")]);
    let tolerance =
        "[[tolerance]]\nid = \"x\"\nclause = \"1\"\nbusiness = \"filing\"\ndays = 3\nunit = \"working_days\"\n";
    check_finds(&format!("{all}{tolerance}after_reopening_of = \"query\"\n"), &[(7, "没有规则停办")]);
    check_finds(&format!("{all}{tolerance}"), &[]);
}

/// What any text may do: be read, or be refused with problems that lie inside it. Nothing else.
fn survives(text: &str) {
    match read(text) {
        Ok(plan) => {
            check(&plan, &national_calendar(), &built_in().fields);
        }
        Err(problems) => {
            let lines = text.lines().count() + 1;
            assert!(!problems.is_empty());
            for problem in problems {
                assert!((1..=lines).contains(&(problem.line as usize)), "{problem}");
            }
        }
    }
}

#[test]
fn deep_nesting_is_refused_not_followed() {
    survives(&format!("a = {}", "[".repeat(100_000)));
    survives(&format!("a = {}", "{a=".repeat(100_000)));
    survives(&format!("{}a = 1", "a.".repeat(100_000)));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn any_text_is_read_or_refused(text in any::<String>()) {
        survives(&text);
    }

    #[test]
    fn any_lines_of_the_language_are_read_or_refused(
        lines in prop::collection::vec(r#"(\[?\[(plan|rule|rule.fallback|stage|event|extension|tolerance|hold_harmless|checklist|duty|county|contact|supply|switches|businesses)\]\]?|(id|closes|reopens|reopens_on|expected|planned_reopens|by|after|after_reopening_of|same_month|not_before|business|except|clause|disposition|evidence|within_working_days|within_months|version|benefit_year_begins) = ("[ -~]{0,12}"|[0-9-]{1,22}|\["\*", ""\]|\{\}|true))"#, 0..20),
    ) {
        survives(&lines.join("\n"));
        survives(&format!("{HEAD}{}", lines.join("\n")));
    }

    #[test]
    fn a_damaged_plan_is_read_or_refused(
        which in 0usize..2,
        cuts in prop::collection::vec((any::<prop::sample::Index>(), 0usize..30, "[ -~\n\"=\\[\\]停9]{0,6}"), 1..6),
    ) {
        let mut text: Vec<char> = SHIPPED[which].1.chars().collect();
        for (place, length, put) in cuts {
            let start = place.index(text.len().max(1)).min(text.len());
            let end = (start + length).min(text.len());
            text.splice(start..end, put.chars());
        }
        survives(&text.into_iter().collect::<String>());
    }
}

#[test]
fn what_has_no_way_no_room_and_no_field_is_found() {
    let counter = "business = [\"settlement.pharmacy\", \"settlement.inpatient\"]\ndisposition = \"convert_self_pay\"";
    check_finds(&rule("a", counter), &[(1, "“药店购药结算”（settlement.pharmacy）没有办理途径")]);
    let papers = "business = \"enrolment\"\ndisposition = \"deposit\"";
    check_finds(&rule("a", papers), &[(1, "没有办理途径；请给这些业务单独写规则（如 register_later）")]);
    let ahead = "business = \"encounter.admission\"\ndisposition = \"dispense_ahead\"";
    check_finds(&rule("a", ahead), &[(1, "（encounter.admission）没有办理途径")]);
    let register = "business = \"settlement\"\ndisposition = \"cash_reenter\"\nregister = \"cash_visit\"";
    check_finds(&rule("a", register), &[(1, "但它不登记“住院结算”（settlement.inpatient）")]);
    // Where another rule governs those businesses, the first has nothing to do with them.
    let stays = "business = \"settlement.inpatient\"\ndisposition = \"defer_settlement\"";
    check_finds(&(rule("a", register) + &rule("b", stays)), &[]);
}

#[test]
fn evidence_without_a_field_is_found() {
    let mut work = (*built_in()).clone();
    work.fields.fields.retain(|field| field.name != "shown");
    let deposit = "business = \"settlement.inpatient\"\ndisposition = \"deposit\"\nevidence = [\"paper_certificate | fee_list\", \"telephone\"]";
    let plan = read(&format!("{HEAD}{}", rule("a", deposit))).unwrap();
    let found = check(&plan, &national_calendar(), &work.fields);
    assert!(found.len() == 1 && found[0].text.contains("在“暂缓结算出院”台账里没有栏目"), "{found:?}");
    assert_eq!(check(&plan, &national_calendar(), &built_in().fields), []);
}
