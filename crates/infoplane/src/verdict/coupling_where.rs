//! Rule `coupling-where`: where does the coupling concentrate at the last snapshot?
//!
//! A seed names the layer pair of largest coupling I(y′; x | y⁻), once by value and once as a share of its
//! ceiling H(y′|y⁻), because wide layers and layers of low entropy cannot reach the same value. *Yes*: the same pair in
//! every seed, both by value and by share. *No*: the seeds name different pairs, by value and by share. *Unclear*
//! otherwise, and the sentence gives both.

use infoplane_record::Row;

use super::network::{Network, Pair, Place, Series, Trained, arrow};
use super::seeds::{self, Spread};
use super::{Answer, Mode, Verdict, words};

/// The strongest pair of one seed.
#[derive(Debug, Clone, PartialEq)]
struct Strongest {
    by_value: (String, f64),
    by_share: Option<(String, f64)>,
}

pub(super) fn rule(network: &Network<'_>) -> Vec<Verdict> {
    network.places("coupling").iter().filter_map(|place| at(network, place)).collect()
}

fn at(network: &Network<'_>, place: &Place) -> Option<Verdict> {
    let pairs = network.adjacent("coupling", place);
    let found: Vec<Strongest> = network.seeds.iter().filter_map(|seed| strongest(seed, place, &pairs)).collect();
    (!found.is_empty()).then(|| verdict(network, place, &found))
}

fn strongest(seed: &Trained<'_>, place: &Place, pairs: &[Pair]) -> Option<Strongest> {
    let last = |pair| seed.series(Series { measure: "coupling", place, given: None, pair }).last().copied();
    let rows: Vec<(String, &Row)> = pairs.iter().filter_map(|pair| Some((arrow(pair), last(pair)?))).collect();
    let by_value = largest(rows.iter().map(|(pair, row)| (pair.clone(), row.value)))?;
    let by_share = largest(rows.iter().filter_map(|(pair, row)| Some((pair.clone(), share(row)?))));
    Some(Strongest { by_value, by_share })
}

fn share(row: &Row) -> Option<f64> {
    row.ceiling.filter(|ceiling| *ceiling > 0.0).map(|ceiling| row.value / ceiling)
}

fn largest(pairs: impl Iterator<Item = (String, f64)>) -> Option<(String, f64)> {
    pairs.max_by(|a, b| a.1.total_cmp(&b.1))
}

/// The pair that every seed names, or each that some seed names.
fn named<'s>(names: impl Iterator<Item = &'s String>) -> Vec<String> {
    let mut distinct: Vec<String> = Vec::new();
    for name in names {
        if !distinct.contains(name) {
            distinct.push(name.clone());
        }
    }
    distinct
}

fn verdict(network: &Network<'_>, place: &Place, found: &[Strongest]) -> Verdict {
    let by_value = named(found.iter().map(|seed| &seed.by_value.0));
    let by_share = named(found.iter().filter_map(|seed| seed.by_share.as_ref()).map(|(pair, _)| pair));
    let answer = match (by_value.as_slice(), by_share.as_slice()) {
        ([value], [share]) if value == share => Answer::Yes,
        ([_, _, ..], [_, _, ..]) => Answer::No,
        _ => Answer::Unclear,
    };
    let spread = Spread::of(&found.iter().map(|seed| seed.by_value.1).collect::<Vec<_>>());
    let label = place.label();
    let finding = finding(answer, &by_value, &by_share);
    Verdict {
        rule: "coupling-where",
        network: network.name.clone(),
        subject: by_value.join(" or "),
        question: "where does coupling concentrate?".to_owned(),
        answer,
        mode: Mode::Corrected,
        sentence: sentence(&finding, &label, found, spread.as_ref()),
        finding,
        place: label,
        value: spread.map(|spread| spread.mean),
        lo: spread.and_then(|spread| spread.lo()),
        hi: spread.and_then(|spread| spread.hi()),
        seeds: found.len(),
        warnings: seeds::warnings(found.len()),
    }
}

fn finding(answer: Answer, by_value: &[String], by_share: &[String]) -> String {
    let or = |pairs: &[String]| pairs.join(" or ");
    match answer {
        Answer::Yes => format!("coupling is largest at {}, by value and by share of its ceiling", by_value[0]),
        Answer::No => format!("seeds disagree: {} by value, {} by share", or(by_value), or(by_share)),
        _ if by_share.is_empty() => format!("by value {}, no ceiling to compare with", or(by_value)),
        _ => format!("by value {}, by share {}", or(by_value), or(by_share)),
    }
}

fn sentence(finding: &str, place: &str, found: &[Strongest], spread: Option<&Spread>) -> String {
    let value = spread.map(words::spread).unwrap_or_default();
    let shares: Vec<f64> = found.iter().filter_map(|seed| Some(seed.by_share.as_ref()?.1)).collect();
    let share = Spread::of(&shares).map(|share| format!(", largest share {:.0} %", 100.0 * share.mean));
    let seeds = if found.len() == 1 { "seed" } else { "seeds" };
    let share = share.unwrap_or_default();
    format!("{finding} ({place}): largest value {value}{share} at the last snapshot, {} {seeds}", found.len())
}

#[cfg(test)]
mod tests {
    use super::super::made::coupling;
    use super::super::verdicts;
    use super::*;

    /// Two seeds, two pairs: (value, ceiling) of fc1→fc2 and of fc2→out.
    fn found(first: [(f64, f64); 2], second: [(f64, f64); 2]) -> Verdict {
        let mut rows = Vec::new();
        for (run, [one, two]) in [("a/seed-0", first), ("a/seed-1", second)] {
            rows.push(coupling(run, "fc1", "fc2", one.0, one.1));
            rows.push(coupling(run, "fc2", "out", two.0, two.1));
        }
        verdicts(&rows, &[]).into_iter().find(|verdict| verdict.rule == "coupling-where").unwrap()
    }

    #[test]
    fn one_pair_by_value_and_share_in_every_seed_is_yes() {
        let verdict = found([(0.1, 1.0), (0.8, 1.0)], [(0.2, 1.0), (0.6, 1.0)]);
        assert_eq!((verdict.answer, verdict.subject.as_str()), (Answer::Yes, "fc2→out"));
        assert!(verdict.sentence.contains("0.700 bits, largest share 70 %"), "{}", verdict.sentence);
    }

    #[test]
    fn different_pairs_over_seeds_are_no() {
        let verdict = found([(0.1, 1.0), (0.8, 1.0)], [(0.7, 1.0), (0.6, 1.0)]);
        assert_eq!((verdict.answer, verdict.subject.as_str()), (Answer::No, "fc2→out or fc1→fc2"));
    }

    #[test]
    fn value_and_share_apart_are_unclear_and_both_named() {
        let verdict = found([(0.5, 1.0), (0.2, 0.25)], [(0.5, 1.0), (0.2, 0.25)]);
        assert_eq!(verdict.answer, Answer::Unclear);
        assert!(verdict.finding.contains("by value fc1→fc2, by share fc2→out"), "{}", verdict.finding);
    }

    #[test]
    fn only_the_last_snapshot_counts() {
        let mut early = coupling("a/seed-0", "fc1", "fc2", 0.9, 1.0);
        early.step = Some(1);
        let rows = [early, coupling("a/seed-0", "fc1", "fc2", 0.1, 1.0), coupling("a/seed-0", "fc2", "out", 0.3, 1.0)];
        assert_eq!(verdicts(&rows, &[])[0].subject, "fc2→out");
    }
}
