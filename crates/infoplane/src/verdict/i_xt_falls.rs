//! Rule `i-xt-falls`: does I(X;T) of a layer fall, at the scale of one estimator?
//!
//! A seed reads change = last − highest since epoch 1. *Yes*: below −max(0.1 bit, 3·s) in every seed, s the standard
//! deviation of the successive changes over the last quarter of the snapshots. *No*: above −0.05 bit in every seed.
//! *Unclear* between. *No reading* where, in every seed, both ends are at the ceiling (above 98 % of it): there the
//! data cannot show a change. With one end at the ceiling the fall is at least the number given.
//!
//! Where one layer falls at one scale and does not at another, with intervals apart, both carry IP0303.

use std::collections::BTreeSet;

use infoplane_record::Row;

use super::network::{Network, Trained};
use super::seeds::{self, Spread, sd};
use super::{Answer, Mode, Verdict, words};

const SMALLEST_FALL: f64 = 0.1;
const NO_FALL: f64 = 0.05;
const AT_CEILING: f64 = 0.98;

/// One seed's change.
#[derive(Debug, Clone, Copy)]
struct Change {
    bits: f64,
    limit: f64,
    highest_at_ceiling: bool,
    last_at_ceiling: bool,
}

pub(super) fn rule(network: &Network<'_>) -> Vec<Verdict> {
    let subjects =
        network.rows().filter(|row| is_i_xt(row)).filter_map(|row| Some((row.layer.as_deref()?, &*row.estimator)));
    let mut known = BTreeSet::new();
    let in_first_order = subjects.filter(|subject| known.insert(*subject)).collect::<Vec<_>>();
    let mut found: Vec<Verdict> =
        in_first_order.into_iter().map(|(layer, estimator)| verdict(network, layer, estimator)).collect();
    let disagreeing: Vec<bool> = found.iter().map(|one| found.iter().any(|other| disagree(one, other))).collect();
    for (verdict, _) in found.iter_mut().zip(disagreeing).filter(|(_, disagrees)| *disagrees) {
        verdict.warnings.push("IP0303".to_owned());
    }
    found
}

/// Whether two scales of one layer answer yes and no, with intervals (where there are any) apart.
fn disagree(one: &Verdict, other: &Verdict) -> bool {
    let apart = |low: &Verdict, high: &Verdict| low.hi.zip(high.lo).is_none_or(|(end, begin)| end < begin);
    one.subject == other.subject
        && match (one.answer, other.answer) {
            (Answer::Yes, Answer::No) => apart(one, other),
            (Answer::No, Answer::Yes) => apart(other, one),
            _ => false,
        }
}

fn is_i_xt(row: &Row) -> bool {
    row.measure == "i_xt"
}

fn change(seed: &Trained<'_>, layer: &str, estimator: &str) -> Option<Change> {
    let mut rows: Vec<&Row> = seed
        .rows
        .iter()
        .copied()
        .filter(|row| is_i_xt(row) && row.layer.as_deref() == Some(layer) && row.estimator == estimator)
        .filter(|row| row.epoch.is_some_and(|epoch| epoch >= 1.0))
        .collect();
    rows.sort_by_key(|row| row.step);
    let (last, highest) = (rows.last()?, rows.iter().max_by(|a, b| a.value.total_cmp(&b.value))?);
    (rows.len() > 1).then(|| Change {
        bits: last.value - highest.value,
        limit: SMALLEST_FALL.max(3.0 * late_noise(&rows)),
        highest_at_ceiling: at_ceiling(highest),
        last_at_ceiling: at_ceiling(last),
    })
}

/// Standard deviation of the successive changes over the last quarter of the snapshots.
fn late_noise(rows: &[&Row]) -> f64 {
    let late = &rows[rows.len() - rows.len().div_ceil(4).max(2)..];
    let changes: Vec<f64> = late.windows(2).map(|two| two[1].value - two[0].value).collect();
    sd(&changes)
}

fn at_ceiling(row: &Row) -> bool {
    row.badge.as_deref() == Some("at-ceiling") || row.ceiling.is_some_and(|ceiling| row.value > AT_CEILING * ceiling)
}

impl Change {
    fn vote(&self) -> Option<bool> {
        match self.bits {
            _ if self.hidden() => None,
            bits if bits < -self.limit => Some(true),
            bits if bits > -NO_FALL => Some(false),
            _ => None,
        }
    }

    fn hidden(&self) -> bool {
        self.highest_at_ceiling && self.last_at_ceiling
    }
}

fn verdict(network: &Network<'_>, layer: &str, estimator: &str) -> Verdict {
    let changes: Vec<Change> = network.seeds.iter().filter_map(|seed| change(seed, layer, estimator)).collect();
    let votes: Vec<Option<bool>> = changes.iter().map(Change::vote).collect();
    let hidden = changes.iter().all(Change::hidden);
    let answer = if hidden { Answer::NoReading } else { seeds::answer(&votes) };
    let spread = Spread::of(&changes.iter().map(|change| change.bits).collect::<Vec<_>>());
    let mut warnings = seeds::warnings(changes.len());
    if changes.iter().any(|change| change.highest_at_ceiling || change.last_at_ceiling) {
        warnings.push("IP0301".to_owned());
    }
    let place = words::scale(estimator);
    Verdict {
        rule: "i-xt-falls",
        network: network.name.clone(),
        subject: layer.to_owned(),
        question: "does I(X;T) fall?".to_owned(),
        answer,
        mode: Mode::Corrected,
        finding: finding(answer, changes.is_empty()).to_owned(),
        sentence: sentence(layer, &place, answer, &changes, &votes),
        place,
        value: spread.map(|spread| spread.mean),
        lo: spread.and_then(|spread| spread.lo()),
        hi: spread.and_then(|spread| spread.hi()),
        seeds: changes.len(),
        warnings,
    }
}

