//! One bit a value: strictly above the median of its column, sixteen columns at a time.
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
/// One row of them, as whole numbers that order as the floats do.
type Keys = [i32; LANES];

/// Appends one bit a value, 1 where it lies strictly above its column's median, to `bytes`: rows of ⌈units/8⌉ bytes,
/// first unit lowest. `values` is row-major [rows, units]. False, and nothing appended, if a value is not finite.
pub(crate) fn push_above_medians(values: &[f32], units: usize, bytes: &mut Vec<u8>) -> bool {
    push_at(Level::detect(), values, units, bytes)
}

/// What the processor offers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Level {
    Portable,
    #[cfg(target_arch = "x86_64")]
    Avx2,
    #[cfg(target_arch = "x86_64")]
    Avx512,
}

impl Level {
    fn detect() -> Self {
        #[cfg(target_arch = "x86_64")]
        {
            if is_x86_feature_detected!("avx512f") {
                return Self::Avx512;
            }
            if is_x86_feature_detected!("avx2") {
                return Self::Avx2;
            }
        }
        Self::Portable
    }
}

fn push_at(level: Level, values: &[f32], units: usize, bytes: &mut Vec<u8>) -> bool {
    let rows = values.len().checked_div(units).unwrap_or(0);
    let (stride, begin) = (units.div_ceil(8), bytes.len());
    bytes.resize(begin + rows * stride, 0);
    if rows == 0 {
        return true;
    }
    let mut keys = vec![[0; LANES]; rows];
    for first in (0..units).step_by(LANES) {
        let mut block = Block { values, units, first, bits: &mut bytes[begin..] };
        let finite = match level {
            Level::Portable => block.put(&mut keys, descend),
            // SAFETY: the level is at most the processor's own.
            #[cfg(target_arch = "x86_64")]
            Level::Avx2 => unsafe { put_avx2(&mut block, &mut keys) },
            // SAFETY: as above.
            #[cfg(target_arch = "x86_64")]
            Level::Avx512 => unsafe { put_avx512(&mut block, &mut keys) },
        };
        if !finite {
            bytes.truncate(begin);
            return false;
        }
    }
    true
}

/// Sixteen columns, or what is left of them.
struct Block<'a> {
    /// Row-major [rows, units].
    values: &'a [f32],
    units: usize,
    first: usize,
    /// Where their bits go: rows of ⌈units/8⌉ bytes.
    bits: &'a mut [u8],
}

impl Block<'_> {
    fn width(&self) -> usize {
        LANES.min(self.units - self.first)
    }

    /// Puts the bits; false if a value is not finite.
    #[inline(always)]
    #[expect(clippy::inline_always, reason = "it must be compiled inside its callers' instruction sets")]
    fn put(&mut self, keys: &mut [Keys], select: impl Fn(&[Keys], i32) -> Keys) -> bool {
        let (width, mut largest) = (self.width(), 0);
        for (key, row) in keys.iter_mut().zip(self.values.chunks_exact(self.units)) {
            let mut lanes = [0.0; LANES];
            lanes[..width].copy_from_slice(&row[self.first..self.first + width]);
            *key = lanes.map(key_from_float);
            // infinity and everything that is no number have larger magnitudes than numbers
            largest = lanes.iter().fold(largest, |largest, lane| largest.max(lane.to_bits() & !(1 << 31)));
        }
        let medians = select(keys, middle(keys));
        for (row, key) in self.bits.chunks_exact_mut(self.units.div_ceil(8)).zip(keys) {
            let above: u16 = (0..LANES).map(|lane| u16::from(key[lane] > medians[lane]) << lane).sum();
            put_bits(&mut row[self.first / 8..], above);
        }
        largest < f32::INFINITY.to_bits()
    }
}

/// Rank of the lower median, 0 being the smallest.
fn middle(keys: &[Keys]) -> i32 {
    i32::try_from((keys.len() - 1) / 2).unwrap_or(i32::MAX)
}

/// The bits of sixteen columns, as far as the row goes.
fn put_bits(row: &mut [u8], bits: u16) {
    row.iter_mut().zip(bits.to_le_bytes()).for_each(|(byte, bits)| *byte = bits);
}

