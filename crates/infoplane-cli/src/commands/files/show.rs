//! Answers as lines to read, and as rows.

use infoplane::files::{Answer, Request};
use infoplane_record::Row;
use serde_json::{Map, Value};

use crate::args::Format;
use crate::failure::Failure;
use crate::output::{Table, aligned, print, short};

/// Rows in the other formats. Every row of a file says what was dropped and warned of, also where that is nothing.
pub(super) fn rows(answers: &[Answer], format: Format) -> Result<(), Failure> {
    let rows: Vec<Row> = answers.iter().map(|answer| answer.row.clone()).collect();
    if format == Format::Csv {
        return print(&infoplane_record::rows_to_csv(&rows));
    }
    let rows = rows.iter().map(object).collect::<Result<_, _>>()?;
    Table { columns: Row::COLUMNS.to_vec(), rows }.print(format, &[])
}

fn object(row: &Row) -> Result<Map<String, Value>, Failure> {
    match serde_json::to_value(row) {
        Ok(Value::Object(mut row)) => {
            row.entry("warnings").or_insert_with(|| Value::Array(Vec::new()));
            Ok(row)
        }
        Ok(_) | Err(_) => Err(Failure::new("IP0120", "a row does not read as an object")),
    }
}

/// One line for each estimate; of a scan over delays the strongest, unless `all` are wanted.
pub(super) fn lines(directions: &[Vec<Answer>], request: &Request, all: bool) -> String {
    let mut shown: Vec<&Answer> = Vec::new();
    for answers in directions {
        match all {
            true => shown.extend(answers),
            false => shown.extend(strongest(answers)),
        }
    }
    let tested = request.null.is_some() || shown.iter().any(|answer| answer.row.p.is_some());
    let cells: Vec<Vec<String>> = shown.iter().map(|answer| line(&answer.row, tested)).collect();
    let used: Vec<usize> = (0..WIDTH).filter(|&at| cells.iter().any(|line| !line[at].is_empty())).collect();
    let cells: Vec<Vec<String>> =
        cells.into_iter().map(|line| used.iter().map(|&at| line[at].clone()).collect()).collect();
    aligned(&cells, &vec![false; used.len()], "   ")
}

fn strongest(answers: &[Answer]) -> Option<&Answer> {
    answers.iter().reduce(|best, next| if next.row.value > best.row.value { next } else { best })
}

/// Cells of a line.
const WIDTH: usize = 9;

fn line(row: &Row, tested: bool) -> Vec<String> {
    let unit = match row.unit.as_str() {
        "bits" => " bit",
        "nats" => " nat",
        _ => "",
    };
    let some = |name: &str, value: Option<f64>| value.map_or(String::new(), |value| format!("{name} {}", short(value)));
    let p_name = if row.p_from.as_deref() == Some("analytic") { "p(analytic, independent rows)" } else { "p" };
    vec![
        variables(row),
        embedding(row),
        format!("{} {}{unit}", name_of(row), short(row.value)),
        some("floor", row.floor.filter(|_| row.null_mean.is_none())),
        some("null", row.null_mean),
        row.p.map_or(String::new(), |p| format!("{p_name} {}", probability(p))),
        row.q.map_or(String::new(), |q| {
            format!("p({}) {}", row.family.as_deref().map_or_else(String::new, searched), probability(q))
        }),
        if tested || row.measure.ends_with("te") { mark(row.q.or(row.p)).to_owned() } else { String::new() },
        format!("N {}", row.n),
    ]
}

/// An analytic p may be too small for a number; it is not 0.
fn probability(p: f64) -> String {
    if p > 0.0 { short(p) } else { "< 1e-300".to_owned() }
}

/// `max over 10 delays` in words.
fn searched(family: &str) -> String {
    let delays = family.rsplit(" over ").next().unwrap_or(family);
    format!("searched {delays}")
}

fn variables(row: &Row) -> String {
    let target = row.target.as_deref().unwrap_or_default();
    let arrow = if row.measure.ends_with("te") { "→" } else { "," };
    let first = row.source.as_deref().map_or(String::new(), |source| match arrow {
        "→" => format!("{source} → "),
        _ => format!("{source}, "),
    });
    let given = row.cond.as_deref().map_or(String::new(), |cond| format!(" | {cond}"));
    format!("{first}{target}{given}")
}

/// Delay and histories, as far as they are not the least there can be.
fn embedding(row: &Row) -> String {
    let part = |name: &str, value: Option<u32>, least: u32| {
        value.filter(|&value| value > least).map(|value| format!("{name} {value}"))
    };
    let parts = [
        part("delay", row.delay, 0),
        part("k", row.k, u32::from(row.measure != "ais")),
        part("l", row.l, 1),
        part("tau", row.target_tau, 1),
        part("source tau", row.source_tau, 1),
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join("  ")
}

fn name_of(row: &Row) -> String {
    let order = match row.params.get("order") {
        Some(Value::String(order)) => format!("_{order}"),
        order => order.and_then(Value::as_f64).map(|order| format!("_{order}")).unwrap_or_default(),
    };
    match row.params.get("family").and_then(Value::as_str) {
        Some("renyi") => format!("Rényi H{order}"),
        Some(_) => format!("Tsallis S{order}"),
        None if row.measure == "entropy" => "H".to_owned(),
        None => row.measure.to_uppercase(),
    }
}

/// The significance class of a number.
pub(super) fn mark(p: Option<f64>) -> &'static str {
    match p {
        None => "untested",
        Some(p) if p < 0.001 => "***",
        Some(p) if p < 0.01 => "**",
        Some(p) if p < 0.05 => "*",
        Some(_) => "n.s.",
    }
}
