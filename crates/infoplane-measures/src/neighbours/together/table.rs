//! Two-dimensional counts in rank space for series that fit a small table.
//!
//! ```text
//! table[r][b] = rows whose rank along x is below r and along z below b · `block`      32 columns, one register
//! ```
//! A rectangle is four entries of the table, and at most half a block of ranks to look through at either end.

#[allow(clippy::wildcard_imports)] // most names are used once
use std::arch::x86_64::*;

/// Columns of the table.
const COLUMNS: usize = 32;
/// Ranks read past the last.
const PADDING: usize = 32;

#[derive(Debug, Clone, Copy, Default)]
#[repr(align(64))]
struct Line([u16; COLUMNS]);

/// The ranks of all rows along z and another axis.
#[derive(Debug, Default)]
pub(super) struct Table {
    lines: Vec<Line>,
    /// The other rank of each rank along z.
    ranks: Vec<u16>,
    /// log2 of the ranks of a block.
    shift: u32,
}

impl Table {
    /// `along_z` gives the rank along z of each rank along the other axis, one of at most 2^15 rows.
    #[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx2,popcnt,bmi1,bmi2")]
    pub(super) fn fill(&mut self, along_z: &[u16]) {
        let n = along_z.len();
        // the nearest border of every rank must be a column: n is at most 31.5 blocks
        self.shift = (2 * n).div_ceil(2 * COLUMNS - 1).next_power_of_two().trailing_zeros().max(1);
        self.ranks.clear();
        // no range of ranks holds what stands behind the last
        self.ranks.resize(n + PADDING, u16::MAX);
        let steps: [Line; COLUMNS] =
            std::array::from_fn(|block| Line(std::array::from_fn(|column| u16::from(column > block))));
        self.lines.resize(n + 1, Line::default());
        let mut below = _mm512_setzero_si512();
        for ((rank, &z), line) in (0..).zip(along_z).zip(&mut self.lines) {
            self.ranks[z as usize] = rank;
            // SAFETY: lines are aligned and as wide as a register.
            unsafe {
                _mm512_store_si512(line.0.as_mut_ptr().cast(), below);
                let step = &steps[(z >> self.shift) as usize % COLUMNS];
                below = _mm512_add_epi16(below, _mm512_load_si512(step.0.as_ptr().cast()));
            }
        }
        // SAFETY: as above.
        unsafe { _mm512_store_si512(self.lines[n].0.as_mut_ptr().cast(), below) };
    }

    /// Rows whose rank along the other axis lies in `low..high` and along z in `z[0]..z[1]`; no range is reversed.
    ///
    /// # Safety
    /// The machine must have AVX-512 F, BW, DQ and VL; so for all methods.
    #[inline(always)]
    pub(super) unsafe fn count(&self, [low, high]: [u32; 2], z: [u32; 2]) -> u32 {
        let lines = [&self.lines[low as usize], &self.lines[high as usize]];
        // SAFETY: the caller's promise.
        unsafe {
            let low16 = _mm512_set1_epi16((low as u16).cast_signed());
            let width = _mm512_set1_epi16(((high - low) as u16).cast_signed());
            let before = self.below(lines, low16, width, z[0]);
            (self.below(lines, low16, width, z[1]) - before).cast_unsigned()
        }
    }

    /// Those whose rank along z is below `z`.
    #[inline(always)]
    unsafe fn below(&self, [low, high]: [&Line; 2], low16: __m512i, width: __m512i, z: u32) -> i32 {
        let half = 1 << self.shift >> 1;
        let column = (z + half) >> self.shift;
        let border = column << self.shift;
        let column = column as usize % COLUMNS;
        let upto_border = i32::from(high.0[column] - low.0[column]);
        // SAFETY: the caller's promise.
        let between = unsafe { self.between(low16, width, z.min(border), z.max(border)) };
        // a sign without a branch: which side the border is on cannot be foreseen
        let sign = -i32::from(z < border);
        upto_border + ((between ^ sign) - sign)
    }

    /// Those whose rank along z lies in `from..to`.
    #[inline(always)]
    unsafe fn between(&self, low: __m512i, width: __m512i, mut from: u32, to: u32) -> i32 {
        let mut found = 0;
        loop {
            let ranks = &self.ranks[from as usize..from as usize + PADDING];
            // SAFETY: the caller's promise; thirty-two numbers.
            unsafe {
                let ranks = _mm512_loadu_si512(ranks.as_ptr().cast());
                let inside = _mm512_cmplt_epu16_mask(_mm512_sub_epi16(ranks, low), width);
                // the instruction looks at eight bits of its index
                found += _bzhi_u32(inside, (to - from).min(32)).count_ones();
            }
            if to - from <= 32 {
                return found.cast_signed();
            }
            from += 32;
        }
    }
}
