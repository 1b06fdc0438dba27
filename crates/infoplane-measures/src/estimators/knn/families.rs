//! Rényi and Tsallis entropies from the same balls (Leonenko, Pronzato, Savani).
//!
//! ```text
//! I_α = mean_i (Mᵢ C Vᵢ)^(1−α),   C = [Γ(K)/Γ(K + 1 − α)]^(1/(1−α)),   ln C → −ψ(K) for α → 1
//! H_α = ln I_α / (1 − α)          S_α = (1 − I_α)/(α − 1)
//! at α = 1 both are mean_i [ln Mᵢ − ψ(K) + ln Vᵢ]
//! ```
//! Vᵢ is the volume of the ball around row i that reaches its K-th neighbour, Mᵢ the number of other rows it sees, N − 1
//! without a Theiler window; `I_α` estimates ∫ f^α, which is infinite for α ≤ 0 where f has tails. 0 < α < K + 1. Rényi's is
//! in nats, Tsallis' has no unit; only Tsallis' has local values (and both at α = 1).
//!
//! At α = 1 they lie by about 1/(2N) below the entropy of [`Knn`], which has ψ(N) where this has ln(N − 1). They fail as
//! that does, and for α < 1 with heavy tails, whose few large balls carry the mean.
//!
//! Reference: N. Leonenko, L. Pronzato, V. Savani, doi:10.1214/07-AOS539.

use statrs::function::gamma::ln_gamma;

use super::Knn;
use crate::estimate::sum;
use crate::families::{Renyi, Tsallis};
use crate::special::digamma;
use crate::{Error, Estimate, Result, Samples};

impl Renyi for Knn {
    fn renyi(&self, x: &Samples, order: f64) -> Result<Estimate> {
        let (terms, blank) = self.terms(x, order)?;
        match near_one(order) {
            true => Ok(Estimate { nats: mean(&terms), local: Some(terms), ..blank }),
            false => Ok(Estimate { nats: ln_mean_exp(&scaled(&terms, 1.0 - order)) / (1.0 - order), ..blank }),
        }
    }
}

impl Tsallis for Knn {
    fn tsallis(&self, x: &Samples, order: f64) -> Result<Estimate> {
        let (terms, blank) = self.terms(x, order)?;
        let local: Vec<f64> = match near_one(order) {
            true => terms,
            false => terms.iter().map(|ln_zeta| ((1.0 - order) * ln_zeta).exp_m1() / (1.0 - order)).collect(),
        };
        Ok(Estimate { nats: mean(&local), local: Some(local), ..blank })
    }
}

impl Knn {
    /// ln(Mᵢ C Vᵢ) of each row, the logarithm of an inverse density; and an estimate without a value yet.
    fn terms(&self, x: &Samples, order: f64) -> Result<(Vec<f64>, Estimate)> {
        let k = self.neighbours as f64;
        if !(order > 0.0 && order < k + 1.0) {
            return Err(Error::Parameter {
                parameter: "order",
                got: order.to_string(),
                allowed: "a number above 0 and below k + 1",
            });
        }
        let ln_c = match near_one(order) {
            true => -digamma(k),
            false => (ln_gamma(k) - ln_gamma(k + 1.0 - order)) / (1.0 - order),
        };
        let (balls, tied) = self.balls(x)?;
        let terms = balls.iter().map(|(seen, ln_volume)| seen.ln() + ln_c + ln_volume).collect();
        Ok((terms, tied.mark(Estimate { n: x.rows(), ..Estimate::default() })))
    }
}

/// So close to 1 that (…)/(1 − α) would lose more digits than α = 1 itself does.
fn near_one(order: f64) -> bool {
    (order - 1.0).abs() < 1e-7
}

fn scaled(terms: &[f64], factor: f64) -> Vec<f64> {
    terms.iter().map(|term| factor * term).collect()
}

fn mean(terms: &[f64]) -> f64 {
    sum(terms) / terms.len() as f64
}

/// ln mean exp, without overflow.
fn ln_mean_exp(terms: &[f64]) -> f64 {
    let most = terms.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    most + mean(&terms.iter().map(|term| (term - most).exp()).collect::<Vec<_>>()).ln()
}
