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
//! where selecting column by column would cost more than recording may. With AVX2 the upper and the lower sixteen bits
//! are found one after the other, sixteen lanes a register; wider registers were slower where they are worked in halves.

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
}

impl Level {
    fn detect() -> Self {
        #[cfg(target_arch = "x86_64")]
        if is_x86_feature_detected!("avx2") {
            return Self::Avx2;
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
    let mut blocks = (0..units).step_by(LANES);
    let finite = match level {
        #[cfg(target_arch = "x86_64")]
        Level::Avx2 if i16::try_from(rows).is_ok() => {
            let (mut uppers, mut lowers) = (vec![[0; LANES]; rows], vec![[0; LANES]; rows]);
            let mut put = |first| {
                let mut block = Block { values, units, first, bits: &mut bytes[begin..] };
                // SAFETY: the level is at most the processor's own.
                unsafe { put_avx2(&mut block, &mut uppers, &mut lowers) }
            };
            blocks.all(&mut put)
        }
        _ => {
            let mut keys = vec![[0; LANES]; rows];
            let mut put = |first| Block { values, units, first, bits: &mut bytes[begin..] }.put(&mut keys);
            blocks.all(&mut put)
        }
    };
    if !finite {
        bytes.truncate(begin);
    }
    finite
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
    /// The columns of a row, absent ones 0.
    fn lanes(&self, row: &[f32]) -> [f32; LANES] {
        let row = &row[self.first..];
        // a copy of known length is two registers, one of any length a call
        row.first_chunk().copied().unwrap_or_else(|| {
            let mut lanes = [0.0; LANES];
            lanes[..row.len()].copy_from_slice(row);
            lanes
        })
    }

    /// Puts the bits; false if a value is not finite.
    fn put(&mut self, keys: &mut [Keys]) -> bool {
        let mut largest = 0;
        for (key, row) in keys.iter_mut().zip(self.values.chunks_exact(self.units)) {
            let lanes = self.lanes(row);
            *key = lanes.map(key_from_float);
            largest = lanes.iter().fold(largest, |largest, lane| largest.max(lane.to_bits() & !(1 << 31)));
        }
        let medians = descend(keys, middle(keys.len()));
        for (row, key) in self.bits.chunks_exact_mut(self.units.div_ceil(8)).zip(keys) {
            let above: u16 = (0..LANES).map(|lane| u16::from(key[lane] > medians[lane]) << lane).sum();
            put_bits(&mut row[self.first / 8..], above);
        }
        are_finite(largest)
    }
}

/// Infinity and everything that is no number have larger magnitudes than numbers.
fn are_finite(largest_magnitude: u32) -> bool {
    largest_magnitude < f32::INFINITY.to_bits()
}

/// Rank of the lower median, 0 being the smallest.
fn middle(rows: usize) -> i32 {
    i32::try_from((rows - 1) / 2).unwrap_or(i32::MAX)
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

/// Half a key in each lane, in the order of signed numbers.
#[cfg(target_arch = "x86_64")]
type Halves = [i16; LANES];

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
fn register(halves: &Halves) -> std::arch::x86_64::__m256i {
    // SAFETY: sixteen i16 and a register have the same size, and every bit pattern is valid in both.
    unsafe { std::mem::transmute::<Halves, std::arch::x86_64::__m256i>(*halves) }
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
fn halves(register: std::arch::x86_64::__m256i) -> Halves {
    // SAFETY: as in `register`.
    unsafe { std::mem::transmute::<std::arch::x86_64::__m256i, Halves>(register) }
}

/// As [`Block::put`], with the upper and the lower halves of the keys on their own.
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
fn put_avx2(block: &mut Block<'_>, uppers: &mut [Halves], lowers: &mut [Halves]) -> bool {
    #[allow(clippy::wildcard_imports, reason = "the instructions are named where they are used")]
    use std::arch::x86_64::*;
    let (magnitude, mut largest) = (_mm256_set1_epi32(i32::MAX), _mm256_setzero_si256());
    let rows = block.values.chunks_exact(block.units);
    for ((upper, lower), row) in uppers.iter_mut().zip(lowers.iter_mut()).zip(rows) {
        // SAFETY: sixteen f32 and two registers have the same size, and every bit pattern is valid in both.
        let lanes = unsafe { std::mem::transmute::<[f32; LANES], [__m256; 2]>(block.lanes(row)) };
        let lanes = lanes.map(|lanes| _mm256_castps_si256(_mm256_add_ps(lanes, _mm256_setzero_ps())));
        for bits in lanes {
            largest = _mm256_max_epu32(largest, _mm256_and_si256(bits, magnitude));
        }
        let keys = lanes.map(|bits| _mm256_xor_si256(bits, _mm256_and_si256(_mm256_srai_epi32::<31>(bits), magnitude)));
        let packed = |[a, b]: [__m256i; 2]| _mm256_permute4x64_epi64::<0b11_01_10_00>(_mm256_packs_epi32(a, b));
        *upper = halves(packed(keys.map(|key| _mm256_srai_epi32::<16>(key))));
        let low = packed(keys.map(|key| _mm256_srai_epi32::<16>(_mm256_slli_epi32::<16>(key))));
        // flipping its top bit orders the lower half as a signed number
        *lower = halves(_mm256_xor_si256(low, _mm256_set1_epi16(i16::MIN)));
    }
    let rank = _mm256_set1_epi16(i16::try_from(middle(uppers.len())).unwrap_or(i16::MAX));
    let upper = select_avx2(uppers, rank);
    // of the lower halves only those count whose upper half is the median's; smaller ones have been passed already
    let (mut passed, absent) = (_mm256_setzero_si256(), _mm256_set1_epi16(i16::MAX));
    for (own, lower) in uppers.iter().zip(lowers.iter_mut()) {
        let own = register(own);
        passed = _mm256_sub_epi16(passed, _mm256_cmpgt_epi16(upper, own));
        *lower = halves(_mm256_blendv_epi8(absent, register(lower), _mm256_cmpeq_epi16(own, upper)));
    }
    let lower = select_avx2(lowers, _mm256_sub_epi16(rank, passed));
    let rows = block.bits.chunks_exact_mut(block.units.div_ceil(8));
    for ((a, b), row) in uppers.iter().zip(lowers.iter()).zip(rows) {
        let (a, b) = (register(a), register(b));
        let tied = _mm256_and_si256(_mm256_cmpeq_epi16(a, upper), _mm256_cmpgt_epi16(b, lower));
        let above = _mm256_or_si256(_mm256_cmpgt_epi16(a, upper), tied);
        let bytes = _mm256_movemask_epi8(_mm256_packs_epi16(above, above)).cast_unsigned();
        put_bits(&mut row[block.first / 8..], (bytes & 0xff | bytes >> 8 & 0xff00) as u16);
    }
    // SAFETY: eight u32 and a register have the same size.
    let largest = unsafe { std::mem::transmute::<__m256i, [u32; 8]>(largest) };
    are_finite(largest.into_iter().max().unwrap_or(0))
}

/// The value of rank `rank` in each of sixteen lanes, bit by bit from the top.
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
fn select_avx2(values: &[Halves], rank: std::arch::x86_64::__m256i) -> std::arch::x86_64::__m256i {
    #[allow(clippy::wildcard_imports, reason = "as above")]
    use std::arch::x86_64::*;
    let mut found = _mm256_set1_epi16(i16::MIN);
    let (fours, rest) = values.as_chunks::<4>();
    for bit in (0..16).rev() {
        let candidate = _mm256_add_epi16(found, _mm256_set1_epi16((1_u16 << bit).cast_signed()));
        let count = |below, value| _mm256_sub_epi16(below, _mm256_cmpgt_epi16(candidate, register(value)));
        let mut below = [_mm256_setzero_si256(); 4];
        for [a, b, c, d] in fours {
            below = [count(below[0], a), count(below[1], b), count(below[2], c), count(below[3], d)];
        }
        for value in rest {
            below[0] = count(below[0], value);
        }
        let [a, b, c, d] = below;
        let below = _mm256_add_epi16(_mm256_add_epi16(a, b), _mm256_add_epi16(c, d));
        found = _mm256_blendv_epi8(candidate, found, _mm256_cmpgt_epi16(below, rank));
    }
    found
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
        for (rows, units) in [(1, 1), (2, 3), (7, 16), (100, 17), (128, 106), (255, 33), (4, 24), (40_000, 2)] {
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
