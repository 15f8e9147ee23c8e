//! Every settlement of the book against the actuary (逐笔核价): what each had to come to when it was recorded, and what each that
//! stands has to come to in its place in the order.

use crate::judge::actuary::{Actuary, Before, Priced};
use crate::judge::order::{Book, Order};
use crate::judge::row::{Row, wrong_of};
use crate::judge::written::Written;
use crate::judge::{Wrong, reckoned};
use jiff::civil::DateTime;
use std::collections::BTreeMap;
use yibao_domain::money::Money;

/// What the rows of one person have to come to.
pub(super) struct Account<'a> {
    /// Whose, by number.
    pub person: u64,
    /// The rows in the order of recording.
    pub rows: &'a [Row<'a>],
    /// What each had to come to when it was recorded; nothing after one that nobody can price.
    pub recorded: Vec<Priced>,
    /// What each that stands has to come to in the end, by its position.
    pub standing: BTreeMap<usize, Priced>,
    /// What was on the account before the city's time.
    pub opening: Money,
}

/// Prices all rows of a person and compares them with what is booked. Where the order cannot be put right, what stands is
/// worth what it was when it was recorded.
pub(super) fn priced<'a>(
    actuary: &Actuary<'_>,
    rows: &'a [Row<'a>],
    is_unordered: bool,
    wrong: &mut Vec<Wrong>,
) -> Account<'a> {
    let order = Order::new(rows);
    let opening = actuary.person.balance.unwrap_or(Money::ZERO);
    let person = actuary.person.number;
    let mut all = Account { person, rows, recorded: Vec::new(), standing: BTreeMap::new(), opening };
    for (at, row) in rows.iter().enumerate() {
        let before = all.before(actuary, &order, at, Book::At(at));
        let (most, least) = all.free(&order, at);
        // How far a correction reaches is the platform's: of what it leaves as it stands the account has nothing.
        let as_booked = |priced: &Priced| priced.account() == row.booked.settlement.acct_pay;
        let within_reach = || actuary.price(row, &before, least).ok().filter(as_booked);
        let priced = actuary.price(row, &before, most);
        let priced = priced.map(|priced| if as_booked(&priced) { priced } else { within_reach().unwrap_or(priced) });
        // Whose cancellation is reversed stands again as it was.
        let put_back = rows[..at].iter().rposition(|other| other.is_same_bill(row)).filter(|_| row.is_put_back());
        let priced = put_back.and_then(|before| all.recorded.get(before).cloned()).map_or(priced, Ok);
        match priced {
            Ok(priced) => {
                let booked = Written::booked(row);
                // Several corrections of one moment have balances in between that no clock tells apart; the movements are judged.
                let is_known = row.is_put_back() || row.is_told() && !row.is_of_the_register();
                let balance = is_known.then(|| all.balance(&order, at, priced.account()));
                let expected = Written::expected(actuary, row, &priced, balance);
                compare(actuary, row, &priced, &expected, &booked, "when it was recorded", wrong);
                // What stands again as it was is held against what it was.
                if !row.is_put_back() {
                    reckoned::judge(actuary, row, &before, &priced, wrong);
                }
                all.recorded.push(priced);
            }
            Err(why) => {
                wrong.push(wrong_of(row, format!("cannot be priced: {why}")));
                return all;
            }
        }
    }
    if is_unordered {
        let standing = rows.iter().zip(&all.recorded).enumerate().filter(|(_, (row, _))| row.cancelled_at().is_none());
        all.standing = standing.map(|(at, (_, priced))| (at, priced.clone())).collect();
        return all;
    }
    for at in order.in_order() {
        if rows[at].cancelled_at().is_some() {
            continue;
        }
        if rows[at].frozen_since.is_some() {
            all.standing.insert(at, all.recorded[at].clone());
            continue;
        }
        let before = all.before(actuary, &order, at, Book::Closed);
        let free = all.free_in_order(&order, at);
        match actuary.price(&rows[at], &before, free) {
            Ok(priced) => {
                // A settlement is made anew where somebody pays otherwise or totals differ, not for what it only says.
                let booked = Written::booked(&rows[at]).that_counts();
                let expected = Written::expected(actuary, &rows[at], &priced, None).that_counts();
                compare(actuary, &rows[at], &priced, &expected, &booked, "in its place in the order", wrong);
                all.standing.insert(at, priced);
            }
            Err(why) => wrong.push(wrong_of(&rows[at], format!("cannot be priced in its place: {why}"))),
        }
    }
    all
}

