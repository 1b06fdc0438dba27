//! Laws that hold on average: the mean over seeds lies within so many standard errors of the truth.

use std::f64::consts::LN_2;

use infoplane_measures::{Estimate, Laws, entropy};

use crate::cases::{Case, all};
use crate::data;

const SEEDS: u64 = 40;

/// Means over seeds of distances from the truth, for one estimator.
struct Trial<'a> {
    case: &'a Case,
    /// How many standard errors a mean may lie off.
    tolerance: f64,
    faults: Vec<String>,
}

impl Trial<'_> {
    /// The mean of `distance` over seeds is 0, within the tolerance (and rounding).
    fn zero(&mut self, what: &str, seeds: u64, distance: impl Fn(&Case, u64) -> f64) {
        let distances: Vec<f64> = (0..seeds).map(|seed| distance(self.case, seed)).collect();
        let mean = distances.iter().sum::<f64>() / seeds as f64;
        let squares: f64 = distances.iter().map(|distance| (distance - mean).powi(2)).sum();
        let error = (squares / (seeds * (seeds - 1)) as f64).sqrt();
        let found = format!("{:36} {what:28} {mean:9.5} ± {error:.5}: {:6.2}", self.case.spec, mean / error);
        println!("{found}, allowed {}", self.tolerance);
        let inside = mean.abs() <= self.tolerance * error + 1e-12;
        self.faults.extend((!inside).then_some(found));
    }
}

/// Runs `law` for each estimator it is asked of and that has a tolerance for it.
fn each(asked: impl Fn(&Case) -> bool, tolerance: impl Fn(&Laws) -> Option<f64>, law: impl Fn(&mut Trial)) {
    let mut faults = Vec::new();
    for case in all().iter().filter(|case| asked(case)) {
        let Some(tolerance) = tolerance(&case.laws) else {
            assert!(!case.laws.why.is_empty(), "`{}` says not why", case.spec);
            continue;
        };
        let mut trial = Trial { case, tolerance, faults: Vec::new() };
        law(&mut trial);
        faults.extend(trial.faults);
    }
    assert!(faults.is_empty(), "beyond their tolerance:\n{}", faults.join("\n"));
}

fn anyone(_: &Case) -> bool {
    true
}

fn capacity() -> f64 {
    LN_2 + 0.1 * 0.1_f64.ln() + 0.9 * 0.9_f64.ln()
}

/// Distance from 0, or from the floor where there is one.
fn excess(estimate: &Estimate) -> f64 {
    estimate.nats - estimate.floor.unwrap_or(0.0)
}

#[test]
fn independence_gives_zero_or_the_floor() {
    // values at a floor are skewed (χ²), so that few seeds would misjudge their spread
    const MANY: u64 = 160;
    each(
        anyone,
        |laws| laws.independence,
        |trial| {
            trial.zero("I(X;Y), independent", MANY, |case, seed| {
                let [x, y, _] = data::independent(case.is_real(), seed);
                excess(&case.mi(&x, &y))
            });
            trial.zero("I(X;Y|Z), independent", MANY, |case, seed| {
                excess(&case.cmi(&data::independent(case.is_real(), seed)))
            });
        },
    );
}

#[test]
fn gaussians_have_the_information_of_their_correlation() {
    let truth = -0.5 * (1.0 - 0.36_f64).ln();
    each(
        Case::is_real,
        |laws| laws.gaussian,
        |trial| {
            trial.zero("I(X;Y), ρ = 0.6", SEEDS, |case, seed| {
                let [x, y] = data::pair(seed);
                case.mi(&x, &y).nats - truth
            });
            trial.zero("I(X;Y|Z), ρ = 0.6", SEEDS, |case, seed| case.cmi(&data::gaussian(seed)).nats - truth);
        },
    );
}

#[test]
fn a_noisy_channel_carries_its_capacity() {
    each(
        Case::takes_symbols,
        |laws| laws.channel,
        |trial| {
            trial.zero("I(X;Y), channel", SEEDS, |case, seed| {
                let [x, y, _] = data::channel(seed);
                case.mi(&x, &y).nats - capacity()
            });
            trial.zero("I(X;Y|Z), channel", SEEDS, |case, seed| case.cmi(&data::channel(seed)).nats - capacity());
        },
    );
}

#[test]
fn an_exclusive_or_is_seen_only_with_both_inputs() {
    each(
        anyone,
        |laws| laws.xor,
        |trial| {
            trial.zero("I(X;Y), xor", SEEDS, |case, seed| {
                let [x, y, _] = data::xor(case.is_real(), seed);
                excess(&case.mi(&x, &y))
            });
            trial.zero("I(X;Y|Z), xor", SEEDS, |case, seed| {
                case.cmi(&data::xor(case.is_real(), seed)).nats - capacity()
            });
        },
    );
}

#[test]
fn the_chain_rule_holds() {
    each(
        anyone,
        |laws| laws.chain,
        |trial| {
            trial.zero("I(X;YZ) = I(X;Z) + I(X;Y|Z)", SEEDS, |case, seed| {
                let triple = data::dependent(case.is_real(), seed);
                let [x, y, z] = &triple;
                case.mi(x, &data::beside(y, z)).nats - case.mi(x, z).nats - case.cmi(&triple).nats
            });
        },
    );
}

#[test]
fn a_known_entropy_is_found() {
    each(
        Case::has_entropy,
        |laws| laws.entropy,
        |trial| {
            trial.zero("H", SEEDS, |case, seed| {
                let (x, truth) = data::known_entropy(case.is_real(), seed);
                entropy(case.chosen.entropy().unwrap(), &x).unwrap().nats - truth
            });
        },
    );
}
