//! Registers written as tables of text, and the template that the import understands.

use super::lines;
use super::{ACTION, NUMBER};
use crate::register::list::each;
use crate::register::{Actor, ListFilter, NotDone, Registers};
use std::collections::BTreeMap;
use yibao_domain::money::Money;
use yibao_domain::outage::{DueAt, RegisterKind, moment_name};
use yibao_domain::register::{Action, FieldKind, FieldSpec, Need};
use yibao_domain::time::{DateTime, moment_text};
use yibao_policy::registers;

/// Columns that the export adds to the fields.
pub(super) const ADDED: &[&str] = &[
    "状态",
    "业务",
    "医药机构代码",
    "期限",
    "是否逾期",
    "基金和账户支付",
    "结算ID",
    "原因",
    "登记时间",
    "登记人",
    "来源",
];

/// A column of a template.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Column {
    /// Its head.
    pub label: String,
    /// What is to be filled in, in Chinese; may be empty.
    pub hint: String,
}

/// A register as a table of text.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SheetTable {
    /// The register.
    pub kind: RegisterKind,
    /// Heads of columns.
    pub labels: Vec<String>,
    /// Rows in the order of care.
    pub rows: Vec<Vec<String>>,
}

impl Registers<'_> {
    /// The entries of a selection, one table a register, with all that is known of each. Masking is the caller's affair.
    pub fn export(&self, by: &Actor, now: DateTime, filter: ListFilter) -> Result<Vec<SheetTable>, NotDone> {
        let by = by.clone();
        let rows = self.read(move |tx, desk| {
            let mut rows = Vec::new();
            each(tx, desk, &by, now, &filter, &mut |row| rows.push(row))?;
            Ok(rows)
        });
        let mut tables: BTreeMap<RegisterKind, SheetTable> = BTreeMap::new();
        for row in rows.wait()? {
            let entry = &row.entry;
            let fields = columns(entry.kind);
            let table = tables.entry(entry.kind).or_insert_with(|| SheetTable {
                kind: entry.kind,
                labels: heads(&fields),
                rows: Vec::new(),
            });
            let due = match row.due {
                DueAt::At(due) => moment_name(due),
                DueAt::NotYetKnown => "待恢复时间确定".to_owned(),
                DueAt::Unknowable(reason) => reason.to_owned(),
            };
            let paid = if entry.refunded == Money::ZERO { String::new() } else { entry.refunded.to_string() };
            let mut cells = vec![entry.number.clone(), String::new()];
            cells.extend(fields.iter().map(|(field, _)| entry.value(&field.name)));
            cells.extend([
                entry.state.name().to_owned(),
                entry.business.to_string(),
                entry.fixmedins_code.clone(),
                due,
                if row.overdue { "是" } else { "否" }.to_owned(),
                paid,
                entry.setl_id.clone(),
                entry.reason.clone(),
                moment_text(entry.taken_at),
                entry.taken_by.clone(),
                entry.source.name().to_owned(),
            ]);
            table.rows.push(cells);
        }
        Ok(tables.into_values().collect())
    }

    /// The columns of a register's template, in order.
    pub fn template(kind: RegisterKind) -> Vec<Column> {
        let mut columns = vec![
            Column { label: NUMBER.to_owned(), hint: "新登记的留空".to_owned() },
            Column { label: ACTION.to_owned(), hint: "新登记和更正的留空".to_owned() },
        ];
        let fields = registers::fields().of(kind, Action::Register);
        columns.extend(fields.map(|field| Column { label: field.label.clone(), hint: hint(field) }));
        columns
    }

    /// The columns of the sheet of fee lines, in order.
    pub fn line_template() -> Vec<Column> {
        let hint = |head: &str| match head {
            "本机构单据号" => "与登记表的本机构单据号相同",
            "台账号" => "补报明细的填台账号",
            "费用明细流水号" => "留空的按顺序编号",
            "费用发生时间" => "如 2021-07-12 10:30",
            "金额" => "留空的按数量×单价",
            _ => "",
        };
        lines::heads().map(|head| Column { label: head.to_owned(), hint: hint(head).to_owned() }).collect()
    }
}

fn heads(fields: &[(&'static FieldSpec, bool)]) -> Vec<String> {
    let own = fields.iter().map(|(field, is_second)| match is_second {
        true => format!("{}({})", field.label, field.action.name()),
        false => field.label.clone(),
    });
    let added = ADDED.iter().map(|head| (*head).to_owned());
    [NUMBER.to_owned(), ACTION.to_owned()].into_iter().chain(own).chain(added).collect()
}

/// Every field of a register once, in the order of the table, and whether an earlier one has the same label. What the
/// export adds under a head of its own is left out.
fn columns(kind: RegisterKind) -> Vec<(&'static FieldSpec, bool)> {
    let mut columns: Vec<(&'static FieldSpec, bool)> = Vec::new();
    for field in registers::fields().fields.iter().filter(|field| field.kind == Some(kind) && field.name != "reason") {
        if columns.iter().all(|(known, _)| known.name != field.name) {
            let is_second = columns.iter().any(|(known, _)| known.label == field.label);
            columns.push((field, is_second));
        }
    }
    columns
}

fn hint(field: &FieldSpec) -> String {
    let need = match field.need {
        Need::Yes => "必填",
        Need::No => "可空",
        Need::ByPlan => "停机方案要求时必填",
    };
    let holds = match &field.holds {
        FieldKind::Text => String::new(),
        FieldKind::Telephone => "7至15位数字".to_owned(),
        FieldKind::Moment => "如 2021-07-12 10:30".to_owned(),
        FieldKind::Day => "如 2021-07-12".to_owned(),
        FieldKind::Money => "元,最多两位小数".to_owned(),
        FieldKind::YesNo => "是或否".to_owned(),
        FieldKind::Business => "业务名,如 异地就医备案".to_owned(),
        FieldKind::Code(table) => format!("代码或名称,代码表 {table}"),
        FieldKind::Choice(words) => words.join("、"),
    };
    [need, &holds, &field.note].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(";")
}
