//! How measures are computed: one file each.

mod plugin;

pub use plugin::{Correction, PlugIn};

use infoplane_spec::{Entry, Parameter, Spec};

use crate::{Information, Result};

/// The estimators of conditional mutual information a user can name.
pub const ESTIMATORS: &[Entry<Box<dyn Information>>] = &[Entry {
    name: "plugin",
    summary: "counts of joint symbols put into the formula",
    citation: "Paninski 2003, doi:10.1162/089976603321780272",
    parameters: &[
        Parameter {
            key: "base", default: Some("any"), summary: "symbols are 0 to base − 1; `any` takes what occurs"
        },
        Parameter { key: "correction", default: Some("none"), summary: "bias correction: none, miller-madow" },
    ],
    build: |arguments| Ok(Box::new(PlugIn::from_arguments(arguments)?)),
}];

/// Builds the estimator that a spec names and says its canonical form.
///
/// ```
/// use infoplane_measures::{Samples, estimator, mi};
///
/// let (plugin, canonical) = estimator("plugin:correction=miller-madow")?;
/// assert_eq!(canonical, "plugin:base=any,correction=miller-madow");
/// let x = Samples::symbols(&[0, 1, 0, 1], 1)?;
/// // ln 2, less the corrections: (2 + 2 − 2 − 1)/(2·4)
/// assert!((mi(plugin.as_ref(), &x, &x)?.nats - (2.0_f64.ln() + 0.125)).abs() < 1e-15);
/// # Ok::<(), infoplane_measures::Error>(())
/// ```
///
/// # Errors
/// [`crate::Error::Spec`] if there is no such estimator or a parameter is not allowed.
pub fn estimator(spec: &str) -> Result<(Box<dyn Information>, String)> {
    Ok(infoplane_spec::find("estimator", ESTIMATORS, &spec.parse::<Spec>()?)?)
}
