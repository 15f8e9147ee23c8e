//! Runs of the backfill and the order of events: register entries through the ordinary calls, oldest care first, once.

use super::backfill::{TOWN, correct, entry, record, reopened, stay};
use super::care::{cancellation, text};
use super::city::{City, DRUG, HOSPITAL, LI, OTHER_HOSPITAL, WANG, clerk};
use super::registers::{act, agency, hospital};
use jiff::civil::{DateTime, date};
use std::sync::Arc;
use yibao_cluster::Cluster;
use yibao_domain::code::Pool;
use yibao_domain::money::{Decimal, Money};
use yibao_domain::outage::RegisterKind;
use yibao_domain::register::{Action, Entry, EntryLine, State};
use yibao_engine::{Places, Unobserved};
use yibao_store::register::EntryFilter;
use yibao_store::{SqliteStore, Store, place};

/// The same story on the embedded store and on PostgreSQL.
pub fn on_both_stores(story: impl Fn(&City)) {
    story(&City::with_plan(TOWN));
    let cluster = Cluster::start(&["fsync=off"]).unwrap();
    let store = place::open(&cluster.create_database("city").unwrap(), &[]).unwrap();
    story(&City::on(store, vec![yibao_policy::plan::read(TOWN).unwrap()]));
}

pub fn line(serial: &str, moment: DateTime, price: &str) -> EntryLine {
    let price: Decimal = price.parse().unwrap();
    EntryLine {
        feedetl_sn: serial.to_owned(),
        fee_ocur_time: moment,
        med_list_codg: DRUG.to_owned(),
        medins_list_codg: "Y1".to_owned(),
        cnt: Decimal::ONE,
        pric: price,
        det_item_fee_sumamt: price.to_string().parse().unwrap(),
        hosp_appr_flag: String::new(),
        init_feedetl_sn: String::new(),
        prd_days: String::new(),
    }
}

/// A cash visit with one line.
pub fn visit(city: &City, number: &str, psn_no: &str, day: i8, price: &str) {
    let care = date(2021, 7, day).at(9, 30, 0, 0);
    let taken = entry(number, RegisterKind::CashVisit, psn_no, care);
    let insutype = if psn_no == LI { "390" } else { "310" };
    let details = taken.details.clone().into_iter().chain([("insutype".to_owned(), insutype.to_owned())]);
    let taken = Entry { details: details.collect(), charged: price.parse().unwrap(), ..taken };
    city.write(|tx| {
        record(tx, &taken)?;
        tx.put_entry_lines(number, &[line("1", care, price)])
    });
}

/// A stay of the closed time with one line, at this hospital.
pub fn admitted(city: &City, number: &str, kind: RegisterKind, hospital: &str, days: (i8, i8), price: &str) -> Entry {
    let care = date(2021, 7, days.0).at(8, 0, 0, 0);
    let mut taken = entry(number, kind, LI, care);
    taken.fixmedins_code = hospital.to_owned();
    taken.care_until = Some(date(2021, 7, days.1).at(10, 0, 0, 0));
    for (field, value) in [("med_type", "21"), ("ipt_otp_no", "ZY9"), ("diag_code", "J18.900"), ("diag_name", "肺炎")]
    {
        taken.details.insert(field.to_owned(), value.to_owned());
    }
    city.write(|tx| {
        record(tx, &taken)?;
        tx.put_entry_lines(number, &[line("1", care, price)])
    });
    taken
}

/// Gives an entry a line that no calls can price.
pub fn unknown_drug(city: &City, number: &str) {
    let unknown =
        EntryLine { med_list_codg: "XNOTTHERE".to_owned(), ..line("1", date(2021, 7, 11).at(9, 30, 0, 0), "100.00") };
    city.write(|tx| tx.put_entry_lines(number, std::slice::from_ref(&unknown)));
}

fn found(city: &City, number: &str) -> Entry {
    city.look(|tx| tx.entry(number)).unwrap()
}

pub fn number(serial: u32) -> String {
    format!("TJ520500-2021-{:06}", 900 + serial)
}

