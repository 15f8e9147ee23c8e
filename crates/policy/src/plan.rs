//! Outage plans (停机方案) as data: reads them from TOML into `domain::outage`, and checks what they say.
//!
//! [`read`] turns a text into a plan or a list of problems, each with its line; [`check`] finds what a readable plan
//! contradicts. What a plan means is decided in the domain. Invariant: a key that the language does not know is
//! an error, never ignored. The language is taught in `docs/plans.md`.

mod businesses;
mod calendar;
mod check;
mod code_table;
mod divisions;
mod keys;
mod read;
mod replanned;
mod salvage;
mod source;

pub use businesses::{known_businesses, nearest_business};
pub use calendar::{calendar_in, national_calendar, read_calendar};
pub use check::{check, check_alone, closed_again, expected_in_vain, reordered, warnings, without_benefit};
pub use keys::{Acts, KEYS, SHARED, SharedBy};
pub use read::{accepted_keys, read};
pub use replanned::{Reopening, replanned};
pub use salvage::salvaged;
pub use source::{Problem, read_moment};

/// The two plans that come with the program: file name and text.
pub const SHIPPED: &[(&str, &str)] = &[
    ("plans/bijie-2021.toml", include_str!("../../../plans/bijie-2021.toml")),
    ("plans/panzhihua-2020.toml", include_str!("../../../plans/panzhihua-2020.toml")),
];
