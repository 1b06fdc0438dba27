//! The plain kernels: what every other level must equal bit for bit.

use super::nlogn::NLogN;
use super::sweep::{MaskChunks, SourceChunks};
use super::targets::TargetTerms;
use super::{TILE_PAIRS, TILE_TARGETS, Tile};

/// Counts one tile of targets against a row of source tiles.
pub(super) fn sweep(sources: &[SourceChunks], masks: &[MaskChunks], tiles: &mut [Tile]) {
    #[cfg(target_arch = "x86_64")]
    if is_x86_feature_detected!("popcnt") {
        // SAFETY: the instruction was detected.
        return unsafe { sweep_popcnt(sources, masks, tiles) };
    }
    sweep_words(sources, masks, tiles);
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "popcnt")]
fn sweep_popcnt(sources: &[SourceChunks], masks: &[MaskChunks], tiles: &mut [Tile]) {
    sweep_words(sources, masks, tiles);
}

#[inline(always)]
fn sweep_words(sources: &[SourceChunks], masks: &[MaskChunks], tiles: &mut [Tile]) {
    for (place, tile) in tiles.iter_mut().enumerate() {
        let sources = &sources[place * masks.len()..][..masks.len()];
        for pair in 0..TILE_PAIRS {
            let counts = count_pair(sources, masks, pair / TILE_TARGETS, pair % TILE_TARGETS);
            (0..3).for_each(|mask| tile.0[mask][pair] = counts[mask]);
        }
    }
}

#[inline(always)]
fn count_pair(sources: &[SourceChunks], masks: &[MaskChunks], source: usize, target: usize) -> [u32; 3] {
    let mut counts = [0_u64; 3];
    for (x, masks) in sources.iter().zip(masks) {
        for word in 0..8 {
            let x = x[source].0[word];
            for mask in 0..3 {
                counts[mask] += u64::from((x & masks[target * 3 + mask].0[word]).count_ones());
            }
        }
    }
    counts.map(|count| count as u32)
}

/// TE in nats of every pair of the tiles.
pub(super) fn evaluate(
    tiles: &[Tile],
    ones: &[[u32; TILE_PAIRS]],
    target: &TargetTerms,
    table: &NLogN,
    te: &mut [[f64; TILE_PAIRS]],
) {
    for ((tile, ones), te) in tiles.iter().zip(ones).zip(te) {
        let [next, past, both] = &tile.0;
        for pair in 0..TILE_PAIRS {
            let cells = target.cells.each_ref().map(|cell| cell[pair]);
            let joint = joint_from_counts([next[pair], past[pair], both[pair]], ones[pair], &cells);
            te[pair] = nats_from_joint(&joint, [target.own[0][pair], target.own[1][pair]], table);
        }
    }
}

/// All eight joint counts at [4·y' + 2·y⁻ + x] from n(x, y'), n(x, y⁻), n(x, y', y⁻), n(x) and the target's own.
#[inline]
pub(super) fn joint_from_counts([next, past, both]: [u32; 3], ones: u32, cells: &[u32; 4]) -> [u32; 8] {
    let [a, b, c, d] = [ones - past - (next - both), past - both, next - both, both];
    [cells[0] - a, a, cells[1] - b, b, cells[2] - c, c, cells[3] - d, d]
}

/// N·TE. With s(a, b) = a·ln a + b·ln b − (a+b)·ln(a+b), the past y contributes
/// s(n(0,y,x=0), n(1,y,x=0)) + s(n(0,y,x=1), n(1,y,x=1)) − s(n(0,y), n(1,y)) ≥ 0.
///
/// The order of operations is part of the definition. Where one x or one y' occurs with y, the terms cancel bit by
/// bit. Each y's share is a mutual information times a count and so never below 0; what a subtraction of equal
/// logarithms leaves below 0 is rounding (at most some 1e-16·ln N a row) and is put at its true bound.
#[inline]
pub(super) fn nats_from_joint(joint: &[u32; 8], own: [f64; 2], table: &NLogN) -> f64 {
    let share = |y: usize| {
        let [without, with] = [2 * y, 2 * y + 1];
        let splits = table.split(joint[without], joint[4 + without]) + table.split(joint[with], joint[4 + with]);
        let share = splits - own[y];
        if share > 0.0 { share } else { 0.0 }
    };
    share(0) + share(1)
}
