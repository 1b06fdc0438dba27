//! From counts to information: one formula for both algorithms, with and without a condition.
//!
//! ```text
//! local = base + c(n_z) − m(n_xz) − m(n_yz)
//!                   base          c          m
//! algorithm 1       ψ(K)          ψ(n + 1)   ψ(n + 1)
//! algorithm 2       ψ(K) − 2/K    ψ(n)       ψ(n) − 1/n
//!   without z       ψ(K) − 1/K    ψ(n + 1)   ψ(n)
//! ```

use std::borrow::Cow;

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

    /// The terms of 0 to `most` rows in the condition, and in a marginal. `table` reaches one further.
    fn terms(self, table: &Digammas, most: usize) -> [Cow<'_, [f64]>; 2] {
        let from = |first: usize| &table.values()[first..=first + most];
        match (self.algorithm, self.conditional) {
            (Algorithm::One, _) => [from(1).into(), from(1).into()],
            (Algorithm::Two, true) => {
                let less = from(0).iter().enumerate().map(|(n, digamma)| digamma - 1.0 / n as f64);
                [from(0).into(), less.collect()]
            }
            (Algorithm::Two, false) => [from(1).into(), from(0).into()],
        }
    }

    /// One term for each row. `table` reaches one further than the counts.
    pub(super) fn local(self, inside: &[Inside], table: &Digammas) -> Vec<f64> {
        let most = inside.iter().map(|row| row.z).max().unwrap_or(0) as usize;
        let (base, [condition, marginal]) = (self.base(), self.terms(table, most));
        let of =
            |row: &Inside| base + condition[row.z as usize] - marginal[row.xz as usize] - marginal[row.yz as usize];
        inside.iter().map(of).collect()
    }

    /// The mean of the terms, summed by how often each count occurs, so that no order of the rows changes a bit.
    /// `table` reaches one further than the counts.
    pub(super) fn mean(self, counts: &Histogram, table: &Digammas) -> f64 {
        /// Sums side by side: one alone would wait for each addition.
        const SUMS: usize = 8;
        let Histogram { condition: in_condition, marginals: in_marginals, .. } = counts;
        let [condition, marginal] = self.terms(table, in_condition.len() - 1);
        // the terms of 0 may be no numbers, and then 0 does not occur
        let product = |often: i32, term: f64| if often == 0 { 0.0 } else { f64::from(often) * term };
        let mut sums = [0.0; SUMS];
        sums[0] = product(in_condition[0], condition[0]) - product(in_marginals[0], marginal[0]);
        let often = in_condition[1..].chunks(SUMS).zip(in_marginals[1..].chunks(SUMS));
        for (often, terms) in often.zip(condition[1..].chunks(SUMS).zip(marginal[1..].chunks(SUMS))) {
            let of_each = often.0.iter().zip(often.1).zip(terms.0.iter().zip(terms.1));
            for (sum, ((in_condition, in_marginals), (condition, marginal))) in sums.iter_mut().zip(of_each) {
                *sum += f64::from(*in_condition) * condition - f64::from(*in_marginals) * marginal;
            }
        }
        self.base() + sums.iter().sum::<f64>() / counts.rows as f64
    }
}

/// How often each count occurs: in the condition, and in the two marginals together. With a sign, as machines turn such numbers
/// into floating-point ones.
#[derive(Debug, Clone)]
pub(super) struct Histogram {
    condition: Vec<i32>,
    marginals: Vec<i32>,
    rows: usize,
}

impl Histogram {
    pub(super) fn of(inside: &[Inside]) -> Self {
        // neither marginal holds more than the condition
        let most = inside.iter().map(|row| row.z).max().unwrap_or(0) as usize;
        let (mut condition, mut marginals) = (vec![0; most + 1], vec![0; most + 1]);
        for row in inside {
            condition[row.z as usize] += 1;
            marginals[row.xz as usize] += 1;
            marginals[row.yz as usize] += 1;
        }
        Self { condition, marginals, rows: inside.len() }
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
