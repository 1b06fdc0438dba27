//! Miller–Madow: the first term of the bias in 1/N, with the states that occur for those there are.
//!
//! ```text
//! H = −Σ p ln p + (occupied − 1)/(2N)
//! ```
//! Unit: nats. It falls short while states are still unseen (N below a few times their number).
//!
//! Reference: G. Miller, in *Information Theory in Psychology* (1955) 95.

use super::Counts;

pub(super) fn term(n: f64, counts: &Counts) -> f64 {
    (counts.rows / n).ln() + (counts.occupied() - 1.0) / (2.0 * counts.rows)
}
