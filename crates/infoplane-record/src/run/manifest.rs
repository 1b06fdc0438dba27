//! `manifest.json`: what a run is, how it stands, what it cost.

use std::collections::BTreeMap;
use std::path::Path;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::files::{read_versioned, write_json};
use super::process::{self, Process};
use super::writer::RunSetup;
use crate::{RecordError, Result};

/// Version of everything beside `manifest.json` and `sweep.json`.
pub const SCHEMA: u64 = 1;

/// How a run stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// A process writes to it.
    Running,
    /// It came to its end.
    Finished,
    /// An error ended it.
    Failed,
    /// The user ended it.
    Interrupted,
    /// Shown, never written: it says running, but nothing has been heard of its process for two minutes.
    Stopped,
}

impl std::fmt::Display for Status {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(match self {
            Self::Running => "running",
            Self::Finished => "finished",
            Self::Failed => "failed",
            Self::Interrupted => "interrupted",
            Self::Stopped => "stopped",
        })
    }
}

/// One stretch of training between resumes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attempt {
    /// Counted from 1.
    pub attempt: u32,
    /// When it began.
    pub started: String,
    /// When it was closed; a killed one never was.
    pub ended: Option<String>,
    /// How it was closed, or running.
    pub status: Status,
}

/// Seconds spent, over all attempts, and bytes written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Cost {
    /// Training alone.
    pub training_secs: f64,
    /// Recording inside the loop: copying, binarising, packing, counting, writing.
    pub recorder_secs: f64,
    /// Surrogate draws.
    pub draws_secs: f64,
    /// Passes over the probe.
    pub probe_secs: f64,
    /// Bytes of the run's files, counted at close.
    pub bytes: u64,
}

impl Cost {
    /// The recorder's seconds as a share of the training's; 0 before any training.
    pub fn share(&self) -> f64 {
        if self.training_secs > 0.0 { self.recorder_secs / self.training_secs } else { 0.0 }
    }

    pub(super) fn plus(self, other: Self) -> Self {
        Self {
            training_secs: self.training_secs + other.training_secs,
            recorder_secs: self.recorder_secs + other.recorder_secs,
            draws_secs: self.draws_secs + other.draws_secs,
            probe_secs: self.probe_secs + other.probe_secs,
            bytes: self.bytes + other.bytes,
        }
    }
}

/// One file of a closed run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileEntry {
    /// Relative, with `/`.
    pub path: String,
    /// Its size.
    pub bytes: u64,
    /// Its SHA-256, in hexadecimal.
    pub sha256: String,
}

/// One warning, under its code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Warning {
    /// What it is about.
    pub r#where: String,
    /// In words.
    pub message: String,
}

/// What of the appended files counts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Committed {
    /// Lines of `metrics.jsonl`.
    pub(super) snapshots: u64,
    /// Bytes of `results.jsonl`.
    pub(super) results_bytes: u64,
}

/// The manifest. Times are RFC 3339, in UTC.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Manifest {
    /// [`SCHEMA`] of its writer.
    pub schema: u64,
    /// Identifier, `ib-tanh/seed-0`.
    pub id: String,
    /// What the user calls it.
    pub name: String,
    /// The user's tags.
    #[serde(default)]
    pub tags: Vec<String>,
    /// The user's colour.
    #[serde(default)]
    pub colour: Option<String>,
    /// As written: see [`Manifest::shown_status`].
    pub status: Status,
    /// Process that writes, or wrote last.
    pub pid: u32,
    /// Which process of that id.
    #[serde(default)]
    pub(super) process: Option<Process>,
    /// When the first attempt began.
    pub started: String,
    /// When the writer was last heard of.
    pub heartbeat: String,
    /// When it was closed.
    #[serde(default)]
    pub ended: Option<String>,
    /// Every attempt.
    pub attempts: Vec<Attempt>,
    /// Training seed.
    pub seed: u64,
    /// Taps, types, units, parameters.
    #[serde(default)]
    pub model: Value,
    /// Hashes of model, data and probe.
    #[serde(default)]
    pub hashes: Map<String, Value>,
    #[serde(default)]
    pub(super) committed: Committed,
    /// What it cost.
    #[serde(default)]
    pub cost: Cost,
    /// Warnings by code, each place once.
    #[serde(default)]
    pub warnings: BTreeMap<String, Vec<Warning>>,
    /// Run that this one was made from.
    #[serde(default)]
    pub parent: Option<String>,
    /// Every file but the manifest and the report, listed at close.
    #[serde(default)]
    pub files: Vec<FileEntry>,
    /// Anything else: versions, processor, schedule, measures, how to cite.
    #[serde(flatten)]
    pub facts: Map<String, Value>,
}

