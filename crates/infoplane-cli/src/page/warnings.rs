//! The warnings of rows, runs and verdicts: where each applies, and what it means.

use std::collections::BTreeMap;

use infoplane::verdict::Verdict;
use infoplane::warning::warnings_of;
use serde_json::Value;

use super::html::{anchor, escape, paragraph, prose};
use super::{Report, short_name};
use crate::codes;

/// More places than this are counted, not named.
const NAMED: usize = 4;

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
    let mut named: Vec<String> = places.iter().take(NAMED).cloned().collect();
    if places.len() > NAMED {
        named.push(format!("and {} more", places.len() - NAMED));
    }
    let items: Vec<String> = named.iter().map(|place| format!("<li>{}\n", escape(place))).collect();
    format!(
        "<dt id=\"{}\">{} · {}</dt>\n<dd><ul class=places>\n{}</ul></dd>\n<dd class=quiet>{}</dd>\n",
        anchor(code),
        escape(code),
        escape(title),
        items.concat(),
        prose(text)
    )
}

/// For each code the places it was raised at: by runs, by rows, and for a code of verdicts alone their networks.
fn places(report: &Report, verdicts: &[Verdict]) -> BTreeMap<String, Vec<String>> {
    let mut places = Places::default();
    for run in &report.runs {
        for (code, place) in of_manifest(run.manifest.get("warnings")) {
            places.add(&code, format!("{}: {place}", run.id));
        }
    }
    for warning in warnings_of(&report.rows) {
        places.add(&warning.code, warning.message);
    }
    let told: Vec<String> = places.0.keys().cloned().collect();
    for verdict in verdicts {
        for code in verdict.warnings.iter().filter(|code| !told.contains(code)) {
            places.add(code, short_name(&verdict.network).to_owned());
        }
    }
    places.0
}

/// Codes with their places, each once.
#[derive(Default)]
struct Places(BTreeMap<String, Vec<String>>);

impl Places {
    fn add(&mut self, code: &str, place: String) {
        let known = self.0.entry(code.to_owned()).or_default();
        if !known.contains(&place) {
            known.push(place);
        }
    }
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
