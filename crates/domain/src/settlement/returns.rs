//! Returns (退费明细): whether what a bill takes back was charged before.
//!
//! A line with a negative quantity is a return. Where it names its original, that line is there, of the same item, and no
//! more is taken back from it than it charged; with or without a name, no more of an item is taken back than was charged
//! of it; in quantity and in money alike. Goes through the lines once, however many there are.

use crate::money::{Decimal, Money};
use std::collections::{BTreeMap, HashMap};

/// What of a line decides whether returns fit.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Charged<'a> {
    /// The line's serial (`feedetl_sn`), one of its own within the bill.
    pub serial: &'a str,
    /// Its item (`med_list_codg`).
    pub item: &'a str,
    /// Negative for a return.
    pub quantity: Decimal,
    /// With the sign of the quantity.
    pub amount: Money,
    /// The serial of the line that it takes back; empty where none is named.
    pub returns: &'a str,
}

impl Charged<'_> {
    /// Whether the line takes something back.
    pub fn is_return(&self) -> bool {
        self.quantity < Decimal::ZERO
    }
}

/// A return that does not fit.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Misfit<'a> {
    /// The line names an original that is not there, is a return itself, or is of another item.
    NoOriginal {
        /// The line.
        serial: &'a str,
        /// What it names.
        returns: &'a str,
    },
    /// More is taken back from a line than it charged.
    BeyondOriginal {
        /// The line that was charged.
        serial: &'a str,
        /// What it charged.
        charged: Quantity,
        /// What is taken back from it.
        returned: Quantity,
    },
    /// More of an item is taken back than was charged of it.
    BeyondItem {
        /// The item.
        item: &'a str,
        /// What was charged of it.
        charged: Quantity,
        /// What is taken back of it.
        returned: Quantity,
    },
}

/// How much, and for how much; of returns without their sign.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Quantity {
    /// How much.
    pub count: Decimal,
    /// For how much.
    pub amount: Money,
}

impl Quantity {
    fn of(line: &Charged<'_>) -> Quantity {
        let sign = if line.is_return() { Decimal::NEGATIVE_ONE } else { Decimal::ONE };
        let amount = if line.is_return() { line.amount.negated() } else { line.amount };
        Quantity { count: line.quantity * sign, amount }
    }

    fn add(&mut self, more: Quantity) {
        self.count += more.count;
        self.amount = self.amount.plus(more.amount);
    }

    fn exceeds(&self, charged: &Quantity) -> bool {
        self.count > charged.count || self.amount > charged.amount
    }
}

/// What was charged of each item of a bill, and what was taken back.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Items<'a>(BTreeMap<&'a str, Sums>);

#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
struct Sums {
    charged: Quantity,
    returned: Quantity,
}

impl<'a> Items<'a> {
    /// Adds lines of an item, taken together: all of them charge, or all take back, by the sign of their quantity.
    pub fn add(&mut self, item: &'a str, quantity: Decimal, amount: Money) {
        let line = Charged { serial: "", item, quantity, amount, returns: "" };
        let Sums { charged, returned } = self.0.entry(item).or_default();
        if line.is_return() { returned } else { charged }.add(Quantity::of(&line));
    }
}

/// The first return of a bill that does not fit; `None` where all of them do.
pub fn misfit<'a>(lines: &[Charged<'a>]) -> Option<Misfit<'a>> {
    let mut items = Items::default();
    for line in lines {
        items.add(line.item, line.quantity, line.amount);
    }
    misfit_of(lines, &items)
}

