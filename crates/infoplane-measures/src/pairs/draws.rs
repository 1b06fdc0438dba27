//! Surrogates of all pairs of two layers at once.

use std::ops::Range;

use infoplane_spec::stream;

use crate::null::{Null, block_length, row_order};
use crate::pairs::stratum::Stratum;
use crate::pairs::table::threshold;
use crate::pairs::{PairNull, PairTable};
use crate::threads;

/// Draws summed up together. Fixed, so that sums have one order whatever the number of threads.
const CHUNK: usize = 16;
/// Units that the autocorrelation is averaged over.
const AUTOCORRELATED_UNITS: usize = 64;

/// One null of one problem.
pub(super) struct Plan<'a> {
    pub(super) null: Null,
    pub(super) seed: u64,
    pub(super) strata: &'a [Box<dyn Stratum>],
    /// Rows of a block, for each stratum.
    pub(super) blocks: Vec<usize>,
    /// The draws from here on count as large as the observed value.
    pub(super) least: Vec<f64>,
}

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
    pub(super) fn new(null: Null, seed: u64, strata: &'a [Box<dyn Stratum>], observed: &PairTable) -> Self {
        let block = |stratum: &dyn Stratum| match null {
            Null::Block(rows) => rows,
            Null::BlockAuto => block_length(&stratum.source_series(AUTOCORRELATED_UNITS), stratum.rows()),
            Null::Permute | Null::Shift | Null::Local => 1,
        };
        let least = observed.value.iter().map(|&value| threshold(value)).collect();
        Self { null, seed, strata, blocks: strata.iter().map(|stratum| block(stratum.as_ref())).collect(), least }
    }

    /// All draws, in waves of one chunk a thread, so that few partial sums are held at a time.
    pub(super) fn run(&self, draws: usize, threads: usize) -> PairNull {
        let chunks = draws.div_ceil(CHUNK);
        let chunk = |index: usize| index * CHUNK..draws.min((index + 1) * CHUNK);
        let mut total = Sums::none(self.least.len());
        for wave in (0..chunks).step_by(threads.max(1)) {
            let many = threads.max(1).min(chunks - wave);
            let parts = threads::map(many, threads, |place| self.chunk(chunk(wave + place)));
            for part in parts {
                total.add(part);
            }
        }
        total.into_null()
    }

    fn chunk(&self, draws: Range<usize>) -> Sums {
        let pairs = self.least.len();
        let (mut sums, mut values, mut part) = (Sums::none(pairs), vec![0.0; pairs], vec![0.0; pairs]);
        let mut surrogates: Vec<_> = self.strata.iter().map(|stratum| stratum.surrogates()).collect();
        let rows: usize = self.strata.iter().map(|stratum| stratum.rows()).sum();
        for draw in draws {
            let mut rng = stream(self.seed, self.null.purpose(), draw as u64);
            values.fill(0.0);
            for ((stratum, &block), surrogates) in self.strata.iter().zip(&self.blocks).zip(&mut surrogates) {
                let order = row_order(self.null, stratum.rows(), block, &mut rng);
                match self.null {
                    Null::Local => surrogates.moved_within_pasts(&order, &mut part),
                    _ => surrogates.moved(&order, &mut part),
                }
                let share = stratum.rows() as f64 / rows as f64;
                values.iter_mut().zip(&part).for_each(|(value, part)| *value += share * part);
            }
            sums.draw(&values, &self.least);
        }
        sums
    }
}
