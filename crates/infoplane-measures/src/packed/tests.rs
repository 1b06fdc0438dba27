//! What the whole module promises, against counting pair by pair.

use infoplane_spec::{Stream, below, shuffle, stream};
use rand_core::Rng;

use super::{Level, PackedRows, PackedSeries, PairCounts, Sources, Targets, te, te_at, te_from_joint};

/// The row counts at which words, chunks and byte counters begin and end.
const ROWS: [usize; 10] = [0, 1, 63, 64, 65, 511, 513, 1000, 7680, 8200];
const UNITS: [usize; 5] = [1, 3, 8, 65, 130];

fn random_rows(units: usize, rows: usize, rng: &mut Stream) -> PackedRows {
    let mut packed = PackedRows::new(units);
    (0..rows).for_each(|_| packed.push(&(0..units).map(|_| rng.next_u32() & 1 == 1).collect::<Vec<_>>()));
    packed
}

/// Random rows in which unit 0 is never and the last unit always one.
fn with_constants(units: usize, rows: usize, rng: &mut Stream) -> PackedRows {
    let free = random_rows(units, rows, rng);
    let mut packed = PackedRows::new(units);
    for row in 0..rows {
        let bits = (0..units).map(|unit| unit + 1 == units || (unit > 0 && free.bit(row, unit)));
        packed.push(&bits.collect::<Vec<_>>());
    }
    packed
}

/// A layer against itself at lag 1.
fn embedded(series: &PackedSeries) -> (PackedSeries, Targets) {
    let n = series.rows().saturating_sub(1);
    let past = series.slice(0..n);
    let targets = Targets::new(&series.slice(series.rows() - n..series.rows()), &past).unwrap();
    (past, targets)
}

fn naive_joint(rows: &PackedRows, source: usize, target: usize) -> [u32; 8] {
    let mut joint = [0; 8];
    for t in 1..rows.rows() {
        let [next, past, x] = [(t, target), (t - 1, target), (t - 1, source)].map(|(t, unit)| rows.bit(t, unit));
        joint[4 * usize::from(next) + 2 * usize::from(past) + usize::from(x)] += 1;
    }
    joint
}

/// Σ p ln [p(y'|y,x) / p(y'|y)], term by term.
fn naive_te(joint: &[u32; 8]) -> f64 {
    let n: u32 = joint.iter().sum();
    let sum = |keep: &dyn Fn(usize) -> bool| f64::from((0..8).filter(|&i| keep(i)).map(|i| joint[i]).sum::<u32>());
    let term = |i: usize| {
        let with_x = f64::from(joint[i]) / sum(&|j| j & 3 == i & 3);
        let without = sum(&|j| j >> 1 == i >> 1) / sum(&|j| j & 2 == i & 2);
        f64::from(joint[i]) / f64::from(n) * (with_x / without).ln()
    };
    (0..8).filter(|&i| joint[i] > 0).map(term).sum()
}

#[test]
fn counts_and_te_equal_counting_one_by_one() {
    for units in [1, 3, 65] {
        for rows in [2, 64, 514, 1001] {
            let rows = with_constants(units, rows, &mut stream(1, "test", (units * rows) as u64));
            let (past, targets) = embedded(&rows.series());
            let counts = PairCounts::count(&Sources::new(&past), &targets, 1);
            for (pair, te) in counts.te().into_iter().enumerate() {
                let joint = naive_joint(&rows, pair / units, pair % units);
                assert_eq!(counts.joint(pair / units, pair % units), joint, "{units} units, pair {pair}");
                assert!((te - naive_te(&joint)).abs() < 1e-13, "{te} {}", naive_te(&joint));
                assert_eq!(te.to_bits(), te_from_joint(&joint).to_bits());
            }
        }
    }
}

#[test]
fn levels_and_threads_change_no_bit() {
    for units in UNITS {
        for n in ROWS {
            let rows = with_constants(units, n + 1, &mut stream(2, "test", (units * 10_000 + n) as u64));
            let (past, targets) = embedded(&rows.series());
            let sources = Sources::new(&past);
            let counts = PairCounts::count_at(Level::Scalar, &sources, &targets, 1);
            let te = counts.te();
            for level in Level::available() {
                for threads in [1, 3] {
                    assert_eq!(PairCounts::count_at(level, &sources, &targets, threads), counts);
                    let mut fused = vec![f64::NAN; units * units];
                    te_at(level, &sources, &targets, threads, &mut fused);
                    let same = fused.iter().zip(&te).all(|(a, b)| a.to_bits() == b.to_bits());
                    assert!(same, "{} threads {threads}, {units} units, N = {n}", level.name());
                }
            }
        }
    }
}

