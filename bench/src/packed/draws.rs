//! Surrogates: each draw moves the rows of the whole source layer, all pairs are estimated again.

use infoplane_measures::packed::{Level, PackedRows, Sources, Targets, te};
use infoplane_spec::{shuffle, stream};
use serde_json::json;

use super::{layers, naive, pass};
use crate::record::{Baseline, Report};
use crate::timing::{Times, once, summary, time};

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

    let observed = nats.clone();
    let mut test = Test { exceed: vec![0; observed.len()], means: Vec::new(), order, nats };
    let (mut each, mut passes) = (Vec::new(), Vec::new());
    for draw in 0..DRAWS {
        each.push(once(|| test.draw(draw, &layers.0, &mut x, &y, &observed)));
        if draw % 5 == 0 {
            passes.push(once(|| te(&x, &y, 1, &mut test.nats)));
        }
    }
    let total: f64 = each.iter().sum();
    let (each, passes) = (summary(each), summary(passes));
    let thousand = DRAWS as f64;
    let simple = naive::baseline(&layers.0, &layers.1);
    let simple = Baseline { name: simple.name, seconds: simple.seconds * thousand };
    let times = Times { median: total, fastest: each.fastest * thousand };
    let more = [
        ("passes", json!(each.median * thousand / passes.median)),
        ("passes_fastest", json!(each.fastest * thousand / passes.fastest)),
        ("exceedances", json!(test.exceed.iter().sum::<u32>())),
        ("mean_nats", json!(format!("{:.3e}", test.means.iter().sum::<f64>() / thousand))),
    ];
    report.case(&label("1000 joint permute draws"), level, times, &simple, &more);
}

/// What a test keeps between draws.
struct Test {
    exceed: Vec<u32>,
    means: Vec<f64>,
    order: Vec<u32>,
    nats: Vec<f64>,
}

impl Test {
    /// A permutation, its packing, all pairs, and their comparison with what was observed.
    fn draw(&mut self, draw: u64, rows: &PackedRows, sources: &mut Sources, targets: &Targets, observed: &[f64]) {
        shuffle(&mut stream(1, "bench/draw", draw), &mut self.order);
        sources.refill(rows, &self.order);
        te(sources, targets, 1, &mut self.nats);
        let pairs = self.exceed.iter_mut().zip(self.nats.iter().zip(observed));
        pairs.for_each(|(exceed, (drawn, observed))| *exceed += u32::from(drawn >= observed));
        self.means.push(sum(&self.nats) / self.nats.len() as f64);
    }
}

/// Eight sums side by side: one alone would wait for every addition.
fn sum(nats: &[f64]) -> f64 {
    let (eights, rest) = nats.as_chunks::<8>();
    let mut sums = [0.0; 8];
    for eight in eights {
        (0..8).for_each(|lane| sums[lane] += eight[lane]);
    }
    sums.iter().sum::<f64>() + rest.iter().sum::<f64>()
}
