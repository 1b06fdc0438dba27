use infoplane_spec::{below, shuffle, stream};

use super::sort::{COLUMN, sort};
use super::table::Table;
use super::*;
use crate::neighbours::sorted::Sorted as OneByOne;

/// Sums of twelve even numbers: nearly normal.
fn normals(seed: u64, rows: usize) -> Vec<f64> {
    let mut rng = stream(seed, "test/together", 0);
    let mut even = || f64::from(below(&mut rng, 1 << 30)) / f64::from(1 << 30);
    (0..rows).map(|_| (0..12).map(|_| even()).sum::<f64>() - 6.0).collect()
}

/// Counts that do not tell in which order the rows were.
fn in_order(inside: &[Inside]) -> Vec<[u32; 3]> {
    let mut keys: Vec<[u32; 3]> = inside.iter().map(|row| [row.xz, row.yz, row.z]).collect();
    keys.sort_unstable();
    keys
}

/// How many sources were answered together, after comparing each with the engine for one.
fn checked(columns: &[Vec<f64>], neighbours: usize) -> usize {
    let axes: Vec<Axis> = columns.iter().map(|column| Axis::sorted(column)).collect();
    let lookups: Vec<Option<Lookup>> = axes.iter().map(Lookup::new).collect();
    let (y, z) = (&axes[0], &axes[1]);
    let sources = axes.iter().zip(&lookups).skip(2);
    let sources: Vec<Option<Source>> =
        sources.map(|(axis, lookup)| lookup.as_ref().map(|lookup| Source::of(axis, lookup))).collect();
    let alone = OneByOne::new(Level::detect(), y, Some(z), neighbours);
    let (mut asked, mut answered) = (0, 0);
    together(y, z, &sources, neighbours, |number, inside| {
        assert_eq!(number, asked);
        asked += 1;
        if let Some(inside) = inside {
            answered += 1;
            let (got, due) = (in_order(inside), in_order(alone.answer(&axes[2 + number]).inside()));
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
    // the last border of the table of counts stands behind the last row, or at it
    for rows in [2040, 4079, 8175, MOST_ROWS] {
        assert_eq!(checked(&columns(9, rows, |v| v), 4), 7);
    }
}

#[test]
fn orders_of_one_source_get_the_counts_of_each_alone() {
    if Level::detect() < Level::Avx512 {
        return;
    }
    for (rows, count, neighbours) in [(64, 6, 1), (300, 16, 4), (1001, 35, 7), (1001, 83, 4), (9000, 17, 4)] {
        let changes: [fn(f64) -> f64; 3] = [|v| v, f64::sinh, |v| (40.0 * v).round()];
        for (number, change) in changes.into_iter().enumerate() {
            let axes: Vec<Axis> = columns(3, rows, change).iter().map(|column| Axis::sorted(column)).collect();
            let mut rng = stream(13, "test/together", count as u64);
            let mut orders = vec![(0..rows as u32).collect::<Vec<_>>(); count];
            // one stays as it is
            orders[1..].iter_mut().for_each(|order| shuffle(&mut rng, order));
            let orders: Vec<&[u32]> = orders.iter().map(Vec::as_slice).collect();
            let [x, y, z] = &axes[..] else { panic!("three columns") };
            let mut due = Vec::new();
            let alone = OneByOne::new(Level::detect(), y, Some(z), neighbours);
            alone.reordered(x, orders.iter().copied(), |inside| due.push(in_order(inside)));
            let Some(lookup) = Lookup::new(x) else {
                assert!(number == 2 && rows > 1001, "crowded");
                continue;
            };
            let (mut asked, mut answered) = (0, 0);
            reordered(y, z, (x, &lookup), &orders, neighbours, |number, inside| {
                assert_eq!(number, asked, "in order");
                assert!(inside.is_none_or(|inside| in_order(inside) == due[number]), "order {number} of {rows} rows");
                answered += usize::from(inside.is_some());
                asked += 1;
            });
            // only many equal values are a hindrance
            assert!(asked == count && (answered == count || number == 2), "{answered} of {count}");
        }
    }
}

#[test]
fn orders_are_shared_out_in_whole_groups() {
    for orders in [6, 16, 17, 64, 65, 200, 1000] {
        let shares = shares(orders, LANES, GROUPS, 1);
        assert_eq!(shares.iter().cloned().flatten().collect::<Vec<_>>(), (0..orders).collect::<Vec<_>>());
        assert!(shares.iter().all(|share| share.start % LANES == 0 && (1..=64).contains(&share.len())));
        // no share is more than a group longer than another, beside the last, which ends in the midst of one
        let groups = |share: &std::ops::Range<usize>| share.len().div_ceil(LANES);
        let longest = shares.iter().map(groups).max();
        assert!(shares.iter().all(|share| Some(groups(share) + 1) >= longest));
    }
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
    // where the units are too different, all are left to the engine for one
    for (scale, answered) in [(1e-7, 0), (1e-3, 10), (1e3, 10), (1e7, 0)] {
        let mut columns = columns(12, 500, |v| v);
        columns[1..].iter_mut().step_by(3).flatten().for_each(|value| *value *= scale);
        assert_eq!(checked(&columns, 4), answered, "scale {scale}");
    }
    // or only the sources whose units are
    for scale in [1e-7, 1e7] {
        let mut columns = columns(12, 500, |v| v);
        columns[2..].iter_mut().step_by(3).flatten().for_each(|value| *value *= scale);
        assert_eq!(checked(&columns, 4), 6, "scale {scale}");
    }
}

#[test]
fn a_table_tells_the_ranks_that_a_count_does() {
    if Level::detect() < Level::Avx512 {
        return;
    }
    for (rows, change) in [(64, 1.0), (700, 1.0), (MOST_ROWS, 1.0), (700, 1.5)] {
        let column: Vec<f64> = normals(3, rows).into_iter().map(|v| v.signum() * v.abs().powf(change)).collect();
        let lookup = Lookup::new(&Axis::sorted(&column)).expect("not crowded");
        let top = *lookup.sorted[..rows].last().unwrap();
        let mut rng = stream(5, "test/together", 1);
        let (mut told, mut asked, mut off) = (0, 0, 0);
        for tolerance in [0, 2, 7, 1000, 1 << 20] {
            let mut at: Vec<i32> =
                (0..800).map(|_| below(&mut rng, 1 << 31).cast_signed().wrapping_sub(1 << 30)).collect();
            at.extend((0..800).map(|_| below(&mut rng, top.cast_unsigned()).cast_signed()));
            // at values themselves, next to them, and outside
            at.extend(
                lookup.sorted[..rows]
                    .iter()
                    .take(256)
                    .flat_map(|value| [value - tolerance, *value, value + tolerance + 1]),
            );
            at.extend([lookup.sorted[0], top, 0, i32::MAX / 2, -(1 << 30)]);
            at.resize(at.len().next_multiple_of(LANES), 0);
            for (number, some) in at.chunks_exact(LANES).enumerate() {
                let count = |far: i32| lookup.sorted[..rows].iter().filter(move |&&value| value < far).count();
                // SAFETY: the level was looked up above.
                let (table, untold, alone) = unsafe { asked_of(&lookup, some, tolerance) };
                for (lane, &at) in some.iter().enumerate() {
                    let due = [count(at - tolerance) as u32, count(at + tolerance + 1) as u32];
                    assert_eq!(alone[lane], due, "{rows} {tolerance} {at}");
                    if untold >> lane & 1 == 0 {
                        let ([surely, maybe], [least, most]) = (table[lane], due);
                        assert!(surely <= least && maybe >= most, "{rows} {tolerance} {at}");
                        // of what does not stand next to a value on purpose
                        off += u32::from(number < 1600 / LANES && table[lane] != due);
                        told += 1;
                    }
                    asked += 1;
                }
            }
        }
        assert!(2 * told > asked && 200 * off < told, "{told} of {asked}, {off} not wholly");
    }
}

/// The least and the most ranks by the table, the lanes that it does not tell, and the same by the values.
#[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx2,popcnt,bmi1,bmi2")]
fn asked_of(lookup: &Lookup, at: &[i32], tolerance: i32) -> ([[u32; 2]; LANES], u16, [[u32; 2]; LANES]) {
    let mut sixteen = Lanes::default();
    sixteen.0.copy_from_slice(at);
    let (below, untold) = lookup.ranks(load(&sixteen), lookup.entries(load(&sixteen)), tolerance);
    let (surely, maybe) = (lanes(below.surely).0, lanes(below.maybe).0);
    let table = std::array::from_fn(|lane| [surely[lane].cast_unsigned(), maybe[lane].cast_unsigned()]);
    let mut alone = [[0; 2]; LANES];
    for (alone, &at) in alone.iter_mut().zip(at) {
        let below = lookup.below(at, tolerance);
        *alone = [below.surely, below.maybe];
    }
    (table, untold, alone)
}

#[test]
fn rectangles_have_the_rows_that_a_count_finds() {
    if Level::detect() < Level::Avx512 {
        return;
    }
    for rows in [16, 64, 65, 1000, 2031, 2032, 4079, 4080, 8175, 8176, MOST_ROWS] {
        let mut along_z: Vec<u16> = (0..rows as u16).collect();
        let mut rng = stream(7, "test/together", rows as u64);
        (1..rows).rev().for_each(|at| along_z.swap(at, below(&mut rng, at as u32 + 1) as usize));
        let mut range = || {
            let ends = [below(&mut rng, rows as u32 + 1), below(&mut rng, rows as u32 + 1)];
            [ends[0].min(ends[1]), ends[0].max(ends[1])]
        };
        for _ in 0..40 {
            let some: [[[u32; 2]; 2]; LANES] = std::array::from_fn(|_| [range(), range()]);
            // SAFETY: the level was looked up above.
            let (each, all) = unsafe { counted(&along_z, &some) };
            for (lane, [x, z]) in some.into_iter().enumerate() {
                let ranks = &along_z[x[0] as usize..x[1] as usize];
                let due = ranks.iter().filter(|&&rank| (z[0]..z[1]).contains(&u32::from(rank))).count() as u32;
                assert_eq!([each[lane], all[lane]], [due; 2], "{rows} {x:?} {z:?}");
            }
        }
    }
}

/// The rows of sixteen rectangles, one by one and together.
#[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx2,popcnt,bmi1,bmi2")]
fn counted(along_z: &[u16], some: &[[[u32; 2]; 2]; LANES]) -> ([u32; LANES], [u32; LANES]) {
    let mut table = Table::default();
    table.fill(along_z.iter().map(|&rank| rank.into()));
    let end = |axis: usize, end: usize| Lanes(some.map(|ranges| ranges[axis][end].cast_signed()));
    let all = table.counts(&[end(0, 0), end(0, 1)], &[end(1, 0), end(1, 1)]).0.map(i32::cast_unsigned);
    let mut each = [0; LANES];
    for (each, [x, z]) in each.iter_mut().zip(some) {
        *each = table.count(*x, *z);
    }
    (each, all)
}

#[test]
fn columns_are_sorted() {
    if Level::detect() < Level::Avx512 {
        return;
    }
    let mut rng = stream(11, "test/together", 0);
    for most in [3, 100, 1 << 31] {
        let mut numbers: Vec<u32> = (0..COLUMN * LANES).map(|_| below(&mut rng, most)).collect();
        numbers[7] = u32::MAX;
        // SAFETY: the level was looked up above.
        let sorted = unsafe { sorted(&numbers) };
        numbers.sort_unstable();
        assert_eq!(sorted, numbers);
    }
}

/// The numbers by columns, after they were sorted.
#[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx2,popcnt,bmi1,bmi2")]
fn sorted(numbers: &[u32]) -> Vec<u32> {
    let mut columns = [_mm512_set1_epi32(0); COLUMN];
    for (columns, numbers) in columns.iter_mut().zip(numbers.chunks(LANES)) {
        let mut sixteen = Lanes::default();
        sixteen.0.iter_mut().zip(numbers).for_each(|(to, number)| *to = number.cast_signed());
        *columns = load(&sixteen);
    }
    sort(&mut columns);
    let mut rows = [Lanes::default(); COLUMN];
    rows.iter_mut().zip(columns).for_each(|(row, column)| *row = lanes(column));
    (0..LANES).flat_map(|lane| rows.iter().map(move |row| row.0[lane].cast_unsigned())).collect()
}

#[test]
fn rows_are_turned_into_columns() {
    if Level::detect() < Level::Avx512 {
        return;
    }
    let number = |row: usize, lane: usize| ((100 * row + lane) as u32).cast_signed();
    let found: [Lanes; LANES] = std::array::from_fn(|row| Lanes(std::array::from_fn(|lane| number(row, lane))));
    let mut to = vec![-1; 3 * LANES * LANES];
    // SAFETY: the level was looked up above.
    unsafe { put(&found, &mut to, 1) };
    for (at, &value) in to.iter().enumerate() {
        let (lane, row) = (at / (3 * LANES), (at % (3 * LANES)).wrapping_sub(LANES));
        assert_eq!(value, if row < LANES { number(row, lane) } else { -1 });
    }
}
