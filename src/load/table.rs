//! A CSV file as a table: encoding, header, lines.
//!
//! UTF-8 with or without byte order mark, LF or CRLF, quoted fields. Rows are streamed, so that a city's
//! millions of persons need no memory; a file is read more than once, at least to check and to take it.

use crate::load::report::{FileReport, Finding};
use anyhow::Context as _;
use sha2::{Digest as _, Sha256};
use std::borrow::Cow;
use std::cell::Cell;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use yibao_domain::written::half_width;
use yibao_domain::written::text::unguarded;

/// Bytes asked of the system at once.
const READ_AT_ONCE: usize = 64 * 1024;

/// How a kind of file is written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Form {
    /// Comma-separated, the first line says the columns.
    Csv,
    /// Tab-separated lines in the order of the columns, without a head and without quotes.
    Lines,
}

/// How a value may be shown in a message.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Shown {
    /// As it is.
    Plain,
    /// A person's name: the first character.
    Name,
    /// An identity or card number: its ends.
    Number,
    /// Not at all.
    Secret,
}

/// A column of a file.
#[derive(Clone, Debug)]
pub struct Column {
    /// National field name.
    pub name: &'static str,
    /// Chinese name.
    pub chinese: &'static str,
    /// The header must have it.
    pub required: bool,
    /// How its values may be shown.
    pub shown: Shown,
}

impl Column {
    /// A column that the header must have.
    pub const fn required(name: &'static str, chinese: &'static str) -> Self {
        Column { name, chinese, required: true, shown: Shown::Plain }
    }

    /// A column that may be absent.
    pub const fn optional(name: &'static str, chinese: &'static str) -> Self {
        Column { name, chinese, required: false, shown: Shown::Plain }
    }

    /// The same column, its values masked.
    pub const fn masked(mut self, shown: Shown) -> Self {
        self.shown = shown;
        self
    }

    /// `brdy（出生日期）`.
    pub fn title(&self) -> String {
        if self.chinese.is_empty() { self.name.to_owned() } else { format!("{}（{}）", self.name, self.chinese) }
    }
}

/// What stands for the whole content of a file.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct FileDigest(pub [u8; 32]);

/// A file whose header has been understood.
#[derive(Debug)]
pub struct Table {
    path: PathBuf,
    /// The columns that this kind of file has.
    pub columns: Vec<Column>,
    places: Vec<Option<usize>>,
    width: usize,
    /// How it is written.
    pub form: Form,
}

/// One record of a table.
#[derive(Debug)]
pub struct Row<'a> {
    /// Line on which it begins, from 1.
    pub line: u64,
    /// Bytes of the file up to here, for the progress bar.
    pub bytes: u64,
    cells: &'a csv::StringRecord,
    table: &'a Table,
    /// Place of the column that was asked for last: columns are mostly asked for in their order.
    last: Cell<usize>,
}

impl Row<'_> {
    /// The value of a column without what spreadsheets put around it and hide in it, in half width; empty where the column or the
    /// value is absent or the text `null`. A city's millions of plain cells are not copied.
    pub fn text(&self, name: &str) -> Cow<'_, str> {
        let cell = self.table.places[self.place(name)].and_then(|at| self.cells.get(at)).unwrap_or("");
        let cell = if cell.is_ascii() { Cow::Borrowed(unguarded(cell)) } else { Cow::Owned(half_width(cell)) };
        if cell.eq_ignore_ascii_case("null") { Cow::Borrowed("") } else { cell }
    }

    /// All cells as they stand.
    pub fn cells(&self) -> impl Iterator<Item = &str> {
        self.cells.iter()
    }

    /// The table it belongs to.
    pub fn table(&self) -> &Table {
        self.table
    }

    /// The column of this name.
    pub fn column(&self, name: &str) -> &Column {
        &self.table.columns[self.place(name)]
    }

    fn place(&self, name: &str) -> usize {
        let columns = &self.table.columns;
        let likely = (self.last.get()..columns.len()).chain(0..self.last.get());
        let place = likely.into_iter().find(|place| columns[*place].name == name);
        let place = place.unwrap_or_else(|| panic!("{name} is a column of this kind of file"));
        self.last.set(place);
        place
    }

    /// The number of cells, if it is not that of the header.
    pub fn cells_that_do_not_fit(&self) -> Option<(usize, usize)> {
        (self.cells.len() != self.table.width).then_some((self.cells.len(), self.table.width))
    }
}

