//! The rows of a layer divided into joint cells, exactly.
//!
//! Where the codes of a row fit 64 bits, they are the key. Where they do not (wide layers), the key is a hash and every
//! match is verified against the first row of that cell, code by code, so a collision costs time and never a digit.

use std::ops::Range;

use super::counts::{Tally, entropy};
use super::distinct::Numbering;
use super::grid::Cells;
use super::scan::{Scan, UnitRanges};
use crate::Result;
use crate::simd::{Level, at_level};

/// Bytes of values taken at a time: they stay in the nearest cache between the scan and the codes.
const BLOCK: usize = 16 << 10;

/// Which joint cell each row is in, and how many rows each cell holds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Partition {
    pub(super) ids: Vec<u32>,
    pub(super) counts: Vec<u32>,
}

impl Partition {
    /// Divides rows of finite values.
    pub(super) fn of<C: Cells>(values: &[f32], units: usize, cells: C) -> Self {
        let bits = u64::BITS - (cells.count() - 1).leading_zeros();
        match bits <= 8 && units * bits as usize <= 64 {
            true => Self::narrow(values, units, cells, bits),
            false => Self::wide(values, units, cells, Level::detect(), |_| ()),
        }
    }

    /// Scans and divides in one pass over memory, where `cells` do not depend on the scan.
    pub(super) fn scanned<C: Cells>(values: &[f32], units: usize, cells: C) -> Result<(Self, UnitRanges)> {
        let level = Level::detect();
        if std::mem::size_of_val(values) <= 64 * BLOCK {
            let ranges = UnitRanges::of(values, units)?;
            return Ok((Self::of(values, units, cells), ranges));
        }
        let mut scan = Scan::new(units);
        let partition = Self::wide(values, units, cells, level, |block| scan.absorb(block, level));
        Ok((partition, scan.finish(values)?))
    }

    fn narrow<C: Cells>(values: &[f32], units: usize, cells: C, bits: u32) -> Self {
        let (rows, level) = (values.len() / units, Level::detect());
        let mut numbering = Numbering::new(rows);
        let mut ids = Vec::with_capacity(rows);
        let block = rows_a_block(units);
        let (mut codes, mut keys) = (vec![0_u8; block * units + 8], vec![0_u64; block]);
        for values in values.chunks(block * units) {
            let keys = &mut keys[..values.len() / units];
            encode(level, values, cells, &mut codes[..values.len()]);
            pack(level, &codes, units, bits, keys);
            ids.extend(keys.iter().map(|key| numbering.number(*key)));
        }
        Self { ids, counts: numbering.counts }
    }

    fn wide<C: Cells>(values: &[f32], units: usize, cells: C, level: Level, mut first: impl FnMut(&[f32])) -> Self {
        let rows = values.len() / units;
        let row_of = |row: u32| &values[row as usize * units..][..units];
        let weights = weights(units);
        let mut numbering = Numbering::new(rows);
        let (mut ids, mut firsts) = (Vec::with_capacity(rows), Vec::with_capacity(rows));
        for block in values.chunks(rows_a_block(units) * units) {
            first(block);
            for row in block.chunks_exact(units) {
                let key = hash(level, row, cells, &weights);
                let here = ids.len() as u32;
                let id = numbering.number_where(key, |id| same_cells(level, row, row_of(firsts[id as usize]), cells));
                if id as usize == firsts.len() {
                    firsts.push(here);
                }
                ids.push(id);
            }
        }
        Self { ids, counts: numbering.counts }
    }

    /// Divides further: rows stay together where `bits` agree too.
    pub(super) fn refined(&self, bits: impl Iterator<Item = u32>) -> Self {
        let mut numbering = Numbering::new(self.ids.len());
        let keys = self.ids.iter().zip(bits).map(|(id, bits)| u64::from(*id) << 32 | u64::from(bits));
        let ids = keys.map(|key| numbering.number(key)).collect();
        Self { ids, counts: numbering.counts }
    }

    pub(super) fn rows(&self) -> usize {
        self.ids.len()
    }

    /// Number of occupied cells.
    pub(super) fn distinct(&self) -> usize {
        self.counts.len()
    }

    /// Whether no two rows share a cell.
    pub(super) fn is_discrete(&self) -> bool {
        self.distinct() == self.rows()
    }

    /// H(T) in nats.
    pub(super) fn entropy(&self) -> f64 {
        entropy(&self.counts, self.rows())
    }

    /// H(T, Y) in nats.
    pub(super) fn joint_entropy(&self, labels: &[u32], classes: usize) -> f64 {
        let joint = |id: u32, label: u32| id as usize * classes + label as usize;
        let pairs = self.ids.iter().zip(labels);
        if self.distinct() * classes <= 4 * self.rows() {
            let mut counts = vec![0; self.distinct() * classes];
            pairs.for_each(|(id, label)| counts[joint(*id, *label)] += 1);
            return entropy(&counts, self.rows());
        }
        let mut numbering = Numbering::new(self.rows());
        pairs.for_each(|(id, label)| _ = numbering.number(joint(*id, *label) as u64));
        entropy(&numbering.counts, self.rows())
    }
}

