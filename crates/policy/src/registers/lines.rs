//! What a fee line (费用明细) of a register holds, from `registers/lines.tsv`.

use super::read::holding;
use std::sync::OnceLock;
use yibao_domain::register::FieldKind;

/// What a fee line (费用明细) of a register holds.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LineField {
    /// The national field name.
    pub name: String,
    /// Its Chinese label.
    pub label: String,
    /// What it holds.
    pub holds: FieldKind,
    /// Whether it has to be stated.
    pub needed: bool,
    /// What the operator should know.
    pub note: String,
}

/// The fields of fee lines, in the order of the template and of pasted lines, from `registers/lines.tsv`.
pub fn line_fields() -> &'static [LineField] {
    static FIELDS: OnceLock<Vec<LineField>> = OnceLock::new();
    FIELDS.get_or_init(|| {
        let rows = include_str!("../../../../registers/lines.tsv").lines().filter(|row| !row.starts_with('#')).skip(1);
        let read: Result<_, String> = rows.map(line_field).collect();
        read.expect("the fields that come with the program are tested")
    })
}

fn line_field(row: &str) -> Result<LineField, String> {
    let cells: Vec<&str> = row.split('\t').collect();
    let &[name, label, holds, needed, note] = cells.as_slice() else {
        return Err(format!("应有5栏，实有{}栏", cells.len()));
    };
    let holds = match holds {
        "quantity" => FieldKind::Quantity,
        "price" => FieldKind::Price,
        other => holding(other)?,
    };
    Ok(LineField { name: name.into(), label: label.into(), holds, needed: needed == "yes", note: note.into() })
}
