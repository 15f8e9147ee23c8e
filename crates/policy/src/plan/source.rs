//! A TOML text with line numbers: tables that are read key by key, and know which keys nobody asked for.

use jiff::civil::{Date, DateTime};
use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::ops::Range;
use toml::Spanned;
use toml::de::{DeTable, DeValue};
use yibao_domain::time::Moment;
use yibao_domain::written::half_width;

/// Something wrong with a plan or another data file, where, and what to do about it.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Problem {
    /// The line, from 1.
    pub line: u32,
    /// What is wrong, with the value, then the remedy.
    pub text: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.line, self.text)
    }
}

/// The text being read, and the problems found so far.
pub(super) struct Source {
    line_starts: Vec<usize>,
    problems: RefCell<Vec<Problem>>,
    accepted: RefCell<BTreeMap<&'static str, BTreeSet<&'static str>>>,
}

impl Source {
    pub(super) fn new(text: &str) -> Source {
        let ends = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(index, _)| index + 1);
        let line_starts = std::iter::once(0).chain(ends).collect();
        Source { line_starts, problems: RefCell::default(), accepted: RefCell::default() }
    }

    /// The line, from 1, of a byte offset.
    pub(super) fn line(&self, offset: usize) -> u32 {
        let line = self.line_starts.partition_point(|start| *start <= offset);
        u32::try_from(line).unwrap_or(u32::MAX)
    }

    pub(super) fn problem(&self, line: u32, text: impl Into<String>) {
        self.problems.borrow_mut().push(Problem { line, text: text.into() });
    }

    /// The keys that were asked for, by what people call their table.
    pub(super) fn accepted(&self) -> BTreeMap<&'static str, BTreeSet<&'static str>> {
        self.accepted.borrow().clone()
    }

    /// All problems, by line.
    pub(super) fn into_problems(self) -> Vec<Problem> {
        let mut problems = self.problems.into_inner();
        problems.sort();
        problems.dedup();
        problems
    }
}

/// A value and its line.
#[derive(Clone, Debug)]
pub(super) struct At<T> {
    pub(super) value: T,
    pub(super) line: u32,
}

/// What stands under a key that the language does not know.
pub(super) enum Entry<'a> {
    /// A text.
    Text(At<String>),
    /// A table.
    Table(Table<'a>),
}

/// One table, read key by key.
pub(super) struct Table<'a> {
    source: &'a Source,
    table: &'a DeTable<'a>,
    /// What people call it: `[[rule]]`.
    name: &'static str,
    /// Its header's line.
    pub(super) line: u32,
    asked: RefCell<BTreeSet<&'static str>>,
    /// What is said besides of a key that nobody asks for.
    unknown: Cell<&'static str>,
}

impl<'a> Table<'a> {
    pub(super) fn new(source: &'a Source, table: &'a DeTable<'a>, name: &'static str, span: Range<usize>) -> Self {
        let line = source.line(span.start);
        Table { source, table, name, line, asked: RefCell::default(), unknown: Cell::default() }
    }

    fn get(&self, key: &'static str) -> Option<(&'a DeValue<'a>, u32)> {
        self.asked.borrow_mut().insert(key);
        let value: &'a Spanned<DeValue<'a>> = self.table.get(key)?;
        Some((value.get_ref(), self.source.line(value.span().start)))
    }

