//! Plans as they change while registers are kept: new versions, entered and corrected events, a declared stop, the time
//! after a plan's last deadline.

use super::backfill::correct;
use super::city::{City, LI, WANG};
use super::register_lists::{VISIT, WAITING, registers, waiting_city};
use super::registers::{act, add, agency, hospital, why};
use jiff::civil::date;
use yibao_domain::money::Money;
use yibao_domain::outage::{DueAt, RegisterKind};
use yibao_domain::register::{Action, State};
use yibao_engine::desks::registers::ListFilter;

#[test]
fn a_published_plan_is_in_force_at_once_and_deadlines_follow_the_entered_event() {
    let city = waiting_city();
    let number = add(&city, &hospital(), RegisterKind::CashVisit, VISIT).unwrap().entry.number;
    let due = |city: &City| registers(city).entry(&hospital(), city.clock.get(), &number).unwrap().due;
    assert_eq!(due(&city), DueAt::NotYetKnown);
    let opened = date(2021, 7, 16).at(0, 0, 0, 0);
    let early = registers(&city).enter_event(&agency(), city.clock.get(), "waits", "accepted", opened).unwrap_err();
    assert!(early.to_string().contains("晚于现在"), "{early}");
    city.clock.set(date(2021, 7, 17).at(9, 0, 0, 0));
    registers(&city).enter_event(&agency(), city.clock.get(), "waits", "accepted", opened).unwrap();
    // Ten working days from Friday 16 July: 16, 19-23, 26-29.
    assert_eq!(due(&city), DueAt::At(date(2021, 7, 30).at(0, 0, 0, 0)));
    let again = registers(&city).enter_event(&agency(), city.clock.get(), "waits", "accepted", opened).unwrap_err();
    assert!(again.to_string().contains("验收通过"), "{again}");
    let same = registers(&city).publish_plan(&agency(), city.clock.get(), WAITING).unwrap_err();
    assert!(same.to_string().contains("version"), "{same}");
    let by_provider = registers(&city).publish_plan(&hospital(), city.clock.get(), WAITING).unwrap_err();
    assert!(by_provider.to_string().contains("经办机构"));
    let line = WAITING.lines().position(|line| line.contains("cash_reenter")).unwrap() + 1;
    let broken = WAITING.replace("cash_reenter", "cash_later");
    let broken = registers(&city).publish_plan(&agency(), city.clock.get(), &broken).unwrap_err();
    assert!(broken.to_string().contains(&format!("第{line}行")), "{broken}");
}

#[test]
fn a_re_plan_moves_every_deadline_and_revives_what_was_overdue() {
    let city = waiting_city();
    let number = add(&city, &hospital(), RegisterKind::CashVisit, VISIT).unwrap().entry.number;
    let view = |city: &City| registers(city).entry(&hospital(), city.clock.get(), &number).unwrap();
    let opened = date(2021, 7, 12).at(0, 0, 0, 0);
    city.clock.set(date(2021, 7, 12).at(9, 0, 0, 0));
    registers(&city).enter_event(&agency(), city.clock.get(), "waits", "accepted", opened).unwrap();
    // Ten working days from Monday 12 July: 12-16, 19-23.
    city.clock.set(date(2021, 7, 24).at(0, 0, 0, 0));
    assert_eq!((view(&city).due, view(&city).overdue), (DueAt::At(date(2021, 7, 24).at(0, 0, 0, 0)), true));
    let later = WAITING
        .replace("id = \"waits\"\n", "id = \"waits\"\nversion = 2\nreplaces = 1\n")
        .replace("reopens_on = \"accepted\"", "reopens = \"2021-07-26 00:00\"");
    let (events, rules) = (later.find("[[event]]").unwrap(), later.find("[[rule]]").unwrap());
    let later = format!("{}{}", &later[..events], &later[rules..]);
    registers(&city).publish_plan(&agency(), city.clock.get(), &later).unwrap_or_else(|error| panic!("{error}"));
    // Ten working days from Monday 26 July: 26-30, 2-6 August.
    assert_eq!((view(&city).due, view(&city).overdue), (DueAt::At(date(2021, 8, 7).at(0, 0, 0, 0)), false));
    let list = ListFilter { overdue: true, ..ListFilter::default() };
    assert_eq!(registers(&city).list(&agency(), city.clock.get(), list).unwrap().total, 0);
}

