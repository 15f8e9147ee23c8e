//! What people and their programs write (书写), read in one way wherever it comes from: a page, a sheet, a file that is loaded, a
//! message. [`amount`] reads amounts, [`when`] times, [`number`] the numbers of papers and persons, [`name`] names; [`text`] is
//! what they have in common.
//!
//! What programs have agreed on (the national interface, the language of plans) has one spelling and is read strictly where it is spoken;
//! plans are typed by people, so their times may have signs of any width.
//!
//! Invariant: what can be meant in one way only is read so; what may be meant in two ways is refused with its reason, and never
//! guessed, whatever stands in the cells around it.

pub mod amount;
pub mod capitals;
pub mod identity;
pub mod name;
pub mod number;
pub mod text;
pub mod when;

pub use text::{FORMULA_SIGNS, half_width, hexadecimal, is_scientific, narrow, visible};
