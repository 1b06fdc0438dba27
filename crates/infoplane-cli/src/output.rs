//! Results on standard output: one table, four formats.

use serde_json::{Map, Value};

use crate::args::Format;
use crate::failure::Failure;

/// Columns in order, and one object a row; a value that does not apply is absent.
pub(crate) struct Table {
    pub(crate) columns: Vec<&'static str>,
    pub(crate) rows: Vec<Map<String, Value>>,
}

impl Table {
    /// Prints the table. For humans only `shown` columns are printed, those without any value left out.
    pub(crate) fn print(&self, format: Format, shown: &[&str]) -> Result<(), Failure> {
        let text = match format {
            Format::Human => self.human(shown),
            Format::Json => format!("[{}]\n", self.objects().collect::<Vec<_>>().join(",\n")),
            Format::Jsonl => self.objects().map(|row| row + "\n").collect(),
            Format::Csv => self.csv(),
        };
        print(&text)
    }

    /// Each row as JSON, its keys in the order of the columns, then what is no column.
    fn objects(&self) -> impl Iterator<Item = String> + '_ {
        let place = |key: &str| self.columns.iter().position(|column| *column == key).unwrap_or(self.columns.len());
        self.rows.iter().map(move |row| {
            let mut pairs: Vec<(&String, &Value)> = row.iter().collect();
            pairs.sort_by_key(|(key, _)| place(key));
            let pairs = pairs.into_iter().map(|(key, value)| format!("{}:{value}", Value::from(key.as_str())));
            format!("{{{}}}", pairs.collect::<Vec<_>>().join(","))
        })
    }

    fn human(&self, shown: &[&str]) -> String {
        let used: Vec<&str> =
            shown.iter().copied().filter(|column| self.rows.iter().any(|row| row.contains_key(*column))).collect();
        let cell = |row: &Map<String, Value>, column: &str| row.get(column).map_or(String::new(), readable);
        let mut lines = vec![used.iter().map(|column| (*column).to_owned()).collect::<Vec<_>>()];
        lines.extend(self.rows.iter().map(|row| used.iter().map(|column| cell(row, column)).collect()));
        let numeric = |at: usize| self.rows.iter().any(|row| row.get(used[at]).is_some_and(Value::is_number));
        let right: Vec<bool> = (0..used.len()).map(numeric).collect();
        aligned(&lines, &right, "  ")
    }

    fn csv(&self) -> String {
        let mut text = self.columns.join(",") + "\n";
        for row in &self.rows {
            let cells: Vec<String> = self.columns.iter().map(|&c| row.get(c).map_or(String::new(), csv_cell)).collect();
            text += &(cells.join(",") + "\n");
        }
        text
    }
}

/// Writes to standard output; a reader that closed the pipe (`| head`) is no failure.
pub(crate) fn print(text: &str) -> Result<(), Failure> {
    use std::io::{ErrorKind, Write, stdout};
    match stdout().write_all(text.as_bytes()).and_then(|()| stdout().flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            Err(Failure::new("IP0120", format!("standard output: {error}")))
        }
        _ => Ok(()),
    }
}

/// Writes a line to standard error; that nobody reads it is no reason to stop a training.
pub(crate) fn tell(line: &str) {
    use std::io::{Write, stderr};
    drop(writeln!(stderr(), "{line}"));
}

/// Lines of cells as columns with `gap` between them.
pub(crate) fn aligned(lines: &[Vec<String>], right: &[bool], gap: &str) -> String {
    let width = |at: usize| lines.iter().map(|line| line[at].chars().count()).max().unwrap_or(0);
    let widths: Vec<usize> = (0..right.len()).map(width).collect();
    let mut text = String::new();
    for line in lines {
        let cells = line.iter().zip(widths.iter().zip(right));
        let cells = cells.map(
            |(cell, (&width, &right))| {
                if right { format!("{cell:>width$}") } else { format!("{cell:<width$}") }
            },
        );
        text += cells.collect::<Vec<_>>().join(gap).trim_end();
        text.push('\n');
    }
    text
}

/// A value in words.
pub(crate) fn readable(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Number(number) if number.is_f64() => short(number.as_f64().unwrap_or(f64::NAN)),
        Value::Array(items) => items.iter().map(readable).collect::<Vec<_>>().join(" "),
        other => other.to_string(),
    }
}

/// A number in four digits, as a reader wants it.
pub(crate) fn short(x: f64) -> String {
    let size = x.abs();
    match size {
        _ if x == 0.0 || !x.is_finite() => format!("{x}"),
        _ if !(1e-3..1e5).contains(&size) => format!("{x:.2e}"),
        _ => {
            let digits = (3 - size.log10().floor() as i32).max(0) as usize;
            let text = format!("{x:.digits$}");
            if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
        }
    }
}

pub(crate) fn csv_cell(value: &Value) -> String {
    let text = match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Array(items) => items.iter().map(readable).collect::<Vec<_>>().join(" "),
        other => other.to_string(),
    };
    if text.contains([',', '"', '\n', '\r']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_keep_four_digits() {
        let shown = [0.0, 0.000_35, 0.012_345_6, 1.0, 11.999, 4096.0, 1e7].map(short);
        assert_eq!(shown, ["0", "3.50e-4", "0.01235", "1", "12", "4096", "1.00e7"]);
    }

    #[test]
    fn csv_quotes_what_needs_it() {
        assert_eq!(csv_cell(&Value::from("bins:cells=30,lo=-1")), "\"bins:cells=30,lo=-1\"");
        assert_eq!(csv_cell(&serde_json::json!({"k": 1})), "\"{\"\"k\"\":1}\"");
        assert_eq!(csv_cell(&serde_json::json!(["IP0301", "IP0313"])), "IP0301 IP0313");
    }
}
