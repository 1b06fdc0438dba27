//! One variable, checked: its columns as the search takes them, and what ties were found in them.

use super::Ksg;
use crate::estimators::ties::{Tied, Ties, add_noise};
use crate::neighbours::sorted::Axis;
use crate::{Error, Result, Samples};

/// The columns of a variable, with noise where its ties were broken.
#[derive(Debug)]
pub(super) struct Variable {
    pub(super) columns: Vec<Vec<f64>>,
    /// The only column in order of its values.
    pub(super) axis: Option<Axis>,
    pub(super) tied: Tied,
}

impl Variable {
    /// Checks the columns and applies the ties policy to them, as [`Ties::settle`] does.
    pub(super) fn new(ksg: &Ksg, argument: &'static str, samples: &Samples) -> Result<Self> {
        let mut columns = samples.as_real(argument)?;
        let mut tied_rows = vec![false; 0];
        let mut axis = None;
        for (number, column) in columns.iter_mut().enumerate() {
            let mut sorted = Axis::sorted(column);
            if sorted.is_constant() {
                return Err(Error::Constant { argument, column: number });
            }
            if sorted.has_ties() {
                tied_rows.resize(column.len(), false);
                let mut count = 0;
                for row in sorted.tied() {
                    tied_rows[row as usize] = true;
                    count += 1;
                }
                match ksg.ties {
                    Ties::Keep => {}
                    Ties::Noise => {
                        add_noise(argument, number, column, ksg.seed);
                        sorted = Axis::sorted(column);
                    }
                    Ties::Error => {
                        return Err(Error::Ties {
                            argument,
                            column: number,
                            share: count as f64 / column.len() as f64,
                        });
                    }
                }
            }
            axis = Some(sorted);
        }
        let share = tied_rows.iter().filter(|&&tied| tied).count() as f64 / samples.rows() as f64;
        let tied = Tied { share, broken: share > 0.0 && ksg.ties == Ties::Noise };
        Ok(Self { axis: axis.filter(|_| columns.len() == 1), columns, tied })
    }
}
