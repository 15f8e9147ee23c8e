//! How the lines of a bill are split (`decisions` 10 to 12).

use super::fen::{WHOLE, share};
use crate::judge::Wrong;
use crate::judge::actuary::Actuary;
use crate::judge::row::{Row, wrong_of};
use crate::judge::tariff::Figures;
use crate::life::Line;
use yibao_domain::money::{Decimal, Money};

/// Own-paid, over the limit, paid ahead, in scope; in fen.
type Parts = [i64; 4];

/// The parts of a bill.
#[derive(Clone, Copy, Default)]
pub(super) struct Split {
    ordinary: Parts,
    single_payment: Parts,
    high_value: Parts,
}

impl Split {
    /// All of it.
    pub fn parts(&self) -> Parts {
        let all = [self.ordinary, self.single_payment, self.high_value];
        [0, 1, 2, 3].map(|part| all.iter().map(|of| of[part]).sum())
    }

    /// The bill.
    pub fn total(&self) -> i64 {
        self.parts().iter().sum()
    }

    /// What is in scope.
    pub fn in_scope(&self) -> i64 {
        self.parts()[3]
    }

    /// What is in scope of special drugs: those that are paid alone, and those of high value.
    pub fn special_drugs(&self) -> (i64, i64) {
        (self.single_payment[3], self.high_value[3])
    }
}

/// The parts of what a settlement took; nothing where something is not sold here.
pub(super) fn of(actuary: &Actuary<'_>, row: &Row<'_>) -> Option<Split> {
    let mut split = Split::default();
    for line in row.lines {
        let parts = of_line(actuary, row, line)?;
        let sum = match actuary.item(line.code)?.special {
            "single_payment" if actuary.special_drugs => &mut split.single_payment,
            "high_value" if actuary.special_drugs => &mut split.high_value,
            _ => &mut split.ordinary,
        };
        sum.iter_mut().zip(parts).for_each(|(sum, part)| *sum += part);
    }
    Some(split)
}

/// How its lines were said to be split when they were sent.
pub(super) fn lines_told(actuary: &Actuary<'_>, row: &Row<'_>, wrong: &mut Vec<Wrong>) {
    const PARTS: [&str; 4] = ["fulamt_ownpay_amt", "overlmt_amt", "preselfpay_amt", "inscp_scp_amt"];
    for line in row.lines {
        let (Some(told), Some(must)) = (row.case.split.get(&line.serial), of_line(actuary, row, line)) else {
            continue;
        };
        let told = told.whole();
        let said = |name: &str| told[name].to_string().trim_matches('"').parse::<Money>().map(Money::as_fen);
        let is = PARTS.map(|name| said(name).unwrap_or(i64::MIN));
        let share = told["selfpay_prop"].to_string().trim_matches('"').parse().unwrap_or(Decimal::ZERO);
        if (must[0] != 0) != (share >= Decimal::ONE) {
            wrong
                .push(wrong_of(row, format!("line {} is told with an own share of {share}, as {must:?}", line.serial)));
        }
        if is != must {
            wrong.push(wrong_of(row, format!("line {} was split as {is:?} fen and must be {must:?}", line.serial)));
        }
    }
}

fn of_line(actuary: &Actuary<'_>, row: &Row<'_>, line: &Line) -> Option<Parts> {
    let item = actuary.item(line.code)?;
    let says = item.on(actuary.city.begins, line.at.date());
    let figures = Figures::of(&actuary.city.pool, actuary.person.scheme, row.last_day);
    let amount = line.price * line.count;
    // The message of a pharmacy has no place for an approval.
    let tells_approval = !row.event.kind.is_bought();
    let is_own = line.approval == "2" || (item.restricted && line.approval == "0");
    if (tells_approval && is_own) || says.class == "03" {
        return Some([amount, 0, 0, 0]);
    }
    let over = says.limit.map_or(0, |limit| (line.price - limit).max(0) * line.count);
    let ahead = match (item.special, says.own_share, says.class) {
        ("single_payment", ..) if actuary.special_drugs => 0,
        _ if row.event.birth.is_some() => 0,
        ("high_value", ..) if actuary.special_drugs => {
            figures.points("special_drug", "high_value_pre_payment").unwrap_or(0)
        }
        (_, Some(own_share), _) => own_share,
        (_, None, "02") => figures.points("care", "class_b_pre_payment").unwrap_or(0),
        (_, None, _) => 0,
    };
    let ahead = share(amount - over, ahead.min(WHOLE));
    Some([0, over, ahead, amount - over - ahead])
}
