//! Surrogates of all pairs of two layers at once.

use std::ops::Range;

use infoplane_spec::stream;

use crate::null::{Null, block_length, row_order};
use crate::pairs::stratum::{Stratum, Surrogates};
use crate::pairs::table::threshold;
use crate::pairs::{PairNull, PairTable};
use crate::threads;

/// Draws summed up together. Fixed, so that sums have one order whatever the number of threads.
const CHUNK: usize = 16;
/// Units that the autocorrelation is averaged over.
const AUTOCORRELATED_UNITS: usize = 64;

/// One null of several problems. Those with equal strata share the row orders of each draw, which are drawn once.
pub(super) struct Plan<'a> {
    null: Null,
    seed: u64,
    parts: Vec<Part<'a>>,
}

/// One problem.
struct Part<'a> {
    strata: &'a [Box<dyn Stratum>],
    layout: Layout,
    /// Draws from here on count as large as the observed value.
    least: Vec<f64>,
}

/// All that a draw's row orders depend on: rows and block length of each stratum.
type Layout = Vec<(usize, usize)>;

/// What a few draws gave.
struct Sums {
    layer_means: Vec<f64>,
    layer_max: Vec<f64>,
    exceed: Vec<u32>,
    sum: Vec<f64>,
    squares: Vec<f64>,
}

impl Sums {
    fn none(pairs: usize) -> Self {
        let zeros = vec![0.0; pairs];
        Self { layer_means: vec![], layer_max: vec![], exceed: vec![0; pairs], sum: zeros.clone(), squares: zeros }
    }

    /// Adds one draw.
    fn draw(&mut self, values: &[f64], least: &[f64]) {
        self.layer_means.push(values.iter().sum::<f64>() / values.len() as f64);
        self.layer_max.push(values.iter().copied().fold(f64::NEG_INFINITY, f64::max));
        for (pair, &value) in values.iter().enumerate() {
            self.exceed[pair] += u32::from(value >= least[pair]);
            self.sum[pair] += value;
            self.squares[pair] += value * value;
        }
    }

    fn add(&mut self, later: Self) {
        self.layer_means.extend(later.layer_means);
        self.layer_max.extend(later.layer_max);
        self.exceed.iter_mut().zip(later.exceed).for_each(|(a, b)| *a += b);
        self.sum.iter_mut().zip(later.sum).for_each(|(a, b)| *a += b);
        self.squares.iter_mut().zip(later.squares).for_each(|(a, b)| *a += b);
    }

    fn into_null(self) -> PairNull {
        let draws = self.layer_means.len();
        let mean: Vec<f64> = self.sum.iter().map(|sum| sum / draws as f64).collect();
        let sd = |(squares, mean): (&f64, &f64)| {
            let spread = (squares - draws as f64 * mean * mean) / (draws.max(2) - 1) as f64;
            spread.max(0.0).sqrt()
        };
        let sd = self.squares.iter().zip(&mean).map(sd).collect();
        PairNull { draws, layer_means: self.layer_means, layer_max: self.layer_max, exceed: self.exceed, mean, sd }
    }
}

impl<'a> Plan<'a> {
    /// Of problems, each given by its strata and what was observed.
    pub(super) fn new(null: Null, seed: u64, problems: &[(&'a [Box<dyn Stratum>], &PairTable)]) -> Self {
        let part = |&(strata, observed): &(&'a [Box<dyn Stratum>], &PairTable)| Part {
            strata,
            layout: strata.iter().map(|stratum| (stratum.rows(), block(null, stratum.as_ref()))).collect(),
            least: observed.value.iter().map(|&value| threshold(value)).collect(),
        };
        Self { null, seed, parts: problems.iter().map(part).collect() }
    }

    /// All draws, in waves of one chunk a thread, so that few partial sums are held at a time.
    pub(super) fn run(&self, draws: usize, threads: usize) -> Vec<PairNull> {
        let chunks = draws.div_ceil(CHUNK);
        let chunk = |index: usize| index * CHUNK..draws.min((index + 1) * CHUNK);
        let mut totals = self.none();
        for wave in (0..chunks).step_by(threads.max(1)) {
            let many = threads.max(1).min(chunks - wave);
            for sums in threads::map(many, threads, |place| self.chunk(chunk(wave + place))) {
                totals.iter_mut().zip(sums).for_each(|(total, sums)| total.add(sums));
            }
        }
        totals.into_iter().map(Sums::into_null).collect()
    }

    fn none(&self) -> Vec<Sums> {
        self.parts.iter().map(|part| Sums::none(part.least.len())).collect()
    }

    fn chunk(&self, draws: Range<usize>) -> Vec<Sums> {
        let mut sums = self.none();
        let mut moving: Vec<Moving> = self.parts.iter().map(Moving::new).collect();
        for draw in draws {
            let mut orders = Vec::new();
            let mut drawn: Option<&Layout> = None;
            for (moving, sums) in moving.iter_mut().zip(&mut sums) {
                if drawn != Some(&moving.part.layout) {
                    orders = self.orders(&moving.part.layout, draw);
                    drawn = Some(&moving.part.layout);
                }
                let part = moving.part;
                sums.draw(moving.values(self.null, &orders), &part.least);
            }
        }
        sums
    }

    /// The row order of each stratum in draw `draw`.
    fn orders(&self, layout: &Layout, draw: usize) -> Vec<Vec<u32>> {
        let mut rng = stream(self.seed, self.null.purpose(), draw as u64);
        layout.iter().map(|&(rows, block)| row_order(self.null, rows, block, &mut rng)).collect()
    }
}

fn block(null: Null, stratum: &dyn Stratum) -> usize {
    match null {
        Null::Block(rows) => rows,
        Null::BlockAuto => block_length(&stratum.source_series(AUTOCORRELATED_UNITS), stratum.rows()),
        Null::Permute | Null::Shift | Null::Local => 1,
    }
}

/// One problem while its sources are moved.
struct Moving<'a> {
    part: &'a Part<'a>,
    rows: usize,
    surrogates: Vec<Box<dyn Surrogates + 'a>>,
    values: Vec<f64>,
    of_stratum: Vec<f64>,
}

impl<'a> Moving<'a> {
    fn new(part: &'a Part<'a>) -> Self {
        let zeros = vec![0.0; part.least.len()];
        Self {
            part,
            rows: part.layout.iter().map(|(rows, _)| rows).sum(),
            surrogates: part.strata.iter().map(|stratum| stratum.surrogates()).collect(),
            values: zeros.clone(),
            of_stratum: zeros,
        }
    }

    /// Values of all pairs under these row orders.
    fn values(&mut self, null: Null, orders: &[Vec<u32>]) -> &[f64] {
        self.values.fill(0.0);
        for (surrogates, order) in self.surrogates.iter_mut().zip(orders) {
            match null {
                Null::Local => surrogates.moved_within_pasts(order, &mut self.of_stratum),
                _ => surrogates.moved(order, &mut self.of_stratum),
            }
            let share = order.len() as f64 / self.rows as f64;
            self.values.iter_mut().zip(&self.of_stratum).for_each(|(value, part)| *value += share * part);
        }
        &self.values
    }
}
