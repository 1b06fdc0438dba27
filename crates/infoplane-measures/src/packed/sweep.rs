//! The walk over all tiles, in an order that keeps a block of sources in the second-level cache and one target's
//! masks in the first.

use super::level::Level;
use super::nlogn::NLogN;
use super::sources::Sources;
use super::targets::{TILE_MASKS, TargetTerms, Targets};
use super::{Chunk, TILE_PAIRS, TILE_SOURCES, Tile, scalar};

/// Bytes of source tiles that a block may hold: three quarters of the second-level cache of cores with 512-bit vectors.
/// A block is read again for every target tile, the masks once a block, so larger is better until it spills.
const BLOCK_BYTES: usize = 768 * 1024;
/// Source tiles of a block, and so of a visit: enough to amortise a target's masks, few enough that the counts stay in
/// the first-level cache.
pub(super) const BLOCK_TILES: usize = 32;

/// One chunk of the sources of a tile.
pub(super) type SourceChunks = [Chunk; TILE_SOURCES];
/// One chunk of the masks of a tile's targets.
pub(super) type MaskChunks = [Chunk; TILE_MASKS];

/// The kernels of one level.
#[derive(Clone, Copy)]
pub(super) struct Kernels {
    count: fn(&[SourceChunks], &[MaskChunks], &mut [Tile]),
    evaluate: Evaluate,
}

type Evaluate = fn(&[Tile], &[[u32; TILE_PAIRS]], &TargetTerms, &NLogN, &mut [[f64; TILE_PAIRS]]);

impl Kernels {
    /// The kernels of `level`, or of the widest level below it that the machine has.
    pub(super) fn of(level: Level) -> Self {
        match level.or_available() {
            Level::Scalar => Self { count: scalar::sweep, evaluate: scalar::evaluate },
            #[cfg(target_arch = "x86_64")]
            Level::Avx2 => Self { count: super::avx2::sweep_detected, evaluate: super::avx2::evaluate_detected },
            #[cfg(target_arch = "x86_64")]
            Level::Avx512 => Self { count: super::avx512::sweep_detected, evaluate: super::avx512::evaluate_detected },
            #[cfg(not(target_arch = "x86_64"))]
            _ => Self { count: scalar::sweep, evaluate: scalar::evaluate },
        }
    }

    pub(super) fn evaluate(
        self,
        tiles: &[Tile],
        ones: &[[u32; TILE_PAIRS]],
        target: &TargetTerms,
        table: &NLogN,
        te: &mut [[f64; TILE_PAIRS]],
    ) {
        (self.evaluate)(tiles, ones, target, table, te);
    }
}

/// Splits the results of all pairs into whole source tiles, one stretch a thread, and walks each of them.
/// `walk` gets a stretch's source tiles and its results. Who walks where changes no result.
pub(super) fn over_threads<T: Send>(
    sources: &Sources,
    targets: &Targets,
    threads: usize,
    out: &mut [T],
    walk: impl Fn(std::ops::Range<usize>, &mut [T]) + Sync,
) {
    assert_eq!(sources.rows(), targets.rows(), "sources and targets are observed together");
    assert_eq!(out.len(), sources.units() * targets.units(), "one result a pair");
    if out.is_empty() {
        return;
    }
    let tiles = sources.tiles();
    let share = tiles.div_ceil(threads.clamp(1, tiles));
    if share >= tiles {
        return walk(0..tiles, out);
    }
    std::thread::scope(|scope| {
        let stretches = out.chunks_mut(share * TILE_SOURCES * targets.units()).enumerate();
        for (place, out) in stretches {
            let walk = &walk;
            scope.spawn(move || walk(place * share..((place + 1) * share).min(tiles), out));
        }
    });
}

/// Counts every tile of `range` × targets; `visit(first source tile, target tile, counts)`.
pub(super) fn tiles(
    kernels: Kernels,
    sources: &Sources,
    targets: &Targets,
    range: std::ops::Range<usize>,
    mut visit: impl FnMut(usize, usize, &[Tile]),
) {
    let per_tile = sources.chunks_per_unit();
    let block = (BLOCK_BYTES / (per_tile.max(1) * size_of::<SourceChunks>())).clamp(1, BLOCK_TILES);
    let mut counts = [Tile::ZERO; BLOCK_TILES];
    for first in range.clone().step_by(block) {
        let many = block.min(range.end - first);
        let chunks = &sources.chunks()[first * per_tile..][..many * per_tile];
        for target in 0..targets.tiles() {
            (kernels.count)(chunks, targets.masks(target), &mut counts[..many]);
            visit(first, target, &counts[..many]);
        }
    }
}
