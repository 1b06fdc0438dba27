//! Columns of people's own files: CSV and other text, Parquet, NPY, NPZ.
//!
//! | file | columns |
//! |---|---|
//! | text | separated by tabs, semicolons, commas or blanks, whichever divides every line alike; names from the first line, if its cells are no numbers, else from a comment `# a b c` above; lines that begin with `#` are left out |
//! | Parquet | the flat columns, by name |
//! | NPY | `[T]`: column 0; `[T, D]`: columns 0 … D − 1; `[R, T, D]`: the same with R trials |
//! | NPZ | each array: `a`, or `a[0]` …, which together are `a` |
//!
//! The format is told by the first bytes, then by the name. An empty cell, `NaN`, `NA`, `N/A`, `null` or `None` is
//! missing: NaN here. A column of text gets a number for each word, in alphabetical order. Rows and columns count from
//! 0, lines of a file from 1.
//!
//! ```
//! use infoplane_record::table::{Header, Table};
//!
//! let table = Table::from_bytes("heart.csv", b"breath,heart,state\n0.1,62,wake\n0.2,,rem\n", Header::Auto)?;
//! assert_eq!(table.find("heart,breath")?, [1, 0]);
//! let values = table.numbers(&table.find("0..1")?, 0..table.rows(&[0])?)?;
//! assert_eq!(values[..3], [0.1, 62.0, 0.2]);
//! assert!(values[3].is_nan());
//! assert!(table.find("heat").unwrap_err().to_string().contains("no column `heat`"));
//! # Ok::<(), infoplane_record::RecordError>(())
//! ```

mod arrays;
mod columns;
mod find;
#[cfg(feature = "parquet")]
mod parquet;
mod text;
mod values;

use std::path::Path;

pub use columns::{Cells, Column};
pub use text::Header;

use crate::{RecordError, Result};

/// What a file holds, column by column. Arrays of an `.npz` may have different lengths; those used together may not.
#[derive(Debug, Clone, PartialEq)]
pub struct Table {
    /// The file, as named in errors.
    name: String,
    columns: Vec<Column>,
    /// Parts of the file that cannot be columns, each with the reason.
    unread: Vec<(String, String)>,
    /// Trial of each row, where the file itself says so.
    trials: Option<Vec<u32>>,
    /// Line of each row, in a text.
    lines: Option<Vec<u32>>,
}

impl Table {
    /// Reads a file.
    ///
    /// # Errors
    /// [`RecordError::NoFile`], or [`RecordError::Table`] naming line and column.
    pub fn read(path: &Path, header: Header) -> Result<Self> {
        let name = path.display().to_string();
        let refused = |source| RecordError::NoFile { path: path.to_owned(), source };
        if std::fs::metadata(path).map_err(refused)?.is_dir() {
            return Err(refused(std::io::ErrorKind::IsADirectory.into()));
        }
        Self::from_bytes(&name, &std::fs::read(path).map_err(refused)?, header)
    }

    /// Reads the bytes of a file; `name` stands in errors, and its extension helps where the bytes do not tell.
    ///
    /// # Errors
    /// As [`Table::read`].
    pub fn from_bytes(name: &str, bytes: &[u8], header: Header) -> Result<Self> {
        let table = match Format::of(name, bytes) {
            Format::Npy => arrays::from_npy(name, bytes)?,
            Format::Npz => arrays::from_npz(name, bytes)?,
            Format::Parquet => read_parquet(name, bytes)?,
            Format::Text => text::read(name, bytes, header)?,
        };
        match header {
            Header::Auto => Ok(table),
            _ if table.lines.is_some() => Ok(table),
            _ => Err(RecordError::table(
                name,
                "a header line is a matter of text files; this one names its columns itself",
            )),
        }
    }

    /// The columns in order.
    pub fn columns(&self) -> &[Column] {
        &self.columns
    }

    /// Trial of each row where the file has an axis of trials (NPY `[R, T, D]`).
    pub fn trials(&self) -> Option<&[u32]> {
        self.trials.as_deref()
    }
}

/// How a file is read.
enum Format {
    Npy,
    Npz,
    Parquet,
    Text,
}

impl Format {
    fn of(name: &str, bytes: &[u8]) -> Self {
        let extension = Path::new(name).extension().map(|e| e.to_string_lossy().to_lowercase());
        match (bytes, extension.as_deref()) {
            ([0x93, b'N', b'U', b'M', b'P', b'Y', ..], _) => Self::Npy,
            ([b'P', b'K', 3 | 5, 4 | 6, ..], _) => Self::Npz,
            ([b'P', b'A', b'R', b'1', ..], _) => Self::Parquet,
            _ => Self::of_extension(extension.as_deref()),
        }
    }

    /// What the name promises: a file that does not keep it is refused by that format.
    fn of_extension(extension: Option<&str>) -> Self {
        match extension {
            Some("npy") => Self::Npy,
            Some("npz") => Self::Npz,
            Some("parquet") => Self::Parquet,
            _ => Self::Text,
        }
    }
}

#[cfg(feature = "parquet")]
fn read_parquet(name: &str, bytes: &[u8]) -> Result<Table> {
    parquet::read(name, bytes)
}

#[cfg(not(feature = "parquet"))]
fn read_parquet(name: &str, _: &[u8]) -> Result<Table> {
    Err(RecordError::table(name, "this build reads no Parquet: it was made without the feature `parquet`"))
}
