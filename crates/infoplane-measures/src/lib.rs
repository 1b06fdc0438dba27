//! Transfer entropy, mutual information and their nulls.

mod contingency;
pub mod embedding;
mod error;
mod estimate;
pub mod estimators;
mod hypergeometric;
pub mod layers;
pub mod measures;
pub mod null;
pub mod packed;
pub mod pairs;
pub mod reliability;
mod samples;
pub mod special;
mod states;
mod threads;
pub mod transforms;

pub use embedding::{Embedding, History};
pub use error::{CODES, Error, Result};
pub use estimate::{Estimate, Note};
pub use estimators::{Correction, ESTIMATORS, PlugIn, estimator};
pub use measures::{Entropy, Information, Prepared, ais, cmi, coupling, cte, entropy, given, mi, te};
pub use null::{NULLS, Null, benjamini_hochberg, holm, p_from_draws};
pub use reliability::Badge;
pub use samples::{Samples, Values};
