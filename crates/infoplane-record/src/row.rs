//! The row: one estimate with everything a reader needs to judge it.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// One estimate. A field that does not apply is absent from the file; keys keep this order.
///
/// Rows of a run are in bits. No field holds wall-clock time, so equal seeds give equal bytes.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Row {
    /// Run identifier, such as `ib-tanh/seed-0`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub run: Option<String>,
    /// Training seed; of an estimate on a file the seed of its surrogates.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seed: Option<u64>,
    /// Stretch of training between resumes, counted from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attempt: Option<u32>,
    /// Optimiser steps done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub step: Option<u64>,
    /// Passes over the training data done; a fraction inside an epoch.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub epoch: Option<f64>,
    /// Tap of a measure of one layer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub layer: Option<String>,
    /// Source tap (networks) or column (files).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// Target tap or column.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target: Option<String>,
    /// Coordinate of the source, only in a row about one unit pair.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source_unit: Option<u32>,
    /// Coordinate of the target.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target_unit: Option<u32>,
    /// Conditional columns.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cond: Option<String>,
    /// Stratum the measure is given: `class`, `block:256`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub given: Option<String>,
    /// What is measured: `te`, `coupling`, `i_xt` …
    pub measure: String,
    /// Canonical spec of the estimator.
    pub estimator: String,
    /// Resolved parameters of the estimator.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub params: Map<String, Value>,
    /// Canonical spec of the transform to symbols.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub symbols: Option<String>,
    /// Time axis: `samples`, `probe`, `steps`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time: Option<String>,
    /// Order of the samples: `shuffled`, `by-class`, `natural`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub order: Option<String>,
    /// Index of the window in its epoch; 0 on the probe.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub window: Option<u32>,
    /// History of the target.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub k: Option<u32>,
    /// History of the source.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub l: Option<u32>,
    /// Spacing inside the target's history.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target_tau: Option<u32>,
    /// Spacing inside the source's history.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source_tau: Option<u32>,
    /// Delay from source to target; 0 for `coupling`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delay: Option<u32>,
    /// The estimate; for a layer pair the mean over its unit pairs.
    pub value: f64,
    /// `bits` or `nats`.
    pub unit: String,
    /// Lower end of the interval.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lo: Option<f64>,
    /// Upper end of the interval.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hi: Option<f64>,
    /// What the interval is: `seeds-t95`, `bootstrap-95`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub interval: Option<String>,
    /// Embedded rows N.
    pub n: u64,
    /// Expected value under independence.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub floor: Option<f64>,
    /// Largest value the data can show.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ceiling: Option<f64>,
    /// Canonical spec of the null.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub null: Option<String>,
    /// Number of surrogate draws.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub draws: Option<u32>,
    /// Mean over the draws.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub null_mean: Option<f64>,
    /// Standard deviation over the draws.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub null_sd: Option<f64>,
    /// `value` − `null_mean`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub effective: Option<f64>,
    /// p-value.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub p: Option<f64>,
    /// Where p comes from: `draws`, `analytic`, `exact`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub p_from: Option<String>,
    /// p adjusted for multiplicity.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub q: Option<f64>,
    /// What q was adjusted over, with the number of tests.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub family: Option<String>,
    /// Unit pairs in the mean.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pairs: Option<u32>,
    /// Unit pairs with a constant unit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pairs_constant: Option<u32>,
    /// Unit pairs with q < .05.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pairs_significant: Option<u32>,
    /// Smallest value over unit pairs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min: Option<f64>,
    /// Largest value over unit pairs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max: Option<f64>,
    /// Standard deviation over unit pairs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sd: Option<f64>,
    /// Mean rate of ones of the source's units.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rate_source: Option<f64>,
    /// Mean rate of ones of the target's units.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rate_target: Option<f64>,
    /// `reliable`, `saturated`, `at-ceiling`, `untestable`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub badge: Option<String>,
    /// Codes of warnings.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<String>,
    /// Files: rows read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub n_source_rows: Option<u64>,
    /// Files: share of tied rows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ties: Option<f64>,
    /// Files: columns dropped as linearly dependent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dropped: Option<Vec<String>>,
    /// Digest of the frame and the plan entry that the row is a function of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub digest: Option<String>,
}

impl Row {
    /// The names of the columns, in order.
    pub const COLUMNS: &'static [&'static str] = &[
        "run",
        "seed",
        "attempt",
        "step",
        "epoch",
        "layer",
        "source",
        "target",
        "source_unit",
        "target_unit",
        "cond",
        "given",
        "measure",
        "estimator",
        "params",
        "symbols",
        "time",
        "order",
        "window",
        "k",
        "l",
        "target_tau",
        "source_tau",
        "delay",
        "value",
        "unit",
        "lo",
        "hi",
        "interval",
        "n",
        "floor",
        "ceiling",
        "null",
        "draws",
        "null_mean",
        "null_sd",
        "effective",
        "p",
        "p_from",
        "q",
        "family",
        "pairs",
        "pairs_constant",
        "pairs_significant",
        "min",
        "max",
        "sd",
        "rate_source",
        "rate_target",
        "badge",
        "warnings",
        "n_source_rows",
        "ties",
        "dropped",
        "digest",
    ];
}