#[test]
fn beyond_the_table_the_levels_still_agree() {
    let rng = &mut stream(3, "test", 0);
    let mut rows = PackedRows::new(3);
    (0..(1 << 20) + 700).for_each(|_| rows.push_bytes(&[(rng.next_u32() & 7) as u8]));
    let (past, targets) = embedded(&rows.series());
    let sources = Sources::new(&past);
    let at = |level| {
        let mut nats = vec![0.0; 9];
        te_at(level, &sources, &targets, 1, &mut nats);
        nats.into_iter().map(f64::to_bits).collect::<Vec<_>>()
    };
    for level in Level::available() {
        assert_eq!(at(level), at(Level::Scalar), "{}", level.name());
    }
}

#[test]
fn what_cannot_inform_is_exactly_zero() {
    for n in [2, 65, 1000, 4097] {
        let rng = &mut stream(4, "test", n as u64);
        let mut rows = PackedRows::new(6);
        let mut flip = false;
        for _ in 0..n {
            // 0 and 1 constant, 2 alternates, 3 and 4 are opposites, 5 is skewed
            flip = !flip;
            let fair = rng.next_u32() & 1 == 1;
            rows.push(&[false, true, flip, fair, !fair, below(rng, 10) == 0]);
        }
        let (past, targets) = embedded(&rows.series());
        let mut nats = [f64::NAN; 36];
        te(&Sources::new(&past), &targets, 1, &mut nats);
        for (pair, nats) in nats.into_iter().enumerate() {
            let (source, target) = (pair / 6, pair % 6);
            let known =
                source < 2 || target < 3 || source == target || (source.min(target), source.max(target)) == (3, 4);
            if known {
                assert_eq!(nats.to_bits(), 0, "N = {n}, {source} -> {target}: {nats:e}");
            }
            assert!(nats >= 0.0);
        }
    }
}

#[test]
fn independent_units_follow_chi_square() {
    let (units, n) = (64, 2000);
    let rng = &mut stream(5, "test", 0);
    let (sources, targets) = (random_rows(units, n, rng), random_rows(units, n + 1, rng));
    let series = targets.series();
    let targets = Targets::new(&series.slice(1..n + 1), &series.slice(0..n)).unwrap();
    let mut nats = vec![0.0; units * units];
    te(&Sources::new(&sources.series()), &targets, 1, &mut nats);
    let statistic: Vec<f64> = nats.iter().map(|te| 2.0 * n as f64 * te).collect();
    let pairs = statistic.len() as f64;
    let mean = statistic.iter().sum::<f64>() / pairs;
    let variance = statistic.iter().map(|s| (s - mean).powi(2)).sum::<f64>() / pairs;
    // Two degrees of freedom: mean 2 and variance 4, whose standard errors over m draws are 2/√m and 4·√(8/m).
    assert!((mean - 2.0).abs() < 4.0 * 2.0 / pairs.sqrt(), "{mean}");
    assert!((variance - 4.0).abs() < 4.0 * 4.0 * (8.0 / pairs).sqrt(), "{variance}");
}

/// Bits of TE when P(x, y⁻) and P(y' = 1 | y⁻, x) are twentieths and hundredths, counted exactly.
fn bits_of_expected_counts(p_one: impl Fn(u32, u32) -> u32) -> f64 {
    let joint = std::array::from_fn(|i| {
        let (next, y, x) = (i as u32 >> 2, i as u32 >> 1 & 1, i as u32 & 1);
        25 * if next == 1 { p_one(y, x) } else { 100 - p_one(y, x) }
    });
    te_from_joint(&joint) / std::f64::consts::LN_2
}

#[test]
fn closed_forms_to_the_last_digit() {
    // x fair and new at every step, so that (x, y⁻) is uniform; h is the binary entropy
    for (e, bits) in [(5, 0.7136030429), (10, 0.5310044064), (25, 0.1887218755)] {
        let flip = |one: bool| if one { 100 - e } else { e };
        assert!((bits_of_expected_counts(|_, x| flip(x == 1)) - bits).abs() < 1e-10, "copy {e}");
        assert!((bits_of_expected_counts(|y, x| flip(x != y)) - bits).abs() < 1e-10, "xor {e}");
    }
    let lazy = bits_of_expected_counts(|y, x| 30 * x + 70 * y);
    assert!((lazy - 0.1691948551).abs() < 1e-10, "lazy copy {lazy}");
}

#[test]
fn closed_forms_within_sampling_error() {
    // y' = (y⁻ OR x) or x, flipped with e = .1; x turns with probability f
    for (f, or, bits) in [(0.3, false, 0.4831997830), (0.1, false, 0.3326335080), (0.2, true, 0.1022756039)] {
        let rng = &mut stream(6, "test", (f * 10.0) as u64);
        let chance = |p: f64, rng: &mut Stream| f64::from(rng.next_u32()) < p * 2_f64.powi(32);
        let (mut x, mut y) = (false, false);
        let mut rows = PackedRows::new(2);
        for _ in 0..200_000 {
            rows.push(&[x, y]);
            (x, y) = (x ^ chance(f, rng), (x || (or && y)) ^ chance(0.1, rng));
        }
        let (past, targets) = embedded(&rows.series());
        let mut nats = [0.0; 4];
        te(&Sources::new(&past), &targets, 1, &mut nats);
        let error = nats[1] / std::f64::consts::LN_2 - bits;
        assert!(error.abs() < 0.008, "f = {f}: off by {error}"); // the log-ratio's spread is about 1.5 bits/√200,000
    }
}

