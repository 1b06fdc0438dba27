//! Every level equals the naive scan, whatever the data look like.

use infoplane_spec::{Stream, below, shuffle, stream};

use super::*;
use crate::neighbours::{Algorithm, Exclusion, KsgCounts, KsgQuestion, ksg_scan};

/// Nearly normal.
fn noise(rng: &mut Stream) -> f64 {
    (0..12).map(|_| f64::from(below(rng, 1 << 24)) / f64::from(1 << 24)).sum::<f64>() - 6.0
}

/// x, y' and y⁻ of two coupled series.
fn coupled(rows: usize, seed: u64) -> [Vec<f64>; 3] {
    let mut rng = stream(seed, "test/sorted", rows as u64);
    let (mut x, mut y) = (vec![0.0], vec![0.0]);
    for t in 0..rows {
        x.push(0.6 * x[t] + noise(&mut rng));
        y.push(0.5 * y[t] + 0.4 * x[t] + noise(&mut rng));
    }
    [x[..rows].to_vec(), y[1..].to_vec(), y[..rows].to_vec()]
}

type Shape = (&'static str, fn(f64) -> f64);

/// Light and heavy tails, saturation with exact ties, a handful of values, all but one equal, far from zero.
const SHAPES: [Shape; 8] = [
    ("plain", |v| v),
    ("cubed", |v| v * v * v),
    ("sinh³", |v| v.sinh().powi(3)),
    ("saturated", |v| (30.0 * v).tanh()),
    ("rounded", f64::round),
    ("all but few equal", |v| if v > 2.0 { v } else { 1.0 }),
    ("far away", |v| 1e9 + v),
    ("tiny", |v| v * 1e-300),
];

fn scanned([x, y, z]: &[Vec<f64>; 3], conditional: bool, neighbours: usize) -> KsgCounts {
    ksg_scan(&KsgQuestion {
        x: std::slice::from_ref(x),
        y: std::slice::from_ref(y),
        z: if conditional { std::slice::from_ref(z) } else { &[] },
        neighbours,
        algorithm: Algorithm::One,
        exclusion: Exclusion::default(),
    })
}

/// Every level against the scan.
fn compare(name: &str, data: &[Vec<f64>; 3], neighbours: usize) {
    let [x, y, z] = data.each_ref().map(|column| Axis::sorted(column));
    for conditional in [true, false] {
        let wanted = scanned(data, conditional, neighbours);
        for level in Level::available() {
            let sorted = Sorted::new(level, &y, conditional.then_some(&z), neighbours);
            let answer = sorted.answer(&x);
            let what = format!("{name}, {} rows, K = {neighbours}, {level:?}, {conditional}", x.rows.len());
            assert_eq!(answer.radii(), wanted.radius, "{what}");
            let each = |of: fn(&Inside) -> u32| answer.inside().iter().map(of).collect::<Vec<_>>();
            assert_eq!(each(|row| row.xz), wanted.xz, "{what}");
            assert_eq!(each(|row| row.yz), wanted.yz, "{what}");
            assert_eq!(each(|row| row.z), wanted.z, "{what}");
        }
    }
}

#[test]
fn any_shape_equals_the_scan() {
    for (name, shape) in SHAPES {
        for (rows, neighbours) in [(300, 4), (301, 1), (700, 9)] {
            compare(name, &coupled(rows, 1).map(|column| column.into_iter().map(shape).collect()), neighbours);
        }
    }
}

#[test]
fn any_number_of_rows_and_neighbours_equals_the_scan() {
    for neighbours in [1, 2, 3, 4, 5, 8, 11, 16] {
        for rows in neighbours + 1..neighbours + 20 {
            compare("plain", &coupled(rows, 2), neighbours);
        }
    }
}

#[test]
fn duplicates_by_the_thousand_equal_the_scan() {
    let mut rng = stream(3, "test/sorted", 0);
    let mut few = |values: u32| (0..2500).map(|_| f64::from(below(&mut rng, values))).collect::<Vec<f64>>();
    compare("two values", &[few(2), few(2), few(2)], 4);
    let mut one = vec![0.0; 1200];
    one[700] = 1.0;
    compare("constant but for one", &[one.clone(), one.clone(), one], 3);
}

#[test]
fn long_series_with_a_grid_equal_the_scan() {
    let rows = 17_000; // beyond what is scanned in 16 bits
    let [x, y, z] = coupled(rows, 4);
    let axes = [&x, &y, &z].map(|column| Axis::sorted(column));
    let answer = Sorted::new(Level::detect(), &axes[1], Some(&axes[2]), 4).answer(&axes[0]);
    let radii = answer.radii();
    for row in (0..rows).step_by(211) {
        let near = |column: &[f64], other: usize| (column[row] - column[other]).abs() < radii[row];
        let others = (0..rows).filter(|&other| other != row && near(&z, other));
        let (mut xz, mut yz, mut n, mut all) = (0, 0, 0, 0);
        for other in others {
            n += 1;
            xz += u32::from(near(&x, other));
            yz += u32::from(near(&y, other));
            all += u32::from(near(&x, other) && near(&y, other));
        }
        assert_eq!(answer.inside()[row], Inside { xz, yz, z: n });
        assert_eq!(all, 3, "the fourth neighbour is on the border");
    }
}

#[test]
fn other_orders_of_the_rows_equal_fresh_answers() {
    for shape in [SHAPES[0], SHAPES[4]] {
        let [x, y, z] = coupled(400, 5).map(|column| column.into_iter().map(shape.1).collect::<Vec<f64>>());
        let axes = [&x, &y, &z].map(|column| Axis::sorted(column));
        for z in [None, Some(&axes[2])] {
            let sorted = Sorted::new(Level::detect(), &axes[1], z, 4);
            let mut order: Vec<u32> = (0..400).collect();
            shuffle(&mut stream(6, "test/sorted", 0), &mut order);
            let mut answers = Vec::new();
            sorted.reordered(&axes[0], [order.as_slice()].into_iter(), |inside| answers.push(inside.to_vec()));
            let moved: Vec<f64> = order.iter().map(|&row| x[row as usize]).collect();
            assert_eq!(answers[0], sorted.answer(&Axis::sorted(&moved)).inside());
        }
    }
}
