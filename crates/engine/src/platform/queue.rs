//! The waiting room of a pool's workers (排队): bounded, and fair to all parties.
//!
//! Two lanes. Care of today goes first, because a patient stands at the counter; care of earlier days (what an
//! outage left behind, uploads of yesterday's fees) gets every fourth place while both wait, so that it always gets on.
//! Within a lane parties take turns, one message each, so that one with a thousand waiting messages holds up nobody: neither a
//! provider the others, nor a clerk's import the clerk's own hospital. A message never overtakes another of its party and lane.
//!
//! Uploads of documents wait in a lane of their own behind these two: they never share a transaction with a patient, come in small
//! parts, at most every fourth turn while anybody else waits, and to one taker at a time, for the same rows count them.
//!
//! Full and closed are different answers: who meets a full queue tries again, who meets a closed one ends.

use std::collections::{HashMap, VecDeque};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use yibao_domain::party::{Party, PartyKind};

/// While both lanes wait, one place in this many is for care of earlier days.
const EARLIER_ONE_IN: u32 = 4;
/// Uploads are handed out until they weigh so much together: who comes meanwhile waits for no more.
const WEIGHT_MAX: usize = 40;

/// Which lane a message waits in.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Lane {
    /// Care of today, or of no day.
    Today,
    /// Care of an earlier day.
    Earlier,
    /// Documents that are deposited, whatever day they are about.
    Uploads,
}

/// Places in a queue.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Places {
    /// How many may wait before the next caller is turned away.
    pub callers: usize,
    /// Places more for what the platform does by itself, which waits for its answers before it hands in more: it gets on
    /// while callers fill the queue.
    pub platform: usize,
}

impl Default for Places {
    fn default() -> Places {
        Places { callers: 10_000, platform: 128 }
    }
}

/// Why nobody was let in.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum TurnedAway {
    /// Too many wait.
    Full,
    /// The platform stops.
    Closed,
}

/// A bounded queue with many takers.
pub(crate) struct Queue<T> {
    waiting: Mutex<Waiting<T>>,
    arrived: Condvar,
    places: Places,
    weigh: fn(&T) -> usize,
}

struct Waiting<T> {
    today: Turns<T>,
    earlier: Turns<T>,
    uploads: Turns<T>,
    /// Places given to today's care since an earlier day had one.
    since_earlier: u32,
    /// Turns given to care since uploads had one.
    since_uploads: u32,
    /// Somebody has uploads in hand.
    is_uploading: bool,
    closed: bool,
}

/// One lane: the parties in the order of their turns, and what each has waiting.
struct Turns<T> {
    order: VecDeque<Party>,
    of: HashMap<Party, VecDeque<T>>,
    length: usize,
}

impl<T> Queue<T> {
    /// An empty queue with so many places; `weigh` says how heavy a message is, 0 for most.
    pub fn new(places: Places, weigh: fn(&T) -> usize) -> Queue<T> {
        let waiting = Waiting {
            today: Turns::new(),
            earlier: Turns::new(),
            uploads: Turns::new(),
            since_earlier: 0,
            since_uploads: 0,
            is_uploading: false,
            closed: false,
        };
        Queue { waiting: Mutex::new(waiting), arrived: Condvar::new(), places, weigh }
    }

    /// Takes a place for `party`; gives the message back where the queue is full or closed, and says which.
    pub fn push(&self, party: Party, lane: Lane, message: T) -> Result<(), (T, TurnedAway)> {
        let places = match party.kind() {
            PartyKind::Platform => self.places.callers + self.places.platform,
            _ => self.places.callers,
        };
        let mut waiting = self.lock();
        if waiting.closed {
            return Err((message, TurnedAway::Closed));
        }
        if waiting.length() >= places {
            return Err((message, TurnedAway::Full));
        }
        match lane {
            Lane::Today => waiting.today.push(party, message),
            Lane::Earlier => waiting.earlier.push(party, message),
            Lane::Uploads => waiting.uploads.push(party, message),
        }
        drop(waiting);
        self.arrived.notify_one();
        Ok(())
    }

    /// Waits for messages and takes those whose turn it is, `most` of them at most, with the number left behind;
    /// nothing once the queue is closed and empty.
    pub fn take(&self, most: usize) -> Option<(Vec<T>, usize)> {
        let mut waiting = self.lock();
        while !waiting.has_some_for_a_taker() {
            if waiting.closed && waiting.length() == 0 {
                return None;
            }
            waiting = self.arrived.wait(waiting).unwrap_or_else(PoisonError::into_inner);
        }
        Some(self.hand_out(waiting, most))
    }

    /// The same without waiting: nothing where nothing waits.
    pub fn take_waiting(&self, most: usize) -> Option<(Vec<T>, usize)> {
        let waiting = self.lock();
        if waiting.has_some_for_a_taker() { Some(self.hand_out(waiting, most)) } else { None }
    }

