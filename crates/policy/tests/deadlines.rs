//! Deadlines as plans say them, against dates counted by hand on the official calendar of 2021; and what is granted.

#![expect(clippy::unwrap_used, reason = "helpers of tests may stop")]

use jiff::civil::DateTime;
use yibao_domain::outage::{
    Business, Channel, DueAt, EventEntered, Moments, Plan, Protection, Question, Start, in_force,
};
use yibao_policy::plan::{national_calendar, read};

const HEAD: &str = r#"[plan]
id = "t"
title = "试"
issuer = "试"
pool = "520500"
issued = "2021-09-01"
closes = "2021-09-10 18:00"
reopens = "2021-09-17 24:00"
ends = "2022-12-31 24:00"

[[rule]]
id = "all"
clause = "1"
business = "*"
disposition = "refuse"
advice = "请稍后。"

[[stage]]
id = "late"
providers = "H52050200009"
reopens = "2021-09-29 08:00"
"#;

fn at(text: &str) -> DateTime {
    text.parse().unwrap()
}

fn plan(rest: &str) -> Plan {
    read(&format!("{HEAD}{rest}")).unwrap_or_else(|problems| panic!("{problems:#?}"))
}

/// A plan with one rule that has this deadline.
fn with(keys: &str) -> Plan {
    plan(&format!(
        "[[rule]]\nid = \"own\"\nclause = \"1\"\nbusiness = \"hall\"\ndisposition = \"cash_claim\"\nadvice = \"请稍后。\"\nafter_deadline = \"refuse\"\n{keys}\n"
    ))
}

fn due(plan: &Plan, moments: &Moments<'_>) -> DueAt {
    let rule = plan.rules.iter().find(|rule| rule.id == "own").unwrap();
    plan.due(rule.deadline.as_ref().unwrap(), moments, &national_calendar())
}

#[track_caller]
fn check(keys: &str, moments: Moments<'_>, ends: &str) {
    assert_eq!(due(&with(keys), &moments), DueAt::At(at(ends)), "{keys}");
}

const NOTHING: Moments<'_> = Moments { care: None, discharge: None, intake: None, since: None, question: None };
const REOPENING: &str = "after_reopening_of = \"hall\"";

fn question(business: &str) -> Question {
    Question::about(Business::new(business).unwrap())
}

#[test]
fn working_days_skip_the_autumn_festival_and_count_the_make_up_days() {
    // From 17 September 24:00: Saturday the 18th is worked, 19 to 21 are the festival, then 22 to 24, Sunday the 26th is worked.
    check(&format!("within_working_days = 1\n{REOPENING}"), NOTHING, "2021-09-19 00:00");
    check(&format!("within_working_days = 2\n{REOPENING}"), NOTHING, "2021-09-23 00:00");
    check(&format!("within_working_days = 5\n{REOPENING}"), NOTHING, "2021-09-27 00:00");
    check(&format!("within_working_days = 9\n{REOPENING}"), NOTHING, "2021-10-01 00:00");
    check(&format!("within_working_days = 10\n{REOPENING}"), NOTHING, "2021-10-09 00:00");
}

#[test]
fn calendar_days_count_every_day() {
    check(&format!("within_calendar_days = 5\n{REOPENING}"), NOTHING, "2021-09-23 00:00");
    let intake = |moment: &str| Moments { intake: Some(at(moment)), ..NOTHING };
    check("within_calendar_days = 30\nafter = \"intake\"", intake("2021-09-12 09:00"), "2021-10-13 00:00");
}

#[test]
fn months_end_with_the_day_of_the_same_number_or_with_the_month() {
    check(&format!("within_months = 3\n{REOPENING}"), NOTHING, "2021-12-18 00:00");
    let discharge = |moment: &str| Moments { discharge: Some(at(moment)), ..NOTHING };
    check("within_months = 1\nafter = \"discharge\"", discharge("2021-09-15 11:00"), "2021-10-16 00:00");
    check("within_months = 1\nafter = \"discharge\"", discharge("2022-01-31 11:00"), "2022-03-01 00:00");
    check("within_months = 12\nafter = \"discharge\"", discharge("2021-09-15 11:00"), "2022-09-16 00:00");
}

#[test]
fn the_same_month_ends_with_its_last_day() {
    check(&format!("same_month = true\n{REOPENING}"), NOTHING, "2021-10-01 00:00");
    let care = Moments { care: Some(at("2021-09-30 23:59:59")), ..NOTHING };
    check("same_month = true\nafter = \"care\"", care, "2021-10-01 00:00");
}