#[test]
fn b17_p09_a_run_settles_the_entries_oldest_care_first_and_a_second_one_nothing() {
    on_both_stores(|city| {
        // The younger one has the smaller number.
        visit(city, &number(1), LI, 14, "100.00");
        visit(city, &number(2), LI, 11, "100.00");
        visit(city, &number(3), WANG, 12, "100.00");
        admitted(city, &number(4), RegisterKind::Admission, OTHER_HOSPITAL, (12, 13), "3000.00");
        city.clock.set(reopened());
        let run = city.backfill_all("town");
        assert_eq!((run.found, run.settled, run.failed), (4, 4, 0));
        let settlement = |number: &str| city.look(|tx| tx.settlement(&found(city, number).setl_id)).unwrap().settlement;
        let of_li: Vec<_> = [2, 4, 1].map(|serial| settlement(&number(serial))).into();
        assert!(of_li.windows(2).all(|pair| pair[0].setl_id < pair[1].setl_id), "the older care is settled first");
        for serial in 1..=4 {
            let entry = found(city, &number(serial));
            let settled = settlement(&number(serial));
            assert_eq!((entry.state, entry.refunded), (State::Settled, settled.fund_pay_sumamt.plus(settled.acct_pay)));
            let history = city.look(|tx| tx.history(&number(serial)));
            let last = history.last().unwrap();
            assert_eq!((last.action, last.by.as_str()), (Action::Settle, "王科员(wang)"));
        }
        let again = city.backfill_all("town");
        assert_eq!((again.found, again.settled, again.failed), (0, 0, 0));
        city.verify();
    });
}

#[test]
fn an_entry_that_is_refused_keeps_nothing_of_its_calls_and_says_why() {
    let city = City::with_plan(TOWN);
    visit(&city, &number(1), LI, 12, "100.00");
    city.write(|tx| {
        let mut unknown = line("2", date(2021, 7, 12).at(9, 30, 0, 0), "5.00");
        unknown.med_list_codg = "XNOTTHERE".to_owned();
        let good = line("1", date(2021, 7, 12).at(9, 30, 0, 0), "95.00");
        tx.put_entry_lines(&number(1), &[good, unknown])
    });
    city.clock.set(reopened());
    let run = city.backfill_all("town");
    assert_eq!((run.found, run.settled, run.failed), (1, 0, 1));
    let failed = found(&city, &number(1));
    assert_eq!((failed.state, failed.mdtrt_id.as_str()), (State::Failed, ""));
    assert!(failed.reason.contains("XNOTTHERE") && failed.reason.contains("不在医保目录内"), "{}", failed.reason);
    for of_programs in ["med_list_codg", "3301", "E606"] {
        assert!(!failed.reason.contains(of_programs), "who reads it stands at a counter: {}", failed.reason);
    }
    // Corrected by the hospital, it goes on by itself.
    city.write(|tx| tx.put_entry_lines(&number(1), &[line("1", date(2021, 7, 12).at(9, 30, 0, 0), "100.00")]));
    let settled = city.backfill().entry(&clerk(), city.clock.get(), &number(1)).unwrap();
    assert_eq!(settled.state, State::Settled);
    city.verify();
}

#[test]
fn what_lacks_its_lines_waits_and_is_told_so() {
    let city = City::with_plan(TOWN);
    visit(&city, &number(1), LI, 12, "100.00");
    city.write(|tx| tx.put_entry_lines(&number(1), &[]));
    city.clock.set(reopened());
    let run = city.backfill_all("town");
    assert_eq!((run.found, run.settled, run.failed), (1, 0, 0));
    let refused = city.backfill().entry(&clerk(), city.clock.get(), &number(1)).unwrap_err();
    assert!(format!("{refused:?}").contains("缺费用明细"));
    assert_eq!(found(&city, &number(1)).state, State::Waiting);
}

