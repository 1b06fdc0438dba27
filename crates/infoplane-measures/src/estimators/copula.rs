//! The Gaussian copula: every column becomes the normal scores of its ranks, then `gaussian` measures them.
//!
//! ```text
//! g = Φ⁻¹(rank/(N + 1)) in each column         I(X; Y|Z) = I_gaussian(g_x; g_y | g_z) − bias
//! bias = b(d_xz) + b(d_yz) − b(d_xyz) − b(d_z),   b(d) = ½ Σ_{i=1..d} [ψ((N − i)/2) − ln((N − 1)/2)]
//! ```
//! d counts columns. b is what the logarithm of a sample covariance lacks, exactly so for normal rows; `bias=none`
//! leaves it in. Unit: nats. Local terms are log ratios of the fitted copula densities, each less the bias.
//!
//! The value does not change under any increasing map of a column (cube, exp, asinh), and it is a lower bound: of all
//! distributions with these normal-score correlations the Gaussian copula has the least information.
//!
//! **Fails** where dependence is not monotone: a parabola reads 0. Equal values have no order: by default seeded noise
//! gives them one, `ties=keep` gives them their mean rank, and the estimate says which share of the rows it concerns.
//! With few distinct values use `plugin`. Columns that follow from others are dropped as in `gaussian`, and N must
//! exceed the number of columns by 2.
//!
//! Parameters: `bias` corrected or none; `ties` noise, keep or error; `seed` of that noise.
//!
//! Reference: R. A. A. Ince et al., doi:10.1002/hbm.23471.
//!
//! ```
//! use infoplane_measures::{Copula, Samples, mi};
//!
//! let x: Vec<f64> = (0..400).map(|t| f64::from(t * 151 % 400)).collect();
//! let y: Vec<f64> = (0..400).map(|t| x[t] + f64::from((t as i32 * 37) % 100)).collect();
//! let exp: Vec<f64> = x.iter().map(|x| (0.1 * x).exp()).collect();
//! let (y, exp) = (Samples::real(&y, 1)?, Samples::real(&exp, 1)?);
//! let copula = Copula::default();
//! assert_eq!(mi(&copula, &exp, &y)?.nats, mi(&copula, &Samples::real(&x, 1)?, &y)?.nats);
//! # Ok::<(), infoplane_measures::Error>(())
//! ```

use infoplane_spec::{Arguments, Entry, Parameter, SpecError};

use super::gaussian::{Centred, Conditioned, Related, enough_rows, local_information};
use super::ties::{SEED, TIES, Tied, Ties};
use super::{Laws, Method, Registered, Takes};
use crate::measures::observed;
use crate::special::{digamma, normal_quantile};
use crate::{Estimate, Information, Prepared, Result, Samples};

pub(super) const ENTRY: Registered = Registered {
    entry: Entry {
        name: "copula",
        summary: "Gaussian information between the normal scores of ranks",
        citation: "Ince et al. 2017, doi:10.1002/hbm.23471",
        parameters: &[
            Parameter {
                key: "bias",
                default: Some("corrected"),
                summary: "corrected for the size of the sample, or none",
            },
            TIES,
            SEED,
        ],
        build: |arguments| Ok(Method::Information(Box::new(Copula::from_arguments(arguments)?))),
    },
    takes: Takes::Real,
    scaled: false,
    validity: "monotone dependence, whatever the margins; a lower bound, blind to what is not monotone",
    laws: Laws {
        specs: &["copula", "copula:bias=none"],
        xor: None,
        why: "it sees monotone dependence only",
        ..Laws::SHANNON
    },
};

/// Normal distributions of normal scores.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Copula {
    /// Whether the expected bias is taken off.
    pub corrected: bool,
    /// What is done about equal values.
    pub ties: Ties,
    /// Seed of the noise that tells ties apart.
    pub seed: u64,
}

impl Default for Copula {
    fn default() -> Self {
        Self { corrected: true, ties: Ties::Noise, seed: 0 }
    }
}

impl Copula {
    fn from_arguments(arguments: &Arguments) -> std::result::Result<Self, SpecError> {
        let corrected = match arguments.text("bias") {
            "none" => false,
            "corrected" => true,
            _ => return Err(arguments.refuse("bias", "corrected or none")),
        };
        let seed = arguments.parse(SEED.key, "a whole number from 0")?;
        Ok(Self { corrected, ties: Ties::from_arguments(arguments)?, seed })
    }

