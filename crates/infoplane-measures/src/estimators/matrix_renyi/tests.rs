//! Closed forms, algebra, bad input.

use infoplane_spec::stream;

use super::*;
use crate::estimators::gaussian::test_data::{mean_and_error, normals};
use crate::{Error, Information, cmi, entropy, mi};

fn rows(values: &[f64], dim: usize) -> Samples<'_> {
    Samples::real(values, dim).unwrap()
}

fn renyi(alpha: f64, width: f64) -> MatrixRenyi {
    MatrixRenyi { alpha, width }
}

#[test]
fn two_rows_have_known_entropies() {
    for (distance, width) in [(1.0, 1.0), (3.0, 3.0)] {
        let x = [0.0, distance];
        for (alpha, bits) in [(1.0, 0.715349), (1.01, 0.713099), (2.0, 0.548059)] {
            let got = renyi(alpha, width).entropy(&rows(&x, 1)).unwrap().bits();
            assert!((got - bits).abs() < 6e-7, "α = {alpha}: {got}");
        }
        // eigenvalues (1 ± e^(−½))/2
        let k = (-0.5_f64).exp();
        for alpha in [0.5, 3.0] {
            let truth = (f64::midpoint(1.0, k).powf(alpha) + f64::midpoint(1.0, -k).powf(alpha)).ln() / (1.0 - alpha);
            let got = renyi(alpha, width).entropy(&rows(&x, 1)).unwrap().nats;
            assert!((got - truth).abs() < 1e-14, "α = {alpha}: {got} for {truth}");
        }
    }
}

#[test]
fn far_clusters_of_equal_rows_are_cells() {
    let x: Vec<f64> = (0..60).map(|row| f64::from(row % 5) * 100.0).collect();
    for alpha in [0.5, 1.0, 1.01, 2.0, 5.0] {
        let got = renyi(alpha, 1.0).entropy(&rows(&x, 1)).unwrap().bits();
        assert!((got - 5_f64.log2()).abs() < 1e-9, "α = {alpha}: {got}");
    }
}

#[test]
fn orders_near_one_and_two_are_continuous() {
    let x = normals(&mut stream(1, "test/renyi", 0), 300);
    let at = |alpha: f64| renyi(alpha, 0.5).entropy(&rows(&x, 2)).unwrap().nats;
    assert!((at(1.0) - at(1.0 + 1e-9)).abs() < 1e-8 && (at(1.0) - at(1.0 - 1e-9)).abs() < 1e-8);
    assert!((at(2.0) - at(2.0 + 1e-9)).abs() < 1e-8);
    let falling = [0.3, 0.9, 1.0, 1.01, 1.5, 2.0, 4.0].map(at);
    assert!(falling.is_sorted_by(|a, b| a > b) && falling[0] < 150_f64.ln(), "{falling:?}");
}

#[test]
fn independent_variables_do_not_give_zero() {
    let score = |dim: usize, seed: u64| {
        let numbers = normals(&mut stream(seed, "test/renyi/none", 0), 2 * 200 * dim);
        let (x, y) = numbers.split_at(200 * dim);
        mi(&MatrixRenyi::default(), &rows(x, dim), &rows(y, dim)).unwrap().bits()
    };
    // one data set each gave 0.46 and 0.05 bit elsewhere: they must lie within the spread of such data sets
    for (dim, theirs) in [(2, 0.46), (1, 0.05)] {
        let scores: Vec<f64> = (0..40).map(|seed| score(dim, seed)).collect();
        let (mean, error) = mean_and_error(&scores);
        let spread = error * 40_f64.sqrt();
        assert!((mean - theirs).abs() < 2.0 * spread && mean > 10.0 * error, "{mean} ± {spread}");
    }
}

#[test]
fn joint_kernels_are_products() {
    let numbers = normals(&mut stream(2, "test/renyi", 1), 3 * 80);
    let [x, y, z] = [0, 1, 2].map(|i: usize| rows(&numbers[80 * i..][..80], 1));
    for alpha in [0.7, 1.0, 1.01, 2.0] {
        let renyi = renyi(alpha, 1.3);
        let h = |samples: &Samples| entropy(&renyi, samples).unwrap().nats;
        let beside = |a: &Samples, b: &Samples| a.beside(b).unwrap();
        let truth = h(&beside(&x, &z)) + h(&beside(&y, &z)) - h(&beside(&beside(&x, &y), &z)) - h(&z);
        assert!((cmi(&renyi, &x, &y, &z).unwrap().nats - truth).abs() < 1e-12);
        let columns = [x.columns(), y.columns()].concat();
        let joint: f64 = columns.iter().map(|c| (-(c[3] - c[7]).powi(2) / (2.0 * 1.69)).exp()).product();
        let mut kernel = [0.0];
        GaussianKernel::new(&columns, 0.5 / 1.69).with(3, 7..8, &mut kernel);
        assert!((kernel[0] - joint).abs() < 1e-15);
    }
}

#[test]
fn doubled_rows_change_nothing() {
    let x = normals(&mut stream(3, "test/renyi", 2), 100);
    let twice = [x.clone(), x.clone()].concat();
    for alpha in [0.8, 1.01, 2.0] {
        let (once, twice) = (renyi(alpha, 1.0).entropy(&rows(&x, 2)), renyi(alpha, 1.0).entropy(&rows(&twice, 2)));
        assert!((once.unwrap().nats - twice.unwrap().nats).abs() < if alpha < 1.0 { 1e-9 } else { 1e-12 });
    }
}

#[test]
fn large_problems_are_refused_with_their_size_unless_they_are_simple() {
    let many = 20_001;
    let wide = normals(&mut stream(4, "test/renyi", 3), many * 20);
    let refused = renyi(1.01, 0.5).entropy(&rows(&wide, 20)).unwrap_err();
    assert!(matches!(refused, Error::TooLarge { rows: 20_001, bytes: 6_400_640_016, .. }), "{refused}");
    assert!(refused.to_string().contains("alpha=2"), "{refused}");
    assert!(matches!(renyi(0.9, 1.0).entropy(&rows(&wide[..many], 1)), Err(Error::TooLarge { .. })));
    let simple = renyi(1.01, 1.0).entropy(&rows(&wide[..many], 1)).unwrap().nats;
    let fewer = renyi(1.01, 1.0).entropy(&rows(&wide[..2000], 1)).unwrap().nats;
    assert!((simple - fewer).abs() < 0.05, "{simple} and {fewer}");
}

#[test]
fn bad_input_is_refused_by_name() {
    let x = rows(&[0.0, 1.0, 2.0], 1);
    let renyi = MatrixRenyi::default();
    assert_eq!(renyi.entropy(&rows(&[1.0, 1.0], 1)).unwrap_err(), Error::Constant { argument: "x", column: 0 });
    assert!(matches!(renyi.entropy(&Samples::empty(3)), Err(Error::NoColumns { .. })));
    assert!(matches!(renyi.cmi(&x, &x.select(0..2), &Samples::empty(2)), Err(Error::Lengths { .. })));
    let symbols = Samples::symbols(&[0, 1, 0], 1).unwrap();
    assert!(matches!(renyi.entropy(&symbols), Err(Error::Kind { .. })));
    for spec in ["renyi:0", "renyi:-1", "renyi:inf", "renyi:width=0", "renyi:alpha=2,width=nan"] {
        assert!(crate::estimator(spec).is_err(), "{spec}");
    }
}
