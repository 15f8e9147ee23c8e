//! What somebody states, checked field by field and written in one form.
//!
//! Every wrong field is named with its value and the remedy, all at once, so that a form or a row of a sheet is corrected
//! in one go. What a stated field means for the entry is not decided here. Invariant: what leaves here reads back.

use super::field;
use super::values::{NO, Stated, YES, day, moment};
use super::{Action, FieldKind, FieldSpec, FieldTable, Need, diagnoses, diagnoses_text, listed};
use crate::money::Money;
use crate::outage::{Business, Evidence, RegisterKind};
use crate::time::{DateTime, moment_text};
use crate::written::visible;
use std::fmt;

/// The longest text of a field, in characters.
const TEXT_CHARS_MAX: usize = 200;

/// What is wrong with one field, and what to do.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct FieldProblem {
    /// The field's name.
    pub field: String,
    /// Its Chinese label, or what was written at the head of the column.
    pub label: String,
    /// What is wrong and what to do, with the value; without the label.
    pub text: String,
}

impl FieldProblem {
    /// A problem of a field of the table.
    pub fn of(field: &FieldSpec, text: impl Into<String>) -> FieldProblem {
        FieldProblem { field: field.name.clone(), label: field.label.clone(), text: text.into() }
    }
}

impl fmt::Display for FieldProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "“{}”{}", self.label, self.text)
    }
}

/// What the checks need to know besides the table.
pub struct Reader<'a> {
    /// The fields of all registers.
    pub table: &'a FieldTable,
    /// The code of a national code table (table, value), from a code or its meaning; `None` where it is none.
    pub code: &'a dyn Fn(&str, &str) -> Option<String>,
    /// The business of a dotted or Chinese name.
    pub business: &'a dyn Fn(&str) -> Option<Business>,
    /// The present moment: what has happened lies before it.
    pub now: DateTime,
}

