//! Benchmarks, with peers where they can be had.

use std::path::Path;
use std::process::Command;

use crate::python;
use crate::shell::{Outcome, cargo, program, quietly};

/// How to have the Rust peer.
const MISSING: &str = "infomeasure is left out: it links the system's OpenBLAS with gfortran's library, and pkg-config \
                       must find it (Debian: apt-get install libopenblas-dev gfortran pkg-config)";

/// Runs the benchmark that the first word names.
pub(crate) fn bench(root: &Path, words: &[&str]) -> Outcome {
    match words[0] {
        "estimators" => return estimators(root, words),
        // it measures the program from outside
        "recorder" => quietly(cargo(&["build", "--release", "--quiet"]))?,
        _ => {}
    }
    let mut alone = alone();
    alone.args(words);
    quietly(alone)
}

/// The benchmarks of the workspace.
fn alone() -> Command {
    cargo(&["run", "--release", "--quiet", "--package", "infoplane-bench", "--"])
}

/// Each estimator beside its peers, all of them on one thread.
fn estimators(root: &Path, words: &[&str]) -> Outcome {
    let mut bench = beside_infomeasure(root);
    match python::with_numpy(root) {
        Ok(python) => drop(bench.env("INFOPLANE_BENCH_PYTHON", python)),
        Err(why) => eprintln!("numpy is left out: {why}"),
    }
    for variable in ["OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"] {
        bench.env(variable, "1");
    }
    bench.args(words);
    quietly(bench)
}

/// The program that has infomeasure in it, or ours alone where that cannot be built.
fn beside_infomeasure(root: &Path) -> Command {
    if quietly(program("pkg-config", &["--exists", "openblas"])).is_err() {
        eprintln!("{MISSING}");
        return alone();
    }
    match quietly(peer(root, "build")) {
        Ok(()) => peer(root, "run"),
        Err(why) => {
            eprintln!("{MISSING}\n{why}");
            alone()
        }
    }
}

/// A command on the package of the peer, which keeps its own build.
fn peer(root: &Path, task: &str) -> Command {
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), Into::into).join("peers");
    let mut command = cargo(&[task, "--release", "--quiet", "--manifest-path"]);
    command.arg(root.join("bench/peers/infomeasure/Cargo.toml")).arg("--target-dir").arg(target);
    // its plots find fonts at run time, so that fontconfig need not be installed
    command.env("RUST_FONTCONFIG_DLOPEN", "1");
    if task == "run" {
        command.arg("--");
    }
    command
}
