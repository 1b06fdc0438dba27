//! Writing a run: see the module above for what is guaranteed when.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use serde_json::{Map, Value};

use super::files::{beside, fresh_dir, inventory, read_text, read_whole, remove_unfinished, write_json, write_whole};
use super::jsonl::{Appender, LogLine, whole_lines_of};
use super::manifest::{Cost, Manifest, Status, Warning};
use super::reader::{Committed, committed};
use crate::npz::{self, NpyArray};
use crate::{Metrics, RecordError, Result, Row};

/// How often a silent writer is heard of.
const HEARTBEAT: Duration = Duration::from_secs(30);

/// What is known of a run before it begins.
#[derive(Debug, Clone, Default)]
pub struct RunSetup {
    /// Identifier, `ib-tanh/seed-0`.
    pub id: String,
    /// What the user calls it.
    pub name: String,
    /// Training seed.
    pub seed: u64,
    /// The resolved config, every default written out; a resume must give the same.
    pub config_toml: String,
    /// The config as the user gave it.
    pub input_toml: String,
    /// Indices, labels, hashes and orders of the probe: `probe.json`.
    pub probe: Value,
    /// Taps, types, units, parameters.
    pub model: Value,
    /// Hashes of model, data and probe.
    pub hashes: Map<String, Value>,
    /// Anything else for the manifest: versions, processor, schedule, measures, how to cite.
    pub facts: Map<String, Value>,
}

/// The one writer of a run. Dropped without [`RunWriter::close`], it closes the run as failed.
#[derive(Debug)]
pub struct RunWriter {
    dir: PathBuf,
    manifest: Manifest,
    metrics: Appender,
    results: Appender,
    log: Appender,
    rows: Vec<Row>,
    units: BTreeMap<u64, BTreeMap<String, NpyArray>>,
    earlier_cost: Cost,
    began: Instant,
    heard: Instant,
    open: bool,
}

impl RunWriter {
    /// Begins a run in a folder that does not exist yet; it appears whole.
    ///
    /// # Errors
    /// [`RecordError::Exists`], [`RecordError::Io`].
    pub fn create(dir: &Path, setup: &RunSetup) -> Result<Self> {
        if fs::symlink_metadata(dir).is_ok() {
            return Err(RecordError::Exists { path: dir.to_owned() });
        }
        let building = beside(dir, "new");
        fresh_dir(&building)?;
        write_whole(&building.join("config.toml"), setup.config_toml.as_bytes())?;
        write_whole(&building.join("config.input.toml"), setup.input_toml.as_bytes())?;
        write_json(&building.join("probe.json"), &setup.probe)?;
        let mut manifest = Manifest::begin(setup);
        manifest.write(&building)?;
        fs::rename(&building, dir).map_err(RecordError::io("create", dir))?;
        Self::open(dir, manifest, [0; 3])
    }

    /// Goes on with a run under the next attempt. Gives what [`RunWriter::checkpoint`] kept last, or nothing if the run
    /// ended before the first checkpoint: then training begins again.
    ///
    /// # Errors
    /// [`RecordError::LiveWriter`], [`RecordError::Finished`], [`RecordError::ConfigDiffers`], or what makes the run
    /// unreadable.
    pub fn resume(dir: &Path, setup: &RunSetup) -> Result<(Self, Option<Vec<u8>>)> {
        let mut manifest = Manifest::read(dir)?;
        manifest.refuse_live_writer(dir)?;
        if manifest.status == Status::Finished {
            return Err(RecordError::Finished { path: dir.to_owned() });
        }
        same_config(dir, &setup.config_toml)?;
        let state = dir.join("checkpoint/state");
        let state = if state.exists() { Some(read_whole(&state)?) } else { None };
        let Committed { snapshots, metrics_bytes, results_bytes, .. } = committed(dir, &manifest)?;
        let log_bytes = whole_lines_of(&dir.join("log.jsonl"))?;
        (manifest.committed.snapshots, manifest.committed.results_bytes) = (snapshots, results_bytes);
        manifest.begin_attempt();
        manifest.write(dir)?;
        remove_unfinished(dir)?;
        Ok((Self::open(dir, manifest, [metrics_bytes, results_bytes, log_bytes])?, state))
    }

