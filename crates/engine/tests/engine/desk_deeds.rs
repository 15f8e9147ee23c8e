//! A deed at a desk is journalled as a message is: done twice, it counts once and answers the same.

use super::backfill::TOWN;
use super::backfill_runs::on_both_stores;
use super::city::City;
use super::registers::{STAY, fields, hospital, in_the_outage, why};
use yibao_domain::code::Pool;
use yibao_domain::outage::RegisterKind;
use yibao_domain::register::{Action, State};
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