    fn scored(&self, argument: &'static str, samples: &Samples, quantiles: &Quantiles) -> Result<(Centred, Tied)> {
        let mut columns = samples.as_real(argument)?;
        let tied = self.ties.settle(argument, &mut columns, self.seed)?;
        for column in &mut columns {
            quantiles.score(column);
        }
        Ok((Centred::new(argument, &columns)?, tied))
    }
}

impl Information for Copula {
    fn cmi(&self, x: &Samples, y: &Samples, z: &Samples) -> Result<Estimate> {
        self.prepare(y, z)?.cmi(x)
    }

    fn prepare<'a>(&'a self, y: &'a Samples<'a>, z: &'a Samples<'a>) -> Result<Box<dyn Prepared + 'a>> {
        observed("y", y)?;
        z.same_rows("z", y, "y")?;
        let quantiles = Quantiles::new(y.rows());
        let (scored_y, tied_y) = self.scored("y", y, &quantiles)?;
        let (scored_z, tied_z) = self.scored("z", z, &quantiles)?;
        let given = Conditioned::new(scored_y, scored_z);
        Ok(Box::new(Fitted { copula: *self, given, quantiles, tied: tied_y.and(tied_z) }))
    }
}

/// Everything of (y, z), ready for any x.
struct Fitted {
    copula: Copula,
    given: Conditioned,
    quantiles: Quantiles,
    tied: Tied,
}

impl Fitted {
    fn scored(&self, x: &Samples) -> Result<(Centred, Tied)> {
        observed("x", x)?;
        self.given.same_rows(x.rows())?;
        enough_rows("x", x.rows(), x.dim() + self.given.columns())?;
        let (x, tied) = self.copula.scored("x", x, &self.quantiles)?;
        Ok((x, tied.and(self.tied)))
    }

    fn estimate(&self, related: &Related, tied: Tied, local: Option<Vec<f64>>) -> Estimate {
        let expected = bias(related.rows, related.dims());
        let bias = if self.copula.corrected { expected } else { 0.0 };
        let estimate = Estimate {
            nats: related.nats() - bias,
            n: related.rows,
            local: local.map(|terms| terms.into_iter().map(|term| term - bias).collect()),
            floor: Some(expected - bias),
            dof: (!self.copula.corrected).then_some(related.dof()),
            dropped: related.dropped.clone(),
            notes: related.notes(),
            ..Estimate::default()
        };
        tied.mark(estimate)
    }
}

impl Prepared for Fitted {
    fn cmi(&self, x: &Samples) -> Result<Estimate> {
        let (x, tied) = self.scored(x)?;
        let related = self.given.with(&x);
        let local = local_information(&self.given, &x, &related);
        Ok(self.estimate(&related, tied, local))
    }

    fn several(&self, xs: &[Samples]) -> Result<Vec<Estimate>> {
        let one = |x: &Samples| {
            let (x, tied) = self.scored(x)?;
            Ok(self.estimate(&self.given.with(&x), tied, None))
        };
        xs.iter().map(one).collect()
    }

    fn reordered(&self, x: &Samples, orders: &[Vec<u32>]) -> Result<Vec<f64>> {
        let (x, tied) = self.scored(x)?;
        orders.iter().map(|order| Ok(self.estimate(&self.given.with(&x.reordered(order)?), tied, None).nats)).collect()
    }
}

/// What I(X; Y|Z) of so many columns is on average when there is none.
fn bias(rows: usize, [x, y, z]: [usize; 3]) -> f64 {
    let n = rows as f64;
    let term = |i: usize| 0.5 * (digamma(0.5 * (n - i as f64)) - (0.5 * (n - 1.0)).ln());
    let b = |columns: usize| (1..=columns).map(term).sum::<f64>();
    b(x + z) + b(y + z) - b(x + y + z) - b(z)
}

/// Φ⁻¹(r/(N + 1)) for r = ½, 1, 1½ … N: half ranks belong to pairs of equal values.
struct Quantiles(Vec<f64>);

impl Quantiles {
    fn new(rows: usize) -> Self {
        let ranks = 2 * rows;
        let lower = (1..=rows).map(|twice| normal_quantile(twice as f64 / (ranks + 2) as f64));
        let mut quantiles: Vec<f64> = lower.collect();
        // symmetric, so that reflected data give the same value
        quantiles.push(0.0);
        quantiles.extend((0..rows).rev().map(|place| quantiles[place]).map(|quantile| -quantile).collect::<Vec<_>>());
        Self(quantiles)
    }

