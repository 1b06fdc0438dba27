//! Networks, their seeds, and the series a rule reads.

use std::collections::{BTreeMap, BTreeSet};

use infoplane_figures::network_of;
use infoplane_record::{Metrics, Row};

use super::chance::{self, LeftOut};

/// The runs that differ in their seed alone.
#[derive(Debug)]
pub(super) struct Network<'a> {
    pub(super) name: String,
    /// Runs that learned something, in the order of their names.
    pub(super) seeds: Vec<Trained<'a>>,
    pub(super) left_out: Vec<LeftOut>,
}

/// One run.
#[derive(Debug)]
pub(super) struct Trained<'a> {
    pub(super) run: &'a str,
    pub(super) rows: Vec<&'a Row>,
    pub(super) metrics: Vec<&'a Metrics>,
}

/// Time axis, order of the samples and estimator: rows that share them form one series per layer pair.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Place {
    pub(super) time: String,
    pub(super) order: String,
    pub(super) estimator: String,
}

/// Source tap and target tap.
pub(super) type Pair = (String, String);

/// What the rows of one series are about.
#[derive(Debug, Clone, Copy)]
pub(super) struct Series<'s> {
    pub(super) measure: &'s str,
    pub(super) place: &'s Place,
    pub(super) given: Option<&'s str>,
    pub(super) pair: &'s Pair,
}

/// Sorts rows and metrics into networks; runs at chance are set aside.
pub(super) fn networks<'a>(rows: &'a [Row], metrics: &'a [(String, Metrics)]) -> Vec<Network<'a>> {
    let mut runs: BTreeMap<&str, Trained<'a>> = BTreeMap::new();
    for row in rows {
        trained(&mut runs, row.run.as_deref().unwrap_or_default()).rows.push(row);
    }
    for (run, line) in metrics {
        trained(&mut runs, run).metrics.push(line);
    }
    let mut networks: BTreeMap<&str, Vec<Trained<'a>>> = BTreeMap::new();
    for (run, trained) in runs {
        networks.entry(network_of(run)).or_default().push(trained);
    }
    networks.into_iter().map(|(name, seeds)| Network::new(name, seeds)).collect()
}

fn trained<'r, 'a>(runs: &'r mut BTreeMap<&'a str, Trained<'a>>, run: &'a str) -> &'r mut Trained<'a> {
    runs.entry(run).or_insert_with(|| Trained { run, rows: Vec::new(), metrics: Vec::new() })
}

impl<'a> Network<'a> {
    fn new(name: &str, seeds: Vec<Trained<'a>>) -> Self {
        let (left_out, seeds): (Vec<_>, Vec<_>) =
            seeds.into_iter().map(|seed| (chance::at_chance(&seed), seed)).partition(|(chance, _)| chance.is_some());
        Self {
            name: name.to_owned(),
            seeds: seeds.into_iter().map(|(_, seed)| seed).collect(),
            left_out: left_out.into_iter().filter_map(|(chance, _)| chance).collect(),
        }
    }

    /// All rows of the seeds that count.
    pub(super) fn rows(&self) -> impl Iterator<Item = &'a Row> {
        self.seeds.iter().flat_map(|seed| seed.rows.iter().copied())
    }

    /// Where `measure` was measured between layers.
    pub(super) fn places(&self, measure: &str) -> Vec<Place> {
        let places: BTreeSet<Place> = self.rows().filter(|row| is_pair_of(row, measure)).map(Place::of).collect();
        places.into_iter().collect()
    }

    /// The layer pairs of `measure` at `place`, in forward order of their sources, then targets.
    pub(super) fn pairs(&self, measure: &str, place: &Place) -> Vec<Pair> {
        let pairs = self.pair_set(measure, place);
        let depths = depths(&pairs);
        let mut ordered: Vec<Pair> = pairs.iter().cloned().collect();
        ordered.sort_by_key(|(source, target)| (depths[source.as_str()], depths[target.as_str()]));
        ordered
    }

    /// Those of consecutive taps.
    pub(super) fn adjacent(&self, measure: &str, place: &Place) -> Vec<Pair> {
        let pairs = self.pair_set(measure, place);
        let depths = depths(&pairs);
        let follows = |(source, target): &Pair| depths[target.as_str()] == depths[source.as_str()] + 1;
        self.pairs(measure, place).into_iter().filter(follows).collect()
    }

    fn pair_set(&self, measure: &str, place: &Place) -> BTreeSet<Pair> {
        let found = self.rows().filter(|row| is_pair_of(row, measure) && Place::of(row) == *place);
        found.map(|row| (tap(row.source.as_ref()), tap(row.target.as_ref()))).collect()
    }

    /// What TE at `place` was given (`class`, `block:256`), beside nothing.
    pub(super) fn givens(&self, measure: &str, place: &Place) -> Vec<String> {
        let found = self.rows().filter(|row| is_pair_of(row, measure) && Place::of(row) == *place);
        found.filter_map(|row| row.given.clone()).collect::<BTreeSet<_>>().into_iter().collect()
    }
}

