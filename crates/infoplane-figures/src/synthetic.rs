//! Rows as a real recording would give them, made from formulas: for tests and for looking at the figures.

use infoplane_record::{Metrics, Row};
use infoplane_spec::stream;

use crate::{Data, UnitMatrix};

const TAPS: [&str; 8] = ["input", "fc1", "fc2", "fc3", "fc4", "fc5", "logits", "out"];
const UNITS: [u32; 8] = [12, 10, 7, 5, 4, 3, 2, 2];
const N: u64 = 4096;

/// Rows, metrics and a unit matrix of one or more networks.
pub(crate) struct Recording {
    pub(crate) rows: Vec<Row>,
    pub(crate) metrics: Vec<(String, Metrics)>,
    pub(crate) units: UnitMatrix,
}

impl Recording {
    pub(crate) fn data(&self) -> Data<'_> {
        Data { rows: &self.rows, metrics: &self.metrics, units: Some(&self.units) }
    }
}

/// A tanh network on the 12-bit set, this many seeds.
pub(crate) fn recording(seeds: u64) -> Recording {
    let mut recording = Recording { rows: Vec::new(), metrics: Vec::new(), units: units() };
    for seed in 0..seeds {
        for epoch in schedule() {
            metrics(&mut recording, seed, epoch);
            layers(&mut recording, seed, epoch);
            for (time, order) in [("probe", "shuffled"), ("probe", "by-class"), ("samples", "shuffled")] {
                pairs(&mut recording, seed, epoch, time, order);
            }
        }
    }
    recording
}

/// 0, then about eleven a decade up to 2000.
fn schedule() -> Vec<f64> {
    let mut epochs: Vec<f64> = (0..=36).map(|i| 10_f64.powf(f64::from(i) * 3.30103 / 36.0).round()).collect();
    epochs.insert(0, 0.0);
    epochs.dedup();
    epochs
}

fn run(seed: u64) -> String {
    format!("demo/ib12-tanh-seed-{seed}")
}

/// Noise in −1..1 that belongs to a place.
fn noise(seed: u64, what: &str, epoch: f64) -> f64 {
    let drawn = infoplane_spec::below(&mut stream(seed, what, epoch as u64), 2001);
    f64::from(drawn) / 1000.0 - 1.0
}

/// From 0 to 1 over training, half way at `half`.
fn rise(epoch: f64, half: f64) -> f64 {
    let x = (epoch / half).powf(1.6);
    x / (1.0 + x)
}

fn metrics(recording: &mut Recording, seed: u64, epoch: f64) {
    let learned = rise(epoch, 60.0 + 12.0 * seed as f64);
    let wobble = 0.01 * noise(seed, "metrics", epoch);
    let loss = 0.69 * (1.0 - learned) + 0.012;
    let metrics = Metrics {
        attempt: 1,
        step: (13.0 * epoch) as u64,
        epoch,
        train_loss: Some(loss * (1.0 + wobble)),
        train_acc: Some(0.52 + 0.475 * learned + 0.2 * wobble * (1.0 - learned)),
        test_loss: Some(loss * 1.08 + 0.03 * rise(epoch, 900.0) + 0.01),
        test_acc: Some(0.52 + 0.455 * learned + 0.4 * wobble),
        ..Metrics::default()
    };
    recording.metrics.push((run(seed), metrics));
}

fn base(seed: u64, epoch: f64) -> Row {
    Row {
        run: Some(run(seed)),
        seed: Some(seed),
        attempt: Some(1),
        step: Some((13.0 * epoch) as u64),
        epoch: Some(epoch),
        unit: "bits".into(),
        n: N,
        ..Row::default()
    }
}

fn layers(recording: &mut Recording, seed: u64, epoch: f64) {
    for (depth, layer) in TAPS.iter().enumerate() {
        let d = depth as f64;
        let learned = rise(epoch, 60.0 + 12.0 * seed as f64);
        let compressed = rise(epoch, 500.0) * (d / 7.0).powi(2);
        let open = if depth < 2 { 12.0 } else { 12.0 - 0.9 * (d - 1.0) - 1.2 * (d - 1.0) * (1.0 - learned) };
        let i_xt = (open * (1.0 - 0.7 * compressed) + 0.1 * noise(seed, layer, epoch)).clamp(0.4, 12.0);
        let i_xt = if depth < 2 { 12.0 } else { i_xt };
        let i_ty = if depth < 2 { 0.99916 } else { (0.99 - (0.12 * d) * (1.0 - learned)).min(i_xt) };
        for (family, range, shrink) in
            [("width:cell=0.5", "", 0.6), ("bins:cells=30", ",lo=-1,hi=1,outside=error", 1.0)]
        {
            let estimator = format!("{family}{range}");
            let row = |measure: &str, value: f64, ceiling: f64| Row {
                layer: Some((*layer).into()),
                measure: measure.into(),
                estimator: estimator.clone(),
                value,
                ceiling: Some(ceiling),
                badge: Some(if value > 0.98 * ceiling { "at-ceiling" } else { "reliable" }.into()),
                ..base(seed, epoch)
            };
            recording.rows.push(row("i_xt", shrink * i_xt, 12.0));
            recording.rows.push(row("h_t", shrink * i_xt, 12.0));
            let bias = 2_f64.powf(shrink * i_xt - 12.0);
            let null = Row {
                null_mean: Some(0.7 * bias),
                null_sd: Some(0.02),
                p: Some(0.005),
                ..row("i_ty", shrink * i_ty, 0.99916)
            };
            recording.rows.push(null);
        }
    }
}

