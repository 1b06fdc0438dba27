//! The runs themselves: what they are, how each ended, what recording cost, config and manifest.

use infoplane::verdict::network_of;
use infoplane_record::Metrics;
use serde_json::{Map, Value};

use super::html::{details, escape, paragraph, table, verbatim};
use super::{Report, RunRecord, distinct};
use crate::output::{readable, short};
use crate::source::leaves;

/// Lists longer than this are cut on the page; the manifest itself has them whole.
const LONG: usize = 24;

/// One line under the title: networks, seeds, epochs, N.
pub(crate) fn about(report: &Report) -> String {
    let networks = distinct(report.runs.iter().map(|run| network_of(&run.id)));
    let epochs = report.metrics.iter().map(|(_, line)| line.epoch).fold(0.0, f64::max);
    let n = report.rows.iter().map(|row| row.n).max().unwrap_or(0);
    let parts = [
        counted(networks.len(), "network"),
        counted(report.runs.len(), "run"),
        format!("{} epochs", short(epochs)),
        format!("{} estimates", report.rows.len()),
        format!("N up to {n}"),
    ];
    format!("<p class=quiet>{}</p>\n", escape(&parts.join(" · ")))
}

fn counted(n: usize, what: &str) -> String {
    if n == 1 { format!("1 {what}") } else { format!("{n} {what}s") }
}

/// A note for each run that did not end well.
pub(crate) fn states(report: &Report) -> String {
    let unfinished = report.runs.iter().filter(|run| run.status != "finished");
    let notes = unfinished.map(|run| format!("<p class=state role=note>{}</p>\n", escape(&state(report, run))));
    notes.collect::<Vec<_>>().concat()
}

fn state(report: &Report, run: &RunRecord) -> String {
    let last = last_metrics(report, &run.id);
    let until = last.map_or("nothing was recorded".to_owned(), |line| {
        format!("it is shown up to its last snapshot, epoch {}", short(line.epoch))
    });
    let meaning = match run.status.as_str() {
        "running" => "is still running",
        "stopped" => "stopped without closing (killed, or the machine went down)",
        "interrupted" => "was interrupted and can be resumed",
        "failed" => "failed",
        other => other,
    };
    format!("{} {meaning}; {until}.", run.id)
}

fn last_metrics<'r>(report: &'r Report, run: &str) -> Option<&'r Metrics> {
    report.metrics.iter().filter(|(id, _)| id == run).map(|(_, line)| line).max_by_key(|line| line.step)
}

pub(crate) fn body(report: &Report) -> String {
    let rows: Vec<Vec<String>> = report.runs.iter().map(|run| line(report, run)).collect();
    let header = ["run", "seed", "status", "snapshots", "epoch", "training accuracy", "test accuracy"];
    let parts = [
        table("Runs at their last snapshot", &header, &rows),
        format!("<h3>What recording cost</h3>\n{}", cost(report)),
        format!("<h3>Config</h3>\n{}", configs(report)),
        format!("<h3>Manifests</h3>\n{}", report.runs.iter().map(manifest).collect::<String>()),
    ];
    parts.concat()
}

fn line(report: &Report, run: &RunRecord) -> Vec<String> {
    let snapshots = report.metrics.iter().filter(|(id, _)| *id == run.id).count();
    let last = last_metrics(report, &run.id);
    let percent = |share: Option<f64>| share.map_or(String::new(), |share| format!("{:.1} %", 100.0 * share));
    vec![
        run.id.clone(),
        fact(&run.manifest, "seed"),
        run.status.clone(),
        snapshots.to_string(),
        last.map_or(String::new(), |line| short(line.epoch)),
        percent(last.and_then(|line| line.train_acc)),
        percent(last.and_then(|line| line.test_acc)),
    ]
}

fn fact(manifest: &Map<String, Value>, key: &str) -> String {
    manifest.get(key).map_or(String::new(), plain)
}

/// A table of the seconds that each run's manifest holds under `cost`.
fn cost(report: &Report) -> String {
    let costs: Vec<_> =
        report.runs.iter().filter_map(|run| Some((run, run.manifest.get("cost")?.as_object()?))).collect();
    let keys = distinct(costs.iter().flat_map(|(_, cost)| cost.keys().map(String::as_str)));
    if keys.is_empty() {
        return paragraph("Not recorded.");
    }
    let header: Vec<String> = ["run".to_owned()].into_iter().chain(keys.iter().map(|key| in_words(key))).collect();
    let line = |(run, cost): &(&RunRecord, &Map<String, Value>)| -> Vec<String> {
        let cells = keys.iter().map(|key| cost.get(*key).map_or(String::new(), plain));
        [run.id.clone()].into_iter().chain(cells).collect()
    };
    let rows: Vec<Vec<String>> = costs.iter().map(line).collect();
    paragraph(
        "Copying, binarising, packing and counting happen during training; surrogate draws run beside it and are listed apart.",
    ) + &table("Seconds and bytes of each run", &header, &rows)
}

/// `recorder_secs` as “recorder, seconds”.
fn in_words(key: &str) -> String {
    match key.rsplit_once('_') {
        Some((what, "secs")) => format!("{}, seconds", what.replace('_', " ")),
        Some((what, "bytes")) => format!("{}, bytes", what.replace('_', " ")),
        _ => key.replace('_', " "),
    }
}

/// The config of each network, once: seeds share it.
fn configs(report: &Report) -> String {
    let networks = distinct(report.runs.iter().map(|run| network_of(&run.id)));
    let first = |network: &str| report.runs.iter().find(|run| network_of(&run.id) == network);
    networks
        .into_iter()
        .filter_map(|network| Some((network, first(network)?)))
        .map(|(network, run)| {
            details(&format!("Config of {network}, every default written out"), &verbatim("Config", &run.config))
        })
        .collect()
}

fn manifest(run: &RunRecord) -> String {
    let rows: Vec<Vec<String>> = facts(&run.manifest);
    details(&format!("Manifest of {}", run.id), &table(&format!("Manifest of {}", run.id), &["fact", "value"], &rows))
}

/// Every leaf of the manifest; what the page shows elsewhere is left out.
fn facts(manifest: &Map<String, Value>) -> Vec<Vec<String>> {
    let elsewhere = |key: &str| ["cost.", "warnings.", "files."].iter().any(|part| key.starts_with(part));
    leaves(manifest)
        .into_iter()
        .filter(|(key, _)| !elsewhere(key))
        .map(|(key, value)| vec![key, plain(&value)])
        .collect()
}

/// A value as text; long lists are cut.
fn plain(value: &Value) -> String {
    match value {
        Value::Array(list) if list.len() > LONG => {
            let shown: Vec<String> = list.iter().take(LONG).map(readable).collect();
            format!("{} … ({} in all)", shown.join(" "), list.len())
        }
        other => readable(other),
    }
}
