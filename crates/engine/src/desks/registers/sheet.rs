//! Registers as sheets (表格): which columns there are, the import with a verdict for every row, the template, the export.
//!
//! A row without 台账号 is a new statement; with 台账号 and 操作 it is a step; with 台账号 alone a correction, so that an
//! exported sheet can be corrected and read in again. How files are read and written is the pages' affair. Inside, what is
//! `given`, `unit` and `told` lie lowest, then `verdict`, `columns`, `lines`, `row`, and `import` on top.

mod columns;
mod export;
mod given;
mod import;
mod lines;
mod row;
mod template;
mod told;
mod unit;
mod verdict;

pub use columns::{Column, Columns};
pub use export::SheetTable;
pub use given::{Reading, Sheet, SheetRow};
pub use lines::{keeps_lines, read_line};
pub use template::Blank;
pub use unit::Unit;
pub use verdict::{Outcome, Verdict};
