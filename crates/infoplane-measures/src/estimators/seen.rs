//! The rows that a row may count among its neighbours: all others outside its Theiler window.

use infoplane_spec::Parameter;

use crate::neighbours::Exclusion;
use crate::{Error, Result};

/// The key `theiler` of a spec.
pub(super) const THEILER: Parameter = Parameter {
    key: "theiler",
    default: Some("0"),
    summary: "rows at most so many steps apart in time are no neighbours",
};

/// How many rows each of `rows` rows sees; refused where one sees fewer than `k`.
pub(super) fn seen(rows: usize, k: usize, exclusion: &Exclusion) -> Result<Vec<u32>> {
    let seen = exclusion.others(rows);
    match seen.iter().min() {
        Some(&least) if k > 0 && k <= least as usize => Ok(seen),
        least => Err(Error::Neighbours { k, n: least.map_or(0, |&least| least as usize + 1) }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn k_may_be_all_the_others_and_no_more() {
        let window = |theiler| Exclusion { theiler, clock: None };
        assert_eq!(seen(5, 4, &window(0)), Ok(vec![4; 5]));
        assert_eq!(seen(5, 5, &window(0)), Err(Error::Neighbours { k: 5, n: 5 }));
        assert_eq!(seen(5, 2, &window(1)), Ok(vec![3, 2, 2, 2, 3]));
        assert_eq!(seen(5, 3, &window(1)), Err(Error::Neighbours { k: 3, n: 3 }));
        assert_eq!(seen(5, 0, &window(0)), Err(Error::Neighbours { k: 0, n: 5 }));
    }
}
