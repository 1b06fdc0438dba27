//! Normal numbers, and how far their averages may be from the truth.

use infoplane_spec::Stream;
use rand_core::Rng;

/// Standard normal numbers (Box–Muller).
pub(in crate::estimators) fn normals(rng: &mut Stream, count: usize) -> Vec<f64> {
    let mut uniform = || ((rng.next_u64() >> 11) as f64 + 0.5) * (-53.0_f64).exp2();
    let pair = |_| {
        let (radius, angle) = ((-2.0 * uniform().ln()).sqrt(), std::f64::consts::TAU * uniform());
        [radius * angle.cos(), radius * angle.sin()]
    };
    let mut numbers: Vec<f64> = (0..count.div_ceil(2)).flat_map(pair).collect();
    numbers.truncate(count);
    numbers
}

/// Mean and its standard error.
pub(in crate::estimators) fn mean_and_error(values: &[f64]) -> (f64, f64) {
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    let variance = values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / (n - 1.0);
    (mean, (variance / n).sqrt())
}
