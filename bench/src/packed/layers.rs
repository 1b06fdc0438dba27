//! Random layers to measure on.

use infoplane_measures::packed::{PackedRows, PackedSeries, Sources, Targets};
use infoplane_spec::stream;
use rand_core::Rng;

/// Fair coins: `rows` of `units`.
pub(crate) fn random(units: usize, rows: usize, index: u64) -> PackedRows {
    let mut bytes = vec![0; units.div_ceil(8) * rows];
    stream(1, "bench/packed", index).fill_bytes(&mut bytes);
    PackedRows::from_bytes(units, rows, bytes).expect("whole rows")
}

/// A layer's rows as booleans, one vector a row.
pub(crate) fn booleans(rows: &PackedRows) -> Vec<Vec<bool>> {
    (0..rows.rows()).map(|row| (0..rows.units()).map(|unit| rows.bit(row, unit)).collect()).collect()
}

/// y' and y⁻ at lag 1.
pub(crate) fn next_and_past(series: &PackedSeries) -> (PackedSeries, PackedSeries) {
    let n = series.rows() - 1;
    (series.slice(1..n + 1), series.slice(0..n))
}

/// The target layer at lag 1.
pub(crate) fn targets(series: &PackedSeries) -> Targets {
    let (next, past) = next_and_past(series);
    Targets::new(&next, &past).expect("two slices of one length")
}

/// Source and target layers of `n` events.
pub(crate) fn pair(sources: usize, targets: usize, n: usize) -> (PackedRows, PackedRows) {
    (random(sources, n + 1, 0), random(targets, n + 1, 1))
}

/// Both layers, ready to count.
pub(crate) fn prepared(layers: &(PackedRows, PackedRows)) -> (Sources, Targets) {
    let n = layers.0.rows() - 1;
    (Sources::new(&layers.0.series().slice(0..n)), targets(&layers.1.series()))
}
