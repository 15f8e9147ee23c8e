//! What a re-plan changes and for whom, on the plans that come with the program.

#![expect(clippy::unwrap_used, reason = "in a test an unwrap is an assertion, in its helpers too")]

use jiff::civil::{DateTime, date};
use yibao_domain::outage::{Change, ChangeKind, Moved, Part, Plan, difference};
use yibao_policy::plan::{SHIPPED, national_calendar, read};

const BIJIE: usize = 0;
const PANZHIHUA: usize = 1;

fn shipped(index: usize) -> Plan {
    read(SHIPPED[index].1).unwrap()
}

/// The shipped plan as its second version, with texts replaced.
fn replanned(index: usize, replacements: &[(&str, &str)]) -> Plan {
    let mut text = SHIPPED[index].1.replacen("[plan]\n", "[plan]\nversion = 2\nreplaces = 1\n", 1);
    for (from, to) in replacements {
        assert!(text.contains(from), "{from}");
        text = text.replacen(from, to, 1);
    }
    read(&text).unwrap_or_else(|problems| panic!("{problems:?}"))
}

fn changes(index: usize, replacements: &[(&str, &str)]) -> Vec<Change> {
    difference(&shipped(index), &replanned(index, replacements), &national_calendar())
}

#[track_caller]
fn moved(changes: &[Change], part: Part, id: &str, its_aspect: &str) -> Moved {
    let found = changes.iter().find_map(|change| match &change.kind {
        ChangeKind::Changed { aspect, moved, .. }
            if change.part == part && change.id == id && *aspect == its_aspect =>
        {
            *moved
        }
        _ => None,
    });
    found.unwrap_or_else(|| {
        panic!("no {its_aspect} of {id} moved: {:#?}", changes.iter().map(Change::name).collect::<Vec<_>>())
    })
}

fn midnight(month: i8, day: i8) -> DateTime {
    date(2020, month, day).at(0, 0, 0, 0)
}

#[test]
fn a_plan_does_not_differ_from_itself_nor_from_another_order_of_its_rules() {
    for (_, text) in SHIPPED {
        let plan = read(text).unwrap();
        assert_eq!(difference(&plan, &plan, &national_calendar()), []);
        let mut turned = plan.clone();
        turned.rules.reverse();
        turned.contacts.reverse();
        assert_eq!(difference(&plan, &turned, &national_calendar()), []);
    }
    assert_eq!(changes(BIJIE, &[]), [], "a higher version alone changes nothing for anybody");
}

#[test]
fn a_later_reopening_moves_what_counts_from_it_and_nothing_else() {
    let changes = changes(PANZHIHUA, &[("reopens = \"2020-09-20 24:00\"", "reopens = \"2020-09-27 24:00\"")]);
    let whole = moved(&changes, Part::Head, "panzhihua-2020", "恢复时刻");
    assert_eq!((whole.from, whole.to), (Some(midnight(9, 21)), Some(midnight(9, 28))));
    assert_eq!(whole.name(), "推迟7天");
    // Working days from the 28th on: 28, 29, 30 September; 9, 10 (a worked Saturday), 12 to 16 October.
    let deadline = moved(&changes, Part::Rule, "outpatient-ordinary-resident", "期限");
    assert_eq!((deadline.from, deadline.to), (Some(midnight(10, 10)), Some(midnight(10, 17))));
    let touched = |id: &str| changes.iter().any(|change| change.id == id);
    assert!(!touched("contribution"), "it has a window of its own");
    assert!(!touched("remote-special-claims"), "its deadline is a date");
}

#[test]
fn who_was_late_may_come_again_until_the_new_deadline() {
    let changes = changes(PANZHIHUA, &[("reopens = \"2020-09-20 24:00\"", "reopens = \"2020-09-27 24:00\"")]);
    let rule = |change: &&Change| change.id == "outpatient-special" && change.name().starts_with("期限");
    let change = changes.iter().find(rule).unwrap();
    assert_eq!(change.at(date(2020, 10, 9).at(12, 0, 0, 0)), None, "the old deadline was still running");
    let told = change.at(date(2020, 10, 12).at(9, 0, 0, 0)).unwrap();
    assert!(told.contains("重新可以办理") && told.contains("2020-10-16 24:00"), "{told}");
    assert_eq!(change.at(midnight(10, 17)), None, "late by both");
}

