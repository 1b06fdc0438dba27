//! The run directory: one training with one seed, written so that a kill at any moment leaves a run that opens.
//!
//! ```text
//! seed-0/
//!   manifest.json       status, process, attempts, cost, warnings, files; rewritten whole
//!   config.toml         resolved            config.input.toml   as given
//!   probe.json          indices, labels, hashes, orders
//!   metrics.jsonl       one line per snapshot
//!   results.jsonl       one row per estimate
//!   units/<step>.npz    unit-pair matrices          stream/<epoch>.npz  packed symbols
//!   checkpoint/state    what training goes on from
//!   log.jsonl           warnings in the order they came
//! ```
//!
//! **What a kill can do.** Whole files are written under another name and renamed. A snapshot's rows are appended in one
//! write, then its unit arrays are renamed into place, then its line is appended to `metrics.jsonl`: that line commits
//! the snapshot. Then the manifest notes how many snapshots and how many bytes of rows are committed. Readers take the
//! rows up to that many bytes, or all of them where `metrics.jsonl` is one line ahead of the manifest, and nothing
//! behind; a last line without its newline is ignored everywhere. So at most the snapshot in flight is missing.
//!
//! **What a resume does.** It goes on from the checkpoint under the next attempt; what earlier attempts committed beyond
//! the checkpoint stays and is superseded step by step: readers keep, per step and time axis, the highest attempt that
//! reached it. A checkpoint is written only once every row that belongs before it is committed.

mod files;
mod jsonl;
mod manifest;
mod process;
mod reader;
mod replace;
mod sweep;
mod writer;

pub use jsonl::LogLine;
pub use manifest::{Attempt, Cost, FileEntry, Manifest, SCHEMA, Status, Warning};
pub use reader::Run;
pub use replace::replace;
pub use sweep::{Sweep, SweepRun};
pub use writer::{RunSetup, RunWriter};
