//! Nemenman–Shafee–Bialek: the mean entropy under Dirichlet priors, mixed so that the prior entropy is nearly flat.
//!
//! ```text
//! H = ∫ dξ ρ(β) H(β) / ∫ dξ ρ(β),   ξ(β) = ψ(Kβ + 1) − ψ(β + 1) from 0 to ln K
//! ρ(β) = Γ(Kβ)/Γ(N + Kβ) Π Γ(n + β)/Γ(β)          H(β) = ψ(N + Kβ + 1) − Σ (n + β)/(N + Kβ) ψ(n + β + 1)
//! ```
//! The product goes over the states that occur, the sum over all K. Unit: nats. K must be known; one possible state has
//! entropy 0. The integral is taken over ln β, where the integrand is smooth and falls off exponentially on both sides,
//! by the trapezoidal rule with steps halved until nothing changes.
//!
//! Reference: I. Nemenman, F. Shafee, W. Bialek, arXiv:physics/0108025.

use statrs::function::gamma::ln_gamma;

use super::Counts;
use crate::special::digamma;

/// The integrand is left out where it is this much smaller (ln) than at its peak.
const NEGLIGIBLE: f64 = 42.0;
/// The integral has settled when the entropy changes by less.
const SETTLED: f64 = 1e-12;
const MOST_STEPS: usize = 1 << 16;
/// So many factors below 1e20 do not overflow.
const SHORT: f64 = 15.0;

pub(super) fn entropy(counts: &Counts) -> f64 {
    match counts.possible > 1.0 {
        true => Integrand { counts }.mean(),
        false => 0.0,
    }
}

struct Integrand<'a> {
    counts: &'a Counts,
}

impl Integrand<'_> {
    /// ∫ weight · entropy / ∫ weight.
    fn mean(&self) -> f64 {
        let peak = self.peak();
        let top = self.ln_weight(peak);
        let [lo, hi] = [-1.0, 1.0].map(|direction| self.edge(peak, top, direction));
        let at = |place: f64| {
            let weight = (self.ln_weight(place) - top).exp();
            [weight, weight * self.entropy_at(place.exp())]
        };
        let (mut steps, mut sums) = (32, trapezoid(32, lo, hi, at));
        loop {
            let step = (hi - lo) / steps as f64;
            let between = trapezoid(steps, lo + 0.5 * step, hi + 0.5 * step, at);
            let finer = [0, 1].map(|i| f64::midpoint(sums[i], between[i]));
            let change = (finer[1] / finer[0] - sums[1] / sums[0]).abs();
            let weight = (finer[0] / sums[0] - 1.0).abs();
            (steps, sums) = (2 * steps, finer);
            if change < SETTLED && weight < 1e-9 || steps > MOST_STEPS {
                return sums[1] / sums[0];
            }
        }
    }

    /// ln β where the weight is largest.
    fn peak(&self) -> f64 {
        let lowest = -self.counts.possible.ln().ceil() - 45.0;
        let coarse = (0..).map(|i| lowest + 2.0 * f64::from(i)).take_while(|&place| place <= 45.0);
        let best = coarse.max_by(|&a, &b| self.ln_weight(a).total_cmp(&self.ln_weight(b))).unwrap_or(0.0);
        let (mut lo, mut hi) = (best - 2.0, best + 2.0);
        while hi - lo > 1e-2 {
            let (left, right) = (lo + (hi - lo) / 3.0, hi - (hi - lo) / 3.0);
            match self.ln_weight(left) < self.ln_weight(right) {
                true => lo = left,
                false => hi = right,
            }
        }
        f64::midpoint(lo, hi)
    }

    /// Where the weight becomes negligible on one side.
    fn edge(&self, peak: f64, top: f64, direction: f64) -> f64 {
        let mut step = 1e-3;
        while self.ln_weight(peak + direction * step) > top - NEGLIGIBLE && step < 200.0 {
            step *= 1.5;
        }
        peak + direction * step
    }

    /// ln[ρ dξ/d ln β] at ln β.
    fn ln_weight(&self, place: f64) -> f64 {
        let (beta, counts) = (place.exp(), self.counts);
        let evidence = counts.sum(|n| ln_rising(beta, n)) - ln_rising(counts.possible * beta, counts.rows);
        evidence + place + slope(beta, counts.possible).ln()
    }

    /// H(β).
    fn entropy_at(&self, beta: f64) -> f64 {
        let (counts, all) = (self.counts, self.counts.rows + self.counts.possible * beta);
        let term = |n: f64| (n + beta) / all * digamma(n + beta + 1.0);
        let unseen = counts.possible - counts.occupied();
        digamma(all + 1.0) - counts.sum(term) - unseen * term(0.0)
    }
}

