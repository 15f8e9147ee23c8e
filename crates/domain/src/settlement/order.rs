//! The order in which a person's settlements count (计入次序, `decisions` 6-8): the one definition of it.
//!
//! Ordinary business counts when it is recorded. What an outage kept back counts when it would have been settled: a visit or
//! purchase at once, a stay at its discharge, but after the leg of a transfer that it came from. What is put into that order finds what counted before it as it stood then:
//! a cancellation after its own time, and whatever counts later, change nothing for it.

use crate::key::Key;
use crate::time::{Date, DateTime};
use std::collections::HashMap;
use std::hash::Hash;

/// Care that an outage kept from being settled when it was due.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum KeptBack {
    /// A visit or a purchase.
    Visit {
        /// When it was.
        begins: DateTime,
    },
    /// A stay that is over.
    Stay {
        /// Its discharge.
        discharged: DateTime,
    },
}

/// When a settlement counts among the person's settlements. It is written once, with the settlement.
pub fn counts_at(recorded: DateTime, kept_back: Option<KeptBack>) -> DateTime {
    match kept_back {
        None => recorded,
        Some(KeptBack::Visit { begins }) => begins.min(recorded),
        Some(KeptBack::Stay { discharged }) => discharged.min(recorded),
    }
}

/// The same of a stay that came from another leg of a transfer: it would have been settled after that one, so it counts
/// after it, at the same moment at the earliest.
pub fn after_leg(counts_at: DateTime, leg: Option<DateTime>) -> DateTime {
    leg.map_or(counts_at, |leg| counts_at.max(leg))
}

/// The discharge of a stay that is over; where no time is known, the beginning of its last day, but not before its admission.
pub fn discharged_at(admitted: DateTime, endtime: Option<DateTime>, last_day: Date) -> DateTime {
    endtime.unwrap_or_else(|| last_day.at(0, 0, 0, 0).max(admitted))
}

/// The life of a settlement, as far as the order asks.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Life {
    /// Its id.
    pub setl_id: String,
    /// The first settlement of these amounts: itself, or the one that it puts back or redoes.
    pub root: String,
    /// The encounter.
    pub encounter: String,
    /// The charging batch; empty for a stay or purchase.
    pub batch: String,
    /// The provider.
    pub provider: String,
    /// When it counts.
    pub counts_at: DateTime,
    /// When it was recorded.
    pub recorded_at: DateTime,
    /// When it was cancelled.
    pub cancelled_at: Option<DateTime>,
}

impl Life {
    /// Whether it stands today.
    pub fn stands(&self) -> bool {
        self.cancelled_at.is_none()
    }
}

/// A place in the order.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Place<'a> {
    /// The moment.
    pub at: DateTime,
    /// Whose place it is.
    pub of: Of<'a>,
}

/// Whose a place is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Of<'a> {
    /// Of a settlement, by the first of its amounts.
    Settled(&'a str),
    /// Of a new one, which comes after all of its moment.
    New(Bill<'a>),
}

/// What a settlement settles.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Bill<'a> {
    /// The encounter.
    pub encounter: &'a str,
    /// The charging batch; empty for a stay or purchase.
    pub batch: &'a str,
    /// The provider.
    pub provider: &'a str,
}

/// The care that a place is of, among those that are known: none of the same where it is the first.
#[derive(Clone, Copy)]
struct Own {
    /// The first one of the same bill.
    bill: Option<usize>,
    /// The first one of the same provider and moment.
    care: Option<usize>,
    /// When it is recorded; none where that is now.
    recorded_at: Option<DateTime>,
}

/// A person's settlements, arranged once: what counts before a place is then found by going through them once.
pub struct Order {
    /// In the order of recording.
    lives: Vec<Life>,
    /// Where the first one of the same amounts was recorded, by their root.
    firsts: HashMap<Key<String>, usize>,
    /// The same for each of the lives.
    families: Vec<usize>,
    /// The first one of the same bill, for each.
    bills: Vec<usize>,
    /// The first one of the same provider and moment, for each.
    cares: Vec<usize>,
}

