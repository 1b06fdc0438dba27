//! `sweep.json`: a folder of runs that differ in seed or in a few settings.
//!
//! ```
//! # let folder = tempfile::tempdir()?;
//! # let dir = &folder.path().join("ib-tanh");
//! use infoplane_record::Sweep;
//!
//! let mut sweep = Sweep::create(dir, "ib-tanh", &[], None)?;
//! sweep.add("seed-0", 0, serde_json::Map::new())?;
//! let sweep = Sweep::open(dir)?;
//! assert_eq!((sweep.name(), sweep.runs()[0].path.as_str()), ("ib-tanh", "seed-0"));
//! assert!(sweep.open_runs()?.is_empty(), "named, but not begun");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use std::fs;
use std::path::{Component, Path, PathBuf};

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::files::{beside, fresh_dir, read_versioned, write_json};
use super::manifest::SCHEMA;
use super::reader::Run;
use crate::{RecordError, Result};

/// One run of a sweep.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SweepRun {
    /// Folder of the run, relative to the sweep's, with `/`.
    pub path: String,
    /// Training seed.
    pub seed: u64,
    /// The settings that vary, with this run's values.
    #[serde(default)]
    pub settings: Map<String, Value>,
}

/// What `sweep.json` holds.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Contents {
    schema: u64,
    name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    made_by: Option<String>,
    #[serde(default)]
    varying: Vec<String>,
    runs: Vec<SweepRun>,
}

/// A folder of runs.
#[derive(Debug, Clone)]
pub struct Sweep {
    dir: PathBuf,
    contents: Contents,
    alone: bool,
}

impl Sweep {
    /// Begins a sweep in a folder that does not exist yet. `varying` names the settings that differ between runs beside
    /// the seed; `made_by` marks what a command made that may replace it later, such as `demo`.
    ///
    /// # Errors
    /// [`RecordError::Exists`], [`RecordError::Io`].
    pub fn create(dir: &Path, name: &str, varying: &[String], made_by: Option<&str>) -> Result<Self> {
        if fs::symlink_metadata(dir).is_ok() {
            return Err(RecordError::Exists { path: dir.to_owned() });
        }
        let contents = Contents {
            schema: SCHEMA,
            name: name.to_owned(),
            made_by: made_by.map(str::to_owned),
            varying: varying.to_vec(),
            runs: Vec::new(),
        };
        let building = beside(dir, "new");
        fresh_dir(&building)?;
        write_json(&building.join("sweep.json"), &contents)?;
        fs::rename(&building, dir).map_err(RecordError::io("create", dir))?;
        Ok(Self { dir: dir.to_owned(), contents, alone: false })
    }

    /// Opens a sweep, or a run alone as a sweep of one.
    ///
    /// # Errors
    /// [`RecordError::NotARun`], [`RecordError::NewerSchema`], [`RecordError::Damaged`], [`RecordError::Outside`].
    pub fn open(dir: &Path) -> Result<Self> {
        let file = dir.join("sweep.json");
        if file.exists() {
            let contents: Contents = read_versioned(&file)?;
            contents.runs.iter().try_for_each(|run| inside(&file, &run.path))?;
            return Ok(Self { dir: dir.to_owned(), contents, alone: false });
        }
        if !dir.join("manifest.json").exists() {
            let wanted = "sweep.json or manifest.json";
            return Err(RecordError::NotARun { path: dir.to_owned(), wanted });
        }
        let run = Run::open(dir)?;
        let (name, seed) = (run.manifest().name.clone(), run.manifest().seed);
        let runs = vec![SweepRun { path: ".".into(), seed, settings: Map::new() }];
        let contents = Contents { schema: SCHEMA, name, made_by: None, varying: Vec::new(), runs };
        Ok(Self { dir: dir.to_owned(), contents, alone: true })
    }

    /// Names a run before it is begun; one of the same path is named anew.
    ///
    /// # Errors
    /// [`RecordError::Outside`] if the path leads out of the folder, [`RecordError::Io`].
    pub fn add(&mut self, path: &str, seed: u64, settings: Map<String, Value>) -> Result<()> {
        let file = self.dir.join("sweep.json");
        inside(&file, path)?;
        if self.alone {
            return Err(RecordError::NotARun { path: self.dir.clone(), wanted: "sweep.json" });
        }
        let run = SweepRun { path: path.to_owned(), seed, settings };
        match self.contents.runs.iter_mut().find(|known| known.path == path) {
            Some(known) => *known = run,
            None => self.contents.runs.push(run),
        }
        write_json(&file, &self.contents)
    }

    /// The folder.
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// What the user calls it.
    pub fn name(&self) -> &str {
        &self.contents.name
    }

    /// Names of the settings that vary.
    pub fn varying(&self) -> &[String] {
        &self.contents.varying
    }

    /// The command that made it, if it was marked.
    pub fn made_by(&self) -> Option<&str> {
        self.contents.made_by.as_deref()
    }

    /// Whether this is a run alone.
    pub fn is_single_run(&self) -> bool {
        self.alone
    }

    /// The runs, begun or not.
    pub fn runs(&self) -> &[SweepRun] {
        &self.contents.runs
    }

    /// Folder of a run.
    pub fn run_dir(&self, run: &SweepRun) -> PathBuf {
        if run.path == "." { self.dir.clone() } else { self.dir.join(&run.path) }
    }

    /// Opens the runs that have been begun.
    ///
    /// # Errors
    /// As [`Run::open`], for the first that does not open.
    pub fn open_runs(&self) -> Result<Vec<Run>> {
        let dirs = self.runs().iter().map(|run| self.run_dir(run));
        dirs.filter(|dir| dir.exists()).map(|dir| Run::open(&dir)).collect()
    }
}

/// Refuses a path that is empty, absolute or leads upwards.
fn inside(file: &Path, path: &str) -> Result<()> {
    let normal = |part: Component<'_>| matches!(part, Component::Normal(_));
    match !path.is_empty() && Path::new(path).components().all(normal) {
        true => Ok(()),
        false => Err(RecordError::Outside { file: file.to_owned(), path: path.to_owned() }),
    }
}
