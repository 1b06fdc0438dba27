//! Eigenvalues of a kernel matrix divided by its trace.

// Kernels must be inlined into the functions that enable their vector instructions.
#![allow(clippy::inline_always)]

use faer::{Mat, MatRef, Side};

use super::MOST_ROWS;
use crate::gaussian_kernel::GaussianKernel;
use crate::simd::{Level, at_level};
use crate::{Error, Result};

/// The share of the trace that may be left out: it changes no entropy of order 1 or more by as much as 1e-11.
const LEFT_OUT: f64 = 1e-13;
/// Numbers a factor of low rank may have where the whole matrix is out of the question: 1 GiB.
const MOST_NUMBERS: usize = 1 << 27;
/// The prospects of low rank are judged at this rank, and whenever it has doubled.
const FIRST_LOOK: usize = 32;

/// The eigenvalues, which sum to 1; those that do not matter may be missing where `cut` allows it.
pub(super) fn eigenvalues(kernel: &GaussianKernel, cut: bool) -> Result<Vec<f64>> {
    let rows = kernel.rows();
    let limit = if rows > MOST_ROWS { MOST_NUMBERS / rows } else { rows / 2 };
    let factor = if cut { low_rank(kernel, limit) } else { None };
    match factor {
        Some(factor) => of_factor(&factor, rows),
        None if rows > MOST_ROWS => Err(too_large(rows)),
        None => of_matrix(kernel),
    }
}

fn too_large(rows: usize) -> Error {
    let remedy = "alpha=2 needs no matrix, and a subset of the rows a smaller one";
    Error::TooLarge { what: "the eigenvalues of the kernel matrix", rows, bytes: 16 * (rows * rows) as u64, remedy }
}

fn of_matrix(kernel: &GaussianKernel) -> Result<Vec<f64>> {
    let rows = kernel.rows();
    let mut matrix = Mat::<f64>::zeros(rows, rows);
    let mut column = vec![0.0; rows];
    for j in 0..rows {
        kernel.with(j, j..rows, &mut column[j..]);
        matrix.col_mut(j).iter_mut().zip(&column).skip(j).for_each(|(entry, value)| *entry = value / rows as f64);
    }
    solved(&matrix)
}

/// K = G Gᵀ has the eigenvalues of `GᵀG`.
fn of_factor(factor: &[Vec<f64>], rows: usize) -> Result<Vec<f64>> {
    let flat: Vec<f64> = factor.concat();
    let factor = MatRef::from_column_major_slice(&flat, rows, factor.len());
    let mut product = factor.transpose() * factor;
    product.col_iter_mut().flat_map(faer::ColMut::iter_mut).for_each(|entry| *entry /= rows as f64);
    solved(&product)
}

fn solved(matrix: &Mat<f64>) -> Result<Vec<f64>> {
    let failed = |_| Error::Parameter {
        parameter: "width",
        got: "a kernel matrix whose eigenvalues do not converge".to_owned(),
        allowed: "another width",
    };
    matrix.self_adjoint_eigenvalues(Side::Lower).map_err(failed)
}

/// Columns of G with K = G Gᵀ but for a negligible rest, by pivoted Cholesky; none where more than `limit` are needed.
fn low_rank(kernel: &GaussianKernel, limit: usize) -> Option<Vec<Vec<f64>>> {
    let rows = kernel.rows();
    let mut left = vec![1.0; rows];
    let mut factor: Vec<Vec<f64>> = Vec::new();
    let mut prospects = Prospects { limit, last: 0.0 };
    loop {
        let trace = left.iter().sum::<f64>() / rows as f64;
        if trace <= LEFT_OUT {
            return Some(factor);
        }
        if factor.len() == limit || !prospects.are_good(factor.len(), trace) {
            return None;
        }
        let pivot = largest(&left);
        let column = next_column(kernel, &factor, pivot, left[pivot].sqrt());
        // what rounding leaves below 0 is nothing
        left.iter_mut().zip(&column).for_each(|(left, value)| *left = (*left - value * value).max(0.0));
        left[pivot] = 0.0;
        factor.push(column);
    }
}

fn largest(left: &[f64]) -> usize {
    let mut best = 0;
    for (row, value) in left.iter().enumerate() {
        if *value > left[best] {
            best = row;
        }
    }
    best
}

