//! Which pairs of taps: `adjacent`, `ends`, `all`, or two names.

use serde::{Deserialize, Serialize};

use super::{PlanError, TapShape};

/// One item of `te.pairs`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged, expecting = "a pair is \"adjacent\", \"ends\", \"all\", or two taps such as [\"fc1\", \"out\"]")]
pub enum PairSelector {
    /// `adjacent`: consecutive taps; `ends`: first → each and each → last; `all`: every earlier → later.
    Word(String),
    /// Source and target.
    Taps(String, String),
}

/// The pairs as indices into `taps`, each once, in forward order of source and target.
pub(super) fn resolve(selectors: &[PairSelector], taps: &[TapShape]) -> Result<Vec<(usize, usize)>, PlanError> {
    let mut pairs = Vec::new();
    for selector in selectors {
        match selector {
            PairSelector::Word(word) => pairs.extend(by_word(word, taps)?),
            PairSelector::Taps(source, target) => pairs.push(by_name(source, target, taps)?),
        }
    }
    pairs.sort_unstable();
    pairs.dedup();
    Ok(pairs)
}

/// The label is no layer: it enters pairs only by name.
fn by_word(word: &str, taps: &[TapShape]) -> Result<Vec<(usize, usize)>, PlanError> {
    let layers: Vec<usize> = (0..taps.len()).filter(|&tap| taps[tap].name != "label").collect();
    let every = layers.iter().enumerate().flat_map(|(i, &a)| layers[i + 1..].iter().map(move |&b| (a, b)));
    let (first, last) = (layers.first().copied(), layers.last().copied());
    match word {
        "adjacent" => Ok(layers.windows(2).map(|pair| (pair[0], pair[1])).collect()),
        "ends" => Ok(every.filter(|(a, b)| Some(*a) == first || Some(*b) == last).collect()),
        "all" => Ok(every.collect()),
        _ => Err(PlanError::word("te.pairs", word, &["adjacent", "ends", "all"])),
    }
}

fn by_name(source: &str, target: &str, taps: &[TapShape]) -> Result<(usize, usize), PlanError> {
    let place = |tap: &str| {
        taps.iter().position(|shape| shape.name == tap).ok_or_else(|| PlanError::UnknownTap {
            key: "te.pairs",
            tap: tap.to_owned(),
            taps: taps.iter().map(|shape| shape.name.clone()).collect(),
        })
    };
    match (place(source)?, place(target)?) {
        (a, b) if a < b => Ok((a, b)),
        _ => Err(PlanError::Backward { source_tap: source.to_owned(), target_tap: target.to_owned() }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn taps() -> Vec<TapShape> {
        ["input", "fc1", "fc2", "out", "label"]
            .map(|name| TapShape { name: name.to_owned(), units: 3, range: None })
            .to_vec()
    }

    fn words(words: &[&str]) -> Vec<PairSelector> {
        words.iter().map(|&word| PairSelector::Word(word.to_owned())).collect()
    }

    #[test]
    fn words_mean_what_they_say() {
        assert_eq!(resolve(&words(&["adjacent"]), &taps()).unwrap(), [(0, 1), (1, 2), (2, 3)]);
        assert_eq!(resolve(&words(&["ends"]), &taps()).unwrap(), [(0, 1), (0, 2), (0, 3), (1, 3), (2, 3)]);
        assert_eq!(resolve(&words(&["all"]), &taps()).unwrap().len(), 6);
        assert_eq!(resolve(&words(&["adjacent", "all"]), &taps()).unwrap().len(), 6);
    }

    #[test]
    fn names_must_exist_and_run_forward() {
        let pair = |a: &str, b: &str| vec![PairSelector::Taps(a.to_owned(), b.to_owned())];
        assert_eq!(resolve(&pair("fc1", "label"), &taps()).unwrap(), [(1, 4)]);
        assert!(matches!(resolve(&pair("out", "fc1"), &taps()), Err(PlanError::Backward { .. })));
        assert!(matches!(resolve(&pair("fc1", "fc1"), &taps()), Err(PlanError::Backward { .. })));
        assert!(matches!(resolve(&pair("fc1", "fc9"), &taps()), Err(PlanError::UnknownTap { .. })));
        assert!(matches!(resolve(&words(&["adjacnt"]), &taps()), Err(PlanError::Word { .. })));
    }
}
