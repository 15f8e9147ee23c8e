//! A large city in small: groups side by side come to what one world alone comes to.

use std::sync::{Arc, Mutex};
use yibao_policy::registers::built_in;
use yibao_policy::rules::RuleBook;
use yibao_sim::attribution::Line;
use yibao_sim::big::{self, Path, Phase};
use yibao_sim::city::Pace;
use yibao_sim::faults::Level;
use yibao_sim::life::{Event, Kind, lived};
use yibao_sim::run::{Outcome, Wish, attributed, run};
use yibao_store::{SqliteStore, Store};

fn wish(name: &str, persons: u64, seed: u64, days: i64) -> Wish {
    let (_, text) = yibao_policy::plan::SHIPPED.iter().find(|(file, _)| file.contains(name)).expect("a shipped plan");
    let plan = yibao_policy::plan::read(text).expect("it is readable");
    Wish { plan, text: (*text).to_owned(), persons, seed, days, only: Vec::new(), faults: Level::None }
}

#[test]
fn a_large_city_tells_what_became_of_every_event_and_every_fen() {
    let wish = wish("panzhihua", 16, 3, 30);
    let rules = Arc::new(RuleBook::embedded().expect("rules"));
    let city = big::city(&wish, &rules, Pace::Dense).expect("a city");
    let folders = [(); 3].map(|()| tempfile::tempdir().expect("a folder"));
    let stores = [0, 1, 2]
        .map(|at: usize| -> Arc<dyn Store> { Arc::new(SqliteStore::open(folders[at].path(), &[]).expect("a store")) });
    let steps = Mutex::new(Vec::new());
    let watch = |step| steps.lock().expect("a step").push(step);
    let told =
        big::run(&wish, &rules, &built_in(), &city, stores, &watch).unwrap_or_else(|fault| panic!("{}", fault.chain()));
    // One world alone, on one thread, comes to the same.
    let pair = [(); 2].map(|()| -> Arc<dyn Store> { Arc::new(SqliteStore::in_memory().expect("a store")) });
    let alone =
        run(&wish, &rules, &built_in(), pair.map(Into::into)).unwrap_or_else(|fault| panic!("{}", fault.chain()));
    assert_eq!((&told.outcome.ways, told.outcome.events), (&alone.ways, alone.events));
    let in_order = |outcome: &Outcome| {
        let mut wrong: Vec<_> =
            outcome.wrong.iter().map(|one| (one.statement, one.person, one.event, one.at)).collect();
        wrong.sort();
        wrong
    };
    assert_eq!(in_order(&told.outcome), in_order(&alone), "{:#?}", told.outcome.wrong);
    assert_eq!(told.outcome.differences, alone.differences);
    assert_eq!(told.waiting.1, 0, "{:#?}", told.waiting.0);
    let all = [(); 2].map(|()| -> Arc<dyn Store> { Arc::new(SqliteStore::in_memory().expect("a store")) });
    let attributed =
        attributed(&wish, &rules, &built_in(), all.map(Into::into)).unwrap_or_else(|fault| panic!("{}", fault.chain()));
    assert_eq!((told.changed.persons, &told.changed.by_clause), (wish.persons, &attributed.by_clause()));
    let sums = |lines: &mut dyn Iterator<Item = &Line>| {
        lines.fold((0, 0, 0), |sum, line| (sum.0 + line.events, sum.1 + line.with, sum.2 + line.without))
    };
    let by_clause = sums(&mut told.changed.by_clause.0.values());
    assert_eq!(by_clause, sums(&mut attributed.lines().values()), "the short table leaves nothing out");
    assert_eq!(by_clause, sums(&mut told.changed.by_clause.in_short().iter().map(|(_, line)| line)));
    assert!(by_clause.0 > 0, "an outage changes something");

    let history: Vec<Event> =
        (0..city.persons).flat_map(|number| lived(&city, &city.person(number), wish.days)).collect();
    let events = history.len() as u64;
    let charged: i64 = history.iter().map(Event::total).sum();
    assert_eq!(told.outcome.events, events);
    assert_eq!(told.paths.0.values().map(|sum| sum.events).sum::<u64>(), events);
    assert_eq!(told.paths.0.values().map(|sum| sum.charged).sum::<i64>(), charged);
    let paid = told.paths.0.values().map(|sum| sum.funds.values().sum::<i64>() + sum.account + sum.own);
    assert_eq!(paid.sum::<i64>(), charged, "what was charged was paid by somebody");
    assert!(told.paths.0[&Path::Backfilled].events > 0 && !told.paths.0.contains_key(&Path::Open));
    assert_eq!(told.hours.iter().map(|hour| hour.arrivals).sum::<u64>(), events);

    // What waited in the registers came, and is gone at the end.
    let waiting = |hour: &big::Hour| hour.registers.values().map(|register| register.waiting).sum::<u64>();
    assert!(told.hours.iter().any(|hour| waiting(hour) > 0));
    assert_eq!(told.hours.iter().rfind(|hour| !hour.registers.is_empty()).map(waiting), Some(0));

    let steps = steps.into_inner().expect("the steps");
    // However many threads play, it never goes back but where something else begins.
    for pair in steps.windows(2) {
        assert!(pair[0].phase != pair[1].phase || pair[0].done <= pair[1].done, "{pair:?}");
    }
    let mut phases: Vec<Phase> = steps.iter().map(|step| step.phase).collect();
    phases.dedup();
    let of_course = |phase| [Phase::MovingIn, phase, Phase::Remaining, Phase::Closing];
    let mut expected = vec![Phase::Drawing];
    expected.extend(of_course(Phase::WithOutage));
    expected.extend(of_course(Phase::Without));
    expected.push(Phase::Judging);
    expected.extend(of_course(Phase::Whole));
    assert_eq!(phases, expected);
    let course = [Phase::WithOutage, Phase::Without, Phase::Whole, Phase::Remaining, Phase::Closing];
    for phase in [Phase::Drawing, Phase::MovingIn, Phase::Judging].into_iter().chain(course) {
        let last = steps.iter().filter(|step| step.phase == phase).max_by_key(|step| step.done);
        assert!(last.is_some_and(|step| step.done == step.of), "{phase:?}: {last:?}");
    }
}

#[test]
fn at_the_usual_pace_people_go_as_often_as_the_statistics_say() {
    let wish = wish("bijie", 60_000, 1, 90);
    let rules = RuleBook::embedded().expect("rules");
    let city = big::city(&wish, &rules, Pace::Usual).expect("a city");
    let (mut residents, mut employees) = ([0_u64; 3], [0_u64; 3]);
    for number in 0..city.persons {
        let person = city.person(number);
        let counts = if person.scheme.insutype() == "310" { &mut employees } else { &mut residents };
        counts[0] += 1;
        for event in lived(&city, &person, wish.days) {
            counts[if matches!(event.kind, Kind::Stay { .. }) { 2 } else { 1 }] += 1;
        }
    }
    // In a thousand persons and years.
    let yearly = |counts: &[u64; 3], of: usize| counts[of] * 365_000 / (counts[0] * 90);
    assert!((1_800..2_300).contains(&yearly(&residents, 1)), "{}", yearly(&residents, 1));
    assert!((9_000..11_000).contains(&yearly(&employees, 1)), "{}", yearly(&employees, 1));
    for of in [&residents, &employees] {
        assert!((140..180).contains(&yearly(of, 2)), "stays: {}", yearly(of, 2));
    }
}
