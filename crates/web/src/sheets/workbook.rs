//! A file of rows and cells, whatever format it came in.

use super::cell::Cell;
use super::{csv_text, xlsx};
use std::collections::BTreeMap;

/// The largest file that is taken: 10 MB.
pub(crate) const BYTES_MAX: usize = 10 * 1024 * 1024;
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

/// Reads a CSV or XLSX file; which one is told by its content, not by its name.
pub(crate) fn read(bytes: &[u8]) -> Result<Workbook, Unreadable> {
    if bytes.len() > BYTES_MAX {
        return Err(Unreadable("文件超过10MB，请分成几个文件，或去掉图片后再导入".to_owned()));
    }
    if bytes.is_empty() {
        return Err(Unreadable("没有选择文件，或文件是空的；请选择CSV或XLSX文件".to_owned()));
    }
    if bytes.starts_with(b"PK") {
        return xlsx::read(bytes);
    }
    if bytes.starts_with(&[0xd0, 0xcf, 0x11, 0xe0]) {
        let text = "这是旧式的XLS文件，或设了打开密码；请在表格软件里取消密码，另存为XLSX（或CSV）后再导入";
        return Err(Unreadable(text.to_owned()));
    }
    if bytes.starts_with(b"%PDF") {
        return Err(Unreadable("这是PDF文件；请导入CSV或XLSX文件".to_owned()));
    }
    csv_text::read(bytes)
}
