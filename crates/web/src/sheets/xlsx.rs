//! Reads XLSX. Cells are taken one after the other, so that a single cell far outside costs nothing.

use super::cell::Cell;
use super::workbook::{COLUMNS_MAX, ROWS_MAX, Sheet, Unreadable, Workbook};
use calamine::{DataRef, Dimensions, Reader, SheetVisible, Xlsx};
use std::io::Cursor;

/// What the parts of the file may unpack to; a real one of 10 MB stays far below.
const UNPACKED_MAX: u64 = 200 * 1024 * 1024;

pub(super) fn read(bytes: &[u8]) -> Result<Workbook, Unreadable> {
    unpacks_within_bounds(bytes)?;
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(|_| broken())?;
    let visible = |sheet: &&calamine::Sheet| sheet.visible == SheetVisible::Visible;
    let names: Vec<String> = book.sheets_metadata().iter().filter(visible).map(|sheet| sheet.name.clone()).collect();
    let mut sheets = Vec::new();
    let mut rows = 0;
    for name in names {
        // A merged title across the sheet is one region of one row; what matters are the cells below each other.
        let merged = book.merge_cells_by_sheet_name(&name).unwrap_or_default();
        let mut sheet = cells(&mut book, &name, ROWS_MAX - rows)?;
        spread(&mut sheet, &merged);
        rows += sheet.rows.len();
        sheets.push(sheet);
    }
    Ok(Workbook { sheets })
}

/// A few kilobytes can unpack to gigabytes; the parts' sizes are asked before any is unpacked.
fn unpacks_within_bounds(bytes: &[u8]) -> Result<(), Unreadable> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(|_| broken())?;
    let mut unpacked: u64 = 0;
    for part in 0..archive.len() {
        unpacked = unpacked.saturating_add(archive.by_index_raw(part).map_err(|_| broken())?.size());
    }
    if unpacked > UNPACKED_MAX {
        return Err(Unreadable("文件解开后过大；请把数据复制到新的表格里，另存后再导入".to_owned()));
    }
    Ok(())
}

fn cells(book: &mut Xlsx<Cursor<&[u8]>>, name: &str, rows_max: usize) -> Result<Sheet, Unreadable> {
    let mut sheet = Sheet { name: name.trim().to_owned(), ..Sheet::default() };
    // Sheets of charts have no cells.
    let Ok(mut reader) = book.worksheet_cells_reader(name) else { return Ok(sheet) };
    while let Some(cell) = reader.next_cell().map_err(|_| broken())? {
        let (row, column) = cell.get_position();
        let (row, column) = (row as usize + 1, column as usize);
        let Some(value) = value(cell.get_value()) else { continue };
        if column >= COLUMNS_MAX {
            continue;
        }
        sheet.rows.entry(row).or_default().insert(column, value);
        if sheet.rows.len() > rows_max {
            return Err(Unreadable::too_long());
        }
    }
    Ok(sheet)
}

fn value(data: &DataRef<'_>) -> Option<Cell> {
    match data {
        DataRef::Int(number) => Some(Cell::Number(number.to_string())),
        DataRef::Float(number) => Some(Cell::of_float(*number)),
        DataRef::String(text) => Cell::of_text(text),
        DataRef::SharedString(text) => Cell::of_text(text),
        DataRef::Bool(flag) => Some(Cell::Flag(*flag)),
        DataRef::DateTime(moment) => Some(Cell::of_serial(moment)),
        DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => Cell::of_text(text),
        DataRef::Error(error) => Some(Cell::Broken(error.to_string())),
        DataRef::Empty => None,
    }
}

