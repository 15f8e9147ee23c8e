//! Writes what offices take away: CSV that their spreadsheet program opens in Chinese, and XLSX.

use rust_xlsxwriter::{Color, Format, FormatBorder, Workbook, XlsxError};
use yibao_domain::written::FORMULA_SIGNS;

/// No column is wider, however long its words.
const WIDTH_MAX: usize = 40;

/// A sheet to be written.
#[derive(Clone, Debug)]
pub(crate) struct Grid {
    /// The sheet's name.
    pub name: String,
    /// Its columns.
    pub columns: Vec<Column>,
    /// Its rows, a cell a column.
    pub rows: Vec<Vec<String>>,
}

/// A column.
#[derive(Clone, Debug)]
pub(crate) struct Column {
    /// Its head.
    pub label: String,
    /// Yuan: a number in XLSX, so that it can be summed up.
    pub is_amount: bool,
}

impl Column {
    /// A column of texts.
    pub(crate) fn text(label: impl Into<String>) -> Column {
        Column { label: label.into(), is_amount: false }
    }
}

/// A CSV in UTF-8, with the mark by which Excel knows it.
pub(crate) fn csv(grid: &Grid) -> Vec<u8> {
    let mut writer = csv::WriterBuilder::new().from_writer("\u{feff}".as_bytes().to_vec());
    let head = grid.columns.iter().map(|column| harmless(&column.label));
    let mut written = writer.write_record(head);
    for row in &grid.rows {
        written = written.and_then(|()| writer.write_record(row.iter().map(|cell| harmless(cell))));
    }
    written.and_then(|()| writer.flush().map_err(Into::into)).expect("a record as wide as its head fits into memory");
    writer.into_inner().expect("memory is flushed")
}

/// The text with a mark that keeps a spreadsheet program from reckoning with it.
fn harmless(text: &str) -> String {
    if text.starts_with(FORMULA_SIGNS) { format!("'{text}") } else { text.to_owned() }
}

/// An XLSX of several sheets. All but amounts is text, so that long numbers and leading zeros stay.
pub(crate) fn xlsx(grids: &[Grid]) -> Result<Vec<u8>, XlsxError> {
    let head = Format::new().set_bold().set_background_color(Color::RGB(0xE9_EDF1)).set_border(FormatBorder::Thin);
    let text = Format::new().set_num_format("@");
    let amount = Format::new().set_num_format("0.00");
    let mut book = Workbook::new();
    for grid in grids {
        let sheet = book.add_worksheet();
        sheet.set_name(&grid.name)?.set_freeze_panes(1, 0)?;
        for (at, column) in (0_u16..).zip(&grid.columns) {
            let cells = grid.rows.iter().take(200).filter_map(|row| row.get(usize::from(at)));
            let widest = cells.chain([&column.label]).map(|text| width(text)).max().unwrap_or_default();
            let width = u8::try_from(widest.min(WIDTH_MAX) + 2).unwrap_or(u8::MAX);
            sheet.set_column_width(at, width)?;
            // What is typed below stays text too.
            sheet.set_column_format(at, if column.is_amount { &amount } else { &text })?;
            sheet.write_string_with_format(0, at, &column.label, &head)?;
        }
        for (line, row) in (1_u32..).zip(&grid.rows) {
            for (at, (cell, column)) in (0_u16..).zip(row.iter().zip(&grid.columns)) {
                match cell.parse::<f64>() {
                    Ok(yuan) if column.is_amount => sheet.write_number_with_format(line, at, yuan, &amount)?,
                    _ if cell.is_empty() => continue,
                    _ => sheet.write_string_with_format(line, at, cell, &text)?,
                };
            }
        }
    }
    book.save_to_buffer()
}

/// How wide a text is: a Chinese character takes two.
fn width(text: &str) -> usize {
    text.chars().map(|c| if c.is_ascii() { 1 } else { 2 }).sum()
}

#[cfg(test)]
mod tests {
    use super::super::read::read;
    use super::super::{Cell, workbook};
    use super::*;

    fn grid() -> Grid {
        let columns = vec![Column::text("姓名"), Column { label: "金额".into(), is_amount: true }];
        let rows = vec![vec!["=HYPERLINK(\"x\")".to_owned(), "1200.50".to_owned()], vec!["0071".into(), String::new()]];
        Grid { name: "现金就诊".into(), columns, rows }
    }

    fn cell(book: &workbook::Workbook, row: usize, column: usize) -> &Cell {
        &book.sheets[0].rows[&row][&column]
    }

    #[test]
    fn a_csv_opens_in_chinese_and_holds_no_formula() {
        let bytes = csv(&grid());
        let text = String::from_utf8(bytes.clone()).unwrap();
        assert!(text.starts_with("\u{feff}姓名,金额\n"), "{text}");
        assert!(text.contains("'=HYPERLINK"), "{text}");
        assert_eq!(*cell(&read(&bytes).unwrap(), 2, 0), Cell::Text("=HYPERLINK(\"x\")".into()));
    }

    #[test]
    fn an_xlsx_reads_back_as_it_was_written() {
        let book = read(&xlsx(&[grid()]).unwrap()).unwrap();
        assert_eq!(book.sheets[0].name, "现金就诊");
        assert_eq!(*cell(&book, 2, 0), Cell::Text("=HYPERLINK(\"x\")".into()));
        assert_eq!(*cell(&book, 2, 1), Cell::Number("1200.5".into()));
        assert_eq!(*cell(&book, 3, 0), Cell::Text("0071".into()));
    }
}
