//! Two-dimensional counts in rank space: how many rows have one rank in one range and another in another.
//!
//! Ranks make counts independent of the data's shape. Short ranges are scanned in order of the one axis for ranks of the
//! other. For long series a cumulative grid gives a rectangle whose borders are rounded to grid lines; what lies between
//! each border and its line is scanned and added or taken away.

use super::lanes::Eight;
use super::ruler::fetch;

/// Series up to this length are scanned in 16 bits, without a grid.
const SCANNED: usize = 16_384;

/// The ranks of all rows along two axes.
#[derive(Debug, Default)]
pub(super) struct Plane {
    rows: usize,
    /// The other rank of each rank, on both axes; in 16 bits for series that are scanned.
    narrow: [Vec<u16>; 2],
    wide: [Vec<u32>; 2],
    grid: Grid,
}

/// Rows below each pair of grid lines.
#[derive(Debug, Default)]
struct Grid {
    /// log2 of the ranks between lines.
    shift: u32,
    /// Lines along the second axis.
    lines: usize,
    /// `[lines of the first axis, lines of the second]`
    below: Vec<u32>,
}

impl Plane {
    /// Takes the ranks from the row of each rank of one axis and the rank of each row on another.
    pub(super) fn fill(&mut self, row_at: &[u32], rank_of: &[u32]) {
        self.rows = row_at.len();
        if self.rows <= SCANNED {
            return cross(&mut self.narrow, row_at, rank_of, |rank| rank as u16);
        }
        cross(&mut self.wide, row_at, rank_of, |rank| rank);
        self.grid.fill(&self.wide[0]);
    }

    /// Asks for the memory that a count will read.
    #[inline(always)]
    pub(super) fn fetch(&self, [a, b]: [[u32; 2]; 2]) {
        let (across, grid) = (&self.wide, &self.grid);
        if self.rows <= SCANNED {
            return;
        }
        for line in a {
            let row = grid.nearest(line, across[0].len()) as usize * grid.lines;
            for line in b {
                fetch(&grid.below[row + grid.nearest(line, across[0].len()) as usize]);
            }
        }
        for (axis, ranges) in [a, b].into_iter().enumerate() {
            for rank in ranges {
                fetch(&across[axis][(rank as usize).min(across[0].len() - 1)]);
            }
        }
    }

    /// Rows whose rank on the first axis is in `a[0]..a[1]` and on the second in `b[0]..b[1]`.
    ///
    /// # Safety
    /// The instructions of `V` must exist; ranges lie within the ranks and do not end before they begin.
    #[inline(always)]
    pub(super) unsafe fn count<V: Eight>(&self, a: [u32; 2], b: [u32; 2]) -> u32 {
        // SAFETY: the caller's promise.
        unsafe {
            match self.rows <= SCANNED {
                true if a[1] - a[0] <= b[1] - b[0] => scan16::<V>(&self.narrow[0], a, b),
                true => scan16::<V>(&self.narrow[1], b, a),
                false => self.grid.count::<V>(&self.wide, a, b),
            }
        }
    }
}

/// The other rank of each rank, there and back.
fn cross<T: Copy + Default>(across: &mut [Vec<T>; 2], row_at: &[u32], rank_of: &[u32], from: impl Fn(u32) -> T) {
    let [first, second] = across;
    first.clear();
    second.resize(row_at.len(), T::default());
    for (rank, &row) in (0..).zip(row_at) {
        let other = rank_of[row as usize];
        first.push(from(other));
        second[other as usize] = from(rank);
    }
}

/// # Safety
/// As [`Plane::count`].
#[inline(always)]
unsafe fn scan16<V: Eight>(across: &[u16], a: [u32; 2], b: [u32; 2]) -> u32 {
    let window = &across[a[0] as usize..a[1] as usize];
    // SAFETY: the caller's promise.
    unsafe { V::within16(window.as_ptr(), window.len(), b[0] as u16, (b[1] - b[0]) as u16) }
}

impl Grid {
    fn fill(&mut self, across: &[u32]) {
        let n = across.len();
        let shift = shift(n);
        let lines = (n >> shift) + 2;
        (self.shift, self.lines) = (shift, lines);
        let below = &mut self.below;
        below.clear();
        below.resize(lines * lines, 0);
        for (strip, ranks) in across.chunks(1 << shift).enumerate() {
            let (before, after) = below.split_at_mut((strip + 1) * lines);
            let (before, after) = (&before[strip * lines..], &mut after[..lines]);
            for rank in ranks {
                after[(rank >> shift) as usize + 1] += 1;
            }
            let mut sum = 0;
            for (after, before) in after.iter_mut().zip(before) {
                sum += *after;
                *after = before + sum;
            }
        }
        let filled = n.div_ceil(1 << shift);
        for line in filled + 1..lines {
            below.copy_within(filled * lines..(filled + 1) * lines, line * lines);
        }
    }

    /// The line nearest to a rank.
    #[inline(always)]
    fn nearest(&self, rank: u32, ranks: usize) -> u32 {
        // the last line stands at the end of the ranks, not at a multiple
        let line = (rank + (1 << self.shift >> 1)) >> self.shift;
        line.min(ranks.div_ceil(1 << self.shift) as u32)
    }

    /// # Safety
    /// As [`Plane::count`].
    #[inline(always)]
    unsafe fn count<V: Eight>(&self, across: &[Vec<u32>; 2], a: [u32; 2], b: [u32; 2]) -> u32 {
        let n = across[0].len();
        let lines = [a.map(|rank| self.nearest(rank, n)), b.map(|rank| self.nearest(rank, n))];
        let rounded = lines.map(|pair| pair.map(|line| (line << self.shift).min(n as u32)));
        let at = |line: u32, other: u32| self.below[line as usize * self.lines + other as usize];
        let [la, lb] = lines;
        let mut count = at(la[1], lb[1]) + at(la[0], lb[0]);
        count = count.wrapping_sub(at(la[0], lb[1])).wrapping_sub(at(la[1], lb[0]));
        // SAFETY: the caller's promise.
        unsafe {
            // along the first axis with the second's own range, then along the second with the first's rounded one
            count = count.wrapping_add(edge::<V>(&across[0], a[0], rounded[0][0], b));
            count = count.wrapping_sub(edge::<V>(&across[0], a[1], rounded[0][1], b));
            count = count.wrapping_add(edge::<V>(&across[1], b[0], rounded[1][0], rounded[0]));
            count.wrapping_sub(edge::<V>(&across[1], b[1], rounded[1][1], rounded[0]))
        }
    }
}

/// Rows between a border and its line whose other rank is in `range`: negative if the line comes first.
///
/// # Safety
/// As [`Plane::count`].
#[inline(always)]
unsafe fn edge<V: Eight>(across: &[u32], border: u32, line: u32, range: [u32; 2]) -> u32 {
    let (first, end) = if border < line { (border, line) } else { (line, border) };
    let window = &across[first as usize..end as usize];
    // SAFETY: the caller's promise.
    let found = unsafe { V::within32(window.as_ptr(), window.len(), range[0], range[1] - range[0]) };
    if border < line { found } else { found.wrapping_neg() }
}

/// log2 of the ranks between lines, as measured: the grid should stay in the cache that is near.
fn shift(n: usize) -> u32 {
    match n {
        0..50_000 => 6,
        50_000..400_000 => 7,
        _ => 9,
    }
}
