//! Tables as text: rows of cells between tabs, below a head; what begins with `#` is a remark.

use std::fmt;

/// A table as it was found.
pub(super) struct Sheet {
    /// Which table it is: `steps.tsv`.
    pub kind: String,
    /// Where it stands, for people.
    pub file: String,
    /// What stands in it.
    pub text: &'static str,
}

/// What is wrong with a table, with the place.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct WrongRow {
    /// The file.
    pub file: String,
    /// The line, from 1; 0: the file as a whole.
    pub line: usize,
    /// What is wrong and what to do.
    pub text: String,
}

impl fmt::Display for WrongRow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            0 => write!(f, "{}: {}", self.file, self.text),
            line => write!(f, "{}:{line}: {}", self.file, self.text),
        }
    }
}

/// Where a row stands.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(super) struct Place {
    pub file: String,
    pub line: usize,
}

impl Place {
    /// What is wrong there.
    pub fn wrong(&self, text: impl Into<String>) -> WrongRow {
        WrongRow { file: self.file.clone(), line: self.line, text: text.into() }
    }
}

impl Sheet {
    /// The rows below the head, each with its place; the head has to be the one that is wanted.
    pub fn rows<const N: usize>(&self, heads: [&str; N]) -> Vec<Result<(Place, [&'static str; N]), WrongRow>> {
        let lines = self.text.lines().enumerate().filter(|(_, line)| !line.starts_with('#') && !line.trim().is_empty());
        let mut lines = lines.map(|(at, line)| (Place { file: self.file.clone(), line: at + 1 }, line));
        match lines.next() {
            Some((_, head)) if head == heads.join("\t") => {}
            Some((place, _)) => return vec![Err(place.wrong(format!("表头应为（制表符分开）：{}", heads.join(" "))))],
            None => return Vec::new(),
        }
        let cells = |(place, line): (Place, &'static str)| {
            let cells: Vec<&'static str> = line.split('\t').collect();
            let count = cells.len();
            match <[&'static str; N]>::try_from(cells) {
                Ok(cells) => Ok((place, cells)),
                Err(_) => Err(place.wrong(format!("应有{N}栏，实有{count}栏"))),
            }
        };
        lines.map(cells).collect()
    }
}
