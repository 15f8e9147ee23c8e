//! The headline table of the plans that come with the program, and of small ones.

use super::*;
use jiff::civil::date;

fn headline(id: &str, now: DateTime) -> Headline {
    let plans: Vec<Plan> =
        yibao_policy::plan::SHIPPED.iter().map(|(_, text)| yibao_policy::plan::read(text).unwrap()).collect();
    Headline::of(plans.iter().find(|plan| plan.id == id).unwrap(), &plans, now)
}

#[track_caller]
fn check(id: &str, now: DateTime, name: &str, word: &str, times: &[&str]) {
    let headline = headline(id, now);
    let lines: Vec<&Line> = headline.lines.iter().filter(|line| line.name == name).collect();
    assert!(!lines.is_empty(), "{name}");
    for line in lines {
        assert_eq!((line.answer.word(), line.answer.times()), (word, times.iter().map(ToString::to_string).collect()));
    }
}

#[test]
fn bijie_says_to_the_second_what_can_be_done() {
    let day = |day, hour, minute, second| date(2021, 7, day).at(hour, minute, second, 0);
    let stay = ["2021-07-09 20:00 起停办", "2021-07-15 24:00 恢复"];
    check("bijie-2021", day(6, 19, 59, 59), "住院结算", "现可办理", &stay);
    check("bijie-2021", day(6, 20, 0, 0), "住院结算", "即将停办", &stay);
    check("bijie-2021", day(9, 20, 0, 0), "住院结算", "停办中", &["2021-07-15 24:00 恢复"]);
    // B-04: care in another province follows the whole stop, not the early cut-off.
    let remote = ["2021-07-09 24:00 起停办", "2021-07-15 24:00 恢复"];
    check("bijie-2021", day(9, 20, 0, 0), "住院结算（跨省异地）", "即将停办", &remote);
    check("bijie-2021", day(15, 23, 59, 59), "普通门诊结算", "停办中", &["2021-07-15 24:00 恢复"]);
    check("bijie-2021", day(16, 0, 0, 0), "普通门诊结算", "已恢复", &["2021-07-15 24:00 起恢复"]);
    check("bijie-2021", day(6, 0, 0, 0), "职工医保费征缴", "停办中", &["2021-07-16 00:00 恢复"]);
    check("bijie-2021", day(12, 8, 0, 0), "查询", "照常办理", &[]);
}

#[test]
fn panzhihua_collects_contributions_before_it_settles() {
    let day = |day, hour| date(2020, 9, day).at(hour, 0, 0, 0);
    check("panzhihua-2020", day(10, 17), "居民医保费征缴", "停办中", &["2020-09-18 08:00 恢复"]);
    check("panzhihua-2020", day(18, 8), "居民医保费征缴", "已恢复", &["2020-09-18 08:00 起恢复"]);
    check("panzhihua-2020", day(18, 8), "住院结算", "停办中", &["2020-09-20 24:00 恢复"]);
}

#[test]
fn schemes_stand_apart_only_where_they_differ() {
    let schemes = |id, now, name: &str| -> Vec<&'static str> {
        let lines = headline(id, now).lines.into_iter();
        lines.filter(|line| line.name == name).map(|line| line.scheme).collect()
    };
    // P-04 and P-06: employees pay cash without a way back, residents are re-entered.
    let apart = schemes("panzhihua-2020", date(2020, 9, 15).at(9, 0, 0, 0), "普通门诊结算");
    assert_eq!(apart, ["职工医保", "居民医保"]);
    assert_eq!(schemes("bijie-2021", date(2021, 7, 12).at(9, 0, 0, 0), "普通门诊结算"), [""]);
}

