//! The cells of a row, read into values. Problems are collected, so that one run names them all.
//!
//! A reader returns a placeholder where it notes a problem; the row is then refused and the placeholder
//! never reaches a book.

use crate::load::report::Finding;
use crate::load::table::{Form, Row, masked};
use yibao_domain::money::{Decimal, Money, Rate};
use yibao_domain::time::Date;
use yibao_domain::written::number::Damaged;
use yibao_domain::written::when::NotTime;
use yibao_domain::written::{amount, is_scientific, name, number, when};

/// The longest text of a cell.
const TEXT_CHARS_MAX: usize = 500;

/// Reads a row's cells and collects what is wrong with them.
pub struct Fields<'a> {
    row: &'a Row<'a>,
    /// What keeps the row out.
    pub findings: Vec<Finding>,
    /// What is worth knowing.
    pub remarks: Vec<String>,
}

impl<'a> Fields<'a> {
    /// Over a row, with nothing found yet.
    pub fn new(row: &'a Row<'a>) -> Self {
        let mut fields = Fields { row, findings: Vec::new(), remarks: Vec::new() };
        let misfit = row.cells_that_do_not_fit();
        if let Some((found, wanted)) = misfit.filter(|_| row.table().form == Form::Lines) {
            fields.remarks.push(format!("有 {found} 列，规范印的是 {wanted} 列；按原样装入和下发"));
        } else if let Some((found, wanted)) = misfit {
            fields.findings.push(Finding {
                line: row.line,
                field: String::new(),
                value: String::new(),
                problem: format!("有 {found} 格，表头有 {wanted} 列"),
                remedy: "请检查多余或缺少的逗号；含逗号的内容要用英文双引号括起来".to_owned(),
            });
        }
        fields
    }

    /// Line of the row.
    pub fn line(&self) -> u64 {
        self.row.line
    }

    /// Notes a problem of a field.
    pub fn refuse(&mut self, name: &str, problem: impl Into<String>, remedy: impl Into<String>) {
        let column = self.row.column(name);
        self.findings.push(Finding {
            line: self.row.line,
            field: column.title(),
            value: masked(&self.row.text(name), column.shown),
            problem: problem.into(),
            remedy: remedy.into(),
        });
    }

    /// Notes something worth knowing; the text must hold nothing personal.
    pub fn remark(&mut self, text: impl Into<String>) {
        self.remarks.push(text.into());
    }

    /// A text, perhaps empty.
    pub fn text(&mut self, name: &str) -> String {
        self.text_within(name, TEXT_CHARS_MAX)
    }

    fn text_within(&mut self, name: &str, chars_max: usize) -> String {
        let text = self.row.text(name).into_owned();
        if text.contains('\u{fffd}') {
            self.refuse(name, "有字已损坏（�），原来是什么已看不出", "请按原件改正这一格，或从原系统重新导出");
        } else if is_scientific(&text) {
            self.refuse(name, "被表格软件改成了科学计数法，原来的数字已经丢失", "请把该列设为文本格式后重新导出");
        } else if text.chars().any(char::is_control) {
            self.refuse(name, "含有换行或控制字符", "请删去这些字符");
        } else if text.len() > chars_max && text.chars().count() > chars_max {
            self.refuse(name, format!("超过 {chars_max} 个字"), "请检查是否少了一个引号，把多格并成了一格");
        }
        text
    }

    /// The columns of the table in their order, tab-separated, what is empty as `null`.
    pub fn line_of_columns(&mut self, chars_max: usize) -> String {
        let names: Vec<&'static str> = self.row.table().columns.iter().map(|column| column.name).collect();
        let cells = names.into_iter().map(|name| self.text_within(name, chars_max));
        let cells: Vec<String> = cells.map(|cell| if cell.is_empty() { "null".to_owned() } else { cell }).collect();
        cells.join("\t")
    }

