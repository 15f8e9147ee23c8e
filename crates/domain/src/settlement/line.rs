//! Splits one fee line (费用明细) into own-paid, over-limit, pre-paid and in-scope (`decisions` 10-12).
//!
//! Own-paid first, then the limit price, then the pre-payment; each share is rounded per line, and the
//! in-scope part is the remainder, so a line's parts always add up to its amount. A returned line
//! (negative quantity) is the mirror of its positive. Whether a line's amount agrees with quantity
//! and price is for the caller ([`amount_agrees`]).

use super::rules::LineRules;
use crate::catalogue::{CatalogueRow, Class, SpecialDrug};
use crate::money::{Decimal, Money, Rate};

/// The amount that a line must have: round(quantity × unit price). `None` where no field holds it.
pub fn line_amount(quantity: Decimal, unit_price: Decimal) -> Option<Money> {
    Money::of_quantity(quantity, unit_price)
}

/// The most that the rounding of quantity and price is believed to explain (`decisions` 10): a pack of 20,000 yuan that is sold in pieces.
pub const ROUNDING_MAX: Money = Money::yuan(1);

/// By how much a line's amount may differ from quantity × unit price (`decisions` 10): half a fen, and what rounding the two
/// explains. Systems that keep the amount divide it and send the price with four decimals (10.00 for 300 pieces is 0.0333 each); a pack
/// that is sold in pieces has a quantity of four decimals (33.33 of a pack of 980 is 0.0340), while a whole quantity is counted and
/// rounded by nobody. `None` where no field holds it.
pub fn amount_tolerance(quantity: Decimal, unit_price: Decimal) -> Option<Decimal> {
    let half_of_the_last = Decimal::new(5, 5);
    let half_a_fen = Decimal::new(5, 3);
    let most = ROUNDING_MAX.as_yuan();
    let of_price = quantity.abs().checked_mul(half_of_the_last)?;
    let of_quantity = match quantity.fract().is_zero() {
        true => Decimal::ZERO,
        false => unit_price.abs().checked_mul(half_of_the_last)?,
    };
    Some(of_price.checked_add(of_quantity)?.checked_add(half_a_fen)?.min(most))
}

/// Whether a line's amount is quantity × unit price but for the rounding of the two.
pub fn amount_agrees(quantity: Decimal, unit_price: Decimal, amount: Money) -> bool {
    let difference = quantity.checked_mul(unit_price).and_then(|product| product.checked_sub(amount.as_yuan()));
    let tolerance = amount_tolerance(quantity, unit_price);
    matches!((difference, tolerance), (Some(difference), Some(tolerance)) if difference.abs() <= tolerance)
}

/// What quantity × unit price comes to where a line's amount is another one, to the fen, that the rounding of the two explains.
pub fn rounded_from(quantity: Decimal, unit_price: Decimal, amount: Money) -> Option<Money> {
    let expected = line_amount(quantity, unit_price).filter(|expected| *expected != amount)?;
    amount_agrees(quantity, unit_price, amount).then_some(expected)
}

/// The most that one line may come to: far above any real bill, and low enough that no sum of lines leaves the range of amounts.
pub const LINE_AMOUNT_MAX: Money = Money::yuan(100_000_000);

/// Why quantity, price and amount are none of a line's.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum LineFault {
    /// What is taken back has a negative quantity, not a negative price.
    NegativePrice,
    /// An amount of nothing.
    NoQuantity,
    /// More than [`LINE_AMOUNT_MAX`].
    TooMuch,
    /// The amount is not quantity × price, however these were rounded.
    Differs {
        /// What quantity × price comes to.
        expected: Money,
        /// By how much an amount may differ from that.
        tolerance: Decimal,
    },
    /// Quantity × price is more than any field holds.
    OutOfRange,
}

/// What is wrong with quantity, price and amount of a line; nothing where they are one's.
pub fn line_fault(quantity: Decimal, unit_price: Decimal, amount: Money) -> Option<LineFault> {
    if unit_price < Decimal::ZERO {
        return Some(LineFault::NegativePrice);
    }
    // Nothing for nothing is what is left of a line that was wholly taken back, in a batch that is uploaded anew.
    if quantity == Decimal::ZERO && amount != Money::ZERO {
        return Some(LineFault::NoQuantity);
    }
    if amount > LINE_AMOUNT_MAX || amount < LINE_AMOUNT_MAX.negated() {
        return Some(LineFault::TooMuch);
    }
    match line_amount(quantity, unit_price).zip(amount_tolerance(quantity, unit_price)) {
        Some(_) if amount_agrees(quantity, unit_price, amount) => None,
        Some((expected, tolerance)) => Some(LineFault::Differs { expected, tolerance }),
        None => Some(LineFault::OutOfRange),
    }
}

