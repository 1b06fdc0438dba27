//! One pass over the values: are they finite, and between which values does each unit move?

use crate::simd::{Level, at_level};
use crate::{Error, Result};

const LANES: usize = 16;
/// Stretches taken together, so that the running extremes are loaded and stored once for all of them.
const STRETCHES: usize = 4;

/// Running extremes of each unit; rows may arrive in pieces.
pub(super) struct Scan {
    units: usize,
    /// Extremes of whole stretches: the least number of rows that fill whole vectors, so place p belongs to unit
    /// p mod units.
    mins: Vec<f32>,
    maxs: Vec<f32>,
    /// The largest |value| as bits: beyond those of the largest finite number there are only infinity and NaN.
    magnitude: u32,
}

/// Smallest and largest value of each unit.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct UnitRanges {
    pub(super) mins: Vec<f32>,
    pub(super) maxs: Vec<f32>,
}

impl UnitRanges {
    /// Scans a whole layer, [rows, units].
    pub(super) fn of(values: &[f32], units: usize) -> Result<Self> {
        let mut scan = Scan::new(units);
        scan.absorb(values, Level::detect());
        scan.finish(values)
    }

    /// Smallest and largest value of all units.
    pub(super) fn extremes(&self) -> (f32, f32) {
        let lo = self.mins.iter().copied().fold(f32::INFINITY, f32::min);
        (lo, self.maxs.iter().copied().fold(f32::NEG_INFINITY, f32::max))
    }
}

impl Scan {
    pub(super) fn new(units: usize) -> Self {
        let stretch = units * (LANES / gcd(units, LANES));
        let (mins, maxs) = (vec![f32::INFINITY; stretch], vec![f32::NEG_INFINITY; stretch]);
        Self { units, mins, maxs, magnitude: 0 }
    }

    /// Takes whole rows.
    pub(super) fn absorb(&mut self, rows: &[f32], level: Level) {
        at_level!(level, absorb, (scan: &mut Scan, rows: &[f32]) => (self, rows));
    }

    /// The ranges, or where the first value is that is not finite.
    pub(super) fn finish(self, values: &[f32]) -> Result<UnitRanges> {
        if self.magnitude > f32::MAX.to_bits() {
            return Err(not_finite(values, self.units));
        }
        let fold = |extremes: &[f32], pick: fn(f32, f32) -> f32| {
            let (first, rest) = extremes.split_at(self.units);
            let mut folded = first.to_vec();
            for row in rest.chunks_exact(self.units) {
                folded.iter_mut().zip(row).for_each(|(kept, value)| *kept = pick(*kept, *value));
            }
            folded
        };
        Ok(UnitRanges { mins: fold(&self.mins, f32::min), maxs: fold(&self.maxs, f32::max) })
    }
}

#[inline(always)]
fn absorb(scan: &mut Scan, rows: &[f32]) {
    let stretch = scan.mins.len();
    let mut magnitudes = [scan.magnitude; LANES];
    let mut groups = rows.chunks_exact(stretch * STRETCHES);
    for group in &mut groups {
        let (a, b) = group.split_at(2 * stretch);
        let ((a, b), (c, d)) = (a.split_at(stretch), b.split_at(stretch));
        let values = a.chunks_exact(LANES).zip(b.chunks_exact(LANES)).zip(c.chunks_exact(LANES));
        let values = values.zip(d.chunks_exact(LANES));
        let extremes = scan.mins.chunks_exact_mut(LANES).zip(scan.maxs.chunks_exact_mut(LANES));
        for ((mins, maxs), (((a, b), c), d)) in extremes.zip(values) {
            for lane in 0..LANES {
                mins[lane] = least(mins[lane], least(least(a[lane], b[lane]), least(c[lane], d[lane])));
                maxs[lane] = most(maxs[lane], most(most(a[lane], b[lane]), most(c[lane], d[lane])));
                let bits = (bits(a[lane]).max(bits(b[lane]))).max(bits(c[lane]).max(bits(d[lane])));
                magnitudes[lane] = magnitudes[lane].max(bits);
            }
        }
    }
    for row in groups.remainder().chunks_exact(scan.units) {
        for ((value, min), max) in row.iter().zip(&mut scan.mins).zip(&mut scan.maxs) {
            *min = least(*min, *value);
            *max = most(*max, *value);
            magnitudes[0] = magnitudes[0].max(bits(*value));
        }
    }
    scan.magnitude = magnitudes.into_iter().fold(0, u32::max);
}

/// One instruction, where `f32::min` takes three to treat NaN, which `bits` catches anyway.
#[inline(always)]
fn least(a: f32, b: f32) -> f32 {
    if a < b { a } else { b }
}

#[inline(always)]
fn most(a: f32, b: f32) -> f32 {
    if a > b { a } else { b }
}

#[inline(always)]
fn bits(value: f32) -> u32 {
    value.to_bits() & 0x7fff_ffff
}

fn not_finite(values: &[f32], units: usize) -> Error {
    let at = values.iter().position(|value| !value.is_finite()).unwrap_or(0);
    Error::NotFinite { argument: "values", row: at / units, column: at % units, value: f64::from(values[at]) }
}

fn gcd(a: usize, b: usize) -> usize {
    if b == 0 { a } else { gcd(b, a % b) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn extremes_of_every_unit_at_every_level() {
        for units in [1, 3, 10, 16, 40] {
            for rows in [1, 2, 63, 200] {
                let values: Vec<f32> = (0..rows * units).map(|i| ((i * 7919) % 1009) as f32 - 500.0).collect();
                let column = |unit: usize| values.iter().skip(unit).step_by(units).copied();
                for level in Level::available() {
                    let mut scan = Scan::new(units);
                    scan.absorb(&values[..units * (rows / 2)], level);
                    scan.absorb(&values[units * (rows / 2)..], level);
                    let ranges = scan.finish(&values).unwrap();
                    for unit in 0..units {
                        assert_eq!(ranges.mins[unit], column(unit).fold(f32::MAX, f32::min));
                        assert_eq!(ranges.maxs[unit], column(unit).fold(f32::MIN, f32::max));
                    }
                }
            }
        }
    }

    #[test]
    fn the_first_value_that_is_not_finite_is_named() {
        for bad in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY, -f32::NAN] {
            for at in [0, 7, 6399] {
                let mut values = vec![0.5_f32; 6400];
                values[at] = bad;
                let error = UnitRanges::of(&values, 10).unwrap_err();
                assert!(
                    matches!(error, Error::NotFinite { row, column, .. } if (row, column) == (at / 10, at % 10)),
                    "{error}"
                );
            }
        }
    }
}
