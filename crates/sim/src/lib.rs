//! A simulated city: its people, its providers, and weeks of their business, all from one seed.

pub mod attribution;
pub mod big;
pub mod city;
mod dice;
pub mod drain;
pub mod faults;
mod forms;
pub mod judge;
pub mod life;
mod notice;
pub mod office;
pub mod run;
pub mod shrink;
pub mod statement;
mod till;
pub mod twins;
pub mod world;

pub use dice::Dice;
