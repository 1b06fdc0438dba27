//! Null of the kernel bounds: all draws of the labels in one pass over the kernel values.
//!
//! A kernel `k(t_i, t_j)` is computed once and added, for every draw d, to the sum of row i where d gives both rows the
//! same label. Draws fill the vector: 64 labels of a row lie side by side, are compared with those of the other row,
//! and the kernel is added where they agree. f32 sums run over at most 192 terms and continue in f64.

use super::distances::Rows;
use super::label_null::shuffled_rows;
use super::{LabelNull, Layer, workers};
use crate::simd::{Level, at_level};

/// Draws taken together.
const DRAWS: usize = 64;
/// Kernels below this are left out, as in the estimate: N of them add up to nothing that is printed.
const NEGLIGIBLE: f32 = 3.6e-15;
/// Terms of an f32 sum.
const TERMS: usize = 192;

/// I(T;Y) of every draw at each factor.
pub(super) fn null(
    layer: &Layer,
    factors: &[f32],
    draws: usize,
    seed: u64,
    threads: usize,
    level: Level,
) -> Vec<LabelNull> {
    let rows = Rows::new(layer, level);
    match layer.classes <= 256 {
        true => run(&Drawn::<u8>::new(layer, &rows, draws, seed), layer, &rows, factors, threads, level),
        false => run(&Drawn::<u32>::new(layer, &rows, draws, seed), layer, &rows, factors, threads, level),
    }
}

/// Labels as small as they can be.
trait Label: Copy + Eq + Default + Send + Sync {
    fn from_class(class: u32) -> Self;
    fn class(self) -> usize;

    /// [`add_where_equal`] at a level of instructions.
    fn add_equal(
        level: Level,
        at: &[u32],
        values: &[f32],
        labels: &[[Self; DRAWS]],
        mine: &[Self; DRAWS],
        running: &mut [f32; DRAWS],
    ) {
        add_equal(level, at, values, labels, mine, running);
    }
}

impl Label for u8 {
    fn from_class(class: u32) -> Self {
        class as Self
    }
    fn class(self) -> usize {
        self.into()
    }

    #[cfg(target_arch = "x86_64")]
    fn add_equal(
        level: Level,
        at: &[u32],
        values: &[f32],
        labels: &[[Self; DRAWS]],
        mine: &[Self; DRAWS],
        running: &mut [f32; DRAWS],
    ) {
        match level {
            // SAFETY: a level is only ever made by `Level::look`, which found its features on this machine.
            Level::Avx512 => unsafe { add_where_equal_avx512(at, values, labels, mine, running) },
            _ => add_equal(level, at, values, labels, mine, running),
        }
    }
}

impl Label for u32 {
    fn from_class(class: u32) -> Self {
        class
    }
    fn class(self) -> usize {
        self as usize
    }
}

/// The labels of every draw: [64 draws][row][draw], rows in the order of [`Rows`].
struct Drawn<L> {
    groups: Vec<Vec<[L; DRAWS]>>,
    draws: usize,
}

impl<L: Label> Drawn<L> {
    fn new(layer: &Layer, rows: &Rows, draws: usize, seed: u64) -> Self {
        let mut groups = vec![vec![[L::default(); DRAWS]; rows.count()]; draws.div_ceil(DRAWS)];
        let mut place_of = vec![0; rows.count()];
        rows.order.iter().enumerate().for_each(|(place, row)| place_of[*row as usize] = place);
        for draw in 0..draws {
            let order = shuffled_rows(layer.rows(), seed, draw);
            for (row, class) in order.iter().zip(&rows.classes) {
                groups[draw / DRAWS][place_of[*row as usize]][draw % DRAWS] = L::from_class(*class);
            }
        }
        Self { groups, draws }
    }
}

/// Kernels of one row with all rows.
struct Kernel {
    /// Rows whose kernel counts …
    at: Vec<u32>,
    /// … and the kernels.
    values: Vec<f32>,
}

fn run<L: Label>(
    drawn: &Drawn<L>,
    layer: &Layer,
    rows: &Rows,
    factors: &[f32],
    threads: usize,
    level: Level,
) -> Vec<LabelNull> {
    let (n, height, padded) = (rows.count(), rows.height(), rows.padded());
    let counts: Vec<f64> = layer.class_counts().into_iter().map(f64::from).collect();
    // [scale][draw]: Σ_i ln (own sum of i / its class) − Σ_i ln (sum of i / N), of one panel of rows
    let panel = |kernels: &mut Vec<f32>, panel: usize| -> Vec<f64> {
        rows.kernels(factors, panel, kernels);
        let mut logs = vec![0.0; factors.len() * drawn.draws];
        for (scale, kernels) in kernels.chunks_exact(height * padded).enumerate() {
            for row in panel * height..n.min((panel + 1) * height) {
                let kernel = Kernel::of(&kernels[row % height * padded..][..n]);
                let all: f64 = kernel.values.iter().map(|value| f64::from(*value)).sum();
                let all = (all / n as f64).ln();
                for (labels, logs) in
                    drawn.groups.iter().zip(logs[scale * drawn.draws..][..drawn.draws].chunks_mut(DRAWS))
                {
                    let sums = equal_sums(level, &kernel, labels, row);
                    for ((log, sum), label) in logs.iter_mut().zip(sums).zip(&labels[row]) {
                        *log += (sum / counts[label.class()]).ln() - all;
                    }
                }
            }
        }
        logs
    };
    let mut totals = vec![0.0; factors.len() * drawn.draws];
    let buffer = || vec![0.0; factors.len() * height * padded];
    workers::in_order(n.div_ceil(height), threads, buffer, panel, |_, logs| {
        totals.iter_mut().zip(logs).for_each(|(total, log)| *total += log);
    });
    let of_scale = |totals: &[f64]| LabelNull { draws: totals.iter().map(|total| total / n as f64).collect() };
    match drawn.draws {
        0 => vec![LabelNull { draws: Vec::new() }; factors.len()],
        draws => totals.chunks_exact(draws).map(of_scale).collect(),
    }
}

