//! A Python of our own, which reads the run directory as a stranger does: numpy and the standard library, nothing of ours.

use std::path::{Path, PathBuf};

use crate::shell::{Outcome, program, quietly, run, starts};

/// A Python of our own, with numpy.
pub(crate) fn with_numpy(root: &Path) -> Result<PathBuf, String> {
    let python = ["python3", "python"].into_iter().find(|name| starts(name));
    let python = python.ok_or("no Python found: install Python 3.11 or later")?;
    let venv = root.join("target/xtask/venv");
    let inside = venv.join(if cfg!(windows) { "Scripts/python.exe" } else { "bin/python" });
    if !inside.exists() {
        quietly(program(python, &["-m", "venv", &venv.to_string_lossy()]))?;
    }
    let needs = root.join("tests/run-format/requirements.txt");
    let install = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r", &needs.to_string_lossy()];
    quietly(program(&inside, &install))?;
    Ok(inside)
}

/// Lets pytest read the run directory of the demo.
pub(crate) fn read_run(root: &Path, demo: &Path) -> Outcome {
    println!("\n== Python packages");
    let inside = with_numpy(root)?;
    let tests = root.join("tests/run-format");
    let mut pytest = program(&inside, &["-m", "pytest", "-q", "-p", "no:cacheprovider", &tests.to_string_lossy()]);
    pytest.env("INFOPLANE_DEMO", demo);
    run("the run directory, read from Python", pytest)
}