    fn hand_out(&self, mut waiting: MutexGuard<'_, Waiting<T>>, most: usize) -> (Vec<T>, usize) {
        let taken = if waiting.uploads_are_due() {
            waiting.since_uploads = 0;
            waiting.is_uploading = true;
            let (mut taken, mut weight) = (Vec::new(), 0);
            while taken.len() < most && weight < WEIGHT_MAX {
                let Some(next) = waiting.uploads.next() else { break };
                weight += (self.weigh)(&next);
                taken.push(next);
            }
            taken
        } else {
            waiting.since_uploads = waiting.since_uploads.saturating_add(1);
            std::iter::from_fn(|| waiting.next()).take(most).collect()
        };
        let left = waiting.length();
        drop(waiting);
        if left > 0 {
            self.arrived.notify_one();
        }
        (taken, left)
    }

    /// Whoever had uploads in hand is done with them.
    pub fn uploaded(&self) {
        self.lock().is_uploading = false;
        self.arrived.notify_all();
    }

    /// Takes no more; what waits is still handed out.
    pub fn close(&self) {
        self.lock().closed = true;
        self.arrived.notify_all();
    }

    fn lock(&self) -> MutexGuard<'_, Waiting<T>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<T> Waiting<T> {
    fn length(&self) -> usize {
        self.today.length + self.earlier.length + self.uploads.length
    }

    fn has_some_for_a_taker(&self) -> bool {
        self.today.length + self.earlier.length > 0 || (self.uploads.length > 0 && !self.is_uploading)
    }

    fn uploads_are_due(&self) -> bool {
        let is_nobody_else = self.today.length + self.earlier.length == 0;
        let may = self.uploads.length > 0 && !self.is_uploading;
        may && (is_nobody_else || self.since_uploads + 1 >= EARLIER_ONE_IN)
    }

    fn next(&mut self) -> Option<T> {
        let earlier_is_due = self.since_earlier + 1 >= EARLIER_ONE_IN;
        if self.earlier.length > 0 && (earlier_is_due || self.today.length == 0) {
            self.since_earlier = 0;
            return self.earlier.next();
        }
        let next = self.today.next()?;
        self.since_earlier = self.since_earlier.saturating_add(1);
        Some(next)
    }
}

impl<T> Turns<T> {
    fn new() -> Turns<T> {
        Turns { order: VecDeque::new(), of: HashMap::new(), length: 0 }
    }

    fn push(&mut self, party: Party, message: T) {
        self.length += 1;
        if let Some(own) = self.of.get_mut(&party) {
            own.push_back(message);
        } else {
            self.order.push_back(party.clone());
            self.of.insert(party, VecDeque::from([message]));
        }
    }

