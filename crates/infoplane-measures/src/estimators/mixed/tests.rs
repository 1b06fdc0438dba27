use infoplane_spec::{Stream, below, stream};
use rand_core::Rng;

use super::*;
use crate::special::digamma;
use crate::{Error, Ksg, PlugIn, estimator, mi};

fn uniform(rng: &mut Stream) -> f64 {
    (rng.next_u64() >> 11) as f64 / 2.0_f64.powi(53)
}

fn normal(rng: &mut Stream) -> f64 {
    (-2.0 * (1.0 - uniform(rng)).ln()).sqrt() * (std::f64::consts::TAU * uniform(rng)).cos()
}

fn rng(seed: u64) -> Stream {
    stream(seed, "mixed/test", 0)
}

fn real(values: &[f64]) -> Samples<'_> {
    Samples::real(values, 1).unwrap()
}

fn labels(values: &[u32]) -> Samples<'_> {
    Samples::symbols(values, 1).unwrap()
}

fn mixed(form: Form) -> Mixed {
    Mixed { form, ..Mixed::default() }
}

/// Mean and standard deviation over seeds.
fn over_seeds(of: impl Fn(&mut Stream) -> f64) -> (f64, f64) {
    const SEEDS: u64 = 20;
    let values: Vec<f64> = (0..SEEDS).map(|seed| of(&mut rng(seed))).collect();
    let mean = values.iter().sum::<f64>() / SEEDS as f64;
    let variance = values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / (SEEDS - 1) as f64;
    (mean, variance.sqrt())
}

#[test]
fn without_ties_it_is_ksg() {
    let mut rng = rng(1);
    let [x, y, z] = [0; 3].map(|_| (0..300).map(|_| normal(&mut rng)).collect::<Vec<_>>());
    let y: Vec<f64> = x.iter().zip(&y).zip(&z).map(|((x, y), z)| x + y + z).collect();
    let (x, y, z) = (real(&x), real(&y), real(&z));
    for theiler in [0, 3] {
        let (mixed, ksg) = (Mixed { theiler, ..Mixed::default() }, Ksg { theiler, ..Ksg::default() });
        let (got, truth) = (mixed.cmi(&x, &y, &z).unwrap(), ksg.cmi(&x, &y, &z).unwrap());
        assert!((got.nats - truth.nats).abs() < 1e-12, "{} and {}", got.nats, truth.nats);
        assert!((mi(&mixed, &x, &y).unwrap().nats - mi(&ksg, &x, &y).unwrap().nats).abs() < 1e-12);
    }
}

/// Ross 2014 as written there: `ψ(N) − ⟨ψ(N_x)⟩ + ψ(K) − ⟨ψ(m)⟩`, m the rows within the distance to the K-th
/// neighbour of the same label, K less where a label has not so many rows.
fn ross(label: &[u32], value: &[f64], k: usize) -> f64 {
    let term = |i: usize| {
        let distance = |j: usize| (value[i] - value[j]).abs();
        let same = || (0..label.len()).filter(|&j| j != i && label[j] == label[i]);
        let mut near: Vec<f64> = same().map(distance).collect();
        near.sort_by(f64::total_cmp);
        let k = k.min(near.len());
        let m = (0..label.len()).filter(|&j| distance(j) < near[k - 1]).count();
        let psi = |n: usize| digamma(n as f64);
        psi(label.len()) - psi(same().count() + 1) + psi(k) - psi(m)
    };
    (0..label.len()).map(term).sum::<f64>() / label.len() as f64
}

#[test]
fn for_a_label_and_continuous_values_it_is_ross() {
    let mut rng = rng(2);
    let mut label: Vec<u32> = (0..200).map(|_| below(&mut rng, 3)).collect();
    label[..6].copy_from_slice(&[7, 7, 8, 8, 8, 8]); // fewer than K + 1
    let value: Vec<f64> = label.iter().map(|&label| f64::from(label) + normal(&mut rng)).collect();
    let got = mi(&Mixed::default(), &labels(&label), &real(&value)).unwrap().nats;
    let truth = ross(&label, &value, 4);
    assert!((got - truth).abs() < 1e-12, "{got} and {truth}");
}

