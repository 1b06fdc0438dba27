//! The estimator of a request, with everything that bears on it; what bears on nothing is refused.

use infoplane_measures::transforms::{SeriesTransform, series_transform};
use infoplane_measures::{Chosen, ESTIMATORS, Null, Takes, estimator};
use infoplane_spec::Spec;
use serde_json::{Map, Value};

use super::asked::{Family, Normalise, Question, Request, Unit};
use super::{FilesError, Result};

/// How the values are computed.
pub(super) struct Method {
    pub(super) chosen: Chosen,
    /// The rule of `--symbols`, with its canonical form.
    given_symbols: Option<(Box<dyn SeriesTransform>, String)>,
    pub(super) normalise: Normalise,
    pub(super) seed: u64,
}

impl Method {
    pub(super) fn new(request: &Request) -> Result<Self> {
        let chosen = estimator(&spec(request)?)?;
        let given_symbols = request.symbols.as_deref().map(series_transform).transpose()?;
        let method =
            Self { normalise: normalise(request, &chosen)?, given_symbols, chosen, seed: request.seed.unwrap_or(0) };
        method.check(request)?;
        Ok(method)
    }

    /// What makes symbols of the series, if anything does.
    pub(super) fn rule(&self) -> Option<&dyn SeriesTransform> {
        self.given_symbols.as_ref().map(|(rule, _)| rule.as_ref()).or(self.chosen.symbols.as_deref())
    }

    pub(super) fn takes(&self) -> Takes {
        self.chosen.registered.takes
    }

    /// Canonical form of the rule of `--symbols`.
    pub(super) fn symbols(&self) -> Option<String> {
        self.given_symbols.as_ref().map(|(_, canonical)| canonical.clone())
    }

    /// Every parameter with its value, and how series were put on one scale.
    pub(super) fn params(&self) -> Map<String, Value> {
        let value = |text: &str| match text.parse::<f64>().ok().and_then(|_| serde_json::from_str(text).ok()) {
            Some(number) => number,
            None => Value::from(text),
        };
        let mut params: Map<String, Value> =
            self.chosen.parameters.iter().map(|(key, text)| ((*key).to_owned(), value(text))).collect();
        let normalised = match self.normalise {
            Normalise::None => return params,
            Normalise::Before => "before",
            Normalise::After => "after",
        };
        params.insert("normalise".to_owned(), normalised.into());
        params
    }

    fn check(&self, request: &Request) -> Result<()> {
        let refuse = |option: &str| Err(FilesError::no_effect(option, &self.chosen.canonical));
        let measure = |option: &str| Err(FilesError::no_effect(option, request.question.measure()));
        let uses_symbols = self.takes() == Takes::Symbols && self.chosen.symbols.is_none();
        if self.given_symbols.is_some() && !uses_symbols {
            return refuse("symbols");
        }
        if request.null.is_some() && request.question.is_entropy() {
            return measure("null");
        }
        if request.seed.is_some() && request.null.is_none() && !self.is_noisy() {
            return refuse("seed");
        }
        if request.trial.is_some() && !self.minds_trials(request) {
            return measure("trial");
        }
        match request.question {
            Question::Entropy { family: Some((Family::Tsallis, _)), .. } if request.unit == Some(Unit::Bits) => {
                Err(FilesError::no_effect("unit", "tsallis"))
            }
            _ => Ok(()),
        }
    }

    /// Whether a seed changes its values.
    fn is_noisy(&self) -> bool {
        let get = |key: &str| self.chosen.parameters.iter().find(|(k, _)| *k == key).map(|(_, value)| value.as_str());
        get("seed").is_some() && get("ties").is_none_or(|ties| ties == "noise")
    }

    fn minds_trials(&self, request: &Request) -> bool {
        let null = request.null.as_ref().map(|null| null.null);
        request.question.looks_back()
            || request.theiler.is_some_and(|window| window > 0)
            || matches!(null, Some(Null::Shift | Null::Block(_) | Null::BlockAuto))
            || self.rule().is_some()
    }
}

/// The spec with the Theiler window and the seed put in.
fn spec(request: &Request) -> Result<String> {
    let spec: Spec = request.estimator.parse().map_err(infoplane_measures::Error::from)?;
    let mut text = request.estimator.clone();
    let registered = ESTIMATORS.iter().find(|registered| registered.entry.name == spec.name());
    let has = |key: &str| registered.is_some_and(|found| found.entry.parameters.iter().any(|p| p.key == key));
    let mut set = |key: &'static str, value: String| {
        if spec.get(key).is_some() {
            return Err(FilesError::Twice { option: key, estimator: request.estimator.clone() });
        }
        let between = if text.contains(':') { "," } else { ":" };
        text = format!("{text}{between}{key}={value}");
        Ok(())
    };
    match request.theiler {
        Some(window) if has("theiler") => set("theiler", window.to_string())?,
        // an unknown name is told as such, not as an option without effect
        Some(_) if registered.is_some() => return Err(FilesError::no_effect("theiler", &request.estimator)),
        _ => {}
    }
    if let Some(seed) = request.seed.filter(|_| has("seed")) {
        // surrogates have their own use of it
        if spec.get("seed").is_none() || request.null.is_none() {
            set("seed", seed.to_string())?;
        }
    }
    Ok(text)
}

/// As asked, or as the estimator needs it. An entropy is in the units of its data unless asked otherwise.
fn normalise(request: &Request, chosen: &Chosen) -> Result<Normalise> {
    let registered = chosen.registered;
    let entropy = request.question.is_entropy();
    let matters = registered.takes != Takes::Symbols && (registered.scaled || entropy);
    match request.normalise {
        None if matters && !entropy => Ok(Normalise::Before),
        None => Ok(Normalise::None),
        Some(Normalise::Before | Normalise::After) if !matters => {
            Err(FilesError::no_effect("normalise", &chosen.canonical))
        }
        Some(asked) => Ok(asked),
    }
}
