//! Binary series: one row of bits a unit.

use std::ops::Range;

use super::ones;

/// Bits [unit, row], 64 rows a word, the first row in the lowest bit; the bits beyond the last row are zero.
///
/// ```
/// use infoplane_measures::packed::PackedRows;
///
/// let mut rows = PackedRows::new(1);
/// (0..70).for_each(|t| rows.push(&[t >= 66]));
/// let series = rows.series();
/// assert_eq!(series.words(0), [0, 0b111100]);
/// assert_eq!(series.slice(65..69).words(0), [0b1110]);
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PackedSeries {
    units: usize,
    rows: usize,
    words: Vec<u64>,
}

impl PackedSeries {
    pub(super) fn zeros(units: usize, rows: usize) -> Self {
        Self { units, rows, words: vec![0; units * rows.div_ceil(64)] }
    }

    /// Number of units.
    pub fn units(&self) -> usize {
        self.units
    }

    /// Number of rows.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// One bit.
    ///
    /// # Panics
    /// If there is no such unit or row.
    pub fn bit(&self, unit: usize, row: usize) -> bool {
        assert!(row < self.rows, "row {row} of {}", self.rows);
        self.words(unit)[row / 64] >> (row % 64) & 1 == 1
    }

    /// Rows in which a unit is one.
    ///
    /// # Panics
    /// If there is no such unit.
    pub fn ones(&self, unit: usize) -> u32 {
        ones::of_words(self.words(unit))
    }

    /// The words of one unit.
    ///
    /// # Panics
    /// If there is no such unit.
    pub fn words(&self, unit: usize) -> &[u64] {
        assert!(unit < self.units, "unit {unit} of {}", self.units);
        let width = self.width();
        &self.words[unit * width..][..width]
    }

    /// A stretch of the rows, moved to begin at row 0.
    ///
    /// # Panics
    /// If it does not lie within the rows.
    #[must_use]
    pub fn slice(&self, range: Range<usize>) -> Self {
        assert!(range.end <= self.rows, "rows {range:?} of {}", self.rows);
        let mut part = Self::zeros(self.units, range.len());
        let width = part.width();
        if width > 0 {
            let units = part.words.chunks_exact_mut(width).enumerate();
            units.for_each(|(unit, words)| shifted(self.words(unit), &range, words));
        }
        part
    }

    /// Words of a unit.
    fn width(&self) -> usize {
        self.rows.div_ceil(64)
    }

    /// Sets the eight words of a chunk, as far as the rows go.
    pub(super) fn put_chunk(&mut self, unit: usize, chunk: usize, words: [u64; 8]) {
        let width = self.width();
        let (from, unit) = (chunk * 8, &mut self.words[unit * width..][..width]);
        match unit.get_mut(from..from + 8) {
            Some(whole) => whole.copy_from_slice(&words),
            None => unit[from..].iter_mut().zip(words).for_each(|(to, word)| *to = word),
        }
    }
}

/// The bits `range` of `words`, moved down to bit 0, zeros above.
fn shifted(words: &[u64], range: &Range<usize>, into: &mut [u64]) {
    let (first, by) = (range.start / 64, range.start % 64);
    let words = &words[first..];
    if by == 0 {
        into.copy_from_slice(&words[..into.len()]);
    } else {
        let two_words = |low: u64, high: u64| low >> by | high << (64 - by);
        let last = words.len() - 1;
        let neighbours = words.iter().zip(&words[1..]);
        into.iter_mut().zip(neighbours).for_each(|(to, (&low, &high))| *to = two_words(low, high));
        into.iter_mut().skip(last).for_each(|to| *to = two_words(words[last], 0));
    }
    if let (Some(last), rest @ 1..) = (into.last_mut(), range.len() % 64) {
        *last &= (1 << rest) - 1;
    }
}
