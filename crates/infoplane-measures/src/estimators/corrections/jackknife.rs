//! The jackknife: what leaving out a row changes, extrapolated to 1/N = 0.
//!
//! ```text
//! H = N·H(all rows) − (N − 1)·mean of H(all rows but one)
//! ```
//! H on the right: plug-in. Unit: nats. It removes the first term of the bias and adds variance; a single row gives 0.
//!
//! Reference: B. Efron, C. Stein, doi:10.1214/aos/1176345462.

use super::Counts;
use crate::special::n_ln_n;

pub(super) fn entropy(counts: &Counts) -> f64 {
    let (rows, left) = (counts.rows, counts.rows - 1.0);
    if left <= 0.0 {
        return 0.0;
    }
    let all = counts.sum(n_ln_n);
    let without = counts.mean(|n| left.ln() - (all - n_ln_n(n) + n_ln_n(n - 1.0)) / left);
    rows * (rows.ln() - all / rows) - left * without
}
