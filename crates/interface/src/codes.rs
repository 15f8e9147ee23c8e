//! Code tables (代码表, 字典) and what they say to a value.
//!
//! Closed tables know every value there is; open ones are extended by provinces. Whether a refusal
//! follows is the check's to decide.

use crate::tsv::{columns, rows};
use std::collections::BTreeMap;

/// A code table (代码表, 字典).
#[derive(Debug)]
pub struct CodeTable {
    /// Its name, such as `med_type`.
    pub table: String,
    /// Its Chinese name.
    pub name: String,
    /// Provinces extend the national values.
    pub open: bool,
    /// Its values in order.
    pub values: Vec<CodeValue>,
}

/// One value of a code table.
#[derive(Debug)]
pub struct CodeValue {
    /// The code.
    pub code: String,
    /// Its meaning in Chinese.
    pub meaning: String,
}

/// What a code table says to a value.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum CodeMatch<'a> {
    /// The table has it, written so.
    Known(&'a str),
    /// A provincial extension of a value that the table has.
    Extension,
    /// The table has neither it nor its family.
    Unknown,
}

impl CodeTable {
    /// What the table says to a value. `1` and `01` are the same value, written as the table does.
    ///
    /// An extension is a longer code whose first two characters begin a code of an open table: 2199
    /// extends the inpatient family 21 of `med_type`, while 88 extends nothing.
    pub fn matches(&self, value: &str) -> CodeMatch<'_> {
        let plain = |code: &str| code.trim_start_matches('0').to_ascii_uppercase();
        let exact = self.values.iter().find(|known| known.code == value);
        let known = exact.or_else(|| self.values.iter().find(|known| plain(&known.code) == plain(value)));
        if let Some(known) = known {
            return CodeMatch::Known(&known.code);
        }
        let short = value.len() <= 10 && value.chars().all(|char| char.is_ascii_alphanumeric());
        if self.open
            && short
            && value.len() > 2
            && self.values.iter().any(|known| known.code.as_bytes().get(..2) == Some(&value.as_bytes()[..2]))
        {
            return CodeMatch::Extension;
        }
        CodeMatch::Unknown
    }

    /// What a code means.
    pub fn meaning(&self, code: &str) -> Option<&str> {
        self.values.iter().find(|known| known.code == code).map(|known| known.meaning.as_str())
    }
}

/// Reads the embedded code tables.
pub(crate) fn read() -> BTreeMap<String, CodeTable> {
    let mut tables = BTreeMap::new();
    for row in rows(include_str!("../../../interface/code_tables.tsv")) {
        let [table, name, open] = columns(&row);
        tables.insert(table.clone(), CodeTable { table, name, open: open == "Y", values: Vec::new() });
    }
    for row in rows(include_str!("../../../interface/codes.tsv")) {
        let [table, code, meaning, _sources] = columns(&row);
        let table = tables.get_mut(&table).expect("codes.tsv names tables of code_tables.tsv");
        table.values.push(CodeValue { code, meaning });
    }
    tables
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::Catalogue;

    #[test]
    fn a_code_is_known_with_or_without_its_leading_zero_and_provinces_extend_open_tables() {
        let codes = |table, value| Catalogue::national().codes(table).unwrap().matches(value);
        assert_eq!(codes("psn_setlway", "1"), CodeMatch::Known("01"));
        assert_eq!(codes("gend", "01"), CodeMatch::Known("1"));
        assert_eq!(codes("med_type", "2199"), CodeMatch::Extension);
        assert_eq!(codes("med_type", "88"), CodeMatch::Unknown);
        assert_eq!(codes("med_type", "XX"), CodeMatch::Unknown);
        assert_eq!(codes("insutype", "3109"), CodeMatch::Unknown);
        assert_eq!(codes("mdtrt_cert_type", "99"), CodeMatch::Unknown);
        assert_eq!(codes("med_type", "21医"), CodeMatch::Unknown);
    }
}
