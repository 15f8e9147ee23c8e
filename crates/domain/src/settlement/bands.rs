//! Bands (分段) and the rounded difference (`decisions` 27, 32, 35).
//!
//! A banded payment is the formula after minus the formula before, rounded once: many small bills
//! come, up to the fen of each rounding, to what one large bill comes to.

use super::rules::{BandBase, Bands};
use crate::money::{Money, Rate};

/// An amount that is not rounded yet: fen times basis points.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) struct Exact(i128);

impl Exact {
    /// `amount × rate`, not rounded.
    pub fn share(amount: Money, rate: Rate) -> Exact {
        Exact(i128::from(amount.as_fen()) * i128::from(rate.as_basis_points()))
    }

    /// `self − before`, rounded once to the fen, half up.
    pub fn since(self, before: Exact) -> Money {
        let difference = (self.0 - before.0).max(0);
        Money::fen(i64::try_from((difference + 5_000) / 10_000).expect("amounts are bounded at the interface"))
    }
}

/// The band formula of a cumulated amount.
pub(super) fn formula(bands: &Bands, cumulated: Money) -> Exact {
    let (amount, start) = match bands.base {
        BandBase::Whole => (cumulated, bands.deductible),
        BandBase::AboveDeductible => (cumulated.less(bands.deductible), Money::ZERO),
    };
    let mut lower = Money::ZERO;
    let mut sum = 0;
    for band in &bands.bands {
        let upper = band.up_to.map_or(amount, |edge| edge.min(amount));
        sum += Exact::share(upper.less(lower.max(start)), band.rate).0;
        lower = band.up_to.unwrap_or(Money::FIELD_MAX);
    }
    Exact(sum)
}
