//! numpy as it is commonly written, in a process of its own that keeps the time itself.

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use super::question::{Answer, Asked, Question, Tool};

const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/peers/numpy_peers.py");

/// numpy in one of two precisions.
pub(super) struct Numpy {
    python: PathBuf,
    single: bool,
}

impl Numpy {
    /// Both precisions, where `INFOPLANE_BENCH_PYTHON` names a Python that has numpy.
    pub(super) fn found() -> Vec<Self> {
        let python = std::env::var_os("INFOPLANE_BENCH_PYTHON").map(PathBuf::from);
        python.iter().flat_map(|python| [false, true].map(|single| Self { python: python.clone(), single })).collect()
    }
}

impl Tool for Numpy {
    fn name(&self) -> &'static str {
        if self.single { "numpy f32" } else { "numpy" }
    }

    fn ask<'a>(&'a self, question: &'a Question) -> Option<Asked<'a>> {
        let mut process = Process::start(&self.python, self.single, question)?;
        Some(Box::new(move || process.answer().unwrap_or_else(|why| panic!("{SCRIPT}: {why}"))))
    }
}

/// One question, loaded and waiting.
struct Process {
    child: Child,
    question: ChildStdin,
    answers: BufReader<ChildStdout>,
}

impl Process {
    fn start(python: &Path, single: bool, question: &Question) -> Option<Self> {
        let (kind, arrays) = arrays(question, single)?;
        let folder = std::env::temp_dir().join(format!("infoplane-bench-{}-{kind}-{single}", std::process::id()));
        let process = write(&folder, &arrays).and_then(|()| Self::load(python, kind, &folder));
        drop(std::fs::remove_dir_all(&folder));
        process.map_err(|error| eprintln!("numpy is left out: {error}")).ok()
    }

    /// Starts Python and waits until it has read its arrays.
    fn load(python: &Path, kind: &str, folder: &Path) -> std::io::Result<Self> {
        let mut command = Command::new(python);
        command.arg(SCRIPT).arg(kind).arg(folder).stdin(Stdio::piped()).stdout(Stdio::piped());
        for variable in ["OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"] {
            command.env(variable, "1");
        }
        let mut child = command.spawn()?;
        let (Some(question), Some(answers)) = (child.stdin.take(), child.stdout.take()) else {
            return Err(std::io::Error::other("no pipes"));
        };
        let mut process = Self { child, question, answers: BufReader::new(answers) };
        match process.line()?.as_str() {
            "ready" => Ok(process),
            other => Err(std::io::Error::other(format!("{} said {other:?}", python.display()))),
        }
    }

    fn line(&mut self) -> std::io::Result<String> {
        let mut line = String::new();
        self.answers.read_line(&mut line)?;
        Ok(line.trim().to_owned())
    }

    fn answer(&mut self) -> Result<Answer, String> {
        writeln!(self.question).map_err(|error| error.to_string())?;
        let line = self.line().map_err(|error| error.to_string())?;
        let numbers: Vec<f64> = line.split_whitespace().filter_map(|word| word.parse().ok()).collect();
        match numbers[..] {
            [seconds, nats] => Ok(Answer { seconds, nats, se: None }),
            _ => Err(format!("no answer in {line:?}")),
        }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// An array as numpy stores it.
struct Array {
    name: &'static str,
    dtype: &'static str,
    shape: [usize; 2],
    bytes: Vec<u8>,
}

impl Array {
    fn new<T: Copy, const WIDE: usize>(
        name: &'static str,
        dtype: &'static str,
        rows: &[Vec<T>],
        bytes: impl Fn(T) -> [u8; WIDE],
    ) -> Self {
        let shape = [rows.len(), rows.first().map_or(0, Vec::len)];
        Self { name, dtype, shape, bytes: rows.iter().flatten().flat_map(|&value| bytes(value)).collect() }
    }

    fn real(name: &'static str, rows: &[Vec<f64>]) -> Self {
        Self::new(name, "<f8", rows, f64::to_le_bytes)
    }

    /// Version 1.0: magic, length of a header that fills whole 64 bytes, header, values.
    fn write(&self, folder: &Path) -> std::io::Result<()> {
        let [rows, columns] = self.shape;
        let header = format!("{{'descr': '{}', 'fortran_order': False, 'shape': ({rows}, {columns}), }}", self.dtype);
        let length = (10 + header.len() + 1).next_multiple_of(64) - 10;
        let mut file = std::fs::File::create(folder.join(format!("{}.npy", self.name)))?;
        file.write_all(b"\x93NUMPY\x01\x00")?;
        file.write_all(&(length as u16).to_le_bytes())?;
        writeln!(file, "{header:<width$}", width = length - 1)?;
        file.write_all(&self.bytes)
    }
}

fn write(folder: &Path, arrays: &[Array]) -> std::io::Result<()> {
    std::fs::create_dir_all(folder)?;
    arrays.iter().try_for_each(|array| array.write(folder))
}

/// The function of the script and its arguments, by name.
fn arrays(question: &Question, single: bool) -> Option<(&'static str, Vec<Array>)> {
    let series = |name, values: &Vec<f64>| Array::real(name, std::slice::from_ref(values));
    Some(match question {
        Question::GaussianTe { source, target } if !single => {
            ("gaussian_te", vec![series("source", source), series("target", target)])
        }
        Question::BinaryTe { sources, targets, .. } if !single => {
            let bytes = |name, rows: &[Vec<bool>]| Array::new(name, "|u1", rows, |bit| [u8::from(bit)]);
            ("binary_te", vec![bytes("sources", sources), bytes("targets", targets)])
        }
        Question::Kde { layer, variances } => {
            let function = if single { "kde_single" } else { "kde_double" };
            (function, vec![values(layer), labels(layer), series("variances", variances)])
        }
        Question::Renyi { x, y } if !single => ("renyi", vec![Array::real("x", x), Array::real("y", y)]),
        Question::Cells { layer, nested } if !single => {
            (if *nested { "nested_cells" } else { "cells" }, vec![values(layer), labels(layer)])
        }
        _ => return None,
    })
}

fn values(layer: &super::question::Labelled) -> Array {
    let rows: Vec<Vec<f32>> = layer.values.chunks(layer.units).map(<[f32]>::to_vec).collect();
    Array::new("values", "<f4", &rows, f32::to_le_bytes)
}

fn labels(layer: &super::question::Labelled) -> Array {
    Array::new("labels", "<u4", std::slice::from_ref(&layer.labels), u32::to_le_bytes)
}
