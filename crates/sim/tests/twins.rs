//! Small cities through both notices, with the outage and without.

use std::sync::Arc;
use yibao_domain::outage::Plan;
use yibao_policy::registers::built_in;
use yibao_policy::rules::RuleBook;
use yibao_sim::faults::{Level, Trap};
use yibao_sim::life::EventId;
use yibao_sim::office::Ground;
use yibao_sim::run::{Wish, attributed, city, history, run, setting};
use yibao_store::postgres::scratch::Scratch;
use yibao_store::{Fault, SqliteStore, Store};

fn shipped(name: &str) -> (Plan, String) {
    let (_, text) = yibao_policy::plan::SHIPPED.iter().find(|(file, _)| file.contains(name)).expect("a shipped plan");
    (yibao_policy::plan::read(text).expect("it is readable"), (*text).to_owned())
}

/// A plan of another shape, made to be one of this city.
fn of_pool(text: &str, pool: &str) -> (Plan, String) {
    let line = text.lines().find(|line| line.starts_with("pool = ")).expect("a pool");
    let text = text.replacen(line, &format!("pool = \"{pool}\""), 1);
    (yibao_policy::plan::read(&text).expect("it is readable"), text)
}

/// Bijie's notice, with a reopening that somebody has to enter.
fn with_an_acceptance() -> (Plan, String) {
    let (_, text) = shipped("bijie");
    let waits = "reopens_on = \"accepted\"\nexpected = \"2021-07-15 24:00\"";
    let text = text.replacen("reopens = \"2021-07-15 24:00\"", waits, 1);
    let event = "[[event]]\nid = \"accepted\"\nname = \"国家平台验收通过\"\nwho = \"bureau\"\n\n[[system]]";
    let text = text.replacen("[[system]]", event, 1);
    (yibao_policy::plan::read(&text).expect("it is readable"), text)
}

/// An empty store with a trap.
fn ground() -> Ground {
    let trap = Arc::new(Trap::default());
    let store = SqliteStore::in_memory().expect("a store").with_hazard(trap.clone());
    Ground::with_trap(Arc::new(store), trap)
}

fn check(name: &str, seed: u64, faults: Level) {
    check_on(name, 16, seed, faults, [ground(), ground()]);
}

fn check_on(name: &str, persons: u64, seed: u64, faults: Level, grounds: [Ground; 2]) {
    check_plan(shipped(name), persons, seed, faults, grounds);
}

fn check_plan((plan, text): (Plan, String), persons: u64, seed: u64, faults: Level, grounds: [Ground; 2]) {
    let wish = Wish { plan, text, persons, seed, days: 40, only: Vec::new(), faults };
    let rules = Arc::new(RuleBook::embedded().expect("rules"));
    let outcome =
        run(&wish, &rules, &built_in(), grounds).unwrap_or_else(|fault| panic!("seed {seed}: {}", fault.chain()));
    if outcome.holds() {
        return;
    }
    let city = city(&wish, &rules).expect("a city");
    let persons =
        outcome.wrong.iter().filter_map(|one| one.person).chain(outcome.differences.iter().map(|one| one.person));
    let persons: Vec<u64> = persons.collect();
    for event in history(&wish, &city).iter().filter(|event| persons.contains(&event.id.person)) {
        println!("{:?} {:?} until {:?} cancelled {:?}", event.id, event.kind, event.at, event.cancelled);
    }
    panic!("seed {seed}: {outcome:#?}");
}

/// A few seeds; `SEEDS=100..200` tries others.
fn seeds() -> std::ops::Range<u64> {
    let chosen = std::env::var("SEEDS").ok();
    let bounds = chosen.as_deref().and_then(|text| text.split_once(".."));
    bounds.map_or(1..3, |(first, end)| first.parse().expect("a seed")..end.parse().expect("a seed"))
}

#[test]
fn bijie_loses_nothing_doubles_nothing_and_prices_nothing_otherwise() {
    seeds().for_each(|seed| check("bijie", seed, Level::None));
}

#[test]
fn panzhihua_loses_nothing_doubles_nothing_and_prices_nothing_otherwise() {
    seeds().for_each(|seed| check("panzhihua", seed, Level::None));
}

#[test]
fn plans_of_other_shapes_hold() {
    const JINAN: &str = include_str!("../../policy/tests/plans/jinan-2022.toml");
    const ZHONGSHAN: &str = include_str!("../../policy/tests/plans/zhongshan-2020.toml");
    for seed in seeds() {
        for (text, pool) in [(JINAN, "510400"), (ZHONGSHAN, "520500")] {
            check_plan(of_pool(text, pool), 8, seed, Level::None, [ground(), ground()]);
        }
        check_plan(with_an_acceptance(), 8, seed, Level::None, [ground(), ground()]);
        check_plan(of_pool(CLAIMED, "520500"), 10, seed, Level::None, [ground(), ground()]);
    }
}

