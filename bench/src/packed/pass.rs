//! One pass over all pairs, and what comes before it.

use infoplane_measures::packed::{Level, PackedRows, PairCounts, Sources, te, te_at};
use serde_json::{Value, json};

use super::{layers, naive};
use crate::record::Report;
use crate::timing::{Times, once, summary, time};

pub(crate) fn name(sources: usize, targets: usize, n: usize) -> String {
    format!("{sources}x{targets} N={n}")
}

/// Seconds that counting alone takes with 512-bit popcounts, two operations a cycle.
fn floor_secs(clock: f64, pairs: usize, n: usize) -> f64 {
    (pairs * n.div_ceil(512)) as f64 * 4.5 / clock
}

fn against_floor(clock: f64, pairs: usize, n: usize, times: Times) -> [(&'static str, Value); 2] {
    let ratio = times.median / floor_secs(clock, pairs, n);
    [("floor_name", json!("nine 512-bit operations a chunk, two a cycle")), ("floor_ratio", json!(ratio))]
}

/// Counts to TE at each level of this machine, bits packed already.
pub(crate) fn every_level(report: &Report, clock: f64, sources: usize, targets: usize, n: usize, repeats: usize) {
    let layers = layers::pair(sources, targets, n);
    let baseline = naive::baseline(&layers.0, &layers.1);
    let (x, y) = layers::prepared(&layers);
    let mut nats = vec![0.0; sources * targets];
    for level in Level::available() {
        let times = time(repeats, || te_at(level, &x, &y, 1, &mut nats));
        let more = against_floor(clock, nats.len(), n, times);
        report.case(&name(sources, targets, n), level.name(), times, &baseline, &more);
    }
    let times = time(repeats, || PairCounts::count(&x, &y, 1));
    let more = against_floor(clock, nats.len(), n, times);
    report.case(&(name(sources, targets, n) + " counts kept"), Level::detect().name(), times, &baseline, &more);
}

/// What one pass needs first: booleans into rows, rows into tiles and masks.
pub(crate) fn preparation(report: &Report, sources: usize, targets: usize, n: usize) {
    let (x, y) = layers::pair(sources, targets, n);
    let (x_booleans, y_booleans) = (layers::booleans(&x), layers::booleans(&y));
    let baseline = naive::baseline(&x, &y);
    let mut nats = vec![0.0; sources * targets];
    let series = y.series();
    let order: Vec<u32> = (0..n as u32).collect();
    let mut tiles = Sources::from_rows(&x, &order);
    let case = |part: &str, body: &mut dyn FnMut()| {
        report.case(
            &format!("{} {part}", name(sources, targets, n)),
            Level::detect().name(),
            time(50, body),
            &baseline,
            &[],
        );
    };
    case("booleans into rows", &mut || drop((packed(&x_booleans, sources), packed(&y_booleans, targets))));
    case("source rows into tiles", &mut || tiles.refill(&x, &order));
    case("target rows into series", &mut || drop(y.series()));
    case("target series into masks", &mut || drop(layers::targets(&series)));
    case("from booleans to TE", &mut || {
        let (x, y) = (packed(&x_booleans, sources), packed(&y_booleans, targets));
        te(&Sources::from_rows(&x, &order), &layers::targets(&y.series()), 1, &mut nats);
    });
}

fn packed(rows: &[Vec<bool>], units: usize) -> PackedRows {
    let mut packed = PackedRows::new(units);
    for row in rows {
        packed.push(row);
    }
    packed
}

/// 4096×4096 pairs of 60,000 rows: TE only, the counts are not stored.
pub(crate) fn large(report: &Report, clock: f64) {
    let (units, n) = (4096, 60_000);
    let layers = layers::pair(units, units, n);
    let baseline = naive::baseline(&layers.0, &layers.1);
    let x = Sources::from_rows(&layers.0, &(0..n as u32).collect::<Vec<_>>());
    let y = layers::targets(&layers.1.series());
    drop(layers);
    let mut nats = vec![0.0; units * units];
    let times = summary((0..3).map(|_| once(|| te(&x, &y, 1, &mut nats))).collect());
    let mut more = against_floor(clock, nats.len(), n, times).to_vec();
    more.extend([("peak_mib", json!(peak_mib())), ("counts", json!("not stored"))]);
    report.case(&name(units, units, n), Level::detect().name(), times, &baseline, &more);
}

/// Peak resident memory of this process, where the system tells.
fn peak_mib() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    line.split_whitespace().nth(1)?.parse::<u64>().ok().map(|kib| kib / 1024)
}
