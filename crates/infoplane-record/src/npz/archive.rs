//! Arrays in and out of a zip archive.

use std::io::{Cursor, Read, Seek, Write};
use std::path::Path;

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipArchive, ZipWriter};

use super::array::NpyArray;
use super::npy::{decode, encode};
use crate::{RecordError, Result};

/// Names and arrays in the order of the file.
type Arrays = Vec<(String, NpyArray)>;

/// No file unpacks to more than this.
const MOST_BYTES: u64 = 4 << 30;
/// Up to this size, any share of zeros is believed.
const FREE_BYTES: u64 = 256 << 20;
/// Beyond it, a file unpacks to at most this many times its own size; deflate itself ends at 1032.
const MOST_RATIO: u64 = 200;

/// Reads every array of a `.npz` file.
///
/// # Errors
/// [`RecordError::Io`], [`RecordError::Npz`] or [`RecordError::NpzForm`], naming file and array.
pub fn read(path: &Path) -> Result<Arrays> {
    let info = std::fs::metadata(path).map_err(RecordError::io("open", path))?;
    if !info.is_file() {
        // Opening a pipe would wait for ever.
        return Err(RecordError::damaged(path, "it is no regular file"));
    }
    let file = std::fs::File::open(path).map_err(RecordError::io("open", path))?;
    read_from(std::io::BufReader::new(file), info.len()).map_err(|error| error.at(path))
}

/// Reads every array of the bytes of a `.npz` file.
///
/// # Errors
/// [`RecordError::Npz`] or [`RecordError::NpzForm`], naming the array.
pub fn read_bytes(bytes: &[u8]) -> Result<Arrays> {
    read_from(Cursor::new(bytes), bytes.len() as u64)
}

/// The bytes of a `.npz` file with these arrays, in this order, stored as they are: symbols and matrices of floats
/// hardly shrink, and deflating them would take longer than recording them.
///
/// # Errors
/// [`RecordError::Npz`] if an array's shape does not hold its numbers, or a name stands twice.
pub fn write_bytes(arrays: &[(String, NpyArray)]) -> Result<Vec<u8>> {
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Stored)
        .last_modified_time(DateTime::DEFAULT)
        .unix_permissions(0o644);
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, array) in arrays {
        array.check(name)?;
        let bytes = encode(array);
        let options = options.large_file(bytes.len() as u64 >= u64::from(u32::MAX));
        zip.start_file(format!("{name}.npy"), options).map_err(|error| broken(name, &error))?;
        zip.write_all(&bytes).map_err(|error| broken(name, &error))?;
    }
    Ok(zip.finish().map_err(|error| broken("", &error))?.into_inner())
}

fn read_from(reader: impl Read + Seek, size: u64) -> Result<Arrays> {
    each_from(reader, size)?.into_iter().map(|(name, array)| Ok((name, array?))).collect()
}

/// Every array of the bytes of a `.npz` file, or why it is not read: one bad array spoils no other.
#[allow(clippy::type_complexity, reason = "a list of names with what each holds")]
pub(crate) fn read_each(bytes: &[u8]) -> Result<Vec<(String, Result<NpyArray>)>> {
    each_from(Cursor::new(bytes), bytes.len() as u64)
}

#[allow(clippy::type_complexity, reason = "a list of names with what each holds")]
fn each_from(reader: impl Read + Seek, size: u64) -> Result<Vec<(String, Result<NpyArray>)>> {
    let mut zip = ZipArchive::new(reader).map_err(|error| broken("", &error))?;
    let mut arrays = Vec::new();
    let mut budget = MOST_BYTES.min(FREE_BYTES.max(size.saturating_mul(MOST_RATIO)));
    for index in 0..zip.len() {
        let entry = zip.by_index(index).map_err(|error| broken("", &error))?;
        let name = entry.name().map_err(|error| broken("", &error))?.to_string();
        let Some(name) = name.strip_suffix(".npy").map(str::to_owned) else { continue };
        let claimed = entry.size();
        budget = budget.checked_sub(claimed).ok_or_else(|| {
            let why = format!("it would unpack to {claimed} bytes and more, out of a file of {size}");
            RecordError::Npz { path: None, array: name.clone(), why }
        })?;
        let array = decode(entry, claimed, &name);
        arrays.push((name, array));
    }
    Ok(arrays)
}

fn broken(array: &str, error: &dyn std::error::Error) -> RecordError {
    RecordError::Npz { path: None, array: array.to_owned(), why: error.to_string() }
}
