//! Amounts in the characters of receipts (大写金额), which cannot be changed by a stroke: `人民币壹佰零贰元叁角整`.

use crate::money::Money;

const DIGITS: [char; 10] = ['零', '壹', '贰', '叁', '肆', '伍', '陆', '柒', '捌', '玖'];
const PLACES: [&str; 4] = ["", "拾", "佰", "仟"];
const GROUPS: [&str; 5] = ["", "万", "亿", "万亿", "亿亿"];

/// An amount as it is written out on a receipt; a negative one begins with 负.
pub fn in_capitals(amount: Money) -> String {
    let fen = amount.as_fen().unsigned_abs();
    let (yuan, jiao, rest) = (fen / 100, fen % 100 / 10, fen % 10);
    let sign = if amount < Money::ZERO { "负" } else { "" };
    let mut text = format!("人民币{sign}");
    if yuan > 0 || fen == 0 {
        text.push_str(&whole(yuan));
        text.push('元');
    }
    match (jiao, rest) {
        (0, 0) => text.push('整'),
        (jiao, 0) => text.extend([digit(jiao), '角', '整']),
        (0, fen) if yuan > 0 => text.extend(['零', digit(fen), '分']),
        (0, fen) => text.extend([digit(fen), '分']),
        (jiao, fen) => text.extend([digit(jiao), '角', digit(fen), '分']),
    }
    text
}

fn digit(value: u64) -> char {
    DIGITS[usize::try_from(value % 10).unwrap_or_default()]
}

/// A whole number; noughts between figures are said once, those at its end not at all.
fn whole(number: u64) -> String {
    if number == 0 {
        return "零".to_owned();
    }
    let groups: Vec<u64> = (0..GROUPS.len() as u32).map(|at| number / 10_000_u64.pow(at) % 10_000).collect();
    let mut text = String::new();
    for (at, group) in groups.iter().enumerate().rev().filter(|(_, group)| **group > 0) {
        let skips = groups[at + 1..].iter().any(|above| *above > 0) && (*group < 1000 || groups[at + 1] == 0);
        if skips {
            text.push('零');
        }
        text.push_str(&of_group(*group));
        text.push_str(GROUPS[at]);
    }
    text
}

fn of_group(group: u64) -> String {
    let mut text = String::new();
    let mut skipped = false;
    for at in (0..PLACES.len()).rev() {
        let figure = group / 10_u64.pow(at as u32) % 10;
        if figure == 0 {
            skipped = !text.is_empty();
            continue;
        }
        if skipped {
            text.push('零');
            skipped = false;
        }
        text.push(digit(figure));
        text.push_str(PLACES[at]);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(amount: &str, expected: &str) {
        assert_eq!(in_capitals(amount.parse().unwrap()), format!("人民币{expected}"), "{amount}");
    }

    #[test]
    fn amounts_are_written_out_as_on_receipts() {
        check("0.00", "零元整");
        check("70.00", "柒拾元整");
        check("86.50", "捌拾陆元伍角整");
        check("1409.52", "壹仟肆佰零玖元伍角贰分");
        check("6007.14", "陆仟零柒元壹角肆分");
        check("325.04", "叁佰贰拾伍元零肆分");
        check("0.07", "柒分");
        check("0.70", "柒角整");
        check("100000.00", "壹拾万元整");
        check("107000.53", "壹拾万柒仟元伍角叁分");
        check("16409.02", "壹万陆仟肆佰零玖元零贰分");
        check("200000001.00", "贰亿零壹元整");
        check("-12.00", "负壹拾贰元整");
    }
}
