//! Local terms: the fitted densities' log ratio at each row, a stretch of rows at a time.

use super::centred::Centred;
use super::cholesky::Factor;
use super::conditioned::{Conditioned, Related};
use crate::simd::{Level, at_level};

/// Rows worked on together: a handful of their columns fits the nearest cache.
const STRETCH: usize = 512;

/// One column of a stretch.
type Column = [f64; STRETCH];

/// −ln p of each row, `density` on average.
pub(super) fn surprise(x: &Centred, factor: &Factor, density: f64) -> Vec<f64> {
    let mut terms = vec![density; x.rows()];
    let scale = (x.rows() as f64).sqrt(); // divisor N, so that the quadratic forms average to the number of columns
    let mut white = Vec::new();
    for (stretch, terms) in terms.chunks_mut(STRETCH).enumerate() {
        white.clear();
        whiten(x, factor, &[], &[], stretch, scale, &mut white);
        for column in &white {
            add_squares(terms, column, 0.5);
        }
    }
    terms
}

/// ln p(x, y|z) / (p(x|z) p(y|z)) of each row; none where it is infinite.
pub(in crate::estimators) fn information(given: &Conditioned, x: &Centred, related: &Related) -> Option<Vec<f64>> {
    let (_, lower) = related.unexplained.as_ref()?;
    let mut terms = vec![related.nats(); x.rows()];
    let scale = ((x.rows() - 1) as f64).sqrt();
    let (known, joint) = (&given.known, &related.joint);
    let (mut z, mut y, mut own) = (Vec::new(), Vec::new(), Vec::new());
    for (stretch, terms) in terms.chunks_mut(STRETCH).enumerate() {
        [&mut z, &mut y, &mut own].into_iter().for_each(Vec::clear);
        whiten(&given.z, &known.z, &[], &[], stretch, scale, &mut z);
        whiten(&given.y, &known.y, &known.z_in_y.values, &z, stretch, scale, &mut y);
        whiten(x, &joint.x, &joint.z_in_x.values, &z, stretch, scale, &mut own);
        for column in &own {
            add_squares(terms, column, 0.5);
        }
        unexplained(&mut own, &y, &joint.q.transposed().values, lower);
        for column in &own {
            add_squares(terms, column, -0.5);
        }
    }
    Some(terms)
}

/// Appends the whitened columns of one stretch, freed of what `known` columns explain by `weights`, `[column, known]`.
fn whiten(
    x: &Centred,
    factor: &Factor,
    weights: &[f64],
    known: &[Column],
    stretch: usize,
    scale: f64,
    white: &mut Vec<Column>,
) {
    for (&column, lower) in factor.order.iter().zip(&factor.lower) {
        let mut next = [0.0; STRETCH];
        let values = &x.columns[column][stretch * STRETCH..];
        let values = &values[..values.len().min(STRETCH)];
        let unit = scale / x.norms[column];
        next[..values.len()].copy_from_slice(values);
        multiply(&mut next, unit);
        let weights = weights.get(column * known.len()..).unwrap_or_default();
        known.iter().zip(weights).for_each(|(known, weight)| subtract(&mut next, known, *weight));
        white.iter().zip(lower).for_each(|(white, weight)| subtract(&mut next, white, *weight));
        divide(&mut next, lower[white.len()]);
        white.push(next);
    }
}

/// Takes from whitened x what y explains, Qᵀ `[x, y]`, and whitens the rest.
fn unexplained(x: &mut [Column], y: &[Column], q: &[f64], lower: &[Vec<f64>]) {
    for place in 0..x.len() {
        let (before, rest) = x.split_at_mut(place);
        let column = &mut rest[0];
        y.iter().zip(&q[place * y.len()..]).for_each(|(y, weight)| subtract(column, y, *weight));
        before.iter().zip(&lower[place]).for_each(|(before, weight)| subtract(column, before, *weight));
        divide(column, lower[place][place]);
    }
}

fn subtract(from: &mut Column, other: &Column, weight: f64) {
    at_level!(Level::detect(), subtract_lanes, (from: &mut Column, other: &Column, weight: f64) => (from, other, weight));
}

#[inline(always)]
fn subtract_lanes(from: &mut Column, other: &Column, weight: f64) {
    from.iter_mut().zip(other).for_each(|(value, other)| *value -= weight * other);
}

fn multiply(column: &mut Column, by: f64) {
    at_level!(Level::detect(), multiply_lanes, (column: &mut Column, by: f64) => (column, by));
}

#[inline(always)]
fn multiply_lanes(column: &mut Column, by: f64) {
    for value in column {
        *value *= by;
    }
}

/// By multiplication: a division of each value takes many times as long.
fn divide(column: &mut Column, by: f64) {
    multiply(column, by.recip());
}

fn add_squares(terms: &mut [f64], column: &Column, factor: f64) {
    at_level!(Level::detect(), add_lanes, (terms: &mut [f64], column: &Column, factor: f64) => (terms, column, factor));
}

#[inline(always)]
fn add_lanes(terms: &mut [f64], column: &Column, factor: f64) {
    terms.iter_mut().zip(column).for_each(|(term, value)| *term += factor * value * value);
}
