//! See docs/ARCHITECTURE.md.
pub mod plan;
