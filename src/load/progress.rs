//! Progress on stderr: a bar where it is a terminal; otherwise lines, one a tenth of a file and one at its end.

use indicatif::{ProgressBar, ProgressStyle};
use std::cell::Cell;
use std::io::IsTerminal as _;

/// Bytes of a file from which on it is told how far it is; a shorter one is done before anybody has read it.
const LONG: u64 = 1 << 20;

/// Shows how far a file is.
pub struct Progress {
    kind: Display,
}

enum Display {
    Bar,
    Lines,
    Silent,
}

impl Progress {
    /// A bar or lines, as stderr allows.
    pub fn on_stderr() -> Self {
        Progress { kind: if std::io::stderr().is_terminal() { Display::Bar } else { Display::Lines } }
    }

    /// Nothing, for tests and for loading the demonstration city.
    pub fn silent() -> Self {
        Progress { kind: Display::Silent }
    }

    /// Begins a file: `核对` or `写入`, its name and its length in bytes.
    pub fn begin(&self, doing: &str, file: &str, bytes: u64) -> FileProgress {
        let bar = match self.kind {
            Display::Bar => {
                let style = ProgressStyle::with_template("{msg:<30} [{bar:30}] {percent:>3}% {eta}")
                    .expect("a template that is tried out by every load");
                ProgressBar::new(bytes).with_style(style).with_message(format!("{doing} {file}"))
            }
            Display::Lines | Display::Silent => ProgressBar::hidden(),
        };
        let line = matches!(self.kind, Display::Lines).then(|| format!("{doing} {file}"));
        FileProgress { bar, line, bytes, tenths: Cell::new(0) }
    }
}

/// How far one file is.
pub struct FileProgress {
    bar: ProgressBar,
    line: Option<String>,
    bytes: u64,
    /// Tenths that have been told.
    tenths: Cell<u64>,
}

impl FileProgress {
    /// So many bytes of the file are done.
    pub fn at(&self, bytes: u64) {
        self.bar.set_position(bytes);
        let tenths = bytes * 10 / self.bytes.max(1);
        if let Some(line) = self.line.as_ref().filter(|_| self.bytes >= LONG && tenths > self.tenths.replace(tenths)) {
            eprintln!("{line}：已到 {}%", tenths * 10);
        }
    }

    /// The file is done.
    pub fn end(self, rows: u64) {
        self.bar.finish_and_clear();
        if let Some(line) = self.line {
            eprintln!("{line}：{rows} 行");
        }
    }
}
