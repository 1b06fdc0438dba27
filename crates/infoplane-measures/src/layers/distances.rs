//! Sums of Gaussian kernels over all pairs of rows, for many variances, in one pass over the distances.
//!
//! ```text
//! own_i(s) = Σ_{j ≠ i, y_j = y_i} 2^(−f_s ‖t_i − t_j‖²)      other_i(s) = Σ_{y_j ≠ y_i} 2^(−f_s ‖t_i − t_j‖²)
//! ```
//! Rows are sorted by class, so that nearly every tile of the distance matrix adds to one of the two only. Tiles with
//! j ≥ i serve both rows and columns; the matrix itself is never stored. Distances are sums of squared *differences*:
//! the product form ‖a‖² + ‖b‖² − 2ab loses near-duplicates of rows far from the origin, and is no faster here.
//!
//! f32 sums run over at most 192 terms a lane and continue in f64. Terms below 2^−48 of the self term may be left out.
//! Tasks have a fixed size and are added in a fixed order, so the number of threads changes no bit.

use std::ops::Range;

use super::Layer;
#[cfg(target_arch = "x86_64")]
use super::lanes::{Eight, Sixteen};
use super::lanes::{Lanes, Plain};
use super::workers;
use crate::simd::Level;

/// Rows of a task at most: a multiple of the rows and columns of every tile.
const BLOCK: usize = 960;
/// Row panels after which column sums move on to f64.
const FLUSH: usize = 24;
/// A term of 2^−48 is left out where all of its vector are smaller.
const NEGLIGIBLE: f32 = 48.0;
/// Beyond 2^−120 powers stop falling, so that they stay normal numbers.
const SMALLEST: f32 = 120.0;
/// A squared distance that no pair has: it stands for pairs that do not count.
const APART: f32 = f32::MAX;

/// The kernel sums of every row, [scale][row] with rows in the order of [`Rows`], self term left out.
pub(super) struct KernelSums {
    pub(super) own: Vec<f64>,
    pub(super) other: Vec<f64>,
}

/// A layer's rows sorted by class and packed into panels.
pub(super) struct Rows {
    pub(super) order: Vec<u32>,
    /// Classes in that order.
    pub(super) classes: Vec<u32>,
    units: usize,
    /// [panel][unit][row of the panel]: tiles broadcast these …
    tall: Vec<f32>,
    /// … and load these.
    wide: Vec<f32>,
    level: Level,
}

/// Rows and columns of a tile: the sums of distances fill the registers.
const fn tile(level: Level) -> (usize, usize) {
    match level {
        Level::Avx512 => (8, 48),
        Level::Avx2 => (4, 16),
        Level::Scalar => (4, 8),
    }
}

impl Rows {
    pub(super) fn new(layer: &Layer, level: Level) -> Self {
        let mut order: Vec<u32> = (0..layer.rows() as u32).collect();
        order.sort_by_key(|row| layer.labels[*row as usize]);
        let classes = order.iter().map(|row| layer.labels[*row as usize]).collect();
        let (height, width) = tile(level);
        let (tall, wide) = (panels(layer, &order, height), panels(layer, &order, width));
        Self { order, classes, units: layer.units, tall, wide, level }
    }

    pub(super) fn count(&self) -> usize {
        self.order.len()
    }

    /// Rows of a tile.
    pub(super) fn height(&self) -> usize {
        tile(self.level).0
    }

    /// Rows rounded up to whole tiles of columns.
    pub(super) fn padded(&self) -> usize {
        self.count().next_multiple_of(tile(self.level).1)
    }

    /// Kernel sums for each factor.
    pub(super) fn kernel_sums(&self, factors: &[f32], threads: usize) -> KernelSums {
        debug_assert!(factors.is_sorted());
        let (rows, block) = (self.count(), self.block());
        let blocks = rows.div_ceil(block);
        let tasks: Vec<(usize, usize)> = (0..blocks).flat_map(|i| (i..blocks).map(move |j| (i, j))).collect();
        let mut sums = KernelSums { own: vec![0.0; factors.len() * rows], other: vec![0.0; factors.len() * rows] };
        let work = |(): &mut (), task: usize| {
            let (i, j) = tasks[task];
            let mut part = Part::new(factors.len(), i * block..((i + 1) * block), j * block..((j + 1) * block));
            self.add_part(factors, &mut part);
            part
        };
        workers::in_order(tasks.len(), threads, || (), work, |_, part| part.add_to(&mut sums, rows));
        sums
    }

    /// Fewer rows where they are long, so that the columns of a task stay in the second-level cache.
    fn block(&self) -> usize {
        let fits = (512 << 10) / 4 / self.units;
        (fits / 48 * 48).clamp(48, BLOCK)
    }

