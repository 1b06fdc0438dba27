//! The estimator with y and z fixed.

use super::terms::{Formula, Histogram};
use super::variable::Variable;
use super::{Ksg, observed};
use crate::estimators::ties::Tied;
use crate::neighbours::sorted::{Inside, MOST_NEIGHBOURS, Sorted};
use crate::neighbours::{Algorithm, Exclusion, KsgQuestion, ksg_tiles};
use crate::simd::Level;
use crate::{Clock, Estimate, Prepared, Result, Samples};

/// Everything of (y, z), ready for any x.
pub(super) struct Ready<'a> {
    ksg: &'a Ksg,
    clock: Option<&'a Clock>,
    samples: &'a Samples<'a>,
    y: Variable,
    z: Variable,
    /// The engine for few columns, where it can answer.
    sorted: Option<Sorted>,
}

impl<'a> Ready<'a> {
    pub(super) fn new(ksg: &'a Ksg, y: &'a Samples<'a>, z: &'a Samples<'a>) -> Result<Self> {
        observed("y", y)?;
        z.same_rows("z", y, "y")?;
        let clock = y.clock();
        ksg.enough_rows(y.rows(), &Exclusion { theiler: ksg.theiler, clock })?;
        let (own, condition) = (Variable::new(ksg, "y", y)?, Variable::new(ksg, "z", z)?);
        let sorted = sorted(ksg, &own, &condition);
        Ok(Self { ksg, clock, samples: y, y: own, z: condition, sorted })
    }

    /// x, checked.
    fn moving(&self, x: &Samples) -> Result<Variable> {
        observed("x", x)?;
        x.same_rows("x", self.samples, "y")?;
        Variable::new(self.ksg, "x", x)
    }

    fn formula(&self) -> Formula {
        let Ksg { neighbours, algorithm, .. } = *self.ksg;
        Formula { neighbours, algorithm, conditional: self.z.dim() > 0 }
    }

    fn estimate(&self, inside: &[Inside]) -> Estimate {
        let formula = self.formula();
        let (nats, local) = (formula.mean(&Histogram::of(inside)), formula.local(inside));
        Estimate { nats, n: inside.len(), local: Some(local), ..Estimate::default() }
    }

    /// The counts by the engine for any number of columns.
    fn inside(&self, x: &[Vec<f64>]) -> Vec<Inside> {
        let counts = ksg_tiles(&KsgQuestion {
            x,
            y: &self.y.columns(),
            z: &self.z.columns(),
            neighbours: self.ksg.neighbours,
            algorithm: self.ksg.algorithm,
            exclusion: Exclusion { theiler: self.ksg.theiler, clock: self.clock },
        });
        let rows = counts.xz.into_iter().zip(counts.yz).zip(counts.z);
        rows.map(|((xz, yz), z)| Inside { xz, yz, z }).collect()
    }

    fn tied(&self, x: &Variable) -> Tied {
        x.tied.and(self.y.tied).and(self.z.tied)
    }
}

/// The engine for few columns, if y, z and the parameters are within what it takes.
fn sorted(ksg: &Ksg, y: &Variable, z: &Variable) -> Option<Sorted> {
    let takes = ksg.algorithm == Algorithm::One && ksg.theiler == 0 && ksg.neighbours <= MOST_NEIGHBOURS;
    let axis = y.axis().filter(|_| takes && z.dim() <= 1)?;
    Some(Sorted::new(Level::detect(), axis, z.axis(), ksg.neighbours))
}

impl Prepared for Ready<'_> {
    fn cmi(&self, x: &Samples) -> Result<Estimate> {
        let x = self.moving(x)?;
        let estimate = match (&self.sorted, x.axis()) {
            (Some(sorted), Some(axis)) => self.estimate(sorted.answer(axis).inside()),
            _ => self.estimate(&self.inside(&x.columns())),
        };
        Ok(self.tied(&x).mark(estimate))
    }

    fn reordered(&self, x: &Samples, orders: &[Vec<u32>]) -> Result<Vec<f64>> {
        let x = self.moving(x)?;
        let (formula, mut values) = (self.formula(), Vec::with_capacity(orders.len()));
        let mut take = |inside: &[Inside]| values.push(formula.mean(&Histogram::of(inside)));
        match (&self.sorted, x.axis()) {
            (Some(sorted), Some(axis)) if orders.iter().all(|order| is_permutation(order, self.samples.rows())) => {
                sorted.reordered(axis, orders.iter().map(Vec::as_slice), take);
            }
            _ => {
                let columns = x.columns();
                for order in orders {
                    let moved = |column: &Vec<f64>| order.iter().map(|&row| column[row as usize]).collect();
                    take(&self.inside(&columns.iter().map(moved).collect::<Vec<_>>()));
                }
            }
        }
        Ok(values)
    }
}

/// Whether each of `rows` rows occurs once.
fn is_permutation(order: &[u32], rows: usize) -> bool {
    let mut seen = vec![false; rows];
    let fresh = |&row: &u32| seen.get_mut(row as usize).is_some_and(|seen| !std::mem::replace(seen, true));
    order.len() == rows && order.iter().all(fresh)
}
