//! `te-heat`: source × target at one epoch, hatched where not significant, blank where there is no reading.

use infoplane_record::Row;

use super::plane::seeds;
use crate::choose::{self, Transfer};
use crate::matrix::{Cell, Matrix, STARS, mark, not_significant};
use crate::sheet::{Sample, Sheet};
use crate::{Data, Drawing, Options, Result, tabulate, text};

/// The colours reach at least to this many mean floors, so that bias alone stays pale.
const FLOORS: f64 = 4.0;

pub(crate) fn draw(data: &Data, options: &Options) -> Result<Drawing> {
    let mut transfer = choose::transfer("te-heat", data, options)?;
    let Some(epoch) = choose::epoch(&transfer.choice.rows, options.epoch) else {
        return Err(transfer.choice.nothing("rows with an epoch", data.rows));
    };
    let (taps, runs) = (transfer.taps(), transfer.choice.runs().len());
    transfer.choice.rows.retain(|row| row.epoch == Some(epoch));
    let matrix = matrix(&transfer, &taps);
    let told = format!("{} · {}{}", transfer.choice.network, transfer.told, seeds(runs));
    let title = format!("{} between layers, epoch {}", transfer.symbol(), tabulate::number(epoch));
    let mut sheet = Sheet::new(&title, &told, options)?;
    let floor = floor(&transfer);
    let told = floor.map(|floor| format!("; mean\u{a0}floor\u{a0}{}", text::printed(floor))).unwrap_or_default();
    let what = format!("mean {} over unit pairs{}{told}", transfer.symbol(), transfer.unit());
    let significance = matrix.significance(&sheet);
    matrix.draw(&mut sheet, ("source", "target"), &what, floor.map_or(0.0, |floor| FLOORS * floor));
    sheet.key(&key(&matrix, significance));
    sheet.note(&stars(&matrix, runs));
    let table = tabulate::pairs(transfer.choice.rows.iter().copied());
    Ok(sheet.finish(summary(&transfer, &matrix, epoch), table))
}

fn floor(transfer: &Transfer) -> Option<f64> {
    let floors: Vec<f64> = transfer.choice.rows.iter().filter_map(|row| row.floor).collect();
    (!floors.is_empty()).then(|| floors.iter().sum::<f64>() / floors.len() as f64)
}

fn matrix(transfer: &Transfer, taps: &[String]) -> Matrix {
    let pairs = transfer.pairs();
    let side = |own: &dyn Fn(&String) -> bool| taps.iter().filter(|tap| own(tap)).cloned().collect::<Vec<_>>();
    let sources = side(&|tap| pairs.iter().any(|(source, _)| source == tap));
    let targets = side(&|tap| pairs.iter().any(|(_, target)| target == tap));
    let at = |source: &String| {
        targets.iter().map(|target| cell(&transfer.pair(source, target).collect::<Vec<_>>())).collect::<Vec<_>>()
    };
    Matrix { cells: sources.iter().flat_map(at).collect(), sources, targets }
}

/// The mean over seeds (and windows), with the largest q: significant means in every seed.
fn cell(rows: &[&Row]) -> Cell {
    let rows_read: Vec<&&Row> = rows.iter().filter(|row| readable(row)).collect();
    if rows.is_empty() {
        return Cell::Absent;
    }
    if rows_read.is_empty() {
        return Cell::Blank;
    }
    let value = rows_read.iter().map(|row| row.value).sum::<f64>() / rows_read.len() as f64;
    let q = rows_read.iter().filter_map(|row| row.q.or(row.p)).reduce(f64::max);
    Cell::Value { value, q }
}

fn readable(row: &Row) -> bool {
    row.badge.as_deref() != Some("untestable") && row.value.is_finite()
}

fn key(matrix: &Matrix, significance: (Sample, String)) -> Vec<(Sample, String)> {
    let any = |is: &dyn Fn(&Cell) -> bool| matrix.cells.iter().any(is);
    let hatched = any(&|cell| matches!(cell, Cell::Value { q, .. } if not_significant(*q)));
    let mut key = Vec::new();
    key.extend(hatched.then_some(significance));
    key.extend(any(&|cell| *cell == Cell::Blank).then(|| (Sample::Blank, "N too small".to_owned())));
    key
}

fn stars(matrix: &Matrix, runs: usize) -> String {
    let tested = matrix.cells.iter().any(|cell| matches!(cell, Cell::Value { q: Some(_), .. }));
    let each = if runs > 1 { ", in every seed" } else { "" };
    match tested {
        true => format!("{STARS}{each}; no\u{a0}cell:\u{a0}not\u{a0}measured"),
        false => "untested: no null was computed; no cell: not measured".to_owned(),
    }
}

fn summary(transfer: &Transfer, matrix: &Matrix, epoch: f64) -> String {
    let cells = matrix.cells.iter().enumerate();
    let values =
        cells.filter_map(|(i, cell)| if let Cell::Value { value, q } = cell { Some((i, *value, *q)) } else { None });
    let values: Vec<(usize, f64, Option<f64>)> = values.collect();
    let significant = values.iter().filter(|(_, _, q)| q.is_some_and(|q| q < 0.05)).count();
    let largest = values.iter().max_by(|a, b| a.1.total_cmp(&b.1)).map(|(i, value, q)| {
        let (source, target) = (&matrix.sources[i / matrix.targets.len()], &matrix.targets[i % matrix.targets.len()]);
        format!("; largest {source} → {target} with {} ({})", text::short(*value), mark(*q))
    });
    format!(
        "{}{} between the layers of {} at epoch {}, {}: {significant} of {} pairs significant{}.",
        transfer.symbol(),
        transfer.unit(),
        transfer.choice.network,
        tabulate::number(epoch),
        transfer.told,
        values.len(),
        largest.unwrap_or_default()
    )
}
