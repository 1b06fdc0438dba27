//! What every registered estimator must obey.

use infoplane_measures::{ESTIMATORS, Information, Method, Samples, cmi, estimator, mi};
use infoplane_spec::{Stream, below, shuffle, stream};

const N: usize = 600;

/// Every registered estimator, and its variants.
fn all() -> Vec<(String, Box<dyn Information>)> {
    let variants = |name: &'static str| match name {
        "plugin" => vec!["plugin".to_owned(), "plugin:correction=miller-madow".to_owned()],
        name => vec![name.to_owned()],
    };
    let specs = ESTIMATORS.iter().flat_map(|registered| variants(registered.entry.name));
    let boxed = |spec: &str| match estimator(spec).unwrap().method {
        Method::Entropy(estimator) => Box::new(estimator) as Box<dyn Information>,
        Method::Information(estimator) => estimator,
    };
    specs.map(|spec| (spec.clone(), boxed(&spec))).collect()
}

/// `rows` independent symbols.
fn noise(rng: &mut Stream, rows: usize, alphabet: u32) -> Vec<u32> {
    (0..rows).map(|_| below(rng, alphabet)).collect()
}

/// Three dependent variables.
fn dependent(seed: u64) -> [Vec<u32>; 3] {
    let mut rng = stream(seed, "laws", 0);
    let (x, z, e) = (noise(&mut rng, N, 3), noise(&mut rng, N, 2), noise(&mut rng, N, 4));
    let y = (0..N).map(|t| if e[t] == 0 { e[t] } else { (x[t] + z[t]) % 4 }).collect();
    [x, y, z]
}

fn column(values: &[u32]) -> Samples<'_> {
    Samples::symbols(values, 1).unwrap()
}

fn close(a: f64, b: f64, what: &str, spec: &str) {
    assert!((a - b).abs() < 1e-12, "{spec}: {what}: {a} and {b}");
}

#[test]
fn information_is_symmetric() {
    let [x, y, z] = dependent(1);
    let (x, y, z) = (column(&x), column(&y), column(&z));
    for (spec, estimator) in all() {
        let estimator = estimator.as_ref();
        close(mi(estimator, &x, &y).unwrap().nats, mi(estimator, &y, &x).unwrap().nats, "I(X;Y)", &spec);
        let there = cmi(estimator, &x, &y, &z).unwrap();
        let back = cmi(estimator, &y, &x, &z).unwrap();
        close(there.nats, back.nats, "I(X;Y|Z)", &spec);
        assert_eq!((there.dof, there.n), (back.dof, back.n));
    }
}

#[test]
fn independence_gives_the_floor() {
    const SEEDS: u64 = 400;
    for (spec, estimator) in all() {
        let excess = |seed: u64| {
            let mut rng = stream(seed, "laws/independent", 0);
            let [x, y, z] = [3, 2, 2].map(|alphabet| noise(&mut rng, N, alphabet));
            let estimate = cmi(estimator.as_ref(), &column(&x), &column(&y), &column(&z)).unwrap();
            estimate.nats - estimate.floor.unwrap()
        };
        let excesses: Vec<f64> = (0..SEEDS).map(excess).collect();
        let mean = excesses.iter().sum::<f64>() / SEEDS as f64;
        let variance = excesses.iter().map(|e| (e - mean).powi(2)).sum::<f64>() / (SEEDS - 1) as f64;
        let error = (variance / SEEDS as f64).sqrt();
        assert!(mean.abs() < 4.0 * error, "{spec}: {mean} above the floor, standard error {error}");
    }
}

#[test]
fn xor_is_seen_only_with_the_other_input() {
    // every combination equally often: the truth itself
    let x: Vec<u32> = (0..400).map(|t| t % 2).collect();
    let z: Vec<u32> = (0..400).map(|t| t / 2 % 2).collect();
    let y: Vec<u32> = x.iter().zip(&z).map(|(x, z)| x ^ z).collect();
    let (x, y, z) = (column(&x), column(&y), column(&z));
    for (spec, estimator) in all() {
        let bias = 2.0 / N as f64;
        assert!(mi(estimator.as_ref(), &x, &y).unwrap().nats.abs() < bias, "{spec}");
        let given = cmi(estimator.as_ref(), &x, &y, &z).unwrap().bits();
        assert!((given - 1.0).abs() < 2.0 * bias, "{spec}: {given} bits");
    }
}