/// The kernels of the pivot's row less what the columns so far explain, over the root of what is left of it.
fn next_column(kernel: &GaussianKernel, factor: &[Vec<f64>], pivot: usize, root: f64) -> Vec<f64> {
    let mut column = vec![0.0; kernel.rows()];
    kernel.with(pivot, 0..kernel.rows(), &mut column);
    at_level!(Level::detect(), subtract, (column: &mut [f64], factor: &[Vec<f64>], pivot: usize)
        => (&mut column, factor, pivot));
    for value in &mut column {
        *value /= root;
    }
    column
}

/// column −= Σ g[pivot]·g, four g at a time so that the column is loaded and stored less often.
#[inline(always)]
fn subtract(column: &mut [f64], factor: &[Vec<f64>], pivot: usize) {
    let fours = factor.chunks_exact(4);
    for g in fours.remainder() {
        let weight = g[pivot];
        column.iter_mut().zip(g).for_each(|(value, g)| *value -= weight * g);
    }
    for four in fours {
        let [a, b, c, d] = [0, 1, 2, 3].map(|k: usize| &four[k][..column.len()]);
        let weights = [a[pivot], b[pivot], c[pivot], d[pivot]];
        for (i, value) in column.iter_mut().enumerate() {
            *value -= (weights[0] * a[i] + weights[1] * b[i]) + (weights[2] * c[i] + weights[3] * d[i]);
        }
    }
}

/// Whether the trace falls fast enough: for d columns its logarithm falls about as the d-th root of the rank, so each
/// doubling of the rank multiplies it by what the last one did.
struct Prospects {
    limit: usize,
    /// −ln of the trace when the rank was half of this.
    last: f64,
}

impl Prospects {
    fn are_good(&mut self, rank: usize, trace: f64) -> bool {
        if !rank.is_power_of_two() || rank < FIRST_LOOK / 2 {
            return true;
        }
        let fallen = -trace.ln();
        let growth = fallen / std::mem::replace(&mut self.last, fallen);
        let doublings = (self.limit as f64 / rank as f64).log2();
        rank < FIRST_LOOK || fallen * growth.powf(doublings) > -LEFT_OUT.ln()
    }
}

#[cfg(test)]
mod tests {
    use infoplane_spec::stream;

    use super::*;
    use crate::estimators::gaussian::test_data::normals;

    fn columns(dim: usize, rows: usize, seed: u64) -> Vec<Vec<f64>> {
        normals(&mut stream(seed, "test/spectrum", 0), dim * rows).chunks(rows).map(<[f64]>::to_vec).collect()
    }

    #[test]
    fn few_eigenvalues_are_as_good_as_all() {
        for dim in [1, 2] {
            let columns = columns(dim, 700, 1);
            let kernel = GaussianKernel::new(&columns, 0.5);
            let few = of_factor(&low_rank(&kernel, 350).expect("smooth data"), 700).unwrap();
            let all = of_matrix(&kernel).unwrap();
            assert!(few.len() < 350 && all.len() == 700);
            let (mut few, mut all) = (few, all);
            few.sort_by(|a, b| b.total_cmp(a));
            all.sort_by(|a, b| b.total_cmp(a));
            few.resize(700, 0.0);
            for (few, all) in few.iter().zip(&all) {
                assert!((few - all).abs() < 1e-13, "{few} and {all}");
            }
        }
    }

    #[test]
    fn hopeless_ranks_are_given_up_early_and_good_ones_are_not() {
        let wide = columns(12, 2000, 2);
        assert!(low_rank(&GaussianKernel::new(&wide, 0.5), 1000).is_none());
        let narrow = columns(1, 25_000, 3);
        assert!(low_rank(&GaussianKernel::new(&narrow, 0.5), 1000).is_some());
    }

    #[test]
    fn levels_agree_to_the_last_bit() {
        let factor = columns(7, 100, 4);
        let (mut plain, mut fast) = (vec![1.0; 100], vec![1.0; 100]);
        subtract(&mut plain, &factor, 3);
        at_level!(Level::detect(), subtract, (fast: &mut [f64], factor: &[Vec<f64>], pivot: usize) => (&mut fast, &factor, 3));
        assert_eq!(plain, fast);
    }
}