#[test]
fn what_is_done_at_offices_has_no_part_in_a_wave_of_providers() {
    let text = "[plan]\nid = \"t\"\ntitle = \"停机\"\nissuer = \"医保局\"\npool = \"520500\"\nissued = \"2021-07-01\"\n\
                closes = \"2021-07-09 24:00\"\nreopens = \"2021-07-15 24:00\"\nends = \"2021-12-31 24:00\"\n[[rule]]\n\
                id = \"all\"\nclause = \"1\"\nbusiness = \"*\"\ndisposition = \"refuse\"\nadvice = \"请等恢复。\"\n[[stage]]\n\
                id = \"pilot\"\nclause = \"2\"\nproviders = [\"H52050200001\", \"P52050200001\"]\nreopens = \"2021-07-13 08:00\"\n";
    let plan = yibao_policy::plan::read(text).unwrap();
    let now = date(2021, 7, 12).at(10, 0, 0, 0);
    let told = Headline::of(&plan, std::slice::from_ref(&plan), now);
    let [wave] = told.waves.as_slice() else { panic!("{}", told.waves.len()) };
    let names: Vec<&str> = wave.lines.iter().map(|line| line.name.as_str()).collect();
    assert!(names.contains(&"住院结算") && names.contains(&"药店购药结算"), "{names:?}");
    let offices = ["保费征缴", "新参保登记", "手工报销"];
    assert!(!names.iter().any(|name| offices.iter().any(|office| name.contains(office))), "{names:?}");
}

#[test]
fn those_of_a_wave_are_answered_for_themselves_until_they_reopen_and_midnight_is_said_as_it_is_written() {
    let waves = "\n[[stage]]\nid = \"later\"\ncounties = [\"520526\", \"520524\"]\nreopens = \"2021-07-19 00:00\"\n";
    let plans = [yibao_policy::plan::read(&format!("{}{waves}", yibao_policy::plan::SHIPPED[0].1)).unwrap()];
    let at = |now| Headline::of(&plans[0], &plans, now);
    let said = at(date(2021, 7, 17).at(9, 0, 0, 0));
    let text: Vec<&str> = said.sentences.iter().map(|sentence| sentence.text.as_str()).collect();
    assert_eq!(text[0], "现在主要业务照常办理，下列地区、机构或人员除外。");
    assert!(text[1].contains("停办：住院结算") && text[1].ends_with("2021-07-19 00:00 恢复。"), "{}", text[1]);
    let [wave] = said.waves.as_slice() else { panic!("one wave") };
    assert!(wave.lines.iter().any(|line| line.name == "普通门诊结算" && line.answer.is_closed()));
    let later = at(date(2021, 7, 19).at(0, 0, 0, 0));
    assert_eq!(later.sentences.len(), 1);
    let visits = later.waves[0].lines.iter().find(|line| line.name == "普通门诊结算").unwrap();
    assert_eq!(visits.answer.times(), ["2021-07-19 00:00 起恢复"]);
}

#[test]
fn the_top_names_what_is_closed_what_follows_and_whom_to_ask() {
    let top = headline("bijie-2021", date(2021, 7, 9).at(20, 0, 0, 0));
    let text: Vec<&str> = top.sentences.iter().map(|sentence| sentence.text.as_str()).collect();
    assert!(
        text[0].starts_with("现在停办：") && text[0].contains("住院结算") && text[0].contains("2021-07-15 24:00 恢复")
    );
    assert!(text[1].starts_with("接下来停办：2021-07-09 24:00 起") && text[1].contains("普通门诊结算"), "{}", text[1]);
    assert!(top.ask.contains("0857-8296182（职工医保）") && top.ask.contains("0857-8245518（居民医保）"));
    let silent = headline("panzhihua-2020", date(2020, 9, 15).at(9, 0, 0, 0)).ask;
    assert!(silent.contains("经办机构"));
}

#[test]
fn what_is_closed_for_one_scheme_is_said_of_that_scheme_alone() {
    let text = "[plan]\nid = \"t\"\ntitle = \"停机\"\nissuer = \"医保局\"\npool = \"520500\"\nissued = \"2021-07-01\"\n\
                closes = \"2021-07-09 24:00\"\nreopens = \"2021-07-15 24:00\"\nends = \"2021-12-31 24:00\"\n[[rule]]\n\
                id = \"employees\"\nclause = \"1\"\nbusiness = \"settlement\"\nschemes = \"employee\"\ndisposition = \"refuse\"\n\
                advice = \"请等恢复。\"\n";
    let plan = yibao_policy::plan::read(text).unwrap();
    let told = Headline::of(&plan, std::slice::from_ref(&plan), date(2021, 7, 12).at(10, 0, 0, 0));
    let first = &told.sentences[0].text;
    assert!(first.starts_with("现在停办：") && first.contains("住院结算（职工医保）"), "{first}");
    assert!(
        first.contains("药店购药结算。") || first.contains("药店购药结算、"),
        "nobody else buys by an account: {first}"
    );
}