    fn add_part(&self, factors: &[f32], part: &mut Part) {
        // SAFETY: a level is only ever made by `Level::look`, which found its features on this machine.
        match self.level {
            #[cfg(target_arch = "x86_64")]
            Level::Avx512 => unsafe { part_avx512(self, factors, part) },
            #[cfg(target_arch = "x86_64")]
            Level::Avx2 => unsafe { part_avx2(self, factors, part) },
            // SAFETY: plain lanes need no instructions.
            _ => unsafe { part_of::<Plain, 4, 2>(self, factors, part) },
        }
    }

    /// Kernels of the rows of one tall panel with all rows: `kernels` is [scale][row of the panel][padded rows]. The
    /// self terms are 1, columns of the padding 0.
    pub(super) fn kernels(&self, factors: &[f32], panel: usize, kernels: &mut [f32]) {
        match self.level {
            // SAFETY: as in `add_part`.
            #[cfg(target_arch = "x86_64")]
            Level::Avx512 => unsafe { kernels_avx512(self, factors, panel, kernels) },
            // SAFETY: as in `add_part`.
            #[cfg(target_arch = "x86_64")]
            Level::Avx2 => unsafe { kernels_avx2(self, factors, panel, kernels) },
            // SAFETY: plain lanes need no instructions.
            _ => unsafe { kernels_of::<Plain, 4, 2>(self, factors, panel, kernels) },
        }
    }

    /// How the classes of a tile's rows and columns meet. Columns do not end before rows begin.
    fn meeting(&self, rows: &Range<usize>, columns: &Range<usize>) -> Meeting {
        let class = |row: usize| self.classes[row.min(self.count() - 1)];
        let (first, last) = (class(rows.start.min(columns.start)), class(rows.end.max(columns.end) - 1));
        if first == last {
            Meeting::Own
        } else if class(rows.end - 1) < class(columns.start) {
            Meeting::Other
        } else {
            Meeting::Mixed
        }
    }
}

enum Meeting {
    Own,
    Other,
    Mixed,
}

/// Rows in order, [panel][unit][row of the panel], zeros beyond the last.
fn panels(layer: &Layer, order: &[u32], height: usize) -> Vec<f32> {
    let mut packed = vec![0.0; order.len().next_multiple_of(height) * layer.units];
    for (panel, rows) in packed.chunks_exact_mut(height * layer.units).zip(order.chunks(height)) {
        for (place, row) in rows.iter().enumerate() {
            let values = &layer.values[*row as usize * layer.units..][..layer.units];
            for (unit, value) in values.iter().enumerate() {
                panel[unit * height + place] = *value;
            }
        }
    }
    packed
}

/// What the rows and columns of one task add up to: [scale][row of the task], own class and other classes.
struct Part {
    scales: usize,
    rows: Range<usize>,
    columns: Range<usize>,
    by_row: [Vec<f64>; 2],
    by_column: [Vec<f64>; 2],
}

const OWN: usize = 0;
const OTHER: usize = 1;

impl Part {
    fn new(scales: usize, rows: Range<usize>, columns: Range<usize>) -> Self {
        let zeros = |range: &Range<usize>| vec![0.0; scales * range.len()];
        let by_row = [zeros(&rows), zeros(&rows)];
        let by_column = [zeros(&columns), zeros(&columns)];
        Self { scales, rows, columns, by_row, by_column }
    }