#[test]
fn p26_who_is_not_entitled_is_refused_and_the_case_is_opened_once() {
    let city = City::with_plan(TOWN);
    visit(&city, &number(1), super::city::CHEN, 12, "100.00");
    admitted(&city, &number(2), RegisterKind::Admission, HOSPITAL, (12, 14), "100.00");
    visit(&city, &number(3), LI, 12, "70.00");
    city.write(|tx| {
        let mut person = tx.person(LI)?.expect("somebody of the city");
        person.psn_no = "52050000000000000009".to_owned();
        tx.put_person(&person)?;
        for serial in [2, 3] {
            correct(tx, &number(serial), |moved| moved.psn_no.clone_from(&person.psn_no))?;
        }
        Ok(())
    });
    city.clock.set(reopened());
    for _ in 0..2 {
        city.backfill_all("town");
    }
    for serial in [2, 3] {
        let failed = found(&city, &number(serial));
        assert_eq!(failed.state, State::Failed);
        assert!(failed.reason.contains("参保人无险种390参保记录"), "{}", failed.reason);
    }
    // The visit was paid in cash: nothing is owed for it.
    let cases = EntryFilter { kind: Some(RegisterKind::NotEntitled), ..EntryFilter::default() };
    let cases = city.look(|tx| tx.entries(&cases, 10));
    assert_eq!(cases.iter().map(|case| case.field("of_entry").to_owned()).collect::<Vec<_>>(), [number(2)]);
    // The case says what is owed and why, as a form of it would ask.
    assert_eq!((cases[0].charged.to_string().as_str(), cases[0].reason.is_empty()), ("100.00", false));
    assert_eq!(cases[0].value("begntime"), "2021-07-12 08:00:00");
    // The board counts the stay and its cost once.
    let board = city.platform.registers(&Pool::new("520500")).unwrap();
    let board = board.board(&agency(), city.clock.get(), "town").unwrap();
    let charged: Money = board.providers.iter().map(|line| line.sizes.charged).fold(Money::ZERO, Money::plus);
    assert_eq!((board.total.charged, charged), (Money::yuan(270), Money::yuan(270)));
    let counted: u64 = board.businesses.iter().map(|line| line.sizes.sum.taken_in).sum();
    assert_eq!((counted, board.total.sum.taken_in, board.total.sum.closes()), (3, 4, true));
    city.verify();
}

#[test]
fn p12_the_second_leg_waits_for_a_first_leg_that_is_only_in_a_register() {
    let city = City::with_plan(TOWN);
    let first = admitted(&city, &number(1), RegisterKind::Admission, HOSPITAL, (11, 12), "3000.00");
    admitted(&city, &number(2), RegisterKind::Transfer, OTHER_HOSPITAL, (12, 14), "9000.00");
    city.write(|tx| {
        correct(tx, &number(2), |second| drop(second.details.insert("from_provider".into(), HOSPITAL.into())))?;
        tx.put_entry_lines(&first.number, &[])
    });
    city.clock.set(reopened());
    let refused = city.backfill().entry(&clerk(), city.clock.get(), &number(2)).unwrap_err();
    assert!(format!("{refused:?}").contains(&number(1)), "{refused:?}");
    city.write(|tx| tx.put_entry_lines(&first.number, &[line("1", date(2021, 7, 11).at(9, 0, 0, 0), "3000.00")]));
    let run = city.backfill_all("town");
    assert_eq!((run.settled, run.failed), (2, 0));
    city.verify();
}

#[test]
fn a_cancelled_settlement_is_backfilled_again_without_a_second_visit() {
    let city = City::with_plan(TOWN);
    visit(&city, &number(1), LI, 12, "100.00");
    city.clock.set(reopened());
    city.backfill_all("town");
    let settled = found(&city, &number(1));
    city.done(HOSPITAL, "2208", &cancellation(LI, &settled.mdtrt_id, &settled.setl_id));
    assert_eq!(city.backfill_all("town").settled, 1);
    let again = found(&city, &number(1));
    assert_eq!(again.mdtrt_id, settled.mdtrt_id);
    assert_ne!(again.setl_id, settled.setl_id);
    city.verify();
}

#[test]
fn a_run_that_was_cut_off_goes_on_when_the_platform_starts_and_pays_nothing_twice() {
    let folder = tempfile::tempdir().unwrap();
    let store: Arc<dyn Store> = Arc::new(SqliteStore::open(folder.path(), &[]).unwrap());
    let plans = || vec![yibao_policy::plan::read(TOWN).unwrap()];
    let entries = 60;
    let begun = {
        let places = Places { callers: 1, platform: 0 };
        let city = City::watched(store.clone(), plans(), reopened(), places, Arc::new(Unobserved));
        for serial in 0..entries {
            let psn_no = if serial % 2 == 0 { LI } else { WANG };
            visit(
                &city,
                &number(serial),
                psn_no,
                10 + i8::try_from(serial % 5).unwrap(),
                &format!("{}.00", 10 + serial),
            );
        }
        // The platform stops while the run is under way.
        let begun = city.backfill().start(&clerk(), reopened(), "town", "").unwrap().number;
        city.tend();
        let run = city.run(begun);
        assert!(run.finished_at.is_none() && (1..10).contains(&run.settled), "{run:?}");
        begun
    };
    let city = City::on_at(store, plans(), reopened());
    let run = city.finished(begun);
    assert_eq!((run.found, run.settled, run.failed), (i64::from(entries), i64::from(entries), 0));
    let settled = |psn_no| city.look(|tx| tx.settlements_of_person(psn_no, 2021)).len();
    assert_eq!(settled(LI) + settled(WANG), usize::try_from(entries).unwrap());
    city.verify();
}