/// H(T, Y) in nats of rows that are already sorted by class: `blocks` are the rows of each class.
///
/// `scratch` is as long as the number of cells, all zero, and left so.
pub(super) fn blocked_entropy(ids: &[u32], blocks: &[Range<usize>], scratch: &mut [u32]) -> f64 {
    let mut tally = Tally::new();
    for block in blocks {
        let ids = &ids[block.clone()];
        for id in ids {
            scratch[*id as usize] += 1;
        }
        for (lane, id) in ids.iter().enumerate() {
            tally.add(lane, std::mem::take(&mut scratch[*id as usize]));
        }
    }
    tally.entropy(ids.len())
}

fn rows_a_block(units: usize) -> usize {
    (BLOCK / 4 / units).max(1)
}

/// The codes of the values, one byte each.
pub(super) fn encode<C: Cells>(level: Level, values: &[f32], cells: C, codes: &mut [u8]) {
    at_level!(level, encode_all[C: Cells], (values: &[f32], cells: C, codes: &mut [u8]) => (values, cells, codes));
}

#[inline(always)]
fn encode_all<C: Cells>(values: &[f32], cells: C, codes: &mut [u8]) {
    for (code, value) in codes.iter_mut().zip(values) {
        *code = cells.code(*value) as u8;
    }
}

/// The lowest `bits` of each byte of a row, side by side in one word; 8 readable bytes must follow the last row.
fn pack(level: Level, codes: &[u8], units: usize, bits: u32, keys: &mut [u64]) {
    #[cfg(target_arch = "x86_64")]
    if level == Level::Avx512 {
        // SAFETY: this level has BMI2.
        return unsafe { pack_bmi2(codes, units, bits, keys) };
    }
    at_level!(level, pack_all, (codes: &[u8], units: usize, bits: u32, keys: &mut [u64]) => (codes, units, bits, keys));
}

#[inline(always)]
fn pack_all(codes: &[u8], units: usize, bits: u32, keys: &mut [u64]) {
    pack_by(codes, units, bits, keys, |word| squeeze(word, bits));
}

/// Squeezing in one instruction: fast on every machine that has AVX-512 too, slow on some older ones.
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "bmi2")]
fn pack_bmi2(codes: &[u8], units: usize, bits: u32, keys: &mut [u64]) {
    let fields = 0x0101_0101_0101_0101 * ((1 << bits) - 1);
    pack_by(codes, units, bits, keys, |word| std::arch::x86_64::_pext_u64(word, fields));
}

#[inline(always)]
fn pack_by(codes: &[u8], units: usize, bits: u32, keys: &mut [u64], squeeze: impl Fn(u64) -> u64) {
    let last_word = (units - 1) / 8;
    let last_mask = lowest_bytes(units - 8 * last_word);
    for (row, key) in keys.iter_mut().enumerate() {
        let mut packed = squeeze(word(codes, row * units + 8 * last_word) & last_mask);
        for place in (0..last_word).rev() {
            packed = packed << (8 * bits) | squeeze(word(codes, row * units + 8 * place));
        }
        *key = packed;
    }
}

#[inline(always)]
pub(super) fn word(codes: &[u8], at: usize) -> u64 {
    let bytes: [u8; 8] = codes[at..at + 8].try_into().unwrap_or([0; 8]);
    u64::from_le_bytes(bytes)
}

/// A mask of the lowest `bytes` bytes, at most all 8.
#[inline(always)]
pub(super) fn lowest_bytes(bytes: usize) -> u64 {
    if bytes >= 8 { u64::MAX } else { (1 << (8 * bytes)) - 1 }
}

/// Eight fields of `bits` bits, one a byte, moved together: first in pairs, then in fours, then all.
#[inline(always)]
fn squeeze(word: u64, bits: u32) -> u64 {
    let gap = 8 - bits;
    let pairs = (word & 0x00ff_00ff_00ff_00ff) | ((word & 0xff00_ff00_ff00_ff00) >> gap);
    let fours = (pairs & 0x0000_ffff_0000_ffff) | ((pairs & 0xffff_0000_ffff_0000) >> (2 * gap));
    (fours & 0x0000_0000_ffff_ffff) | ((fours & 0xffff_ffff_0000_0000) >> (4 * gap))
}

/// One odd factor per unit.
fn weights(units: usize) -> Vec<u32> {
    let scramble = |unit: u32| {
        let mixed = (unit ^ (unit >> 16)).wrapping_mul(0x7feb_352d);
        (mixed ^ (mixed >> 15)).wrapping_mul(0x846c_a68b)
    };
    (0..units as u32).map(|unit| scramble(unit.wrapping_mul(0x9e37_79b9).wrapping_add(0x243f_6a88)) | 1).collect()
}

