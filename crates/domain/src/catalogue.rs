//! The benefit catalogue (医保目录): what a line's item is on the line's own day.
//!
//! Decides which row of several applies. Where rows come from, and that an unknown code is refused,
//! is for others (`decisions` 12).

use crate::code::{Pool, Scheme};
use crate::money::{Decimal, Rate};
use crate::provider::BenefitLevel;
use crate::time::Date;

/// The class of an item (收费项目等级, `chrgitm_lv`).
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Class {
    /// 甲类: wholly in scope.
    A,
    /// 乙类: the person pays a share first.
    B,
    /// 丙类: wholly the person's.
    C,
}

impl Class {
    /// Reads `chrgitm_lv`: 01, 02, 03.
    pub fn of_chrgitm_lv(code: &str) -> Option<Class> {
        match code {
            "01" | "1" => Some(Class::A),
            "02" | "2" => Some(Class::B),
            "03" | "3" => Some(Class::C),
            _ => None,
        }
    }

    /// Its national code.
    pub fn as_chrgitm_lv(self) -> &'static str {
        match self {
            Class::A => "01",
            Class::B => "02",
            Class::C => "03",
        }
    }
}

/// Special drugs (特殊药品), where a pool pays them on their own (`decisions` 45).
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum SpecialDrug {
    /// 单行支付药品.
    SinglePayment,
    /// 高值药品.
    HighValue,
}

impl SpecialDrug {
    /// Reads the column `special` of `catalogue.csv`.
    pub fn of_column(text: &str) -> Option<SpecialDrug> {
        match text {
            "single_payment" => Some(SpecialDrug::SinglePayment),
            "high_value" => Some(SpecialDrug::HighValue),
            _ => None,
        }
    }

    /// The column value that [`SpecialDrug::of_column`] reads.
    pub fn column(self) -> &'static str {
        match self {
            SpecialDrug::SinglePayment => "single_payment",
            SpecialDrug::HighValue => "high_value",
        }
    }
}

/// One row of the catalogue.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CatalogueRow {
    /// Its class.
    pub class: Class,
    /// The share paid first (自付比例, `selfpay_prop`); a class-B row without one has the pool's.
    pub self_pay_rate: Option<Rate>,
    /// The highest price that counts (限价, `hilist_pric_uplmt_amt`), in yuan.
    pub limit_price: Option<Decimal>,
    /// A drug that may be paid on its own.
    pub special: Option<SpecialDrug>,
    /// First day.
    pub begin: Date,
    /// Last day; open where absent.
    pub end: Option<Date>,
    /// Only for this pool.
    pub pool: Option<Pool>,
    /// Only for this scheme.
    pub scheme: Option<Scheme>,
    /// Only at providers of this level (限价等级).
    pub level: Option<BenefitLevel>,
}

impl CatalogueRow {
    /// Whether the day lies within the row's own days.
    pub fn holds_on(&self, day: Date) -> bool {
        self.begin <= day && self.end.is_none_or(|end| day <= end)
    }
}

/// The row that applies to an item at this provider on this day: of the rows that fit the one that
/// names most (pool, then scheme, then level); of equals the latest begun.
pub fn pick<'a>(
    rows: &'a [CatalogueRow],
    pool: &Pool,
    scheme: Scheme,
    limit_price_level: BenefitLevel,
    day: Date,
) -> Option<&'a CatalogueRow> {
    rows.iter()
        .filter(|row| row.holds_on(day))
        .filter(|row| row.pool.as_ref().is_none_or(|named| named == pool))
        .filter(|row| row.scheme.is_none_or(|named| named == scheme))
        .filter(|row| row.level.is_none_or(|named| named == limit_price_level || named == limit_price_level.as_level()))
        .max_by_key(|row| {
            (
                row.pool.is_some(),
                row.scheme.is_some(),
                row.level.is_some(),
                row.level == Some(limit_price_level),
                row.begin,
            )
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn row(begin: Date, end: Option<Date>, scheme: Option<Scheme>) -> CatalogueRow {
        CatalogueRow {
            class: Class::B,
            self_pay_rate: None,
            limit_price: None,
            special: None,
            begin,
            end,
            pool: None,
            scheme,
            level: None,
        }
    }

    #[test]
    fn the_row_of_the_lines_own_day_applies() {
        let rows = [
            row(date(2020, 1, 1), Some(date(2021, 2, 28)), None),
            row(date(2021, 3, 1), None, None),
            row(date(2021, 3, 1), None, Some(Scheme::Employee)),
        ];
        let pool = Pool::new("510400");
        let on = |scheme, day| pick(&rows, &pool, scheme, BenefitLevel::Level2, day);
        assert_eq!(on(Scheme::Resident, date(2021, 2, 28)), Some(&rows[0]));
        assert_eq!(on(Scheme::Resident, date(2021, 3, 1)), Some(&rows[1]));
        assert_eq!(on(Scheme::Employee, date(2021, 3, 1)), Some(&rows[2]));
        assert_eq!(on(Scheme::Resident, date(2019, 12, 31)), None);
    }
}
