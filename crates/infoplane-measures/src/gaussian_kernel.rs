//! Gaussian kernels between rows in double precision: `k_ij = exp(−f ‖t_i − t_j‖²)`, never as a whole matrix.
//!
//! Distances are sums of squared differences, so near-duplicates far from the origin keep their digits. (The layers'
//! kernels are in single precision, as activations are, and many variances and classes at a time.)

// Kernels must be inlined into the functions that enable their vector instructions.
#![allow(clippy::inline_always)]

use std::f64::consts::{LN_2, LOG2_E};
use std::ops::Range;

use crate::simd::{Level, at_level};

/// Rows and columns of a tile of pairs: what a tile touches stays in the nearest caches.
const TALL: usize = 64;
const WIDE: usize = 512;
/// 1.5·2^52: added to a small number it leaves the nearest integer in the lowest bits.
const MAGIC: f64 = 6_755_399_441_055_744.0;
/// Kernels below 2^−1000 count as that, so that they stay normal numbers.
const SMALLEST: f64 = 1000.0;
/// (ln 2)ᵏ/k!, k = 0 to 13: 2^x for |x| ≤ ½ to the last bit or two.
const POWERS: [f64; 14] = {
    let mut terms = [1.0; 14];
    let mut k = 1;
    while k < terms.len() {
        terms[k] = terms[k - 1] * LN_2 / k as f64;
        k += 1;
    }
    terms
};

/// The kernels between the rows of some columns.
pub(crate) struct GaussianKernel<'a> {
    columns: &'a [Vec<f64>],
    /// k = 2^(−factor ‖…‖²).
    factor: f64,
}

impl<'a> GaussianKernel<'a> {
    /// `exp(−exponent · ‖t_i − t_j‖²)`.
    pub(crate) fn new(columns: &'a [Vec<f64>], exponent: f64) -> Self {
        Self { columns, factor: exponent * LOG2_E }
    }

    pub(crate) fn rows(&self) -> usize {
        self.columns.first().map_or(0, Vec::len)
    }

    /// Kernels of one row with a stretch of the others.
    pub(crate) fn with(&self, row: usize, others: Range<usize>, kernels: &mut [f64]) {
        let (columns, factor) = (self.columns, self.factor);
        at_level!(Level::detect(), kernels_of,
            (columns: &[Vec<f64>], row: usize, others: Range<usize>, factor: f64, kernels: &mut [f64])
            => (columns, row, others, factor, kernels));
    }

    /// `Σ_{j ≠ i} k_ij` for each row i. Pairs are visited once; sums have a fixed order.
    pub(crate) fn sums(&self) -> Vec<f64> {
        let rows = self.rows();
        let mut sums = vec![0.0; rows];
        for first in (0..rows).step_by(TALL) {
            for start in (first..rows).step_by(WIDE) {
                self.add_tile(first..rows.min(first + TALL), start..rows.min(start + WIDE), &mut sums);
            }
        }
        sums
    }

    /// The pairs (i, j) of a tile with j above i.
    fn add_tile(&self, tall: Range<usize>, wide: Range<usize>, sums: &mut [f64]) {
        let mut kernels = [0.0; WIDE];
        for row in tall {
            let others = wide.start.max(row + 1)..wide.end;
            if others.is_empty() {
                continue;
            }
            let kernels = &mut kernels[..others.len()];
            self.with(row, others.clone(), kernels);
            sums[row] += at_level!(Level::detect(), total, (kernels: &[f64]) -> f64 => (kernels));
            sums[others].iter_mut().zip(kernels).for_each(|(sum, kernel)| *sum += *kernel);
        }
    }
}

#[inline(always)]
fn kernels_of(columns: &[Vec<f64>], row: usize, others: Range<usize>, factor: f64, kernels: &mut [f64]) {
    kernels.fill(0.0);
    for column in columns {
        let own = column[row];
        for (square, other) in kernels.iter_mut().zip(&column[others.clone()]) {
            let difference = own - other;
            *square += difference * difference;
        }
    }
    for kernel in kernels {
        *kernel = falling_power(*kernel * factor);
    }
}

/// 2^−x for x ≥ 0.
#[inline(always)]
fn falling_power(x: f64) -> f64 {
    let x = if x < SMALLEST { x } else { SMALLEST };
    let shifted = x + MAGIC;
    let fraction = (shifted - MAGIC) - x;
    let mut power = POWERS[13];
    for term in POWERS[..13].iter().rev() {
        power = power * fraction + term;
    }
    f64::from_bits(power.to_bits().wrapping_sub(shifted.to_bits() << 52))
}

#[inline(always)]
fn total(values: &[f64]) -> f64 {
    let mut lanes = [0.0; 8];
    let whole = values.chunks_exact(8);
    lanes.iter_mut().zip(whole.remainder()).for_each(|(lane, value)| *lane = *value);
    for values in whole {
        lanes.iter_mut().zip(values).for_each(|(lane, value)| *lane += value);
    }
    ((lanes[0] + lanes[4]) + (lanes[2] + lanes[6])) + ((lanes[1] + lanes[5]) + (lanes[3] + lanes[7]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn powers_are_those_of_the_standard_library() {
        assert_eq!(falling_power(0.0), 1.0);
        for i in 0..20_000 {
            let x = f64::from(i) * 0.049_321;
            let (got, truth) = (falling_power(x), (-x).exp2());
            assert!((got / truth - 1.0).abs() < 5e-16, "2^−{x}: {got:e} for {truth:e}");
        }
        assert_eq!(falling_power(f64::INFINITY), falling_power(1000.0));
    }

    #[test]
    fn sums_are_those_of_all_pairs() {
        for rows in [1, 2, 63, 64, 65, 700] {
            let column = |step: f64| (0..rows).map(|i| (f64::from(i) * step).sin() + 1e6).collect::<Vec<f64>>();
            let columns = [column(1.3), column(0.7)];
            let kernel = GaussianKernel::new(&columns, 2.5);
            for (i, got) in kernel.sums().into_iter().enumerate() {
                let square = |j: usize| columns.iter().map(|c| (c[i] - c[j]) * (c[i] - c[j])).sum::<f64>();
                let others = (0..rows as usize).filter(|&j| j != i);
                let truth: f64 = others.map(|j| (-2.5 * square(j)).exp()).sum();
                assert!((got - truth).abs() <= 1e-13 * truth.max(1.0), "row {i} of {rows}: {got} for {truth}");
            }
        }
    }

    #[test]
    fn levels_agree_to_the_last_bit() {
        let columns = [(0..100).map(|i| f64::from(i * i % 37)).collect::<Vec<f64>>()];
        let (mut plain, mut fast) = (vec![0.0; 100], vec![0.0; 100]);
        kernels_of(&columns, 3, 0..100, 0.01, &mut plain);
        GaussianKernel { columns: &columns, factor: 0.01 }.with(3, 0..100, &mut fast);
        assert_eq!(plain, fast);
    }
}
