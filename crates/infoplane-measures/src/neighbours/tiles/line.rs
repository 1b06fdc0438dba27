//! One column, max-norm: sorted once, every answer is a stretch of ranks.

use crate::neighbours::sorted::Axis;
use crate::neighbours::{Border, Metric, Space};

/// Whether a space is a line.
pub(super) fn is(space: &Space) -> bool {
    space.dim() == 1 && space.metric() == Metric::Maximum
}

/// Distance of each row to its k-th neighbour: from its own rank outwards, the nearer side first.
pub(super) fn kth(axis: &Axis, k: usize) -> Vec<f64> {
    let values = &axis.values;
    let mut kth = vec![f64::INFINITY; values.len()];
    if k >= values.len() {
        return kth;
    }
    for (rank, &row) in axis.rows.iter().enumerate() {
        let centre = values[rank];
        let below = |taken: usize| if taken < rank { centre - values[rank - 1 - taken] } else { f64::INFINITY };
        let above = |taken: usize| values.get(rank + 1 + taken).map_or(f64::INFINITY, |value| value - centre);
        let (mut low, mut high) = (0, 0);
        kth[row as usize] = (0..k).fold(0.0, |_, _| {
            let (left, right) = (below(low), above(high));
            if left <= right {
                low += 1;
                left
            } else {
                high += 1;
                right
            }
        });
    }
    kth
}

/// Rows within each row's radius, itself among them.
pub(super) fn counts(axis: &Axis, radii: &[f64], border: Border) -> Vec<u32> {
    let mut counts = vec![0; axis.rows.len()];
    for (rank, &row) in axis.rows.iter().enumerate() {
        let (centre, radius) = (axis.values[rank], radii[row as usize]);
        if border.holds(0.0, radius) {
            let (before, after) = axis.values.split_at(rank);
            let above = stretch(after.len(), |step| border.holds(after[step] - centre, radius));
            let below = stretch(rank, |step| border.holds(centre - before[rank - 1 - step], radius));
            counts[row as usize] = (above + below) as u32;
        }
    }
    counts
}

/// How many of the first steps are inside: steps that double, then halve.
#[inline(always)]
fn stretch(most: usize, inside: impl Fn(usize) -> bool) -> usize {
    let (mut sure, mut width) = (0, 8);
    while sure + width <= most && inside(sure + width - 1) {
        sure += width;
        width *= 2;
    }
    let mut open = width.min(most - sure);
    while open > 0 {
        let half = open.div_ceil(2);
        // The step at `half` decides: inside, and all before it are; else the answer lies before it.
        let within = inside(sure + half - 1);
        sure += if within { half } else { 0 };
        open = if within { open - half } else { half - 1 };
    }
    sure
}
