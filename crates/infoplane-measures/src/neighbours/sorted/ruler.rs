//! One-dimensional bounds: which ranks of a sorted column lie strictly within a radius of a value.
//!
//! ```text
//! low = first rank with v − s < ε     high = first rank after it with s − v ≥ ε     both differences as f64 rounds them
//! ```
//! A table over v/(spread + |v|), in which heavy tails take no room, gives a rank near the bound; the exact comparison on
//! eight values around it gives the bound. Where a table cell holds many rows, bisection takes over.

use super::axis::Axis;
use super::lanes::Eight;
use super::leaves::LEAF;
use super::level::at_level;
use crate::simd::Level;

/// Values before the first and after the last that comparisons may read.
const PADDING: usize = 8;
/// Rows a table cell has on average.
const CELL_ROWS: usize = 2;

/// A sorted column and its table.
#[derive(Debug, Default)]
pub(super) struct Ruler {
    /// Ascending, between −∞ and ∞.
    padded: Vec<f64>,
    /// First rank of each table cell.
    first: Vec<u32>,
    centre: f64,
    spread: f64,
    /// Half the number of cells.
    half: f64,
    /// The table cell of each rank, while the table is made.
    cells: Vec<u32>,
}

impl Ruler {
    /// Takes another column, in the memory of the last.
    pub(super) fn fill(&mut self, level: Level, axis: &Axis) {
        let values = axis.values.as_slice();
        let n = values.len();
        self.padded.clear();
        self.padded.resize(PADDING, f64::NEG_INFINITY);
        self.padded.extend_from_slice(values);
        self.padded.resize(n + 2 * PADDING, f64::INFINITY);
        self.half = (n / (2 * CELL_ROWS)).max(1) as f64;
        (self.centre, self.spread) = (values[n / 2], spread(values));
        let mut cells = std::mem::take(&mut self.cells);
        cells.resize(n, 0);
        let (ruler, to) = (&*self, cells.as_mut_slice());
        at_level!(level, cells_of, (ruler: &Ruler, values: &[f64], to: &mut [u32]) => (ruler, values, to));
        self.tabulate(&cells);
        self.cells = cells;
    }

    fn tabulate(&mut self, cells: &[u32]) {
        self.first.clear();
        self.first.resize(2 * self.half as usize + 2, cells.len() as u32);
        for (rank, &cell) in (0..cells.len() as u32).zip(cells).rev() {
            self.first[cell as usize] = rank;
        }
        let mut least = cells.len() as u32;
        for first in self.first.iter_mut().rev() {
            least = least.min(*first);
            *first = least;
        }
    }

    /// The table cell of a value. Rounding may put a value one cell beside where it belongs.
    #[inline(always)]
    fn cell(&self, value: f64) -> u32 {
        let offset = value - self.centre;
        let place = (offset / (self.spread + offset.abs()) + 1.0) * self.half;
        // where an offset overflows the place is NaN, and the cast puts it into the first cell
        place as i32 as u32
    }

    /// A rank near the first value that is not below.
    #[inline(always)]
    fn near(&self, value: f64) -> u32 {
        self.first[(self.cell(value) as usize).min(self.first.len() - 1)]
    }

    /// The bounds of the eight places of each leaf along one axis.
    pub(super) fn bounds(
        &self,
        level: Level,
        points: &[[[f64; LEAF]; 3]],
        axis: usize,
        radii: &[f64],
        to: &mut Vec<Bounds>,
    ) {
        to.resize(points.len(), Bounds::default());
        let (ruler, to) = (self, to.as_mut_slice());
        at_level!(level, bounds_all,
            (ruler: &Ruler, points: &[[[f64; LEAF]; 3]], axis: usize, radii: &[f64], to: &mut [Bounds])
            => (ruler, points, axis, radii, to));
    }

    /// Asks for the memory of the values around a rank.
    #[inline(always)]
    fn fetch(&self, rank: u32) {
        fetch(&self.padded[rank as usize + PADDING - 1]);
    }

    /// First rank with value − s < radius, searched from a rank that is near.
    ///
    /// # Safety
    /// The instructions of `V` must exist.
    #[inline(always)]
    unsafe fn low<V: Eight>(&self, value: f64, radius: f64, near: u32) -> u32 {
        let from = near as usize + PADDING - 1;
        // SAFETY: the caller's promise; eight values follow `from`, which is at most n + 7.
        let outside = unsafe {
            let eight = V::load(self.padded[from..from + 8].as_ptr());
            !V::splat(value).sub(eight).below(V::splat(radius))
        };
        match outside.trailing_ones() {
            count @ 1..=7 => near + count - 1,
            _ => self.bisect(from, |s| value - s >= radius),
        }
    }

