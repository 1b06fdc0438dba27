//! `te-units`: unit × unit of one layer pair, hatched where not significant; of many units, framed where significant.

use crate::matrix::{Cell, Matrix, STARS};
use crate::sheet::Sheet;
use crate::tabulate::{header, number};
use crate::{Data, Drawing, FigureError, Options, Result, UnitMatrix, tabulate, text};

pub(crate) fn draw(data: &Data, options: &Options) -> Result<Drawing> {
    let units = data.units.filter(|units| !units.value.is_empty()).ok_or_else(|| {
        let missing = "the unit matrix of a layer pair".to_owned();
        let measures = crate::data::distinct(data.rows.iter().map(|row| row.measure.as_str()));
        FigureError::NothingToDraw { figure: "te-units", missing, available: measures }
    })?;
    check(units)?;
    let cell = |(i, value): (usize, &f64)| match value.is_finite() {
        true => Cell::Value { value: *value, q: q(units, i) },
        false => Cell::Blank,
    };
    let name = |units: &[u32]| units.iter().map(u32::to_string).collect::<Vec<_>>();
    let matrix = Matrix {
        sources: name(&units.source_units),
        targets: name(&units.target_units),
        cells: units.value.iter().enumerate().map(cell).collect(),
    };
    let symbol = symbol(units);
    let title =
        format!("{symbol}, units of {} → {}, epoch {}", units.source, units.target, tabulate::number(units.epoch));
    let mut sheet = Sheet::new(&title, &told(units), options)?;
    sheet.note(&significant(units));
    let (down, across) = (format!("unit of {}", units.source), format!("unit of {}", units.target));
    let unit = if units.measure == "tie" { "" } else { " (bits)" };
    let (significance, starred) = (matrix.significance(&sheet), matrix.has_stars(&sheet));
    matrix.draw(&mut sheet, (&down, &across), &format!("{symbol}{unit}"), 0.0);
    if units.q.is_some() {
        sheet.key(&[significance]);
    }
    if starred {
        sheet.note(STARS);
    }
    let largest = text::short(matrix.largest());
    let summary = format!("{title}, of {}: {}; largest {largest}.", told(units), significant(units));
    Ok(sheet.finish(summary, table(units)))
}

fn check(units: &UnitMatrix) -> Result<()> {
    let want = units.source_units.len() * units.target_units.len();
    let arrays = [("value", Some(&units.value)), ("p", units.p.as_ref()), ("q", units.q.as_ref())];
    match arrays.into_iter().find_map(|(field, array)| array.filter(|a| a.len() != want).map(|a| (field, a.len()))) {
        None => Ok(()),
        Some((field, got)) => {
            let pair = format!("{} → {}", units.source, units.target);
            Err(FigureError::Matrix { pair, field, got, want })
        }
    }
}

fn q(units: &UnitMatrix, i: usize) -> Option<f64> {
    units.q.as_ref().map(|q| q[i])
}

fn symbol(units: &UnitMatrix) -> &'static str {
    match units.measure.as_str() {
        "coupling" => "coupling",
        "tie" => "TIE",
        _ => "TE",
    }
}

fn told(units: &UnitMatrix) -> String {
    let order = units.order.as_ref().map(|order| format!(" · order {order}")).unwrap_or_default();
    let given = units.given.as_ref().map(|given| format!(" · given {given}")).unwrap_or_default();
    let n = units.n.map(|n| format!(" · N = {n}")).unwrap_or_default();
    format!("{} · time axis {}{order}{given}{n}", units.run, units.time)
}

/// `significant: 31 of 64 unit pairs (48 %), q < .05`.
fn significant(units: &UnitMatrix) -> String {
    let pairs = units.value.len();
    match &units.q {
        None => format!("{pairs} unit pairs, untested"),
        Some(q) => {
            let count = q.iter().filter(|q| **q < 0.05).count();
            let share = 100.0 * count as f64 / pairs as f64;
            format!("significant: {count} of {pairs} unit pairs ({share:.0} %), q < .05")
        }
    }
}

fn table(units: &UnitMatrix) -> Vec<Vec<String>> {
    let at = |array: &Option<Vec<f64>>, i: usize| array.as_ref().map(|a| number(a[i])).unwrap_or_default();
    let line = |i: usize| {
        let (source, target) = (i / units.target_units.len(), i % units.target_units.len());
        let names = [units.source_units[source], units.target_units[target]].map(|unit| unit.to_string());
        names.into_iter().chain([number(units.value[i]), at(&units.p, i), at(&units.q, i)]).collect()
    };
    std::iter::once(header(&["source_unit", "target_unit", "value", "p", "q"]))
        .chain((0..units.value.len()).map(line))
        .collect()
}
