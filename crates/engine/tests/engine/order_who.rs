//! Who puts the order of accumulators right (`decisions` 7, 8): the platform what it entered itself and nobody was paid, a named
//! person the rest; one person's trouble is nobody else's.

use super::backfill::{TOWN, correct, entry, record, stay, step, visit_at};
use super::backfill_runs::{number, visit};
use super::care::{cancellation, settle_visit, text};
use super::city::{City, HOSPITAL, LI, OTHER_HOSPITAL, WANG, clerk};
use jiff::civil::{Date, date};
use yibao_domain::code::Pool;
use yibao_domain::money::Money;
use yibao_domain::outage::{Business, RegisterKind};
use yibao_domain::register::{Action, Entry};
use yibao_engine::desks::backfill::Ordered;
use yibao_store::person::{Insurance, Person};
use yibao_store::register::EntryFilter;

use super::order::{corrections, found, july, settlement};

/// Takes in two stays of the outage.
pub fn two_stays(city: &City, psn_no: &str, insutype: &str, numbers: [&str; 2]) {
    for (number, days) in numbers.into_iter().zip([(11, 12), (13, 14)]) {
        let care = july(days.0, 8);
        let mut taken = entry(number, RegisterKind::Admission, psn_no, care);
        taken.care_until = Some(july(days.1, 10));
        taken.business = Business::named("settlement.inpatient");
        for (field, value) in [
            ("insutype", insutype),
            ("med_type", "21"),
            ("ipt_otp_no", "ZY"),
            ("diag_code", "J18.900"),
            ("diag_name", "肺炎"),
        ] {
            taken.details.insert(field.to_owned(), value.to_owned());
        }
        city.write(|tx| {
            record(tx, &taken)?;
            tx.put_entry_lines(&taken.number, &[super::backfill_runs::line("1", care, "3000.00")])
        });
    }
    city.clock.set(july(20, 9));
}

/// Two stays of the outage; the later one is entered first.
pub fn two_stays_the_later_entered_first(city: &City) {
    two_stays(city, LI, "390", [&number(1), &number(2)]);
    city.backfill().entry(&clerk(), city.clock.get(), &number(2)).unwrap();
}

pub fn deductible(city: &City, number: &str) -> Money {
    settlement(city, &found(city, number).setl_id).act_pay_dedc
}

#[test]
fn the_platform_makes_again_what_it_entered_itself() {
    let city = City::with_plan(TOWN);
    two_stays_the_later_entered_first(&city);
    assert_eq!(deductible(&city, &number(2)), Money::yuan(300));
    city.backfill().entry(&clerk(), city.clock.get(), &number(1)).unwrap();
    assert_eq!((deductible(&city, &number(1)), deductible(&city, &number(2))), (Money::yuan(300), Money::yuan(150)));
    assert_eq!(city.backfill().corrections(&clerk(), city.clock.get(), None).unwrap().persons, 0);
    let history = city.look(|tx| tx.history(&number(2)));
    assert_eq!(history.last().unwrap().by, "平台", "{history:?}");
    city.verify();
}