/// A merged region has its value in the first cell only; people mean all of it. Which cells share a value is noted: several rows have
/// one name alike, but one sum together.
fn spread(sheet: &mut Sheet, merged: &[Dimensions]) {
    for region in merged {
        let (first_row, first_column) = (region.start.0 as usize + 1, region.start.1 as usize);
        let Some(value) = sheet.rows.get(&first_row).and_then(|cells| cells.get(&first_column)).cloned() else {
            continue;
        };
        let (rows, columns) =
            (first_row..=region.end.0 as usize + 1, first_column..=(region.end.1 as usize).min(COLUMNS_MAX));
        let is_of_rows = sheet.rows.range(rows.clone()).count() > 1;
        // Only rows that hold something are filled, and none is made.
        for (row, cells) in sheet.rows.range_mut(rows) {
            for column in columns.clone() {
                cells.entry(column).or_insert_with(|| value.clone());
                if is_of_rows || column > first_column {
                    sheet.shared.insert((*row, column));
                }
            }
        }
    }
}

/// What the libraries say of it is English, and of parts that nobody sees.
fn broken() -> Unreadable {
    Unreadable(
        "XLSX文件读不开，可能没有传完整、已经损坏或设了打开密码；请用表格软件打开后另存为XLSX，再导入".to_owned(),
    )
}

#[cfg(test)]
mod tests {
    use super::super::read::read;
    use super::*;
    use rust_xlsxwriter::{ExcelDateTime, Format, Workbook as Made};

    #[test]
    fn merged_cells_excel_dates_and_stray_cells_of_an_office_sheet_are_understood() {
        let mut made = Made::new();
        let sheet = made.add_worksheet();
        let plain = Format::new();
        sheet.merge_range(0, 0, 0, 3, "停机期间登记表", &plain).unwrap();
        sheet.merge_range(1, 0, 2, 0, "姓名", &plain).unwrap();
        sheet.merge_range(1, 1, 1, 2, "就诊", &plain).unwrap();
        sheet.write_string(2, 1, "就诊日期").unwrap().write_string(2, 2, "费用").unwrap();
        sheet.merge_range(3, 0, 4, 0, "王试", &plain).unwrap();
        let day = Format::new().set_num_format("yyyy/m/d h:mm");
        let moment = ExcelDateTime::from_ymd(2020, 9, 12).unwrap().and_hms(10, 30, 0).unwrap();
        for row in [3, 4] {
            sheet.write_datetime_with_format(row, 1, &moment, &day).unwrap();
            sheet.write_number(row, 2, 0.3).unwrap();
        }
        sheet.write_string(1_000_000, 16_000, "远处").unwrap();
        let book = read(&made.save_to_buffer().unwrap()).unwrap();
        let rows = &book.sheets[0].rows;
        assert_eq!(rows[&3][&0], Cell::Text("姓名".into()));
        assert_eq!(rows[&5][&0], Cell::Text("王试".into()));
        assert_eq!(rows[&4][&1], Cell::Moment(jiff::civil::date(2020, 9, 12).at(10, 30, 0, 0)));
        assert_eq!(rows[&5][&2], Cell::Number("0.3".into()));
        assert_eq!(rows.len(), 5, "a cell beyond the columns that are looked at makes no row");
    }

    #[test]
    fn too_many_rows_and_broken_files_are_refused_with_what_to_do() {
        let mut made = Made::new();
        let sheet = made.add_worksheet();
        for row in 0..=u32::try_from(ROWS_MAX).unwrap() {
            sheet.write_string(row, 0, "王").unwrap();
        }
        assert_eq!(read(&made.save_to_buffer().unwrap()).unwrap_err(), Unreadable::too_long());
        let broken = read(b"PK\x03\x04 and nothing more").unwrap_err().0;
        assert!(broken.contains("另存为XLSX"), "{broken}");
        let words = broken.replace("XLSX", "");
        assert!(!words.contains(|c: char| c.is_ascii_alphabetic()), "what is said is Chinese: {broken}");
        assert!(read(&[0xd0, 0xcf, 0x11, 0xe0, 0, 0]).unwrap_err().0.contains("XLS文件"));
    }
}
