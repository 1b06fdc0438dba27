//! Reading a run, live, closed or killed.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::files::{read_or_empty, read_text, read_whole};
use super::jsonl::{LogLine, parse, whole_lines};
use super::manifest::{Manifest, Status};
use crate::npz::{self, NpyArray};
use crate::{Metrics, RecordError, Result, Row};

/// How often a run that is being written to is read again until it held still.
const TRIES: usize = 5;

/// A run on disk.
#[derive(Debug, Clone)]
pub struct Run {
    dir: PathBuf,
    manifest: Manifest,
}

impl Run {
    /// Opens a run.
    ///
    /// # Errors
    /// [`RecordError::NotARun`], [`RecordError::NewerSchema`], [`RecordError::Damaged`], [`RecordError::Io`].
    pub fn open(dir: &Path) -> Result<Self> {
        Ok(Self { dir: dir.to_owned(), manifest: Manifest::read(dir)? })
    }

    /// The folder.
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// The manifest, as it stood when the run was opened.
    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// How the run stands; [`Status::Stopped`] if it says running but its process is dead or silent.
    pub fn status(&self) -> Status {
        self.manifest.shown_status()
    }

    /// The rows, by step: per step and time axis those of the highest attempt that reached it.
    ///
    /// # Errors
    /// [`RecordError::Damaged`], [`RecordError::Io`].
    pub fn rows(&self) -> Result<Vec<Row>> {
        Ok(self.committed()?.rows)
    }

    /// The line of each snapshot, by step: per step that of the highest attempt that reached it.
    ///
    /// # Errors
    /// [`RecordError::Damaged`], [`RecordError::Io`].
    pub fn metrics(&self) -> Result<Vec<Metrics>> {
        Ok(self.committed()?.metrics)
    }

    /// The steps that have unit arrays, ascending.
    ///
    /// # Errors
    /// [`RecordError::Damaged`], [`RecordError::Io`].
    pub fn unit_steps(&self) -> Result<Vec<u64>> {
        let Committed { metrics, rows, .. } = self.committed()?;
        let steps = metrics.iter().map(|line| line.step).chain(rows.iter().filter_map(|row| row.step));
        let last = steps.max();
        let numbers = self.numbers("units")?.into_iter();
        Ok(numbers.filter(|step| Some(*step) <= last).collect())
    }

    /// The unit arrays of a step: `te/probe/by-class/0/fc1/fc2/value`, `rate/…`, `kept/…`.
    ///
    /// # Errors
    /// [`RecordError::Io`] if there are none; [`RecordError::Npz`].
    pub fn unit_arrays(&self, step: u64) -> Result<Vec<(String, NpyArray)>> {
        npz::read(&self.dir.join("units").join(format!("{step}.npz")))
    }

    /// The epochs whose stream was kept, ascending, counted from 0.
    ///
    /// # Errors
    /// [`RecordError::Io`].
    pub fn stream_epochs(&self) -> Result<Vec<u64>> {
        self.numbers("stream")
    }

    /// The stream of an epoch: `symbols/<tap>`, `sample`, `label`, `step`.
    ///
    /// # Errors
    /// [`RecordError::Io`] if there is none; [`RecordError::Npz`].
    pub fn stream(&self, epoch: u64) -> Result<Vec<(String, NpyArray)>> {
        npz::read(&self.dir.join("stream").join(format!("{epoch}.npz")))
    }

    /// The resolved config.
    ///
    /// # Errors
    /// [`RecordError::Io`], [`RecordError::Damaged`].
    pub fn config_toml(&self) -> Result<String> {
        read_text(&self.dir.join("config.toml"))
    }

    /// The config as the user gave it.
    ///
    /// # Errors
    /// [`RecordError::Io`], [`RecordError::Damaged`].
    pub fn input_toml(&self) -> Result<String> {
        read_text(&self.dir.join("config.input.toml"))
    }

    /// The probe.
    ///
    /// # Errors
    /// [`RecordError::Io`], [`RecordError::Damaged`].
    pub fn probe(&self) -> Result<Value> {
        let path = self.dir.join("probe.json");
        serde_json::from_slice(&read_whole(&path)?).map_err(|error| RecordError::damaged(&path, error))
    }

    /// The log.
    ///
    /// # Errors
    /// [`RecordError::Io`], [`RecordError::Damaged`].
    pub fn log(&self) -> Result<Vec<LogLine>> {
        let path = self.dir.join("log.jsonl");
        parse(&path, &read_or_empty(&path)?)
    }

