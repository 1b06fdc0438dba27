//! From a value to its rank, in fixed point: a table of even cells, nearly all of which hold one value or none.

#[allow(clippy::wildcard_imports)] // most names are used once
use std::arch::x86_64::*;

use super::super::sorted::Axis;
use super::{LANES, MOST_ROWS};

/// A column spans at most 2 to the power of this many units, and one bit more is free below a sign: no sum of a value and a
/// distance overflows.
const SPAN_BITS: u32 = 29;
/// Cells of a table are 2 to a power in this range; eight for each row where the range allows it.
const CELL_BITS: [u32; 2] = [12, 17];
/// A cell is divided into steps. Its lower bits say on which of them its two values stand, the lesser first; above them stands
/// the rank.
const STEP_BITS: u32 = 9;
const PLACE_BITS: u32 = 2 * STEP_BITS;
const _: () = assert!(MOST_ROWS < 1 << (u32::BITS - PLACE_BITS), "a rank has room above the places");
/// The step of no value. What is asked for does not stand on it either.
const NO_VALUE: u32 = (1 << STEP_BITS) - 1;
/// The places of more than two values: as no others, the first behind the second.
const SEVERAL: u32 = NO_VALUE << STEP_BITS;
/// Mean over the rows of the rows in the same cell: with more, cells are no help.
const CROWDED: usize = 100;
/// Spans whose units, and their powers, are far from the ends of f64.
const SPANS: [f64; 2] = [1e-30, 1e30];

/// A column in units of a power of two, by row and sorted, with a table of the ranks at which its cells begin.
///
/// A difference of two values is that of the column within one unit and a little: each is rounded to the nearest.
#[derive(Debug, Default)]
pub(crate) struct Lookup {
    /// Of each row.
    pub(super) rows: Vec<i32>,
    /// Ascending, then as many as are read at once of the largest number there is.
    pub(super) sorted: Vec<i32>,
    /// Rank of the first value, and steps of the only two. The first cell and the last are empty.
    pub(super) cells: Vec<u32>,
    /// log2 of the units of a cell.
    shift: u32,
    /// log2 of a unit.
    pub(super) exponent: i32,
    /// Units in one.
    pub(super) scale: f64,
}

/// How many values are below something that is only known within a tolerance.
#[derive(Debug, Clone, Copy)]
pub(super) struct Below<T> {
    pub(super) surely: T,
    pub(super) maybe: T,
}

impl Lookup {
    /// A sorted column, unless a table is no help.
    pub(crate) fn new(axis: &Axis) -> Option<Self> {
        let mut lookup = Self::default();
        (axis.rows.len() <= MOST_ROWS && lookup.fill(axis)).then_some(lookup)
    }

    /// Takes another sorted column of at most [`MOST_ROWS`] rows; says whether the table helps.
    pub(super) fn fill(&mut self, axis: &Axis) -> bool {
        let n = axis.values.len();
        let (least, span) = (axis.values[0], axis.values[n - 1] - axis.values[0]);
        if !(SPANS[0]..SPANS[1]).contains(&span) {
            return false;
        }
        // the bits of a normal number's exponent
        let log2 = |number: f64| (number.to_bits() >> 52) as i32 - 1023;
        self.exponent = log2(span) + 1 - SPAN_BITS.cast_signed();
        let scale = f64::powi(2.0, -self.exponent);
        self.scale = scale;
        let bits = (8 * n).next_power_of_two().trailing_zeros().clamp(CELL_BITS[0], CELL_BITS[1]);
        self.shift = SPAN_BITS - bits;
        self.rows.resize(n, 0);
        self.sorted.clear();
        for (&value, &row) in axis.values.iter().zip(&axis.rows) {
            // the first cell stays empty
            let value = ((value - least) * scale + 0.5) as i32 + (1 << self.shift);
            self.rows[row as usize] = value;
            self.sorted.push(value);
        }
        self.sorted.resize(n + LANES, i32::MAX);
        // rounding may reach one cell more, and one more stays empty
        self.deal(n, (1 << bits) + 3) <= CROWDED * n
    }

    /// Deals the values into cells; gives the sum over the rows of the rows in the same cell.
    fn deal(&mut self, n: usize, cells: usize) -> usize {
        let Self { sorted, cells: table, shift, .. } = self;
        let entry = |rank: usize, [first, second]: [u32; 2]| (rank as u32) << PLACE_BITS | first << STEP_BITS | second;
        let empty = |rank: usize| entry(rank, [NO_VALUE; 2]);
        let step = |value: i32| (value & ((1 << *shift) - 1)).cast_unsigned() >> (*shift - STEP_BITS);
        table.clear();
        let (mut rank, mut crowd) = (0, 0);
        while rank < n {
            let cell = sorted[rank] >> *shift;
            let mut end = rank + 1;
            while end < n && sorted[end] >> *shift == cell {
                end += 1;
            }
            table.resize(cell as usize, empty(rank));
            table.push(match end - rank {
                1 => entry(rank, [step(sorted[rank]), NO_VALUE]),
                2 => entry(rank, [step(sorted[rank]), step(sorted[rank + 1])]),
                _ => (rank as u32) << PLACE_BITS | SEVERAL,
            });
            crowd += (end - rank).pow(2);
            rank = end;
        }
        table.resize(cells, empty(n));
        crowd
    }