    fn next(&mut self) -> Option<T> {
        let party = self.order.pop_front()?;
        let own = self.of.get_mut(&party)?;
        let message = own.pop_front()?;
        self.length -= 1;
        if own.is_empty() {
            self.of.remove(&party);
        } else {
            self.order.push_back(party);
        }
        Some(message)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn queue<T>(callers: usize) -> Queue<T> {
        Queue::new(Places { callers, platform: 1 }, |_| 0)
    }

    fn all(queue: &Queue<&'static str>) -> Vec<&'static str> {
        queue.close();
        std::iter::from_fn(|| queue.take(2)).flat_map(|(taken, _)| taken).collect()
    }

    #[test]
    fn parties_take_turns() {
        let queue = queue(10);
        for (provider, message) in [("A", "a1"), ("A", "a2"), ("A", "a3"), ("B", "b1"), ("B", "b2"), ("C", "c1")] {
            queue.push(Party::provider(provider), Lane::Today, message).unwrap();
        }
        assert_eq!(all(&queue), ["a1", "b1", "c1", "a2", "b2", "a3"]);
    }

    #[test]
    fn a_clerk_and_a_provider_of_one_code_take_turns_too() {
        let queue = queue(10);
        for message in ["row 1", "row 2", "row 3"] {
            queue.push(Party::clerk("A"), Lane::Today, message).unwrap();
        }
        queue.push(Party::provider("A"), Lane::Today, "till").unwrap();
        assert_eq!(all(&queue), ["row 1", "till", "row 2", "row 3"]);
    }

    #[test]
    fn care_of_today_goes_first_and_earlier_care_gets_every_fourth_place() {
        let queue = queue(20);
        for message in ["e1", "e2", "e3"] {
            queue.push(Party::provider("A"), Lane::Earlier, message).unwrap();
        }
        for message in ["t1", "t2", "t3", "t4", "t5"] {
            queue.push(Party::provider("A"), Lane::Today, message).unwrap();
        }
        assert_eq!(all(&queue), ["t1", "t2", "t3", "e1", "t4", "t5", "e2", "e3"]);
    }

    #[test]
    fn uploads_come_in_small_parts_of_their_own_behind_everybody_to_one_taker_at_a_time() {
        let queue = Queue::new(Places { callers: 500, platform: 1 }, |_: &&str| WEIGHT_MAX / 2);
        let push = |lane, messages: &[&'static str]| {
            messages.iter().for_each(|message| queue.push(Party::provider("A"), lane, *message).unwrap());
        };
        push(Lane::Uploads, &["u1", "u2", "u3", "u4", "u5"]);
        push(Lane::Today, &["t1", "t2"]);
        push(Lane::Earlier, &["e1"]);
        assert_eq!(queue.take(256), Some((vec!["t1", "t2", "e1"], 5)), "never with a patient");
        assert_eq!(queue.take(256), Some((vec!["u1", "u2"], 3)), "a small part");
        assert_eq!(queue.take_waiting(256), None, "somebody has uploads in hand");
        push(Lane::Today, &["t3"]);
        assert_eq!(queue.take(256), Some((vec!["t3"], 3)), "a patient goes on beside them");
        queue.uploaded();
        // While others keep coming, every fourth turn is theirs.
        let mut turns = Vec::new();
        for _ in 0..4 {
            push(Lane::Today, &["t"]);
            let (taken, _) = queue.take(256).unwrap();
            turns.push(taken[0]);
            queue.uploaded();
        }
        assert_eq!(turns, ["t", "t", "u3", "t"]);
        queue.close();
        assert_eq!(queue.take(256), Some((vec!["u5"], 0)));
        assert_eq!(queue.take(256), None);
    }

    #[test]
    fn a_full_queue_and_a_closed_one_give_the_message_back_and_say_which() {
        let queue = queue(2);
        queue.push(Party::provider("A"), Lane::Today, "a1").unwrap();
        queue.push(Party::provider("B"), Lane::Earlier, "b1").unwrap();
        assert_eq!(queue.push(Party::provider("C"), Lane::Today, "c1"), Err(("c1", TurnedAway::Full)));
        queue.push(Party::platform(""), Lane::Earlier, "p1").unwrap();
        assert_eq!(queue.push(Party::platform(""), Lane::Earlier, "p2"), Err(("p2", TurnedAway::Full)));
        assert_eq!(queue.take_waiting(2), Some((vec!["a1", "b1"], 1)));
        assert_eq!(queue.take(1), Some((vec!["p1"], 0)));
        assert_eq!(queue.take_waiting(1), None);
        queue.push(Party::provider("C"), Lane::Today, "c1").unwrap();
        queue.close();
        assert_eq!(queue.push(Party::provider("D"), Lane::Today, "d1"), Err(("d1", TurnedAway::Closed)));
        assert_eq!(all(&queue), ["c1"]);
        assert_eq!(queue.take(1), None);
    }

    #[test]
    #[expect(clippy::disallowed_methods, reason = "takers wait in threads of their own, as the binary's do")]
    fn takers_that_wait_are_woken() {
        let queue = queue(1_000);
        let taken: usize = std::thread::scope(|scope| {
            let takers: Vec<_> = (0..4)
                .map(|_| {
                    scope.spawn(|| std::iter::from_fn(|| queue.take(3)).map(|(some, _)| some.len()).sum::<usize>())
                })
                .collect();
            for message in 0..500 {
                queue.push(Party::provider(&format!("P{}", message % 7)), Lane::Today, message).unwrap();
            }
            queue.close();
            takers.into_iter().map(|taker| taker.join().unwrap()).sum()
        });
        assert_eq!(taken, 500);
    }

    proptest! {
        /// Nothing is lost or doubled, a provider's messages of a lane keep their order, and between two messages of
        /// one provider every other provider that waits in the lane has had its turn.
        #[test]
        fn turns_are_fair(pushed in proptest::collection::vec((0_u8..5, any::<bool>()), 1..60)) {
            let queue = queue(100);
            for (number, (provider, today)) in pushed.iter().enumerate() {
                let lane = if *today { Lane::Today } else { Lane::Earlier };
                prop_assert!(queue.push(Party::provider(&provider.to_string()), lane, (*provider, *today, number)).is_ok());
            }
            queue.close();
            let taken: Vec<(u8, bool, usize)> =
                std::iter::from_fn(|| queue.take(7)).flat_map(|(taken, _)| taken).collect();
            prop_assert_eq!(taken.len(), pushed.len());
            for lane in [true, false] {
                let lane: Vec<_> = taken.iter().filter(|(_, today, _)| *today == lane).collect();
                for provider in 0..5 {
                    let own: Vec<usize> = lane.iter().filter(|one| one.0 == provider).map(|one| one.2).collect();
                    prop_assert!(own.is_sorted(), "the order of provider {} is {:?}", provider, own);
                    let places: Vec<usize> = (0..lane.len()).filter(|at| lane[*at].0 == provider).collect();
                    for pair in places.windows(2) {
                        let between: Vec<u8> = lane[pair[0] + 1..pair[1]].iter().map(|one| one.0).collect();
                        for other in lane[pair[1]..].iter().map(|one| one.0).filter(|other| *other != provider) {
                            prop_assert!(between.contains(&other), "{} waits while {} goes twice", other, provider);
                        }
                    }
                }
            }
        }
    }
}
