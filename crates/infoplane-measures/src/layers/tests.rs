//! Known answers and laws of the layer estimators.

use std::f64::consts::LN_2;

use infoplane_spec::{below, find, shuffle, stream};

use super::*;
use crate::reliability::spurious_information;
use crate::{Badge, Error};

fn estimator(spec: &str) -> Box<dyn LayerEstimator> {
    find("estimator", LAYER_ESTIMATORS, &spec.parse().unwrap()).unwrap().0
}

fn layer<'a>(values: &'a [f32], units: usize, range: Option<(f64, f64)>, labels: &'a [u32]) -> Layer<'a> {
    let classes = labels.iter().max().map_or(0, |label| *label as usize + 1);
    Layer { values, units, range, labels, classes, distinct_inputs: true }
}

const TANH: Option<(f64, f64)> = Some((-1.0, 1.0));

/// Quantiles of the standard normal distribution at (i + ½)/n, by bisection-free inversion of its cumulative function.
fn normal_grid(n: usize) -> Vec<f64> {
    use statrs::distribution::{ContinuousCDF, Normal};
    let normal = Normal::standard();
    (0..n).map(|i| normal.inverse_cdf((i as f64 + 0.5) / n as f64)).collect()
}

/// A deterministic layer: tanh of random projections of the `rows` binary patterns of 12 bits, and a label.
fn network(rows: usize, units: usize, gain: f32) -> (Vec<f32>, Vec<u32>) {
    let mut rng = stream(11, "test", units as u64);
    let weights: Vec<f32> = (0..12 * units).map(|_| gain * (below(&mut rng, 2001) as f32 / 1000.0 - 1.0)).collect();
    let bit = |row: usize, place: usize| ((row >> place) & 1) as f32 - 0.5;
    let unit = |row: usize, unit: usize| (0..12).map(|i| bit(row, i) * weights[unit * 12 + i]).sum::<f32>().tanh();
    let values = (0..rows).flat_map(|row| (0..units).map(move |u| (row, u))).map(|(row, u)| unit(row, u)).collect();
    let labels = (0..rows).map(|row| u32::from(row.count_ones() + ((row >> 3) & 1) as u32 > 6)).collect();
    (values, labels)
}

const ALL: [&str; 6] = ["bins:30", "bins:3", "width:0.07", "width:sweep", "kde:0.05", "kde:sweep"];

#[test]
fn one_tanh_neuron_in_thirty_cells() {
    let x = normal_grid(400_000);
    for (weight, bits) in [(0.1, 2.6445), (1.0, 4.8771), (3.0, 3.5153), (10.0, 2.0442)] {
        let values: Vec<f32> = x.iter().map(|x| (weight * x).tanh() as f32).collect();
        let labels = vec![0; values.len()];
        let estimate = &estimator("bins:30").estimate(&layer(&values, 1, TANH, &labels), 1).unwrap()[0];
        assert!((estimate.i_xt / LN_2 - bits).abs() < 5.1e-5, "w = {weight}: {} bit", estimate.i_xt / LN_2);
        assert!(estimate.i_ty.abs() < 1e-12);
    }
}

#[test]
fn one_relu_neuron_never_falls_at_a_fixed_width() {
    // Fine enough for the thousands of cells that the tail reaches at w = 10.
    let x = normal_grid(3_000_000);
    for (weight, bits) in [(0.1, 1.0939), (1.0, 3.2844), (10.0, 5.0778)] {
        let values: Vec<f32> = x.iter().map(|x| (weight * x).max(0.0) as f32).collect();
        let labels = vec![0; values.len()];
        let estimate = &estimator("width:0.07").estimate(&layer(&values, 1, None, &labels), 1).unwrap()[0];
        assert!((estimate.h_t.unwrap() / LN_2 - bits).abs() < 5.1e-5, "w = {weight}: {} bit", estimate.i_xt / LN_2);
    }
}

#[test]
fn thresholds_can_be_enumerated() {
    // Units x0 ∧ x1, x0 ∨ x1, x0 ⊕ x1 of four equally likely inputs: states 000, 011, 011, 110.
    let values: Vec<f32> =
        [[0, 0, 0], [0, 1, 1], [0, 1, 1], [1, 1, 0]].concat().into_iter().map(|b| b as f32).collect();
    let labels = [0, 1, 1, 0];
    let layer = layer(&values, 3, Some((0.0, 1.0)), &labels);
    for spec in ["bins:2", "width:0.5", "width:sweep"] {
        let estimates = estimator(spec).estimate(&layer, 1).unwrap();
        let last = estimates.last().unwrap();
        assert!((last.i_xt - 1.5 * LN_2).abs() < 1e-15, "{spec}");
        assert!((last.i_ty - LN_2).abs() < 1e-15, "{spec}");
        assert_eq!(last.distinct, 3);
        assert!(!last.warnings.contains(&SCALE_CHOSEN), "thresholds are not continuous");
    }
}