/// The same of a part of a bill: the lines that name an original, with the originals and all that name them; and the items
/// that these lines may have changed, each with all lines of the bill.
pub fn misfit_of<'a>(lines: &[Charged<'a>], items: &Items<'a>) -> Option<Misfit<'a>> {
    let mut by_serial: HashMap<&str, (&Charged<'a>, Quantity)> =
        lines.iter().map(|line| (line.serial, (line, Quantity::default()))).collect();
    for line in lines.iter().filter(|line| !line.returns.is_empty()) {
        let original = by_serial.get_mut(line.returns);
        match original.filter(|(original, _)| original.item == line.item && !original.is_return()) {
            None => return Some(Misfit::NoOriginal { serial: line.serial, returns: line.returns }),
            Some((_, returned)) if line.is_return() => returned.add(Quantity::of(line)),
            Some(_) => {}
        }
    }
    let beyond_original = lines.iter().find_map(|line| {
        let (returned, charged) = (by_serial[line.serial].1, Quantity::of(line));
        let beyond = !line.is_return() && returned.exceeds(&charged);
        beyond.then_some(Misfit::BeyondOriginal { serial: line.serial, charged, returned })
    });
    beyond_original.or_else(|| {
        items.0.iter().find_map(|(item, Sums { charged, returned })| {
            let (charged, returned) = (*charged, *returned);
            returned.exceeds(&charged).then_some(Misfit::BeyondItem { item, charged, returned })
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn line<'a>(serial: &'a str, item: &'a str, quantity: i64, price: i64, returns: &'a str) -> Charged<'a> {
        Charged { serial, item, quantity: Decimal::from(quantity), amount: Money::yuan(quantity * price), returns }
    }

    #[test]
    fn what_was_charged_may_be_taken_back_with_or_without_a_name() {
        assert_eq!(misfit(&[line("1", "A", 3, 10, ""), line("2", "A", -1, 10, "")]), None);
        assert_eq!(misfit(&[line("1", "A", 3, 10, ""), line("2", "A", -3, 10, "1")]), None);
        assert_eq!(misfit(&[line("2", "A", -1, 10, "1"), line("1", "A", 1, 10, "")]), None);
    }

    #[test]
    fn an_item_never_charged_is_not_taken_back() {
        let found = misfit(&[line("1", "A", 8, 100, ""), line("2", "B", -5, 10, "")]);
        assert!(matches!(found, Some(Misfit::BeyondItem { item: "B", .. })), "{found:?}");
    }

    #[test]
    fn neither_pieces_nor_money_are_taken_back_beyond_what_was_charged() {
        let pieces = misfit(&[line("1", "A", 3, 10, ""), line("2", "A", -5, 1, "")]);
        let money = misfit(&[line("1", "A", 3, 10, ""), line("2", "A", -1, 31, "")]);
        assert!(matches!(pieces, Some(Misfit::BeyondItem { .. })), "{pieces:?}");
        assert!(matches!(money, Some(Misfit::BeyondItem { .. })), "{money:?}");
    }

    #[test]
    fn a_name_binds_to_its_line_even_where_the_item_has_room() {
        let found = misfit(&[line("1", "A", 1, 10, ""), line("2", "A", 5, 10, ""), line("3", "A", -2, 10, "1")]);
        assert!(matches!(found, Some(Misfit::BeyondOriginal { serial: "1", .. })), "{found:?}");
        for returns in ["7", "3", "4"] {
            let others = [line("1", "A", 9, 10, ""), line("4", "B", 9, 10, ""), line("3", "A", -1, 10, returns)];
            assert_eq!(misfit(&others), Some(Misfit::NoOriginal { serial: "3", returns }));
        }
    }

    /// The same, said as slowly as it is meant.
    fn fits(lines: &[Charged<'_>]) -> bool {
        let sum = |of: &dyn Fn(&&Charged<'_>) -> bool| {
            let chosen: Vec<_> = lines.iter().filter(|line| of(line)).collect();
            let count: Decimal = chosen.iter().map(|line| line.quantity).sum();
            (count, Money::sum(chosen.iter().map(|line| line.amount)))
        };
        let sound = |(count, amount): (Decimal, Money)| count >= Decimal::ZERO && amount >= Money::ZERO;
        let named = |line: &Charged<'_>| {
            let original =
                |other: &&Charged<'_>| other.serial == line.returns && other.item == line.item && !other.is_return();
            line.returns.is_empty() || lines.iter().any(|other| original(&other))
        };
        lines.iter().all(|line| {
            named(line)
                && sound(sum(&|other| other.item == line.item))
                && (line.is_return()
                    || sound(sum(&|other| {
                        other.serial == line.serial || (other.is_return() && other.returns == line.serial)
                    })))
        })
    }

    /// What of a bill is asked for where only the last `new` lines are: by the originals they name and their items.
    fn misfit_of_the_last<'a>(lines: &[Charged<'a>], new: usize) -> Option<Misfit<'a>> {
        let (old, new) = lines.split_at(lines.len() - new);
        let originals: Vec<&str> = new.iter().map(|line| line.returns).filter(|serial| !serial.is_empty()).collect();
        let named = |line: &&Charged<'_>| originals.contains(&line.serial) || originals.contains(&line.returns);
        // What others of them name was looked at when they came.
        let judged = |line: &Charged<'a>| Charged {
            returns: if originals.contains(&line.returns) { line.returns } else { "" },
            ..*line
        };
        let part: Vec<Charged<'a>> = old.iter().filter(named).map(judged).chain(new.iter().copied()).collect();
        let mut items = Items::default();
        for line in lines.iter().filter(|line| new.iter().any(|new| new.item == line.item)) {
            items.add(line.item, line.quantity, line.amount);
        }
        misfit_of(&part, &items)
    }

    const SERIALS: [&str; 7] = ["1", "2", "3", "4", "5", "6", "7"];

    proptest! {
        #[test]
        fn one_pass_says_what_comparing_every_line_with_every_other_says(
            drawn in prop::collection::vec((0_usize..3, -3_i64..5, 1_i64..4, 0_usize..7), 1..7)
        ) {
            let lines: Vec<Charged<'_>> = drawn
                .iter()
                .zip(SERIALS)
                .map(|((item, quantity, price, returns), serial)| {
                    let returns = if *quantity < 0 && *returns > 0 { SERIALS[*returns] } else { "" };
                    line(serial, ["A", "B", "C"][*item], *quantity, *price, returns)
                })
                .collect();
            prop_assert_eq!(misfit(&lines).is_none(), fits(&lines), "{:?}", lines);
            for new in 1..lines.len() {
                if fits(&lines[..lines.len() - new]) {
                    prop_assert_eq!(misfit_of_the_last(&lines, new).is_none(), fits(&lines), "{} of {:?}", new, lines);
                }
            }
        }
    }
}
