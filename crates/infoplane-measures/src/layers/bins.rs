//! `bins`: every unit in the same number of cells of equal width, every row one joint cell.
//!
//! ```text
//! cell of unit u in row i = ⌊cells·(t_iu − lo)/(hi − lo)⌋, hi itself in the last     T̂_i = all units' cells
//! I(X;T̂) = H(T̂) = −Σ p ln p         I(T̂;Y) = H(T̂) + H(Y) − H(T̂, Y)
//! ```
//! `cells` counts *cells*, not edges: the "30 bins" of the first published code are 30 edges, hence 29 cells. Unit: nats.
//!
//! **Fails** where the range is not the activation's: cells on \[−1, 1\] have manufactured compression of `ReLU` layers.
//! So values outside are refused unless a policy is named (`own`: one cell below and one above; `clip`: the outermost
//! cells), and an unbounded activation needs `lo` and `hi`. With as many joint cells as rows it only counts rows.
//!
//! Reference: R. Shwartz-Ziv, N. Tishby, arXiv:1703.00810.

use std::str::FromStr;

use infoplane_spec::{Arguments, Entry, Parameter, SpecError};

use super::binned::{estimate, has_coarse_unit};
use super::estimate::{Context, LayerEstimate};
use super::grid::{Cells, Grid, OpenGrid, tolerance};
use super::label_null::of_partitions;
use super::partition::Partition;
use super::scan::UnitRanges;
use super::{LabelNull, Layer, LayerEstimator};
use crate::{Error, Result};

/// Cells of equal width in a fixed range.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bins {
    /// Number of cells a unit, at least 1.
    pub cells: u32,
    /// Lower end; that of the tap's activation if not given.
    pub lo: Option<f64>,
    /// Upper end, likewise.
    pub hi: Option<f64>,
    /// What becomes of values outside.
    pub outside: Outside,
}

/// What becomes of values outside the cells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outside {
    /// They are refused.
    Error,
    /// One more cell below and one above.
    Own,
    /// They count as in the outermost cells.
    Clip,
}

impl FromStr for Outside {
    type Err = ();

    fn from_str(text: &str) -> std::result::Result<Self, ()> {
        match text {
            "error" => Ok(Self::Error),
            "own" => Ok(Self::Own),
            "clip" => Ok(Self::Clip),
            _ => Err(()),
        }
    }
}

pub(super) const ENTRY: Entry<Box<dyn LayerEstimator>> = Entry {
    name: "bins",
    summary: "joint cells of equal width in the range of the activation, plug-in entropy",
    citation: "R. Shwartz-Ziv, N. Tishby, arXiv:1703.00810",
    parameters: &[
        Parameter { key: "cells", default: Some("30"), summary: "cells a unit (not edges), at least 1" },
        Parameter { key: "lo", default: Some(""), summary: "lower end; that of the activation's range if not given" },
        Parameter { key: "hi", default: Some(""), summary: "upper end; that of the activation's range if not given" },
        Parameter { key: "outside", default: Some("error"), summary: "values outside: error, own or clip" },
    ],
    build: |arguments| Ok(Box::new(build(arguments)?)),
};

fn build(arguments: &Arguments) -> std::result::Result<Bins, SpecError> {
    let end = |key: &str| match arguments.text(key) {
        "" => Ok(None),
        _ => arguments.check(key, "a finite number", |end: &f64| end.is_finite()).map(Some),
    };
    let bins = Bins {
        cells: arguments.check("cells", "a whole number from 1 to 2^24", |cells| (1..=1 << 24).contains(cells))?,
        lo: end("lo")?,
        hi: end("hi")?,
        outside: arguments.parse("outside", "error, own or clip")?,
    };
    match (bins.lo, bins.hi) {
        (Some(lo), Some(hi)) if lo >= hi => Err(arguments.refuse("hi", "a number above lo")),
        _ => Ok(bins),
    }
}

impl Bins {
    /// The ends of the cells for a tap whose activation has this range.
    fn ends(&self, range: Option<(f64, f64)>) -> Result<(f64, f64)> {
        let lo = self.lo.or(range.map(|range| range.0));
        let hi = self.hi.or(range.map(|range| range.1));
        let refused = |got: String| {
            let allowed = "lo below hi, both given (`bins:cells=30,lo=0,hi=5`) where the activation has no range; \
                           or use `width:sweep`, which needs none";
            Error::Parameter { parameter: "bins: lo, hi", got, allowed }
        };
        match (lo, hi) {
            (Some(lo), Some(hi)) if lo < hi => Ok((lo, hi)),
            (Some(lo), Some(hi)) => Err(refused(format!("{lo}, {hi}"))),
            _ => Err(refused("nothing, and an unbounded activation".to_owned())),
        }
    }

    fn divide(&self, layer: &Layer) -> Result<Divided> {
        layer.check()?;
        let (lo, hi) = self.ends(layer.range)?;
        let slack = tolerance(lo, hi);
        let (below, above) = (lo - slack, hi + slack);
        let inside = Grid::between(lo, hi, self.cells);
        let (partition, ranges, coarse) = match self.outside {
            Outside::Own => divide(layer, OpenGrid { inside, below, above })?,
            _ => divide(layer, inside)?,
        };
        let (min, max) = ranges.extremes();
        let fits = f64::from(min) >= below && f64::from(max) <= above;
        let is_out = |value: &f32| f64::from(*value) < below || f64::from(*value) > above;
        if !fits && self.outside == Outside::Error {
            let at = layer.values.iter().position(is_out).unwrap_or(0);
            let value = f64::from(layer.values[at]);
            return Err(Error::OutOfRange { column: at % layer.units, value, lo, hi });
        }
        let missed = if fits { 0 } else { layer.values.iter().filter(|value| is_out(value)).count() };
        let few_cells = coarse || missed as f64 > 0.01 * layer.values.len() as f64;
        let outside = match self.outside {
            Outside::Error => "error",
            Outside::Own => "own",
            Outside::Clip => "clip",
        };
        let estimator = format!("bins:cells={},lo={lo},hi={hi},outside={outside}", self.cells);
        Ok(Divided { estimator, partition, few_cells })
    }
}

/// A layer in its cells.
struct Divided {
    estimator: String,
    partition: Partition,
    few_cells: bool,
}

fn divide<C: Cells>(layer: &Layer, cells: C) -> Result<(Partition, UnitRanges, bool)> {
    let (partition, ranges) = Partition::scanned(layer.values, layer.units, cells)?;
    let coarse = has_coarse_unit(layer, &ranges, cells);
    Ok((partition, ranges, coarse))
}

impl LayerEstimator for Bins {
    fn check(&self, range: Option<(f64, f64)>) -> Result<()> {
        self.ends(range).map(|_| ())
    }

    fn estimate(&self, layer: &Layer, _threads: usize) -> Result<Vec<LayerEstimate>> {
        let Divided { estimator, partition, few_cells } = self.divide(layer)?;
        Ok(vec![estimate(&Context::new(layer), layer, estimator, &partition, few_cells)])
    }

    fn label_null(&self, layer: &Layer, draws: usize, seed: u64, threads: usize) -> Result<Vec<LabelNull>> {
        let partition = self.divide(layer)?.partition;
        let label_entropy = Context::new(layer).label_entropy;
        Ok(of_partitions(&[partition], layer, label_entropy, draws, seed, threads))
    }
}