#[test]
fn kernel_bounds_of_a_pair_enclose_the_exact_value() {
    for (distance, exact, upper, lower) in
        [(1.0, 0.111_421, 0.219_070, 0.060_548), (4.0, 0.632_720, 0.692_812, 0.566_219)]
    {
        let values = [3.0, 3.0 + distance];
        let estimates = estimator("kde:1").estimate(&layer(&values, 1, None, &[0, 1]), 1).unwrap();
        assert!((estimates[0].i_xt - upper).abs() < 6e-7, "{}", estimates[0].i_xt);
        assert!((estimates[1].i_xt - lower).abs() < 6e-7, "{}", estimates[1].i_xt);
        assert!(estimates[1].i_xt < exact && exact < estimates[0].i_xt);
        // Each label names its row, so the label's information is the row's.
        assert!((estimates[0].i_ty - estimates[0].i_xt).abs() < 1e-12);
    }
}

#[test]
fn far_clusters_have_the_entropy_of_their_number() {
    for clusters in [2_usize, 5, 16] {
        let rows = 40 * clusters;
        let values: Vec<f32> = (0..rows * 3).map(|place| ((place / 3) % clusters) as f32 * 100.0).collect();
        let labels: Vec<u32> = (0..rows).map(|row| (row % clusters) as u32).collect();
        for estimate in estimator("kde:sweep").estimate(&layer(&values, 3, None, &labels), 1).unwrap() {
            assert!((estimate.i_xt - (clusters as f64).ln()).abs() < 1e-12, "{}", estimate.estimator);
            assert!((estimate.i_ty - (clusters as f64).ln()).abs() < 1e-12, "{}", estimate.estimator);
            assert_eq!(estimate.distinct, clusters);
        }
    }
}

#[test]
fn units_may_change_places() {
    let (values, labels) = network(700, 7, 1.0);
    let order = [3, 0, 6, 5, 1, 2, 4];
    let moved: Vec<f32> = values.chunks_exact(7).flat_map(|row| order.map(|unit| row[unit])).collect();
    for spec in ALL {
        let here = estimator(spec).estimate(&layer(&values, 7, TANH, &labels), 1).unwrap();
        let there = estimator(spec).estimate(&layer(&moved, 7, TANH, &labels), 1).unwrap();
        for (here, there) in here.iter().zip(&there) {
            let limit = if spec.starts_with("kde") { 1e-6 } else { 0.0 };
            assert!((here.i_xt - there.i_xt).abs() <= limit && (here.i_ty - there.i_ty).abs() <= limit, "{spec}");
        }
    }
}

#[test]
fn doubled_rows_change_nothing() {
    let (mut values, mut labels) = network(500, 5, 2.0);
    let once: Vec<_> =
        ALL.iter().map(|s| estimator(s).estimate(&layer(&values, 5, TANH, &labels), 1).unwrap()).collect();
    values.extend_from_within(..);
    labels.extend_from_within(..);
    for (spec, once) in ALL.iter().zip(once) {
        let twice = estimator(spec).estimate(&layer(&values, 5, TANH, &labels), 1).unwrap();
        for (once, twice) in once.iter().zip(&twice) {
            let limit = if spec.starts_with("kde") { 1e-6 } else { 1e-12 };
            assert!((once.i_xt - twice.i_xt).abs() < limit && (once.i_ty - twice.i_ty).abs() < limit, "{spec}");
            assert_eq!(once.distinct, twice.distinct);
        }
    }
}

#[test]
fn the_label_never_tells_more_than_it_holds_or_the_input_does() {
    for (units, gain) in [(1, 0.3), (3, 1.0), (10, 4.0)] {
        let (values, labels) = network(1024, units, gain);
        for spec in ALL {
            for estimate in estimator(spec).estimate(&layer(&values, units, TANH, &labels), 2).unwrap() {
                let most = estimate.ceiling_ty.min(estimate.i_xt);
                assert!(estimate.i_ty <= most + 1e-7, "{}: {} > {most}", estimate.estimator, estimate.i_ty);
                assert!(estimate.i_xt <= estimate.ceiling_xt + 1e-12);
            }
        }
    }
}

