//! Data sets: labelled rows of numbers, built in or read from files.

mod csv;
mod digits;
mod ib12;
mod idx;
mod labels;
mod npz;
mod scale;

use std::path::Path;

use infoplane_spec::{Entry, Spec, did_you_mean, find};
use sha2::{Digest, Sha256};

use crate::{DataConfig, Error, Result};

/// Labelled observations.
#[derive(Debug, Clone, PartialEq)]
pub struct Dataset {
    /// The canonical name of a built-in set, or the path as given.
    pub name: String,
    /// Inputs, row-major \[rows, features\].
    pub x: Vec<f32>,
    /// Number of columns.
    pub features: usize,
    /// Class of each row, below `classes`.
    pub y: Vec<u32>,
    /// Number of classes.
    pub classes: usize,
    /// The label each class had in the source, ascending.
    pub class_values: Vec<i64>,
    /// Range that all inputs lie in, where it is known.
    pub range: Option<(f64, f64)>,
    /// Where it comes from and how to cite it; empty for files.
    pub citation: &'static str,
}

/// Inputs and labels as the source has them.
#[derive(Debug, Clone, PartialEq)]
pub struct Raw {
    pub(crate) name: String,
    pub(crate) x: Vec<f32>,
    pub(crate) features: usize,
    pub(crate) columns: Option<Vec<String>>,
    pub(crate) y: Vec<i64>,
    /// Largest value of the format; the smallest is 0.
    pub(crate) largest: Option<f32>,
    pub(crate) citation: &'static str,
}

/// A built-in data set with its parameters.
pub trait DataSource {
    /// Makes the rows; `name` is the canonical spec.
    ///
    /// # Errors
    /// What the source refuses.
    fn rows(&self, name: String) -> Result<Raw>;
}

/// A file format.
pub struct Format {
    /// Its name.
    pub name: &'static str,
    /// One line.
    pub summary: &'static str,
    /// Whether a file of this name has this format.
    pub is: fn(&str) -> bool,
    read: fn(&DataConfig) -> Result<Raw>,
}

/// The built-in data sets.
pub const DATA_SETS: &[Entry<Box<dyn DataSource>>] = &[ib12::ENTRY, digits::ENTRY];

/// The file formats.
pub const FORMATS: &[Format] = &[idx::FORMAT, npz::FORMAT, csv::FORMAT];

impl Dataset {
    /// Reads what `[data]` names, checks it, and scales it.
    ///
    /// ```
    /// use infoplane_nets::{DataConfig, Dataset};
    ///
    /// let data = Dataset::load(&DataConfig::new("ib12"))?;
    /// assert_eq!((data.rows(), data.features, data.classes), (4096, 12, 2));
    /// # Ok::<(), infoplane_nets::Error>(())
    /// ```
    ///
    /// # Errors
    /// An unknown source, a file that cannot be read or is not what it promises, and inputs or labels that no
    /// network can learn from.
    pub fn load(config: &DataConfig) -> Result<Self> {
        let raw = source(config)?;
        raw.check()?;
        let (y, class_values) = labels::numbered(&raw)?;
        let (x, range) = scale::scaled(&raw, config.scale);
        let (name, features, citation) = (raw.name, raw.features, raw.citation);
        Ok(Self { name, x, features, y, classes: class_values.len(), class_values, range, citation })
    }

    /// SHA-256 of shape, inputs (f32, little-endian) and classes, as hexadecimal digits.
    pub fn digest(&self) -> String {
        let mut digest = Sha256::new();
        digest.update([self.rows() as u64, self.features as u64, self.classes as u64].map(u64::to_le_bytes).concat());
        self.x.chunks(4096).for_each(|x| digest.update(x.iter().flat_map(|x| x.to_le_bytes()).collect::<Vec<u8>>()));
        self.y.iter().for_each(|y| digest.update(y.to_le_bytes()));
        crate::training::hex(&digest.finalize())
    }

    /// Number of rows.
    pub fn rows(&self) -> usize {
        self.y.len()
    }

