//! One variable, checked: its columns as the search takes them, and what ties were found in them.

use std::borrow::Cow;

use super::Ksg;
use crate::estimators::ties::{Tied, Ties, add_noise};
use crate::neighbours::sorted::Axis;
use crate::{Error, Result, Samples};

/// A variable with noise where its ties were broken.
#[derive(Debug)]
pub(super) struct Variable {
    columns: Columns,
    pub(super) tied: Tied,
}

#[derive(Debug)]
enum Columns {
    /// The only column, in order of its values.
    One(Axis),
    Several(Vec<Vec<f64>>),
}

impl Variable {
    /// Checks the columns and applies the ties policy to them, as [`Ties::settle`] does.
    pub(super) fn new(ksg: &Ksg, argument: &'static str, samples: &Samples) -> Result<Self> {
        samples.whole_real(argument)?;
        let mut columns: Vec<Cow<[f64]>> = match samples.as_real_column() {
            Some(column) => vec![column.into()],
            None => samples.columns().into_iter().map(Cow::Owned).collect(),
        };
        let (mut axis, mut marks) = (Axis::default(), Vec::new());
        for (number, column) in columns.iter_mut().enumerate() {
            axis.sort(column);
            if axis.is_constant() {
                return Err(Error::Constant { argument, column: number });
            }
            if axis.has_ties() && mark(ksg, argument, number, &axis, &mut marks)? {
                add_noise(argument, number, column.to_mut(), ksg.seed);
                axis.sort(column);
            }
        }
        let share = marks.iter().filter(|&&tied| tied).count() as f64 / samples.rows() as f64;
        let columns = match columns.len() {
            1 => Columns::One(axis),
            _ => Columns::Several(columns.into_iter().map(Cow::into_owned).collect()),
        };
        Ok(Self { columns, tied: Tied { share, broken: share > 0.0 && ksg.ties == Ties::Noise } })
    }

    /// Number of columns.
    pub(super) fn dim(&self) -> usize {
        match &self.columns {
            Columns::One(_) => 1,
            Columns::Several(columns) => columns.len(),
        }
    }

    /// The only column in order of its values, if there is only one.
    pub(super) fn axis(&self) -> Option<&Axis> {
        match &self.columns {
            Columns::One(axis) => Some(axis),
            Columns::Several(_) => None,
        }
    }

    /// All columns, row by row.
    pub(super) fn columns(&self) -> Cow<'_, [Vec<f64>]> {
        match &self.columns {
            Columns::One(axis) => vec![axis.column()].into(),
            Columns::Several(columns) => columns.into(),
        }
    }
}

/// Marks the tied rows of a column; says whether its ties are to be broken.
fn mark(ksg: &Ksg, argument: &'static str, column: usize, axis: &Axis, marks: &mut Vec<bool>) -> Result<bool> {
    if ksg.ties == Ties::Error {
        let share = axis.tied().count() as f64 / axis.rows.len() as f64;
        return Err(Error::Ties { argument, column, share });
    }
    marks.resize(axis.rows.len(), false);
    axis.tied().for_each(|row| marks[row as usize] = true);
    Ok(ksg.ties == Ties::Noise)
}
