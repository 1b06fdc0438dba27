//! JIDT 1.6.1, commit d773508: noise off, ties kept. KSG and Gaussian in nats, all else in bits.

use infoplane_measures::transforms::series_transform;
use infoplane_measures::{Embedded, Embedding, History, Result, Samples};

use crate::records::{Record, orders};
use crate::setup::Setup;

/// Ours, in nats or as a probability.
pub(crate) fn answer(record: &Record) -> Result<Vec<f64>> {
    let setup = setup(record);
    match record.estimator.split(' ').next().unwrap() {
        _ if record.measure.contains("p-value") => p_value(&setup, record),
        _ if record.measure.contains("surrogate") => surrogates(&setup, record),
        "Gaussian" if record.flag("BIAS_CORRECTION") => less_its_floor(&setup, record),
        "kernel" if record.role() == "TE" => kernel_te(&setup, record),
        "kernel" if record.role() == "H" => kernel_entropy(record),
        "symbolic" => symbolic(record.size(&["k_HISTORY"], 0), record),
        _ => setup.answer(record),
    }
}

fn setup(record: &Record) -> Setup {
    let conditional = History { length: record.size(&["COND_EMBED_LENGTHS"], 1), ..History::default() };
    let embedding = Embedding {
        k: record.size(&["k_HISTORY", "dest_history", "history"], 1),
        l: record.size(&["l_HISTORY", "source_history"], 1),
        target_tau: record.size(&["k_TAU", "dest_tau"], 1),
        source_tau: record.size(&["l_TAU", "source_tau"], 1),
        delay: record.size(&["DELAY", "delay"], 1),
    };
    let lag = record.size(&["TIME_DIFF", "time_diff"], 0);
    Setup { spec: spec(record), embedding, conditional, lag, standardised: record.flag("NORMALISE") }
}

fn spec(record: &Record) -> String {
    let ksg = |algorithm: u8| {
        let (k, theiler) = (record.size(&["k"], 0), record.size(&["DYN_CORR_EXCL"], 0));
        format!("ksg:k={k},alg={algorithm},ties=keep,theiler={theiler}")
    };
    match record.estimator.split(' ').next().unwrap() {
        "KSG1" => ksg(1),
        "KSG2" => ksg(2),
        "Gaussian" => "gaussian".to_owned(),
        "kernel" => kernel(width(record)),
        "Kozachenko-Leonenko" => "knn:k=1,norm=euclidean".to_owned(),
        "discrete" => format!("plugin:base={}", record.size(&["base"], 0)),
        "symbolic" => "plugin".to_owned(),
        other => panic!("no such estimator: {other}"),
    }
}

fn width(record: &Record) -> f64 {
    record.number("KERNEL_WIDTH").unwrap()
}

fn kernel(width: f64) -> String {
    format!("kernel:{width}")
}

/// The analytic p-value.
fn p_value(setup: &Setup, record: &Record) -> Result<Vec<f64>> {
    Ok(setup.estimate("TE", &record.samples())?.p().into_iter().collect())
}

/// The embedded source's rows in each of the orders that JIDT was given.
fn surrogates(setup: &Setup, record: &Record) -> Result<Vec<f64>> {
    let (inputs, chosen) = (record.samples(), setup.chosen()?);
    let rows = setup.rows("TE", &inputs)?;
    let prepared = chosen.information().prepare(&rows.y, &rows.z)?;
    prepared.reordered(&rows.x, &orders(&record.inputs[2]))
}

/// JIDT's bias correction takes the expected value under independence away.
fn less_its_floor(setup: &Setup, record: &Record) -> Result<Vec<f64>> {
    let estimate = setup.estimate("TE", &record.samples())?;
    Ok(estimate.floor.map(|floor| estimate.nats - floor).into_iter().collect())
}

/// JIDT normalises by scaling the width of each embedded column, the next value with the width of the first past one.
fn kernel_te(setup: &Setup, record: &Record) -> Result<Vec<f64>> {
    let inputs = record.samples();
    let raw = Setup { standardised: false, ..Setup::new(setup.spec.clone()) };
    let mut rows = Setup { embedding: setup.embedding, ..raw }.rows("TE", &inputs)?;
    if setup.standardised {
        let next = scaled(&rows.y, deviation(&rows.z.columns()[0]));
        rows = Embedded { y: next, ..rows.standardised()? };
    }
    Ok(vec![rows.estimate(setup.chosen()?.information())?.nats])
}

/// JIDT's normalised width is in standard deviations, its density in the units of the data.
fn kernel_entropy(record: &Record) -> Result<Vec<f64>> {
    let inputs = record.samples();
    let unit = if record.flag("NORMALISE") { deviation(&inputs[0].columns()[0]) } else { 1.0 };
    Ok(vec![Setup::new(kernel(width(record) * unit)).estimate("H", &inputs)?.nats])
}

/// Discrete transfer entropy with history 1 between the ordinal patterns of the last `length` values.
pub(crate) fn symbolic(length: usize, record: &Record) -> Result<Vec<f64>> {
    let (rule, _) = series_transform(&format!("ordinal:{length}"))?;
    let patterns: Vec<Samples> = record.samples().iter().map(|series| rule.apply(series)).collect::<Result<_>>()?;
    Ok(vec![Setup::new("plugin").estimate("TE", &patterns)?.nats])
}

fn scaled(samples: &Samples, unit: f64) -> Samples<'static> {
    let values: Vec<f64> = samples.columns()[0].iter().map(|value| value / unit).collect();
    Samples::real(&values, 1).unwrap().into_owned()
}

/// Standard deviation, divisor n − 1.
fn deviation(values: &[f64]) -> f64 {
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    (values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / (n - 1.0)).sqrt()
}
