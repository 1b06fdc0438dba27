//! Cholesky decomposition of a correlation matrix, which leaves out columns that follow from others.

/// What is left of a column's variance where double precision cannot tell it from none.
pub(super) const NOTHING: f64 = 1e-12;

/// Row-major `[height, width]`.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Matrix {
    pub(super) width: usize,
    pub(super) values: Vec<f64>,
}

impl Matrix {
    pub(super) fn zeros(height: usize, width: usize) -> Self {
        Self { width, values: vec![0.0; height * width] }
    }

    pub(super) fn at(&self, row: usize, column: usize) -> f64 {
        self.values[row * self.width + column]
    }

    pub(super) fn at_mut(&mut self, row: usize, column: usize) -> &mut f64 {
        &mut self.values[row * self.width + column]
    }

    pub(super) fn height(&self) -> usize {
        self.values.len().checked_div(self.width).unwrap_or(0)
    }

    pub(super) fn row(&self, row: usize) -> &[f64] {
        &self.values[row * self.width..][..self.width]
    }

    /// The given rows and columns.
    #[cfg(test)]
    pub(super) fn part(&self, rows: &[usize], columns: &[usize]) -> Self {
        let values = rows.iter().flat_map(|&row| columns.iter().map(move |&column| self.at(row, column))).collect();
        Self { width: columns.len(), values }
    }

    /// Less a·bᵀ.
    pub(super) fn minus_product(mut self, a: &Self, b: &Self) -> Self {
        for i in 0..self.height() {
            for j in 0..self.width {
                *self.at_mut(i, j) -= product(a.row(i), b.row(j));
            }
        }
        self
    }

    pub(super) fn transposed(&self) -> Self {
        let (height, width) = (self.height(), self.width);
        let values = (0..width).flat_map(|column| (0..height).map(move |row| self.at(row, column))).collect();
        Self { width: height, values }
    }
}

fn product(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

/// L of a matrix whose rows and columns were taken in an order of their own: part = L Lᵀ.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Factor {
    /// Columns that were taken, in this order; the largest remaining variance first.
    pub(super) order: Vec<usize>,
    /// Columns with nothing left once the others are known.
    pub(super) dropped: Vec<usize>,
    /// Row i has i + 1 numbers.
    pub(super) lower: Vec<Vec<f64>>,
}

/// Decomposes a matrix of (partial) correlations, `[columns, columns]`.
pub(super) fn pivoted(matrix: &Matrix) -> Factor {
    let dim = matrix.width;
    let mut left: Vec<f64> = (0..dim).map(|column| matrix.at(column, column)).collect();
    // each column's row of L so far
    let mut rows: Vec<Vec<f64>> = vec![Vec::new(); dim];
    let mut factor = Factor::default();
    let mut open: Vec<usize> = (0..dim).collect();
    while let Some(place) = largest(&open, &left) {
        let pivot = open.remove(place);
        let root = left[pivot].sqrt();
        let row = rows[pivot].clone();
        for &column in &open {
            let next = (matrix.at(column, pivot) - product(&rows[column], &row)) / root;
            rows[column].push(next);
            left[column] -= next * next;
        }
        factor.order.push(pivot);
        factor.lower.push(row.into_iter().chain([root]).collect());
    }
    factor.dropped = open;
    factor
}

/// Where in `open` the column with the most variance left stands, if it has any. The first of equals.
fn largest(open: &[usize], left: &[f64]) -> Option<usize> {
    let (mut best, mut most) = (None, NOTHING);
    for (place, &column) in open.iter().enumerate() {
        // equal but for rounding: columns are dropped from the end
        if left[column] > most * (1.0 + 1e-9) {
            (best, most) = (Some(place), left[column]);
        }
    }
    best
}

impl Factor {
    /// Rows of `cross`, `[any, columns in their own order]`, times L⁻ᵀ: `[any, columns that were taken]`.
    pub(super) fn whiten(&self, cross: &Matrix) -> Matrix {
        let mut white = Matrix::zeros(cross.height(), self.order.len());
        for row in 0..cross.height() {
            for (i, lower) in self.lower.iter().enumerate() {
                let known = product(&white.row(row)[..i], lower);
                *white.at_mut(row, i) = (cross.at(row, self.order[i]) - known) / lower[i];
            }
        }
        white
    }

    /// ln |part|.
    pub(super) fn ln_determinant(&self) -> f64 {
        self.lower.iter().enumerate().map(|(i, row)| 2.0 * row[i].ln()).sum()
    }
}

/// `ln |1 − QᵀQ|` and its factor L, Q `[dim y, dim x]`; none where nothing is left of some direction.
pub(super) fn unexplained(q: &Matrix) -> Option<(f64, Vec<Vec<f64>>)> {
    let by_x = q.transposed();
    let mut lower: Vec<Vec<f64>> = Vec::with_capacity(q.width);
    let mut ln_determinant = 0.0;
    for i in 0..q.width {
        let mut row: Vec<f64> = Vec::with_capacity(i + 1);
        for other in &lower {
            let j = row.len();
            row.push((-product(by_x.row(i), by_x.row(j)) - product(&row, other)) / other[j]);
        }
        // 1 is never added, so that weak dependence keeps its digits
        let explained = product(by_x.row(i), by_x.row(i)) + product(&row, &row);
        if 1.0 - explained <= NOTHING {
            return None;
        }
        ln_determinant += (-explained).ln_1p();
        row.push((1.0 - explained).sqrt());
        lower.push(row);
    }
    Some((ln_determinant, lower))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_factor_gives_the_matrix_back() {
        let matrix = Matrix { width: 3, values: vec![1.0, 0.5, 0.2, 0.5, 1.0, -0.3, 0.2, -0.3, 1.0] };
        let factor = pivoted(&matrix);
        assert_eq!((factor.order.len(), factor.dropped.len()), (3, 0));
        for (i, &row) in factor.order.iter().enumerate() {
            for (j, &column) in factor.order.iter().enumerate() {
                assert!((product(&factor.lower[i], &factor.lower[j]) - matrix.at(row, column)).abs() < 1e-15);
            }
        }
        // 1 + 2·0.5·0.2·(−0.3) − 0.25 − 0.04 − 0.09
        assert!((factor.ln_determinant() - 0.56_f64.ln()).abs() < 1e-15);
    }

    #[test]
    fn the_last_of_dependent_columns_is_dropped() {
        let r = 0.5_f64.sqrt();
        let sum = Matrix { width: 3, values: vec![1.0, 0.0, r, 0.0, 1.0, r, r, r, 1.0] };
        assert_eq!(pivoted(&sum).dropped, [2]);
        let copies = Matrix { width: 3, values: vec![1.0; 9] };
        assert_eq!((pivoted(&copies).order, pivoted(&copies).dropped), (vec![0], vec![1, 2]));
    }

    #[test]
    fn weak_correlations_keep_their_digits() {
        let q = Matrix { width: 1, values: vec![1e-9] };
        assert_eq!(unexplained(&q).unwrap().0, -1e-18);
        assert!(unexplained(&Matrix { width: 1, values: vec![1.0] }).is_none());
    }
}
