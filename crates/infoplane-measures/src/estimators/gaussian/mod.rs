//! The Gaussian estimator: entropies of a normal distribution with the covariance of the data.
//!
//! ```text
//! H(X)       = ½ ln |2πe Σ_x|
//! I(X; Y|Z)  = ½ ln [ |Σ_xz| |Σ_yz| / (|Σ_xyz| |Σ_z|) ] = −½ ln |1 − QᵀQ|
//! ```
//! Σ are covariances with divisor N − 1 (this matters for H and for local terms only); Q, `[dim y, dim x]`, are the
//! correlations of x and y once each is freed of z and whitened. Unit: nats. Local terms are log ratios of the fitted
//! densities; those of H use the divisor N in their quadratic form, so that they average to it.
//!
//! A column that follows linearly from others of its variable, or from z, is dropped and named in
//! [`Estimate::dropped`]; H is then that of the rest. Under independence I is dof/(2N) on average, dof = dim x · dim y
//! of what remains, and 2·N·I ~ χ²(dof). `bias=corrected` subtracts that, and adds d(d + 1)/(4N) to H of d columns.
//!
//! **Fails** where dependence is not linear: it sees only correlations (a parabola reads 0). Heavy tails spoil the
//! χ² law; see `copula`. Autocorrelated series have fewer independent rows than N. Where x follows linearly from y
//! the value is infinite. N must exceed the number of columns by 2.
//!
//! Parameters: `bias` none or corrected.
//!
//! References: L. Barnett, A. B. Barrett, A. K. Seth, doi:10.1103/PhysRevLett.103.238701; T. M. Cover, J. A. Thomas,
//! *Elements of Information Theory*, doi:10.1002/047174882X.
//!
//! ```
//! use infoplane_measures::{Embedding, Gaussian, Samples, te};
//!
//! // y follows x one step later, with an error that repeats every 7 steps.
//! let x: Vec<f64> = (0..500).map(|t| f64::from(t * t % 101)).collect();
//! let y: Vec<f64> = (0..500).map(|t| if t == 0 { 0.0 } else { x[t - 1] + 30.0 * (t % 7) as f64 }).collect();
//! let te = te(&Gaussian::default(), &Samples::real(&x, 1)?, &Samples::real(&y, 1)?, &Embedding::default())?;
//! assert!((te.nats - 0.2).abs() < 0.1 && te.p().unwrap() < 1e-9);
//! # Ok::<(), infoplane_measures::Error>(())
//! ```

// Kernels must be inlined into the functions that enable their vector instructions.
#![allow(clippy::inline_always)]

mod centred;
mod cholesky;
mod conditioned;
mod local;
#[cfg(test)]
pub(super) mod test_data;
#[cfg(test)]
mod tests;

pub(super) use centred::Centred;
pub(super) use conditioned::{Conditioned, Related};
pub(super) use local::information as local_information;

use infoplane_spec::{Arguments, Entry, Parameter, SpecError};

use super::{Laws, Method, Registered, Takes};
use crate::measures::observed;
use crate::{Entropy, Error, Estimate, Prepared, Result, Samples};
use cholesky::pivoted;

pub(super) const ENTRY: Registered = Registered {
    entry: Entry {
        name: "gaussian",
        summary: "entropies of a normal distribution with the covariance of the data",
        citation: "Barnett et al. 2009, doi:10.1103/PhysRevLett.103.238701",
        parameters: &[Parameter { key: "bias", default: Some("none"), summary: "none, or corrected: less dof/(2N)" }],
        build: |arguments| Ok(Method::Entropy(Box::new(Gaussian::from_arguments(arguments)?))),
    },
    takes: Takes::Real,
    scaled: false,
    validity: "linear dependence between roughly normal values; blind to any other",
    laws: Laws {
        specs: &["gaussian", "gaussian:bias=corrected"],
        xor: None,
        why: "it sees linear dependence only",
        ..Laws::SHANNON
    },
};

/// Normal distributions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Gaussian {
    /// Whether the expected bias is taken off.
    pub corrected: bool,
}