/// Sums of a pair of functions at `steps` places from `lo` up to, not including, `hi`, times the step.
fn trapezoid(steps: usize, lo: f64, hi: f64, of: impl Fn(f64) -> [f64; 2]) -> [f64; 2] {
    let step = (hi - lo) / steps as f64;
    let add = |sum: [f64; 2], more: [f64; 2]| [sum[0] + more[0], sum[1] + more[1]];
    (0..steps).map(|i| of(lo + i as f64 * step)).fold([0.0; 2], add).map(|sum| sum * step)
}

/// dξ/dβ = Kψ′(Kβ + 1) − ψ′(β + 1).
fn slope(beta: f64, possible: f64) -> f64 {
    if beta < 30.0 {
        return possible * trigamma(possible * beta + 1.0) - trigamma(beta + 1.0);
    }
    // term by term, since the whole would cancel
    let term = |power: i32, factor: f64| factor * (possible.powi(1 - power) - 1.0) / beta.powi(power);
    term(2, -1.0 / 2.0) + term(3, 1.0 / 6.0) + term(5, -1.0 / 30.0) + term(7, 1.0 / 42.0)
}

/// ψ′(x) for x > 0, by ψ′(x) = ψ′(x + 1) + 1/x² and its asymptotic series (Abramowitz, Stegun 6.4.12).
fn trigamma(x: f64) -> f64 {
    let (mut x, mut below) = (x, 0.0);
    while x < 12.0 {
        below += 1.0 / (x * x);
        x += 1.0;
    }
    let t = 1.0 / (x * x);
    let series = [1.0 / 6.0, -1.0 / 30.0, 1.0 / 42.0, -1.0 / 30.0, 5.0 / 66.0, -691.0 / 2730.0, 7.0 / 6.0];
    below + 1.0 / x + 0.5 * t + series.iter().rev().fold(0.0, |sum, term| (sum + term) * t) / x
}

/// ln[Γ(a + n)/Γ(a)].
fn ln_rising(a: f64, n: f64) -> f64 {
    if n <= SHORT && a < 1e20 {
        return (0..n as u32).map(|i| a + f64::from(i)).product::<f64>().ln();
    }
    if a < 100.0 {
        return ln_gamma(a + n) - ln_gamma(a);
    }
    // Stirling's series of both, since they would cancel
    let tail = |x: f64| 1.0 / (12.0 * x) - 1.0 / (360.0 * x.powi(3)) + 1.0 / (1260.0 * x.powi(5));
    (a - 0.5) * (n / a).ln_1p() + n * (a + n).ln() - n + tail(a + n) - tail(a)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn nats(counts: &[u32], possible: f64) -> f64 {
        entropy(&Counts::new(counts.iter().copied(), possible))
    }

    #[test]
    fn branches_meet() {
        assert!((ln_rising(99.999_999_999, 70.0) - ln_rising(100.0, 70.0)).abs() < 1e-9);
        assert!((ln_rising(2.0, 15.0) + 17.0_f64.ln() - ln_rising(2.0, 16.0)).abs() < 1e-13);
        let (below, above) = (slope(30.0 - 1e-9, 5.0), slope(30.0, 5.0));
        assert!((below / above - 1.0).abs() < 1e-8, "{below} {above}");
        let product: f64 = (0..70).map(|i| (150.0 + f64::from(i)).ln()).sum();
        assert!((ln_rising(150.0, 70.0) - product).abs() < 1e-11);
    }

    #[test]
    fn trigamma_at_known_places() {
        let sixth = std::f64::consts::PI.powi(2) / 6.0;
        for (x, truth) in [(1.0, sixth), (2.0, sixth - 1.0), (0.5, 3.0 * sixth), (50.0, 0.020_201_333_226_697_126)] {
            assert!((trigamma(x) - truth).abs() < 1e-14 * truth.max(1.0), "{x}: {}", trigamma(x));
        }
    }

    #[test]
    fn huge_alphabets_and_sharp_peaks() {
        // 2^64 states, all rows alike: as little as one row in N may go elsewhere
        let alike = nats(&[1000], 2.0_f64.powi(64));
        assert!(alike > 0.0 && alike < 0.3, "{alike}");
        let many: Vec<u32> = (1..400).collect();
        let plain = Counts::new(many.iter().copied(), 399.0).plain();
        assert!((nats(&many, 399.0) - plain).abs() < 0.01);
        assert_eq!(nats(&[7], 1.0), 0.0);
    }
}
