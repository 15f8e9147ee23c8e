//! What the platform does by itself does not stop for good: a full queue, a book that cannot be read and a plan that
//! cannot be read put it off, for that one thing, and say so.

use super::backfill::{TOWN, reopened};
use super::backfill_runs::{number, unknown_drug, visit};
use super::care::{admit, discharge, registration};
use super::city::{City, HOSPITAL, LI, OTHER_HOSPITAL, WANG, clerk};
use super::failing::Failing;
use super::register_lists::{WAITING, entries, registers};
use super::registers::agency;
use jiff::ToSpan;
use jiff::civil::{DateTime, date};
use rusqlite::Connection;
use serde_json::json;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use yibao_domain::outage::RegisterKind;
use yibao_domain::register::{Action, Entry, State};
use yibao_engine::{Observer, Places, Round, Unobserved};
use yibao_store::outage::{BackfillRun, PublishedPlan};
use yibao_store::register::EntryFilter;
use yibao_store::{SqliteStore, Store};

pub const BIJIE: &str = "520500";
const PANZHIHUA: &str = "510400";

/// A list that the platform keeps of each provider.
pub const NOTICE: &str = r#"
[[duty]]
id = "notice"
clause = "T-09"
kind = "publicity"
who = "provider"
what = "张贴停机公告"
"#;

/// Rounds that were told: by reconciler, how many failures, and whether the last one was in order.
#[derive(Default)]
pub struct Told(Mutex<BTreeMap<OfPool, (u64, bool)>>);

