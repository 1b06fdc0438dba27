//! One variable, checked: its columns as the search takes them, and what ties were found in them.

use std::borrow::Cow;
use std::sync::{Arc, OnceLock};

use super::Ksg;
use crate::estimators::ties::{Tied, Ties, add_noise};
use crate::neighbours::sorted::Axis;
use crate::neighbours::together::Lookup;
use crate::{Error, Result, Samples};

/// A variable with noise where its ties were broken.
#[derive(Debug)]
pub(super) struct Variable<'a> {
    columns: Columns<'a>,
    pub(super) tied: Tied,
}

#[derive(Debug)]
enum Columns<'a> {
    /// The only column, and in order of its values.
    One(Cow<'a, [f64]>, Arc<Ordered>),
    Several(Vec<Vec<f64>>),
}

/// A column in order of its values.
#[derive(Debug)]
struct Ordered {
    axis: Axis,
    has_ties: bool,
    lookup: OnceLock<Option<Lookup>>,
}

impl Ordered {
    fn new(column: &[f64]) -> Self {
        let axis = Axis::sorted(column);
        Self { has_ties: axis.has_ties(), axis, lookup: OnceLock::new() }
    }
}

impl<'a> Variable<'a> {
    /// Checks the columns and applies the ties policy to them, as [`Ties::settle`] does.
    pub(super) fn new(ksg: &Ksg, argument: &'static str, samples: &'a Samples) -> Result<Self> {
        samples.whole_real(argument)?;
        match samples.dim() {
            1 => Self::one(ksg, argument, samples),
            _ => Self::several(ksg, argument, samples),
        }
    }

    fn one(ksg: &Ksg, argument: &'static str, samples: &'a Samples) -> Result<Self> {
        let mut column: Cow<[f64]> = match samples.as_real_column() {
            Some(column) => column.into(),
            None => samples.columns().concat().into(),
        };
        let mut ordered = samples.derived(|_| Ordered::new(&column));
        if ordered.axis.is_constant() {
            return Err(Error::Constant { argument, column: 0 });
        }
        let mut tied = Tied { share: 0.0, broken: false };
        if ordered.has_ties {
            tied = Tied { share: share(&ordered.axis), broken: ksg.ties == Ties::Noise };
            match ksg.ties {
                Ties::Keep => {}
                Ties::Error => return Err(Error::Ties { argument, column: 0, share: tied.share }),
                Ties::Noise => {
                    add_noise(argument, 0, column.to_mut(), ksg.seed);
                    ordered = Arc::new(Ordered::new(&column));
                }
            }
        }
        Ok(Self { columns: Columns::One(column, ordered), tied })
    }

    fn several(ksg: &Ksg, argument: &'static str, samples: &Samples) -> Result<Self> {
        let mut columns = samples.columns();
        let (mut axis, mut marks) = (Axis::default(), Vec::new());
        for (number, column) in columns.iter_mut().enumerate() {
            axis.sort(column);
            if axis.is_constant() {
                return Err(Error::Constant { argument, column: number });
            }
            if axis.has_ties() && mark(ksg, argument, number, &axis, &mut marks)? {
                add_noise(argument, number, column, ksg.seed);
            }
        }
        let share = marks.iter().filter(|&&tied| tied).count() as f64 / samples.rows() as f64;
        let tied = Tied { share, broken: share > 0.0 && ksg.ties == Ties::Noise };
        Ok(Self { columns: Columns::Several(columns), tied })
    }

    /// Number of columns.
    pub(super) fn dim(&self) -> usize {
        match &self.columns {
            Columns::One(..) => 1,
            Columns::Several(columns) => columns.len(),
        }
    }

    /// The only column in order of its values, if there is only one.
    pub(super) fn axis(&self) -> Option<&Axis> {
        match &self.columns {
            Columns::One(_, ordered) => Some(&ordered.axis),
            Columns::Several(_) => None,
        }
    }

    /// The only column in order of its values and its table, if there is only one and a table of it helps.
    pub(super) fn looked_up(&self) -> Option<(&Axis, &Lookup)> {
        match &self.columns {
            Columns::One(_, ordered) => {
                let lookup = ordered.lookup.get_or_init(|| Lookup::new(&ordered.axis)).as_ref();
                Some((&ordered.axis, lookup?))
            }
            Columns::Several(_) => None,
        }
    }

    /// All columns, row by row.
    pub(super) fn columns(&self) -> Cow<'_, [Vec<f64>]> {
        match &self.columns {
            Columns::One(column, _) => vec![column.to_vec()].into(),
            Columns::Several(columns) => columns.into(),
        }
    }
}

/// The share of rows whose value occurs more than once.
fn share(axis: &Axis) -> f64 {
    axis.tied().count() as f64 / axis.rows.len() as f64
}

/// Marks the tied rows of a column; says whether its ties are to be broken.
fn mark(ksg: &Ksg, argument: &'static str, column: usize, axis: &Axis, marks: &mut Vec<bool>) -> Result<bool> {
    if ksg.ties == Ties::Error {
        return Err(Error::Ties { argument, column, share: share(axis) });
    }
    marks.resize(axis.rows.len(), false);
    axis.tied().for_each(|row| marks[row as usize] = true);
    Ok(ksg.ties == Ties::Noise)
}
