//! The plan: which measures of which taps, with which symbols and nulls.
//!
//! [`MiConfig`] and [`TeConfig`] are the sections `[mi]` and `[te]` of the config file, plain and as written.
//! [`Plan::new`] resolves them against the taps of a network and refuses what does not fit, before anything runs.

mod at;
mod error;
mod pairs;
mod symbols;

use infoplane_measures::pairs::{Null, PairMeasure};
use infoplane_measures::{Embedding, layers};
use infoplane_spec::{Spec, find};
use serde::{Deserialize, Serialize};

pub use at::At;
pub(crate) use error::CODES;
pub use error::PlanError;
pub use pairs::PairSelector;
pub use symbols::{SymbolRule, SymbolsConfig};

/// A tap of the network that is observed: what the plan has to know of it.
#[derive(Debug, Clone, PartialEq)]
pub struct TapShape {
    /// Its name.
    pub name: String,
    /// Number of units.
    pub units: usize,
    /// Range of its activation (−1 to 1 for tanh), if it has one.
    pub range: Option<(f64, f64)>,
}

/// Section `[mi]`: mutual information of each tap with input and label.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct MiConfig {
    /// Specs of layer estimators.
    pub estimators: Vec<String>,
    /// Null of I(T;Y).
    pub null: NullConfig,
}

impl Default for MiConfig {
    fn default() -> Self {
        Self {
            estimators: ["width:sweep", "kde:1e-3"].map(str::to_owned).to_vec(),
            null: NullConfig { kind: "permute-labels".to_owned(), n: 200, at: At::Last },
        }
    }
}

/// A null: its kind, the number of draws, and the snapshots that get them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NullConfig {
    /// Spec of the null.
    pub kind: String,
    /// Number of draws.
    #[serde(default = "two_hundred")]
    pub n: usize,
    /// Which snapshots get draws.
    #[serde(default)]
    pub at: At,
}

fn two_hundred() -> usize {
    200
}

/// Length of a window of the stream: the whole epoch, or a number of samples.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged, expecting = "`window` is \"epoch\" or a length in samples")]
pub enum Window {
    /// The word `epoch`.
    Epoch(EpochWord),
    /// So many samples.
    Length(usize),
}

/// The word `epoch`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum EpochWord {
    /// The word.
    #[serde(rename = "epoch")]
    Epoch,
}

/// Histories and delay, as written in `[te] history`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct HistoryConfig {
    /// Embedding length of the target.
    pub k: usize,
    /// Embedding length of the source.
    pub l: usize,
    /// Spacing inside the target's history.
    pub target_tau: usize,
    /// Spacing inside the source's history.
    pub source_tau: usize,
    /// Delay from source to target.
    pub delay: usize,
}

impl Default for HistoryConfig {
    fn default() -> Self {
        Self { k: 1, l: 1, target_tau: 1, source_tau: 1, delay: 1 }
    }
}

/// Section `[te]`: transfer entropy and coupling between taps.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct TeConfig {
    /// `te`, `coupling`, `tie`.
    pub measures: Vec<String>,
    /// Time axes: `samples`, `probe`.
    pub time: Vec<String>,
    /// Pairs of taps.
    pub pairs: Vec<PairSelector>,
    /// Rule that makes symbols of activations, one for all taps or one per tap.
    pub symbols: SymbolsConfig,
    /// Histories and delay.
    pub history: HistoryConfig,
    /// Window on the stream.
    pub window: Window,
    /// Distance between the beginnings of windows; the window's length unless given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stride: Option<usize>,
    /// Drivers the measure is given: `none`, `class`, `block:256`.
    pub given: Vec<String>,
    /// Specs of estimators; `plugin` here.
    pub estimators: Vec<String>,
    /// Null of the unit pairs and of their mean.
    pub null: NullConfig,
    /// Adjustment of p over unit pairs: `fdr-bh`, `none`.
    pub multiplicity: String,
    /// Most units of a tap that enter unit pairs.
    pub max_units: usize,
}

impl Default for TeConfig {
    fn default() -> Self {
        let words = |words: &[&str]| words.iter().map(|&word| word.to_owned()).collect();
        Self {
            measures: words(&["te", "coupling"]),
            time: words(&["samples", "probe"]),
            pairs: vec![PairSelector::Word("adjacent".to_owned())],
            symbols: SymbolsConfig::One("binary:median".to_owned()),
            history: HistoryConfig::default(),
            window: Window::Epoch(EpochWord::Epoch),
            stride: None,
            given: words(&["none"]),
            estimators: words(&["plugin"]),
            null: NullConfig { kind: "permute".to_owned(), n: 200, at: At::All },
            multiplicity: "fdr-bh".to_owned(),
            max_units: 64,
        }
    }
}

