//! Bonachela, Hinrichsen and Muñoz: bias and variance balanced for short series of few states.
//!
//! ```text
//! H = 1/(N + 2) Σ (n + 1) Σ_{j=n+2..N+2} 1/j
//! ```
//! The sum goes over all K states there could be, n = 0 among them. Unit: nats. With many unseen states it is far too
//! large; without any it is below the plug-in value.
//!
//! Reference: J. A. Bonachela, H. Hinrichsen, M. A. Muñoz, doi:10.1088/1751-8113/41/20/202001.

use super::Counts;
use crate::special::digamma;

pub(super) fn entropy(counts: &Counts) -> f64 {
    let top = digamma(counts.rows + 3.0);
    let term = |n: f64| (n + 1.0) * (top - digamma(n + 2.0));
    let unseen = counts.possible - counts.occupied();
    (counts.sum(term) + unseen * term(0.0)) / (counts.rows + 2.0)
}
