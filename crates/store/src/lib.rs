//! Remembers. One seam ([`Store`], [`Book`], [`Tx`]) over the engines that keep a pool's book.
//!
//! A pool (统筹区) is a book of its own: a transaction never crosses books. Reference data (providers,
//! the benefit catalogue) stand apart and every book can read them. Each method of [`Tx`] is one
//! question the domain asks or one record it makes, not one table.
//!
//! Rows are only added: a cancellation is a row of its own, running totals and account balances
//! derive from the rows and are kept beside them under the same transaction.
//! Times and ids come from outside; amounts are fen.

mod ahead;
mod book;
pub mod census;
pub mod deposit;
pub mod encounter;
mod engine;
mod fault;
pub mod file;
pub mod filing;
pub mod hazard;
pub mod ledger;
pub mod load;
pub mod mapping;
pub mod message;
pub mod moving;
pub mod outage;
pub mod person;
pub mod place;
pub mod postgres;
pub mod practitioner;
mod record;
pub mod reference;
pub mod register;
pub mod seam;
pub mod session;
pub mod settlement;
pub mod sqlite;
mod text;
pub mod user;
mod value;
mod verify;
pub mod voucher;

pub use book::Nouns;
pub use fault::Fault;
pub use place::Spread;
pub use postgres::PostgresStore;
pub use record::Change;
pub use seam::{Book, Check, Mode, Store, Subjects, Traffic, Tx, Writing};
pub use sqlite::SqliteStore;
pub use text::AsText;
