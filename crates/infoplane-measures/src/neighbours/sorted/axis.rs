//! One column in order of its values: a radix sort on the leading bits, finished by comparison where they agree.

use std::cell::RefCell;
use std::cmp::Ordering;

/// Bits of the key that the radix passes sort by; the row number takes the others.
const KEY_BITS: u32 = 33;
const DIGIT_BITS: u32 = 11;
const ROW_BITS: u32 = 64 - KEY_BITS;
const DIGITS: usize = 1 << DIGIT_BITS;
const PASSES: usize = (KEY_BITS / DIGIT_BITS) as usize;

/// Longer sorts give their memory back.
const KEPT_KEYS: usize = 1 << 18;

/// A column sorted: ascending values, and which row holds each rank.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Axis {
    /// Ascending.
    pub(crate) values: Vec<f64>,
    /// The row of each rank.
    pub(crate) rows: Vec<u32>,
}

impl Axis {
    /// Sorts a column of finite values; among equal values the earlier row comes first.
    pub(crate) fn sorted(column: &[f64]) -> Self {
        let mut axis = Self::default();
        axis.sort(column);
        axis
    }

    /// Sorts a column in the memory of another.
    pub(crate) fn sort(&mut self, column: &[f64]) {
        self.rows.clear();
        order(column, &mut self.rows);
        self.values.clear();
        self.values.extend(self.rows.iter().map(|&row| column[row as usize]));
    }

    /// Whether all values are equal.
    pub(crate) fn is_constant(&self) -> bool {
        self.values.first() == self.values.last()
    }

    /// The rank of each row.
    pub(crate) fn ranks(&self, ranks: &mut Vec<u32>) {
        ranks.resize(self.rows.len(), 0);
        for (rank, &row) in (0..).zip(&self.rows) {
            ranks[row as usize] = rank;
        }
    }

    /// The rows of every value that occurs more than once.
    pub(crate) fn tied(&self) -> impl Iterator<Item = u32> {
        let n = self.values.len();
        let same = move |a: usize, b: usize| b < n && self.values[a] == self.values[b];
        (0..n)
            .filter(move |&rank| same(rank, rank + 1) || (rank > 0 && same(rank - 1, rank)))
            .map(|rank| self.rows[rank])
    }

    /// Whether any value occurs more than once.
    pub(crate) fn has_ties(&self) -> bool {
        self.values.windows(2).any(|pair| pair[0] == pair[1])
    }
}

/// The rows of a column, smallest value first.
fn order(column: &[f64], rows: &mut Vec<u32>) {
    thread_local! {
        /// Memory of the last sort: fresh pages cost as much as the sort itself.
        static KEYS: RefCell<[Vec<u64>; 2]> = const { RefCell::new([Vec::new(), Vec::new()]) };
    }
    let centre = typical(column);
    KEYS.with_borrow_mut(|[keys, moved]| {
        keys.clear();
        keys.extend((0..).zip(column).map(|(row, value)| key(value - centre, row)));
        moved.resize(keys.len(), 0);
        radix(keys, moved);
        finish(keys, column);
        rows.extend(keys.iter().map(|key| (key & ((1 << ROW_BITS) - 1)) as u32));
        if keys.len() > KEPT_KEYS {
            (*keys, *moved) = (Vec::new(), Vec::new());
        }
    });
}

/// A middling value, so that most keys differ in their leading bits wherever the data lie.
fn typical(column: &[f64]) -> f64 {
    let mut few: Vec<f64> = column.iter().step_by(column.len().div_ceil(31).max(1)).copied().collect();
    few.sort_unstable_by(f64::total_cmp);
    few.get(few.len() / 2).copied().unwrap_or(0.0)
}

/// Leading bits of a number that order as the numbers do, and below them the row.
fn key(value: f64, row: u64) -> u64 {
    // A zero keeps no sign: −0 and 0 are equal.
    let bits = (value + 0.0).to_bits();
    let ordered = if bits >> 63 == 1 { !bits } else { bits | 1 << 63 };
    (ordered >> ROW_BITS) << ROW_BITS | row
}

