//! Other tools' numbers on the same data, every one: see `golden/README.md`.
//!
//! `cargo xtask golden` runs this and shows what it prints.

mod differences;
#[path = "../generated/mod.rs"]
mod generated;
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
    println!("  {} in place of {}: {}: {}", ours[0], record.values[0], reason.name(), record.summary());
    let off = distance(&ours, std::iter::once(*truth));
    match (theirs > TOLERANCE, off > reason.tolerance()) {
        _ if !reason.may_excuse(record) => Some(format!("`{}` is no reason for it to differ", reason.name())),
        (false, _) => Some("listed as a difference, but there is none".to_owned()),
        (true, true) => Some(format!("{off:.2e} from what an independent computation gives: {ours:?}, not {truth}")),
        (true, false) => None,
    }
}

#[test]
fn every_record_is_reproduced_or_listed() {
    let (records, differences) = (records::all(), differences::all());
    println!("Differences (ours in place of theirs):");
    let faults: Vec<(usize, String)> =
        records.iter().filter_map(|record| Some((record.id, fault(record, differences.get(&record.id))?))).collect();
    let listed = differences.keys().filter(|id| faults.iter().all(|(at_fault, _)| at_fault != *id)).count();
    let reproduced = records.len() - listed - faults.len();
    println!("{} records: {reproduced} reproduced to {TOLERANCE:e}, {listed} deliberate differences", records.len());
    let faults: Vec<String> = faults.iter().map(|(id, why)| format!("{}: {why}", records[*id].summary())).collect();
    assert!(faults.is_empty(), "{} neither reproduced nor explained:\n{}", faults.len(), faults.join("\n"));
    assert_eq!(records.len(), 282);
}

#[test]
fn section_of_differences() {
    generated::assert_section("DESIGN.md", "golden differences", &differences::table(&records::all()));
}