/// Plans that say something of their own, each with a seed that failed.
#[test]
fn freezes_levels_banks_refusals_and_short_terms_hold() {
    let plans = [
        // What was settled before the switch stays, though something else counts before it.
        (include_str!("plans/frozen-2022.toml"), "520500", 20, 3),
        // Waves by the hospitals' level, of what the platform writes down itself as well; who becomes poor only later.
        (include_str!("plans/levels-2021.toml"), "510400", 20, 1),
        // Accounts that are stopped while a stay goes on pay its end, and not its part.
        (include_str!("plans/bank-2021.toml"), "520500", 20, 12),
        // Nothing but a refusal for stays that end: they wait at their hospital. Claims come in time and are paid late.
        (include_str!("plans/claimed-2022.toml"), "520500", 20, 1),
        // Whoever comes late is turned away after five days, so the agency comes before.
        (include_str!("plans/declared-2026.toml"), "520500", 12, 14),
    ];
    for (text, pool, persons, seed) in plans {
        check_plan(of_pool(text, pool), persons, seed, Level::None, [ground(), ground()]);
    }
}

/// Stays of newborns are claimed at the agency, births by choice; all other stays wait.
const CLAIMED: &str = include_str!("plans/xiangning-2026.toml");

/// Where one stay of a chain goes another way than its hospital's, the others do not wait for it.
#[test]
fn what_is_left_to_the_agency_holds_up_no_other_stay() {
    // What was settled in mid-stay before the closing stands, and the rest is claimed.
    const PART: u64 = 7;
    // A leg is claimed, and who arrived from there is settled without it.
    const LEG: u64 = 15;
    // A stay that was over before the closing, by a rule that has such stays claimed, counts at its discharge as any that waited.
    const WAITED: u64 = 19;
    for seed in [PART, LEG, WAITED] {
        check_plan(of_pool(CLAIMED, "520500"), 10, seed, Level::None, [ground(), ground()]);
    }
}

#[test]
fn whatever_goes_wrong_on_the_way_nothing_is_lost_doubled_or_priced_otherwise() {
    for level in [Level::Messages, Level::Store, Level::All] {
        seeds().for_each(|seed| check("bijie", seed + 10, level));
        seeds().for_each(|seed| check("panzhihua", seed + 10, level));
    }
}

/// What seeds have found, as small as it was made; each failed before it was mended.
#[test]
fn what_was_found_before_holds() {
    type Events = &'static [(u64, u32)];
    let found: [(&str, [u64; 2], i64, Events, Level); 19] = [
        // A filing linked a readmission, because the arrival that it names was in a register alone.
        ("panzhihua", [150, 8], 30, &[(40, 2), (40, 3), (40, 4)], Level::None),
        // A part was settled before the leg that only a register knew had been left.
        ("panzhihua", [12, 32], 40, &[(9, 0), (9, 1), (9, 2), (9, 3)], Level::None),
        // A run counted an entry that ended with the person as settled.
        ("panzhihua", [8, 27], 40, &[], Level::None),
        // A pause that was loaded before a leg was due, in a pool that orders no legs.
        ("bijie", [8, 342], 40, &[(6, 3), (6, 4)], Level::None),
        // The same in a pool that orders them: nobody waits for a leg that is left out of both courses.
        ("panzhihua", [8, 342], 40, &[(6, 3), (6, 4), (6, 5)], Level::None),
        // An admission of the last second that nobody had heard of.
        ("bijie", [8, 325], 40, &[(5, 1)], Level::All),
        ("panzhihua", [8, 391], 40, &[(3, 4), (3, 7)], Level::All),
        // Late by the clock of a process that is ahead, in time by the patient's.
        ("panzhihua", [8, 1066], 40, &[(0, 5)], Level::All),
        // Under a cap that was used up otherwise, what was met of the deductible changed alone, and was not put in order.
        ("panzhihua", [8, 186], 40, &[(0, 0), (0, 1), (0, 2), (0, 3)], Level::None),
        // A hospital told the receipt of a stay that stood in two registers, and each of them claimed it.
        ("bijie", [8, 92], 40, &[(7, 0)], Level::None),
        // A filing of the hospital that was left later linked the stay there with the one before it.
        ("panzhihua", [8, 69], 40, &[(0, 3), (0, 4), (0, 5)], Level::None),
        // A pharmacy's desk wrote drugs for a long disease down by a rule that its till did not go by.
        ("panzhihua", [12, 4], 40, &[(9, 5)], Level::None),
        // A line of the last second was refused by a clock that was ahead.
        ("panzhihua", [6, 81], 40, &[], Level::All),
        // A leg was moved to an edge, away from the day of its arrival.
        ("panzhihua", [12, 55], 40, &[(7, 0), (7, 1)], Level::All),
        // A visit that its till had registered was written down once more to be decided upon.
        ("panzhihua", [12, 298], 40, &[], Level::All),
        // What was sent in time counted from when its answer was heard.
        ("panzhihua", [8, 6089], 40, &[], Level::Store),
        // Of a message that came twice one was refused and heard, and the other one taken.
        ("bijie", [12, 1100], 40, &[(3, 0), (3, 1)], Level::All),
        // A chain of stays was longer than the city's books were open.
        ("panzhihua", [8, 6125], 40, &[(2, 13)], Level::None),
        // A visit was charged as another kind, and refused when its till said which it was: nobody had told its diagnosis.
        ("panzhihua", [8, 40242], 40, &[(7, 4)], Level::None),
    ];
    for (name, [persons, seed], days, only, faults) in found {
        let (plan, text) = shipped(name);
        let only = only.iter().map(|&(person, ordinal)| EventId { person, ordinal }).collect();
        let wish = Wish { plan, text, persons, seed, days, only, faults };
        let rules = Arc::new(RuleBook::embedded().unwrap());
        let outcome = run(&wish, &rules, &built_in(), [ground(), ground()]).unwrap();
        assert!(outcome.holds(), "{name}, seed {seed}: {outcome:#?}");
    }
}

