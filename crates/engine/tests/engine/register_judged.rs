//! A statement is judged by who the person is, by the plan that it stands under, and by evidence that the register can keep.

use super::backfill_runs::line;
use super::care::admit;
use super::city::{City, LI, WANG};
use super::register_lists::{VISIT, WAITING, entries, registers, waiting_city};
use super::registers::{act, add, agency, city, hospital, why};
use jiff::civil::date;
use yibao_domain::outage::RegisterKind;
use yibao_domain::register::{Action, State};
use yibao_engine::desks::registers::Actor;

#[test]
fn a_document_that_is_not_the_persons_is_refused_when_stated_and_when_corrected() {
    let city = waiting_city();
    let with = |certno: &'static str| VISIT.iter().copied().chain([("certno", certno)]).collect::<Vec<_>>();
    let refused = why(add(&city, &hospital(), RegisterKind::CashVisit, &with("123")));
    assert!(refused.contains("证件号码"), "{refused}");
    let number = add(&city, &hospital(), RegisterKind::CashVisit, VISIT).unwrap().entry.number;
    assert!(why(act(&city, &hospital(), &number, Action::Correct, &[("certno", "123")])).contains("证件号码"));
    let own = city.look(|tx| tx.person(WANG)).unwrap().certno;
    act(&city, &hospital(), &number, Action::Correct, &[("certno", &own.to_lowercase())]).unwrap();
    city.verify();
}

#[test]
fn what_stands_under_a_plan_is_corrected_under_it_whatever_stop_was_declared_since() {
    let city = City::before_the_switch_over();
    admit(&city, LI);
    city.clock.set(date(2021, 7, 9).at(18, 0, 0, 0));
    registers(&city).refresh_worklists("bijie-2021", city.clock.get()).unwrap();
    let number = entries(&city, RegisterKind::StayConversion).remove(0).0.number;
    city.clock.set(date(2021, 7, 16).at(9, 0, 0, 0));
    let later = WAITING.replace("2021-07-05 00:00", "2021-07-16 08:00").replace(
        "issued = \"2021-07-01\"",
        "issued = \"2021-07-16\"\nunplanned = true\ndeclared = \"2021-07-16 09:00\"",
    );
    registers(&city).publish_plan(&agency(), city.clock.get(), &later).unwrap_or_else(|error| panic!("{error}"));
    let kept = act(&city, &hospital(), &number, Action::Correct, &[("lines_complete", "是")]).unwrap();
    assert_eq!((kept.entry.plan.as_str(), kept.is_new), ("bijie-2021", true));
    city.verify();
}

#[test]
fn p06_who_shows_identity_card_and_household_book_with_the_receipt_is_taken_in() {
    let evidence = "social_security_card | id_card + household_book + payment_receipt";
    let city = City::new();
    city.clock.set(date(2021, 7, 2).at(9, 0, 0, 0));
    let plan = WAITING.replace("\"telephone\", \"invoice\"", &format!("\"telephone\", \"{evidence}\""));
    registers(&city).publish_plan(&agency(), city.clock.get(), &plan).unwrap_or_else(|error| panic!("{error}"));
    city.clock.set(date(2021, 7, 7).at(9, 0, 0, 0));
    let with = |more: &[(&'static str, &'static str)]| VISIT.iter().chain(more).copied().collect::<Vec<_>>();
    let card = [("card_seen", "身份证"), ("payment_receipt", "JF-1")];
    let lacks = why(add(&city, &hospital(), RegisterKind::CashVisit, &with(&card)));
    assert!(lacks.contains("户口簿"), "{lacks}");
    let all = [card[0], card[1], ("household_book_seen", "是")];
    assert_eq!(add(&city, &hospital(), RegisterKind::CashVisit, &with(&all)).unwrap().entry.state, State::Waiting);
    city.verify();
}

#[test]
fn b13_the_lines_of_a_visit_outside_any_promise_may_be_kept_and_replaced() {
    let city = city();
    let entry = add(&city, &hospital(), RegisterKind::CashVisit, super::registers::VISIT).unwrap().entry;
    assert_eq!(entry.state, State::Outside);
    let lines = vec![line("1", entry.care_from, "128.50")];
    let put = |lines| registers(&city).put_lines(&hospital(), city.clock.get(), &entry.number, lines);
    assert!(put(lines.clone()).unwrap().is_new);
    assert!(!put(lines).unwrap().is_new);
    city.verify();
}

#[test]
fn b13_what_was_written_down_wrongly_is_taken_back_and_comes_back_without_a_promise() {
    let city = city();
    let number = add(&city, &hospital(), RegisterKind::CashVisit, super::registers::VISIT).unwrap().entry.number;
    let step = |by: &Actor, action, reason| act(&city, by, &number, action, &[("reason", reason)]).unwrap().entry.state;
    assert_eq!(step(&hospital(), Action::Withdraw, "误登"), State::Withdrawn);
    let again = add(&city, &hospital(), RegisterKind::CashVisit, super::registers::VISIT).unwrap().entry;
    assert_eq!(again.state, State::Outside);
    act(&city, &hospital(), &again.number, Action::Withdraw, &[("reason", "误登")]).unwrap();
    assert_eq!(step(&agency(), Action::Reopen, "核实无误"), State::Outside);
    city.verify();
}
