//! The records as they are stored, and the data they were made from.

use std::fs;
use std::path::{Path, PathBuf};

use infoplane_measures::Samples;
use serde_json::{Map, Value};

/// One number (or a few) that another tool printed.
pub(crate) struct Record {
    /// Its line in `records.json`, from 0.
    pub(crate) id: usize,
    pub(crate) tool: String,
    pub(crate) measure: String,
    pub(crate) estimator: String,
    pub(crate) inputs: Vec<String>,
    pub(crate) params: Map<String, Value>,
    pub(crate) units: String,
    /// What the tool printed, in its unit; NaN where it printed that.
    pub(crate) values: Vec<f64>,
}

impl Record {
    fn new(id: usize, fields: &Value) -> Self {
        let text = |key: &str| fields[key].as_str().unwrap().to_owned();
        Self {
            id,
            tool: text("tool"),
            measure: text("measure"),
            estimator: text("estimator"),
            inputs: fields["inputs"].as_array().unwrap().iter().map(|name| name.as_str().unwrap().to_owned()).collect(),
            params: fields["params"].as_object().unwrap().clone(),
            units: text("units"),
            values: numbers(&fields["value"]),
        }
    }

    /// The measure without what is said about it: `TE`, `CTE`, `MI`, `CMI`, `AIS`, `H`.
    pub(crate) fn role(&self) -> &str {
        self.measure.split(' ').next().unwrap()
    }

    /// Whether the values are the local terms of the first rows.
    pub(crate) fn is_local(&self) -> bool {
        self.measure.contains("local")
    }

    pub(crate) fn flag(&self, key: &str) -> bool {
        self.params.get(key).and_then(Value::as_bool).unwrap_or(false)
    }

    pub(crate) fn number(&self, key: &str) -> Option<f64> {
        self.params.get(key).and_then(Value::as_f64)
    }

    /// The first of these parameters that the record has; tools name the same thing differently.
    pub(crate) fn size(&self, keys: &[&str], default: usize) -> usize {
        keys.iter().find_map(|key| self.params.get(*key)?.as_u64()).map_or(default, |size| size as usize)
    }

    /// Nats in its unit; a probability has none.
    pub(crate) fn nats(&self) -> f64 {
        if self.units == "bits" { std::f64::consts::LN_2 } else { 1.0 }
    }

    /// The variables, by name.
    pub(crate) fn samples(&self) -> Vec<Samples<'static>> {
        self.inputs.iter().map(|name| samples(name)).collect()
    }

    pub(crate) fn summary(&self) -> String {
        let params: Vec<String> = self.params.iter().map(|(key, value)| format!("{key}={value}")).collect();
        let inputs = self.inputs.join(", ");
        format!("#{} {} {} {} ({inputs}) {}", self.id, self.tool, self.measure, self.estimator, params.join(" "))
    }
}

/// A number, a list of numbers, or the values of a surrogate distribution.
fn numbers(value: &Value) -> Vec<f64> {
    match value {
        Value::Array(items) => items.iter().flat_map(numbers).collect(),
        Value::Object(fields) => numbers(&fields["values"]),
        other => vec![other.as_f64().unwrap_or(f64::NAN)],
    }
}

/// Every record.
pub(crate) fn all() -> Vec<Record> {
    let text = fs::read_to_string(folder().join("records.json")).unwrap();
    let file: Value = serde_json::from_str(&text).unwrap();
    file["records"].as_array().unwrap().iter().enumerate().map(|(id, fields)| Record::new(id, fields)).collect()
}

/// `crates/infoplane-measures/golden`.
pub(crate) fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("golden")
}

/// `bin_xyz[:,1]` is column 1 of that file; whole numbers are symbols.
pub(crate) fn samples(name: &str) -> Samples<'static> {
    let (file, column) = match name.split_once("[:,") {
        Some((file, rest)) => (file, rest.trim_end_matches(']').parse::<usize>().ok()),
        None => (name, None),
    };
    let array = Array::read(file);
    match column {
        None if array.real => Samples::real(&array.values, array.columns).unwrap().into_owned(),
        _ => {
            let column = column.unwrap_or(0);
            let symbols: Vec<u32> = array.values.chunks(array.columns).map(|row| row[column] as u32).collect();
            Samples::symbols(&symbols, 1).unwrap().into_owned()
        }
    }
}

/// The orders in which one record reads the rows of its source.
pub(crate) fn orders(name: &str) -> Vec<Vec<u32>> {
    let array = Array::read(name);
    array.values.chunks(array.columns).map(|order| order.iter().map(|&row| row as u32).collect()).collect()
}

/// A `.npy` file of at most two dimensions, row-major.
struct Array {
    values: Vec<f64>,
    columns: usize,
    real: bool,
}

impl Array {
    fn read(name: &str) -> Self {
        let bytes = fs::read(folder().join(format!("{name}.npy"))).unwrap();
        let end = 10 + usize::from(u16::from_le_bytes([bytes[8], bytes[9]]));
        let header = std::str::from_utf8(&bytes[10..end]).unwrap();
        let quoted = |key: &str| header.split_once(key).unwrap().1;
        let kind = quoted("'descr': '").split('\'').next().unwrap();
        let shape = quoted("'shape': (").split(')').next().unwrap();
        let columns = shape.split(',').nth(1).and_then(|size| size.trim().parse().ok()).unwrap_or(1);
        let body = &bytes[end..];
        let values = match kind {
            "<f8" => body.chunks(8).map(|b| f64::from_le_bytes(b.try_into().unwrap())).collect(),
            "<u2" => body.chunks(2).map(|b| u16::from_le_bytes(b.try_into().unwrap()).into()).collect(),
            "|u1" => body.iter().map(|&b| b.into()).collect(),
            other => panic!("no reader for {other}"),
        };
        Self { values, columns, real: kind == "<f8" }
    }
}
