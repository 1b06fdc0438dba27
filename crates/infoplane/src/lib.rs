//! Information planes of neural networks: plan to rows, with nulls, verdicts and figures.
//!
//! This is the crate to name in a program of your own. It re-exports the three it stands on:
//!
//! | module | holds |
//! |---|---|
//! | [`measures`] | estimation: transfer entropy, mutual information, their floors, ceilings and nulls |
//! | [`record`] | frames, rows, schedules and the run directory |
//! | [`figures`] | rows to SVG |
//!
//! and adds what joins them: the [`Plan`] (which measures of which taps), the [`Observer`] (a sink that measures a
//! training by a plan and writes its run), [`files`] (one-off estimates on people's own tables), [`verdict`]s over rows,
//! and [`warning`]s.
//!
//! A training hands its activations to a sink, step by step ([`record::Sink`]); it never learns what is measured.
//! Everything else works on rows, wherever they come from:
//!
//! ```
//! use infoplane::record::Row;
//! use infoplane::verdict::{Answer, verdicts};
//!
//! // I(X;T) of one layer at one scale, over six snapshots of two seeds: it falls by two bits.
//! let row = |seed: u64, epoch: f64, value: f64| Row {
//!     run: Some(format!("example/seed-{seed}")),
//!     seed: Some(seed),
//!     step: Some(epoch as u64),
//!     epoch: Some(epoch),
//!     layer: Some("fc3".to_owned()),
//!     measure: "i_xt".to_owned(),
//!     estimator: "width:cell=0.5".to_owned(),
//!     value,
//!     unit: "bits".to_owned(),
//!     n: 4096,
//!     ceiling: Some(12.0),
//!     ..Row::default()
//! };
//! let path = [7.0, 8.0, 7.9, 6.5, 6.02, 6.0];
//! let rows: Vec<Row> =
//!     (0..2).flat_map(|seed| (0..6).map(move |i| row(seed, [0.0, 1.0, 10.0, 100.0, 500.0, 1000.0][i], path[i]))).collect();
//! let found = verdicts(&rows, &[]);
//! let falls = found.iter().find(|verdict| verdict.rule == "i-xt-falls").expect("the rule applies");
//! assert_eq!(falls.answer, Answer::Yes);
//! ```

mod error;
pub mod files;
pub mod observe;
pub mod plan;
pub mod probe;
pub mod verdict;
pub mod warning;

pub use error::CODES;
pub use infoplane_figures as figures;
pub use infoplane_measures as measures;
pub use infoplane_record as record;
pub use observe::{Clock, Length, Observer, Probe, Setup, Subject};
pub use plan::{MiConfig, Plan, PlanError, TapShape, TeConfig};
