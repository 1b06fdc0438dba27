//! Which taps are recorded: globs, with `!` to remove.
//!
//! `*` stands for any run of characters, `?` for one. A tap is taken if some pattern matches it and no pattern behind a
//! `!` does. Pre-activations (names ending in `.pre`) and `label` are taken only by a pattern that names them: one that
//! itself ends in `.pre`, or `label`.
//!
//! ```
//! use infoplane_record::TapSelection;
//!
//! let taps = ["input", "fc1.pre", "fc1", "fc2.pre", "fc2", "out", "label"].map(String::from);
//! let taken = |patterns: &[&str]| Ok::<_, infoplane_record::RecordError>(TapSelection::new(patterns)?.select(&taps));
//! assert_eq!(taken(&["*"])?, ["input", "fc1", "fc2", "out"]);
//! assert_eq!(taken(&["*", "!input", "fc2.pre"])?, ["fc1", "fc2.pre", "fc2", "out"]);
//! assert!(TapSelection::new(&["fc9"])?.check(&taps).is_err());
//! # Ok::<(), infoplane_record::RecordError>(())
//! ```

use crate::{RecordError, Result};

/// Patterns over tap names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TapSelection {
    taken: Vec<String>,
    removed: Vec<String>,
}

impl TapSelection {
    /// Reads the patterns.
    ///
    /// # Errors
    /// [`RecordError::TapPattern`] for an empty pattern, or if none takes anything (all begin with `!`).
    pub fn new(patterns: &[impl AsRef<str>]) -> Result<Self> {
        let mut selection = Self { taken: Vec::new(), removed: Vec::new() };
        for pattern in patterns {
            match pattern.as_ref().strip_prefix('!') {
                Some("") => return Err(RecordError::TapPattern { why: "`!` names nothing to remove".into() }),
                Some(removed) => selection.removed.push(removed.to_owned()),
                None if pattern.as_ref().is_empty() => {
                    return Err(RecordError::TapPattern { why: "a pattern is empty".into() });
                }
                None => selection.taken.push(pattern.as_ref().to_owned()),
            }
        }
        match selection.taken.is_empty() {
            true => Err(RecordError::TapPattern { why: "no pattern takes a tap".into() }),
            false => Ok(selection),
        }
    }

    /// The selected taps, in the order of `all`.
    pub fn select(&self, all: &[String]) -> Vec<String> {
        all.iter().filter(|tap| self.takes(tap)).cloned().collect()
    }

    /// Makes sure that every pattern names a tap and that at least one is left.
    ///
    /// # Errors
    /// [`RecordError::UnknownTap`] or [`RecordError::TapPattern`].
    pub fn check(&self, all: &[String]) -> Result<()> {
        let names = |pattern: &str, tap: &String| matches(pattern.as_bytes(), tap.as_bytes());
        let mut patterns = self.taken.iter().chain(&self.removed);
        if let Some(pattern) = patterns.find(|pattern| !all.iter().any(|tap| names(pattern, tap))) {
            return Err(RecordError::UnknownTap { pattern: pattern.clone(), taps: all.to_vec() });
        }
        match self.select(all).is_empty() {
            true => Err(RecordError::TapPattern { why: "the patterns leave no tap".into() }),
            false => Ok(()),
        }
    }

    fn takes(&self, tap: &str) -> bool {
        let by_name = |pattern: &str| match tap {
            "label" => pattern == "label",
            tap => !is_pre(tap) || is_pre(pattern),
        };
        let hit = |pattern: &String| matches(pattern.as_bytes(), tap.as_bytes());
        self.taken.iter().any(|pattern| by_name(pattern) && hit(pattern)) && !self.removed.iter().any(hit)
    }
}

/// Whether a name, or a pattern, is that of a pre-activation.
fn is_pre(name: &str) -> bool {
    name.strip_suffix(".pre").is_some()
}

/// Whether a glob of `*` and `?` covers all of `text`; time grows with the product of the lengths at most.
fn matches(glob: &[u8], text: &[u8]) -> bool {
    let (mut g, mut t) = (0, 0);
    // Where to go back to: behind the last star, and one character further than the star has eaten so far.
    let mut retry = None;
    while t < text.len() {
        match glob.get(g) {
            Some(b'*') => {
                g += 1;
                retry = Some((g, t + 1));
            }
            Some(&c) if c == b'?' || c == text[t] => (g, t) = (g + 1, t + 1),
            _ => match retry {
                Some((behind_star, next)) => {
                    (g, t) = (behind_star, next);
                    retry = Some((behind_star, next + 1));
                }
                None => return false,
            },
        }
    }
    glob[g..].iter().all(|c| *c == b'*')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn globs() {
        for (glob, text, expected) in [
            ("fc*", "fc12", true),
            ("fc?", "fc12", false),
            ("fc??", "fc12", true),
            ("*", "", true),
            ("", "", true),
            ("?", "", false),
            ("*a*b", "xxaxbxab", true),
            ("*a*b", "xxaxbxa", false),
            ("a**b", "ab", true),
            ("*.pre", "fc1.pre", true),
            ("*.pre", "fc1.pres", false),
        ] {
            assert_eq!(matches(glob.as_bytes(), text.as_bytes()), expected, "{glob} on {text}");
        }
    }

    #[test]
    fn many_stars_stay_quick() {
        let glob = "a*".repeat(200) + "b";
        assert!(!matches(glob.as_bytes(), "a".repeat(4000).as_bytes()));
    }

    #[test]
    fn hidden_taps_want_their_names() {
        let all = ["input", "fc1.pre", "fc1", "logits", "out", "label"].map(String::from);
        let select = |patterns: &[&str]| TapSelection::new(patterns).unwrap().select(&all);
        assert_eq!(select(&["fc*"]), ["fc1"]);
        assert_eq!(select(&["*.pre"]), ["fc1.pre"]);
        assert_eq!(select(&["l*"]), ["logits"]);
        assert_eq!(select(&["label", "out"]), ["out", "label"]);
        assert_eq!(select(&["*", "*.pre", "!fc1*"]), ["input", "logits", "out"]);
    }

    #[test]
    fn patterns_that_do_nothing_are_refused() {
        let all = ["input", "fc1"].map(String::from);
        for patterns in [vec![], vec![""], vec!["!"], vec!["!fc1"]] {
            assert!(matches!(TapSelection::new(&patterns), Err(RecordError::TapPattern { .. })), "{patterns:?}");
        }
        let check = |patterns: &[&str]| TapSelection::new(patterns).unwrap().check(&all);
        assert!(check(&["*"]).is_ok());
        assert!(matches!(check(&["*", "!out"]), Err(RecordError::UnknownTap { pattern, .. }) if pattern == "out"));
        assert!(matches!(check(&["*", "!*"]), Err(RecordError::TapPattern { .. })));
    }
}
