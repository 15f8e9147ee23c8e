//! The heads of columns: which field a column is meant for, whatever the office calls it.

use super::cell::half_width;
use std::collections::HashMap;
use std::sync::LazyLock;
use yibao_domain::register::FieldKind;

/// Other names that offices give to a field, by field name: `registers/labels.tsv`.
static ALIASES: LazyLock<Vec<(&str, Vec<&str>)>> = LazyLock::new(|| {
    let rows = include_str!("../../../../registers/labels.tsv").lines();
    let rows = rows.filter(|row| !row.starts_with('#') && !row.starts_with("field\t"));
    rows.filter_map(|row| row.split_once('\t')).map(|(field, names)| (field, names.split('|').collect())).collect()
});

/// A column that is known.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Known {
    /// The field's name.
    pub name: String,
    /// Its Chinese label.
    pub label: String,
    /// What it holds.
    pub holds: FieldKind,
}

/// The columns that a sheet may have.
#[derive(Clone, Debug, Default)]
pub(crate) struct Columns {
    known: Vec<Known>,
    by_head: HashMap<String, usize>,
}

impl Columns {
    /// Adds a column; one that is there already stays.
    pub(crate) fn add(&mut self, name: &str, label: &str, holds: FieldKind) {
        if self.known.iter().any(|known| known.name == name) {
            // One field in two steps may bear two labels.
            let at = self.known.iter().position(|known| known.name == name).unwrap_or_default();
            self.by_head.entry(plain(label)).or_insert(at);
            return;
        }
        let at = self.known.len();
        self.known.push(Known { name: name.to_owned(), label: label.to_owned(), holds });
        // A label of one field wins over an alias of another.
        self.by_head.insert(plain(label), at);
        self.by_head.entry(name.to_lowercase()).or_insert(at);
    }

    /// Adds the other names; called when all columns are there.
    pub(crate) fn with_aliases(mut self) -> Columns {
        for (field, names) in ALIASES.iter() {
            let Some(at) = self.known.iter().position(|known| known.name == *field) else { continue };
            for name in names {
                self.by_head.entry(plain(name)).or_insert(at);
            }
        }
        self
    }

    /// The column of a head.
    pub(crate) fn find(&self, head: &str) -> Option<&Known> {
        let plain = plain(head);
        let without_remark = || plain.split_once('(').map(|(before, _)| before.to_owned());
        let at = self.by_head.get(&plain).or_else(|| self.by_head.get(&without_remark()?))?;
        self.known.get(*at)
    }

    /// The columns in order.
    pub(crate) fn all(&self) -> &[Known] {
        &self.known
    }
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

    fn columns() -> Columns {
        let mut columns = Columns::default();
        columns.add("psn_name", "姓名", FieldKind::Text);
        columns.add("certno", "证件号码", FieldKind::Text);
        columns.add("begntime", "就诊(购药)时间", FieldKind::Moment);
        columns.add("medfee_sumamt", "费用总额", FieldKind::Money);
        columns.with_aliases()
    }

    #[test]
    fn a_head_is_known_by_label_field_name_and_usual_names() {
        let columns = columns();
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
            assert_eq!(columns.find(head).map(|known| known.name.as_str()), Some(name), "{head}");
        }
        assert_eq!(columns.find("血型"), None);
    }
}