#[test]
fn an_earlier_reopening_ends_rights_earlier() {
    let changes = changes(PANZHIHUA, &[("reopens = \"2020-09-20 24:00\"", "reopens = \"2020-09-17 24:00\"")]);
    // Working days from the 18th on: 18, 21 to 25, 27 (a worked Sunday), 28, 29, 30 September.
    let deadline = moved(&changes, Part::Rule, "inpatient", "期限");
    assert_eq!((deadline.from, deadline.to), (Some(midnight(10, 10)), Some(midnight(10, 1))));
    assert!(deadline.expires(date(2020, 10, 5).at(9, 0, 0, 0)) && !deadline.revives(date(2020, 10, 5).at(9, 0, 0, 0)));
    assert!(moved(&changes, Part::Rule, "inpatient", "恢复时刻").name().starts_with("提前3天"));
}

#[test]
fn a_reopening_moved_over_a_weekend_leaves_deadlines_in_working_days() {
    let changes = changes(PANZHIHUA, &[("reopens = \"2020-09-20 24:00\"", "reopens = \"2020-09-18 24:00\"")]);
    assert!(changes.iter().all(|change| !change.name().starts_with("期限")));
}

#[test]
fn a_change_says_for_whom_and_for_which_business() {
    let changes = changes(
        BIJIE,
        &[
            ("disposition = \"paper_certificate\"", "disposition = \"admit_on_statement\""),
            ("telephone = \"0857-8947068\"", "telephone = \"0857-1234567\""),
        ],
    );
    let rule = changes.iter().find(|change| change.id == "admission-registered-poor").unwrap();
    assert_eq!(rule.businesses, ["入院登记"]);
    assert!(rule.whom.contains("建档立卡脱贫人口"), "{}", rule.whom);
    assert!(rule.name().starts_with("处置方式 凭纸质证明办理 → 凭陈述"), "{}", rule.name());
    let contact = changes.iter().find(|change| change.part == Part::Contact).unwrap();
    assert_eq!(contact.whom, "七星关区·职工医保");
    assert!(contact.name().contains("0857-8947068 → 0857-1234567"), "{}", contact.name());
}

#[test]
fn what_is_new_and_what_is_gone_are_told() {
    let changes = changes(BIJIE, &[("id = \"clearing\"", "id = \"clearing-all\"")]);
    let told: Vec<(Part, &str, String)> =
        changes.iter().map(|change| (change.part, change.id.as_str(), change.name())).collect();
    let expected = [(Part::Rule, "clearing-all", "新增".to_owned()), (Part::Rule, "clearing", "取消".to_owned())];
    assert_eq!(told, expected);
}

#[test]
fn a_reopening_that_waits_instead_of_having_a_date_takes_the_deadlines_dates_away() {
    let waiting = "reopens_on = \"accepted\"\nexpected = \"2020-09-20 24:00\"";
    let event = "[[event]]\nid = \"accepted\"\nname = \"验收通过\"\nwho = \"bureau\"\n\n[switches]";
    let changes = changes(PANZHIHUA, &[("reopens = \"2020-09-20 24:00\"", waiting), ("[switches]", event)]);
    let told = |id: &str, part: &str| changes.iter().any(|change| change.id == id && change.name().contains(part));
    assert!(told("panzhihua-2020", "2020-09-20 24:00恢复 → 待“验收通过”后恢复（预计2020-09-20 24:00）"));
    assert!(told("accepted", "新增"));
    let deadline = moved(&changes, Part::Rule, "inpatient", "期限");
    assert_eq!((deadline.from, deadline.to), (Some(midnight(10, 10)), None));
    assert!(deadline.revives(date(2020, 10, 12).at(9, 0, 0, 0)), "nobody is late while it waits");
}

#[test]
fn how_far_a_moment_moves_is_said_in_days_hours_and_minutes() {
    let from = Some(midnight(9, 21));
    let name = |to: DateTime| Moved { from, to: Some(to), is_deadline: false }.name();
    assert_eq!(name(date(2020, 9, 20).at(20, 0, 0, 0)), "提前4小时");
    assert_eq!(name(date(2020, 9, 22).at(2, 5, 0, 0)), "推迟1天2小时5分钟");
    assert_eq!(Moved { from, to: None, is_deadline: false }.name(), "");
}
