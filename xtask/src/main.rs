//! Tasks of the repository: `cargo xtask test | golden | bench NAME [--json] | docs`.
//!
//! `test` does everything on a machine with Rust, Python 3.11+ and Node: it installs what it needs into `target/`.

mod bench;
mod browser;
mod python;
mod shell;

use std::path::PathBuf;
use std::process::ExitCode;

use shell::{Outcome, cargo, run};

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let outcome = match words.as_slice() {
        ["test"] => test(),
        ["test", "rust"] => rust(),
        ["test", "demo"] => demo(),
        ["docs"] => write_sections().and_then(|()| docs()),
        ["golden"] => golden(),
        ["bench", rest @ ..] if !rest.is_empty() => bench::bench(&root(), rest),
        _ => Err("usage: cargo xtask test [rust|demo] | golden | bench NAME [--json] | docs".to_owned()),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("xtask: {why}");
            ExitCode::FAILURE
        }
    }
}

/// All tests.
fn test() -> Outcome {
    rust()?;
    demo()
}

/// Form, lints, docs and tests of the Rust code.
fn rust() -> Outcome {
    run("formatting", cargo(&["fmt", "--all", "--check"]))?;
    run("lints", cargo(&["clippy", "--release", "--workspace", "--all-targets", "--quiet", "--", "-D", "warnings"]))?;
    docs()?;
    run("tests", cargo(&["test", "--release", "--workspace", "--no-fail-fast"]))?;
    // the estimators and the program must build without the deep-learning crate
    let light = ["check", "--release", "--quiet", "-p", "infoplane-cli", "--no-default-features"];
    run("the program without training", cargo(&light))?;
    let wasm = ["check", "--release", "--quiet", "-p", "infoplane-record", "--no-default-features"];
    run("the recorder without file formats", cargo(&wasm))?;
    let plain = ["check", "--release", "--quiet", "-p", "infoplane-measures", "--no-default-features", "--all-targets"];
    run("the estimators without eigenvalues", cargo(&plain))
}

/// The demo, read by strangers: Python opens its run directory, a browser its report.
fn demo() -> Outcome {
    let folder = root().join("target/xtask/demo");
    let program = cargo(&["run", "--release", "--quiet", "--", "demo", "-o", &folder.to_string_lossy()]);
    run("the demo", program)?;
    python::read_run(&root(), &folder)?;
    browser::open_report(&root(), &folder)
}

/// Other tools' numbers beside ours: every record is reproduced or a listed difference.
fn golden() -> Outcome {
    let tests = ["--test", "golden", "--", "--nocapture", "--test-threads", "1"];
    shell::quietly(cargo(&[&["test", "--release", "--quiet", "-p", "infoplane-measures"][..], &tests].concat()))
}

/// Writes the sections of documents that follow from the code; the tests say when they are stale.
fn write_sections() -> Outcome {
    let tests = ["--test", "golden", "--test", "docs", "--", "section_of", "--test-threads", "1"];
    let mut write = cargo(&[&["test", "--release", "--quiet", "-p", "infoplane-measures"][..], &tests].concat());
    write.env("INFOPLANE_WRITE_DOCS", "1");
    run("sections that follow from the code", write)
}

fn docs() -> Outcome {
    let mut doc = cargo(&["doc", "--release", "--workspace", "--no-deps", "--quiet"]);
    doc.env("RUSTDOCFLAGS", "-D warnings");
    run("documentation", doc)
}

/// The workspace root.
fn root() -> PathBuf {
    let here = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    here.parent().map(PathBuf::from).unwrap_or(here)
}
