//! Receipts (发票) by issuer and number, and care that only looks the same: listed, never refused, decided by people.

use super::backfill::TOWN;
use super::backfill_runs::{line, number, visit};
use super::care::settle_visit;
use super::city::{City, LI, OTHER_HOSPITAL, WANG};
use super::register_lists::registers;
use super::registers::{act, add, agency, hospital, in_the_outage, other_hospital, why};
use jiff::civil::date;
use yibao_domain::outage::RegisterKind;
use yibao_domain::register::{Action, Entry, Mark, State};
use yibao_engine::desks::registers::{Actor, Kept, ListFilter, NotDone};

fn town() -> City {
    let city = City::with_plan(TOWN);
    city.clock.set(in_the_outage());
    city
}

fn cash(city: &City, by: &Actor, psn_no: &str, more: &[(&str, &str)]) -> Result<Kept, NotDone> {
    let (name, insutype) = if psn_no == LI { ("李某", "390") } else { ("王某", "310") };
    let mut stated = vec![
        ("psn_no", psn_no),
        ("psn_name", name),
        ("insutype", insutype),
        ("med_type", "11"),
        ("begntime", "2021-07-12 09:30"),
        ("medfee_sumamt", "100.00"),
    ];
    for (field, value) in more {
        stated.retain(|(known, _)| known != field);
        stated.push((field, value));
    }
    add(city, by, RegisterKind::CashVisit, &stated)
}

#[test]
fn another_providers_receipt_of_the_same_number_is_taken() {
    let city = town();
    let taken = cash(&city, &hospital(), LI, &[("invono", "12345678")]).unwrap();
    let other = cash(&city, &other_hospital(), WANG, &[("invono", "12345678")]).unwrap();
    assert!(taken.is_new && other.is_new);
    assert_eq!((other.entry.fixmedins_code.as_str(), other.entry.marked(Mark::Double)), (OTHER_HOSPITAL, ""));
    // At one provider it is one paper, whoever shows it.
    assert!(why(cash(&city, &hospital(), WANG, &[("invono", "12345678")])).contains(&taken.entry.number));
    city.verify();
}

#[test]
fn the_same_receipt_is_the_same_however_its_number_is_written() {
    let city = town();
    let taken = cash(&city, &hospital(), LI, &[("invono", "00123456")]).unwrap().entry.number;
    for written in ["123456", " 0012 3456", "１２３４５６", "0012-3456"] {
        let another_day = [("invono", written), ("begntime", "2021-07-11 10:00"), ("medfee_sumamt", "77.00")];
        assert!(why(cash(&city, &hospital(), LI, &another_day)).contains(&taken), "{written}");
    }
    city.verify();
}

#[test]
fn a_bill_code_is_an_issuer_and_tells_two_papers_of_one_number_apart() {
    let city = town();
    let coded = |code, sum| {
        cash(&city, &hospital(), LI, &[("invono", "12345678"), ("bill_code", code), ("medfee_sumamt", sum)])
    };
    let first = coded("51010120", "100.00").unwrap().entry.number;
    assert!(coded("51010121", "55.00").unwrap().is_new);
    assert!(why(coded("51010120", "70.00")).contains(&first));
    // Without a code it may be either: the number is the provider's own.
    assert!(why(coded("", "70.00")).contains(&first));
    city.verify();
}

#[test]
fn what_looks_like_the_same_care_is_listed_and_waits_for_a_person_to_decide() {
    let city = town();
    let first = cash(&city, &hospital(), LI, &[]).unwrap().entry.number;
    let kept = cash(&city, &hospital(), LI, &[("begntime", "2021-07-12 11:00")]).unwrap();
    assert!(kept.is_new && kept.remarks.iter().any(|remark| remark.contains(&first)), "{:?}", kept.remarks);
    let second = kept.entry.number;
    let doubles = || {
        let filter = ListFilter { doubles: true, ..ListFilter::default() };
        let listing = registers(&city).list(&agency(), city.clock.get(), filter).unwrap();
        listing.rows.into_iter().map(|row| row.entry.number).collect::<Vec<_>>()
    };
    assert_eq!(doubles(), std::slice::from_ref(&second));
    // Not paid before somebody has said that it is another visit.
    city.clock.set(date(2021, 7, 16).at(9, 0, 0, 0));
    let waits = city.backfill().entry(&hospital(), city.clock.get(), &second).unwrap_err();
    assert!(format!("{waits:?}").contains(&format!("疑似与 {first}")), "{waits:?}");
    let decided = act(&city, &hospital(), &second, Action::Correct, &[("other_care", "是")]).unwrap();
    assert_eq!(decided.entry.marked(Mark::Double), "");
    assert_eq!(doubles(), Vec::<String>::new());
    let waits = city.backfill().entry(&hospital(), city.clock.get(), &second).unwrap_err();
    assert!(format!("{waits:?}").contains("缺费用明细"), "{waits:?}");
    city.verify();
}

