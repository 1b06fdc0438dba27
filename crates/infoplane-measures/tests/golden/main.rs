//! Other tools' numbers on the same data, every one: see `golden/README.md`.
//!
//! `cargo xtask golden` runs this and shows what it prints.

mod differences;
mod infomeasure;
mod jidt;
mod others;
mod records;
mod setup;

use differences::Difference;
use infoplane_measures::Result;
use records::Record;

/// What counts as the same number.
const TOLERANCE: f64 = 1e-9;

/// Ours, in nats or as a probability.
fn answer(record: &Record) -> Result<Vec<f64>> {
    match record.tool.split(' ').next().unwrap() {
        "JIDT" => jidt::answer(record),
        "infomeasure" => infomeasure::answer(record),
        "pyinform" => others::pyinform(record),
        "scikit-learn" => others::scikit_learn(record),
        _ => others::numpy(record),
    }
}

/// The largest distance between two lists of numbers; infinite if one is longer or not a number.
fn distance(ours: &[f64], theirs: impl Iterator<Item = f64>) -> f64 {
    let theirs: Vec<f64> = theirs.collect();
    let far = |(a, b): (&f64, &f64)| if (a - b).is_nan() { f64::INFINITY } else { (a - b).abs() };
    match ours.len() == theirs.len() {
        true => ours.iter().zip(&theirs).map(far).fold(0.0, f64::max),
        false => f64::INFINITY,
    }
}

/// What is wrong with a record, if anything.
fn fault(record: &Record, difference: Option<&Difference>) -> Option<String> {
    let ours = match answer(record) {
        Ok(ours) => ours,
        Err(error) => return Some(format!("refused: {error}")),
    };
    let theirs = distance(&ours, record.values.iter().map(|value| value * record.nats()));
    let Some(Difference { truth, reason }) = difference else {
        return (theirs > TOLERANCE).then(|| format!("{theirs:.2e} apart: {ours:?} instead of {:?}", record.values));
    };
    println!("  differs ({reason}): {}: {:?} in place of {:?}", record.summary(), ours, record.values);
    let off = distance(&ours, std::iter::once(*truth));
    match (theirs > TOLERANCE, off > TOLERANCE) {
        (false, _) => Some("listed as a difference, but there is none".to_owned()),
        (true, true) => Some(format!("{off:.2e} from what an independent computation gives: {ours:?}, not {truth}")),
        (true, false) => None,
    }
}

#[test]
fn every_record_is_reproduced_or_listed() {
    let (records, differences) = (records::all(), differences::all());
    let faults: Vec<String> = (records.iter())
        .filter_map(|record| Some(format!("{}: {}", record.summary(), fault(record, differences.get(&record.id))?)))
        .collect();
    println!("{} records: {} reproduced to {TOLERANCE:e}, {} listed as deliberate differences, {} at fault",
        records.len(), records.len() - differences.len() - faults.len(), differences.len(), faults.len());
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
    assert_eq!(records.len(), 282);
}
