//! Closed forms of discrete transfer entropy, to the digits given.

use infoplane_measures::packed::te_from_joint;
use infoplane_measures::pairs::{PairMeasure, PairProblem, Symbols, whole};
use infoplane_measures::{Embedding, History, PlugIn, Samples, cmi, cte, mi, te};
use infoplane_spec::{below, stream};

/// P(y' = 1) from the source's and the target's past.
type Rule = fn(f64, f64) -> f64;

/// The tables of y' from x⁻ (a Markov bit with flip probability `flip`) and y⁻ by `rule`: the stationary joint
/// probabilities at [4·y' + 2·y⁻ + x⁻], times the smallest N that makes whole numbers of all.
fn counts(rule: Rule, flip: f64) -> [u32; 8] {
    let mut state = [0.25; 4];
    for _ in 0..20_000 {
        let mut next = [0.0; 4];
        for (now, p) in state.into_iter().enumerate() {
            let (x, y) = (now % 2, now / 2);
            let one = rule(x as f64, y as f64);
            for (to, share) in next.iter_mut().enumerate() {
                let moved = if to % 2 == x { 1.0 - flip } else { flip };
                *share += p * moved * if to / 2 == 1 { one } else { 1.0 - one };
            }
        }
        state = next;
    }
    let p: [f64; 8] = std::array::from_fn(|cell| {
        let one = rule((cell % 2) as f64, (cell / 2 % 2) as f64);
        state[cell % 4] * if cell / 4 == 1 { one } else { 1.0 - one }
    });
    let whole = |n: &u32| p.iter().all(|p| (p * f64::from(*n) - (p * f64::from(*n)).round()).abs() < 1e-8);
    let n = (1..100_000).find(whole).expect("the probabilities are fractions");
    p.map(|p| (p * f64::from(n)).round() as u32)
}

/// I(x⁻; y' | y⁻) in bits, from rows with these counts.
fn bits(counts: [u32; 8]) -> f64 {
    let rows = |bit: usize| -> Vec<u32> {
        (0..8).flat_map(|cell| std::iter::repeat_n((cell >> bit & 1) as u32, counts[cell] as usize)).collect()
    };
    let [x, past, next] = [rows(0), rows(1), rows(2)];
    let [x, past, next] = [&x, &past, &next].map(|values| Samples::symbols(values, 1).unwrap());
    cmi(&PlugIn::default(), &x, &next, &past).unwrap().bits()
}

fn flipped<const E: u32>(bit: f64) -> f64 {
    let e = f64::from(E) / 100.0;
    bit * (1.0 - e) + (1.0 - bit) * e
}

#[test]
fn binary_closed_forms() {
    let cases: [(&str, Rule, f64, f64); 14] = [
        ("copy without noise", |x, _| x, 0.5, 1.0),
        ("copy, e = .05", |x, _| flipped::<5>(x), 0.5, 0.7136030429),
        ("copy, e = .1", |x, _| flipped::<10>(x), 0.5, 0.5310044064),
        ("copy, e = .25", |x, _| flipped::<25>(x), 0.5, 0.1887218755),
        ("copy of a Markov bit, f = .3", |x, _| flipped::<10>(x), 0.3, 0.4831997830),
        ("copy of a Markov bit, f = .1", |x, _| flipped::<10>(x), 0.1, 0.3326335080),
        ("xor, f = .5", |x, y| flipped::<10>((x - y).abs()), 0.5, 0.5310044064),
        ("xor, f = .1", |x, y| flipped::<10>((x - y).abs()), 0.1, 0.5310044064),
        ("xor, f = .3", |x, y| flipped::<10>((x - y).abs()), 0.3, 0.5310044064),
        ("xor, f = .2", |x, y| flipped::<10>((x - y).abs()), 0.2, 0.5310044064),
        ("or, f = .5", |x, y| flipped::<10>(x.max(y)), 0.5, 0.0885007344),
        ("or, f = .2", |x, y| flipped::<10>(x.max(y)), 0.2, 0.1022756039),
        ("lazy copy, f = .5", |x, y| 0.3 * x + 0.7 * y, 0.5, 0.1691948551),
        ("lazy copy, f = .2", |x, y| 0.3 * x + 0.7 * y, 0.2, 0.1759386101),
    ];
    for (name, rule, flip, truth) in cases {
        let counts = counts(rule, flip);
        let packed = te_from_joint(&counts) / std::f64::consts::LN_2;
        for got in [bits(counts), packed] {
            assert!((got - truth).abs() < 5.1e-11, "{name}: {got} instead of {truth}");
        }
    }
}

