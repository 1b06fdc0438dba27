use infoplane_spec::{Stream, stream};
use rand_core::Rng;

use super::*;
use crate::{Information, Ksg, Samples, estimator, mi};

fn uniform(rng: &mut Stream) -> f64 {
    (rng.next_u64() >> 11) as f64 / 2.0_f64.powi(53)
}

fn normal(rng: &mut Stream) -> f64 {
    (-2.0 * (1.0 - uniform(rng)).ln()).sqrt() * (std::f64::consts::TAU * uniform(rng)).cos()
}

fn real(values: &[f64]) -> Samples<'_> {
    Samples::real(values, 1).unwrap()
}

/// Mean and standard deviation over seeds.
fn over_seeds(of: impl Fn(&mut Stream) -> f64) -> (f64, f64) {
    const SEEDS: u64 = 20;
    let values: Vec<f64> = (0..SEEDS).map(|seed| of(&mut stream(seed, "lnc/test", 0))).collect();
    let mean = values.iter().sum::<f64>() / SEEDS as f64;
    let variance = values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / (SEEDS - 1) as f64;
    (mean, variance.sqrt())
}

/// X uniform, Y = X + U(−ε, ε).
fn noisy_copy(rng: &mut Stream, rows: usize, epsilon: f64) -> (Vec<f64>, Vec<f64>) {
    let x: Vec<f64> = (0..rows).map(|_| uniform(rng)).collect();
    let y = x.iter().map(|x| x + epsilon * (2.0 * uniform(rng) - 1.0)).collect();
    (x, y)
}

#[test]
fn information_of_single_columns_is_the_published_sum() {
    let mut rng = stream(1, "lnc/test", 1);
    let (x, y) = noisy_copy(&mut rng, 200, 0.003);
    let lnc = Lnc { alpha: Some(0.3), ..Lnc::default() };
    let got = mi(&lnc, &real(&x), &real(&y)).unwrap();
    let columns = [x, y];
    let psi = Digammas::up_to(200);
    let alone = Exclusion::default();
    let truth = lnc.together(&columns, &alone.others(200), &psi, &alone).unwrap();
    for (got, truth) in got.local.unwrap().iter().zip(truth) {
        assert!((got - truth).abs() < 1e-12);
    }
}

#[test]
fn strong_dependence_is_seen_where_ksg_saturates() {
    for epsilon in [1e-3_f64, 1e-4, 1e-5] {
        let truth = epsilon - (2.0 * epsilon).ln();
        let of = |estimator: &dyn Information| {
            over_seeds(|rng| {
                let (x, y) = noisy_copy(rng, 500, epsilon);
                mi(estimator, &real(&x), &real(&y)).unwrap().nats
            })
        };
        let ((lnc, _), (ksg, _)) = (of(&Lnc::default()), of(&Ksg::default()));
        // where the slab is as thick as the neighbourhoods are wide, part of the bias stays
        assert!(3.0 * (lnc - truth).abs() < (ksg - truth).abs(), "{epsilon}: {lnc} and {ksg} for {truth}");
    }
}

#[test]
fn weak_dependence_stays_what_it_is() {
    for rho in [0.0_f64, 0.6] {
        let truth = -0.5 * (1.0 - rho * rho).ln();
        let (mean, sd) = over_seeds(|rng| {
            let x: Vec<f64> = (0..600).map(|_| normal(rng)).collect();
            let y: Vec<f64> = x.iter().map(|x| rho * x + (1.0 - rho * rho).sqrt() * normal(rng)).collect();
            mi(&Lnc::default(), &real(&x), &real(&y)).unwrap().nats
        });
        // of the rows 5 in 1,000 pass for slabs by chance, each with about −ln α and more
        assert!((mean - truth).abs() < 0.01 + sd / 20.0_f64.sqrt() * 3.0, "{rho}: {mean} ± {sd} for {truth}");
    }
}

#[test]
fn dependence_within_a_variable_is_not_taken_for_information() {
    // x is two columns of nearly the same, y knows nothing: correcting the joint space alone would read some 3 nats
    let (mean, sd) = over_seeds(|rng| {
        let (a, b) = noisy_copy(rng, 500, 1e-4);
        let x: Vec<f64> = a.iter().zip(&b).flat_map(|(a, b)| [*a, *b]).collect();
        let y: Vec<f64> = (0..500).map(|_| uniform(rng)).collect();
        mi(&Lnc::default(), &Samples::real(&x, 2).unwrap(), &real(&y)).unwrap().nats
    });
    assert!(mean.abs() < 0.4 && sd < 0.1, "{mean} ± {sd}");
}

#[test]
fn bad_input_is_refused() {
    let mut rng = stream(2, "lnc/test", 2);
    let (x, y) = noisy_copy(&mut rng, 100, 0.1);
    let (x, y) = (real(&x), real(&y));
    let refused = mi(&Lnc { neighbours: 1, ..Lnc::default() }, &x, &y).unwrap_err();
    assert!(matches!(refused, Error::Parameter { parameter: "k", .. }), "{refused}");
    assert!(matches!(mi(&Lnc::default(), &x, &x), Err(Error::Dependent { .. })));
    let few = real(&[1.0, 2.0, 4.0, 7.0, 8.0]);
    assert_eq!(Lnc::default().entropy(&few).unwrap_err(), Error::Neighbours { k: 5, n: 5 });
    let constant = real(&[1.0; 100]);
    assert_eq!(mi(&Lnc::default(), &x, &constant).unwrap_err(), Error::Constant { argument: "y", column: 0 });
    for spec in ["lnc:0", "lnc:alpha=0", "lnc:alpha=1.5", "lnc:alpha=some", "lnc:alg=1"] {
        assert!(estimator(spec).is_err(), "{spec}");
    }
    assert!(estimator("lnc:k=8,alpha=0.25").is_ok());
}
