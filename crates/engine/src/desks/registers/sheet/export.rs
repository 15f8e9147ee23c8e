//! A register written as a table of text, whose heads the import understands.

use crate::desks::registers::list::{ListFilter, ListRow};
use crate::desks::registers::sheet::columns::head_of;
use crate::desks::registers::sheet::told::{BEFORE, BEHIND, Plans, Told, to_the_minute};
use crate::desks::registers::{Registers, list};
use crate::register::Actor;
use crate::register::problem::NotDone;
use yibao_domain::outage::RegisterKind;
use yibao_domain::refusal::Code;
use yibao_domain::register::{FieldKind, FieldSpec, WorkTable, field};
use yibao_domain::time::DateTime;

/// The most rows of one export.
const EXPORT_MAX: usize = 50_000;
/// A register as a table of text.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SheetTable {
    /// Heads of columns.
    pub labels: Vec<String>,
    /// Which columns hold yuan.
    pub amounts: Vec<bool>,
    /// Rows in the order of care.
    pub rows: Vec<Vec<String>>,
}

impl Registers<'_> {
    /// The entries of a selection from one register, with all that is known of each. Masking is the caller's affair.
    pub fn export(
        &self,
        by: &Actor,
        now: DateTime,
        kind: RegisterKind,
        filter: ListFilter,
    ) -> Result<SheetTable, NotDone> {
        let (by, filter) = (by.clone(), ListFilter { kind: Some(kind), rows: EXPORT_MAX, ..filter });
        let read = self.read(by.party(), move |tx, policies| {
            let listing = list::list(tx, policies, &by, now, &filter)?;
            if !listing.next.is_empty() {
                let text = format!("超过{EXPORT_MAX}行；请先按进展或机构筛选，再分别导出");
                return Err(NotDone::refused(Code::FieldShape, text));
            }
            let (plans, pool) = (policies.plans(), &policies.pool.pool);
            Ok(table(&policies.work, kind, &listing.rows, &Plans { plans: &plans, pool }))
        });
        read.wait()
    }
}

fn table(work: &WorkTable, kind: RegisterKind, rows: &[ListRow], known: &Plans<'_>) -> SheetTable {
    let own = own_columns(work, kind);
    // What a field of the register tells under the same head is told once.
    let behind: Vec<&Told> = BEHIND.iter().filter(|told| own.iter().all(|(_, label)| label != told.label)).collect();
    let before = BEFORE.iter().map(|told| (told.label.to_owned(), told.is_yuan));
    let heads = before.chain(own.iter().map(|(_, label)| (label.clone(), false)));
    let (labels, amounts): (Vec<String>, _) =
        heads.chain(behind.iter().map(|told| (told.label.to_owned(), told.is_yuan))).unzip();
    let row = |row: &ListRow| {
        let before = BEFORE.iter().map(|told| (told.tells)(row, known));
        let own = own.iter().map(|(field, _)| value(field, row));
        before.chain(own).chain(behind.iter().map(|told| (told.tells)(row, known))).collect()
    };
    let labels = labels.iter().map(|label| head_of(label)).collect();
    SheetTable { labels, amounts, rows: rows.iter().map(row).collect() }
}

fn value(field: &FieldSpec, row: &ListRow) -> String {
    let value = row.entry.value(&field.name);
    if field.holds == FieldKind::Moment { to_the_minute(&value) } else { value }
}

/// Every field of a register once, in the order of the table, with its head: one whose label an earlier one has names its
/// step too. What stands under a head of its own is left out.
fn own_columns(work: &WorkTable, kind: RegisterKind) -> Vec<(&FieldSpec, String)> {
    let mut columns: Vec<(&FieldSpec, String)> = Vec::new();
    for field in
        work.fields.fields.iter().filter(|field| field.kind == Some(kind) && field.name != field::REASON.name())
    {
        let with_unit = format!("{}(元)", field.label);
        let has_own_head = BEFORE.iter().any(|told| told.label == field.label)
            || BEHIND.iter().any(|told| told.is_yuan && told.label == with_unit);
        if has_own_head || columns.iter().any(|(known, _)| known.name == field.name) {
            continue;
        }
        let head = match columns.iter().any(|(known, _)| known.label == field.label) {
            true => format!("{}({})", field.label, field.action.name()),
            false => field.label.clone(),
        };
        columns.push((field, head));
    }
    columns
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::desks::registers::sheet::Columns;
    use yibao_domain::code::Pool;

    #[test]
    fn every_head_of_an_export_is_known_when_the_sheet_is_read_in_again() {
        let work = yibao_policy::registers::built_in();
        for kind in work.kinds.iter().copied() {
            let columns = Columns::of(&work, kind);
            let heads = table(&work, kind, &[], &Plans { plans: &[], pool: &Pool::new("520500") }).labels;
            let unknown: Vec<&String> = heads.iter().filter(|head| columns.find(head).is_none()).collect();
            assert!(unknown.is_empty(), "{kind:?}: {unknown:?}");
        }
    }
}