/// What two fair inputs say about `y`, in bits: one alone, one given the other, both together.
fn two_inputs(gate: fn(u32, u32) -> u32) -> [f64; 3] {
    let inputs: Vec<[u32; 2]> = (0..4).map(|t| [t % 2, t / 2]).collect();
    let y: Vec<u32> = inputs.iter().map(|&[a, b]| gate(a, b)).collect();
    let (a, b): (Vec<u32>, Vec<u32>) = inputs.iter().map(|&[a, b]| (a, b)).unzip();
    let both = inputs.concat();
    let [a, b, y] = [&a, &b, &y].map(|values| Samples::symbols(values, 1).unwrap());
    let plugin = PlugIn::default();
    let alone = mi(&plugin, &a, &y).unwrap();
    let together = mi(&plugin, &Samples::symbols(&both, 2).unwrap(), &y).unwrap();
    [alone, cmi(&plugin, &a, &y, &b).unwrap(), together].map(|estimate| estimate.bits())
}

#[test]
fn two_inputs_together_and_alone() {
    for (name, gate, truth) in [
        ("xor", (|a, b| a ^ b) as fn(u32, u32) -> u32, [0.0, 1.0, 1.0]),
        ("and", |a, b| a & b, [0.3112781245, 0.5, 0.8112781245]),
    ] {
        for (got, truth) in two_inputs(gate).into_iter().zip(truth) {
            assert!((got - truth).abs() < 5.1e-11, "{name}: {got} instead of {truth}");
        }
    }
}

/// The same of series, where the target's past takes part: transfer from one input, from one given the other, from both.
#[test]
fn two_sources_of_a_series() {
    let mut rng = stream(1, "known/gates", 0);
    let rows = 20_000;
    let inputs: Vec<[u32; 2]> = (0..rows).map(|_| [below(&mut rng, 2), below(&mut rng, 2)]).collect();
    let (a, b): (Vec<u32>, Vec<u32>) = inputs.iter().map(|&[a, b]| (a, b)).unzip();
    let both = inputs.concat();
    for (name, gate, truth) in [
        ("xor", (|a, b| a ^ b) as fn(u32, u32) -> u32, [0.0, 1.0, 1.0]),
        ("and", |a, b| a & b, [0.3112781245, 0.5, 0.8112781245]),
    ] {
        let y: Vec<u32> = (0..rows).map(|t: usize| t.checked_sub(1).map_or(0, |past| gate(a[past], b[past]))).collect();
        let [a, b, y] = [&a, &b, &y].map(|values| Samples::symbols(values, 1).unwrap());
        let (plugin, embedding) = (PlugIn::default(), Embedding::default());
        let given = [(&b, History::default())];
        let alone = te(&plugin, &a, &y, &embedding).unwrap();
        let conditional = cte(&plugin, &a, &y, &given, &embedding).unwrap();
        let collective = te(&plugin, &Samples::symbols(&both, 2).unwrap(), &y, &embedding).unwrap();
        for (estimate, truth) in [alone, conditional, collective].into_iter().zip(truth) {
            let local = estimate.local.as_deref().unwrap();
            let spread = local.iter().map(|term| (term - estimate.nats).powi(2)).sum::<f64>() / (rows * rows) as f64;
            let (value, error) = (estimate.bits(), spread.sqrt() / std::f64::consts::LN_2);
            // beside the sampling error the value carries its floor
            let allowed = 3.0 * error + 2.0 * estimate.floor.unwrap() / std::f64::consts::LN_2;
            assert!((value - truth).abs() < allowed, "{name}: {value} ± {error} bits instead of {truth}");
        }
    }
}

