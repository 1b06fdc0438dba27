//! Bits, k = l = 1: the packed kernel counts.

use std::ops::Range;
use std::sync::OnceLock;

use crate::contingency::{Margins, Table};
use crate::null::order_within;
use crate::packed::{self, PackedRows, PackedSeries, PairCounts, Sources, Targets};
use crate::pairs::PairMeasure;
use crate::pairs::stratum::{Observed, Stratum, Surrogates, ceiling, sample_units, value};
use crate::states::Cell;
use crate::{Result, threads};

/// A stratum of bits.
pub(super) struct Binary {
    measure: PairMeasure,
    /// x⁻, row by row: what surrogates move.
    rows: PackedRows,
    sources: Sources,
    targets: Targets,
    /// Each target's own counts, made when first asked for: counting alone does without.
    margins: OnceLock<Vec<Margins>>,
    /// y' and y⁻ of every target.
    next: PackedSeries,
    past: PackedSeries,
    /// Joint counts of all pairs, made once.
    counts: OnceLock<PairCounts>,
    /// Each target alone, made when a null first asks.
    single: OnceLock<Vec<Single>>,
}

/// One target, for a null that moves the source differently for each.
struct Single {
    target: Targets,
    past: Vec<u32>,
}

impl Binary {
    /// Embeds one stratum of `source` and `target` rows; the source is read `delay` rows back.
    pub(super) fn new(
        (source, target): (&PackedRows, &PackedRows),
        measure: PairMeasure,
        delay: usize,
        stretch: &Range<usize>,
    ) -> Result<Self> {
        let first = stretch.start + delay.max(1);
        let rows = source.slice(first - delay..stretch.end - delay);
        let next = target.slice(first..stretch.end).series();
        let past = target.slice(first - 1..stretch.end - 1).series();
        let targets = Targets::new(&next, &past)?;
        let sources = Sources::new(&rows.series());
        let (margins, counts, single) = (OnceLock::new(), OnceLock::new(), OnceLock::new());
        Ok(Self { measure, rows, sources, targets, margins, next, past, counts, single })
    }

    fn margins(&self) -> &[Margins] {
        let of_unit = |unit| margins(self.targets.cells(unit));
        self.margins.get_or_init(|| (0..self.targets.units()).map(of_unit).collect())
    }

    fn counts(&self, threads: usize) -> &PairCounts {
        self.counts.get_or_init(|| PairCounts::count(&self.sources, &self.targets, threads))
    }

    fn single(&self) -> &[Single] {
        self.single.get_or_init(|| {
            let alone = |unit| Single {
                target: Targets::new(&one_unit(&self.next, unit), &one_unit(&self.past, unit))
                    .expect("both have the rows of one series"),
                past: (0..self.past.rows()).map(|row| self.past.bit(unit, row).into()).collect(),
            };
            (0..self.targets.units()).map(alone).collect()
        })
    }

    /// Values of every pair of these sources and targets.
    fn values(&self, sources: &Sources, targets: &Targets, margins: &[Margins], threads: usize, out: &mut [f64]) {
        if self.measure != PairMeasure::Tie {
            return packed::te(sources, targets, threads, out);
        }
        out.copy_from_slice(&self.ties(&PairCounts::count(sources, targets, threads), margins));
    }

    /// TIE of every pair.
    fn ties(&self, counts: &PairCounts, margins: &[Margins]) -> Vec<f64> {
        let (width, mut table) = (margins.len(), Table::default());
        let mut tie = |place: usize| {
            let margins = &margins[place % width];
            table.fill(cells(counts.joint(place / width, place % width)), 2, margins);
            value(self.measure, &table, margins)
        };
        (0..self.sources.units() * width).map(&mut tie).collect()
    }

