//! The symbols of one tap: `[rows, units]`, one alphabet.

use std::ops::Range;

use crate::packed::PackedRows;
use crate::{Error, Result};

/// Symbols of all units of a layer, `[rows, units]`: bits, packed, where the alphabet is {0, 1}, else a byte each.
///
/// ```
/// use infoplane_measures::pairs::Symbols;
///
/// let layer = Symbols::new(2, 3, vec![0, 2, 1, 1, 2, 0])?;
/// assert_eq!((layer.rows(), layer.units(), layer.at(1, 0)), (3, 2, 1));
/// assert!(Symbols::new(2, 2, vec![0, 2]).is_err());
/// # Ok::<(), infoplane_measures::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Symbols {
    units: usize,
    alphabet: usize,
    cells: Cells,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Cells {
    Bits(PackedRows),
    Bytes(Vec<u8>),
}

impl Symbols {
    /// Binary symbols.
    pub fn binary(rows: PackedRows) -> Self {
        Self { units: rows.units(), alphabet: 2, cells: Cells::Bits(rows) }
    }

    /// Symbols 0 to `alphabet` − 1, row-major `[rows, units]`; with an alphabet of 2 they are packed.
    ///
    /// # Errors
    /// [`Error::NoColumns`], [`Error::Ragged`], [`Error::Symbol`], or [`Error::Parameter`] for an alphabet that is not
    /// 1 to 256.
    pub fn new(units: usize, alphabet: usize, symbols: Vec<u8>) -> Result<Self> {
        if !(1..=256).contains(&alphabet) {
            let got = alphabet.to_string();
            return Err(Error::Parameter { parameter: "alphabet", got, allowed: "1 to 256 symbols" });
        }
        if units == 0 {
            return Err(Error::NoColumns { argument: "symbols" });
        }
        if !symbols.len().is_multiple_of(units) {
            return Err(Error::Ragged { argument: "symbols", len: symbols.len(), dim: units });
        }
        if let Some(place) = symbols.iter().position(|&symbol| symbol as usize >= alphabet) {
            let (row, column, got) = (place / units, place % units, symbols[place].into());
            return Err(Error::Symbol { argument: "symbols", row, column, got, last: alphabet as u32 - 1 });
        }
        match alphabet {
            2 => Ok(Self::binary(packed(units, &symbols))),
            _ => Ok(Self { units, alphabet, cells: Cells::Bytes(symbols) }),
        }
    }

    /// No rows yet.
    pub(crate) fn empty(units: usize, alphabet: usize) -> Self {
        let cells = match alphabet {
            2 => Cells::Bits(PackedRows::new(units)),
            _ => Cells::Bytes(Vec::new()),
        };
        Self { units, alphabet, cells }
    }

    /// Number of units.
    pub fn units(&self) -> usize {
        self.units
    }

    /// Number of rows.
    pub fn rows(&self) -> usize {
        match &self.cells {
            Cells::Bits(rows) => rows.rows(),
            Cells::Bytes(bytes) => bytes.len() / self.units.max(1),
        }
    }

    /// Number of symbols there may be.
    pub fn alphabet(&self) -> usize {
        self.alphabet
    }

    /// One symbol.
    ///
    /// # Panics
    /// If there is no such row or unit.
    pub fn at(&self, row: usize, unit: usize) -> u8 {
        match &self.cells {
            Cells::Bits(rows) => rows.bit(row, unit).into(),
            Cells::Bytes(bytes) => {
                assert!(unit < self.units, "unit {unit} of {}", self.units);
                bytes[row * self.units + unit]
            }
        }
    }

    /// The packed rows, where the symbols are binary.
    pub fn packed(&self) -> Option<&PackedRows> {
        match &self.cells {
            Cells::Bits(rows) => Some(rows),
            Cells::Bytes(_) => None,
        }
    }

    /// The symbols as they are kept, row by row: `[rows, ⌈units/8⌉]` packed bits (first unit lowest) or `[rows, units]`.
    pub fn bytes(&self) -> &[u8] {
        match &self.cells {
            Cells::Bits(rows) => rows.as_bytes(),
            Cells::Bytes(bytes) => bytes,
        }
    }

    /// Adds the rows of `more` below these.
    ///
    /// # Errors
    /// [`Error::Lengths`] if the units differ in number, [`Error::Parameter`] if the alphabets differ.
    pub fn append(&mut self, more: &Self) -> Result<()> {
        self.same_units(more.units)?;
        match (&mut self.cells, &more.cells) {
            (Cells::Bits(rows), Cells::Bits(more)) => {
                rows.extend_from_bytes(more.as_bytes());
            }
            (Cells::Bytes(bytes), Cells::Bytes(more_bytes)) if self.alphabet == more.alphabet => {
                bytes.extend_from_slice(more_bytes);
            }
            _ => return Err(other_alphabet(more.alphabet)),
        }
        Ok(())
    }

    /// Adds a bit for each of `values`, row-major `[rows, units]`; the rule sees the value and its unit.
    pub(crate) fn push_bits(&mut self, values: &[f32], units: usize, rule: impl Fn(f32, usize) -> bool) -> Result<()> {
        self.same_units(units)?;
        let Cells::Bits(rows) = &mut self.cells else { return Err(other_alphabet(2)) };
        let mut bytes = vec![0; units.div_ceil(8)];
        for row in values.chunks_exact(units) {
            for (place, (byte, values)) in bytes.iter_mut().zip(row.chunks(8)).enumerate() {
                let bit = |(i, &value): (usize, &f32)| u8::from(rule(value, 8 * place + i)) << i;
                *byte = values.iter().enumerate().map(bit).sum();
            }
            rows.push_bytes(&bytes);
        }
        Ok(())
    }