impl Order {
    /// Of settlements in the order of recording.
    pub fn new(lives: Vec<Life>) -> Order {
        let families = firsts(lives.iter().map(|life| &*life.root));
        let bills = firsts(lives.iter().map(|life| (&*life.encounter, &*life.batch)));
        let cares = firsts(lives.iter().map(|life| (&*life.provider, life.counts_at)));
        let roots = lives.iter().zip(&families).map(|(life, first)| (Key(life.root.clone()), *first));
        Order { firsts: roots.collect(), families, bills, cares, lives }
    }

    /// Where the first settlement of these amounts was recorded; after all where there is none.
    pub fn rank(&self, root: &str) -> usize {
        self.firsts.get(&Key(root.to_owned())).copied().unwrap_or(self.lives.len())
    }

    /// Which of them count before a place: each with whether it does.
    pub fn before(&self, place: Place<'_>) -> Vec<bool> {
        let own = self.rank_of(place.of);
        let earlier = |index: usize| {
            let (life, rank) = (&self.lives[index], self.families[index]);
            rank != own && (life.counts_at < place.at || life.counts_at == place.at && rank < own)
        };
        let earlier: Vec<bool> = (0..self.lives.len()).map(earlier).collect();
        let (away, replaced) = (self.away(place.at), self.replaced(&earlier, self.own(place)));
        let counts = |(index, life): (usize, &Life)| {
            earlier[index]
                && !away[self.families[index]]
                && life.cancelled_at.is_none_or(|at| at > place.at && !replaced[index])
        };
        self.lives.iter().enumerate().map(counts).collect()
    }

    /// All of them in the order in which they count: their numbers in what was given.
    pub fn in_order(&self) -> Vec<usize> {
        let mut numbers: Vec<usize> = (0..self.lives.len()).collect();
        numbers.sort_by_key(|number| (self.lives[*number].counts_at, self.families[*number], *number));
        numbers
    }

    /// Those that stand today and count after a place, in the order in which they count.
    pub fn standing_after(&self, place: Place<'_>) -> Vec<&Life> {
        let own = self.rank_of(place.of);
        let is_later = |number: &usize| {
            let (life, rank) = (&self.lives[*number], self.families[*number]);
            life.stands() && rank != own && (life.counts_at, rank) >= (place.at, own)
        };
        self.in_order().into_iter().filter(is_later).map(|number| &self.lives[number]).collect()
    }

    fn rank_of(&self, of: Of<'_>) -> usize {
        match of {
            Of::Settled(root) => self.rank(root),
            Of::New(_) => self.lives.len(),
        }
    }

    fn own(&self, place: Place<'_>) -> Own {
        match place.of {
            Of::Settled(root) => {
                let own = self.firsts.get(&Key(root.to_owned())).copied();
                Own {
                    bill: own.map(|own| self.bills[own]),
                    care: own.map(|own| self.cares[own]),
                    recorded_at: own.map(|own| self.lives[own].recorded_at),
                }
            }
            Of::New(Bill { encounter, batch, provider }) => {
                let first = |is_same: &dyn Fn(&Life) -> bool| self.lives.iter().position(is_same);
                Own {
                    bill: first(&|life| life.encounter == encounter && life.batch == batch),
                    care: first(&|life| life.provider == provider && life.counts_at == place.at),
                    recorded_at: None,
                }
            }
        }
    }

    /// Whose amounts were cancelled at that moment, and put back only later.
    fn away(&self, at: DateTime) -> Vec<bool> {
        let mut away = vec![false; self.lives.len()];
        let mut gone: Vec<Option<DateTime>> = vec![None; self.lives.len()];
        for (back, family) in self.lives.iter().zip(&self.families) {
            away[*family] |= gone[*family].is_some_and(|cancelled_at| cancelled_at <= at && at < back.recorded_at);
            gone[*family] = back.cancelled_at;
        }
        away
    }

    /// Whether the same care was settled again since its cancellation and counts before that place too, or is what the place is
    /// of: it counts once, and is not built on itself.
    fn replaced(&self, earlier: &[bool], own: Own) -> Vec<bool> {
        let mut replaced = vec![false; self.lives.len()];
        // When one of the same was recorded last, of those that come after.
        let (mut of_bill, mut of_care) = (vec![None; self.lives.len()], vec![None; self.lives.len()]);
        for (index, life) in self.lives.iter().enumerate().rev() {
            let (bill, care) = (self.bills[index], self.cares[index]);
            let last = of_bill[bill].max(of_care[care]);
            let is_own = own.bill == Some(bill) || own.care == Some(care);
            replaced[index] = life.cancelled_at.is_some_and(|at| {
                last.is_some_and(|last| at <= last) || (is_own && own.recorded_at.is_none_or(|recorded| at <= recorded))
            });
            if earlier[index] {
                of_bill[bill] = of_bill[bill].max(Some(life.recorded_at));
                of_care[care] = of_care[care].max(Some(life.recorded_at));
            }
        }
        replaced
    }
}

