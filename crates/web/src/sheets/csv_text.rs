//! Reads CSV as offices have it: UTF-8 with or without mark, UTF-16 or GB18030, with commas, tabs or semicolons.

use super::cell::Cell;
use super::workbook::{COLUMNS_MAX, ROWS_MAX, Sheet, Unreadable, Workbook};
use encoding_rs::{Encoding, GB18030, UTF_8};

pub(super) fn read(bytes: &[u8]) -> Result<Workbook, Unreadable> {
    read_text(&decoded(bytes)?)
}

/// The same of text that is decoded already.
pub(super) fn read_text(text: &str) -> Result<Workbook, Unreadable> {
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter(text))
        .from_reader(text.as_bytes());
    let mut sheet = Sheet::default();
    // Lines inside quotes are one row to a spreadsheet program, so its row numbers run behind the file's lines.
    let (mut looked_at, mut row, mut within) = (0, 1, 0);
    for record in reader.records() {
        let record =
            record.map_err(|_| Unreadable("CSV文件读不开；请用表格软件打开，另存为XLSX后再导入".to_owned()))?;
        let begins = record.position().map_or(0, |position| usize::try_from(position.byte()).unwrap_or(0));
        // A record is said to begin where the one before ended, ahead of its line end and of empty lines.
        let gap = text[begins..].bytes().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
        row += text[looked_at..begins + gap].matches('\n').count() - within;
        looked_at = begins + gap;
        within = record.iter().map(|field| field.matches('\n').count()).sum();
        let cells = record.iter().take(COLUMNS_MAX).enumerate();
        let cells: std::collections::BTreeMap<usize, Cell> =
            cells.filter_map(|(column, text)| Some((column, Cell::of_text(text)?))).collect();
        if cells.is_empty() {
            continue;
        }
        sheet.rows.insert(row, cells);
        sheet.widths.insert(row, record.len());
        if sheet.rows.len() > ROWS_MAX {
            return Err(Unreadable::too_long());
        }
    }
    Ok(Workbook { sheets: vec![sheet] })
}

fn decoded(bytes: &[u8]) -> Result<String, Unreadable> {
    in_its_encoding(bytes).ok_or_else(|| {
        Unreadable("文件既不是CSV（UTF-8或GB18030）也不是XLSX；请用表格软件另存为XLSX后再导入".to_owned())
    })
}

/// The text of a file, by its byte order mark, else as UTF-8 where it is that, else as GB18030; nothing where it is none of these.
pub(crate) fn in_its_encoding(bytes: &[u8]) -> Option<String> {
    let encoding = match Encoding::for_bom(bytes) {
        Some((encoding, _)) => encoding,
        None if std::str::from_utf8(bytes).is_ok() => UTF_8,
        None => GB18030,
    };
    let (text, _, damaged) = encoding.decode(bytes);
    (!damaged && !text.contains('\0')).then(|| text.into_owned())
}

/// What stands most often in the first line with anything in it that could be a separator.
fn delimiter(text: &str) -> u8 {
    let counts = |line: &str| [b',', b'\t', b';'].map(|mark| (line.bytes().filter(|byte| *byte == mark).count(), mark));
    let best = |line: &str| counts(line).into_iter().filter(|(count, _)| *count > 0).max_by_key(|(count, _)| *count);
    text.lines().take(20).filter_map(best).max_by_key(|(count, _)| *count).map_or(b',', |(_, mark)| mark)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(bytes: &[u8]) {
        let book = read(bytes).unwrap();
        let rows = &book.sheets[0].rows;
        assert_eq!(rows[&1][&0], Cell::Text("姓名".into()));
        assert_eq!(rows[&2][&1], Cell::Text("13800000001".into()));
    }

    #[test]
    fn each_encoding_and_separator_of_an_office_is_read_alike() {
        let text = "姓名,联系电话\r\n王试,13800000001\r\n";
        check(text.as_bytes());
        check(format!("\u{feff}{text}").as_bytes());
        check(&GB18030.encode(text).0);
        check(text.replace(',', "\t").as_bytes());
        check(text.replace(',', ";").as_bytes());
        let wide: Vec<u8> = format!("\u{feff}{text}").encode_utf16().flat_map(u16::to_le_bytes).collect();
        check(&wide);
    }

    #[test]
    fn row_numbers_are_those_of_the_spreadsheet_program() {
        let book = read("姓名,备注\n\n王试,\"一\n二\"\n李试,三\n".as_bytes()).unwrap();
        assert_eq!(book.sheets[0].rows.keys().copied().collect::<Vec<_>>(), [1, 3, 4]);
    }

    #[test]
    fn the_text_of_a_file_is_whole_or_none() {
        let text = "title = \"毕节市停机\"\n";
        for bytes in [text.as_bytes().to_vec(), GB18030.encode(text).0.into_owned()] {
            assert_eq!(in_its_encoding(&bytes).as_deref(), Some(text));
        }
        // Cut off in the middle of a character.
        assert_eq!(in_its_encoding(&GB18030.encode("毕节").0[..3]), None);
    }

    #[test]
    fn what_is_no_text_is_refused_with_what_to_do() {
        let refused = read(&[0x89, b'P', b'N', b'G', 0, 0xff, 0xfe, 0x00]).unwrap_err();
        assert!(refused.0.contains("另存为XLSX"), "{refused:?}");
    }
}