/// A city's own people are settled again before those who are away from home, visitors and who pays by a channel.
const AWAY: &str = "[plan]\nid = \"t\"\ntitle = \"停机\"\nissuer = \"医保局\"\npool = \"520500\"\nissued = \"2026-12-04\"\n\
    closes = \"2026-12-18 24:00\"\nreopens = \"2026-12-22 24:00\"\nends = \"2027-03-31 24:00\"\n\
    [channels]\ntaxapp = \"陇税通\"\n\
    [[rule]]\nid = \"all\"\nclause = \"1\"\nbusiness = \"*\"\ndisposition = \"refuse\"\nadvice = \"请等恢复。\"\n\
    [[rule]]\nid = \"tax\"\nclause = \"1\"\nbusiness = \"contribution\"\ncloses = \"2026-12-14 17:00\"\n\
    reopens = \"2026-12-23 08:00\"\ndisposition = \"refuse\"\nadvice = \"请等恢复。\"\n\
    [[rule]]\nid = \"app\"\nclause = \"1\"\nbusiness = \"contribution\"\nchannels = \"taxapp\"\ncloses = \"2026-12-14 17:00\"\n\
    reopens = \"2026-12-25 08:00\"\ndisposition = \"refuse\"\nadvice = \"请等恢复。\"\n\
    [[rule]]\nid = \"own\"\nclause = \"2\"\nbusiness = [\"settlement.outpatient\", \"settlement.pharmacy\", \"settlement.inpatient\"]\n\
    disposition = \"refuse\"\nadvice = \"请等恢复。\"\n\
    [[rule]]\nid = \"remote\"\nclause = \"3\"\nbusiness = [\"settlement.outpatient\", \"settlement.pharmacy\", \"settlement.inpatient\"]\n\
    places = \"remote\"\ncloses = \"2026-12-16 18:00\"\nreopens = \"2026-12-28 08:00\"\ndisposition = \"refuse\"\nadvice = \"请等恢复。\"\n\
    [[rule]]\nid = \"province\"\nclause = \"3\"\nbusiness = [\"settlement.outpatient\", \"settlement.pharmacy\", \"settlement.inpatient\"]\n\
    places = \"in_province\"\ncloses = \"2026-12-17 18:00\"\nreopens = \"2026-12-24 08:00\"\ndisposition = \"refuse\"\nadvice = \"请等恢复。\"\n\
    [[rule]]\nid = \"visitors\"\nclause = \"3\"\nbusiness = [\"settlement.outpatient\", \"settlement.pharmacy\", \"settlement.inpatient\"]\n\
    pools = \"elsewhere\"\ncloses = \"2026-12-16 18:00\"\nreopens = \"2026-12-28 08:00\"\ndisposition = \"refuse\"\nadvice = \"请等恢复。\"\n";

#[test]
fn nothing_counts_as_open_again_while_it_is_closed_for_who_is_named_apart() {
    let plan = yibao_policy::plan::read(AWAY).unwrap();
    let said = |day, hour| -> Vec<String> {
        let now = date(2026, 12, day).at(hour, 0, 0, 0);
        let told = Headline::of(&plan, std::slice::from_ref(&plan), now);
        told.sentences.into_iter().map(|sentence| sentence.text).collect()
    };
    #[track_caller]
    fn check(said: &[String], parts: &[&str]) {
        for part in parts {
            assert!(said.iter().any(|text| text.contains(part)), "{part}: {said:#?}");
        }
    }
    let before = said(17, 10);
    check(&before, &["跨省异地停办：住院结算、普通门诊结算", "外地参保停办：住院结算", "2026-12-28 08:00 恢复"]);
    check(&before, &["省内异地接下来停办：2026-12-17 18:00 起，住院结算"]);
    let after = said(23, 9);
    assert_eq!(after[0], "现在主要业务照常办理，下列地区、机构或人员除外。");
    check(
        &after,
        &["跨省异地停办：", "省内异地停办：", "外地参保停办：", "陇税通停办：职工医保费征缴、居民医保费征缴"],
    );
    let later = said(26, 9);
    check(&later, &["跨省异地停办：", "外地参保停办："]);
    assert!(!later.iter().any(|text| text.contains("省内异地") || text.contains("陇税通")), "{later:#?}");
    assert_eq!(said(28, 9), ["现在主要业务照常办理。"]);
}
