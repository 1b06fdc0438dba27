//! Warnings on numbers: their codes, and the rows' codes gathered into readable lines.
//!
//! A row carries the bare codes of what its reader must know (`warnings`). [`warnings_of`] turns the rows of one or
//! more runs into one line for each code and place, however many rows, seeds and snapshots repeat it.
//!
//! ```
//! use infoplane::warning::warnings_of;
//! use infoplane_record::Row;
//!
//! let row = Row {
//!     run: Some("demo/ib12-tanh-seed-0".into()), layer: Some("fc1".into()), measure: "i_xt".into(),
//!     estimator: "width:cell=0.0078125".into(), value: 11.99, ceiling: Some(12.0), unit: "bits".into(),
//!     warnings: vec!["IP0301".into()], ..Row::default()
//! };
//! let lines = warnings_of(&[row]);
//! assert_eq!(
//!     lines[0].to_string(),
//!     "IP0301 layer fc1 at its ceiling: 11.99 of 12.00 bits, ib12-tanh, width 0.0078, 1 seed"
//! );
//! ```

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use infoplane_record::Row;
use infoplane_spec::Code;

use crate::verdict::{network_of, scale};

/// The codes of warnings on numbers.
pub const CODES: &[Code] = &[
    Code {
        code: "IP0301",
        title: "a value is at its ceiling",
        text: "The value exceeds 98 % of the largest value the data can show: log2 N for I(X;T), where N probe rows \
               can have at most N distinct states. Nearly every row then has a state of its own, and the number tells \
               how many rows there are, not what the layer keeps. Read no change between two such values. A coarser \
               scale (a larger width or noise variance) or a larger probe moves the value away from the ceiling.",
    },
    Code {
        code: "IP0302",
        title: "the bins do not fit the activations",
        text: "More than 1 % of the activations lie outside the bins (possible only under a named policy, `outside = \
               own` or `clip`; otherwise that is an error), or a unit uses fewer than 3 bins. A value from bins that \
               miss the data describes the bins. Choose `lo` and `hi` to cover the activations, or use `width:sweep`, \
               which needs no range.",
    },
    Code {
        code: "IP0303",
        title: "estimators disagree beyond their intervals",
        text: "Two estimators of one quantity on the same activations give values whose intervals over seeds do not \
               meet. The conclusion depends on the estimator: report both, or say which scale the question is about.",
    },
    Code {
        code: "IP0304",
        title: "fewer than three seeds",
        text: "An interval over seeds needs at least three trainings. With one or two the verdict counts seeds \
               (`2/2 seeds`) and gives no interval. Add seeds: `seeds = \"0..4\"` in [run].",
    },
    Code {
        code: "IP0305",
        title: "no null was computed",
        text: "No surrogates were drawn for this value, so it cannot be told from what the estimator shows on \
               independent data. Set `null = { kind = \"permute\", n = 200, at = \"all\" }` in [te].",
    },
    Code {
        code: "IP0306",
        title: "the smallest possible p lies above the threshold",
        text: "With n draws no p-value falls below 1/(n + 1), and adjusting over m tests multiplies it: if \
               m/(n + 1) is not below .05, no test that stands alone can be significant, whatever the data. (By \
               Benjamini and Hochberg's rule k tests that share the smallest p have q = m/(n + 1)/k.) Draw more \
               surrogates, at least 20 for each test.",
    },
    Code {
        code: "IP0307",
        title: "ties in a nearest-neighbour estimate",
        text: "Rows repeat, as in saturated layers or rounded data, and neighbour distances of zero bias the estimate. \
               The share of tied rows stands in the row. Prefer an estimator for discrete or mixed data there.",
    },
    Code {
        code: "IP0308",
        title: "I(X;T) of a deterministic network reflects the chosen bins or noise",
        text: "A network without noise maps each input to one activation vector. With continuous activations I(X;T) is \
               then infinite, or H(X) on a finite set; a finite value below that is a property of the bin width or of \
               the noise variance named beside it. Compare values at one scale only, and read how they change with the \
               scale.",
    },
    Code {
        code: "IP0309",
        title: "the series is too short for its symbols and histories",
        text: "With b symbols, histories k and l there are b^(k + l + 1) cells; when the rows do not far exceed them the \
               plug-in value is mostly bias, and expected counts below 5 leave the analytic p untrusted. Use a longer \
               window, fewer symbols or shorter histories.",
    },
    Code {
        code: "IP0310",
        title: "the window is not stationary",
        text: "The rates of the units change within the window, so counts of its beginning and end are mixed and the \
               change itself looks like transfer. Measure given a block (`given = [\"none\", \"block:256\"]`), or use \
               shorter windows.",
    },
    Code {
        code: "IP0311",
        title: "taps are missing",
        text: "A tap that the plan names gave no activations at this snapshot, so its rows are absent.",
    },
    Code {
        code: "IP0312",
        title: "the schedule was thinned",
        text: "Recording took more than its allowed share of time, so later snapshots were left out. Which ones are \
               absent depends on the clock; the manifest lists them.",
    },
    Code {
        code: "IP0313",
        title: "units never or always fire",
        text: "A unit whose symbol is constant carries no information: every pair with it has TE and coupling of \
               exactly 0, and lowers the mean over the layer pair. A threshold that silences most units makes a curve \
               of its own. Compare the rate of ones in the row, and choose another rule in `symbols`, such as \
               `binary:median`.",
    },
    Code {
        code: "IP0314",
        title: "a remark on the estimate",
        text: "The estimator has something to say about this value, such as a variable that follows from another without \
               any rest, so that their information is infinite and any number only shows the size of the sample. The \
               program says it in words beside the value.",
    },
    Code {
        code: "IP0315",
        title: "fewer different surrogates than draws",
        text: "The null has few ways to move the rows of this series: a circle of n rows has n - 1 shifts, two blocks have \
               one other order. Each counts once, however often it was drawn, so p does not fall below 1 over one more \
               than there are. Take a null with more orders (`permute`, shorter blocks) where its assumption holds, or \
               more data.",
    },
];

