//! The estimator with y and z fixed.

use super::terms::{Formula, Histogram};
use super::variable::Variable;
use super::{Ksg, observed};
use crate::estimators::ties::Tied;
use crate::neighbours::sorted::{Axis, Inside, MOST_NEIGHBOURS, Sorted};
use crate::neighbours::together::{Source, pays, reordered, together};
use crate::neighbours::{Algorithm, Exclusion, KsgQuestion, ksg_tiles};
use crate::simd::Level;
use crate::special::Digammas;
use crate::{Clock, Estimate, Prepared, Result, Samples};

/// Everything of (y, z), ready for any x.
pub(super) struct Ready<'a> {
    ksg: &'a Ksg,
    clock: Option<&'a Clock>,
    samples: &'a Samples<'a>,
    y: Variable<'a>,
    z: Variable<'a>,
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
    fn moving<'x>(&self, x: &'x Samples) -> Result<Variable<'x>> {
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
        let table = digammas(inside);
        let (nats, local) = (formula.mean(&Histogram::of(inside), &table), formula.local(inside, &table));
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

impl Ready<'_> {
    fn alone(&self, x: &Variable) -> Estimate {
        let estimate = match (&self.sorted, x.axis()) {
            (Some(sorted), Some(axis)) => self.estimate(sorted.answer(axis).inside()),
            _ => self.estimate(&self.inside(&x.columns())),
        };
        self.tied(x).mark(estimate)
    }

    /// y and z as columns, where the engine for several x can answer so many of them.
    fn together(&self, xs: usize) -> Option<(&Axis, &Axis)> {
        let level = self.sorted.as_ref()?.level();
        let yz = self.y.axis().zip(self.z.axis())?;
        pays(level, self.samples.rows(), xs, self.ksg.neighbours).then_some(yz)
    }

    /// The values of one column x in other orders: together where that pays, and the rest by themselves.
    fn permuted(
        &self,
        sorted: &Sorted,
        x: &Variable,
        axis: &Axis,
        orders: &[Vec<u32>],
        mean: impl Fn(&[Inside]) -> f64,
    ) -> Vec<f64> {
        let orders: Vec<&[u32]> = orders.iter().map(Vec::as_slice).collect();
        let (mut values, mut left) = (vec![0.0; orders.len()], Vec::new());
        match self.together(orders.len()).zip(x.looked_up()) {
            Some(((y, z), x)) => reordered(y, z, x, &orders, self.ksg.neighbours, |number, inside| match inside {
                Some(inside) => values[number] = mean(inside),
                None => left.push(number),
            }),
            None => left.extend(0..orders.len()),
        }
        if !left.is_empty() {
            let mut alone = Vec::with_capacity(left.len());
            sorted.reordered(axis, left.iter().map(|&number| orders[number]), |inside| alone.push(mean(inside)));
            left.into_iter().zip(alone).for_each(|(number, value)| values[number] = value);
        }
        values
    }
}

impl Prepared for Ready<'_> {
    fn cmi(&self, x: &Samples) -> Result<Estimate> {
        Ok(self.alone(&self.moving(x)?))
    }

    fn several(&self, xs: &[Samples]) -> Result<Vec<Estimate>> {
        let xs = xs.iter().map(|x| self.moving(x)).collect::<Result<Vec<_>>>()?;
        let Some((y, z)) = self.together(xs.len()) else {
            return Ok(xs.iter().map(|x| self.alone(x)).collect());
        };
        let looked_up = xs.iter().map(Variable::looked_up);
        let sources: Vec<Option<Source>> =
            looked_up.map(|x| x.map(|(axis, lookup)| Source::of(axis, lookup))).collect();
        let (formula, table) = (self.formula(), Digammas::up_to(self.samples.rows() + 1));
        let mut estimates = Vec::with_capacity(xs.len());
        together(y, z, &sources, self.ksg.neighbours, |number, inside| {
            let x = &xs[number];
            estimates.push(match inside {
                None => self.alone(x),
                Some(inside) => {
                    let nats = formula.mean(&Histogram::of(inside), &table);
                    self.tied(x).mark(Estimate { nats, n: inside.len(), ..Estimate::default() })
                }
            });
        });
        Ok(estimates)
    }

    fn reordered(&self, x: &Samples, orders: &[Vec<u32>]) -> Result<Vec<f64>> {
        let x = self.moving(x)?;
        let (formula, table) = (self.formula(), Digammas::up_to(self.samples.rows() + 1));
        let mean = |inside: &[Inside]| formula.mean(&Histogram::of(inside), &table);
        let permuted = || orders.iter().all(|order| is_permutation(order, self.samples.rows()));
        match (&self.sorted, x.axis()) {
            (Some(sorted), Some(axis)) if permuted() => Ok(self.permuted(sorted, &x, axis, orders, mean)),
            _ => {
                let columns = x.columns();
                let moved = |order: &Vec<u32>| {
                    let moved = |column: &Vec<f64>| order.iter().map(|&row| column[row as usize]).collect();
                    columns.iter().map(moved).collect::<Vec<_>>()
                };
                Ok(orders.iter().map(|order| mean(&self.inside(&moved(order)))).collect())
            }
        }
    }
}

/// As far as the counts reach.
fn digammas(inside: &[Inside]) -> Digammas {
    Digammas::up_to(inside.iter().map(|row| row.z).max().unwrap_or(0) as usize + 2)
}

/// Whether each of `rows` rows occurs once.
fn is_permutation(order: &[u32], rows: usize) -> bool {
    let mut seen = vec![false; rows];
    let fresh = |&row: &u32| seen.get_mut(row as usize).is_some_and(|seen| !std::mem::replace(seen, true));
    order.len() == rows && order.iter().all(fresh)
}
