//! Loading (装入): reference data from a folder of CSV files into the books.
//!
//! Decides which row can be taken, which book it belongs to, and says in Chinese what to correct where it
//! cannot. The whole folder is checked before anything is written; a file is taken whole or not at all,
//! unless the operator asks for its good rows. What the rows mean is for the domain, how they are kept for
//! the store. Invariant: the same folder twice changes nothing the second time.

mod accumulators;
mod catalogue;
mod check;
mod chunk;
mod entitlements;
mod fields;
mod folder;
mod home;
mod insurances;
mod keys;
mod kind;
mod loading;
mod national_lists;
mod persons;
mod practitioners;
mod progress;
mod providers;
mod report;
mod run;
mod table;
mod take;
#[cfg(test)]
mod tests;

pub use home::Areas;
pub use loading::Options;
pub use progress::Progress;
pub use report::Report;
pub use run::load;
