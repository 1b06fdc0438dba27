//! How many states have how many rows: all that a correction is told.

use crate::states::Cell;

/// Occupied states by their number of rows.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::estimators) struct Counts {
    /// (rows n, how many states have n rows), the smallest n first.
    pub(in crate::estimators) sizes: Vec<(f64, f64)>,
    /// N.
    pub(in crate::estimators) rows: f64,
    /// States there could be, K.
    pub(super) possible: f64,
}

impl Counts {
    /// `possible` is raised to the number of states that occur.
    pub(in crate::estimators) fn new(counts: impl Iterator<Item = u32>, possible: f64) -> Self {
        let mut counts: Vec<u32> = counts.filter(|&n| n > 0).collect();
        counts.sort_unstable();
        let sizes = counts.chunk_by(u32::eq).map(|equal| (equal[0].into(), equal.len() as f64)).collect();
        let rows = counts.iter().map(|&n| f64::from(n)).sum();
        Self { sizes, rows, possible: possible.max(counts.len() as f64) }
    }

    /// Σ f(n) over the states that occur.
    pub(in crate::estimators) fn sum(&self, of: impl Fn(f64) -> f64) -> f64 {
        self.sizes.iter().map(|&(n, states)| states * of(n)).sum()
    }

    /// Σ n/N f(n): the mean over rows.
    pub(in crate::estimators) fn mean(&self, of: impl Fn(f64) -> f64) -> f64 {
        self.sum(|n| n * of(n)) / self.rows
    }

    /// States that occur.
    pub(super) fn occupied(&self) -> f64 {
        self.sum(|_| 1.0)
    }

    /// States with exactly `n` rows.
    pub(super) fn with(&self, n: f64) -> f64 {
        self.sizes.iter().find(|(size, _)| *size == n).map_or(0.0, |(_, states)| *states)
    }

    /// −Σ p ln p.
    pub(in crate::estimators) fn plain(&self) -> f64 {
        self.mean(|n| (self.rows / n).ln())
    }
}

/// The joint states of V (first) and Y that occur, sorted by V.
#[derive(Debug, Clone, Copy)]
pub(in crate::estimators) struct Joint<'a> {
    /// As [`crate::states::States::join`] gives them: `a` numbers V, `b` numbers Y.
    pub(in crate::estimators) cells: &'a [Cell],
    /// States of V there could be, and of Y; `None` takes those that occur.
    pub(in crate::estimators) possible: Option<(f64, f64)>,
    /// States of Y that occur, whatever V.
    pub(in crate::estimators) y_kinds: usize,
    /// There is no V: all rows are one slice.
    pub(in crate::estimators) whole: bool,
}

impl<'a> Joint<'a> {
    /// Counts of (V, Y).
    pub(in crate::estimators) fn both(&self) -> Counts {
        let possible = self.possible.map_or(0.0, |(v, y)| v * y);
        Counts::new(self.cells.iter().map(|cell| cell.n), possible)
    }

    /// Counts of V.
    pub(in crate::estimators) fn given(&self) -> Counts {
        let of_v = self.slices().map(|slice| slice.iter().map(|cell| cell.n).sum());
        Counts::new(of_v, self.possible.map_or(0.0, |(v, _)| v))
    }

    /// Counts of Y for each V.
    pub(super) fn each(&self) -> impl Iterator<Item = Counts> {
        let possible = self.possible_y();
        self.slices().map(move |slice| Counts::new(slice.iter().map(|cell| cell.n), possible))
    }

    /// N.
    pub(super) fn rows(&self) -> f64 {
        self.cells.iter().map(|cell| f64::from(cell.n)).sum()
    }

    fn possible_y(&self) -> f64 {
        self.possible.map_or(self.y_kinds as f64, |(_, y)| y)
    }

    fn slices(&self) -> impl Iterator<Item = &'a [Cell]> + use<'a> {
        self.cells.chunk_by(|p, q| p.a == q.a)
    }
}
