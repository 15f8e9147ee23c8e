//! Money (金额), rates (比例) and decimals (数量, 单价).
//!
//! [`Money`] is whole fen in an `i64`; [`Rate`] is whole basis points. No float touches either.
//! Rounding happens where a rule names it, once, half up on the magnitude (`decisions` 11), so that
//! the mirror of an amount is rounded to the mirror of its rounding.

pub use rust_decimal::Decimal;
use rust_decimal::RoundingStrategy;
use rust_decimal::prelude::ToPrimitive;
use std::fmt;
use std::str::FromStr;

/// An amount in fen (分). The interface writes it in yuan with two decimals (数值型 16,2).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Money(i64);

impl Money {
    /// Nothing.
    pub const ZERO: Money = Money(0);
    /// The largest amount a field of type 16,2 can hold.
    pub const FIELD_MAX: Money = Money(9_999_999_999_999_999);

    /// An amount of so many fen.
    pub const fn fen(fen: i64) -> Self {
        Money(fen)
    }

    /// An amount of so many whole yuan.
    pub const fn yuan(yuan: i64) -> Self {
        Money(yuan * 100)
    }

    /// The amount in fen, for the store and for postings.
    pub const fn as_fen(self) -> i64 {
        self.0
    }

    /// Sum. Overflow is a fault of ours (amounts are bounded at the interface), so it stops.
    #[must_use]
    pub fn plus(self, other: Money) -> Money {
        Money(self.0.checked_add(other.0).expect("amounts are bounded at the interface"))
    }

    /// Difference, which may be negative.
    #[must_use]
    pub fn minus(self, other: Money) -> Money {
        Money(self.0.checked_sub(other.0).expect("amounts are bounded at the interface"))
    }

    /// Difference, or nothing where `other` is larger: what is left of a deductible, a cap, a room.
    #[must_use]
    pub fn less(self, other: Money) -> Money {
        self.minus(other).max(Money::ZERO)
    }

    /// The same amount with the other sign.
    #[must_use]
    pub fn negated(self) -> Money {
        Money(-self.0)
    }

    /// `self × rate`, rounded once to the fen, half up on the magnitude.
    #[must_use]
    pub fn share(self, rate: Rate) -> Money {
        let product = i128::from(self.0) * i128::from(rate.0);
        let magnitude = (product.abs() + 5_000) / 10_000;
        let fen = i64::try_from(magnitude).expect("amounts are bounded at the interface");
        Money(if product < 0 { -fen } else { fen })
    }

    /// `self ÷ rate`, rounded once to the fen, half up: the cost that a payment consumed.
    /// The rate must not be zero.
    #[must_use]
    pub fn unshare(self, rate: Rate) -> Money {
        assert!(rate.0 > 0, "a payment at no rate consumes no cost");
        let doubled = i128::from(self.0.abs()) * 20_000 + i128::from(rate.0);
        let fen = i64::try_from(doubled / (2 * i128::from(rate.0))).expect("amounts are bounded at the interface");
        Money(if self.0 < 0 { -fen } else { fen })
    }

    /// `quantity × unit price` in yuan, rounded once to the fen, half up on the magnitude.
    /// `None` where the product leaves the range of an amount field.
    pub fn of_quantity(quantity: Decimal, unit_price: Decimal) -> Option<Money> {
        quantity.checked_mul(unit_price).and_then(Money::of_yuan_rounded)
    }

    /// An amount in yuan, rounded once to the fen, half up on the magnitude.
    /// `None` where it leaves the range of an amount field.
    pub fn of_yuan_rounded(yuan: Decimal) -> Option<Money> {
        let fen = yuan.checked_mul(Decimal::ONE_HUNDRED)?;
        let fen = fen.round_dp_with_strategy(0, RoundingStrategy::MidpointAwayFromZero).to_i64()?;
        (fen.abs() <= Money::FIELD_MAX.0).then_some(Money(fen))
    }

    /// The amount in yuan as a decimal with two places.
    pub fn as_yuan(self) -> Decimal {
        Decimal::new(self.0, 2)
    }

    /// Sum of many.
    pub fn sum(amounts: impl IntoIterator<Item = Money>) -> Money {
        amounts.into_iter().fold(Money::ZERO, Money::plus)
    }
}

impl fmt::Display for Money {
    /// Yuan with two decimals, as the interface writes an amount: `-25.10`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let fen = self.0.unsigned_abs();
        write!(f, "{sign}{}.{:02}", fen / 100, fen % 100)
    }
}

impl fmt::Debug for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Why a text is no amount.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum NotMoney {
    /// Not a decimal number.
    #[error("不是数值")]
    NotANumber,
    /// More than two decimals that are not zero.
    #[error("小数超过两位")]
    BelowAFen,
    /// Outside 16,2.
    #[error("超出16位数值范围")]
    TooLarge,
}

impl FromStr for Money {
    type Err = NotMoney;

