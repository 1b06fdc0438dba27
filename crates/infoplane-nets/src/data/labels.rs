//! Labels as written become classes 0, 1, 2 …, in ascending order of the labels.

use super::Raw;
use crate::{Error, Result};

/// The class of each row and the label each class had.
pub(super) fn numbered(raw: &Raw) -> Result<(Vec<u32>, Vec<i64>)> {
    let mut values = raw.y.clone();
    values.sort_unstable();
    values.dedup();
    if let [label] = values[..] {
        return Err(Error::OneClass { path: raw.name.clone(), label });
    }
    let class = |label: &i64| values.partition_point(|value| value < label) as u32;
    Ok((raw.y.iter().map(class).collect(), values))
}

/// A label given as a real number, if it is whole.
pub(super) fn whole(value: f64) -> Option<i64> {
    (value.fract() == 0.0 && value.abs() < 9e15).then_some(value as i64)
}
