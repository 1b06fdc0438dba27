//! Two Markov chains of which one may follow the other, and what transfer entropy between them truly is.
//!
//! ```text
//! x' = x with probability ½, else any symbol
//! independent  y' = y with probability ½, else any symbol
//! coupled      y' = x with probability 0.3, y with 0.3, else any symbol
//! ```
//! (x, y) is a Markov chain, so I(y'; x | y) follows from its stationary distribution.

use infoplane_spec::{Stream, below, stream};

/// Steps before the series begins.
const BURN_IN: usize = 100;

/// Which chains.
#[derive(Debug, Clone, Copy)]
pub(super) struct Model {
    pub(super) alphabet: u32,
    pub(super) coupled: bool,
}

impl Model {
    pub(super) fn name(self) -> String {
        format!("{} symbols, {}", self.alphabet, if self.coupled { "coupled" } else { "independent" })
    }

    /// Of ten steps of y: how many copy x, how many keep y.
    fn tenths(self) -> (u32, u32) {
        if self.coupled { (3, 3) } else { (0, 5) }
    }

    /// x and y, one more value than embedded rows.
    pub(super) fn series(self, rows: usize, seed: u64) -> (Vec<u32>, Vec<u32>) {
        let mut rng = stream(seed, &self.name(), rows as u64);
        let (copy, keep) = self.tenths();
        let (mut x, mut y) = (0, 0);
        let step = |_| {
            let next = self.drawn(&mut rng, &[(5, x)]);
            y = self.drawn(&mut rng, &[(copy, x), (keep, y)]);
            x = next;
            (x, y)
        };
        (0..=BURN_IN + rows).map(step).skip(BURN_IN).unzip()
    }

    /// One of the values with its tenths, else any symbol.
    fn drawn(self, rng: &mut Stream, chances: &[(u32, u32)]) -> u32 {
        let mut ticket = below(rng, 10);
        for &(tenths, value) in chances {
            if ticket < tenths {
                return value;
            }
            ticket -= tenths;
        }
        below(rng, self.alphabet)
    }

    /// p(x' = a | x).
    fn x_step(self, a: u32, x: u32) -> f64 {
        0.5 * f64::from(u8::from(a == x)) + 0.5 / f64::from(self.alphabet)
    }

    /// p(y' = a | x, y).
    fn y_step(self, a: u32, x: u32, y: u32) -> f64 {
        let (copy, keep) = self.tenths();
        let same = |value: u32, tenths: u32| f64::from(u8::from(a == value)) * f64::from(tenths) / 10.0;
        same(x, copy) + same(y, keep) + f64::from(10 - copy - keep) / 10.0 / f64::from(self.alphabet)
    }

    /// p(x, y), [x · alphabet + y].
    fn stationary(self) -> Vec<f64> {
        let (b, cells) = (self.alphabet, self.alphabet * self.alphabet);
        let mut p = vec![1.0 / f64::from(cells); cells as usize];
        // the chain forgets by half in a step or faster
        for _ in 0..200 {
            let arriving = |to: u32| {
                let from = |(cell, p): (u32, &f64)| {
                    p * self.x_step(to / b, cell / b) * self.y_step(to % b, cell / b, cell % b)
                };
                (0..cells).zip(&p).map(from).sum()
            };
            p = (0..cells).map(arriving).collect();
        }
        p
    }

    /// I(y'; x | y), nats.
    pub(super) fn transfer_entropy(self) -> f64 {
        let (b, p) = (self.alphabet, self.stationary());
        let joint = |x: u32, y: u32| p[(x * b + y) as usize];
        let mut sum = 0.0;
        for (y, next) in (0..b).flat_map(|y| (0..b).map(move |next| (y, next))) {
            let p_y: f64 = (0..b).map(|x| joint(x, y)).sum();
            let told = (0..b).map(|x| joint(x, y) * self.y_step(next, x, y)).sum::<f64>() / p_y;
            let gain = |x: u32| joint(x, y) * self.y_step(next, x, y) * (self.y_step(next, x, y) / told).ln();
            sum += (0..b).map(gain).sum::<f64>();
        }
        sum
    }
}

#[cfg(test)]
mod tests {
    use super::Model;

    #[test]
    fn independent_chains_transfer_nothing_and_long_series_agree() {
        use infoplane_measures::{Embedding, PlugIn, Samples, te};
        for alphabet in [2, 4] {
            assert!(Model { alphabet, coupled: false }.transfer_entropy().abs() < 1e-15);
            let model = Model { alphabet, coupled: true };
            let (x, y) = model.series(300_000, 1);
            let (x, y) = (Samples::symbols(&x, 1).unwrap(), Samples::symbols(&y, 1).unwrap());
            let estimate = te(&PlugIn::default(), &x, &y, &Embedding::default()).unwrap();
            let (truth, local) = (model.transfer_entropy(), estimate.local.unwrap());
            let variance = local.iter().map(|term| (term - estimate.nats).powi(2)).sum::<f64>() / 3e5;
            let error = (variance / 3e5).sqrt();
            assert!((estimate.nats - truth).abs() < 4.0 * error, "{} and {truth}, ± {error}", estimate.nats);
        }
    }
}
