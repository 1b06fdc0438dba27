//! Null distributions: how surrogates move the rows of the source, and what their counts say.
//!
//! ```text
//! permute    rows of the embedded source in random order (each row keeps its l values together)
//! shift      rows moved around a circle by a random distance
//! block:LEN  blocks of LEN rows in random order; `auto`: the length from the source's autocorrelation
//! local      rows in random order among those with the same target past
//! p = (b + 1)/(n + 1), b of n draws at least as large as the observed value: never 0
//! ```
//! Where few orders exist, as for a circular shift of a short series, each is drawn once, and one that leaves every row in
//! place not at all, so that p is never below what all orders there are could give.
//!
//! One draw moves the rows of a *whole* layer: its units stay together, so that the null of a layer mean has the right
//! spread. `permute` also cuts the source from the target's past; where the two are nearly one, `local` does not.
//! `permute` is too narrow for autocorrelated sources whose target history is too short: there `shift` and `block` hold.
//!
//! References: B. Phipson, G. K. Smyth, doi:10.2202/1544-6115.1585 (p); Y. Benjamini, Y. Hochberg,
//! doi:10.1111/j.2517-6161.1995.tb02031.x (q); S. Holm, Scand. J. Statist. 6 (1979) 65; J. Runge,
//! arXiv:1709.01447 (local permutation).

use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::ops::Range;

use infoplane_spec::{Entry, Parameter, Spec, Stream, below, shuffle, stream};

use crate::measures::Prepared;
use crate::states::States;
use crate::{Embedded, Error, Information, Result, Samples};

/// How one surrogate moves the rows of the source.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Null {
    /// Random order.
    Permute,
    /// A circular shift by a random distance of at least one row.
    Shift,
    /// Blocks of this many rows in random order.
    Block(usize),
    /// Blocks whose length follows from the source's autocorrelation.
    BlockAuto,
    /// Random order among rows with the same target past.
    Local,
}

impl Null {
    /// Reads a spec; returns the null and its canonical form.
    ///
    /// ```
    /// use infoplane_measures::Null;
    ///
    /// assert_eq!(Null::parse("block:50")?, (Null::Block(50), "block:length=50".to_owned()));
    /// assert!(Null::parse("blocks:50").is_err());
    /// # Ok::<(), infoplane_measures::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`crate::Error::Spec`] if there is no such null or its parameter is not allowed.
    pub fn parse(text: &str) -> Result<(Self, String)> {
        Ok(infoplane_spec::find("null", NULLS, &text.parse::<Spec>()?)?)
    }

    /// The purpose of its random streams: equal for all layer pairs, so that they share each draw.
    pub(crate) fn purpose(self) -> &'static str {
        match self {
            Self::Permute => "null/permute",
            Self::Shift => "null/shift",
            Self::Block(_) | Self::BlockAuto => "null/block",
            Self::Local => "null/local",
        }
    }
}

/// The nulls a user can name.
pub const NULLS: &[Entry<Null>] = &[
    Entry {
        name: "permute",
        summary: "rows of the source tap in random order; exact for independent rows",
        citation: "",
        parameters: &[],
        build: |_| Ok(Null::Permute),
    },
    Entry {
        name: "shift",
        summary: "source shifted around a circle; keeps its autocorrelation; no power where the order is by class",
        citation: "",
        parameters: &[],
        build: |_| Ok(Null::Shift),
    },
    Entry {
        name: "block",
        summary: "blocks of the source in random order; keeps its autocorrelation inside a block",
        citation: "",
        parameters: &[Parameter {
            key: "length",
            default: Some("auto"),
            summary: "rows in a block, at least 1, or `auto`: from the autocorrelation",
        }],
        build: |arguments| match arguments.text("length") {
            "auto" => Ok(Null::BlockAuto),
            _ => Ok(Null::Block(arguments.check("length", "`auto` or a whole number from 1", |&rows| rows >= 1)?)),
        },
    },
    Entry {
        name: "local",
        summary: "rows of the source in random order among rows with the same target past; keeps their dependence",
        citation: "Runge, AISTATS 2018, arXiv:1709.01447",
        parameters: &[],
        build: |_| Ok(Null::Local),
    },
];

