//! What somebody states, checked field by field and written in one form.
//!
//! Every wrong field is named with its value and the remedy, all at once, so that a form or a row of a sheet is corrected
//! in one go. What a stated field means for the entry is not decided here. Invariant: what leaves here reads back.

use super::field;
use super::spelling::kept;
use super::values::Stated;
use super::{Action, FieldKind, FieldSpec, FieldTable, Need, diagnoses, diagnoses_text, listed};
use crate::money::Money;
use crate::outage::{Business, Channel, Evidence, RegisterKind};
use crate::time::{DateTime, moment_name};
use crate::written::{half_width, visible};
use std::fmt;

/// The longest text of a field, in characters; one that lists several things has room for more of them.
const TEXT_CHARS_MAX: usize = 200;
const LIST_CHARS_MAX: usize = 2_000;

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
    /// Whether a plan has evidence of its own of this Chinese name.
    pub own_evidence: &'a dyn Fn(&str) -> bool,
    /// The Chinese name of a channel, from its word or name; `None` where it is none.
    pub channel: &'a dyn Fn(&str) -> Option<String>,
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
            let value = stated.get(&field.name).map_or("", String::as_str);
            if visible(value).trim().is_empty() {
                if field.need == Need::Yes {
                    problems.push(FieldProblem::of(field, "必填；请补填"));
                }
                continue;
            }
            match self.value(field, value) {
                Ok(value) => {
                    read.insert(field.name.clone(), value);
                }
                Err(text) => problems.push(FieldProblem::of(field, text)),
            }
        }
        if problems.is_empty() { Ok(read) } else { Err(problems) }
    }

    /// A value as it is kept, or what is wrong with it.
    fn value(&self, field: &FieldSpec, written: &str) -> Result<String, String> {
        let value = kept(&field.name, &field.holds, written)?;
        let written = half_width(written);
        let most = match &field.holds {
            FieldKind::Diagnoses | FieldKind::Papers => LIST_CHARS_MAX,
            _ => TEXT_CHARS_MAX,
        };
        let length = value.chars().count();
        if length > most {
            return Err(format!("有{length}个字，最多{most}个；请缩短，没有保存"));
        }
        match &field.holds {
            FieldKind::Text => {
                if value.chars().any(char::is_control) {
                    return Err("含有换行等控制字符；请写成一行".to_owned());
                }
                Ok(value)
            }
            FieldKind::Moment => {
                let is_late = value.parse::<DateTime>().is_ok_and(|moment| moment > self.now);
                if is_late && field.name != field::APPOINTMENT.name() {
                    return Err(format!("“{written}”晚于现在（{}）；请核对", moment_name(self.now)));
                }
                Ok(value)
            }
            FieldKind::Money => {
                let is_cost = [field::MEDFEE_SUMAMT.name(), field::PAID.name()].contains(&field.name.as_str());
                match value.parse::<Money>() {
                    Ok(Money::ZERO) if is_cost => Err(format!("“{written}”应大于0；请填实际金额")),
                    Ok(money) if money < Money::ZERO => {
                        Err(format!("“{written}”不是金额：应为不小于0、最多两位小数的元数，如 128.50"))
                    }
                    _ => Ok(value),
                }
            }
            FieldKind::Diagnoses => match diagnoses(&value) {
                Ok(read) => Ok(diagnoses_text(&read)),
                Err(part) => Err(format!("“{part}”没有诊断代码；应如 Z51.100 化学治疗、I10.x00 高血压")),
            },
            FieldKind::Business => match (self.business)(&value) {
                Some(business) => Ok(business.to_string()),
                None => Err(format!("“{value}”不是已知的业务；请按模板中的业务名填写")),
            },
            FieldKind::Code(table) => (self.code)(table, &value).ok_or_else(|| {
                let label = &field.label;
                format!("“{value}”不在“{label}”的代码表内；请改填代码或含义，可用的值见文档里的代码表")
            }),
            FieldKind::Papers => {
                let unknown =
                    |name: &&str| Evidence::KNOWN.iter().all(|word| word.name() != *name) && !(self.own_evidence)(name);
                match listed(&value).find(unknown) {
                    Some(name) => Err(format!(
                        "“{name}”不是凭据的名称；请按停机方案的写法填写，几项以“、”分开，如 发票、费用明细清单"
                    )),
                    None => Ok(listed(&value).collect::<Vec<_>>().join("、")),
                }
            }
            FieldKind::Channel => (self.channel)(&value)
                .ok_or_else(|| format!("“{value}”不是渠道的名称；请按停机方案的写法填写，如 {}", Channel::Hall.name())),
            FieldKind::Choice(words) => {
                if words.contains(&value) {
                    Ok(value)
                } else {
                    Err(format!("“{value}”应为：{}", words.join("、")))
                }
            }
            FieldKind::Telephone
            | FieldKind::Day
            | FieldKind::Quantity
            | FieldKind::Price
            | FieldKind::Count
            | FieldKind::YesNo => Ok(value),
        }
    }
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
            proposed: None,
        }
    }

    #[track_caller]
    fn check(holds: FieldKind, value: &str, expected: Result<&str, &str>) {
        let table = FieldTable { fields: vec![field("f", holds, Need::Yes)] };
        let reader = Reader {
            table: &table,
            code: &|_, value| (value == "310").then(|| value.to_owned()),
            business: &|name| (name == "备案").then(|| Business::named("filing")),
            own_evidence: &|name| name == "急救转运单",
            channel: &|name| (name == "热线").then(|| "12393热线".to_owned()),
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
        check(FieldKind::Money, "1，234，567.50", Ok("1234567.50"));
        check(FieldKind::Diagnoses, "Z51.100 化疗;I10.x00", Ok("Z51.100 化疗、I10.x00"));
        check(FieldKind::Business, "备案", Ok("filing"));
        check(FieldKind::Code("insutype".into()), "310", Ok("310"));
        check(FieldKind::Code("insutype".into()), "'３１０", Ok("310"));
    }

    #[test]
    fn evidence_and_channels_of_a_plans_own_are_known_by_name() {
        check(FieldKind::Papers, "发票，急救转运单", Ok("发票、急救转运单"));
        check(FieldKind::Channel, "热线", Ok("12393热线"));
    }

    #[test]
    fn a_wrong_value_is_named_with_the_remedy() {
        check(FieldKind::Moment, "2021-07-12", Err("写到分钟"));
        check(FieldKind::Moment, "2021-07-21 10:00", Err("晚于现在"));
        check(FieldKind::Money, "¥-1元", Err("“¥-1元”不是金额：应为不小于0"));
        check(FieldKind::Count, "2.5", Err("不是整数"));
        check(FieldKind::Diagnoses, "高血压", Err("没有诊断代码"));
        check(FieldKind::Money, "12.345", Err("两位小数"));
        check(FieldKind::Money, "￥1,00.50元", Err("不是金额"));
        check(FieldKind::Telephone, "12345", Err("7至15位"));
        check(FieldKind::Code("insutype".into()), "999", Err("的代码表内"));
        check(FieldKind::Choice(vec!["同意".into()]), "好", Err("同意"));
        check(FieldKind::Papers, "发票、警方证明", Err("“警方证明”不是凭据的名称"));
        check(FieldKind::Channel, "飞鸽", Err("“飞鸽”不是渠道的名称"));
        check(FieldKind::Text, "", Err("必填"));
        check(FieldKind::Text, &"字".repeat(201), Err("有201个字，最多200个"));
        let forty = "Z51.100 化学治疗、".repeat(40);
        check(FieldKind::Diagnoses, &forty, Ok(forty.trim_end_matches('、')));
        check(FieldKind::Diagnoses, &"Z51.100 化学治疗、".repeat(200), Err("最多2000个"));
    }

    #[test]
    fn a_cost_of_nothing_is_refused_and_a_prepayment_of_nothing_is_not() {
        let read = |name: &str| {
            let table = FieldTable { fields: vec![field(name, FieldKind::Money, Need::Yes)] };
            let reader = Reader {
                table: &table,
                code: &|_, _| None,
                business: &|_| None,
                own_evidence: &|_| false,
                channel: &|_| None,
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
        let reader = Reader {
            table: &table,
            code: &|_, _| None,
            business: &|_| None,
            own_evidence: &|_| false,
            channel: &|_| None,
            now: date(2021, 7, 20).at(8, 0, 0, 0),
        };
        let stated = Stated::from([("b".to_owned(), "x".to_owned()), ("c".to_owned(), "1".to_owned())]);
        let problems = reader.read(RegisterKind::CashVisit, Action::Register, &stated).unwrap_err();
        let names: Vec<&str> = problems.iter().map(|problem| problem.field.as_str()).collect();
        assert_eq!(names, ["c", "a", "b"]);
    }
}
