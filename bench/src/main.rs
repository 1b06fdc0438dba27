//! Benchmarks without peers written in Rust.
//!
//! `cargo run --release -p infoplane-bench -- packed|layers|recorder|estimators [--json] [--quick] [TEXT]` runs the
//! cases whose name contains TEXT. Times are medians over repeats; pin the process to a core (`taskset -c 1`) for
//! steady ones.

use std::process::ExitCode;

fn main() -> ExitCode {
    infoplane_bench::run(&[])
}
