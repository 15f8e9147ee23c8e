//! A deed at a desk is journalled as a message is: done twice, it counts once and answers the same.

use super::backfill::{TOWN, reopened};
use super::backfill_runs::{line, on_both_stores, visit};
use super::city::{City, HOSPITAL, LI, clerk};
use super::order::{july, panzhihua, town_stay};
use super::register_lists::WAITING;
use super::registers::{STAY, agency, fields, hospital, in_the_outage, why};
use super::twin::town::psn_no;
use jiff::civil::date;
use std::collections::BTreeMap;
use yibao_domain::code::Pool;
use yibao_domain::outage::RegisterKind;
use yibao_domain::refusal::Code;
use yibao_domain::register::{Action, EntryLine, State};
use yibao_engine::Stop;
use yibao_engine::desks::registers::{Actor, Kept, NewEntry, NotDone, Registers, Source};
use yibao_store::message::MessageKey;
use yibao_store::register::EntryFilter;

fn form<'a>(city: &'a City, submission: &str) -> Registers<'a> {
    city.platform.registers(&Pool::new("520500")).unwrap().submitted(submission)
}

fn registered(city: &City, submission: &str, bed: &str) -> Result<Kept, NotDone> {
    let mut stated = fields(STAY);
    stated.insert("ipt_otp_no".into(), bed.into());
    let (kind, fixmedins_code) = (RegisterKind::Admission, String::new());
    let new = NewEntry { kind, fixmedins_code, fields: stated, lines: Vec::new(), source: Source::Page };
    form(city, submission).add(&hospital(), city.clock.get(), new)
}

fn withdrawn(city: &City, submission: &str, by: &Actor, number: &str, reason: &str) -> Result<Kept, NotDone> {
    form(city, submission).act(by, city.clock.get(), number, Action::Withdraw, fields(&[("reason", reason)]))
}

#[test]
fn a_form_that_is_sent_twice_counts_once_and_is_answered_the_same() {
    on_both_stores(|city| {
        city.clock.set(in_the_outage());
        let first = registered(city, "f1", "Z001").unwrap();
        city.clock.set(in_the_outage().saturating_add(jiff::Span::new().minutes(1)));
        assert_eq!(registered(city, "f1", "Z001").unwrap(), first);
        // Other content under the same form is another deed that nobody has looked at.
        let refused = why(registered(city, "f1", "Z002"));
        assert!(refused.contains(&first.entry.number) && refused.contains("刷新页面"), "{refused}");
        assert_eq!(city.look(|tx| tx.entries(&EntryFilter::default(), 10)), std::slice::from_ref(&first.entry));

        let number = first.entry.number.as_str();
        let gone = withdrawn(city, "f2", &hospital(), number, "登记重复").unwrap();
        assert_eq!((gone.entry.state, gone.entry.version), (State::Withdrawn, 2));
        assert_eq!(withdrawn(city, "f2", &hospital(), number, "登记重复").unwrap(), gone);
        // Another form, and another clerk's form of that number, ask anew.
        why(withdrawn(city, "f3", &hospital(), number, "登记重复"));
        why(withdrawn(city, "f2", &Actor { login: "u2".into(), ..hospital() }, number, "登记重复"));
        assert_eq!(city.look(|tx| tx.history(number)).len(), 2);

        let key = MessageKey::new(hospital().party(), &format!("f2/{number}"), "withdraw");
        let journalled = city.look(|tx| tx.message(&key)).expect("the deed is in the journal");
        assert_eq!(journalled.effect, number);
        city.verify();
    });
}

#[test]
fn what_was_refused_may_be_sent_again_with_the_same_form() {
    let city = City::with_plan(TOWN);
    city.clock.set(in_the_outage());
    let number = registered(&city, "f1", "Z001").unwrap().entry.number;
    assert!(why(withdrawn(&city, "f2", &hospital(), &number, "")).contains("必填"));
    let gone = withdrawn(&city, "f2", &hospital(), &number, "登记重复").unwrap();
    assert_eq!(gone.entry.state, State::Withdrawn);
    city.verify();
}

#[test]
fn what_was_answered_is_answered_again_though_the_entry_has_gone_on() {
    on_both_stores(|city| {
        city.clock.set(in_the_outage());
        let first = registered(city, "f1", "Z001").unwrap();
        let number = first.entry.number.as_str();
        let gone = withdrawn(city, "f2", &hospital(), number, "登记重复").unwrap();
        let reopen = || {
            let reason = fields(&[("reason", "误撤")]);
            form(city, "f3").act(&agency(), city.clock.get(), number, Action::Reopen, reason)
        };
        let reopened = reopen().unwrap();
        assert_eq!((reopened.entry.state, reopened.entry.version), (State::Waiting, 3));
        assert_eq!(registered(city, "f1", "Z001").unwrap(), first);
        assert_eq!(withdrawn(city, "f2", &hospital(), number, "登记重复").unwrap(), gone);
        assert_eq!(reopen().unwrap(), reopened);
        assert_eq!(city.look(|tx| tx.history(number)).len(), 3);
        city.verify();
    });
}

#[test]
fn two_acts_of_one_form_are_two_deeds() {
    let city = City::with_plan(TOWN);
    city.clock.set(in_the_outage());
    let number = registered(&city, "f1", "Z001").unwrap().entry.number;
    let call = [("called_at", "2021-07-12 09:00"), ("caller", "医保办"), ("call_outcome", "已通知")];
    let called = form(&city, "f2").act(&hospital(), city.clock.get(), &number, Action::Call, fields(&call));
    called.unwrap_or_else(|not_done| panic!("{not_done}"));
    assert_eq!(withdrawn(&city, "f2", &hospital(), &number, "登记重复").unwrap().entry.state, State::Withdrawn);
    city.verify();
}

