//! All unit pairs: every path gives the same numbers, and nulls move whole layers.

use infoplane_measures::pairs::{PairMeasure, PairProblem, PairTable, Symbols, blocks, local_draws, runs, whole};
use infoplane_measures::{Embedding, Error, Null, PlugIn, Samples, coupling, te};
use infoplane_spec::{below, stream};

const ROWS: usize = 700;

/// Units that depend on one another and on their past; the last is constant. Bytes `[rows, 5]`.
fn layer(seed: u64, alphabet: u32) -> Vec<u8> {
    let mut rng = stream(seed, "pairs", 0);
    let mut rows = vec![0; ROWS * 5];
    for t in 1..ROWS {
        let drive = below(&mut rng, alphabet) as u8;
        let sticky = below(&mut rng, 4) == 0;
        for unit in 0..4 {
            let old = rows[(t - 1) * 5 + unit];
            rows[t * 5 + unit] = match (unit, sticky) {
                (0, _) | (1, true) => drive,
                (1, false) => old,
                (2, _) => (drive + old) % alphabet as u8,
                _ => rows[(t - 1) * 5],
            };
        }
    }
    rows
}

fn bits(bytes: &[u8]) -> Symbols {
    Symbols::new(5, 2, bytes.to_vec()).unwrap()
}

/// The same symbols with room for a third, which keeps them off the packed kernel.
fn unpacked(bytes: &[u8]) -> Symbols {
    Symbols::new(5, 3, bytes.to_vec()).unwrap()
}

fn assert_close(a: &[f64], b: &[f64]) {
    assert_within(1e-13, a, b);
}

fn assert_within(tolerance: f64, a: &[f64], b: &[f64]) {
    assert_eq!(a.len(), b.len());
    for (pair, (a, b)) in a.iter().zip(b).enumerate() {
        assert!(a.is_nan() && b.is_nan() || (a - b).abs() < tolerance, "pair {pair}: {a} and {b}");
    }
}

fn assert_same(a: &PairTable, b: &PairTable) {
    assert_close(&a.value, &b.value);
    assert_close(&a.floor, &b.floor);
    assert_close(&a.ceiling, &b.ceiling);
    // p sees 2·N times the rounding of the value
    assert_within(2.0 * ROWS as f64 * 1e-13, &a.p, &b.p);
    assert_eq!((&a.dof, &a.constant, &a.trusted, a.n), (&b.dof, &b.constant, &b.trusted, b.n));
}

#[test]
fn bits_and_bytes_agree_in_values_and_draws() {
    let (x, y) = (layer(1, 2), layer(2, 2));
    let mixed: Vec<u8> = x.iter().zip(&y).map(|(x, y)| x ^ y).collect();
    let strata = [0..300, 300..301, 301..700];
    let (bits, bytes) = ([bits(&x), bits(&mixed)], [unpacked(&x), unpacked(&mixed)]);
    for measure in [PairMeasure::Te, PairMeasure::Coupling, PairMeasure::Tie] {
        for (delay, strata) in [(1, whole(ROWS)), (3, whole(ROWS)), (2, strata.to_vec())] {
            let embedding = Embedding { delay, ..Embedding::default() };
            let packed = PairProblem::new(&bits[0], &bits[1], measure, &embedding, &strata).unwrap();
            let plain = PairProblem::new(&bytes[0], &bytes[1], measure, &embedding, &strata).unwrap();
            assert_eq!((packed.n(), packed.strata_skipped()), (plain.n(), plain.strata_skipped()));
            let (a, b) = (packed.evaluate(2), plain.evaluate(1));
            assert_same(&a, &b);
            for null in [Null::Permute, Null::Shift, Null::Block(9), Null::BlockAuto, Null::Local] {
                let (a, b) = (packed.null(&null, 20, 3, &a, 2).unwrap(), plain.null(&null, 20, 3, &b, 1).unwrap());
                assert_close(&a.layer_means, &b.layer_means);
                assert_close(&a.layer_max, &b.layer_max);
                assert_close(&a.mean, &b.mean);
                // the root of a difference of squares halves the digits
                assert!(a.sd.iter().zip(&b.sd).all(|(a, b)| (a - b).abs() < 1e-7), "{null:?}");
                assert_eq!(a.exceed, b.exceed, "{null:?} {measure:?}");
            }
        }
    }
}

