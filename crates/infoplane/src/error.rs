//! Errors of this crate, and the codes of all that it stands on.

use infoplane_spec::Code;

/// The codes of this crate: plans, questions about files, and warnings.
pub const CODES: &[&[Code]] = &[crate::plan::CODES, crate::files::CODES, crate::warning::CODES];
