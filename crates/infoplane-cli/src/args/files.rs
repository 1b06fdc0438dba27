//! Flags of the commands that estimate something on a file.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::Format;

#[derive(Debug, Args)]
pub(crate) struct TeArgs {
    #[command(flatten)]
    pub(crate) input: Input,
    /// Source: a column by name or place (from 0), several as `a,b` or `0..3`
    #[arg(long, value_name = "COLS")]
    pub(crate) source: String,
    /// Target
    #[arg(long, value_name = "COLS")]
    pub(crate) target: String,
    /// Conditional; may be repeated, each with its own history
    #[arg(long, value_name = "COLS")]
    pub(crate) cond: Vec<String>,
    /// Length of a conditional's history (1 unless given); once for all conditionals, or once for each
    #[arg(long, value_name = "N", requires = "cond")]
    pub(crate) cond_history: Vec<usize>,
    /// Spacing inside a conditional's history (1 unless given)
    #[arg(long, value_name = "N", requires = "cond")]
    pub(crate) cond_tau: Vec<usize>,
    /// Delay from a conditional to the target (1 unless given)
    #[arg(long, value_name = "N", requires = "cond")]
    pub(crate) cond_delay: Vec<usize>,
    #[command(flatten)]
    pub(crate) histories: Histories,
    /// Choose both histories from the data: `ragwitz` or `storage`, with `k`, `tau` (the longest tried) and `neighbours`
    #[arg(long, value_name = "RULE", conflicts_with_all = ["target_history", "source_history", "target_tau", "source_tau"])]
    pub(crate) embed: Option<String>,
    /// Measure the other direction, too
    #[arg(long)]
    pub(crate) both: bool,
    /// Show every delay of a scan, not only the strongest
    #[arg(short, long)]
    pub(crate) verbose: bool,
    #[command(flatten)]
    pub(crate) estimate: Estimate,
}

#[derive(Debug, Args)]
pub(crate) struct TeNetArgs {
    #[command(flatten)]
    pub(crate) input: Input,
    /// Nodes: columns by name or place (all unless given)
    #[arg(long, value_name = "COLS")]
    pub(crate) columns: Option<String>,
    #[command(flatten)]
    pub(crate) histories: Histories,
    /// File of the edges: `.csv`, `.json` or `.graphml`
    #[arg(short, long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) estimate: Estimate,
}

#[derive(Debug, Args)]
pub(crate) struct AisArgs {
    #[command(flatten)]
    pub(crate) input: Input,
    /// The series
    #[arg(long, value_name = "COLS")]
    pub(crate) x: String,
    /// Length of the history
    #[arg(short = 'k', long, value_name = "N", default_value_t = 1)]
    pub(crate) target_history: usize,
    /// Spacing inside the history
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub(crate) target_tau: usize,
    /// Choose the history from the data: `ragwitz` or `storage`, with `k`, `tau` (the longest tried) and `neighbours`
    #[arg(long, value_name = "RULE", conflicts_with_all = ["target_history", "target_tau"])]
    pub(crate) embed: Option<String>,
    #[command(flatten)]
    pub(crate) estimate: Estimate,
}

#[derive(Debug, Args)]
pub(crate) struct MiArgs {
    #[command(flatten)]
    pub(crate) input: Input,
    /// The first variable
    #[arg(long, value_name = "COLS")]
    pub(crate) x: String,
    /// The second variable
    #[arg(long, value_name = "COLS")]
    pub(crate) y: String,
    /// The condition
    #[arg(long, value_name = "COLS")]
    pub(crate) cond: Option<String>,
    #[command(flatten)]
    pub(crate) estimate: Estimate,
}

#[derive(Debug, Args)]
pub(crate) struct EntropyArgs {
    #[command(flatten)]
    pub(crate) input: Input,
    /// The variable
    #[arg(long, value_name = "COLS")]
    pub(crate) x: String,
    /// Another entropy than Shannon's
    #[arg(long, value_enum, requires = "order", value_name = "FAMILY")]
    pub(crate) family: Option<Family>,
    /// Its order α
    #[arg(long, requires = "family", allow_negative_numbers = true, value_name = "A")]
    pub(crate) order: Option<f64>,
    #[command(flatten)]
    pub(crate) estimate: Estimate,
}

