//! What a figure is drawn from, and what may be chosen about it.

use std::ops::RangeInclusive;

use infoplane_record::{Metrics, Row};

/// Allowed widths of a figure in CSS pixels.
pub(crate) const WIDTHS: RangeInclusive<f64> = 280.0..=2000.0;

/// What a figure is drawn from.
#[derive(Debug, Clone, Copy, Default)]
pub struct Data<'a> {
    /// Rows of one or more networks and seeds, in bits, taps in forward order.
    pub rows: &'a [Row],
    /// How training stood at each snapshot, with the run's id.
    pub metrics: &'a [(String, Metrics)],
    /// The unit pairs of one layer pair, for `te-units`.
    pub units: Option<&'a UnitMatrix>,
}

/// The unit pairs of one layer pair at one snapshot.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct UnitMatrix {
    /// Run identifier.
    pub run: String,
    /// Passes over the training data done.
    pub epoch: f64,
    /// `te`, `coupling` or `tie`.
    pub measure: String,
    /// Time axis.
    pub time: String,
    /// Order of the samples.
    pub order: Option<String>,
    /// Driver the measure is given.
    pub given: Option<String>,
    /// Source tap.
    pub source: String,
    /// Target tap.
    pub target: String,
    /// Coordinates of the sources kept.
    pub source_units: Vec<u32>,
    /// Coordinates of the targets kept.
    pub target_units: Vec<u32>,
    /// Values, row-major \[sources, targets\], bits.
    pub value: Vec<f64>,
    /// p of each pair.
    pub p: Option<Vec<f64>>,
    /// p of each pair, adjusted.
    pub q: Option<Vec<f64>>,
    /// Embedded rows N.
    pub n: Option<u64>,
}

/// What may be chosen about a figure; what is left out is chosen from the rows.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Options {
    /// One of [`networks`]; else the first.
    pub network: Option<String>,
    /// `te`, `coupling` or `tie`; else the first of these.
    pub measure: Option<String>,
    /// A spec: `bins`, `bins:30`, `kde:v=0.001,bound=upper`.
    pub estimator: Option<String>,
    /// `samples`, `probe`, `steps`.
    pub time: Option<String>,
    /// `shuffled`, `by-class`, `natural`.
    pub order: Option<String>,
    /// `none`, `class`, `block:256`.
    pub given: Option<String>,
    /// Snapshot of a figure at one epoch: the nearest one; else the last.
    pub epoch: Option<f64>,
    /// Source tap of a figure of one layer pair.
    pub source: Option<String>,
    /// Target tap of a figure of one layer pair.
    pub target: Option<String>,
    /// Title in place of the figure's own.
    pub title: Option<String>,
    /// Width in CSS pixels, 280 to 2000; else 400. One journal column is 318.
    pub width: Option<f64>,
}

/// The network of a run: its identifier without the seed.
///
/// ```
/// use infoplane_figures::network_of;
///
/// assert_eq!(network_of("demo/ib12-tanh-seed-0"), "demo/ib12-tanh");
/// assert_eq!(network_of("ib-tanh/seed-12"), "ib-tanh");
/// assert_eq!(network_of("mine"), "mine");
/// ```
pub fn network_of(run: &str) -> &str {
    let without_number = run.trim_end_matches(|c: char| c.is_ascii_digit());
    let numbered = without_number.len() < run.len();
    match without_number.strip_suffix("seed-") {
        Some(rest) if numbered && (rest.is_empty() || rest.ends_with(['-', '/'])) => rest.trim_end_matches(['-', '/']),
        _ => run,
    }
}

/// The networks of rows, in the order they appear.
pub fn networks(rows: &[Row]) -> Vec<String> {
    distinct(rows.iter().filter_map(|row| row.run.as_deref()).map(network_of))
}

/// What differs, in the order it appears.
pub(crate) fn distinct<'a>(names: impl Iterator<Item = &'a str>) -> Vec<String> {
    let mut seen: Vec<String> = Vec::new();
    for name in names {
        if !seen.iter().any(|s| s == name) {
            seen.push(name.to_owned());
        }
    }
    seen
}
