//! Cells as numbers, as symbols, and as trials.

use std::ops::Range;

use super::{Cells, Table};
use crate::{RecordError, Result};

/// The largest whole number up to which every one is a number of its own in double precision.
const EXACT: f64 = 9_007_199_254_740_992.0;

impl Table {
    /// How many rows these columns have.
    ///
    /// # Errors
    /// [`RecordError::ColumnLengths`] where they differ (arrays of an `.npz`).
    pub fn rows(&self, columns: &[usize]) -> Result<usize> {
        let Some(first) = columns.first().map(|&place| &self.columns[place]) else { return Ok(0) };
        match columns.iter().map(|&place| &self.columns[place]).find(|column| column.len() != first.len()) {
            None => Ok(first.len()),
            Some(other) => Err(RecordError::ColumnLengths {
                file: self.name.clone(),
                first: (first.name.clone(), first.len()),
                other: (other.name.clone(), other.len()),
            }),
        }
    }

    /// The numbers of these columns, row by row, `[rows, columns]`; NaN where missing.
    ///
    /// # Errors
    /// [`RecordError::NotANumberCell`] at the first word.
    pub fn numbers(&self, columns: &[usize], rows: Range<usize>) -> Result<Vec<f64>> {
        let mut series = Vec::with_capacity(columns.len());
        for &place in columns {
            match &self.columns[place].cells {
                Cells::Numbers(values) => series.push(&values[rows.clone()]),
                Cells::Words { odd, .. } => return Err(self.word(place, odd.as_ref())),
            }
        }
        Ok((0..rows.len()).flat_map(|row| series.iter().map(move |values| values[row])).collect())
    }

    /// The symbols of these columns, row by row, `[rows, columns]`; `None` where missing. Whole numbers from 0 are
    /// their own symbols; where a column has a negative one, and where it has words, symbols follow the order of what
    /// occurs in the file.
    ///
    /// # Errors
    /// [`RecordError::NotWhole`] at the first number with a fraction, [`RecordError::NotANumberCell`] at a word among
    /// numbers.
    pub fn symbols(&self, columns: &[usize], rows: Range<usize>) -> Result<Vec<Option<u32>>> {
        let mut series = Vec::with_capacity(columns.len());
        for &place in columns {
            if let Cells::Words { odd: odd @ Some(_), .. } = &self.columns[place].cells {
                return Err(self.word(place, odd.as_ref()));
            }
            series.push(self.column_symbols(place, rows.clone())?);
        }
        Ok((0..rows.len()).flat_map(|row| series.iter().map(move |values| values[row])).collect())
    }

    fn column_symbols(&self, place: usize, rows: Range<usize>) -> Result<Vec<Option<u32>>> {
        let values = self.columns[place].values();
        let whole = |value: &f64| value.is_nan() || (value.fract() == 0.0 && value.abs() <= EXACT);
        if let Some(row) = rows.clone().find(|&row| !whole(&values[row])) {
            let column = self.columns[place].name.clone();
            return Err(RecordError::NotWhole { place: self.place(row, Some(place)), column, got: values[row] });
        }
        let own = |value: f64| (!value.is_nan()).then_some(value as u32);
        if values.iter().all(|&value| value.is_nan() || (0.0..=f64::from(u32::MAX)).contains(&value)) {
            return Ok(values[rows].iter().map(|&value| own(value)).collect());
        }
        let mut known: Vec<f64> = values.iter().copied().filter(|value| !value.is_nan()).collect();
        known.sort_unstable_by(f64::total_cmp);
        known.dedup();
        let rank = |value: f64| (!value.is_nan()).then(|| known.partition_point(|&k| k < value) as u32);
        Ok(values[rows].iter().map(|&value| rank(value)).collect())
    }

    /// The number of the trial of each row: whatever the cells hold, equal cells are one trial.
    ///
    /// # Errors
    /// [`RecordError::MissingCell`] at a row without one.
    pub fn trial_numbers(&self, column: usize, rows: Range<usize>) -> Result<Vec<u32>> {
        let values = &self.columns[column].values()[rows.clone()];
        if let Some(at) = values.iter().position(|value| value.is_nan()) {
            return Err(self.missing(rows.start + at, column));
        }
        let mut known: Vec<f64> = values.to_vec();
        known.sort_unstable_by(f64::total_cmp);
        known.dedup();
        Ok(values.iter().map(|&value| known.partition_point(|&k| k < value) as u32).collect())
    }

    /// The error that says that a cell is missing.
    pub fn missing(&self, row: usize, column: usize) -> RecordError {
        RecordError::MissingCell { place: self.place(row, Some(column)), column: self.columns[column].name.clone() }
    }

    /// The file with the line and column of a cell, or with its row, as far as the format has them.
    pub fn place(&self, row: usize, column: Option<usize>) -> String {
        match (&self.lines, column) {
            (Some(lines), Some(column)) => format!("{}, line {}, column {}", self.name, lines[row], column),
            (Some(lines), None) => format!("{}, line {}", self.name, lines[row]),
            (None, Some(column)) => format!("{}, row {row}, column {column}", self.name),
            (None, None) => format!("{}, row {row}", self.name),
        }
    }

    fn word(&self, place: usize, odd: Option<&(usize, String)>) -> RecordError {
        let column = &self.columns[place];
        let mut row = odd.map(|(row, _)| *row);
        let mut got = odd.map(|(_, text)| text.clone());
        if let (None, Cells::Words { codes, words, .. }) = (row, &column.cells) {
            row = codes.iter().position(|code| !code.is_nan());
            got = row.map(|row| words[codes[row] as usize].clone());
        }
        RecordError::NotANumberCell {
            place: self.place(row.unwrap_or(0), Some(place)),
            column: column.name.clone(),
            got: got.unwrap_or_default(),
            among_numbers: odd.is_some(),
        }
    }
}
