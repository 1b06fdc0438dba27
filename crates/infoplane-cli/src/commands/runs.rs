//! `infoplane runs`: list what was recorded, show one run or its rows.

use std::path::{Path, PathBuf};

use infoplane_record::{Row, Run};
use serde_json::{Map, Value};

use crate::args::{Format, RunsArgs, RunsCommand, RunsLsArgs, RunsShowArgs};
use crate::failure::Failure;
use crate::output::{Table, aligned, print, readable};
use crate::source::{Recorded, leaves, manifest_facts};

/// Folders of runs are looked for this deep: `runs/SWEEP/RUN`, and one more for a collection of those.
const DEPTH: usize = 3;

const LISTED: &[&str] = &["run", "status", "seed", "snapshots", "epoch", "train_acc", "test_acc", "started", "folder"];

/// What a reader wants first of a row; the other columns are in json, jsonl and csv.
const ROW_SHOWN: &[&str] = &[
    "run",
    "step",
    "epoch",
    "layer",
    "source",
    "target",
    "given",
    "measure",
    "estimator",
    "time",
    "order",
    "window",
    "value",
    "unit",
    "n",
    "floor",
    "ceiling",
    "effective",
    "p",
    "q",
    "badge",
    "warnings",
];

pub(crate) fn run(args: &RunsArgs) -> Result<(), Failure> {
    match &args.command {
        RunsCommand::Ls(args) => ls(args),
        RunsCommand::Show(args) if args.rows => rows(args),
        RunsCommand::Show(args) => show(args),
    }
}

fn ls(args: &RunsLsArgs) -> Result<(), Failure> {
    if !args.folder.is_dir() {
        let message = format!("{} is no folder", args.folder.display());
        return Err(Failure::new("IP0124", message).hint("name the folder that runs were written to"));
    }
    let mut folders = Vec::new();
    find_runs(&args.folder, DEPTH, &mut folders);
    folders.sort();
    let rows: Vec<_> = folders.iter().map(|folder| listed(folder)).collect();
    if rows.is_empty() {
        crate::output::tell(&format!("no runs in {}", args.folder.display()));
    }
    Table { columns: LISTED.to_vec(), rows }.print(args.format, LISTED)
}

fn find_runs(folder: &Path, depth: usize, found: &mut Vec<PathBuf>) {
    if folder.join("manifest.json").is_file() {
        found.push(folder.to_owned());
    } else if depth > 0 {
        let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
        entries
            .map(|entry| entry.path())
            .filter(|path| path.is_dir())
            .for_each(|path| find_runs(&path, depth - 1, found));
    }
}

/// One line about a run; one that does not open is listed with the reason as its status.
fn listed(folder: &Path) -> Map<String, Value> {
    let place = folder.display().to_string();
    let mut line = match Run::open(folder).and_then(|run| Ok((run.metrics()?, run))) {
        Ok((metrics, run)) => state(&run, &metrics),
        Err(error) => [("status".to_owned(), Value::from(format!("unreadable: {error}")))].into_iter().collect(),
    };
    line.insert("folder".to_owned(), place.into());
    line
}

fn state(run: &Run, metrics: &[infoplane_record::Metrics]) -> Map<String, Value> {
    let manifest = run.manifest();
    let last = metrics.last();
    let cells = [
        ("run", Some(manifest.id.clone().into())),
        ("status", Some(run.status().to_string().into())),
        ("seed", Some(manifest.seed.into())),
        ("snapshots", Some(metrics.len().into())),
        ("epoch", last.map(|line| line.epoch.into())),
        ("train_acc", last.and_then(|line| line.train_acc).map(Into::into)),
        ("test_acc", last.and_then(|line| line.test_acc).map(Into::into)),
        ("started", Some(manifest.started.clone().into())),
    ];
    cells.into_iter().filter_map(|(key, value)| Some((key.to_owned(), value?))).collect()
}

fn show(args: &RunsShowArgs) -> Result<(), Failure> {
    let recorded = Recorded::open(&args.folder)?;
    let facts: Vec<Map<String, Value>> = recorded.runs.iter().map(manifest_facts).collect();
    if args.format != Format::Human {
        let columns = vec!["id", "status", "seed", "started", "ended"];
        return Table { columns, rows: facts }.print(args.format, &[]);
    }
    let blocks: Vec<String> = facts.iter().map(block).collect();
    print(&blocks.join("\n"))
}

/// Every leaf of a manifest as a line; the list of files is in the other formats.
fn block(facts: &Map<String, Value>) -> String {
    let told = leaves(facts).into_iter().filter(|(key, _)| !key.starts_with("files."));
    let lines: Vec<Vec<String>> = told.map(|(key, value)| vec![key, readable(&value)]).collect();
    aligned(&lines, &[false, false], "  ")
}

fn rows(args: &RunsShowArgs) -> Result<(), Failure> {
    let recorded = Recorded::open(&args.folder)?;
    if args.format == Format::Csv {
        return print(&infoplane_record::rows_to_csv(&recorded.rows));
    }
    let object = |row: &Row| match serde_json::to_value(row) {
        Ok(Value::Object(row)) => Ok(row),
        Ok(_) | Err(_) => Err(Failure::new("IP0120", "a row does not read as an object")),
    };
    let rows = recorded.rows.iter().map(object).collect::<Result<_, _>>()?;
    Table { columns: Row::COLUMNS.to_vec(), rows }.print(args.format, ROW_SHOWN)
}
