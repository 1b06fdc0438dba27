//! Two-dimensional counts in rank space for series that fit a small table.
//!
//! ```text
//! table[r][b] = rows whose rank along x is below r and along z below b · `block`      32 columns, one register
//! ```
//! A rectangle is four entries of the table, and at most half a block of ranks to look through at either end.

#[allow(clippy::wildcard_imports)] // most names are used once
use std::arch::x86_64::*;

use super::LANES;
use super::places::Lanes;
use super::search::{lanes, load};

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
        // no range of ranks holds what stands behind the last, up to the border that may follow
        self.ranks.resize(n + (1 << self.shift >> 1) + PADDING, u16::MAX);
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

    /// The other rank of the row with this rank along z.
    pub(super) fn rank(&self, z: u32) -> u32 {
        u32::from(self.ranks[z as usize])
    }

    /// Rows whose rank along the other axis lies in `low..high` and along z in `z[0]..z[1]`; no range is reversed.
    #[inline]
    #[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx2,popcnt,bmi1,bmi2")]
    pub(super) fn count(&self, [low, high]: [u32; 2], z: [u32; 2]) -> u32 {
        let across = self.across(low, high);
        let ways = (self.ways(_mm512_set1_epi32(z[0].cast_signed())), self.ways(_mm512_set1_epi32(z[1].cast_signed())));
        (self.below(&across, &ways.1, 0) - self.below(&across, &ways.0, 0)).cast_unsigned()
    }

    /// [`Table::count`] for sixteen rectangles. What a reversed range gives has no meaning.
    #[inline]
    #[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx2,popcnt,bmi1,bmi2")]
    pub(super) fn counts(&self, x: &[Lanes; 2], z: &[Lanes; 2]) -> __m512i {
        let ways = (self.ways(load(&z[0])), self.ways(load(&z[1])));
        let (mut before, mut upto) = (Lanes::default(), Lanes::default());
        for lane in 0..LANES {
            let across = self.across(x[0].0[lane].cast_unsigned(), x[1].0[lane].cast_unsigned());
            before.0[lane] = self.below(&across, &ways.0, lane);
            upto.0[lane] = self.below(&across, &ways.1, lane);
        }
        _mm512_sub_epi32(load(&upto), load(&before))
    }

    #[inline]
    #[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx2,popcnt,bmi1,bmi2")]
    fn across(&self, low: u32, high: u32) -> Across<'_> {
        let lines = [&self.lines[low as usize], &self.lines[high as usize]];
        let least = _mm512_set1_epi16((low as u16).cast_signed());
        let width = _mm512_sub_epi16(_mm512_set1_epi16((high as u16).cast_signed()), least);
        Across { lines, least, width }
    }

    /// The ways to sixteen ranks along z, none of which may be larger than the rows.
    #[inline]
    #[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx2,popcnt,bmi1,bmi2")]
    fn ways(&self, z: __m512i) -> Ways {
        let most = _mm512_set1_epi32(((self.lines.len() - 1) as u32).cast_signed());
        assert!(_mm512_cmpgt_epu32_mask(z, most) == 0, "a rank behind the last");
        let shift = _mm_cvtsi32_si128(self.shift.cast_signed());
        let column = _mm512_srl_epi32(_mm512_add_epi32(z, _mm512_set1_epi32(1 << self.shift >> 1)), shift);
        let border = _mm512_sll_epi32(column, shift);
        let on = _mm512_sub_epi32(z, border);
        Ways {
            column: lanes(column),
            from: lanes(_mm512_min_epi32(z, border)),
            len: lanes(_mm512_abs_epi32(on)),
            sign: lanes(_mm512_srai_epi32::<31>(on)),
        }
    }

    /// Rows across whose rank along z is below that of a lane.
    #[inline]
    #[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx2,popcnt,bmi1,bmi2")]
    fn below(&self, across: &Across, ways: &Ways, lane: usize) -> i32 {
        let Across { lines: [low, high], least, width } = *across;
        let column = ways.column.0[lane] as usize % COLUMNS;
        let upto_border = i32::from(high.0[column]) - i32::from(low.0[column]);
        let (mut from, mut left, mut between) = (ways.from.0[lane] as usize, ways.len.0[lane].cast_unsigned(), 0);
        loop {
            // SAFETY: a register may be read from every rank on, and from every place up to the border that follows the last.
            let ranks = unsafe { _mm512_loadu_si512(self.ranks.as_ptr().add(from).cast()) };
            let inside = _mm512_cmplt_epu16_mask(_mm512_sub_epi16(ranks, least), width);
            // the instruction looks at eight bits of its index
            between += _bzhi_u32(inside, left.min(PADDING as u32)).count_ones().cast_signed();
            if left <= PADDING as u32 {
                break;
            }
            (from, left) = (from + PADDING, left - PADDING as u32);
        }
        // a sign without a branch: which side the border is on cannot be foreseen
        upto_border + ((between ^ ways.sign.0[lane]) - ways.sign.0[lane])
    }
}

/// A range of ranks along the other axis.
#[derive(Clone, Copy)]
struct Across<'a> {
    lines: [&'a Line; 2],
    least: __m512i,
    width: __m512i,
}

/// For sixteen ranks along z: the column whose border is nearest, the ranks from there or up to there, and −1 where the border
/// is behind.
struct Ways {
    column: Lanes,
    from: Lanes,
    len: Lanes,
    sign: Lanes,
}
