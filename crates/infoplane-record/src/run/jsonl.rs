//! JSON Lines: appended in one write, read up to the last newline.

use std::fs::{File, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::files::read_or_empty;
use crate::{RecordError, Result};

/// One line of `log.jsonl`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LogLine {
    /// Stretch of training between resumes, counted from 1.
    pub attempt: u32,
    /// Seconds since the attempt began.
    pub t: f64,
    /// `warning`.
    pub level: String,
    /// The code, `IP0301`.
    pub code: String,
    /// What it is about: a tap, a pair of taps.
    pub r#where: String,
    /// In words.
    pub message: String,
}

/// A file that only grows, by whole lines.
#[derive(Debug)]
pub(super) struct Appender {
    path: PathBuf,
    file: File,
    bytes: u64,
}

impl Appender {
    /// Opens a file, cutting it to its first `keep` bytes.
    pub(super) fn open(path: PathBuf, keep: u64) -> Result<Self> {
        let file = OpenOptions::new().append(true).create(true).open(&path).map_err(RecordError::io("open", &path))?;
        file.set_len(keep).map_err(RecordError::io("cut", &path))?;
        Ok(Self { path, file, bytes: keep })
    }

    /// Appends lines in one write.
    pub(super) fn append<T: Serialize>(&mut self, lines: &[T]) -> Result<()> {
        let mut text = Vec::new();
        for line in lines {
            serde_json::to_writer(&mut text, line).map_err(|error| RecordError::damaged(&self.path, error))?;
            text.push(b'\n');
        }
        self.file.write_all(&text).map_err(RecordError::io("append to", &self.path))?;
        self.bytes += text.len() as u64;
        Ok(())
    }

    /// Length of the file.
    pub(super) fn bytes(&self) -> u64 {
        self.bytes
    }
}

/// Number of bytes up to and with the last newline.
pub(super) fn whole_lines(bytes: &[u8]) -> usize {
    bytes.iter().rposition(|byte| *byte == b'\n').map_or(0, |last| last + 1)
}

/// The same of a file that may be missing.
pub(super) fn whole_lines_of(path: &Path) -> Result<u64> {
    Ok(whole_lines(&read_or_empty(path)?) as u64)
}

/// Reads every whole line; `path` is for the message.
pub(super) fn parse<T: DeserializeOwned>(path: &Path, bytes: &[u8]) -> Result<Vec<T>> {
    let lines = bytes[..whole_lines(bytes)].split(|byte| *byte == b'\n').enumerate();
    let filled = lines.filter(|(_, line)| !line.is_empty());
    let damaged = |place: usize, error| RecordError::damaged(path, format!("line {}: {error}", place + 1));
    filled.map(|(place, line)| serde_json::from_slice(line).map_err(|error| damaged(place, error))).collect()
}