/// The person's standing settlements by care: funds, and totals.
fn standing(city: &City, psn_no: &str) -> (Vec<(String, Money)>, String) {
    let settled = city.look(|tx| {
        let mut found = Vec::new();
        for row in tx.settlements_of_person(psn_no, 2021)?.into_iter().filter(|row| row.stands()) {
            found.push((row.settlement.begndate.to_string(), row.settlement.fund_pay_sumamt));
        }
        found.sort();
        Ok(found)
    });
    (settled, format!("{:?}", city.look(|tx| tx.running_totals(psn_no))))
}

#[test]
fn decision_7_an_outage_stay_counts_when_it_happened_and_what_came_between_is_put_right() {
    let in_order = City::with_plan(TOWN);
    admitted(&in_order, &number(1), RegisterKind::Admission, HOSPITAL, (11, 14), "3000.00");
    in_order.clock.set(date(2021, 7, 20).at(9, 0, 0, 0));
    in_order.backfill_all("town");
    stay(&in_order, OTHER_HOSPITAL, LI, "2021-07-17 08:00:00", "2021-07-19 10:00:00", "6000.00");

    on_both_stores(|city| {
        admitted(city, &number(1), RegisterKind::Admission, HOSPITAL, (11, 14), "3000.00");
        city.clock.set(date(2021, 7, 20).at(9, 0, 0, 0));
        let later = stay(city, OTHER_HOSPITAL, LI, "2021-07-17 08:00:00", "2021-07-19 10:00:00", "6000.00");
        city.backfill_all("town");
        let corrections = city.backfill().corrections(&clerk(), city.clock.get(), None).unwrap();
        let [listed] = corrections.corrections.as_slice() else { panic!("{corrections:?}") };
        assert_eq!((&listed.setl_id, listed.psn_no.as_str()), (&later.setl_id, LI));
        // The second stay of the year owes half of the deductible: the funds pay more.
        assert!(listed.after.funds > listed.before.funds, "{listed:?}");
        assert_ne!(standing(city, LI), standing(&in_order, LI));

        let done = city.backfill().correct_order(&clerk(), city.clock.get(), LI).unwrap();
        assert_eq!(done, corrections.corrections);
        assert_eq!(standing(city, LI), standing(&in_order, LI));
        assert_eq!(city.backfill().corrections(&clerk(), city.clock.get(), None).unwrap().persons, 0);
        assert_eq!(city.backfill().correct_order(&clerk(), city.clock.get(), LI).unwrap(), []);
        city.verify();

        // The hospital cancels by the id that it knows.
        let mdtrt_id = text(&later.info["mdtrt_id"]);
        city.done(OTHER_HOSPITAL, "2305", &cancellation(LI, &mdtrt_id, &later.setl_id));
        city.verify();
    });
}

mod any_order {
    use super::*;
    use proptest::prelude::*;

    const PRICES: [&str; 4] = ["60.00", "900.00", "3000.00", "120000.00"];

    /// Care of one person: day of July, price, and whether a stay of that day only. Days 10 to 15 are closed.
    #[derive(Clone, Copy, Debug)]
    struct Care {
        day: i8,
        price: usize,
        is_stay: bool,
    }

    fn care() -> impl Strategy<Value = Vec<Care>> {
        let days = proptest::sample::subsequence((2..=24_i8).collect::<Vec<_>>(), 2..7);
        days.prop_flat_map(|days| {
            let one =
                |day| (0..PRICES.len(), any::<bool>()).prop_map(move |(price, is_stay)| Care { day, price, is_stay });
            days.into_iter().map(one).collect::<Vec<_>>()
        })
    }

    fn is_closed(care: &Care) -> bool {
        (10..=15).contains(&care.day)
    }