    /// First rank with s − value ≥ radius, searched from a rank that is near.
    ///
    /// # Safety
    /// The instructions of `V` must exist.
    #[inline(always)]
    unsafe fn high<V: Eight>(&self, value: f64, radius: f64, near: u32) -> u32 {
        let from = near as usize + PADDING - 1;
        // SAFETY: as above.
        let inside = unsafe {
            let eight = V::load(self.padded[from..from + 8].as_ptr());
            eight.sub(V::splat(value)).below(V::splat(radius))
        };
        match inside.trailing_ones() {
            count @ 1..=7 => near + count - 1,
            _ => self.bisect(from, |s| s - value < radius),
        }
    }

    /// The first rank whose value is not `before`: steps that double from a place, then halve.
    #[cold]
    #[inline(never)]
    fn bisect(&self, from: usize, before: impl Fn(f64) -> bool) -> u32 {
        let (mut low, mut high, last) = (from, from, self.padded.len() - 1);
        let mut step = 8;
        if before(self.padded[from]) {
            while high < last && before(self.padded[high]) {
                low = high;
                high = (high + step).min(last);
                step *= 2;
            }
        } else {
            while low > 0 && !before(self.padded[low]) {
                high = low;
                low = low.saturating_sub(step);
                step *= 2;
            }
        }
        let within = self.padded[low..=high].partition_point(|&s| before(s));
        ((low + within).max(PADDING) - PADDING).min(self.padded.len() - 2 * PADDING) as u32
    }
}

/// # Safety
/// None: `V` only names the level to compile for.
#[inline(always)]
unsafe fn cells_of<V: Eight>(ruler: &Ruler, values: &[f64], to: &mut [u32]) {
    values.iter().zip(to).for_each(|(&value, to)| *to = ruler.cell(value));
}

/// A typical distance from the middle: the middle half of the values, or what is left of them.
fn spread(values: &[f64]) -> f64 {
    let n = values.len();
    let wide = |share: usize| values[n - 1 - n / share] - values[n / share];
    [4, 8, 16, 64, n + 1].into_iter().map(wide).find(|&width| width > 0.0).unwrap_or(1.0)
}

/// Asks for the memory at a place, where there is an instruction for it.
#[inline(always)]
pub(super) fn fetch<T>(at: &T) {
    // SAFETY: a hint that reads nothing.
    #[cfg(target_arch = "x86_64")]
    unsafe {
        std::arch::x86_64::_mm_prefetch::<{ std::arch::x86_64::_MM_HINT_T0 }>(std::ptr::from_ref(at).cast());
    }
    #[cfg(not(target_arch = "x86_64"))]
    let _ = at;
}

/// The first rank inside and the first after, for eight rows.
pub(super) type Bounds = [[u32; LEAF]; 2];

/// # Safety
/// The instructions of `V` must exist.
#[inline(always)]
unsafe fn bounds_all<V: Eight>(
    ruler: &Ruler,
    points: &[[[f64; LEAF]; 3]],
    axis: usize,
    radii: &[f64],
    to: &mut [Bounds],
) {
    /// Leaves between asking for memory and reading it.
    const AHEAD: usize = 2;
    let radii = radii.as_chunks::<LEAF>().0;
    let mut hints = [[[0; LEAF]; 2]; AHEAD];
    for leaf in 0..points.len() + AHEAD {
        if leaf >= AHEAD {
            let (now, to) = (leaf - AHEAD, &mut to[leaf - AHEAD]);
            let hint = hints[now % AHEAD];
            for lane in 0..LEAF {
                let (value, radius) = (points[now][axis][lane], radii[now][lane]);
                // SAFETY: the caller's promise.
                unsafe {
                    to[0][lane] = ruler.low::<V>(value, radius, hint[0][lane]);
                    to[1][lane] = ruler.high::<V>(value, radius, hint[1][lane]);
                }
            }
        }
        if leaf < points.len() {
            let hint = &mut hints[leaf % AHEAD];
            for lane in 0..LEAF {
                let (value, radius) = (points[leaf][axis][lane], radii[leaf][lane]);
                hint[0][lane] = ruler.near(value - radius);
                hint[1][lane] = ruler.near(value + radius);
                ruler.fetch(hint[0][lane]);
                ruler.fetch(hint[1][lane]);
            }
        }
    }
}
