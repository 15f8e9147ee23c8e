//! What commands print. A reader that has gone away (`| head`) is no fault.

use std::fmt;
use std::io::{ErrorKind, Write};

/// Prints a text; like `print!`, and goes on where nobody reads.
macro_rules! say {
    ($($text:tt)*) => { $crate::printed::text(format_args!($($text)*)) };
}
/// The same with the end of the line.
macro_rules! say_line {
    ($($text:tt)*) => { $crate::printed::text(format_args!("{}\n", format_args!($($text)*))) };
}
pub(crate) use {say, say_line};

/// Prints a text.
pub fn text(text: fmt::Arguments<'_>) {
    if let Err(error) = std::io::stdout().write_fmt(text)
        && error.kind() != ErrorKind::BrokenPipe
    {
        eprintln!("结果无法写出：{error}");
    }
}