impl Gaussian {
    fn from_arguments(arguments: &Arguments) -> std::result::Result<Self, SpecError> {
        match arguments.text("bias") {
            "none" => Ok(Self { corrected: false }),
            "corrected" => Ok(Self { corrected: true }),
            _ => Err(arguments.refuse("bias", "none or corrected")),
        }
    }

    fn estimate(self, related: &Related, local: Option<Vec<f64>>) -> Estimate {
        let (n, dof) = (related.rows, related.dof());
        let floor = dof / (2.0 * n as f64);
        let bias = if self.corrected { floor } else { 0.0 };
        Estimate {
            nats: related.nats() - bias,
            n,
            local: local.map(|terms| terms.into_iter().map(|term| term - bias).collect()),
            floor: Some(floor - bias),
            dof: (!self.corrected).then_some(dof),
            dropped: related.dropped.clone(),
            notes: related.notes(),
            ..Estimate::default()
        }
    }
}

impl Entropy for Gaussian {
    fn entropy(&self, x: &Samples) -> Result<Estimate> {
        observed("x", x)?;
        let x = Centred::of("x", x)?;
        let (n, factor) = (x.rows(), pivoted(&x.correlations(&x)));
        enough_rows("x", n, x.dim())?;
        let d = factor.order.len() as f64;
        let bias = if self.corrected { -d * (d + 1.0) / (4.0 * n as f64) } else { 0.0 };
        let density = factor.ln_determinant() * 0.5 + x.ln_scale(&factor.order) + 0.5 * d * std::f64::consts::TAU.ln();
        Ok(Estimate {
            nats: density + 0.5 * d - bias,
            n,
            local: Some(local::surprise(&x, &factor, density - bias)),
            dropped: x.names(&factor.dropped),
            ..Estimate::default()
        })
    }

    /// By one Cholesky decomposition of (z, y), to which each x adds its rows.
    fn prepare_information<'a>(&'a self, y: &'a Samples<'a>, z: &'a Samples<'a>) -> Result<Box<dyn Prepared + 'a>> {
        let (y, z) = centred(y, z)?;
        Ok(Box::new(Fitted { gaussian: *self, given: Conditioned::new(y, z) }))
    }
}

/// Refuses fewer rows than the covariance of so many columns needs to have an inverse.
pub(super) fn enough_rows(argument: &'static str, rows: usize, columns: usize) -> Result<()> {
    match rows >= columns + 2 {
        true => Ok(()),
        false => Err(Error::TooShort { argument, got: rows, wanted: columns + 2 }),
    }
}

fn centred(y: &Samples, z: &Samples) -> Result<(Centred, Centred)> {
    observed("y", y)?;
    z.same_rows("z", y, "y")?;
    Ok((Centred::of("y", y)?, Centred::of("z", z)?))
}

/// Everything of (y, z), ready for any x.
struct Fitted {
    gaussian: Gaussian,
    given: Conditioned,
}

impl Fitted {
    fn centred(&self, x: &Samples) -> Result<Centred> {
        observed("x", x)?;
        self.given.same_rows(x.rows())?;
        enough_rows("x", x.rows(), x.dim() + self.given.columns())?;
        Centred::of("x", x)
    }

    fn value(&self, x: &Centred) -> Estimate {
        self.gaussian.estimate(&self.given.with(x), None)
    }
}

impl Prepared for Fitted {
    fn cmi(&self, x: &Samples) -> Result<Estimate> {
        let x = self.centred(x)?;
        let related = self.given.with(&x);
        let local = local::information(&self.given, &x, &related);
        Ok(self.gaussian.estimate(&related, local))
    }

    fn several(&self, xs: &[Samples]) -> Result<Vec<Estimate>> {
        xs.iter().map(|x| Ok(self.value(&self.centred(x)?))).collect()
    }

    fn reordered(&self, x: &Samples, orders: &[Vec<u32>]) -> Result<Vec<f64>> {
        let x = self.centred(x)?;
        orders.iter().map(|order| Ok(self.value(&x.reordered(order)?).nats)).collect()
    }
}
