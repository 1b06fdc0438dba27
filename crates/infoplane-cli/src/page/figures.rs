//! The figures of each network, with caption, summary and the numbers drawn.

use infoplane::figures::{Data, Drawing, FIGURES, Figure, Options, figure, network_of, networks};
use infoplane_record::Row;

use super::html::{anchor, details, escape, paragraph, table};
use super::{Report, distinct};

/// Width of a drawing in CSS pixels: what a phone shows unscaled, so that its 12 px stay 12 px.
const WIDTH: f64 = 328.0;

/// Rows of a figure's table beyond which every second, third … is shown, to keep the page small.
const TABLE_ROWS: usize = 120;

pub(crate) fn body(report: &Report) -> String {
    let networks = networks(&report.rows);
    let parts: Vec<String> = networks.iter().map(|network| of_network(report, network)).collect();
    if parts.iter().all(String::is_empty) {
        return paragraph("Nothing to draw yet.");
    }
    parts.concat()
}

fn of_network(report: &Report, network: &str) -> String {
    let rows: Vec<Row> =
        report.rows.iter().filter(|row| row.run.as_deref().map(network_of) == Some(network)).cloned().collect();
    let metrics: Vec<_> = report.metrics.iter().filter(|(run, _)| network_of(run) == network).cloned().collect();
    let matrices = report.units.iter().filter(|matrix| network_of(&matrix.run) == network);
    let data = Data { rows: &rows, metrics: &metrics, units: None };
    let mut cards: Vec<String> = Vec::new();
    for figure in FIGURES.iter().filter(|figure| figure.id != "te-units") {
        for choice in choices(figure.id, &rows) {
            cards.extend(card(network, figure, &data, &choice));
        }
    }
    for (matrix, figure) in matrices.filter_map(|matrix| Some((matrix, figure("te-units").ok()?))) {
        let choice = Choice { measure: Some(matrix.measure.clone()), ..Choice::default() };
        cards.extend(card(network, figure, &Data { units: Some(matrix), ..data }, &choice));
    }
    if cards.is_empty() {
        return String::new();
    }
    format!("<h3>{}</h3>\n<div class=figures>\n{}</div>\n", escape(network), cards.concat())
}

/// What one figure of a kind shows: the options that differ, and how to name them.
#[derive(Debug, Clone, Default, PartialEq)]
struct Choice {
    measure: Option<String>,
    estimator: Option<String>,
    time: Option<String>,
    order: Option<String>,
    given: Option<String>,
}

impl Choice {
    fn options(&self) -> Options {
        Options {
            measure: self.measure.clone(),
            estimator: self.estimator.clone(),
            time: self.time.clone(),
            order: self.order.clone(),
            given: self.given.clone(),
            width: Some(WIDTH),
            ..Options::default()
        }
    }

    fn words(&self) -> Vec<&str> {
        [&self.measure, &self.estimator, &self.time, &self.order, &self.given]
            .into_iter()
            .flatten()
            .map(String::as_str)
            .collect()
    }
}

/// One choice of a figure for each way its measure was taken.
fn choices(id: &str, rows: &[Row]) -> Vec<Choice> {
    match id {
        "plane" | "mi-time" => {
            estimators(rows).into_iter().map(|estimator| Choice { estimator, ..Choice::default() }).collect()
        }
        "te-time" => places(rows, &["te", "coupling", "tie"]),
        "te-heat" | "te-plane" => {
            places(rows, &["te", "coupling", "tie"]).into_iter().filter(|choice| choice.given.is_none()).collect()
        }
        "te-phase" => places(rows, &["te"]).into_iter().take(1).collect(),
        _ => vec![Choice::default()],
    }
}

/// The estimators of I(X;T) that a page shows: of each kind its default choice, not every scale of a sweep.
fn estimators(rows: &[Row]) -> Vec<Option<String>> {
    let specs = rows.iter().filter(|row| row.measure == "i_xt").map(|row| row.estimator.as_str());
    let kinds = distinct(specs.map(|spec| spec.split(':').next().unwrap_or(spec)));
    kinds.into_iter().map(|kind| Some(kind.to_owned())).collect()
}

/// Measure, time axis, order and driver, each combination that some row has.
fn places(rows: &[Row], measures: &[&str]) -> Vec<Choice> {
    let mut found: Vec<Choice> = Vec::new();
    for measure in measures {
        for row in rows.iter().filter(|row| row.measure == *measure && row.source.is_some()) {
            let choice = Choice {
                measure: Some((*measure).to_owned()),
                time: row.time.clone(),
                order: row.order.clone(),
                given: row.given.clone(),
                ..Choice::default()
            };
            if !found.contains(&choice) {
                found.push(choice);
            }
        }
    }
    found
}

/// A figure's card; nothing where the rows hold nothing to draw.
fn card(network: &str, figure: &Figure, data: &Data<'_>, choice: &Choice) -> Option<String> {
    let drawing = (figure.draw)(data, &choice.options()).ok()?;
    let id = anchor(&[&[network, figure.id], choice.words().as_slice()].concat().join(" "));
    Some(format!(
        "<figure id=\"{id}\">\n<div class=card>{}</div>\n<figcaption><b>{}</b> {} <span class=quiet>{}</span></figcaption>\n{}</figure>\n",
        drawing.svg(),
        escape(&drawing.title),
        escape(&drawing.summary),
        escape(figure.summary),
        numbers(&drawing)
    ))
}

/// The numbers drawn, thinned where they are many.
fn numbers(drawing: &Drawing) -> String {
    let all = drawing.table();
    let Some((header, rows)) = all.split_first() else { return String::new() };
    let every = rows.len().div_ceil(TABLE_ROWS).max(1);
    let shown: Vec<Vec<String>> = rows.iter().step_by(every).cloned().collect();
    let note = match every {
        1 => String::new(),
        _ => {
            paragraph(&format!("Every {every}th row of {}; `infoplane runs show FOLDER --rows` gives all.", rows.len()))
        }
    };
    details("Numbers", &(table(&drawing.title, header, &shown) + &note))
}