/// The order in which one draw reads `rows` source rows; `block` is the length of the blocks where the null has any.
///
/// `local` needs the target's past: see [`order_within`]; without one all rows are alike and it is `permute`.
pub(crate) fn row_order(null: Null, rows: usize, block: usize, rng: &mut Stream) -> Vec<u32> {
    let mut order: Vec<u32> = (0..rows as u32).collect();
    match null {
        Null::Permute | Null::Local => shuffle(rng, &mut order),
        Null::Shift if rows > 1 => order = shifted(rows, 1 + below(rng, rows as u32 - 1)),
        Null::Shift => {}
        Null::Block(_) | Null::BlockAuto => {
            let mut blocks: Vec<&[u32]> = order.chunks(block.max(1)).collect();
            shuffle(rng, &mut blocks);
            order = blocks.concat();
        }
    }
    order
}

/// The order that begins with row `by` and goes around.
fn shifted(rows: usize, by: u32) -> Vec<u32> {
    (by..rows as u32).chain(0..by).collect()
}

/// Restricts a random order to exchanges among rows of equal `class`: the j-th row of a class reads the j-th row of
/// that class in `order`. Targets with equal pasts get equal orders.
pub(crate) fn order_within(class: &[u32], classes: usize, order: &[u32]) -> Vec<u32> {
    let mut start = vec![0_usize; classes + 1];
    for &c in class {
        start[c as usize + 1] += 1;
    }
    for c in 0..classes {
        start[c + 1] += start[c];
    }
    let mut next = start.clone();
    let mut members = vec![0; class.len()];
    for &row in order {
        let place = &mut next[class[row as usize] as usize];
        members[*place] = row;
        *place += 1;
    }
    let mut taken = start;
    let mut read = |c: u32| {
        let place = &mut taken[c as usize];
        *place += 1;
        members[*place - 1]
    };
    class.iter().map(|&c| read(c)).collect()
}

/// The block length for a series of symbols: the first lag at which the autocorrelation, averaged in absolute value
/// over the units, is inside the noise (2/√N), at most a tenth of the rows.
pub(crate) fn block_length(units: &[Vec<f64>], rows: usize) -> usize {
    let longest = (rows / 10).max(1);
    let centred: Vec<Vec<f64>> = units.iter().filter_map(|unit| standardised(unit)).collect();
    let noise = 2.0 / (rows.max(1) as f64).sqrt();
    let mean = |lag: usize| centred.iter().map(|unit| autocorrelation(unit, lag).abs()).sum::<f64>();
    (1..longest).find(|&lag| mean(lag) <= noise * centred.len() as f64).unwrap_or(longest)
}

/// Mean 0 and sum of squares 1; `None` for a constant.
fn standardised(values: &[f64]) -> Option<Vec<f64>> {
    let mean = values.iter().sum::<f64>() / values.len() as f64;
    let norm = values.iter().map(|value| (value - mean).powi(2)).sum::<f64>().sqrt();
    (norm > 0.0).then(|| values.iter().map(|value| (value - mean) / norm).collect())
}

fn autocorrelation(values: &[f64], lag: usize) -> f64 {
    values.iter().zip(&values[lag..]).map(|(a, b)| a * b).sum()
}

/// Surrogate values of one measure, in nats.
#[derive(Debug, Clone, PartialEq)]
pub struct Draws {
    /// One value a draw, in the order of the draws; no two have the same order of rows.
    pub values: Vec<f64>,
    /// Rows in a block, where the null has blocks.
    pub block: Option<usize>,
}

impl Draws {
    /// Mean over the draws.
    pub fn mean(&self) -> f64 {
        self.values.iter().sum::<f64>() / self.values.len() as f64
    }

    /// Standard deviation over the draws, divisor draws − 1; NaN for a single draw.
    pub fn sd(&self) -> f64 {
        let mean = self.mean();
        let squares: f64 = self.values.iter().map(|value| (value - mean).powi(2)).sum();
        (squares / (self.values.len() as f64 - 1.0)).sqrt()
    }