    /// What people call it: `[[rule]]`.
    pub(super) fn name(&self) -> &'static str {
        self.name
    }

    fn missing<T>(&self, key: &'static str, found: Option<T>) -> Option<T> {
        if found.is_none() && !self.table.contains_key(key) {
            self.source.problem(self.line, format!("{}缺少必填项 {key}，请补上", self.name));
        }
        found
    }

    fn wrong_type<T>(&self, key: &str, line: u32, value: &DeValue<'_>, wanted: &str) -> Option<T> {
        self.source.problem(line, format!("{key} 应为{wanted}，现为 {}", value.type_str()));
        None
    }

    /// A text.
    pub(super) fn text(&self, key: &'static str) -> Option<At<String>> {
        let (value, line) = self.get(key)?;
        match value.as_str() {
            Some(text) if text.trim().is_empty() => {
                self.source.problem(line, format!("{key} 为空，请填写或删去"));
                None
            }
            Some(text) => Some(At { value: text.to_owned(), line }),
            None => self.wrong_type(key, line, value, "带引号的文字"),
        }
    }

    /// A text that has to be there.
    pub(super) fn needed_text(&self, key: &'static str) -> Option<At<String>> {
        self.missing(key, self.text(key))
    }

    /// A text, or a list of texts.
    pub(super) fn texts(&self, key: &'static str) -> Vec<At<String>> {
        let Some((value, line)) = self.get(key) else { return Vec::new() };
        if let Some(text) = value.as_str() {
            return vec![At { value: text.to_owned(), line }];
        }
        let Some(list) = value.as_array() else {
            self.wrong_type::<()>(key, line, value, "文字或文字列表");
            return Vec::new();
        };
        if list.is_empty() {
            self.source.problem(line, format!("{key} 是空列表，请填写或删去"));
        }
        let mut texts = Vec::new();
        for item in list.iter() {
            let line = self.source.line(item.span().start);
            match item.get_ref().as_str() {
                Some(text) => texts.push(At { value: text.to_owned(), line }),
                None => {
                    self.wrong_type::<()>(key, line, item.get_ref(), "带引号的文字");
                }
            }
        }
        texts
    }

    /// A list with at least one text.
    pub(super) fn needed_texts(&self, key: &'static str) -> Vec<At<String>> {
        let texts = self.texts(key);
        self.missing(key, texts.first().map(|_| ()));
        texts
    }

    /// Words of a vocabulary, read by `of_word`; `all` are the words to offer.
    pub(super) fn words<T>(&self, key: &'static str, of_word: fn(&str) -> Option<T>, all: &[&str]) -> Vec<T> {
        self.texts(key).into_iter().filter_map(|text| self.word_of(key, text, of_word, all)).collect()
    }

    /// One word of a vocabulary.
    pub(super) fn word<T>(&self, key: &'static str, of_word: fn(&str) -> Option<T>, all: &[&str]) -> Option<T> {
        self.text(key).and_then(|text| self.word_of(key, text, of_word, all))
    }

    fn word_of<T>(&self, key: &str, text: At<String>, of_word: fn(&str) -> Option<T>, all: &[&str]) -> Option<T> {
        let value = of_word(&text.value);
        if value.is_none() {
            self.source.problem(text.line, format!("{key} 没有“{}”这个取值，可用：{}", text.value, all.join("、")));
        }
        value
    }

    /// A moment: `2021-07-09 20:00`, or `2021-07-09 24:00` for the end of the day.
    pub(super) fn moment(&self, key: &'static str) -> Option<At<Moment>> {
        let (value, line) = self.get(key)?;
        let text = match (value.as_str(), value.as_datetime()) {
            (Some(text), _) => text.to_owned(),
            (None, Some(datetime)) => datetime.to_string(),
            (None, None) => return self.wrong_type(key, line, value, "时刻，如 \"2021-07-09 24:00\""),
        };
        let moment = read_moment(&text);
        if moment.is_none() {
            let wanted = "应写作 \"2021-07-09 20:00\"(北京时间，一日终了可写 24:00)";
            self.source.problem(line, format!("{key} 的时刻“{text}”无法识别，{wanted}"));
        }
        let begins_day = !half_width(&text).contains("24:00");
        Some(At { value: Moment { at: moment?, begins_day }, line })
    }

    /// Whether this word stands under the key.
    pub(super) fn says(&self, key: &'static str, word: &str) -> bool {
        self.get(key).is_some_and(|(value, _)| value.as_str() == Some(word))
    }

    /// A moment that has to be there.
    pub(super) fn needed_moment(&self, key: &'static str) -> Option<At<Moment>> {
        self.missing(key, self.moment(key))
    }

    /// A day: `2020-12-31`.
    pub(super) fn day(&self, key: &'static str) -> Option<At<Date>> {
        let (value, line) = self.get(key)?;
        let text = match (value.as_str(), value.as_datetime()) {
            (Some(text), _) => text.to_owned(),
            (None, Some(datetime)) => datetime.to_string(),
            (None, None) => return self.wrong_type(key, line, value, "日期，如 \"2020-12-31\""),
        };
        let day = read_day(&text);
        if day.is_none() {
            self.source.problem(line, format!("{key} 的日期“{text}”无法识别，应写作 \"2020-12-31\""));
        }
        Some(At { value: day?, line })
    }

    /// A day that has to be there.
    pub(super) fn needed_day(&self, key: &'static str) -> Option<At<Date>> {
        self.missing(key, self.day(key))
    }

    /// A whole number from 0 to `max`.
    pub(super) fn number(&self, key: &'static str, max: u32) -> Option<At<u32>> {
        let (value, line) = self.get(key)?;
        let Some(integer) = value.as_integer() else { return self.wrong_type(key, line, value, "整数") };
        let number = u32::from_str_radix(integer.as_str(), integer.radix()).ok().filter(|number| *number <= max);
        if number.is_none() {
            self.source.problem(line, format!("{key} 应为0至{max}的整数，现为 {}", integer.as_str()));
        }
        Some(At { value: number?, line })
    }

    /// Yes or no; no where the key is absent.
    pub(super) fn flag(&self, key: &'static str) -> bool {
        let Some((value, line)) = self.get(key) else { return false };
        value.as_bool().or_else(|| self.wrong_type(key, line, value, "true 或 false")).unwrap_or(false)
    }

    /// A table under a key; without it, nothing.
    pub(super) fn table(&self, key: &'static str, name: &'static str) -> Option<Table<'a>> {
        let (value, line) = self.get(key)?;
        match value.as_table() {
            Some(table) => Some(Table {
                source: self.source,
                table,
                name,
                line,
                asked: RefCell::default(),
                unknown: Cell::default(),
            }),
            None => self.wrong_type(key, line, value, "表"),
        }
    }

    /// A list of tables: `[[rule]]`.
    pub(super) fn tables(&self, key: &'static str, name: &'static str) -> Vec<Table<'a>> {
        let Some((value, line)) = self.get(key) else { return Vec::new() };
        let Some(list) = value.as_array() else {
            self.wrong_type::<()>(key, line, value, &format!("{name}列表"));
            return Vec::new();
        };
        let mut tables = Vec::new();
        for item in list.iter() {
            match item.get_ref().as_table() {
                Some(table) => tables.push(Table::new(self.source, table, name, item.span())),
                None => {
                    let line = self.source.line(item.span().start);
                    self.wrong_type::<()>(key, line, item.get_ref(), name);
                }
            }
        }
        tables
    }

    /// Every key with its text, for tables whose keys are free.
    pub(super) fn free_texts(&self) -> Vec<(At<String>, At<String>)> {
        let mut entries = Vec::new();
        for (key, value) in self.table {
            let key = At { value: key.get_ref().to_string(), line: self.source.line(key.span().start) };
            match value.get_ref().as_str() {
                Some(text) => {
                    let value = At { value: text.to_owned(), line: self.source.line(value.span().start) };
                    entries.push((key, value));
                }
                None => {
                    self.wrong_type::<()>(&key.value, key.line, value.get_ref(), "带引号的文字");
                }
            }
        }
        entries
    }

    /// Every key with its text or its table, for tables whose keys are free; `name` is what people call it.
    pub(super) fn free_entries(&self, name: &'static str) -> Vec<(At<String>, Entry<'a>)> {
        let mut entries = Vec::new();
        for (key, value) in self.table {
            let key = At { value: key.get_ref().to_string(), line: self.source.line(key.span().start) };
            let line = self.source.line(value.span().start);
            match (value.get_ref().as_str(), value.get_ref().as_table()) {
                (Some(text), _) => entries.push((key, Entry::Text(At { value: text.to_owned(), line }))),
                (None, Some(table)) => {
                    entries.push((key, Entry::Table(Table::new(self.source, table, name, value.span()))))
                }
                (None, None) => {
                    let wanted = "带引号的文字，或 { name = \"…\" }";
                    self.wrong_type::<()>(&key.value, key.line, value.get_ref(), wanted);
                }
            }
        }
        entries
    }

    /// Whether the key is written at all.
    pub(super) fn has(&self, key: &str) -> bool {
        self.table.contains_key(key)
    }

    /// Says besides why a key that nobody asks for cannot be there.
    pub(super) fn explain_unknown(&self, why: &'static str) {
        self.unknown.set(why);
    }

    /// Reports every key that nobody asked for.
    pub(super) fn report_unknown(&self) {
        let asked = self.asked.borrow();
        self.source.accepted.borrow_mut().entry(self.name).or_default().extend(asked.iter());
        for key in self.table.keys() {
            let name: &str = key.get_ref();
            if !asked.contains(name) {
                let known = asked.iter().copied().collect::<Vec<_>>().join("、");
                let line = self.source.line(key.span().start);
                let why = self.unknown.get();
                let why = if why.is_empty() { String::new() } else { format!("。{why}") };
                self.source.problem(line, format!("{}没有 {name} 这一项，可用：{known}{why}", self.name));
            }
        }
    }
}

