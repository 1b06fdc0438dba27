//! What a network did, as named arrays at steps: frames, rows, and the run directory.
//!
//! | module | holds |
//! |---|---|
//! | [`Frame`], [`Sink`] | one tap's activations at one step, and where they go |
//! | [`Row`] | one estimate with everything a reader needs to judge it |
//! | [`Cadence`], [`Schedule`] | at which steps a snapshot is due |
//! | [`TapSelection`], [`RecordConfig`] | which taps are recorded; the section `[record]` of a config |
//! | `RunWriter`, `Run`, `Sweep` | the run directory: written so that a kill at any moment leaves a run that opens |
//! | `npz` | `.npz` files that numpy reads and writes |
//! | `table` | columns of people's own files: CSV and other text, Parquet, NPY, NPZ |
//!
//! The last three rows need the feature `formats` (on by default); without it the crate has no files and no clock,
//! so that a page can use the rest.

mod config;
mod error;
mod frame;
mod row;
mod rows_csv;
mod schedule;
mod taps;

#[cfg(feature = "formats")]
mod digest;
#[cfg(feature = "formats")]
pub mod npz;
#[cfg(feature = "formats")]
mod run;
#[cfg(feature = "formats")]
pub mod table;

pub use config::{Keep, ProbeConfig, RecordConfig, Store};
pub use error::{CODES, RecordError, Result};
pub use frame::{Frame, Metrics, Pass, Sink, SinkError};
pub use row::Row;
pub use rows_csv::{csv_header, row_to_csv, rows_to_csv};
pub use schedule::{Cadence, Clock, Schedule};
pub use taps::TapSelection;

#[cfg(feature = "formats")]
pub use digest::digest;
#[cfg(feature = "formats")]
pub use npz::{Array, NpyArray};
#[cfg(feature = "formats")]
pub use run::{
    Attempt, Cost, FileEntry, LogLine, Manifest, Run, RunSetup, RunWriter, SCHEMA, Status, Sweep, SweepRun, Warning,
    replace,
};
#[cfg(feature = "formats")]
pub use table::{Cells, Column, Header, Table};