/// Independent units of one alphabet, `[rows, units]`; each symbol's weight out of 100.
fn independent(seed: u64, rows: usize, units: usize, weights: &[u32]) -> Symbols {
    let mut rng = stream(seed, "known/independent", weights.len() as u64);
    let mut symbol = || {
        let mut left = below(&mut rng, weights.iter().sum());
        weights
            .iter()
            .position(|&weight| {
                left < weight || {
                    left -= weight;
                    false
                }
            })
            .unwrap() as u8
    };
    Symbols::new(units, weights.len(), (0..rows * units).map(|_| symbol()).collect()).unwrap()
}

/// Mean and standard error over seeds of `of`.
fn over_seeds(seeds: u64, of: impl Fn(u64) -> f64) -> (f64, f64) {
    let values: Vec<f64> = (0..seeds).map(of).collect();
    let mean = values.iter().sum::<f64>() / seeds as f64;
    let variance = values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / (seeds - 1) as f64;
    (mean, (variance / seeds as f64).sqrt())
}

#[test]
fn independent_series_show_their_degrees_of_freedom() {
    let fair = |alphabet: usize| vec![10; alphabet];
    for (x, y, k, l, dof) in [
        (2, 2, 1, 1, 2.0),
        (3, 2, 1, 1, 4.0),
        (2, 3, 1, 1, 6.0),
        (2, 2, 2, 1, 4.0),
        (2, 2, 1, 2, 6.0),
        (3, 3, 1, 1, 12.0),
    ] {
        let embedding = Embedding { k, l, ..Embedding::default() };
        let (mean, error) = over_seeds(40, |seed| {
            let rows = 4000;
            let (source, target) = (independent(seed, rows, 6, &fair(x)), independent(seed + 999, rows, 6, &fair(y)));
            let problem = PairProblem::new(&source, &target, PairMeasure::Te, &embedding, &whole(rows)).unwrap();
            let table = problem.evaluate(1);
            assert!(table.dof.iter().all(|&counted| counted == dof) && table.trusted.iter().all(|&trusted| trusted));
            assert!((table.mean_floor() - dof / (2.0 * problem.n() as f64)).abs() < 1e-15);
            2.0 * problem.n() as f64 * table.mean()
        });
        // beyond the leading order 2·N·TE is larger by a share of the order of states/N
        let allowed = 4.0 * error + dof * 16.0 / 4000.0;
        assert!((mean - dof).abs() < allowed, "{x}×{y}, k = {k}, l = {l}: {mean} ± {error} instead of {dof}");
    }
}

#[test]
fn the_floor_of_tie() {
    let rows = 2000;
    for ones in [50, 30] {
        let (mean, error) = over_seeds(40, |seed| {
            let (source, target) =
                (independent(seed, rows, 6, &[50, 50]), independent(seed + 999, rows, 6, &[100 - ones, ones]));
            let problem =
                PairProblem::new(&source, &target, PairMeasure::Tie, &Embedding::default(), &whole(rows)).unwrap();
            let table = problem.evaluate(1);
            assert!(table.p.iter().all(|p| p.is_nan()));
            table.mean() / table.mean_floor()
        });
        assert!((mean - 1.0).abs() < 4.0 * error + 2.0 / rows as f64, "{ones} %: {mean} ± {error} floors");
    }
    // fair coins: N·TIE has mean 1 and standard deviation 1
    let fair = [50, 50];
    let (source, target) = (independent(7, rows, 40, &fair), independent(8, rows, 40, &fair));
    let problem = PairProblem::new(&source, &target, PairMeasure::Tie, &Embedding::default(), &whole(rows)).unwrap();
    let table = problem.evaluate(1);
    let n = table.n as f64;
    assert!((n * table.mean() - 1.0).abs() < 0.1 && (n * table.sd() - 1.0).abs() < 0.1, "{}", n * table.sd());
}