#[test]
fn a_sweep_is_the_single_widths() {
    for (units, range) in [(3, TANH), (10, TANH), (10, None), (33, TANH)] {
        let (mut values, labels) = network(1000, units, 0.4);
        if range.is_none() {
            for value in &mut values {
                *value = (3.0 * *value).max(0.0);
            }
        }
        let layer = layer(&values, units, range, &labels);
        let sweep = estimator("width:sweep").estimate(&layer, 1).unwrap();
        assert_eq!(sweep.len(), 9);
        for nested in &sweep {
            let mut single = estimator(&nested.estimator).estimate(&layer, 1).unwrap();
            // a coarse width is the point of a sweep and the fault of a single choice
            single[0].warnings.retain(|code| *code != FEW_CELLS);
            assert_eq!(nested, &single[0]);
        }
        assert!(sweep.windows(2).all(|pair| pair[0].distinct <= pair[1].distinct));
    }
}

#[test]
fn saturated_units_fill_two_cells_at_every_width() {
    let values: Vec<f32> = (0..600).map(|row| if row % 3 == 0 { -1.0 } else { 1.0 }).collect();
    let labels: Vec<u32> = (0..600).map(|row| u32::from(row % 3 == 0)).collect();
    for estimate in estimator("width:sweep").estimate(&layer(&values, 1, TANH, &labels), 1).unwrap() {
        assert_eq!(estimate.distinct, 2);
        assert!((estimate.i_ty - estimate.ceiling_ty).abs() < 1e-15);
        assert!(!estimate.warnings.contains(&FEW_CELLS), "a sweep does not warn of its coarse widths");
        let alone = estimator(&estimate.estimator).estimate(&layer(&values, 1, TANH, &labels), 1).unwrap();
        assert!(alone[0].warnings.contains(&FEW_CELLS), "{}", estimate.estimator);
    }
}

/// Sums over pairs in f64, as the formula says.
fn direct(values: &[f32], units: usize, labels: &[u32], scale: f64) -> (f64, f64) {
    let rows: Vec<&[f32]> = values.chunks_exact(units).collect();
    let n = rows.len() as f64;
    let (mut all, mut class) = (0.0, 0.0);
    for (row, label) in rows.iter().zip(labels) {
        let kernel = |other: &&[f32]| {
            let distance: f64 = row.iter().zip(*other).map(|(a, b)| (f64::from(*a) - f64::from(*b)).powi(2)).sum();
            (-distance / scale).exp()
        };
        let own = || rows.iter().zip(labels).filter(|(_, other)| *other == label);
        all += (rows.iter().map(kernel).sum::<f64>() / n).ln();
        class += (own().map(|(other, _)| kernel(other)).sum::<f64>() / own().count() as f64).ln();
    }
    (-all / n, (class - all) / n)
}

#[test]
fn kernel_bounds_equal_direct_sums_at_every_level() {
    for (rows, units, classes) in [(1, 2, 1), (3, 1, 2), (50, 3, 50), (1003, 10, 2), (1000, 40, 7), (2000, 4, 1)] {
        let (values, _) = network(rows, units, 0.3);
        let labels: Vec<u32> = (0..rows).map(|row| (row * row % classes) as u32).collect();
        let layer = layer(&values, units, TANH, &labels);
        let kde =
            Kde { variances: vec![1e-3, 0.03, 0.5, 1.0, 2.0], bounds: vec![kde::Bound::Upper, kde::Bound::Lower] };
        let scales = [0.002, 0.008, 0.06, 0.24, 1.0, 4.0, 2.0, 8.0, 4.0, 16.0];
        let truths = scales.map(|scale| direct(&values, units, &labels, scale));
        for level in crate::simd::Level::available() {
            let estimates = kde.estimate_at(&layer, 1, level).unwrap();
            for (estimate, (i_xt, i_ty)) in estimates.iter().zip(truths) {
                let what = format!("{level:?}, {rows} × {units}, {}", estimate.estimator);
                assert!((estimate.i_xt - i_xt).abs() < 5e-7, "{what}: {} for {i_xt}", estimate.i_xt);
                assert!((estimate.i_ty - i_ty).abs() < 5e-7, "{what}: {} for {i_ty}", estimate.i_ty);
            }
        }
    }
}

