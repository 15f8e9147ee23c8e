//! The transactions (交易) of the national interface: one thin file a group, each loads, asks and records.

pub(crate) mod archive;
pub(crate) mod benefits;
pub(crate) mod cancel;
pub(crate) mod catalogue;
pub(crate) mod catalogue_file;
pub(crate) mod deposit;
pub(crate) mod dictionary;
pub(crate) mod fees;
pub(crate) mod file;
pub(crate) mod filing;
pub(crate) mod mapping;
pub(crate) mod person;
pub(crate) mod provider;
pub(crate) mod purchase;
pub(crate) mod query;
pub(crate) mod session;
pub(crate) mod settling;
pub(crate) mod statement;
pub(crate) mod stay;
pub(crate) mod stay_settlement;
pub(crate) mod visit;
pub(crate) mod visit_settlement;
pub(crate) mod voucher;
