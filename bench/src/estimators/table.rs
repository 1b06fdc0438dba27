//! Lines as they come: aligned, as JSON, and in the end as Markdown.

use super::line::{HEADINGS, Line, WIDTHS};
use super::machine;

const DOCUMENT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/speed.md");

/// What the document says above its table.
const INTRODUCTION: &str = "\
# Speed and error of the estimators

Written by `cargo xtask bench estimators`; run it on your machine: absolute times differ, ratios less. All tools answer
the same question on the same data, in turns within one run and on one thread unless the case says otherwise. Each starts
from its own form of the data: rows in memory for infoplane, arrays for numpy and infomeasure, whose bits and columns are
converted before the clock starts. The naive scan compares every row with every other.

Times are medians, the fastest repeat in brackets. The ratio is the baseline's median over ours; *due* is what the project
sets itself. The error is the estimate less the truth (se: standard errors of this estimate, from the scatter of its
local terms, of the surrogates, or none); what a case *differs by* is our value less the baseline's.

- ksg-te, gaussian-te: x_t = 0.6 x_{t−1} + e, y_t = 0.5 y_{t−1} + 0.4 x_{t−1} + e, k = l = 1, K = 4; cubed, sinh³ and
  tanh(3·) are monotone maps of both series, which change no true value.
- ksg-mi: Gaussian columns, each correlated by 0.6 with its own. Nearest-neighbour estimates are low in many dimensions.
- surrogates: permutations of the source; the value is the mean of the null.
- binary-te: fair coins, mean of all pairs; the truth is the floor 1/N. Bits are packed before the clock starts unless
  the case says otherwise; numpy's are single-precision arrays.
- kde: Kolchinsky–Tracey bounds of a tanh layer: ours are both bounds and both axes of the information plane at every
  variance named, numpy's one bound on I(X;T) at one variance.
- cells: H(T) and I(T;Y) in 30 cells a unit, or in nine nested widths.
- renyi-mi: matrix-based, α = 1.01, kernel exp(−d²/2), two dimensions each.
- te-net: all ordered pairs of a ring of autoregressive series.
";

/// Everything measured so far.
pub(super) struct Table {
    json: bool,
    lines: Vec<Line>,
}

impl Table {
    /// Says the machine and the headings.
    pub(super) fn begin(json: bool) -> Self {
        if !json {
            println!("{}\n", machine::description());
            println!("{}", aligned(&HEADINGS));
        }
        Self { json, lines: Vec::new() }
    }

    /// Prints a line and keeps it.
    pub(super) fn add(&mut self, line: Line) {
        match self.json {
            true => println!("{}", line.json()),
            false => println!("{}", aligned(&line.cells())),
        }
        self.lines.push(line);
    }

    /// Writes the document.
    pub(super) fn write(&self) -> Result<(), String> {
        std::fs::write(DOCUMENT, self.markdown()).map_err(|error| format!("cannot write {DOCUMENT}: {error}"))
    }

    fn markdown(&self) -> String {
        let mut text = format!("{INTRODUCTION}\nMachine: {}.\n\n", machine::description());
        let rule = HEADINGS.map(|_| "---");
        text += &row(&HEADINGS);
        text += &row(&rule);
        self.lines.iter().for_each(|line| text += &row(&line.cells()));
        text
    }
}

fn row(cells: &[impl AsRef<str>]) -> String {
    let cells: Vec<&str> = cells.iter().map(AsRef::as_ref).collect();
    format!("| {} |\n", cells.join(" | "))
}

/// Cells under each other, whatever their letters.
fn aligned(cells: &[impl AsRef<str>]) -> String {
    let cells: Vec<String> = cells.iter().zip(WIDTHS).map(|(cell, wide)| format!("{:<wide$}", cell.as_ref())).collect();
    cells.join("  ").trim_end().to_owned()
}
