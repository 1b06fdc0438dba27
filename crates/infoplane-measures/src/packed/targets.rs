//! The target layer, prepared once for any number of source layers and surrogates.

use super::nlogn::NLogN;
use super::series::PackedSeries;
use super::{CHUNK_ROWS, Chunk, TILE_PAIRS, TILE_TARGETS, ones};
use crate::{Error, Result};

/// Masks of a tile's chunk: y', y⁻ and y'∧y⁻ of each target.
pub(super) const TILE_MASKS: usize = 3 * TILE_TARGETS;

/// Target units, two side by side: [tile, chunk of 512 rows, target of the tile, mask y' | y⁻ | y'∧y⁻], with each
/// unit's own counts and the terms of the estimate that depend on nothing else.
#[derive(Debug, Clone)]
pub struct Targets {
    units: usize,
    rows: usize,
    chunks: Vec<[Chunk; TILE_MASKS]>,
    own: Vec<OwnCounts>,
    terms: Vec<TargetTerms>,
    table: NLogN,
}

/// n(y'), n(y⁻) and n(y', y⁻), all for ones.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct OwnCounts {
    pub(super) next: u32,
    pub(super) past: u32,
    pub(super) both: u32,
}

/// What a tile's targets bring to the estimate, spread over its pairs.
#[repr(C, align(64))]
#[derive(Debug, Clone, Copy)]
pub(super) struct TargetTerms {
    /// Σ n(y', y⁻)·ln n(y', y⁻) over y' − n(y⁻)·ln n(y⁻), for y⁻ = 0 and 1.
    pub(super) own: [[f64; TILE_PAIRS]; 2],
    /// n(y', y⁻) at [2·y' + y⁻].
    pub(super) cells: [[u32; TILE_PAIRS]; 4],
}

impl OwnCounts {
    /// n(y', y⁻) at [2·y' + y⁻] among `rows`.
    pub(super) fn cells(self, rows: u32) -> [u32; 4] {
        let Self { next, past, both } = self;
        [rows - past - (next - both), past - both, next - both, both]
    }
}

impl Targets {
    /// From the embedded series: `next` is y', the present to be explained, `past` is y⁻ at the same rows.
    ///
    /// # Errors
    /// [`Error::Lengths`] if the two differ in rows or units.
    ///
    /// # Panics
    /// If there are more rows than a `u32` can count.
    pub fn new(next: &PackedSeries, past: &PackedSeries) -> Result<Self> {
        for (got, wanted) in [(past.rows(), next.rows()), (past.units(), next.units())] {
            if got != wanted {
                return Err(Error::Lengths { argument: "past", got, other: "next", wanted });
            }
        }
        let rows = u32::try_from(next.rows()).expect("at most u32::MAX rows");
        let table = NLogN::up_to(rows);
        let tiles = next.units().div_ceil(TILE_TARGETS);
        let per_unit = next.rows().div_ceil(CHUNK_ROWS);
        let mut chunks = vec![[Chunk::ZERO; TILE_MASKS]; tiles * per_unit];
        for unit in 0..next.units() {
            let tile = &mut chunks[unit / TILE_TARGETS * per_unit..][..per_unit];
            put_masks(next.words(unit), past.words(unit), unit % TILE_TARGETS * 3, tile);
        }
        let own: Vec<OwnCounts> = match per_unit {
            0 => vec![OwnCounts::default(); tiles * TILE_TARGETS],
            _ => chunks.chunks_exact(per_unit).flat_map(own_counts).collect(),
        };
        let terms = own.as_chunks().0.iter().map(|tile| TargetTerms::new(tile, rows, &table)).collect();
        Ok(Self { units: next.units(), rows: next.rows(), chunks, own, terms, table })
    }

    /// Number of units.
    pub fn units(&self) -> usize {
        self.units
    }

    /// Number of rows.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// A unit's own counts n(y', y⁻), at index 2·y' + y⁻.
    ///
    /// # Panics
    /// If there is no such unit.
    pub fn cells(&self, unit: usize) -> [u32; 4] {
        assert!(unit < self.units, "unit {unit} of {}", self.units);
        self.own[unit].cells(self.rows as u32)
    }

    pub(super) fn own(&self) -> &[OwnCounts] {
        &self.own[..self.units]
    }

    pub(super) fn tiles(&self) -> usize {
        self.terms.len()
    }

    /// The masks of one tile.
    pub(super) fn masks(&self, tile: usize) -> &[[Chunk; TILE_MASKS]] {
        let per_tile = self.rows.div_ceil(CHUNK_ROWS);
        &self.chunks[tile * per_tile..][..per_tile]
    }

    pub(super) fn terms(&self, tile: usize) -> &TargetTerms {
        &self.terms[tile]
    }

    pub(super) fn table(&self) -> &NLogN {
        &self.table
    }
}

/// Writes the masks of one unit into its tile, from place `first` on.
fn put_masks(next: &[u64], past: &[u64], first: usize, tile: &mut [[Chunk; TILE_MASKS]]) {
    for (chunk, masks) in tile.iter_mut().enumerate() {
        let (next, past) = (Chunk::of_words(next, chunk), Chunk::of_words(past, chunk));
        let both = Chunk(std::array::from_fn(|word| next.0[word] & past.0[word]));
        masks[first..][..3].copy_from_slice(&[next, past, both]);
    }
}

fn own_counts(tile: &[[Chunk; TILE_MASKS]]) -> [OwnCounts; TILE_TARGETS] {
    let ones = ones::of_interleaved(tile);
    std::array::from_fn(|target| OwnCounts {
        next: ones[target * 3],
        past: ones[target * 3 + 1],
        both: ones[target * 3 + 2],
    })
}

impl TargetTerms {
    fn new(tile: &[OwnCounts; TILE_TARGETS], rows: u32, table: &NLogN) -> Self {
        let cells = tile.map(|own| own.cells(rows));
        Self {
            own: [0, 1].map(|y| std::array::from_fn(|pair| own_term(&cells[pair % TILE_TARGETS], y, table))),
            cells: std::array::from_fn(|cell| std::array::from_fn(|pair| cells[pair % TILE_TARGETS][cell])),
        }
    }
}

/// Σ n(y', y⁻)·ln n(y', y⁻) over y' − n(y⁻)·ln n(y⁻) for one value of y⁻.
pub(super) fn own_term(cells: &[u32; 4], y: usize, table: &NLogN) -> f64 {
    table.split(cells[y], cells[2 + y])
}