#[test]
fn decision_8_what_was_cancelled_after_an_outage_settlement_was_built_on_it_counts_in_its_order_as_it_stood_then() {
    let city = City::with_plan(TOWN);
    city.clock.set(july(8, 11));
    let live = stay(&city, OTHER_HOSPITAL, LI, "2021-07-05 08:00:00", "2021-07-08 10:00:00", "3000.00");
    two_stays(&city, LI, "390", [&number(1), &number(2)]);
    // The later one is entered and is the year's second stay, upon the live one; so is a live third.
    city.clock.set(july(16, 9));
    city.backfill().entry(&clerk(), city.clock.get(), &number(2)).unwrap();
    city.clock.set(july(19, 11));
    let third = stay(&city, HOSPITAL, LI, "2021-07-17 08:00:00", "2021-07-19 10:00:00", "3000.00");
    assert_eq!(
        (deductible(&city, &number(2)), settlement(&city, &third.setl_id).act_pay_dedc),
        (Money::yuan(150), Money::ZERO)
    );
    city.clock.set(july(21, 9));
    city.done(OTHER_HOSPITAL, "2305", &cancellation(LI, &text(&live.info["mdtrt_id"]), &live.setl_id));
    assert_eq!(deductible(&city, &number(2)), Money::yuan(150), "the cancellation alone changes nothing");
    // Nobody prices anew what stood upon it, whether the platform is asked or a person.
    mark_again(&city, &number(2));
    assert_eq!(corrections(&city), []);
    assert_eq!(city.backfill().put_in_order(city.clock.get()).unwrap(), Ordered::default());
    assert_eq!(deductible(&city, &number(2)), Money::yuan(150));
    // An earlier event finds it as it stood on the twelfth, and moves the later one to the third place.
    city.clock.set(july(22, 9));
    city.backfill().entry(&clerk(), city.clock.get(), &number(1)).unwrap();
    assert_eq!((deductible(&city, &number(1)), deductible(&city, &number(2))), (Money::yuan(150), Money::ZERO));
    assert_eq!(city.backfill().correct_order(&clerk(), city.clock.get(), LI).unwrap(), []);
    assert_eq!(settlement(&city, &third.setl_id).act_pay_dedc, Money::ZERO);
    // Ordinary business of today does not find it.
    city.clock.set(july(25, 11));
    let today = stay(&city, HOSPITAL, LI, "2021-07-23 08:00:00", "2021-07-25 10:00:00", "3000.00");
    assert_eq!(settlement(&city, &today.setl_id).stay_number, 4, "upon the two of the outage and the third");
    city.verify();
}

#[test]
fn what_was_paid_out_waits_for_a_named_person_and_keeps_the_sum_open() {
    let city = City::with_plan(TOWN);
    two_stays_the_later_entered_first(&city);
    city.write(|tx| {
        step(tx, &number(2), Action::HandBack, &[("handed_back_at", "2021-07-20 09:30:00")], |paid| {
            paid.details.insert("handed_back_at".to_owned(), "2021-07-20 09:30:00".to_owned());
        })
    });
    city.backfill().entry(&clerk(), city.clock.get(), &number(1)).unwrap();
    city.backfill().put_in_order(city.clock.get()).unwrap();
    assert_eq!(deductible(&city, &number(2)), Money::yuan(300), "as it was paid out");
    let closes = || {
        let registers = city.platform.registers(&Pool::new("520500")).unwrap();
        let sum = registers.board(&clerk(), city.clock.get(), "town").unwrap().total.sum;
        (sum.adds_up(), sum.awaiting_order, sum.closes())
    };
    assert_eq!(closes(), (true, 1, false));
    let listed = corrections(&city);
    assert_eq!(city.backfill().correct_order(&clerk(), city.clock.get(), LI).unwrap(), listed);
    assert_eq!((deductible(&city, &number(2)), closes()), (Money::yuan(150), (true, 0, true)));
    city.verify();
}

#[test]
fn one_person_whose_settlements_cannot_be_made_again_stands_beside_the_others() {
    let city = City::with_plan(TOWN);
    visit(&city, &number(1), LI, 11, "100.00");
    visit(&city, &number(2), WANG, 11, "900.00");
    city.clock.set(july(20, 9));
    // Both have had later care: a visit of the same day's cap, and one that took what was on the account.
    for (psn_no, insutype, price) in [(LI, "390", "100.00"), (WANG, "310", "900.00")] {
        let mdtrt_id = visit_at(&city, psn_no, insutype, "2021-07-20 08:00:00", price);
        settle_visit(&city, psn_no, &mdtrt_id, "B1", price);
    }
    city.write(|tx| {
        correct(tx, &number(2), |taken| drop(taken.details.insert("acct_used_flag".to_owned(), "是".to_owned())))
    });
    city.backfill_all("town");
    // The book is told only now that one of them was never insured.
    insured(&city, LI, "390", Some(date(2016, 1, 1)));
    mark_again(&city, &number(1));
    let awaiting = city.backfill().corrections(&clerk(), city.clock.get(), None).unwrap();
    assert!(awaiting.refused.iter().any(|(psn_no, reason)| psn_no == LI && reason.contains("结算ID")), "{awaiting:?}");
    assert!(awaiting.corrections.iter().any(|one| one.psn_no == WANG), "{awaiting:?}");
    assert_eq!((awaiting.persons, awaiting.shown), (2, 2));
}