    /// Puts normal scores in place of values; equal ones share their mean rank.
    fn score(&self, column: &mut [f64]) {
        let mut order: Vec<(u64, u32)> =
            column.iter().zip(0..).map(|(&value, row)| (ordered_bits(value), row)).collect();
        order.sort_unstable();
        let mut below = 0;
        for equal in order.chunk_by(|a, b| a.0 == b.0) {
            let twice_rank = 2 * below + equal.len() + 1; // below + 1 to below + len, on average
            for &(_, row) in equal {
                column[row as usize] = self.0[twice_rank - 1];
            }
            below += equal.len();
        }
    }
}

/// Whole numbers in the order of the values; the two zeros are one.
fn ordered_bits(value: f64) -> u64 {
    let bits = (value + 0.0).to_bits();
    if bits >> 63 == 0 { bits | 1 << 63 } else { !bits }
}

#[cfg(test)]
mod tests {
    use infoplane_spec::stream;

    use super::*;
    use crate::estimators::gaussian::test_data::{mean_and_error, normals};
    use crate::{Embedding, Error, Note, cmi, mi, te};

    fn correlated(rho: f64, rows: usize, seed: u64) -> [Vec<f64>; 2] {
        let numbers = normals(&mut stream(seed, "test/copula", 0), 2 * rows);
        let (x, e) = numbers.split_at(rows);
        let y = x.iter().zip(e).map(|(x, e)| rho * x + (1.0 - rho * rho).sqrt() * e).collect();
        [x.to_vec(), y]
    }

