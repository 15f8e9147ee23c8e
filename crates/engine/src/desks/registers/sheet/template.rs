//! The empty sheet: which columns a registration has, and how each is filled in.

use crate::desks::registers::Registers;
use crate::desks::registers::sheet::columns::head_of;
use yibao_domain::outage::{Channel, RegisterKind};
use yibao_domain::register::{Action, FieldKind, FieldSpec, Need, WorkTable};
use yibao_interface::Catalogue;
use yibao_policy::registers::{self, LineField};

/// Codes of a table that are shown with their meanings.
const CODES_SHOWN: usize = 30;

/// A column of a template.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Blank {
    /// Its label.
    pub label: String,
    /// Whether it has to be filled in whatever the plan says.
    pub is_needed: bool,
    /// The same in words.
    pub need: &'static str,
    /// In which shape.
    pub shape: String,
    /// What else is to be known; may be empty.
    pub note: String,
}

impl Registers<'_> {
    /// The columns of a register's template, in order.
    pub fn template(work: &WorkTable, kind: RegisterKind) -> Vec<Blank> {
        work.fields.of(kind, Action::Register).map(blank).collect()
    }
}

impl Registers<'_> {
    /// The columns of fee lines, in order.
    pub fn line_template() -> Vec<Blank> {
        registers::line_fields().iter().map(line_blank).collect()
    }
}

fn line_blank(field: &LineField) -> Blank {
    Blank {
        label: head_of(&field.label),
        is_needed: field.needed,
        need: if field.needed { "必填" } else { "可不填" },
        shape: shape(&field.holds),
        note: field.note.clone(),
    }
}

fn blank(field: &FieldSpec) -> Blank {
    Blank {
        label: head_of(&field.label),
        is_needed: field.need == Need::Yes,
        need: match field.need {
            Need::Yes => "必填",
            Need::No => "可不填",
            Need::ByPlan => "停机方案要求时必填",
        },
        shape: shape(&field.holds),
        note: field.note.clone(),
    }
}

/// How a field is filled in.
fn shape(holds: &FieldKind) -> String {
    match holds {
        FieldKind::Text => "文字，至多200字".to_owned(),
        FieldKind::Telephone => "7至15位数字".to_owned(),
        FieldKind::Moment => "年-月-日 时:分，如 2021-07-12 10:30".to_owned(),
        FieldKind::Day => "年-月-日，如 2021-07-12".to_owned(),
        FieldKind::Money => "元，至多两位小数".to_owned(),
        FieldKind::Quantity => "数字，不写单位".to_owned(),
        FieldKind::Price => "元".to_owned(),
        FieldKind::Count => "整数".to_owned(),
        FieldKind::Diagnoses => "代码 名称，几个以“、”分开".to_owned(),
        FieldKind::YesNo => "是 或 否".to_owned(),
        FieldKind::Business => "停机方案中的业务名称".to_owned(),
        FieldKind::Choice(words) => words.join("、"),
        FieldKind::Papers => "凭据的名称，几项以“、”分开，如 发票、费用明细清单".to_owned(),
        FieldKind::Channel => {
            let names = Channel::KNOWN.iter().map(|channel| channel.name()).collect::<Vec<_>>().join("、");
            format!("{names}，或停机方案自定的渠道")
        }
        FieldKind::Code(table) => {
            let values = Catalogue::national().codes(table).map(|table| table.values.as_slice()).unwrap_or_default();
            let shown: Vec<String> =
                values.iter().take(CODES_SHOWN).map(|value| format!("{} {}", value.code, value.meaning)).collect();
            match values.len() {
                ..=CODES_SHOWN => shown.join("、"),
                all => format!("{} 等{all}项，见文档“代码表”", shown.join("、")),
            }
        }
    }
}
