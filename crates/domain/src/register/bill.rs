//! Which lines of a register entry are still to be sent (补传明细), and whether the bill is all there.
//!
//! What the platform has already is not charged twice: a line is known by its serial, else by item, time, quantity and
//! amount. Lines that may be the same (another time of that day) are judged by the stated total alone, and without one by
//! a person. Invariant: what is sent and what is there add up to the stated total, where there is one.

use super::EntryLine;
use super::known::{LineThere, There, by_serial};
use crate::key::Key;
use crate::money::Money;

/// What is known of a bill.
pub struct Bill<'a> {
    /// The lines that are kept with the entry.
    pub kept: &'a [EntryLine],
    /// Those of the stay or visit at the platform.
    pub there: &'a [LineThere],
    /// What it costs altogether, where somebody has stated it.
    pub stated: Option<Money>,
    /// Whether somebody has stated that all lines are there.
    pub complete: bool,
    /// Whether the provider's own system uploads its lines, so that more of them may come.
    pub grows: bool,
}

/// Lines told apart.
struct Sorted<'a> {
    /// What the platform has not.
    new: Vec<&'a EntryLine>,
    /// Of the same item, day, quantity and amount as one that is there.
    doubtful: Vec<&'a EntryLine>,
    /// As one that is there in all but the serial.
    same: Vec<&'a EntryLine>,
}

/// How many lines a text names.
const NAMED: usize = 5;

impl Bill<'_> {
    /// The lines to be sent, or what the entry waits for.
    pub fn to_send(&self) -> Result<Vec<EntryLine>, String> {
        let sorted = self.sorted();
        let open = Money::sum(self.there.iter().filter(|line| line.open).map(|line| line.det_item_fee_sumamt));
        let send = match self.stated {
            Some(total) => self.by_total(&sorted, open, total)?,
            None => self.by_word(&sorted, open)?,
        };
        let there = by_serial(self.there);
        match send.iter().find(|line| there.contains_key(&Key(line.feedetl_sn.as_str()))) {
            Some(line) => {
                let text = format!(
                    "费用明细流水号重复：{}在平台上是另一笔；请在台账更换费用明细，另编流水号",
                    line.feedetl_sn
                );
                Err(text)
            }
            None => Ok(send.into_iter().cloned().collect()),
        }
    }

    /// The total says which of the doubtful lines are further ones.
    fn by_total<'a>(&self, sorted: &Sorted<'a>, open: Money, total: Money) -> Result<Vec<&'a EntryLine>, String> {
        let steps = [&[][..], &sorted.doubtful, &sorted.same];
        let mut send = sorted.new.clone();
        for step in steps {
            send.extend_from_slice(step);
            if open.plus(sum(&send)) == total {
                return Ok(send);
            }
        }
        let known = open.plus(sum(&sorted.new));
        let (word, differs) =
            if known < total { ("还差", total.minus(known)) } else { ("多出", known.minus(total)) };
        let doubtful = if sorted.doubtful.is_empty() {
            String::new()
        } else {
            format!("（另有疑似已上传的 {}）", named(&sorted.doubtful))
        };
        Err(format!(
            "费用明细与费用总额不符：明细合计{known}元{doubtful}，费用总额{total}元，{word}{differs}元；请补传、更正明细或更正总额"
        ))
    }

    /// Without a total it needs somebody's word, or the lines that were stated with the entry.
    fn by_word<'a>(&self, sorted: &Sorted<'a>, open: Money) -> Result<Vec<&'a EntryLine>, String> {
        if !sorted.doubtful.is_empty() {
            let text = format!(
                "费用明细疑似已上传过：{}；请填写费用总额，或从台账的明细中删去已上传的",
                named(&sorted.doubtful)
            );
            return Err(text);
        }
        if self.grows && self.kept.is_empty() && !self.complete {
            let count = self.there.iter().filter(|line| line.open).count();
            let text = format!(
                "等候费用明细传齐：平台上现有{count}条，合计{open}元；请更正台账，填写费用总额，或将“费用明细已传齐”填“是”"
            );
            return Err(text);
        }
        Ok(sorted.new.clone())
    }

    fn sorted(&self) -> Sorted<'_> {
        let mut left = There::of(self.there);
        // The surer match goes first, for all lines, so that none takes what another one is.
        let unknown: Vec<&EntryLine> = self.kept.iter().filter(|line| !left.take_by_serial(line)).collect();
        let (same, unknown): (Vec<_>, Vec<_>) = unknown.into_iter().partition(|line| left.take_same(line));
        let (doubtful, new) = unknown.into_iter().partition(|line| left.take_of_day(line));
        Sorted { new, doubtful, same }
    }
}

