//! What counts before a settlement (计入次序), by the judge's own reading of `decisions` 6 to 8: what comes earlier in the order of
//! care and stood then. Of a bill that was settled several times only the last one counts.

use crate::judge::row::Row;
use jiff::civil::DateTime;

/// How far the book had come.
#[derive(Clone, Copy)]
pub(super) enum Book {
    /// When the row of this position was recorded.
    At(usize),
    /// In the end.
    Closed,
}

/// The order of one person's rows.
pub(super) struct Order<'a> {
    rows: &'a [Row<'a>],
}

impl<'a> Order<'a> {
    /// Of rows in the order of recording.
    pub fn new(rows: &'a [Row<'a>]) -> Order<'a> {
        Order { rows }
    }

    /// Positions of what counts before the row at this position.
    pub fn before(&self, of: usize, book: Book) -> Vec<usize> {
        (0..self.end(book)).filter(|other| self.counts_before(*other, of, book)).collect()
    }

    /// Positions of what stood, when the book had come so far.
    pub fn standing(&self, book: Book) -> Vec<usize> {
        (0..self.end(book)).filter(|at| self.cancelled_at(*at, book).is_none()).collect()
    }

    /// All positions in the order in which they count.
    pub fn in_order(&self) -> Vec<usize> {
        let mut all: Vec<usize> = (0..self.rows.len()).collect();
        all.sort_by_key(|at| (self.rows[*at].counts_at, self.rows[*at].first, *at));
        all
    }

    fn end(&self, book: Book) -> usize {
        match book {
            Book::At(row) => row,
            Book::Closed => self.rows.len(),
        }
    }

    fn cancelled_at(&self, at: usize, book: Book) -> Option<DateTime> {
        let cancelled = self.rows[at].cancelled_at();
        match book {
            Book::At(row) => cancelled.filter(|moment| {
                let recorded = self.rows[row].recorded_at();
                // In one moment, what puts it right is recorded at once after the cancellation.
                let put_right = || {
                    let is_next = |next: &usize| self.rows[*next].is_same_bill(&self.rows[at]);
                    (at + 1..self.rows.len()).find(is_next).is_none_or(|next| next <= row)
                };
                *moment < recorded || (*moment == recorded && put_right())
            }),
            Book::Closed => cancelled,
        }
    }

    fn comes_earlier(&self, one: usize, of: usize) -> bool {
        let (one, of) = (&self.rows[one], &self.rows[of]);
        one.first != of.first && (one.counts_at, one.first) < (of.counts_at, of.first)
    }

    fn counts_before(&self, one: usize, of: usize, book: Book) -> bool {
        let row = &self.rows[one];
        if !self.comes_earlier(one, of) {
            return false;
        }
        let Some(cancelled) = self.cancelled_at(one, book) else { return true };
        // What this one settles anew itself stands no more, whatever counts before.
        let is_settled_anew = |other: usize| {
            let later = &self.rows[other];
            later.is_same_bill(row)
                && later.recorded_at() >= cancelled
                && (other == of || self.comes_earlier(other, of))
        };
        let until = self.end(book).max(of + 1);
        cancelled > self.rows[of].counts_at && !(one + 1..until).any(is_settled_anew)
    }
}
