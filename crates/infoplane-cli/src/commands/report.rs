//! `infoplane report`: one self-contained HTML file about a run or a sweep.

use std::path::{Path, PathBuf};

use infoplane::figures::{UnitMatrix, network_of, networks};
use infoplane::verdict::{summary, verdicts};
use infoplane::warning::{Warning, warnings_of};
use infoplane_record::Row;

use crate::args::ReportArgs;
use crate::config::{ReportConfig, Theme};
use crate::failure::{Failure, warn};
use crate::output::{aligned, print};
use crate::page::{self, Report, RunRecord};
use crate::source::{Recorded, manifest_facts};
use crate::written;

pub(crate) fn run(args: &ReportArgs) -> Result<(), Failure> {
    let path = match &args.out {
        Some(out) => write_to(&args.folder, out, args.force)?,
        None => write(&args.folder)?,
    };
    if !args.quiet {
        crate::output::tell(&told(&path));
    }
    if args.open && !opened(&path) {
        crate::output::tell(&format!("note    no program to open it was found; open {} in a browser", path.display()));
    }
    Ok(())
}

/// Writes `report.html` into the folder of a run or sweep, over an older one, and says where.
pub(crate) fn write(folder: &Path) -> Result<PathBuf, Failure> {
    let path = folder.join("report.html");
    written::write(&path, page::html(&report(folder)?).as_bytes())?;
    Ok(path)
}

fn write_to(folder: &Path, out: &Path, force: bool) -> Result<PathBuf, Failure> {
    written::write_new(out, page::html(&report(folder)?).as_bytes(), force)?;
    Ok(out.to_owned())
}

/// One line that says where the report is.
pub(crate) fn told(path: &Path) -> String {
    let bytes = std::fs::metadata(path).map_or(0, |file| file.len());
    format!("report  {}  ({} KB, one file)", path.display(), bytes.div_ceil(1000))
}

/// What was found, network by network and question by question, on standard output; warnings on standard error.
#[cfg_attr(not(feature = "train"), allow(dead_code, reason = "only what was just trained is summed up"))]
pub(crate) fn print_summary(folder: &Path) -> Result<(), Failure> {
    let recorded = Recorded::open(folder)?;
    print(&summary_text(&summary(&verdicts(&recorded.rows, &recorded.metrics))))?;
    print_warnings(&warnings_of(&recorded.rows));
    Ok(())
}

/// One line for each code: its first place, and how many more the report names.
fn print_warnings(warnings: &[Warning]) {
    for same_code in warnings.chunk_by(|a, b| a.code == b.code) {
        let more = match same_code.len() - 1 {
            0 => String::new(),
            more => format!("; {more} more in the report"),
        };
        warn(&same_code[0].code, &format!("{}{more}", same_code[0].message));
    }
}

/// Each network's answers under its name, each place of an answer on a line of its own.
fn summary_text(table: &[Vec<String>]) -> String {
    let Some((questions, networks)) = table.split_first() else { return String::new() };
    let mut text = String::new();
    for network in networks {
        text.extend(["\n", &network[0], "\n"]);
        let mut lines = Vec::new();
        for (question, answer) in questions.iter().zip(network).skip(1) {
            for (at, part) in answer.split("; ").enumerate() {
                let question = if at == 0 { question.clone() } else { String::new() };
                lines.push(vec![String::new(), question, part.to_owned()]);
            }
        }
        text += &aligned(&lines, &[false; 3], "  ");
    }
    text + "\n"
}

/// Reads a run or sweep as a report.
pub(crate) fn report(folder: &Path) -> Result<Report, Failure> {
    let recorded = Recorded::open(folder)?;
    let units = strongest_units(&recorded)?;
    let mut runs = Vec::new();
    for run in &recorded.runs {
        runs.push(RunRecord {
            id: run.manifest().id.clone(),
            status: run.status().to_string(),
            manifest: manifest_facts(run),
            config: run.config_toml()?,
        });
    }
    let theme = runs.first().map_or(Theme::Auto, |run| theme(&run.config));
    Ok(Report { title: recorded.name, theme, runs, rows: recorded.rows, metrics: recorded.metrics, units })
}

fn theme(config: &str) -> Theme {
    #[derive(Default, serde::Deserialize)]
    #[serde(default)]
    struct Section {
        report: ReportConfig,
    }
    toml::from_str::<Section>(config).unwrap_or_default().report.theme
}

/// Unit pairs of a matrix that a page shows; larger ones are for `infoplane plot`.
const CELLS: usize = 256;

/// For each network and measure the unit matrix of its strongest layer pair at the last snapshot: one is enough to
/// show whether few unit pairs or all carry the mean, and all of them would not fit the page.
fn strongest_units(recorded: &Recorded) -> Result<Vec<UnitMatrix>, Failure> {
    let mut chosen = Vec::new();
    for network in networks(&recorded.rows) {
        for measure in ["te", "coupling"] {
            let mut rows = last_rows(&recorded.rows, &network, measure);
            rows.sort_by(|a, b| strength(b).total_cmp(&strength(a)));
            for row in rows {
                if let Some(units) = recorded.units_of(row)?.filter(|units| units.value.len() <= CELLS) {
                    chosen.push(units);
                    break;
                }
            }
        }
    }
    Ok(chosen)
}

fn last_rows<'r>(rows: &'r [Row], network: &str, measure: &str) -> Vec<&'r Row> {
    let of_network = |row: &&Row| row.run.as_deref().map(network_of) == Some(network) && row.measure == measure;
    let rows: Vec<&Row> =
        rows.iter().filter(of_network).filter(|row| row.source.is_some() && row.given.is_none()).collect();
    let last = rows.iter().filter_map(|row| row.step).max();
    rows.into_iter().filter(|row| row.step == last).collect()
}

/// What a pair stands out by: its effective value, or the value where no draws were made.
pub(crate) fn strength(row: &Row) -> f64 {
    row.effective.unwrap_or(row.value)
}

/// Whether a program of the system took the file.
fn opened(path: &Path) -> bool {
    let opener = match std::env::consts::OS {
        "macos" => "open",
        "windows" => "explorer",
        _ => "xdg-open",
    };
    let quiet = std::process::Stdio::null;
    std::process::Command::new(opener).arg(path).stdout(quiet()).stderr(quiet()).spawn().is_ok()
}

#[cfg(test)]
mod tests {
    use super::summary_text;

    #[test]
    fn each_part_of_an_answer_has_its_line() {
        let table = [["network", "is it so", "where"], ["a", "here: yes; there: no", "fc1"]];
        let table = table.map(|row| row.map(str::to_owned).to_vec());
        assert_eq!(summary_text(&table), "\na\n  is it so  here: yes\n            there: no\n  where     fc1\n\n");
    }
}
