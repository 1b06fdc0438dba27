//! NPZ files of numpy with the arrays `x` \[rows, …\] and `y` \[rows\]; capital letters are accepted.

use std::path::Path;

use infoplane_record::NpyArray;
use infoplane_record::npz::read as read_npz;

use super::{Format, Raw, has_extension, labels::whole};
use crate::{DataConfig, Error, Result};

pub(super) const FORMAT: Format =
    Format { name: "NPZ", summary: "NPZ (`.npz` with x and y)", is: |source| has_extension(source, "npz"), read };

fn read(config: &DataConfig) -> Result<Raw> {
    let name = config.source.clone();
    if !Path::new(&name).is_file() {
        return Err(Error::Read { path: name, why: "there is no such file".to_owned() });
    }
    let refuse = |found: String| Error::Format { path: name.clone(), format: "NPZ", found };
    let arrays = read_npz(Path::new(&name)).map_err(|error| refuse(error.to_string()))?;
    let (x, y) = (array(&name, &arrays, "x")?, array(&name, &arrays, "y")?);
    let (Some(&rows), features) = (x.shape.first(), x.shape.iter().skip(1).product()) else {
        return Err(shape(&name, "x", x, "[rows, features]"));
    };
    if x.shape.len() < 2 || features == 0 {
        return Err(shape(&name, "x", x, "[rows, features]"));
    }
    if y.shape.iter().product::<usize>() != y.shape.first().copied().unwrap_or(0) {
        return Err(shape(&name, "y", y, "[rows]"));
    }
    let y = labels(&name, y)?;
    if y.len() != rows {
        return Err(Error::LabelCount { path: name, labels: y.len(), rows });
    }
    Ok(Raw { x: x.to_f32(), name, features, columns: None, y, largest: None, citation: "" })
}

fn array<'a>(path: &str, arrays: &'a [(String, NpyArray)], name: &str) -> Result<&'a NpyArray> {
    let found = arrays.iter().find(|(found, _)| found.eq_ignore_ascii_case(name));
    found.map(|(_, array)| array).ok_or_else(|| {
        let present: Vec<&str> = arrays.iter().map(|(name, _)| name.as_str()).collect();
        Error::Missing { path: path.to_owned(), what: "array", name: name.to_owned(), present: present.join(", ") }
    })
}

fn shape(path: &str, name: &str, array: &NpyArray, expected: &'static str) -> Error {
    Error::Shape { path: path.to_owned(), name: name.to_owned(), found: array.shape.clone(), expected }
}

fn labels(path: &str, y: &NpyArray) -> Result<Vec<i64>> {
    let label = |(row, value): (usize, f64)| {
        whole(value).ok_or_else(|| Error::Label { path: path.to_owned(), row, got: value.to_string() })
    };
    y.to_f64().into_iter().enumerate().map(label).collect()
}