#[test]
fn every_pair_is_what_the_measure_of_two_series_says() {
    for (alphabet, k, l, target_tau, source_tau, delay) in
        [(2, 1, 1, 1, 1, 1), (2, 2, 1, 1, 1, 2), (2, 1, 2, 1, 3, 1), (3, 1, 1, 1, 1, 4), (3, 2, 2, 2, 1, 1)]
    {
        let embedding = Embedding { k, l, target_tau, source_tau, delay };
        let (x, y) = (layer(3, alphabet), layer(4, alphabet));
        let symbols = |bytes: &[u8]| Symbols::new(5, alphabet as usize, bytes.to_vec()).unwrap();
        let series = |bytes: &[u8], unit: usize| -> Vec<u32> {
            bytes.iter().skip(unit).step_by(5).map(|&symbol| symbol.into()).collect()
        };
        for measure in [PairMeasure::Te, PairMeasure::Coupling] {
            let problem = PairProblem::new(&symbols(&x), &symbols(&y), measure, &embedding, &whole(ROWS)).unwrap();
            let table = problem.evaluate(1);
            for pair in 0..25 {
                let (source, target) = (series(&x, pair / 5), series(&y, pair % 5));
                let (source, target) = (Samples::symbols(&source, 1).unwrap(), Samples::symbols(&target, 1).unwrap());
                let single = match measure {
                    PairMeasure::Te => te(&PlugIn::default(), &source, &target, &embedding).unwrap(),
                    _ => coupling(&PlugIn::default(), &source, &target, &embedding).unwrap(),
                };
                assert!((table.value[pair] - single.nats).abs() < 1e-13);
                assert_eq!((table.n, Some(table.dof[pair])), (single.n, single.dof));
                assert!((table.p[pair] - single.p().unwrap()).abs() < 1e-9);
            }
        }
    }
}

#[test]
fn strata_add_up() {
    let (x, y) = (bits(&layer(5, 2)), bits(&layer(6, 2)));
    let embedding = Embedding::default();
    let table = |x: &Symbols, y: &Symbols, strata: &[std::ops::Range<usize>]| {
        PairProblem::new(x, y, PairMeasure::Te, &embedding, strata).unwrap().evaluate(1)
    };
    let parts = [0..250, 250..ROWS];
    let joint = table(&x, &y, &parts);
    let [a, b] = parts.map(|part| table(&x.slice(part.clone()), &y.slice(part.clone()), &whole(part.len())));
    assert_eq!(joint.n, ROWS - 2);
    for pair in 0..25 {
        let value = (a.value[pair] * 249.0 + b.value[pair] * 449.0) / 698.0;
        assert!((joint.value[pair] - value).abs() < 1e-14);
        assert_eq!(joint.dof[pair], a.dof[pair] + b.dof[pair]);
        assert!((joint.floor[pair] - joint.dof[pair] / (2.0 * 698.0)).abs() < 1e-15);
    }
}

