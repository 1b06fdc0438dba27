//! The two metrics, column by column, as f32 filters and as f64 truths.
//!
//! A filter works on the distance (max-norm) or on its square (Euclidean): neither takes a root for each pair.

use super::lanes::{Lanes, Strip64, WIDTH};
use crate::neighbours::Border;

/// How differences in the columns add up.
pub(super) trait Norm: Copy {
    /// With the difference in one more column.
    ///
    /// # Safety
    /// The instructions of `L` must exist, here and below.
    unsafe fn farther<L: Lanes>(sum: L, difference: L) -> L;
    /// With the way to an interval in one more column: it is `above` or `below` the row, or around it.
    unsafe fn gap<L: Lanes>(sum: L, above: L, below: L) -> L;
    /// With the way to the farther end of an interval in one more column.
    unsafe fn corner<L: Lanes>(sum: L, low: L, high: L) -> L;
    /// Lanes of a tile whose true distance to a lane of another is within the radius.
    unsafe fn within<L: Lanes>(rows: &[Strip64], lane: usize, others: &[Strip64], radius: f64, border: Border) -> u32;

    /// What the true distance itself may be off by, in data units: squares of small numbers vanish.
    const BLUR: f64;
    /// How often the error of one column the error of a distance may be.
    fn errors(dim: usize) -> f32;
    /// The least number that every filter value of a distance up to this one stays below or at.
    fn limit(distance: f32) -> f32;
    /// The greatest number that no filter value of a greater distance stays below or at.
    fn certain(distance: f32) -> f32;
    /// The distance of a filter value.
    fn distance(filter: f32) -> f32;
    /// The true distance, column by column.
    fn truth(differences: impl Iterator<Item = f64>) -> f64;
}

/// max |a − b|.
#[derive(Debug, Clone, Copy)]
pub(super) struct Maximum;

/// √Σ(a − b)².
#[derive(Debug, Clone, Copy)]
pub(super) struct Euclidean;

// SAFETY of the bodies: the trait's contract.
impl Norm for Maximum {
    const BLUR: f64 = 0.0;

    #[inline(always)]
    unsafe fn farther<L: Lanes>(sum: L, difference: L) -> L {
        unsafe { sum.farther(difference) }
    }
    #[inline(always)]
    unsafe fn gap<L: Lanes>(sum: L, above: L, below: L) -> L {
        unsafe { sum.max(above).max(below) }
    }
    #[inline(always)]
    unsafe fn corner<L: Lanes>(sum: L, low: L, high: L) -> L {
        unsafe { sum.farther(low).farther(high) }
    }
    #[inline(always)]
    unsafe fn within<L: Lanes>(rows: &[Strip64], lane: usize, others: &[Strip64], radius: f64, border: Border) -> u32 {
        unsafe { L::within(rows, lane, others, radius, border) }
    }
    #[inline(always)]
    fn errors(_dim: usize) -> f32 {
        1.0
    }
    #[inline(always)]
    fn limit(distance: f32) -> f32 {
        distance
    }
    #[inline(always)]
    fn certain(distance: f32) -> f32 {
        distance
    }
    #[inline(always)]
    fn distance(filter: f32) -> f32 {
        filter
    }
    #[inline(always)]
    fn truth(differences: impl Iterator<Item = f64>) -> f64 {
        differences.fold(0.0, |most, difference| if difference.abs() > most { difference.abs() } else { most })
    }
}

// SAFETY of the bodies: the trait's contract.
impl Norm for Euclidean {
    const BLUR: f64 = 1e-140;

    #[inline(always)]
    unsafe fn farther<L: Lanes>(sum: L, difference: L) -> L {
        unsafe { sum.plus_square(difference) }
    }
    #[inline(always)]
    unsafe fn gap<L: Lanes>(sum: L, above: L, below: L) -> L {
        unsafe { sum.plus_square(L::splat(0.0).max(above).max(below)) }
    }
    #[inline(always)]
    unsafe fn corner<L: Lanes>(sum: L, low: L, high: L) -> L {
        unsafe { sum.plus_square(L::splat(0.0).farther(low).farther(high)) }
    }
    #[inline(always)]
    unsafe fn within<L: Lanes>(rows: &[Strip64], lane: usize, others: &[Strip64], radius: f64, border: Border) -> u32 {
        let mut sums = [0.0; WIDTH];
        for (row, other) in rows.iter().zip(others) {
            let centre = row.0[lane % WIDTH];
            sums.iter_mut().zip(other.0).for_each(|(sum, value)| *sum += (centre - value) * (centre - value));
        }
        (0..WIDTH).fold(0, |mask, lane| mask | (u32::from(border.holds(sums[lane].sqrt(), radius)) << lane))
    }
    #[inline(always)]
    fn errors(dim: usize) -> f32 {
        // √dim columns' errors, and (dim + 2)/4 from adding up.
        (dim + 1) as f32
    }
    #[inline(always)]
    fn limit(distance: f32) -> f32 {
        if distance < 0.0 { distance } else { (distance * distance).next_up().min(f32::MAX) }
    }
    #[inline(always)]
    fn certain(distance: f32) -> f32 {
        if distance < 0.0 { distance } else { (distance * distance).min(f32::MAX).next_down() }
    }
    #[inline(always)]
    fn distance(filter: f32) -> f32 {
        filter.sqrt()
    }
    #[inline(always)]
    fn truth(differences: impl Iterator<Item = f64>) -> f64 {
        differences.fold(0.0, |sum, difference| sum + difference * difference).sqrt()
    }
}
