//! Whole files: written under a temporary name, then renamed.

use std::fs;
use std::path::{Path, PathBuf};

use serde::Serialize;
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};

use super::manifest::{FileEntry, SCHEMA};
use crate::digest::hex;
use crate::{RecordError, Result};

/// Ending of a file that is not whole yet.
const UNFINISHED: &str = "tmp";

/// Writes a whole file, so that a reader sees the old one or the new one and never a part.
pub(super) fn write_whole(path: &Path, bytes: &[u8]) -> Result<()> {
    let unfinished = unfinished(path);
    fs::write(&unfinished, bytes).map_err(RecordError::io("write", &unfinished))?;
    fs::rename(&unfinished, path).map_err(RecordError::io("rename to", path))
}

fn unfinished(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".");
    name.push(UNFINISHED);
    PathBuf::from(name)
}

/// As [`write_whole`], as JSON that people can read.
pub(super) fn write_json(path: &Path, value: &impl Serialize) -> Result<()> {
    let mut text = serde_json::to_string_pretty(value).map_err(|error| RecordError::damaged(path, error))?;
    text.push('\n');
    write_whole(path, text.as_bytes())
}

/// Reads a whole regular file; anything else of that name (a pipe would wait for ever) is refused.
pub(super) fn read_whole(path: &Path) -> Result<Vec<u8>> {
    let info = fs::metadata(path).map_err(RecordError::io("read", path))?;
    match info.is_file() {
        true => fs::read(path).map_err(RecordError::io("read", path)),
        false => Err(RecordError::damaged(path, "it is no regular file")),
    }
}

/// As [`read_whole`]; a file that does not exist is empty.
pub(super) fn read_or_empty(path: &Path) -> Result<Vec<u8>> {
    match path.exists() {
        true => read_whole(path),
        false => Ok(Vec::new()),
    }
}

/// Reads text.
pub(super) fn read_text(path: &Path) -> Result<String> {
    String::from_utf8(read_whole(path)?).map_err(|_| RecordError::damaged(path, "it is not UTF-8 text"))
}

/// Reads a JSON document that carries a schema number; a newer schema is refused before its fields are looked at.
pub(super) fn read_versioned<T: DeserializeOwned>(path: &Path) -> Result<T> {
    let value: serde_json::Value =
        serde_json::from_slice(&read_whole(path)?).map_err(|error| RecordError::damaged(path, error))?;
    let found = value.get("schema").and_then(serde_json::Value::as_u64);
    match found {
        None => Err(RecordError::damaged(path, "it has no `schema` number")),
        Some(found) if found > SCHEMA => Err(RecordError::NewerSchema { path: path.to_owned(), found, known: SCHEMA }),
        Some(_) => serde_json::from_value(value).map_err(|error| RecordError::damaged(path, error)),
    }
}

/// A folder beside `dir` in which something is made before it is renamed to `dir`.
pub(super) fn beside(dir: &Path, purpose: &str) -> PathBuf {
    let name = dir.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    dir.with_file_name(format!(".{name}.{purpose}"))
}

/// Makes an empty folder, with its parents, in place of whatever an earlier process left there.
pub(super) fn fresh_dir(dir: &Path) -> Result<()> {
    remove_if_there(dir)?;
    fs::create_dir_all(dir).map_err(RecordError::io("create", dir))
}

/// Removes a folder; one that does not exist is fine.
pub(super) fn remove_if_there(dir: &Path) -> Result<()> {
    match fs::remove_dir_all(dir) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(RecordError::io("remove", dir)(error)),
        _ => Ok(()),
    }
}

/// Every regular file below `dir`, sorted; links are not followed.
pub(super) fn files_below(dir: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(dir).map_err(RecordError::io("list", dir))? {
        let entry = entry.map_err(RecordError::io("list", dir))?;
        let kind = entry.file_type().map_err(RecordError::io("list", dir))?;
        match (kind.is_dir(), kind.is_file()) {
            (true, _) => found.extend(files_below(&entry.path())?),
            (_, true) => found.push(entry.path()),
            _ => {}
        }
    }
    found.sort();
    Ok(found)
}

/// Removes the unfinished files that a kill left behind.
pub(super) fn remove_unfinished(dir: &Path) -> Result<()> {
    let unfinished = |path: &&PathBuf| path.extension().is_some_and(|end| end == UNFINISHED);
    for path in files_below(dir)?.iter().filter(unfinished) {
        fs::remove_file(path).map_err(RecordError::io("remove", path))?;
    }
    Ok(())
}

/// Path, size and SHA-256 of every file of a run but the manifest, which holds the list, and the report, which may be
/// written again.
pub(super) fn inventory(dir: &Path) -> Result<Vec<FileEntry>> {
    let listed =
        |path: &&PathBuf| !["manifest.json", "report.html"].iter().any(|left_out| **path == dir.join(left_out));
    files_below(dir)?.iter().filter(listed).map(|path| entry(dir, path)).collect()
}

fn entry(dir: &Path, path: &Path) -> Result<FileEntry> {
    let mut file = fs::File::open(path).map_err(RecordError::io("read", path))?;
    let mut hasher = Sha256::new();
    let bytes = std::io::copy(&mut file, &mut Hashing(&mut hasher)).map_err(RecordError::io("read", path))?;
    let relative = path.strip_prefix(dir).unwrap_or(path).components();
    let parts: Vec<String> = relative.map(|part| part.as_os_str().to_string_lossy().into_owned()).collect();
    Ok(FileEntry { path: parts.join("/"), bytes, sha256: hex(&hasher.finalize()) })
}

/// Bytes on their way into a hash.
struct Hashing<'a>(&'a mut Sha256);

impl std::io::Write for Hashing<'_> {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_inventory_names_hashes_and_leaves_out() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("units")).unwrap();
        for name in ["manifest.json", "report.html", "units/0.npz", "a.txt"] {
            fs::write(folder.path().join(name), "abc").unwrap();
        }
        let entries = inventory(folder.path()).unwrap();
        let paths: Vec<&str> = entries.iter().map(|entry| entry.path.as_str()).collect();
        assert_eq!(paths, ["a.txt", "units/0.npz"]);
        // SHA-256 of "abc", FIPS 180-4.
        assert_eq!(entries[0].sha256, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }

    #[test]
    fn unfinished_files_are_swept() {
        let folder = tempfile::tempdir().unwrap();
        write_whole(&folder.path().join("a.json"), b"{}").unwrap();
        fs::write(folder.path().join("b.npz.tmp"), "half").unwrap();
        remove_unfinished(folder.path()).unwrap();
        assert_eq!(files_below(folder.path()).unwrap(), [folder.path().join("a.json")]);
    }
}
