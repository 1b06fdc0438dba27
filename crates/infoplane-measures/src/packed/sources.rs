//! The source layer in the order the kernels read it.

use super::level::Level;
use super::rows::PackedRows;
use super::series::PackedSeries;
use super::{CHUNK_ROWS, Chunk, TILE_PAIRS, TILE_SOURCES, TILE_TARGETS, ones, transpose};

/// Source units, four side by side: [tile, chunk of 512 rows, source of the tile]; units that fill up the last
/// tile are zero.
#[derive(Debug, Clone)]
pub struct Sources {
    units: usize,
    rows: usize,
    chunks: Vec<[Chunk; TILE_SOURCES]>,
    /// n(x) of every pair of a tile: each source's count stands [`TILE_TARGETS`] times.
    ones: Vec<[u32; TILE_PAIRS]>,
}

impl Sources {
    /// From the embedded series: row t is what the target's row t may depend on.
    pub fn new(series: &PackedSeries) -> Self {
        let mut sources = Self::zeros(series.units(), series.rows());
        for unit in 0..series.units() {
            let words = series.words(unit);
            (0..sources.chunks_per_unit()).for_each(|chunk| sources.put(unit, chunk, Chunk::of_words(words, chunk)));
        }
        sources.count_ones();
        sources
    }

    /// From the rows named, in the order named: `order[t]` is the row that stands at t.
    ///
    /// # Panics
    /// If one of them does not exist.
    pub fn from_rows(rows: &PackedRows, order: &[u32]) -> Self {
        let mut sources = Self::zeros(rows.units(), order.len());
        sources.refill(rows, order);
        sources
    }

    /// The same sources over other rows, such as a surrogate's: equal to [`Sources::from_rows`], nothing allocated
    /// that grows with the data.
    ///
    /// # Panics
    /// If units or rows are not as many as before, or one of the rows does not exist.
    pub fn refill(&mut self, rows: &PackedRows, order: &[u32]) {
        assert_eq!((rows.units(), order.len()), (self.units, self.rows), "units and rows as before");
        transpose::chunks(Level::detect(), rows, order, |unit, chunk, words| self.put(unit, chunk, Chunk(words)));
        self.count_ones();
    }

    /// Number of units.
    pub fn units(&self) -> usize {
        self.units
    }

    /// Number of rows.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// Rows in which a unit is one.
    ///
    /// # Panics
    /// If there is no such unit.
    pub fn ones(&self, unit: usize) -> u32 {
        assert!(unit < self.units, "unit {unit} of {}", self.units);
        self.ones[unit / TILE_SOURCES][unit % TILE_SOURCES * TILE_TARGETS]
    }

    fn zeros(units: usize, rows: usize) -> Self {
        assert!(u32::try_from(rows).is_ok(), "at most {} rows", u32::MAX);
        let tiles = units.div_ceil(TILE_SOURCES);
        let chunks = vec![[Chunk::ZERO; TILE_SOURCES]; tiles * rows.div_ceil(CHUNK_ROWS)];
        Self { units, rows, chunks, ones: vec![[0; TILE_PAIRS]; tiles] }
    }

    fn put(&mut self, unit: usize, chunk: usize, words: Chunk) {
        let tile = unit / TILE_SOURCES;
        let place = tile * self.chunks_per_unit() + chunk;
        self.chunks[place][unit % TILE_SOURCES] = words;
    }

    fn count_ones(&mut self) {
        let tiles = self.chunks.chunks_exact(self.rows.div_ceil(CHUNK_ROWS).max(1));
        for (ones, tile) in self.ones.iter_mut().zip(tiles) {
            let counts = ones::of_interleaved(tile);
            *ones = std::array::from_fn(|pair| counts[pair / TILE_TARGETS]);
        }
    }

    pub(super) fn tiles(&self) -> usize {
        self.ones.len()
    }

    pub(super) fn chunks_per_unit(&self) -> usize {
        self.rows.div_ceil(CHUNK_ROWS)
    }

    pub(super) fn chunks(&self) -> &[[Chunk; TILE_SOURCES]] {
        &self.chunks
    }

    pub(super) fn ones_by_pair(&self) -> &[[u32; TILE_PAIRS]] {
        &self.ones
    }
}