#[test]
fn a_driver_held_fixed_takes_its_information_along() {
    // two classes in a row; both layers fire often in one class and seldom in the other, and do nothing else
    let mut rng = stream(8, "pairs/class", 0);
    let labels: Vec<u32> = (0..2000).map(|t| u32::from(t >= 1000)).collect();
    let mut driven = || -> Vec<u8> {
        labels.iter().flat_map(|&class| [(); 3].map(|()| u8::from(below(&mut rng, 10) < 2 + 6 * class))).collect()
    };
    let (x, y) = (Symbols::new(3, 2, driven()).unwrap(), Symbols::new(3, 2, driven()).unwrap());
    let problem = |strata: &[std::ops::Range<usize>]| {
        PairProblem::new(&x, &y, PairMeasure::Te, &Embedding::default(), strata).unwrap()
    };
    let (plain, given) = (problem(&whole(2000)), problem(&runs(&labels)));
    let (plain_table, given_table) = (plain.evaluate(1), given.evaluate(1));
    assert!(plain_table.mean() > 20.0 * plain_table.mean_floor());
    assert!(plain_table.p.iter().all(|&p| p < 1e-6));
    assert!(given_table.mean() < 2.5 * given_table.mean_floor());
    let null = given.null(&Null::Permute, 199, 1, &given_table, 1).unwrap();
    assert!(null.p_of_mean(given_table.mean()) > 0.05);
    let null = plain.null(&Null::Permute, 199, 1, &plain_table, 1).unwrap();
    assert_eq!(null.p_of_mean(plain_table.mean()), 0.005);
}

#[test]
fn one_draw_moves_the_whole_layer() {
    // unit 1 repeats unit 0 and unit 2 is its negation: their surrogates must agree draw by draw
    let mut rng = stream(9, "pairs/copies", 0);
    let x: Vec<u8> = (0..500).map(|_| below(&mut rng, 2) as u8).flat_map(|bit| [bit, bit, 1 - bit]).collect();
    let y: Vec<u8> = (0..500).map(|_| below(&mut rng, 2) as u8).collect();
    let (x, y) = (Symbols::new(3, 2, x).unwrap(), Symbols::new(1, 2, y).unwrap());
    let problem = PairProblem::new(&x, &y, PairMeasure::Te, &Embedding::default(), &blocks(500, 100)).unwrap();
    let table = problem.evaluate(1);
    for null in [Null::Permute, Null::Shift, Null::Block(10), Null::Local] {
        let draws = problem.null(&null, 50, 2, &table, 1).unwrap();
        assert_close(&draws.layer_means, &draws.layer_max);
        assert_eq!((draws.exceed[0], draws.exceed[0]), (draws.exceed[1], draws.exceed[2]), "{null:?}");
    }
}

#[test]
fn threads_change_no_bit() {
    let (x, y) = (layer(10, 3), layer(11, 3));
    let symbols = |bytes: Vec<u8>| Symbols::new(5, 3, bytes).unwrap();
    let problem =
        PairProblem::new(&symbols(x), &symbols(y), PairMeasure::Te, &Embedding::default(), &whole(ROWS)).unwrap();
    let table = problem.evaluate(1);
    assert_eq!(table, problem.evaluate(3));
    for null in [Null::Permute, Null::Local] {
        let one = problem.null(&null, 75, 4, &table, 1).unwrap();
        assert_eq!(one, problem.null(&null, 75, 4, &table, 2).unwrap());
        assert_eq!(one, problem.null(&null, 75, 4, &table, 5).unwrap());
        assert_eq!(one.layer_means.len(), 75);
        // the first draws do not depend on how many follow
        assert_eq!(problem.null(&null, 20, 4, &table, 1).unwrap().layer_means, one.layer_means[..20]);
    }
}

#[test]
fn constant_units_give_exactly_nothing() {
    let (x, y) = (bits(&layer(12, 2)), bits(&layer(13, 2)));
    for measure in [PairMeasure::Te, PairMeasure::Coupling, PairMeasure::Tie] {
        let problem = PairProblem::new(&x, &y, measure, &Embedding::default(), &whole(ROWS)).unwrap();
        let table = problem.evaluate(1);
        assert_eq!(table.pairs_constant(), 9);
        let null = problem.null(&Null::Permute, 30, 1, &table, 1).unwrap();
        for pair in (0..25).filter(|pair| pair / 5 == 4 || pair % 5 == 4) {
            assert_eq!((table.value[pair], table.floor[pair], table.dof[pair]), (0.0, 0.0, 0.0));
            assert!(measure == PairMeasure::Tie || table.p[pair] == 1.0);
            assert_eq!((null.exceed[pair], null.mean[pair], null.sd[pair]), (30, 0.0, 0.0));
        }
    }
}