#[test]
fn a_row_without_its_like_tells_nothing() {
    let mut rng = rng(3);
    let mut label = vec![0; 50];
    label[17] = 1;
    let value: Vec<f64> = (0..50).map(|_| normal(&mut rng)).collect();
    let estimate = mi(&Mixed::default(), &labels(&label), &real(&value)).unwrap();
    assert!(estimate.local.unwrap()[17].abs() < 1e-14);
}

#[test]
fn of_symbols_it_is_nearly_the_plug_in_value() {
    let mut rng = rng(4);
    let x: Vec<u32> = (0..4000).map(|_| below(&mut rng, 3)).collect();
    let z: Vec<u32> = (0..4000).map(|_| below(&mut rng, 2)).collect();
    let y: Vec<u32> = x.iter().zip(&z).map(|(x, z)| if below(&mut rng, 4) == 0 { 0 } else { (x + z) % 4 }).collect();
    let (x, y, z) = (labels(&x), labels(&y), labels(&z));
    let plugin = PlugIn::default().cmi(&x, &y, &z).unwrap().nats;
    for form in [Form::Balanced, Form::Mesner] {
        let got = mixed(form).cmi(&x, &y, &z).unwrap().nats;
        assert!((got - plugin).abs() < 0.003, "{form:?}: {got} and {plugin}");
    }
}

#[test]
fn names_of_symbols_do_not_matter_and_constants_tell_exactly_nothing() {
    let mut rng = rng(5);
    let x: Vec<u32> = (0..200).map(|_| below(&mut rng, 3)).collect();
    let renamed: Vec<u32> = x.iter().map(|&x| [u32::MAX, 17, 1_000_003][x as usize]).collect();
    let y: Vec<f64> = x.iter().map(|&x| f64::from(x).max(normal(&mut rng))).collect();
    for form in [Form::Balanced, Form::Mesner] {
        let of = |x: &Samples| mi(&mixed(form), x, &real(&y)).unwrap().nats;
        assert_eq!(of(&labels(&x)), of(&labels(&renamed)));
    }
    assert_eq!(mi(&Mixed::default(), &labels(&[3; 200]), &real(&y)).unwrap().nats, 0.0);
    assert_eq!(mi(&Mixed::default(), &real(&y), &real(&[0.5; 200])).unwrap().nats, 0.0);
}

#[test]
fn the_quantile_of_a_value_is_known_from_it() {
    for bins in [2, 4, 8] {
        let truth = f64::from(bins).ln();
        let (mean, sd) = over_seeds(|rng| {
            let x: Vec<f64> = (0..800).map(|_| normal(rng)).collect();
            let mut sorted = x.clone();
            sorted.sort_by(f64::total_cmp);
            let rank = |x: &f64| sorted.partition_point(|y| y < x) as u32;
            let label: Vec<u32> = x.iter().map(|x| rank(x) * bins / 800).collect();
            mi(&Mixed::default(), &labels(&label), &real(&x)).unwrap().nats
        });
        // the K neighbours at the edge of a bin look across it: −(bins − 1)·c/N, c near 2K at K = 4
        let edges = f64::from(bins - 1) * 8.0 / 800.0;
        assert!(mean < truth + 3.0 * sd && mean > truth - edges - 3.0 * sd, "{bins}: {mean} ± {sd} for {truth}");
    }
}

