//! Transfer entropy, mutual information and their nulls: estimation without files, networks or plots.
//!
//! What is *measured* and how it is *estimated* are two independent values. Every measure is I(X; Y | Z) of suitable
//! columns ([`measures`]), every estimator answers exactly that question ([`Information`]), and what is done to a
//! variable first, its symbols, is a third ([`transforms`]). Values are in nats; [`Estimate::bits`] converts.
//!
//! # Two series
//!
//! ```
//! use infoplane_measures::{Embedding, PlugIn, Samples, te};
//! use infoplane_spec::{below, stream};
//!
//! // y repeats x one step later, but for one time in ten.
//! let mut rng = stream(7, "example", 0);
//! let x: Vec<u32> = (0..5000).map(|_| below(&mut rng, 2)).collect();
//! let y: Vec<u32> = (0..5000_usize).map(|t| x[t.saturating_sub(1)] ^ u32::from(below(&mut rng, 10) == 0)).collect();
//! let (x, y) = (Samples::symbols(&x, 1)?, Samples::symbols(&y, 1)?);
//!
//! let forth = te(&PlugIn::default(), &x, &y, &Embedding::default())?;
//! let back = te(&PlugIn::default(), &y, &x, &Embedding::default())?;
//! assert!((forth.bits() - 0.531).abs() < 0.03); // 1 − h(0.1)
//! assert!(forth.p().unwrap() < 1e-9 && back.p().unwrap() > 1e-3);
//! // What independent series would show: never compare a value with 0.
//! assert_eq!(back.floor, Some(2.0 / (2.0 * 4999.0)));
//! # Ok::<(), infoplane_measures::Error>(())
//! ```
//!
//! # Two layers
//!
//! [`pairs`] measures all unit pairs of two layers at once, on bits with the speed of the machine's popcount
//! ([`packed`]), and moves the whole source layer in each surrogate:
//!
//! ```
//! use infoplane_measures::pairs::{PairMeasure, PairProblem, whole};
//! use infoplane_measures::transforms::symbol_transform;
//! use infoplane_measures::{Embedding, Null, benjamini_hochberg};
//! use infoplane_spec::{below, stream};
//!
//! // Activations [rows, units]: the target's first unit follows the source's second, the rest is noise.
//! let mut rng = stream(1, "example", 0);
//! let mut noise = || below(&mut rng, 1000) as f32;
//! let source: Vec<f32> = (0..3 * 1001).map(|_| noise()).collect();
//! let target: Vec<f32> = (0..1001_usize).flat_map(|t| [source[3 * t.saturating_sub(1) + 1] + noise(), noise()]).collect();
//!
//! let (median, _) = symbol_transform("binary:median")?;
//! let (source, target) = (median.symbols(&source, 3, 2)?, median.symbols(&target, 2, 2)?);
//! let problem = PairProblem::new(&source, &target, PairMeasure::Te, &Embedding::default(), &whole(1001))?;
//! let table = problem.evaluate(1);
//! let q = benjamini_hochberg(&table.p);
//! assert!(q[2] < 0.001 && q.iter().filter(|&&q| q < 0.05).count() == 1); // pair 1 → 0 stands at [1 · 2 + 0]
//!
//! let null = problem.null(&Null::Permute, 199, 42, &table, 2)?;
//! assert_eq!(null.p_of_mean(table.mean()), 0.005);
//! # Ok::<(), infoplane_measures::Error>(())
//! ```
//!
//! # One layer
//!
//! [`layers`] has the two axes of the information plane, I(X;T) and I(T;Y), by cells and by kernel bounds, with the
//! badge that says how far each can be read ([`reliability`]).
//!
//! # What can fool you
//!
//! - A plug-in value of independent series is not 0 but dof/(2N) on average: read it beside its floor.
//! - Row permutation is too lenient a null for slow series whose history k is too short: use `shift` or `block`.
//! - A common driver (class order, drifting weights) passes for transfer: ask again *given* the driver, by strata.
//! - Lag-0 dependence is no transfer entropy; it has its own name, [`coupling`].
//!
//! # Names that users write
//!
//! [`ESTIMATORS`], [`NULLS`], [`transforms::SYMBOLS`] and [`layers::LAYER_ESTIMATORS`] are registries: one entry each,
//! with summary, citation and parameters. Adding an estimator is one file and one entry; `tests/laws.rs` then holds it
//! to the laws.
//!
//! # Randomness and threads
//!
//! Every random number follows from (seed, purpose, index), see [`infoplane_spec::stream`]. The number of threads never
//! changes a bit. Nothing is clamped, dropped or jittered silently: what was done stands in the result.

mod contingency;
pub mod embedded;
pub mod embedding;
mod error;
mod estimate;
pub mod estimators;
pub mod families;
mod gaussian_kernel;
mod hypergeometric;
pub mod layers;
pub mod measures;
pub mod neighbours;
pub mod network;
pub mod null;
pub mod packed;
pub mod pairs;
pub mod reliability;
mod samples;
pub mod selection;
pub mod special;
mod states;
mod threads;
mod tie;
pub mod transforms;

pub use embedded::Embedded;
pub use embedding::{Embedding, History, Rows};
pub use error::{CODES, Error, Result};
pub use estimate::{Estimate, Note};
pub use estimators::{Chosen, Correction, ESTIMATORS, Kde, MatrixRenyi, Copula, Gaussian, Ksg, Kernel, Knn, Laws, Lnc, Method, Mixed, PlugIn, Registered, Takes, estimator};
pub use measures::{Entropy, Information, Prepared, ais, cmi, coupling, cte, entropy, given, mi, te};
pub use null::{Draws, NULLS, Null, benjamini_hochberg, fdr_threshold, holm, max_statistic, p_from_draws};
pub use reliability::Badge;
pub use tie::tie;
pub use samples::{Clock, Samples, Values};
