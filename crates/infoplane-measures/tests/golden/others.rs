//! pyinform 0.2.0, scikit-learn 1.9.1, and definitions written out in numpy.

use infoplane_measures::{Embedding, Result};

use crate::records::Record;
use crate::setup::Setup;

/// pyinform: counts.
pub(crate) fn pyinform(record: &Record) -> Result<Vec<f64>> {
    let embedding = Embedding { k: record.size(&["k"], 1), ..Embedding::default() };
    Setup { embedding, ..Setup::new("plugin") }.answer(record)
}

/// scikit-learn: KSG on columns of unit variance, and counts.
pub(crate) fn scikit_learn(record: &Record) -> Result<Vec<f64>> {
    match record.params.contains_key("n_neighbors") {
        true => {
            let spec = format!("ksg:k={},alg=1,ties=keep", record.size(&["n_neighbors"], 0));
            Setup { standardised: true, ..Setup::new(spec) }.answer(record)
        }
        false => Setup::new("plugin").answer(record),
    }
}

/// Definitions written out in numpy.
pub(crate) fn numpy(_record: &Record) -> Result<Vec<f64>> {
    Ok(Vec::new())
}
