//! One file a command.

pub mod bench;
pub mod demo;
pub mod load;
pub mod plan;
pub mod serve;
pub mod verify;