#[test]
fn an_entered_event_is_corrected_with_a_reason_and_deadlines_follow() {
    let city = waiting_city();
    let number = add(&city, &hospital(), RegisterKind::CashVisit, VISIT).unwrap().entry.number;
    city.clock.set(date(2021, 7, 17).at(9, 0, 0, 0));
    let (now, agency) = (city.clock.get(), agency());
    let (wrong, right) = (date(2021, 7, 12).at(0, 0, 0, 0), date(2021, 7, 16).at(0, 0, 0, 0));
    let correct = |at, reason: &str| registers(&city).correct_event(&agency, now, "waits", "accepted", at, reason);
    assert!(correct(right, "录错").unwrap_err().to_string().contains("还没有登记"));
    registers(&city).enter_event(&agency, now, "waits", "accepted", wrong).unwrap();
    assert!(correct(right, " ").unwrap_err().to_string().contains("原因"));
    correct(date(2021, 7, 13).at(0, 0, 0, 0), "录错").unwrap();
    correct(right, "又录错").unwrap();
    // Ten working days from Friday 16 July: 16, 19-23, 26-29.
    let due = registers(&city).entry(&hospital(), now, &number).unwrap().due;
    assert_eq!(due, DueAt::At(date(2021, 7, 30).at(0, 0, 0, 0)));
    let standing = registers(&city).entered_events().unwrap();
    assert_eq!((standing.len(), standing[0].at), (1, right));
    assert!(standing[0].entered_by.contains("又录错"), "{}", standing[0].entered_by);
    assert_eq!(city.look(|tx| tx.entered_events()).len(), 3, "what was entered before stays on record");
}

#[test]
fn a_new_version_replaces_the_one_in_force_and_no_other() {
    let city = waiting_city();
    let publish = |head: &str| {
        let text = WAITING.replace("id = \"waits\"\n", &format!("id = \"waits\"\n{head}\n"));
        registers(&city).publish_plan(&agency(), city.clock.get(), &text)
    };
    for wrong in ["version = 5\nreplaces = 4", "version = 3\nreplaces = 2"] {
        let text = publish(wrong).unwrap_err().to_string();
        assert!(text.contains("现行版本为1") && text.contains("replaces = 1"), "{text}");
    }
    publish("version = 3\nreplaces = 1").unwrap();
    publish("version = 4\nreplaces = 3").unwrap();
}

#[test]
fn p26_nobody_is_quit_of_a_debt_whose_amount_is_not_known() {
    let city = waiting_city();
    let visit = add(&city, &hospital(), RegisterKind::CashVisit, VISIT).unwrap().entry.number;
    let debt = |owed: &'static str| {
        vec![
            ("psn_no", WANG),
            ("psn_name", "王某"),
            ("of_entry", visit.clone().leak() as &str),
            ("begntime", "2021-07-06 09:30"),
            ("medfee_sumamt", owed),
            ("reason", "欠缴"),
        ]
    };
    assert!(why(add(&city, &hospital(), RegisterKind::NotEntitled, &debt("0"))).contains("大于0"));
    let number = add(&city, &hospital(), RegisterKind::NotEntitled, &debt("128.50")).unwrap().entry.number;
    city.write(|tx| correct(tx, &number, |case| case.charged = Money::ZERO));
    let paid = |amount: &'static str| [("paid", amount), ("paid_at", "2021-07-07 08:30")];
    assert!(why(act(&city, &hospital(), &number, Action::Pay, &paid("0"))).contains("大于0"));
    assert!(why(act(&city, &hospital(), &number, Action::Pay, &paid("1"))).contains("更正应付金额"));
    let reported = act(&city, &hospital(), &number, Action::Report, &[("reason", "拒不缴清")]).unwrap();
    assert_eq!(reported.entry.reason, "欠缴");
    act(&city, &hospital(), &number, Action::Correct, &[("medfee_sumamt", "128.50")]).unwrap();
    assert_eq!(act(&city, &hospital(), &number, Action::Pay, &paid("128.50")).unwrap().entry.state, State::Done);
}

/// A plan whose papers about care elsewhere are taken until its last day, and which has an open business.
const CLAIMS: &str = r#"
[plan]
id = "claims"
title = "异地垫付"
issuer = "医保局"
pool = "520500"
issued = "2021-07-01"
closes = "2021-07-05 00:00"
reopens = "2021-07-09 00:00"
ends = "2021-07-31 24:00"

[[rule]]
id = "all"
clause = "T-00"
business = "*"
disposition = "refuse"
advice = "暂停。"

[[rule]]
id = "at-the-counter"
clause = "T-01"
business = "filing.special_disease"
channels = "agency"
disposition = "open"
advice = "窗口照常收资料。"

