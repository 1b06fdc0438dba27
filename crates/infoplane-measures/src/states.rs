//! Joint states: every row of a variable gets a small number, equal rows the same one.
//!
//! Columns are joined one at a time and renumbered after each, so a packed key is the product of two numbers of states
//! that occur: it fits 64 bits by construction and can neither wrap nor overflow, whatever the alphabets. A table is
//! used while it is no larger than a few cells per row, sorting beyond that. States are numbered in the order of their
//! keys, never of their arrival, so sums over states do not depend on the order of the rows.

use crate::Note;

/// Cells a dense table may have per row, and in any case.
const CELLS_PER_ROW: u64 = 4;
const SMALL_TABLE: u64 = 1024;

/// A state for each row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct States {
    /// Number of the row's state.
    pub(crate) ids: Vec<u32>,
    /// How many different states occur.
    pub(crate) kinds: usize,
}

/// A joint state that occurs: `a` and `b` together in `n` rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Cell {
    pub(crate) a: u32,
    pub(crate) b: u32,
    pub(crate) n: u32,
}

impl States {
    /// One state, the same in all rows: the empty condition.
    pub(crate) fn one(rows: usize) -> Self {
        Self { ids: vec![0; rows], kinds: 1 }
    }

    /// The joint states of `dim` columns of symbols, row-major `[rows, dim]`.
    pub(crate) fn of_rows(symbols: &[u32], rows: usize, dim: usize) -> Self {
        let columns = (0..dim).map(|column| Self::of_column(symbols.iter().skip(column).step_by(dim)));
        columns.reduce(|joint, column| joint.join(&column).0).unwrap_or_else(|| Self::one(rows))
    }

    fn of_column<'a>(symbols: impl Iterator<Item = &'a u32>) -> Self {
        let symbols: Vec<u32> = symbols.copied().collect();
        let kinds = symbols.iter().max().map_or(0, |&largest| largest as usize + 1);
        Self::one(symbols.len()).join(&Self { ids: symbols, kinds }).0
    }

    /// The joint states with another variable, numbered with this one first, and how often each occurs.
    pub(crate) fn join(&self, other: &Self) -> (Self, Vec<Cell>) {
        let cells = cells(self, &other.ids, other.kinds);
        let (width, key) = (other.kinds as u64, |a: u32, b: u32| a as u64 * other.kinds as u64 + b as u64);
        let pairs = self.ids.iter().zip(&other.ids);
        let ids = if is_dense(self.kinds as u64 * width, self.ids.len()) {
            let mut number = vec![0; self.kinds * other.kinds];
            cells.iter().zip(0..).for_each(|(cell, id)| number[key(cell.a, cell.b) as usize] = id);
            pairs.map(|(&a, &b)| number[key(a, b) as usize]).collect()
        } else {
            let place = |a: &u32, b: &u32| cells.partition_point(|cell| (cell.a, cell.b) < (*a, *b)) as u32;
            pairs.map(|(a, b)| place(a, b)).collect()
        };
        (Self { ids, kinds: cells.len() }, cells)
    }

    /// Rows in each state.
    pub(crate) fn counts(&self) -> Vec<u32> {
        let mut counts = vec![0; self.kinds];
        self.ids.iter().for_each(|&id| counts[id as usize] += 1);
        counts
    }
}

/// A warning where more than a third as many states occur as there are rows.
pub(crate) fn undersampled(states: usize, n: usize) -> Vec<Note> {
    match 3 * states > n {
        true => vec![Note::Undersampled { states, n }],
        false => Vec::new(),
    }
}

/// The joint states of `a` and `b` that occur, sorted by `a`, then `b`.
pub(crate) fn cells(a: &States, b: &[u32], b_kinds: usize) -> Vec<Cell> {
    let width = b_kinds as u64;
    if is_dense(a.kinds as u64 * width, b.len()) {
        let mut table = vec![0_u32; a.kinds * b_kinds];
        a.ids.iter().zip(b).for_each(|(&a, &b)| table[a as usize * b_kinds + b as usize] += 1);
        let occurring = table.iter().zip(0_u64..).filter(|(n, _)| **n > 0);
        return occurring.map(|(&n, key)| cell(key, width, n)).collect();
    }
    let mut keys: Vec<u64> = a.ids.iter().zip(b).map(|(&a, &b)| a as u64 * width + b as u64).collect();
    keys.sort_unstable();
    keys.chunk_by(u64::eq).map(|equal| cell(equal[0], width, equal.len() as u32)).collect()
}

fn cell(key: u64, width: u64, n: u32) -> Cell {
    Cell { a: (key / width) as u32, b: (key % width) as u32, n }
}

fn is_dense(cells: u64, rows: usize) -> bool {
    cells <= SMALL_TABLE.max(CELLS_PER_ROW * rows as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_rows_share_a_number_in_the_order_of_their_keys() {
        let states = States::of_rows(&[7, 1, 2, 9, 7, 1, 2, 3], 4, 2);
        assert_eq!(states, States { ids: vec![2, 1, 2, 0], kinds: 3 });
        assert_eq!(states.counts(), [1, 1, 2]);
    }

    #[test]
    fn no_table_and_no_overflow_where_symbols_are_far_apart() {
        // 5 columns of up to 2^32 − 2: multiplied, their keys would need 160 bits
        let rows: Vec<u32> = (0..500_u32).map(|i| (i * i % 3) * 0x7fff_ffff).collect();
        let states = States::of_rows(&rows, 100, 5);
        let near: Vec<u32> = rows.iter().map(|&symbol| symbol.min(2)).collect();
        for (i, j) in (0..100).flat_map(|i| (0..100).map(move |j| (i, j))) {
            assert_eq!(states.ids[i] == states.ids[j], rows[5 * i..][..5] == rows[5 * j..][..5]);
        }
        assert!(States::of_rows(&near, 100, 5).kinds <= states.kinds);
    }

    #[test]
    fn sixty_four_columns_of_the_largest_symbols() {
        // keys of all columns together would need 2,048 bits; each row differs from all others in one column only
        let rows: Vec<u32> = (0..64).flat_map(|row| (0..64).map(move |c| u32::MAX - u32::from(row == c))).collect();
        let twice = [rows.clone(), rows].concat();
        let states = States::of_rows(&twice, 128, 64);
        assert_eq!((states.kinds, states.counts()), (64, vec![2; 64]));
        assert_eq!(states.ids[..64], states.ids[64..]);
    }

    #[test]
    fn tables_and_sorting_agree() {
        // 40 × 40 cells exceed a small table at 100 rows, and fit one at 1,000
        let column = |step: u32, rows: u32| {
            States::of_rows(&(0..rows).map(|i| i * step % 41).collect::<Vec<_>>(), rows as usize, 1)
        };
        let (short, long) = (column(7, 100).join(&column(11, 100)), column(7, 1000).join(&column(11, 1000)));
        let (distinct, ids) = (short.0.kinds, &long.0.ids[..100]);
        assert_eq!((distinct, long.0.kinds), (41, 41));
        assert_eq!(short.0.ids, ids);
    }

    #[test]
    fn no_columns_are_one_state_and_no_rows_none() {
        assert_eq!(States::of_rows(&[], 3, 0), States { ids: vec![0; 3], kinds: 1 });
        assert_eq!(States::of_rows(&[], 0, 2).kinds, 0);
    }
}
