//! `kde`: bounds on the entropy of a variable with Gaussian noise of variance v added to it.
//!
//! ```text
//! H(X + N(0, v·1)) = I + (d/2)(ln 2πv + 1)
//! upper  I = −(1/N) Σ_i ln (1/N) Σ_j exp(−‖x_i − x_j‖²/(2v))          lower: the same with 8v for 2v
//! ```
//! d is the number of columns, `x_i` the rows, which are taken as the centres of a mixture; the self term counts. So I is
//! a bound on what the noisy variable tells about the row, and lies between 0 and ln N. Unit: nats. v is in squared
//! units of the data.
//!
//! I(X; Y|Z) comes from four such entropies: a difference of bounds, no bound itself.
//!
//! **Fails** by choice of v: where v is small against distances between rows every row stands alone (I = ln N), where
//! it is large everything is noise. A value means nothing without its v. It costs N² kernels, in memory of N numbers.
//!
//! Parameters: `v` from 1e-12 to 1e12; `bound` upper or lower.
//!
//! Reference: A. Kolchinsky, B. D. Tracey, doi:10.3390/e19070361.
//!
//! ```
//! use infoplane_measures::layers::Bound;
//! use infoplane_measures::{Entropy, Kde, Samples};
//!
//! // Two equally likely centres at distance 1: the truth is 0.111421 above the entropy of the noise.
//! let x = Samples::real(&[0.0, 1.0], 1)?;
//! let noise = 0.5 * (std::f64::consts::TAU.ln() + 1.0);
//! let upper = Kde { variance: 1.0, bound: Bound::Upper }.entropy(&x)?.nats - noise;
//! let lower = Kde { variance: 1.0, bound: Bound::Lower }.entropy(&x)?.nats - noise;
//! assert!((upper - 0.219070).abs() < 1e-6 && (lower - 0.060548).abs() < 1e-6);
//! # Ok::<(), infoplane_measures::Error>(())
//! ```

use std::f64::consts::TAU;

use infoplane_spec::{Arguments, Entry, Parameter, SpecError};

use super::ties::refuse_constant;
use super::{Laws, Method, Registered, Takes};
use crate::gaussian_kernel::GaussianKernel;
use crate::layers::Bound;
use crate::measures::observed;
use crate::{Entropy, Estimate, Result, Samples};

pub(super) const ENTRY: Registered = Registered {
    entry: Entry {
        name: "kde",
        summary: "bounds on the entropy of a variable with Gaussian noise of variance v",
        citation: "Kolchinsky & Tracey 2017, doi:10.3390/e19070361",
        parameters: &[
            Parameter {
                key: "v",
                default: Some("1e-3"),
                summary: "noise variance, in squared units of the data, 1e-12 to 1e12",
            },
            Parameter { key: "bound", default: Some("upper"), summary: "upper or lower" },
        ],
        build: |arguments| Ok(Method::Entropy(Box::new(Kde::from_arguments(arguments)?))),
    },
    takes: Takes::Real,
    scaled: true,
    validity: "noise variance well between the squared distances within and between groups of rows; few columns",
    laws: Laws {
        why: "a difference of bounds on noisy variables is neither 0 under independence nor the information without noise",
        ..Laws::SCORE
    },
};

/// Kolchinsky–Tracey bounds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Kde {
    /// Noise variance v.
    pub variance: f64,
    /// Which bound.
    pub bound: Bound,
}

impl Default for Kde {
    fn default() -> Self {
        Self { variance: 1e-3, bound: Bound::Upper }
    }
}

impl Kde {
    fn from_arguments(arguments: &Arguments) -> std::result::Result<Self, SpecError> {
        let bound = match arguments.text("bound") {
            "upper" => Bound::Upper,
            "lower" => Bound::Lower,
            _ => return Err(arguments.refuse("bound", "upper or lower")),
        };
        let variance = arguments.check("v", "a number from 1e-12 to 1e12", |v| (1e-12..=1e12).contains(v))?;
        Ok(Self { variance, bound })
    }
}

impl Entropy for Kde {
    fn entropy(&self, x: &Samples) -> Result<Estimate> {
        observed("x", x)?;
        let columns = x.as_real("x")?;
        columns.iter().enumerate().try_for_each(|(place, column)| refuse_constant("x", place, column))?;
        let noise = 0.5 * columns.len() as f64 * ((TAU * self.variance).ln() + 1.0);
        let sums = GaussianKernel::new(&columns, self.bound.exponent(self.variance)).sums();
        let n = x.rows();
        let local: Vec<f64> = sums.iter().map(|others| noise - ((1.0 + others) / n as f64).ln()).collect();
        Ok(Estimate { nats: local.iter().sum::<f64>() / n as f64, n, local: Some(local), ..Estimate::default() })
    }
}