    fn add_to(&self, sums: &mut KernelSums, count: usize) {
        for (range, parts) in [(&self.rows, &self.by_row), (&self.columns, &self.by_column)] {
            for (total, part) in [(&mut sums.own, &parts[OWN]), (&mut sums.other, &parts[OTHER])] {
                for scale in 0..self.scales {
                    let totals = &mut total[scale * count..][range.start..range.end.min(count)];
                    totals.iter_mut().zip(&part[scale * range.len()..]).for_each(|(total, part)| *total += part);
                }
            }
        }
    }
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx2,fma")]
unsafe fn part_avx512(rows: &Rows, factors: &[f32], part: &mut Part) {
    // SAFETY: the features are enabled.
    unsafe { part_of::<Sixteen, 8, 3>(rows, factors, part) }
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,fma")]
unsafe fn part_avx2(rows: &Rows, factors: &[f32], part: &mut Part) {
    // SAFETY: the features are enabled.
    unsafe { part_of::<Eight, 4, 2>(rows, factors, part) }
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx2,fma")]
unsafe fn kernels_avx512(rows: &Rows, factors: &[f32], panel: usize, kernels: &mut [f32]) {
    // SAFETY: the features are enabled.
    unsafe { kernels_of::<Sixteen, 8, 3>(rows, factors, panel, kernels) }
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,fma")]
unsafe fn kernels_avx2(rows: &Rows, factors: &[f32], panel: usize, kernels: &mut [f32]) {
    // SAFETY: the features are enabled.
    unsafe { kernels_of::<Eight, 4, 2>(rows, factors, panel, kernels) }
}

/// Squared distances of one tile, R rows by C vectors of columns.
///
/// SAFETY: the instructions of `V` exist; `tall` holds units·R floats and `wide` units·C·COUNT.
#[inline(always)]
unsafe fn squared_distances<V: Lanes, const R: usize, const C: usize>(tall: &[f32], wide: &[f32]) -> [[V; C]; R] {
    // SAFETY: `chunks_exact` makes every pointer valid.
    unsafe {
        let mut sums = [[V::splat(0.0); C]; R];
        for (values, columns) in tall.chunks_exact(R).zip(wide.chunks_exact(C * V::COUNT)) {
            let mut column = [V::splat(0.0); C];
            for (place, column) in column.iter_mut().enumerate() {
                *column = V::load(columns.as_ptr().add(place * V::COUNT));
            }
            for (row, sums) in sums.iter_mut().enumerate() {
                let value = V::splat(values[row]);
                for (column, sum) in column.iter().zip(sums) {
                    let difference = column.sub(value);
                    *sum = difference.mul_add(difference, *sum);
                }
            }
        }
        sums
    }
}

/// Running f32 sums of a task, [own, other].
struct Running {
    /// [scale][row of the tile][lane].
    by_row: [Vec<f32>; 2],
    /// [scale][column of the task].
    by_column: [Vec<f32>; 2],
}

/// SAFETY: the instructions of `V` exist.
#[inline(always)]
unsafe fn part_of<V: Lanes, const R: usize, const C: usize>(rows: &Rows, factors: &[f32], part: &mut Part) {
    let (width, units, scales) = (C * V::COUNT, rows.units, factors.len());
    let span = part.columns.len();
    let zeros = |len: usize| [vec![0.0; len], vec![0.0; len]];
    let mut running = Running { by_row: zeros(scales * R * V::COUNT), by_column: zeros(scales * span) };
    let (row_end, column_end) = (part.rows.end.min(rows.count()), part.columns.end.min(rows.count()));
    for (turn, row) in (part.rows.start..row_end).step_by(R).enumerate() {
        let tall = &rows.tall[row * units..][..R * units];
        // The first column tile that is not wholly left of the diagonal.
        let first = part.columns.start.max(row / width * width);
        for column in (first..column_end).step_by(width) {
            let wide = &rows.wide[column * units..][..width * units];
            // SAFETY: the caller's; the slices have the lengths that are asked for.
            unsafe {
                let distances = squared_distances::<V, R, C>(tall, wide);
                add_tile(rows, factors, &distances, row, column, column - part.columns.start, &mut running);
            }
        }
        for kind in [OWN, OTHER] {
            take_rows(&mut running.by_row[kind], R, &mut part.by_row[kind], part.rows.len(), row - part.rows.start);
        }
        if turn % FLUSH == FLUSH - 1 || row + R >= row_end {
            for kind in [OWN, OTHER] {
                let sums = part.by_column[kind].iter_mut().zip(&mut running.by_column[kind]);
                sums.for_each(|(sum, running)| *sum += f64::from(std::mem::take(running)));
            }
        }
    }
}

/// Moves the running sums of the rows of a tile on to f64.
#[inline(always)]
fn take_rows(running: &mut [f32], height: usize, sums: &mut [f64], span: usize, row: usize) {
    let scales = sums.len() / span;
    let lanes = running.len() / scales / height;
    for (place, lanes) in running.chunks_exact_mut(lanes).enumerate() {
        let (scale, row) = (place / height, row + place % height);
        if row < span {
            let mut quarters = [0.0; 4];
            for lanes in lanes.chunks_exact(4) {
                quarters.iter_mut().zip(lanes).for_each(|(sum, lane)| *sum += f64::from(*lane));
            }
            sums[scale * span + row] += (quarters[0] + quarters[2]) + (quarters[1] + quarters[3]);
            lanes.fill(0.0);
        }
    }
}

/// Adds the powers of one tile where they belong.
///
/// SAFETY: the instructions of `V` exist.
#[inline(always)]
unsafe fn add_tile<V: Lanes, const R: usize, const C: usize>(
    rows: &Rows,
    factors: &[f32],
    distances: &[[V; C]; R],
    row: usize,
    column: usize,
    place: usize,
    running: &mut Running,
) {
    let (row_range, column_range) = (row..row + R, column..column + C * V::COUNT);
    let is_whole = column >= row + R && column_range.end <= rows.count();
    let meeting = rows.meeting(&row_range, &column_range);
    let counts = |i: usize, j: usize| j > i && j < rows.count();
    let same = |i: usize, j: usize| rows.classes[i] == rows.classes[j];
    // SAFETY: the caller's.
    unsafe {
        match meeting {
            Meeting::Own if is_whole => add_powers(factors, distances, place, running, OWN),
            Meeting::Other if is_whole => add_powers(factors, distances, place, running, OTHER),
            Meeting::Own => {
                let own = only(distances, row, column, counts);
                add_powers(factors, &own, place, running, OWN);
            }
            Meeting::Other => {
                let other = only(distances, row, column, counts);
                add_powers(factors, &other, place, running, OTHER);
            }
            Meeting::Mixed => {
                let own = only(distances, row, column, |i, j| counts(i, j) && same(i, j));
                add_powers(factors, &own, place, running, OWN);
                let other = only(distances, row, column, |i, j| counts(i, j) && !same(i, j));
                add_powers(factors, &other, place, running, OTHER);
            }
        }
    }
}

/// The distances of the pairs (i, j) that count; all others become [`APART`].
///
/// SAFETY: the instructions of `V` exist.
#[inline(always)]
unsafe fn only<V: Lanes, const R: usize, const C: usize>(
    distances: &[[V; C]; R],
    row: usize,
    column: usize,
    counts: impl Fn(usize, usize) -> bool,
) -> [[V; C]; R] {
    let mut kept = *distances;
    for (i, kept) in kept.iter_mut().enumerate() {
        for (part, kept) in kept.iter_mut().enumerate() {
            let mut lanes = [0.0; 16];
            // SAFETY: no vector has more than 16 lanes.
            unsafe { kept.store(lanes.as_mut_ptr()) };
            for (lane, distance) in lanes[..V::COUNT].iter_mut().enumerate() {
                if !counts(row + i, column + part * V::COUNT + lane) {
                    *distance = APART;
                }
            }
            // SAFETY: as above.
            *kept = unsafe { V::load(lanes.as_ptr()) };
        }
    }
    kept
}

/// Adds 2^(−factor·distance) to the sums of its row and of its column, for every factor.
///
/// SAFETY: the instructions of `V` exist; `running` has room for `place` + C·COUNT columns.
#[inline(always)]
unsafe fn add_powers<V: Lanes, const R: usize, const C: usize>(
    factors: &[f32],
    distances: &[[V; C]; R],
    place: usize,
    running: &mut Running,
    kind: usize,
) {
    let span = running.by_column[kind].len() / factors.len();
    for (scale, &factor) in factors.iter().enumerate() {
        let by_row = &mut running.by_row[kind][scale * R * V::COUNT..][..R * V::COUNT];
        let by_column = &mut running.by_column[kind][scale * span + place..][..C * V::COUNT];
        let mut any = false;
        // SAFETY: both slices have the lengths that the pointers run over.
        unsafe {
            let (limit, most) = (V::splat(NEGLIGIBLE / factor), V::splat(SMALLEST / factor));
            let factor = V::splat(factor);
            for c in 0..C {
                let column = by_column.as_mut_ptr().add(c * V::COUNT);
                let mut sum = V::load(column);
                for (r, distances) in distances.iter().enumerate() {
                    if distances[c].any_below(limit) {
                        any = true;
                        let power = distances[c].falling_power(factor, most);
                        sum = sum.add(power);
                        let row = by_row.as_mut_ptr().add(r * V::COUNT);
                        V::load(row).add(power).store(row);
                    }
                }
                sum.store(column);
            }
        }
        if !any {
            return; // factors ascend: nothing is left for those that follow
        }
    }
}

/// SAFETY: the instructions of `V` exist.
#[inline(always)]
unsafe fn kernels_of<V: Lanes, const R: usize, const C: usize>(
    rows: &Rows,
    factors: &[f32],
    panel: usize,
    kernels: &mut [f32],
) {
    let (width, units, padded) = (C * V::COUNT, rows.units, rows.padded());
    let tall = &rows.tall[panel * R * units..][..R * units];
    for column in (0..padded).step_by(width) {
        let wide = &rows.wide[column * units..][..width * units];
        // SAFETY: the caller's; every store is inside its row of `kernels`.
        unsafe {
            let distances = squared_distances::<V, R, C>(tall, wide);
            for (scale, &factor) in factors.iter().enumerate() {
                let (most, factor) = (V::splat(SMALLEST / factor), V::splat(factor));
                for (r, distances) in distances.iter().enumerate() {
                    let row = &mut kernels[(scale * R + r) * padded + column..][..width];
                    for (c, distance) in distances.iter().enumerate() {
                        distance.falling_power(factor, most).store(row.as_mut_ptr().add(c * V::COUNT));
                    }
                }
            }
        }
    }
    for (place, row) in kernels.chunks_exact_mut(padded).enumerate() {
        row[rows.count()..].fill(0.0);
        row[(panel * R + place % R).min(padded - 1)] = 1.0;
    }
}
