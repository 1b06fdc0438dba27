//! Columns less their means, and sums over their rows in an order that depends on nothing.

use std::cell::RefCell;

use super::cholesky::Matrix;
use crate::simd::{Level, at_level};
use crate::{Error, Result, Samples};

/// Rows of a stretch whose products are summed before they join the total: few enough to stay in the nearest cache.
const STRETCH: usize = 1024;
/// Independent sums, enough for two of the widest vectors.
const LANES: usize = 16;

/// Columns up to this length are kept for the next question: fresh pages would cost as much as the estimate.
const KEPT_ROWS: usize = 1 << 18;
/// Columns kept at most.
const KEPT_COLUMNS: usize = 8;

thread_local! {
    static SPARE: RefCell<Vec<Vec<f64>>> = const { RefCell::new(Vec::new()) };
}

/// The columns of one variable, mean 0, each in a unit of its own.
pub(in crate::estimators) struct Centred {
    argument: &'static str,
    rows: usize,
    pub(super) columns: Vec<Vec<f64>>,
    /// Root of the sum of squares of each column.
    pub(super) norms: Vec<f64>,
    /// ln of what a column was divided by.
    ln_units: Vec<f64>,
}

impl Centred {
    /// Takes the means off a variable's columns.
    pub(super) fn of(argument: &'static str, samples: &Samples) -> Result<Self> {
        samples.whole_real(argument)?;
        match samples.as_real_column() {
            Some(column) => Self::copied(argument, &[column]),
            None => Self::new(argument, &samples.columns()),
        }
    }

    /// Takes the means off.
    pub(in crate::estimators) fn new(argument: &'static str, columns: &[Vec<f64>]) -> Result<Self> {
        Self::copied(argument, &columns.iter().map(Vec::as_slice).collect::<Vec<_>>())
    }

    /// No digit of a column far from 0 is lost: its first value is subtracted first, exactly where it matters.
    fn copied(argument: &'static str, columns: &[&[f64]]) -> Result<Self> {
        let rows = columns.first().map_or(0, |column| column.len());
        let mut centred = Self { argument, rows, columns: Vec::new(), norms: Vec::new(), ln_units: Vec::new() };
        for (place, column) in columns.iter().enumerate() {
            let range = Range::of(column);
            if range.lowest == range.highest {
                return Err(Error::Constant { argument, column: place });
            }
            let exponent = range.exponent();
            let mut own = SPARE.with_borrow_mut(Vec::pop).unwrap_or_default();
            let squares = centre(column, (-exponent as f64).exp2(), &mut own);
            centred.columns.push(own);
            centred.norms.push(squares.sqrt());
            centred.ln_units.push(exponent as f64 * std::f64::consts::LN_2);
        }
        Ok(centred)
    }

    pub(in crate::estimators) fn rows(&self) -> usize {
        self.rows
    }

    pub(in crate::estimators) fn dim(&self) -> usize {
        self.columns.len()
    }

    /// `x[1]` for column 1 of variable x.
    pub(super) fn names(&self, columns: &[usize]) -> Vec<String> {
        columns.iter().map(|column| format!("{}[{column}]", self.argument)).collect()
    }

    /// Correlations with the columns of another variable, `[columns, columns of the other]`.
    pub(super) fn correlations(&self, other: &Self) -> Matrix {
        let mut matrix = Matrix { width: other.dim(), values: dots(&self.columns, &other.columns) };
        for (i, norm) in self.norms.iter().enumerate() {
            for (j, other) in other.norms.iter().enumerate() {
                *matrix.at_mut(i, j) /= norm * other;
            }
        }
        matrix
    }

    /// Σ ln of the standard deviations of some columns, in the data's own units.
    pub(super) fn ln_scale(&self, columns: &[usize]) -> f64 {
        let ln = |&column: &usize| (self.norms[column] / ((self.rows - 1) as f64).sqrt()).ln() + self.ln_units[column];
        columns.iter().map(ln).sum()
    }