/// A whole number that orders as the float does; −0 becomes 0 first.
fn key_from_float(value: f32) -> i32 {
    let bits = (value + 0.0).to_bits().cast_signed();
    bits ^ ((bits >> 31) & i32::MAX)
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
fn put_avx2(block: &mut Block<'_>, keys: &mut [Keys]) -> bool {
    block.put(keys, |keys, rank| select_avx2(keys, rank))
}

/// As [`Block::put`], a register of sixteen lanes.
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx512f")]
fn put_avx512(block: &mut Block<'_>, keys: &mut [Keys]) -> bool {
    use std::arch::x86_64::{
        __m512i, __mmask16, _mm512_add_ps, _mm512_and_si512, _mm512_castps_si512, _mm512_cmpgt_epi32_mask,
        _mm512_maskz_loadu_ps, _mm512_max_epu32, _mm512_reduce_max_epu32, _mm512_set1_epi32, _mm512_setzero_ps,
        _mm512_setzero_si512, _mm512_srai_epi32, _mm512_xor_si512,
    };
    // SAFETY: sixteen i32 and a register have the same size, and every bit pattern is valid in both.
    let register = |key: &Keys| unsafe { std::mem::transmute::<Keys, __m512i>(*key) };
    let present = (u16::MAX >> (LANES - block.width())) as __mmask16;
    let (unsigned, mut largest) = (_mm512_set1_epi32(i32::MAX), _mm512_setzero_si512());
    for (key, row) in keys.iter_mut().zip(block.values.chunks_exact(block.units)) {
        // SAFETY: the mask leaves only lanes that lie within the row.
        let lanes = unsafe { _mm512_maskz_loadu_ps(present, row[block.first..].as_ptr()) };
        let bits = _mm512_castps_si512(_mm512_add_ps(lanes, _mm512_setzero_ps()));
        largest = _mm512_max_epu32(largest, _mm512_and_si512(bits, unsigned));
        let flipped = _mm512_and_si512(_mm512_srai_epi32::<31>(bits), unsigned);
        // SAFETY: as in `register`.
        *key = unsafe { std::mem::transmute::<__m512i, Keys>(_mm512_xor_si512(bits, flipped)) };
    }
    let medians = register(&select_avx512(keys, middle(keys)));
    for (row, key) in block.bits.chunks_exact_mut(block.units.div_ceil(8)).zip(keys) {
        put_bits(&mut row[block.first / 8..], _mm512_cmpgt_epi32_mask(register(key), medians));
    }
    _mm512_reduce_max_epu32(largest) < f32::INFINITY.to_bits()
}

/// As [`descend`], a register of sixteen lanes.
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx512f")]
fn select_avx512(keys: &[Keys], rank: i32) -> Keys {
    use std::arch::x86_64::{
        __m512i, _mm512_add_epi32, _mm512_cmple_epi32_mask, _mm512_cmplt_epi32_mask, _mm512_mask_add_epi32,
        _mm512_mask_mov_epi32, _mm512_set1_epi32, _mm512_setzero_si512,
    };
    // SAFETY: sixteen i32 and a register have the same size, and every bit pattern is valid in both.
    let register = |key: &[i32; LANES]| unsafe { std::mem::transmute::<[i32; LANES], __m512i>(*key) };
    let (one, rank) = (_mm512_set1_epi32(1), _mm512_set1_epi32(rank));
    let mut found = _mm512_set1_epi32(i32::MIN);
    for bit in (0..32).rev() {
        let candidate = _mm512_add_epi32(found, _mm512_set1_epi32((1_u32 << bit).cast_signed()));
        // four counts, so that no addition waits for the one before it
        let mut below = [_mm512_setzero_si512(); 4];
        let count =
            |below, key| _mm512_mask_add_epi32(below, _mm512_cmplt_epi32_mask(register(key), candidate), below, one);
        let (fours, rest) = keys.as_chunks::<4>();
        for four in fours {
            below = [0, 1, 2, 3].map(|i| count(below[i], &four[i]));
        }
        for key in rest {
            below[0] = count(below[0], key);
        }
        let below = _mm512_add_epi32(_mm512_add_epi32(below[0], below[1]), _mm512_add_epi32(below[2], below[3]));
        found = _mm512_mask_mov_epi32(found, _mm512_cmple_epi32_mask(below, rank), candidate);
    }
    // SAFETY: as above.
    unsafe { std::mem::transmute::<__m512i, [i32; LANES]>(found) }
}

/// As [`descend`], two registers of eight lanes.
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
fn select_avx2(keys: &[Keys], rank: i32) -> Keys {
    use std::arch::x86_64::{
        __m256i, _mm256_add_epi32, _mm256_blendv_epi8, _mm256_cmpgt_epi32, _mm256_set1_epi32, _mm256_setzero_si256,
        _mm256_sub_epi32,
    };
    // SAFETY: sixteen i32 and two registers have the same size, and every bit pattern is valid in both.
    let registers = |key: &[i32; LANES]| unsafe { std::mem::transmute::<[i32; LANES], [__m256i; 2]>(*key) };
    let above_rank = _mm256_set1_epi32(rank);
    let mut found = [_mm256_set1_epi32(i32::MIN); 2];
    for bit in (0..32).rev() {
        let step = _mm256_set1_epi32((1_u32 << bit).cast_signed());
        let candidate = found.map(|found| _mm256_add_epi32(found, step));
        let mut below = [_mm256_setzero_si256(); 2];
        for key in keys {
            let key = registers(key);
            below = [0, 1].map(|i| _mm256_sub_epi32(below[i], _mm256_cmpgt_epi32(candidate[i], key[i])));
        }
        let keep = below.map(|below| _mm256_cmpgt_epi32(below, above_rank));
        found = [0, 1].map(|i| _mm256_blendv_epi8(candidate[i], found[i], keep[i]));
    }
    // SAFETY: as above.
    unsafe { std::mem::transmute::<[__m256i; 2], [i32; LANES]>(found) }
}

/// Bit by bit from the top: a candidate stands if no more than `rank` keys lie below it.
fn descend(keys: &[Keys], rank: i32) -> Keys {
    let mut found = [i32::MIN; LANES];
    for bit in (0..32).rev() {
        let candidate = found.map(|lane| lane.wrapping_add((1_u32 << bit).cast_signed()));
        let mut below = [0_i32; LANES];
        for key in keys {
            for lane in 0..LANES {
                below[lane] += i32::from(key[lane] < candidate[lane]);
            }
        }
        for lane in 0..LANES {
            if below[lane] <= rank {
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

    /// Strictly above the mean of the two middle values, by sorting, one byte a bit.
    fn by_sorting(values: &[f32], units: usize) -> Vec<u8> {
        let median = |unit: usize| {
            let mut column: Vec<f32> = values.iter().skip(unit).step_by(units).copied().collect();
            column.sort_by(f32::total_cmp);
            let (lower, upper) = (column[(column.len() - 1) / 2], column[column.len() / 2]);
            f64::midpoint(lower.into(), upper.into())
        };
        let medians: Vec<f64> = (0..units).map(median).collect();
        values.iter().enumerate().map(|(place, &value)| u8::from(f64::from(value) > medians[place % units])).collect()
    }

    fn unpacked(bytes: &[u8], units: usize) -> Vec<u8> {
        let bits = |row: &[u8]| (0..units).map(|unit| row[unit / 8] >> (unit % 8) & 1).collect::<Vec<_>>();
        bytes.chunks_exact(units.div_ceil(8)).flat_map(bits).collect()
    }

    #[test]
    fn equals_sorting_for_all_shapes_ties_and_instructions() {
        let mut rng = stream(1, "test", 0);
        for (rows, units) in [(1, 1), (2, 3), (7, 16), (100, 17), (128, 106), (255, 33), (4, 24)] {
            for levels in [3, 1000, 1_000_000] {
                let mut value = || (below(&mut rng, levels) as f32 - levels as f32 / 2.0) / 7.0;
                let values: Vec<f32> = (0..rows * units).map(|_| value()).collect();
                for level in available() {
                    let mut bytes = vec![0xff];
                    assert!(push_at(level, &values, units, &mut bytes));
                    let bits = unpacked(&bytes[1..], units);
                    assert_eq!(bits, by_sorting(&values, units), "{rows} × {units}, {levels} levels, {level:?}");
                }
            }
        }
    }

    fn available() -> Vec<Level> {
        let levels = [
            Level::Portable,
            #[cfg(target_arch = "x86_64")]
            Level::Avx2,
            #[cfg(target_arch = "x86_64")]
            Level::Avx512,
        ];
        levels.into_iter().filter(|&level| level <= Level::detect()).collect()
    }

    #[test]
    fn zeros_are_equal_and_what_is_no_number_is_refused() {
        let mut bytes = Vec::new();
        assert!(push_above_medians(&[-0.0, 0.0, -0.0, 0.0, -1.0], 1, &mut bytes));
        assert_eq!(bytes, [0; 5]);
        for bad in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY] {
            for level in available() {
                assert!(!push_at(level, &[1.0, bad], 1, &mut bytes) && bytes.len() == 5, "{level:?} {bad}");
            }
        }
        assert!(push_above_medians(&[], 3, &mut bytes) && bytes.len() == 5);
    }

    #[test]
    fn keys_keep_the_order_of_floats() {
        let floats = [f32::MIN, -1.5, -1e-40, 0.0, 1e-40, 2.0, f32::MAX];
        assert!(floats.windows(2).all(|pair| key_from_float(pair[0]) < key_from_float(pair[1])));
    }
}