#[test]
fn closed_forms_of_mixtures() {
    const N: usize = 1000;
    // a label of m and a uniform value in [label, label + 2]: ln m − (m − 1) ln 2 / m
    for m in [2, 5] {
        let truth = f64::from(m).ln() - f64::from(m - 1) * 2.0_f64.ln() / f64::from(m);
        let (mean, sd) = over_seeds(|rng| {
            let x: Vec<u32> = (0..N).map(|_| below(rng, m)).collect();
            let y: Vec<f64> = x.iter().map(|&x| f64::from(x) + 2.0 * uniform(rng)).collect();
            mi(&Mixed::default(), &labels(&x), &real(&y)).unwrap().nats
        });
        assert!((mean - truth).abs() < 3.0 * sd, "label of {m}: {mean} ± {sd} for {truth}");
    }
    // X ~ Exp(1), Y = 0 with probability p, else Poisson(X): (1 − p)(2 ln 2 − γ − Σ 2^−k ln k)
    let series: f64 = (2..60).map(|k| f64::from(k).ln() * 2.0_f64.powi(-k)).sum();
    let truth = 0.85 * (2.0 * 2.0_f64.ln() + digamma(1.0) - series);
    let (mean, sd) = over_seeds(|rng| {
        let x: Vec<f64> = (0..N).map(|_| -(1.0 - uniform(rng)).ln()).collect();
        let y: Vec<f64> = x.iter().map(|&x| if uniform(rng) < 0.15 { 0.0 } else { poisson(rng, x) }).collect();
        mi(&Mixed::default(), &real(&x), &real(&y)).unwrap().nats
    });
    assert!((mean - truth).abs() < 3.0 * sd, "zero-inflated Poisson: {mean} ± {sd} for {truth}");
}

fn poisson(rng: &mut Stream, mean: f64) -> f64 {
    let (mut product, mut count) = (uniform(rng), 0.0);
    while product > (-mean).exp() {
        product *= uniform(rng);
        count += 1.0;
    }
    count
}

/// Rectified: half of the values are 0. Correlation 0.8; the truth by numerical integration over the two atoms, the two
/// lines and the quadrant (scipy 1.17).
#[test]
fn rectified_gaussians() {
    for (rho, truth) in [(0.0_f64, 0.0), (0.8, 0.346567)] {
        let of = |form| {
            move |rng: &mut Stream| {
                let x: Vec<f64> = (0..1000).map(|_| normal(rng)).collect();
                let y = x.iter().map(|x| (rho * x + (1.0 - rho * rho).sqrt() * normal(rng)).max(0.0));
                let (y, x): (Vec<f64>, Vec<f64>) = (y.collect(), x.iter().map(|x| x.max(0.0)).collect());
                mi(&mixed(form), &real(&x), &real(&y)).unwrap().nats
            }
        };
        for form in [Form::Balanced, Form::Mesner] {
            let (mean, sd) = over_seeds(of(form));
            assert!((mean - truth).abs() < 0.02 && sd < 0.05, "{rho}, {form:?}: {mean} ± {sd} for {truth}");
        }
    }
}

#[test]
fn what_a_third_variable_explains_is_not_told_twice() {
    // a label and a rectified value, both made of z
    let (mean, sd) = over_seeds(|rng| {
        let z: Vec<f64> = (0..800).map(|_| normal(rng)).collect();
        let x: Vec<u32> = z.iter().map(|z| u32::from(z + normal(rng) > 0.0)).collect();
        let y: Vec<f64> = z.iter().map(|z| (z + normal(rng)).max(0.0)).collect();
        Mixed::default().cmi(&labels(&x), &real(&y), &real(&z)).unwrap().nats
    });
    let error = sd / 20.0_f64.sqrt();
    assert!(mean.abs() < 3.0 * error, "{mean} ± {error}");
}

#[test]
fn bad_input_is_refused() {
    let x = real(&[0.0, 1.0, 2.0, 4.0]);
    assert_eq!(mi(&Mixed::default(), &x, &x).unwrap_err(), Error::Neighbours { k: 4, n: 4 });
    assert!(matches!(mi(&Mixed::default(), &Samples::empty(4), &x), Err(Error::NoColumns { argument: "x" })));
    let short = labels(&[0, 1, 0]);
    let none = Samples::empty(4);
    assert!(matches!(Mixed::default().cmi(&short, &x, &none), Err(Error::Lengths { argument: "x", got: 3, .. })));
    for spec in ["mixed:0", "mixed:form=ross", "mixed:ties=noise", "mixed:theiler=-2"] {
        assert!(estimator(spec).is_err(), "{spec}");
    }
}
