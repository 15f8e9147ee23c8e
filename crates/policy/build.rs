//! Builds the crate anew when embedded data change, which the compiler cannot see.

fn main() {
    println!("cargo:rerun-if-changed=../../rules");
}