fn sum(lines: &[&EntryLine]) -> Money {
    Money::sum(lines.iter().map(|line| line.det_item_fee_sumamt))
}

fn named(lines: &[&EntryLine]) -> String {
    let shown = lines.iter().take(NAMED).map(|line| {
        format!("{}（{} {}元）", line.feedetl_sn, line.fee_ocur_time.strftime("%m-%d %H:%M"), line.det_item_fee_sumamt)
    });
    let more = if lines.len() > NAMED { format!("等{}条", lines.len()) } else { String::new() };
    format!("{}{more}", shown.collect::<Vec<_>>().join("、"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::key::compared;
    use crate::money::Decimal;
    use jiff::civil::date;
    use proptest::prelude::*;

    fn line(serial: &str, item: &str, hour: i8, yuan: i64) -> EntryLine {
        EntryLine {
            feedetl_sn: serial.into(),
            fee_ocur_time: date(2021, 7, 12).at(hour, 0, 0, 0),
            med_list_codg: item.into(),
            medins_list_codg: String::new(),
            cnt: Decimal::ONE,
            pric: Decimal::from(yuan),
            det_item_fee_sumamt: Money::yuan(yuan),
            hosp_appr_flag: String::new(),
            init_feedetl_sn: String::new(),
            prd_days: String::new(),
        }
    }

    fn there(serial: &str, item: &str, hour: i8, yuan: i64) -> LineThere {
        LineThere {
            feedetl_sn: serial.into(),
            fee_ocur_time: date(2021, 7, 12).at(hour, 0, 0, 0),
            med_list_codg: item.into(),
            cnt: Decimal::ONE,
            det_item_fee_sumamt: Money::yuan(yuan),
            open: true,
        }
    }

    /// The serials that are sent, or the text.
    fn sent(kept: &[EntryLine], there: &[LineThere], stated: Option<i64>) -> Result<Vec<String>, String> {
        let bill = Bill { kept, there, stated: stated.map(Money::yuan), complete: false, grows: true };
        Ok(bill.to_send()?.into_iter().map(|line| line.feedetl_sn).collect())
    }

    #[test]
    fn a_line_that_is_there_under_another_serial_is_not_sent_again() {
        let kept = [line("1", "A", 9, 10), line("2", "B", 9, 20), line("3", "A", 9, 10)];
        let there = [there("HIS-7", "A", 9, 10)];
        // One of the two alike is there; the other is a further one.
        assert_eq!(sent(&kept, &there, None).unwrap(), ["2", "3"]);
        assert_eq!(sent(&kept, &there, Some(40)).unwrap(), ["2", "3"]);
    }

    #[test]
    fn the_total_tells_whether_lines_that_look_alike_are_further_ones() {
        let kept = [line("K1", "A", 15, 10)];
        let there = [there("HIS-7", "A", 9, 10)];
        assert_eq!(sent(&kept, &there, Some(10)).unwrap(), Vec::<String>::new());
        assert_eq!(sent(&kept, &there, Some(20)).unwrap(), ["K1"]);
        let listed = sent(&kept, &there, None).unwrap_err();
        assert!(listed.contains("K1（07-12 15:00 10.00元）") && listed.contains("费用总额"), "{listed}");
        // In all but the serial the same: another charge only if the total says so.
        let kept = [line("K1", "A", 9, 10)];
        assert_eq!(sent(&kept, &there, None).unwrap(), Vec::<String>::new());
        assert_eq!(sent(&kept, &there, Some(20)).unwrap(), ["K1"]);
    }

    #[test]
    fn a_bill_waits_until_its_lines_reach_the_stated_total_or_somebody_says_that_they_are_complete() {
        let there = [there("HIS-7", "A", 9, 721)];
        let waits = sent(&[], &there, Some(935)).unwrap_err();
        assert!(waits.contains("还差214.00元"), "{waits}");
        assert!(sent(&[], &there, Some(700)).unwrap_err().contains("多出21.00元"));
        assert!(sent(&[], &there, None).unwrap_err().contains("费用明细已传齐"));
        let said = Bill { kept: &[], there: &there, stated: None, complete: true, grows: true };
        assert_eq!(said.to_send(), Ok(Vec::new()));
        assert_eq!(sent(&[line("1", "B", 9, 214)], &there, Some(935)).unwrap(), ["1"]);
    }

    #[test]
    fn another_line_under_a_serial_that_is_taken_is_told_and_none_is_lost() {
        let there = [there("1", "A", 9, 10)];
        let clash = sent(&[line("1", "B", 9, 20)], &there, None).unwrap_err();
        assert!(clash.contains("另编流水号"), "{clash}");
        // The very line is there already.
        assert_eq!(sent(&[line("1", "A", 10, 10)], &there, None).unwrap(), Vec::<String>::new());
    }

    #[test]
    fn what_was_settled_in_mid_stay_is_known_and_no_part_of_the_rest() {
        let settled = LineThere { open: false, ..there("HIS-1", "A", 9, 100) };
        let kept = [line("1", "A", 9, 100), line("2", "B", 9, 30)];
        assert_eq!(sent(&kept, &[settled], Some(30)).unwrap(), ["2"]);
    }

    /// What is new, doubtful and the same, said as slowly as it is meant.
    fn sorted_slowly(kept: &[EntryLine], there: &[LineThere]) -> [Vec<EntryLine>; 3] {
        let mut left: Vec<&LineThere> = there.iter().collect();
        let mut unknown: Vec<EntryLine> = kept.to_vec();
        let alike = |line: &EntryLine, there: &LineThere| {
            (&there.med_list_codg, there.cnt, there.det_item_fee_sumamt)
                == (&line.med_list_codg, line.cnt, line.det_item_fee_sumamt)
        };
        let mut taken = |fits: &dyn Fn(&EntryLine, &LineThere) -> bool| {
            let (known, others) = unknown.drain(..).partition::<Vec<_>, _>(|line| {
                let at = left.iter().position(|there| alike(line, there) && fits(line, there));
                at.map(|at| left.remove(at)).is_some()
            });
            unknown = others;
            known
        };
        taken(&|line, there| line.feedetl_sn == there.feedetl_sn);
        let same = taken(&|line, there| line.fee_ocur_time == there.fee_ocur_time);
        let doubtful = taken(&|line, there| line.fee_ocur_time.date() == there.fee_ocur_time.date());
        [unknown, doubtful, same]
    }

    const SERIALS: [&str; 6] = ["1", "2", "3", "4", "5", "6"];

    proptest! {
        #[test]
        fn one_pass_sorts_as_comparing_every_line_with_every_other(
            kept in prop::collection::vec((0_usize..2, 8_i8..10, 1_i64..3), 0..6),
            known in prop::collection::vec((0_usize..6, 0_usize..2, 8_i8..10, 1_i64..3), 0..6),
        ) {
            let item = |index: usize| ["A", "B"][index];
            let kept: Vec<EntryLine> =
                kept.iter().zip(SERIALS).map(|((of, hour, yuan), serial)| line(serial, item(*of), *hour, *yuan)).collect();
            let mut uploaded: Vec<LineThere> =
                known.iter().map(|(serial, of, hour, yuan)| there(SERIALS[*serial], item(*of), *hour, *yuan)).collect();
            uploaded.sort_by(|one, other| one.feedetl_sn.cmp(&other.feedetl_sn));
            uploaded.dedup_by(|one, other| one.feedetl_sn == other.feedetl_sn);
            let bill = Bill { kept: &kept, there: &uploaded, stated: None, complete: false, grows: true };
            let Sorted { new, doubtful, same } = bill.sorted();
            let sorted = [new, doubtful, same].map(|lines| lines.into_iter().cloned().collect::<Vec<_>>());
            prop_assert_eq!(sorted, sorted_slowly(&kept, &uploaded));
        }
    }

    #[test]
    fn ten_times_the_lines_are_known_by_ten_times_the_comparisons() {
        let compared = |count: usize| {
            // Half of them are there by their serials, a quarter under others, a quarter at another time.
            let serials: Vec<String> = (0..count).map(|serial| serial.to_string()).collect();
            let kept: Vec<EntryLine> = serials.iter().map(|serial| line(serial, serial, 9, 10)).collect();
            let uploaded: Vec<LineThere> = serials
                .iter()
                .enumerate()
                .map(|(index, item)| match index % 4 {
                    0 | 1 => there(item, item, 9, 10),
                    2 => there(&format!("HIS-{item}"), item, 9, 10),
                    _ => there(&format!("HIS-{item}"), item, 15, 10),
                })
                .collect();
            let total = 10 * i64::try_from(count + count / 4).unwrap();
            compared::by(|| assert_eq!(sent(&kept, &uploaded, Some(total)).unwrap().len(), count / 4))
        };
        let (few, many) = (compared(100), compared(1_000));
        assert!(few > 0 && many <= 12 * few, "{few} and {many}");
    }
}
