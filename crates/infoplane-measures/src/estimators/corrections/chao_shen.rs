//! Chao–Shen: probabilities shrunk by the coverage, each term divided by the chance to have been seen.
//!
//! ```text
//! C = 1 − f₁/N     q = C·n/N     H = −Σ q ln q / [1 − (1 − q)^N]
//! ```
//! f₁: states seen once; where all are, C = 1/N, lest nothing be left. Unit: nats. Without states seen once it is nearly the plug-in value.
//!
//! Reference: A. Chao, T.-J. Shen, doi:10.1023/A:1026096204727.

use super::Counts;

pub(super) fn entropy(counts: &Counts) -> f64 {
    let (rows, once) = (counts.rows, counts.with(1.0));
    let coverage = if once < rows { 1.0 - once / rows } else { 1.0 / rows };
    let seen = |q: f64| -(rows * (-q).ln_1p()).exp_m1();
    counts.sum(|n| {
        let q = coverage * n / rows;
        -q * q.ln() / seen(q)
    })
}
