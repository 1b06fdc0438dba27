//! The summary: one table row for each network.

use std::collections::BTreeSet;

use super::{Answer, Verdict, words};

/// Header of the summary.
const HEADER: [&str; 5] = [
    "network",
    "is lag-1 TE above its floor",
    "is it transfer (order and drift given)",
    "where does coupling concentrate",
    "does I(X;T) fall, at which scales",
];

/// A table of the verdicts: the header, then a row for each network.
pub fn summary(verdicts: &[Verdict]) -> Vec<Vec<String>> {
    let networks: BTreeSet<&str> = verdicts.iter().map(|verdict| verdict.network.as_str()).collect();
    let row = |network: &str| {
        let of = |rule| of(verdicts, network, rule);
        let name = network.rsplit('/').next().unwrap_or(network).to_owned();
        let left_out = of("left-out").len();
        let name = if left_out == 0 { name } else { format!("{name} ({left_out} run(s) at chance left out)") };
        vec![
            name,
            above(&of("above-floor")),
            transfer(&of("transfer")),
            coupling(&of("coupling-where")),
            falls(&of("i-xt-falls")),
        ]
    };
    std::iter::once(HEADER.map(str::to_owned).to_vec()).chain(networks.into_iter().map(row)).collect()
}

fn of<'v>(verdicts: &'v [Verdict], network: &str, rule: &str) -> Vec<&'v Verdict> {
    verdicts.iter().filter(|verdict| verdict.network == network && verdict.rule == rule).collect()
}

/// The places in order of appearance, each with its verdicts.
fn by_place<'v>(verdicts: &[&'v Verdict]) -> Vec<(&'v str, Vec<&'v Verdict>)> {
    let mut places: Vec<(&str, Vec<&Verdict>)> = Vec::new();
    for verdict in verdicts {
        match places.iter_mut().find(|(place, _)| *place == verdict.place) {
            Some((_, found)) => found.push(verdict),
            None => places.push((&verdict.place, vec![verdict])),
        }
    }
    places
}

fn above(verdicts: &[&Verdict]) -> String {
    cell(by_place(verdicts).into_iter().map(|(place, found)| {
        let yes = found.iter().filter(|verdict| verdict.answer == Answer::Yes).count();
        let open = found.iter().filter(|verdict| matches!(verdict.answer, Answer::Unclear | Answer::NoReading)).count();
        let answer = match yes {
            0 if open == 0 => "no".to_owned(),
            0 => format!("unclear in {open} of {}", words::counted(found.len(), "pair")),
            yes => format!("yes in {yes} of {}", words::counted(found.len(), "pair")),
        };
        format!("{place}: {answer}")
    }))
}

fn transfer(verdicts: &[&Verdict]) -> String {
    cell(by_place(verdicts).into_iter().map(|(place, found)| {
        let asked: Vec<&&Verdict> = found.iter().filter(|verdict| verdict.answer != Answer::NoReading).collect();
        let findings: BTreeSet<(Answer, &str)> =
            asked.iter().map(|verdict| (verdict.answer, verdict.finding.as_str())).collect();
        let count = |finding| asked.iter().filter(|verdict| verdict.finding == finding).count();
        let parts: Vec<String> = findings
            .iter()
            .map(|(answer, finding)| {
                format!("{answer} in {} of {} ({finding})", count(*finding), words::counted(asked.len(), "pair"))
            })
            .collect();
        format!("{place}: {}", if parts.is_empty() { "nothing to explain".to_owned() } else { parts.join(", ") })
    }))
}

/// The probe in shuffled order speaks for the coupling, else the first place.
fn coupling(verdicts: &[&Verdict]) -> String {
    let settled = verdicts.iter().find(|verdict| verdict.place.starts_with("probe, shuffled"));
    let chosen = settled.or(verdicts.first());
    chosen.map_or_else(unmeasured, |verdict| match verdict.answer {
        Answer::Yes => format!("{} ({} bits)", verdict.subject, words::bits(verdict.value.unwrap_or_default())),
        _ => verdict.finding.clone(),
    })
}

