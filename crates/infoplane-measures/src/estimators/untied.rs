//! Information from an estimator of entropy whose ties are told apart once, so that all four entropies see the same rows.

use super::Ties;
use super::ties::Tied;
use crate::measures::observed;
use crate::{Entropy, Estimate, Note, Prepared, Result, Samples, Values};

/// H(XZ) + H(YZ) − H(XYZ) − H(Z) with the ties of each variable settled beforehand.
pub(super) struct Untied<E> {
    /// Keeps what ties are left.
    estimator: E,
    /// What is done about ties, with the seed of the noise; `None` where the estimator does not mind them.
    ties: Option<(Ties, u64)>,
    y: Samples<'static>,
    z: Samples<'static>,
    /// H(YZ) − H(Z).
    own: Estimate,
    tied: Tied,
}

impl<E: Entropy> Untied<E> {
    /// For an estimator that minds ties; it must keep those it is given.
    pub(super) fn new(estimator: E, ties: Ties, seed: u64, y: &Samples, z: &Samples) -> Result<Self> {
        Self::prepared(estimator, Some((ties, seed)), y, z)
    }

    /// For an estimator that does not mind ties: only constant columns are refused.
    pub(super) fn keeping(estimator: E, y: &Samples, z: &Samples) -> Result<Self> {
        Self::prepared(estimator, None, y, z)
    }

    fn prepared(estimator: E, ties: Option<(Ties, u64)>, y: &Samples, z: &Samples) -> Result<Self> {
        observed("y", y)?;
        z.same_rows("z", y, "y")?;
        let (y, tied_y) = settled(ties, "y", y)?;
        let (z, tied_z) = settled(ties, "z", z)?;
        let z = z.with_clock(y.shared_clock());
        let own = match z.dim() {
            0 => estimator.entropy(&y)?,
            _ => estimator.entropy(&y.beside(&z)?)? - estimator.entropy(&z)?,
        };
        Ok(Self { estimator, ties, y, z, own, tied: tied_y.and(tied_z) })
    }

    fn settle(&self, x: &Samples) -> Result<(Samples<'static>, Tied)> {
        observed("x", x)?;
        x.same_rows("x", &self.y, "y")?;
        settled(self.ties, "x", x)
    }

    fn four(&self, x: &Samples) -> Result<Estimate> {
        let (xz, xyz) = (x.beside(&self.z)?, x.beside(&self.y)?.beside(&self.z)?);
        // the windows of time are those of y
        let timed = |columns: Samples<'static>| columns.with_clock(self.y.shared_clock());
        Ok(self.estimator.entropy(&timed(xz))? + self.own.clone() - self.estimator.entropy(&timed(xyz))?)
    }
}

impl<E: Entropy> Prepared for Untied<E> {
    fn cmi(&self, x: &Samples) -> Result<Estimate> {
        let (x, tied) = self.settle(x)?;
        let mut sum = self.four(&x)?;
        sum.notes.retain(|note| !matches!(note, Note::TiesKept { .. }));
        Ok(match self.ties {
            Some(_) => tied.and(self.tied).mark(sum),
            None => sum,
        })
    }

    fn reordered(&self, x: &Samples, orders: &[Vec<u32>]) -> Result<Vec<f64>> {
        let (x, _) = self.settle(x)?;
        let value = |order: &Vec<u32>| Ok(self.four(&x.select(order.iter().map(|&row| row as usize)))?.nats);
        orders.iter().map(value).collect()
    }
}

/// The variable with its ties settled.
fn settled(ties: Option<(Ties, u64)>, argument: &'static str, samples: &Samples) -> Result<(Samples<'static>, Tied)> {
    let mut columns = samples.as_real(argument)?;
    let (ties, seed) = ties.unwrap_or((Ties::Keep, 0));
    let tied = ties.settle(argument, &mut columns, seed)?;
    let rows = (0..samples.rows()).flat_map(|row| columns.iter().map(move |column| column[row]));
    match samples.dim() {
        0 => Ok((samples.clone().into_owned(), tied)),
        _ => Ok((samples.with_values(Values::Real(rows.collect())), tied)),
    }
}
