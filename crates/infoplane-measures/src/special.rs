//! The special functions that the measures need.

use statrs::function::gamma::{gamma_ur, ln_gamma};

/// P(χ²(dof) ≥ x) for any dof ≥ 0, whole or not; 1 where `dof` or `x` is 0.
///
/// Relative error below 1e-12 wherever the result is above 1e-300; beyond that it underflows to 0.
///
/// ```
/// use infoplane_measures::special::chi_square_survival;
///
/// assert_eq!(chi_square_survival(3.0, 0.0), 1.0);
/// let (exact, got) = ((-300.0_f64).exp(), chi_square_survival(600.0, 2.0));
/// assert!((got / exact - 1.0).abs() < 1e-11);
/// ```
pub fn chi_square_survival(x: f64, dof: f64) -> f64 {
    match dof > 0.0 && x > 0.0 {
        true if dof == 2.0 => (-0.5 * x).exp(),
        true => gamma_ur(0.5 * dof, 0.5 * x),
        false => 1.0,
    }
}

/// n ln n, which is 0 at 0.
pub fn n_ln_n(n: f64) -> f64 {
    if n > 0.0 { n * n.ln() } else { 0.0 }
}

/// ln n!.
pub fn ln_factorial(n: u64) -> f64 {
    ln_gamma(n as f64 + 1.0)
}

/// ln of the binomial coefficient n over k.
pub(crate) fn ln_choose(n: u64, k: u64) -> f64 {
    ln_factorial(n) - ln_factorial(k) - ln_factorial(n - k)
}
