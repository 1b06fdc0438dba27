//! One measured case, as a table row or a JSON object a line.

use serde_json::{Value, json};

use crate::timing::Times;

/// What the time of a case is compared with.
pub(crate) struct Baseline {
    pub(crate) name: &'static str,
    pub(crate) seconds: f64,
}

/// Where cases go.
pub(crate) struct Report {
    json: bool,
}

impl Report {
    pub(crate) fn new(json: bool) -> Self {
        Self { json }
    }

    /// A line of context: only in the table.
    pub(crate) fn note(&self, text: &str) {
        if !self.json {
            println!("{text}");
        }
    }

    /// One case; `more` holds whatever else it knows.
    pub(crate) fn case(&self, case: &str, level: &str, times: Times, baseline: &Baseline, more: &[(&str, Value)]) {
        let ratio = baseline.seconds / times.median;
        if self.json {
            let mut line = json!({
                "case": case, "level": level, "seconds": times.median, "fastest": times.fastest,
                "baseline": baseline.seconds, "baseline_name": baseline.name, "ratio": ratio,
            });
            for (key, value) in more {
                line[*key] = value.clone();
            }
            println!("{line}");
        } else {
            let more: Vec<String> = more.iter().map(|(key, value)| format!("{key} {}", shown(value))).collect();
            let (median, fastest) = (scaled(times.median), scaled(times.fastest));
            let against = format!("{ratio:.1} × faster than {} ({})", baseline.name, scaled(baseline.seconds).trim());
            println!("{case:<44} {level:<17} {median} (fastest {fastest})  {against}; {}", more.join(", "));
        }
    }
}

fn shown(value: &Value) -> String {
    match value.as_f64() {
        Some(number) if value.is_f64() => format!("{number:.2}"),
        _ => value.to_string().trim_matches('"').to_owned(),
    }
}

/// Seconds with a unit, eleven characters wide.
fn scaled(seconds: f64) -> String {
    match seconds {
        s if s < 1e-3 => format!("{:8.1} µs", s * 1e6),
        s if s < 1.0 => format!("{:8.3} ms", s * 1e3),
        s => format!("{s:8.3} s "),
    }
}
