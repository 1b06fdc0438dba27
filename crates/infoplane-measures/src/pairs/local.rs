//! Exact surrogates of a single binary pair, without a pass over the data.

use infoplane_spec::Stream;

use crate::hypergeometric::Hypergeometric;
use crate::special::n_ln_n;

/// TE in nats of `draws` surrogates of a pair with these counts at [4·y' + 2·y⁻ + x⁻], by the null `local`.
///
/// Permuting x⁻ among rows of equal y⁻ keeps n(x⁻, y⁻) and n(y', y⁻); all that is left free is n(x⁻ = 1, y' = 1, y⁻),
/// which is hypergeometric: two random numbers a draw.
///
/// ```
/// use infoplane_measures::pairs::local_draws;
///
/// let counts = [130, 120, 125, 125, 120, 130, 125, 125];
/// let draws = local_draws(counts, 1000, &mut infoplane_spec::stream(1, "local", 0));
/// let mean = draws.iter().sum::<f64>() / 1000.0;
/// assert!((mean * 1000.0 - 1.0).abs() < 0.15); // 1/N on average: the floor
/// ```
pub fn local_draws(counts: [u32; 8], draws: usize, rng: &mut Stream) -> Vec<f64> {
    let slices = [0, 1].map(|past| Slice::new(&counts, past));
    let n = counts.iter().map(|&count| count as f64).sum::<f64>();
    (0..draws).map(|_| slices.iter().map(|slice| slice.draw(rng)).sum::<f64>() / n).collect()
}

/// The rows of one y⁻.
struct Slice {
    all: f64,
    ones_x: f64,
    ones_y: f64,
    law: Hypergeometric,
    /// Terms of the margins alone.
    margins: f64,
}

impl Slice {
    fn new(counts: &[u32; 8], past: usize) -> Self {
        let [n00, n10, n01, n11] = [0, 1, 4, 5].map(|cell| counts[cell + 2 * past]);
        let (all, ones_x, ones_y) = (n00 + n10 + n01 + n11, n10 + n11, n01 + n11);
        let law = Hypergeometric::new(all, ones_y, ones_x);
        let [all, ones_x, ones_y] = [all, ones_x, ones_y].map(f64::from);
        let split = |ones: f64| n_ln_n(ones) + n_ln_n(all - ones);
        Self { all, ones_x, ones_y, law, margins: n_ln_n(all) - split(ones_x) - split(ones_y) }
    }

    /// I(x⁻; y') of one draw within this slice, times its rows.
    fn draw(&self, rng: &mut Stream) -> f64 {
        let both = f64::from(self.law.sample(rng));
        let (only_x, only_y) = (self.ones_x - both, self.ones_y - both);
        let neither = self.all - both - only_x - only_y;
        [both, only_x, only_y, neither].into_iter().map(n_ln_n).sum::<f64>() + self.margins
    }
}