/// What a measure is given, beside the target's past.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Given {
    /// Nothing.
    Nothing,
    /// The class of the samples; only where they are ordered by class.
    Class,
    /// The stretch of so many samples; only on the stream, where weights drift.
    Block(usize),
}

impl std::fmt::Display for Given {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Nothing => write!(f, "none"),
            Self::Class => write!(f, "class"),
            Self::Block(length) => write!(f, "block:{length}"),
        }
    }
}

/// What t runs over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Axis {
    /// Training samples in processing order, as the training pass computed them.
    Samples,
    /// The fixed probe in a named order, weights frozen.
    Probe,
}

/// Draws of the null, and the snapshots that get them.
pub struct Draws<N> {
    /// The null; `None` where only the analytic null is asked for, or none at all.
    pub null: Option<N>,
    /// Canonical spec.
    pub name: String,
    /// Number of draws.
    pub n: usize,
    /// Which snapshots get them.
    pub at: At,
}

/// A plan resolved against the taps of a network.
pub struct Plan {
    /// The taps, in forward order.
    pub taps: Vec<TapShape>,
    /// Layer estimators.
    pub layers: Vec<Box<dyn layers::LayerEstimator>>,
    /// Draws of permuted labels.
    pub labels: Draws<()>,
    /// Measures of unit pairs.
    pub measures: Vec<PairMeasure>,
    /// Pairs of taps: indices into `taps`.
    pub pairs: Vec<(usize, usize)>,
    /// Rule of each tap, with its canonical spec.
    pub symbols: Vec<(SymbolRule, String)>,
    /// Embedding of unit pairs.
    pub embedding: Embedding,
    /// Time axes that are measured by unit pairs.
    pub axes: Vec<Axis>,
    /// Window length on the stream; `None` for the epoch.
    pub window: Option<usize>,
    /// Distance between windows; `None` for the window's length.
    pub stride: Option<usize>,
    /// Drivers.
    pub given: Vec<Given>,
    /// Draws of the pairs' null.
    pub draws: Draws<Null>,
    /// Whether p-values are computed at all (`null.kind` other than `none`).
    pub tested: bool,
    /// Whether p is adjusted over unit pairs.
    pub adjusted: bool,
    /// Most units of a tap that enter unit pairs.
    pub max_units: usize,
}

impl Plan {
    /// Resolves the two sections against the taps of a network.
    ///
    /// # Errors
    /// [`PlanError`] naming the key, what it got and what is allowed.
    pub fn new(mi: &MiConfig, te: &TeConfig, taps: &[TapShape]) -> Result<Self, PlanError> {
        let time = word_set("te.time", &te.time, &["samples", "probe"])?;
        let (window, stride) = windows(te)?;
        Ok(Self {
            layers: layer_estimators(&mi.estimators, taps)?,
            labels: label_draws(&mi.null)?,
            measures: measures(&te.measures)?,
            pairs: pairs::resolve(&te.pairs, taps)?,
            symbols: symbols::resolve(&te.symbols, taps)?,
            embedding: embedding(&te.history)?,
            axes: time.into_iter().map(|word| if word == "probe" { Axis::Probe } else { Axis::Samples }).collect(),
            window,
            stride,
            given: te.given.iter().map(|text| given(text)).collect::<Result<_, _>>()?,
            draws: pair_draws(&te.null)?,
            tested: te.null.kind != "none",
            adjusted: one_word("te.multiplicity", &te.multiplicity, &["fdr-bh", "none"])? == "fdr-bh",
            max_units: positive("te.max_units", te.max_units)?,
            taps: taps.to_vec(),
        })
        .and_then(|plan: Self| only_plugin(&te.estimators).map(|()| plan))
    }

    /// Refuses a window that does not fit an epoch of `samples` samples.
    ///
    /// # Errors
    /// [`PlanError::Window`].
    pub fn check_window(&self, samples: usize) -> Result<(), PlanError> {
        let least = self.embedding.first_row() + 1;
        match self.window {
            Some(window) if self.axes.contains(&Axis::Samples) && !(least..=samples).contains(&window) => {
                Err(PlanError::Window { window, least, most: samples })
            }
            _ => Ok(()),
        }
    }
}

