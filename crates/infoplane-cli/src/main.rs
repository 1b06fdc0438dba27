//! The program `infoplane`.
fn main() {}
