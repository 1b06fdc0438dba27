//! Columns of a table as the series that measures take.

use std::borrow::Cow;
use std::ops::Range;

use infoplane_measures::transforms::standardise;
use infoplane_measures::{Error, Samples, Takes};
use infoplane_record::{Cells, Table};

use super::asked::{Missing, Normalise, Request, Variable};
use super::method::Method;
use super::{FilesError, Result};

/// The rows of a table that a request is about.
pub(super) struct Data<'a> {
    table: &'a Table,
    method: &'a Method,
    missing: Missing,
    rows: Range<usize>,
    trials: Option<Vec<u32>>,
}

/// A series, and what describes its next value where that is something else.
pub(super) struct Series {
    pub(super) past: Samples<'static>,
    next: Option<Samples<'static>>,
}

impl Series {
    pub(super) fn next(&self) -> &Samples<'static> {
        self.next.as_ref().unwrap_or(&self.past)
    }
}

impl<'a> Data<'a> {
    pub(super) fn new(table: &'a Table, request: &Request, method: &'a Method) -> Result<Self> {
        let mut columns: Vec<usize> =
            request.question.variables().iter().flat_map(|variable| &variable.columns).copied().collect();
        columns.extend(request.trial);
        let len = table.rows(&columns)?;
        let rows = match &request.rows {
            None => 0..len,
            Some(asked) if asked.start() <= asked.end() && *asked.end() < len => *asked.start()..*asked.end() + 1,
            Some(asked) => return Err(FilesError::Rows { first: *asked.start(), last: *asked.end(), rows: len }),
        };
        let trials = match (request.trial, table.trials()) {
            (Some(column), _) => Some(table.trial_numbers(column, rows.clone())?),
            (None, Some(trials)) => Some(trials[rows.clone()].to_vec()),
            (None, None) => None,
        };
        Ok(Self { table, method, missing: request.missing, rows, trials })
    }

    /// How many rows are used.
    pub(super) fn rows(&self) -> usize {
        self.rows.len()
    }

    /// The row of the file that a row of the series is.
    pub(super) fn row_of_file(&self, row: usize) -> usize {
        self.rows.start + row
    }

    /// The variable as the estimator takes it; `role` names it in errors.
    pub(super) fn series(&self, role: &'static str, variable: &Variable) -> Result<Series> {
        let plain = match self.takes_symbols(variable)? {
            true => self.symbols(variable)?,
            false => self.real(variable)?,
        };
        let plain = match &self.trials {
            Some(trials) => plain.in_trials(trials)?,
            None => plain,
        };
        match self.method.rule() {
            Some(rule) => Ok(Series { next: Some(rule.next(&plain)?), past: rule.apply(&plain)? }),
            None if self.method.normalise == Normalise::Before => {
                let past = standardise(role, &plain).map_err(|error| self.named(error, variable))?;
                Ok(Series { past, next: None })
            }
            None => Ok(Series { past: plain, next: None }),
        }
    }

    fn takes_symbols(&self, variable: &Variable) -> Result<bool> {
        let is_word = |&&place: &&usize| matches!(self.table.columns()[place].cells, Cells::Words { .. });
        match self.method.takes() {
            Takes::Symbols => Ok(self.method.rule().is_none()),
            Takes::Real => Ok(false),
            Takes::Any => match variable.columns.iter().filter(is_word).count() {
                0 => Ok(false),
                words if words == variable.columns.len() => Ok(true),
                _ => Err(FilesError::Mixture { variable: variable.name.clone() }),
            },
        }
    }

    fn real(&self, variable: &Variable) -> Result<Samples<'static>> {
        let dim = variable.columns.len();
        let values = self.table.numbers(&variable.columns, self.rows.clone())?;
        if let Some(at) = values.iter().position(|value| value.is_infinite()) {
            return Err(self.infinite(variable, at, values[at]));
        }
        if let (Missing::Error, Some(at)) = (self.missing, values.iter().position(|value| value.is_nan())) {
            return Err(self.missing(variable, at));
        }
        Ok(Samples::real_with_missing(&values, dim)?.into_owned())
    }

    fn symbols(&self, variable: &Variable) -> Result<Samples<'static>> {
        let dim = variable.columns.len();
        let symbols = self.table.symbols(&variable.columns, self.rows.clone())?;
        if let (Missing::Error, Some(at)) = (self.missing, symbols.iter().position(Option::is_none)) {
            return Err(self.missing(variable, at));
        }
        let missing = symbols.chunks(dim).map(|row| row.contains(&None)).collect();
        let values: Vec<u32> = symbols.iter().map(|symbol| symbol.unwrap_or(0)).collect();
        Ok(Samples::symbols(&values, dim)?.into_owned().with_missing(missing)?)
    }

    fn missing(&self, variable: &Variable, at: usize) -> FilesError {
        let (row, column) = self.cell(variable, at);
        self.table.missing(row, column).into()
    }

    fn infinite(&self, variable: &Variable, at: usize, value: f64) -> FilesError {
        let (row, column) = self.cell(variable, at);
        let name = self.table.columns()[column].name.clone();
        FilesError::Infinite { place: self.table.place(row, Some(column)), column: name, value }
    }

    /// Names the column of the file that is constant.
    fn named(&self, error: Error, variable: &Variable) -> FilesError {
        match error {
            Error::Constant { column, .. } => {
                FilesError::Constant { column: self.table.columns()[variable.columns[column]].name.clone() }
            }
            other => other.into(),
        }
    }

    /// Row and column of the file of the value at place `at`.
    fn cell(&self, variable: &Variable, at: usize) -> (usize, usize) {
        let dim = variable.columns.len();
        (self.row_of_file(at / dim), variable.columns[at % dim])
    }
}

/// The columns' names, as they stand in rows: what the user wrote, without blanks around commas.
pub(super) fn label(variable: &Variable) -> String {
    let parts: Vec<Cow<str>> = variable.name.split(',').map(|part| part.trim().into()).collect();
    parts.join(",")
}
