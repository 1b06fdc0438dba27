use infoplane_spec::stream;
use rand_core::Rng;

use super::*;
use crate::{Error, Information, estimator, mi};

/// Standard normal values (Box–Muller).
fn normal(seed: u64, values: usize) -> Vec<f64> {
    let mut rng = stream(seed, "kernel/test", 0);
    let mut uniform = || (rng.next_u64() >> 11) as f64 / 2.0_f64.powi(53);
    (0..values).map(|_| (-2.0 * (1.0 - uniform()).ln()).sqrt() * (std::f64::consts::TAU * uniform()).cos()).collect()
}

fn real(values: &[f64], dim: usize) -> Samples<'_> {
    Samples::real(values, dim).unwrap()
}

const SHAPES: [Shape; 3] = [Shape::Box, Shape::Gaussian, Shape::Whitened];

fn kernel(width: f64, shape: Shape) -> Kernel {
    Kernel { width, shape, theiler: 0 }
}

#[test]
fn a_wide_sample_under_a_gaussian_has_the_entropy_of_the_smoothed_density() {
    // f smoothed is normal with variance 1 + w²: −E ln f̂ = ½ ln 2π(1 + w²) + 1/(2(1 + w²)), plus bias of order 1/N
    let width = 0.6_f64;
    let variance = 1.0 + width * width;
    let truth = 0.5 * (std::f64::consts::TAU * variance).ln() + 0.5 / variance;
    let got = kernel(width, Shape::Gaussian).entropy(&real(&normal(1, 20_000), 1)).unwrap().nats;
    assert!((got - truth).abs() < 0.01, "{got} instead of {truth}");
}

#[test]
fn the_volumes_of_the_box_cancel() {
    let x = normal(2, 900);
    let [x, y, z] = [0, 1, 2].map(|part| &x[300 * part..300 * (part + 1)]);
    let within = |i: usize, j: usize, columns: &[&[f64]]| columns.iter().all(|c| (c[i] - c[j]).abs() <= 0.7);
    let count = |i: usize, columns: &[&[f64]]| (0..300).filter(|&j| within(i, j, columns)).count() as f64;
    let local = |i| (count(i, &[x, y, z]) * count(i, &[z]) / (count(i, &[x, z]) * count(i, &[y, z]))).ln();
    let got = kernel(0.7, Shape::Box).cmi(&real(x, 1), &real(y, 1), &real(z, 1)).unwrap();
    for (row, got) in got.local.unwrap().into_iter().enumerate() {
        assert!((got - local(row)).abs() < 1e-13, "row {row}: {got} instead of {}", local(row));
    }
}

#[test]
fn whitened_kernels_do_not_see_linear_maps_of_the_joint_columns() {
    let x = normal(3, 600);
    let mapped: Vec<f64> = x.chunks(2).flat_map(|x| [3.0 * x[0] - x[1], 0.1 * x[1] + 5.0]).collect();
    let of = |x: &[f64]| kernel(0.4, Shape::Whitened).entropy(&real(x, 2)).unwrap().nats;
    // the determinant of the map is 0.3
    assert!((of(&mapped) - of(&x) - 0.3_f64.ln()).abs() < 1e-12);
}

#[test]
fn width_scales_with_the_data() {
    let x = normal(4, 400);
    let wide: Vec<f64> = x.iter().map(|x| 4.0 * x).collect();
    for (shape, factor) in [(Shape::Box, 4.0), (Shape::Gaussian, 4.0), (Shape::Whitened, 1.0)] {
        let small = kernel(0.5, shape).entropy(&real(&x, 2)).unwrap().nats;
        let large = kernel(0.5 * factor, shape).entropy(&real(&wide, 2)).unwrap().nats;
        assert!((large - small - 2.0 * 4.0_f64.ln()).abs() < 1e-12, "{shape:?}");
    }
}

#[test]
fn a_window_takes_rows_from_all_counts() {
    // within 1 of row 0: rows 1 (hidden) and 3
    let x = [0.0, 0.5, 9.0, 0.9];
    let kernel = Kernel { width: 1.0, theiler: 1, ..Kernel::default() };
    let local = kernel.entropy(&real(&x, 1)).unwrap().local.unwrap();
    assert!((local[0] - (2.0_f64.ln() - (2.0_f64 / 3.0).ln())).abs() < 1e-14);
    assert!((local[1] - (2.0_f64.ln() - (2.0_f64 / 2.0).ln())).abs() < 1e-14);
}

#[test]
fn bad_input_is_refused() {
    let (x, constant) = (real(&[1.0, 2.0, 3.0], 1), real(&[4.0; 3], 1));
    for shape in SHAPES {
        let kernel = kernel(0.5, shape);
        assert_eq!(kernel.entropy(&constant).unwrap_err(), Error::Constant { argument: "x", column: 0 });
        assert_eq!(mi(&kernel, &x, &constant).unwrap_err(), Error::Constant { argument: "y", column: 0 });
        assert_eq!(kernel.cmi(&x, &x, &constant).unwrap_err(), Error::Constant { argument: "z", column: 0 });
        let symbols = Samples::symbols(&[0, 1, 2], 1).unwrap();
        assert!(matches!(mi(&kernel, &symbols, &x), Err(Error::Kind { argument: "x", .. })));
    }
    let same = mi(&kernel(0.5, Shape::Whitened), &x, &x).unwrap_err();
    assert!(matches!(same, Error::Dependent { .. }), "{same}");
    for spec in ["kernel:0", "kernel:-1", "kernel:inf", "kernel:nan", "kernel:shape=tent", "kernel:k=4"] {
        assert!(estimator(spec).is_err(), "{spec}");
    }
    assert_eq!(estimator("kernel:0.25").unwrap().canonical, "kernel:width=0.25,shape=box,theiler=0");
}
