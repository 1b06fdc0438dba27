//! Plug-in transfer entropy of all unit pairs of two binary layers, at the speed of the machine's popcount.
//!
//! ```text
//! TE(i→j) = Σ p(y', y⁻, x) ln [ p(y' | y⁻, x) / p(y' | y⁻) ],   k = l = 1
//! ```
//! - x, y', y⁻: the source unit, the target unit and the target unit's past, one bit a row; all three embedded,
//!   so row t of each belongs to the same event ([`PackedSeries::slice`] moves a series against another);
//! - shapes: [`PackedRows`] is [row, unit], [`PackedSeries`] is [unit, row], results are [source · targets + target].
//!
//! Unit: nats. Of a pair's eight joint counts three are counted, n(x, y'), n(x, y⁻) and n(x, y', y⁻); the rest
//! follows from the source's total and the target's own four counts. Logarithms come from one shared table of n·ln n.
//!
//! It is the plug-in value: for independent units its mean is about 1/N nats, not 0, and 2·N·TE is χ² with two degrees
//! of freedom (fewer where a unit is constant; trust neither below expected counts of about 5). Constant units,
//! and targets that follow from their own past, give exactly 0.0; a value is never negative. Values carry an error of
//! some 1e-16·ln N nats from cancelling logarithms, far below the floor 1/N.
//!
//! Results do not depend on the instruction set ([`Level`]) nor on the number of threads, not in one bit.
//!
//! Reference: T. Schreiber, Measuring information transfer (2000), doi:10.1103/PhysRevLett.85.461.
//!
//! ```
//! use infoplane_measures::packed::{PackedRows, Sources, Targets, te};
//!
//! // Unit 1 repeats what unit 0 did one row before; unit 0 follows a fixed pattern.
//! let mut rows = PackedRows::new(2);
//! for t in 0..4001_u32 {
//!     let fair = |t: u32| t.wrapping_mul(2_654_435_761) >> 31 == 1;
//!     rows.push(&[fair(t), t > 0 && fair(t - 1)]);
//! }
//! let series = rows.series();
//! let (past, next) = (series.slice(0..4000), series.slice(1..4001));
//! let mut nats = [0.0; 4];
//! te(&Sources::new(&past), &Targets::new(&next, &past)?, 1, &mut nats);
//! assert!(nats[1] > 0.3 && nats[0] == 0.0);
//! # Ok::<(), infoplane_measures::Error>(())
//! ```
//!
//! One surrogate moves the rows of the whole source layer; the targets stay prepared:
//!
//! ```
//! use infoplane_measures::packed::{PackedRows, Sources, Targets, te};
//! use infoplane_spec::{shuffle, stream};
//!
//! let mut rows = PackedRows::new(3);
//! (0..501_u32).for_each(|t| rows.push(&[t % 2 == 0, t % 3 == 0, t % 5 == 0]));
//! let series = rows.series();
//! let (past, next) = (series.slice(0..500), series.slice(1..501));
//! let targets = Targets::new(&next, &past)?;
//! let (mut sources, mut nats) = (Sources::new(&past), vec![0.0; 9]);
//! for draw in 0..20 {
//!     let mut order: Vec<u32> = (0..500).collect(); // rows of the embedded source, here 0..500
//!     shuffle(&mut stream(7, "null", draw), &mut order);
//!     sources.refill(&rows, &order);
//!     te(&sources, &targets, 1, &mut nats);
//! }
//! # Ok::<(), infoplane_measures::Error>(())
//! ```

#![allow(clippy::inline_always, reason = "a plain body is compiled once for each level's instructions, by inlining")]
#![allow(clippy::needless_range_loop, reason = "kernels name their lanes, masks and pairs by index")]

mod counts;
mod level;
mod nlogn;
mod ones;
mod rows;
mod scalar;
mod series;
mod sources;
mod sweep;
mod targets;
mod te;
mod transpose;

#[cfg(target_arch = "x86_64")]
mod avx2;
#[cfg(target_arch = "x86_64")]
mod avx512;

#[cfg(test)]
mod tests;

pub use counts::PairCounts;
pub use level::{Level, simd_level};
pub use rows::PackedRows;
pub use series::PackedSeries;
pub use sources::Sources;
pub use targets::Targets;
pub use te::{te, te_at, te_from_joint};

/// Rows in one chunk, the unit in which the kernels read.
const CHUNK_ROWS: usize = 512;
/// Source units side by side in a tile.
const TILE_SOURCES: usize = 4;
/// Target units side by side in a tile.
const TILE_TARGETS: usize = 2;
/// Pairs of a tile; pair `s·2 + t` joins its source `s` with its target `t`.
const TILE_PAIRS: usize = TILE_SOURCES * TILE_TARGETS;

/// 512 rows of one unit: bit `r % 64` of word `r / 64` is row `r`.
#[repr(C, align(64))]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Chunk([u64; 8]);

impl Chunk {
    const ZERO: Self = Self([0; 8]);

    /// The words of one unit from `chunk` on, zeros where they end.
    fn of_words(words: &[u64], chunk: usize) -> Self {
        let words = &words[(chunk * 8).min(words.len())..];
        if let Some(whole) = words.first_chunk() {
            return Self(*whole);
        }
        let mut rest = Self::ZERO;
        rest.0.iter_mut().zip(words).for_each(|(to, &from)| *to = from);
        rest
    }
}

/// The counts of one tile: n(x, y'), n(x, y⁻) and n(x, y', y⁻) for each of its pairs.
#[repr(C, align(32))]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Tile([[u32; TILE_PAIRS]; 3]);

impl Tile {
    const ZERO: Self = Self([[0; TILE_PAIRS]; 3]);
}
