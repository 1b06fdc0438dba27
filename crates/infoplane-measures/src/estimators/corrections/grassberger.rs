//! Grassberger's estimators: ln n replaced by a function g(n) that has the right mean for Poisson counts.
//!
//! ```text
//! H = ln N − Σ n/N g(n)
//! 2003      g(n) = ψ(n) + ½(−1)ⁿ [ψ((n + 1)/2) − ψ(n/2)]
//! 1988      g(n) = ψ(n) + (−1)ⁿ/(n(n + 1))
//! plus one  g(n) = ψ(n) + (−1)ⁿ/(n + 1)
//! ```
//! Unit: nats. The 2003 form has the smallest bias of the three; the last is a variant in use elsewhere, kept so that its
//! numbers can be compared, and is more biased for Poisson counts of mean 0.5 to 8. A constant is not exactly 0.
//!
//! References: P. Grassberger, doi:10.1016/0375-9601(88)90193-4 (1988) and arXiv:physics/0307138 (2003).

use super::Counts;
use crate::special::digamma;

pub(super) fn term_2003(n: f64, counts: &Counts) -> f64 {
    counts.rows.ln() - digamma(n) - 0.5 * sign(n) * (digamma(f64::midpoint(n, 1.0)) - digamma(0.5 * n))
}

pub(super) fn term_1988(n: f64, counts: &Counts) -> f64 {
    counts.rows.ln() - digamma(n) - sign(n) / (n * (n + 1.0))
}

pub(super) fn term_plus_one(n: f64, counts: &Counts) -> f64 {
    counts.rows.ln() - digamma(n) - sign(n) / (n + 1.0)
}

/// (−1)ⁿ.
fn sign(n: f64) -> f64 {
    if n % 2.0 == 0.0 { 1.0 } else { -1.0 }
}