    /// What independence would give a pair with these counts; the value is left open.
    ///
    /// [`Table::law`] written out for bits: this is asked of every pair of every window during training.
    fn law(&self, joint: &[u32; 8]) -> Observed {
        let n: f64 = joint.iter().map(|&count| f64::from(count)).sum();
        let mut law = Observed { value: 0.0, dof: 0.0, floor: 0.0, least_expected: f64::INFINITY };
        for past in [0, 2] {
            let [n00, n10, n01, n11] = [0, 1, 4, 5].map(|cell| f64::from(joint[cell + past]));
            let (x, y, rows) = (n10 + n11, n01 + n11, n00 + n10 + n01 + n11);
            if x.min(rows - x) > 0.0 && y.min(rows - y) > 0.0 {
                let q = y / rows;
                law.dof += 1.0;
                law.floor += if self.measure == PairMeasure::Tie { 2.0 * q * (1.0 - q) / n } else { 0.5 / n };
                law.least_expected = law.least_expected.min(x.min(rows - x) * y.min(rows - y) / rows);
            }
        }
        law
    }
}

/// A target's own counts, from n(y', y⁻) at [2·y' + y⁻].
fn margins(own: [u32; 4]) -> Margins {
    let [n00, n01, n10, n11] = own;
    Margins {
        n: own.iter().sum(),
        z_of: vec![0, 0, 1, 1],
        n_yz: vec![n00, n10, n01, n11],
        n_z: vec![n00 + n10, n01 + n11],
    }
}

/// The cells of a table given at [4·y' + 2·y⁻ + x], sorted by (y⁻, y'), then x.
fn cells(joint: [u32; 8]) -> impl Iterator<Item = Cell> {
    let cell = move |i: usize| Cell { a: i as u32 / 2, b: i as u32 % 2, n: joint[i / 2 % 2 * 4 + i / 4 * 2 + i % 2] };
    (0..8).map(cell).filter(|cell| cell.n > 0)
}

fn one_unit(series: &PackedSeries, unit: usize) -> PackedSeries {
    let mut rows = PackedRows::new(1);
    (0..series.rows()).for_each(|row| rows.push(&[series.bit(unit, row)]));
    rows.series()
}

impl Stratum for Binary {
    fn rows(&self) -> usize {
        self.rows.rows()
    }

    fn count(&self, threads: usize) {
        self.counts(threads);
    }

    fn observe(&self, threads: usize) -> Vec<Observed> {
        let (counts, width) = (self.counts(threads), self.targets.units());
        let of_source = |source: usize| (0..width).map(|target| self.law(&counts.joint(source, target))).collect();
        let laws: Vec<Vec<Observed>> = threads::map(self.sources.units(), threads, of_source);
        // by what also counts the surrogates: equal tables must give equal bits
        let mut values = vec![0.0; self.sources.units() * width];
        self.values(&self.sources, &self.targets, self.margins(), threads, &mut values);
        laws.into_iter().flatten().zip(values).map(|(law, value)| Observed { value, ..law }).collect()
    }

    fn ceilings(&self) -> Vec<f64> {
        self.margins().iter().map(|margins| ceiling(self.measure, margins)).collect()
    }

    fn source_series(&self, limit: usize) -> Vec<Vec<f64>> {
        let bits =
            |unit: usize| (0..self.rows.rows()).map(|row| f64::from(u8::from(self.rows.bit(row, unit)))).collect();
        sample_units(self.rows.units(), limit).map(bits).collect()
    }

    fn surrogates(&self) -> Box<dyn Surrogates + '_> {
        Box::new(Moved { of: self, sources: self.sources.clone(), column: Vec::new() })
    }
}

struct Moved<'a> {
    of: &'a Binary,
    sources: Sources,
    column: Vec<f64>,
}

impl Surrogates for Moved<'_> {
    fn moved(&mut self, order: &[u32], out: &mut [f64]) {
        self.sources.refill(&self.of.rows, order);
        self.of.values(&self.sources, &self.of.targets, self.of.margins(), 1, out);
    }

    fn moved_within_pasts(&mut self, order: &[u32], out: &mut [f64]) {
        let (of, width) = (self.of, self.of.targets.units());
        self.column.resize(self.sources.units(), 0.0);
        for (unit, single) in of.single().iter().enumerate() {
            self.sources.refill(&of.rows, &order_within(&single.past, 2, order));
            of.values(&self.sources, &single.target, &of.margins()[unit..=unit], 1, &mut self.column);
            out.iter_mut().skip(unit).step_by(width).zip(&self.column).for_each(|(out, &value)| *out = value);
        }
    }
}
