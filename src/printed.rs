//! What commands print, line by line. A reader that has gone away (`| head`) is no fault.

use std::fmt;
use std::io::{ErrorKind, Write};

/// Prints a line; like `println!`, and goes on where nobody reads.
macro_rules! say_line {
    ($($text:tt)*) => { $crate::printed::line(format_args!($($text)*)) };
}
pub(crate) use say_line;

/// Prints a line.
pub fn line(text: fmt::Arguments<'_>) {
    if let Err(error) = writeln!(std::io::stdout(), "{text}")
        && error.kind() != ErrorKind::BrokenPipe
    {
        eprintln!("结果无法写出：{error}");
    }
}