impl Reader<'_> {
    /// Reads what is stated for a step of a register; empty values count as not stated.
    pub fn read(&self, kind: RegisterKind, action: Action, stated: &Stated) -> Result<Stated, Vec<FieldProblem>> {
        let mut read = Stated::new();
        let mut problems = Vec::new();
        let known: Vec<&FieldSpec> = self.table.of(kind, action).collect();
        for (name, value) in stated {
            if !value.trim().is_empty() && known.iter().all(|field| field.name != *name) {
                let text = format!("不是{}“{}”的栏目；请删去或按模板填写", kind.name(), action.name());
                problems.push(FieldProblem { field: name.clone(), label: name.clone(), text });
            }
        }
        for field in known {
            let value = half_width(stated.get(&field.name).map_or("", String::as_str));
            if value.is_empty() {
                if field.need == Need::Yes {
                    problems.push(FieldProblem::of(field, "必填；请补填"));
                }
                continue;
            }
            match self.value(field, &value) {
                Ok(value) => {
                    read.insert(field.name.clone(), value);
                }
                Err(text) => problems.push(FieldProblem::of(field, text)),
            }
        }
        if problems.is_empty() { Ok(read) } else { Err(problems) }
    }

    /// A value as it is kept, or what is wrong with it.
    fn value(&self, field: &FieldSpec, value: &str) -> Result<String, String> {
        match &field.holds {
            FieldKind::Text => {
                if value.chars().count() > TEXT_CHARS_MAX {
                    return Err(format!("超过{TEXT_CHARS_MAX}个字；请缩短"));
                }
                if value.chars().any(char::is_control) {
                    return Err("含有换行等控制字符；请写成一行".to_owned());
                }
                Ok(value.to_owned())
            }
            FieldKind::Telephone => {
                let value = value.replace('（', "(").replace('）', ")");
                let digits = value.chars().filter(char::is_ascii_digit).count();
                let fits = value.chars().all(|c| c.is_ascii_digit() || matches!(c, '-' | '+' | ' ' | '(' | ')'));
                if fits && (7..=15).contains(&digits) {
                    Ok(value)
                } else {
                    Err(format!("“{value}”不是电话号码；应为7至15位数字"))
                }
            }
            FieldKind::Moment => {
                let moment = moment(value)
                    .ok_or_else(|| format!("“{value}”不是时间；应按24小时制写到分钟，如 2021-07-12 10:30"))?;
                if moment > self.now && field.name != field::APPOINTMENT.name() {
                    return Err(format!("“{value}”晚于现在（{}）；请核对", moment_text(self.now)));
                }
                Ok(moment_text(moment))
            }
            FieldKind::Day => {
                let day = day(value).ok_or_else(|| format!("“{value}”不是日期；应如 2021-07-12"))?;
                Ok(day.to_string())
            }
            FieldKind::Money => {
                let money = bare_amount(value).and_then(|digits| digits.parse::<Money>().ok());
                let is_cost = [field::MEDFEE_SUMAMT.name(), field::PAID.name()].contains(&field.name.as_str());
                match money {
                    Some(money) if money > Money::ZERO || (money == Money::ZERO && !is_cost) => Ok(money.to_string()),
                    Some(Money::ZERO) => Err(format!("“{value}”应大于0；请填实际金额")),
                    _ => Err(format!("“{value}”不是金额；应为不小于0、最多两位小数的元数，如 128.50")),
                }
            }
            FieldKind::Count => match value.parse::<u16>() {
                Ok(count) => Ok(count.to_string()),
                Err(_) => Err(format!("“{value}”不是整数；应如 28")),
            },
            FieldKind::Diagnoses => match diagnoses(value) {
                Ok(read) => Ok(diagnoses_text(&read)),
                Err(part) => Err(format!("“{part}”没有诊断代码；应如 Z51.100 化学治疗、I10.x00 高血压")),
            },
            FieldKind::YesNo => match value.to_ascii_lowercase().as_str() {
                YES | "有" | "y" | "yes" | "true" | "1" | "√" => Ok(YES.to_owned()),
                NO | "无" | "n" | "no" | "false" | "0" | "×" => Ok(NO.to_owned()),
                _ => Err(format!("“{value}”应填“是”或“否”")),
            },
            FieldKind::Business => match (self.business)(value) {
                Some(business) => Ok(business.to_string()),
                None => Err(format!("“{value}”不是已知的业务；请按模板中的业务名填写")),
            },
            FieldKind::Code(table) => (self.code)(table, value).ok_or_else(|| {
                format!("“{value}”不在代码表 {table} 内；请改填代码或含义，可用的值见 /docs/interface/codes/{table}")
            }),
            FieldKind::Papers => {
                let unknown = |name: &&str| Evidence::ALL.iter().all(|word| word.name() != *name);
                match listed(value).find(unknown) {
                    Some(name) => Err(format!(
                        "“{name}”不是凭据的名称；请按停机方案的写法填写，几项以“、”分开，如 发票、费用明细清单"
                    )),
                    None => Ok(listed(value).collect::<Vec<_>>().join("、")),
                }
            }
            FieldKind::Choice(words) => {
                if words.iter().any(|word| word == value) {
                    Ok(value.to_owned())
                } else {
                    Err(format!("“{value}”应为：{}", words.join("、")))
                }
            }
        }
    }
}

/// An amount without what people write around and in it: `￥`, `元`, separators of thousands. `None` where one of these
/// stands in the wrong place: `1,00.50` may have been meant as `100.50` or as `1,000.50`.
pub fn bare_amount(written: &str) -> Option<String> {
    let amount = written.trim().trim_start_matches(['¥', '￥']).trim_end_matches('元').trim().replace('，', ",");
    let whole = amount.split('.').next().unwrap_or_default();
    let (first, rest) = whole.split_once(',').unwrap_or((whole, ""));
    let fits = match rest {
        "" => !amount.contains(','),
        rest => (1..=3).contains(&first.len()) && rest.split(',').all(|group| group.len() == 3),
    };
    (fits && !amount[whole.len()..].contains(',')).then(|| amount.replace(',', ""))
}

