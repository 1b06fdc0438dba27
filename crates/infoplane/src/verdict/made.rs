//! Small hand-made rows for the tests of the rules.

use infoplane_record::{Metrics, Row};

/// A TE row on the stream in shuffled order without draws.
pub(super) fn te(run: &str, source: &str, target: &str, step: u64, value: f64) -> Row {
    Row {
        run: Some(run.to_owned()),
        step: Some(step),
        epoch: Some(step as f64),
        source: Some(source.to_owned()),
        target: Some(target.to_owned()),
        measure: "te".to_owned(),
        estimator: "plugin".to_owned(),
        time: Some("samples".to_owned()),
        order: Some("shuffled".to_owned()),
        window: Some(0),
        value,
        unit: "bits".to_owned(),
        n: 4095,
        ..Row::default()
    }
}

/// Draws added: 200, with this effective value and p.
pub(super) fn drawn(row: Row, effective: f64, p: f64) -> Row {
    let null_mean = row.value - effective;
    Row {
        floor: Some(null_mean),
        null: Some("permute".to_owned()),
        draws: Some(200),
        null_mean: Some(null_mean),
        effective: Some(effective),
        p: Some(p),
        p_from: Some("draws".to_owned()),
        ..row
    }
}

/// The same on the probe in class order.
pub(super) fn by_class(row: Row) -> Row {
    Row { time: Some("probe".to_owned()), order: Some("by-class".to_owned()), ..row }
}

/// The same given a driver.
pub(super) fn given(row: Row, driver: &str) -> Row {
    Row { given: Some(driver.to_owned()), ..row }
}

/// Four snapshots of one pair with constant effective value and p.
pub(super) fn steady(run: &str, source: &str, target: &str, effective: f64, p: f64) -> Vec<Row> {
    [1, 2, 5, 10].map(|step| drawn(te(run, source, target, step, 0.0003 + effective), effective, p)).into()
}

/// A coupling row at the last snapshot.
pub(super) fn coupling(run: &str, source: &str, target: &str, value: f64, ceiling: f64) -> Row {
    Row { measure: "coupling".to_owned(), ceiling: Some(ceiling), ..te(run, source, target, 10, value) }
}

/// I(X;T) of one layer at the epochs 1, 2, … by 12-bit ceiling.
pub(super) fn i_xt(run: &str, layer: &str, values: &[f64]) -> Vec<Row> {
    let row = |(index, &value): (usize, &f64)| Row {
        run: Some(run.to_owned()),
        step: Some(index as u64 + 1),
        epoch: Some(index as f64 + 1.0),
        layer: Some(layer.to_owned()),
        measure: "i_xt".to_owned(),
        estimator: "width:cell=0.5".to_owned(),
        ceiling: Some(12.0),
        value,
        unit: "bits".to_owned(),
        n: 4096,
        ..Row::default()
    };
    values.iter().enumerate().map(row).collect()
}

/// A metrics line with training and test accuracy.
pub(super) fn accuracy(run: &str, step: u64, accuracy: f64) -> (String, Metrics) {
    let line =
        Metrics { step, epoch: step as f64, train_acc: Some(accuracy), test_acc: Some(accuracy), ..Metrics::default() };
    (run.to_owned(), line)
}