    /// How probable a value at least as large is under the null, see [`p_from_draws`]. A draw that is smaller by no more
    /// than sums in another order differ is as large.
    pub fn p(&self, value: f64) -> f64 {
        /// Share of the value, or of one.
        const SUMS: f64 = 1e-12;
        let least = value - SUMS * value.abs().max(1.0);
        p_from_draws(self.values.iter().filter(|&&draw| draw >= least).count(), self.values.len())
    }
}

/// p-values of several values that were searched together: how often the largest draw over all of them is at least as
/// large. The d-th draw of each belongs together. Valid whatever the dependence between them.
///
/// ```
/// use infoplane_measures::{Draws, max_statistic};
///
/// let draws = |values: &[f64]| Draws { values: values.to_vec(), block: None };
/// assert_eq!(max_statistic(&[2.5, 0.5], &[draws(&[1.0, 2.0, 0.0]), draws(&[0.0, 0.0, 3.0])]), [0.5, 1.0]);
/// ```
pub fn max_statistic(values: &[f64], draws: &[Draws]) -> Vec<f64> {
    let count = draws.iter().map(|draws| draws.values.len()).min().unwrap_or(0);
    let largest = |draw: usize| draws.iter().map(|draws| draws.values[draw]).fold(f64::NEG_INFINITY, f64::max);
    let largest = Draws { values: (0..count).map(largest).collect(), block: None };
    values.iter().map(|&value| largest.p(value)).collect()
}

/// Draws are estimated in groups of so many, for kernels that hold surrogates in their lanes.
const GROUP: usize = 16;
/// Groups that share what is done once for all of them, of so many rows at most: longer orders would take much memory.
const GROUPS: usize = 4;
const SHARING_ROWS: usize = 1 << 16;

impl Embedded<'_> {
    /// Surrogates: the rows of X moved by `null`, Y and Z in place. Within trials for `shift` and `block`; over all
    /// rows for `permute`; `local` needs symbols. There are fewer than asked for where fewer
    /// different orders exist.
    ///
    /// # Errors
    /// [`crate::Error::Parameter`] for no draws, or where every draw leaves the rows in place; or whatever the estimator
    /// refuses.
    pub fn null(
        &self,
        estimator: &dyn Information,
        null: &Null,
        draws: usize,
        seed: u64,
        threads: usize,
    ) -> Result<Draws> {
        let orders = Orders::new(self, null, draws, seed)?;
        let prepared = estimator.prepare(&self.y, &self.z)?;
        let values = orders.values(prepared.as_ref(), &self.x, threads)?;
        Ok(Draws { values, block: orders.block })
    }
}

/// The orders in which the draws of a null read the rows of X; the same for every X of the same rows.
pub(crate) struct Orders {
    null: Null,
    /// Stretches that are moved each on its own: trials.
    stretches: Vec<std::ops::Range<usize>>,
    /// For `local`: the state of each row's condition, and how many there are.
    class: Option<(Vec<u32>, usize)>,
    pub(crate) block: Option<usize>,
    /// The draws that differ from all before.
    draws: Vec<usize>,
    seed: u64,
}

impl Orders {
    pub(crate) fn new(embedded: &Embedded, null: &Null, draws: usize, seed: u64) -> Result<Self> {
        if draws == 0 {
            return Err(Error::Parameter { parameter: "draws", got: "0".into(), allowed: "at least 1" });
        }
        let class = match null {
            Null::Local => Some(states_of(&embedded.z)?),
            _ => None,
        };
        let block = match null {
            Null::Block(rows) => Some(*rows),
            Null::BlockAuto => Some(block_length(&embedded.x.columns(), embedded.n())),
            _ => None,
        };
        let stretches = match null {
            Null::Shift | Null::Block(_) | Null::BlockAuto => trials(embedded),
            _ => std::iter::once(0..embedded.n()).collect(),
        };
        let mut orders = Self { null: *null, stretches, class, block, draws: (0..draws).collect(), seed };
        orders.settle(embedded.n());
        match orders.draws.is_empty() {
            true => Err(Error::Parameter {
                parameter: "null",
                got: null.purpose().trim_start_matches("null/").to_owned(),
                allowed: "one that moves rows: here every draw leaves all in place",
            }),
            false => Ok(orders),
        }
    }