#[test]
fn hours_run_to_the_second() {
    check(&format!("within_hours = 24\n{REOPENING}"), NOTHING, "2021-09-19 00:00");
    let intake = Moments { intake: Some(at("2021-09-12 09:00:30")), ..NOTHING };
    check("within_hours = 72\nafter = \"intake\"", intake, "2021-09-15 09:00:30");
}

#[test]
fn where_a_business_closes_twice_the_closing_of_the_care_counts() {
    let again = "[[rule]]\nid = \"again\"\nclause = \"1\"\nbusiness = \"hall\"\ncloses = \"2021-11-01 00:00\"\nreopens = \"2021-11-03 00:00\"\ndisposition = \"cash_claim\"\nadvice = \"请稍后。\"\n";
    let own = "[[rule]]\nid = \"own\"\nclause = \"1\"\nbusiness = \"hall\"\ndisposition = \"cash_claim\"\nadvice = \"请稍后。\"\nafter_deadline = \"refuse\"\nwithin_calendar_days = 2\nafter_reopening_of = \"hall\"\n";
    let plan = plan(&format!("{own}{again}"));
    let care = |moment: &str| due(&plan, &Moments { care: Some(at(moment)), ..NOTHING });
    assert_eq!(care("2021-09-12 10:00"), DueAt::At(at("2021-09-20 00:00")));
    assert_eq!(care("2021-11-02 10:00"), DueAt::At(at("2021-11-05 00:00")));
    assert_eq!(due(&plan, &NOTHING), DueAt::At(at("2021-11-05 00:00")));
}

#[test]
fn a_count_may_start_with_the_closing_or_the_declaration() {
    check("within_calendar_days = 3\nafter = \"closing\"", NOTHING, "2021-09-14 00:00");
    check("within_calendar_days = 3\nafter_closing_of = \"settlement\"", NOTHING, "2021-09-14 00:00");
    check("within_working_days = 3\nafter = \"declared\"", NOTHING, "2021-09-04 00:00");
}

#[test]
fn the_wave_of_the_provider_decides_when_the_count_starts() {
    let question =
        Question { provider: Some("H52050200009".to_owned()), ..Question::about(Business::named("settlement")) };
    let moments = Moments { question: Some(&question), ..NOTHING };
    // From 29 September 08:00: the 30th, then 8 and 9 October, a Friday and a worked Saturday.
    check(&format!("within_working_days = 3\n{REOPENING}"), moments, "2021-10-10 00:00");
}

#[test]
fn a_deadline_without_its_start_is_not_guessed() {
    assert!(matches!(due(&with("within_months = 1\nafter = \"discharge\""), &NOTHING), DueAt::Unknowable(_)));
    let beyond = with(&format!("within_working_days = 1000\n{REOPENING}"));
    assert!(matches!(due(&beyond, &NOTHING), DueAt::At(_)));
    let never = plan(
        "[[rule]]\nid = \"own\"\nclause = \"1\"\nbusiness = \"hall\"\nreopens = \"never\"\ndisposition = \"refuse\"\nadvice = \"请稍后。\"\nwithin_months = 1\nafter_reopening_of = \"hall\"\nafter_deadline = \"refuse\"\n",
    );
    assert!(matches!(due(&never, &NOTHING), DueAt::Unknowable(_)));
}

#[test]
fn deadlines_move_with_a_re_plan_unless_they_count_from_what_was_planned() {
    let keys = |which: &str| format!("within_calendar_days = 5\n{REOPENING}\ncounted_from = \"{which}\"");
    for (which, ends) in [("actual", "2021-10-01 00:00"), ("planned", "2021-09-23 00:00")] {
        let first = with(&keys(which));
        let mut second = first.clone();
        second.version = 2;
        for rule in &mut second.rules {
            rule.window.as_mut().unwrap().reopens = yibao_domain::outage::Reopens::At(at("2021-09-26 00:00").into());
        }
        let [plan] = &in_force(vec![first, second], &[])[..] else { panic!("one plan") };
        assert_eq!(due(plan, &NOTHING), DueAt::At(at(ends)), "{which}");
    }
}

