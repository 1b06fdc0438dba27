//! The report as a reader opens it: in a real browser, from disk, without a network.

use std::path::Path;

use crate::shell::{Outcome, program, run, starts};

/// Names under which a browser may already be installed.
const BROWSERS: &[&str] = &["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/// Installs what `tests/page` needs into `target/` and lets a browser open the demo's report.
///
/// `INFOPLANE_BROWSER` names a browser; else one on the path is taken; else the one inside an npm package.
pub(crate) fn open_report(root: &Path, demo: &Path) -> Outcome {
    let folder = root.join("target/xtask/page");
    std::fs::create_dir_all(&folder).map_err(|error| format!("cannot make {}: {error}", folder.display()))?;
    for file in ["package.json", "package-lock.json", "report.test.mjs"] {
        let from = root.join("tests/page").join(file);
        std::fs::copy(&from, folder.join(file)).map_err(|error| format!("cannot copy {}: {error}", from.display()))?;
    }
    let npm = if cfg!(windows) { "npm.cmd" } else { "npm" };
    let mut install = program(npm, &["ci", "--no-audit", "--no-fund", "--silent"]);
    install.current_dir(&folder);
    run("Node packages", install)?;
    let mut test = program("node", &["--test", "report.test.mjs"]);
    test.current_dir(&folder).env("INFOPLANE_DEMO", demo);
    let named = std::env::var("INFOPLANE_BROWSER").ok();
    if let Some(browser) = named.or_else(|| BROWSERS.iter().find(|name| starts(name)).map(|&name| name.to_owned())) {
        test.env("INFOPLANE_BROWSER", browser);
    }
    run("the report, opened in a browser", test)
}
