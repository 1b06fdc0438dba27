//! The rows in an order in which near rows stand together, and the sources' values in that order.

#[allow(clippy::wildcard_imports)] // most names are used once
use std::arch::x86_64::*;

use super::search::load;
use super::{LANES, Source, first_lanes};

/// Rows of a strip of z, within which rows are visited in order of y, over the square root of all rows.
const STRIP: f64 = 2.0;

/// One value of each of sixteen sources.
#[derive(Debug, Clone, Copy, Default)]
#[repr(align(64))]
pub(super) struct Lanes(pub(super) [i32; LANES]);

/// Numbers that begin where a line of the cache does, so that no sixteen lie in two lines.
#[derive(Debug, Default)]
pub(super) struct Column(Vec<Lanes>);

impl Column {
    /// Makes room for so many numbers, or as many more as fill the last sixteen.
    pub(super) fn resize(&mut self, len: usize) {
        self.0.resize(len.div_ceil(LANES), Lanes::default());
    }
}

impl std::ops::Deref for Column {
    type Target = [i32];

    fn deref(&self) -> &[i32] {
        // SAFETY: each is sixteen numbers and nothing else.
        unsafe { std::slice::from_raw_parts(self.0.as_ptr().cast(), self.0.len() * LANES) }
    }
}

impl std::ops::DerefMut for Column {
    fn deref_mut(&mut self) -> &mut [i32] {
        // SAFETY: as above.
        unsafe { std::slice::from_raw_parts_mut(self.0.as_mut_ptr().cast(), self.0.len() * LANES) }
    }
}

/// The rows of (y, z), in common units.
#[derive(Debug, Default)]
pub(super) struct Places {
    /// The row at each place.
    pub(super) row: Vec<u32>,
    /// y and z at each place.
    pub(super) own: Vec<[i32; 2]>,
    /// In order of z, then padding that is infinitely far away: y, z and place.
    pub(super) by_z: ByZ,
    /// Of each row.
    pub(super) rows: Vec<Row>,
}

/// One row: y and z in common units, and its rank along z.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Row {
    pub(super) yz: [i32; 2],
    pub(super) rank: u32,
}

#[derive(Debug, Default)]
pub(super) struct ByZ {
    pub(super) y: Vec<i32>,
    pub(super) z: Vec<i32>,
    /// Times the bytes of [`Lanes`].
    pub(super) place: Vec<u32>,
}

/// A column with its values in fixed point, and by how many bits its units are smaller than the common ones.
#[derive(Clone, Copy)]
pub(super) struct Scaled<'a> {
    pub(super) column: Source<'a>,
    pub(super) shift: u32,
}

impl Scaled<'_> {
    /// Has a share of everything fetched into the cache, that of `LANES` rows of `n`: reading it unforeseen and all over
    /// would take much longer.
    #[inline]
    #[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx2,popcnt,bmi1,bmi2")]
    pub(super) fn fetch(&self, first: usize, n: usize) {
        let Source { rows, units, lookup, .. } = self.column;
        fetch(units, first, n);
        fetch(&lookup.sorted, first, n);
        fetch(&lookup.cells, first, n);
        fetch(rows, first, n);
    }
}

/// Has the share of `LANES` rows of `n` fetched.
#[inline]
#[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx2,popcnt,bmi1,bmi2")]
pub(super) fn fetch<T>(all: &[T], first: usize, n: usize) {
    /// Bytes of a line of the cache.
    const LINE: usize = 64;
    let bytes = size_of_val(all);
    let (from, to) = (bytes * first / n, (bytes * (first + LANES) / n).min(bytes));
    for at in (from..to).step_by(LINE) {
        // SAFETY: an address within the slice, which is only looked forward to.
        unsafe { _mm_prefetch::<_MM_HINT_T1>(all.as_ptr().byte_add(at).cast()) };
    }
}

impl Places {
    /// Puts the rows in order: strips of z, up and down in y by turns.
    pub(super) fn fill(&mut self, y: &Scaled, z: &Scaled) {
        let n = y.column.rows.len();
        let yz = y.column.units.iter().zip(z.column.units).map(|(yy, zz)| [yy >> y.shift, zz >> z.shift]);
        self.rows.clear();
        self.rows.extend(yz.map(|yz| Row { yz, rank: 0 }));
        for (rank, &row) in (0..).zip(z.column.rows) {
            self.rows[row as usize].rank = rank;
        }
        // dealt into strips in order of y
        let strip = (STRIP * (n as f64).sqrt()).ceil() as usize;
        self.row.clear();
        self.row.resize(n, 0);
        let mut next: Vec<usize> = (0..n).step_by(strip).collect();
        for &row in y.column.rows {
            let place = &mut next[self.rows[row as usize].rank as usize / strip];
            self.row[*place] = row;
            *place += 1;
        }
        self.row.chunks_mut(strip).skip(1).step_by(2).for_each(<[u32]>::reverse);
        self.own.clear();
        self.own.extend(self.row.iter().map(|&row| self.rows[row as usize].yz));
        let ByZ { y, z, place } = &mut self.by_z;
        y.resize(n + LANES, i32::MAX);
        z.resize(n + LANES, i32::MAX);
        place.resize(n + LANES, 0);
        for (at, &row) in self.row.iter().enumerate() {
            let Row { yz, rank } = self.rows[row as usize];
            let rank = rank as usize;
            ([y[rank], z[rank]], place[rank]) = (yz, (at * size_of::<Lanes>()) as u32);
        }
        y[n..].fill(i32::MAX);
        z[n..].fill(i32::MAX);
    }
}

