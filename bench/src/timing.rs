//! Times of a closure, and the clock of the core it runs on.

use std::hint::black_box;
use std::time::Instant;

/// Seconds of repeated calls.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Times {
    pub(crate) median: f64,
    pub(crate) fastest: f64,
}

/// Calls `body` once to warm up, then `repeats` times.
pub(crate) fn time<T>(repeats: usize, mut body: impl FnMut() -> T) -> Times {
    black_box(body());
    summary((0..repeats).map(|_| once(&mut body)).collect())
}

/// Median and minimum of at least one time.
pub(crate) fn summary(mut seconds: Vec<f64>) -> Times {
    seconds.sort_by(f64::total_cmp);
    Times { median: seconds[seconds.len() / 2], fastest: seconds[0] }
}

/// Seconds of one call.
pub(crate) fn once<T>(mut body: impl FnMut() -> T) -> f64 {
    let start = Instant::now();
    black_box(body());
    start.elapsed().as_secs_f64()
}

/// Cycles a second, from a chain of dependent multiplications (three cycles) and ORs (one).
pub(crate) fn cycles_per_second() -> f64 {
    const LINKS: u64 = 2_000_000;
    let chain = || (0..LINKS).fold(black_box(3_u64), |product, _| product.wrapping_mul(product | 1));
    4.0 * LINKS as f64 / time(9, chain).fastest
}