impl Table {
    /// Opens a file and reads its header; `None`, with the reasons noted, where it cannot be used.
    pub fn open(
        path: &Path,
        columns: Vec<Column>,
        form: Form,
        report: &mut FileReport,
    ) -> anyhow::Result<Option<Table>> {
        if let Some(encoding) = foreign_encoding(path)? {
            report.refuse(not_utf8(1, encoding));
            return Ok(None);
        }
        if form == Form::Lines {
            let (places, width) = ((0..columns.len()).map(Some).collect(), columns.len());
            return Ok(Some(Table { path: path.to_owned(), columns, places, width, form }));
        }
        let mut header = csv::ByteRecord::new();
        reader(path, form)?.read_byte_record(&mut header).with_context(|| format!("读取 {}", path.display()))?;
        let Ok(header) = csv::StringRecord::from_byte_record(header) else {
            report.refuse(not_utf8(1, "GBK"));
            return Ok(None);
        };
        let names: Vec<String> =
            header.iter().map(|name| name.trim_start_matches('\u{feff}').trim().to_ascii_lowercase()).collect();
        let before = report.findings_count;
        if names.iter().all(String::is_empty) {
            report.refuse(of_file("文件是空的，没有表头", "第一行应为列名，例如 ", &columns));
            return Ok(None);
        }
        if names.len() == 1 && names[0].contains(['\t', ';', '|', '，']) {
            report.refuse(of_file("列之间不是用英文逗号分隔", "请另存为逗号分隔的 CSV，第一行例如 ", &columns));
            return Ok(None);
        }
        for column in columns.iter().filter(|column| column.required) {
            if !names.iter().any(|name| name == column.name) {
                report.refuse(Finding {
                    line: 1,
                    field: column.title(),
                    value: String::new(),
                    problem: "缺少这一列".to_owned(),
                    remedy: format!("请在表头加上 {} 列并填写每一行", column.name),
                });
            }
        }
        for (place, name) in names.iter().enumerate() {
            if name.is_empty() {
                continue;
            }
            if names[..place].contains(name) {
                report.refuse(Finding {
                    line: 1,
                    field: name.clone(),
                    value: String::new(),
                    problem: "表头里有两列同名".to_owned(),
                    remedy: "请删去或改名其中一列".to_owned(),
                });
            } else if !columns.iter().any(|column| column.name == name) {
                report.remark(format!("不认识的列 {name}，未读取"), 0);
            }
        }
        if report.findings_count > before {
            return Ok(None);
        }
        let places = columns.iter().map(|column| names.iter().position(|name| name == column.name)).collect();
        Ok(Some(Table { path: path.to_owned(), columns, places, width: names.len(), form }))
    }

