//! Records that are not reproduced, on purpose: `differences.csv` and the table in `DESIGN.md`.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;

use crate::records::{Record, folder};

/// One record that differs, and why.
pub(crate) struct Difference {
    pub(crate) reason: String,
    /// What an independent computation gives in its place, in nats or as a probability.
    pub(crate) truth: f64,
}

/// By record. Only defects of others, and values that ties decide, may stand here.
pub(crate) fn all() -> BTreeMap<usize, Difference> {
    let text = fs::read_to_string(folder().join("differences.csv")).unwrap();
    let read = |line: &str| {
        let [record, reason, truth] = line.split(',').collect::<Vec<_>>().try_into().unwrap();
        (record.parse().unwrap(), Difference { reason: reason.to_owned(), truth: truth.parse().unwrap() })
    };
    text.lines().skip(1).map(read).collect()
}

/// The table that `DESIGN.md` must hold, line for line.
pub(crate) fn table(records: &[Record]) -> String {
    let mut table = "| record | tool, measure, estimator | inputs, parameters | theirs | true | why |\n|---|---|---|---|---|---|\n".to_owned();
    for (id, Difference { reason, truth }) in all() {
        let record = &records[id];
        let (what, with) = (format!("{} {} {}", record.tool, record.measure, record.estimator), settings(record));
        let theirs = if record.values[0].is_nan() { "NaN".to_owned() } else { format!("{:.6}", record.values[0]) };
        writeln!(table, "| {id} | {what} | {with} | {theirs} | {truth:.6} | {reason} |").unwrap();
    }
    table
}

/// Inputs and the parameters that set the record apart.
fn settings(record: &Record) -> String {
    let told = |key: &str| matches!(key, "k" | "NORMALISE" | "base");
    let params = record.params.iter().filter(|(key, _)| told(key)).map(|(key, value)| format!("{key}={value}"));
    std::iter::once(record.inputs.join(" ")).chain(params).collect::<Vec<_>>().join(", ")
}
