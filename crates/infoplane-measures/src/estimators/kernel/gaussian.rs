//! Sums of Gaussians over all pairs of rows, each pair once, no matrix between rows.

use crate::neighbours::Exclusion;

/// Columns handled together: exponents of one row with so many others stay in the first cache.
const TILE: usize = 1024;
/// Sums kept side by side, so that the compiler may use vectors.
const LANES: usize = 8;

/// `Σ_j exp(−|x_i − x_j|²/2w²)` over the rows that row i sees, and itself.
pub(super) fn sums(columns: &[Vec<f64>], width: f64, exclusion: &Exclusion) -> Vec<f64> {
    let rows = columns[0].len();
    let scaled: Vec<Vec<f64>> = columns.iter().map(|column| column.iter().map(|x| x / width).collect()).collect();
    let windows = (exclusion.theiler > 0).then(|| exclusion.windows(rows));
    let mut sums = vec![1.0; rows];
    let mut terms = vec![0.0; TILE];
    for start in (0..rows).step_by(TILE) {
        let end = (start + TILE).min(rows);
        for row in 0..end.saturating_sub(1) {
            let first = start.max(row + 1);
            let terms = &mut terms[..end - first];
            gaussians(&scaled, row, first, terms);
            for &hidden in windows.iter().flat_map(|windows| windows.of(row)) {
                if (first..end).contains(&(hidden as usize)) {
                    terms[hidden as usize - first] = 0.0;
                }
            }
            sums[first..end].iter_mut().zip(&*terms).for_each(|(sum, term)| *sum += term);
            sums[row] += total(terms);
        }
    }
    sums
}

/// `exp(−|x_row − x_j|²/2)` of the rows j from `first` on.
fn gaussians(columns: &[Vec<f64>], row: usize, first: usize, terms: &mut [f64]) {
    terms.fill(0.0);
    for column in columns {
        let own = column[row];
        for (term, other) in terms.iter_mut().zip(&column[first..]) {
            let difference = own - other;
            *term += difference * difference;
        }
    }
    for term in terms {
        *term = exp(-0.5 * *term);
    }
}

fn total(terms: &[f64]) -> f64 {
    let mut lanes = [0.0; LANES];
    let chunks = terms.chunks_exact(LANES);
    let rest: f64 = chunks.remainder().iter().sum();
    for chunk in chunks {
        lanes.iter_mut().zip(chunk).for_each(|(lane, term)| *lane += term);
    }
    lanes.iter().sum::<f64>() + rest
}

/// e^x for x ≤ 0 without a branch, so that the compiler may use vectors; relative error below 4e-16, and 0 below −700.
#[inline]
fn exp(x: f64) -> f64 {
    /// Adding it leaves the nearest whole number in the last bits.
    const ROUND: f64 = 6_755_399_441_055_744.0;
    const LN_2_HIGH: f64 = 6.931_471_803_691_238e-1;
    const LN_2_LOW: f64 = 1.908_214_929_270_587_7e-10;
    let clamped = x.max(-700.0);
    let shifted = clamped * std::f64::consts::LOG2_E + ROUND;
    let whole = shifted - ROUND;
    let r = clamped - whole * LN_2_HIGH - whole * LN_2_LOW;
    // Taylor: |r| ≤ ½ ln 2, the 14th term is below 1e-17
    let series = [
        1.0 / 6_227_020_800.0,
        1.0 / 479_001_600.0,
        1.0 / 39_916_800.0,
        1.0 / 3_628_800.0,
        1.0 / 362_880.0,
        1.0 / 40_320.0,
        1.0 / 5_040.0,
        1.0 / 720.0,
        1.0 / 120.0,
        1.0 / 24.0,
        1.0 / 6.0,
        0.5,
        1.0,
        1.0,
    ];
    let power = series.iter().fold(0.0, |sum, term| sum * r + term);
    // the whole number, now in the last bits, moved to the exponent
    let scale = f64::from_bits((shifted.to_bits() << 52).wrapping_add(1.0_f64.to_bits()));
    if x < -700.0 { 0.0 } else { power * scale }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exponentials_are_right_to_the_last_bits() {
        for place in 0..200_000 {
            let x = -f64::from(place) * 0.0034567;
            let (got, truth) = (exp(x), x.exp());
            assert!((got - truth).abs() <= 4e-16 * truth, "e^{x}: {got:e} instead of {truth:e}");
        }
        assert_eq!((exp(0.0), exp(-1e9), exp(f64::NEG_INFINITY)), (1.0, 0.0, 0.0));
    }

    #[test]
    fn every_pair_is_counted_once_across_tiles_and_windows() {
        let rows = 2 * TILE + 37;
        let columns: Vec<Vec<f64>> =
            [1.7, 0.9].map(|step| (0..rows).map(|t| (t as f64 * step).sin() * 2.0).collect()).to_vec();
        for theiler in [0, 5, TILE + 3] {
            let exclusion = Exclusion { theiler, clock: None };
            let got = sums(&columns, 0.5, &exclusion);
            for row in [0, 1, 36, TILE - 1, TILE, 2 * TILE, rows - 1] {
                let square = |other: usize| columns.iter().map(|c| (c[row] - c[other]).powi(2)).sum::<f64>();
                let others = (0..rows).filter(|&other| !exclusion.leaves_out(row, other));
                let truth = 1.0 + others.map(|other| (-2.0 * square(other)).exp()).sum::<f64>();
                assert!((got[row] / truth - 1.0).abs() < 1e-13, "row {row}: {} instead of {truth}", got[row]);
            }
        }
    }
}
