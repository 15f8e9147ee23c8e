//! A row of a sheet as the pages give it: its cells by head, and how their reading went.

use std::collections::BTreeMap;

/// Which rows a row stands among.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Sheet {
    /// The register's.
    Entries,
    /// The fee lines'.
    Lines,
}

/// A row as it was read, by the heads of its columns.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct SheetRow {
    /// The name of its sheet; empty where there is only one.
    pub sheet: String,
    /// Its number in the sheet, as people count.
    pub line: usize,
    /// Cells by head of column. An empty cell takes a value back where an entry is corrected.
    pub cells: BTreeMap<String, String>,
    /// How its reading went.
    pub reading: Reading,
    /// The heads of cells that could not be read; `cells` has what is typed there.
    pub unread: Vec<String>,
    /// What is to be looked at in a row that could be read.
    pub remarks: Vec<String>,
}

/// How the reading of a row went.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub enum Reading {
    /// All its cells could be read.
    #[default]
    Whole,
    /// Some cells could not, each with its head and what to do.
    Wrong(String),
    /// It is no entry but something else: a sum, a repeated head, a signature.
    NoEntry(&'static str),
}

impl SheetRow {
    /// `第3行`, with the sheet's name where there are several.
    pub fn place(&self, sheet: Sheet) -> String {
        let of = if sheet == Sheet::Lines { "费用明细" } else { "" };
        match self.sheet.as_str() {
            "" => format!("{of}第{}行", self.line),
            name => format!("{of}“{name}”第{}行", self.line),
        }
    }
}
