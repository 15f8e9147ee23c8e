//! The national provider interface (定点医药机构接口) as a protocol, without business.
//!
//! A call's way: [`Envelope::parse`] reads the bytes, [`gateway`] checks the headers where the provider
//! has a secret, [`check`] holds the input against the national tables ([`Catalogue`]) and gives it in
//! canonical form ([`Input`]). The engine answers with an [`Output`], which [`Reply`] puts into the
//! envelope that clients read. Nothing here knows HTTP, time or who is insured.

mod alias;
mod check;
mod codes;
mod deposit;
mod dialect;
mod envelope;
pub mod gateway;
mod input;
mod json;
mod output;
mod reply;
mod sample;
mod shape;
mod spoken;
mod table;
mod tsv;
mod value;

pub use alias::dialects;
pub use check::{Checked, check};
pub use codes::{CodeMatch, CodeTable, CodeValue};
pub use deposit::{Deposited, Document, Does, deposited, document_kinds};
pub use dialect::in_dialect;
pub use envelope::{Envelope, Sender};
pub use input::{Fields, Input};
pub use output::{Output, Record};
pub use reply::{Answer, InfcodeForm, Reply, is_receiver_msgid, receiver_msgid};
pub use spoken::spoken;
pub use table::{Catalogue, Division, Field, FieldKind, MoneyEffect, Node, Shape, Transaction};
pub use value::{date, moment};
