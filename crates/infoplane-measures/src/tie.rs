//! Transfer information energy: transfer entropy's question asked without a logarithm.
//!
//! ```text
//! TIE = Σ p(y', x⁻, y⁻) [p(y'|x⁻, y⁻) − p(y'|y⁻)]
//! floor = Σ_y⁻ (r_x − 1) Σ_y' q(1 − q)/N,   q = p(y'|y⁻), r_x = source pasts that occur with y⁻
//! ```
//! Primes and minuses as in [`crate::measures`]; the sums go over states that occur. The value has no unit: it is the gain
//! in the probability of guessing y' by drawing from its distribution, 0 to the Gini spread of y' given y⁻. The plug-in
//! value is never negative and of independent series is the floor on average. For fair coins, k = l = 1, the
//! floor is 1/N, so is the standard deviation, and 2·N·TIE ~ χ²(2); there is no such law in general, hence no p.
//!
//! Reference: A. Caţaron, R. Andonie, *Transfer Information Energy: A Quantitative Indicator of Information Transfer between
//! Time Series*, doi:10.3390/e20050323.

use crate::contingency::{Margins, Table};
use crate::states::{States, undersampled};
use crate::{Embedded, Embedding, Estimate, Result, Samples};

/// TIE from `source` to `target`; [`Estimate::nats`] holds the value, which has no unit, and so do floor and local terms.
///
/// ```
/// use infoplane_measures::{Embedding, Samples, tie};
/// use infoplane_spec::{below, stream};
///
/// // a noiseless copy of a fair coin
/// let mut coin = stream(1, "example", 0);
/// let x: Vec<u32> = (0..4000).map(|_| below(&mut coin, 2)).collect();
/// let y: Vec<u32> = (0..4000).map(|t| if t == 0 { 0 } else { x[t - 1] }).collect();
/// let tie = tie(&Samples::symbols(&x, 1)?, &Samples::symbols(&y, 1)?, &Embedding::default())?;
/// assert!((tie.nats - 0.5).abs() < 0.001);
/// # Ok::<(), infoplane_measures::Error>(())
/// ```
///
/// # Errors
/// As [`crate::te`], and [`crate::Error::Kind`] for what is not symbols.
pub fn tie(source: &Samples, target: &Samples, embedding: &Embedding) -> Result<Estimate> {
    let Embedded { x, y, z, .. } = Embedded::te(source, target, &[], embedding)?;
    let states = |samples: &Samples, argument| -> Result<States> {
        Ok(States::of_rows(samples.as_symbols(argument)?, samples.rows(), samples.dim()))
    };
    let (x, y, z) = (states(&x, "source")?, states(&y, "target")?, states(&z, "target")?);
    let (yz, cells) = z.join(&y);
    let margins = Margins::new(&z, &cells);
    let (xyz, cells) = yz.join(&x);
    let mut table = Table::default();
    table.fill(cells, x.kinds, &margins);
    let (n, gains) = (xyz.ids.len(), table.gains(&margins).collect::<Vec<f64>>());
    Ok(Estimate {
        nats: table.tie(&margins),
        n,
        local: Some(xyz.ids.iter().map(|&id| gains[id as usize]).collect()),
        floor: Some(table.law(&margins).tie_floor),
        notes: undersampled(xyz.kinds, n),
        ..Estimate::default()
    })
}

#[cfg(test)]
mod tests {
    use infoplane_spec::{below, stream};

    use super::*;
    use crate::pairs::{PairMeasure, PairProblem, Symbols, whole};
    use crate::special::chi_square_survival;

    fn coins(seed: u64, rows: usize) -> Vec<u32> {
        let mut rng = stream(seed, "test/tie", 0);
        (0..rows).map(|_| below(&mut rng, 2)).collect()
    }

    fn of(x: &[u32], y: &[u32], embedding: &Embedding) -> Estimate {
        tie(&Samples::symbols(x, 1).unwrap(), &Samples::symbols(y, 1).unwrap(), embedding).unwrap()
    }

