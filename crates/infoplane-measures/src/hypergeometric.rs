//! Hypergeometric random numbers: how many of `drawn` balls are red when `red` of `all` are.
//!
//! By inversion from the mode outwards, larger probabilities first: a few dozen steps, each a multiplication.
//! The only inexact step is the probability of the mode, good to about 1e-12.

use rand_core::Rng;

use crate::special::ln_choose;

/// One hypergeometric law, with its mode worked out.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Hypergeometric {
    all: u32,
    red: u32,
    drawn: u32,
    mode: u32,
    at_mode: f64,
}

impl Hypergeometric {
    /// `red` and `drawn` are at most `all`.
    pub(crate) fn new(all: u32, red: u32, drawn: u32) -> Self {
        let [n, k, m] = [all, red, drawn].map(u64::from);
        let mode = (m + 1) * (k + 1) / (n + 2);
        let ln = ln_choose(k, mode) + ln_choose(n - k, m - mode) - ln_choose(n, m);
        Self { all, red, drawn, mode: mode as u32, at_mode: ln.exp() }
    }

    /// One number.
    pub(crate) fn sample(&self, rng: &mut impl Rng) -> u32 {
        let mut left = unit(rng) - self.at_mode;
        let (mut below, mut above) = ((self.mode, self.at_mode), (self.mode, self.at_mode));
        while left > 0.0 {
            let (down, up) = (below.1 * self.ratio(below.0), above.1 / self.ratio(above.0 + 1));
            match (down > 0.0 && down >= up, up > 0.0) {
                (true, _) => below = (below.0 - 1, down),
                (_, true) => above = (above.0 + 1, up),
                // rounding left a remainder beyond the last value
                _ => return self.mode,
            }
            left -= down.max(up);
            if left <= 0.0 {
                return if down > 0.0 && down >= up { below.0 } else { above.0 };
            }
        }
        self.mode
    }

    /// P(value − 1)/P(value): 0 at the least value, infinite just beyond the largest.
    fn ratio(&self, value: u32) -> f64 {
        let [n, k, m, v] = [self.all, self.red, self.drawn, value].map(f64::from);
        v * (n - k - m + v) / ((k - v + 1.0) * (m - v + 1.0))
    }
}

/// Uniform in [0, 1).
fn unit(rng: &mut impl Rng) -> f64 {
    (rng.next_u64() >> 11) as f64 / (1_u64 << 53) as f64
}

#[cfg(test)]
mod tests {
    use super::*;
    use infoplane_spec::stream;

    /// Frequencies against the exact law, in standard errors.
    fn worst_deviation(all: u32, red: u32, drawn: u32) -> f64 {
        let (law, mut rng, draws) = (Hypergeometric::new(all, red, drawn), stream(4, "test", all.into()), 200_000);
        let mut seen = vec![0_u32; drawn as usize + 1];
        (0..draws).for_each(|_| seen[law.sample(&mut rng) as usize] += 1);
        let exact = |v: u64| match v > red.into() || drawn as u64 - v > (all - red) as u64 {
            true => 0.0,
            false => (ln_choose(red.into(), v) + ln_choose((all - red).into(), drawn as u64 - v)
                - ln_choose(all.into(), drawn.into()))
            .exp(),
        };
        let deviation = |(v, &n): (usize, &u32)| {
            let expected = exact(v as u64) * draws as f64;
            (n as f64 - expected) / expected.max(1.0).sqrt()
        };
        seen.iter().enumerate().map(deviation).map(f64::abs).fold(0.0, f64::max)
    }

    #[test]
    fn frequencies_follow_the_law() {
        for (all, red, drawn) in
            [(10, 4, 5), (10, 9, 8), (50, 25, 25), (1000, 30, 500), (7, 7, 3), (5, 0, 2), (4, 2, 0)]
        {
            let worst = worst_deviation(all, red, drawn);
            assert!(worst < 4.5, "{red} of {all}, {drawn} drawn: {worst} standard errors");
        }
    }
}
