//! James–Stein shrinkage: frequencies drawn towards equal probabilities, as far as their variance asks for.
//!
//! ```text
//! λ = (1 − Σ p²)/[(N − 1) Σ (1/K − p)²], at most 1     q = λ/K + (1 − λ)p     H = −Σ q ln q
//! ```
//! Sums over all K states there could be, p = n/N. Unit: nats. It leans towards ln K: trust it only if K is right.
//! In use elsewhere, and kept so that its numbers can be compared: −Σ p ln q, the mean over rows of −ln q.
//!
//! Reference: J. Hausser, K. Strimmer, arXiv:0811.3579 (J. Mach. Learn. Res. 10, 1469).

use super::Counts;

pub(super) fn entropy(counts: &Counts) -> f64 {
    let (possible, unseen) = (counts.possible, counts.possible - counts.occupied());
    let towards = 1.0 / possible;
    let lambda = intensity(counts, towards);
    let term = |p: f64| {
        let q = lambda * towards + (1.0 - lambda) * p;
        if q > 0.0 { -q * q.ln() } else { 0.0 }
    };
    let rest = if unseen > 0.0 { unseen * term(0.0) } else { 0.0 };
    counts.sum(|n| term(n / counts.rows)) + rest
}

/// −ln q, whose mean over rows is −Σ p ln q.
pub(super) fn term(n: f64, counts: &Counts) -> f64 {
    let towards = 1.0 / counts.possible;
    let lambda = intensity(counts, towards);
    -(lambda * towards + (1.0 - lambda) * n / counts.rows).ln()
}

/// λ, 0 to 1; 1 where there is nothing to shrink or nothing to go by.
fn intensity(counts: &Counts, towards: f64) -> f64 {
    let unseen = counts.possible - counts.occupied();
    let squares = counts.sum(|n| (n / counts.rows).powi(2));
    let distance = counts.sum(|n| (towards - n / counts.rows).powi(2)) + unseen * towards * towards;
    let lambda = (1.0 - squares) / ((counts.rows - 1.0) * distance);
    if lambda.is_finite() { lambda.clamp(0.0, 1.0) } else { 1.0 }
}
