//! The same town twice: once without an outage, once with it. Whatever the outage kept back is entered later, in whatever
//! order and by whatever way; put in order, every amount and every total is that of the town without (`decisions` 6-8).
//!
//! Histories are drawn from a seed: visits, special disease, purchases, special drugs, stays in parts, transfers, late claims,
//! cancellations; the town of the seed that fails tells what happened to whom.

mod deeds;
mod history;
pub mod town;

use deeds::World;
use history::{History, PEOPLE};
use town::Town;
use yibao_engine::Stop;

/// A plan like that of `backfill::TOWN`, with a way for pharmacies, in a pool of one's choice.
pub fn plan(pool: &str) -> String {
    let text = super::backfill::TOWN.replace("\"520500\"", &format!("\"{pool}\""));
    let text = text.replace("disposition = \"no_route\"", "disposition = \"cash_reenter\"");
    text.replace("within_working_days = 10", "within_working_days = 40")
}

/// Plays a history in a pool with and without the outage, puts in order what the outage kept back, and compares.
#[track_caller]
fn check(pool: &'static str, seed: u64) {
    let history = History::drawn(seed);
    let without = World::played(Town::new(pool, None), &history, seed);
    let with = World::played(Town::new(pool, Some(&plan(pool))), &history, seed);
    with.enter_the_rest();
    let backfill = with.town.backfill();
    let now = with.town.clock.get();
    backfill.put_in_order(now).unwrap();
    let awaiting = backfill.corrections(&super::city::clerk(), now, None).unwrap();
    assert_eq!(awaiting.refused, [], "seed {seed}");
    assert_eq!(awaiting.shown, awaiting.persons);
    assert_eq!(with.town.closes(), awaiting.persons == 0, "what waits keeps the sum open, seed {seed}");
    let mut persons: Vec<&String> = awaiting.corrections.iter().map(|one| &one.psn_no).collect();
    persons.dedup();
    assert_eq!(persons.len(), awaiting.persons, "a person waits where something changes, seed {seed}");
    for psn_no in persons {
        let listed: Vec<_> = awaiting.corrections.iter().filter(|one| one.psn_no == *psn_no).cloned().collect();
        let before = with.town.paid(psn_no);
        let booked = match backfill.correct_order(&super::city::clerk(), now, psn_no) {
            Ok(booked) => booked,
            Err(Stop::Refused(refusal)) => panic!("seed {seed}: {refusal}"),
            Err(stop) => panic!("seed {seed}: {stop:?}"),
        };
        assert_eq!(booked, listed, "what is listed is what is booked, seed {seed}");
        let moved = listed.iter().map(|one| one.after.funds.as_fen() - one.before.funds.as_fen()).sum::<i64>();
        assert_eq!(with.town.paid(psn_no) - before, moved, "the books move by what is listed, seed {seed}");
        assert_eq!(backfill.correct_order(&super::city::clerk(), now, psn_no).unwrap(), []);
    }
    assert!(with.town.closes(), "seed {seed}");
    for person in 0..PEOPLE {
        let ((of_events, totals), (expected, expected_totals)) = (with.standing(person), without.standing(person));
        let told = || format!("seed {seed}, person {person}:\n{}", history.told(person));
        for (found, expected) in of_events.iter().zip(&expected) {
            assert_eq!(found, expected, "{}", told());
        }
        assert_eq!(totals, expected_totals, "{}", told());
    }
    with.town.verify();
}

#[test]
fn panzhihua_with_and_without_an_outage_is_the_same_to_the_fen() {
    for seed in seeds() {
        check("510400", seed);
    }
}

#[test]
fn bijie_with_and_without_an_outage_is_the_same_to_the_fen() {
    for seed in seeds() {
        check("520500", seed);
    }
}

/// A few seeds; `TWIN_SEEDS=100..200` tries others.
fn seeds() -> std::ops::Range<u64> {
    let chosen = std::env::var("TWIN_SEEDS").ok();
    let bounds = chosen.as_deref().and_then(|text| text.split_once(".."));
    bounds.map_or(1..5, |(first, end)| first.parse().unwrap()..end.parse().unwrap())
}
