//! Counts into transfer entropy.

use super::level::Level;
use super::nlogn::NLogN;
use super::scalar;
use super::sources::Sources;
use super::sweep::{self, BLOCK_TILES, Kernels};
use super::targets::{Targets, own_term};
use super::{TILE_PAIRS, TILE_SOURCES, TILE_TARGETS};

/// Plug-in TE in nats of every pair, into `out[source · targets + target]`; counts are not kept.
///
/// # Panics
/// If sources and targets differ in rows, or `out` does not have one place a pair.
pub fn te(sources: &Sources, targets: &Targets, threads: usize, out: &mut [f64]) {
    te_at(Level::detect(), sources, targets, threads, out);
}

/// [`te`] at a given level: the same bits, another speed. A level the machine lacks gives way to the next below.
///
/// # Panics
/// As [`te`].
pub fn te_at(level: Level, sources: &Sources, targets: &Targets, threads: usize, out: &mut [f64]) {
    let kernels = Kernels::of(level);
    let per_row = 1.0 / sources.rows().max(1) as f64;
    let width = targets.units();
    sweep::over_threads(sources, targets, threads, out, |range, out| {
        let mut nats = [[0.0; TILE_PAIRS]; BLOCK_TILES];
        let begin = range.start;
        sweep::tiles(kernels, sources, targets, range, |first, target, counts| {
            let nats = &mut nats[..counts.len()];
            let ones = &sources.ones_by_pair()[first..][..counts.len()];
            kernels.evaluate(counts, ones, targets.terms(target), targets.table(), nats);
            put_tiles(nats, per_row, (first - begin) * TILE_SOURCES, target * TILE_TARGETS, width, out);
        });
    });
}

/// Writes tiles of N·TE, the first at row `first` and column `column`, as TE; what lies outside `out` is filling.
fn put_tiles(nats: &[[f64; TILE_PAIRS]], per_row: f64, first: usize, column: usize, width: usize, out: &mut [f64]) {
    let sources = nats.iter().flat_map(|tile| tile.as_chunks::<TILE_TARGETS>().0);
    for (row, pairs) in out[first * width..].chunks_exact_mut(width).zip(sources) {
        row[column..].iter_mut().zip(pairs).for_each(|(out, nats)| *out = nats * per_row);
    }
}

/// Plug-in TE in nats of one pair from its joint counts at [4·y' + 2·y⁻ + x]: the bits that [`te`] gives.
///
/// ```
/// use infoplane_measures::packed::te_from_joint;
///
/// // y' copies x, the past says nothing: one bit, ln 2 nats.
/// assert!((te_from_joint(&[25, 0, 25, 0, 0, 25, 0, 25]) - 2_f64.ln()).abs() < 1e-15);
/// ```
///
/// # Panics
/// If the counts add up to more than a `u32` holds.
pub fn te_from_joint(joint: &[u32; 8]) -> f64 {
    let rows = joint.iter().try_fold(0_u32, |sum, &count| sum.checked_add(count)).expect("at most u32::MAX rows");
    nats_of(joint, &NLogN::up_to(rows), 1.0 / f64::from(rows.max(1)))
}

/// TE of one pair among 1/`per_row` rows.
pub(super) fn nats_of(joint: &[u32; 8], table: &NLogN, per_row: f64) -> f64 {
    let cells = std::array::from_fn(|cell| joint[2 * cell] + joint[2 * cell + 1]);
    let own = [0, 1].map(|y| own_term(&cells, y, table));
    scalar::nats_from_joint(joint, own, table) * per_row
}