/// Tells the book that somebody is insured from 2015 on.
fn insured(city: &City, psn_no: &str, insutype: &str, enddate: Option<Date>) {
    city.write(|tx| {
        tx.put_insurance(&Insurance {
            psn_no: psn_no.into(),
            insutype: insutype.into(),
            psn_type: if insutype == "390" { "1501" } else { "1101" }.into(),
            insuplc_admdvs: "520502".into(),
            begndate: date(2015, 1, 1),
            enddate,
            paused_from: None,
            emp_name: String::new(),
            continuous_years: 4,
            cvlserv_flag: false,
        })
        .map(drop)
    });
}

#[test]
fn who_waits_behind_fifty_who_cannot_be_made_again_is_reached_and_nobody_is_counted_twice() {
    let city = City::with_plan(TOWN);
    let psn_no = |person: u32| format!("5205000000000000{person:04}");
    for person in 1_001..=1_052 {
        city.write(|tx| {
            let li = tx.person(LI)?.expect("a person of the city");
            let (certno, card_no) = (format!("PASSPORT{person}"), format!("A{person}"));
            tx.put_person(&Person { psn_no: psn_no(person), certno, card_no, ..li }).map(drop)
        });
        insured(&city, &psn_no(person), if person == 1_052 { "390" } else { "310" }, None);
    }
    for person in 1_001..=1_051 {
        visit(&city, &number(person), &psn_no(person), 11, "100.00");
    }
    // The last one has a stay that was paid out before the earlier one came.
    two_stays(&city, &psn_no(1_052), "390", [&number(1), &number(2)]);
    city.backfill().entry(&clerk(), city.clock.get(), &number(2)).unwrap();
    city.write(|tx| {
        step(tx, &number(2), Action::HandBack, &[("handed_back_at", "2021-07-20 09:30:00")], |paid| {
            paid.details.insert("handed_back_at".to_owned(), "2021-07-20 09:30:00".to_owned());
        })
    });
    city.backfill_all("town");
    for person in 1_001..=1_051 {
        insured(&city, &psn_no(person), "310", Some(date(2016, 1, 1)));
        mark_again(&city, &number(person));
    }
    // One of them is marked under another plan as well.
    city.write(|tx| {
        let first = tx.entry(&number(1_001))?.expect("it was recorded");
        tx.add_entry(&Entry { number: number(3), plan: "other".to_owned(), ..first })
    });
    let page = |after: Option<&str>| city.backfill().corrections(&clerk(), city.clock.get(), after).unwrap();
    let first = page(None);
    let refused: Vec<&str> = first.refused.iter().map(|(psn_no, _)| psn_no.as_str()).collect();
    assert_eq!(refused, (1_001..=1_050).map(psn_no).collect::<Vec<_>>());
    assert_eq!((first.corrections.len(), first.shown, first.persons), (0, 50, 52));
    let second = page(first.next.as_deref());
    assert_eq!(second.refused.iter().map(|(psn_no, _)| psn_no.clone()).collect::<Vec<_>>(), [psn_no(1_051)]);
    assert_eq!(second.corrections.iter().map(|one| one.psn_no.clone()).collect::<Vec<_>>(), [psn_no(1_052)]);
    assert_eq!((second.shown, second.persons, second.next), (2, 52, None));
    assert_eq!(city.backfill().correct_order(&clerk(), city.clock.get(), &psn_no(1_052)).unwrap(), second.corrections);
    assert_eq!((page(first.next.as_deref()).shown, page(None).persons), (1, 51));
}

/// Marks an entry as if later care had gone by other premises.
pub fn mark_again(city: &City, number: &str) {
    city.write(|tx| {
        correct(tx, number, |marked| drop(marked.details.insert("later_settlements".to_owned(), "S".to_owned())))
    });
}

#[test]
fn who_has_nothing_to_put_right_is_unmarked_without_anybody() {
    let city = City::with_plan(TOWN);
    visit(&city, &number(1), LI, 12, "60.00");
    city.clock.set(july(20, 9));
    city.backfill_all("town");
    mark_again(&city, &number(1));
    assert_eq!(city.backfill().put_in_order(city.clock.get()).unwrap(), Ordered::default());
    let filter = EntryFilter { with_field: Some("later_settlements"), ..EntryFilter::default() };
    assert_eq!(city.look(|tx| tx.entries(&filter, 10)), []);
}
