//! What `bins` and `width` share once the rows are divided.

use super::FEW_CELLS;
use super::Layer;
use super::estimate::{Context, LayerEstimate, Reading};
use super::grid::Cells;
use super::partition::Partition;
use super::scan::UnitRanges;
use crate::simd::{Level, at_level};

/// The estimate of one partition.
pub(super) fn estimate(
    context: &Context,
    layer: &Layer,
    estimator: String,
    partition: &Partition,
    few_cells: bool,
) -> LayerEstimate {
    let entropy = partition.entropy();
    let joint = match partition.is_discrete() {
        true => entropy,
        false => partition.joint_entropy(layer.labels, layer.classes),
    };
    let mut estimate = context.estimate(Reading {
        estimator,
        i_xt: entropy,
        i_ty: entropy + context.label_entropy - joint,
        h_t: entropy,
        distinct: partition.distinct(),
        cells: partition.distinct() as f64,
    });
    if few_cells {
        estimate.warnings.push(FEW_CELLS);
        estimate.warnings.sort_unstable();
    }
    estimate
}

/// Whether some unit uses fewer than three cells.
pub(super) fn has_coarse_unit<C: Cells>(layer: &Layer, ranges: &UnitRanges, cells: C) -> bool {
    let ends = ranges.mins.iter().zip(&ranges.maxs).map(|(min, max)| (cells.code(*min), cells.code(*max)));
    let ends: Vec<(u32, u32)> = ends.collect();
    let third = |unit: usize, (lowest, highest): (u32, u32)| {
        has_cell_between(Level::detect(), &layer.values[unit..], layer.units, cells, lowest, highest)
    };
    ends.iter().any(|(lowest, highest)| highest - lowest < 2)
        || ends.into_iter().enumerate().any(|(unit, ends)| !third(unit, ends))
}

fn has_cell_between<C: Cells>(level: Level, from: &[f32], units: usize, cells: C, lowest: u32, highest: u32) -> bool {
    at_level!(level, find_between[C: Cells],
        (from: &[f32], units: usize, cells: C, lowest: u32, highest: u32) -> bool
        => (from, units, cells, lowest, highest))
}

/// Whether a value of the column that begins `from` lies between two cells.
#[inline(always)]
fn find_between<C: Cells>(from: &[f32], units: usize, cells: C, lowest: u32, highest: u32) -> bool {
    let between = |value: &f32| cells.code(*value).wrapping_sub(lowest + 1) < highest - lowest - 1;
    from.iter().step_by(units).any(between)
}
