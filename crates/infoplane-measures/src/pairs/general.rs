//! Any alphabet, any histories: counts of joint states.

use std::ops::Range;

use crate::contingency::{Margins, Table};
use crate::embedding::{History, Rows};
use crate::null::order_within;
use crate::pairs::stratum::{Observed, Stratum, Surrogates, ceiling, sample_units, value};
use crate::pairs::{PairMeasure, Symbols};
use crate::states::{States, cells};
use crate::{Embedding, Result, Samples, threads};

/// A stratum of symbols.
pub(super) struct General {
    measure: PairMeasure,
    rows: usize,
    /// x⁻ of each source unit.
    sources: Vec<States>,
    targets: Vec<Target>,
    /// The nearest value of each source unit's history.
    present: Vec<Vec<u32>>,
}

/// Everything of one target unit.
struct Target {
    past: States,
    /// (y⁻, y').
    joint: States,
    margins: Margins,
}

impl General {
    /// Embeds one stratum.
    pub(super) fn new(
        (source, target): (&Symbols, &Symbols),
        measure: PairMeasure,
        embedding: &Embedding,
        stretch: &Range<usize>,
    ) -> Result<Self> {
        let history = measure.source_history(embedding);
        let first = embedding.target().reach().max(history.reach());
        let series = |unit| source.series(unit, stretch.clone());
        let nearest = first - history.delay..stretch.len() - history.delay;
        Ok(Self {
            measure,
            rows: stretch.len() - first,
            sources: (0..source.units()).map(|unit| states(&series(unit), history, first)).collect::<Result<_>>()?,
            targets: (0..target.units())
                .map(|unit| Target::new(&target.series(unit, stretch.clone()), embedding.target(), first))
                .collect::<Result<_>>()?,
            present: (0..source.units()).map(|unit| series(unit)[nearest.clone()].to_vec()).collect(),
        })
    }

    fn pair(&self, x: &[u32], kinds: usize, target: &Target, table: &mut Table) {
        table.fill(cells(&target.joint, x, kinds), kinds, &target.margins);
        debug_assert_eq!(x.len(), self.rows);
    }
}

impl Target {
    fn new(series: &[u32], history: History, first: usize) -> Result<Self> {
        let past = states(series, history, first)?;
        let next = States::of_rows(&series[first..], series.len() - first, 1);
        let (joint, cells) = past.join(&next);
        let margins = Margins::new(&past, &cells);
        Ok(Self { past, joint, margins })
    }
}

fn states(series: &[u32], history: History, first: usize) -> Result<States> {
    let (series, rows) = (Samples::symbols(series, 1)?, Rows::From { first, len: series.len() });
    let past = history.of(&series, &rows);
    Ok(States::of_rows(past.as_symbols("history")?, past.rows(), past.dim()))
}

impl Stratum for General {
    fn rows(&self) -> usize {
        self.rows
    }

    fn observe(&self, threads: usize) -> Vec<Observed> {
        let of_source = |unit: usize| {
            let (x, mut table) = (&self.sources[unit], Table::default());
            let mut observe = |target: &Target| {
                self.pair(&x.ids, x.kinds, target, &mut table);
                Observed::of(self.measure, &table, &target.margins)
            };
            self.targets.iter().map(&mut observe).collect::<Vec<_>>()
        };
        threads::map(self.sources.len(), threads, of_source).concat()
    }

    fn ceilings(&self) -> Vec<f64> {
        self.targets.iter().map(|target| ceiling(self.measure, &target.margins)).collect()
    }

    fn source_series(&self, limit: usize) -> Vec<Vec<f64>> {
        let numbers = |unit: usize| self.present[unit].iter().map(|&symbol| symbol.into()).collect();
        sample_units(self.sources.len(), limit).map(numbers).collect()
    }

    fn surrogates(&self) -> Box<dyn Surrogates + '_> {
        Box::new(Moved { of: self, table: Table::default(), x: Vec::new() })
    }
}

struct Moved<'a> {
    of: &'a General,
    table: Table,
    x: Vec<u32>,
}

impl Moved<'_> {
    fn value(&mut self, source: usize, target: &Target, order: &[u32]) -> f64 {
        let states = &self.of.sources[source];
        self.x.clear();
        self.x.extend(order.iter().map(|&row| states.ids[row as usize]));
        self.of.pair(&self.x, states.kinds, target, &mut self.table);
        value(self.of.measure, &self.table, &target.margins)
    }
}

impl Surrogates for Moved<'_> {
    fn moved(&mut self, order: &[u32], out: &mut [f64]) {
        let (of, width) = (self.of, self.of.targets.len());
        for (place, out) in out.iter_mut().enumerate() {
            *out = self.value(place / width, &of.targets[place % width], order);
        }
    }

    fn moved_within_pasts(&mut self, order: &[u32], out: &mut [f64]) {
        let (of, width) = (self.of, self.of.targets.len());
        for (column, target) in of.targets.iter().enumerate() {
            let own = order_within(&target.past.ids, target.past.kinds, order);
            for source in 0..of.sources.len() {
                out[source * width + column] = self.value(source, target, &own);
            }
        }
    }
}
