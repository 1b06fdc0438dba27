//! From a value to its rank: a table of even cells, and a comparison of eight values.

#[allow(clippy::wildcard_imports)] // most names are used once
use std::arch::x86_64::*;

/// Values that may be read past the last.
const PADDING: usize = 16;
/// Mean over the rows of the rows in the same cell: with more, cells are no help.
const CROWDED: usize = 16;

/// A sorted column with a table of the ranks at which its cells begin.
#[derive(Debug, Default)]
pub(crate) struct Lookup {
    /// Ascending, then infinity.
    values: Vec<f64>,
    first: Vec<u16>,
    least: f64,
    cells: f64,
}

/// How many values are below something that is only known to lie between two numbers.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Below {
    pub(super) surely: u32,
    pub(super) maybe: u32,
}

impl Lookup {
    /// A sorted column, unless a table is no help.
    pub(crate) fn new(sorted: &[f64]) -> Option<Self> {
        let mut lookup = Self::default();
        (sorted.len() <= super::MOST_ROWS && lookup.fill(sorted)).then_some(lookup)
    }

    /// Takes another sorted column that is not constant; says whether the table helps.
    pub(super) fn fill(&mut self, sorted: &[f64]) -> bool {
        let n = sorted.len();
        self.values.clear();
        self.values.extend_from_slice(sorted);
        self.values.resize(n + PADDING, f64::INFINITY);
        let cells = (2 * n).next_power_of_two();
        self.least = sorted[0];
        self.cells = (cells - 1) as f64 / (sorted[n - 1] - sorted[0]);
        self.first.clear();
        self.first.resize(cells, n as u16);
        let (mut filled, mut begun, mut crowd) = (0, 0, 0);
        for (rank, &value) in sorted.iter().enumerate() {
            let cell = self.cell(value);
            if cell >= filled {
                self.first[filled..=cell].fill(rank as u16);
                (filled, begun) = (cell + 1, rank);
            }
            // 1 + 3 + 5 + …: the square of the rows in each cell
            crowd += 2 * (rank - begun) + 1;
        }
        self.cells.is_finite() && crowd <= CROWDED * n
    }

    fn cell(&self, value: f64) -> usize {
        ((value - self.least) * self.cells) as usize
    }

    /// [`Lookup::below`] of several values: `ends` are the least and the most of each.
    #[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx2,popcnt,bmi1,bmi2")]
    pub(super) fn all_below(&self, centres: &[f64], ends: [&[f64]; 2], cells: &[u32], to: &mut [Below]) {
        let ends = ends[0].iter().zip(ends[1]);
        for (((&centre, (&least, &most)), &cell), to) in centres.iter().zip(ends).zip(cells).zip(to) {
            // SAFETY: this function runs where AVX-512 exists.
            *to = unsafe { self.below(centre, [least, most], cell) };
        }
    }

    /// The cells of eight rounded sums, or of numbers a little less: whatever is in an earlier cell is below the exact sum.
    /// Those outside have the first cell or the last.
    ///
    /// # Safety
    /// The machine must have AVX-512 F, BW, DQ and VL, so for all methods, and `to` room for eight.
    #[inline(always)]
    pub(super) unsafe fn cells(&self, values: __m512d, to: *mut u32) {
        // SAFETY: the caller's promise; eight numbers.
        unsafe {
            let a_little = _mm512_mul_pd(_mm512_abs_pd(values), _mm512_set1_pd(4.0 * f64::EPSILON));
            let from_least = _mm512_sub_pd(_mm512_sub_pd(values, a_little), _mm512_set1_pd(self.least));
            let cell = _mm512_mul_pd(from_least, _mm512_set1_pd(self.cells));
            let cell = _mm512_max_pd(cell, _mm512_setzero_pd());
            let cell = _mm512_min_pd(cell, _mm512_set1_pd((self.first.len() - 1) as f64));
            _mm256_storeu_si256(to.cast(), _mm512_cvttpd_epi32(cell));
        }
    }

    /// Values s with centre − s ≥ some number that lies in `least..=most`; `cell` is that of centre − most. So, with
    /// `-most..=-least`, values with s − centre < a number that lies in `least..=most` are those surely below, and
    /// `cell` is that of centre + least.
    #[inline(always)]
    pub(super) unsafe fn below(&self, centre: f64, [least, most]: [f64; 2], cell: u32) -> Below {
        // SAFETY: the caller's promise; `eight` gives eight numbers.
        unsafe {
            let (centre, least, most) = (_mm512_set1_pd(centre), _mm512_set1_pd(least), _mm512_set1_pd(most));
            let mut rank = u32::from(self.first[cell as usize]);
            let mut surely = rank;
            loop {
                let apart = _mm512_sub_pd(centre, _mm512_loadu_pd(self.eight(rank)));
                surely += _mm512_cmp_pd_mask::<_CMP_GT_OQ>(apart, most).count_ones();
                let maybe = _mm512_cmp_pd_mask::<_CMP_GE_OQ>(apart, least);
                if maybe != u8::MAX {
                    return Below { surely, maybe: rank + maybe.count_ones() };
                }
                rank += 8;
            }
        }
    }

    /// Eight values from a rank on.
    #[inline(always)]
    fn eight(&self, rank: u32) -> *const f64 {
        self.values[rank as usize..rank as usize + 8].as_ptr()
    }
}
