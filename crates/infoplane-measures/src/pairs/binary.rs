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
    margins: Vec<Margins>,
    /// y' and y⁻ of every target.
    next: PackedSeries,
    past: PackedSeries,
    /// Each target alone, made when a null first asks.
    single: OnceLock<Vec<Targets>>,
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
        let margins = (0..targets.units()).map(|unit| margins(targets.cells(unit))).collect();
        let sources = Sources::new(&rows.series());
        Ok(Self { measure, rows, sources, targets, margins, next, past, single: OnceLock::new() })
    }

    fn single(&self) -> &[Targets] {
        self.single.get_or_init(|| {
            let alone = |unit| (one_unit(&self.next, unit), one_unit(&self.past, unit));
            let targets = (0..self.targets.units()).map(alone).map(|(next, past)| Targets::new(&next, &past));
            targets.map(|made| made.expect("both have the rows of one series")).collect()
        })
    }

    /// Values of every pair of these sources and targets.
    fn values(&self, sources: &Sources, targets: &Targets, margins: &[Margins], table: &mut Table, out: &mut [f64]) {
        if self.measure != PairMeasure::Tie {
            return packed::te(sources, targets, 1, out);
        }
        let (counts, width) = (PairCounts::count(sources, targets, 1), targets.units());
        for (place, out) in out.iter_mut().enumerate() {
            let margins = &margins[place % width];
            table.fill(cells(counts.joint(place / width, place % width)), 2, margins);
            *out = value(self.measure, table, margins);
        }
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

    fn observe(&self, threads: usize) -> Vec<Observed> {
        let counts = PairCounts::count(&self.sources, &self.targets, threads);
        let width = self.targets.units();
        let of_source = |source: usize| {
            let mut table = Table::default();
            let mut observe = |target: usize| {
                table.fill(cells(counts.joint(source, target)), 2, &self.margins[target]);
                Observed::of(self.measure, &table, &self.margins[target])
            };
            (0..width).map(&mut observe).collect::<Vec<_>>()
        };
        let mut observed = threads::map(self.sources.units(), threads, of_source).concat();
        // TE by the kernel that also counts the surrogates: equal tables must give equal bits
        if self.measure != PairMeasure::Tie {
            let mut nats = vec![0.0; observed.len()];
            packed::te(&self.sources, &self.targets, threads, &mut nats);
            observed.iter_mut().zip(nats).for_each(|(observed, nats)| observed.value = nats);
        }
        observed
    }

    fn ceilings(&self) -> Vec<f64> {
        self.margins.iter().map(|margins| ceiling(self.measure, margins)).collect()
    }

    fn source_series(&self, limit: usize) -> Vec<Vec<f64>> {
        let bits =
            |unit: usize| (0..self.rows.rows()).map(|row| f64::from(u8::from(self.rows.bit(row, unit)))).collect();
        sample_units(self.rows.units(), limit).map(bits).collect()
    }

    fn surrogates(&self) -> Box<dyn Surrogates + '_> {
        Box::new(Moved { of: self, sources: self.sources.clone(), table: Table::default(), column: Vec::new() })
    }
}

struct Moved<'a> {
    of: &'a Binary,
    sources: Sources,
    table: Table,
    column: Vec<f64>,
}

impl Surrogates for Moved<'_> {
    fn moved(&mut self, order: &[u32], out: &mut [f64]) {
        self.sources.refill(&self.of.rows, order);
        self.of.values(&self.sources, &self.of.targets, &self.of.margins, &mut self.table, out);
    }

    fn moved_within_pasts(&mut self, order: &[u32], out: &mut [f64]) {
        let (of, width) = (self.of, self.of.targets.units());
        self.column.resize(self.sources.units(), 0.0);
        for (unit, target) in of.single().iter().enumerate() {
            let past: Vec<u32> = (0..of.past.rows()).map(|row| of.past.bit(unit, row).into()).collect();
            self.sources.refill(&of.rows, &order_within(&past, 2, order));
            of.values(&self.sources, target, &of.margins[unit..=unit], &mut self.table, &mut self.column);
            out.iter_mut().skip(unit).step_by(width).zip(&self.column).for_each(|(out, &value)| *out = value);
        }
    }
}
