//! The section `[record]` of a config.
//!
//! ```
//! use infoplane_record::RecordConfig;
//!
//! let config: RecordConfig = serde_json::from_str(r#"{ "every": "epoch:5", "probe": { "size": 512 } }"#)?;
//! assert_eq!((config.every.to_string().as_str(), config.probe.size, config.probe.split.as_str()), ("epoch:5", 512, "all"));
//! assert!(config.validate().is_ok());
//! # Ok::<(), serde_json::Error>(())
//! ```

use serde::{Deserialize, Serialize};

use crate::{Cadence, RecordError, Result, TapSelection};

/// What is recorded, and how often. Every field has a default; an unknown one is refused.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RecordConfig {
    /// Globs over tap names, `!name` removes: see [`TapSelection`].
    pub taps: Vec<String>,
    /// The fixed labelled set.
    pub probe: ProbeConfig,
    /// When a snapshot is taken.
    pub every: Cadence,
    /// Whether real values of the probe are kept.
    pub store: Store,
    /// Whether packed symbols of streamed epochs are kept.
    pub stream: Keep,
    /// Largest share of time the recorder may take; only 1, no limit, so far.
    pub max_share: f64,
}

/// The probe: which samples, and in which orders they are read as a series.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ProbeConfig {
    /// `all`, `train` or `test`.
    pub split: String,
    /// Number of samples at most.
    pub size: usize,
    /// Seed of the choice and of the shuffled orders.
    pub seed: u64,
    /// `shuffled`, `by-class` (shuffled inside a class), `natural`.
    pub orders: Vec<String>,
}

/// Real values of the probe.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Store {
    /// Not kept.
    #[default]
    None,
}

/// Packed symbols of streamed epochs.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Keep {
    /// Kept under `stream/`, so that any null can be computed again.
    #[default]
    Keep,
    /// Dropped once measured.
    Drop,
}

impl Default for RecordConfig {
    fn default() -> Self {
        Self {
            taps: vec!["*".into()],
            probe: ProbeConfig::default(),
            every: Cadence::default(),
            store: Store::None,
            stream: Keep::Keep,
            max_share: 1.0,
        }
    }
}

impl Default for ProbeConfig {
    fn default() -> Self {
        Self { split: "all".into(), size: 4096, seed: 0, orders: vec!["shuffled".into()] }
    }
}

impl RecordConfig {
    /// Checks what the types cannot.
    ///
    /// # Errors
    /// [`RecordError::Setting`] naming the key, what it got and what is allowed; [`RecordError::TapPattern`].
    pub fn validate(&self) -> Result<()> {
        TapSelection::new(&self.taps)?;
        if self.max_share != 1.0 {
            return Err(setting(
                "max_share",
                self.max_share.to_string(),
                "1.0 (a schedule thinned by time is not built yet)",
            ));
        }
        self.probe.validate()
    }
}

impl ProbeConfig {
    fn validate(&self) -> Result<()> {
        let orders = ["shuffled", "by-class", "natural"];
        if !["all", "train", "test"].contains(&self.split.as_str()) {
            return Err(setting("probe.split", &self.split, "all, train, test"));
        }
        if self.size == 0 {
            return Err(setting("probe.size", "0", "at least 1"));
        }
        if self.orders.is_empty() {
            return Err(setting("probe.orders", "[]", "one or more of shuffled, by-class, natural"));
        }
        for (place, order) in self.orders.iter().enumerate() {
            if !orders.contains(&order.as_str()) {
                return Err(setting("probe.orders", order, "shuffled, by-class, natural"));
            }
            if self.orders[..place].contains(order) {
                return Err(setting("probe.orders", order, "each order once"));
            }
        }
        Ok(())
    }
}

fn setting(key: &'static str, got: impl Into<String>, allowed: &'static str) -> RecordError {
    RecordError::Setting { key, got: got.into(), allowed }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DOCUMENTED: &str = r#"
        taps      = ["*"]
        probe     = { split = "all", size = 4096, seed = 0, orders = ["shuffled"] }
        every     = "log:20"
        store     = "none"
        stream    = "keep"
        max_share = 1.0
    "#;

    #[test]
    fn the_documented_section_is_the_default_and_comes_back() {
        let config: RecordConfig = toml::from_str(DOCUMENTED).unwrap();
        assert_eq!(config, RecordConfig::default());
        assert_eq!(toml::from_str::<RecordConfig>("").unwrap(), config);
        let written = toml::to_string(&config).unwrap();
        assert_eq!(toml::from_str::<RecordConfig>(&written).unwrap(), config);
    }

    #[test]
    fn mistakes_are_refused_where_they_stand() {
        for text in ["evry = 'saxe'", "every = 'weekly'", "store = 'f32'", "stream = true", "probe = { n = 4 }"] {
            let error = toml::from_str::<RecordConfig>(text).unwrap_err();
            assert!(error.span().is_some(), "{text}: {error}");
        }
    }

    #[test]
    fn values_out_of_range_name_the_key() {
        for (text, key) in [
            ("max_share = 0.05", "max_share"),
            ("probe = { split = 'val' }", "probe.split"),
            ("probe = { size = 0 }", "probe.size"),
            ("probe = { orders = [] }", "probe.orders"),
            ("probe = { orders = ['sorted'] }", "probe.orders"),
            ("probe = { orders = ['natural', 'natural'] }", "probe.orders"),
        ] {
            let error = toml::from_str::<RecordConfig>(text).unwrap().validate().unwrap_err();
            assert!(error.to_string().contains(key), "{text}: {error}");
        }
    }
}