/// What works, and for which pool.
type OfPool = (&'static str, String);

impl Told {
    pub fn of(&self, reconciler: &'static str) -> (u64, bool) {
        self.0.lock().unwrap()[&(reconciler, BIJIE.to_owned())]
    }
}

impl Observer for Told {
    fn batch_committed(&self, _pool: &str, _calls: usize) {}
    fn queue_depth(&self, _pool: &str, _waiting: usize) {}
    fn round_ended(&self, round: &Round<'_>) {
        let mut told = self.0.lock().unwrap();
        let (failures, in_order) = told.entry((round.reconciler, round.pool.to_owned())).or_default();
        *failures += round.failures;
        *in_order = round.in_order;
    }
    fn unreadable_plans(&self, pool: &str, plans: usize) {
        self.0.lock().unwrap().insert(("unreadable", pool.to_owned()), (plans as u64, plans == 0));
    }
}

/// A city whose store fails when it is told to, after the reopening.
pub struct Town {
    pub city: City,
    pub store: Arc<Failing>,
    pub told: Arc<Told>,
    pub folder: tempfile::TempDir,
}

pub fn town(plan: Option<&str>) -> Town {
    let folder = tempfile::tempdir().unwrap();
    let store = Failing::before(Arc::new(SqliteStore::open(folder.path(), &[]).unwrap()));
    let told = Arc::new(Told::default());
    let plans = plan.map(|text| yibao_policy::plan::read(text).unwrap()).into_iter().collect();
    let city = City::watched(store.clone(), plans, reopened(), Places::default(), told.clone());
    Town { city, store, told, folder }
}

impl Town {
    pub fn seconds_pass(&self, seconds: i64) {
        self.city.clock.set(self.city.clock.get().saturating_add(seconds.seconds()));
        self.city.tend();
    }
}

/// As another process of another version has published it.
fn publish(city: &City, version: i64, text: &str, published_at: DateTime) {
    let (plan, text) = (text.split('"').nth(1).unwrap().to_owned(), text.to_owned());
    let row = PublishedPlan { plan, version, text, published_at, published_by: "科长".to_owned() };
    city.write(|tx| tx.publish_plan(&row));
}

/// A text that a later version of the program understands.
fn of_tomorrow(text: &str) -> String {
    text.replace("ahead_hours = 1", "ahead_hours = 1\nversion = 2\nreplaces = 1\nof_tomorrow = true")
}

#[test]
fn a_plan_published_in_one_book_is_in_force_though_another_book_cannot_be_read() {
    for broken in [PANZHIHUA, BIJIE] {
        let town = town(None);
        let plans = [TOWN.to_owned(), TOWN.replace("id = \"town\"", "id = \"other\"").replace(BIJIE, PANZHIHUA)];
        publish(&town.city, 1, &plans[0], reopened());
        let mut other = town.store.open(&yibao_domain::code::Pool::new(PANZHIHUA)).unwrap();
        let row = PublishedPlan {
            plan: "other".to_owned(),
            version: 1,
            text: plans[1].clone(),
            published_at: reopened(),
            published_by: "科长".to_owned(),
        };
        other.transact(yibao_store::Mode::Write, &mut |tx| tx.publish_plan(&row)).unwrap();
        town.store.when(move |pool, _| pool.as_str() == broken);
        let ids = || town.city.platform.plans().iter().map(|plan| plan.id.clone()).collect::<Vec<_>>();
        town.city.tend();
        assert_eq!(ids(), [if broken == BIJIE { "other" } else { "town" }]);
        town.store.heal();
        town.seconds_pass(1);
        assert_eq!(ids(), ["other", "town"], "the other book is read a second later");
        if broken == BIJIE {
            assert_eq!(town.told.of("plans"), (1, true));
        }
    }
}

#[test]
fn a_provider_is_known_as_long_as_any_book_can_be_read() {
    for broken in [PANZHIHUA, BIJIE] {
        let town = town(None);
        town.store.when(move |pool, _| pool.as_str() == broken);
        let found = town.city.platform.provider(HOSPITAL, reopened()).expect("another book knows");
        assert_eq!(found.map(|provider| provider.fixmedins_code.clone()).as_deref(), Some(HOSPITAL));
    }
}

#[test]
fn a_book_that_stays_away_is_asked_ever_more_seldom_and_never_not_at_all() {
    let town = town(None);
    publish(&town.city, 1, TOWN, reopened());
    town.store.when(|_, _| true);
    for _ in 0..300 {
        town.seconds_pass(1);
    }
    let (failures, in_order) = town.told.of("plans");
    assert!((10..20).contains(&failures) && !in_order, "{failures} tries in five minutes");
    town.store.heal();
    town.seconds_pass(30);
    assert_eq!((town.city.platform.plans().len(), town.told.of("plans").1), (1, true));
}

#[test]
fn what_was_recorded_is_said_to_be_recorded_though_it_cannot_be_read_back() {
    let town = town(None);
    let (city, now) = (&town.city, date(2021, 7, 2).at(9, 0, 0, 0));
    city.clock.set(now);
    town.store.when(|_, mode| mode == yibao_store::Mode::Read);
    registers(city).publish_plan(&agency(), now, WAITING).unwrap_or_else(|not_done| panic!("{not_done}"));
    assert!(city.platform.plans().is_empty());
    town.store.heal();
    town.seconds_pass(1);
    assert_eq!(city.platform.plans()[0].id, "waits");
    let now = date(2021, 7, 12).at(9, 0, 0, 0);
    city.clock.set(now);
    town.store.when(|_, mode| mode == yibao_store::Mode::Read);
    let entered = registers(city).enter_event(&agency(), now, "waits", "accepted", now);
    entered.unwrap_or_else(|not_done| panic!("{not_done}"));
    town.store.heal();
    town.seconds_pass(1);
    assert_eq!(city.platform.plans()[0].window.reopens.moment(), Some(now));
}

#[test]
fn a_version_that_cannot_be_read_keeps_closed_what_the_one_before_it_closes() {
    let town = town(None);
    let (city, july) = (&town.city, |day: i8| date(2021, 7, day).at(9, 0, 0, 0));
    publish(city, 1, TOWN, july(2));
    publish(city, 2, &of_tomorrow(TOWN), july(12));
    city.clock.set(july(14));
    city.tend();
    let registered = registration(LI, "390", "2021-07-14 08:00:00");
    city.refused(HOSPITAL, "2201", &registered, "第2版无法读取");
    // The time told by the first version goes by, and nothing opens.
    city.clock.set(july(20));
    city.refused(HOSPITAL, "2201", &registered, "第2版无法读取");
    assert_eq!(town.told.of("unreadable"), (1, false));
    let board = registers(city).board(&agency(), city.clock.get(), "town").unwrap();
    assert!(board.title.contains("第2版无法读取"), "{}", board.title);
    assert!(board.businesses.iter().filter(|line| line.closed).count() > 0, "{board:?}");
    // A version that can be read replaces it.
    let mended =
        of_tomorrow(TOWN).replace("version = 2\nreplaces = 1\nof_tomorrow = true", "version = 3\nreplaces = 2");
    registers(city).publish_plan(&agency(), city.clock.get(), &mended).unwrap_or_else(|not_done| panic!("{not_done}"));
    city.done(HOSPITAL, "2201", &registered);
    assert_eq!(town.told.of("unreadable"), (0, true));
}

#[test]
fn a_version_that_cannot_be_read_opens_nothing_of_a_plan_given_at_the_start_and_what_had_reopened_stays_open() {
    let town = town(Some(TOWN));
    let (city, registered) = (&town.city, registration(LI, "390", "2021-07-16 08:00:00"));
    publish(city, 2, &of_tomorrow(TOWN), reopened());
    city.tend();
    city.done(HOSPITAL, "2201", &registered);
    let town = self::town(Some(TOWN));
    let city = &town.city;
    publish(city, 2, &of_tomorrow(TOWN), date(2021, 7, 15).at(9, 0, 0, 0));
    city.tend();
    city.refused(HOSPITAL, "2201", &registered, "第2版无法读取");
}

#[test]
fn of_a_plan_that_was_never_readable_the_businesses_that_its_text_names_are_closed() {
    let town = town(None);
    let city = &town.city;
    publish(city, 2, &of_tomorrow(TOWN), date(2021, 7, 2).at(9, 0, 0, 0));
    city.clock.set(date(2021, 7, 9).at(23, 0, 0, 0));
    city.tend();
    let registered = registration(LI, "390", "2021-07-09 22:00:00");
    city.done(HOSPITAL, "2201", &registered);
    city.clock.set(date(2021, 9, 1).at(9, 0, 0, 0));
    city.refused(HOSPITAL, "2201", &registered, "第2版无法读取");
    let sign_in = json!({"signIn": {"opter_no": "1", "mac": "00", "ip": "127.0.0.1"}});
    city.done(HOSPITAL, "9001", &sign_in);
    let board = registers(city).board(&agency(), city.clock.get(), "town").unwrap();
    assert!(board.title.contains("无法读取") && board.businesses.iter().any(|line| line.closed), "{board:?}");
}

#[test]
fn a_run_that_finds_the_queue_full_waits_and_gets_on() {
    let folder = tempfile::tempdir().unwrap();
    let store = Arc::new(SqliteStore::open(folder.path(), &[]).unwrap());
    let plans = vec![yibao_policy::plan::read(TOWN).unwrap()];
    let places = Places { callers: 2, platform: 1 };
    let city = City::watched(store, plans, reopened(), places, Arc::new(Unobserved));
    let people = [LI, WANG, super::city::ZHAO];
    for serial in 1..=12 {
        visit(&city, &number(serial), people[serial as usize % 3], 11, "100.00");
    }
    let begun = city.backfill().start(&clerk(), city.clock.get(), "town", "").unwrap().number;
    let mut rounds = 0;
    while city.run(begun).finished_at.is_none() {
        // The counters of the city are as busy as can be.
        for _ in 0..2 {
            let msgid = city.new_msgid(HOSPITAL);
            let sign_in = json!({"signIn": {"opter_no": "1", "mac": "00", "ip": "127.0.0.1"}});
            let call = city.call("", HOSPITAL, "9001", &msgid, &sign_in).unwrap();
            city.platform.submit(call, Box::new(|_| ()));
        }
        city.clock.set(city.clock.get().saturating_add(1.second()));
        city.tend();
        rounds += 1;
        assert!(rounds < 60, "{:?}", city.run(begun));
    }
    let run = city.run(begun);
    assert_eq!((run.found, run.settled, run.failed), (12, 12, 0));
    city.verify();
}

#[test]
fn a_fault_puts_off_its_own_run_and_no_other() {
    let town = town(Some(TOWN));
    let city = &town.city;
    for serial in 1..=3 {
        visit(city, &number(serial), LI, 11, "100.00");
    }
    let elsewhere = super::backfill::entry(&number(4), RegisterKind::CashVisit, WANG, date(2021, 7, 12).at(9, 0, 0, 0));
    city.write(|tx| {
        super::backfill::record(tx, &Entry { fixmedins_code: OTHER_HOSPITAL.to_owned(), ..elsewhere.clone() })
    });
    let start = |code: &str| city.backfill().start(&clerk(), city.clock.get(), "town", code).unwrap().number;
    let (first, second) = (start(HOSPITAL), start(OTHER_HOSPITAL));
    // The plans, the runs, where the first one stands, its page.
    town.store.once(BIJIE, 4);
    city.tend();
    town.store.heal();
    assert_eq!((city.run(first).finished_at, town.told.of("backfill")), (None, (1, false)));
    assert!(city.run(second).finished_at.is_some(), "{:?}", city.run(second));
    town.seconds_pass(1);
    let run = city.run(first);
    assert!(run.finished_at.is_some());
    assert_eq!((run.found, run.settled, run.failed), (3, 3, 0));
    assert!(town.told.of("backfill").1);
    city.verify();
}

#[test]
fn an_entry_that_meets_a_fault_is_tried_again_before_the_run_ends() {
    let town = town(Some(TOWN));
    let city = &town.city;
    for (serial, psn_no) in [(1, LI), (2, WANG), (3, LI)] {
        visit(city, &number(serial), psn_no, 11, "100.00");
    }
    let begun = city.backfill().start(&clerk(), city.clock.get(), "town", "").unwrap().number;
    // The first transaction that records: the first wave of the run.
    let mut writes = 0;
    town.store.when(move |pool, mode| {
        writes += usize::from(pool.as_str() == BIJIE && mode == yibao_store::Mode::Write);
        pool.as_str() == BIJIE && mode == yibao_store::Mode::Write && writes == 1
    });
    city.tend();
    assert_eq!((city.run(begun).finished_at, town.told.of("backfill").1), (None, false));
    town.seconds_pass(1);
    let run = city.run(begun);
    assert!(run.finished_at.is_some() && town.told.of("backfill").0 > 0);
    assert_eq!((run.found, run.settled, run.failed), (3, 3, 0));
    city.verify();
}

#[test]
fn a_run_with_a_hundred_newer_ones_is_found_and_comes_to_its_end_and_its_provider_sees_it() {
    let town = town(Some(TOWN));
    let city = &town.city;
    visit(city, &number(1), LI, 11, "100.00");
    let hospital = super::registers::hospital();
    let begun = city.backfill().start(&hospital, city.clock.get(), "town", "").unwrap().number;
    city.write(|tx| {
        let run = tx.backfill_runs(None, 1)?.remove(0);
        let finished_at = Some(run.started_at);
        (1..=150).try_for_each(|later| {
            let (number, fixmedins_code) = (begun + later, OTHER_HOSPITAL.to_owned());
            tx.add_backfill_run(&BackfillRun { number, fixmedins_code, found: 0, finished_at, ..run.clone() })
        })
    });
    let again = city.backfill().start(&hospital, city.clock.get(), "town", "").unwrap().number;
    assert_eq!(again, begun, "it runs already");
    city.tend();
    let own = city.backfill().progress(&hospital).unwrap();
    assert_eq!(own.iter().map(|run| (run.number, run.settled)).collect::<Vec<_>>(), [(begun, 1)]);
    assert!(own[0].finished_at.is_some());
}

#[test]
fn a_run_that_was_cut_off_counts_nothing_twice() {
    let folder = tempfile::tempdir().unwrap();
    let store = Arc::new(SqliteStore::open(folder.path(), &[]).unwrap());
    let plans = || vec![yibao_policy::plan::read(TOWN).unwrap()];
    let places = Places { callers: 1, platform: 0 };
    let city = City::watched(store.clone(), plans(), reopened(), places, Arc::new(Unobserved));
    for serial in 1..=8 {
        visit(&city, &number(serial), [LI, WANG][serial as usize % 2], 11, "100.00");
        if serial <= 3 {
            unknown_drug(&city, &number(serial));
        }
    }
    let begun = city.backfill().start(&clerk(), reopened(), "town", "").unwrap().number;
    let later = |seconds: i64| reopened().saturating_add(seconds.seconds());
    for second in 1..=2 {
        city.clock.set(later(second));
        city.tend();
    }
    let cut_off = city.run(begun);
    assert!(cut_off.failed > 0 && cut_off.settled + cut_off.failed < 8, "{cut_off:?}");
    drop(city);
    let city = City::on_at(store, plans(), later(60));
    let run = city.finished(begun);
    assert_eq!((run.found, run.settled, run.failed), (8, 5, 3));
    for serial in 1..=3 {
        let history = city.look(|tx| tx.history(&number(serial)));
        assert_eq!(history.iter().filter(|event| event.action == Action::Fail).count(), 1);
        assert_eq!(city.look(|tx| tx.entry(&number(serial))).unwrap().state, State::Failed);
    }
    city.verify();
}

#[test]
fn a_list_that_fails_is_tried_again_within_the_minute_and_holds_up_no_other() {
    let plan = |id: &str| TOWN.replace("id = \"town\"", &format!("id = \"{id}\"")) + NOTICE;
    let town = town(None);
    let city = &town.city;
    for id in ["a", "b"] {
        publish(city, 1, &plan(id), date(2021, 7, 2).at(9, 0, 0, 0));
    }
    city.clock.set(date(2021, 7, 5).at(9, 0, 0, 0));
    // The plans are read first, then the first list of the first plan.
    town.store.once(BIJIE, 2);
    city.tend();
    let notices = |id: &str| {
        let filter =
            EntryFilter { plan: Some(id.to_owned()), kind: Some(RegisterKind::Publicity), ..EntryFilter::default() };
        city.look(|tx| tx.entries(&filter, 10)).len()
    };
    assert_eq!((notices("a"), notices("b"), town.told.of("lists")), (0, 3, (1, false)));
    town.seconds_pass(1);
    assert_eq!((notices("a"), notices("b"), town.told.of("lists")), (3, 3, (1, true)));
}

#[test]
fn one_entry_that_cannot_be_recorded_holds_up_no_other_of_its_list() {
    let (_, text) = yibao_policy::plan::SHIPPED.iter().find(|(name, _)| name.contains("bijie")).unwrap();
    let town = town(Some(text));
    let city = &town.city;
    city.clock.set(date(2021, 7, 1).at(10, 0, 0, 0));
    let [bad, good] = [LI, WANG].map(|psn_no| admit(city, psn_no));
    let book = || Connection::open(town.folder.path().join("books/520500.db")).unwrap();
    let refuse = |what: &str| {
        let raise = "BEGIN SELECT RAISE(ABORT, 'the test says that it fails'); END";
        let trigger = format!("CREATE TRIGGER bad BEFORE {what} ON register_entry WHEN NEW.mdtrt_id = '{bad}' {raise}");
        book().execute_batch(&trigger).unwrap();
    };
    let heal = || book().execute_batch("DROP TRIGGER bad").unwrap();
    let state = |mdtrt_id: &str| {
        let of = entries(city, RegisterKind::InpatientNotice).into_iter().find(|(of, ..)| of.mdtrt_id == mdtrt_id);
        of.map(|(entry, ..)| entry.state)
    };
    refuse("INSERT");
    city.clock.set(date(2021, 7, 5).at(9, 0, 0, 0));
    city.tend();
    assert_eq!((state(&bad), state(&good)), (None, Some(State::Waiting)));
    assert_eq!(entries(city, RegisterKind::Publicity).len(), 3);
    assert_eq!(town.told.of("lists"), (1, false));
    heal();
    town.seconds_pass(1);
    assert_eq!((state(&bad), town.told.of("lists")), (Some(State::Waiting), (1, true)));
    // The same where they are taken off, the bad one first.
    refuse("UPDATE");
    for (psn_no, mdtrt_id) in [(LI, &bad), (WANG, &good)] {
        city.done(HOSPITAL, "2402", &discharge(psn_no, mdtrt_id, "2021-07-05 08:00:00"));
    }
    town.seconds_pass(60);
    assert_eq!((state(&bad), state(&good)), (Some(State::Waiting), Some(State::Done)));
    assert_eq!(town.told.of("lists"), (2, false));
    heal();
    town.seconds_pass(1);
    assert_eq!((state(&bad), town.told.of("lists")), (Some(State::Done), (2, true)));
    city.verify();
}

#[test]
fn a_platform_that_stops_says_so_and_what_works_by_itself_ends() {
    let town = town(Some(TOWN));
    let mut reconcilers = town.city.platform.reconcilers();
    town.city.platform.stop();
    let refused = registers(&town.city).published_plans().unwrap_err();
    assert!(matches!(refused, yibao_engine::desks::registers::NotDone::Closing), "{refused:?}");
    for reconciler in &mut reconcilers {
        let next = reconciler.round(&town.city.platform, reopened());
        assert!(next == yibao_engine::desks::Next::Never || reconciler.name() != "backfill");
        assert!(reconciler.bell().recv().is_err(), "nobody can ring any more");
    }
}
