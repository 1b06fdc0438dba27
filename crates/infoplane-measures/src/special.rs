//! The special functions that the measures need.

use statrs::function::erf::erfc_inv;
use statrs::function::gamma::{gamma_ur, ln_gamma};

/// P(χ²(dof) ≥ x) for any dof ≥ 0, whole or not; 1 where `dof` or `x` is 0.
///
/// Relative error below 1e-11 (mostly 1e-13) wherever the result is above 1e-300; beyond that it underflows to 0.
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
        true if dof == 2.0 || x == f64::INFINITY => (-0.5 * x).exp(),
        true => gamma_ur(0.5 * dof, 0.5 * x),
        false => 1.0,
    }
}

/// Φ⁻¹(p): below it a standard normal number lies with probability p, 0 < p < 1.
///
/// ```
/// use infoplane_measures::special::normal_quantile;
///
/// assert!((normal_quantile(0.975) - 1.959_963_984_540_054).abs() < 1e-14);
/// assert_eq!(normal_quantile(0.5), 0.0);
/// ```
pub fn normal_quantile(p: f64) -> f64 {
    -std::f64::consts::SQRT_2 * erfc_inv(2.0 * p)
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

/// ψ(x) = d ln Γ(x)/dx for x > 0; relative error below 1e-14, away from the zero near 1.46 where it is absolute.
///
/// ψ(x + 1) = ψ(x) + 1/x carries x above 10, where the asymptotic series takes over (Abramowitz, Stegun 6.3.18).
///
/// ```
/// use infoplane_measures::special::digamma;
///
/// assert!((digamma(1.0) + 0.577_215_664_901_532_9).abs() < 1e-15); // Euler's constant
/// assert!((digamma(0.5) + 1.963_510_026_021_423_5).abs() < 1e-14);
/// ```
pub fn digamma(x: f64) -> f64 {
    let (mut x, mut below) = (x, 0.0);
    while x < 10.0 {
        below += 1.0 / x;
        x += 1.0;
    }
    let t = 1.0 / (x * x);
    // B₂ₖ/(2k), k = 1 to 7
    let series = [1.0 / 12.0, -1.0 / 120.0, 1.0 / 252.0, -1.0 / 240.0, 1.0 / 132.0, -691.0 / 32760.0, 1.0 / 12.0];
    x.ln() - 0.5 / x - series.iter().rev().fold(0.0, |sum, term| (sum + term) * t) - below
}

/// ψ(0) … ψ(n) of whole numbers, to be looked up; ψ(0) stands as NaN.
#[derive(Debug, Clone)]
pub struct Digammas(Vec<f64>);

impl Digammas {
    /// Up to and with ψ(n).
    ///
    /// ```
    /// use infoplane_measures::special::{Digammas, digamma};
    ///
    /// let table = Digammas::up_to(500);
    /// assert!((1..=500).all(|n| (table.at(n) - digamma(n as f64)).abs() < 3e-15));
    /// ```
    pub fn up_to(n: usize) -> Self {
        /// ψ(m + 1) = ψ(m) + 1/m is cheap; it begins anew after so many steps, and they are summed apart from the large ψ,
        /// so that each entry is rounded once.
        const STRETCH: usize = 16;
        let mut table = vec![f64::NAN; n + 1];
        for (stretch, values) in table.chunks_mut(STRETCH).enumerate() {
            let first = (stretch * STRETCH).max(1);
            let (start, mut risen) = (digamma(first as f64), 0.0);
            for (value, m) in values.iter_mut().skip(first - stretch * STRETCH).zip(first..) {
                *value = start + risen;
                risen += 1.0 / m as f64;
            }
        }
        Self(table)
    }

    /// ψ(n).
    ///
    /// # Panics
    /// If the table does not reach so far.
    pub fn at(&self, n: usize) -> f64 {
        self.0[n]
    }

    /// ψ of 0, which is no number, 1, 2 and so on.
    pub(crate) fn values(&self) -> &[f64] {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Φ⁻¹(p): the check values of AS 241 (Wichura 1988, doi:10.2307/2347330) and a common one.
    #[test]
    fn normal_quantiles_in_the_middle_and_the_tail() {
        for (p, truth) in [
            (0.25, -0.6744897501960817),
            (0.001, -3.090232306167813),
            (1e-20, -9.262340089798408),
            (0.9, 1.2815515655446004),
        ] {
            let got = normal_quantile(p);
            assert!((got - truth).abs() < 1e-13 * truth.abs(), "{p}: {got} instead of {truth}");
        }
    }

    /// ψ(x), worked out to 40 digits (mpmath).
    #[test]
    fn digamma_of_small_and_large_numbers() {
        for (x, truth) in [
            (1e-3, -1000.5755719318103),
            (0.25, -4.227453533376265),
            (1.0, -0.5772156649015329),
            (2.0, 0.42278433509846713),
            (3.5, 1.103156640645243),
            (10.0, 2.251752589066721),
            (1000.0, 6.907255195648812),
            (1e6, 13.815510057964191),
        ] {
            let got = digamma(x);
            assert!((got - truth).abs() <= 1e-14 * truth.abs().max(1.0), "ψ({x}): {got} instead of {truth}");
        }
    }

    /// (x, dof, survival), worked out to 50 digits (mpmath 1.3, `gammainc(dof/2, x/2, inf, regularized=True)`).
    const REFERENCE: &[(f64, f64, f64)] = &[
        (0.001, 1.0, 0.9747728793699604),
        (3.84, 1.0, 0.050043521248705106),
        (30.0, 1.0, 4.3204630578274975e-08),
        (1200.0, 1.0, 6.0995688148084334e-263),
        (0.5, 2.0, 0.7788007830714049),
        (1300.0, 2.0, 5.111951948651156e-283),
        (1e-06, 3.0, 0.9999999997340385),
        (11.3, 3.0, 0.010209496433133647),
        (700.0, 3.0, 2.0991308534204087e-151),
        (2.5, 2.5, 0.3814712280030737),
        (400.0, 4.7, 1.4795701070911752e-84),
        (5.0, 6.0, 0.5438131158833295),
        (20.0, 6.0, 0.002769395715511576),
        (900.0, 6.0, 3.7567160194822246e-191),
        (60.0, 48.0, 0.11464591271427384),
        (48.0, 48.0, 0.472849720547744),
        (1000.0, 48.0, 3.443361645541094e-178),
        (300.0, 300.0, 0.4891417702506403),
        (1500.0, 300.0, 1.5082491209815544e-158),
        (100000.0, 98765.5, 0.0028232469786225118),
    ];

    #[test]
    fn chi_square_survival_in_the_far_tail() {
        for &(x, dof, truth) in REFERENCE {
            let got = chi_square_survival(x, dof);
            assert!((got / truth - 1.0).abs() < 1e-11, "x = {x}, dof = {dof}: {got:e} instead of {truth:e}");
        }
    }
}
