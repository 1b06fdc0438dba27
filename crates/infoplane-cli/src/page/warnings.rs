//! The warnings of rows, runs and verdicts: where each applies, and what it means.

use std::collections::BTreeMap;

use infoplane::verdict::Verdict;
use infoplane::warning::warnings_of;
use serde_json::Value;

use super::html::{anchor, escape, paragraph};
use super::{Report, distinct};
use crate::codes;

/// More places than this are counted, not named.
const NAMED: usize = 6;

pub(crate) fn body(report: &Report, verdicts: &[Verdict]) -> String {
    let places = places(report, verdicts);
    if places.is_empty() {
        return paragraph("None.");
    }
    let entries: String = places.iter().map(|(code, places)| entry(code, places)).collect();
    format!("<dl>\n{entries}</dl>\n")
}

fn entry(code: &str, places: &[String]) -> String {
    let known = codes::all().into_iter().find(|known| known.code == code);
    let (title, text) = known.map_or(("", ""), |known| (known.title, known.text));
    let mut named: Vec<String> = places.iter().take(NAMED).map(|place| escape(place)).collect();
    if places.len() > NAMED {
        named.push(format!("and {} more", places.len() - NAMED));
    }
    format!(
        "<dt id=\"{}\">{} · {}</dt>\n<dd>{}</dd>\n<dd class=quiet>{}</dd>\n",
        anchor(code),
        escape(code),
        escape(title),
        named.join("; "),
        escape(text)
    )
}

/// For each code the places it was raised at.
fn places(report: &Report, verdicts: &[Verdict]) -> BTreeMap<String, Vec<String>> {
    let mut places: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut add = |code: &str, place: String| {
        let known = places.entry(code.to_owned()).or_default();
        if !known.contains(&place) {
            known.push(place);
        }
    };
    for run in &report.runs {
        for (code, place) in of_manifest(run.manifest.get("warnings")) {
            add(&code, format!("{}: {place}", run.id).trim_end_matches([':', ' ']).to_owned());
        }
    }
    for warning in warnings_of(&report.rows) {
        add(&warning.code, format!("{} {}", warning.place, warning.message));
    }
    for network in distinct(verdicts.iter().map(|verdict| verdict.network.as_str())) {
        for code in verdicts.iter().filter(|verdict| verdict.network == network).flat_map(|verdict| &verdict.warnings) {
            add(code, network.to_owned());
        }
    }
    places
}

/// Codes and places of a manifest's warnings: under each code a list of `{where, message}`.
fn of_manifest(warnings: Option<&Value>) -> Vec<(String, String)> {
    let text = |warning: &Value, key: &str| warning.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
    let place = |warning: &Value| {
        let parts = [text(warning, "where"), text(warning, "message")];
        parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(": ")
    };
    let by_code = warnings.and_then(Value::as_object).into_iter().flatten();
    let listed = |warnings: &Value| warnings.as_array().into_iter().flatten().map(place).collect::<Vec<_>>();
    by_code.flat_map(|(code, warnings)| listed(warnings).into_iter().map(move |place| (code.clone(), place))).collect()
}
