//! Benchmarks: speed and error beside a peer or an honest simple form of the same computation, measured in the same run.
//!
//! A library, so that packages outside the workspace can bring peers into the same process: see [`run`] and [`Tool`].

#![allow(clippy::missing_panics_doc, reason = "a benchmark whose own data fails has nothing to hand over")]

mod bias;
mod estimators;
mod layers;
mod packed;
mod record;
mod recorder;
mod timing;

use std::process::ExitCode;

pub use estimators::{Answer, Asked, Columns, Labelled, Question, Tool};
use record::Report;

const USAGE: &str = "usage: infoplane-bench packed|layers|recorder|estimators|bias [--json] [--quick] [TEXT]";

/// Runs the benchmark that the arguments name; the estimators are measured beside `peers`.
pub fn run(peers: &[&dyn Tool]) -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let json = arguments.iter().any(|argument| argument == "--json");
    let quick = arguments.iter().any(|argument| argument == "--quick");
    let mut words = arguments.iter().filter(|argument| !argument.starts_with("--")).map(String::as_str);
    let report = Report::new(json);
    let (name, text) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    let mut outcome = Ok(());
    match name {
        "layers" => layers::run(&report, text),
        "packed" => packed::run(&report, text),
        "recorder" => outcome = recorder::run(&report),
        "estimators" => outcome = estimators::run(&estimators::Options { json, quick, text }, peers),
        "bias" => outcome = bias::run(&bias::Options { json, quick }),
        "peak" => estimators::peak(),
        _ => {
            eprintln!("{USAGE}");
            return ExitCode::from(2);
        }
    }
    if let Err(why) = outcome {
        eprintln!("infoplane-bench: {why}");
        return ExitCode::FAILURE;
    }
    ExitCode::SUCCESS
}
