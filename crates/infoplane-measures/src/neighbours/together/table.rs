//! Two-dimensional counts in rank space for series that fit the second level of the cache.
//!
//! ```text
//! grid[i][j] = rows whose rank along x is below i · `block` and along z below j · `block`      64 to 256 borders each
//! ```
//! A rectangle is four entries of the grid, those of the borders nearest to its edges, and what lies between the edges and
//! these borders: at most half a block of ranks at each edge.

#[allow(clippy::wildcard_imports)] // most names are used once
use std::arch::x86_64::*;

use super::places::Lanes;
use super::search::{lanes, load};

/// log2 of the borders of the grid in each direction, the first of which is at 0: as many as it takes for narrow blocks.
const BORDER_BITS: [u32; 3] = [6, 7, 8];
const MOST_BORDERS: usize = 1 << BORDER_BITS[2];
/// Borders in a register.
const LINE: usize = 32;
/// Ranks of a block of which one half is looked through at once.
const NARROW_BITS: u32 = 5;
/// Ranks that are looked through at once.
const PART: usize = 16;

/// Counts for one border of x and some of z.
#[derive(Debug, Clone, Copy, Default)]
#[repr(align(64))]
struct Line([u16; LINE]);

/// The ranks of all rows along x and z.
#[derive(Debug, Default)]
pub(super) struct Table {
    /// `[borders of x, borders of z]`
    grid: Vec<Line>,
    /// log2 of the borders.
    borders: u32,
    /// The rank along z of each rank along x, and the rank along x of each rank along z.
    ranks: [Vec<u16>; 2],
    rows: usize,
    /// log2 of the ranks of a block.
    shift: u32,
}

impl Table {
    /// `along_z` gives the rank along z of each rank along x, of at most 2^15 rows.
    #[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx2,popcnt,bmi1,bmi2")]
    pub(super) fn fill(&mut self, along_z: impl ExactSizeIterator<Item = u32>) {
        let n = along_z.len();
        self.rows = n;
        // the nearest border of every rank must be there: n is half a block less than they reach
        let shift = |borders: u32| {
            let block = (2 * n + 2).div_ceil((2 << borders) - 1).next_power_of_two();
            block.trailing_zeros().max(NARROW_BITS)
        };
        let narrow = BORDER_BITS.into_iter().find(|&borders| shift(borders) == NARROW_BITS);
        self.borders = narrow.unwrap_or(BORDER_BITS[2]);
        self.shift = shift(self.borders);
        for ranks in &mut self.ranks {
            ranks.resize(n + (1 << self.shift >> 1) + PART, 0);
            // no range of ranks holds what stands behind the last, up to the border that may follow
            ranks[n..].fill(u16::MAX);
        }
        let [of_x, of_z] = &mut self.ranks;
        of_x.iter_mut().zip(along_z).for_each(|(of_x, z)| *of_x = z as u16);
        // rows of each block of z, in all blocks of x before the next border
        let mut rows = Rows([0; MOST_BORDERS]);
        let width = (1 << self.borders) / LINE;
        self.grid.resize(width << self.borders, Line::default());
        let (mut lines, mut x) = (self.grid.chunks_exact_mut(width), 0);
        for (block, lines) in of_x[..n].chunks(1 << self.shift).zip(&mut lines) {
            rows.before(lines);
            for &z in block {
                of_z[z as usize] = x;
                rows.0[(z >> self.shift) as usize % MOST_BORDERS] += 1;
                x += 1;
            }
        }
        lines.for_each(|lines| rows.before(lines));
    }

    /// The rank along x of the row with this rank along z.
    pub(super) fn rank(&self, z: u32) -> u32 {
        u32::from(self.ranks[1][z as usize])
    }

    /// Rows whose rank along x lies in `x[0]..x[1]` and along z in `z[0]..z[1]`; no range is reversed.
    #[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx2,popcnt,bmi1,bmi2")]
    pub(super) fn count(&self, x: [u32; 2], z: [u32; 2]) -> u32 {
        let same = |rank: u32| lanes(_mm512_set1_epi32(rank.cast_signed()));
        self.counts(&[same(x[0]), same(x[1])], &[same(z[0]), same(z[1])]).0[0].cast_unsigned()
    }

    /// [`Table::count`] for sixteen rectangles. What a reversed range gives has no meaning.
    #[inline]
    #[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx2,popcnt,bmi1,bmi2")]
    pub(super) fn counts(&self, x: &[Lanes; 2], z: &[Lanes; 2]) -> Lanes {
        if self.shift == NARROW_BITS { self.counts_of::<true>(x, z) } else { self.counts_of::<false>(x, z) }
    }