/// One warning in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Warning {
    /// The code, such as `IP0301`.
    pub code: String,
    /// The layer, layer pair or network it is about.
    pub place: String,
    /// What was found there, with numbers, units, network, scales and seeds.
    pub message: String,
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.code, self.message)
    }
}

/// Gathers the codes of `rows`: one warning for each code, network and, where the place matters, layer or pair.
pub fn warnings_of(rows: &[Row]) -> Vec<Warning> {
    let mut groups: BTreeMap<(&str, &str, String), Vec<&Row>> = BTreeMap::new();
    for row in rows {
        let network = network_of(row.run.as_deref().unwrap_or_default());
        for code in &row.warnings {
            let place = if is_local(code) { place_of(row) } else { String::new() };
            groups.entry((code, network, place)).or_default().push(row);
        }
    }
    groups.into_iter().map(|((code, network, _), rows)| gathered(code, network, &rows)).collect()
}

/// Whether each layer or pair has a line of its own.
fn is_local(code: &str) -> bool {
    matches!(code, "IP0301" | "IP0302" | "IP0313")
}

/// The layer or layer pair a row is about.
pub(crate) fn place_of(row: &Row) -> String {
    match (&row.layer, &row.source, &row.target) {
        (Some(layer), _, _) => format!("layer {layer}"),
        (None, Some(source), Some(target)) => format!("pair {source}→{target}"),
        _ => String::new(),
    }
}

fn gathered(code: &str, network: &str, rows: &[&Row]) -> Warning {
    let subjects = distinct(rows.iter().map(|row| place_of(row)));
    let place = few(&subjects);
    let network = network.rsplit('/').next().unwrap_or(network);
    let details = [network.to_owned(), few(&scales(rows)), seeds(rows)];
    let details: Vec<String> = details.into_iter().filter(|detail| !detail.is_empty()).collect();
    Warning {
        code: code.to_owned(),
        message: format!("{}, {}", found(code, &place, rows), details.join(", ")),
        place: if place.is_empty() { network.to_owned() } else { place },
    }
}

/// What the code says of these rows.
fn found(code: &str, place: &str, rows: &[&Row]) -> String {
    match code {
        "IP0301" => match rows.iter().max_by(|a, b| share(a).total_cmp(&share(b))) {
            Some(Row { value, ceiling: Some(ceiling), .. }) => {
                format!("{place} at its ceiling: {value:.2} of {ceiling:.2} bits")
            }
            _ => format!("{place} at its ceiling"),
        },
        "IP0302" => {
            format!("{place}: the bins miss more than 1 % of the activations, or a unit uses fewer than 3 bins")
        }
        "IP0313" => match rows.iter().max_by_key(|row| row.pairs_constant) {
            Some(row @ Row { pairs_constant: Some(constant), pairs: Some(pairs), .. }) => {
                let all =
                    format!("{place} has units that never or always fire: up to {constant} of {pairs} unit pairs");
                all + &rates(row)
            }
            _ => format!("{place} has units that never or always fire"),
        },
        _ => {
            let title = title_of(code);
            if place.is_empty() { title.to_owned() } else { format!("{title}: {place}") }
        }
    }
}

/// What a code means, in one line.
pub(crate) fn title_of(code: &str) -> &'static str {
    CODES.iter().find(|known| known.code == code).map_or("unknown warning", |known| known.title)
}

