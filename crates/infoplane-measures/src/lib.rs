//! Transfer entropy, mutual information and their nulls.

pub mod embedding;
mod error;
mod estimate;
pub mod layers;
pub mod null;
pub mod packed;
pub mod reliability;
mod samples;
pub mod special;

pub use embedding::{Embedding, History};
pub use error::{CODES, Error, Result};
pub use estimate::{Estimate, Note};
pub use null::{NULLS, Null, benjamini_hochberg, holm, p_from_draws};
pub use reliability::Badge;
pub use samples::{Samples, Values};
