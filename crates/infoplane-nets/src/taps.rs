//! The named places of a dense network whose outputs are read.
//!
//! In forward order: `input`, then `fc1.pre`, `fc1`, `fc2.pre`, `fc2` … for the hidden layers, `logits` and `out`
//! for the last, and `label`, the one-hot class. Layer i (from 0) thus has its input to the non-linearity at place
//! 1 + 2i and the output of it at 2 + 2i.

use crate::{Activation, Error, ModelConfig, Output, Result};

/// A tap: its name and what its values look like.
#[derive(Debug, Clone, PartialEq)]
pub struct TapInfo {
    /// `input`, `fc1.pre`, `fc1` …, `logits`, `out`, `label`.
    pub name: String,
    /// Number of units.
    pub units: usize,
    /// Range of the values, where the non-linearity (or the data) bounds it.
    pub range: Option<(f64, f64)>,
}

/// The taps of a network in forward order; `input` is the range of the data, where it is known.
///
/// ```
/// use infoplane_nets::{ModelConfig, taps_of};
///
/// let model: ModelConfig = toml::from_str("layers = [12, 10, 2]")?;
/// let names: Vec<String> = taps_of(&model, None).into_iter().map(|tap| tap.name).collect();
/// assert_eq!(names, ["input", "fc1.pre", "fc1", "logits", "out", "label"]);
/// # Ok::<(), toml::de::Error>(())
/// ```
pub fn taps_of(model: &ModelConfig, input: Option<(f64, f64)>) -> Vec<TapInfo> {
    let tap = |name: String, units, range| TapInfo { name, units, range };
    let (features, classes) = (model.layers.first().copied().unwrap_or(0), model.layers.last().copied().unwrap_or(0));
    let mut taps = vec![tap("input".to_owned(), features, input)];
    for (index, &units) in model.layers.iter().enumerate().skip(1) {
        let is_last = index + 1 == model.layers.len();
        let name = layer_name(index, is_last);
        let pre = if is_last { name.clone() } else { format!("{name}.pre") };
        taps.push(tap(pre, units, None));
        let (post, range) = match is_last {
            true => ("out".to_owned(), model.output.range()),
            false => (name, model.activation.range()),
        };
        taps.push(tap(post, units, range));
    }
    taps.push(tap("label".to_owned(), classes, Some((0.0, 1.0))));
    taps
}

/// The name of layer `index`, counted from 1: `fc1` …, or `logits` for the last.
pub(crate) fn layer_name(index: usize, is_last: bool) -> String {
    if is_last { "logits".to_owned() } else { format!("fc{index}") }
}

/// The places of taps by name.
pub(crate) fn places(taps: &[TapInfo], names: &[String]) -> Result<Vec<usize>> {
    names
        .iter()
        .map(|name| {
            let place = taps.iter().position(|tap| tap.name == *name);
            place.ok_or_else(|| {
                let present: Vec<&str> = taps.iter().map(|tap| tap.name.as_str()).collect();
                Error::UnknownTap { got: name.clone(), present: present.join(", ") }
            })
        })
        .collect()
}

impl Activation {
    /// The range of its values, where there is one.
    pub fn range(self) -> Option<(f64, f64)> {
        match self {
            Self::Tanh => Some((-1.0, 1.0)),
            Self::Sigmoid => Some((0.0, 1.0)),
            Self::Relu | Self::Identity => None,
        }
    }
}

impl Output {
    /// The range of its values, where there is one.
    pub fn range(self) -> Option<(f64, f64)> {
        match self {
            Self::Softmax | Self::Sigmoid => Some((0.0, 1.0)),
            Self::Tanh => Some((-1.0, 1.0)),
            Self::Identity => None,
        }
    }
}