#[test]
fn a_plan_and_its_events_that_are_sent_twice_count_once() {
    on_both_stores(|city| {
        city.clock.set(date(2021, 7, 2).at(9, 0, 0, 0));
        let publish = |text: &str| form(city, "f1").publish_plan(&agency(), city.clock.get(), text);
        let published = publish(WAITING).unwrap();
        city.clock.set(date(2021, 7, 17).at(9, 0, 0, 0));
        assert_eq!(publish(WAITING).unwrap(), published);
        let other = publish(&format!("{WAITING}\n# another")).unwrap_err().to_string();
        assert!(other.contains("提交过") && other.contains("刷新页面"), "{other}");
        assert_eq!(city.look(|tx| tx.published_plans()), [published]);

        let opened = |minute| date(2021, 7, 16).at(0, minute, 0, 0);
        let enter =
            |minute| form(city, "f2").enter_event(&agency(), city.clock.get(), "waits", "accepted", opened(minute));
        let entered = enter(0).unwrap();
        let correct = |reason: &str| {
            form(city, "f3").correct_event(&agency(), city.clock.get(), "waits", "accepted", opened(30), reason)
        };
        let corrected = correct("录错").unwrap();
        city.clock.set(date(2021, 7, 17).at(9, 5, 0, 0));
        assert_eq!(enter(0).unwrap(), entered);
        assert!(enter(1).unwrap_err().to_string().contains("提交过"));
        assert_eq!(correct("录错").unwrap(), corrected);
        assert!(correct("又录错").unwrap_err().to_string().contains("提交过"));
        assert_eq!(city.look(|tx| tx.entered_events()).len(), 2);
        city.verify();
    });
}

#[test]
fn a_declared_stop_that_is_sent_twice_counts_once_whatever_minute_its_text_tells() {
    let city = City::new();
    city.clock.set(date(2021, 7, 2).at(9, 0, 0, 0));
    let said = |title: &str| BTreeMap::from([("title".to_owned(), title.to_owned())]);
    let declare =
        |title: &str, text: &str| form(&city, "f1").declare_stop(&agency(), city.clock.get(), &said(title), text);
    let declared = declare("停机", WAITING).unwrap();
    assert_eq!(declare("停机", &format!("{WAITING}\n# a minute later")).unwrap(), declared);
    assert!(declare("另一次停机", WAITING).unwrap_err().to_string().contains("提交过"));
    assert_eq!(city.look(|tx| tx.published_plans()).len(), 1);
}

#[test]
fn a_run_that_is_started_twice_by_one_form_runs_once_and_is_answered_the_same() {
    on_both_stores(|city| {
        visit(city, "TJ520500-2021-000901", LI, 12, "60.00");
        city.clock.set(reopened());
        let start =
            |form: &str, code: &str| city.backfill().submitted(form).start(&clerk(), city.clock.get(), "town", code);
        let begun = start("f1", "").unwrap();
        city.tend();
        assert!(city.look(|tx| tx.backfill_runs(None, 10))[0].finished_at.is_some());
        assert_eq!(start("f1", "").unwrap(), begun);
        assert!(matches!(start("f1", HOSPITAL), Err(Stop::Refused(refusal)) if refusal.code == Code::MessageDiffers));
        assert_eq!(city.look(|tx| tx.backfill_runs(None, 10)).len(), 1);
        assert_ne!(start("f2", "").unwrap().number, begun.number, "another form starts another run");
        city.verify();
    });
}

#[test]
fn an_entry_that_is_backfilled_twice_by_one_form_is_tried_once_whether_it_is_settled_or_refused() {
    on_both_stores(|city| {
        let (good, wrong) = ("TJ520500-2021-000901", "TJ520500-2021-000902");
        visit(city, good, LI, 12, "60.00");
        visit(city, wrong, LI, 13, "60.00");
        city.write(|tx| {
            let unknown = line("1", date(2021, 7, 13).at(9, 30, 0, 0), "60.00");
            tx.put_entry_lines(wrong, &[EntryLine { med_list_codg: "XNOWHERE".to_owned(), ..unknown }])
        });
        city.clock.set(reopened());
        let backfill =
            |form: &str, number: &str| city.backfill().submitted(form).entry(&clerk(), city.clock.get(), number);
        let settled = backfill("f1", good).unwrap();
        assert_eq!(settled.state, State::Settled);
        assert_eq!(backfill("f1", good).unwrap(), settled);
        let refused = |form: &str| match backfill(form, wrong) {
            Err(Stop::Refused(refusal)) => refusal,
            other => panic!("{other:?}"),
        };
        let first = refused("f2");
        let events = || city.look(|tx| tx.history(wrong)).len();
        let tried = events();
        assert_eq!(refused("f2"), first);
        assert_eq!(events(), tried, "the attempt stands once in the history");
        refused("f3");
        assert_eq!(events(), tried + 1, "another form tries again");
        city.verify();
    });
}

#[test]
fn a_correction_of_order_that_is_sent_twice_is_answered_the_same() {
    let town = panzhihua();
    town_stay(&town, 0, 1, july(8, 8), july(22, 10), "120000.00", "1");
    town.clock.set(july(23, 9));
    town.done(&town.pharmacy(), "2102", &town.purchase(0, "18", "2021-07-12 09:00:00", "9600.00"));
    let correct =
        |form: &str| town.backfill().submitted(form).correct_order(&clerk(), town.clock.get(), &psn_no(0)).unwrap();
    let corrected = correct("f1");
    assert!(!corrected.is_empty());
    assert_eq!(correct("f1"), corrected);
    assert_eq!(correct("f2"), [], "another form finds nothing left");
    town.verify();
}
