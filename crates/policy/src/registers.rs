//! What the registers (台账) ask for, from `registers/fields.tsv`, and what offices call it, from `registers/labels.tsv`.
//!
//! One row a field of one step. Whether what is stated is right is the domain's to judge. Invariant: a word that the
//! domain does not know is an error, so that no field is lost by a slip of the pen.

use std::sync::OnceLock;
use yibao_domain::outage::{Evidence, RegisterKind};
use yibao_domain::register::{Action, FieldKind, FieldSpec, FieldTable, Need};

/// The fields of all registers.
pub fn fields() -> &'static FieldTable {
    static FIELDS: OnceLock<FieldTable> = OnceLock::new();
    FIELDS.get_or_init(|| {
        read(include_str!("../../../registers/fields.tsv")).expect("the fields that come with the program are tested")
    })
}

/// What a fee line (费用明细) of a register holds.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LineField {
    /// The national field name.
    pub name: String,
    /// Its Chinese label.
    pub label: String,
    /// What it holds; quantities and prices are read as amounts are.
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
        let rows = include_str!("../../../registers/lines.tsv").lines().filter(|row| !row.starts_with('#')).skip(1);
        let read: Result<_, String> = rows.map(line_field).collect();
        read.expect("the fields that come with the program are tested")
    })
}

fn line_field(row: &str) -> Result<LineField, String> {
    let cells: Vec<&str> = row.split('\t').collect();
    let &[name, label, holds, needed, note] = cells.as_slice() else {
        return Err(format!("应有5栏,实有{}栏", cells.len()));
    };
    let holds = if holds == "number" { FieldKind::Money } else { holding(holds)? };
    Ok(LineField { name: name.into(), label: label.into(), holds, needed: needed == "yes", note: note.into() })
}

/// Other names (别名) that offices' own sheets give to a field: its name and those, from `registers/labels.tsv`.
pub fn other_names() -> impl Iterator<Item = (&'static str, std::str::Split<'static, char>)> {
    let rows = include_str!("../../../registers/labels.tsv").lines();
    let rows = rows.filter(|row| !row.starts_with('#') && !row.starts_with("field\t"));
    rows.filter_map(|row| row.split_once('\t')).map(|(field, names)| (field, names.split('|')))
}

/// Reads a table of fields; the first wrong row is named with its line.
fn read(text: &str) -> Result<FieldTable, String> {
    let rows = text.lines().enumerate().filter(|(_, line)| !line.starts_with('#') && !line.trim().is_empty());
    let mut fields = Vec::new();
    for (number, line) in rows.skip(1) {
        fields.push(field(line).map_err(|what| format!("第{}行:{what}", number + 1))?);
    }
    Ok(FieldTable { fields })
}

fn field(line: &str) -> Result<FieldSpec, String> {
    let cells: Vec<&str> = line.split('\t').collect();
    let &[kind, action, name, label, holds, need, evidence, note] = cells.as_slice() else {
        return Err(format!("应有8栏,实有{}栏", cells.len()));
    };
    let kind = match kind {
        "*" => None,
        word => Some(RegisterKind::of_word(word).ok_or_else(|| format!("没有台账 {word}"))?),
    };
    let words = evidence.split(',').filter(|word| !word.is_empty());
    let evidence = words.map(|word| Evidence::of_word(word).ok_or_else(|| format!("没有凭据 {word}")));
    Ok(FieldSpec {
        kind,
        action: Action::of_word(action).ok_or_else(|| format!("没有操作 {action}"))?,
        name: name.to_owned(),
        label: label.to_owned(),
        holds: holding(holds)?,
        need: match need {
            "yes" => Need::Yes,
            "no" => Need::No,
            "plan" => Need::ByPlan,
            other => return Err(format!("needed 应为 yes、no 或 plan,不是 {other}")),
        },
        evidence: evidence.collect::<Result<_, _>>()?,
        note: note.to_owned(),
    })
}

fn holding(word: &str) -> Result<FieldKind, String> {
    Ok(match word.split_once(':') {
        None => match word {
            "text" => FieldKind::Text,
            "telephone" => FieldKind::Telephone,
            "moment" => FieldKind::Moment,
            "date" => FieldKind::Day,
            "money" => FieldKind::Money,
            "count" => FieldKind::Count,
            "diagnoses" => FieldKind::Diagnoses,
            "yes_no" => FieldKind::YesNo,
            "business" => FieldKind::Business,
            other => return Err(format!("没有类型 {other}")),
        },
        Some(("code", table)) => FieldKind::Code(table.to_owned()),
        Some(("choice", words)) => FieldKind::Choice(words.split('|').map(str::to_owned).collect()),
        Some((other, _)) => return Err(format!("没有类型 {other}")),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;
    use yibao_domain::register::{Role, State, steps_from};

    #[test]
    fn every_register_asks_for_something_and_no_field_twice() {
        let table = fields();
        for kind in RegisterKind::ALL {
            assert!(table.of(*kind, Action::Register).count() > 0, "{kind:?}");
            for action in Action::ALL {
                let mut seen = BTreeSet::new();
                for field in table.of(*kind, *action) {
                    assert!(seen.insert(&field.name), "{kind:?} {action:?} {}", field.name);
                    assert!(seen.insert(&field.label), "{kind:?} {action:?} {}", field.label);
                }
            }
        }
    }

    #[test]
    fn every_step_that_a_person_may_take_asks_for_something() {
        for kind in RegisterKind::ALL {
            for (state, role) in State::ALL.iter().flat_map(|state| [(*state, Role::Provider), (*state, Role::Agency)])
            {
                for step in steps_from(*kind, state, role).filter(|step| step.action != Action::Correct) {
                    assert!(fields().of(*kind, step.action).count() > 0, "{kind:?} {:?}", step.action);
                }
            }
        }
    }

    #[test]
    fn what_only_the_plan_demands_attests_some_evidence() {
        for field in &fields().fields {
            assert!(field.need != Need::ByPlan || !field.evidence.is_empty(), "{field:?}");
        }
    }

    #[test]
    fn words_that_nobody_knows_are_errors_with_their_line() {
        let head = "kind\taction\tname\tlabel\ttype\tneeded\tevidence\tnote\n";
        let error = |row: &str| read(&format!("{head}{row}")).unwrap_err();
        assert!(error("visits\tregister\ta\tA\ttext\tyes\t\t").contains("第2行:没有台账 visits"));
        assert!(error("papers\tregister\ta\tA\tnumber\tyes\t\t").contains("没有类型 number"));
        assert!(error("papers\tregister\ta\tA\ttext\tyes\tpaper\t").contains("没有凭据 paper"));
        assert!(error("papers\tregister\ta").contains("8栏"));
    }
}
