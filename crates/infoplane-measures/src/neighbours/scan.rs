//! The naive engine: every row against every other. The oracle of the fast ones, and as fast as they for few rows.

use super::{Border, Exclusion, Neighbours, Space};

/// Compares every row with every other, O(rows²·dim) time, O(rows) memory.
#[derive(Debug, Clone, Copy, Default)]
pub struct Scan;

impl Scan {
    /// All rows that `row` sees, by distance and then by number.
    fn seen(space: &Space, row: usize, exclusion: &Exclusion) -> Vec<(f64, u32)> {
        (0..space.rows())
            .filter(|&other| !exclusion.leaves_out(row, other))
            .map(|other| (space.distance(row, other), other as u32))
            .collect()
    }

    /// The first k of [`Scan::seen`], sorted.
    fn nearest_of(space: &Space, row: usize, k: usize, exclusion: &Exclusion) -> Vec<(f64, u32)> {
        assert!(k > 0, "k is at least 1");
        let mut seen = Self::seen(space, row, exclusion);
        let by_distance = |a: &(f64, u32), b: &(f64, u32)| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1));
        if k < seen.len() {
            seen.select_nth_unstable_by(k, by_distance);
            seen.truncate(k);
        }
        seen.sort_unstable_by(by_distance);
        seen
    }
}

impl Neighbours for Scan {
    fn kth(&self, space: &Space, k: usize, exclusion: &Exclusion) -> Vec<f64> {
        let kth = |row| Self::nearest_of(space, row, k, exclusion).get(k - 1).map_or(f64::INFINITY, |found| found.0);
        (0..space.rows()).map(kth).collect()
    }

    fn nearest(&self, space: &Space, k: usize, exclusion: &Exclusion) -> Vec<u32> {
        let padded = |row| {
            let found = Self::nearest_of(space, row, k, exclusion).into_iter().map(|found| found.1);
            found.chain(std::iter::repeat(u32::MAX)).take(k)
        };
        (0..space.rows()).flat_map(padded).collect()
    }

    fn counts(&self, space: &Space, radii: &[f64], border: Border, exclusion: &Exclusion) -> Vec<u32> {
        assert_eq!(radii.len(), space.rows(), "a radius for each row");
        let within = |row: usize| {
            let others = (0..space.rows()).filter(|&other| !exclusion.leaves_out(row, other));
            others.filter(|&other| border.holds(space.distance(row, other), radii[row])).count() as u32
        };
        (0..space.rows()).map(within).collect()
    }
}