impl Kernel {
    fn of(row: &[f32]) -> Self {
        let counted = || row.iter().enumerate().filter(|(_, value)| **value > NEGLIGIBLE);
        Self { at: counted().map(|(at, _)| at as u32).collect(), values: counted().map(|(_, value)| *value).collect() }
    }
}

/// For each draw the sum of the kernels whose row has the label of `row`.
fn equal_sums<L: Label>(level: Level, kernel: &Kernel, labels: &[[L; DRAWS]], row: usize) -> [f64; DRAWS] {
    let mine = &labels[row];
    let mut sums = [0.0; DRAWS];
    for (at, values) in kernel.at.chunks(TERMS).zip(kernel.values.chunks(TERMS)) {
        let mut running = [0.0; DRAWS];
        L::add_equal(level, at, values, labels, mine, &mut running);
        sums.iter_mut().zip(running).for_each(|(sum, running)| *sum += f64::from(running));
    }
    sums
}

fn add_equal<L: Label>(
    level: Level,
    at: &[u32],
    values: &[f32],
    labels: &[[L; DRAWS]],
    mine: &[L; DRAWS],
    running: &mut [f32; DRAWS],
) {
    at_level!(level, add_where_equal[L: Label],
        (at: &[u32], values: &[f32], labels: &[[L; DRAWS]], mine: &[L; DRAWS], running: &mut [f32; DRAWS])
        => (at, values, labels, mine, running));
}

/// Adds each value to the draws that give its row the same label as `mine`.
#[inline(always)]
fn add_where_equal<L: Label>(
    at: &[u32],
    values: &[f32],
    labels: &[[L; DRAWS]],
    mine: &[L; DRAWS],
    running: &mut [f32; DRAWS],
) {
    for (at, value) in at.iter().zip(values) {
        let theirs = &labels[*at as usize];
        for draw in 0..DRAWS {
            let kept = u32::from(mine[draw] == theirs[draw]).wrapping_neg();
            running[draw] += f32::from_bits(value.to_bits() & kept);
        }
    }
}

/// The same with a comparison of 64 labels and four masked additions: the additions of a lane are those of its twin, in
/// the same order.
///
/// SAFETY: AVX-512 F and BW exist.
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx512f,avx512bw")]
unsafe fn add_where_equal_avx512(
    at: &[u32],
    values: &[f32],
    labels: &[[u8; DRAWS]],
    mine: &[u8; DRAWS],
    running: &mut [f32; DRAWS],
) {
    use std::arch::x86_64::{
        _mm512_cmpeq_epi8_mask, _mm512_loadu_ps, _mm512_loadu_si512, _mm512_mask_add_ps, _mm512_set1_ps,
        _mm512_storeu_ps,
    };
    // SAFETY: every array holds 64 labels or 64 floats, all of which are read or written.
    unsafe {
        let quarter = |place: usize| running.as_ptr().add(16 * place);
        let mut sums = [0, 1, 2, 3].map(|place| _mm512_loadu_ps(quarter(place)));
        let mine = _mm512_loadu_si512(mine.as_ptr().cast());
        for (at, value) in at.iter().zip(values) {
            let theirs = _mm512_loadu_si512(labels[*at as usize].as_ptr().cast());
            let (equal, value) = (_mm512_cmpeq_epi8_mask(mine, theirs), _mm512_set1_ps(*value));
            for (place, sum) in sums.iter_mut().enumerate() {
                *sum = _mm512_mask_add_ps(*sum, (equal >> (16 * place)) as u16, *sum, value);
            }
        }
        for (place, sum) in sums.into_iter().enumerate() {
            _mm512_storeu_ps(running.as_mut_ptr().add(16 * place), sum);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use infoplane_spec::{below, stream};

    #[test]
    fn masked_additions_are_the_same_at_every_level() {
        let mut rng = stream(2, "test", 0);
        let labels: Vec<[u8; DRAWS]> = (0..300).map(|_| std::array::from_fn(|_| below(&mut rng, 3) as u8)).collect();
        let at: Vec<u32> = (0..300).filter(|_| below(&mut rng, 2) == 0).collect();
        let values: Vec<f32> = at.iter().map(|at| 1.0 / (1.0 + *at as f32)).collect();
        let kernel = Kernel { at, values };
        let plain = equal_sums(Level::Scalar, &kernel, &labels, 7);
        for level in Level::available() {
            assert_eq!(equal_sums(level, &kernel, &labels, 7), plain, "{level:?}");
        }
    }
}