    /// Reads yuan: `12`, `12.5`, `-0.30`, `1e3`. Trailing zeros beyond the fen are taken.
    fn from_str(text: &str) -> Result<Self, NotMoney> {
        let yuan = decimal(text).ok_or(NotMoney::NotANumber)?;
        let fen = yuan.checked_mul(Decimal::ONE_HUNDRED).ok_or(NotMoney::TooLarge)?;
        if !fen.fract().is_zero() {
            return Err(NotMoney::BelowAFen);
        }
        let fen = fen.to_i64().ok_or(NotMoney::TooLarge)?;
        if fen.abs() > Money::FIELD_MAX.0 {
            return Err(NotMoney::TooLarge);
        }
        Ok(Money(fen))
    }
}

/// Reads a decimal as clients write it, plain or with an exponent; `None` where it is none.
pub fn decimal(text: &str) -> Option<Decimal> {
    let text = text.trim();
    if text.contains(['e', 'E']) { Decimal::from_scientific(text).ok() } else { Decimal::from_str_exact(text).ok() }
}

/// A ratio in basis points (万分之一): 8,000 is 80 %.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Rate(i64);

impl Rate {
    /// Nothing is paid.
    pub const ZERO: Rate = Rate(0);
    /// All of it.
    pub const WHOLE: Rate = Rate(10_000);

    /// So many basis points.
    pub const fn basis_points(points: i64) -> Self {
        Rate(points)
    }

    /// So many per cent.
    pub const fn percent(percent: i64) -> Self {
        Rate(percent * 100)
    }

    /// The ratio in basis points, for the store.
    pub const fn as_basis_points(self) -> i64 {
        self.0
    }

    /// Sum of points, which may leave 0 to 1 until it is clamped.
    #[must_use]
    pub fn plus(self, other: Rate) -> Rate {
        Rate(self.0 + other.0)
    }

    /// The ratio as the interface writes it (数值型 5,4): 0.8000.
    pub fn as_decimal(self) -> Decimal {
        Decimal::new(self.0, 4)
    }
}

impl fmt::Display for Rate {
    /// `80%`, `66.5%`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}%", Decimal::new(self.0, 2).normalize())
    }
}

impl fmt::Debug for Rate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[track_caller]
    fn check_share(yuan: &str, percent: i64, expected: &str) {
        let amount: Money = yuan.parse().unwrap();
        assert_eq!(amount.share(Rate::percent(percent)).to_string(), expected);
    }

    #[test]
    fn a_share_is_rounded_half_up_on_the_magnitude() {
        check_share("31.77", 10, "3.18"); // benefits, case 7
        check_share("61.11", 80, "48.89"); // benefits, case 7
        check_share("0.05", 10, "0.01");
        check_share("-0.05", 10, "-0.01");
        check_share("0.04", 10, "0.00");
    }

    #[test]
    fn consumed_cost_is_what_the_room_paid_for() {
        // benefits, case 3: 30,000 / 0.85
        assert_eq!(Money::yuan(30_000).unshare(Rate::percent(85)).to_string(), "35294.12");
    }

    #[test]
    fn an_amount_is_read_as_clients_write_it() {
        for (text, fen) in
            [("12", 1200), ("12.5", 1250), ("-0.30", -30), ("100.000", 10_000), ("1e3", 100_000), ("0", 0)]
        {
            assert_eq!(text.parse::<Money>(), Ok(Money::fen(fen)), "{text}");
        }
        assert_eq!("0.005".parse::<Money>(), Err(NotMoney::BelowAFen));
        assert_eq!("NaN".parse::<Money>(), Err(NotMoney::NotANumber));
        assert_eq!("1e300".parse::<Money>(), Err(NotMoney::NotANumber));
        assert_eq!("99999999999999999".parse::<Money>(), Err(NotMoney::TooLarge));
    }

    #[test]
    fn a_quantity_times_a_price_keeps_its_decimals_until_the_fen() {
        let amount =
            |q: &str, p: &str| Money::of_quantity(decimal(q).unwrap(), decimal(p).unwrap()).unwrap().to_string();
        assert_eq!(amount("3", "12.005"), "36.02");
        assert_eq!(amount("-3", "12.005"), "-36.02");
        assert_eq!(amount("0.3333", "3.000001"), "1.00");
    }

    proptest! {
        #[test]
        fn shares_mirror(fen in -1_000_000_000_000i64..1_000_000_000_000, points in 0i64..10_000) {
            let rate = Rate::basis_points(points);
            prop_assert_eq!(Money::fen(-fen).share(rate), Money::fen(fen).share(rate).negated());
        }

        #[test]
        fn an_amount_survives_writing_and_reading(fen in -9_999_999_999_999_999i64..=9_999_999_999_999_999) {
            prop_assert_eq!(Money::fen(fen).to_string().parse::<Money>(), Ok(Money::fen(fen)));
        }
    }
}
