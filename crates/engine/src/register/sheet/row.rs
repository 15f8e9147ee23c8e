//! One row of a sheet: what it asks for, and its verdict.

use super::lines::Lines;
use super::{ACTION, NUMBER};
use crate::register::{Kept, NewEntry, NotDone};
use std::collections::BTreeMap;
use yibao_domain::outage::RegisterKind;
use yibao_domain::register::{Action, FieldTable, Source, Stated};

/// A row as it was read, by the head of its column.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct SheetRow {
    /// Its number in the sheet, as people count.
    pub line: usize,
    /// Cells by head of column.
    pub cells: BTreeMap<String, String>,
}

/// Which sheet a row stands in.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Sheet {
    /// The register's.
    Entries,
    /// The fee lines'.
    Lines,
}

/// What became of a row.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Outcome {
    /// A new entry.
    Added,
    /// It was there already, word by word.
    Unchanged,
    /// An entry was changed.
    Changed,
    /// Not taken, and why.
    Refused(String),
}

/// The verdict on a row.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Verdict {
    /// Which sheet.
    pub sheet: Sheet,
    /// The row's number in its sheet.
    pub line: usize,
    /// The entry, where there is one.
    pub number: Option<String>,
    /// What became of it.
    pub outcome: Outcome,
    /// What is to be looked at, for people.
    pub remarks: Vec<String>,
}

impl Verdict {
    /// The verdict on lines that belong to an entry of before.
    pub(super) fn of_lines(line: usize, number: &str, outcome: Result<Result<Kept, NotDone>, String>) -> Verdict {
        let outcome = match outcome {
            Ok(Ok(kept)) if kept.is_new => Outcome::Changed,
            Ok(Ok(_)) => Outcome::Unchanged,
            Ok(Err(not_done)) => {
                Outcome::Refused(format!("费用明细没有对应的登记行,按台账号“{number}”也未找到:{not_done}"))
            }
            Err(text) => Outcome::Refused(text),
        };
        let is_known = !matches!(outcome, Outcome::Refused(_));
        let number = is_known.then(|| number.to_owned());
        Verdict { sheet: Sheet::Lines, line, number, outcome, remarks: Vec::new() }
    }
}

/// What a row asks for.
pub(super) enum Row {
    /// A new statement.
    New { line: usize, new: NewEntry, unknown: Vec<String> },
    /// A step, or a correction.
    Step { line: usize, number: String, action: Action, fields: Stated, unknown: Vec<String> },
    /// Nothing that can be understood.
    Wrong { line: usize, text: String },
}

impl Row {
    /// Reads a row of a register, with its fee lines.
    pub fn read(table: &FieldTable, kind: RegisterKind, provider: &str, row: &SheetRow, lines: &mut Lines) -> Row {
        let cell = |head: &str| {
            let found = row.cells.iter().find(|(own, _)| plain(own) == head);
            found.map_or(String::new(), |(_, value)| value.trim().to_owned())
        };
        let (number, step) = (cell(NUMBER), cell(ACTION));
        let action = match step.as_str() {
            "" if number.is_empty() => Action::Register,
            "" => Action::Correct,
            word => match Action::ALL.iter().find(|action| action.name() == word || action.word() == word) {
                Some(action) => *action,
                None => {
                    return Row::Wrong {
                        line: row.line, text: format!("操作“{word}”不存在;请按模板说明填写")
                    };
                }
            },
        };
        if number.is_empty() && action != Action::Register {
            return Row::Wrong {
                line: row.line, text: format!("办理“{step}”须填台账号;新登记的请把操作留空")
            };
        }
        let (fields, unknown) = fields(table, kind, action, row);
        if action != Action::Register || !number.is_empty() {
            return Row::Step { line: row.line, number, action, fields, unknown };
        }
        let lines = match lines.take(fields.get("own_ref").map_or("", String::as_str)) {
            Ok(lines) => lines,
            Err(text) => return Row::Wrong { line: row.line, text },
        };
        let new = NewEntry { kind, fixmedins_code: provider.to_owned(), fields, lines, source: Source::File };
        Row::New { line: row.line, new, unknown }
    }

