//! Chao–Wang–Jost: the accumulation curve of states, continued to more rows than there are.
//!
//! ```text
//! H = Σ n/N [ψ(N) − ψ(n)] + f₁/N (1 − A)^(1−N) { −ln A − Σ_{r<N} (1 − A)^r/r }
//! A = 2f₂/[(N − 1)f₁ + 2f₂];  2/[(N − 1)(f₁ − 1) + 2] where f₂ = 0;  1 where f₁ = 0 too
//! ```
//! f₁, f₂: states seen once and twice. Unit: nats. The second part is f₁/N Σ_{j≥1} (1 − A)^j/(N − 1 + j).
//!
//! Reference: A. Chao, Y. T. Wang, L. Jost, doi:10.1111/2041-210X.12108.

use super::{Counts, zhang};

pub(super) fn entropy(counts: &Counts) -> f64 {
    let once = counts.with(1.0);
    let seen = counts.mean(|n| zhang::term(n, counts));
    match once > 0.0 {
        true => seen + once / counts.rows * unseen(counts.rows, singleton(counts.rows, once, counts.with(2.0))),
        false => seen,
    }
}

/// A: the mean probability of a state seen once.
fn singleton(rows: f64, once: f64, twice: f64) -> f64 {
    match twice > 0.0 {
        true => 2.0 * twice / ((rows - 1.0) * once + 2.0 * twice),
        false => 2.0 / ((rows - 1.0) * (once - 1.0) + 2.0),
    }
}

/// Σ_{j≥1} q^j/(N − 1 + j), q = 1 − A.
fn unseen(rows: f64, a: f64) -> f64 {
    let q = 1.0 - a;
    if rows * a < 1.0 {
        // the series would be long, while nothing cancels in the closed form
        let powers = (1..rows as u64).map(|r| (r as f64 * (-a).ln_1p()).exp() / r as f64);
        return (-a.ln() - powers.sum::<f64>()) * ((1.0 - rows) * (-a).ln_1p()).exp();
    }
    let (mut sum, mut power, mut j) = (0.0, q, 1.0);
    while power > 1e-17 * sum && power > 0.0 {
        sum += power / (rows - 1.0 + j);
        power *= q;
        j += 1.0;
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::unseen;

    #[test]
    fn closed_form_and_series_meet() {
        let (below, above) = (unseen(1000.0, 0.001 * (1.0 - 1e-12)), unseen(1000.0, 0.001 * (1.0 + 1e-12)));
        assert!((below / above - 1.0).abs() < 1e-10, "{below} {above}");
    }
}
