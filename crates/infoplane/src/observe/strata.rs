//! Stretches of rows inside which a measure is embedded: what it is given is constant there.

use std::ops::Range;

use infoplane_measures::pairs::{blocks, runs, whole};

use crate::plan::Given;

/// Whether a driver makes sense on this axis and order: class where samples come class by class, block on the stream,
/// where weights drift.
pub(crate) fn applies(given: Given, time: &str, order: &str) -> bool {
    match given {
        Given::Nothing => true,
        Given::Class => order == "by-class",
        Given::Block(_) => time == "samples",
    }
}

/// The stretches of rows with these labels.
pub(crate) fn strata(given: Given, labels: &[u32]) -> Vec<Range<usize>> {
    match given {
        Given::Nothing => whole(labels.len()),
        Given::Class => runs(labels),
        Given::Block(length) => blocks(labels.len(), length),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strata_cover_every_row_once() {
        let labels = [0, 0, 1, 1, 1, 2];
        assert_eq!(strata(Given::Class, &labels), [0..2, 2..5, 5..6]);
        assert_eq!(strata(Given::Block(4), &labels), [0..4, 4..6]);
        assert_eq!(strata(Given::Nothing, &labels), whole(6));
    }

    #[test]
    fn drivers_apply_where_they_are_constant() {
        assert!(applies(Given::Class, "probe", "by-class"));
        assert!(!applies(Given::Class, "probe", "shuffled"));
        assert!(applies(Given::Block(256), "samples", "shuffled"));
        assert!(!applies(Given::Block(256), "probe", "shuffled"));
    }
}
