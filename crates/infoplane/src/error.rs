//! Errors of this crate, and the codes of all that it stands on.

use infoplane_spec::Code;

/// The codes of this crate: plans and warnings.
pub const CODES: &[&[Code]] = &[crate::plan::CODES, crate::warning::CODES];