#[cfg(test)]
mod tests {
    use infoplane_spec::stream;

    use super::*;
    use crate::estimators::gaussian::test_data::normals;
    use crate::layers::{Layer, LayerEstimator};
    use crate::{Error, mi};

    /// What the noisy variable tells about the row.
    fn information(values: &[f64], dim: usize, kde: Kde) -> f64 {
        let noise = 0.5 * dim as f64 * ((TAU * kde.variance).ln() + 1.0);
        kde.entropy(&Samples::real(values, dim).unwrap()).unwrap().nats - noise
    }

    #[test]
    fn pairs_of_centres_have_known_bounds() {
        for (d, upper, lower) in [(1.0, 0.219070, 0.060548), (4.0, 0.692812, 0.566219)] {
            for (bound, truth) in [(Bound::Upper, upper), (Bound::Lower, lower)] {
                for v in [1.0, 0.01, 1e6] {
                    let step = d * f64::sqrt(v);
                    let got = information(&[5.0, 5.0 + step], 1, Kde { variance: v, bound });
                    assert!((got - truth).abs() < 6e-7, "{d} {bound:?} {v}: {got}");
                }
            }
        }
    }

    #[test]
    fn far_clusters_count() {
        let rows: Vec<f64> = (0..60).flat_map(|row| [f64::from(row % 4) * 10.0, -3.0 * f64::from(row % 4)]).collect();
        for bound in [Bound::Upper, Bound::Lower] {
            let got = information(&rows, 2, Kde { variance: 1e-3, bound });
            assert!((got - 4_f64.ln()).abs() < 1e-12, "{got}");
        }
    }

    #[test]
    fn layers_and_variables_agree() {
        let values = normals(&mut stream(1, "test/kde", 0), 900);
        let single: Vec<f32> = values.iter().map(|&value| value as f32).collect();
        let double: Vec<f64> = single.iter().map(|&value| value.into()).collect();
        let layer =
            Layer { values: &single, units: 3, range: None, labels: &[0; 300], classes: 1, distinct_inputs: true };
        for (variance, bound) in [(0.1, Bound::Upper), (0.1, Bound::Lower), (1e-3, Bound::Upper)] {
            let kde = crate::layers::Kde { variances: vec![variance], bounds: vec![bound] };
            let theirs = kde.estimate(&layer, 1).unwrap()[0].h_t.unwrap();
            let ours = Kde { variance, bound }.entropy(&Samples::real(&double, 3).unwrap()).unwrap().nats;
            assert!((theirs - ours).abs() < 2e-6, "{variance}: {theirs} and {ours}");
        }
    }

    #[test]
    fn wide_noise_leaves_a_normal_variable() {
        // centres N(0, 1), noise v = 1: the mixture is N(0, 2), which lies between the bounds
        let values = normals(&mut stream(2, "test/kde", 0), 3000);
        let truth = 0.5 * ((TAU * 2.0).ln() + 1.0);
        let x = Samples::real(&values, 1).unwrap();
        let at = |bound| Kde { variance: 1.0, bound }.entropy(&x).unwrap().nats;
        assert!(at(Bound::Lower) < truth && truth < at(Bound::Upper));
    }

    #[test]
    fn local_terms_average_to_the_value() {
        let values = normals(&mut stream(3, "test/kde", 0), 400);
        let (x, y) = (Samples::real(&values[..200], 1).unwrap(), Samples::real(&values[200..], 1).unwrap());
        let estimate = mi(&Kde { variance: 0.1, bound: Bound::Upper }, &x, &y).unwrap();
        let mean = estimate.local.unwrap().iter().sum::<f64>() / 200.0;
        assert!((mean - estimate.nats).abs() < 1e-13);
    }

    #[test]
    fn bad_input_is_refused_by_name() {
        let kde = Kde::default();
        let constant = Samples::real(&[1.0, 2.0, 3.0, 2.0], 2).unwrap();
        assert_eq!(kde.entropy(&constant).unwrap_err(), Error::Constant { argument: "x", column: 1 });
        assert!(matches!(kde.entropy(&Samples::symbols(&[0, 1], 1).unwrap()), Err(Error::Kind { .. })));
        assert!(matches!(kde.entropy(&Samples::empty(2)), Err(Error::NoColumns { .. })));
        for spec in ["kde:0", "kde:1e13", "kde:v=1,bound=both", "kde:nan"] {
            assert!(crate::estimator(spec).is_err(), "{spec}");
        }
    }
}
