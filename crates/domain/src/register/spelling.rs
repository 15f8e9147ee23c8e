//! What people write into a field, in the one form in which it is kept (栏目的写法): the same for a page, a sheet and a pasted line.
//!
//! Only the spelling is judged here. Whether a code exists, a sum may be nothing or a time lies behind now, is for whoever knows the
//! register ([`super::Reader`]).

use super::FieldKind;
use super::field;
use super::values::{NO, YES};
use crate::money::{Decimal, Money};
use crate::time::{DateTime, moment_text};
use crate::written::amount::{self, NotAmount};
use crate::written::when::{self, NotTime};
use crate::written::{half_width, is_scientific, name, narrow, number};

/// What a field holds in the form in which it is kept, or what is wrong with it and what to do, with the value.
pub fn kept(name: &str, holds: &FieldKind, text: &str) -> Result<String, String> {
    match holds {
        FieldKind::Text => text_of(name, text),
        FieldKind::Telephone => telephone(text),
        FieldKind::Moment => moment(text).map(moment_text),
        FieldKind::Day => match when::day(text) {
            Ok(day) => Ok(day.to_string()),
            Err(NotTime::Other) => Err(format!("“{}”不是日期；应如 2021-07-12", shown(text))),
            Err(why) => Err(format!("“{}”{why}；应如 2021-07-12", shown(text))),
        },
        FieldKind::Money => money(text).map(|sum| sum.to_string()),
        FieldKind::Quantity => quantity(text).map(|quantity| quantity.to_string()),
        FieldKind::Price => price(text).map(|price| price.to_string()),
        FieldKind::Count => match narrow(text).parse::<u16>() {
            Ok(count) => Ok(count.to_string()),
            Err(_) => Err(format!("“{}”不是整数；应如 28", shown(text))),
        },
        FieldKind::YesNo => match narrow(text).to_lowercase().as_str() {
            YES | "有" | "已" | "y" | "yes" | "true" | "1" | "√" | "✓" | "✔" => Ok(YES.to_owned()),
            NO | "无" | "未" | "n" | "no" | "false" | "0" | "×" | "✗" | "✘" => Ok(NO.to_owned()),
            _ => Err(format!("“{}”应填“是”或“否”", shown(text))),
        },
        FieldKind::Diagnoses
        | FieldKind::Business
        | FieldKind::Code(_)
        | FieldKind::Papers
        | FieldKind::Channel
        | FieldKind::Choice(_) => Ok(half_width(text)),
    }
}

/// A time, or what is wrong with it and what to do.
pub fn moment(text: &str) -> Result<DateTime, String> {
    when::moment(text).map_err(|why| format!("“{}”{why}；应按24小时制写到分钟，如 2021-07-12 10:30", shown(text)))
}

/// A sum that may be negative, or what is wrong with it and what to do.
pub fn money(text: &str) -> Result<Money, String> {
    amount::amount(text).map_err(|why| no_amount(text, why))
}

/// A quantity.
pub fn quantity(text: &str) -> Result<Decimal, String> {
    amount::quantity(text).map_err(|why| format!("“{}”不是数量：{why}；应只写数字，如 2 或 0.5", shown(text)))
}

/// A price of one, whatever its decimals.
pub fn price(text: &str) -> Result<Decimal, String> {
    amount::price(text).map_err(|why| format!("“{}”不是单价：{why}；应如 12.50", shown(text)))
}

/// That a text is no amount, and what one looks like.
pub fn no_amount(text: &str, why: NotAmount) -> String {
    format!("“{}”不是金额：{why}；应为最多两位小数的元数，如 128.50", shown(text))
}

/// A value as messages repeat it: what was typed, without what nobody sees.
fn shown(text: &str) -> String {
    half_width(text)
}

fn text_of(name: &str, text: &str) -> Result<String, String> {
    let damaged = |why| format!("“{}”{why}", shown(text));
    let numbers = [field::PSN_NO, field::MDTRT_ID].map(field::Field::name);
    if name == field::CERTNO.name() {
        return number::document(text).map_err(damaged);
    }
    if numbers.contains(&name) {
        return number::number(text).map_err(damaged);
    }
    if text.contains('\u{fffd}') {
        return Err(damaged(number::Damaged::Lost));
    }
    if name == field::PSN_NAME.name() {
        return Ok(name::kept(text));
    }
    let plain = half_width(text);
    if is_scientific(&plain) {
        return Err(format!("“{plain}”是科学计数法，末几位已丢失；请把该列改为文本格式后重填"));
    }
    Ok(plain)
}

