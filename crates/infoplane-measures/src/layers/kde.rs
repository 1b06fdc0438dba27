//! `kde`: bounds on the information of a layer with Gaussian noise of variance v added to it.
//!
//! ```text
//! T = h(X) + N(0, v·1)
//! upper  I(X;T) ≤ −(1/N) Σ_i ln (1/N) Σ_j exp(−‖t_i − t_j‖²/(2v))       lower: the same with 8v for 2v
//! H(T) = I(X;T) + (d/2)(ln 2πv + 1)                                      I(T;Y) = H(T) − Σ_y p(y) H(T|y)
//! ```
//! `t_i` are the rows of the layer, d its units. The self term counts. Unit: nats.
//!
//! I(T;Y) takes H(T) and each H(T|y) by the same bound: a difference of bounds, no bound itself; it never exceeds H(Y)
//! nor that I(X;T). All variances and both bounds come from one pass over the distances, and so do both axes.
//! `kde:sweep` reads half decades, rounded to four digits: v = 1e-4, 3.162e-4 … 1e-1, 3.162e-1.
//!
//! **Fails** by choice of v: where v is small against distances between rows every row stands alone and the value is
//! ln N; where it is large, 0. The noise is the analyst's, so a value means nothing without its v.
//!
//! Reference: A. Kolchinsky, B. D. Tracey, doi:10.3390/e19070361.

use std::f64::consts::{LOG2_E, TAU};

use infoplane_spec::{Arguments, Entry, Parameter, SpecError};

use super::distances::{KernelSums, Rows};
use super::estimate::{Context, LayerEstimate, Reading};
use super::grid::Exact;
use super::kde_null::null;
use super::partition::Partition;
use super::scan::UnitRanges;
use super::{LabelNull, Layer, LayerEstimator};
use crate::Result;
use crate::simd::Level;

/// Kolchinsky–Tracey bounds at some noise variances.
#[derive(Debug, Clone, PartialEq)]
pub struct Kde {
    /// Noise variances v, each between 1e-12 and 1e12.
    pub variances: Vec<f64>,
    /// Which bounds, in the order of the results.
    pub bounds: Vec<Bound>,
}

/// One of the two bounds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bound {
    /// From the Kullback–Leibler divergence of the components.
    Upper,
    /// From their Chernoff divergence at ½: the upper bound's formula with 4v for v.
    Lower,
}

impl Bound {
    fn name(self) -> &'static str {
        match self {
            Self::Upper => "upper",
            Self::Lower => "lower",
        }
    }

    /// f in `exp(−f ‖t_i − t_j‖²)`.
    pub(crate) fn exponent(self, variance: f64) -> f64 {
        match self {
            Self::Upper => 0.5 / variance,
            Self::Lower => 0.125 / variance,
        }
    }

    /// The factor f in `2^(−f ‖t_i − t_j‖²)`.
    fn factor(self, variance: f64) -> f32 {
        (LOG2_E * self.exponent(variance)) as f32
    }
}

const SWEEP: [f64; 8] = [1e-4, 3.162e-4, 1e-3, 3.162e-3, 1e-2, 3.162e-2, 1e-1, 3.162e-1];

pub(super) const ENTRY: Entry<Box<dyn LayerEstimator>> = Entry {
    name: "kde",
    summary: "Kolchinsky–Tracey bounds for a layer with Gaussian noise of variance v; `sweep` reads many in one pass",
    citation: "A. Kolchinsky, B. D. Tracey, doi:10.3390/e19070361",
    parameters: &[
        Parameter {
            key: "v",
            default: Some("1e-3"),
            summary: "noise variance, or `sweep`: 1e-4 … 0.3162 in half decades",
        },
        Parameter { key: "bound", default: Some("both"), summary: "upper, lower or both" },
    ],
    build: |arguments| Ok(Box::new(build(arguments)?)),
};

