//! Spreadsheets (表格): reading what offices send, writing what they take away.
//!
//! Reading goes in three steps: bytes become a [`Workbook`] of cells ([`read`]), the head row is found and its columns are
//! named ([`Table`]), and each cell is put into the one form that the registers take ([`Table::rows`]). It decides
//! nothing about business. Invariant: a row is given on whole, or named with what is wrong in it; none is passed over in
//! silence.

mod cell;
mod csv_text;
mod head;
mod table;
mod workbook;
mod write;
mod xlsx;

#[cfg(test)]
pub(crate) use cell::Cell;
pub(crate) use head::Columns;
pub(crate) use table::{Content, Table};
pub(crate) use workbook::{Unreadable, read};
pub(crate) use write::{Column, Grid, csv, xlsx};