/// The text without spaces around it, full-width letters, digits and signs (０Ａ－) as ordinary ones.
pub fn half_width(text: &str) -> String {
    let narrow = |c: char| match c {
        '\u{3000}' => ' ',
        '\u{ff10}'..='\u{ff19}' | '\u{ff21}'..='\u{ff3a}' | '\u{ff41}'..='\u{ff5a}' => {
            char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c)
        }
        '\u{ff1a}' => ':',
        '\u{ff0d}' => '-',
        '\u{ff0e}' => '.',
        '\u{ff0f}' => '/',
        '\u{ff0b}' => '+',
        _ => c,
    };
    visible(text).chars().map(narrow).collect::<String>().trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn field(name: &str, holds: FieldKind, need: Need) -> FieldSpec {
        FieldSpec {
            kind: None,
            action: Action::Register,
            name: name.into(),
            label: name.into(),
            holds,
            need,
            evidence: Vec::new(),
            note: String::new(),
        }
    }

    #[track_caller]
    fn check(holds: FieldKind, value: &str, expected: Result<&str, &str>) {
        let table = FieldTable { fields: vec![field("f", holds, Need::Yes)] };
        let reader = Reader {
            table: &table,
            code: &|_, value| (value == "310").then(|| value.to_owned()),
            business: &|name| (name == "备案").then(|| Business::named("filing")),
            now: date(2021, 7, 20).at(8, 0, 0, 0),
        };
        let stated = Stated::from([("f".to_owned(), value.to_owned())]);
        match (reader.read(RegisterKind::CashVisit, Action::Register, &stated), expected) {
            (Ok(read), Ok(expected)) => assert_eq!(read["f"], expected),
            (Err(problems), Err(part)) => assert!(problems[0].text.contains(part), "{problems:?}"),
            (other, _) => panic!("{value}: {other:?}"),
        }
    }

    #[test]
    fn values_are_kept_in_one_form_however_they_were_written() {
        check(FieldKind::Moment, "2021/7/12 9:05", Ok("2021-07-12 09:05:00"));
        check(FieldKind::Moment, "2021年7月12日 ０９:05:30", Ok("2021-07-12 09:05:30"));
        check(FieldKind::Day, "2021.7.1", Ok("2021-07-01"));
        check(FieldKind::Money, "¥1,280.5元", Ok("1280.50"));
        check(FieldKind::Money, "1，234，567.50", Ok("1234567.50"));
        check(FieldKind::YesNo, "Y", Ok("是"));
        check(FieldKind::Count, " ２8 ", Ok("28"));
        check(FieldKind::Diagnoses, "Z51.100 化疗;I10.x00", Ok("Z51.100 化疗、I10.x00"));
        check(FieldKind::Telephone, " ０857-8296182 ", Ok("0857-8296182"));
        check(FieldKind::Telephone, "（0857）8296182", Ok("(0857)8296182"));
        check(FieldKind::Business, "备案", Ok("filing"));
        check(FieldKind::Code("insutype".into()), "310", Ok("310"));
    }

    #[test]
    fn a_wrong_value_is_named_with_the_remedy() {
        check(FieldKind::Moment, "2021-07-12", Err("写到分钟"));
        check(FieldKind::Moment, "2021-07-21 10:00", Err("晚于现在"));
        check(FieldKind::Money, "-1", Err("不小于0"));
        check(FieldKind::Count, "2.5", Err("不是整数"));
        check(FieldKind::Diagnoses, "高血压", Err("没有诊断代码"));
        check(FieldKind::Money, "12.345", Err("两位小数"));
        for misplaced in ["￥1,00.50元", "1,2345", ",100", "1,", "100.5,0", "1234,567", "1,234,5"] {
            check(FieldKind::Money, misplaced, Err("不是金额"));
        }
        check(FieldKind::Telephone, "12345", Err("7至15位"));
        check(FieldKind::Code("insutype".into()), "999", Err("insutype"));
        check(FieldKind::Choice(vec!["同意".into()]), "好", Err("同意"));
        check(FieldKind::Text, "", Err("必填"));
    }

    #[test]
    fn a_cost_of_nothing_is_refused_and_a_prepayment_of_nothing_is_not() {
        let read = |name: &str| {
            let table = FieldTable { fields: vec![field(name, FieldKind::Money, Need::Yes)] };
            let reader = Reader {
                table: &table,
                code: &|_, _| None,
                business: &|_| None,
                now: date(2021, 7, 20).at(8, 0, 0, 0),
            };
            let stated = Stated::from([(name.to_owned(), "0.00".to_owned())]);
            reader.read(RegisterKind::CashVisit, Action::Register, &stated).is_ok()
        };
        assert_eq!([read("medfee_sumamt"), read("paid"), read("prepayment")], [false, false, true]);
    }

    #[test]
    fn every_wrong_field_is_told_at_once() {
        let fields = vec![field("a", FieldKind::Day, Need::Yes), field("b", FieldKind::Money, Need::No)];
        let table = FieldTable { fields };
        let reader =
            Reader { table: &table, code: &|_, _| None, business: &|_| None, now: date(2021, 7, 20).at(8, 0, 0, 0) };
        let stated = Stated::from([("b".to_owned(), "x".to_owned()), ("c".to_owned(), "1".to_owned())]);
        let problems = reader.read(RegisterKind::CashVisit, Action::Register, &stated).unwrap_err();
        let names: Vec<&str> = problems.iter().map(|problem| problem.field.as_str()).collect();
        assert_eq!(names, ["c", "a", "b"]);
    }
}