fn finding(answer: Answer, too_short: bool) -> &'static str {
    match answer {
        Answer::Yes => "I(X;T) falls",
        Answer::No => "I(X;T) does not fall",
        Answer::Unclear => "unclear whether I(X;T) falls",
        Answer::NoReading if too_short => "too few snapshots since epoch 1",
        Answer::NoReading => "no reading at the ceiling",
    }
}

fn sentence(layer: &str, place: &str, answer: Answer, changes: &[Change], votes: &[Option<bool>]) -> String {
    let Some(spread) = Spread::of(&changes.iter().map(|change| change.bits).collect::<Vec<_>>()) else {
        return format!("I(X;T) of {layer} at {place}: fewer than two snapshots since epoch 1, no reading");
    };
    let at_least = if changes.iter().any(|change| change.highest_at_ceiling) { "at least " } else { "" };
    let (by, seeds) = (words::spread(&spread), seeds::count(votes, answer));
    match answer {
        Answer::Yes => format!("I(X;T) of {layer} falls at {place}: by {at_least}{by} from its highest, {seeds}"),
        Answer::No => format!("I(X;T) of {layer} does not fall at {place}: {by} from its highest, {seeds}"),
        Answer::Unclear => format!("I(X;T) of {layer} at {place} falls in {seeds}: {by} from its highest"),
        Answer::NoReading => {
            format!("I(X;T) of {layer} at {place} is at its ceiling at both ends: read no change there")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::made::i_xt;
    use super::super::verdicts;
    use super::*;

    fn found(first: &[f64], second: &[f64]) -> Verdict {
        let rows: Vec<Row> = [i_xt("a/seed-0", "fc3", first), i_xt("a/seed-1", "fc3", second)].concat();
        verdicts(&rows, &[]).remove(0)
    }

    #[test]
    fn a_fall_in_every_seed_is_yes() {
        let verdict = found(&[8.0, 9.0, 8.0, 7.0], &[8.0, 9.2, 8.0, 7.0]);
        assert_eq!(verdict.answer, Answer::Yes);
        assert!(verdict.sentence.contains("falls at width 0.5: by −2.10 bits from its highest, 2/2 seeds"));
        assert_eq!(verdict.warnings, ["IP0304"]);
    }

    #[test]
    fn a_rise_or_a_standstill_in_every_seed_is_no() {
        assert_eq!(found(&[8.0, 9.0, 9.5, 9.49], &[8.0, 9.0, 9.5, 9.5]).answer, Answer::No);
    }

    #[test]
    fn seeds_that_disagree_and_small_falls_are_unclear() {
        assert_eq!(found(&[8.0, 9.0, 8.0, 7.0], &[8.0, 9.0, 9.5, 9.5]).answer, Answer::Unclear);
        assert_eq!(found(&[9.0, 8.93], &[9.0, 8.93]).answer, Answer::Unclear);
    }

    #[test]
    fn a_fall_within_the_late_noise_is_not_called_one() {
        // Last quarter 9.4 8.6 9.4 8.6: changes −0.8, 0.8, −0.8; s = 0.92, three of them exceed the fall of 0.8.
        let noisy = [[9.0; 12].as_slice(), &[9.4, 8.6, 9.4, 8.6]].concat();
        assert_eq!(found(&noisy, &noisy).answer, Answer::Unclear);
    }

    #[test]
    fn both_ends_at_the_ceiling_give_no_reading() {
        let verdict = found(&[11.99, 12.0, 11.8], &[12.0, 12.0, 12.0]);
        assert_eq!((verdict.answer, verdict.finding.as_str()), (Answer::NoReading, "no reading at the ceiling"));
        assert_eq!(verdict.warnings, ["IP0304", "IP0301"]);
        let verdict = found(&[12.0, 9.0], &[12.0, 9.0]);
        assert!(verdict.answer == Answer::Yes && verdict.sentence.contains("at least −3.00 bits"), "{verdict:?}");
    }

    #[test]
    fn what_stands_before_epoch_1_does_not_count() {
        let mut rows = i_xt("a/seed-0", "fc3", &[11.0, 8.0, 8.0, 8.0]);
        rows[0].epoch = Some(0.0);
        assert_eq!(verdicts(&rows, &[])[0].answer, Answer::No);
    }

    #[test]
    fn scales_that_answer_yes_and_no_say_that_they_disagree() {
        let mut rows = i_xt("a/seed-0", "fc3", &[9.0, 7.0]);
        let finer = i_xt("a/seed-0", "fc3", &[9.0, 9.0]);
        rows.extend(finer.into_iter().map(|row| Row { estimator: "width:cell=0.25".to_owned(), ..row }));
        rows.extend(i_xt("a/seed-0", "fc4", &[9.0, 9.0]));
        let warned = |verdict: &Verdict| verdict.warnings.contains(&"IP0303".to_owned());
        let found: Vec<(String, bool)> =
            verdicts(&rows, &[]).iter().map(|verdict| (verdict.subject.clone(), warned(verdict))).collect();
        let expected = [("fc3", true), ("fc3", true), ("fc4", false)].map(|(layer, warned)| (layer.to_owned(), warned));
        assert_eq!(found, expected);
    }
}
