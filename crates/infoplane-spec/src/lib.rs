//! The small grammar, the registry shape and the named random streams that every infoplane crate shares.
//!
//! A *spec* is how a user names one of several things and sets its parameters, in a config file or on a
//! command line: `name`, `name:value` or `name:key=value,key=value`. A bare value belongs to the entry's
//! first key, and the canonical form writes every key.
//!
//! ```
//! use infoplane_spec::Spec;
//!
//! let spec: Spec = "bins:30".parse()?;
//! assert_eq!((spec.name(), spec.bare()), ("bins", Some("30")));
//! let spec: Spec = "bins:cells=30,outside=clip".parse()?;
//! assert_eq!(spec.get("outside"), Some("clip"));
//! # Ok::<(), infoplane_spec::SpecError>(())
//! ```

mod code;
mod entry;
mod range;
mod spec;
mod stream;
mod suggest;

pub use code::{Code, Coded};
pub use entry::{Arguments, Entry, Parameter, find};
pub use range::inclusive_range;
pub use spec::{Spec, SpecError};
pub use stream::{Stream, below, shuffle, stream};
pub use suggest::{closest, did_you_mean};

/// The codes of this crate, for `infoplane explain`.
pub const CODES: &[Code] = spec::CODES;