    #[test]
    fn all_pairs_of_two_layers_agree() {
        let (rows, mut rng) = (300, stream(5, "test/tie", 1));
        for alphabet in [2, 3] {
            let mut layer = || (0..2 * rows).map(|_| below(&mut rng, alphabet) as u8).collect::<Vec<u8>>();
            let (source, target) = (layer(), layer());
            let of_layer = |layer: &[u8]| Symbols::new(2, alphabet as usize, layer.to_vec()).unwrap();
            let series =
                |layer: &[u8], unit| layer.iter().skip(unit).step_by(2).map(|&s| s.into()).collect::<Vec<u32>>();
            for (k, l) in [(1, 1), (2, 2)] {
                let embedding = Embedding { k, l, ..Embedding::default() };
                let (a, b) = (of_layer(&source), of_layer(&target));
                let problem = PairProblem::new(&a, &b, PairMeasure::Tie, &embedding, &whole(rows)).unwrap();
                let table = problem.evaluate(1);
                for (i, j) in [(0, 0), (0, 1), (1, 0), (1, 1)] {
                    let one = of(&series(&source, i), &series(&target, j), &embedding);
                    assert!((one.nats - table.value[2 * i + j]).abs() < 1e-14, "{alphabet} {k} {i} {j}");
                    assert!((one.floor.unwrap() - table.floor[2 * i + j]).abs() < 1e-14);
                }
            }
        }
    }

    #[test]
    fn fair_coins_follow_chi_square() {
        const SEEDS: u64 = 2000;
        let rows = 501;
        let scaled =
            |seed| 2.0 * 500.0 * of(&coins(2 * seed, rows), &coins(2 * seed + 1, rows), &Embedding::default()).nats;
        let draws: Vec<f64> = (0..SEEDS).map(scaled).collect();
        let mean = draws.iter().sum::<f64>() / SEEDS as f64;
        // standard deviation 2, hence 0.045 of the mean
        assert!((mean - 2.0).abs() < 0.15, "{mean}");
        for level in [0.05, 0.2, 0.5] {
            let share = draws.iter().filter(|&&x| chi_square_survival(x, 2.0) <= level).count() as f64 / SEEDS as f64;
            let error = (level * (1.0 - level) / SEEDS as f64).sqrt();
            assert!((share - level).abs() < 3.5 * error, "{level}: {share}");
        }
    }

    #[test]
    fn the_floor_is_the_mean_of_independent_series() {
        let rows = 400;
        let excess = |seed: u64| {
            // ones in four of five rows
            let mut rng = stream(seed, "test/tie", 2);
            let y: Vec<u32> = (0..rows).map(|_| u32::from(below(&mut rng, 5) > 0)).collect();
            let estimate = of(&coins(seed, rows), &y, &Embedding::default());
            estimate.nats - estimate.floor.unwrap()
        };
        let excesses: Vec<f64> = (0..1000).map(excess).collect();
        let mean = excesses.iter().sum::<f64>() / 1000.0;
        let sd = (excesses.iter().map(|e| (e - mean).powi(2)).sum::<f64>() / 999.0).sqrt();
        assert!(mean.abs() < 3.0 * sd / 1000.0_f64.sqrt(), "{mean} ± {}", sd / 1000.0_f64.sqrt());
    }

    #[test]
    fn local_terms_average_and_constants_give_zero() {
        let (x, y) = (coins(1, 200), coins(2, 200));
        let estimate = of(&x, &y, &Embedding::default());
        let local = estimate.local.unwrap();
        assert!((local.iter().sum::<f64>() / local.len() as f64 - estimate.nats).abs() < 1e-15);
        assert_eq!(of(&[7; 200], &y, &Embedding::default()).nats, 0.0);
        assert_eq!(of(&x, &[7; 200], &Embedding::default()).nats, 0.0);
    }
}
