//! pyinform 0.2.0, scikit-learn 1.9.1, and definitions written out in numpy.

use infoplane_measures::transforms::series_transform;
use infoplane_measures::{Embedding, Entropy, PlugIn, Result, Samples, entropy, estimator, mi};

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
pub(crate) fn numpy(record: &Record) -> Result<Vec<f64>> {
    match record.measure.split(' ').next().unwrap() {
        "matrix" => matrix_renyi(record),
        "I(T;" => kernel_bounds(record),
        _ => binned(record),
    }
}

/// S(A), S(B), S(A, B) and their information, from Gram matrices.
fn matrix_renyi(record: &Record) -> Result<Vec<f64>> {
    let [alpha, sigma] = ["alpha", "sigma"].map(|key| record.number(key).unwrap());
    let chosen = estimator(&format!("renyi:{alpha},width={sigma}"))?;
    let (entropy, inputs) = (chosen.entropy()?, record.samples());
    let [a, b] = [&inputs[0], &inputs[1]].map(|x| entropy.entropy(x));
    let joint = entropy.entropy(&beside(&inputs[0], &inputs[1]))?;
    Ok(vec![a?.nats, b?.nats, joint.nats, mi(chosen.information(), &inputs[0], &inputs[1])?.nats])
}

fn beside(a: &Samples, b: &Samples) -> Samples<'static> {
    let columns = [a.columns(), b.columns()].concat();
    let values: Vec<f64> = (0..a.rows()).flat_map(|row| columns.iter().map(move |column| column[row])).collect();
    Samples::real(&values, columns.len()).unwrap().into_owned()
}

/// The upper and the lower bound at one noise variance.
fn kernel_bounds(record: &Record) -> Result<Vec<f64>> {
    let (variance, inputs) = (record.number("noise_var").unwrap(), record.samples());
    // the entropy of the noise itself, which the entropy of the noisy variable contains
    let noise = inputs[0].dim() as f64 / 2.0 * ((std::f64::consts::TAU * variance).ln() + 1.0);
    let bound = |side: &str| -> Result<f64> {
        let chosen = estimator(&format!("kde:{variance},bound={side}"))?;
        Ok(entropy(chosen.entropy()?, &inputs[0])?.nats - noise)
    };
    Ok(vec![bound("upper")?, bound("lower")?])
}

/// So many edges on [−1, 1] make one cell less; each row is one symbol.
fn binned(record: &Record) -> Result<Vec<f64>> {
    let (series, cells) = (&record.samples()[0], record.size(&["edges"], 0) - 1);
    let columns = series.columns();
    let values: Vec<f64> =
        (0..series.rows()).flat_map(|row| columns.iter().map(move |column| column[row].tanh())).collect();
    let (rule, _) = series_transform(&format!("bins:{cells},lo=-1,hi=1"))?;
    Ok(vec![PlugIn::default().entropy(&rule.apply(&Samples::real(&values, columns.len())?)?)?.nats])
}
