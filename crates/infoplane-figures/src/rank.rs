//! Rank correlation of two courses, and how far it can be trusted.
//!
//! ρ = corr(rank x, rank y), ties at their mean rank. Any two trends correlate, so the correlation of the *changes*
//! `x_{t+1} − x_t`, `y_{t+1} − y_t` stands beside that of the levels. Snapshots of one training depend on each other, so no
//! p is computed from them: the spread is over seeds, or from a circular block bootstrap of one run.
//!
//! - x, y: `[n]`, one value a snapshot, in order. ρ has no unit and lies in −1..1.
//! - None where fewer than three points, or a constant course, leave nothing to rank.
//!
//! References: Spearman 1904, doi:10.2307/1412159; Politis & Romano 1992, "A circular block-resampling procedure".

use infoplane_spec::{below, stream};

/// Fewest snapshots that a bootstrap of one run is drawn from.
pub(crate) const FEWEST: usize = 30;
const DRAWS: u64 = 1000;

/// Spearman's ρ.
pub(crate) fn spearman(x: &[f64], y: &[f64]) -> Option<f64> {
    if x.len() < 3 || x.len() != y.len() {
        return None;
    }
    pearson(&ranks(x), &ranks(y))
}

/// Differences of successive values.
pub(crate) fn changes(x: &[f64]) -> Vec<f64> {
    x.windows(2).map(|w| w[1] - w[0]).collect()
}

/// 95 % interval of ρ by circular block bootstrap; None below 30 points.
pub(crate) fn bootstrap(x: &[f64], y: &[f64]) -> Option<(f64, f64)> {
    let n = x.len();
    if n < FEWEST || n != y.len() {
        return None;
    }
    let length = block_length(x).max(block_length(y));
    let mut drawn: Vec<f64> = (0..DRAWS).filter_map(|draw| resampled(x, y, length, draw)).collect();
    drawn.sort_by(f64::total_cmp);
    let at = |share: f64| drawn.get((share * (drawn.len() - 1) as f64).round() as usize).copied();
    Some((at(0.025)?, at(0.975)?)).filter(|_| drawn.len() > 1)
}

fn resampled(x: &[f64], y: &[f64], length: usize, draw: u64) -> Option<f64> {
    let n = x.len();
    let mut rng = stream(0, "figures/block-bootstrap", draw);
    let starts = (0..n.div_ceil(length)).map(|_| below(&mut rng, n as u32) as usize);
    let rows: Vec<usize> = starts.flat_map(|start| (start..start + length).map(move |t| t % n)).take(n).collect();
    let of = |values: &[f64]| rows.iter().map(|t| values[*t]).collect::<Vec<f64>>();
    spearman(&of(x), &of(y))
}

/// Twice the lag at which the autocorrelation has fallen below 1/e, from n^⅓ to n/4.
fn block_length(x: &[f64]) -> usize {
    let n = x.len();
    let below = |lag: &usize| pearson(&x[..n - lag], &x[*lag..]).is_none_or(|r| r < (-1.0_f64).exp());
    let lag = (1..n / 4).find(below).unwrap_or(n / 4);
    (2 * lag).clamp((n as f64).cbrt().ceil() as usize, n / 4)
}

fn pearson(x: &[f64], y: &[f64]) -> Option<f64> {
    let n = x.len() as f64;
    let (mx, my) = (x.iter().sum::<f64>() / n, y.iter().sum::<f64>() / n);
    let sum = |f: &dyn Fn(f64, f64) -> f64| x.iter().zip(y).map(|(a, b)| f(a - mx, b - my)).sum::<f64>();
    let (xx, yy, xy) = (sum(&|a, _| a * a), sum(&|_, b| b * b), sum(&|a, b| a * b));
    (xx > 0.0 && yy > 0.0).then(|| xy / (xx * yy).sqrt())
}

/// Ranks from 1, ties at their mean rank.
fn ranks(x: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..x.len()).collect();
    order.sort_by(|a, b| x[*a].total_cmp(&x[*b]));
    let mut ranks = vec![0.0; x.len()];
    let mut first = 0;
    for tied in order.chunk_by(|a, b| x[*a] == x[*b]) {
        let rank = first as f64 + (tied.len() + 1) as f64 / 2.0;
        for i in tied {
            ranks[*i] = rank;
        }
        first += tied.len();
    }
    ranks
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn monotone_courses_correlate_fully_whatever_their_form() {
        let x: Vec<f64> = (1..20).map(f64::from).collect();
        let y: Vec<f64> = x.iter().map(|v| -v.exp()).collect();
        assert_eq!(spearman(&x, &y), Some(-1.0));
        assert_eq!(spearman(&x, &[1.0; 19]), None);
        assert_eq!(spearman(&[1.0, 2.0], &[1.0, 2.0]), None);
    }

    #[test]
    fn a_textbook_value_with_ties() {
        // ranks 1, 2.5, 2.5, 4 against 1, 2, 3, 4: 1 − 6·0.5/60 corrected for ties = 4.5/√(4.5·5)
        let rho = spearman(&[1.0, 2.0, 2.0, 3.0], &[1.0, 2.0, 3.0, 4.0]).unwrap();
        assert!((rho - 4.5 / 22.5_f64.sqrt()).abs() < 1e-12);
    }

    #[test]
    fn two_unrelated_trends_correlate_in_level_but_not_in_change() {
        let wave = |speed: f64| (0..60).map(|t| f64::from(t) + (f64::from(t) * speed).sin()).collect::<Vec<_>>();
        let (x, y) = (wave(2.1), wave(2.9));
        assert!(spearman(&x, &y).unwrap() > 0.95);
        let (dx, dy) = (changes(&x), changes(&y));
        assert!(spearman(&dx, &dy).unwrap().abs() < 0.25);
        let (lo, hi) = bootstrap(&dx, &dy).unwrap();
        assert!(lo < 0.0 && hi > 0.0, "{lo} {hi}");
    }

    #[test]
    fn the_bootstrap_wants_thirty_snapshots_and_repeats_itself() {
        let x: Vec<f64> = (0..30).map(|t| (f64::from(t) * 0.7).sin()).collect();
        assert_eq!(bootstrap(&x[..29], &x[..29]), None);
        assert_eq!(bootstrap(&x, &x), Some((1.0, 1.0)));
        let y: Vec<f64> = x.iter().map(|v| v * v).collect();
        assert_eq!(bootstrap(&x, &y), bootstrap(&x, &y));
    }
}
