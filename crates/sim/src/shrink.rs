//! The smallest history that still fails (缩小): first whole persons are left out, then events. What is left is the same as it was,
//! since each person and each matter has its own stream of chance; persons, seed and days stay, because they decide what is drawn.

use crate::life::{Event, EventId};
use crate::run::Wish;
use std::collections::BTreeSet;

/// Leaves out of a wish's history what it fails without; `fails` plays and judges one. `None` where it does not fail at all.
/// `seen` is told after each try how many events are left.
pub fn shrunk<E>(
    wish: &Wish,
    all: &[Event],
    mut fails: impl FnMut(&Wish) -> Result<bool, E>,
    mut seen: impl FnMut(usize),
) -> Result<Option<Wish>, E> {
    let only = |ids: &[EventId]| Wish { only: ids.to_vec(), ..wish.clone() };
    let events: Vec<EventId> = all.iter().map(|event| event.id).collect();
    if !fails(&only(&events))? {
        return Ok(None);
    }
    let persons: BTreeSet<u64> = events.iter().map(|id| id.person).collect();
    let of = |persons: &[u64]| -> Vec<EventId> {
        events.iter().copied().filter(|id| persons.contains(&id.person)).collect()
    };
    let persons = smallest(Vec::from_iter(persons), |persons| {
        let left = of(persons);
        seen(left.len());
        fails(&only(&left))
    })?;
    let events = smallest(of(&persons), |left| {
        seen(left.len());
        fails(&only(left))
    })?;
    Ok(Some(only(&events)))
}

/// Leaves out ever smaller shares of what fails as long as it still fails (delta debugging); what is left is some, and fails.
fn smallest<T: Clone, E>(mut items: Vec<T>, mut fails: impl FnMut(&[T]) -> Result<bool, E>) -> Result<Vec<T>, E> {
    let mut shares = 2;
    while items.len() > 1 {
        let size = items.len().div_ceil(shares);
        let mut found = None;
        for at in (0..items.len()).step_by(size) {
            let end = (at + size).min(items.len());
            let rest: Vec<T> = items[..at].iter().chain(&items[end..]).cloned().collect();
            if !rest.is_empty() && fails(&rest)? {
                found = Some(rest);
                break;
            }
        }
        match found {
            Some(rest) => {
                items = rest;
                shares = (shares - 1).max(2);
            }
            None if size == 1 => break,
            None => shares = (shares * 2).min(items.len()),
        }
    }
    Ok(items)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_fails_only_together_is_left_together() {
        let mut tries = 0;
        let left = smallest((0..100).collect(), |items: &[u32]| {
            tries += 1;
            Ok::<bool, ()>(items.contains(&17) && items.contains(&80))
        });
        assert_eq!(left, Ok(vec![17, 80]));
        assert!(tries < 60, "{tries}");
    }

    #[test]
    fn what_always_fails_becomes_one() {
        assert_eq!(smallest(vec![1, 2, 3, 4, 5], |_| Ok::<bool, ()>(true)).map(|left| left.len()), Ok(1));
    }
}