    fn open(dir: &Path, manifest: Manifest, keep: [u64; 3]) -> Result<Self> {
        let earlier_cost = Cost { bytes: 0, ..manifest.cost };
        Ok(Self {
            metrics: Appender::open(dir.join("metrics.jsonl"), keep[0])?,
            results: Appender::open(dir.join("results.jsonl"), keep[1])?,
            log: Appender::open(dir.join("log.jsonl"), keep[2])?,
            dir: dir.to_owned(),
            manifest,
            rows: Vec::new(),
            units: BTreeMap::new(),
            earlier_cost,
            began: Instant::now(),
            heard: Instant::now(),
            open: true,
        })
    }

    /// The folder.
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// Number of this attempt, from 1.
    pub fn attempt(&self) -> u32 {
        self.manifest.attempt()
    }

    /// Seconds since this attempt began.
    pub fn elapsed_secs(&self) -> f64 {
        self.began.elapsed().as_secs_f64()
    }

    /// Takes rows, which are written with the next snapshot; their attempt is set here.
    ///
    /// # Errors
    /// [`RecordError::NotANumber`] if a value is not finite.
    pub fn rows(&mut self, rows: &[Row]) -> Result<()> {
        if let Some(row) = rows.iter().find(|row| !row.value.is_finite()) {
            return Err(RecordError::NotANumber { row: described(row), value: row.value });
        }
        let attempt = Some(self.attempt());
        self.rows.extend(rows.iter().map(|row| Row { attempt, ..row.clone() }));
        Ok(())
    }

    /// Takes arrays for `units/<step>.npz`, merged by name with those already given for that step; written with the next
    /// snapshot.
    ///
    /// # Errors
    /// [`RecordError::Npz`] if a shape does not hold its numbers.
    pub fn unit_arrays(&mut self, step: u64, arrays: Vec<(String, NpyArray)>) -> Result<()> {
        arrays.iter().try_for_each(|(name, array)| array.check(name))?;
        self.units.entry(step).or_default().extend(arrays);
        Ok(())
    }

    /// Writes `stream/<epoch>.npz`.
    ///
    /// # Errors
    /// [`RecordError::Npz`], [`RecordError::Io`].
    #[allow(clippy::needless_pass_by_value, reason = "as `unit_arrays`, which keeps what it is given")]
    pub fn stream(&mut self, epoch: u64, arrays: Vec<(String, NpyArray)>) -> Result<()> {
        let path = self.folder("stream")?.join(format!("{epoch}.npz"));
        write_whole(&path, &npz::write_bytes(&arrays)?)
    }

    /// Writes everything taken since the last snapshot, and last the line of metrics that commits it; its attempt is set
    /// here.
    ///
    /// # Errors
    /// [`RecordError::Io`]: disk full, folder gone.
    pub fn snapshot(&mut self, metrics: &Metrics) -> Result<()> {
        self.write_taken()?;
        self.metrics.append(&[Metrics { attempt: self.attempt(), ..metrics.clone() }])?;
        self.manifest.committed.snapshots += 1;
        self.commit()
    }

    /// Keeps the state that training can go on from. Rows that were taken since the last snapshot are committed first,
    /// because a resumed training will not give them again.
    ///
    /// # Errors
    /// [`RecordError::Io`].
    pub fn checkpoint(&mut self, state: &[u8]) -> Result<()> {
        if !(self.rows.is_empty() && self.units.is_empty()) {
            self.write_taken()?;
            self.commit()?;
        }
        write_whole(&self.folder("checkpoint")?.join("state"), state)
    }