#[test]
fn near_duplicates_far_from_the_origin_are_told_apart() {
    // Pairs of rows 2^-10 apart in one unit, 1000 from the origin: exact in f32, lost in ‖a‖² + ‖b‖² − 2ab.
    let rows = 200;
    let shift = |row: usize, unit: usize| if row % 2 == 1 && unit == 0 { 1.0 / 1024.0 } else { 0.0 };
    let place = |row: usize, unit: usize| 1000.0 + (row / 2 * 3 + unit) as f32 + shift(row, unit);
    let values: Vec<f32> = (0..rows).flat_map(|row| (0..20).map(move |unit| place(row, unit))).collect();
    let labels: Vec<u32> = (0..rows as u32).map(|row| row % 2).collect();
    let step = 1.0 / 1024.0_f64.powi(2);
    for (spec, scale) in [("kde:1e-6,bound=upper", 2e-6), ("kde:1e-7,bound=lower", 8e-7)] {
        let estimate = &estimator(spec).estimate(&layer(&values, 20, None, &labels), 1).unwrap()[0];
        let truth = -((1.0 + (-step / scale).exp()) / rows as f64).ln();
        assert!((estimate.i_xt - truth).abs() < 1e-6, "{spec}: {} for {truth}", estimate.i_xt);
    }
}

#[test]
fn threads_change_no_bit() {
    let (values, labels) = network(2100, 6, 1.0);
    let layer = layer(&values, 6, TANH, &labels);
    for spec in ALL {
        let estimator = estimator(spec);
        assert_eq!(estimator.estimate(&layer, 1).unwrap(), estimator.estimate(&layer, 3).unwrap());
        let few = estimator.label_null(&layer, 5, 9, 1).unwrap();
        assert_eq!(few, estimator.label_null(&layer, 5, 9, 4).unwrap());
        assert_eq!(few[0].draws[..3], estimator.label_null(&layer, 3, 9, 1).unwrap()[0].draws);
    }
}

#[test]
fn null_draws_are_estimates_with_moved_labels() {
    let (values, labels) = network(600, 4, 0.5);
    let layer = layer(&values, 4, TANH, &labels);
    for spec in ["bins:30", "width:sweep", "kde:0.05"] {
        let nulls = estimator(spec).label_null(&layer, 70, 5, 1).unwrap();
        for draw in [0, 1, 69] {
            let mut order: Vec<u32> = (0..600).collect();
            shuffle(&mut stream(5, "labels", draw as u64), &mut order);
            let mut sorted = labels.clone();
            sorted.sort_unstable();
            let mut moved = vec![0; 600];
            order.iter().zip(sorted).for_each(|(row, label)| moved[*row as usize] = label);
            let estimates = estimator(spec).estimate(&Layer { labels: &moved, ..layer }, 1).unwrap();
            assert_eq!(estimates.len(), nulls.len());
            for (estimate, null) in estimates.iter().zip(&nulls) {
                let got = null.draws[draw];
                assert!((estimate.i_ty - got).abs() < 1e-6, "{}: {got}", estimate.estimator);
            }
        }
    }
}

#[test]
fn shuffled_labels_show_only_the_spurious_information() {
    // 64 equally full cells, known to the formula.
    let values: Vec<f32> = (0..4096).map(|row| (row % 64) as f32 / 64.0).collect();
    let labels: Vec<u32> = (0..4096).map(|row| u32::from(row % 64 >= 32)).collect();
    let layer = layer(&values, 1, Some((0.0, 1.0)), &labels);
    let bins = estimator("bins:64");
    assert!((bins.estimate(&layer, 1).unwrap()[0].i_ty - LN_2).abs() < 1e-12);
    let draws = &bins.label_null(&layer, 200, 1, 1).unwrap()[0].draws;
    let mean = draws.iter().sum::<f64>() / 200.0;
    let expected = spurious_information(4096, 64.0, 2);
    // χ²(63)/2N: standard deviation √126/2N a draw, √200 less for the mean
    assert!((mean - expected).abs() < 4.0 * 126_f64.sqrt() / 8192.0 / 200_f64.sqrt(), "{mean} for {expected}");
    let kernel = &estimator("kde:1e-5,bound=upper").label_null(&layer, 50, 1, 1).unwrap()[0].draws;
    assert!(kernel.iter().zip(draws).all(|(a, b)| (a - b).abs() < 1e-6), "far clusters are cells");
}

