//! The estimator with y and z fixed.

use super::terms::{Formula, Histogram};
use super::variable::Variable;
use super::{Ksg, observed};
use crate::estimators::ties::Tied;
use crate::neighbours::{Exclusion, KsgCounts, KsgQuestion, ksg_tiles};
use crate::{Clock, Estimate, Prepared, Result, Samples};

/// Everything of (y, z), ready for any x.
pub(super) struct Ready<'a> {
    ksg: &'a Ksg,
    clock: Option<&'a Clock>,
    samples: &'a Samples<'a>,
    y: Variable,
    z: Variable,
}

impl<'a> Ready<'a> {
    pub(super) fn new(ksg: &'a Ksg, y: &'a Samples<'a>, z: &'a Samples<'a>) -> Result<Self> {
        observed("y", y)?;
        z.same_rows("z", y, "y")?;
        let clock = y.clock();
        ksg.enough_rows(y.rows(), &Exclusion { theiler: ksg.theiler, clock })?;
        let (own, condition) = (Variable::new(ksg, "y", y)?, Variable::new(ksg, "z", z)?);
        Ok(Self { ksg, clock, samples: y, y: own, z: condition })
    }

    /// The columns of x, checked.
    fn moving(&self, x: &Samples) -> Result<Variable> {
        observed("x", x)?;
        x.same_rows("x", self.samples, "y")?;
        Variable::new(self.ksg, "x", x)
    }

    fn formula(&self) -> Formula {
        let Ksg { neighbours, algorithm, .. } = *self.ksg;
        Formula { neighbours, algorithm, conditional: !self.z.columns.is_empty() }
    }

    fn counts(&self, x: &[Vec<f64>]) -> KsgCounts {
        ksg_tiles(&KsgQuestion {
            x,
            y: &self.y.columns,
            z: &self.z.columns,
            neighbours: self.ksg.neighbours,
            algorithm: self.ksg.algorithm,
            exclusion: Exclusion { theiler: self.ksg.theiler, clock: self.clock },
        })
    }

    fn tied(&self, x: &Variable) -> Tied {
        x.tied.and(self.y.tied).and(self.z.tied)
    }
}

impl Prepared for Ready<'_> {
    fn cmi(&self, x: &Samples) -> Result<Estimate> {
        let x = self.moving(x)?;
        let counts = self.counts(&x.columns);
        let formula = self.formula();
        let estimate = Estimate {
            nats: formula.mean(&Histogram::of(&counts)),
            n: counts.z.len(),
            local: Some(formula.local(&counts)),
            ..Estimate::default()
        };
        Ok(self.tied(&x).mark(estimate))
    }
}
