//! The sections `[data]`, `[model]` and `[train]` of a configuration, and what they allow.

use serde::{Deserialize, Serialize};

use crate::data::Dataset;
use crate::{Error, Result};

/// What a training needs to know.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NetsConfig {
    /// Section `[data]`.
    pub data: DataConfig,
    /// Section `[model]`.
    pub model: ModelConfig,
    /// Section `[train]`.
    #[serde(default)]
    pub train: TrainConfig,
}

/// Section `[data]`: where observations come from.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DataConfig {
    /// A built-in name (`ib12`, `ib12:gamma=54.5`, `digits`) or the path of an IDX, NPZ or CSV file.
    pub source: String,
    /// IDX only: the file of labels; without it, the one beside the images by the usual naming.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub labels: Option<String>,
    /// CSV only: the column of labels.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// How inputs are scaled.
    #[serde(default)]
    pub scale: Scale,
    /// Share of the rows that train, above 0 and at most 1; the rest is the test split.
    #[serde(default = "default_train")]
    pub train: f64,
}

/// How inputs are scaled, once, before anything sees them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Scale {
    /// Into 0 to 1: divided by the format's largest value where it has one (255 for IDX, 16 for digits, 1 for ib12),
    /// else each column by its own smallest and largest value (CSV, NPZ).
    #[default]
    Unit,
    /// As they are.
    None,
    /// Each column to mean 0 and standard deviation 1 over all rows.
    Standard,
}

/// Section `[model]`: a dense network.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ModelConfig {
    /// Widths, from the number of features to the number of classes.
    pub layers: Vec<usize>,
    /// Non-linearity of the hidden layers.
    #[serde(default)]
    pub activation: Activation,
    /// Non-linearity of the output.
    #[serde(default)]
    pub output: Output,
    /// How weights begin.
    #[serde(default)]
    pub init: Init,
}

/// Non-linearity of hidden layers.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Activation {
    /// tanh z, between −1 and 1.
    #[default]
    Tanh,
    /// max(z, 0).
    Relu,
    /// 1/(1+exp(−z)), between 0 and 1.
    Sigmoid,
    /// z.
    Identity,
}

/// Non-linearity of the output.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Output {
    /// `exp(z_c) / Σ exp(z_c')`, a distribution over the classes.
    #[default]
    Softmax,
    /// 1/(1+exp(−z)) per class.
    Sigmoid,
    /// z.
    Identity,
    /// tanh z.
    Tanh,
}

/// How weights begin.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Init {
    /// Normal with standard deviation 1/√(fan-in), cut at 2 standard deviations; biases 0.
    #[default]
    FanIn,
}

/// Section `[train]`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct TrainConfig {
    /// The optimiser.
    pub optimizer: Optimizer,
    /// Learning rate, above 0.
    pub lr: f64,
    /// `sgd` only: share of the last update that is added to the next, from 0 to below 1.
    pub momentum: f64,
    /// Strength of the penalty ½·w·‖θ‖² (its gradient w·θ is added to that of the loss), at least 0.
    pub weight_decay: f64,
    /// Steps down of the learning rate.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decay: Option<Decay>,
    /// The loss.
    pub loss: Loss,
    /// Rows per step; the last batch of an epoch may be shorter.
    pub batch: usize,
    /// Passes over the training split.
    pub epochs: u64,
    /// Order of the samples.
    pub order: Order,
}

/// The optimiser.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Optimizer {
    /// Adam with β₁ = 0.9, β₂ = 0.999, ε = 1e-8 (Kingma & Ba 2015, arXiv:1412.6980).
    #[default]
    Adam,
    /// Stochastic gradient descent: v ← momentum·v + g, θ ← θ − lr·v.
    Sgd,
}

/// Steps down of the learning rate: lr·factor^⌊epoch / every⌋.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Decay {
    /// Epochs between two steps, at least 1.
    pub every: u64,
    /// What each step multiplies by, above 0.
    pub factor: f64,
}

/// The loss.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Loss {
    /// Softmax output: `−ln out[label]`. Sigmoid output: `−Σ_c` of `ln out_c` for the label, `ln(1−out_c)` for the others. Mean over rows, nats.
    #[default]
    CrossEntropy,
    /// (out − one-hot label)², mean over rows and classes.
    Mse,
}

/// Order of the samples in an epoch.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Order {
    /// Shuffled anew for each epoch.
    #[default]
    Shuffled,
    /// Shuffled once, the same in each epoch.
    Fixed,
    /// Class after class, shuffled anew inside each class for each epoch.
    ByClass,
}

const fn default_train() -> f64 {
    0.8
}

impl Default for TrainConfig {
    fn default() -> Self {
        Self {
            optimizer: Optimizer::default(),
            lr: 4e-4,
            momentum: 0.0,
            weight_decay: 0.0,
            decay: None,
            loss: Loss::default(),
            batch: 256,
            epochs: 10_000,
            order: Order::default(),
        }
    }
}

impl NetsConfig {
    /// Checks everything that can be checked without the data.
    ///
    /// # Errors
    /// The first setting that is out of its range, has no effect, or contradicts another.
    pub fn validate(&self) -> Result<()> {
        self.data.validate()?;
        self.model.validate()?;
        self.train.validate()?;
        match (self.train.loss, self.model.output) {
            (Loss::CrossEntropy, Output::Identity) => Err(Error::LossWithoutProbability { output: "identity" }),
            (Loss::CrossEntropy, Output::Tanh) => Err(Error::LossWithoutProbability { output: "tanh" }),
            _ => Ok(()),
        }
    }
}