/// The rates of ones that silence a pair.
fn rates(row: &Row) -> String {
    match (row.rate_source, row.rate_target) {
        (Some(source), Some(target)) => format!(", mean rates of ones {source:.3} and {target:.3}"),
        _ => String::new(),
    }
}

fn share(row: &Row) -> f64 {
    row.ceiling.filter(|ceiling| *ceiling > 0.0).map_or(0.0, |ceiling| row.value / ceiling)
}

/// Where the rows were measured: the scales of layers, the axes of pairs.
fn scales(rows: &[&Row]) -> Vec<String> {
    distinct(rows.iter().map(|row| match (&row.layer, &row.time, &row.order) {
        (Some(_), _, _) => scale(&row.estimator),
        (None, Some(time), Some(order)) => format!("{time} in {order} order"),
        (None, time, _) => time.clone().unwrap_or_default(),
    }))
}

fn seeds(rows: &[&Row]) -> String {
    match rows.iter().map(|row| row.run.as_deref()).collect::<BTreeSet<_>>().len() {
        1 => "1 seed".to_owned(),
        seeds => format!("{seeds} seeds"),
    }
}

/// In order of appearance, empty texts left out.
fn distinct(texts: impl Iterator<Item = String>) -> Vec<String> {
    let mut known = BTreeSet::new();
    texts.filter(|text| !text.is_empty() && known.insert(text.clone())).collect()
}

/// Up to three items, then how many more.
fn few(items: &[String]) -> String {
    match items {
        [first, second, third, _, ..] => format!("{first}, {second}, {third} and {} more", items.len() - 3),
        items => items.join(", "),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(run: &str, layer: &str, estimator: &str, value: f64, codes: &[&str]) -> Row {
        Row {
            run: Some(run.to_owned()),
            layer: Some(layer.to_owned()),
            measure: "i_xt".to_owned(),
            estimator: estimator.to_owned(),
            value,
            ceiling: Some(12.0),
            unit: "bits".to_owned(),
            warnings: codes.iter().map(|&code| code.to_owned()).collect(),
            ..Row::default()
        }
    }

    #[test]
    fn codes_stand_in_order() {
        let codes: Vec<&str> = CODES.iter().map(|code| code.code).collect();
        let expected: Vec<String> = (301..=315).map(|number| format!("IP0{number}")).collect();
        assert_eq!(codes, expected);
        assert!(CODES.iter().all(|code| !code.title.ends_with('.') && code.text.ends_with('.')));
    }

    #[test]
    fn seeds_and_snapshots_share_a_line_and_scales_are_listed() {
        let rows = [
            row("demo/tanh-seed-0", "fc1", "width:cell=0.0078125", 11.9, &["IP0301"]),
            row("demo/tanh-seed-1", "fc1", "width:cell=0.0078125", 11.99, &["IP0301"]),
            row("demo/tanh-seed-1", "fc1", "width:cell=0.5", 11.8, &["IP0301", "IP0308"]),
            row("demo/tanh-seed-0", "fc2", "width:cell=0.5", 9.0, &["IP0308"]),
        ];
        let lines: Vec<String> = warnings_of(&rows).iter().map(ToString::to_string).collect();
        assert_eq!(
            lines,
            [
                "IP0301 layer fc1 at its ceiling: 11.99 of 12.00 bits, tanh, width 0.0078, width 0.5, 2 seeds",
                "IP0308 I(X;T) of a deterministic network reflects the chosen bins or noise: layer fc1, layer fc2, tanh, \
                 width 0.5, 2 seeds",
            ]
        );
    }

    #[test]
    fn constant_units_are_counted_by_pair() {
        let silent = Row {
            layer: None,
            source: Some("fc1".to_owned()),
            target: Some("fc2".to_owned()),
            measure: "te".to_owned(),
            time: Some("samples".to_owned()),
            order: Some("shuffled".to_owned()),
            pairs: Some(70),
            pairs_constant: Some(21),
            rate_source: Some(0.0),
            rate_target: Some(0.25),
            ..row("a/seed-0", "", "plugin", 0.0, &["IP0313"])
        };
        let found = &warnings_of(&[silent])[0];
        assert_eq!(found.place, "pair fc1→fc2");
        assert_eq!(
            found.message,
            "pair fc1→fc2 has units that never or always fire: up to 21 of 70 unit pairs, mean rates of ones 0.000 and \
             0.250, a, samples in shuffled order, 1 seed"
        );
    }

    #[test]
    fn no_codes_no_lines() {
        assert!(warnings_of(&[row("a", "fc1", "width:cell=1", 1.0, &[])]).is_empty());
    }
}