    /// The rows in another order, or any choice of them.
    pub(in crate::estimators) fn reordered(&self, order: &[u32]) -> Result<Self> {
        let moved = |column: &Vec<f64>| order.iter().map(|&row| column[row as usize]).collect();
        Self::new(self.argument, &self.columns.iter().map(moved).collect::<Vec<_>>())
    }
}

/// The smallest and the largest value of a column.
#[derive(Clone, Copy)]
struct Range {
    lowest: f64,
    highest: f64,
}

impl Range {
    fn of(column: &[f64]) -> Self {
        let first = column.first().copied().unwrap_or(0.0);
        let mut ends = ([first; LANES], [first; LANES]);
        at_level!(Level::detect(), widen, (column: &[f64], ends: &mut ([f64; LANES], [f64; LANES])) => (column, &mut ends));
        let lowest = ends.0.into_iter().fold(first, f64::min);
        Self { lowest, highest: ends.1.into_iter().fold(first, f64::max) }
    }

    /// The power of 2 to divide by, so that no square overflows or vanishes; 0 for all but extreme ranges.
    fn exponent(self) -> i32 {
        let half = self.highest / 2.0 - self.lowest / 2.0;
        match (1e-100..1e100).contains(&half) {
            true => 0,
            false => half.log2().max(-1000.0) as i32, // 2^1000 is still a number
        }
    }
}

#[inline(always)]
fn widen(column: &[f64], ends: &mut ([f64; LANES], [f64; LANES])) {
    let (lowest, highest) = ends;
    let mut whole = column.chunks_exact(LANES);
    for values in whole.by_ref() {
        for lane in 0..LANES {
            lowest[lane] = if values[lane] < lowest[lane] { values[lane] } else { lowest[lane] };
            highest[lane] = if values[lane] > highest[lane] { values[lane] } else { highest[lane] };
        }
    }
    for (lane, &value) in whole.remainder().iter().enumerate() {
        lowest[lane] = lowest[lane].min(value);
        highest[lane] = highest[lane].max(value);
    }
}

impl Drop for Centred {
    fn drop(&mut self) {
        if self.rows <= KEPT_ROWS {
            SPARE.with_borrow_mut(|spare| {
                spare.append(&mut self.columns);
                spare.truncate(KEPT_COLUMNS);
            });
        }
    }
}

/// Multiplies by `scale` and takes the mean off; gives the sum of squares.
fn centre(column: &[f64], scale: f64, to: &mut Vec<f64>) -> f64 {
    let first = column[0] * scale;
    let (mut total, mut squares) = (0.0, 0.0);
    to.clear();
    for stretch in column.chunks(STRETCH) {
        let start = to.len();
        to.extend_from_slice(stretch);
        let stretch = &mut to[start..];
        total += at_level!(Level::detect(), shift, (stretch: &mut [f64], scale: f64, by: f64) -> f64 => (stretch, scale, first));
    }
    let mean = total / column.len() as f64;
    for stretch in to.chunks_mut(STRETCH) {
        at_level!(Level::detect(), shift, (stretch: &mut [f64], scale: f64, by: f64) -> f64 => (stretch, 1.0, mean));
        squares += dot(stretch, stretch);
    }
    squares
}

/// Multiplies by `scale` and takes `by` off; gives the sum.
#[inline(always)]
fn shift(stretch: &mut [f64], scale: f64, by: f64) -> f64 {
    for value in stretch.iter_mut() {
        *value = *value * scale - by;
    }
    lane_sum(stretch)
}

/// Σ a·b over the rows for each a and each b, `[a, b]`.
fn dots(a: &[Vec<f64>], b: &[Vec<f64>]) -> Vec<f64> {
    let rows = a.first().map_or(0, Vec::len);
    let mut totals = vec![0.0; a.len() * b.len()];
    for start in (0..rows).step_by(STRETCH) {
        let stretch = start..rows.min(start + STRETCH);
        let pairs = a.iter().flat_map(|a| b.iter().map(move |b| (a, b)));
        for (total, (a, b)) in totals.iter_mut().zip(pairs) {
            *total += dot(&a[stretch.clone()], &b[stretch.clone()]);
        }
    }
    totals
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    at_level!(Level::detect(), lane_dot, (a: &[f64], b: &[f64]) -> f64 => (a, b))
}

