//! The columns that a sheet may have: which field a head means, whatever the office calls it.
//!
//! The label of `registers/fields.tsv` and the field's name always work; other names stand in `registers/labels.tsv`.
//! Invariant: a label of one field wins over another name of a second one.

use crate::desks::registers::sheet::told::{BEFORE, BEHIND};
use crate::desks::registers::sheet::unit::Unit;
use std::collections::HashMap;
use yibao_domain::outage::RegisterKind;
use yibao_domain::register::{Action, FieldKind, OtherNames, WorkTable, field};
use yibao_domain::written::half_width;
use yibao_policy::registers;

/// The entry's number.
pub(crate) const NUMBER: &str = "number";
/// The step.
pub(crate) const ACTION: &str = "action";
/// The provider that is responsible.
pub(crate) const PROVIDER: &str = "fixmedins_code";
/// What the pages write beside the rows of an import.
const BESIDE: [&str; 3] = ["行", "结果", "说明"];

/// A column that is known.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Column {
    /// The field's name.
    pub name: String,
    /// Its Chinese label.
    pub label: String,
    /// What it holds.
    pub holds: FieldKind,
    /// The steps that ask for it; none where it only tells what the platform knows, or whom a row is about.
    actions: Vec<Action>,
}

impl Column {
    /// Whether it only tells what the platform knows, so that nobody reads what stands in it.
    pub fn only_tells(&self) -> bool {
        self.name == self.label
    }

    /// Whether it holds yuan.
    pub fn is_of_yuan(&self) -> bool {
        matches!(self.holds, FieldKind::Money | FieldKind::Price)
    }
}

/// The columns that a sheet may have.
#[derive(Clone, Debug, Default)]
pub struct Columns {
    columns: Vec<Column>,
    /// What may stand in brackets behind a head.
    actions: Vec<Action>,
    by_head: HashMap<String, Vec<usize>>,
}

impl Columns {
    /// The columns of a register: of its registration, of its steps, and what our own exports tell.
    pub fn of(work: &WorkTable, kind: RegisterKind) -> Columns {
        let mut columns = Columns { actions: work.actions.clone(), ..Columns::default() };
        columns.add(NUMBER, "台账号", &FieldKind::Text, None);
        columns.add(ACTION, "操作", &FieldKind::Text, None);
        columns.add(PROVIDER, "机构代码", &FieldKind::Text, None);
        for field in work.fields.fields.iter().filter(|field| field.kind.is_none_or(|own| own == kind)) {
            columns.add(&field.name, &field.label, &field.holds, Some(field.action));
        }
        for label in BEFORE.iter().chain(&BEHIND).map(|told| told.label).chain(BESIDE) {
            if columns.find(label).is_none() {
                columns.add(label, label, &FieldKind::Text, None);
            }
        }
        columns.with_other_names(work)
    }

    /// The columns of fee lines.
    pub fn of_lines(work: &WorkTable) -> Columns {
        let mut columns = Columns::default();
        columns.add(NUMBER, "台账号", &FieldKind::Text, None);
        columns.add(field::OWN_REF.name(), "本机构单据号", &FieldKind::Text, None);
        columns.add(field::IPT_OTP_NO.name(), "住院号", &FieldKind::Text, None);
        for field in registers::line_fields() {
            columns.add(&field.name, &field.label, &field.holds, None);
        }
        columns.with_other_names(work)
    }

    /// Adds a column; one field may bear several labels, and one label stand for the fields of several steps.
    fn add(&mut self, name: &str, label: &str, holds: &FieldKind, action: Option<Action>) {
        let same = self.columns.iter_mut().find(|column| column.name == name && column.label == label);
        if let Some(column) = same {
            column.actions.extend(action);
            return;
        }
        let column = Column {
            name: name.to_owned(),
            label: label.to_owned(),
            holds: holds.clone(),
            actions: action.into_iter().collect(),
        };
        self.by_head.entry(plain(label)).or_default().push(self.columns.len());
        self.columns.push(column);
    }