impl DataConfig {
    /// The settings that read `source` with everything else by default.
    pub fn new(source: impl Into<String>) -> Self {
        Self { source: source.into(), labels: None, label: None, scale: Scale::default(), train: default_train() }
    }

    fn validate(&self) -> Result<()> {
        number("data.train", self.train, "above 0 and at most 1", |x| x > 0.0 && x <= 1.0)
    }
}

impl ModelConfig {
    fn validate(&self) -> Result<()> {
        let enough = self.layers.len() >= 2 && self.layers.iter().all(|&width| width > 0);
        if enough { Ok(()) } else { Err(Error::Layers { layers: self.layers.clone() }) }
    }

    /// Checks that the layers begin with the data's features and end with its classes.
    ///
    /// # Errors
    /// [`Error::FirstLayer`] or [`Error::LastLayer`].
    pub fn fits(&self, data: &Dataset) -> Result<()> {
        let (first, last) = (self.layers.first().copied(), self.layers.last().copied());
        if first != Some(data.features) {
            return Err(Error::FirstLayer {
                got: first.unwrap_or(0),
                features: data.features,
                data: data.name.clone(),
            });
        }
        if last != Some(data.classes) {
            return Err(Error::LastLayer { got: last.unwrap_or(0), classes: data.classes, data: data.name.clone() });
        }
        Ok(())
    }
}

impl TrainConfig {
    fn validate(&self) -> Result<()> {
        number("train.lr", self.lr, "above 0", |x| x > 0.0)?;
        number("train.momentum", self.momentum, "at least 0 and below 1", |x| (0.0..1.0).contains(&x))?;
        number("train.weight_decay", self.weight_decay, "at least 0", |x| x >= 0.0)?;
        number("train.batch", self.batch as f64, "at least 1", |x| x >= 1.0)?;
        number("train.epochs", self.epochs as f64, "at least 1", |x| x >= 1.0)?;
        if let Some(decay) = self.decay {
            number("train.decay.every", decay.every as f64, "at least 1", |x| x >= 1.0)?;
            number("train.decay.factor", decay.factor, "above 0", |x| x > 0.0)?;
        }
        if self.optimizer == Optimizer::Adam && self.momentum != 0.0 {
            return Err(Error::NoEffect { key: "train.momentum", with: "optimizer = \"sgd\"" });
        }
        Ok(())
    }

    /// The learning rate of an epoch, counted from 0.
    pub fn lr_at(&self, epoch: u64) -> f64 {
        let steps = self.decay.map_or(0, |decay| epoch / decay.every);
        self.lr * self.decay.map_or(1.0, |decay| decay.factor).powf(steps as f64)
    }
}

/// Refuses a number that is not finite or not allowed.
fn number(key: &'static str, got: f64, allowed: &'static str, holds: impl Fn(f64) -> bool) -> Result<()> {
    if got.is_finite() && holds(got) { Ok(()) } else { Err(Error::Number { key, got, allowed }) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config(text: &str) -> NetsConfig {
        toml::from_str(text).unwrap()
    }

    const SMALL: &str = "[data]\nsource = \"ib12\"\n[model]\nlayers = [12, 2]\n";

    #[test]
    fn every_default_is_written_and_reads_back() {
        let resolved = toml::to_string(&config(SMALL)).unwrap();
        for line in ["scale = \"unit\"", "train = 0.8", "init = \"fan-in\"", "order = \"shuffled\"", "batch = 256"] {
            assert!(resolved.contains(line), "{line} missing in\n{resolved}");
        }
        assert_eq!(config(&resolved), config(SMALL));
    }

    #[test]
    fn unknown_keys_and_values_are_refused() {
        for text in ["[train]\nmomentun = 0.9", "[train]\norder = \"sorted\"", "[data2]\nx = 1"] {
            assert!(toml::from_str::<NetsConfig>(&format!("{SMALL}{text}")).is_err(), "{text}");
        }
    }

    #[test]
    fn impossible_settings_are_refused_by_name() {
        for (text, place) in [
            ("epochs = 0", "train.epochs"),
            ("batch = 0", "train.batch"),
            ("lr = 0.0", "train.lr"),
            ("lr = nan", "train.lr"),
            ("optimizer = \"sgd\"\nmomentum = 1.0", "train.momentum"),
            ("momentum = 0.9", "train.momentum"),
            ("weight_decay = -1.0", "train.weight_decay"),
            ("decay = { every = 0, factor = 0.1 }", "train.decay.every"),
        ] {
            let message = config(&format!("{SMALL}[train]\n{text}")).validate().unwrap_err().to_string();
            assert!(message.contains(place), "{text}: {message}");
        }
    }

    #[test]
    fn cross_entropy_wants_probabilities() {
        let text = SMALL.to_owned() + "output = \"tanh\"\n";
        assert!(matches!(config(&text).validate(), Err(Error::LossWithoutProbability { output: "tanh" })));
        assert!(config(&(text + "[train]\nloss = \"mse\"")).validate().is_ok());
    }

    #[test]
    fn the_learning_rate_steps_down_at_whole_periods() {
        let text = SMALL.to_owned() + "[train]\nlr = 1.0\ndecay = { every = 2, factor = 0.5 }";
        let rates: Vec<f64> = (0..6).map(|epoch| config(&text).train.lr_at(epoch)).collect();
        assert_eq!(rates, [1.0, 1.0, 0.5, 0.5, 0.25, 0.25]);
    }
}
