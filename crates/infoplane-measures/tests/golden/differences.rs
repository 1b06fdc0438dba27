//! Records that are not reproduced, on purpose: `differences.csv` and the table in `DESIGN.md`.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;

use crate::records::{Record, folder};

/// Why a record differs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Reason {
    /// Which of equally near rows count as neighbours is up to the order of the rows.
    Ties,
    /// The same, and rounding in the normalisation decides which are equally near.
    TiesScaled,
    /// JIDT's χ² of a discrete estimate has bits where nats belong.
    Bits,
    /// infomeasure's second KSG algorithm is not the published one.
    SecondKsg,
    /// infomeasure's NSB entropy is NaN.
    Nan,
}

impl Reason {
    const ALL: [(&str, Self, f64); 5] = [
        ("ties", Self::Ties, 1e-9),
        ("ties-scaled", Self::TiesScaled, 0.06),
        ("chi2-in-bits", Self::Bits, 1e-9),
        ("not-ksg2", Self::SecondKsg, 1e-9),
        ("nan", Self::Nan, 1e-9),
    ];

    fn named(name: &str) -> Self {
        let found = Self::ALL.iter().find(|(own, ..)| *own == name);
        found.unwrap_or_else(|| panic!("`{name}` is no reason to differ")).1
    }

    /// The name in `differences.csv` and `DESIGN.md`.
    pub(crate) fn name(self) -> &'static str {
        Self::ALL.iter().find(|(_, own, _)| *own == self).map_or("", |(name, ..)| name)
    }

    /// How near our value is to the independent one.
    pub(crate) fn tolerance(self) -> f64 {
        Self::ALL.iter().find(|(_, own, _)| *own == self).map_or(0.0, |(.., tolerance)| *tolerance)
    }

    /// Whether the reason can hold for this record at all.
    pub(crate) fn may_excuse(self, record: &Record) -> bool {
        let tied = record.inputs[0] == "ties_x";
        // one row of x → y has two neighbours at the same distance
        let tied_once = record.role() == "TE" && record.inputs[0] == "ar1_x" && record.size(&["k"], 0) == 1;
        match self {
            Self::Ties => record.estimator == "KSG2" && (tied || tied_once),
            Self::TiesScaled => tied && record.flag("NORMALISE"),
            Self::Bits => {
                record.tool == "JIDT" && record.units == "probability" && record.estimator.contains("discrete")
            }
            Self::SecondKsg => record.estimator == "ksg_id=2",
            Self::Nan => record.estimator == "nsb" && record.values[0].is_nan(),
        }
    }
}

/// One record that differs, and why.
pub(crate) struct Difference {
    pub(crate) reason: Reason,
    /// What an independent computation gives in its place, in nats or as a probability.
    pub(crate) truth: f64,
}

/// By record. Only defects of others, and values that ties decide, may stand here.
pub(crate) fn all() -> BTreeMap<usize, Difference> {
    let text = fs::read_to_string(folder().join("differences.csv")).unwrap();
    let read = |line: &str| {
        let [record, reason, truth] = line.split(',').collect::<Vec<_>>().try_into().unwrap();
        (record.parse().unwrap(), Difference { reason: Reason::named(reason), truth: truth.parse().unwrap() })
    };
    text.lines().skip(1).map(read).collect()
}

/// The table that `DESIGN.md` must hold, line for line.
pub(crate) fn table(records: &[Record]) -> String {
    let mut table =
        "| record | tool, measure, estimator | inputs, parameters | theirs | instead | reason |\n".to_owned();
    table.push_str("|---|---|---|---|---|---|\n");
    for (id, Difference { reason, truth }) in all() {
        let record = &records[id];
        let (what, with) =
            (format!("{} {} {}", record.tool, record.measure, record.estimator).replace('|', "\\|"), settings(record));
        let theirs = if record.values[0].is_nan() { "NaN".to_owned() } else { format!("{:.6}", record.values[0]) };
        writeln!(table, "| {id} | {what} | {with} | {theirs} | {truth:.6} | `{}` |", reason.name()).unwrap();
    }
    table
}

/// Inputs and the parameters that set the record apart.
fn settings(record: &Record) -> String {
    let told = |key: &str| matches!(key, "k" | "NORMALISE" | "base");
    let params = record.params.iter().filter(|(key, _)| told(key)).map(|(key, value)| format!("{key}={value}"));
    std::iter::once(record.inputs.join(" ")).chain(params).collect::<Vec<_>>().join(", ")
}
