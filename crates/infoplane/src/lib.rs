//! Information planes of neural networks: plan to rows, with nulls, verdicts and figures.

mod error;
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
