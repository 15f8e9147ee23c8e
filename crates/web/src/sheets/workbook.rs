//! A file of rows and cells, whatever format it came in.

use super::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};

/// The most rows with anything in them, over all sheets.
pub(crate) const ROWS_MAX: usize = 20_000;
/// The most columns; what lies further right is not looked at by any office.
pub(crate) const COLUMNS_MAX: usize = 200;

/// A file.
#[derive(Debug)]
pub(crate) struct Workbook {
    /// Its sheets in order; a CSV has one.
    pub sheets: Vec<Sheet>,
}

/// One sheet.
#[derive(Debug, Default)]
pub(crate) struct Sheet {
    /// Its name; empty for a CSV.
    pub name: String,
    /// The cells by row number as the spreadsheet program shows it (from 1) and by column (from 0). Empty cells and rows are absent.
    pub rows: BTreeMap<usize, BTreeMap<usize, Cell>>,
    /// How many cells a row of a CSV was written with, empty ones counted; nothing of an XLSX, whose cells cannot move.
    pub widths: BTreeMap<usize, usize>,
    /// The cells, by row and column, that have their value together with others, above, below or before them: merged ones.
    pub shared: BTreeSet<(usize, usize)>,
}

impl Sheet {
    /// What is wrong with a row that is written with more cells than its head, or than there are fields: a comma inside an amount
    /// makes two cells of one, and moves all that follow.
    pub fn wider_than(&self, row: usize, head: Option<usize>) -> Option<String> {
        let (width, head) = (*self.widths.get(&row)?, head?);
        (width > head).then(|| {
            format!(
                "比表头多{}栏，后面各栏对不上；金额中的逗号（如1,234.50）会拆成两栏，请去掉逗号或给该栏加英文引号",
                width - head
            )
        })
    }
}

/// Why a file cannot be read, in the operator's words.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Unreadable(pub String);

impl Unreadable {
    /// The same for all files with too many rows.
    pub(crate) fn too_long() -> Unreadable {
        Unreadable(format!("表格超过{ROWS_MAX}行，请分成几个文件分别导入"))
    }
}
