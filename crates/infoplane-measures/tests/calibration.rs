//! Nulls under their own hypothesis: where they hold, and where they must not.

use infoplane_measures::pairs::{PairMeasure, PairProblem, PairTable, Symbols, whole};
use infoplane_measures::{Embedding, Null};
use infoplane_spec::{Stream, below, stream};

/// `units` series of `rows` fair coins.
fn coins(rng: &mut Stream, rows: usize, units: usize) -> Symbols {
    Symbols::new(units, 2, (0..rows * units).map(|_| below(rng, 2) as u8).collect()).unwrap()
}

/// A hidden bit that seldom turns over, seen through noise: its past reaches far beyond k = 1.
fn slow(rng: &mut Stream, rows: usize) -> Symbols {
    let mut hidden = below(rng, 2) as u8;
    let seen = (0..rows).map(|_| {
        hidden ^= u8::from(below(rng, 200) == 0);
        hidden ^ u8::from(below(rng, 10) == 0)
    });
    Symbols::new(1, 2, seen.collect()).unwrap()
}

fn problem(source: &Symbols, target: &Symbols) -> (PairProblem, PairTable) {
    let problem =
        PairProblem::new(source, target, PairMeasure::Te, &Embedding::default(), &whole(source.rows())).unwrap();
    let table = problem.evaluate(1);
    (problem, table)
}

fn share_below(p: &[f64], level: f64) -> f64 {
    p.iter().filter(|&&p| p < level).count() as f64 / p.len() as f64
}

#[test]
fn p_values_of_independent_rows_are_uniform() {
    let mut rng = stream(1, "calibration/iid", 0);
    let (mut analytic, mut permuted, mut local) = (Vec::new(), Vec::new(), Vec::new());
    for seed in 0..60 {
        let (source, target) = (coins(&mut rng, 400, 4), coins(&mut rng, 400, 4));
        let (problem, table) = problem(&source, &target);
        analytic.extend(table.p.clone());
        permuted.extend(problem.null(&Null::Permute, 99, seed, &table, 2).unwrap().p_of_pairs());
        local.extend(problem.null(&Null::Local, 99, seed, &table, 2).unwrap().p_of_pairs());
    }
    for (name, p) in [("analytic", analytic), ("permute", permuted), ("local", local)] {
        // 960 tests in 60 independent groups: one standard error at ½ is at most .03
        for level in [0.05, 0.25, 0.5, 0.75] {
            let (share, error) = (share_below(&p, level + 1e-9), (level * (1.0 - level) / 960.0_f64).sqrt());
            assert!((share - level).abs() < 4.0 * error, "{name}: {share} of p below {level}, error {error}");
        }
    }
}

#[test]
fn joint_draws_give_the_layer_mean_its_right_spread() {
    // units that copy each other: the layer mean is as uncertain as one pair
    let mut rng = stream(2, "calibration/joint", 0);
    let mut p = Vec::new();
    for seed in 0..400 {
        let source: Vec<u8> = (0..200).flat_map(|_| [below(&mut rng, 2) as u8; 5]).collect();
        let source = Symbols::new(5, 2, source).unwrap();
        let target = coins(&mut rng, 200, 1);
        let (problem, table) = problem(&source, &target);
        p.push(problem.null(&Null::Permute, 99, seed, &table, 1).unwrap().p_of_mean(table.mean()));
    }
    // 400 tests: standard error .011
    let share = share_below(&p, 0.05 + 1e-9);
    assert!((0.02..=0.09).contains(&share), "{share} of p at most .05");
}

#[test]
fn row_permutation_fails_for_slow_series_and_shifts_and_blocks_hold() {
    const PAIRS: u64 = 150;
    let mut rejected = [(Null::Permute, 0), (Null::Shift, 0), (Null::BlockAuto, 0), (Null::Block(250), 0)];
    let mut analytic = 0;
    for seed in 0..PAIRS {
        let mut rng = stream(seed, "calibration/slow", 0);
        let (source, target) = (slow(&mut rng, 3000), slow(&mut rng, 3000));
        let (problem, table) = problem(&source, &target);
        analytic += u32::from(table.p[0] < 0.05);
        for (null, count) in &mut rejected {
            let p = problem.null(null, 99, seed, &table, 1).unwrap().p_of_mean(table.mean());
            *count += u32::from(p <= 0.05);
        }
    }
    let share = |count: u32| f64::from(count) / PAIRS as f64;
    let [permute, shift, auto, block] = rejected.map(|(_, count)| share(count));
    // the true rate is .05, its standard error .018: the two families lie many errors apart
    assert!(permute > 0.3 && share(analytic) > 0.3, "permute {permute}, analytic {}", share(analytic));
    for (name, share) in [("shift", shift), ("block:auto", auto), ("block:250", block)] {
        assert!((0.005..=0.11).contains(&share), "{name} rejects {share}");
    }
}