#[test]
fn a_deadline_is_not_yet_known_while_its_event_is_not_entered() {
    let event = "[[event]]\nid = \"e\"\nname = \"验收\"\n";
    let text = format!(
        "{event}[[rule]]\nid = \"own\"\nclause = \"1\"\nbusiness = \"hall\"\nreopens_on = \"e\"\ndisposition = \"cash_claim\"\nadvice = \"请稍后。\"\nafter_deadline = \"refuse\"\nwithin_calendar_days = 2\n{REOPENING}\n"
    );
    let plan = plan(&text);
    assert_eq!(due(&plan, &NOTHING), DueAt::NotYetKnown);
    let entered = EventEntered {
        pool: plan.pool.clone(),
        plan: "t".to_owned(),
        event: "e".to_owned(),
        at: at("2021-09-20 15:00"),
    };
    assert_eq!(due(&plan.with_events(&[entered]), &NOTHING), DueAt::At(at("2021-09-23 00:00")));
}

#[test]
fn a_legal_limit_that_ends_in_the_range_runs_on_to_the_deadline() {
    let plan = plan(
        "[[extension]]\nid = \"x\"\nclause = \"1\"\nbusiness = \"reimbursement\"\nlimit_ends_from = \"2021-09-10\"\nlimit_ends_until = \"2021-09-17\"\nwithin_working_days = 2\nafter_reopening_of = \"reimbursement\"\n",
    );
    let extended =
        |business: &str, limit: &str| plan.extended(&question(business), None, at(limit), &national_calendar());
    let later = DueAt::At(at("2021-09-23 00:00"));
    assert_eq!(extended("reimbursement.manual", "2021-09-10 00:00"), DueAt::At(at("2021-09-10 00:00"))); // ends on the 9th
    assert_eq!(extended("reimbursement.manual", "2021-09-11 00:00"), later);
    assert_eq!(extended("reimbursement.manual", "2021-09-18 00:00"), later); // the 17th 24:00
    assert_eq!(extended("reimbursement.manual", "2021-09-18 00:01"), DueAt::At(at("2021-09-18 00:01")));
    assert_eq!(extended("filing.remote", "2021-09-12 00:00"), DueAt::At(at("2021-09-12 00:00")));
}

#[test]
fn a_filing_some_days_late_counts_as_in_time() {
    let tolerance = |keys: &str| {
        plan(&format!("[[tolerance]]\nid = \"x\"\nclause = \"1\"\nbusiness = \"filing\"\ndays = 3\n{keys}\n"))
    };
    let until = |plan: &Plan, limit: &str| plan.tolerated(&question("filing.remote"), at(limit), &national_calendar());
    let from_limit = tolerance("unit = \"calendar_days\"");
    assert_eq!(until(&from_limit, "2021-09-12 00:00"), DueAt::At(at("2021-09-15 00:00")));
    let from_reopening = tolerance("unit = \"working_days\"\nafter_reopening_of = \"filing\"");
    assert_eq!(until(&from_reopening, "2021-09-12 00:00"), DueAt::At(at("2021-09-24 00:00")));
    // A limit that had passed before the closing had nothing to do with the outage.
    assert_eq!(until(&from_reopening, "2021-09-10 12:00"), DueAt::At(at("2021-09-10 12:00")));
}

#[test]
fn who_could_not_file_and_files_in_time_is_held_harmless() {
    let plan = plan(
        "[[hold_harmless]]\nid = \"x\"\nclause = \"1\"\nbusiness = \"filing.transfer\"\nprotects = [\"ratio\", \"deductible\"]\nadvice = \"补备案。\"\nwithin_working_days = 5\nafter_reopening_of = \"filing.transfer\"\n",
    );
    let held = |business: &str, needed: &str, filed: &str| {
        let question = question(business);
        plan.held_harmless(&question, at(needed), at(filed), &national_calendar())
            .map(|promise| promise.protects.clone())
    };
    let both = Some(vec![Protection::Ratio, Protection::Deductible]);
    assert_eq!(held("filing.transfer", "2021-09-12 10:00", "2021-09-26 23:59"), both);
    assert_eq!(held("filing.transfer", "2021-09-12 10:00", "2021-09-27 00:00"), None);
    assert_eq!(held("filing.transfer", "2021-09-10 17:59", "2021-09-20 10:00"), None);
    assert_eq!(held("filing.remote", "2021-09-12 10:00", "2021-09-20 10:00"), None);
}

/// Two duties to enter it, the broad one first, and one of pharmacies.
const DUTIES: &str = r#"
[[duty]]
id = "all"
clause = "1"
kind = "backfill"
who = "hospital"
business = "settlement"
what = "补录"
by = "2021-10-29 24:00"
after_deadline = "refuse"

