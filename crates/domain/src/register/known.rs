//! Which lines of a bill the platform knows already (已上传明细): found by maps, so that a bill of any length is gone through
//! once.

use super::EntryLine;
use crate::key::Key;
use crate::money::{Decimal, Money};
use crate::time::DateTime;
use std::collections::HashMap;

/// A line that the platform has.
#[derive(Clone, PartialEq, Eq, Debug)]
#[allow(missing_docs, reason = "the names are the national field names of interface/fields.tsv")]
pub struct LineThere {
    pub feedetl_sn: String,
    pub fee_ocur_time: DateTime,
    pub med_list_codg: String,
    pub cnt: Decimal,
    pub det_item_fee_sumamt: Money,
    /// Not settled yet: a part of the bill that is to be settled.
    pub open: bool,
}

/// A line in all but its serial: item, quantity, amount and time.
type Alike<'a> = Key<(&'a str, Decimal, Money, DateTime)>;

fn alike_there(there: &LineThere) -> Alike<'_> {
    Key((&there.med_list_codg, there.cnt, there.det_item_fee_sumamt, there.fee_ocur_time))
}

fn alike(line: &EntryLine) -> Alike<'_> {
    Key((&line.med_list_codg, line.cnt, line.det_item_fee_sumamt, line.fee_ocur_time))
}

/// Any time of its day.
fn of_day(Key((item, cnt, amount, moment)): Alike<'_>) -> Alike<'_> {
    Key((item, cnt, amount, moment.date().at(0, 0, 0, 0)))
}

/// The lines that are there and are not yet known to be one of those kept.
pub(super) struct There<'a> {
    by_serial: HashMap<Key<&'a str>, &'a LineThere>,
    same: HashMap<Alike<'a>, usize>,
    of_day: HashMap<Alike<'a>, usize>,
}

impl<'a> There<'a> {
    /// All of them.
    pub(super) fn of(lines: &'a [LineThere]) -> There<'a> {
        let (mut same, mut days) = (HashMap::new(), HashMap::new());
        for line in lines {
            *same.entry(alike_there(line)).or_default() += 1;
            *days.entry(of_day(alike_there(line))).or_default() += 1;
        }
        There { by_serial: by_serial(lines), same, of_day: days }
    }

    /// Takes the line of the same serial, where it is the same otherwise, at whatever time.
    pub(super) fn take_by_serial(&mut self, line: &'a EntryLine) -> bool {
        let serial = Key(line.feedetl_sn.as_str());
        let fits = |there: &&LineThere| {
            let (Key((item, cnt, amount, _)), own) = (alike_there(there), alike(line).0);
            (item, cnt, amount) == (own.0, own.1, own.2)
        };
        let Some(there) = self.by_serial.get(&serial).copied().filter(fits) else { return false };
        self.by_serial.remove(&serial);
        self.take(alike_there(there))
    }

    /// Takes one that is the same in all but the serial.
    pub(super) fn take_same(&mut self, line: &'a EntryLine) -> bool {
        let key = alike(line);
        self.same.get(&key).is_some_and(|left| *left > 0) && self.take(key)
    }

    /// Takes one of the same item, day, quantity and amount.
    pub(super) fn take_of_day(&mut self, line: &'a EntryLine) -> bool {
        take_one(&mut self.of_day, &of_day(alike(line)))
    }

    /// Takes one that is the same.
    fn take(&mut self, key: Alike<'a>) -> bool {
        take_one(&mut self.same, &key) && take_one(&mut self.of_day, &of_day(key))
    }
}

fn take_one<'a>(left: &mut HashMap<Alike<'a>, usize>, key: &Alike<'a>) -> bool {
    left.get_mut(key).filter(|left| **left > 0).map(|left| *left -= 1).is_some()
}

/// The lines that are there by their serials.
pub(super) fn by_serial(lines: &[LineThere]) -> HashMap<Key<&str>, &LineThere> {
    lines.iter().map(|line| (Key(line.feedetl_sn.as_str()), line)).collect()
}