fn telephone(text: &str) -> Result<String, String> {
    let plain = narrow(text);
    if is_scientific(&plain) {
        return Err(format!("“{plain}”是科学计数法，末几位已丢失；请把该列改为文本格式后重填"));
    }
    let digits = plain.chars().filter(char::is_ascii_digit).count();
    let fits = plain.chars().all(|c| c.is_ascii_digit() || matches!(c, '-' | '+' | ' ' | '(' | ')'));
    if fits && (7..=15).contains(&digits) {
        Ok(plain)
    } else {
        Err(format!("“{plain}”不是电话号码；应为7至15位数字"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[track_caller]
    fn check(name: &str, holds: FieldKind, text: &str, expected: Result<&str, &str>) {
        match (kept(name, &holds, text), expected) {
            (Ok(kept), Ok(expected)) => assert_eq!(kept, expected, "{text}"),
            (Err(problem), Err(part)) => assert!(problem.contains(part), "{problem}"),
            (other, _) => panic!("{text}: {other:?}"),
        }
    }

    #[test]
    fn each_kind_has_one_form_however_it_was_written() {
        check("f", FieldKind::Moment, "2021/7/12 9:05", Ok("2021-07-12 09:05:00"));
        check("f", FieldKind::Moment, "2021年7月12日 ０９:05:30", Ok("2021-07-12 09:05:30"));
        check("f", FieldKind::Day, "2021.7.1", Ok("2021-07-01"));
        check("f", FieldKind::Money, "¥1,280.5元", Ok("1280.50"));
        check("f", FieldKind::Quantity, "-１，０００", Ok("-1000"));
        check("f", FieldKind::Price, "￥0.1234元", Ok("0.1234"));
        check("f", FieldKind::Count, " ２8 ", Ok("28"));
        check("f", FieldKind::Telephone, " ０857-8296182 ", Ok("0857-8296182"));
        check("f", FieldKind::Telephone, "（0857）8296182", Ok("(0857)8296182"));
        check("f", FieldKind::Text, "'３E号楼（甲）", Ok("3E号楼（甲）"));
        for yes in ["是", "√", "✔", "Y", "１", "有", "已"] {
            check("f", FieldKind::YesNo, yes, Ok("是"));
        }
        for no in ["否", "×", "no", "无", "未"] {
            check("f", FieldKind::YesNo, no, Ok("否"));
        }
    }

    #[test]
    fn numbers_and_names_of_persons_are_folded_whatever_table_they_stand_in() {
        check("certno", FieldKind::Text, "５１０４０２ 19750505\u{200b}006x", Ok("51040219750505006X"));
        check("psn_no", FieldKind::Text, "'5205 00 01", Ok("52050001"));
        check("psn_name", FieldKind::Text, "'刘\u{e863}　某", Ok("刘䶮 某"));
    }

    #[test]
    fn what_is_wrong_is_said_with_the_value_and_the_remedy() {
        check("f", FieldKind::Moment, "2021-07-12", Err("写到分钟"));
        check("f", FieldKind::Moment, "2021/7/12 晚上12:00", Err("24小时制"));
        check("f", FieldKind::Moment, "昨天", Err("“昨天”不是时间"));
        check("f", FieldKind::Day, "12/7/2021", Err("年份"));
        check("f", FieldKind::Day, "2021-07-12 10:30", Err("只要日期"));
        check("f", FieldKind::Money, "12，50", Err("“12，50”不是金额：逗号"));
        check("f", FieldKind::Count, "2.5", Err("不是整数"));
        check("f", FieldKind::Telephone, "12345", Err("7至15位"));
        check("f", FieldKind::Telephone, "1.38E+10", Err("科学计数法"));
        check("f", FieldKind::YesNo, "不清楚", Err("“是”或“否”"));
        check("invono", FieldKind::Text, "1.2E+11", Err("科学计数法"));
        check("certno", FieldKind::Text, "510402197505060000", Err("末三位成了000"));
        check("certno", FieldKind::Text, "5E17", Err("科学计数法"));
        check("psn_name", FieldKind::Text, "王\u{fffd}", Err("已损坏"));
    }

    proptest! {
        /// What is kept is kept so when it is read again: a sheet that was exported changes nothing.
        #[test]
        fn what_is_kept_reads_back(text in "\\PC{0,16}", which in 0usize..9) {
            use FieldKind::{Count, Day, Moment, Money, Price, Quantity, Telephone, Text, YesNo};
            let holds = [Text, Telephone, Moment, Day, Money, Quantity, Price, Count, YesNo][which].clone();
            for name in ["f", "certno", "psn_no", "psn_name"] {
                if let Ok(once) = kept(name, &holds, &text) {
                    prop_assert_eq!(kept(name, &holds, &once), Ok(once.clone()));
                }
            }
        }
    }
}