/// What a line's split depends on.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LineFacts {
    /// Quantity (数量), negative for a return.
    pub quantity: Decimal,
    /// The line's amount, with the sign of the quantity.
    pub amount: Money,
    /// Class A, B or C.
    pub class: Class,
    /// The highest price that counts, in yuan.
    pub limit_price: Option<Decimal>,
    /// The share paid first, where the catalogue row has one.
    pub self_pay_rate: Option<Rate>,
    /// The line is marked self-paid, see [`marked_own_paid`].
    pub own_paid: bool,
    /// A special drug on the line's day.
    pub special: Option<SpecialDrug>,
}

impl LineFacts {
    /// The facts of a line whose item has this catalogue row.
    pub fn of_row(quantity: Decimal, amount: Money, row: &CatalogueRow, own_paid: bool) -> LineFacts {
        LineFacts {
            quantity,
            amount,
            class: row.class,
            limit_price: row.limit_price,
            self_pay_rate: row.self_pay_rate,
            own_paid,
            special: row.special,
        }
    }
}

/// Whether the approval flag (`hosp_appr_flag`) makes a line self-paid: a restricted item with 0 or 2,
/// any item with 2; without a flag a line is as its item is.
pub fn marked_own_paid(hosp_appr_flag: Option<&str>, restricted: bool) -> bool {
    match hosp_appr_flag {
        Some("2") => true,
        Some("0") => restricted,
        _ => false,
    }
}

/// How a line enters the settlement.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Treatment {
    /// With all the others.
    Ordinary,
    /// As a single-payment drug.
    SinglePayment,
    /// As a high-value drug.
    HighValue,
}

/// The four parts of an amount. Their sum is the amount.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Parts {
    /// 全自费.
    pub own_paid: Money,
    /// 超限价自费.
    pub over_limit: Money,
    /// 先行自付.
    pub pre_paid: Money,
    /// 符合政策范围.
    pub in_scope: Money,
}

impl Parts {
    /// The whole amount.
    pub fn total(&self) -> Money {
        Money::sum([self.own_paid, self.over_limit, self.pre_paid, self.in_scope])
    }

    /// Part by part.
    #[must_use]
    pub fn plus(&self, other: &Parts) -> Parts {
        Parts {
            own_paid: self.own_paid.plus(other.own_paid),
            over_limit: self.over_limit.plus(other.over_limit),
            pre_paid: self.pre_paid.plus(other.pre_paid),
            in_scope: self.in_scope.plus(other.in_scope),
        }
    }
}

/// A line's split.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct LineSplit {
    /// Its parts.
    pub parts: Parts,
    /// The share that was paid first (`selfpay_prop`): 0 for class A, all of it for own-paid lines.
    pub self_pay_rate: Rate,
    /// How it enters the settlement.
    pub treatment: Treatment,
}

/// Splits one line. `None` where limit × quantity leaves the range of an amount.
pub fn split_line(line: &LineFacts, rules: &LineRules) -> Option<LineSplit> {
    let treatment = match line.special {
        Some(SpecialDrug::SinglePayment) if rules.special_drugs => Treatment::SinglePayment,
        Some(SpecialDrug::HighValue) if rules.special_drugs => Treatment::HighValue,
        _ => Treatment::Ordinary,
    };
    if line.own_paid || line.class == Class::C {
        let parts = Parts { own_paid: line.amount, ..Parts::default() };
        return Some(LineSplit { parts, self_pay_rate: Rate::WHOLE, treatment: Treatment::Ordinary });
    }
    let over_limit = match line.limit_price {
        Some(limit) => beyond(line.amount, line_amount(line.quantity, limit)?),
        None => Money::ZERO,
    };
    let limited = line.amount.minus(over_limit);
    let self_pay_rate = match treatment {
        Treatment::SinglePayment => Rate::ZERO,
        _ if rules.no_pre_payment => Rate::ZERO,
        Treatment::HighValue => rules.high_value_pre_payment,
        Treatment::Ordinary => match (line.self_pay_rate, line.class) {
            (Some(rate), _) => rate,
            (None, Class::B) => rules.class_b_pre_payment,
            (None, _) => Rate::ZERO,
        },
    };
    let pre_paid = limited.share(self_pay_rate);
    let parts = Parts { own_paid: Money::ZERO, over_limit, pre_paid, in_scope: limited.minus(pre_paid) };
    assert_eq!(parts.total(), line.amount, "a line's parts are its amount");
    Some(LineSplit { parts, self_pay_rate, treatment })
}

