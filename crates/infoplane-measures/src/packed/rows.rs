//! Binary activations as they arrive: one row of bits an event.

use std::ops::Range;

use super::level::Level;
use super::series::PackedSeries;
use super::transpose;
use crate::{Error, Result};

/// Bits [row, unit], each row in ⌈units/8⌉ bytes, the first unit in the lowest bit: the bytes of
/// `numpy.packbits(rows, axis=1, bitorder="little")`.
///
/// ```
/// use infoplane_measures::packed::PackedRows;
///
/// let mut rows = PackedRows::new(10);
/// rows.push(&[true, false, false, true, false, false, false, false, false, true]);
/// assert_eq!(rows.as_bytes(), [0b1001, 0b10]);
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PackedRows {
    units: usize,
    rows: usize,
    bytes: Vec<u8>,
}

impl PackedRows {
    /// No rows yet, of `units` bits each.
    pub fn new(units: usize) -> Self {
        Self { units, rows: 0, bytes: Vec::new() }
    }

    /// Rows that are packed already. Bits beyond the last unit are cleared.
    ///
    /// # Errors
    /// [`Error::Ragged`] if the bytes do not make whole rows, [`Error::Lengths`] if they make another number of them.
    pub fn from_bytes(units: usize, rows: usize, bytes: Vec<u8>) -> Result<Self> {
        let stride = units.div_ceil(8);
        if bytes.len() != rows * stride {
            return Err(match bytes.len() % stride.max(1) {
                0 => {
                    let got = bytes.len() / stride.max(1);
                    Error::Lengths { argument: "bytes", got, other: "rows", wanted: rows }
                }
                _ => Error::Ragged { argument: "bytes", len: bytes.len(), dim: stride },
            });
        }
        let mut packed = Self { units, rows, bytes };
        (0..rows).for_each(|row| packed.clear_padding(row));
        Ok(packed)
    }

    /// Adds a row.
    ///
    /// # Panics
    /// If it does not have one value a unit.
    pub fn push(&mut self, row: &[bool]) {
        assert_eq!(row.len(), self.units, "a row has one value a unit");
        let (eights, rest) = row.as_chunks::<8>();
        self.bytes.extend(eights.iter().copied().map(byte_from_bools));
        if !rest.is_empty() {
            self.bytes.push(rest.iter().rev().fold(0, |byte, &bit| byte << 1 | u8::from(bit)));
        }
        self.rows += 1;
    }

    /// Adds a row that is packed already. Bits beyond the last unit are cleared.
    ///
    /// # Panics
    /// If it is not ⌈units/8⌉ bytes long.
    pub fn push_bytes(&mut self, row: &[u8]) {
        assert_eq!(row.len(), self.stride(), "a packed row has a bit a unit, in whole bytes");
        self.bytes.extend_from_slice(row);
        self.rows += 1;
        self.clear_padding(self.rows - 1);
    }

    /// Appends rows that are packed already, one after the other.
    ///
    /// # Panics
    /// If they are not whole rows.
    pub(crate) fn extend_from_bytes(&mut self, rows: &[u8]) {
        let stride = self.stride();
        assert!(stride > 0 && rows.len().is_multiple_of(stride), "{} bytes in rows of {stride}", rows.len());
        let first = self.rows;
        self.bytes.extend_from_slice(rows);
        self.rows += rows.len() / stride;
        if !self.units.is_multiple_of(8) {
            (first..self.rows).for_each(|row| self.clear_padding(row));
        }
    }

    /// The packed bytes, row after row.
    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes
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
    /// If there is no such row or unit.
    pub fn bit(&self, row: usize, unit: usize) -> bool {
        assert!(unit < self.units, "unit {unit} of {}", self.units);
        self.bytes[row * self.stride() + unit / 8] >> (unit % 8) & 1 == 1
    }

    /// Rows in which each unit is one.
    pub fn ones(&self) -> Vec<u32> {
        let series = self.series();
        (0..self.units).map(|unit| series.ones(unit)).collect()
    }

    /// A stretch of the rows.
    ///
    /// # Panics
    /// If it does not lie within the rows.
    #[must_use]
    pub fn slice(&self, range: Range<usize>) -> Self {
        let (stride, rows) = (self.stride(), range.len());
        assert!(range.end <= self.rows, "rows {range:?} of {}", self.rows);
        Self { units: self.units, rows, bytes: self.bytes[range.start * stride..][..rows * stride].to_vec() }
    }

    /// The named rows in the order named; a row may come more than once.
    ///
    /// # Panics
    /// If one of them does not exist.
    #[must_use]
    pub fn select(&self, order: &[u32]) -> Self {
        let bytes = order.iter().flat_map(|&row| self.row(row)).copied().collect();
        Self { units: self.units, rows: order.len(), bytes }
    }

    /// The series of every unit.
    pub fn series(&self) -> PackedSeries {
        let order: Vec<u32> = (0..self.rows as u32).collect();
        self.series_of(&order)
    }

    /// The series of every unit over the named rows in the order named; a row may come more than once.
    ///
    /// # Panics
    /// If one of them does not exist.
    pub fn series_of(&self, order: &[u32]) -> PackedSeries {
        let mut series = PackedSeries::zeros(self.units, order.len());
        transpose::chunks(Level::detect(), self, order, |unit, chunk, words| series.put_chunk(unit, chunk, words));
        series
    }

    /// Bytes of a row.
    pub(super) fn stride(&self) -> usize {
        self.units.div_ceil(8)
    }

    fn row(&self, row: u32) -> &[u8] {
        let stride = self.stride();
        &self.bytes[row as usize * stride..][..stride]
    }

    fn clear_padding(&mut self, row: usize) {
        let stride = self.stride();
        if !self.units.is_multiple_of(8) {
            self.bytes[row * stride + stride - 1] &= (1 << (self.units % 8)) - 1;
        }
    }
}

/// Eight values in a byte: the multiplication moves bit 8i to bit 56 + i, and no two meet.
fn byte_from_bools(eight: [bool; 8]) -> u8 {
    let spread = u64::from_le_bytes(eight.map(u8::from));
    (spread.wrapping_mul(0x0102_0408_1020_4080) >> 56) as u8
}
