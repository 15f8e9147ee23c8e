//! Reads a file whose format its content tells.

use super::workbook::{Unreadable, Workbook};
use super::{csv_text, xlsx};

/// The largest file that is taken: 10 MB.
const BYTES_MAX: usize = 10 * 1024 * 1024;

/// What an XLSX begins with: the mark of a zip's first part, which is more than the two letters that a line may begin with.
const ZIP: &[u8] = b"PK\x03\x04";

/// Reads text that somebody has pasted or typed: it is a table, whatever it begins with.
pub(crate) fn read_text(text: &str) -> Result<Workbook, Unreadable> {
    if text.len() > BYTES_MAX {
        return Err(Unreadable("粘贴的内容超过10MB，请分几次粘贴，或改用表格导入".to_owned()));
    }
    csv_text::read_text(text)
}

/// Reads a CSV or XLSX file; which one is told by its content, not by its name.
pub(crate) fn read(bytes: &[u8]) -> Result<Workbook, Unreadable> {
    if bytes.len() > BYTES_MAX {
        return Err(Unreadable("文件超过10MB，请分成几个文件，或去掉图片后再导入".to_owned()));
    }
    if bytes.is_empty() {
        return Err(Unreadable("没有选择文件，或文件是空的；请选择CSV或XLSX文件".to_owned()));
    }
    if bytes.starts_with(ZIP) {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_that_begins_with_the_letters_of_a_zip_is_a_line() {
        let text = "PK-001\t2021-07-12 10:30\tXA01\n";
        for book in [read(text.as_bytes()).unwrap(), read_text(text).unwrap()] {
            assert_eq!(book.sheets[0].rows[&1][&0].text(), "PK-001");
        }
        assert!(read_text("%PDF-1\t2021-07-12 10:30\n").is_ok(), "what is pasted is no file");
    }
}
