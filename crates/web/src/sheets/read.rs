//! Reads a file whose format its content tells.

use super::workbook::{Unreadable, Workbook};
use super::{csv_text, xlsx};

/// The largest file that is taken: 10 MB.
const BYTES_MAX: usize = 10 * 1024 * 1024;

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