    /// Replaces the draws that repeat others by later ones, as long as there are others.
    fn settle(&mut self, rows: usize) {
        /// Of so many possible orders none is drawn twice: the chance is e to the power of less.
        const NEVER: f64 = 14.0;
        /// For each order known, so many repeats in a row mean that all are: the chance of another is e to the power of less.
        const REPEATS: usize = 32;
        let wanted = self.draws.len();
        if self.possible() - 2.0 * (wanted as f64).ln() > NEVER {
            return;
        }
        let hash = |order: &[u32]| {
            let mut hasher = DefaultHasher::new();
            order.hash(&mut hasher);
            hasher.finish()
        };
        // an order that leaves every row in place is the data
        let mut seen = HashSet::from([hash(&(0..rows as u32).collect::<Vec<_>>())]);
        self.draws.clear();
        let (mut draw, mut repeats) = (0, 0);
        while self.draws.len() < wanted && repeats <= REPEATS * seen.len() {
            match seen.insert(hash(&self.order(draw))) {
                true => {
                    self.draws.push(draw);
                    repeats = 0;
                }
                false => repeats += 1,
            }
            draw += 1;
        }
    }

    /// The logarithm of how many orders there are.
    fn possible(&self) -> f64 {
        let factorial = |n: usize| (2..=n).map(|n| (n as f64).ln()).sum::<f64>();
        if let Some((class, classes)) = &self.class {
            let mut sizes = vec![0; *classes];
            for &class in class {
                sizes[class as usize] += 1;
            }
            return sizes.into_iter().map(factorial).sum();
        }
        let of = |rows: usize| match self.null {
            Null::Shift => (rows.max(1) as f64).ln(),
            _ => factorial(rows.div_ceil(self.block.unwrap_or(1).max(1))),
        };
        self.stretches.iter().map(|stretch| of(stretch.len())).sum()
    }

    /// The order of one draw.
    fn order(&self, draw: usize) -> Vec<u32> {
        let mut rng = stream(self.seed, self.null.purpose(), draw as u64);
        let mut order = Vec::new();
        for stretch in &self.stretches {
            let rows = stretch.len();
            let part = match self.null {
                // one of several trials may stay: with all of them moved, the data would not be one of the orders
                Null::Shift if self.stretches.len() > 1 => shifted(rows, below(&mut rng, rows as u32)),
                _ => row_order(self.null, rows, self.block.unwrap_or(1), &mut rng),
            };
            order.extend(part.into_iter().map(|row| row + stretch.start as u32));
        }
        match &self.class {
            None => order,
            Some((class, classes)) => order_within(class, *classes, &order),
        }
    }

    /// The value of each draw of `x`.
    pub(crate) fn values(&self, prepared: &dyn Prepared, x: &Samples, threads: usize) -> Result<Vec<f64>> {
        let together = if x.rows() <= SHARING_ROWS { GROUPS } else { 1 };
        let shares = crate::threads::shares(self.draws.len(), GROUP, together, threads);
        let values = crate::threads::map(shares.len(), threads, |share| {
            let draws = &self.draws[shares[share].clone()];
            prepared.reordered(x, &draws.iter().map(|&draw| self.order(draw)).collect::<Vec<_>>())
        });
        Ok(values.into_iter().collect::<Result<Vec<_>>>()?.concat())
    }
}

/// The stretches of rows that belong to one trial.
fn trials(embedded: &Embedded) -> Vec<Range<usize>> {
    let Some(clock) = embedded.y.clock() else { return std::iter::once(0..embedded.n()).collect() };
    let mut end = 0;
    let stretch = |trial: &[u32]| {
        end += trial.len();
        end - trial.len()..end
    };
    clock.trial.chunk_by(u32::eq).map(stretch).collect()
}

/// The state of each row, and how many there are.
fn states_of(z: &Samples) -> Result<(Vec<u32>, usize)> {
    let states = States::of_rows(z.as_symbols("z")?, z.rows(), z.dim());
    Ok((states.ids, states.kinds))
}

/// The p-value of `exceeding` among `draws` surrogates at least as large as the observed value: (b + 1)/(n + 1).
///
/// ```
/// assert_eq!(infoplane_measures::p_from_draws(0, 199), 0.005);
/// ```
pub fn p_from_draws(exceeding: usize, draws: usize) -> f64 {
    (exceeding + 1) as f64 / (draws + 1) as f64
}

