//! Benchmarks: speed beside an honest simple form of the same computation, measured in the same run.
//!
//! `cargo run --release -p infoplane-bench -- packed|layers|recorder [--json] [TEXT]` runs the cases whose name contains TEXT.
//! Times are medians over repeats on one thread; pin the process to a core (`taskset -c 1`) for steady ones.

mod layers;
mod packed;
mod record;
mod recorder;
mod timing;

use std::process::ExitCode;

use record::Report;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let json = arguments.iter().any(|argument| argument == "--json");
    let mut words = arguments.iter().filter(|argument| !argument.starts_with("--"));
    let report = Report::new(json);
    match words.next().map(String::as_str) {
        Some("layers") => layers::run(&report, words.next().map_or("", String::as_str)),
        Some("packed") => packed::run(&report, words.next().map_or("", String::as_str)),
        Some("recorder") => {
            if let Err(why) = recorder::run(&report) {
                eprintln!("infoplane-bench: {why}");
                return ExitCode::FAILURE;
            }
        }
        _ => {
            eprintln!("usage: infoplane-bench packed|layers|recorder [--json] [TEXT]");
            return ExitCode::from(2);
        }
    }
    ExitCode::SUCCESS
}
