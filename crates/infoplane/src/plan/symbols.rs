//! Which rule makes symbols of each tap.

use std::collections::BTreeMap;

use infoplane_measures::transforms::{SYMBOLS, SymbolTransform};
use infoplane_spec::{Spec, find};
use serde::{Deserialize, Serialize};

use super::{PlanError, TapShape};

/// `te.symbols`: one spec for all taps, or one per tap with `"*"` for the rest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged, expecting = "`symbols` is a spec, or a table from tap (or \"*\") to spec")]
pub enum SymbolsConfig {
    /// The same for all.
    One(String),
    /// By tap.
    PerTap(BTreeMap<String, String>),
}

/// The rule of one tap.
pub type SymbolRule = Box<dyn SymbolTransform>;

const KEY: &str = "te.symbols";

/// Rule and canonical spec of each tap, in the taps' order.
pub(super) fn resolve(config: &SymbolsConfig, taps: &[TapShape]) -> Result<Vec<(SymbolRule, String)>, PlanError> {
    if let SymbolsConfig::PerTap(table) = config {
        let unknown = table.keys().find(|key| *key != "*" && !taps.iter().any(|tap| tap.name == **key));
        if let Some(tap) = unknown {
            let taps = taps.iter().map(|shape| shape.name.clone()).collect();
            return Err(PlanError::UnknownTap { key: KEY, tap: tap.clone(), taps });
        }
    }
    taps.iter().map(|tap| build(spec_of(config, &tap.name)?)).collect()
}

fn spec_of<'a>(config: &'a SymbolsConfig, tap: &str) -> Result<&'a str, PlanError> {
    let spec = match config {
        SymbolsConfig::One(spec) => spec,
        SymbolsConfig::PerTap(table) => {
            let missing = || PlanError::NoRule { tap: tap.to_owned() };
            table.get(tap).or(table.get("*")).ok_or_else(missing)?
        }
    };
    // the published rule: a high threshold for probabilities, a magnitude for everything before them
    Ok(match (spec.as_str(), tap) {
        ("published", "out") => "binary:0.9",
        ("published", _) => "binary:abs=1.0",
        (spec, _) => spec,
    })
}

fn build(text: &str) -> Result<(SymbolRule, String), PlanError> {
    let spec: Spec = text.parse().map_err(PlanError::in_key(KEY))?;
    find("symbol rule", SYMBOLS, &spec).map_err(PlanError::in_key(KEY))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn taps() -> Vec<TapShape> {
        ["fc1", "out"].map(|name| TapShape { name: name.to_owned(), units: 3, range: None }).to_vec()
    }

    fn names(config: &SymbolsConfig) -> Vec<String> {
        resolve(config, &taps()).unwrap().into_iter().map(|(_, name)| name).collect()
    }

    #[test]
    fn the_published_rule_differs_by_tap() {
        let published = names(&SymbolsConfig::One("published".to_owned()));
        assert!(published[0].contains("abs=1"), "{published:?}");
        assert!(published[1].contains("0.9"), "{published:?}");
    }

    #[test]
    fn a_table_needs_every_tap_and_only_taps() {
        let table = |pairs: &[(&str, &str)]| {
            SymbolsConfig::PerTap(pairs.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect())
        };
        let mixed = names(&table(&[("*", "binary:median"), ("out", "binary:mean")]));
        assert!(mixed[0].contains("median") && mixed[1].contains("mean"), "{mixed:?}");
        assert!(matches!(resolve(&table(&[("out", "binary:mean")]), &taps()), Err(PlanError::NoRule { .. })));
        assert!(matches!(resolve(&table(&[("fc7", "binary:mean")]), &taps()), Err(PlanError::UnknownTap { .. })));
    }
}
