//! Verdicts: rules that turn rows into one sentence each, with an interval over seeds.
//!
//! A rule is a pure function of the rows and the metrics of one network, that is of all runs that differ in their
//! seed alone. It answers *yes*, *no* or *unclear*, or says that the numbers allow *no reading*; its wording
//! describes, it never claims a proof. The rules, one file each:
//!
//! | rule | question |
//! |---|---|
//! | `above-floor` | is TE above its floor, for a layer pair on one time axis in one order |
//! | `transfer` | is it transfer, or does a common driver (class order, drift of the weights) carry it |
//! | `coupling-where` | where does the coupling concentrate |
//! | `i-xt-falls` | does I(X;T) fall, at the scale of one estimator |
//! | `as-published` | is TE highest in the last pair, does it fall, does it follow accuracy |
//! | `left-out` | which runs stayed at chance and are in no other line |
//!
//! From three seeds on the interval is the t interval of 95 % over seeds; with fewer the sentence counts seeds and
//! the verdict carries IP0304.
//!
//! ```
//! use infoplane::verdict::{Answer, verdicts};
//! use infoplane_record::Row;
//!
//! let row = |epoch: f64, value| Row {
//!     run: Some("ib-tanh/seed-0".into()), step: Some(epoch as u64), epoch: Some(epoch), layer: Some("fc3".into()),
//!     measure: "i_xt".into(), estimator: "width:cell=0.5".into(), ceiling: Some(12.0), value, unit: "bits".into(),
//!     ..Row::default()
//! };
//! let found = verdicts(&[row(1.0, 9.8), row(10.0, 9.7), row(100.0, 7.0)], &[]);
//! assert_eq!((found[0].rule, found[0].subject.as_str(), found[0].answer), ("i-xt-falls", "fc3", Answer::Yes));
//! ```

mod above_floor;
mod chance;
mod coupling_where;
mod headline;
mod i_xt_falls;
#[cfg(test)]
mod made;
mod network;
mod published;
mod rank;
mod seeds;
mod summary;
mod transfer;
mod words;

use std::fmt;

use infoplane_record::{Metrics, Row};

pub use headline::{Headline, headlines};
pub use infoplane_figures::network_of;
pub use summary::summary;

pub(crate) use words::scale;

/// What a rule found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Answer {
    /// In every seed.
    Yes,
    /// In no seed.
    No,
    /// Seeds disagree, or the numbers lie between the rule's limits.
    Unclear,
    /// The numbers cannot answer: at a ceiling, untested, or the question does not arise.
    NoReading,
}

impl fmt::Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Yes => "yes",
            Self::No => "no",
            Self::Unclear => "unclear",
            Self::NoReading => "no reading",
        })
    }
}

/// Which report a verdict belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Mode {
    /// Raw means, as the literature plots them.
    Published,
    /// Floor, null, driver and ceiling taken into account.
    Corrected,
}

impl fmt::Display for Mode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Published => "as published",
            Self::Corrected => "corrected",
        })
    }
}

/// One rule applied to one subject of one network.
#[derive(Debug, Clone, PartialEq)]
pub struct Verdict {
    /// The rule, which is also the anchor of its text in `docs/verdicts.md`.
    pub rule: &'static str,
    /// The runs' common name, as [`network_of`] gives it.
    pub network: String,
    /// What the verdict is about: `fc1→fc2`, `fc3`, a run.
    pub subject: String,
    /// Where it was measured: `samples, shuffled order`, `width 0.5`; empty if the question names no place.
    pub place: String,
    /// The question, in words.
    pub question: String,
    /// The answer.
    pub answer: Answer,
    /// The report it belongs to.
    pub mode: Mode,
    /// The finding without subject and numbers: `lag-1 TE is above its floor`.
    pub finding: String,
    /// The whole sentence, with numbers, units and seeds.
    pub sentence: String,
    /// Mean over seeds of the number that the rule reads, in bits.
    pub value: Option<f64>,
    /// Lower end of the 95 % interval over seeds.
    pub lo: Option<f64>,
    /// Upper end.
    pub hi: Option<f64>,
    /// Seeds the verdict rests on.
    pub seeds: usize,
    /// Codes of warnings.
    pub warnings: Vec<String>,
}

/// Applies every rule to every network in `rows`, in the order of the networks' names.
///
/// `metrics` pairs each line of `metrics.jsonl` with its run, named as in the rows. Runs whose training accuracy
/// stayed at chance are reported by `left-out` and are in no other verdict.
pub fn verdicts(rows: &[Row], metrics: &[(String, Metrics)]) -> Vec<Verdict> {
    let rules =
        [chance::rule, above_floor::rule, transfer::rule, coupling_where::rule, i_xt_falls::rule, published::rule];
    network::networks(rows, metrics)
        .iter()
        .flat_map(|network| rules.iter().flat_map(move |rule| rule(network)))
        .collect()
}
