//! Zhang's estimator, the same as Schürmann's at ξ = 1: every order that the counts can tell without bias.
//!
//! ```text
//! H = Σ n/N [ψ(N) − ψ(n)]
//! ```
//! Unit: nats. Its bias falls exponentially in N; a constant gives exactly 0.
//!
//! References: Z. Zhang, <https://doi.org/10.1162/NECO_a_00266>; T. Schürmann, doi:10.1088/0305-4470/37/27/L02.

use super::Counts;
use crate::special::digamma;

pub(super) fn term(n: f64, counts: &Counts) -> f64 {
    digamma(counts.rows) - digamma(n)
}