[[duty]]
id = "remote"
clause = "T-02"
kind = "register"
register = "papers"
who = "agency"
business = "reimbursement.remote"
what = "异地垫付的资料交经办机构"
by = "2021-07-30 24:00"
after_deadline = "refuse"
"#;

fn claims_city() -> City {
    let city = City::new();
    city.clock.set(date(2021, 7, 2).at(9, 0, 0, 0));
    registers(&city).publish_plan(&agency(), city.clock.get(), CLAIMS).unwrap_or_else(|error| panic!("{error}"));
    city
}

#[test]
fn p15_after_the_plans_last_day_papers_are_told_that_the_deadline_has_passed_and_an_exception_may_be_asked_for() {
    let city = claims_city();
    city.clock.set(date(2021, 8, 2).at(9, 0, 0, 0));
    let papers = [
        ("psn_no", LI),
        ("psn_name", "李某"),
        ("business", "reimbursement.remote"),
        ("begntime", "2021-08-01 09:00"),
        ("care_provider", "H51010400001"),
        ("care_begntime", "2021-07-06 10:00"),
        ("medfee_sumamt", "80.00"),
    ];
    let text = why(add(&city, &agency(), RegisterKind::Papers, &papers));
    assert!(text.contains("2021-07-30 24:00") && text.contains("逾期不再受理"), "{text}");
    let asked = [
        ("begntime", "2021-08-01 10:00"),
        ("subject", "住院未及时提交"),
        ("tel", "0857-1234567"),
        ("asked_by", "医保科"),
    ];
    assert_eq!(add(&city, &agency(), RegisterKind::Escalation, &asked).unwrap().entry.plan, "claims");
}

#[test]
fn p17_papers_of_a_business_that_goes_on_at_the_counter_are_kept_inside_the_outage_only() {
    let city = claims_city();
    let papers = |at: &'static str| {
        [("psn_no", LI), ("psn_name", "李某"), ("business", "filing.special_disease"), ("begntime", at)]
    };
    city.clock.set(date(2021, 7, 6).at(9, 0, 0, 0));
    let kept = add(&city, &agency(), RegisterKind::Papers, &papers("2021-07-06 08:00")).unwrap().entry;
    assert_eq!((kept.rule.as_str(), kept.state), ("at-the-counter", State::Waiting));
    city.clock.set(date(2021, 7, 10).at(9, 0, 0, 0));
    assert!(why(add(&city, &agency(), RegisterKind::Papers, &papers("2021-07-10 08:00"))).contains("直接办理"));
}

#[test]
fn who_is_admitted_in_a_declared_stop_is_registered_by_the_template() {
    let city = City::new();
    city.clock.set(date(2021, 7, 12).at(10, 40, 0, 0));
    let filled = [
        ("{id}", "stop"),
        ("{title}", "故障"),
        ("{issuer}", "医保局"),
        ("{pool}", "520500"),
        ("{city}", "毕节市"),
        ("{declared_day}", "2021-07-12"),
        ("{declared}", "2021-07-12 10:40"),
        ("{closes}", "2021-07-12 10:05"),
        ("{reopens}", "2021-07-12 18:00"),
        ("{ends}", "2021-09-12 24:00"),
    ];
    let template = include_str!("../../../../plans/templates/stop.toml").to_owned();
    let text = filled.iter().fold(template, |text, (mark, value)| text.replace(mark, value));
    registers(&city).publish_plan(&agency(), city.clock.get(), &text).unwrap_or_else(|error| panic!("{error}"));
    let stay = [
        ("psn_no", LI),
        ("psn_name", "李某"),
        ("insutype", "390"),
        ("med_type", "21"),
        ("begntime", "2021-07-12 10:30"),
        ("ipt_otp_no", "Z001"),
        ("diag_code", "J18.900"),
        ("diag_name", "肺炎"),
        ("fees_kept", "是"),
    ];
    let kept = add(&city, &hospital(), RegisterKind::Admission, &stay).unwrap().entry;
    assert_eq!((kept.rule.as_str(), kept.state), ("admission", State::Waiting));
    let left = [
        ("psn_no", WANG),
        ("psn_name", "王某"),
        ("begntime", "2021-07-05 08:00"),
        ("endtime", "2021-07-12 10:20"),
        ("tel", "13900000000"),
        ("fees_kept", "是"),
    ];
    add(&city, &hospital(), RegisterKind::DeferredDischarge, &left).unwrap();
    city.verify();
}