#[test]
fn the_chain_rule_holds_exactly() {
    let [x, y, z] = dependent(2);
    let both: Vec<u32> = x.iter().zip(&z).flat_map(|(&x, &z)| [x, z]).collect();
    let both = Samples::symbols(&both, 2).unwrap();
    let (x, y, z) = (column(&x), column(&y), column(&z));
    for (spec, estimator) in all() {
        let whole = mi(estimator.as_ref(), &both, &y).unwrap();
        let first = mi(estimator.as_ref(), &z, &y).unwrap();
        let rest = cmi(estimator.as_ref(), &x, &y, &z).unwrap();
        let sum = first + rest;
        close(whole.nats, sum.nats, "I(XZ;Y) = I(Z;Y) + I(X;Y|Z)", &spec);
        for (whole, sum) in whole.local.unwrap().iter().zip(sum.local.unwrap()) {
            close(*whole, sum, "the same for each row", &spec);
        }
    }
}

#[test]
fn the_order_of_rows_and_the_names_of_symbols_do_not_matter() {
    let data = dependent(3);
    let mut order: Vec<usize> = (0..N).collect();
    shuffle(&mut stream(3, "laws/order", 0), &mut order);
    let renamed: Vec<u32> = data[0].iter().map(|&x| [u32::MAX, 17, 1_000_003][x as usize]).collect();
    let [x, y, z] = data.each_ref().map(|values| column(values));
    for (spec, estimator) in all() {
        let straight = cmi(estimator.as_ref(), &x, &y, &z).unwrap();
        let [a, b, c] = [&x, &y, &z].map(|samples| samples.select(order.iter().copied()));
        let shuffled = cmi(estimator.as_ref(), &a, &b, &c).unwrap();
        assert_eq!(straight.nats, shuffled.nats, "{spec}");
        close(cmi(estimator.as_ref(), &column(&renamed), &y, &z).unwrap().nats, straight.nats, "renamed", &spec);
    }
}

#[test]
fn local_terms_average_to_the_value() {
    let [x, y, z] = dependent(4);
    for (spec, estimator) in all() {
        let estimate = cmi(estimator.as_ref(), &column(&x), &column(&y), &column(&z)).unwrap();
        let local = estimate.local.unwrap();
        assert_eq!(local.len(), N);
        close(local.iter().sum::<f64>() / N as f64, estimate.nats, "mean of the local terms", &spec);
    }
}

#[test]
fn a_prepared_estimator_answers_as_a_fresh_one() {
    let [x, y, z] = dependent(5);
    let (y, z) = (column(&y), column(&z));
    let mut moved = x.clone();
    moved.rotate_left(7);
    for (_, estimator) in all() {
        let prepared = estimator.prepare(&y, &z).unwrap();
        for x in [&x, &moved, &x] {
            let x = column(x);
            assert_eq!(prepared.cmi(&x).unwrap(), estimator.cmi(&x, &y, &z).unwrap());
        }
    }
}

#[test]
fn constants_tell_exactly_nothing() {
    let [x, y, z] = dependent(6);
    let constant = vec![5; N];
    for (spec, estimator) in all() {
        for (x, y) in [(&x, &constant), (&constant, &y)] {
            let estimate = cmi(estimator.as_ref(), &column(x), &column(y), &column(&z)).unwrap();
            assert_eq!((estimate.nats, estimate.floor), (0.0, Some(0.0)), "{spec}");
        }
    }
}

#[test]
fn unknown_parameters_are_refused() {
    for entry in ESTIMATORS.iter().map(|registered| &registered.entry) {
        assert!(!entry.summary.is_empty());
        let refused = estimator(&format!("{}:nonsense=1", entry.name)).err().unwrap();
        assert!(refused.to_string().contains("nonsense"), "{refused}");
    }
    assert!(estimator("plugin:base=0").is_err() && estimator("plugin:correction=some").is_err());
}
