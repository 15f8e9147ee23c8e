//! Spreadsheets (表格): reading what offices send, writing what they take away.
//!
//! Reading goes in three steps: bytes become a [`Workbook`] of cells ([`read`]), the head row is found and its columns are
//! known ([`Table`]), and each cell is put into the one form that the registers take ([`Table::rows`]). Which columns there
//! are and what a row means is the engine's to say. Invariant: a row is given on whole, or named with what is wrong in it; none is passed over in
//! silence.

mod cell;
mod csv_text;
mod pair;
mod read;
mod table;
mod workbook;
mod write;
mod xlsx;

pub(crate) use cell::Cell;
pub(crate) use csv_text::in_its_encoding;
pub(crate) use pair::Pairs;
pub(crate) use read::{read, read_text};
pub(crate) use table::Table;
pub(crate) use workbook::{Sheet, Unreadable};
pub(crate) use write::{Column, Grid, csv, xlsx};
