//! The largest memory of one estimate, in a process of its own.

use std::process::Command;

use super::data;
use super::line::Line;
use super::measure::Measured;
use super::ours::Ours;
use super::question::{Answer, Question, Tool};
use crate::timing::summary;

pub(super) const CASE: &str = "memory of ksg-te N=1e6";

/// Runs this program once more and reads what it says of itself.
pub(super) fn line() -> Result<Line, String> {
    let program = std::env::current_exe().map_err(|error| error.to_string())?;
    let output = Command::new(program).arg("peak").output().map_err(|error| error.to_string())?;
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    let numbers: Vec<f64> = said.split_whitespace().filter_map(|word| word.parse().ok()).collect();
    let [seconds, nats, mib] = numbers[..] else {
        return Err(format!("no peak in {said:?}: {}", String::from_utf8_lossy(&output.stderr)));
    };
    let ours = Measured { times: summary(vec![seconds]), last: Answer { seconds, nats, se: None } };
    Ok(Line { case: CASE, ours, baseline: None, truth: Some(data::COUPLED_TE), peak_mib: Some(mib as u64) })
}

/// Estimates once and prints seconds, nats and the largest resident memory in MiB, data included.
pub(crate) fn peak() {
    let (source, target) = data::coupled(1_000_000);
    let question = Question::KsgTe { source, target };
    let Some(mut ask) = Ours.ask(&question) else { return };
    let Answer { seconds, nats, .. } = ask();
    println!("{seconds} {nats} {}", super::machine::peak_mib().unwrap_or(0));
}
