//! Columns made uncorrelated, each with variance 1.

use crate::{Error, Result};

/// What is left of a column's variance where double precision cannot tell it from none.
const NOTHING: f64 = 1e-12;

/// Replaces the columns by L⁻¹ times them, L Lᵀ their covariance (divisor n − 1), and gives ln det L. A column that
/// follows linearly from those before it is refused.
pub(super) fn whiten(argument: &'static str, columns: &mut [Vec<f64>]) -> Result<f64> {
    let mut ln_det = 0.0;
    for number in 0..columns.len() {
        let (before, rest) = columns.split_at_mut(number);
        let column = &mut rest[0];
        let variance = centre(column);
        for known in before.iter() {
            subtract_projection(column, known);
        }
        let left = product(column, column);
        if left <= NOTHING * variance {
            return Err(Error::Dependent { argument, column: number });
        }
        let sd = left.sqrt();
        for value in column.iter_mut() {
            *value /= sd;
        }
        ln_det += sd.ln();
    }
    Ok(ln_det)
}

/// Takes the mean away and gives the variance.
fn centre(column: &mut [f64]) -> f64 {
    let first = column[0];
    let mean = column.iter().map(|value| value - first).sum::<f64>() / column.len() as f64;
    for value in column.iter_mut() {
        *value = *value - first - mean;
    }
    product(column, column)
}

/// Twice, because the first time leaves rounding behind.
fn subtract_projection(column: &mut [f64], unit: &[f64]) {
    for _ in 0..2 {
        let share = product(column, unit);
        column.iter_mut().zip(unit).for_each(|(value, unit)| *value -= share * unit);
    }
}

/// Covariance of two centred columns.
fn product(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>() / (a.len() - 1) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn covariance_becomes_the_identity_and_its_determinant_is_told() {
        let mut columns = vec![vec![1.0, 2.0, 4.0, 8.0, 9.0], vec![1e6 + 3.0, 1e6 - 1.0, 1e6, 1e6 + 1.0, 1e6 + 5.0]];
        let plain = columns.clone();
        let ln_det = whiten("x", &mut columns).unwrap();
        for (a, b, truth) in [(0, 0, 1.0), (0, 1, 0.0), (1, 1, 1.0)] {
            assert!((product(&columns[a], &columns[b]) - truth).abs() < 1e-14);
        }
        let mut centred = plain;
        for column in &mut centred {
            centre(column);
        }
        let s = |a: usize, b: usize| product(&centred[a], &centred[b]);
        let det = s(0, 0) * s(1, 1) - s(0, 1) * s(0, 1);
        assert!((ln_det - 0.5 * det.ln()).abs() < 1e-12);
    }

    #[test]
    fn a_column_that_follows_from_others_is_refused() {
        let (a, b) = (vec![1.0, 2.0, 4.0, 8.0], vec![0.0, 1.0, 0.0, 3.0]);
        let sum = a.iter().zip(&b).map(|(a, b)| a - 3.0 * b + 1.0).collect();
        let refused = whiten("x", &mut [a, b, sum]).unwrap_err();
        assert_eq!(refused, Error::Dependent { argument: "x", column: 2 });
    }
}
