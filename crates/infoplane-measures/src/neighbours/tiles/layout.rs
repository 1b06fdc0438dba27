//! The rows of a space as tiles of sixteen, in f32 for the filter and in f64 for the truth, with boxes around them.
//!
//! f32 coordinates are centred and scaled by a power of two. Where the true, scaled distance of rows a and b is t and
//! their f32 distance is d, |d − t| ≤ 2⁻²³(m + t)(1 + ε) with m the largest f32 coordinate of a: each coordinate is off by
//! at most 2⁻²⁴ of itself, those of b are at most m + t, and the difference is rounded once. [`Tiled::bounds`] and
//! [`Tiled::limit`] double that.

use super::lanes::{Strip, Strip64, WIDTH};
use super::norm::Norm;
use super::order::kd_order;
use crate::neighbours::{Border, Metric, Space};

/// Largest magnitude of f32 coordinates, as a power of two: far from overflow in any square.
const LARGEST: i32 = 50;
/// What each f32 distance may be off by, as a share of (m + t).
const ERROR: f64 = 1.0 / (1 << 22) as f64;
/// And where numbers, or their squares, are too small for shares.
const TINY: f64 = 1.0 / (1_u64 << 60) as f64;

/// Lower and upper bounds in one column, of sixteen tiles or groups side by side.
#[derive(Debug, Clone, Copy)]
pub(super) struct Bounds {
    pub(super) low: Strip,
    pub(super) high: Strip,
}

/// A space in tiles.
#[derive(Debug)]
pub(super) struct Tiled {
    pub(super) dim: usize,
    /// Row of each slot.
    pub(super) order: Vec<u32>,
    /// f32 coordinates `[tiles, dim]`; past the last row they are infinite.
    pub(super) points: Vec<Strip>,
    /// Boxes of tiles, `[groups, dim]`; those of tiles that do not exist are infinitely far.
    pub(super) boxes: Vec<Bounds>,
    /// Boxes of groups, `[groups / 16, dim]`.
    pub(super) hulls: Vec<Bounds>,
    /// The true coordinates `[tiles, dim]`.
    pub(super) exact: Vec<Strip64>,
    /// The largest |f32 coordinate| of each slot.
    pub(super) reach: Vec<f32>,
    scale: f64,
}

impl Tiled {
    /// `None` if there are no rows, or differences of the values may overflow.
    pub(super) fn new(space: &Space) -> Option<Self> {
        let largest =
            space.columns().iter().flat_map(|column| column.iter()).fold(0.0, |most, v| f64::max(most, v.abs()));
        let most = if space.metric() == Metric::Euclidean { 1e150 } else { f64::MAX / 4.0 };
        if space.rows() == 0 || largest >= most {
            return None;
        }
        let scale = power_of_two(LARGEST - 1 - exponent(largest));
        let (rows, dim) = (space.rows(), space.dim());
        let coordinates = centred(space, scale);
        let order = kd_order(&coordinates, dim);
        let mut points = vec![Strip::all(f32::INFINITY); rows.div_ceil(WIDTH) * dim];
        let mut exact = vec![Strip64([f64::INFINITY; WIDTH]); points.len()];
        let mut reach = Vec::with_capacity(rows);
        for (slot, &row) in order.iter().enumerate() {
            let point = &coordinates[row as usize * dim..][..dim];
            for (column, &value) in point.iter().enumerate() {
                points[slot / WIDTH * dim + column].0[slot % WIDTH] = value;
            }
            reach.push(point.iter().fold(0.0, |most, v| f32::max(most, v.abs())));
            for (strip, column) in exact[slot / WIDTH * dim..].iter_mut().zip(space.columns()) {
                strip.0[slot % WIDTH] = column[row as usize];
            }
        }
        let boxes = gather_bounds(&points, dim, |strip| least_and_most(&strip.0, &strip.0));
        let hulls = gather_bounds(&boxes, dim, |bounds| least_and_most(&bounds.low.0, &bounds.high.0));
        Some(Self { dim, order, points, boxes, hulls, exact, reach, scale })
    }

    pub(super) fn rows(&self) -> usize {
        self.order.len()
    }

    pub(super) fn tiles(&self) -> usize {
        self.rows().div_ceil(WIDTH)
    }

    pub(super) fn groups(&self) -> usize {
        self.tiles().div_ceil(WIDTH)
    }

