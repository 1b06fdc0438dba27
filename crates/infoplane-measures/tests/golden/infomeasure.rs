//! infomeasure 0.6.3 (Python): nats; noise off. Its `ksg_id=2` and its NSB entropy are not reproduced.

use std::collections::BTreeMap;

use infoplane_measures::estimators::shrunken;
use infoplane_measures::families::Renyi;
use infoplane_measures::neighbours::Metric;
use infoplane_measures::{Embedded, Embedding, Knn, Result, Samples};

use crate::jidt::symbolic;
use crate::records::Record;
use crate::setup::Setup;

/// Ours, in nats.
pub(crate) fn answer(record: &Record) -> Result<Vec<f64>> {
    match (record.estimator.as_str(), record.role()) {
        ("ordinal", _) => symbolic(record.size(&["embedding_dim"], 0), record),
        ("shrink", "MI" | "TE") => shrunk(record),
        ("renyi kNN", _) => renyi(record),
        _ => setup(record).answer(record),
    }
}

fn setup(record: &Record) -> Setup {
    let [k, l] = [&["dest_hist_len"], &["src_hist_len"]].map(|keys| record.size(keys, 1));
    let embedding = Embedding { k, l, ..Embedding::default() };
    Setup { embedding, ..Setup::new(spec(record)) }
}

fn spec(record: &Record) -> String {
    let neighbours = record.size(&["k"], 0);
    // its box is as wide as the bandwidth, ours reaches that far to each side
    let bandwidth = record.number("bandwidth").unwrap_or(0.0);
    match record.estimator.as_str() {
        "ksg_id=1" => format!("ksg:k={neighbours},alg=1,ties=keep"),
        "ksg_id=2" => format!("ksg:k={neighbours},alg=2,ties=keep"),
        "kernel box" => format!("kernel:{}", bandwidth / 2.0),
        "kernel gaussian" => format!("kernel:{bandwidth},shape=whitened"),
        "discrete" => "plugin".to_owned(),
        "grassberger" => "plugin:correction=grassberger-plus-one".to_owned(),
        name => format!("plugin:correction={}", name.replace('_', "-")),
    }
}

/// Rényi's entropy from Euclidean distances to neighbours.
fn renyi(record: &Record) -> Result<Vec<f64>> {
    let knn = Knn { neighbours: record.size(&["k"], 0), norm: Metric::Euclidean, ..Knn::default() };
    Ok(vec![knn.renyi(&record.samples()[0], record.number("alpha").unwrap())?.nats])
}

/// It averages −ln q over the observations, with q the shrunken probability of their state; the entropy would average
/// over q. The four averages then stand for the entropies.
fn shrunk(record: &Record) -> Result<Vec<f64>> {
    let inputs = record.samples();
    let Embedded { x, y, z, .. } = setup(record).rows(record.role(), &inputs)?;
    let surprise = |parts: &[&Samples]| {
        let columns: Vec<Vec<f64>> = parts.iter().flat_map(|part| part.columns()).collect();
        let mut states = BTreeMap::<Vec<u32>, u32>::new();
        for row in 0..x.rows() {
            *states.entry(columns.iter().map(|column| column[row] as u32).collect()).or_default() += 1;
        }
        let counts: Vec<u32> = states.into_values().collect();
        let total: f64 = shrunken(&counts, None).iter().zip(&counts).map(|(q, &n)| -f64::from(n) * q.ln()).sum();
        total / x.rows() as f64
    };
    let given = if z.dim() == 0 { 0.0 } else { surprise(&[&z]) };
    Ok(vec![surprise(&[&x, &z]) + surprise(&[&y, &z]) - surprise(&[&x, &y, &z]) - given])
}