#[test]
fn what_a_clerk_is_told_that_funds_pay_leaves_the_account_out() {
    let (plan, text) = shipped("panzhihua");
    let wish = Wish { plan, text, persons: 48, seed: 5, days: 20, only: Vec::new(), faults: Level::None };
    let (rules, work) = (Arc::new(RuleBook::embedded().expect("rules")), built_in());
    let city = city(&wish, &rules).expect("a city");
    let history = history(&wish, &city);
    let setting = setting(&wish, &rules, &work, &city, &history).expect("a setting");
    let world = setting.with_outage(ground()).unwrap_or_else(|fault| panic!("{}", fault.chain()));
    let mut accounts = 0;
    for told in world.cases.values().flat_map(|case| &case.settled).filter(|told| told.by == "register") {
        let row = world.office.look(|tx| tx.settlement(&told.setl_id)).expect("the books").expect("a settlement");
        assert_eq!(told.funds, Some(row.settlement.fund_pay_sumamt.as_fen()), "{}", told.setl_id);
        accounts += row.settlement.acct_pay.as_fen();
    }
    assert!(accounts > 0, "an account paid for something that was entered");
}

/// Ten seeds, each course in a database of its own.
fn check_on_postgresql(name: &str) {
    let server = std::env::var("YIBAO_TEST_POSTGRES").expect(
        "YIBAO_TEST_POSTGRES names no server; run `cargo xtask test` or \
         `cargo xtask postgres -- cargo test -p yibao-sim`",
    );
    let told = |fault: Fault| fault.chain();
    let empty = Scratch::create(&server).map_err(told).expect("a database");
    drop(empty.open(&[shipped(name).0.pool]).map_err(told).expect("its tables"));
    for seed in 1..11 {
        let databases = [(), ()].map(|()| empty.copied().map_err(told).expect("a copy"));
        let opened = |database: &Scratch| -> Ground {
            let store: Arc<dyn Store> = Arc::new(database.open(&[]).map_err(told).expect("a store").with_writers(1));
            Ground::from(store)
        };
        check_on(name, 4, seed, Level::None, [opened(&databases[0]), opened(&databases[1])]);
    }
}

#[test]
fn bijie_holds_on_postgresql_too() {
    check_on_postgresql("bijie");
}

#[test]
fn panzhihua_holds_on_postgresql_too() {
    check_on_postgresql("panzhihua");
}

/// A notice that stops the personal accounts alone: settlement goes on and is paid without them.
const WITHOUT_ACCOUNTS: &str = "[plan]\nid = \"accounts\"\ntitle = \"个人账户维护\"\nissuer = \"某局\"\npool = \"520500\"\n\
    issued = \"2026-05-12\"\ncloses = \"2026-05-15 23:00\"\nreopens = \"2026-05-22 05:00\"\nends = \"2026-06-30 24:00\"\n\
    silent_ok = [\"settlement\", \"encounter\"]\n[[rule]]\nid = \"account\"\nclause = \"三\"\nbusiness = \"account\"\n\
    disposition = \"refuse\"\nadvice = \"个人账户暂停使用，个人应负担部分请付现金。\"\n";

#[test]
fn what_is_settled_while_accounts_are_stopped_is_paid_without_them_and_allowed_by_the_clause() {
    let mut named = Vec::new();
    for (persons, seed, faults) in [(10, 46, Level::None), (16, 1, Level::None), (16, 2, Level::Messages)] {
        let plan = yibao_policy::plan::read(WITHOUT_ACCOUNTS).expect("it is readable");
        check_plan((plan.clone(), WITHOUT_ACCOUNTS.to_owned()), persons, seed, faults, [ground(), ground()]);
        let (text, only) = (WITHOUT_ACCOUNTS.to_owned(), Vec::new());
        let wish = Wish { plan, text, persons, seed, days: 40, only, faults };
        let rules = Arc::new(RuleBook::embedded().expect("rules"));
        let all = attributed(&wish, &rules, &built_in(), [ground(), ground()]).expect("it goes on");
        assert_eq!(all.wrong, [], "seed {seed}");
        named.extend(all.lines().into_keys());
    }
    assert!(named.iter().any(|by| by.contains("未使用个人账户（三）")), "{named:?}");
}