    /// Adds rows that are packed already.
    pub(crate) fn push_packed(&mut self, bytes: &[u8], units: usize) -> Result<()> {
        self.same_units(units)?;
        let Cells::Bits(rows) = &mut self.cells else { return Err(other_alphabet(2)) };
        rows.extend_from_bytes(bytes);
        Ok(())
    }

    /// Adds symbols of an alphabet of `alphabet`, row-major `[rows, units]`, all of them below it.
    pub(crate) fn push_symbols(&mut self, symbols: Vec<u8>, units: usize, alphabet: usize) -> Result<()> {
        self.same_units(units)?;
        match &mut self.cells {
            _ if self.alphabet != alphabet => return Err(other_alphabet(alphabet)),
            Cells::Bytes(bytes) => bytes.extend(symbols),
            Cells::Bits(_) => return self.append(&Self::binary(packed(units, &symbols))),
        }
        Ok(())
    }

    fn same_units(&self, got: usize) -> Result<()> {
        match got == self.units {
            true => Ok(()),
            false => Err(Error::Lengths { argument: "row", got, other: "a row of these symbols", wanted: self.units }),
        }
    }

    /// A stretch of the rows.
    ///
    /// # Panics
    /// If it does not lie within the rows.
    #[must_use]
    pub fn slice(&self, rows: Range<usize>) -> Self {
        let cells = match &self.cells {
            Cells::Bits(packed) => Cells::Bits(packed.slice(rows)),
            Cells::Bytes(bytes) => Cells::Bytes(bytes[rows.start * self.units..rows.end * self.units].to_vec()),
        };
        Self { cells, ..*self }
    }

    /// The named rows in the order named.
    ///
    /// # Panics
    /// If one of them does not exist.
    #[must_use]
    pub fn select(&self, order: &[u32]) -> Self {
        let row = |&row: &u32| row as usize * self.units..(row as usize + 1) * self.units;
        let cells = match &self.cells {
            Cells::Bits(packed) => Cells::Bits(packed.select(order)),
            Cells::Bytes(bytes) => Cells::Bytes(order.iter().flat_map(|at| &bytes[row(at)]).copied().collect()),
        };
        Self { cells, ..*self }
    }

    /// The named units in the order named.
    ///
    /// # Panics
    /// If one of them does not exist.
    #[must_use]
    pub fn pick(&self, units: &[usize]) -> Self {
        let picked =
            (0..self.rows()).flat_map(|row| units.iter().map(move |&unit| self.at(row, unit))).collect::<Vec<u8>>();
        let cells = match &self.cells {
            Cells::Bits(_) => Cells::Bits(packed(units.len(), &picked)),
            Cells::Bytes(_) => Cells::Bytes(picked),
        };
        Self { units: units.len(), alphabet: self.alphabet, cells }
    }

    /// The rate of ones of each unit, where the symbols are binary.
    pub fn rates(&self) -> Option<Vec<f64>> {
        let rows = self.rows().max(1) as f64;
        Some(self.packed()?.ones().into_iter().map(|ones| ones as f64 / rows).collect())
    }

    /// The mean rate of ones over the units, where the symbols are binary.
    pub fn mean_rate(&self) -> Option<f64> {
        Some(self.rates()?.iter().sum::<f64>() / self.units.max(1) as f64)
    }

    /// Whether a unit has the same symbol in every row.
    ///
    /// # Panics
    /// If there is no such unit.
    pub fn is_constant(&self, unit: usize) -> bool {
        (1..self.rows()).all(|row| self.at(row, unit) == self.at(0, unit))
    }

    /// Units that never change within the given stretches of rows, taken together.
    pub(super) fn constant(&self, stretches: &[Range<usize>]) -> Vec<bool> {
        let rows: usize = stretches.iter().map(ExactSizeIterator::len).sum();
        if let Cells::Bits(packed) = &self.cells {
            let mut ones = vec![0; self.units];
            for stretch in stretches {
                let here = packed.slice(stretch.clone()).ones();
                ones.iter_mut().zip(here).for_each(|(sum, ones)| *sum += ones as usize);
            }
            return ones.into_iter().map(|ones| ones == 0 || ones == rows).collect();
        }
        let all = || stretches.iter().flat_map(Clone::clone);
        let first = all().next();
        let same = |unit: usize| first.is_none_or(|first| all().all(|row| self.at(row, unit) == self.at(first, unit)));
        (0..self.units).map(same).collect()
    }

    /// One unit's series over a stretch of rows.
    pub(super) fn series(&self, unit: usize, rows: Range<usize>) -> Vec<u32> {
        rows.map(|row| self.at(row, unit).into()).collect()
    }
}

fn other_alphabet(got: usize) -> Error {
    Error::Parameter { parameter: "alphabet", got: got.to_string(), allowed: "that of the rows there are" }
}

/// Bits from bytes that are 0 or 1.
fn packed(units: usize, symbols: &[u8]) -> PackedRows {
    let mut rows = PackedRows::new(units);
    let mut bits = vec![false; units];
    for row in symbols.chunks(units.max(1)) {
        bits.iter_mut().zip(row).for_each(|(bit, &symbol)| *bit = symbol == 1);
        rows.push(&bits);
    }
    rows
}
