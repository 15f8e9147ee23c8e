//! The settlement (结算): gather facts, let `yibao_domain` decide, record with its postings.
//!
//! One path serves pharmacies, visits and stays; trial settlements take it without recording.

pub(crate) mod cancel;
pub(crate) mod entitled;
mod facts;
pub(crate) mod line;
pub(crate) mod pharmacy;
mod prepare;
mod reply;
pub(crate) mod show;
pub(crate) mod stay;
pub(crate) mod visit;