#[test]
fn exact_draws_of_a_pair_follow_the_local_null() {
    let (x, y) = (layer(14, 2), layer(15, 2));
    let problem = PairProblem::new(&bits(&x), &bits(&y), PairMeasure::Te, &Embedding::default(), &whole(ROWS)).unwrap();
    let table = problem.evaluate(1);
    let null = problem.null(&Null::Local, 1500, 6, &table, 2).unwrap();
    for pair in [0, 1, 7, 12] {
        let mut counts = [0; 8];
        for t in 1..ROWS {
            let [now, past, source] = [y[t * 5 + pair % 5], y[(t - 1) * 5 + pair % 5], x[(t - 1) * 5 + pair / 5]];
            counts[usize::from(4 * now + 2 * past + source)] += 1;
        }
        let exact = local_draws(counts, 1500, &mut stream(6, "pairs/exact", pair as u64));
        let mean = exact.iter().sum::<f64>() / 1500.0;
        let error = null.sd[pair] * (2.0_f64 / 1500.0).sqrt();
        assert!((mean - null.mean[pair]).abs() < 4.5 * error, "pair {pair}: {mean} and {}", null.mean[pair]);
        let beyond = exact.iter().filter(|&&draw| draw >= table.value[pair]).count() as f64;
        let expected = f64::from(null.exceed[pair]);
        assert!(
            (beyond - expected).abs() < 4.5 * (expected + beyond + 1.0).sqrt(),
            "pair {pair}: {beyond}, {expected}"
        );
    }
}

#[test]
fn tie_is_its_formula() {
    let (x, y) = (layer(16, 3), layer(17, 3));
    let symbols = |bytes: &[u8]| Symbols::new(5, 3, bytes.to_vec()).unwrap();
    let problem =
        PairProblem::new(&symbols(&x), &symbols(&y), PairMeasure::Tie, &Embedding::default(), &whole(ROWS)).unwrap();
    let value = problem.evaluate(1).value[6];
    let n = |wanted: [Option<u8>; 3]| {
        let fits = |t: &usize| {
            let row = [y[t * 5 + 1], y[(t - 1) * 5 + 1], x[(t - 1) * 5 + 1]];
            wanted.iter().zip(row).all(|(wanted, symbol)| wanted.is_none_or(|wanted| wanted == symbol))
        };
        (1..ROWS).filter(fits).count() as f64
    };
    let mut tie = 0.0;
    for cell in 0..27 {
        let [now, past, source] = [cell / 9, cell / 3 % 3, cell % 3].map(Some);
        if n([now, past, source]) > 0.0 {
            let with = n([now, past, source]) / n([None, past, source]);
            let without = n([now, past, None]) / n([None, past, None]);
            tie += n([now, past, source]) / (ROWS - 1) as f64 * (with - without);
        }
    }
    assert!((value - tie).abs() < 1e-14, "{value} and {tie}");
}

#[test]
fn bad_problems_are_refused() {
    let (x, short) = (bits(&layer(1, 2)), bits(&layer(1, 2)).slice(0..10));
    let new = |target: &Symbols, embedding: Embedding, strata: &[std::ops::Range<usize>]| {
        PairProblem::new(&x, target, PairMeasure::Te, &embedding, strata).err().unwrap()
    };
    let plain = Embedding::default();
    assert!(matches!(new(&short, plain, &whole(ROWS)), Error::Lengths { got: ROWS, wanted: 10, .. }));
    assert!(matches!(
        new(&x, Embedding { delay: 0, ..plain }, &whole(ROWS)),
        Error::Embedding { parameter: "delay", .. }
    ));
    assert!(matches!(new(&x, plain, &blocks(ROWS + 1, ROWS + 1)), Error::Stratum { end: 701, .. }));
    assert!(matches!(new(&x, plain, &[0..1, 5..6]), Error::TooShort { wanted: 2, .. }));
    assert!(matches!(new(&x, plain, &[]), Error::TooShort { .. }));
}