/// Benjamini–Hochberg: the q-value of each p, in the order given. A test with a p-value of NaN stays NaN and counts
/// as no test.
///
/// ```
/// let q = infoplane_measures::benjamini_hochberg(&[0.01, 0.04, 0.03, 0.5]);
/// assert!(q.iter().zip([0.04, 0.16 / 3.0, 0.16 / 3.0, 0.5]).all(|(a, b)| (a - b).abs() < 1e-15));
/// ```
pub fn benjamini_hochberg(p: &[f64]) -> Vec<f64> {
    let order = ascending(p);
    let tests = order.len() as f64;
    let mut q = vec![f64::NAN; p.len()];
    let mut least = 1.0_f64;
    for (rank, &place) in order.iter().enumerate().rev() {
        least = least.min(p[place] * tests / (rank + 1) as f64);
        q[place] = least;
    }
    q
}

/// The largest p whose Benjamini–Hochberg q is below `level`, or `None` if there is none: what is significant, without
/// ordering what is not.
///
/// ```
/// let p = [0.01, 0.04, 0.03, 0.5];
/// assert_eq!(infoplane_measures::fdr_threshold(&p, 0.06), Some(0.04));
/// assert_eq!(infoplane_measures::fdr_threshold(&p, 0.05), Some(0.01));
/// ```
pub fn fdr_threshold(p: &[f64], level: f64) -> Option<f64> {
    let tests = p.iter().filter(|p| !p.is_nan()).count() as f64;
    let mut small: Vec<f64> = p.iter().copied().filter(|&p| p < level).collect();
    small.sort_unstable_by(f64::total_cmp);
    let last = (0..small.len()).rev().find(|&rank| small[rank] * tests / ((rank + 1) as f64) < level);
    last.map(|rank| small[rank])
}

/// Holm: the adjusted p-value of each p, in the order given, controlling the chance of any false alarm. NaN as in
/// [`benjamini_hochberg`].
///
/// ```
/// assert_eq!(infoplane_measures::holm(&[0.01, 0.04, 0.03]), [0.03, 0.06, 0.06]);
/// ```
pub fn holm(p: &[f64]) -> Vec<f64> {
    let order = ascending(p);
    let mut adjusted = vec![f64::NAN; p.len()];
    let mut most = 0.0_f64;
    for (rank, &place) in order.iter().enumerate() {
        most = most.max((p[place] * (order.len() - rank) as f64).min(1.0));
        adjusted[place] = most;
    }
    adjusted
}

/// Places of the numbers, smallest first.
fn ascending(p: &[f64]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..p.len()).filter(|&place| !p[place].is_nan()).collect();
    order.sort_by(|&a, &b| p[a].total_cmp(&p[b]));
    order
}

#[cfg(test)]
mod tests {
    use super::*;
    use infoplane_spec::stream;

    fn sorted(mut order: Vec<u32>) -> Vec<u32> {
        order.sort_unstable();
        order
    }

    #[test]
    fn every_null_reads_each_row_once() {
        for null in [Null::Permute, Null::Shift, Null::Block(7), Null::Local] {
            for rows in [0, 1, 2, 23] {
                let order = row_order(null, rows, 7, &mut stream(3, "test", rows as u64));
                assert_eq!(sorted(order), (0..rows as u32).collect::<Vec<_>>(), "{null:?}");
            }
        }
    }

    #[test]
    fn a_shift_always_moves_and_blocks_stay_whole() {
        for index in 0..200 {
            let order = row_order(Null::Shift, 5, 1, &mut stream(1, "test", index));
            assert!(order[0] != 0 && order.windows(2).all(|w| (w[0] + 1) % 5 == w[1]));
            let order = row_order(Null::Block(3), 8, 3, &mut stream(1, "test", index));
            let place = order.iter().position(|&row| row == 3).unwrap();
            assert_eq!(order[place..place + 3], [3, 4, 5]);
        }
    }

