//! Where there are no wide registers, each x is answered by itself.

use super::sorted::{Axis, Inside};
use crate::simd::Level;

/// One x.
pub(crate) struct Source<'a> {
    pub(crate) axis: &'a Axis,
    pub(crate) lookup: Option<&'a Lookup>,
}

/// None is ever made.
#[derive(Debug)]
pub(crate) enum Lookup {}

impl Lookup {
    pub(crate) fn new(_axis: &Axis) -> Option<Self> {
        None
    }
}

/// Never.
pub(crate) fn pays(_level: Level, _rows: usize, _sources: usize, _neighbours: usize) -> bool {
    false
}

/// Answers none.
pub(crate) fn together(
    _y: &Axis,
    _z: &Axis,
    sources: &[Source],
    _neighbours: usize,
    mut take: impl FnMut(usize, Option<&[Inside]>),
) {
    sources.iter().enumerate().for_each(|(number, Source { axis: _, lookup: _ })| take(number, None));
}