#[test]
fn merged_and_moved_windows_equal_one_count() {
    let rows = with_constants(7, 1201, &mut stream(7, "test", 0)).series();
    let count = |from: usize, to: usize| {
        let past = rows.slice(from..to);
        PairCounts::count(&Sources::new(&past), &Targets::new(&rows.slice(from + 1..to + 1), &past).unwrap(), 1)
    };
    let mut window = count(0, 500);
    window.add(&count(500, 1200)).unwrap();
    assert_eq!(window, count(0, 1200));
    window.remove(&count(0, 333)).unwrap();
    assert_eq!(window, count(333, 1200));
    let before = window.clone();
    assert!(window.remove(&count(0, 900)).is_err(), "more rows than there are");
    assert_eq!(window, before);
}

#[test]
fn rows_keep_the_layout_of_packbits() {
    let rng = &mut stream(8, "test", 0);
    for units in UNITS {
        let rows = random_rows(units, 77, rng);
        let stride = units.div_ceil(8);
        for (row, bytes) in rows.as_bytes().chunks_exact(stride).enumerate() {
            for (place, byte) in bytes.iter().enumerate() {
                let bits = (place * 8..units.min(place * 8 + 8)).enumerate();
                let expected = bits.fold(0, |sum, (bit, unit)| sum | u8::from(rows.bit(row, unit)) << bit);
                assert_eq!(*byte, expected);
            }
        }
        let mut dirty = rows.as_bytes().to_vec();
        dirty.iter_mut().skip(stride - 1).step_by(stride).for_each(|last| *last |= !0 << ((units - 1) % 8) << 1);
        assert_eq!(PackedRows::from_bytes(units, 77, dirty).unwrap(), rows);
        assert!(PackedRows::from_bytes(units, 78, rows.as_bytes().to_vec()).is_err());
    }
}

#[test]
fn series_slices_and_gathers_are_the_same_bits() {
    let rng = &mut stream(9, "test", 0);
    for units in [1, 3, 64, 65, 513, 1100] {
        for n in ROWS.into_iter().filter(|n| n * units < 700_000) {
            let rows = random_rows(units, n, rng);
            let mut order: Vec<u32> = (0..n as u32).collect();
            shuffle(rng, &mut order);
            order.truncate(n - n / 7);
            let series = rows.series_of(&order);
            let samples = (0..2000.min(n * units)).map(|_| (below(rng, units as u32), below(rng, order.len() as u32)));
            for (unit, row) in samples.map(|(unit, row)| (unit as usize, row as usize)) {
                assert_eq!(series.bit(unit, row), rows.bit(order[row] as usize, unit));
            }
            assert_eq!(series, rows.select(&order).series());
            let (from, to) = (order.len() / 3, order.len() - order.len() / 5);
            assert_eq!(series.slice(from..to), rows.select(&order[from..to]).series());
            assert_eq!(rows.slice(from..to).series(), rows.series().slice(from..to));
            let ones: Vec<u32> = (0..units).map(|unit| rows.series().ones(unit)).collect();
            assert_eq!(rows.ones(), ones);
        }
    }
}

#[test]
fn refilled_sources_are_new_sources() {
    let rng = &mut stream(10, "test", 0);
    for units in [1, 3, 65, 520] {
        let (rows, layer) = (random_rows(units, 1100, rng), random_rows(5, 1001, rng).series());
        let targets = Targets::new(&layer.slice(1..1001), &layer.slice(0..1000)).unwrap();
        let mut order: Vec<u32> = (50..1050).collect();
        let mut sources = Sources::from_rows(&rows, &order);
        shuffle(rng, &mut order);
        sources.refill(&rows, &order);
        let fresh = Sources::new(&rows.series_of(&order));
        assert_eq!(PairCounts::count(&sources, &targets, 1), PairCounts::count(&fresh, &targets, 1));
        (0..units).for_each(|unit| assert_eq!(sources.ones(unit), rows.series_of(&order).ones(unit)));
    }
}

#[test]
fn every_level_transposes_alike() {
    let rng = &mut stream(11, "test", 0);
    for units in [5, 100, 200, 700] {
        let rows = random_rows(units, 600, rng);
        let order: Vec<u32> = (0..600).rev().collect();
        let at = |level| {
            let mut words = Vec::new();
            super::transpose::chunks(level, &rows, &order, |unit, chunk, eight| words.push((unit, chunk, eight)));
            words
        };
        for level in Level::available() {
            assert_eq!(at(level), at(Level::Scalar), "{}", level.name());
        }
    }
}

#[test]
fn different_lengths_are_refused() {
    let rng = &mut stream(12, "test", 0);
    let (a, b) = (random_rows(3, 10, rng).series(), random_rows(3, 11, rng).series());
    assert!(Targets::new(&a, &b).unwrap_err().to_string().contains("`past` has 11 rows"));
}
