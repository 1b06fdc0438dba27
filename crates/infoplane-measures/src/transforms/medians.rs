//! The median of every column of a row-major array, sixteen columns at a time.
//!
//! ```text
//! lower median = the ⌈n/2⌉-th smallest of n values
//! ```
//! A value lies strictly above the median (the mean of the two middle values, where n is even) exactly if it lies
//! strictly above the lower median, so the lower one is all that a binary symbol needs.
//!
//! The answer is built bit by bit from the top: of two halves of the range it lies in the one that holds its rank.
//! That takes 32 passes of compare-and-count, all columns in lanes, no branch: a few microseconds for a training batch,
//! where selecting column by column would cost more than recording may.

/// Columns that are worked on together.
const LANES: usize = 16;

/// The lower median of each column of `values` (row-major [rows, units], finite), into `medians`.
///
/// Without a row there is no median and `medians` is left empty. Zeros count as equal whatever their sign.
pub(crate) fn lower_medians(values: &[f32], units: usize, medians: &mut Vec<f32>) {
    medians.clear();
    let rows = values.len().checked_div(units).unwrap_or(0);
    if rows == 0 {
        return;
    }
    let mut keys = vec![[0_i32; LANES]; rows];
    for first in (0..units).step_by(LANES) {
        let width = LANES.min(units - first);
        for (key, row) in keys.iter_mut().zip(values.chunks_exact(units)) {
            for (key, value) in key.iter_mut().zip(&row[first..first + width]) {
                *key = key_from_float(*value);
            }
        }
        let middle = select(&keys, (rows - 1) / 2);
        medians.extend(middle[..width].iter().map(|&key| float_from_key(key)));
    }
}

/// A whole number that orders as the float does (−0 just below 0).
fn key_from_float(value: f32) -> i32 {
    let bits = value.to_bits().cast_signed();
    bits ^ below_the_sign(bits)
}

/// The inverse: the map keeps the sign bit, so it undoes itself.
fn float_from_key(key: i32) -> f32 {
    f32::from_bits((key ^ below_the_sign(key)).cast_unsigned())
}

/// All bits but the sign where the sign is set, else none.
fn below_the_sign(bits: i32) -> i32 {
    (bits >> 31) & i32::MAX
}

/// The key of rank `rank` (0: the smallest) in each lane.
fn select(keys: &[[i32; LANES]], rank: usize) -> [i32; LANES] {
    #[cfg(target_arch = "x86_64")]
    {
        if is_x86_feature_detected!("avx512f") {
            // SAFETY: the processor has AVX-512F.
            return unsafe { select_avx512(keys, rank) };
        }
        if is_x86_feature_detected!("avx2") {
            // SAFETY: the processor has AVX2.
            return unsafe { select_avx2(keys, rank) };
        }
    }
    descend(keys, rank)
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx512f")]
fn select_avx512(keys: &[[i32; LANES]], rank: usize) -> [i32; LANES] {
    descend(keys, rank)
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
fn select_avx2(keys: &[[i32; LANES]], rank: usize) -> [i32; LANES] {
    descend(keys, rank)
}

/// The one piece of arithmetic; its callers only choose the instructions it is compiled to.
#[inline(always)]
#[expect(clippy::inline_always, reason = "it must be compiled inside each caller's instruction set")]
fn descend(keys: &[[i32; LANES]], rank: usize) -> [i32; LANES] {
    let mut found = [i32::MIN; LANES];
    for bit in (0..32).rev() {
        let mut candidate = found;
        for lane in &mut candidate {
            *lane = lane.wrapping_add(1_i32.wrapping_shl(bit));
        }
        let mut below = [0_u32; LANES];
        for key in keys {
            for lane in 0..LANES {
                below[lane] += u32::from(key[lane] < candidate[lane]);
            }
        }
        for lane in 0..LANES {
            if below[lane] as usize <= rank {
                found[lane] = candidate[lane];
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use infoplane_spec::{below, stream};

    use super::*;

    fn by_sorting(values: &[f32], units: usize) -> Vec<f32> {
        let column = |unit: usize| {
            let mut column: Vec<f32> = values.iter().skip(unit).step_by(units).copied().collect();
            column.sort_by(f32::total_cmp);
            column[(column.len() - 1) / 2]
        };
        (0..units).map(column).collect()
    }

    #[test]
    fn equals_sorting_for_all_shapes_and_ties() {
        let mut rng = stream(1, "test", 0);
        for (rows, units) in [(1, 1), (2, 3), (7, 16), (100, 17), (128, 106), (255, 33)] {
            for levels in [3, 1000, 1_000_000] {
                let mut value = || (below(&mut rng, levels) as f32 - levels as f32 / 2.0) / 7.0;
                let values: Vec<f32> = (0..rows * units).map(|_| value()).collect();
                let mut medians = Vec::new();
                lower_medians(&values, units, &mut medians);
                assert_eq!(medians, by_sorting(&values, units), "{rows} × {units}, {levels} levels");
                let fallback: Vec<[i32; LANES]> =
                    values.chunks_exact(units).map(|row| [key_from_float(row[0]); LANES]).collect();
                assert_eq!(float_from_key(descend(&fallback, (rows - 1) / 2)[0]), medians[0]);
            }
        }
    }

    #[test]
    fn strictly_above_the_lower_median_is_strictly_above_the_median() {
        let values = [0.0_f32, 0.0, 3.0, 5.0];
        let mut medians = Vec::new();
        lower_medians(&values, 1, &mut medians);
        let median = f32::midpoint(values[1], values[2]);
        assert!(values.iter().all(|value| (*value > medians[0]) == (*value > median)));
    }

    #[test]
    fn keys_keep_the_order_of_floats() {
        let floats = [f32::MIN, -1.5, -1e-40, -0.0, 0.0, 1e-40, 2.0, f32::MAX];
        assert!(floats.windows(2).all(|pair| key_from_float(pair[0]) < key_from_float(pair[1])));
        assert!(floats.iter().all(|&float| float_from_key(key_from_float(float)).to_bits() == float.to_bits()));
    }

    #[test]
    fn nothing_has_no_median() {
        let mut medians = vec![1.0];
        lower_medians(&[], 3, &mut medians);
        assert!(medians.is_empty());
    }
}