fn hash<C: Cells>(level: Level, row: &[f32], cells: C, weights: &[u32]) -> u64 {
    at_level!(level, hash_row[C: Cells], (row: &[f32], cells: C, weights: &[u32]) -> u64 => (row, cells, weights))
}

/// Σ code·weight modulo 2^32.
#[inline(always)]
fn hash_row<C: Cells>(row: &[f32], cells: C, weights: &[u32]) -> u64 {
    let products = row.iter().zip(weights).map(|(value, weight)| cells.code(*value).wrapping_mul(*weight));
    u64::from(products.fold(0, u32::wrapping_add))
}

fn same_cells<C: Cells>(level: Level, a: &[f32], b: &[f32], cells: C) -> bool {
    at_level!(level, same_all[C: Cells], (a: &[f32], b: &[f32], cells: C) -> bool => (a, b, cells))
}

#[inline(always)]
fn same_all<C: Cells>(a: &[f32], b: &[f32], cells: C) -> bool {
    let differ = |(a, b): (&f32, &f32)| cells.code(*a) ^ cells.code(*b);
    let same = |(a, b): (&[f32], &[f32])| a.iter().zip(b).map(differ).fold(0, |all, one| all | one) == 0;
    a.chunks(64).zip(b.chunks(64)).all(same)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layers::grid::{Exact, Grid};
    use infoplane_spec::{below, stream};
    use std::collections::HashMap;

    fn random(len: usize, steps: u32) -> Vec<f32> {
        let mut rng = stream(3, "test", u64::from(steps));
        (0..len).map(|_| below(&mut rng, steps) as f32 / steps as f32).collect()
    }

    /// Ids in order of arrival, by a map of whole rows.
    fn reference(values: &[f32], units: usize, grid: Grid) -> Vec<u32> {
        let mut seen: HashMap<Vec<u32>, u32> = HashMap::new();
        let rows = values.chunks_exact(units).map(|row| row.iter().map(|value| grid.code(*value)).collect());
        rows.map(|row: Vec<u32>| {
            let next = seen.len() as u32;
            *seen.entry(row).or_insert(next)
        })
        .collect()
    }

    #[test]
    fn every_route_finds_the_same_cells() {
        for (units, cells) in
            [(1, 2), (3, 30), (8, 4), (10, 30), (12, 32), (13, 30), (64, 2), (65, 2), (200, 3), (2, 900)]
        {
            let grid = Grid::between(0.0, 1.0, cells);
            let mut values = random(500 * units, 1000);
            values.extend_from_within(..100 * units);
            let truth = reference(&values, units, grid);
            let partition = Partition::of(&values, units, grid);
            assert_eq!(partition.ids, truth, "{units} units, {cells} cells");
            for level in Level::available() {
                assert_eq!(Partition::wide(&values, units, grid, level, |_| ()).ids, truth);
            }
        }
    }

    #[test]
    fn wide_rows_that_differ_in_one_unit_are_apart() {
        let mut values = vec![0.0_f32; 1024 * 300];
        for row in 0..300 {
            values[row * 1024 + row % 150] = 1.0;
        }
        let partition = Partition::of(&values, 1024, Exact);
        assert_eq!((partition.distinct(), partition.counts[0]), (150, 2));
    }

    #[test]
    fn joint_entropy_is_the_same_by_all_ways() {
        let values = random(3000, 40);
        let partition = Partition::of(&values, 1, Exact);
        for classes in [1_u32, 3, 2000] {
            let mut labels: Vec<u32> = (0..3000).map(|row| row * 7 % classes).collect();
            let joint: Vec<f32> =
                values.iter().zip(&labels).flat_map(|(value, label)| [*value, *label as f32]).collect();
            let truth = Partition::of(&joint, 2, Exact).entropy();
            assert!((partition.joint_entropy(&labels, classes as usize) - truth).abs() < 1e-12, "{classes} classes");
            let mut order: Vec<usize> = (0..3000).collect();
            order.sort_by_key(|row| labels[*row]);
            let ids: Vec<u32> = order.iter().map(|row| partition.ids[*row]).collect();
            labels.sort_unstable();
            let ends = (0..classes).map(|class| labels.partition_point(|label| *label < class));
            let blocks: Vec<Range<usize>> = ends
                .zip((1..=classes).map(|class| labels.partition_point(|label| *label < class)))
                .map(|(start, end)| start..end)
                .collect();
            let mut scratch = vec![0; partition.distinct()];
            assert!((blocked_entropy(&ids, &blocks, &mut scratch) - truth).abs() < 1e-12);
        }
    }

    #[test]
    fn refinement_by_bits_equals_the_finer_grid() {
        let values = random(4000, 256);
        let (coarse, fine) = (Grid::between(0.0, 1.0, 2), Grid::between(0.0, 1.0, 4));
        let low = values.chunks_exact(2).map(|row| (fine.code(row[0]) & 1) | (fine.code(row[1]) & 1) << 1);
        let refined = Partition::of(&values, 2, coarse).refined(low);
        assert_eq!(refined, Partition::of(&values, 2, fine));
    }
}
