//! Every level of instructions gives the bits of the naive scan, whatever the data.

use infoplane_spec::{below, stream};

use super::Tiles;
use crate::Clock;
use crate::neighbours::{
    Algorithm, Border, Exclusion, KsgPrepared, KsgQuestion, Metric, Neighbours, Scan, Space, ksg_scan,
};
use crate::simd::Level;

/// What becomes of a standard normal value.
type Shape = fn(f64) -> f64;

const SHAPES: [(&str, Shape); 11] = [
    ("gaussian", |v| v),
    ("cubed", |v| v.powi(3)),
    ("heavy tails", |v| (4.0 * v).sinh().powi(3)),
    ("saturated", |v| (3.0 * v).tanh()),
    ("rounded", |v| (v * 10.0).round() / 10.0),
    ("few values", |v| v.round()),
    ("mostly zero", |v| (v - 1.0).max(0.0)),
    ("clusters", |v| v * 1e-3 + if v > 0.0 { 1e6 } else { -3e7 }),
    ("far from zero", |v| v + 1e9),
    ("huge", |v| v * 1e300),
    ("tiny", |v| v * 1e-305),
];

fn columns(rows: usize, count: usize, seed: u64, shape: Shape) -> Vec<Vec<f64>> {
    let mut rng = stream(seed, "tiles", rows as u64);
    let mut uniform = || (f64::from(below(&mut rng, 1 << 30)) + 0.5) / f64::from(1 << 30);
    let mut common = vec![0.0; rows];
    let mut columns = Vec::new();
    for _ in 0..count {
        let mut normal = || (-2.0 * f64::ln(uniform())).sqrt() * (std::f64::consts::TAU * uniform()).cos();
        let column: Vec<f64> = common.iter().map(|c| 0.6 * c + 0.8 * normal()).collect();
        common.clone_from(&column);
        columns.push(column.into_iter().map(shape).collect());
    }
    columns
}

fn levels() -> impl Iterator<Item = Tiles> {
    Level::available().into_iter().map(|level| Tiles { level })
}

/// Trials of uneven length, rows in no order.
fn clock(rows: usize) -> Clock {
    let shuffled = (0..rows as u32).map(|row| row * 7 % rows as u32);
    let (trial, time) = shuffled.map(|t| (t / 90, t % 90 * 2)).unzip();
    Clock { trial, time }
}

fn agrees(data: &[Vec<f64>], dims: [usize; 3], neighbours: usize, exclusion: Exclusion, what: &str) {
    let (x, rest) = data.split_at(dims[0]);
    let (y, z) = rest.split_at(dims[1]);
    for algorithm in [Algorithm::One, Algorithm::Two] {
        let question = KsgQuestion { x, y, z: &z[..dims[2]], neighbours, algorithm, exclusion };
        let truth = ksg_scan(&question);
        for tiles in levels() {
            assert_eq!(
                KsgPrepared::by(tiles, &question).counts(x),
                truth,
                "{what}, {dims:?}, {algorithm:?}, {tiles:?}"
            );
        }
    }
}

#[test]
fn every_shape_of_data() {
    for (seed, (what, shape)) in (0..).zip(SHAPES) {
        let data = columns(400, 10, seed, shape);
        for dims in [[1, 1, 0], [1, 1, 1], [2, 1, 2], [5, 5, 0], [1, 3, 2]] {
            agrees(&data, dims, 4, Exclusion::default(), what);
        }
    }
}

#[test]
fn every_number_of_rows_and_neighbours() {
    for rows in [2, 5, 15, 16, 17, 33, 255, 256, 257, 513, 1100] {
        let data = columns(rows, 5, 1, SHAPES[0].1);
        for k in [1, 3, 16, 17, 40] {
            agrees(&data, [2, 2, 1], k, Exclusion::default(), &format!("{rows} rows, K = {k}"));
        }
    }
}

#[test]
fn many_columns_and_many_rows() {
    let data = columns(700, 20, 2, SHAPES[0].1);
    agrees(&data, [10, 10, 0], 4, Exclusion::default(), "gaussian");
    agrees(&data, [5, 5, 10], 4, Exclusion::default(), "gaussian");
    for shape in [0, 2, 4] {
        let data = columns(2500, 3, 3, SHAPES[shape].1);
        agrees(&data, [1, 1, 1], 4, Exclusion::default(), SHAPES[shape].0);
    }
}

#[test]
fn windows_and_trials() {
    let clock = clock(320);
    for shape in [0, 4, 5] {
        let data = columns(320, 5, 4, SHAPES[shape].1);
        for theiler in [0, 1, 10, 50, 600] {
            for clock in [None, Some(&clock)] {
                agrees(&data, [2, 1, 2], 4, Exclusion { theiler, clock }, SHAPES[shape].0);
                agrees(&data, [2, 2, 0], 4, Exclusion { theiler, clock }, SHAPES[shape].0);
            }
        }
    }
}

#[test]
fn constant_columns_and_identical_rows() {
    let constant = vec![2.5; 600];
    let mut data = columns(600, 3, 5, SHAPES[0].1);
    data.insert(1, constant.clone());
    agrees(&data, [2, 1, 1], 4, Exclusion::default(), "one constant column");
    let same = vec![constant; 3];
    agrees(&same, [1, 1, 1], 4, Exclusion { theiler: 2, clock: None }, "nothing but equal rows");
}

#[test]
fn thousands_of_equal_rows() {
    // More candidates at one distance than are kept at a time.
    let data = columns(1500, 2, 6, |v| if v > 1.5 { v } else { 0.0 });
    let space = Space::of_blocks(&[&data]);
    let nearest = Scan.nearest(&space, 5, &Exclusion::default());
    levels().for_each(|tiles| assert_eq!(tiles.nearest(&space, 5, &Exclusion::default()), nearest));
}

#[test]
fn all_questions_in_both_metrics() {
    let alone = Exclusion { theiler: 3, clock: None };
    for (seed, (what, shape)) in (0..).zip(SHAPES) {
        for dim in [1, 2, 5, 12] {
            let data = columns(300, dim, seed, shape);
            for metric in [Metric::Maximum, Metric::Euclidean] {
                let space = Space::of_blocks(&[&data]).with(metric);
                let kth = Scan.kth(&space, 4, &alone);
                let nearest = Scan.nearest(&space, 3, &alone);
                for tiles in levels() {
                    assert_eq!(tiles.kth(&space, 4, &alone), kth, "{what}, {dim}, {metric:?}");
                    assert_eq!(tiles.nearest(&space, 3, &alone), nearest, "{what}, {dim}, {metric:?}");
                    for border in [Border::Strict, Border::Inclusive] {
                        let counts = Scan.counts(&space, &kth, border, &alone);
                        assert_eq!(tiles.counts(&space, &kth, border, &alone), counts, "{what}, {dim}, {metric:?}");
                    }
                }
            }
        }
    }
}

#[test]
fn radii_of_nothing_and_of_everything() {
    let data = columns(300, 2, 7, SHAPES[5].1);
    let space = Space::of_blocks(&[&data]);
    for radius in [-1.0, 0.0, 1.0, f64::MIN_POSITIVE, 1e300, f64::INFINITY] {
        for border in [Border::Strict, Border::Inclusive] {
            let counts = Scan.counts(&space, &[radius; 300], border, &Exclusion::default());
            for tiles in levels() {
                assert_eq!(tiles.counts(&space, &[radius; 300], border, &Exclusion::default()), counts, "{radius}");
            }
        }
    }
}
