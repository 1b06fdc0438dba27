//! `run.seeds`: one number, an inclusive range, or a list.

use infoplane_spec::inclusive_range;
use serde::{Deserialize, Serialize};

use crate::failure::Failure;

/// The seeds as written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged, expecting = "a number, a range in quotes such as \"0..4\", or a list such as [0, 7, 42]")]
pub(crate) enum Seeds {
    One(u64),
    Range(String),
    List(Vec<u64>),
}

impl Seeds {
    /// The seeds in the order written.
    pub(crate) fn list(&self) -> Result<Vec<u64>, Failure> {
        let refuse = |why: String| Failure::new("IP0121", format!("`run.seeds`: {why}"));
        let seeds = match self {
            Self::One(seed) => vec![*seed],
            Self::Range(text) => inclusive_range(text).map_err(|error| refuse(error.to_string()))?,
            Self::List(seeds) => seeds.clone(),
        };
        match seeds.iter().enumerate().find(|(at, seed)| seeds[..*at].contains(seed)) {
            _ if seeds.is_empty() => Err(refuse("the list is empty, allowed is at least one seed".to_owned())),
            Some((_, seed)) => Err(refuse(format!("{seed} stands twice"))),
            None => Ok(seeds),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_include_both_ends_and_repeats_are_refused() {
        assert_eq!(Seeds::Range("0..2".to_owned()).list().unwrap(), [0, 1, 2]);
        assert_eq!(Seeds::List(vec![7, 0]).list().unwrap(), [7, 0]);
        for bad in [Seeds::List(vec![]), Seeds::List(vec![1, 1]), Seeds::Range("2..0".to_owned())] {
            assert!(bad.list().is_err(), "{bad:?}");
        }
    }
}