/// `2020-12-31`; signs of any width, as a Chinese keyboard types them.
pub(super) fn read_day(text: &str) -> Option<Date> {
    let text = &half_width(text);
    let mut parts = text.split('-');
    let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
    let shaped = parts.next().is_none() && (year.len(), month.len(), day.len()) == (4, 2, 2);
    let digits = text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-');
    if !shaped || !digits {
        return None;
    }
    Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?).ok()
}

/// `2021-07-09 20:00`, with a `T` for the space if preferred, optional seconds, and `24:00` for the end of the day; signs of any width.
pub fn read_moment(text: &str) -> Option<DateTime> {
    let text = &half_width(text);
    let (day, time) = text.split_once([' ', 'T'])?;
    let day = read_day(day)?;
    let parts: Vec<&str> = time.split(':').collect();
    let two_digits = |part: &&str| part.len() == 2 && part.bytes().all(|byte| byte.is_ascii_digit());
    if !(2..=3).contains(&parts.len()) || !parts.iter().all(two_digits) {
        return None;
    }
    let mut numbers = parts.iter().filter_map(|part| part.parse::<i8>().ok());
    let (hour, minute, second) = (numbers.next()?, numbers.next()?, numbers.next().unwrap_or(0));
    if (hour, minute, second) == (24, 0, 0) {
        return Some(day.tomorrow().ok()?.at(0, 0, 0, 0));
    }
    let time = jiff::civil::Time::new(hour, minute, second, 0).ok()?;
    Some(day.to_datetime(time))
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn the_end_of_a_day_is_the_start_of_the_next() {
        assert_eq!(read_moment("2021-07-09 24:00"), Some(date(2021, 7, 10).at(0, 0, 0, 0)));
        assert_eq!(read_moment("2020-12-31T24:00:00"), Some(date(2021, 1, 1).at(0, 0, 0, 0)));
        assert_eq!(read_moment("2021-07-09 20:00"), Some(date(2021, 7, 9).at(20, 0, 0, 0)));
    }

    #[test]
    fn signs_of_a_chinese_keyboard_are_read() {
        let evening = date(2021, 7, 9).at(17, 30, 0, 0);
        for text in ["2021-07-09 17：30", "２０２１－０７－０９　１７：３０", "2021-07-09 １７:３０"]
        {
            assert_eq!(read_moment(text), Some(evening), "{text}");
        }
        assert_eq!(read_moment("2021-07-09 24：00"), Some(date(2021, 7, 10).at(0, 0, 0, 0)));
        assert_eq!(read_day("２０２１-０７-０９"), Some(date(2021, 7, 9)));
    }

    #[test]
    fn what_is_no_moment_is_refused() {
        for text in [
            "",
            "2021-07-09",
            "2021-07-09 24:01",
            "2021-02-30 08:00",
            "2021-7-9 08:00",
            "2021-07-09 8:00",
            "二〇二一-07-09 08:00",
        ] {
            assert_eq!(read_moment(text), None, "{text}");
        }
    }

    #[test]
    fn lines_are_counted_from_one() {
        let source = Source::new("a\nb\n");
        assert_eq!([0, 1, 2, 3, 4].map(|offset| source.line(offset)), [1, 1, 2, 2, 3]);
    }
}
