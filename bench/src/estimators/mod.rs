//! Every estimator beside its fastest peers and the naive scan: time, ratio and error.

mod cases;
mod data;
mod line;
mod machine;
mod measure;
mod memory;
mod naive;
mod numpy;
mod ours;
mod question;
mod table;

pub use question::{Answer, Asked, Columns, Labelled, Question, Tool};

use cases::{CASES, Case};
use line::{Baseline, Line};
use measure::{Effort, in_turns};
pub(crate) use memory::peak;
use ours::Ours;
use table::Table;

/// What is measured, and how it is told.
pub(crate) struct Options<'a> {
    pub(crate) json: bool,
    pub(crate) quick: bool,
    /// Cases whose name contains it.
    pub(crate) text: &'a str,
}

/// Measures the cases; a complete run also writes `docs/speed.md`.
pub(crate) fn run(options: &Options, peers: &[&dyn Tool]) -> Result<(), String> {
    let (numpy, effort) = (numpy::Numpy::found(), if options.quick { Effort::QUICK } else { Effort::FULL });
    let mut tools: Vec<&dyn Tool> = vec![&naive::Naive];
    tools.extend(numpy.iter().map(|numpy| numpy as &dyn Tool));
    tools.extend(peers);
    let mut table = Table::begin(options.json);
    for case in CASES.iter().filter(|case| case.name.contains(options.text)) {
        for line in compared(case, &tools, effort) {
            table.add(line);
        }
    }
    if memory::CASE.contains(options.text) {
        table.add(memory::line()?);
    }
    match options.quick || !options.text.is_empty() {
        true => Ok(()),
        false => table.write(),
    }
}

/// One line for each tool that has an answer, or one without a baseline where none has.
fn compared(case: &Case, tools: &[&dyn Tool], effort: Effort) -> Vec<Line> {
    let question = (case.ask)();
    let other = case.beside.as_ref().map(|beside| (beside.ask)());
    let Some(ours) = Ours.ask(&question) else {
        return Vec::new();
    };
    let (mut asked, mut others) = (vec![ours], Vec::new());
    if let Some((beside, asks)) = case.beside.as_ref().zip(other.as_ref().and_then(|other| Ours.ask(other))) {
        asked.push(asks);
        others.push((beside.name, Some(beside.due)));
    }
    for rival in case.rivals {
        let tool = tools.iter().find(|tool| tool.name() == rival.tool);
        if let Some(asks) = tool.and_then(|tool| tool.ask(&question)) {
            asked.push(asks);
            others.push((rival.tool, rival.due));
        }
    }
    let measured = in_turns(&mut asked, effort);
    let line = |baseline| Line { case: case.name, ours: measured[0], baseline, truth: case.truth, peak_mib: None };
    if others.is_empty() {
        return vec![line(None)];
    }
    let baselines = others.into_iter().zip(&measured[1..]);
    baselines.map(|((name, due), &measured)| line(Some(Baseline { name, measured, due }))).collect()
}
