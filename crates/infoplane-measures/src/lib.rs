//! Transfer entropy, mutual information and their nulls: estimation without files, networks or plots.
//!
//! What is *measured* and how it is *estimated* are two independent values. Every measure is I(X; Y | Z) of suitable
//! columns ([`measures`]), every estimator answers exactly that question ([`Information`]), and what is done to a
//! variable first, its symbols or its scale, is a third ([`transforms`]). Values are in nats; [`Estimate::bits`] converts.
//!
//! | you have | you want | ask |
//! |---|---|---|
//! | symbols | any measure | [`PlugIn`], `plugin:correction=grassberger` |
//! | real values, any shape of dependence | information, transfer | [`Ksg`], `ksg:4`, on z-scores |
//! | real values, linear or monotone dependence; short series | the same, with a p-value at once | [`Gaussian`], [`Copula`] |
//! | real values and symbols together, or values with atoms (the zeros of a rectifier) | information | [`Mixed`] |
//! | real values | entropy | [`Knn`] |
//! | only the order of ups and downs | transfer | `ordinal:3` |
//! | symbols | transfer without a logarithm | [`tie()`] |
//! | bits of many units | all pairs | [`pairs`] |
//! | a layer | the information plane | [`layers`] |
//!
//! # Three lines
//!
//! ```
//! # use infoplane_spec::{Stream, below, stream};
//! # fn normal(rng: &mut Stream) -> f64 { (0..12).map(|_| f64::from(below(rng, 1 << 20)) / f64::from(1 << 20)).sum::<f64>() - 6.0 }
//! # let mut rng = stream(1, "manual", 0);
//! # let (mut x, mut y) = (vec![0.0], vec![0.0]);
//! # for t in 0..1500 {
//! #     x.push(0.5 * x[t] + normal(&mut rng));
//! #     y.push(0.4 * x[t] + 0.6 * y[t] + normal(&mut rng));
//! # }
//! use infoplane_measures::{Embedding, Samples, estimator, te};
//!
//! let ksg = estimator("ksg:4")?;
//! let (x, y) = (Samples::real(&x, 1)?, Samples::real(&y, 1)?);
//! let te = te(ksg.information(), &x, &y, &Embedding::default())?;
//! assert!((te.nats - 0.0923).abs() < 0.05); // the truth of this process
//! # Ok::<(), infoplane_measures::Error>(())
//! ```
//!
//! [`estimator`] reads the specs that the program takes; `Ksg { neighbours: 4, ..Ksg::default() }` is the same.
//!
//! # Symbols
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
//! Real values become symbols by a rule, once for each variable and before any estimator, so that compared values share
//! their cells:
//!
//! ```
//! use infoplane_measures::transforms::series_transform;
//! use infoplane_measures::{Embedding, PlugIn, Samples, te};
//!
//! let (rule, canonical) = series_transform("ordinal:3")?;
//! assert_eq!(canonical, "ordinal:length=3,tau=1,form=next");
//! let series: Vec<f64> = (0..200).map(|t| (f64::from(t) * 0.7).sin()).collect();
//! let patterns = rule.apply(&Samples::real(&series, 1)?)?;
//! // the first two rows have no pattern yet, and measures leave them out
//! assert_eq!(te(&PlugIn::default(), &patterns, &patterns, &Embedding::default())?.n, 197);
//! # Ok::<(), infoplane_measures::Error>(())
//! ```
//!
//! # Rows first, then everything about them
//!
//! [`Embedded`] makes X, Y and Z of a measure once. Value, null and local terms then speak of the same rows:
//!
//! ```
//! # use infoplane_spec::{Stream, below, stream};
//! # fn normal(rng: &mut Stream) -> f64 { (0..12).map(|_| f64::from(below(rng, 1 << 20)) / f64::from(1 << 20)).sum::<f64>() - 6.0 }
//! # let mut rng = stream(2, "manual", 0);
//! # let (mut x, mut y, mut z) = (vec![0.0], vec![0.0], vec![0.0]);
//! # for t in 0..800 {
//! #     z.push(0.5 * z[t] + normal(&mut rng));
//! #     x.push(z[t] + 0.3 * normal(&mut rng));
//! #     y.push(z[t] + 0.5 * normal(&mut rng));
//! # }
//! use infoplane_measures::{Embedded, Embedding, History, Ksg, Null, Samples};
//!
//! // z drives x and y; x is only a messenger
//! let [x, y, z] = [Samples::real(&x, 1)?, Samples::real(&y, 1)?, Samples::real(&z, 1)?];
//! let ksg = Ksg::default();
//! let plain = Embedded::te(&y, &x, &[], &Embedding { k: 2, ..Embedding::default() })?.standardised()?;
//! let given = Embedded::te(&y, &x, &[(&z, History::default())], &Embedding { k: 2, ..Embedding::default() })?.standardised()?;
//!
//! let te = given.estimate(&ksg)?;
//! assert!(te.nats < plain.estimate(&ksg)?.nats + 0.05);
//! let null = given.null(&ksg, &Null::Shift, 99, 42, 2)?;
//! println!("{:.3} nats, effective {:.3}, p = {}", te.nats, te.nats - null.mean(), null.p(te.nats));
//! // local terms: when did it happen? one for each row, and the rows they belong to
//! let local = te.local.unwrap();
//! assert_eq!((local.len(), given.rows.at(0)), (given.n(), 2));
//! # Ok::<(), infoplane_measures::Error>(())
//! ```
//!
//! A draw moves only X, and an estimator reuses everything else ([`Information::prepare`]): a hundred surrogates cost far
//! less than a hundred estimates. All ordered pairs of many series share their targets likewise ([`network`]); delays
//! are searched with p-values that know of the search, and histories chosen by the data ([`selection`]).
//!
//! # Entropy and active information storage
//!
//! ```
//! # use infoplane_spec::{Stream, below, stream};
//! # fn normal(rng: &mut Stream) -> f64 { (0..12).map(|_| f64::from(below(rng, 1 << 20)) / f64::from(1 << 20)).sum::<f64>() - 6.0 }
//! # let mut rng = stream(3, "manual", 0);
//! # let mut x = vec![0.0];
//! # (0..2000).for_each(|t| x.push(0.6 * x[t] + normal(&mut rng)));
//! use infoplane_measures::{Gaussian, History, Knn, Samples, ais, entropy, transforms::standardise};
//!
//! let x = Samples::real(&x, 1)?;
//! // differential entropy: of z-scores, or it carries the unit of the data
//! let h = entropy(&Knn::default(), &standardise("x", &x)?)?;
//! assert!((h.nats - 1.419).abs() < 0.1); // ½ ln 2πe
//! let stored = ais(&Gaussian::default(), &x, History::default())?;
//! assert!((stored.nats - 0.223).abs() < 0.05); // −½ ln(1 − 0.36)
//! # Ok::<(), infoplane_measures::Error>(())
//! ```
//!
//! H(X | L) for labels L is [`given`]; Rényi and Tsallis orders are in [`families`].
//!
//! # Trials, gaps and slow series
//!
//! Rows of different trials are never joined, and a missing value takes every row with it that needs it; gaps are never
//! closed. Neighbours that are near only because they are near in time are left out by a Theiler window:
//!
//! ```
//! use infoplane_measures::{Embedding, Ksg, Samples, te};
//!
//! let trial: Vec<u32> = (0..300).map(|row| row / 100).collect();
//! let value = |t: u32| (f64::from(t) * 0.37).sin() + 0.1 * f64::from(t.wrapping_mul(2654435761) >> 16) / 65536.0;
//! let mut x: Vec<f64> = (0..300).map(value).collect();
//! let y: Vec<f64> = (0..300).map(|t| value(t + 1000)).collect();
//! x[150] = f64::NAN;
//! let x = Samples::real_with_missing(&x, 1)?.in_trials(&trial)?;
//! let y = Samples::real(&y, 1)?.in_trials(&trial)?;
//!
//! let te = te(&Ksg { theiler: 5, ..Ksg::default() }, &x, &y, &Embedding::default())?;
//! assert_eq!(te.n, 300 - 3 - 1); // each trial loses its first row, the gap one more
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
//! - A common driver (class order, drifting weights, a third series) passes for transfer: ask again *given* the driver.
//! - Lag-0 dependence is no transfer entropy; it has its own name, [`coupling`].
//! - Neighbours see the scale of each column: put series on z-scores, or the loudest column decides. `Embedded::standardised`
//!   does it after embedding, [`transforms::standardise`] before.
//! - Equal values (rounded data, saturated units) break the assumption of neighbours: kept, they read 0.62 where 0.25 is
//!   right. They are broken by tiny seeded noise, and the estimate says how many there were ([`Estimate::ties`]).
//! - Neighbours read low in many columns and for strong dependence; a differential entropy may be negative, and changes
//!   with the unit of the data.
//! - The value of a kernel or of cells is a property of their width: compare only equal widths.
//! - A delay or a history that was chosen on the data makes p-values too small, unless they know of the search.
//! - Matrix-based Rényi is a score of dependence: independent data score far above 0. Read it beside a shuffled baseline.
//!
//! # Names that users write
//!
//! [`ESTIMATORS`], [`NULLS`], [`transforms::SERIES_SYMBOLS`], [`transforms::SYMBOLS`] and [`layers::LAYER_ESTIMATORS`] are
//! registries: one entry each, with summary, citation and parameters. Adding an estimator is one file and one entry; `tests/laws` then holds it to
//! the laws ([`Laws`]), and `examples/own_estimator.rs` shows a whole one.
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
mod simd;
pub mod special;
mod states;
mod threads;
mod tie;
pub mod transforms;

pub use embedded::Embedded;
pub use embedding::{Embedding, History, Rows};
pub use error::{CODES, Error, Result};
pub use estimate::{Estimate, Note};
pub use estimators::{
    Chosen, Copula, Correction, ESTIMATORS, Gaussian, Hash, Kde, Kernel, Knn, Ksg, Laws, Lnc, MatrixRenyi, Method,
    Mixed, PlugIn, Registered, Takes, estimator,
};
pub use measures::{Entropy, Information, Prepared, ais, cmi, coupling, cte, entropy, given, mi, te};
pub use null::{Draws, NULLS, Null, benjamini_hochberg, fdr_threshold, holm, max_statistic, p_from_draws};
pub use reliability::Badge;
pub use samples::{Clock, Samples, Values};
pub use tie::tie;
