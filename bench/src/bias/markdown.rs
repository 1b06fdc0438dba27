//! The tables as a document.

use std::fmt::Write;

use super::model::Model;
use super::summary::Summary;
use super::{Case, ROWS};

const DOCUMENT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/bias.md");
/// What stands above the tables.
const NOTES: &str = include_str!("notes.md");

pub(super) fn write(cases: &[Case], seeds: u64) -> Result<(), String> {
    let text = document(cases, seeds).map_err(|error| error.to_string())?;
    std::fs::write(DOCUMENT, text).map_err(|error| format!("{DOCUMENT}: {error}"))
}

fn document(cases: &[Case], seeds: u64) -> Result<String, std::fmt::Error> {
    let mut text = NOTES.replace("{seeds}", &seeds.to_string());
    for slice in cases.chunks(ROWS.len()) {
        let (model, truth) = (slice[0].model, slice[0].truth);
        let cells = model.alphabet.pow(3);
        write!(text, "\n## {}: truth {:.2} millinats, {cells} cells\n\n", title(model), 1e3 * truth)?;
        biases(&mut text, slice)?;
        text.push('\n');
        best(&mut text, slice)?;
    }
    text.push_str("\n## Share of independent series called dependent at 0.05\n");
    for slice in cases.chunks(ROWS.len()).filter(|slice| !slice[0].model.coupled) {
        write!(text, "\n{} symbols\n\n", slice[0].model.alphabet)?;
        rejections(&mut text, slice)?;
    }
    Ok(text)
}

fn title(model: Model) -> String {
    let name = model.name();
    name[..1].to_uppercase() + &name[1..]
}

fn heading(text: &mut String, first: &str) -> std::fmt::Result {
    let rows: Vec<String> = ROWS.iter().map(usize::to_string).collect();
    writeln!(text, "| {first} | {} |\n|---|{}", rows.join(" | "), "---|".repeat(ROWS.len()))
}

fn row(text: &mut String, name: &str, cells: impl Iterator<Item = String>) -> std::fmt::Result {
    writeln!(text, "| {name} | {} |", cells.collect::<Vec<_>>().join(" | "))
}

fn biases(text: &mut String, cases: &[Case]) -> std::fmt::Result {
    heading(text, "bias ± sd, millinats; N =")?;
    let shown = |summary: &Summary| format!("{} ± {:.1}", signed(1e3 * summary.bias), 1e3 * summary.sd);
    for (place, (name, _)) in cases[0].methods.iter().enumerate() {
        row(text, name, cases.iter().map(|case| shown(&case.methods[place].1)))?;
    }
    Ok(())
}

/// One digit after the point, and no −0.
fn signed(number: f64) -> String {
    format!("{:.1}", (10.0 * number).round() / 10.0 + 0.0)
}

/// Who is nearest to the truth.
fn best(text: &mut String, cases: &[Case]) -> std::fmt::Result {
    heading(text, "N =")?;
    row(text, "no bias to be seen", cases.iter().map(unbiased))?;
    row(text, "least bias", cases.iter().map(|case| least(case, |summary| summary.bias.abs())))?;
    row(text, "least error (bias and scatter)", cases.iter().map(|case| least(case, Summary::rmse)))
}

/// How many methods have a bias within two standard errors of 0.
fn unbiased(case: &Case) -> String {
    let within = |summary: &Summary| summary.bias.abs() < 2.0 * summary.error();
    format!("{} of {}", case.methods.iter().filter(|(_, summary)| within(summary)).count(), case.methods.len())
}

fn least(case: &Case, of: impl Fn(&Summary) -> f64) -> String {
    let best = case.methods.iter().min_by(|(_, a), (_, b)| of(a).total_cmp(&of(b)));
    best.map_or(String::new(), |(name, summary)| format!("{name} ({:.1})", 1e3 * of(summary)))
}

fn rejections(text: &mut String, cases: &[Case]) -> std::fmt::Result {
    heading(text, "test; N =")?;
    let shown = |share: Option<f64>| share.map_or(String::new(), |share| format!("{share:.3}"));
    row(text, "χ², no correction", cases.iter().map(|case| shown(case.methods[0].1.chi_square)))?;
    for (place, (name, _)) in cases[0].methods.iter().enumerate() {
        row(text, &format!("permutation, {name}"), cases.iter().map(|case| shown(case.methods[place].1.rejected)))?;
    }
    Ok(())
}
