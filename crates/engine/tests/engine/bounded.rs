//! One call's share of the writer does not grow with what lies beside it in the book: statements and rows are counted with so
//! much there, and with ten times as much.

use super::backfill::{TOWN, reopened};
use super::backfill_runs::{number, unknown_drug, visit};
use super::care::{Line, admit, fees, one};
use super::city::{City, DRUG, HOSPITAL, LI, WANG, clerk};
use super::counted::{Counted, Spent};
use jiff::civil::date;
use serde_json::json;
use std::sync::Arc;
use yibao_domain::outage::RegisterKind;
use yibao_domain::register::{Action, Event, State};
use yibao_store::encounter::FeeLine;
use yibao_store::{SqliteStore, Traffic};

/// A city on the embedded store, in which everything was done before.
struct Town {
    city: City,
    store: Arc<Counted>,
    _folder: tempfile::TempDir,
}

impl Town {
    fn new() -> Town {
        let folder = tempfile::tempdir().unwrap();
        let store = Counted::before(Arc::new(SqliteStore::open(folder.path(), &[]).unwrap()));
        let city = City::on(store.clone(), vec![yibao_policy::plan::read(TOWN).unwrap()]);
        Town { city, store, _folder: folder }
    }

    fn spent_by(&self, act: impl FnOnce(&City)) -> Spent {
        self.store.spent();
        act(&self.city);
        self.store.spent()
    }
}

/// With 20 and with 200 of something beside it, the same is spent.
#[track_caller]
fn check_same<T: PartialEq + std::fmt::Debug>(spent: impl Fn(u32) -> T) {
    let (few, many) = (spent(20), spent(200));
    assert_eq!(few, many);
}

/// A stay with so many lines of one item.
fn stay_with_lines(city: &City, lines: u32) -> String {
    let mdtrt_id = admit(city, WANG);
    city.done(HOSPITAL, "2301", &fees(WANG, &mdtrt_id, "", &[one("1", "10.00")]));
    city.write(|tx| {
        let first = tx.fee_lines(&mdtrt_id)?.remove(0);
        let others = (2..=lines).map(|serial| FeeLine { feedetl_sn: serial.to_string(), ..first.clone() });
        tx.add_fee_lines(&Vec::from_iter(others))
    });
    mdtrt_id
}

const RETURN: Line = Line { serial: "R", item: DRUG, quantity: "-1", price: "10.00", amount: "-10.00", returns: "2" };

#[test]
fn a_return_reads_what_it_takes_back_and_not_the_bill() {
    check_same(|lines| {
        let town = Town::new();
        let mdtrt_id = stay_with_lines(&town.city, lines);
        town.spent_by(|city| drop(city.done(HOSPITAL, "2301", &fees(WANG, &mdtrt_id, "", &[RETURN]))))
    });
}

#[test]
fn a_withdrawal_of_a_line_reads_what_it_was_and_not_the_bill() {
    let withdrawn = |town: &Town, mdtrt_id: &str, serial: &str| {
        town.spent_by(|city| {
            let input = json!({"data": {"feedetl_sn": serial, "mdtrt_id": mdtrt_id, "psn_no": WANG}});
            city.done(HOSPITAL, "2302", &input);
        })
    };
    check_same(|lines| {
        let town = Town::new();
        let mdtrt_id = stay_with_lines(&town.city, lines);
        withdrawn(&town, &mdtrt_id, "3")
    });
    // What has just been returned is not withdrawn from under it, however far down the bill it stands.
    let town = Town::new();
    let mdtrt_id = stay_with_lines(&town.city, 200);
    town.city.done(HOSPITAL, "2301", &fees(WANG, &mdtrt_id, "", &[RETURN]));
    let input = json!({"data": {"feedetl_sn": "2", "mdtrt_id": mdtrt_id, "psn_no": WANG}});
    town.city.refused(HOSPITAL, "2302", &input, "退费");
}

#[test]
fn who_asks_for_a_run_waits_for_readers_and_the_writer_counts_by_one_statement() {
    let asked = |entries: u32, now| {
        let town = Town::new();
        for serial in 1..=entries {
            visit(&town.city, &number(serial), LI, 12, "10.00");
        }
        town.city.clock.set(now);
        let begun = std::cell::RefCell::new(None);
        let spent = town.spent_by(|city| *begun.borrow_mut() = Some(city.backfill().start(&clerk(), now, "town", "")));
        (spent.writing, begun.into_inner().unwrap().map_err(|stop| format!("{stop:?}")))
    };
    // All is closed, so that each entry is looked at.
    let (closed, refused) = asked(300, date(2021, 7, 12).at(18, 0, 0, 0));
    assert_eq!(closed, Traffic::default());
    assert!(refused.unwrap_err().contains("现在还不能补录"));
    check_same(|entries| {
        let (spent, begun) = asked(entries, reopened());
        assert_eq!(begun.unwrap().found, i64::from(entries));
        spent
    });
}

