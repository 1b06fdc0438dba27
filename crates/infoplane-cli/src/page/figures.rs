//! The figures of each network, with caption, summary and the numbers drawn.

use infoplane::figures::{Data, Drawing, FIGURES, Figure, Options, figure, network_of, networks};
use infoplane_record::Row;

use super::compact::compact;
use super::html::{anchor, details, escape, paragraph, table};
use super::{Report, distinct, short_name};

/// Width of a drawing in CSS pixels. Its letters are then 10 px, and at least 12 px as shown: the page stretches it to
/// 336 px on the narrowest phone.
const WIDTH: f64 = 280.0;

/// Rows of a figure's table beyond which every second, third … is shown, to keep the page small.
const TABLE_ROWS: usize = 48;

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
    format!("<h3>{}</h3>\n<div class=figures>\n{}</div>\n", escape(short_name(network)), cards.concat())
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

    /// Where it was measured, in words; the title names the measure.
    fn place(&self) -> String {
        let order = self.order.as_ref().map(|order| format!("{order} order"));
        let given = self.given.as_ref().map(|given| format!("given {given}"));
        let parts = [self.estimator.clone(), self.time.clone(), order, given];
        parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
    }

    fn words(&self) -> Vec<&str> {
        [&self.measure, &self.estimator, &self.time, &self.order, &self.given]
            .into_iter()
            .flatten()
            .map(String::as_str)
            .collect()
    }
}

/// The choices of a figure that a page shows, each way of measuring TE but only the plainest of coupling: coupling within
/// one forward pass hardly depends on the order.
fn choices(id: &str, rows: &[Row]) -> Vec<Choice> {
    let te = places(rows, "te");
    let others =
        ["coupling", "tie"].into_iter().filter_map(|measure| preferred(places(rows, measure), "probe", "shuffled"));
    match id {
        "plane" | "mi-time" => {
            estimators(rows).into_iter().map(|estimator| Choice { estimator, ..Choice::default() }).collect()
        }
        "te-time" => te.into_iter().chain(others).collect(),
        "te-heat" => te.into_iter().chain(others).filter(|choice| choice.given.is_none()).collect(),
        "te-plane" => preferred(te, "probe", "by-class").into_iter().collect(),
        "te-phase" => preferred(te, "samples", "shuffled").into_iter().collect(),
        _ => vec![Choice::default()],
    }
}

/// The choice on this axis in this order given nothing; else the first.
fn preferred(places: Vec<Choice>, time: &str, order: &str) -> Option<Choice> {
    let wanted = |place: &Choice| {
        place.time.as_deref() == Some(time) && place.order.as_deref() == Some(order) && place.given.is_none()
    };
    let at = places.iter().position(wanted).unwrap_or(0);
    places.into_iter().nth(at)
}

/// The estimators of I(X;T) that a page shows: of each kind the finest scale at which most layers can still be read, for
/// coarser ones merge what differs and finer ones only count rows.
fn estimators(rows: &[Row]) -> Vec<Option<String>> {
    let last = rows.iter().filter(|row| row.measure == "i_xt").filter_map(|row| row.step).max();
    let rows: Vec<&Row> = rows.iter().filter(|row| row.measure == "i_xt" && row.step == last).collect();
    let specs = distinct(rows.iter().map(|row| row.estimator.as_str()));
    let kinds = distinct(specs.iter().map(|spec| kind(spec)));
    let of_kind = |kind_wanted: &str| {
        let mut specs: Vec<&str> = specs.iter().copied().filter(|spec| kind(spec) == kind_wanted).collect();
        specs.sort_by(|a, b| scale(a).total_cmp(&scale(b)));
        specs.iter().find(|spec| is_readable(&rows, spec)).or(specs.last()).map(|spec| (*spec).to_owned())
    };
    kinds.into_iter().map(of_kind).collect()
}

fn kind(spec: &str) -> &str {
    spec.split(':').next().unwrap_or(spec)
}

/// The first number of a spec: width of a cell, variance of the noise.
fn scale(spec: &str) -> f64 {
    let number = spec.split([':', '=', ',']).find_map(|part| part.parse().ok());
    number.unwrap_or(0.0)
}

fn is_readable(rows: &[&Row], estimator: &str) -> bool {
    let of_estimator = || rows.iter().filter(|row| row.estimator == estimator);
    let full = of_estimator().filter(|row| row.badge.as_deref() == Some("at-ceiling")).count();
    2 * full <= of_estimator().count()
}

/// Time axis, order and driver of a measure, each combination that some row has.
fn places(rows: &[Row], measure: &str) -> Vec<Choice> {
    let mut found: Vec<Choice> = Vec::new();
    for row in rows.iter().filter(|row| row.measure == measure && row.source.is_some()) {
        let choice = Choice {
            measure: Some(measure.to_owned()),
            time: row.time.clone(),
            order: row.order.clone(),
            given: row.given.clone(),
            ..Choice::default()
        };
        if !found.contains(&choice) {
            found.push(choice);
        }
    }
    found
}

/// A figure's card; nothing where the rows hold nothing to draw.
fn card(network: &str, figure: &Figure, data: &Data<'_>, choice: &Choice) -> Option<String> {
    let drawing = (figure.draw)(data, &choice.options()).ok()?;
    let id = anchor(&[&[network, figure.id], choice.words().as_slice()].concat().join(" "));
    let place = choice.place();
    let place = if place.is_empty() { place } else { format!(": {place}.") };
    Some(format!(
        "<figure id=\"{id}\">\n<div class=card>{}</div>\n<figcaption><b>{}</b>{} <span class=quiet>{}</span></figcaption>\n{}</figure>\n",
        compact(&drawing.svg()),
        escape(&drawing.title),
        escape(&place),
        escape(figure.summary),
        details("In words and numbers", &(paragraph(&drawing.summary) + &numbers(&drawing)))
    ))
}

/// The numbers drawn, thinned where they are many; what is the same in every row is said once.
fn numbers(drawing: &Drawing) -> String {
    let all = drawing.table();
    let Some((header, rows)) = all.split_first() else { return String::new() };
    let (varying, same): (Vec<usize>, Vec<usize>) =
        (0..header.len()).partition(|&at| rows.iter().any(|row| row.get(at) != rows[0].get(at)));
    let every = rows.len().div_ceil(TABLE_ROWS).max(1);
    let cells = |row: &Vec<String>| varying.iter().map(|&at| row.get(at).cloned().unwrap_or_default()).collect();
    let shown: Vec<Vec<String>> = rows.iter().step_by(every).map(cells).collect();
    let constant = same.into_iter().filter_map(|at| Some((&header[at], rows.first()?.get(at)?)));
    let constant = constant.filter(|(_, value)| !value.is_empty()).map(|(name, value)| format!("{name} {value}"));
    let mut notes: Vec<String> = constant.collect();
    if every > 1 {
        notes.push(format!("every {every}th of {} rows", rows.len()));
    }
    table(&notes.join(" · "), &cells(header), &shown)
}
