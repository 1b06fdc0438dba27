//! Plug-in entropy of counts, summed over the *distinct* counts.
//!
//! `H = ln N − (1/N) Σ_c m_c · c ln c`, where `m_c` cells hold c rows each. There are at most √(2N) distinct counts, so few
//! logarithms are taken, and neither the order of rows nor that of units can change a bit.

use crate::special::n_ln_n;

/// Counts below this are tallied by index, the rest in a list.
const SMALL: usize = 64;

/// How many cells hold how many rows.
pub(super) struct Tally {
    /// Four tallies, so that runs of equal counts do not wait for each other.
    small: [[u32; SMALL]; 4],
    large: Vec<u32>,
}

impl Tally {
    pub(super) fn new() -> Self {
        Self { small: [[0; SMALL]; 4], large: Vec::new() }
    }

    /// Tallies one cell.
    #[inline]
    pub(super) fn add(&mut self, lane: usize, count: u32) {
        match self.small[lane % 4].get_mut(count as usize) {
            Some(cells) => *cells += 1,
            None => self.large.push(count),
        }
    }

    /// Tallies many cells; empty ones do not matter.
    pub(super) fn add_all(&mut self, counts: &[u32]) {
        for (lane, &count) in counts.iter().enumerate() {
            self.add(lane, count);
        }
    }

    /// Entropy in nats of `n` rows.
    pub(super) fn entropy(mut self, n: usize) -> f64 {
        self.large.sort_unstable();
        let cells = |count: usize| self.small.iter().map(|tally| f64::from(tally[count])).sum::<f64>();
        let small: f64 = (2..SMALL).map(|count| cells(count) * n_ln_n(count as f64)).sum();
        let large: f64 = self.large.iter().map(|&count| n_ln_n(f64::from(count))).sum();
        ((n as f64).ln() - (small + large) / n as f64).max(0.0)
    }
}

/// Plug-in entropy of counts that add up to `n`, in nats.
pub(super) fn entropy(counts: &[u32], n: usize) -> f64 {
    let mut tally = Tally::new();
    tally.add_all(counts);
    tally.entropy(n)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_and_large_counts_give_the_known_entropies() {
        // plug-in entropies of count vectors, bits
        for (counts, bits) in [
            (vec![2, 1], 0.918_295_834_1),
            (vec![1, 2, 3], 1.459_147_917_0),
            (vec![10, 5, 3, 1, 1], 1.842_737_648_6),
            (vec![1, 1, 1, 1, 1], 2.321_928_094_9),
        ] {
            for factor in [1, 100] {
                let counts: Vec<u32> = counts.iter().map(|count| count * factor).collect();
                let n = counts.iter().sum::<u32>() as usize;
                assert!((entropy(&counts, n) / 2_f64.ln() - bits).abs() < 1e-10, "{counts:?}");
            }
        }
        assert_eq!(entropy(&[0, 7, 0], 7), 0.0);
    }
}