impl<'a> Trained<'a> {
    /// The rows of a series in the order of training.
    pub(super) fn series(&self, series: Series<'_>) -> Vec<&'a Row> {
        let belongs = |row: &&&Row| {
            is_pair_of(row, series.measure)
                && row.source.as_deref() == Some(series.pair.0.as_str())
                && row.target.as_deref() == Some(series.pair.1.as_str())
                && row.given.as_deref() == series.given
                && Place::of(row) == *series.place
        };
        let mut rows: Vec<&Row> = self.rows.iter().filter(belongs).copied().collect();
        rows.sort_by_key(|row| (row.step, row.window));
        rows
    }
}

impl Place {
    fn of(row: &Row) -> Self {
        let text = |field: &Option<String>| field.clone().unwrap_or_default();
        Self { time: text(&row.time), order: text(&row.order), estimator: row.estimator.clone() }
    }

    /// In words. The estimator is named where it is not the plain plug-in.
    pub(super) fn label(&self) -> String {
        let mut label =
            if self.order.is_empty() { self.time.clone() } else { format!("{}, {} order", self.time, self.order) };
        if !self.estimator.starts_with("plugin") || self.estimator.contains("miller") {
            label = format!("{label}, {}", self.estimator);
        }
        label
    }
}

/// `fc1→fc2`.
pub(super) fn arrow(pair: &Pair) -> String {
    format!("{}→{}", pair.0, pair.1)
}

/// The second half of a series, the middle row included.
pub(super) fn later_half<'r, 'a>(series: &'r [&'a Row]) -> &'r [&'a Row] {
    &series[series.len() / 2..]
}

/// A row about a layer pair, not about one pair of units.
fn is_pair_of(row: &Row, measure: &str) -> bool {
    row.measure == measure && row.source.is_some() && row.target.is_some() && row.source_unit.is_none()
}

fn tap(name: Option<&String>) -> String {
    name.cloned().unwrap_or_default()
}

/// Longest way from a first tap, for each tap: consecutive taps differ by one.
fn depths(pairs: &BTreeSet<Pair>) -> BTreeMap<&str, usize> {
    let mut depths: BTreeMap<&str, usize> =
        pairs.iter().flat_map(|(source, target)| [(source.as_str(), 0), (target.as_str(), 0)]).collect();
    for _ in 0..depths.len() {
        for (source, target) in pairs {
            let beyond = depths[source.as_str()] + 1;
            if depths[target.as_str()] < beyond && beyond < pairs.len() + 1 {
                depths.insert(target, beyond);
            }
        }
    }
    depths
}

#[cfg(test)]
mod tests {
    use super::super::made::te;
    use super::*;

    #[test]
    fn networks_are_runs_without_their_seed() {
        for (run, network) in [
            ("demo/ib12-tanh-seed-0", "demo/ib12-tanh"),
            ("ib-tanh/seed-0", "ib-tanh"),
            ("ib-tanh/tanh-seed-12", "ib-tanh/tanh"),
            ("seed-3", ""),
            ("linseed-3", "linseed-3"),
            ("ib-tanh/seed-", "ib-tanh/seed-"),
        ] {
            assert_eq!(network_of(run), network, "{run}");
        }
    }

    #[test]
    fn pairs_stand_in_forward_order_whatever_the_rows_order() {
        let rows: Vec<Row> = [("fc2", "logits"), ("logits", "out"), ("input", "fc1"), ("fc1", "fc2")]
            .map(|(source, target)| te("a/seed-0", source, target, 1, 0.1))
            .into();
        let networks = networks(&rows, &[]);
        let place = &networks[0].places("te")[0];
        let pairs: Vec<String> = networks[0].pairs("te", place).iter().map(arrow).collect();
        assert_eq!(pairs, ["input→fc1", "fc1→fc2", "fc2→logits", "logits→out"]);
        assert_eq!(place.label(), "samples, shuffled order");
        assert_eq!(networks[0].adjacent("te", place).len(), 4);
    }

    #[test]
    fn pairs_that_skip_a_layer_are_not_adjacent() {
        let rows = [("input", "fc1"), ("fc1", "out"), ("input", "out")]
            .map(|(source, target)| te("a/seed-0", source, target, 1, 0.1));
        let networks = networks(&rows, &[]);
        let place = &networks[0].places("te")[0];
        let pairs: Vec<String> = networks[0].adjacent("te", place).iter().map(arrow).collect();
        assert_eq!(pairs, ["input→fc1", "fc1→out"]);
    }

    #[test]
    fn series_follow_training_and_keep_strata_apart() {
        let mut given = te("a/seed-0", "fc1", "fc2", 5, 0.3);
        given.given = Some("block:256".into());
        let rows = [te("a/seed-0", "fc1", "fc2", 20, 0.2), te("a/seed-0", "fc1", "fc2", 10, 0.1), given];
        let networks = networks(&rows, &[]);
        let (place, pair) = (&networks[0].places("te")[0], ("fc1".to_owned(), "fc2".to_owned()));
        let values = |given| -> Vec<f64> {
            let series = Series { measure: "te", place, given, pair: &pair };
            networks[0].seeds[0].series(series).iter().map(|row| row.value).collect()
        };
        assert_eq!(values(None), [0.1, 0.2]);
        assert_eq!(values(Some("block:256")), [0.3]);
        assert_eq!(networks[0].givens("te", place), ["block:256"]);
    }
}
