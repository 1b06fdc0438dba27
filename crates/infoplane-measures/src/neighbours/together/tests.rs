use infoplane_spec::{below, stream};

use super::*;
use crate::neighbours::sorted::Sorted as OneByOne;

/// Sums of twelve even numbers: nearly normal.
fn normals(seed: u64, rows: usize) -> Vec<f64> {
    let mut rng = stream(seed, "test/together", 0);
    let mut even = || f64::from(below(&mut rng, 1 << 30)) / f64::from(1 << 30);
    (0..rows).map(|_| (0..12).map(|_| even()).sum::<f64>() - 6.0).collect()
}

/// How many sources were answered together, after comparing each with the engine for one.
fn checked(columns: &[Vec<f64>], neighbours: usize) -> usize {
    let axes: Vec<Axis> = columns.iter().map(|column| Axis::sorted(column)).collect();
    let lookups: Vec<Option<Lookup>> = axes.iter().map(|axis| Lookup::new(&axis.values)).collect();
    let (y, z) = (&axes[0], &axes[1]);
    let sources = columns.iter().zip(&axes).zip(&lookups).skip(2);
    let sources: Vec<Source> =
        sources.map(|((column, axis), lookup)| Source { column, axis, lookup: lookup.as_ref() }).collect();
    let alone = OneByOne::new(Level::detect(), y, Some(z), neighbours);
    let in_order = |inside: &[Inside]| {
        let mut keys: Vec<[u32; 3]> = inside.iter().map(|row| [row.xz, row.yz, row.z]).collect();
        keys.sort_unstable();
        keys
    };
    let (mut asked, mut answered) = (0, 0);
    together(y, z, &sources, neighbours, |number, inside| {
        assert_eq!(number, asked);
        asked += 1;
        if let Some(inside) = inside {
            answered += 1;
            let (got, due) = (in_order(inside), in_order(alone.answer(sources[number].axis).inside()));
            let differ = got.iter().zip(&due).find(|(got, due)| got != due);
            assert!(differ.is_none() && got.len() == due.len(), "source {number}: {differ:?}");
        }
    });
    assert_eq!(asked, sources.len());
    answered
}

/// Columns that follow one another a little, changed by a function.
fn columns(count: usize, rows: usize, change: impl Fn(f64) -> f64) -> Vec<Vec<f64>> {
    let plain: Vec<Vec<f64>> = (0..count as u64).map(|seed| normals(seed, rows)).collect();
    let mixed = |number: usize| plain[number].iter().zip(&plain[(number + 1) % count]).map(|(a, b)| a + 0.6 * b);
    (0..count).map(|number| mixed(number).map(&change).collect()).collect()
}

#[test]
fn many_sources_get_the_counts_of_each_alone() {
    if Level::detect() < Level::Avx512 {
        return;
    }
    for rows in [64, 65, 300, 1001] {
        for neighbours in [1, 3, 4, 7, 16] {
            for count in [8, 18, 19, 35] {
                let columns = columns(count, rows, |v| v);
                assert_eq!(checked(&columns, neighbours), count - 2, "{rows} rows");
            }
        }
    }
    assert_eq!(checked(&columns(9, MOST_ROWS, |v| v), 4), 7);
}

#[test]
fn whatever_the_values_look_like() {
    if Level::detect() < Level::Avx512 {
        return;
    }
    let changes: [fn(f64) -> f64; 12] = [
        |v| v * v * v,
        |v| v.sinh().powi(3),
        |v| (2.0 * v).tanh(),
        |v| (4.0 * v).round() / 4.0,
        |v| (100.0 * v).round() / 100.0,
        |v| (1e4 * v).round() * 1e-4,
        |v| 1e9 + v,
        |v| 1e15 + v,
        |v| 1e-9 * v,
        |v| 1e-40 * v,
        |v| 1e40 * v,
        |v| v.max(0.0),
    ];
    for (number, change) in changes.into_iter().enumerate() {
        for neighbours in [1, 4, 10] {
            for rows in [120, 700] {
                let columns = columns(20, rows, change);
                if columns.iter().all(|column| column.iter().any(|&value| value != column[0])) {
                    let answered = checked(&columns, neighbours);
                    // saturation, a fine grid, an offset and another unit are no hindrance
                    assert!(answered == 18 || ![2, 5, 6, 8].contains(&number), "change {number}: {answered}");
                }
            }
        }
    }
}

#[test]
fn sources_of_very_different_scales() {
    if Level::detect() < Level::Avx512 {
        return;
    }
    for scale in [1e-7, 1e-3, 1e3, 1e7] {
        let mut columns = columns(12, 500, |v| v);
        columns[1..].iter_mut().step_by(3).flatten().for_each(|value| *value *= scale);
        assert_eq!(checked(&columns, 4), 10);
    }
}