/// The values of all sources at each place, in common units: `[groups of sixteen, places]`.
#[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx2,popcnt,bmi1,bmi2")]
pub(super) fn spread(sources: &[Scaled], places: &Places, rows: &mut Vec<Lanes>, to: &mut Vec<Lanes>) {
    let n = places.row.len();
    rows.resize(n.next_multiple_of(LANES), Lanes::default());
    to.clear();
    for group in sources.chunks(LANES) {
        for first in (0..n).step_by(LANES) {
            let there = first_lanes(n - first);
            let mut block = [_mm512_setzero_si512(); LANES];
            for (lanes, source) in block.iter_mut().zip(group) {
                // SAFETY: only rows that are there are read.
                let values = unsafe { _mm512_maskz_loadu_epi32(there, source.column.units[first..].as_ptr()) };
                *lanes = _mm512_sra_epi32(values, _mm_cvtsi32_si128(source.shift.cast_signed()));
            }
            turn(&mut block);
            for (lanes, row) in block.iter().zip(&mut rows[first..]) {
                // SAFETY: sixteen aligned numbers.
                unsafe { _mm512_store_si512(row.0.as_mut_ptr().cast(), *lanes) };
            }
        }
        to.extend(places.row.iter().map(|&row| rows[row as usize]));
    }
}

/// Puts what was found at sixteen places into the columns of sixteen sources.
#[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx2,popcnt,bmi1,bmi2")]
pub(super) fn put(found: &[Lanes; LANES], to: &mut [i32], block: usize) {
    let stride = to.len() / LANES;
    let mut turned = [_mm512_setzero_si512(); LANES];
    for (turned, found) in turned.iter_mut().zip(found) {
        *turned = load(found);
    }
    turn(&mut turned);
    for (lanes, to) in turned.into_iter().zip(to.chunks_exact_mut(stride)) {
        let to = &mut to[block * LANES..(block + 1) * LANES];
        // SAFETY: sixteen numbers.
        unsafe { _mm512_storeu_si512(to.as_mut_ptr().cast(), lanes) };
        // what comes there next: to have the line by then
        _mm_prefetch::<_MM_HINT_ET0>(to.as_ptr().wrapping_add(LANES).cast());
    }
}

/// Turns rows into columns: pairs of rows are mixed, then pairs of pairs, and so on.
#[inline]
#[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx2,popcnt,bmi1,bmi2")]
fn turn(block: &mut [__m512i; LANES]) {
    let mut from = *block;
    for at in 0..8 {
        block[2 * at] = _mm512_unpacklo_epi32(from[2 * at], from[2 * at + 1]);
        block[2 * at + 1] = _mm512_unpackhi_epi32(from[2 * at], from[2 * at + 1]);
    }
    for at in 0..4 {
        for pair in 0..2 {
            let (a, b) = (block[4 * at + pair], block[4 * at + 2 + pair]);
            from[4 * at + 2 * pair] = _mm512_unpacklo_epi64(a, b);
            from[4 * at + 2 * pair + 1] = _mm512_unpackhi_epi64(a, b);
        }
    }
    // from[4 a + c] holds in its quarter q: column 4 q + c of rows 4 a to 4 a + 3
    for column in 0..4 {
        let [a, b, c, d] = [0, 4, 8, 12].map(|row| from[row + column]);
        let (even, odd) = (_mm512_shuffle_i32x4::<0x88>(a, b), _mm512_shuffle_i32x4::<0xdd>(a, b));
        let (even_too, odd_too) = (_mm512_shuffle_i32x4::<0x88>(c, d), _mm512_shuffle_i32x4::<0xdd>(c, d));
        block[column] = _mm512_shuffle_i32x4::<0x88>(even, even_too);
        block[column + 8] = _mm512_shuffle_i32x4::<0xdd>(even, even_too);
        block[column + 4] = _mm512_shuffle_i32x4::<0x88>(odd, odd_too);
        block[column + 12] = _mm512_shuffle_i32x4::<0xdd>(odd, odd_too);
    }
}
