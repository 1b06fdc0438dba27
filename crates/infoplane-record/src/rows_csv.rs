//! Rows as CSV: the columns of [`Row::COLUMNS`], quoted as RFC 4180 wants it.
//!
//! A field that does not apply is empty; `params` is JSON text; lists are joined with `;`. Numbers carry the digits of
//! the JSON Lines, which read back to the same bits.
//!
//! ```
//! use infoplane_record::{Row, rows_to_csv};
//!
//! let row = Row { measure: "te".into(), estimator: "plugin".into(), value: 0.25, unit: "bits".into(), ..Row::default() };
//! let csv = rows_to_csv(&[row]);
//! let line = csv.lines().nth(1).unwrap_or_default();
//! assert!(csv.starts_with("run,seed,attempt,") && line.contains(",te,plugin,") && line.contains(",0.25,bits,"));
//! ```

use serde_json::Value;

use crate::Row;

/// A header and one line per row, each ended by a newline.
pub fn rows_to_csv(rows: &[Row]) -> String {
    let lines = rows.iter().map(row_to_csv);
    std::iter::once(csv_header()).chain(lines).map(|line| line + "\n").collect()
}

/// The names of the columns.
pub fn csv_header() -> String {
    Row::COLUMNS.join(",")
}

/// One row's line, without a newline.
pub fn row_to_csv(row: &Row) -> String {
    // A row has string keys only, so it always becomes an object.
    let object = serde_json::to_value(row).unwrap_or_default();
    let cells = Row::COLUMNS.iter().map(|column| object.get(column).map(cell).unwrap_or_default());
    cells.map(quoted).collect::<Vec<_>>().join(",")
}

fn cell(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Array(list) => list.iter().map(cell).collect::<Vec<_>>().join(";"),
        other => other.to_string(),
    }
}

fn quoted(cell: String) -> String {
    match cell.contains([',', '"', '\n', '\r']) {
        true => format!("\"{}\"", cell.replace('"', "\"\"")),
        false => cell,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_that_hold_separators_are_quoted() {
        let row = Row {
            run: Some("a,b \"c\"".into()),
            measure: "te".into(),
            warnings: vec!["IP0301".into(), "IP0305".into()],
            params: serde_json::from_str(r#"{"k":1}"#).unwrap(),
            value: 1e-300,
            ..Row::default()
        };
        let line = row_to_csv(&row);
        assert!(line.starts_with(r#""a,b ""c""","#), "{line}");
        assert!(line.contains(r#""{""k"":1}""#) && line.contains("IP0301;IP0305") && line.contains("1e-300"), "{line}");
    }

    #[test]
    fn every_field_is_a_column_in_its_place() {
        let mut full = Row { params: serde_json::from_str(r#"{"k":1}"#).unwrap(), ..Row::default() };
        full.warnings = vec!["IP0301".into()];
        let keys = |row: &Row| match serde_json::to_value(row) {
            Ok(Value::Object(map)) => map.keys().cloned().collect::<Vec<_>>(),
            other => panic!("{other:?}"),
        };
        let places = |row: &Row| -> Vec<usize> {
            let text = serde_json::to_string(row).unwrap();
            let mut keys = keys(row);
            keys.sort_by_key(|key| text.find(&format!("\"{key}\":")).unwrap());
            keys.iter().map(|key| Row::COLUMNS.iter().position(|column| column == key).unwrap()).collect()
        };
        assert!(places(&full).is_sorted());
    }
}