fn pairs(recording: &mut Recording, seed: u64, epoch: f64, time: &str, order: &str) {
    for i in 0..TAPS.len() - 1 {
        te(recording, seed, epoch, (time, order), (i, i + 1));
    }
    // the first and the last pair are adjacent already
    for i in 1..TAPS.len() - 2 {
        te(recording, seed, epoch, (time, order), (0, i + 1));
        te(recording, seed, epoch, (time, order), (i, TAPS.len() - 1));
    }
}

fn te(recording: &mut Recording, seed: u64, epoch: f64, (time, order): (&str, &str), (i, j): (usize, usize)) {
    let floor = 1.0 / (N as f64 * std::f64::consts::LN_2) * if j == 7 { 0.8 } else { 1.0 };
    let what = format!("{time}{order}{i}{j}");
    let learned = rise(epoch, 80.0);
    let strength = match order {
        "by-class" => 4.0 + 26.0 * learned * (j as f64 / 7.0).powi(3) + 6.0 * (1.0 - learned) * (i as f64 / 7.0),
        _ if time == "samples" => 1.0 + 8.0 * (-epoch / 2.0).exp() * (i + 1) as f64 / 7.0,
        _ => 1.0,
    };
    let value = floor * strength * (1.0 + 0.08 * noise(seed, &what, epoch));
    let value = if (i, j) == (5, 6) && epoch == 0.0 { 0.0 } else { value };
    let significant = value > 1.2 * floor;
    let count = UNITS[i] * UNITS[j];
    let row = Row {
        source: Some(TAPS[i].into()),
        target: Some(TAPS[j].into()),
        measure: "te".into(),
        estimator: "plugin:base=2,correction=none".into(),
        symbols: Some("binary:median".into()),
        time: Some(time.into()),
        order: Some(order.into()),
        window: Some(0),
        k: Some(1),
        l: Some(1),
        delay: Some(1),
        value,
        floor: Some(floor),
        ceiling: Some(0.9),
        null: Some("permute".into()),
        draws: Some(200),
        null_mean: Some(1.02 * floor),
        null_sd: Some(0.12 * floor),
        effective: Some(value - 1.02 * floor),
        p: Some(if significant { 0.005 } else { 0.4 }),
        p_from: Some("draws".into()),
        q: Some(if significant { 0.006 } else { 0.4 }),
        pairs: Some(count),
        pairs_significant: Some(if significant { count * 3 / 4 } else { 0 }),
        badge: Some(if (i, j) == (0, 6) { "untestable" } else { "reliable" }.into()),
        ..base(seed, epoch)
    };
    recording.rows.push(row.clone());
    if order == "by-class" {
        let given = Row { given: Some("class".into()), value: floor, q: Some(0.5), p: Some(0.5), ..row.clone() };
        recording.rows.push(given);
    }
    if order == "shuffled" && j == i + 1 {
        let coupling = 0.05 + (0.1 + 0.1 * j as f64) * learned + 0.01 * noise(seed, &what, epoch);
        let coupling = Row { measure: "coupling".into(), delay: Some(0), value: coupling, q: Some(0.005), ..row };
        recording.rows.push(coupling);
    }
}

fn units() -> UnitMatrix {
    let (sources, targets) = (7_u32, 5_u32);
    let value: Vec<f64> = (0..sources * targets)
        .map(|i| 3.5e-4 * (1.0 + 20.0 * f64::from((i * 7919) % 35) / 35.0 * f64::from(u32::from(i % 3 != 0))))
        .collect();
    let q: Vec<f64> = value.iter().map(|v| if *v > 1.5e-3 { 0.001 } else { 0.3 }).collect();
    UnitMatrix {
        run: run(0),
        epoch: 2000.0,
        measure: "te".into(),
        time: "probe".into(),
        order: Some("by-class".into()),
        given: None,
        source: "fc2".into(),
        target: "fc3".into(),
        source_units: (0..sources).collect(),
        target_units: (0..targets).collect(),
        p: Some(q.iter().map(|q| q / 2.0).collect()),
        q: Some(q),
        value,
        n: Some(N - 1),
    }
}