/// What of an amount lies beyond the limit, with the amount's sign.
fn beyond(amount: Money, limit: Money) -> Money {
    if amount < Money::ZERO { amount.negated().less(limit.negated()).negated() } else { amount.less(limit) }
}

/// The bill of one settlement: its lines, summed by the way they enter.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Bill {
    /// Ordinary lines.
    pub ordinary: Parts,
    /// Single-payment drugs.
    pub single_payment: Parts,
    /// High-value drugs.
    pub high_value: Parts,
}

impl Bill {
    /// The bill of these lines.
    pub fn of_lines<'a>(lines: impl IntoIterator<Item = &'a LineSplit>) -> Bill {
        let mut bill = Bill::default();
        for line in lines {
            let sum = match line.treatment {
                Treatment::Ordinary => &mut bill.ordinary,
                Treatment::SinglePayment => &mut bill.single_payment,
                Treatment::HighValue => &mut bill.high_value,
            };
            *sum = sum.plus(&line.parts);
        }
        bill
    }

    /// A bill of ordinary lines with these sums.
    pub fn ordinary(own_paid: Money, over_limit: Money, pre_paid: Money, in_scope: Money) -> Bill {
        Bill { ordinary: Parts { own_paid, over_limit, pre_paid, in_scope }, ..Bill::default() }
    }

    /// All parts together.
    pub fn parts(&self) -> Parts {
        self.ordinary.plus(&self.single_payment).plus(&self.high_value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(quantity: &str, unit_price: &str, amount: &str, agrees: bool) {
        let read = |text| crate::money::decimal(text).unwrap();
        let amount_read: Money = amount.parse().unwrap();
        let found = amount_agrees(read(quantity), read(unit_price), amount_read);
        assert_eq!(found, agrees, "{quantity} × {unit_price} = {amount}");
    }

    #[test]
    fn an_amount_is_quantity_times_price_where_the_price_may_be_rounded_to_four_decimals() {
        check("3", "12.005", "36.02", true);
        check("-2", "12.50", "-25.00", true);
        // 10.00 / 300 = 0.03333…, 10.00 / 7 = 1.42857…
        check("300", "0.0333", "10.00", true);
        check("7", "1.4286", "10.00", true);
        check("-300", "0.0333", "-10.00", true);
        check("0", "3.20", "0.00", true);
    }

    #[test]
    fn a_pack_sold_in_pieces_has_a_quantity_that_is_rounded_to_four_decimals() {
        check("0.0340", "980", "33.33", true);
        check("0.3333", "300", "100.00", true);
        // However dear it is, rounding explains no more than a yuan.
        check("0.5", "1000000", "500001.00", true);
        check("0.5", "1000000", "500001.01", false);
        check("-0.3333", "300", "-100.00", true);
        // The last amounts that a quantity of 0.0340 stands for: 0.03395 and 0.03405 of 980.
        check("0.0340", "980", "33.37", true);
        check("0.0340", "980", "33.38", false);
        check("0.0340", "980", "33.27", true);
        check("0.0340", "980", "33.26", false);
    }

    #[test]
    fn what_the_rounding_hides_is_told_and_what_is_equal_to_the_fen_is_not() {
        let read = |text| crate::money::decimal(text).unwrap();
        let told = |quantity, price, amount: &str| {
            rounded_from(read(quantity), read(price), amount.parse().unwrap()).map(|expected| expected.to_string())
        };
        assert_eq!(told("0.0340", "980", "33.33"), Some("33.32".to_owned()));
        assert_eq!(told("300", "0.0333", "10.00"), Some("9.99".to_owned()));
        assert_eq!((told("0.5", "3", "1.50"), told("1", "10", "10.01")), (None, None));
    }

    #[test]
    fn an_amount_that_no_rounding_explains_is_another() {
        check("1", "980", "980.01", false);
        check("1", "10", "10.01", false);
        check("30", "10", "300.01", false);
        check("300", "0.0333", "10.02", false);
        check("2", "12.50", "-25.00", false);
        check("0", "3.20", "0.01", false);
        check("999999999999", "79228162514264337593543950335", "1.00", false);
    }
}
