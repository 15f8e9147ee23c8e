//! The commands, one screen each.

pub mod demo;
pub mod load;
pub mod verify;
