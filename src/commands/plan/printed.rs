//! What the commands print: text at once, and tables in columns of a terminal.

use anyhow::Context;

/// Prints the text at once. A reader that has gone away (`| head`) is no fault.
pub(super) fn say(text: &str) -> anyhow::Result<()> {
    crate::printed::written(format_args!("{text}")).context("结果无法写出")
}

/// Columns that a text takes on a terminal: a Chinese character takes two.
pub(super) fn columns(text: &str) -> usize {
    text.chars().map(|c| if c as u32 >= 0x1100 { 2 } else { 1 }).sum()
}

/// The text, filled up with spaces to so many columns.
pub(super) fn padded(text: &str, width: usize) -> String {
    let fill = width.saturating_sub(columns(text));
    format!("{text}{}", " ".repeat(fill))
}

pub(super) fn table(header: &[&str], rows: &[Vec<String>]) -> String {
    let widest = |column: usize| rows.iter().map(|row| columns(&row[column])).max().unwrap_or(0);
    let widths: Vec<usize> = (0..header.len()).map(|column| widest(column).max(columns(header[column]))).collect();
    let header: Vec<String> = header.iter().map(|cell| (*cell).to_owned()).collect();
    let line = |cells: &Vec<String>| {
        let cells: Vec<String> = cells.iter().zip(&widths).map(|(cell, width)| padded(cell, *width)).collect();
        cells.join("  ").trim_end().to_owned() + "\n"
    };
    std::iter::once(&header).chain(rows).map(line).collect()
}
