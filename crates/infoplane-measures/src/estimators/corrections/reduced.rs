//! Reduced transfer entropy: what it takes to write the data down, finite as they are.
//!
//! ```text
//! H(Y|V) = 1/N Σ_v [ ln n_v! − Σ_y ln n_vy! + ln C(n_v + K − 1, K − 1) ]      C: binomial coefficient
//! I(X; Y|Z) = H(Y|Z) − H(Y|XZ)
//! ```
//! The factorials name the series among all that have these counts, the last term names the counts; K: states of Y there
//! could be. Unit: nats per row. No distribution is assumed. It tends to the plug-in value as N grows, and is at or
//! below 0 where knowing X does not pay for its own description, so its sign is the verdict; as an estimate it is low
//! wherever cells are many. It is not symmetric in X and Y.
//!
//! Reference: A. Kirkley, doi:10.1103/tcss-5hn3 (arXiv:2506.16215).

use statrs::function::gamma::ln_gamma;

use super::{Counts, Joint};

pub(super) fn entropy(counts: &Counts) -> f64 {
    (ln_series(counts) + ln_tables(counts)) / counts.rows
}

pub(super) fn conditional(joint: &Joint) -> f64 {
    joint.each().map(|counts| counts.rows * entropy(&counts)).sum::<f64>() / joint.rows()
}

/// ln of the number of series with these counts.
fn ln_series(counts: &Counts) -> f64 {
    ln_gamma(counts.rows + 1.0) - counts.sum(|n| ln_gamma(n + 1.0))
}

/// ln of the number of ways to share the rows among the states.
fn ln_tables(counts: &Counts) -> f64 {
    let (rows, possible) = (counts.rows, counts.possible);
    ln_gamma(rows + possible) - ln_gamma(possible) - ln_gamma(rows + 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn series_and_tables_are_counted() {
        // 4!/(2!·1!·1!) = 12 series, C(4 + 2, 2) = 15 tables
        let counts = Counts::new([2, 1, 1].into_iter(), 3.0);
        assert!((ln_series(&counts) - 12.0_f64.ln()).abs() < 1e-13);
        assert!((ln_tables(&counts) - 15.0_f64.ln()).abs() < 1e-13);
    }
}
