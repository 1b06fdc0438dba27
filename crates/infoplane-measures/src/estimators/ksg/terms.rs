//! From counts to information: one formula for both algorithms, with and without a condition.
//!
//! ```text
//! local = base + c(n_z) − m(n_xz) − m(n_yz)
//!                   base          c          m
//! algorithm 1       ψ(K)          ψ(n + 1)   ψ(n + 1)
//! algorithm 2       ψ(K) − 2/K    ψ(n)       ψ(n) − 1/n
//!   without z       ψ(K) − 1/K    ψ(n + 1)   ψ(n)
//! ```

use crate::neighbours::{Algorithm, KsgCounts};
use crate::special::{Digammas, digamma};

/// The formula for one estimator and question.
#[derive(Debug, Clone, Copy)]
pub(super) struct Formula {
    pub(super) neighbours: usize,
    pub(super) algorithm: Algorithm,
    /// Whether there is a z.
    pub(super) conditional: bool,
}

impl Formula {
    fn base(self) -> f64 {
        let k = self.neighbours as f64;
        match (self.algorithm, self.conditional) {
            (Algorithm::One, _) => digamma(k),
            (Algorithm::Two, true) => digamma(k) - 2.0 / k,
            (Algorithm::Two, false) => digamma(k) - 1.0 / k,
        }
    }

    /// The term of n rows in the condition.
    fn condition(self, table: &Digammas, n: usize) -> f64 {
        match (self.algorithm, self.conditional) {
            (Algorithm::Two, true) => table.at(n),
            _ => table.at(n + 1),
        }
    }

    /// The term of n rows in a marginal.
    fn marginal(self, table: &Digammas, n: usize) -> f64 {
        match (self.algorithm, self.conditional) {
            (Algorithm::One, _) => table.at(n + 1),
            (Algorithm::Two, true) => table.at(n) - 1.0 / n as f64,
            (Algorithm::Two, false) => table.at(n),
        }
    }

    /// One term for each row.
    pub(super) fn local(self, counts: &KsgCounts) -> Vec<f64> {
        let most = [&counts.xz, &counts.yz, &counts.z].into_iter().flatten().max().copied().unwrap_or(0) as usize;
        let (table, base) = (Digammas::up_to(most + 1), self.base());
        let rows = counts.z.iter().zip(&counts.xz).zip(&counts.yz);
        rows.map(|((&z, &xz), &yz)| {
            base + self.condition(&table, z as usize)
                - self.marginal(&table, xz as usize)
                - self.marginal(&table, yz as usize)
        })
        .collect()
    }

    /// The mean of the terms, summed by how often each count occurs, so that no order of the rows changes a bit.
    pub(super) fn mean(self, counts: &Histogram) -> f64 {
        let table = Digammas::up_to(counts.0.len() + 1);
        let occurring = counts.0.iter().enumerate().filter(|(_, often)| **often != [0, 0]);
        let (mut rows, mut sum) = (0, 0.0);
        for (n, &[condition, marginals]) in occurring {
            rows += condition;
            if condition > 0 {
                sum += condition as f64 * self.condition(&table, n);
            }
            if marginals > 0 {
                sum -= marginals as f64 * self.marginal(&table, n);
            }
        }
        self.base() + sum / rows as f64
    }
}

/// How often each count occurs: in the condition, and in the two marginals together.
#[derive(Debug, Clone, Default)]
pub(super) struct Histogram(Vec<[u64; 2]>);

impl Histogram {
    pub(super) fn of(counts: &KsgCounts) -> Self {
        let mut histogram = Self::default();
        for ((&z, &xz), &yz) in counts.z.iter().zip(&counts.xz).zip(&counts.yz) {
            histogram.add(z, xz, yz);
        }
        histogram
    }

    /// Counts one row.
    pub(super) fn add(&mut self, z: u32, xz: u32, yz: u32) {
        // neither marginal is larger than the condition
        if z as usize >= self.0.len() {
            self.0.resize(z as usize + 1, [0, 0]);
        }
        self.0[z as usize][0] += 1;
        self.0[xz as usize][1] += 1;
        self.0[yz as usize][1] += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mean_is_that_of_the_local_terms() {
        let counts =
            KsgCounts { xz: vec![4, 9, 3, 7], yz: vec![5, 4, 3, 8], z: vec![30, 11, 3, 9], radius: vec![1.0; 4] };
        for algorithm in [Algorithm::One, Algorithm::Two] {
            for conditional in [true, false] {
                let formula = Formula { neighbours: 3, algorithm, conditional };
                let mean = formula.local(&counts).iter().sum::<f64>() / 4.0;
                assert!((mean - formula.mean(&Histogram::of(&counts))).abs() < 1e-14);
            }
        }
    }

    #[test]
    fn terms_by_hand() {
        // ψ(n + 1) = H_n − γ, and γ cancels
        let counts = KsgCounts { xz: vec![2], yz: vec![1], z: vec![4], radius: vec![1.0] };
        let formula = Formula { neighbours: 1, algorithm: Algorithm::One, conditional: true };
        let harmonic = |n: u32| (1..=n).map(|m| 1.0 / f64::from(m)).sum::<f64>();
        assert!((formula.local(&counts)[0] - (harmonic(4) - harmonic(2) - harmonic(1))).abs() < 1e-14);
    }
}