/// Sorts by the leading bits, keeping the order of equals.
fn radix(keys: &mut Vec<u64>, moved: &mut Vec<u64>) {
    let digit = |key: u64, pass: usize| (key >> (ROW_BITS + pass as u32 * DIGIT_BITS)) as usize & (DIGITS - 1);
    let mut starts = vec![[0_u32; DIGITS]; PASSES];
    for &key in keys.iter() {
        for (pass, starts) in starts.iter_mut().enumerate() {
            starts[digit(key, pass)] += 1;
        }
    }
    for (pass, starts) in starts.iter_mut().enumerate() {
        let mut next = 0;
        for start in starts.iter_mut() {
            next += std::mem::replace(start, next);
        }
        for &key in keys.iter() {
            let place = &mut starts[digit(key, pass)];
            moved[*place as usize] = key;
            *place += 1;
        }
        std::mem::swap(keys, moved);
    }
}

/// Sorts the runs of equal leading bits by the values themselves.
fn finish(keys: &mut [u64], column: &[f64]) {
    let value = |key: u64| column[(key & ((1 << ROW_BITS) - 1)) as usize];
    let by_value = |a: &u64, b: &u64| match value(*a).partial_cmp(&value(*b)) {
        None | Some(Ordering::Equal) => a.cmp(b),
        Some(order) => order,
    };
    let mut first = 0;
    for end in 1..=keys.len() {
        if end == keys.len() || keys[end] >> ROW_BITS != keys[first] >> ROW_BITS {
            if end - first > 1 {
                keys[first..end].sort_unstable_by(by_value);
            }
            first = end;
        }
    }
}

#[cfg(test)]
mod tests {
    use infoplane_spec::{below, stream};

    use super::*;

    fn checked(column: &[f64]) {
        let axis = Axis::sorted(column);
        let mut rows: Vec<u32> = (0..column.len() as u32).collect();
        rows.sort_by(|&a, &b| column[a as usize].partial_cmp(&column[b as usize]).unwrap());
        assert_eq!(axis.rows, rows);
        assert!(axis.values.windows(2).all(|pair| pair[0] <= pair[1]));
        let mut ranks = Vec::new();
        axis.ranks(&mut ranks);
        assert!(ranks.iter().enumerate().all(|(row, &rank)| axis.rows[rank as usize] as usize == row));
        assert!(axis.rows.iter().zip(&axis.values).all(|(&row, &value)| column[row as usize] == value));
    }

    #[test]
    fn any_column_is_sorted() {
        let mut rng = stream(1, "test/axis", 0);
        for n in [1, 2, 3, 31, 32, 1000, 5000] {
            let even: Vec<f64> = (0..n).map(|_| f64::from(below(&mut rng, 1 << 30)) - 5e8).collect();
            checked(&even);
            checked(&even.iter().map(|v| v * v * v * 1e-20).collect::<Vec<_>>());
            checked(&even.iter().map(|v| 1e9 + v * 1e-9).collect::<Vec<_>>());
            checked(&even.iter().map(|v| (v / 2e8).round() * 0.1).collect::<Vec<_>>());
            checked(&even.iter().map(|v| (v * 1e-7).tanh()).collect::<Vec<_>>());
            checked(&even.iter().map(|v| v * 1e-300 * 1e-15).collect::<Vec<_>>());
        }
        checked(&[0.0, -0.0, 1.0, -0.0, 0.0, -1.0, f64::MIN_POSITIVE, -f64::MIN_POSITIVE, 5e-324]);
        checked(&[f64::MAX, f64::MIN, 0.0, 1.0]);
    }

    #[test]
    fn ties_are_found() {
        let axis = Axis::sorted(&[3.0, 1.0, 3.0, -0.0, 2.0, 0.0, 3.0]);
        let mut tied: Vec<u32> = axis.tied().collect();
        tied.sort_unstable();
        assert_eq!(tied, [0, 2, 3, 5, 6]);
        assert!(axis.has_ties() && !Axis::sorted(&[1.0, 2.0]).has_ties());
        assert!(Axis::sorted(&[1.0, 1.0]).is_constant());
    }
}
