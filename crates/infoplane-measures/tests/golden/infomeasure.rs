//! infomeasure 0.6.3 (Python): nats; noise off. Its `ksg_id=2` and its NSB entropy are not reproduced.

use infoplane_measures::{Embedding, Result};

use crate::jidt::symbolic;
use crate::records::Record;
use crate::setup::Setup;

/// Ours, in nats.
pub(crate) fn answer(record: &Record) -> Result<Vec<f64>> {
    match (record.estimator.as_str(), record.role()) {
        ("ordinal", _) => symbolic(record.size(&["embedding_dim"], 0), record),
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
        "kernel gaussian" => format!("kernel:{bandwidth},shape=gaussian"),
        "discrete" => "plugin".to_owned(),
        "grassberger" => "plugin:correction=grassberger-variant".to_owned(),
        name => format!("plugin:correction={}", name.replace('_', "-")),
    }
}