impl Account<'_> {
    /// What a row comes to, when the book had come so far.
    fn worth(&self, at: usize, book: Book) -> &Priced {
        let in_the_end = self.standing.get(&at).filter(|_| matches!(book, Book::Closed));
        in_the_end.unwrap_or(&self.recorded[at])
    }

    fn before(&self, actuary: &Actuary<'_>, order: &Order<'_>, of: usize, book: Book) -> Vec<Before<'_>> {
        let counting = order.before(of, book);
        let one = |at: usize, only_met| Before { row: &self.rows[at], priced: self.worth(at, book), only_met };
        let mut before: Vec<Before<'_>> = counting.iter().map(|at| one(*at, false)).collect();
        // Of an earlier leg that was settled late, what was met there is met all the same.
        let legs = actuary.legs_before(self.rows[of].event);
        let late = order
            .standing(book)
            .into_iter()
            .filter(|at| *at != of && legs.contains(&self.rows[*at].event.id) && !counting.contains(at));
        before.extend(late.map(|at| one(at, true)));
        before
    }

    fn paid(&self, rows: &[usize], book: Book) -> Money {
        Money::sum(rows.iter().map(|at| self.worth(*at, book).account()))
    }

    /// What was on the account at a moment, after what was recorded and cancelled by then.
    pub fn left_at(&self, at: DateTime) -> Money {
        let stood = |row: &Row<'_>| row.recorded_at() <= at && row.cancelled_at().is_none_or(|gone| at < gone);
        let rows = self.rows.iter().zip(&self.recorded).filter(|(row, _)| stood(row));
        self.opening.less(Money::sum(rows.map(|(_, priced)| priced.account())))
    }

    /// What was on the account after the row at this position was recorded.
    fn balance(&self, order: &Order<'_>, at: usize, paid: Money) -> Money {
        self.opening.less(self.paid(&order.standing(Book::At(at)), Book::At(at))).minus(paid)
    }

    /// What the account could pay when a row was recorded: what was on it, and of what counts earlier, no more than then. Of a
    /// correction the most, where all that counts later is made anew, and the least, where nothing of it is.
    fn free(&self, order: &Order<'_>, at: usize) -> (Money, Money) {
        let book = Book::At(at);
        let (before, standing) = (order.before(at, book), order.standing(book));
        let then = self.opening.less(self.paid(&before, book));
        let row = &self.rows[at];
        let there = self.opening.less(self.paid(&standing, book));
        if row.counts_at == row.recorded_at() {
            return (there, there);
        }
        if row.first == at {
            return (then.min(there), then.min(there));
        }
        let (earlier, later): (Vec<usize>, Vec<usize>) = standing.into_iter().partition(|one| before.contains(one));
        let most = then.min(self.opening.less(self.paid(&earlier, book)));
        let is_gone = |one: &usize| self.rows[*one].cancelled_at() == Some(row.recorded_at());
        let left: Vec<usize> = later.into_iter().filter(|one| !is_gone(one)).chain(earlier).collect();
        let least = then.min(self.opening.less(self.paid(&left, book)));
        (most, least)
    }

    /// The same in the end: of what counts earlier, as it stood then and as it stands; what a later one that is frozen has taken is
    /// taken.
    fn free_in_order(&self, order: &Order<'_>, at: usize) -> Money {
        let before = order.before(at, Book::Closed);
        let standing: Vec<usize> = before.iter().copied().filter(|one| self.standing.contains_key(one)).collect();
        let (then, now) = (self.paid(&before, Book::Closed), self.paid(&standing, Book::Closed));
        let is_kept = |one: &usize| self.rows[*one].frozen_since.is_some() && !before.contains(one);
        let kept: Vec<usize> = order.standing(Book::Closed).into_iter().filter(is_kept).collect();
        self.opening.less(then.max(now).plus(self.paid(&kept, Book::Closed)))
    }
}

fn compare(
    actuary: &Actuary<'_>,
    row: &Row<'_>,
    priced: &Priced,
    expected: &Written,
    booked: &Written,
    when: &str,
    wrong: &mut Vec<Wrong>,
) {
    let differences = booked.differences(expected);
    if differences.is_empty() {
        return;
    }
    let differs = booked.amounts != expected.amounts;
    let misread = || actuary.misread(priced, |decision| booked.has_amounts_of(decision));
    let because = differs.then(misread).flatten().map_or_else(String::new, |what| format!(" (as if {what})"));
    let setl_id = &row.booked.settlement.setl_id;
    wrong.push(wrong_of(row, format!("{setl_id} {when}: {}{because}", differences.join(", "))));
}