[[duty]]
id = "visits"
clause = "1"
kind = "backfill"
who = "hospital"
business = "settlement.outpatient"
what = "补录"
by = "2021-10-15 24:00"
after_deadline = "refuse"

[[duty]]
id = "shops"
clause = "1"
kind = "backfill"
who = "pharmacy"
business = "settlement.outpatient.special"
what = "补录"
by = "2021-10-22 24:00"
after_deadline = "listed"

[[duty]]
id = "papers"
clause = "1"
kind = "register"
who = "agency"
business = "settlement"
what = "收件"
by = "2021-11-30 24:00"
after_deadline = "refuse"
"#;

#[test]
fn of_duties_the_most_specific_one_of_whoever_does_it_gives_the_deadline() {
    let rule = |disposition: &str| {
        format!(
            "[[rule]]\nid = \"r\"\nclause = \"1\"\nbusiness = \"settlement\"\ndisposition = \"{disposition}\"\nadvice = \"请稍后。\"\n{DUTIES}"
        )
    };
    let until = |plan: &Plan, business: &'static str, channel: Option<Channel>| {
        let question = Question { channel, ..Question::about(Business::named(business)) };
        let rule = plan.rules.iter().find(|rule| rule.id == "r").unwrap();
        plan.made_good_until(rule, &question).map(|deadline| deadline.name())
    };
    let entered = plan(&rule("cash_reenter"));
    let (hospital, pharmacy) = (Some(Channel::Hospital), Some(Channel::Pharmacy));
    let ends = |day: &str| Some(format!("2021-{day} 24:00前"));
    assert_eq!(until(&entered, "settlement.inpatient", hospital), ends("10-29"));
    assert_eq!(until(&entered, "settlement.outpatient.ordinary", hospital), ends("10-15"));
    assert_eq!(
        until(&entered, "settlement.outpatient.special", hospital),
        ends("10-15"),
        "that of pharmacies is theirs"
    );
    assert_eq!(until(&entered, "settlement.outpatient.special", pharmacy), ends("10-22"));
    assert_eq!(until(&entered, "settlement.pharmacy", pharmacy), None, "no duty of theirs");
    assert_eq!(until(&entered, "settlement.outpatient.special", None), ends("10-22"), "nobody is asked about");
    // What is claimed ends by the duty to take it in.
    let claimed = plan(&rule("cash_claim"));
    assert_eq!(until(&claimed, "settlement.outpatient.ordinary", hospital), ends("11-30"));
    assert_eq!(until(&plan(&rule("refuse")), "settlement.outpatient.ordinary", hospital), None);
}

#[test]
fn what_is_counted_from_a_closing_is_counted_from_the_one_that_the_care_met() {
    let closes = |id: &str, from: &str, to: &str| {
        format!(
            "[[rule]]\nid = \"{id}\"\nclause = \"1\"\nbusiness = \"hall\"\ncloses = \"{from}\"\nreopens = \"{to}\"\ndisposition = \"refuse\"\nadvice = \"请稍后。\"\n"
        )
    };
    let text = closes("one", "2021-09-04 00:00", "2021-09-06 00:00")
        + &closes("two", "2021-09-20 00:00", "2021-09-22 00:00")
        + &closes("on", "2021-09-22 00:00", "2021-09-24 00:00");
    let plan = plan(&text);
    let start = |care: Option<&str>| {
        let moments = Moments { care: care.map(at), ..NOTHING };
        plan.start_of(&Start::Closing { of: Business::named("hall") }, &moments)
    };
    for (care, closed) in [
        (None, "2021-09-04 00:00"),
        (Some("2021-09-01 09:00"), "2021-09-04 00:00"),
        (Some("2021-09-05 09:00"), "2021-09-04 00:00"),
        (Some("2021-09-21 09:00"), "2021-09-20 00:00"),
        (Some("2021-09-23 09:00"), "2021-09-20 00:00"),
    ] {
        assert_eq!(start(care), DueAt::At(at(closed)), "{care:?}");
    }
}

#[test]
fn what_is_done_at_the_moment_of_a_deadline_is_late() {
    let due = DueAt::At(at("2021-09-20 08:00"));
    assert_eq!(due.missed_at(at("2021-09-20 07:59")), None);
    assert_eq!(due.missed_at(at("2021-09-20 08:00")), Some(at("2021-09-20 08:00")));
    assert_eq!(DueAt::NotYetKnown.missed_at(at("2021-09-20 08:00")), None);
}