#[inline(always)]
fn lane_dot(a: &[f64], b: &[f64]) -> f64 {
    let mut lanes = [0.0; LANES];
    let (whole_a, whole_b) = (a.chunks_exact(LANES), b.chunks_exact(LANES));
    let rest = whole_a.remainder().iter().zip(whole_b.remainder());
    for (lane, (a, b)) in lanes.iter_mut().zip(rest) {
        *lane = a * b;
    }
    for (a, b) in whole_a.zip(whole_b) {
        for lane in 0..LANES {
            lanes[lane] += a[lane] * b[lane];
        }
    }
    halved(lanes)
}

#[inline(always)]
fn lane_sum(column: &[f64]) -> f64 {
    let mut lanes = [0.0; LANES];
    let whole = column.chunks_exact(LANES);
    lanes.iter_mut().zip(whole.remainder()).for_each(|(lane, value)| *lane = *value);
    for values in whole {
        for lane in 0..LANES {
            lanes[lane] += values[lane];
        }
    }
    halved(lanes)
}

/// The sum of all lanes, always in the same order.
#[inline(always)]
fn halved(mut lanes: [f64; LANES]) -> f64 {
    for half in [8, 4, 2, 1] {
        for lane in 0..half {
            lanes[lane] += lanes[lane + half];
        }
    }
    lanes[0]
}

#[cfg(test)]
mod tests {
    use std::slice;

    use super::*;

    #[test]
    fn sums_are_those_of_plain_arithmetic() {
        for rows in [2, 15, 16, 17, 1024, 2500] {
            let a: Vec<f64> = (0..rows).map(|i| f64::from(i * i % 97)).collect();
            let b: Vec<f64> = (0..rows).map(|i| f64::from(i * 7 % 31)).collect();
            let exact: f64 = a.iter().zip(&b).map(|(a, b)| a * b).sum();
            assert_eq!(dots(slice::from_ref(&a), &[b])[0], exact, "whole numbers have no rounding");
            assert_eq!(lane_sum(&a), a.iter().sum::<f64>());
        }
    }

    #[test]
    fn levels_agree_to_the_last_bit() {
        let a: Vec<f64> = (0..777).map(|i| f64::from(i).sin()).collect();
        let b: Vec<f64> = (0..777).map(|i| f64::from(i).cos()).collect();
        assert_eq!(dot(&a, &b), lane_dot(&a, &b));
        let (mut shifted, mut plainly) = (a.clone(), a.clone());
        let centred = centre(&a, 1.0, &mut shifted);
        shift(&mut plainly, 1.0, a[0]);
        let mean = lane_sum(&plainly) / 777.0;
        shift(&mut plainly, 1.0, mean);
        assert_eq!((centred, shifted), (lane_dot(&plainly, &plainly), plainly));
    }

    #[test]
    fn extreme_values_keep_their_digits() {
        let plain = vec![1.0, 2.0, 4.0, 8.0, 5.0];
        let usual = Centred::new("x", slice::from_ref(&plain)).unwrap();
        for (scale, offset) in [(1.0, 1e8), (1e-170, 0.0), (1e-320, 0.0), (2e307, -1e308)] {
            let column = plain.iter().map(|value| value * scale + offset).collect();
            let extreme = Centred::new("x", &[column]).unwrap();
            let ln_ratio = extreme.ln_scale(&[0]) - usual.ln_scale(&[0]) - scale.ln();
            let digits = if scale < 1e-310 { 2e-4 } else { 1e-12 };
            assert!(ln_ratio.abs() < digits, "{scale}, {offset}: {ln_ratio}");
        }
    }
}
