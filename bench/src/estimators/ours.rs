//! infoplane's answers, through the interface that anyone uses.

use infoplane_measures::layers::{Bound, Kde, LAYER_ESTIMATORS, Layer, LayerEstimator};
use infoplane_measures::network::{Net, te_net};
use infoplane_measures::packed::{PackedRows, Sources, Targets, te as te_of_pairs};
use infoplane_measures::{Embedded, Embedding, Error, Estimate, Null, Samples, estimator};

use super::question::{Answer, Asked, Columns, Labelled, Question, Tool, clocked};

/// This project.
pub(super) struct Ours;

impl Tool for Ours {
    fn name(&self) -> &'static str {
        "infoplane"
    }

    fn ask<'a>(&'a self, question: &'a Question) -> Option<Asked<'a>> {
        match question {
            Question::KsgTe { source, target } => te("ksg:4", source, target),
            Question::GaussianTe { source, target } => te("gaussian", source, target),
            Question::KsgNull { source, target, draws } => null(source, target, *draws),
            Question::KsgMi { x, y } => mi("ksg:4", x, y),
            Question::Renyi { x, y } => mi("renyi:1.01,width=1", x, y),
            Question::BinaryTe { sources, targets, unpacked } => Some(pairs(sources, targets, *unpacked)),
            Question::Kde { layer, variances } => Some(kde(layer, variances)),
            Question::Cells { layer, nested: false } => Some(cells(layer, "bins:30", 0)),
            Question::Cells { layer, nested: true } => Some(cells(layer, "width:sweep", 5)),
            Question::Network { series, threads, separate: false } => network(series, *threads),
            Question::Network { series, .. } => separate(series),
        }
    }
}

/// Standard error of the mean of these.
fn standard_error(terms: &[f64]) -> f64 {
    let n = terms.len() as f64;
    let mean = terms.iter().sum::<f64>() / n;
    (terms.iter().map(|term| (term - mean).powi(2)).sum::<f64>() / (n - 1.0) / n).sqrt()
}

fn timed(compute: impl FnOnce() -> Estimate) -> Answer {
    let (seconds, Estimate { nats, local, .. }) = clocked(compute);
    Answer { seconds, nats, se: local.map(|terms| standard_error(&terms)) }
}

fn column(values: &[f64]) -> Samples<'_> {
    Samples::real(values, 1).expect("finite values")
}

fn te<'a>(spec: &str, source: &'a [f64], target: &'a [f64]) -> Option<Asked<'a>> {
    let chosen = estimator(spec).ok()?;
    let (source, target) = (column(source), column(target));
    let estimate = move || infoplane_measures::te(chosen.information(), &source, &target, &Embedding::default());
    Some(Box::new(move || timed(|| estimate().expect("finite series"))))
}

fn null<'a>(source: &'a [f64], target: &'a [f64], draws: usize) -> Option<Asked<'a>> {
    let chosen = estimator("ksg:4").ok()?;
    let (source, target) = (column(source), column(target));
    let test = move || {
        let embedded = Embedded::te(&source, &target, &[], &Embedding::default())?;
        let observed = embedded.estimate(chosen.information())?;
        Ok::<_, Error>((observed, embedded.null(chosen.information(), &Null::Permute, draws, 1, 1)?))
    };
    Some(Box::new(move || {
        let (seconds, found) = clocked(&test);
        let null = found.expect("finite series").1;
        Answer { seconds, nats: null.mean(), se: Some(null.sd() / (draws as f64).sqrt()) }
    }))
}

/// [row][column], row-major.
fn rows(columns: &Columns) -> Vec<f64> {
    (0..columns[0].len()).flat_map(|row| columns.iter().map(move |column| column[row])).collect()
}

fn mi<'a>(spec: &str, x: &Columns, y: &Columns) -> Option<Asked<'a>> {
    let chosen = estimator(spec).ok()?;
    let [x, y] = [x, y].map(|columns| Samples::real(&rows(columns), columns.len()).expect("finite").into_owned());
    let estimate = move || infoplane_measures::mi(chosen.information(), &x, &y);
    Some(Box::new(move || timed(|| estimate().expect("finite columns"))))
}

fn network(series: &Columns, threads: usize) -> Option<Asked<'_>> {
    let chosen = estimator("ksg:4").ok()?;
    let series: Vec<Samples> = series.iter().map(|values| column(values)).collect();
    let mean = move || {
        let edges = te_net(&series, chosen.information(), &Net::default(), threads).expect("finite series");
        edges.iter().map(|edge| edge.estimate.nats).sum::<f64>() / edges.len() as f64
    };
    Some(Box::new(move || Answer::timed(&mean)))
}

