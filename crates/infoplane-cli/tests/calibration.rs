//! Trained networks as the test of the tests.
//!
//! Inputs in random order carry nothing from one row to the next, whatever the network has learnt: transfer entropy
//! between its layers must lie at the floor 1/(N ln 2) bits, and every null must call five in a hundred unit pairs
//! significant at .05. Layers that follow each other closely make this harder than independent coins do: x⁻ and y⁻ agree
//! in most rows, and the pairs of a layer are far from independent of each other. In class order the class does carry
//! over; that must be found, and must be gone given the class.
//!
//! Units are split at their medians. A single order scatters by 9 % in the mean and two points in the shares, hence many.
#![cfg(feature = "train")]

use std::ops::Range;
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, LazyLock};

use infoplane::measures::packed::{PairCounts, Sources, Targets};
use infoplane::measures::pairs::{PairMeasure, PairNull, PairProblem, PairTable, Symbols};
use infoplane::measures::pairs::{local_draws, nulls, runs, whole};
use infoplane::measures::transforms::symbol_transform;
use infoplane::measures::{Embedding, Null, benjamini_hochberg, p_from_draws};
use infoplane::probe::order;
use infoplane_nets::{Dataset, NetsConfig, Observation, Silent, Training};
use infoplane_spec::{Stream, stream};

const CONFIG: &str = r#"
    [data]
    source = "ib12"
    train = 0.8
    [model]
    layers = [12, 10, 7, 5, 4, 3, 2]
    [train]
    lr = 0.01
    batch = 256
    epochs = 200
    decay = { every = 80, factor = 0.4 }
"#;
const TAPS: [&str; 8] = ["input", "fc1", "fc2", "fc3", "fc4", "fc5", "logits", "out"];
/// Trainings, by seed from 0.
const SEEDS: u64 = 3;
/// Random orders of the probe for each network.
const ORDERS: u64 = 200;
/// Orders by class for each network.
const CLASS_ORDERS: u64 = 20;
const DRAWS: usize = 200;
const SIGNIFICANT: f64 = 0.05;

static NETWORKS: LazyLock<Vec<Network>> = LazyLock::new(|| (0..SEEDS).map(Network::trained).collect());

/// A trained network, by what its taps show of every input.
struct Network {
    seed: u64,
    /// Of each tap, rows in natural order.
    symbols: Vec<Symbols>,
    labels: Vec<u32>,
}

impl Network {
    fn trained(seed: u64) -> Self {
        let config: NetsConfig = toml::from_str(CONFIG).unwrap();
        let data = Arc::new(Dataset::load(&config.data).unwrap());
        let mut training = Training::start(&config, data.clone(), seed).unwrap();
        training.run(&Observation::default(), &mut Silent, &AtomicBool::new(false), &mut |_| {}).unwrap();
        let accuracy = training.evaluate_train().accuracy;
        assert!(accuracy > 0.95, "seed {seed} learnt too little to be a test: {accuracy}");

        let (median, _) = symbol_transform("binary:median").unwrap();
        let frames = training.probe(&data.x, &TAPS.map(str::to_owned)).unwrap();
        let symbols = |(_, units, values): (String, usize, Vec<f32>)| median.symbols(&values, units, 2).unwrap();
        Self { seed, symbols: frames.into_iter().map(symbols).collect(), labels: data.y.clone() }
    }

    /// The rows of a named order.
    fn order(&self, name: &str, index: u64) -> Vec<u32> {
        order(name, &self.labels, 1000 * self.seed + index).unwrap()
    }

    /// Symbols of every tap, rows in this order.
    fn in_order(&self, rows: &[u32]) -> Vec<Symbols> {
        self.symbols.iter().map(|tap| tap.select(rows)).collect()
    }
}

fn te(pair: &[Symbols], strata: &[Range<usize>]) -> PairProblem {
    PairProblem::new(&pair[0], &pair[1], PairMeasure::Te, &Embedding::default(), strata).unwrap()
}

