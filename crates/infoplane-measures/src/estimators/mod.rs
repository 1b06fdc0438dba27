//! How measures are computed: one file each.
//!
//! A file declares its estimator, which implements [`Entropy`] or [`Information`], and its entry in the registry
//! ([`Registered`]); [`ESTIMATORS`] lists the entries. Everything else, the program's help, the table in the docs and
//! the tests of the laws, reads the registry.

pub mod copula;
pub mod corrections;
pub mod gaussian;
pub mod hash;
pub mod kde;
pub mod kernel;
pub mod knn;
pub mod ksg;
pub mod lnc;
pub mod matrix_renyi;
pub mod mixed;
pub mod plugin;
mod seen;
mod ties;
mod untied;

pub use copula::Copula;
pub use corrections::{CORRECTIONS, Correction};
pub use gaussian::Gaussian;
pub use hash::Hash;
pub use kde::Kde;
pub use kernel::{Kernel, Shape};
pub use knn::Knn;
pub use ksg::Ksg;
pub use lnc::Lnc;
pub use matrix_renyi::MatrixRenyi;
pub use mixed::{Form, Mixed};
pub use plugin::PlugIn;
pub use ties::Ties;

use infoplane_spec::{Entry, Spec, SpecError};

use crate::families::{Renyi, Tsallis};
use crate::transforms::{SERIES_SYMBOLS, SeriesTransform};
use crate::{Entropy, Information, Result};

/// The estimators a user can name.
pub const ESTIMATORS: &[&Registered] = &[
    &plugin::ENTRY,
    &hash::ENTRY,
    &kde::ENTRY,
    &matrix_renyi::ENTRY,
    &copula::ENTRY,
    &knn::ENTRY,
    &kernel::ENTRY,
    &mixed::ENTRY,
    &lnc::ENTRY,
    &ksg::ENTRY,
    &gaussian::ENTRY,
];

/// An estimator as the registry builds it.
pub enum Method {
    /// It supplies entropies; everything else follows from them.
    Entropy(Box<dyn Entropy>),
    /// It supplies I(X; Y | Z) at once and has no entropy.
    Information(Box<dyn Information>),
}

impl Method {
    /// I(X; Y | Z) by this estimator.
    pub fn information(&self) -> &dyn Information {
        match self {
            Self::Entropy(estimator) => estimator,
            Self::Information(estimator) => estimator.as_ref(),
        }
    }

    /// H(X) by this estimator, if it has it.
    pub fn entropy(&self) -> Option<&dyn Entropy> {
        match self {
            Self::Entropy(estimator) => Some(estimator.as_ref()),
            Self::Information(_) => None,
        }
    }
}

/// What an estimator takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Takes {
    /// Symbols only.
    Symbols,
    /// Real values only.
    Real,
    /// Both, also together.
    Any,
}

/// One line of the registry.
pub struct Registered {
    /// Name, summary, citation, parameters.
    pub entry: Entry<Method>,
    /// What it takes.
    pub takes: Takes,
    /// Whether rescaling one variable changes the value: then series are z-scored first unless told otherwise.
    pub scaled: bool,
    /// When to trust it and when not, in a sentence or two.
    pub validity: &'static str,
    /// How closely it obeys the laws.
    pub laws: Laws,
}

/// How closely an estimator obeys the laws that every one is tested by (`tests/laws`): how far the mean over seeds may lie
/// from the truth, in standard errors of that mean. `None` where a law does not apply; [`Laws::why`] says why.
///
/// Beside these every estimator is held, exactly, to: the order of rows does not matter, local terms average to the
/// value, the same seed gives the same answer, prepared answers equal fresh ones, parameters it does not know are
/// refused, and [`Registered::scaled`] tells the truth.
///
/// ```
/// use infoplane_measures::estimators::Laws;
///
/// // a new estimator names what differs from the usual
/// const LAWS: Laws = Laws { xor: None, why: "it sees linear dependence only", ..Laws::SHANNON };
/// assert_eq!(LAWS.independence, Some(3.0));
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Laws {
    /// Specs the laws are tested with; none: the name alone.
    pub specs: &'static [&'static str],
    /// Further specs, each held to tolerances of its own.
    pub also: &'static [(&'static str, Self)],
    /// I(X; Y) = I(Y; X), in value, for each seed: 0 is exactly so, up to rounding.
    pub symmetry: Option<f64>,
    /// Independent variables: from 0, or from the floor where the estimate has one.
    pub independence: Option<f64>,
    /// Two Gaussians with correlation 0.6, alone and given a third that hides it: from −½ ln(1 − 0.36). Not asked of
    /// what takes symbols only.
    pub gaussian: Option<f64>,
    /// A bit seen through a channel that flips one in ten: from ln 2 − h(0.1). Not asked of what takes real values only.
    pub channel: Option<f64>,
    /// An exclusive or (of clusters, for real values) of which one in ten is flipped: neither input tells anything
    /// alone, one given the other ln 2 − h(0.1).
    pub xor: Option<f64>,
    /// I(X; YZ) = I(X; Z) + I(X; Y | Z).
    pub chain: Option<f64>,
    /// H of a Gaussian pair, or of four symbols with probabilities ½, ¼, ⅛, ⅛. Not asked of what has no entropy.
    pub entropy: Option<f64>,
    /// Whether seeing every row twice leaves the value as it is.
    pub duplicates: bool,
    /// Why a law is `None` or wider than usual; empty where none is.
    pub why: &'static str,
}