    /// The whole line as it stands, tab-separated.
    pub fn line_of_cells(&mut self, chars_max: usize) -> String {
        let cells: Vec<&str> = self.row.cells().collect();
        let line = cells.join("\t");
        let longest = cells.iter().map(|cell| cell.chars().count()).max().unwrap_or(0);
        let damaged = line.contains('\u{fffd}').then_some(("有字已损坏（�）", "请重新取得这个目录文件"));
        let too_long = (longest > chars_max).then_some(("有一列过长", "请核对这一行的制表符"));
        if let Some((problem, remedy)) = damaged.or(too_long) {
            let (line, remedy) = (self.row.line, remedy.to_owned());
            let (field, value, problem) = (String::new(), String::new(), problem.to_owned());
            self.findings.push(Finding { line, field, value, problem, remedy });
        }
        line
    }

    /// A text that must be there.
    pub fn needed(&mut self, name: &str) -> String {
        if self.is_missing(name) { String::new() } else { self.text(name) }
    }

    /// Whether nothing is written where something must be; noted.
    fn is_missing(&mut self, name: &str) -> bool {
        let is_missing = self.row.text(name).is_empty();
        if is_missing {
            self.refuse(name, "没有填写", "这一列每行必填");
        }
        is_missing
    }

    /// A person's name that must be there, in the form in which names are kept.
    pub fn needed_name(&mut self, name: &str) -> String {
        name::kept(&self.needed(name))
    }

    /// A code or number that must be there, letters as they are.
    pub fn needed_id(&mut self, name: &str) -> String {
        if self.is_missing(name) { String::new() } else { self.number(name, number::number) }
    }

    /// The number of a document that must be there.
    pub fn needed_document(&mut self, name: &str) -> String {
        if self.is_missing(name) { String::new() } else { self.document(name) }
    }

    /// The number of a document or card, perhaps empty.
    pub fn document(&mut self, name: &str) -> String {
        self.number(name, number::document)
    }

    fn number(&mut self, name: &str, read: fn(&str) -> Result<String, Damaged>) -> String {
        match read(&self.row.text(name)) {
            Ok(number) => number,
            Err(damaged) => {
                let why = damaged.to_string();
                let (problem, remedy) = why.split_once('；').unwrap_or((&why, "请照原件重填"));
                self.refuse(name, problem, remedy);
                String::new()
            }
        }
    }

    /// One of these words; empty where nothing is written.
    pub fn word(&mut self, name: &str, words: &[&str]) -> String {
        let text = self.row.text(name).into_owned();
        if !text.is_empty() && !words.contains(&text.as_str()) {
            self.refuse(name, "不在可填的值之内", format!("可填：{}；或留空", words.join("、")));
        }
        text
    }

    /// Digits of a length within bounds, that must be there.
    pub fn needed_digits(&mut self, name: &str, lengths: std::ops::RangeInclusive<usize>) -> String {
        let text = self.needed_id(name);
        let fits = text.chars().all(|c| c.is_ascii_digit()) && lengths.contains(&text.len());
        if !text.is_empty() && !fits {
            let wanted = if lengths.start() == lengths.end() {
                format!("{} 位数字", lengths.start())
            } else {
                format!("{}至{}位数字", lengths.start(), lengths.end())
            };
            self.refuse(name, format!("不是{wanted}"), "请按国家标准代码填写");
        }
        text
    }

    /// A division (医保区划) of six digits; empty where nothing is written.
    pub fn division(&mut self, name: &str) -> String {
        let text = self.row.text(name).into_owned();
        let fits = text.len() == 6 && text.chars().all(|c| c.is_ascii_digit()) && !text.starts_with('0');
        if !text.is_empty() && !fits {
            self.refuse(name, "不是六位医保区划代码", "请填六位数字，例如 520502（七星关区）、510402（东区）");
        }
        text
    }

    /// A division that must be there.
    pub fn needed_division(&mut self, name: &str) -> String {
        if self.row.text(name).is_empty() {
            self.refuse(name, "没有填写", "请填六位医保区划代码，例如 520502（七星关区）、510402（东区）");
        }
        self.division(name)
    }