    /// Hands every record to `work`, in order, blank ones left out. `Err` inside is the first line that is not
    /// UTF-8, where reading ends.
    pub fn each_row(
        &self,
        work: &mut dyn FnMut(&Row<'_>) -> anyhow::Result<()>,
    ) -> anyhow::Result<Result<FileDigest, Finding>> {
        let mut reader = reader(&self.path, self.form)?;
        let mut bytes = csv::ByteRecord::new();
        let mut header = self.form == Form::Csv;
        loop {
            let more = reader.read_byte_record(&mut bytes).with_context(|| format!("读取 {}", self.path.display()))?;
            if !more {
                return Ok(Ok(FileDigest(reader.into_inner().digest.finalize().into())));
            }
            if std::mem::take(&mut header) {
                continue;
            }
            let (line, offset) = bytes.position().map_or((0, 0), |at| (at.line(), at.byte()));
            let cells = match csv::StringRecord::from_byte_record(bytes) {
                Ok(cells) => cells,
                Err(_) => return Ok(Err(not_utf8(line, "GBK"))),
            };
            if cells.iter().any(|cell| !cell.trim().is_empty()) {
                work(&Row { line, bytes: offset, cells: &cells, table: self, last: Cell::new(0) })?;
            }
            bytes = cells.into_byte_record();
        }
    }
}

/// A file that is digested while it is read. Its lines end by LF from here on: the reader of records counts a line behind a
/// CRLF too late, and a finding would name the line before.
struct Digesting {
    file: File,
    digest: Sha256,
    /// A CR was read, and what comes behind it is not known yet.
    holds_cr: bool,
}

impl Read for Digesting {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let mut raw = vec![0; buffer.len().saturating_sub(1).max(1)];
        loop {
            let read = self.file.read(&mut raw)?;
            self.digest.update(&raw[..read]);
            if read == 0 && !std::mem::take(&mut self.holds_cr) {
                return Ok(0);
            }
            if read == 0 {
                buffer[0] = b'\r';
                return Ok(1);
            }
            let mut end = 0;
            for byte in &raw[..read] {
                if std::mem::take(&mut self.holds_cr) && *byte != b'\n' {
                    buffer[end] = b'\r';
                    end += 1;
                }
                if *byte == b'\r' {
                    self.holds_cr = true;
                } else {
                    buffer[end] = *byte;
                    end += 1;
                }
            }
            // One CR alone is not the end of the file.
            if end > 0 {
                return Ok(end);
            }
        }
    }
}

fn reader(path: &Path, form: Form) -> anyhow::Result<csv::Reader<Digesting>> {
    let file = File::open(path).with_context(|| format!("打开 {}", path.display()))?;
    let digesting = Digesting { file, digest: Sha256::new(), holds_cr: false };
    let mut builder = csv::ReaderBuilder::new();
    builder.has_headers(false).flexible(true).buffer_capacity(READ_AT_ONCE);
    if form == Form::Lines {
        builder.delimiter(b'\t').quoting(false);
    }
    Ok(builder.from_reader(digesting))
}

/// UTF-16 is told by its byte order mark; spreadsheets write it as "Unicode text".
fn foreign_encoding(path: &Path) -> anyhow::Result<Option<&'static str>> {
    let mut start = [0_u8; 2];
    let mut file = File::open(path).with_context(|| format!("打开 {}", path.display()))?;
    let read = file.read(&mut start).with_context(|| format!("读取 {}", path.display()))?;
    Ok((read == 2 && (start == [0xFF, 0xFE] || start == [0xFE, 0xFF])).then_some("UTF-16"))
}

fn not_utf8(line: u64, likely: &str) -> Finding {
    Finding {
        line,
        field: String::new(),
        value: String::new(),
        problem: format!("文件不是 UTF-8 编码（很可能是 {likely}）"),
        remedy: format!(
            "请在表格软件里另存为“CSV UTF-8”，或运行 iconv -f {likely} -t UTF-8 原文件 > 新文件；整个文件未读取"
        ),
    }
}

fn of_file(problem: &str, remedy: &str, columns: &[Column]) -> Finding {
    let names: Vec<&str> = columns.iter().filter(|column| column.required).map(|column| column.name).collect();
    Finding {
        line: 1,
        field: String::new(),
        value: String::new(),
        problem: problem.to_owned(),
        remedy: format!("{remedy}{}", names.join(",")),
    }
}

/// A value as a message may show it.
pub fn masked(value: &str, shown: Shown) -> String {
    let characters: Vec<char> = value.chars().collect();
    match shown {
        Shown::Plain => characters.iter().take(60).collect(),
        Shown::Name => match characters.first() {
            Some(first) => format!("{first}{}", "*".repeat((characters.len() - 1).min(4))),
            None => String::new(),
        },
        Shown::Number if characters.len() <= 8 => "*".repeat(characters.len()),
        Shown::Number => {
            let start: String = characters[..4].iter().collect();
            let end: String = characters[characters.len() - 2..].iter().collect();
            format!("{start}{}{end}（{} 位）", "*".repeat((characters.len() - 6).min(20)), characters.len())
        }
        Shown::Secret if value.is_empty() => String::new(),
        Shown::Secret => "******".to_owned(),
    }
}