#[derive(Debug, Args)]
pub(crate) struct EstimatorsArgs {
    /// One of them, with everything about it
    #[arg(value_name = "NAME")]
    pub(crate) name: Option<String>,
    #[arg(long, value_enum, default_value_t = Format::Human)]
    pub(crate) format: Format,
}

/// The file and its rows.
#[derive(Debug, Clone, Args)]
pub(crate) struct Input {
    /// CSV, TSV or other text, Parquet, NPY or NPZ; `-` reads standard input
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,
    /// Whether the first line of a text names the columns
    #[arg(long, value_enum, default_value_t = HeaderLine::Auto, value_name = "WHETHER")]
    pub(crate) header: HeaderLine,
    /// These rows only, from 0, both ends included
    #[arg(long, value_name = "A..B")]
    pub(crate) rows: Option<String>,
    /// Column of the trial that each row belongs to: no history reaches from one into another
    #[arg(long, value_name = "COL")]
    pub(crate) trial: Option<String>,
    /// What becomes of missing values: `mask` leaves out what needs them, and closes no gap
    #[arg(long, value_enum, default_value_t = Missing::Error, value_name = "HOW")]
    pub(crate) missing: Missing,
}

/// Histories and delay of transfer entropy.
#[derive(Debug, Clone, Args)]
pub(crate) struct Histories {
    /// Length of the target's history
    #[arg(short = 'k', long, value_name = "N", default_value_t = 1)]
    pub(crate) target_history: usize,
    /// Length of the source's history
    #[arg(short = 'l', long, value_name = "N", default_value_t = 1)]
    pub(crate) source_history: usize,
    /// Spacing inside the target's history
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub(crate) target_tau: usize,
    /// Spacing inside the source's history
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub(crate) source_tau: usize,
    /// From the source's last value to the target's next: a number, or a range `1..10` with both ends
    #[arg(long, value_name = "N", default_value = "1")]
    pub(crate) delay: String,
}

/// What all of them take.
#[derive(Debug, Clone, Args)]
pub(crate) struct Estimate {
    /// How it is estimated, see `infoplane estimators` (`ksg:4`; entropies `knn:4`)
    #[arg(long, value_name = "SPEC")]
    pub(crate) estimator: Option<String>,
    /// Makes symbols of real values for estimators that count: `quantile:3`, `bins:8`, `ordinal:3` …
    #[arg(long, value_name = "SPEC")]
    pub(crate) symbols: Option<String>,
    /// z-scores: of the series (`before`), of the embedded columns (`after`), none; `before` where it matters, unless given
    #[arg(long, value_enum, value_name = "WHEN")]
    pub(crate) normalise: Option<Normalise>,
    /// Rows at most this far apart in time are no neighbours
    #[arg(long, value_name = "W")]
    pub(crate) theiler: Option<usize>,
    /// Surrogates; none unless given
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=10_000_000))]
    pub(crate) null: Option<u32>,
    /// How surrogates move the source: permute, shift, block, block:LEN, local (shift unless given)
    #[arg(long, value_name = "KIND", requires = "null")]
    pub(crate) null_kind: Option<String>,
    /// Seed of surrogates and of noise against ties (0 unless given)
    #[arg(long, value_name = "S")]
    pub(crate) seed: Option<u64>,
    /// Unit of values (nats unless given)
    #[arg(long, value_enum, value_name = "UNIT")]
    pub(crate) unit: Option<Unit>,
    /// Write local values to FILE, as CSV `row,value`
    #[arg(long, value_name = "FILE")]
    pub(crate) local: Option<PathBuf>,
    /// Replace files that stand where output goes
    #[arg(long)]
    pub(crate) force: bool,
    /// Threads (all cores unless given); results do not depend on it
    #[arg(short = 'j', long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=4096))]
    pub(crate) threads: Option<u32>,
    /// How results are written
    #[arg(long, value_enum, default_value_t = Format::Human)]
    pub(crate) format: Format,
    /// Say nothing but errors and results
    #[arg(short, long)]
    pub(crate) quiet: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum HeaderLine {
    Auto,
    Yes,
    No,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Missing {
    Error,
    Mask,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Normalise {
    None,
    Before,
    After,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Unit {
    Nats,
    Bits,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Family {
    Renyi,
    Tsallis,
}
