//! One comparison, as a row of a table, of Markdown or of JSON.

use serde_json::{Value, json};

use super::measure::Measured;

/// What one case showed beside one other.
#[derive(Debug, Clone)]
pub(super) struct Line {
    pub(super) case: &'static str,
    pub(super) ours: Measured,
    pub(super) baseline: Option<Baseline>,
    /// Nats.
    pub(super) truth: Option<f64>,
    pub(super) peak_mib: Option<u64>,
}

/// The other.
#[derive(Debug, Clone, Copy)]
pub(super) struct Baseline {
    pub(super) name: &'static str,
    pub(super) measured: Measured,
    pub(super) due: Option<f64>,
}

pub(super) const HEADINGS: [&str; 8] = [
    "case",
    "infoplane (fastest)",
    "baseline",
    "baseline's time (fastest)",
    "ratio",
    "due",
    "error, nats",
    "differs by",
];

/// Columns of [`HEADINGS`] in a terminal.
pub(super) const WIDTHS: [usize; 8] = [43, 23, 24, 25, 7, 6, 18, 10];

impl Line {
    /// Medians' ratio.
    fn ratio(&self) -> Option<f64> {
        Some(self.baseline?.measured.times.median / self.ours.times.median)
    }

    /// Distance from the truth, and the same in standard errors where those are known.
    fn error(&self) -> (Option<f64>, Option<f64>) {
        let error = self.truth.map(|truth| self.ours.last.nats - truth);
        (error, error.zip(self.ours.last.se).map(|(error, se)| error / se))
    }

    /// Distance from the baseline's value.
    fn difference(&self) -> Option<f64> {
        Some(self.ours.last.nats - self.baseline?.measured.last.nats)
    }

    pub(super) fn json(&self) -> Value {
        let (times, baseline, (error, errors)) = (self.ours.times, self.baseline, self.error());
        json!({
            "case": self.case,
            "seconds": times.median,
            "fastest": times.fastest,
            "baseline": baseline.map(|other| other.measured.times.median),
            "baseline_fastest": baseline.map(|other| other.measured.times.fastest),
            "baseline_name": baseline.map(|other| other.name),
            "ratio": self.ratio(),
            "ratio_fastest": baseline.map(|other| other.measured.times.fastest / times.fastest),
            "due": baseline.and_then(|other| other.due),
            "nats": self.ours.last.nats,
            "error": error,
            "error_se": errors,
            "difference": self.difference(),
            "peak_mib": self.peak_mib,
        })
    }

    /// Cells under [`HEADINGS`].
    pub(super) fn cells(&self) -> [String; 8] {
        let (baseline, (error, errors)) = (self.baseline, self.error());
        let times =
            |measured: &Measured| format!("{} ({})", scaled(measured.times.median), scaled(measured.times.fastest));
        let shown = |number: Option<f64>| number.map_or(String::new(), |number| format!("{number:.2e}"));
        let peak = self.peak_mib.map_or(String::new(), |mib| format!(", {mib} MiB"));
        [
            self.case.to_owned(),
            times(&self.ours) + &peak,
            baseline.map_or(String::new(), |other| other.name.to_owned()),
            baseline.map_or(String::new(), |other| times(&other.measured)),
            self.ratio().map_or(String::new(), |ratio| rounded(ratio) + "×"),
            baseline.and_then(|other| other.due).map_or(String::new(), |due| format!("{due}×")),
            shown(error) + &errors.map_or(String::new(), |errors| format!(" ({errors:+.1} se)")),
            shown(self.difference()),
        ]
    }
}

/// Three digits at least.
fn rounded(ratio: f64) -> String {
    match ratio {
        ratio if ratio < 10.0 => format!("{ratio:.2}"),
        ratio if ratio < 100.0 => format!("{ratio:.1}"),
        ratio => format!("{ratio:.0}"),
    }
}

/// Seconds with a unit.
fn scaled(seconds: f64) -> String {
    match seconds {
        s if s < 1e-3 => format!("{} µs", rounded(s * 1e6)),
        s if s < 1.0 => format!("{} ms", rounded(s * 1e3)),
        s => format!("{} s", rounded(s)),
    }
}
