//! CSV files: a header line, one column of labels that `data.label` names, and numbers in all others.

use super::{Format, Raw, has_extension, labels::whole, read_bytes};
use crate::{DataConfig, Error, Result};

pub(super) const FORMAT: Format =
    Format { name: "CSV", summary: "CSV (`.csv`, with `label`)", is: |source| has_extension(source, "csv"), read };

fn read(config: &DataConfig) -> Result<Raw> {
    let path = &config.source;
    let bytes = read_bytes(path)?;
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(bytes.as_slice());
    let refuse = |error: &csv::Error| Error::Format { path: path.clone(), format: "CSV", found: error.to_string() };
    let mut columns: Vec<String> = reader.headers().map_err(|e| refuse(&e))?.iter().map(str::to_owned).collect();
    let label = label_column(config, &columns)?;
    columns.remove(label);
    let (mut x, mut y) = (Vec::new(), Vec::new());
    for (row, record) in reader.records().enumerate() {
        let record = record.map_err(|e| refuse(&e))?;
        for (column, cell) in record.iter().enumerate() {
            if column == label {
                y.push(label_of(path, row, cell)?);
            } else {
                let name = &columns[column - usize::from(column > label)];
                x.push(number(path, row, name, cell)?);
            }
        }
    }
    let (name, features) = (path.clone(), columns.len());
    if y.is_empty() || features == 0 {
        return Err(Error::Empty { path: name, rows: y.len(), features });
    }
    Ok(Raw { name, x, features, columns: Some(columns), y, largest: None, citation: "" })
}

fn label_column(config: &DataConfig, columns: &[String]) -> Result<usize> {
    let path = config.source.clone();
    let present = columns.join(", ");
    let Some(name) = &config.label else {
        return Err(Error::LabelUnnamed { path, present });
    };
    let place = columns.iter().position(|column| column == name);
    place.ok_or_else(|| Error::Missing { path, what: "column", name: name.clone(), present })
}

fn label_of(path: &str, row: usize, cell: &str) -> Result<i64> {
    let label = cell.parse().ok().and_then(whole);
    label.ok_or_else(|| Error::Label { path: path.to_owned(), row, got: cell.to_owned() })
}

fn number(path: &str, row: usize, column: &str, cell: &str) -> Result<f32> {
    let column = || format!("`{column}`");
    cell.parse().map_err(|_| Error::NotANumber { path: path.to_owned(), row, column: column(), got: cell.to_owned() })
}