#[test]
fn many_classes_have_a_null_too() {
    let (values, _) = network(900, 2, 1.0);
    let labels: Vec<u32> = (0..900).map(|row| row / 2).collect();
    let layer = layer(&values, 2, TANH, &labels);
    for spec in ["bins:30", "kde:0.05"] {
        for null in estimator(spec).label_null(&layer, 3, 0, 1).unwrap() {
            assert!(null.draws.iter().all(|value| *value <= 450_f64.ln() && *value >= 0.0));
        }
    }
}

#[test]
fn cells_of_tanh_refuse_relu() {
    let values = [0.0, 0.5, 0.0, 1.7];
    let relu = layer(&values, 2, None, &[0, 1]);
    let error = estimator("bins:30").estimate(&relu, 1).unwrap_err();
    assert!(error.to_string().contains("width:sweep"), "{error}");
    let error = estimator("bins:cells=30,lo=-1,hi=1").estimate(&relu, 1).unwrap_err();
    assert!(matches!(error, Error::OutOfRange { column: 1, lo: -1.0, hi: 1.0, .. }), "{error}");
    for (policy, distinct) in [("clip", 2), ("own", 2)] {
        let spec = format!("bins:cells=1,lo=-1,hi=1,outside={policy}");
        let estimate = &estimator(&spec).estimate(&relu, 1).unwrap()[0];
        assert_eq!((estimate.estimator.as_str(), estimate.warnings.contains(&FEW_CELLS)), (spec.as_str(), true));
        assert_eq!(estimate.distinct, if policy == "clip" { 1 } else { distinct });
    }
    // One rounding beyond the end of a softmax is its end.
    let softmax = layer(&[0.0, 1.0 + f32::EPSILON], 1, Some((0.0, 1.0)), &[0, 1]);
    assert_eq!(estimator("bins:30").estimate(&softmax, 1).unwrap()[0].distinct, 2);
}

#[test]
fn layers_that_do_not_fit_are_refused() {
    let good =
        Layer { values: &[0.0; 6], units: 2, range: TANH, labels: &[0, 1, 0], classes: 2, distinct_inputs: true };
    for spec in ALL {
        let refusal = |layer: Layer| estimator(spec).estimate(&layer, 1).unwrap_err();
        assert!(matches!(refusal(Layer { units: 0, ..good }), Error::NoColumns { .. }));
        assert!(matches!(refusal(Layer { units: 4, ..good }), Error::Ragged { .. }));
        assert!(matches!(refusal(Layer { values: &[], labels: &[], ..good }), Error::TooShort { .. }));
        assert!(matches!(refusal(Layer { labels: &[0], ..good }), Error::Lengths { .. }));
        assert!(matches!(refusal(Layer { classes: 1, ..good }), Error::Symbol { row: 1, got: 1, last: 0, .. }));
        let bad = Layer { values: &[0.0, 0.0, 0.0, f32::NAN, 0.0, 0.0], ..good };
        assert!(matches!(refusal(bad), Error::NotFinite { row: 1, column: 1, .. }));
        assert!(estimator(spec).label_null(&bad, 3, 0, 1).is_err());
    }
    for spec in [
        "bins:0",
        "bins:cells=3,lo=1,hi=0",
        "bins:outside=drop",
        "width",
        "width:0",
        "width:-1",
        "kde:0",
        "kde:v=1,bound=middle",
        "kde:nan",
    ] {
        assert!(find("estimator", LAYER_ESTIMATORS, &spec.parse().unwrap()).is_err(), "{spec}");
    }
}

#[test]
fn badges_follow_cells_and_ceiling() {
    let (values, labels) = network(4096, 10, 1.0);
    let wide = layer(&values, 10, TANH, &labels);
    let estimate = &estimator("bins:30").estimate(&wide, 1).unwrap()[0];
    assert_eq!(estimate.badge, Badge::AtCeiling);
    assert_eq!(estimate.warnings, [AT_CEILING, SCALE_CHOSEN]);
    let (values, labels) = network(4096, 1, 1.0);
    let narrow = layer(&values, 1, TANH, &labels);
    assert_eq!(estimator("bins:30").estimate(&narrow, 1).unwrap()[0].badge, Badge::Reliable);
    let names: Vec<String> =
        estimator("kde:sweep").estimate(&narrow, 1).unwrap().into_iter().map(|e| e.estimator).collect();
    assert_eq!(names.len(), 16);
    assert_eq!(names[..3], ["kde:v=1e-4,bound=upper", "kde:v=1e-4,bound=lower", "kde:v=3.162e-4,bound=upper"]);
}
