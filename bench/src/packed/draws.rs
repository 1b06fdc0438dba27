//! Surrogates: each draw moves the rows of the whole source layer, all pairs are estimated again.

use infoplane_measures::packed::{Level, PackedRows, Sources, Targets, te};
use infoplane_spec::{shuffle, stream};
use serde_json::json;

use super::{layers, naive, pass};
use crate::record::{Baseline, Report};
use crate::timing::{Times, once, time};

const DRAWS: u64 = 1000;

/// A thousand draws with what a test needs of them: exceedances of every pair, the mean of every draw.
pub(crate) fn run(report: &Report, sources: usize, targets: usize, n: usize) {
    let layers = layers::pair(sources, targets, n);
    let (mut x, y) = layers::prepared(&layers);
    let mut nats = vec![0.0; sources * targets];
    let pass = time(60, || te(&x, &y, 1, &mut nats));
    let mut order: Vec<u32> = (0..n as u32).collect();
    let label = |part: &str| format!("{} {part}", pass::name(sources, targets, n));
    let level = Level::detect().name();
    let one_pass = Baseline { name: "one pass", seconds: pass.median };

    let shuffled = time(200, || shuffle(&mut stream(1, "bench/order", 0), &mut order));
    report.case(&label("draw a permutation"), level, shuffled, &one_pass, &[]);
    let refilled = time(200, || x.refill(&layers.0, &order));
    report.case(&label("permute and pack again"), level, refilled, &one_pass, &[]);

    let seconds = once(|| draws(&layers.0, &mut x, &y, &nats));
    let again = time(60, || te(&x, &y, 1, &mut nats));
    let passes = seconds / pass.median.midpoint(again.median);
    let simple = naive::baseline(&layers.0, &layers.1);
    let simple = Baseline { name: simple.name, seconds: simple.seconds * DRAWS as f64 };
    let times = Times { median: seconds, fastest: seconds };
    report.case(&label("1000 joint permute draws"), level, times, &simple, &[("passes", json!(passes))]);
}

fn draws(rows: &PackedRows, sources: &mut Sources, targets: &Targets, observed: &[f64]) -> (Vec<u32>, Vec<f64>) {
    let mut order: Vec<u32> = (0..sources.rows() as u32).collect();
    let (mut exceed, mut nats) = (vec![0_u32; observed.len()], vec![0.0; observed.len()]);
    let means = (0..DRAWS).map(|draw| {
        shuffle(&mut stream(1, "bench/draw", draw), &mut order);
        sources.refill(rows, &order);
        te(sources, targets, 1, &mut nats);
        let pairs = exceed.iter_mut().zip(nats.iter().zip(observed));
        pairs.for_each(|(exceed, (drawn, observed))| *exceed += u32::from(drawn >= observed));
        sum(&nats) / nats.len() as f64
    });
    let means = means.collect();
    (exceed, means)
}

/// Eight sums side by side: one alone would wait for every addition.
fn sum(nats: &[f64]) -> f64 {
    let (eights, rest) = nats.as_chunks::<8>();
    let mut sums = [0.0; 8];
    eights.iter().for_each(|eight| (0..8).for_each(|lane| sums[lane] += eight[lane]));
    sums.iter().sum::<f64>() + rest.iter().sum::<f64>()
}