    /// The first place in the first cell and in the last that are looked at: their middles.
    fn ends(&self) -> [i32; 2] {
        let half = 1 << self.shift >> 1;
        [half, (((self.cells.len() - 1) as u32) << self.shift).cast_signed() + half]
    }

    /// Sixteen numbers, those outside in the middle of the first cell or the last.
    #[inline]
    #[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx2,popcnt,bmi1,bmi2")]
    fn bounded(&self, at: __m512i) -> __m512i {
        let [low, high] = self.ends();
        _mm512_min_epi32(_mm512_max_epi32(at, _mm512_set1_epi32(low)), _mm512_set1_epi32(high))
    }

    /// The cells of sixteen numbers.
    #[inline]
    #[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx2,popcnt,bmi1,bmi2")]
    pub(super) fn entries(&self, at: __m512i) -> __m512i {
        let number = _mm512_srl_epi32(self.bounded(at), _mm_cvtsi32_si128(self.shift.cast_signed()));
        // SAFETY: every number between the ends has a cell.
        unsafe { _mm512_i32gather_epi32::<4>(number, self.cells.as_ptr().cast()) }
    }

    /// From their cells, how many values are below sixteen numbers known within `tolerance`, and the lanes where a cell does not
    /// tell. Values on the same step as an end of the tolerance may be below too.
    #[inline]
    #[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx2,popcnt,bmi1,bmi2")]
    pub(super) fn ranks(&self, at: __m512i, entry: __m512i, tolerance: i32) -> (Below<__m512i>, u16) {
        let cell = 1 << self.shift;
        let at = _mm512_and_si512(self.bounded(at), _mm512_set1_epi32(cell - 1));
        let step = _mm512_set1_epi32(NO_VALUE.cast_signed());
        let second = _mm512_and_si512(entry, step);
        let first = _mm512_and_si512(_mm512_srli_epi32::<STEP_BITS>(entry), step);
        let rank = _mm512_srli_epi32::<PLACE_BITS>(entry);
        let off = _mm512_set1_epi32(tolerance);
        let (least, most) = (_mm512_sub_epi32(at, off), _mm512_add_epi32(at, off));
        // what the tolerance leads into another cell has a place below 0, which is large, or beyond
        let within = (cell - 2 * tolerance - (cell >> STEP_BITS)).max(0);
        let untold = _mm512_cmpge_epu32_mask(least, _mm512_set1_epi32(within)) | _mm512_cmpgt_epi32_mask(first, second);
        let steps = _mm_cvtsi32_si128((self.shift - STEP_BITS).cast_signed());
        let (least, most) = (_mm512_srl_epi32(least, steps), _mm512_srl_epi32(most, steps));
        let one = _mm512_set1_epi32(1);
        let and = |count: __m512i, more: u16| _mm512_mask_add_epi32(count, more, count, one);
        let surely = and(and(rank, _mm512_cmplt_epi32_mask(first, least)), _mm512_cmplt_epi32_mask(second, least));
        let maybe = and(and(rank, _mm512_cmple_epi32_mask(first, most)), _mm512_cmple_epi32_mask(second, most));
        (Below { surely, maybe }, untold)
    }

    /// Ranks between which everything from one number to another stands, and perhaps something more.
    pub(super) fn around(&self, low: i32, high: i32) -> (usize, usize) {
        let [first, last] = self.ends();
        let cell = |at: i32| (at.clamp(first, last) >> self.shift) as usize;
        let rank = |cell: usize| (self.cells[cell.min(self.cells.len() - 1)] >> PLACE_BITS) as usize;
        (rank(cell(low)), rank(cell(high) + 1))
    }

    /// How many values are below one number known within `tolerance`, whatever the cells hold.
    #[inline]
    #[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx2,popcnt,bmi1,bmi2")]
    pub(super) fn below(&self, at: i32, tolerance: i32) -> Below<u32> {
        let [low, high] = self.ends();
        let cell = (at - tolerance).clamp(low, high) >> self.shift;
        let mut rank = self.cells[cell as usize] >> PLACE_BITS;
        let mut surely = rank;
        let (least, most) = (_mm512_set1_epi32(at - tolerance), _mm512_set1_epi32(at + tolerance));
        loop {
            let some = &self.sorted[rank as usize..rank as usize + LANES];
            // SAFETY: sixteen numbers.
            let values = unsafe { _mm512_loadu_si512(some.as_ptr().cast()) };
            surely += _mm512_cmplt_epi32_mask(values, least).count_ones();
            let maybe = _mm512_cmple_epi32_mask(values, most);
            if maybe != u16::MAX {
                return Below { surely, maybe: rank + maybe.count_ones() };
            }
            rank += LANES as u32;
        }
    }
}