impl Manifest {
    /// The manifest of a run that begins now, in this process.
    pub(super) fn begin(setup: &RunSetup) -> Self {
        let now = process::now();
        let mut manifest = Self {
            schema: SCHEMA,
            id: setup.id.clone(),
            name: setup.name.clone(),
            tags: Vec::new(),
            colour: None,
            status: Status::Running,
            pid: std::process::id(),
            process: Process::this(),
            started: now.clone(),
            heartbeat: now,
            ended: None,
            attempts: Vec::new(),
            seed: setup.seed,
            model: setup.model.clone(),
            hashes: setup.hashes.clone(),
            committed: Committed::default(),
            cost: Cost::default(),
            warnings: BTreeMap::new(),
            parent: None,
            files: Vec::new(),
            facts: Map::new(),
        };
        // A fact under a field's own name would stand in the file twice.
        let own = serde_json::to_value(&manifest).unwrap_or_default();
        manifest.facts = setup.facts.clone().into_iter().filter(|(key, _)| own.get(key).is_none()).collect();
        manifest.begin_attempt();
        manifest
    }

    /// Enters the next attempt, by this process.
    pub(super) fn begin_attempt(&mut self) {
        let now = process::now();
        let attempt = self.attempts.iter().map(|attempt| attempt.attempt).max().unwrap_or(0).saturating_add(1);
        self.attempts.push(Attempt { attempt, started: now.clone(), ended: None, status: Status::Running });
        (self.status, self.ended) = (Status::Running, None);
        (self.pid, self.process, self.heartbeat) = (std::process::id(), Process::this(), now);
        self.files.clear();
    }

    /// Enters the end of the attempt.
    pub(super) fn end_attempt(&mut self, status: Status) {
        let now = process::now();
        if let Some(attempt) = self.attempts.last_mut() {
            (attempt.ended, attempt.status) = (Some(now.clone()), status);
        }
        (self.status, self.ended) = (status, Some(now));
    }

    /// Number of the present attempt.
    pub fn attempt(&self) -> u32 {
        self.attempts.last().map_or(1, |attempt| attempt.attempt)
    }

    /// The status as a reader should see it: a run whose process is dead, or silent for two minutes, is *stopped*.
    pub fn shown_status(&self) -> Status {
        let lives = process::is_fresh(&self.heartbeat) && self.process_alive() != Some(false);
        if self.status == Status::Running && !lives { Status::Stopped } else { self.status }
    }

    /// Refuses a second writer: the first is alive, or was heard of lately where that cannot be known.
    pub(super) fn refuse_live_writer(&self, dir: &Path) -> Result<()> {
        let lives = || self.process_alive().unwrap_or_else(|| process::is_fresh(&self.heartbeat));
        match self.status == Status::Running && lives() {
            true => Err(RecordError::LiveWriter { path: dir.to_owned(), pid: self.pid }),
            false => Ok(()),
        }
    }

    fn process_alive(&self) -> Option<bool> {
        process::alive(self.pid, self.process.as_ref())
    }

    pub(super) fn read(dir: &Path) -> Result<Self> {
        let path = dir.join("manifest.json");
        match path.exists() {
            true => read_versioned(&path),
            false => Err(RecordError::NotARun { path: dir.to_owned(), wanted: "manifest.json" }),
        }
    }

    pub(super) fn write(&mut self, dir: &Path) -> Result<()> {
        self.heartbeat = process::now();
        write_json(&dir.join("manifest.json"), self)
    }
}
