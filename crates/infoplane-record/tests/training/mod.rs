//! A training that only pretends: it gives a writer what a real one would, and every number follows from its step.
#![allow(dead_code, reason = "each test takes what it needs")]

use std::fs;
use std::path::Path;
use std::time::Duration;

use infoplane_record::{Metrics, NpyArray, Result, Row, Run, RunSetup, RunWriter, Schedule, Status};

pub(crate) const EPOCHS: u64 = 6;
pub(crate) const STEPS: u64 = 4;

pub(crate) fn setup() -> RunSetup {
    RunSetup {
        id: "pretended/seed-0".into(),
        name: "pretended".into(),
        config_toml: "[run]\nname = \"pretended\"\nseeds = \"0\"\n".into(),
        input_toml: "[run]\nname = \"pretended\"\n".into(),
        probe: serde_json::json!({ "indices": [0, 1, 2], "labels": [0, 1, 0] }),
        ..RunSetup::default()
    }
}

/// Snapshots inside epochs as well as at their ends.
pub(crate) fn schedule() -> Schedule {
    Schedule::new(&"log:5@step".parse().unwrap(), EPOCHS, STEPS).unwrap()
}

fn value(step: u64, salt: u64) -> f64 {
    ((step * 31 + salt * 17) as f64).sin().abs() / 3.0
}

fn row(step: u64, time: &str, target: &str, window: u32) -> Row {
    Row {
        run: Some("pretended/seed-0".into()),
        seed: Some(0),
        step: Some(step),
        epoch: Some(step as f64 / STEPS as f64),
        source: Some("fc1".into()),
        target: Some(target.into()),
        measure: "te".into(),
        estimator: "plugin:correction=none".into(),
        time: Some(time.into()),
        window: Some(window),
        value: value(step, target.len() as u64 + u64::from(window)),
        unit: "bits".into(),
        n: 499,
        ..Row::default()
    }
}

fn matrix(step: u64) -> NpyArray {
    NpyArray::f64(vec![2, 2], (0..4).map(|salt| value(step, salt)).collect()).unwrap()
}

fn snapshot(writer: &mut RunWriter, step: u64) -> Result<()> {
    writer.rows(&[row(step, "probe", "fc2", 0), row(step, "probe", "out", 0)])?;
    writer.unit_arrays(step, vec![("te/probe/shuffled/0/fc1/fc2/value".into(), matrix(step))])?;
    let (epoch, train_loss) = (step as f64 / STEPS as f64, Some(value(step, 99)));
    writer.snapshot(&Metrics { step, epoch, train_loss, ..Metrics::default() })
}

/// The stream of an epoch has a window for every two steps, measured at the epoch's end.
fn stream(writer: &mut RunWriter, epoch: u64) -> Result<()> {
    for window in 0..2u32 {
        let step = epoch * STEPS + 2 * u64::from(window) + 2;
        writer.rows(&[row(step, "samples", "fc2", window), row(step, "samples", "out", window)])?;
        let name = format!("te/samples/shuffled/{window}/fc1/fc2/value");
        writer.unit_arrays(step, vec![(name, matrix(step))])?;
    }
    writer.stream(epoch, vec![("symbols/fc1".into(), NpyArray::u8(vec![4, 1], vec![epoch as u8; 4])?)])
}

/// Trains from a checkpoint (or from the start) to the end; `after` is called after each call of the writer.
pub(crate) fn train(
    writer: &mut RunWriter,
    state: Option<&[u8]>,
    mut after: impl FnMut(&RunWriter, &str) -> bool,
) -> Result<()> {
    let schedule = schedule();
    let first = state.map_or(0, |state| u64::from(state[0]));
    if state.is_none() {
        snapshot(writer, 0)?;
        if !after(writer, "snapshot") {
            return Ok(());
        }
    }
    for epoch in first..EPOCHS {
        for step in epoch * STEPS + 1..=epoch * STEPS + STEPS {
            let ends = step == (epoch + 1) * STEPS;
            if ends && schedule.streams(epoch) {
                stream(writer, epoch)?;
            }
            if schedule.is_due(step) {
                snapshot(writer, step)?;
                if !after(writer, "snapshot") {
                    return Ok(());
                }
            }
        }
        writer.checkpoint(&[epoch as u8 + 1])?;
        if !after(writer, "checkpoint") {
            return Ok(());
        }
    }
    Ok(())
}

/// As [`train`], slowly, so that it can be killed at any place.
pub(crate) fn train_slowly(writer: &mut RunWriter, state: Option<&[u8]>) -> Result<()> {
    train(writer, state, |_, _| {
        std::thread::sleep(Duration::from_micros(300));
        true
    })
}

pub(crate) fn unbroken(dir: &Path) -> Run {
    let mut writer = RunWriter::create(dir, &setup()).unwrap();
    writer.warn("IP0304", "", "fewer than three seeds").unwrap();
    train(&mut writer, None, |_, _| true).unwrap();
    writer.close(Status::Finished).unwrap();
    Run::open(dir).unwrap()
}

/// Resumes and trains to the end.
pub(crate) fn finish(dir: &Path) {
    let (mut writer, state) = RunWriter::resume(dir, &setup()).unwrap();
    train(&mut writer, state.as_deref(), |_, _| true).unwrap();
    writer.close(Status::Finished).unwrap();
}

/// The rows but for their attempts.
pub(crate) fn rows(run: &Run) -> Vec<Row> {
    run.rows().unwrap().into_iter().map(|row| Row { attempt: None, ..row }).collect()
}

pub(crate) fn steps(run: &Run) -> Vec<u64> {
    run.metrics().unwrap().iter().map(|line| line.step).collect()
}

pub(crate) fn assert_same(run: &Run, reference: &Run) {
    assert_eq!(rows(run), rows(reference));
    assert_eq!(steps(run), steps(reference));
    assert_eq!(run.unit_steps().unwrap(), reference.unit_steps().unwrap());
    assert_eq!(run.stream_epochs().unwrap(), reference.stream_epochs().unwrap());
    for folder in ["units", "stream"] {
        for entry in fs::read_dir(reference.dir().join(folder)).unwrap() {
            let name = entry.unwrap().file_name();
            let bytes = |run: &Run| fs::read(run.dir().join(folder).join(&name)).unwrap();
            assert!(bytes(run) == bytes(reference), "{folder}/{}", name.display());
        }
    }
}

pub(crate) fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        match entry.file_type().unwrap().is_dir() {
            true => copy(&entry.path(), &to.join(entry.file_name())),
            false => drop(fs::copy(entry.path(), to.join(entry.file_name())).unwrap()),
        }
    }
}

/// Makes a copied run that of a process that is gone.
pub(crate) fn bury(dir: &Path) {
    edit_manifest(dir, |manifest| manifest["pid"] = 0.into());
}

pub(crate) fn edit_manifest(dir: &Path, edit: impl FnOnce(&mut serde_json::Value)) {
    let path = dir.join("manifest.json");
    let mut manifest = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
    edit(&mut manifest);
    fs::write(path, serde_json::to_vec(&manifest).unwrap()).unwrap();
}
