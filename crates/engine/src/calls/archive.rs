//! Text files as the interface exchanges them: one tab-separated text in a zip.

use std::io::{Cursor, Read, Write};
use yibao_domain::time::DateTime;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

/// Days on which a file can be fetched.
const DAYS: i64 = 30;

/// Until when what is made now can be fetched.
pub(crate) fn ends_at(now: DateTime) -> DateTime {
    now.saturating_add(jiff::Span::new().days(DAYS))
}

/// Since when what can be fetched now has been there.
pub(crate) fn began_before(now: DateTime) -> DateTime {
    now.saturating_sub(jiff::Span::new().days(DAYS))
}

/// The longest text that a zip may unfold to.
pub(crate) const TEXT_MAX: u64 = 100 * 1024 * 1024;

/// A text that is packed while it is made: a national list is longer than what should lie in memory.
pub(crate) struct Packing(ZipWriter<Cursor<Vec<u8>>>);

impl Packing {
    /// Begins a text of this name.
    pub fn begin(name: &str) -> Result<Packing, String> {
        let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
        let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
        zip.start_file(name, options).map_err(|error| error.to_string())?;
        Ok(Packing(zip))
    }

    /// Adds a part of it.
    pub fn add(&mut self, text: &str) -> Result<(), String> {
        self.0.write_all(text.as_bytes()).map_err(|error| error.to_string())
    }

    /// The bytes of the zip.
    pub fn end(self) -> Result<Vec<u8>, String> {
        Ok(self.0.finish().map_err(|error| error.to_string())?.into_inner())
    }
}

/// Packs one text.
pub(crate) fn packed(name: &str, text: &str) -> Result<Vec<u8>, String> {
    let mut packing = Packing::begin(name)?;
    packing.add(text)?;
    packing.end()
}

/// The text of the one file in a zip, or of a file that is no zip; what is wrong with it, in Chinese.
pub(crate) fn unpacked(bytes: &[u8]) -> Result<String, String> {
    if !bytes.starts_with(b"PK") {
        return text(bytes.to_vec());
    }
    let mut zip = ZipArchive::new(Cursor::new(bytes)).map_err(|_| "压缩文件读不开；应为 zip 格式".to_owned())?;
    if zip.len() != 1 {
        return Err(format!("压缩文件里有 {} 个文件；应只有一个文本文件", zip.len()));
    }
    let file = zip.by_index(0).map_err(|_| "压缩文件里的文件读不开；请重新压缩".to_owned())?;
    let mut content = Vec::new();
    let read = file.take(TEXT_MAX + 1).read_to_end(&mut content);
    read.map_err(|_| "压缩文件不完整；请重新压缩后上传".to_owned())?;
    if u64::try_from(content.len()).unwrap_or(u64::MAX) > TEXT_MAX {
        return Err(format!("文本超过 {} 兆字节；请分成几个文件", TEXT_MAX / 1024 / 1024));
    }
    text(content)
}

fn text(bytes: Vec<u8>) -> Result<String, String> {
    let text = String::from_utf8(bytes).map_err(|_| "文本不是 UTF-8 编码；请改存后重新压缩".to_owned())?;
    Ok(text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text))
}

/// The rows of a tab-separated text, each with its line number, without blank lines.
pub(crate) fn rows(text: &str) -> impl Iterator<Item = (usize, Vec<&str>)> {
    let lines = (1..).zip(text.lines()).filter(|(_, line)| !line.trim().is_empty());
    lines.map(|(number, line)| (number, line.trim_end_matches('\r').split('\t').map(cell).collect()))
}

/// What is empty is written `null`.
fn cell(text: &str) -> &str {
    let text = text.trim();
    if text.eq_ignore_ascii_case("null") { "" } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_comes_back_from_its_zip_and_plain() {
        let zip = packed("a.txt", "S1\tM1\tnull\r\n\nS2\tM2\t1.00").unwrap();
        for bytes in [zip.as_slice(), "\u{feff}S1\tM1\tnull\r\n\nS2\tM2\t1.00".as_bytes()] {
            let text = unpacked(bytes).unwrap();
            let rows: Vec<_> = rows(&text).collect();
            assert_eq!(rows, [(1, vec!["S1", "M1", ""]), (3, vec!["S2", "M2", "1.00"])]);
        }
    }

    #[test]
    fn what_is_no_text_is_told_so() {
        assert!(unpacked(b"PK\x03\x04rest").unwrap_err().contains("zip"));
        assert!(unpacked(&[0xff, 0xfe, 0x00]).unwrap_err().contains("UTF-8"));
    }
}
