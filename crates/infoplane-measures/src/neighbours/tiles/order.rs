//! Rows in k-d order: sixteen consecutive rows are a tile, sixteen consecutive tiles a group, both compact in space.

use super::lanes::WIDTH;

/// Rows whose coordinates decide along which column a large set is split.
const SAMPLE: usize = 64;
const GROUP: usize = WIDTH * WIDTH;

/// Row numbers in k-d order, for coordinates `[rows, dim]`.
pub(super) fn kd_order(coordinates: &[f32], dim: usize) -> Vec<u32> {
    let mut keys: Vec<u64> = (0..(coordinates.len() / dim) as u64).collect();
    split(&mut keys, coordinates, dim);
    keys.into_iter().map(|key| key as u32).collect()
}

/// Halves at the median of the widest column, again and again; halves are whole groups, then whole tiles.
fn split(keys: &mut [u64], coordinates: &[f32], dim: usize) {
    if keys.len() <= WIDTH {
        return;
    }
    let column = widest(keys, coordinates, dim);
    for key in keys.iter_mut() {
        let row = u64::from(*key as u32);
        *key = (ascending(coordinates[row as usize * dim + column]) << 32) | row;
    }
    let unit = if keys.len() > GROUP { GROUP } else { WIDTH };
    let middle = keys.len().div_ceil(2).div_ceil(unit) * unit;
    keys.select_nth_unstable(middle);
    let (low, high) = keys.split_at_mut(middle);
    split(low, coordinates, dim);
    split(high, coordinates, dim);
}

/// The column of the largest extent.
fn widest(keys: &[u64], coordinates: &[f32], dim: usize) -> usize {
    let step = keys.len().div_ceil(SAMPLE);
    let row = |key: &u64| &coordinates[*key as u32 as usize * dim..][..dim];
    let mut low = row(&keys[0]).to_vec();
    let mut high = low.clone();
    for point in keys.iter().step_by(step).map(row) {
        for (column, &value) in point.iter().enumerate() {
            low[column] = low[column].min(value);
            high[column] = high[column].max(value);
        }
    }
    let extent = |column: &usize| high[*column] - low[*column];
    (0..dim).max_by(|a, b| extent(a).total_cmp(&extent(b)).then(b.cmp(a))).unwrap_or(0)
}

/// Integers in the order of the floats.
fn ascending(value: f32) -> u64 {
    let bits = value.to_bits();
    u64::from(if bits >> 31 == 1 { !bits } else { bits | 0x8000_0000 })
}