/// The word if it is allowed.
fn one_word<'a>(key: &'static str, word: &str, allowed: &[&'a str]) -> Result<&'a str, PlanError> {
    let found = allowed.iter().find(|candidate| **candidate == word);
    found.copied().ok_or_else(|| PlanError::word(key, word, allowed))
}

/// The words if each is allowed and none stands twice.
fn word_set<'a>(key: &'static str, words: &[String], allowed: &[&'a str]) -> Result<Vec<&'a str>, PlanError> {
    let mut found = Vec::new();
    for word in words {
        let word = one_word(key, word, allowed)?;
        if found.contains(&word) {
            return Err(PlanError::Twice { key, word: word.to_owned() });
        }
        found.push(word);
    }
    Ok(found)
}

fn positive(key: &'static str, got: usize) -> Result<usize, PlanError> {
    match got {
        0 => Err(PlanError::Number { key, got: got.to_string(), allowed: "at least 1" }),
        _ => Ok(got),
    }
}

fn windows(te: &TeConfig) -> Result<(Option<usize>, Option<usize>), PlanError> {
    let stride = te.stride.map(|stride| positive("te.stride", stride)).transpose()?;
    match te.window {
        Window::Epoch(_) if stride.is_some() => {
            Err(PlanError::NoEffect { key: "te.stride", why: "the window is the whole epoch; give `window` a length" })
        }
        Window::Epoch(_) => Ok((None, None)),
        Window::Length(length) => Ok((Some(positive("te.window", length)?), stride)),
    }
}

fn measures(words: &[String]) -> Result<Vec<PairMeasure>, PlanError> {
    let words = word_set("te.measures", words, &["te", "coupling", "tie"])?;
    let measure = |word| match word {
        "te" => PairMeasure::Te,
        "coupling" => PairMeasure::Coupling,
        _ => PairMeasure::Tie,
    };
    Ok(words.into_iter().map(measure).collect())
}

fn embedding(history: &HistoryConfig) -> Result<Embedding, PlanError> {
    let HistoryConfig { k, l, target_tau, source_tau, delay } = *history;
    positive("te.history.k", k)?;
    positive("te.history.l", l)?;
    positive("te.history.target_tau", target_tau)?;
    positive("te.history.source_tau", source_tau)?;
    if delay == 0 {
        return Err(PlanError::LagZero);
    }
    Ok(Embedding { k, l, target_tau, source_tau, delay })
}

fn given(text: &str) -> Result<Given, PlanError> {
    let refuse = || PlanError::word("te.given", text, &["none", "class", "block:256"]);
    match (text, text.strip_prefix("block:")) {
        ("none", _) => Ok(Given::Nothing),
        ("class", _) => Ok(Given::Class),
        (_, Some(length)) => length.parse().ok().filter(|&n| n >= 16).map(Given::Block).ok_or_else(refuse),
        _ => Err(refuse()),
    }
}

fn only_plugin(estimators: &[String]) -> Result<(), PlanError> {
    let others = estimators.iter().find(|text| text.as_str() != "plugin");
    others.map_or(Ok(()), |text| Err(PlanError::word("te.estimators", text, &["plugin"])))
}

fn pair_draws(config: &NullConfig) -> Result<Draws<Null>, PlanError> {
    let draws = |null, name: &str| Draws { null, name: name.to_owned(), n: config.n, at: config.at.clone() };
    if matches!(config.kind.as_str(), "analytic" | "none") {
        return Ok(draws(None, &config.kind));
    }
    positive("te.null.n", config.n)?;
    let spec: Spec = config.kind.parse().map_err(PlanError::in_key("te.null.kind"))?;
    let (null, name) = find("null", infoplane_measures::NULLS, &spec).map_err(PlanError::in_key("te.null.kind"))?;
    Ok(draws(Some(null), &name))
}

fn label_draws(config: &NullConfig) -> Result<Draws<()>, PlanError> {
    let kind = one_word("mi.null.kind", &config.kind, &["permute-labels", "none"])?;
    let null = (kind == "permute-labels").then_some(());
    if null.is_some() {
        positive("mi.null.n", config.n)?;
    }
    Ok(Draws { null, name: kind.to_owned(), n: config.n, at: config.at.clone() })
}

/// Builds the layer estimators and asks each whether it can read every tap, before anything is recorded.
fn layer_estimators(specs: &[String], taps: &[TapShape]) -> Result<Vec<Box<dyn layers::LayerEstimator>>, PlanError> {
    let build = |text: &String| {
        let spec: Spec = text.parse().map_err(PlanError::in_key("mi.estimators"))?;
        let found = find("layer estimator", layers::LAYER_ESTIMATORS, &spec);
        let (estimator, _) = found.map_err(PlanError::in_key("mi.estimators"))?;
        for tap in taps {
            let unfit = |why| PlanError::UnfitTap { estimator: text.clone(), tap: tap.name.clone(), why };
            estimator.check(tap.range).map_err(|error| unfit(error.to_string()))?;
        }
        Ok(estimator)
    };
    specs.iter().map(build).collect()
}