/// Each pair by itself, in the order of the network.
fn separate(series: &Columns) -> Option<Asked<'_>> {
    let chosen = estimator("ksg:4").ok()?;
    let series: Vec<Samples> = series.iter().map(|values| column(values)).collect();
    let mean = move || {
        let mut values = Vec::new();
        for (target, next) in series.iter().enumerate() {
            let sources = series.iter().enumerate().filter(|(source, _)| *source != target);
            let te = |past| infoplane_measures::te(chosen.information(), past, next, &Embedding::default());
            values.extend(sources.map(|(_, past)| te(past).expect("finite series").nats));
        }
        values.iter().sum::<f64>() / values.len() as f64
    };
    Some(Box::new(move || Answer::timed(&mean)))
}

fn packed(rows: &[Vec<bool>]) -> PackedRows {
    let mut packed = PackedRows::new(rows[0].len());
    for row in rows {
        packed.push(row);
    }
    packed
}

fn prepared(sources: &PackedRows, targets: &PackedRows) -> (Sources, Targets) {
    let (n, series) = (sources.rows() - 1, targets.series());
    let targets = Targets::new(&series.slice(1..n + 1), &series.slice(0..n)).expect("two slices of one length");
    (Sources::from_rows(sources, &(0..n as u32).collect::<Vec<_>>()), targets)
}

fn pairs<'a>(sources: &'a [Vec<bool>], targets: &'a [Vec<bool>], unpacked: bool) -> Asked<'a> {
    let ready = move || prepared(&packed(sources), &packed(targets));
    let mut before = (!unpacked).then(ready);
    let mut nats = vec![0.0; sources[0].len() * targets[0].len()];
    Box::new(move || {
        let (seconds, ()) = clocked(|| {
            let (sources, targets) = before.take().unwrap_or_else(ready);
            te_of_pairs(&sources, &targets, 1, &mut nats);
            before = (!unpacked).then_some((sources, targets));
        });
        Answer { seconds, nats: nats.iter().sum::<f64>() / nats.len() as f64, se: Some(standard_error(&nats)) }
    })
}

fn borrowed(layer: &Labelled) -> Layer<'_> {
    let Labelled { values, units, labels, classes } = layer;
    Layer { values, units: *units, range: Some((-1.0, 1.0)), labels, classes: *classes, distinct_inputs: true }
}

/// The chosen of the estimates of one layer.
fn axes(layer: &Labelled, estimator: Box<dyn LayerEstimator>, which: usize) -> Asked<'_> {
    let layer = borrowed(layer);
    Box::new(move || Answer::timed(|| estimator.estimate(&layer, 1).expect("finite values")[which].i_xt))
}

fn kde<'a>(layer: &'a Labelled, variances: &[f64]) -> Asked<'a> {
    let kde = Kde { variances: variances.to_vec(), bounds: vec![Bound::Upper, Bound::Lower] };
    axes(layer, Box::new(kde), 2 * variances.len() - 2)
}

fn cells<'a>(layer: &'a Labelled, spec: &str, which: usize) -> Asked<'a> {
    let found = spec.parse().and_then(|spec| infoplane_spec::find("estimator", LAYER_ESTIMATORS, &spec));
    axes(layer, found.expect("a layer estimator of this name").0, which)
}

#[cfg(test)]
mod tests {
    use super::super::{data, naive::Naive};
    use super::*;

    /// Both tools were asked the same.
    fn agree(question: &Question) {
        let [ours, naive] = [&Ours as &dyn Tool, &Naive].map(|tool| tool.ask(question).expect("an answer")().nats);
        assert!((ours - naive).abs() < 1e-12, "{ours} {naive}");
    }

    #[test]
    fn the_naive_scan_answers_the_same_question() {
        let (source, target) = data::coupled(400);
        agree(&Question::KsgTe { source, target });
        let (x, y) = data::correlated(400, 3);
        agree(&Question::KsgMi { x, y });
    }

    #[test]
    fn a_network_is_its_pairs() {
        let series = data::ring(4, 300);
        let mean = |separate| {
            let question = Question::Network { series: series.clone(), threads: 1, separate };
            Ours.ask(&question).expect("an answer")().nats
        };
        assert!((mean(true) - mean(false)).abs() < 1e-12);
    }
}
