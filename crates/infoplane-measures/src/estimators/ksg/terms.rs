//! From counts to information: one formula for both algorithms, with and without a condition.
//!
//! ```text
//! local = base + c(n_z) − m(n_xz) − m(n_yz)
//!                   base          c          m
//! algorithm 1       ψ(K)          ψ(n + 1)   ψ(n + 1)
//! algorithm 2       ψ(K) − 2/K    ψ(n)       ψ(n) − 1/n
//!   without z       ψ(K) − 1/K    ψ(n + 1)   ψ(n)
//! ```

use crate::neighbours::Algorithm;
use crate::neighbours::sorted::Inside;
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

    /// One term for each row. `table` reaches one further than the counts.
    pub(super) fn local(self, inside: &[Inside], table: &Digammas) -> Vec<f64> {
        let most = inside.iter().map(|row| row.z).max().unwrap_or(0) as usize;
        let terms = |term: fn(Self, &Digammas, usize) -> f64| -> Vec<f64> {
            (0..=most).map(|n| term(self, table, n)).collect()
        };
        let (base, condition, marginal) = (self.base(), terms(Self::condition), terms(Self::marginal));
        let of =
            |row: &Inside| base + condition[row.z as usize] - marginal[row.xz as usize] - marginal[row.yz as usize];
        inside.iter().map(of).collect()
    }

    /// The mean of the terms, summed by how often each count occurs, so that no order of the rows changes a bit.
    /// `table` reaches one further than the counts.
    pub(super) fn mean(self, counts: &Histogram, table: &Digammas) -> f64 {
        /// Sums side by side: one alone would wait for each addition.
        const SUMS: usize = 8;
        // a term of a count that does not occur may be no number
        let product = |often: u32, term: f64| if often == 0 { 0.0 } else { f64::from(often) * term };
        let mut sums = [0.0; SUMS];
        for (first, some) in (0..).step_by(SUMS).zip(counts.often.chunks(SUMS)) {
            for ((n, &[condition, marginals]), sum) in (first..).zip(some).zip(&mut sums) {
                let term = product(condition, self.condition(table, n));
                *sum += term - product(marginals, self.marginal(table, n));
            }
        }
        self.base() + sums.iter().sum::<f64>() / counts.rows as f64
    }
}

/// How often each count occurs: in the condition, and in the two marginals together.
#[derive(Debug, Clone)]
pub(super) struct Histogram {
    often: Vec<[u32; 2]>,
    rows: usize,
}

impl Histogram {
    pub(super) fn of(inside: &[Inside]) -> Self {
        // neither marginal holds more than the condition
        let most = inside.iter().map(|row| row.z).max().unwrap_or(0) as usize;
        let mut often = vec![[0, 0]; most + 1];
        for row in inside {
            often[row.z as usize][0] += 1;
            often[row.xz as usize][1] += 1;
            often[row.yz as usize][1] += 1;
        }
        Self { often, rows: inside.len() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mean_is_that_of_the_local_terms() {
        let inside = [(4, 5, 30), (9, 4, 11), (3, 3, 3), (7, 8, 9)].map(|(xz, yz, z)| Inside { xz, yz, z });
        for algorithm in [Algorithm::One, Algorithm::Two] {
            for conditional in [true, false] {
                let formula = Formula { neighbours: 3, algorithm, conditional };
                let mean = formula.local(&inside, &Digammas::up_to(40)).iter().sum::<f64>() / 4.0;
                assert!((mean - formula.mean(&Histogram::of(&inside), &Digammas::up_to(40))).abs() < 1e-14);
            }
        }
    }

    #[test]
    fn terms_by_hand() {
        // ψ(n + 1) = H_n − γ, and γ cancels
        let inside = [Inside { xz: 2, yz: 1, z: 4 }];
        let formula = Formula { neighbours: 1, algorithm: Algorithm::One, conditional: true };
        let harmonic = |n: u32| (1..=n).map(|m| 1.0 / f64::from(m)).sum::<f64>();
        assert!(
            (formula.local(&inside, &Digammas::up_to(40))[0] - (harmonic(4) - harmonic(2) - harmonic(1))).abs() < 1e-14
        );
    }
}