#[test]
fn the_same_sum_under_another_receipt_is_listed_and_not_held() {
    let city = town();
    let first = cash(&city, &hospital(), LI, &[("invono", "1001")]).unwrap().entry.number;
    let second = cash(&city, &hospital(), LI, &[("invono", "1002")]).unwrap().entry;
    assert_eq!(second.marked(Mark::Double), first);
    // What is withdrawn is suspected no longer.
    act(&city, &hospital(), &second.number, Action::Withdraw, &[("reason", "重复")]).unwrap();
    let filter = ListFilter { doubles: true, ..ListFilter::default() };
    assert_eq!(registers(&city).list(&agency(), city.clock.get(), filter).unwrap().total, 0);
    city.verify();
}

#[test]
fn a_correction_does_not_lead_to_another_entrys_receipt() {
    let city = town();
    let first = cash(&city, &hospital(), LI, &[("invono", "1001")]).unwrap().entry.number;
    let second = cash(&city, &hospital(), LI, &[("invono", "1002"), ("medfee_sumamt", "55.00")]).unwrap().entry.number;
    for wrong in [vec![("invono", "01001")], vec![("invono", "1001"), ("bill_code", "51010120")]] {
        assert!(why(act(&city, &hospital(), &second, Action::Correct, &wrong)).contains(&first), "{wrong:?}");
    }
    act(&city, &hospital(), &second, Action::Correct, &[("invono", "1003")]).unwrap();
    // The number that was given back is free, and the new one is taken.
    let third = cash(&city, &hospital(), LI, &[("invono", "1002"), ("medfee_sumamt", "60.00")]).unwrap();
    assert!(third.is_new);
    let again = [("invono", "1003"), ("medfee_sumamt", "61.00")];
    assert!(why(cash(&city, &hospital(), LI, &again)).contains(&second));
    city.verify();
}

#[test]
fn a_live_settlement_finds_its_entry_by_the_receipt_however_it_is_written() {
    let city = town();
    let other = cash(&city, &hospital(), LI, &[("invono", "1000")]).unwrap().entry.number;
    let own = [("invono", "00123456"), ("begntime", "2021-07-12 15:00"), ("medfee_sumamt", "70.00")];
    let own = cash(&city, &hospital(), LI, &own).unwrap().entry.number;
    city.clock.set(date(2021, 7, 16).at(9, 0, 0, 0));
    // At another minute and for another sum: the receipt alone says which.
    let mdtrt_id = super::backfill::visit_at(&city, LI, "390", "2021-07-12 10:00:00", "66.00");
    let mut settlement = super::care::visit_settlement(LI, &mdtrt_id, "B1", "66.00");
    settlement["data"]["invono"] = serde_json::json!("123456");
    city.done(super::city::HOSPITAL, "2207", &settlement);
    let state = |number: &str| city.look(|tx| tx.entry(number)).unwrap().state;
    assert_eq!((state(&own), state(&other)), (State::Settled, State::Waiting));
    let mdtrt_id = super::backfill::visit_at(&city, LI, "390", "2021-07-12 09:30:00", "100.00");
    settle_visit(&city, LI, &mdtrt_id, "B1", "100.00");
    assert_eq!(state(&other), State::Settled);
    city.verify();
}

#[test]
fn care_that_was_typed_under_the_number_and_under_the_document_of_one_person_is_settled_once() {
    let city = City::with_plan(TOWN);
    let unknown = |serial: u32, hour: i8| {
        visit(&city, &number(serial), "", 12, "100.00");
        city.write(|tx| {
            let taken = tx.entry(&number(serial))?.expect("it was recorded");
            let mut details = taken.details.clone();
            details.insert("insutype".into(), "390".into());
            details.insert("begntime".into(), format!("2021-07-12 {hour:02}:30:00"));
            let care_from = date(2021, 7, 12).at(hour, 30, 0, 0);
            tx.put_entry_lines(&taken.number, &[line("1", care_from, "100.00")])?;
            tx.update_entry(&Entry { certno: "520502600101001".into(), care_from, details, version: 2, ..taken })
        });
    };
    visit(&city, &number(1), LI, 12, "100.00");
    // Nobody was found with the document at the registration: the same minute, and two hours later.
    unknown(2, 9);
    unknown(3, 11);
    city.clock.set(date(2021, 7, 16).at(9, 0, 0, 0));
    let run = city.backfill_all("town");
    assert_eq!((run.settled, run.failed), (1, 1));
    let entries = [1, 2, 3].map(|serial| city.look(|tx| tx.entry(&number(serial))).unwrap());
    assert_eq!(entries.each_ref().map(|entry| entry.state), [State::Settled, State::Failed, State::Waiting]);
    assert!(entries[1].reason.contains(&number(1)), "{}", entries[1].reason);
    assert_eq!((entries[2].psn_no.as_str(), entries[2].marked(Mark::Double)), (LI, number(1).as_str()));
    // Other care after all, as somebody says who has asked.
    act(&city, &hospital(), &number(3), Action::Correct, &[("other_care", "是")]).unwrap();
    assert_eq!(city.backfill_all("town").settled, 1);
    city.verify();
}