    /// Takes the closed time's care in, settles the rest on its own day, and backfills at one of the days after.
    fn history(cares: &[Care], order: &[usize], entered_before: usize) -> City {
        let city = City::with_plan(TOWN);
        for (serial, care) in (1..).zip(cares).filter(|(_, care)| is_closed(care)) {
            take_in(&city, serial, care);
        }
        let live: Vec<&Care> = cares.iter().filter(|care| !is_closed(care)).collect();
        let closed: Vec<u32> = (1..).zip(cares).filter(|(_, care)| is_closed(care)).map(|(serial, _)| serial).collect();
        let (before, after): (Vec<&Care>, Vec<&Care>) = live.into_iter().partition(|care| care.day < 10);
        for care in before {
            settle_live(&city, care);
        }
        let mut entered: Vec<u32> = closed.clone();
        entered.sort_by_key(|serial| order[*serial as usize % order.len()]);
        let (first, last) = entered.split_at(entered_before.min(entered.len()));
        let enter = |serials: &[u32]| {
            for serial in serials {
                city.backfill().entry(&clerk(), city.clock.get(), &number(*serial)).unwrap();
            }
        };
        city.clock.set(reopened());
        enter(first);
        for care in after {
            settle_live(&city, care);
        }
        city.clock.set(date(2021, 7, 28).at(9, 0, 0, 0));
        enter(last);
        city
    }

    fn take_in(city: &City, serial: u32, care: &Care) {
        if care.is_stay {
            let days = (care.day, care.day);
            admitted(city, &number(serial), RegisterKind::Admission, HOSPITAL, days, PRICES[care.price]);
        } else {
            visit(city, &number(serial), LI, care.day, PRICES[care.price]);
        }
    }

    fn settle_live(city: &City, care: &Care) {
        city.clock.set(date(2021, 7, care.day).at(12, 0, 0, 0));
        let day = format!("2021-07-{:02}", care.day);
        if care.is_stay {
            let (from, until) = (format!("{day} 08:00:00"), format!("{day} 10:00:00"));
            stay(city, HOSPITAL, LI, &from, &until, PRICES[care.price]);
        } else {
            let begntime = format!("{day} 09:30:00");
            let mdtrt_id = super::super::backfill::visit_at(city, LI, "390", &begntime, PRICES[care.price]);
            super::super::care::settle_visit(city, LI, &mdtrt_id, "B1", PRICES[care.price]);
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 16, max_shrink_iters: 60, ..ProptestConfig::default() })]

        #[test]
        fn whatever_the_order_of_entry_the_person_ends_as_in_the_order_of_care(
            cares in care(), order in proptest::collection::vec(0..100_usize, 8), entered_before in 0..6_usize,
        ) {
            // All is entered in the order of care before anything else is settled.
            let straight = history(&cares, &[0, 1, 2, 3, 4, 5, 6, 7], usize::MAX);
            let mixed = history(&cares, &order, entered_before);
            mixed.backfill().correct_order(&clerk(), mixed.clock.get(), LI).unwrap();
            prop_assert_eq!(standing(&mixed, LI), standing(&straight, LI));
            prop_assert_eq!(mixed.backfill().correct_order(&clerk(), mixed.clock.get(), LI).unwrap(), vec![]);
            mixed.verify();
        }
    }
}

#[test]
fn the_board_counts_what_stands_once_also_where_only_lines_tell_what_it_cost() {
    on_both_stores(|city| {
        visit(city, &number(1), WANG, 12, "100.00");
        visit(city, &number(2), LI, 12, "70.00");
        // Its total is not stated: the lines tell it.
        city.write(|tx| correct(tx, &number(2), |taken| taken.charged = Money::ZERO));
        let costs = || {
            let registers = city.platform.registers(&Pool::new("520500")).unwrap();
            let board = registers.board(&agency(), city.clock.get(), "town").unwrap();
            let of = |sizes: Vec<Money>| Money::sum(sizes);
            let providers = of(board.providers.iter().map(|line| line.sizes.charged).collect());
            let businesses = of(board.businesses.iter().map(|line| line.sizes.charged).collect());
            assert_eq!((providers, businesses), (board.total.charged, board.total.charged));
            assert!(board.total.sum.closes());
            (board.total.charged, board.total.sum.taken_in, board.total.sum.withdrawn)
        };
        city.clock.set(date(2021, 7, 13).at(9, 0, 0, 0));
        assert_eq!(costs(), (Money::yuan(170), 2, 0));
        let withdraw = [("reason", "重复登记")];
        act(city, &hospital(), &number(1), Action::Withdraw, &withdraw).unwrap();
        assert_eq!(costs(), (Money::yuan(70), 2, 1));
        city.clock.set(reopened());
        city.backfill_all("town");
        assert_eq!(costs(), (Money::yuan(70), 2, 1));
        let settled = found(city, &number(2));
        city.done(HOSPITAL, "2208", &cancellation(LI, &settled.mdtrt_id, &settled.setl_id));
        assert_eq!(costs(), (Money::yuan(70), 2, 1));
        city.verify();
    });
}
