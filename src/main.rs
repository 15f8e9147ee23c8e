//! yibao.
fn main() {}