    /// Notes a warning in `log.jsonl` and the manifest, once for each code and place.
    ///
    /// # Errors
    /// [`RecordError::Io`].
    pub fn warn(&mut self, code: &str, where_: &str, message: &str) -> Result<()> {
        let (attempt, t) = (self.attempt(), self.elapsed_secs());
        let known = self.manifest.warnings.entry(code.to_owned()).or_default();
        if known.iter().any(|warning| warning.r#where == where_) {
            return Ok(());
        }
        known.push(Warning { r#where: where_.to_owned(), message: message.to_owned() });
        let (level, code) = ("warning".to_owned(), code.to_owned());
        self.log.append(&[LogLine { attempt, t, level, code, r#where: where_.to_owned(), message: message.to_owned() }])
    }

    /// Sets what this attempt has cost so far; earlier attempts are added.
    pub fn cost(&mut self, cost: &Cost) {
        self.manifest.cost = self.earlier_cost.plus(*cost);
    }

    /// Sets a further fact of the manifest; the manifest's own fields cannot be set so.
    pub fn fact(&mut self, key: &str, value: Value) {
        let own = serde_json::to_value(&self.manifest).is_ok_and(|all| all.get(key).is_some());
        if !own || self.manifest.facts.contains_key(key) {
            self.manifest.facts.insert(key.to_owned(), value);
        }
    }

    /// Shows that the writer lives. Cheap: the manifest is rewritten at most every 30 seconds.
    ///
    /// # Errors
    /// [`RecordError::Io`].
    pub fn heartbeat(&mut self) -> Result<()> {
        if self.heard.elapsed() < HEARTBEAT {
            return Ok(());
        }
        self.write_manifest()
    }

    /// Closes the run. A finished one commits what was taken since the last snapshot; otherwise that was the snapshot in
    /// flight, and is dropped.
    ///
    /// # Errors
    /// [`RecordError::Io`].
    pub fn close(mut self, status: Status) -> Result<()> {
        self.open = false;
        self.end(status)
    }

    fn end(&mut self, status: Status) -> Result<()> {
        if status == Status::Finished {
            self.write_taken()?;
            self.manifest.committed.results_bytes = self.results.bytes();
        }
        self.manifest.files = inventory(&self.dir)?;
        self.manifest.cost.bytes = self.manifest.files.iter().map(|file| file.bytes).sum();
        self.manifest.end_attempt(status);
        self.write_manifest()
    }

    /// Rows in one write, then the unit arrays, each file whole.
    fn write_taken(&mut self) -> Result<()> {
        self.results.append(&std::mem::take(&mut self.rows))?;
        for (step, arrays) in std::mem::take(&mut self.units) {
            self.write_units(step, arrays)?;
        }
        Ok(())
    }

    /// Merges with what an earlier snapshot or attempt wrote for this step.
    fn write_units(&self, step: u64, arrays: BTreeMap<String, NpyArray>) -> Result<()> {
        let path = self.folder("units")?.join(format!("{step}.npz"));
        let mut merged: BTreeMap<String, NpyArray> = match path.exists() {
            true => npz::read(&path)?.into_iter().collect(),
            false => BTreeMap::new(),
        };
        merged.extend(arrays);
        write_whole(&path, &npz::write_bytes(&merged.into_iter().collect::<Vec<_>>())?)
    }

    fn commit(&mut self) -> Result<()> {
        self.manifest.committed.results_bytes = self.results.bytes();
        self.write_manifest()
    }

    fn write_manifest(&mut self) -> Result<()> {
        self.heard = Instant::now();
        self.manifest.write(&self.dir)
    }

    fn folder(&self, name: &str) -> Result<PathBuf> {
        let folder = self.dir.join(name);
        fs::create_dir_all(&folder).map_err(RecordError::io("create", &folder))?;
        Ok(folder)
    }
}

impl Drop for RunWriter {
    /// An error on the way out has nobody left to hear it; the run then shows as stopped.
    fn drop(&mut self) {
        if self.open {
            let _ = self.end(Status::Failed);
        }
    }
}

fn described(row: &Row) -> String {
    let taps = [&row.layer, &row.source, &row.target];
    let taps: Vec<&str> = taps.into_iter().flatten().map(String::as_str).collect();
    format!("`{} {}` by {} at step {}", row.measure, taps.join(" → "), row.estimator, row.step.unwrap_or(0))
}

fn same_config(dir: &Path, given: &str) -> Result<()> {
    let stored = read_text(&dir.join("config.toml"))?;
    if stored == given {
        return Ok(());
    }
    let differs = |place: &usize| stored.lines().nth(*place) != given.lines().nth(*place);
    let place = (0..stored.lines().count().max(given.lines().count())).find(differs).unwrap_or(0);
    let line = |text: &str| text.lines().nth(place).unwrap_or_default().to_owned();
    Err(RecordError::ConfigDiffers { path: dir.to_owned(), line: place + 1, stored: line(&stored), given: line(given) })
}