    /// What is committed, read while the manifest held still.
    fn committed(&self) -> Result<Committed> {
        let mut manifest = Manifest::read(&self.dir)?;
        for _ in 1..TRIES {
            let found = committed(&self.dir, &manifest);
            let after = Manifest::read(&self.dir)?;
            if after.committed == manifest.committed {
                return found;
            }
            manifest = after;
        }
        committed(&self.dir, &manifest)
    }

    /// The numbers that name the `.npz` files of a folder.
    fn numbers(&self, folder: &str) -> Result<Vec<u64>> {
        let folder = self.dir.join(folder);
        if !folder.exists() {
            return Ok(Vec::new());
        }
        let mut numbers = Vec::new();
        for entry in std::fs::read_dir(&folder).map_err(RecordError::io("list", &folder))? {
            let name = entry.map_err(RecordError::io("list", &folder))?.file_name();
            numbers
                .extend(name.to_str().and_then(|name| name.strip_suffix(".npz")).and_then(|n| n.parse::<u64>().ok()));
        }
        numbers.sort_unstable();
        Ok(numbers)
    }
}

/// What counts of the appended files.
pub(super) struct Committed {
    pub(super) metrics: Vec<Metrics>,
    pub(super) rows: Vec<Row>,
    /// Lines of metrics, of any attempt.
    pub(super) snapshots: u64,
    /// Bytes of `metrics.jsonl` and `results.jsonl` that count.
    pub(super) metrics_bytes: u64,
    pub(super) results_bytes: u64,
}

/// Reads what is committed. The metrics are read before the rows: a line that is there had its rows written before it.
pub(super) fn committed(dir: &Path, manifest: &Manifest) -> Result<Committed> {
    let (metrics_path, results_path) = (dir.join("metrics.jsonl"), dir.join("results.jsonl"));
    let lines = read_or_empty(&metrics_path)?;
    let results = read_or_empty(&results_path)?;
    let metrics: Vec<Metrics> = parse(&metrics_path, &lines)?;
    let (found, noted) = (metrics.len() as u64, manifest.committed.snapshots);
    let results = if found > noted { &results[..] } else { prefix(&results_path, &results, manifest)? };
    let mut rows: Vec<Row> = parse(&results_path, results)?;
    if found < noted {
        // No kill does this; but where lines of metrics were lost, their rows are not to be trusted either.
        rows.retain(|row| metrics.iter().any(|line| Some(line.attempt) == row.attempt && Some(line.step) >= row.step));
    }
    Ok(Committed {
        snapshots: found,
        metrics_bytes: whole_lines(&lines) as u64,
        results_bytes: whole_lines(results) as u64,
        metrics: highest_attempts(metrics, |line| (Some(line.step), None), |line| line.attempt),
        rows: highest_attempts(rows, |row| (row.step, row.time.clone()), |row| row.attempt.unwrap_or(0)),
    })
}

/// The bytes of rows that the manifest notes as committed; they end with a line.
fn prefix<'a>(path: &Path, results: &'a [u8], manifest: &Manifest) -> Result<&'a [u8]> {
    let noted = usize::try_from(manifest.committed.results_bytes).unwrap_or(usize::MAX);
    match results.get(..noted) {
        Some(prefix) if whole_lines(prefix) < noted => {
            Err(RecordError::damaged(path, format!("byte {noted} ends no line, as the manifest says it does")))
        }
        found => Ok(found.unwrap_or(results)),
    }
}

/// A step and a time axis. A streamed epoch is measured at its end, later than the snapshots inside it, so one step's
/// two axes may be reached by different attempts.
type Reached = (Option<u64>, Option<String>);

/// Keeps what the highest attempt that reached a step and axis wrote there, in the order of steps and of writing.
fn highest_attempts<T>(mut all: Vec<T>, reached: impl Fn(&T) -> Reached, attempt: impl Fn(&T) -> u32) -> Vec<T> {
    let mut highest: HashMap<Reached, u32> = HashMap::new();
    for one in &all {
        let known = highest.entry(reached(one)).or_default();
        *known = attempt(one).max(*known);
    }
    all.retain(|one| highest.get(&reached(one)) == Some(&attempt(one)));
    all.sort_by_key(|one| reached(one).0);
    all
}
