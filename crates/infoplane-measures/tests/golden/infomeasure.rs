//! infomeasure 0.6.3 (Python): nats; noise off. Its `ksg_id=2` and its NSB entropy are not reproduced.

use infoplane_measures::families::Renyi;
use infoplane_measures::neighbours::Metric;
use infoplane_measures::{Embedding, Knn, Result};

use crate::jidt::symbolic;
use crate::records::Record;
use crate::setup::Setup;

/// Ours, in nats.
pub(crate) fn answer(record: &Record) -> Result<Vec<f64>> {
    match (record.estimator.as_str(), record.role()) {
        ("ordinal", _) => symbolic(record.size(&["embedding_dim"], 0), record),
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
        // its information averages −ln q over the observations, its entropy over the shrunken q
        "shrink" if record.role() != "H" => "plugin:correction=shrink-local".to_owned(),
        "grassberger" => "plugin:correction=grassberger-plus-one".to_owned(),
        name => format!("plugin:correction={}", name.replace('_', "-")),
    }
}

/// Rényi's entropy from Euclidean distances to neighbours.
fn renyi(record: &Record) -> Result<Vec<f64>> {
    let knn = Knn { neighbours: record.size(&["k"], 0), norm: Metric::Euclidean, ..Knn::default() };
    Ok(vec![knn.renyi(&record.samples()[0], record.number("alpha").unwrap())?.nats])
}