fn build(arguments: &Arguments) -> std::result::Result<Kde, SpecError> {
    let variances = match arguments.text("v") {
        "sweep" => SWEEP.to_vec(),
        _ => vec![arguments.check("v", "a number from 1e-12 to 1e12, or `sweep`", |v| (1e-12..=1e12).contains(v))?],
    };
    let bounds = match arguments.text("bound") {
        "both" => vec![Bound::Upper, Bound::Lower],
        "upper" => vec![Bound::Upper],
        "lower" => vec![Bound::Lower],
        _ => return Err(arguments.refuse("bound", "upper, lower or both")),
    };
    Ok(Kde { variances, bounds })
}

impl Kde {
    /// Every variance with every bound, in the order of the results.
    fn readings(&self) -> impl Iterator<Item = (f64, Bound)> {
        self.variances.iter().flat_map(|variance| self.bounds.iter().map(|bound| (*variance, *bound)))
    }

    /// The factors that occur, ascending: with variances in ratio 2 or 4, lower and upper bounds share them.
    pub(super) fn factors(&self) -> Vec<f32> {
        let mut factors: Vec<f32> = self.readings().map(|(variance, bound)| bound.factor(variance)).collect();
        factors.sort_by(f32::total_cmp);
        factors.dedup();
        factors
    }

    /// For each result, the place of its factor.
    fn places(&self, factors: &[f32]) -> Vec<usize> {
        let place = |(variance, bound): (f64, Bound)| {
            let factor = bound.factor(variance);
            factors.partition_point(|other| *other < factor)
        };
        self.readings().map(place).collect()
    }

    /// Estimates at one level of instructions.
    pub(super) fn estimate_at(&self, layer: &Layer, threads: usize, level: Level) -> Result<Vec<LayerEstimate>> {
        layer.check()?;
        UnitRanges::of(layer.values, layer.units)?;
        let context = Context::new(layer);
        let distinct = Partition::of(layer.values, layer.units, Exact).distinct();
        let factors = self.factors();
        let rows = Rows::new(layer, level);
        let sums = rows.kernel_sums(&factors, threads);
        let class_counts = layer.class_counts();
        let axes: Vec<Axes> = (0..factors.len()).map(|scale| Axes::of(&sums, &rows, &class_counts, scale)).collect();
        let reading = |((variance, bound), place): ((f64, Bound), usize)| {
            let Axes { i_xt, i_ty } = axes[place];
            context.estimate(Reading {
                estimator: format!("kde:v={variance:e},bound={}", bound.name()),
                i_xt,
                i_ty,
                h_t: i_xt + 0.5 * layer.units as f64 * ((TAU * variance).ln() + 1.0),
                distinct,
                cells: i_xt.exp(),
            })
        };
        Ok(self.readings().zip(self.places(&factors)).map(reading).collect())
    }
}

/// Both axes at one scale.
#[derive(Clone, Copy)]
struct Axes {
    i_xt: f64,
    i_ty: f64,
}

impl Axes {
    fn of(sums: &KernelSums, rows: &Rows, class_counts: &[u32], scale: usize) -> Self {
        let n = rows.count();
        let (own, other) = (&sums.own[scale * n..][..n], &sums.other[scale * n..][..n]);
        let (mut all, mut class) = (0.0, 0.0);
        for ((own, other), label) in own.iter().zip(other).zip(&rows.classes) {
            all += ((1.0 + own + other) / n as f64).ln();
            class += ((1.0 + own) / f64::from(class_counts[*label as usize])).ln();
        }
        let n = n as f64;
        Self { i_xt: (-all / n).max(0.0), i_ty: (class - all) / n }
    }
}

impl LayerEstimator for Kde {
    fn estimate(&self, layer: &Layer, threads: usize) -> Result<Vec<LayerEstimate>> {
        self.estimate_at(layer, threads, Level::detect())
    }

    fn label_null(&self, layer: &Layer, draws: usize, seed: u64, threads: usize) -> Result<Vec<LabelNull>> {
        layer.check()?;
        UnitRanges::of(layer.values, layer.units)?;
        let factors = self.factors();
        let nulls = null(layer, &factors, draws, seed, threads, Level::detect());
        Ok(self.places(&factors).into_iter().map(|place| nulls[place].clone()).collect())
    }
}