/// Adjacent taps: all their unit pairs, and row permutations of them.
fn measured(taps: &[Symbols], strata: &[Range<usize>], seed: u64) -> Vec<(PairTable, PairNull)> {
    let problems: Vec<PairProblem> = taps.windows(2).map(|pair| te(pair, strata)).collect();
    let tables: Vec<PairTable> = problems.iter().map(|problem| problem.evaluate(1)).collect();
    let both: Vec<_> = problems.iter().zip(&tables).collect();
    let drawn = nulls(&both, &Null::Permute, DRAWS, seed, 1).unwrap();
    tables.into_iter().zip(drawn).collect()
}

/// n(y', y⁻, x⁻) of every unit pair, at [4·y' + 2·y⁻ + x⁻].
fn counts(source: &Symbols, target: &Symbols) -> Vec<[u32; 8]> {
    let (x, y, rows) = (source.packed().unwrap(), target.packed().unwrap(), source.rows());
    let series = |rows: Range<usize>| y.slice(rows).series();
    let targets = Targets::new(&series(1..rows), &series(0..rows - 1)).unwrap();
    let counts = PairCounts::count(&Sources::new(&x.slice(0..rows - 1).series()), &targets, 1);
    let of_source = |i: usize| (0..counts.targets()).map(|j| counts.joint(i, j)).collect::<Vec<_>>();
    (0..counts.sources()).flat_map(of_source).collect()
}

/// Whether both units fire, and each with and without the other: rates of ones from 10 to 90 %, no rare (x⁻, y⁻).
fn fires(counts: &[u32; 8]) -> bool {
    let rows: u32 = counts.iter().sum();
    let ones = |bit: usize| (0..8).filter(|cell| cell & bit != 0).map(|cell| counts[cell]).sum::<u32>();
    let moderate = |bit| (0.1..=0.9).contains(&share(ones(bit) as usize, rows as usize));
    moderate(1) && moderate(4) && (0..4).all(|cell| counts[cell] + counts[cell + 4] >= 20)
}

/// p by exact draws given y⁻.
fn local_p(counts: [u32; 8], value: f64, rng: &mut Stream) -> f64 {
    let draws = local_draws(counts, DRAWS, rng);
    // equal tables differ in the last digits of the two sums
    p_from_draws(draws.iter().filter(|&&draw| draw >= value - 1e-12).count(), DRAWS)
}

/// What random orders gave.
#[derive(Default)]
struct Tally {
    all: usize,
    firing: usize,
    /// Sum of TE over its floor 1/N nats, which is 1/(N ln 2) bits.
    floors: f64,
    permute: usize,
    local: usize,
    analytic: usize,
    layer_pairs: usize,
    layer_pairs_significant: usize,
}

impl Tally {
    fn of(network: &Network) -> Self {
        let mut tally = Self::default();
        (0..ORDERS).for_each(|index| tally.order(network, index));
        tally
    }

    fn order(&mut self, network: &Network, index: u64) {
        let taps = network.in_order(&network.order("shuffled", index));
        let seed = 1000 * network.seed + index;
        for (place, (table, null)) in measured(&taps, &whole(taps[0].rows()), seed).iter().enumerate() {
            self.layer_pairs += 1;
            self.layer_pairs_significant += usize::from(null.p_of_mean(table.mean()) < SIGNIFICANT);
            let mut rng = stream(seed, "calibration", place as u64);
            self.unit_pairs(table, null, &counts(&taps[place], &taps[place + 1]), &mut rng);
        }
    }

    fn unit_pairs(&mut self, table: &PairTable, null: &PairNull, counts: &[[u32; 8]], rng: &mut Stream) {
        self.all += counts.len();
        let permuted = null.p_of_pairs();
        for (pair, &counts) in counts.iter().enumerate().filter(|(_, counts)| fires(counts)) {
            self.firing += 1;
            self.floors += table.value[pair] * table.n as f64;
            self.permute += usize::from(permuted[pair] < SIGNIFICANT);
            self.local += usize::from(local_p(counts, table.value[pair], rng) < SIGNIFICANT);
            self.analytic += usize::from(table.p[pair] < SIGNIFICANT);
        }
    }
}

fn share(part: usize, whole: usize) -> f64 {
    part as f64 / whole as f64
}

fn within(bounds: std::ops::RangeInclusive<f64>, value: f64, what: &str) {
    assert!(bounds.contains(&value), "{what}: {value:.4} is not in {bounds:?}");
}