    /// Rows among `count` slots from `first`: as many, but for the last.
    pub(super) fn population(&self, first: usize, count: usize) -> usize {
        (self.rows() - first).min(count)
    }

    /// The true coordinates of a tile.
    pub(super) fn truth(&self, tile: usize) -> &[Strip64] {
        &self.exact[tile * self.dim..][..self.dim]
    }

    /// The true distance of two slots.
    pub(super) fn distance<N: Norm>(&self, a: usize, b: usize) -> f64 {
        let (tile_a, tile_b) = (self.truth(a / WIDTH), self.truth(b / WIDTH));
        N::truth(tile_a.iter().zip(tile_b).map(|(x, y)| x.0[a % WIDTH] - y.0[b % WIDTH]))
    }

    /// Filter values: within the radius for certain up to the first, possibly up to the second.
    pub(super) fn bounds<N: Norm>(&self, slot: usize, radius: f64, border: Border) -> (f32, f32) {
        let within = radius > 0.0 || (border == Border::Inclusive && radius == 0.0);
        if !within {
            return (-1.0, -1.0);
        }
        let radius = radius * self.scale;
        let share = ERROR * f64::from(N::errors(self.dim));
        let error = (f64::from(self.reach[slot]) + radius) * share + TINY + N::BLUR * self.scale;
        let (low, high) = ((radius - error).min(f64::from(f32::MAX)), (radius + error).min(f64::from(f32::MAX)));
        (N::certain((low as f32).next_down()), N::limit((high as f32).next_up().min(f32::MAX)))
    }

    /// The largest filter value that a row may have whose true distance is at most that of the row at `kth`.
    ///
    /// Both may be off by their error; what three roundings do is less than what is left.
    #[inline(always)]
    pub(super) fn limit<N: Norm>(&self, kth: f32, slot: usize) -> f32 {
        let distance = N::distance(kth);
        let error = (distance + self.reach[slot]) * (2.0 * ERROR as f32 * N::errors(self.dim));
        N::limit((distance + error + (TINY + N::BLUR * self.scale) as f32).min(f32::MAX))
    }
}

/// Coordinates `[rows, dim]`, about the middle of each column.
fn centred(space: &Space, scale: f64) -> Vec<f32> {
    let (rows, dim) = (space.rows(), space.dim());
    let mut coordinates = vec![0.0; rows * dim];
    for (c, column) in space.columns().iter().enumerate() {
        let centre = middle(column) * scale;
        for (row, value) in column.iter().enumerate() {
            coordinates[row * dim + c] = (value * scale - centre) as f32;
        }
    }
    coordinates
}

/// The median of some of the values: where most are, rounding to f32 should lose least.
fn middle(column: &[f64]) -> f64 {
    let step = column.len().div_ceil(255).max(1);
    let mut some: Vec<f64> = column.iter().step_by(step).copied().collect();
    let half = some.len() / 2;
    *some.select_nth_unstable_by(half, f64::total_cmp).1
}

/// e with |value| < 2^e, kept where 2^±e and their products are normal numbers.
fn exponent(value: f64) -> i32 {
    let biased = (value.to_bits() >> 52 & 0x7ff) as i32;
    (biased - 1022).max(-900)
}

fn power_of_two(exponent: i32) -> f64 {
    f64::from_bits(((1023 + exponent) as u64) << 52)
}

fn least_and_most(low: &[f32], high: &[f32]) -> (f32, f32) {
    let least = low.iter().fold(f32::INFINITY, |least, &v| least.min(v));
    let most = high.iter().filter(|v| v.is_finite()).fold(f32::NEG_INFINITY, |most, &v| most.max(v));
    (least, most)
}

/// Bounds of sixteen items each, `[items / 16, dim]`, from `[items, dim]`.
fn gather_bounds<T>(items: &[T], dim: usize, bounds: impl Fn(&T) -> (f32, f32)) -> Vec<Bounds> {
    let nothing = Bounds { low: Strip::all(f32::INFINITY), high: Strip::all(f32::NEG_INFINITY) };
    let mut gathered = vec![nothing; (items.len() / dim).div_ceil(WIDTH) * dim];
    for (at, item) in items.iter().enumerate() {
        let (index, column) = (at / dim, at % dim);
        let into = &mut gathered[index / WIDTH * dim + column];
        (into.low.0[index % WIDTH], into.high.0[index % WIDTH]) = bounds(item);
    }
    gathered
}
