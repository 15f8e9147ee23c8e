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

/// Prints a text; whoever cannot fail says it on the standard error stream where that is not possible.
pub fn text(text: fmt::Arguments<'_>) {
    if let Err(error) = written(text) {
        eprintln!("结果无法写出：{error}");
    }
}

/// Prints a text.
pub fn written(text: fmt::Arguments<'_>) -> std::io::Result<()> {
    match std::io::stdout().write_fmt(text) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(error),
        _ => Ok(()),
    }
}