#[test]
fn a_step_reads_the_last_number_of_a_history_and_not_the_history() {
    check_same(|events| {
        let town = Town::new();
        visit(&town.city, &number(1), LI, 12, "10.00");
        unknown_drug(&town.city, &number(1));
        town.city.write(|tx| {
            (2..=i64::from(events)).try_for_each(|seq| {
                let event = Event {
                    seq,
                    at: reopened(),
                    by: "窗口".to_owned(),
                    actor: String::new(),
                    action: Action::Correct,
                    state: State::Waiting,
                    fields: Default::default(),
                };
                tx.add_event(&number(1), &event)
            })
        });
        town.city.clock.set(reopened());
        town.spent_by(|city| {
            city.backfill().entry(&clerk(), city.clock.get(), &number(1)).unwrap_err();
        })
    });
}

#[test]
fn ten_times_the_later_care_is_put_in_order_by_ten_times_the_reading() {
    let spent = |visits: i8| {
        let town = Town::new();
        visit(&town.city, &number(1), LI, 12, "900.00");
        for minute in 0..visits {
            town.city.clock.set(date(2021, 7, 16).at(9, minute, 0, 0));
            let mdtrt_id = super::backfill::visit_at(&town.city, LI, "390", "2021-07-16 08:00:00", "30.00");
            super::care::settle_visit(&town.city, LI, &mdtrt_id, "B1", "30.00");
        }
        town.city.clock.set(date(2021, 7, 20).at(9, 0, 0, 0));
        let (now, backfill) = (town.city.clock.get(), town.city.backfill());
        backfill.entry(&clerk(), now, &number(1)).unwrap();
        super::order_who::mark_again(&town.city, &number(1));
        let spent = town.spent_by(|_| assert_eq!(backfill.corrections(&clerk(), now, None).unwrap().persons, 1));
        spent.reading
    };
    let (few, many) = (spent(5), spent(50));
    assert!(many.statements <= 10 * few.statements && many.rows <= 12 * few.rows, "{few:?} and {many:?}");
}

#[test]
fn reading_the_page_of_the_backfill_asks_nothing_of_the_writer() {
    let town = Town::new();
    super::order_who::two_stays(&town.city, LI, "390", [&number(1), &number(2)]);
    let (now, backfill) = (town.city.clock.get(), town.city.backfill());
    for serial in [2, 1] {
        backfill.entry(&clerk(), now, &number(serial)).unwrap();
    }
    visit(&town.city, &number(3), LI, 12, "10.00");
    town.city.write(|tx| tx.put_entry_lines(&number(3), &[]));
    super::order_who::mark_again(&town.city, &number(1));
    let spent = town.spent_by(|_| {
        assert_eq!(backfill.corrections(&clerk(), now, None).unwrap().persons, 1);
        assert_eq!(backfill.waiting(&clerk(), now, "town", None).unwrap().reasons.len(), 1);
        assert_eq!(backfill.progress(&clerk()).unwrap().len(), 0);
    });
    assert!(spent.reading.statements > 10, "{spent:?}");
    assert_eq!(spent.writing, Traffic::default());
}

#[test]
fn what_waits_is_told_page_by_page_with_how_many_there_are_in_all() {
    let town = Town::new();
    town.city.clock.set(reopened());
    // One can be tried; of the others nobody knows the lines yet.
    visit(&town.city, &number(0), LI, 10, "10.00");
    town.city.write(|tx| {
        (1..=1_001).try_for_each(|serial| {
            let care = date(2021, 7, 12).at(9, 0, 0, 0);
            tx.add_entry(&super::backfill::entry(&number(serial), RegisterKind::CashVisit, WANG, care))
        })
    });
    let waiting = |after: Option<&str>| town.city.backfill().waiting(&clerk(), reopened(), "town", after).unwrap();
    let first = waiting(None);
    let [(reason, entries)] = first.reasons.as_slice() else { panic!("{first:?}") };
    assert_eq!((reason.as_str(), entries.len(), first.looked_at, first.open), ("缺费用明细", 999, 1_000, 1_002));
    let rest = waiting(first.next.as_deref());
    assert_eq!(rest.reasons, [("缺费用明细".to_owned(), vec![number(1_000), number(1_001)])]);
    assert_eq!((rest.looked_at, rest.open, rest.next), (2, 1_002, None));
}
