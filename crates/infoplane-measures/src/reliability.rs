//! How much of a plug-in value is bias: expected values for uniform cells, and a badge.
//!
//! ```text
//! E[Ĥ] = −K Σ_k Bin(k; n, 1/K) (k/n) ln(k/n)          plug-in entropy of n draws from K equal cells, nats
//! E[Î(T;Y)] = E[Ĥ(n)] − Σ_c (n_c/n) E[Ĥ(n_c)]         T uniform on K cells and independent of Y with classes of n_c rows
//! ```
//! Exact (no expansion in 1/n), so they hold where K is far larger than n, which is where plug-in values mislead.
//! Unit: nats. Reference: L. Paninski, Neural Computation 15 (2003) 1191, doi:10.1162/089976603321780272.
//!
//! ```
//! use infoplane_measures::reliability::{expected_plugin_entropy, spurious_information};
//! use std::f64::consts::LN_2;
//!
//! // 1,000 rows cannot show 12 bits, and make up 0.887 bit about two classes they know nothing of.
//! assert!((expected_plugin_entropy(1000, 4096.0) / LN_2 - 9.7337).abs() < 5e-5);
//! assert!((spurious_information(1000, 4096.0, 2) / LN_2 - 0.887).abs() < 5e-4);
//! ```

use std::fmt;

use crate::special::{ln_choose, n_ln_n};

/// Expected plug-in entropy, in nats, of `n` independent draws from `cells` equally probable cells.
///
/// `cells` is a float because joint cells of many units exceed every integer type. At least 1 of each is taken.
pub fn expected_plugin_entropy(n: usize, cells: f64) -> f64 {
    if n == 0 || cells <= 1.0 {
        return 0.0;
    }
    // H = ln n − (1/n) Σ_cells k ln k, and each k is binomial.
    let mean = binomial_sum(n as u64, 1.0 / cells, |k| n_ln_n(k as f64));
    (n as f64).ln() - cells * mean / n as f64
}

/// Expected plug-in I(T;Y), in nats, where T is uniform on `cells` cells and independent of Y, whose `classes`
/// are as nearly balanced as `n` allows.
pub fn spurious_information(n: usize, cells: f64, classes: usize) -> f64 {
    if n == 0 || classes == 0 {
        return 0.0;
    }
    let (small, larger) = (n / classes, n % classes);
    let within = |rows: usize, many: usize| (rows * many) as f64 / n as f64 * expected_plugin_entropy(rows, cells);
    expected_plugin_entropy(n, cells) - within(small, classes - larger) - within(small + 1, larger)
}

/// Σ Bin(k; n, p) f(k) over k ≥ 2, from the mode outwards until nothing is added.
///
/// (k = 0 and 1 contribute nothing to k ln k.)
fn binomial_sum(n: u64, p: f64, f: impl Fn(u64) -> f64) -> f64 {
    let mode = (((n + 1) as f64 * p) as u64).min(n);
    let at_mode = (ln_choose(n, mode) + mode as f64 * p.ln() + (n - mode) as f64 * (-p).ln_1p()).exp();
    let odds = p / (1.0 - p);
    let mut sum = at_mode * f(mode);
    let mut weight = at_mode;
    for k in mode + 1..=n {
        weight *= (n - k + 1) as f64 / k as f64 * odds;
        let term = weight * f(k);
        sum += term;
        if k > 2 && term < 1e-18 * sum {
            break;
        }
    }
    weight = at_mode;
    for k in (2..=mode).rev() {
        weight *= k as f64 / ((n - k + 1) as f64 * odds);
        sum += weight * f(k - 1);
        if weight < 1e-18 {
            break;
        }
    }
    sum
}

/// How far a layer's value can be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Badge {
    /// The bias is small beside what could be seen.
    Reliable,
    /// The sample cannot fill the cells: the value shows N more than the layer.
    Saturated,
    /// Within 2 % of the largest value the data can show: no reading.
    AtCeiling,
    /// So few rows per cell and class that independence would look like information.
    Untestable,
}

impl Badge {
    /// The badge of a plug-in value from N, the cells and the classes alone (no value is looked at, so never
    /// [`Badge::AtCeiling`]).
    ///
    /// Untestable: independent labels would already show more than half of their entropy. Saturated: they would show
    /// more than a tenth of it, or N draws from equal cells fall short of ln(cells) by more than a fiftieth. Without
    /// labels give `classes` = 1: the shortfall alone decides, and more than a fifth is untestable.
    ///
    /// ```
    /// use infoplane_measures::Badge;
    ///
    /// assert_eq!(Badge::from_counts(4096, 16.0, 2), Badge::Reliable);
    /// assert_eq!(Badge::from_counts(1000, 256.0, 2), Badge::Saturated);
    /// assert_eq!(Badge::from_counts(1000, 1e9, 2), Badge::Untestable);
    /// ```
    pub fn from_counts(n: usize, cells: f64, classes: usize) -> Self {
        let shortfall = match cells > 1.0 {
            true => 1.0 - expected_plugin_entropy(n, cells) / cells.ln(),
            false => 0.0,
        };
        let (spurious, most) = match classes > 1 {
            true => (spurious_information(n, cells, classes) / (classes as f64).ln(), 0.5),
            false => (shortfall, 0.2),
        };
        match () {
            () if spurious > most => Self::Untestable,
            () if spurious > 0.1 || shortfall > 0.02 => Self::Saturated,
            () => Self::Reliable,
        }
    }
}

impl fmt::Display for Badge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Reliable => "reliable",
            Self::Saturated => "saturated",
            Self::AtCeiling => "at-ceiling",
            Self::Untestable => "untestable",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::f64::consts::LN_2;

    #[test]
    fn uniform_cells_have_the_known_expectations() {
        for (n, bits, truth) in [
            (1000, 8, 7.8038),
            (1000, 12, 9.7337),
            (4096, 8, 7.9546),
            (4096, 12, 11.1729),
            (4096, 16, 11.9383),
            (10000, 12, 11.6696),
        ] {
            let got = expected_plugin_entropy(n, f64::from(1 << bits)) / LN_2;
            assert!((got - truth).abs() < 5.1e-5, "n = {n}, 2^{bits} cells: {got} instead of {truth}");
        }
    }

    #[test]
    fn independent_labels_show_the_known_spurious_information() {
        for (n, classes, bits, truth) in [
            (1000, 2, 4, 0.011),
            (1000, 2, 8, 0.224),
            (1000, 2, 12, 0.887),
            (10000, 10, 8, 0.178),
            (10000, 10, 12, 1.936),
            (10000, 10, 16, 3.189),
        ] {
            let got = spurious_information(n, f64::from(1 << bits), classes) / LN_2;
            assert!(
                (got - truth).abs() < 5.1e-4,
                "n = {n}, {classes} classes, 2^{bits} cells: {got} instead of {truth}"
            );
        }
    }

    #[test]
    fn two_draws_from_two_cells_can_be_enumerated() {
        // Both alike with probability ½: entropy 0; else 1 bit.
        let got = expected_plugin_entropy(2, 2.0);
        assert!((got - 0.5 * LN_2).abs() < 1e-14, "{:e}", got - 0.5 * LN_2);
        assert_eq!(expected_plugin_entropy(0, 4.0), 0.0);
        assert_eq!(expected_plugin_entropy(100, 1.0), 0.0);
    }

    #[test]
    fn astronomically_many_cells_leave_only_the_sample_size() {
        assert!((expected_plugin_entropy(1000, 1e30) - 1000.0_f64.ln()).abs() < 1e-9);
    }
}
