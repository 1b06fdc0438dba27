//! The run directory as a stranger reads it: numpy and the standard library, nothing of ours.

use std::path::Path;

use crate::shell::{Outcome, program, run, starts};

/// Makes a virtual environment in `target/` and lets pytest read the run directory of the demo.
pub(crate) fn read_run(root: &Path, demo: &Path) -> Outcome {
    let python = ["python3", "python"].into_iter().find(|name| starts(name));
    let python = python.ok_or("no Python found: install Python 3.11 or later")?;
    let venv = root.join("target/xtask/venv");
    let inside = venv.join(if cfg!(windows) { "Scripts/python.exe" } else { "bin/python" });
    if !inside.exists() {
        run("a virtual environment", program(python, &["-m", "venv", &venv.to_string_lossy()]))?;
    }
    let tests = root.join("tests/run-format");
    let needs = tests.join("requirements.txt");
    let install = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r", &needs.to_string_lossy()];
    run("Python packages", program(&inside, &install))?;
    let mut pytest = program(&inside, &["-m", "pytest", "-q", "-p", "no:cacheprovider", &tests.to_string_lossy()]);
    pytest.env("INFOPLANE_DEMO", demo);
    run("the run directory, read from Python", pytest)
}