/// Where the first one of the same key stands, for each.
fn firsts<T: Hash + Eq>(keys: impl Iterator<Item = T>) -> Vec<usize> {
    let mut first: HashMap<Key<T>, usize> = HashMap::new();
    keys.enumerate().map(|(index, key)| *first.entry(Key(key)).or_insert(index)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::key::compared;
    use jiff::civil::date;
    use proptest::prelude::*;

    fn day(day: i8) -> DateTime {
        date(2021, 7, day).at(12, 0, 0, 0)
    }

    /// A settlement of an encounter of its own, that counts and was recorded on these days.
    fn life(setl_id: &str, counts: i8, recorded: i8) -> Life {
        Life {
            setl_id: setl_id.into(),
            root: setl_id.into(),
            encounter: format!("E-{setl_id}"),
            batch: String::new(),
            provider: "H1".into(),
            counts_at: day(counts),
            recorded_at: day(recorded),
            cancelled_at: None,
        }
    }

    fn cancelled(of: Life, on: i8) -> Life {
        Life { cancelled_at: Some(day(on)), ..of }
    }

    /// The same bill settled once more.
    fn again(setl_id: &str, of: &Life, root: &str, counts: i8, recorded: i8) -> Life {
        Life { root: root.into(), encounter: of.encounter.clone(), ..life(setl_id, counts, recorded) }
    }

    /// The bill of care that none of the lives is of.
    const OTHER: Bill<'_> = Bill { encounter: "E-other", batch: "", provider: "H9" };

    #[track_caller]
    fn check(all: &[Life], at: i8, of: Option<&str>, expected: &[&str]) {
        let of = of.map_or(Of::New(OTHER), Of::Settled);
        let counting = Order::new(all.to_vec()).before(Place { at: day(at), of });
        let found: Vec<&str> =
            all.iter().zip(counting).filter(|(_, counts)| *counts).map(|(life, _)| life.setl_id.as_str()).collect();
        assert_eq!(found, expected, "on day {at}");
    }

    #[test]
    fn what_an_outage_kept_back_counts_when_it_was_due_and_all_else_when_it_is_recorded() {
        assert_eq!(counts_at(day(20), None), day(20));
        assert_eq!(counts_at(day(20), Some(KeptBack::Visit { begins: day(12) })), day(12));
        assert_eq!(counts_at(day(20), Some(KeptBack::Stay { discharged: day(14) })), day(14));
        assert_eq!(
            [None, Some(day(12)), Some(day(16))].map(|leg| after_leg(day(14), leg)),
            [day(14), day(14), day(16)]
        );
        let admitted = date(2021, 7, 13).at(9, 0, 0, 0);
        assert_eq!(discharged_at(admitted, None, date(2021, 7, 14)), date(2021, 7, 14).at(0, 0, 0, 0));
        assert_eq!(discharged_at(admitted, None, date(2021, 7, 13)), admitted);
        assert_eq!(discharged_at(admitted, Some(day(13)), date(2021, 7, 13)), day(13));
    }

    #[test]
    fn a_late_ordinary_claim_counts_after_an_outage_event_however_early_its_care_was() {
        let all = [life("ordinary", 20, 20), life("late claim", 25, 25), life("event", 12, 28)];
        check(&all, 12, Some("event"), &[]);
        check(&all, 20, Some("ordinary"), &["event"]);
        check(&all, 25, Some("late claim"), &["ordinary", "event"]);
    }

    #[test]
    fn of_one_moment_what_was_recorded_first_counts_first() {
        let all = [life("a", 12, 12), life("b", 12, 12)];
        check(&all, 12, Some("a"), &[]);
        check(&all, 12, Some("b"), &["a"]);
        check(&all, 12, None, &["a", "b"]);
    }

    #[test]
    fn what_counts_after_a_place_is_told_in_the_order_in_which_it_counts_whenever_it_was_recorded() {
        let cancelled_one = cancelled(life("late", 20, 20), 28);
        let all =
            [life("last", 27, 27), life("event", 12, 28), life("next", 22, 29), cancelled(life("gone", 23, 23), 24)];
        let after = |all: &[Life], at: i8, of: Option<&str>| -> Vec<String> {
            let order = Order::new(all.to_vec());
            let of = of.map_or(Of::New(OTHER), Of::Settled);
            order.standing_after(Place { at: day(at), of }).into_iter().map(|life| life.setl_id.clone()).collect()
        };
        let with_it: Vec<Life> = all.iter().cloned().chain([cancelled_one]).collect();
        assert_eq!(after(&with_it, 20, Some("late")), ["next", "last"]);
        assert_eq!(after(&all, 12, Some("event")), ["next", "last"]);
        // Of one moment by the first recording; amounts that were put back keep the place of the first.
        let first = cancelled(life("a", 12, 12), 13);
        let same = [first.clone(), life("b", 12, 12), again("c", &first, "a", 12, 14)];
        assert_eq!(after(&same, 12, Some("b")), Vec::<String>::new());
        assert_eq!(after(&same, 12, Some("a")), ["b"]);
    }

    #[test]
    fn what_was_cancelled_later_counts_as_it_stood_and_what_was_cancelled_before_does_not() {
        let all = [cancelled(life("a", 5, 5), 20), life("b", 22, 22)];
        check(&all, 12, None, &["a"]);
        check(&all, 20, None, &[]);
        check(&all, 22, Some("b"), &[]);
    }

    #[test]
    fn care_that_was_settled_anew_counts_once() {
        let first = cancelled(life("a", 5, 5), 20);
        // Ordinary business: it counts anew from then.
        check(&[first.clone(), again("b", &first, "b", 20, 20)], 12, None, &["a"]);
        check(&[first.clone(), again("b", &first, "b", 20, 20)], 21, None, &["b"]);
        // Redone in its place.
        check(&[first.clone(), again("b", &first, "a", 5, 20)], 12, None, &["b"]);
        // Redone and cancelled for good.
        check(&[first.clone(), cancelled(again("b", &first, "a", 5, 20), 24)], 12, None, &["b"]);
        // An outage's visit that was entered anew, as another encounter.
        let entered = cancelled(life("x", 11, 16), 17);
        check(&[entered, life("y", 11, 18)], 12, None, &["y"]);
    }

    #[test]
    fn what_is_settled_anew_in_its_own_place_is_not_built_on_what_it_was() {
        let first = cancelled(life("a", 5, 16), 20);
        let (stay, visit) = (Bill { encounter: "E-a", ..OTHER }, Bill { encounter: "E-new", provider: "H1", ..OTHER });
        for bill in [stay, visit] {
            let order = Order::new(vec![first.clone()]);
            assert_eq!(order.before(Place { at: day(5), of: Of::New(bill) }), [false], "{bill:?}");
        }
        // Nor is it once it stands.
        check(&[first.clone(), again("b", &first, "b", 5, 24)], 5, Some("b"), &[]);
        // What is another's counts as it stood.
        check(&[first.clone(), life("c", 6, 24)], 6, Some("c"), &["a"]);
    }

    #[test]
    fn amounts_that_were_put_back_did_not_stand_in_between() {
        let first = cancelled(life("a", 5, 5), 20);
        let back = again("b", &first, "a", 5, 25);
        for (at, expected) in [(12, vec!["b"]), (22, vec![]), (26, vec!["b"])] {
            check(&[first.clone(), back.clone()], at, None, &expected);
        }
    }

    /// A life drawn from small numbers: root, bill, provider, when it counts, was recorded and cancelled.
    fn drawn(index: usize, (root, bill, provider, counts, recorded, cancelled): (usize, i8, i8, i8, i8, i8)) -> Life {
        Life {
            setl_id: index.to_string(),
            root: root.min(index).to_string(),
            encounter: format!("E{}", bill / 2),
            batch: format!("B{}", bill % 2),
            provider: format!("H{provider}"),
            counts_at: day(1 + counts),
            recorded_at: day(1 + recorded),
            cancelled_at: (cancelled < 9).then(|| day(1 + recorded + cancelled)),
        }
    }

    /// The same, said as slowly as it is meant.
    fn count_before(all: &[Life], place: Place<'_>) -> Vec<bool> {
        let first = |root: &str| all.iter().position(|life| life.root == root);
        let root = match place.of {
            Of::Settled(root) => Some(root),
            Of::New(_) => None,
        };
        let own = root.and_then(first).unwrap_or(all.len());
        let is_own = |life: &Life| match place.of {
            Of::New(bill) => {
                let same_bill = bill.encounter == life.encounter && bill.batch == life.batch;
                same_bill || bill.provider == life.provider && place.at == life.counts_at
            }
            Of::Settled(_) => all.get(own).is_some_and(|own| {
                let same_bill = own.encounter == life.encounter && own.batch == life.batch;
                let same_care = own.provider == life.provider && own.counts_at == life.counts_at;
                (same_bill || same_care) && life.cancelled_at.is_some_and(|at| at <= own.recorded_at)
            }),
        };
        let earlier = |life: &Life| {
            root != Some(life.root.as_str())
                && (life.counts_at < place.at
                    || life.counts_at == place.at && first(&life.root).is_some_and(|rank| rank < own))
        };
        let counts = |(index, life): (usize, &Life)| {
            earlier(life)
                && match life.cancelled_at {
                    None => true,
                    Some(at) => at > place.at && !is_own(life) && !is_replaced(life, at, &all[index + 1..], &earlier),
                }
                && !was_away(life, all, place.at)
        };
        all.iter().enumerate().map(counts).collect()
    }

    /// Whether the same care was settled again since its cancellation and counts before that place too: it counts once.
    fn is_replaced(life: &Life, cancelled_at: DateTime, since: &[Life], earlier: &impl Fn(&Life) -> bool) -> bool {
        since.iter().any(|other| {
            let same_bill = other.encounter == life.encounter && other.batch == life.batch;
            let same_care = other.provider == life.provider && other.counts_at == life.counts_at;
            other.recorded_at >= cancelled_at && (same_bill || same_care) && earlier(other)
        })
    }

    /// Whether these amounts were cancelled at that moment, and put back only later.
    fn was_away(life: &Life, all: &[Life], at: DateTime) -> bool {
        let family = || all.iter().filter(|other| other.root == life.root);
        family().zip(family().skip(1)).any(|(gone, back)| {
            gone.cancelled_at.is_some_and(|cancelled_at| cancelled_at <= at && at < back.recorded_at)
        })
    }

    proptest! {
        #[test]
        fn arranged_once_it_says_what_comparing_each_with_each_says(
            lives in prop::collection::vec((0_usize..6, 0_i8..4, 0_i8..2, 0_i8..9, 0_i8..9, 0_i8..14), 1..9),
            at in 0_i8..12,
            of in 0_usize..9,
        ) {
            let all: Vec<Life> = lives.into_iter().enumerate().map(|(index, one)| drawn(index, one)).collect();
            let order = Order::new(all.clone());
            let root = all.get(of).map(|life| life.root.as_str());
            let bill = Bill { encounter: "E1", batch: "B1", provider: "H1" };
            let settled = root.into_iter().chain(["nobody"]).map(Of::Settled);
            for of in settled.chain([Of::New(OTHER), Of::New(bill)]) {
                let place = Place { at: day(1 + at), of };
                prop_assert_eq!(order.before(place), count_before(&all, place), "{:?} of {:?}", place, all);
            }
        }
    }

    #[test]
    fn ten_times_the_settlements_are_arranged_by_ten_times_the_comparisons_and_asked_by_one() {
        let compared = |count: usize| {
            let all = (0..count).map(|index| drawn(index, (index / 2 * 2, 0, 0, 1, 2, 9))).collect();
            let mut order = None;
            let arranged = compared::by(|| order = Some(Order::new(all)));
            let order = order.expect("it was arranged");
            (arranged, compared::by(|| drop(order.before(Place { at: day(9), of: Of::Settled("0") }))))
        };
        let ((few, asked), (many, asked_of_many)) = (compared(100), compared(1_000));
        assert!(many <= 12 * few, "{few} and {many}");
        assert!(asked <= 2 && asked_of_many <= 2, "{asked} and {asked_of_many}");
    }
}