    fn column(values: &[f64]) -> Samples<'_> {
        Samples::real(values, 1).unwrap()
    }

    #[test]
    fn scores_are_quantiles_of_ranks() {
        let mut values = [5.0, -1.0, 3.0, -0.0, 3.0];
        Quantiles::new(5).score(&mut values);
        let truth = [5.0, 1.0, 3.5, 2.0, 3.5].map(|rank| normal_quantile(rank / 6.0));
        assert!(values.iter().zip(truth).all(|(score, truth)| (score - truth).abs() < 1e-15), "{values:?}");
        let mut negated = [-5.0, 1.0, -3.0, 0.0, -3.0];
        Quantiles::new(5).score(&mut negated);
        assert!(values.iter().zip(negated).all(|(score, other)| *score == -other));
    }

    #[test]
    fn increasing_maps_change_nothing() {
        let [x, y] = correlated(0.6, 500, 1);
        let plain = mi(&Copula::default(), &column(&x), &column(&y)).unwrap();
        for map in [|v: f64| v.powi(3), f64::asinh, f64::exp] {
            let mapped: Vec<f64> = x.iter().map(|&value| map(value)).collect();
            assert_eq!(mi(&Copula::default(), &column(&mapped), &column(&y)).unwrap(), plain);
        }
        let reflected: Vec<f64> = x.iter().map(|value| -value).collect();
        let reflected = mi(&Copula::default(), &column(&reflected), &column(&y)).unwrap().nats;
        assert!((reflected - plain.nats).abs() < 1e-13);
    }

    #[test]
    fn normal_pairs_have_the_information_of_their_correlation() {
        // −½ ln(1 − ρ²), under a map that ruins `gaussian`
        let truth = -0.5 * (1.0_f64 - 0.36).ln();
        let ask = |seed| {
            let [x, y] = correlated(0.6, 1000, seed);
            let cubed: Vec<f64> = y.iter().map(|y| y.powi(3)).collect();
            mi(&Copula::default(), &column(&x), &column(&cubed)).unwrap().nats
        };
        let (mean, error) = mean_and_error(&(0..60).map(ask).collect::<Vec<_>>());
        assert!((mean - truth).abs() < 3.0 * error, "{mean} ± {error} for {truth}");
    }

    #[test]
    fn independent_variables_show_nothing_on_average() {
        let ask = |seed| {
            let numbers = normals(&mut stream(seed, "test/none", 0), 5 * 60);
            let part =
                |from: usize, dim: usize| Samples::real(&numbers[from * 60..][..dim * 60], dim).unwrap().into_owned();
            cmi(&Copula::default(), &part(0, 2), &part(2, 2), &part(4, 1)).unwrap()
        };
        let estimates: Vec<Estimate> = (0..300).map(ask).collect();
        assert_eq!((estimates[0].floor, estimates[0].dof), (Some(0.0), None));
        let (mean, error) = mean_and_error(&estimates.iter().map(|e| e.nats).collect::<Vec<_>>());
        assert!(mean.abs() < 3.0 * error, "{mean} ± {error}");
    }

    #[test]
    fn the_bias_is_that_of_wishart_matrices() {
        // one column against one: ½[ψ((N−1)/2) − ψ((N−2)/2)]
        let exact = 0.5 * (digamma(49.5) - digamma(49.0));
        assert!((bias(100, [1, 1, 0]) - exact).abs() < 1e-14);
        // near dof/(2N) when N is large
        assert!((bias(100_000, [2, 3, 4]) / (6.0 / 200_000.0) - 1.0).abs() < 1e-3);
    }

    #[test]
    fn ties_are_told_apart_kept_or_refused() {
        let [x, y] = correlated(0.6, 300, 3);
        let rounded: Vec<f64> = x.iter().map(|x| x.round()).collect();
        let ask = |ties, seed| mi(&Copula { ties, seed, ..Copula::default() }, &column(&rounded), &column(&y));
        let (noise, keep) = (ask(Ties::Noise, 0).unwrap(), ask(Ties::Keep, 0).unwrap());
        let share = noise.ties.unwrap();
        assert!(share > 0.95);
        assert_eq!(
            (noise.notes.as_slice(), keep.notes.as_slice()),
            ([Note::TiesBroken { share }].as_slice(), [Note::TiesKept { share }].as_slice())
        );
        assert!(noise.nats != ask(Ties::Noise, 1).unwrap().nats && keep.nats == ask(Ties::Keep, 1).unwrap().nats);
        assert!(keep.nats > noise.nats, "a random order among equals only adds noise");
        assert!(matches!(ask(Ties::Error, 0), Err(Error::Ties { argument: "x", column: 0, .. })));
        assert_eq!(mi(&Copula::default(), &column(&x), &column(&y)).unwrap().ties, Some(0.0));
    }

    #[test]
    fn surrogates_move_scores_with_their_rows() {
        let [x, y] = correlated(0.6, 150, 4);
        let rounded: Vec<f64> = x.iter().map(|x| (2.0 * x).round()).collect();
        let copula = Copula { ties: Ties::Keep, ..Copula::default() };
        let (x, y, none) = (column(&rounded), column(&y), Samples::empty(150));
        let prepared = copula.prepare(&y, &none).unwrap();
        let order: Vec<u32> = (0..150).map(|i| (i * 7 + 3) % 150).collect();
        let moved = x.select(order.iter().map(|&row| row as usize));
        let got = prepared.reordered(&x, &[order]).unwrap()[0];
        assert!((got - prepared.cmi(&moved).unwrap().nats).abs() < 1e-13);
        assert_eq!(prepared.several(std::slice::from_ref(&moved)).unwrap()[0].nats, prepared.cmi(&moved).unwrap().nats);
    }

    #[test]
    fn local_terms_average_to_the_value() {
        let [x, y] = correlated(0.5, 700, 5);
        for corrected in [true, false] {
            let copula = Copula { corrected, ..Copula::default() };
            let estimate = te(&copula, &column(&x), &column(&y), &Embedding::default()).unwrap();
            let local = estimate.local.unwrap();
            assert!((local.iter().sum::<f64>() / estimate.n as f64 - estimate.nats).abs() < 1e-13);
            assert_eq!(estimate.dof, (!corrected).then_some(1.0));
        }
    }

    #[test]
    fn bad_input_is_refused_by_name() {
        let [x, y] = correlated(0.5, 30, 6);
        let (x, y, none) = (column(&x), column(&y), Samples::empty(30));
        let constant = [1.0; 30];
        let constant = column(&constant);
        let copula = Copula::default();
        assert_eq!(copula.cmi(&x, &constant, &none).unwrap_err(), Error::Constant { argument: "y", column: 0 });
        assert_eq!(copula.cmi(&x, &y, &constant).unwrap_err(), Error::Constant { argument: "z", column: 0 });
        assert!(matches!(copula.cmi(&x.select(0..9), &y, &none), Err(Error::Lengths { argument: "x", .. })));
        assert!(matches!(
            copula.cmi(&x, &y.select(0..3), &Samples::empty(3)),
            Err(Error::Lengths { argument: "x", .. })
        ));
        let (a, b) = (x.select(0..3), y.select(0..3));
        assert!(copula.cmi(&a, &b, &Samples::empty(3)).is_err() || a.rows() >= 4);
        let symbols = Samples::symbols(&[1; 30], 1).unwrap();
        assert!(matches!(copula.cmi(&symbols, &y, &none), Err(Error::Kind { argument: "x", .. })));
        assert!(crate::estimator("copula:bias=maybe").is_err() && crate::estimator("copula:ties=drop").is_err());
    }
}