#[test]
fn inputs_in_random_order_show_the_floor_and_every_null_keeps_its_level() {
    let (mut layer_pairs, mut significant) = (0, 0);
    for network in NETWORKS.iter() {
        let tally = Tally::of(network);
        let firing = |part: usize| share(part, tally.firing);
        assert!(2 * tally.firing > tally.all, "only {} of {} unit pairs fire", tally.firing, tally.all);
        within(0.9..=1.1, tally.floors / tally.firing as f64, "mean TE in floors");
        within(0.03..=0.07, firing(tally.permute), "unit pairs with p < .05 by permute");
        within(0.03..=0.07, firing(tally.local), "unit pairs with p < .05 by local");
        within(0.03..=0.07, firing(tally.analytic), "unit pairs with p < .05 by the χ² law");
        layer_pairs += tally.layer_pairs;
        significant += tally.layer_pairs_significant;
    }
    within(0.02..=0.09, share(significant, layer_pairs), "layer pairs with p < .05 by joint draws");
}

/// How many unit pairs of each layer pair are significant, adjusted over all of them.
fn significant(measured: &[(PairTable, PairNull)]) -> Vec<usize> {
    let p: Vec<f64> = measured.iter().flat_map(|(table, _)| table.p.iter().copied()).collect();
    let q = benjamini_hochberg(&p);
    let mut rest = q.as_slice();
    let of_layers = measured.iter().map(|(table, _)| rest.split_off(..table.p.len()).unwrap());
    of_layers.map(|q| q.iter().filter(|&&q| q < SIGNIFICANT).count()).collect()
}

/// Whether a layer pair shows transfer: three floors above its surrogates, and in most of its unit pairs.
fn transfers((table, null): &(PairTable, PairNull), significant: usize) -> bool {
    let effective = table.mean() - null.layer_means.iter().sum::<f64>() / DRAWS as f64;
    let floor = table.mean_floor();
    floor > 0.0 && effective >= 3.0 * floor && 2 * significant > table.p.len()
}

/// What one order by class shows.
struct ByClass {
    /// Of each layer pair, whether it shows transfer.
    transfers: Vec<bool>,
    /// Of each layer pair, significant unit pairs given the class.
    given_class: Vec<usize>,
    pairs: Vec<usize>,
}

impl ByClass {
    fn of(network: &Network, index: u64) -> Self {
        let rows = network.order("by-class", index);
        let labels: Vec<u32> = rows.iter().map(|&row| network.labels[row as usize]).collect();
        let taps = network.in_order(&rows);
        let plain = measured(&taps, &whole(rows.len()), index);
        let transfers = plain.iter().zip(significant(&plain)).map(|(one, significant)| transfers(one, significant));
        Self {
            transfers: transfers.collect(),
            given_class: significant(&measured(&taps, &runs(&labels), index)),
            pairs: plain.iter().map(|(table, _)| table.p.len()).collect(),
        }
    }
}

#[test]
fn in_class_order_the_class_passes_for_transfer_and_vanishes_given_it() {
    for network in NETWORKS.iter() {
        let orders: Vec<ByClass> = (0..CLASS_ORDERS).map(|index| ByClass::of(network, index)).collect();
        let always = |place: &usize| orders.iter().all(|order| order.transfers[*place]);
        let driven: Vec<usize> = (0..TAPS.len() - 1).filter(always).collect();
        assert!(!driven.is_empty(), "seed {}: no layer pair shows the class in every order", network.seed);
        for place in driven {
            let sum = |of: fn(&ByClass) -> &[usize]| orders.iter().map(|order| of(order)[place]).sum::<usize>();
            let left = share(sum(|order| &order.given_class), sum(|order| &order.pairs));
            let what = format!("seed {}, {} to {}: given the class", network.seed, TAPS[place], TAPS[place + 1]);
            within(0.0..=0.05, left, &what);
        }
        let all = |of: fn(&ByClass) -> &[usize]| orders.iter().flat_map(of).sum::<usize>();
        let left = share(all(|order| &order.given_class), all(|order| &order.pairs));
        within(0.0..=0.05, left, "given the class, of all unit pairs");
    }
}