    /// Persons, documents, invoices and entries that the row is about.
    pub fn subjects(&self) -> Vec<&str> {
        let (number, fields) = match self {
            Row::New { new, .. } => ("", &new.fields),
            Row::Step { number, fields, .. } => (number.as_str(), fields),
            Row::Wrong { .. } => return Vec::new(),
        };
        let named = ["psn_no", "certno", "invono", "of_entry", "psn_name"];
        let stated = named.iter().filter_map(|name| fields.get(*name)).map(String::as_str);
        stated.chain([number]).filter(|subject| !subject.is_empty()).collect()
    }

    fn line(&self) -> usize {
        match self {
            Row::New { line, .. } | Row::Step { line, .. } | Row::Wrong { line, .. } => *line,
        }
    }

    /// The verdict, once it is known how it went; `None`: it could not be understood.
    pub fn verdict(&self, outcome: Option<Result<Kept, NotDone>>) -> Verdict {
        let mut remarks = match self {
            Row::New { unknown, .. } | Row::Step { unknown, .. } if !unknown.is_empty() => {
                vec![format!("未采用的栏目:{}", unknown.join("、"))]
            }
            _ => Vec::new(),
        };
        let (number, outcome) = match (self, outcome) {
            (Row::Wrong { text, .. }, _) => (None, Outcome::Refused(text.clone())),
            (_, Some(Ok(kept))) => {
                remarks.extend(kept.remarks);
                let outcome = match self {
                    _ if !kept.is_new => Outcome::Unchanged,
                    Row::New { .. } => Outcome::Added,
                    _ => Outcome::Changed,
                };
                (Some(kept.entry.number), outcome)
            }
            (_, Some(Err(not_done))) => (None, Outcome::Refused(not_done.to_string())),
            (_, None) => (None, Outcome::Refused("没有办理".to_owned())),
        };
        Verdict { sheet: Sheet::Entries, line: self.line(), number, outcome, remarks }
    }
}

/// A head of a column without the marks that people add.
pub(super) fn plain(head: &str) -> String {
    head.chars().filter(|c| !c.is_whitespace() && !matches!(c, '*' | '\u{ff0a}')).collect()
}

/// The row's fields for a step, and the heads of filled columns that no step of this register knows.
fn fields(table: &FieldTable, kind: RegisterKind, action: Action, row: &SheetRow) -> (Stated, Vec<String>) {
    let form = if action == Action::Correct { Action::Register } else { action };
    let names = |specs: &mut dyn Iterator<Item = &yibao_domain::register::FieldSpec>, head: &str| {
        let mut found = specs.filter(|field| field.name == head || plain(&field.label) == head);
        found.next().map(|field| field.name.clone())
    };
    let (mut fields, mut unknown) = (Stated::new(), Vec::new());
    for (head, value) in &row.cells {
        // An exported head tells two steps' fields apart: 经手人(转回医保).
        let own = plain(head);
        let bare = own.strip_suffix(&format!("({})", form.name())).unwrap_or(&own);
        if let Some(name) = names(&mut table.of(kind, form), bare) {
            // An emptied cell takes a value back where an entry is corrected.
            if !value.trim().is_empty() || action == Action::Correct {
                fields.insert(name, value.trim().to_owned());
            }
        } else if !value.trim().is_empty() && !is_of_register(table, kind, &own) {
            unknown.push(head.clone());
        }
    }
    (fields, unknown)
}

/// Whether a column belongs to the register at all: to another step, or to what the export adds.
fn is_of_register(table: &FieldTable, kind: RegisterKind, head: &str) -> bool {
    let bare = head.split('(').next().unwrap_or(head);
    let added = super::export::ADDED.contains(&head) || [NUMBER, ACTION].contains(&head);
    let known = |field: &yibao_domain::register::FieldSpec| {
        let label = plain(&field.label);
        field.kind.is_none_or(|own| own == kind) && (field.name == head || label == head || label == bare)
    };
    added || table.fields.iter().any(known)
}