    /// A date, `None` where nothing is written.
    pub fn date(&mut self, name: &str) -> Option<Date> {
        let text = self.row.text(name);
        if text.is_empty() {
            return None;
        }
        let why = match when::day(&text) {
            Ok(day) => return Some(day),
            Err(NotTime::NoSuchDay | NotTime::Other) => "不是存在的日期".to_owned(),
            Err(why) => why.to_string(),
        };
        self.refuse(name, why, "请写成 yyyy-MM-dd，例如 2021-07-01");
        None
    }

    /// A date that must be there.
    pub fn needed_date(&mut self, name: &str) -> Date {
        if self.row.text(name).is_empty() {
            self.refuse(name, "没有填写", "请写日期 yyyy-MM-dd，例如 2021-07-01");
        }
        self.date(name).unwrap_or(Date::MIN)
    }

    /// The period of `begndate` and `enddate`; the latter is inclusive and may be open.
    pub fn period(&mut self) -> (Date, Option<Date>) {
        let begin = self.needed_date("begndate");
        let end = self.date("enddate");
        if end.is_some_and(|end| end < begin) {
            self.refuse("enddate", "早于开始日期", "请改正两个日期之一；仍有效的留空");
        }
        (begin, end)
    }

    /// An amount in yuan that is not negative, `None` where nothing is written.
    pub fn amount(&mut self, name: &str) -> Option<Money> {
        let text = self.row.text(name);
        if text.is_empty() {
            return None;
        }
        let problem = match amount::amount(&text) {
            Ok(amount) if amount >= Money::ZERO => return Some(amount),
            Ok(_) => "金额不能为负".to_owned(),
            Err(why) => format!("不是金额：{why}"),
        };
        self.refuse(name, problem, "请以元为单位写，至多两位小数，例如 1234.50");
        None
    }

    /// A price in yuan above zero with at most six decimals, `None` where nothing is written.
    pub fn price(&mut self, name: &str) -> Option<Decimal> {
        let text = self.row.text(name);
        if text.is_empty() {
            return None;
        }
        match amount::price(&text) {
            Ok(price) if price > Decimal::ZERO && price.normalize().scale() <= 6 => Some(price),
            read => {
                let why = read.err().map_or(String::new(), |why| format!("：{why}"));
                self.refuse(
                    name,
                    format!("不是大于零的价格{why}"),
                    "请以元为单位写，至多六位小数，例如 12.50；没有限价的留空",
                );
                None
            }
        }
    }

    /// A ratio from 0 to 1 with at most four decimals, `None` where nothing is written.
    pub fn ratio(&mut self, name: &str) -> Option<Rate> {
        let text = self.row.text(name);
        if text.is_empty() {
            return None;
        }
        let points = amount::quantity(&text)
            .ok()
            .filter(|ratio| *ratio >= Decimal::ZERO && *ratio <= Decimal::ONE)
            .map(|ratio| (ratio * Decimal::from(10_000)).normalize())
            .filter(|points| points.scale() == 0)
            .and_then(|points| i64::try_from(points.mantissa()).ok());
        if points.is_none() {
            self.refuse(name, "不是 0 到 1 之间的比例", "请写小数，至多四位，例如 10% 写成 0.10；没有的留空");
        }
        points.map(Rate::basis_points)
    }

    /// A whole number within bounds, `None` where nothing is written.
    pub fn whole(&mut self, name: &str, bounds: std::ops::RangeInclusive<i64>) -> Option<i64> {
        let text = self.row.text(name);
        if text.is_empty() {
            return None;
        }
        match amount::quantity(&text).ok().map(|number| number.normalize()).filter(|number| number.scale() == 0) {
            Some(number) if bounds.contains(&i64::try_from(number.mantissa()).unwrap_or(i64::MIN)) => {
                i64::try_from(number.mantissa()).ok()
            }
            _ => {
                self.refuse(name, "不是可用的整数", format!("请写 {} 到 {} 之间的整数", bounds.start(), bounds.end()));
                None
            }
        }
    }

    /// `1` or `0`; nothing written is `0`.
    pub fn flag(&mut self, name: &str) -> bool {
        match &*self.row.text(name) {
            "" | "0" => false,
            "1" => true,
            _ => {
                self.refuse(name, "不是 0 或 1", "是填 1，否填 0 或留空");
                false
            }
        }
    }
}
