//! What loading found and did: problems with file, line, field, value and remedy, and the closing table.
//!
//! Names, identity and card numbers and secrets are masked before they get here.

use std::collections::BTreeMap;
use std::fmt::Write as _;

/// Something that keeps a row, or a whole file, from being taken.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Finding {
    /// Line in the file, from 1; 0 where the whole file is meant.
    pub line: u64,
    /// Column with its Chinese name: `brdy（出生日期）`; empty where no single one is meant.
    pub field: String,
    /// What stands there, masked where it is personal.
    pub value: String,
    /// What is wrong.
    pub problem: String,
    /// What to do about it.
    pub remedy: String,
}

/// What became of a file.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Fate {
    /// Not in the folder.
    Absent,
    /// Taken; with `--keep-good` perhaps without its bad rows.
    Taken,
    /// Good, and not written because only a check was asked for.
    CheckedOnly,
    /// Refused as a whole: nothing of it was taken.
    Refused,
    /// Good or not, it builds on a refused file and was left alone.
    HeldBack(&'static str),
}

/// What was found in one file and what was done with it.
#[derive(Clone, Debug)]
pub struct FileReport {
    /// File name.
    pub file: &'static str,
    /// What became of it.
    pub fate: Fate,
    /// Rows read.
    pub rows: u64,
    /// Rows that were new.
    pub added: u64,
    /// Rows that differed from what was stored.
    pub updated: u64,
    /// Rows that were stored already.
    pub unchanged: u64,
    /// Bad rows.
    pub refused: u64,
    /// The first findings, as many as asked for.
    pub findings: Vec<Finding>,
    /// How many findings there were in all.
    pub findings_count: u64,
    /// Remarks by text: how often, and the first line.
    pub remarks: BTreeMap<String, (u64, u64)>,
    findings_shown_max: usize,
}

impl FileReport {
    /// A file that has not been looked at yet.
    pub fn new(file: &'static str, findings_shown_max: usize) -> Self {
        FileReport {
            file,
            fate: Fate::Absent,
            rows: 0,
            added: 0,
            updated: 0,
            unchanged: 0,
            refused: 0,
            findings: Vec::new(),
            findings_count: 0,
            remarks: BTreeMap::new(),
            findings_shown_max,
        }
    }

    /// Notes a problem.
    pub fn refuse(&mut self, finding: Finding) {
        self.findings_count += 1;
        if self.findings.len() < self.findings_shown_max {
            self.findings.push(finding);
        }
    }

    /// Notes something worth knowing that does not keep the row out.
    pub fn remark(&mut self, text: String, line: u64) {
        let (count, _first_line) = self.remarks.entry(text).or_insert((0, line));
        *count += 1;
    }

    /// Everything in it was taken, or it was not there.
    pub fn is_clean(&self) -> bool {
        matches!(self.fate, Fate::Absent | Fate::Taken | Fate::CheckedOnly)
            && self.refused == 0
            && self.findings_count == 0
    }

    fn fate_text(&self) -> String {
        match &self.fate {
            Fate::Absent => "无此文件".to_owned(),
            Fate::Taken if self.refused > 0 => "已装入（错误行除外）".to_owned(),
            Fate::Taken => "已装入".to_owned(),
            Fate::CheckedOnly if self.refused > 0 => "有错误行，未写入".to_owned(),
            Fate::CheckedOnly => "核对通过，未写入".to_owned(),
            Fate::Refused => "未装入".to_owned(),
            Fate::HeldBack(file) => format!("未装入：依赖的 {file} 未装入"),
        }
    }
}

/// What was found in a folder and what was done with it.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// One report a known file, in the order of loading.
    pub files: Vec<FileReport>,
    /// CSV files that are none of ours.
    pub unknown_files: Vec<String>,
}

impl Report {
    /// Everything was taken.
    pub fn is_clean(&self) -> bool {
        self.files.iter().all(FileReport::is_clean)
    }

    /// The whole report as text for the operator.
    pub fn text(&self) -> String {
        let mut text = String::new();
        for file in &self.files {
            for finding in &file.findings {
                text.push_str(&finding_line(file.file, finding));
            }
            let unlisted = file.findings_count - file.findings.len() as u64;
            if unlisted > 0 {
                line(&mut text, format_args!("{}：另有 {unlisted} 处问题未列出（--show 0 全部列出）", file.file));
            }
            for (remark, (count, first_line)) in &file.remarks {
                let place = match (first_line, count) {
                    (0, _) => String::new(),
                    (first, 1) => format!("（第 {first} 行）"),
                    (first, count) => format!("（{count} 行，首见第 {first} 行）"),
                };
                line(&mut text, format_args!("{} 提示：{remark}{place}", file.file));
            }
        }
        for name in &self.unknown_files {
            line(&mut text, format_args!("提示：{name} 不是可装入的文件名，未读取"));
        }
        self.summary(&mut text);
        text
    }

    fn summary(&self, text: &mut String) {
        if !text.is_empty() {
            text.push('\n');
        }
        let names = ["行数", "新增", "更新", "未变", "拒绝"];
        let _ = write!(text, "{}", padded("文件", 23));
        for name in names {
            let _ = write!(text, "{}", padded_left(name, 9));
        }
        text.push_str("  结果\n");
        for file in self.files.iter().filter(|file| file.fate != Fate::Absent) {
            let _ = write!(text, "{}", padded(file.file, 23));
            for count in [file.rows, file.added, file.updated, file.unchanged, file.refused] {
                let _ = write!(text, "{count:>9}");
            }
            line(text, format_args!("  {}", file.fate_text()));
        }
        let verdict = if self.is_clean() {
            "全部文件无错误。"
        } else {
            "有未装入的内容：请按上面的提示改正后重新运行；已装入的行不会重复计入。"
        };
        line(text, format_args!("\n{verdict}"));
    }
}

fn line(text: &mut String, content: std::fmt::Arguments<'_>) {
    let _ = writeln!(text, "{content}");
}

fn finding_line(file: &str, finding: &Finding) -> String {
    let mut text = file.to_owned();
    if finding.line > 0 {
        let _ = write!(text, " 第 {} 行", finding.line);
    }
    if !finding.field.is_empty() {
        let _ = write!(text, " {}", finding.field);
    }
    if !finding.value.is_empty() {
        let _ = write!(text, " = “{}”", finding.value);
    }
    let _ = writeln!(text, "：{}。{}。", finding.problem, finding.remedy);
    text
}

/// Pads by display width: a Chinese character takes two columns.
fn padded(text: &str, columns: usize) -> String {
    format!("{text}{}", " ".repeat(columns.saturating_sub(width(text))))
}

fn padded_left(text: &str, columns: usize) -> String {
    format!("{}{text}", " ".repeat(columns.saturating_sub(width(text))))
}

fn width(text: &str) -> usize {
    text.chars().map(|c| if c.is_ascii() { 1 } else { 2 }).sum()
}