fn falls(verdicts: &[&Verdict]) -> String {
    if verdicts.is_empty() {
        return unmeasured();
    }
    let of = |answer| verdicts.iter().filter(move |verdict| verdict.answer == answer);
    let mut layers: Vec<(&str, Vec<String>)> = Vec::new();
    for verdict in of(Answer::Yes) {
        match layers.iter_mut().find(|(layer, _)| *layer == verdict.subject) {
            Some((_, scales)) => scales.push(verdict.place.clone()),
            None => layers.push((&verdict.subject, vec![verdict.place.clone()])),
        }
    }
    let mut parts: Vec<String> =
        layers.iter().map(|(layer, scales)| format!("{layer} falls at {}", joined(scales))).collect();
    for (answer, words) in [(Answer::No, "no fall"), (Answer::Unclear, "unclear"), (Answer::NoReading, "no reading")] {
        let count = of(answer).count();
        if count > 0 {
            parts.push(format!("{words} at {count} of {} layer scales", verdicts.len()));
        }
    }
    parts.join("; ")
}

/// `width 2, 0.5; 30 bins`: a repeated first word is written once.
fn joined(scales: &[String]) -> String {
    let mut text = String::new();
    let mut before = "";
    for scale in scales {
        let (kind, rest) = scale.rsplit_once(' ').filter(|(kind, _)| *kind == "width").unwrap_or(("", scale));
        let lead = if kind == before || kind.is_empty() { String::new() } else { format!("{kind} ") };
        let separator = if text.is_empty() { "" } else { ", " };
        text = format!("{text}{separator}{lead}{rest}");
        before = kind;
    }
    text
}

fn cell(parts: impl Iterator<Item = String>) -> String {
    let parts: Vec<String> = parts.collect();
    if parts.is_empty() { unmeasured() } else { parts.join("; ") }
}

fn unmeasured() -> String {
    "not measured".to_owned()
}

#[cfg(test)]
mod tests {
    use super::super::made::{by_class, coupling, given, i_xt, steady};
    use super::super::verdicts;
    use super::*;

    #[test]
    fn the_table_answers_four_questions_for_each_network() {
        let run = "demo/ib12-tanh-seed-0";
        let mut rows = steady(run, "fc1", "fc2", 0.0, 0.5);
        rows.extend(steady(run, "fc1", "fc2", 0.02, 0.005).into_iter().map(by_class));
        rows.extend(steady(run, "fc1", "fc2", 0.0, 0.5).into_iter().map(|row| given(by_class(row), "class")));
        rows.push(coupling(run, "fc1", "fc2", 0.5, 1.0));
        rows.extend(i_xt(run, "fc2", &[9.0, 8.0, 7.0]));
        rows.extend(i_xt(run, "fc1", &[9.0, 9.0, 9.0]));
        let table = summary(&verdicts(&rows, &[]));
        assert_eq!(table[0].len(), 5);
        assert_eq!(
            table[1],
            [
                "ib12-tanh",
                "probe, by-class order: yes in 1 of 1 pair; samples, shuffled order: no",
                "probe, by-class order: no in 1 of 1 pair (TE is carried by the class order); samples, shuffled order: \
                 nothing to explain",
                "fc1→fc2 (0.500 bits)",
                "fc2 falls at width 0.5; no fall at 1 of 2 layer scales",
            ]
        );
    }

    #[test]
    fn what_was_not_measured_is_said() {
        let table = summary(&verdicts(&i_xt("a/seed-0", "fc1", &[9.0, 9.0]), &[]));
        assert_eq!(table[1][1..4], ["not measured", "not measured", "not measured"]);
    }

    #[test]
    fn widths_share_their_word() {
        let scales = ["width 0.5", "width 0.25", "30 bins"].map(str::to_owned);
        assert_eq!(joined(&scales), "width 0.5, 0.25, 30 bins");
    }
}