    /// For `NARROW` blocks there is but one part to look through at an edge.
    #[inline]
    #[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx2,popcnt,bmi1,bmi2")]
    fn counts_of<const NARROW: bool>(&self, x: &[Lanes; 2], z: &[Lanes; 2]) -> Lanes {
        let (x, z) = ([load(&x[0]), load(&x[1])], [load(&z[0]), load(&z[1])]);
        let most = _mm512_set1_epi32((self.rows as u32).cast_signed());
        let largest = _mm512_max_epu32(_mm512_max_epu32(x[0], x[1]), _mm512_max_epu32(z[0], z[1]));
        assert!(_mm512_cmpgt_epu32_mask(largest, most) == 0, "a rank behind the last");
        let (of_x, of_z) = (self.edges(x), self.edges(z));
        // rows at the edges of x count with their full range along z, those at the edges of z between the borders of x
        let (at_x, at_z) = (Range::of(z), Range::of(of_x.borders));
        let ([low_x, high_x], [low_z, high_z]) = (of_x.lines, of_z.lines);
        let borders = _mm_cvtsi32_si128(self.borders.cast_signed());
        let entry = |x: __m512i, z: __m512i| _mm512_add_epi32(_mm512_sll_epi32(x, borders), z);
        let plus = Pairs::of(entry(high_x, high_z), entry(low_x, low_z));
        let minus = Pairs::of(entry(low_x, high_z), entry(high_x, low_z));
        let mut counts = lanes(_mm512_sub_epi32(_mm512_setzero_si512(), _mm512_add_epi32(of_x.less, of_z.less)));
        let parts = if NARROW { 1 } else { (1 << self.shift) / (2 * PART) };
        for part in 0..parts {
            let (bits_x, bits_z) = (of_x.bits(part), of_z.bits(part));
            for (lane, count) in counts.0.iter_mut().enumerate() {
                // SAFETY: every border has a line, and every line an entry for every border; a part may be read from every rank
                // on, and from every place up to the border that follows the last.
                let (entry, ranks) = unsafe {
                    let grid = self.grid.as_ptr().cast::<u16>();
                    let entries = |pairs: &Pairs| {
                        let [a, b] = pairs.lane(lane);
                        i32::from(*grid.add(a)) + i32::from(*grid.add(b))
                    };
                    let of =
                        |ranks: &[u16], from: usize| _mm256_loadu_si256(ranks.as_ptr().add(from + PART * part).cast());
                    let both = |ranks: &[u16], from: &Pairs| {
                        let [low, high] = from.lane(lane);
                        _mm512_inserti64x4::<1>(_mm512_castsi256_si512(of(ranks, low)), of(ranks, high))
                    };
                    let entry = if part == 0 { entries(&plus) - entries(&minus) } else { 0 };
                    (entry, [both(&self.ranks[0], &of_x.from), both(&self.ranks[1], &of_z.from)])
                };
                let looked = |ranks: __m512i, range: &Range, bits: &Bits| {
                    let [last, width] = [&range.last, &range.width].map(|of| _mm512_set1_epi32(of.0[lane]));
                    // below the width, without sign, for the ranks of the range alone
                    let inside = _mm512_cmplt_epu16_mask(_mm512_sub_epi16(last, ranks), width);
                    // of those to be taken away the others: one count for all, and all of them too many
                    ((inside ^ bits.negative.0[lane].cast_unsigned()) & bits.all.0[lane].cast_unsigned()).count_ones()
                };
                *count += entry + (looked(ranks[0], &at_x, &bits_x) + looked(ranks[1], &at_z, &bits_z)).cast_signed();
            }
        }
        counts
    }

    /// What lies between the edges of sixteen ranges and the borders nearest to them.
    #[inline]
    #[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx2,popcnt,bmi1,bmi2")]
    fn edges(&self, [low, high]: [__m512i; 2]) -> Edges {
        let shift = _mm_cvtsi32_si128(self.shift.cast_signed());
        let half = _mm512_set1_epi32(1 << self.shift >> 1);
        let (low_line, high_line) = (
            _mm512_srl_epi32(_mm512_add_epi32(low, half), shift),
            _mm512_srl_epi32(_mm512_add_epi32(high, half), shift),
        );
        let (low_border, high_border) = (_mm512_sll_epi32(low_line, shift), _mm512_sll_epi32(high_line, shift));
        let (low_on, high_on) = (_mm512_sub_epi32(low, low_border), _mm512_sub_epi32(high, high_border));
        let (low_len, high_len) = (_mm512_abs_epi32(low_on), _mm512_abs_epi32(high_on));
        // a range that begins behind its border or ends before it is smaller for that
        let zero = _mm512_setzero_si512();
        let (low_less, high_less) = (_mm512_cmpgt_epi32_mask(low_on, zero), _mm512_cmplt_epi32_mask(high_on, zero));
        let less =
            _mm512_add_epi32(_mm512_maskz_mov_epi32(low_less, low_len), _mm512_maskz_mov_epi32(high_less, high_len));
        Edges {
            lines: [low_line, high_line],
            borders: [low_border, high_border],
            from: Pairs::of(_mm512_min_epi32(low, low_border), _mm512_min_epi32(high, high_border)),
            lens: [low_len, high_len],
            negative: [low_less, high_less],
            less,
        }
    }
}

