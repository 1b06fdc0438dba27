//! Both axes of the information plane of one layer: `infoplane_measures::layers`.

use std::collections::HashMap;

use infoplane_measures::layers::{Bound, Kde, LAYER_ESTIMATORS, Layer, LayerEstimator, simd_level};
use infoplane_spec::stream;
use rand_core::Rng;

use crate::record::{Baseline, Report};
use crate::timing::{Times, once, time};

/// A layer with made-up values, and the name of its shape.
struct Case {
    shape: String,
    values: Vec<f32>,
    labels: Vec<u32>,
    units: usize,
    classes: usize,
}

impl Case {
    /// tanh of normal-like numbers: `spread` 0.5 fills the range, 20 saturates most units.
    fn new(rows: usize, units: usize, classes: usize, spread: f32, name: &str) -> Self {
        let mut rng = stream(1, "bench", (rows * units) as u64);
        let mut uniform = || (rng.next_u32() >> 8) as f32 / 16_777_216.0;
        let values = (0..rows * units).map(|_| (spread * (uniform() + uniform() + uniform() - 1.5)).tanh()).collect();
        let labels = (0..rows).map(|row| (row * 7 % classes) as u32).collect();
        Self { shape: format!("{rows}x{units}{name}"), values, labels, units, classes }
    }

    fn layer(&self) -> Layer<'_> {
        let Self { values, units, labels, classes, .. } = self;
        let (units, classes) = (*units, *classes);
        Layer { values, units, range: Some((-1.0, 1.0)), labels, classes, distinct_inputs: true }
    }
}

/// Runs every case whose name contains `text`.
pub(crate) fn run(report: &Report, text: &str) {
    report.note(&format!("one thread, {}; from f32 values to the results\n", simd_level()));
    let wanted = |case: &str| case.contains(text);
    let shapes = [
        (Case::new(4096, 10, 2, 1.0, ""), 300),
        (Case::new(4096, 5, 2, 1.0, ""), 300),
        (Case::new(4096, 10, 2, 40.0, " saturated"), 300),
        (Case::new(10_000, 1024, 10, 1.0, ""), 60),
        (Case::new(10_000, 1024, 10, 2000.0, " saturated"), 60),
    ];
    for (case, repeats) in &shapes {
        for spec in ["bins:30", "width:sweep"] {
            let name = format!("{spec} {}", case.shape);
            if wanted(&name) {
                binned(report, &name, spec, case, *repeats);
            }
        }
    }
    if wanted("bins:30 10000x1024 twice") {
        let mut case = Case::new(5000, 1024, 10, 1.0, "");
        case.values.extend_from_within(..);
        case.labels.extend_from_within(..);
        binned(report, "bins:30 10000x1024 twice each", "bins:30", &case, 60);
    }
    for (case, repeats) in [(Case::new(4096, 10, 2, 1.0, ""), 20), (Case::new(10_000, 100, 10, 1.0, ""), 5)] {
        let ladder: Vec<f64> = (0..8).map(|step| 0.1 * 2_f64.powi(step)).collect();
        let name = format!("kde 8 variances, both bounds {}", case.shape);
        if wanted(&name) {
            let kde = Kde { variances: ladder, bounds: vec![Bound::Upper, Bound::Lower] };
            kernel(report, &name, &kde, &case, repeats);
        }
        let name = format!("kde:sweep {}", case.shape);
        if wanted(&name) {
            kernel(report, &name, estimator("kde:sweep").as_ref(), &case, repeats);
        }
    }
    let case = Case::new(4096, 10, 2, 1.0, "");
    for spec in ["bins:30", "width:sweep", "kde:1e-3", "kde:1"] {
        let name = format!("200 label draws {spec} {}", case.shape);
        if wanted(&name) {
            let estimator = estimator(spec);
            let times = time(5, || estimator.label_null(&case.layer(), 200, 1, 1).map(|nulls| nulls.len()));
            let again = 200.0 * time(3, || estimator.estimate(&case.layer(), 1).map(|found| found.len())).median;
            report.case(&name, simd_level(), times, &Baseline { name: "200 estimates", seconds: again }, &[]);
        }
    }
}

fn estimator(spec: &str) -> Box<dyn LayerEstimator> {
    let found = spec.parse().and_then(|spec| infoplane_spec::find("estimator", LAYER_ESTIMATORS, &spec));
    found.unwrap_or_else(|error| panic!("{error}")).0
}

fn binned(report: &Report, name: &str, spec: &str, case: &Case, repeats: usize) {
    let estimator = estimator(spec);
    let times = time(repeats, || estimator.estimate(&case.layer(), 1).map(|found| found.len()));
    let scales = if spec == "width:sweep" { 9.0 } else { 1.0 };
    let seconds = scales * time(3, || cells_by_map(case)).median;
    report.case(name, simd_level(), times, &Baseline { name: "a map of rows for each scale", seconds }, &[]);
}

/// H(T) and H(T, Y) in 30 cells, with a map from whole rows to counts.
fn cells_by_map(case: &Case) -> f64 {
    let mut counts: HashMap<(Vec<u8>, u32), u32> = HashMap::new();
    let mut cells: HashMap<Vec<u8>, u32> = HashMap::new();
    for (row, label) in case.values.chunks_exact(case.units).zip(&case.labels) {
        let row: Vec<u8> = row.iter().map(|value| ((value + 1.0) * 15.0).min(29.0) as u8).collect();
        *cells.entry(row.clone()).or_default() += 1;
        *counts.entry((row, *label)).or_default() += 1;
    }
    let n_ln_n = |n: &u32| f64::from(*n) * f64::from(*n).ln();
    cells.values().map(n_ln_n).sum::<f64>() - counts.values().map(n_ln_n).sum::<f64>()
}

fn kernel(report: &Report, name: &str, kde: &dyn LayerEstimator, case: &Case, repeats: usize) {
    let times: Times = time(repeats, || kde.estimate(&case.layer(), 1).map(|found| found.len()));
    let rows = case.labels.len();
    let seconds = once(|| sums_of_rows(case, 64)) * rows as f64 / 64.0;
    report.case(name, simd_level(), times, &Baseline { name: "f64 pairs, one variance and bound", seconds }, &[]);
}

/// Kernel sums of the first rows in f64.
fn sums_of_rows(case: &Case, rows: usize) -> f64 {
    let row = |row: &[f32]| -> f64 {
        let kernel = |other: &[f32]| {
            let squares = row.iter().zip(other).map(|(a, b)| f64::from(a - b).powi(2));
            (-squares.sum::<f64>() / 2.0).exp()
        };
        case.values.chunks_exact(case.units).map(kernel).sum::<f64>().ln()
    };
    case.values.chunks_exact(case.units).take(rows).map(row).sum()
}
