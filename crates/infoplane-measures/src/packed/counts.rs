//! Joint counts of all pairs, kept: for windows that move, shards that merge, and other measures of the same tables.

use super::level::Level;
use super::nlogn::NLogN;
use super::scalar::joint_from_counts;
use super::sources::Sources;
use super::sweep::{self, Kernels};
use super::targets::{OwnCounts, Targets};
use super::te::nats_of;
use super::{TILE_PAIRS, TILE_SOURCES, TILE_TARGETS, Tile};
use crate::{Error, Result};

/// The 2×2×2 tables of all pairs, as three counts a pair beside each unit's own.
///
/// ```
/// use infoplane_measures::packed::{PackedRows, PairCounts, Sources, Targets};
///
/// let mut rows = PackedRows::new(1);
/// (0..9).for_each(|t| rows.push(&[t % 2 == 1]));
/// let series = rows.series();
/// let (past, next) = (series.slice(0..8), series.slice(1..9));
/// let counts = PairCounts::count(&Sources::new(&past), &Targets::new(&next, &past)?, 1);
/// assert_eq!(counts.joint(0, 0), [0, 0, 0, 4, 4, 0, 0, 0]); // after 1 comes 0, after 0 comes 1
/// assert_eq!(counts.te(), [0.0]);
/// # Ok::<(), infoplane_measures::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PairCounts {
    rows: u32,
    /// n(x) of each source.
    ones: Vec<u32>,
    own: Vec<OwnCounts>,
    /// n(x, y'), n(x, y⁻), n(x, y', y⁻) at [source · targets + target].
    pairs: Vec<[u32; 3]>,
}

impl PairCounts {
    /// Counts every pair.
    ///
    /// # Panics
    /// If sources and targets differ in rows.
    pub fn count(sources: &Sources, targets: &Targets, threads: usize) -> Self {
        Self::count_at(Level::detect(), sources, targets, threads)
    }

    /// [`PairCounts::count`] at a given level: the same counts, another speed.
    ///
    /// # Panics
    /// As [`PairCounts::count`].
    pub fn count_at(level: Level, sources: &Sources, targets: &Targets, threads: usize) -> Self {
        let kernels = Kernels::of(level);
        let width = targets.units();
        let mut pairs = vec![[0; 3]; sources.units() * width];
        sweep::over_threads(sources, targets, threads, &mut pairs, |range, out| {
            let begin = range.start;
            sweep::tiles(kernels, sources, targets, range, |first, target, counts| {
                put_tiles(counts, (first - begin) * TILE_SOURCES, target * TILE_TARGETS, width, out);
            });
        });
        let ones = (0..sources.units()).map(|unit| sources.ones(unit)).collect();
        Self { rows: sources.rows() as u32, ones, own: targets.own().to_vec(), pairs }
    }

    /// Number of observations N.
    pub fn n(&self) -> usize {
        self.rows as usize
    }

    /// Number of source units.
    pub fn sources(&self) -> usize {
        self.ones.len()
    }

    /// Number of target units.
    pub fn targets(&self) -> usize {
        self.own.len()
    }

    /// The eight joint counts of a pair, at index 4·y' + 2·y⁻ + x.
    ///
    /// # Panics
    /// If there is no such pair.
    pub fn joint(&self, source: usize, target: usize) -> [u32; 8] {
        let cells = self.own[target].cells(self.rows);
        joint_from_counts(self.pairs[source * self.targets() + target], self.ones[source], &cells)
    }

    /// Adds the counts of other rows of the same units.
    ///
    /// # Errors
    /// [`Error::Lengths`] if the numbers of units differ, [`Error::Parameter`] if a count would not fit a `u32`.
    pub fn add(&mut self, other: &Self) -> Result<()> {
        if self.rows.checked_add(other.rows).is_none() {
            let got = format!("{} rows beside {}", other.rows, self.rows);
            return Err(Error::Parameter { parameter: "other", got, allowed: "together at most 4294967295 rows" });
        }
        self.merge(other, u32::wrapping_add)
    }

    /// Takes away counts that were added before, such as the oldest part of a moving window.
    ///
    /// # Errors
    /// [`Error::Lengths`] if the numbers of units differ, [`Error::Parameter`] if `other` is no part of these counts.
    pub fn remove(&mut self, other: &Self) -> Result<()> {
        if self.same_shape(other).is_ok() && !self.contains(other) {
            let got = format!("counts of {} rows that are no part of these", other.rows);
            return Err(Error::Parameter { parameter: "other", got, allowed: "counts that were added before" });
        }
        self.merge(other, u32::wrapping_sub)
    }

    /// Plug-in TE in nats of every pair, at [source · targets + target].
    pub fn te(&self) -> Vec<f64> {
        let table = NLogN::up_to(self.rows);
        let per_row = 1.0 / f64::from(self.rows.max(1));
        let pairs = (0..self.sources()).flat_map(|source| (0..self.targets()).map(move |target| (source, target)));
        pairs.map(|(source, target)| nats_of(&self.joint(source, target), &table, per_row)).collect()
    }

    fn same_shape(&self, other: &Self) -> Result<()> {
        for (got, wanted) in [(other.sources(), self.sources()), (other.targets(), self.targets())] {
            if got != wanted {
                return Err(Error::Lengths { argument: "other", got, other: "self", wanted });
            }
        }
        Ok(())
    }

    /// Whether every joint count of `other` is at most this one's.
    fn contains(&self, other: &Self) -> bool {
        let fits = |source, target| {
            let (mine, theirs) = (self.joint(source, target), other.joint(source, target));
            mine.iter().zip(theirs).all(|(mine, theirs)| *mine >= theirs)
        };
        self.rows >= other.rows && (0..self.sources()).all(|s| (0..self.targets()).all(|t| fits(s, t)))
    }

    fn merge(&mut self, other: &Self, with: fn(u32, u32) -> u32) -> Result<()> {
        self.same_shape(other)?;
        self.rows = with(self.rows, other.rows);
        self.ones.iter_mut().zip(&other.ones).for_each(|(a, &b)| *a = with(*a, b));
        for (a, b) in self.own.iter_mut().zip(&other.own) {
            *a = OwnCounts { next: with(a.next, b.next), past: with(a.past, b.past), both: with(a.both, b.both) };
        }
        for (a, b) in self.pairs.iter_mut().zip(&other.pairs) {
            *a = std::array::from_fn(|mask| with(a[mask], b[mask]));
        }
        Ok(())
    }
}

/// Writes tiles of counts, the first at row `first` and column `column`; what lies outside `out` is filling.
fn put_tiles(tiles: &[Tile], first: usize, column: usize, width: usize, out: &mut [[u32; 3]]) {
    let rows = out[first * width..].chunks_exact_mut(width).zip(0..tiles.len() * TILE_SOURCES);
    for (row, source) in rows {
        let tile = &tiles[source / TILE_SOURCES].0;
        for (target, out) in row[column..].iter_mut().take(TILE_TARGETS).enumerate() {
            let pair = source * TILE_TARGETS % TILE_PAIRS + target;
            *out = tile.map(|mask| mask[pair]);
        }
    }
}
