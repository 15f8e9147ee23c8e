//! The reference (参照): the same rows written straight to the same engine with the same durability, by the barest code
//! that can do it.
//!
//! `sample` reads which rows the platform itself leaves for each message of a journey; `script` is what follows from
//! that, with holes for the persons and numbers of other journeys; `sqlite` writes it, in a process of its own
//! (`worker`). Invariant: the rows are those of the platform by construction, and its checks pass on them.

pub(crate) mod flight;
pub(crate) mod order;
pub(crate) mod postgres;
pub(crate) mod postgres_book;
pub(crate) mod sample;
pub(crate) mod script;
pub(crate) mod sqlite;
pub(crate) mod sqlite_book;
pub(crate) mod worker;