    /// The inputs of one row.
    pub fn row(&self, index: u32) -> &[f32] {
        let begin = index as usize * self.features;
        &self.x[begin..begin + self.features]
    }

    /// The inputs of some rows, one after the other.
    ///
    /// # Panics
    /// If an index is not below the number of rows.
    pub fn inputs(&self, rows: &[u32]) -> Vec<f32> {
        let mut inputs = Vec::with_capacity(rows.len() * self.features);
        for &row in rows {
            inputs.extend_from_slice(self.row(row));
        }
        inputs
    }

    /// The classes of some rows.
    ///
    /// # Panics
    /// If an index is not below the number of rows.
    pub fn labels(&self, rows: &[u32]) -> Vec<u32> {
        rows.iter().map(|&row| self.y[row as usize]).collect()
    }
}

/// A built-in name wins over a file of the same name, so that a stray file changes nothing.
fn source(config: &DataConfig) -> Result<Raw> {
    let spec = config.source.parse::<Spec>().ok();
    let spec = spec.filter(|spec| DATA_SETS.iter().any(|entry| entry.name == spec.name()));
    let format = FORMATS.iter().find(|format| (format.is)(&config.source));
    let format_name = format.filter(|_| spec.is_none()).map(|format| format.name);
    if config.labels.is_some() && format_name != Some("IDX") {
        return Err(Error::NoEffect { key: "data.labels", with: "an IDX file" });
    }
    if config.label.is_some() && format_name != Some("CSV") {
        return Err(Error::NoEffect { key: "data.label", with: "a CSV file" });
    }
    match (spec, format) {
        (Some(spec), _) => {
            let (source, name) = find("data set", DATA_SETS, &spec)?;
            source.rows(name)
        }
        (None, Some(format)) => (format.read)(config),
        (None, None) => Err(unknown(&config.source)),
    }
}

fn unknown(got: &str) -> Error {
    let names: Vec<&str> = DATA_SETS.iter().map(|entry| entry.name).collect();
    let formats: Vec<&str> = FORMATS.iter().map(|format| format.summary).collect();
    let hint = format!("{}; files: {}", did_you_mean(got, &names), formats.join(", "));
    Error::UnknownSource { got: got.to_owned(), hint }
}

impl Raw {
    fn rows(&self) -> usize {
        self.x.len().checked_div(self.features).unwrap_or(0)
    }

    /// The name of a column, as errors give it.
    fn column(&self, index: usize) -> String {
        match &self.columns {
            Some(names) => format!("`{}`", names[index]),
            None => index.to_string(),
        }
    }

    fn check(&self) -> Result<()> {
        let (path, rows) = (self.name.clone(), self.rows());
        if self.y.len() != rows {
            return Err(Error::LabelCount { path, labels: self.y.len(), rows });
        }
        if rows < 2 {
            return Err(Error::Empty { path, rows, features: self.features });
        }
        match self.x.iter().position(|value| !value.is_finite()) {
            Some(place) => Err(Error::NotFinite {
                path,
                row: place / self.features,
                column: self.column(place % self.features),
                got: self.x[place].into(),
            }),
            None => Ok(()),
        }
    }
}

/// Reads a whole file, unpacked if it is gzip.
fn read_bytes(path: &str) -> Result<Vec<u8>> {
    let failed = |error: std::io::Error| Error::Read { path: path.to_owned(), why: error.to_string() };
    let bytes = std::fs::read(path).map_err(failed)?;
    if !bytes.starts_with(&[0x1f, 0x8b]) {
        return Ok(bytes);
    }
    unzipped(&bytes).map_err(failed)
}

fn unzipped(bytes: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut unpacked = Vec::new();
    std::io::Read::read_to_end(&mut flate2::read::GzDecoder::new(bytes), &mut unpacked)?;
    Ok(unpacked)
}

/// Whether the file's name ends in `.extension`, in whatever case.
fn has_extension(source: &str, extension: &str) -> bool {
    Path::new(source).extension().is_some_and(|found| found.eq_ignore_ascii_case(extension))
}