/// Sixteen pairs of numbers of sixteen bits, to be read at once.
struct Pairs(Lanes);

impl Pairs {
    #[inline]
    #[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx2,popcnt,bmi1,bmi2")]
    fn of(low: __m512i, high: __m512i) -> Self {
        let low = _mm512_and_si512(low, _mm512_set1_epi32(0xffff));
        Self(lanes(_mm512_or_si512(low, _mm512_slli_epi32::<16>(high))))
    }

    #[inline]
    fn lane(&self, lane: usize) -> [usize; 2] {
        let pair = self.0.0[lane].cast_unsigned();
        [(pair & 0xffff) as usize, (pair >> 16) as usize]
    }
}

/// Sixteen ranges of ranks: the last of each, and how many; each number twice, so that it fills a register as 32 bits.
struct Range {
    last: Lanes,
    width: Lanes,
}

impl Range {
    #[inline]
    #[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx2,popcnt,bmi1,bmi2")]
    fn of([low, high]: [__m512i; 2]) -> Self {
        let twice = |number: __m512i| Pairs::of(number, number).0;
        Self { last: twice(_mm512_sub_epi32(high, _mm512_set1_epi32(1))), width: twice(_mm512_sub_epi32(high, low)) }
    }
}

/// For the low and the high ends of sixteen ranges: the nearest border, its line, and the ranks between.
struct Edges {
    lines: [__m512i; 2],
    borders: [__m512i; 2],
    from: Pairs,
    lens: [__m512i; 2],
    /// Where what lies between is to be taken away.
    negative: [u16; 2],
    /// How many ranks are to be looked through for what is to be taken away.
    less: __m512i,
}

/// Which of the ranks in one part count, and which of these are to be taken away: those at low ends in the lower half.
struct Bits {
    all: Lanes,
    negative: Lanes,
}

impl Edges {
    #[inline]
    #[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx2,popcnt,bmi1,bmi2")]
    fn bits(&self, part: usize) -> Bits {
        let number = |ranks: usize| _mm512_set1_epi32((ranks as u32).cast_signed());
        let (before, full) = (number(PART * part), number(PART));
        let one = _mm512_set1_epi32(1);
        let bits = |len: __m512i| {
            let here = _mm512_max_epi32(_mm512_sub_epi32(len, before), _mm512_setzero_si512());
            _mm512_sub_epi32(_mm512_sllv_epi32(one, _mm512_min_epi32(here, full)), one)
        };
        let (low, high) = (bits(self.lens[0]), _mm512_slli_epi32::<{ PART as u32 }>(bits(self.lens[1])));
        let [low_less, high_less] = self.negative;
        let negative = _mm512_or_si512(_mm512_maskz_mov_epi32(low_less, low), _mm512_maskz_mov_epi32(high_less, high));
        Bits { all: lanes(_mm512_or_si512(low, high)), negative: lanes(negative) }
    }
}

/// How many rows of some blocks of x each block of z has.
#[repr(align(64))]
struct Rows([u16; MOST_BORDERS]);

impl Rows {
    /// Of as many blocks as there are places the sum of those before.
    #[inline]
    #[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx2,popcnt,bmi1,bmi2")]
    fn before(&self, to: &mut [Line]) {
        let mut before = _mm512_setzero_si512();
        for (rows, to) in self.0.chunks_exact(LINE).zip(to) {
            // SAFETY: a register each, aligned.
            unsafe {
                let rows = _mm512_load_si512(rows.as_ptr().cast());
                let (sums, all) = upto(rows);
                _mm512_store_si512(to.0.as_mut_ptr().cast(), _mm512_add_epi16(before, _mm512_sub_epi16(sums, rows)));
                before = _mm512_add_epi16(before, all);
            }
        }
    }
}

/// Of each of 32 numbers the sum up to it, and the sum of all in each: within quarters, then from quarter to quarter.
#[inline]
#[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx2,popcnt,bmi1,bmi2")]
fn upto(numbers: __m512i) -> (__m512i, __m512i) {
    let sums = _mm512_add_epi16(numbers, _mm512_bslli_epi128::<2>(numbers));
    let sums = _mm512_add_epi16(sums, _mm512_bslli_epi128::<4>(sums));
    let sums = _mm512_add_epi16(sums, _mm512_bslli_epi128::<8>(sums));
    // the last of each quarter, everywhere in it
    let last = _mm512_shuffle_epi8(sums, _mm512_set1_epi16(0x0f0e));
    let one = _mm512_maskz_shuffle_i64x2::<0x90>(0xfc, last, last);
    let two = _mm512_maskz_shuffle_i64x2::<0x40>(0xf0, last, last);
    let three = _mm512_maskz_shuffle_i64x2::<0x00>(0xc0, last, last);
    let sums = _mm512_add_epi16(_mm512_add_epi16(sums, one), _mm512_add_epi16(two, three));
    let all = _mm512_shuffle_epi8(_mm512_shuffle_i64x2::<0xff>(sums, sums), _mm512_set1_epi16(0x0f0e));
    (sums, all)
}