impl Laws {
    /// A number that is no Shannon information: only its algebra can be asked for.
    pub const SCORE: Self = Self {
        independence: None,
        gaussian: None,
        channel: None,
        xor: None,
        entropy: None,
        duplicates: true,
        ..Self::SHANNON
    };

    /// A Shannon information whose bias is inside the noise.
    pub const SHANNON: Self = Self {
        specs: &[],
        also: &[],
        symmetry: Some(0.0),
        independence: Some(3.0),
        gaussian: Some(3.0),
        channel: Some(3.0),
        xor: Some(3.0),
        chain: Some(3.0),
        entropy: Some(3.0),
        duplicates: false,
        why: "",
    };
}

/// What a spec chooses.
pub struct Chosen {
    /// How the measure is computed.
    pub method: Method,
    /// What is done to the series first: `ordinal:3` means that rule, then plug-in.
    pub symbols: Option<Box<dyn SeriesTransform>>,
    /// Canonical form, every key written.
    pub canonical: String,
    /// Key and value of each parameter.
    pub parameters: Vec<(&'static str, String)>,
    /// Its line in the registry.
    pub registered: &'static Registered,
}

impl Chosen {
    /// I(X; Y | Z) by this estimator.
    pub fn information(&self) -> &dyn Information {
        self.method.information()
    }

    /// H(X) by this estimator.
    ///
    /// # Errors
    /// [`crate::Error::NoMeasure`] if it has none.
    pub fn entropy(&self) -> Result<&dyn Entropy> {
        let none = || crate::Error::NoMeasure { measure: "entropy", estimator: self.canonical.clone() };
        self.method.entropy().ok_or_else(none)
    }

    /// Its Rényi entropies.
    ///
    /// # Errors
    /// [`crate::Error::NoMeasure`] if it has none.
    pub fn renyi(&self) -> Result<&dyn Renyi> {
        let none = || crate::Error::NoMeasure { measure: "Rényi entropy", estimator: self.canonical.clone() };
        self.method.entropy().and_then(|entropy| entropy.renyi_family()).ok_or_else(none)
    }

    /// Its Tsallis entropies.
    ///
    /// # Errors
    /// [`crate::Error::NoMeasure`] if it has none.
    pub fn tsallis(&self) -> Result<&dyn Tsallis> {
        let none = || crate::Error::NoMeasure { measure: "Tsallis entropy", estimator: self.canonical.clone() };
        self.method.entropy().and_then(|entropy| entropy.tsallis_family()).ok_or_else(none)
    }
}

/// Builds the estimator that a spec names.
///
/// ```
/// use infoplane_measures::{Samples, estimator, mi};
///
/// let plugin = estimator("plugin:correction=miller-madow")?;
/// assert_eq!(plugin.canonical, "plugin:base=any,correction=miller-madow");
/// let x = Samples::symbols(&[0, 1, 0, 1], 1)?;
/// // ln 2, less the corrections: (2 + 2 − 2 − 1)/(2·4)
/// assert!((mi(plugin.information(), &x, &x)?.nats - (2.0_f64.ln() + 0.125)).abs() < 1e-15);
/// # Ok::<(), infoplane_measures::Error>(())
/// ```
///
/// # Errors
/// [`crate::Error::Spec`] if there is no such estimator or a parameter is not allowed.
pub fn estimator(spec: &str) -> Result<Chosen> {
    let spec: Spec = spec.parse()?;
    if let Some(&registered) = ESTIMATORS.iter().find(|registered| registered.entry.name == spec.name()) {
        let arguments = registered.entry.arguments(&spec)?;
        return Ok(Chosen {
            method: (registered.entry.build)(&arguments)?,
            symbols: None,
            canonical: arguments.canonical(),
            parameters: arguments.iter().map(|(key, value)| (key, value.to_owned())).collect(),
            registered,
        });
    }
    counted(&spec)
}

/// A rule for symbols in place of an estimator: that rule, then plug-in.
fn counted(spec: &Spec) -> Result<Chosen> {
    let unknown =
        || SpecError::UnknownName { kind: "estimator", name: spec.name().to_owned(), allowed: names().collect() };
    let rule = SERIES_SYMBOLS.iter().find(|rule| rule.name == spec.name()).ok_or_else(unknown)?;
    let arguments = rule.arguments(spec)?;
    Ok(Chosen {
        method: Method::Entropy(Box::new(PlugIn::default())),
        symbols: Some((rule.build)(&arguments)?),
        canonical: arguments.canonical(),
        parameters: arguments.iter().map(|(key, value)| (key, value.to_owned())).collect(),
        registered: &plugin::ENTRY,
    })
}

/// All names that [`estimator`] knows.
fn names() -> impl Iterator<Item = &'static str> {
    ESTIMATORS.iter().map(|registered| registered.entry.name).chain(SERIES_SYMBOLS.iter().map(|rule| rule.name))
}