    #[test]
    fn local_orders_stay_inside_their_class_and_are_shared() {
        let class = [0, 1, 1, 0, 2, 1, 0];
        let order = row_order(Null::Local, 7, 1, &mut stream(5, "test", 0));
        let within = order_within(&class, 3, &order);
        assert!(within.iter().zip(class).all(|(&row, c)| class[row as usize] == c));
        assert_eq!(sorted(within), (0..7).collect::<Vec<u32>>());
        assert_eq!(order_within(&[0; 7], 1, &order), order);
    }

    #[test]
    fn block_length_follows_the_autocorrelation() {
        let mut rng = stream(2, "test", 0);
        let white: Vec<f64> = (0..4000).map(|_| f64::from(below(&mut rng, 2))).collect();
        let held: Vec<f64> = (0..4000).map(|t| white[t / 25]).collect();
        assert!(block_length(&[white], 4000) <= 3);
        let length = block_length(&[held], 4000);
        assert!((20..=60).contains(&length), "{length}");
        assert_eq!(block_length(&[vec![1.0; 50]], 50), 1);
    }

    #[test]
    fn the_threshold_splits_where_q_does() {
        for index in 0..50 {
            let mut rng = stream(7, "test", index);
            let p: Vec<f64> = (0..40).map(|_| f64::from(below(&mut rng, 1000) + 1).powi(2) / 1e6).collect();
            let q = benjamini_hochberg(&p);
            let threshold = fdr_threshold(&p, 0.05).unwrap_or(-1.0);
            assert!(p.iter().zip(q).all(|(&p, q)| (p <= threshold) == (q < 0.05)));
        }
    }

    #[test]
    fn each_order_is_drawn_once_and_the_data_never() {
        let orders = |trials: &[u32], null: Null| {
            let column: Vec<f64> = (0..trials.len()).map(|row| (row as f64).sin()).collect();
            let series = Samples::real(&column, 1).unwrap().in_trials(trials).unwrap();
            let embedded = Embedded::cmi(&series, &series, &series).unwrap();
            Orders::new(&embedded, &null, 500, 3).map(|orders| {
                let mut all: Vec<Vec<u32>> = orders.draws.iter().map(|&draw| orders.order(draw)).collect();
                assert!(!all.contains(&(0..trials.len() as u32).collect()));
                all.sort_unstable();
                assert!(all.windows(2).all(|two| two[0] != two[1]));
                all.len()
            })
        };
        assert_eq!(orders(&[0; 20], Null::Shift), Ok(19));
        assert_eq!(orders(&[0; 501], Null::Shift), Ok(500));
        // each of three trials stays or is turned
        assert_eq!(orders(&[0, 0, 1, 1, 2, 2], Null::Shift), Ok(7));
        assert_eq!(orders(&[0; 12], Null::Block(6)), Ok(1));
        assert_eq!(orders(&[0; 4], Null::Permute), Ok(23));
        assert_eq!(orders(&[0; 400], Null::Permute), Ok(500));
        for (trials, null) in
            [(vec![0; 12], Null::Block(12)), ((0..9).collect(), Null::Shift), (vec![0], Null::Permute)]
        {
            assert!(matches!(orders(&trials, null), Err(Error::Parameter { parameter: "null", .. })), "{null:?}");
        }
    }

    #[test]
    fn what_differs_by_a_rounding_is_as_large() {
        let draws = |values: &[f64]| Draws { values: values.to_vec(), block: None };
        assert_eq!(draws(&[0.1 + 0.2 - 1e-16, 0.2, 0.1]).p(0.1 + 0.2), 0.5);
        assert_eq!(draws(&[0.299_999, 0.2, 0.1]).p(0.3), 0.25);
    }

    #[test]
    fn adjusted_values_rise_with_p_and_never_pass_1() {
        let p = [0.9, 0.001, 0.2, 0.2, f64::NAN, 0.04];
        for adjusted in [benjamini_hochberg(&p), holm(&p)] {
            assert!(adjusted[4].is_nan());
            let order = ascending(&p);
            assert!(order.windows(2).all(|w| adjusted[w[0]] <= adjusted[w[1]] && adjusted[w[1]] <= 1.0));
            assert!(order.iter().all(|&place| adjusted[place] >= p[place]));
            assert!((adjusted[1] - 0.005).abs() < 1e-15);
        }
    }
}