    /// Adds the names of fields and their other names; called when all labels are there.
    fn with_other_names(mut self, work: &WorkTable) -> Columns {
        let mut by_name: HashMap<String, Vec<usize>> = HashMap::new();
        for (at, column) in self.columns.iter().enumerate() {
            by_name.entry(column.name.to_lowercase()).or_default().push(at);
        }
        for OtherNames { field, names } in &work.other_names {
            let Some(columns) = by_name.get(field.as_str()).cloned() else { continue };
            for name in names {
                self.by_head.entry(plain(name)).or_insert_with(|| columns.clone());
            }
        }
        for (name, columns) in by_name {
            self.by_head.entry(name).or_insert(columns);
        }
        self
    }

    /// The column of a head; of several steps' the first one's.
    pub fn find(&self, head: &str) -> Option<&Column> {
        self.meant(head).next()
    }

    /// Labels of what the registration asks for, for people.
    pub fn labels(&self) -> impl Iterator<Item = &str> {
        let asked = self.columns.iter().filter(|column| column.actions.contains(&Action::Register));
        asked.map(|column| column.label.as_str())
    }

    /// The field of a step that a head means. `by_step`: only of a head that names the step, as exports do where two
    /// steps' fields have one label (经手人(转回医保)); else only of one that does not.
    pub(crate) fn field(&self, head: &str, action: Action, by_step: bool) -> Option<&str> {
        if plain(head).ends_with(&format!("({})", action.name())) != by_step {
            return None;
        }
        self.meant(head).find(|column| column.actions.contains(&action)).map(|column| column.name.as_str())
    }

    fn meant(&self, head: &str) -> impl Iterator<Item = &Column> {
        // A column of another unit is not one of yuan, and is not read as one.
        let in_yuan = !matches!(Unit::of_head(head), Some(Unit::Other(_)));
        let head = plain(head);
        let (found, step) = match (self.by_head.get(&head), head.split_once('(')) {
            (None, Some((before, remark))) => {
                let step = self.actions.iter().find(|action| remark.strip_suffix(')') == Some(action.name()));
                (self.by_head.get(before), step.copied())
            }
            (found, _) => (found, None),
        };
        let columns = found.into_iter().flatten().filter_map(|at| self.columns.get(*at));
        let fits = move |column: &&Column| in_yuan || !column.is_of_yuan();
        columns.filter(fits).filter(move |column| step.is_none_or(|step| column.actions.contains(&step)))
    }
}

/// The head of a column in a file: a label with narrow brackets, by which programs of offices find it.
pub(crate) fn head_of(label: &str) -> String {
    label.replace('（', "(").replace('）', ")")
}

/// A head without what people put around its words: blanks, stars, colons, quotes, full-width brackets.
fn plain(head: &str) -> String {
    let head = half_width(head).replace('（', "(").replace('）', ")");
    let head = head.chars().filter(|c| !c.is_whitespace() && !"*＊★※:：“”\"【】[]".contains(*c));
    head.collect::<String>().to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_head_is_known_by_label_field_name_and_usual_names() {
        let columns = Columns::of(&registers::built_in(), RegisterKind::CashVisit);
        for (head, name) in [
            ("姓名", "psn_name"),
            (" 姓  名 *", "psn_name"),
            ("患者姓名：", "psn_name"),
            ("certno", "certno"),
            ("身份证号", "certno"),
            ("就诊（购药）时间", "begntime"),
            ("就诊日期", "begntime"),
            ("费用总额（元）", "medfee_sumamt"),
        ] {
            assert_eq!(columns.find(head).map(|column| column.name.as_str()), Some(name), "{head}");
        }
        assert_eq!(columns.find("血型"), None);
        for other_unit in [
            "总费用（万元）",
            "费用总额(分)",
            "总费用 (千元)",
            "总费用（单位：万元）",
            "费用总额（万元，含税）",
            "费用总额（含税）（万元）",
        ] {
            assert_eq!(columns.find(other_unit), None, "{other_unit}");
        }
    }

    #[test]
    fn one_label_of_two_steps_means_the_field_of_the_step_that_is_taken() {
        let columns = Columns::of(&registers::built_in(), RegisterKind::StayConversion);
        assert_eq!(columns.field("经手人", Action::Convert, false), Some("converted_by"));
        assert_eq!(columns.field("经手人", Action::ConvertBack, false), Some("restored_by"));
        assert_eq!(columns.field("经手人（转回医保）", Action::ConvertBack, true), Some("restored_by"));
        assert_eq!(columns.field("经手人(转回医保)", Action::Convert, false), None);
    }
}
