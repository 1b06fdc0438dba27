//! Rule `as-published`: is TE highest in the last layer pair, does it fall during training, does it follow accuracy?
//!
//! Asked of the raw mean TE (as published) and, beside it, of the effective TE (corrected), on the axis `samples` where
//! it was measured, else on the probe. In one seed, over its snapshots: *highest*: the last pair in forward order has
//! the largest mean; *falls*: the last pair's mean over the last quarter lies below that over the first; *follows*:
//! the rank correlation of the last pair with test accuracy (training accuracy without a test split) is at least 0.5
//! in size. *Yes*: all three in every seed. *No*: in no seed. When the two reports disagree one sentence says why.

use infoplane_record::{Metrics, Row};

use super::network::{Network, Pair, Place, Series, Trained, arrow, later_half};
use super::rank::correlation;
use super::seeds::{self, Spread, mean};
use super::{Answer, Mode, Verdict, words};

/// Fewest snapshots whose quarters differ.
const SNAPSHOTS: usize = 4;
const FOLLOWS: f64 = 0.5;

/// The three claims in one seed.
#[derive(Debug, Clone, PartialEq)]
struct Claims {
    highest: bool,
    falls: bool,
    follows: bool,
    correlation: f64,
    /// The last pair's mean value.
    level: f64,
}

/// A report of one place: what each seed that can be judged shows.
struct Report<'n> {
    network: &'n Network<'n>,
    place: &'n Place,
    pairs: &'n [Pair],
    mode: Mode,
    claims: Vec<Claims>,
}

pub(super) fn rule(network: &Network<'_>) -> Vec<Verdict> {
    let places = network.places("te");
    let on_stream = places.iter().any(|place| place.time == "samples");
    places.iter().filter(|place| !on_stream || place.time == "samples").flat_map(|place| at(network, place)).collect()
}

fn at(network: &Network<'_>, place: &Place) -> Vec<Verdict> {
    let pairs = network.adjacent("te", place);
    let report = |mode| {
        let claims = network.seeds.iter().filter_map(|seed| claims(seed, place, &pairs, mode)).collect();
        Report { network, place, pairs: &pairs, mode, claims }
    };
    let (raw, corrected) = (report(Mode::Published), report(Mode::Corrected));
    if raw.claims.is_empty() {
        return Vec::new();
    }
    let reason = raw.disagreement(&corrected);
    vec![raw.verdict(None), corrected.verdict(reason)]
}

/// Judges one seed; none with too few snapshots, without accuracy or, corrected, without draws.
fn claims(seed: &Trained<'_>, place: &Place, pairs: &[Pair], mode: Mode) -> Option<Claims> {
    let series = |pair| seed.series(Series { measure: "te", place, given: None, pair });
    let read = |row: &Row| if mode == Mode::Published { Some(row.value) } else { row.effective };
    let values = |pair| -> Vec<(u64, f64)> {
        series(pair).into_iter().filter_map(|row| Some((row.step?, read(row)?))).collect()
    };
    let by_pair: Vec<Vec<(u64, f64)>> = pairs.iter().map(values).collect();
    let last = by_pair.last().filter(|last| last.len() >= SNAPSHOTS)?;
    let accuracy: Vec<f64> = last.iter().map(|(step, _)| accuracy(&seed.metrics, *step)).collect::<Option<_>>()?;
    let level = |series: &[(u64, f64)]| mean(&series.iter().map(|(_, value)| *value).collect::<Vec<_>>());
    let quarter = last.len().div_ceil(4);
    let numbers: Vec<f64> = last.iter().map(|(_, value)| *value).collect();
    let correlation = correlation(&numbers, &accuracy).unwrap_or(0.0);
    Some(Claims {
        highest: by_pair.iter().filter(|series| !series.is_empty()).all(|series| level(series) <= level(last)),
        falls: level(&last[last.len() - quarter..]) < level(&last[..quarter]),
        follows: correlation.abs() >= FOLLOWS,
        correlation,
        level: level(last),
    })
}

/// Accuracy at the nearest metrics line that has one (a line that only commits a stream has none).
fn accuracy(metrics: &[&Metrics], step: u64) -> Option<f64> {
    let known = metrics.iter().filter_map(|line| Some((line.step.abs_diff(step), line.test_acc.or(line.train_acc)?)));
    known.min_by_key(|(distance, _)| *distance).map(|(_, accuracy)| accuracy)
}

impl Claims {
    fn all(&self) -> bool {
        self.highest && self.falls && self.follows
    }
}

impl Report<'_> {
    fn answer(&self) -> Answer {
        seeds::answer(&self.claims.iter().map(|claims| Some(claims.all())).collect::<Vec<_>>())
    }

    /// Why the corrected report says something else, if it does.
    fn disagreement(&self, corrected: &Self) -> Option<String> {
        let (raw, other) = (self.answer(), corrected.answer());
        (raw != other && other != Answer::NoReading).then(|| self.reason())
    }

    fn reason(&self) -> String {
        let Some(pair) = self.pairs.last() else { return String::new() };
        let levels = self.late_levels(pair);
        let (raw, floor, null) = (
            mean_of(&levels, |row| row.value),
            mean_of_some(&levels, |row| row.floor),
            mean_of_some(&levels, |row| row.null_mean),
        );
        let n = levels.last().map_or(0, |row| row.n);
        match (floor, null) {
            (Some(floor), _) if floor > 0.0 && (raw / floor - 1.0).abs() <= 0.5 => format!(
                "the raw curve of {} is the plug-in's own floor: {} bits where independence gives {} (1/(N ln 2) a pair \
                 of two-valued units, N = {n})",
                arrow(pair),
                words::bits(raw),
                words::bits(floor)
            ),
            (_, Some(null)) => format!(
                "of the raw {} bits of {} the surrogates reach {}, and what they reach differs between pairs and over \
                 training",
                words::bits(raw),
                arrow(pair),
                words::bits(null)
            ),
            _ => "the surrogates' level differs between pairs and over training".to_owned(),
        }
    }

    /// The last pair's rows of the later half, over seeds.
    fn late_levels(&self, pair: &Pair) -> Vec<&Row> {
        let series = Series { measure: "te", place: self.place, given: None, pair };
        self.network.seeds.iter().flat_map(|seed| later_half(&seed.series(series)).to_vec()).collect()
    }

    fn verdict(&self, reason: Option<String>) -> Verdict {
        let spread = Spread::of(&self.claims.iter().map(|claims| claims.level).collect::<Vec<_>>());
        let answer = self.answer();
        let mut warnings = seeds::warnings(self.network.seeds.len());
        if answer == Answer::NoReading {
            warnings.push("IP0305".to_owned());
        }
        Verdict {
            rule: "as-published",
            network: self.network.name.clone(),
            subject: self.pairs.last().map(arrow).unwrap_or_default(),
            place: self.place.label(),
            question: "is TE highest in the last pair, falling, and following accuracy?".to_owned(),
            answer,
            mode: self.mode,
            finding: match answer {
                Answer::Yes => "TE is highest in the last pair, falls and follows accuracy",
                Answer::No => "TE does not do all three of the published",
                Answer::Unclear => "seeds disagree about the published pattern",
                Answer::NoReading => "no surrogates were drawn",
            }
            .to_owned(),
            sentence: self.sentence(reason),
            value: spread.map(|spread| spread.mean),
            lo: spread.and_then(|spread| spread.lo()),
            hi: spread.and_then(|spread| spread.hi()),
            seeds: self.claims.len(),
            warnings,
        }
    }

    fn sentence(&self, reason: Option<String>) -> String {
        let kind = if self.mode == Mode::Published { "raw mean TE" } else { "effective TE" };
        if self.claims.is_empty() {
            return format!("{kind} cannot be judged ({}): no surrogates were drawn", self.place.label());
        }
        let votes = |claim: fn(&Claims) -> bool| -> String {
            let votes: Vec<Option<bool>> = self.claims.iter().map(|claims| Some(claim(claims))).collect();
            seeds::count(&votes, Answer::Yes)
        };
        let correlation = mean(&self.claims.iter().map(|claims| claims.correlation).collect::<Vec<_>>());
        let pair = self.pairs.last().map(arrow).unwrap_or_default();
        let sentence = format!(
            "{kind} ({}) is highest in the last pair, {pair}, in {}; it falls there in {}; it follows accuracy in {} \
             (mean rank correlation {})",
            self.place.label(),
            votes(|claims| claims.highest),
            votes(|claims| claims.falls),
            votes(|claims| claims.follows),
            format!("{correlation:.2}").replacen('-', "−", 1)
        );
        reason.map_or(sentence.clone(), |reason| format!("{sentence}. The two reports disagree: {reason}"))
    }
}

fn mean_of(rows: &[&Row], read: fn(&Row) -> f64) -> f64 {
    mean(&rows.iter().map(|row| read(row)).collect::<Vec<_>>())
}

fn mean_of_some(rows: &[&Row], read: fn(&Row) -> Option<f64>) -> Option<f64> {
    let values: Vec<f64> = rows.iter().filter_map(|row| read(row)).collect();
    (!values.is_empty()).then(|| mean(&values))
}

#[cfg(test)]
mod tests {
    use super::super::made::{accuracy as line, drawn, te};
    use super::super::verdicts;
    use super::*;

    /// Raw values of the first and the last pair over four snapshots, the floor of both, rising accuracy.
    fn found(run: &str, first: [f64; 4], last: [f64; 4], floor: f64) -> (Vec<Row>, Vec<(String, Metrics)>) {
        let mut rows = Vec::new();
        for (index, step) in [1, 2, 5, 10].into_iter().enumerate() {
            for (source, target, value) in [("input", "fc1", first[index]), ("fc1", "out", last[index])] {
                rows.push(drawn(te(run, source, target, step, value), value - floor, 0.5));
            }
        }
        (rows, [1, 2, 5, 10].map(|step| line(run, step, 0.5 + 0.04 * step as f64)).into())
    }

    fn judged(rows: &[Row], metrics: &[(String, Metrics)]) -> Vec<Verdict> {
        verdicts(rows, metrics).into_iter().filter(|verdict| verdict.rule == "as-published").collect()
    }

    #[test]
    fn the_published_pattern_is_yes_in_both_reports() {
        let (rows, metrics) = found("a/seed-0", [0.01; 4], [0.1, 0.08, 0.06, 0.04], 0.0003);
        let both = judged(&rows, &metrics);
        assert_eq!((both[0].mode, both[0].answer), (Mode::Published, Answer::Yes));
        assert_eq!((both[1].mode, both[1].answer), (Mode::Corrected, Answer::Yes));
        assert!(both[0].sentence.contains("mean rank correlation −1.00"), "{}", both[0].sentence);
    }

    #[test]
    fn a_curve_of_floors_is_yes_as_published_and_the_reason_is_given() {
        // The floor falls with the curve (units fall silent), what is left does not.
        let (mut rows, metrics) = found("a/seed-0", [0.0001; 4], [6e-4, 5e-4, 4e-4, 3e-4], 0.0);
        for row in rows.iter_mut().filter(|row| row.target.as_deref() == Some("out")) {
            row.floor = Some(row.value);
            row.null_mean = Some(row.value);
            row.effective = Some(0.0);
        }
        let both = judged(&rows, &metrics);
        assert_eq!((both[0].answer, both[1].answer), (Answer::Yes, Answer::No));
        assert!(both[1].sentence.contains("is the plug-in's own floor"), "{}", both[1].sentence);
        assert!(!both[0].sentence.contains("disagree"));
    }

    #[test]
    fn another_pair_on_top_is_no_and_seeds_that_disagree_are_unclear() {
        let (mut rows, mut metrics) = found("a/seed-0", [0.2; 4], [0.1, 0.08, 0.06, 0.04], 0.0003);
        assert_eq!(judged(&rows, &metrics)[0].answer, Answer::No);
        let (more, lines) = found("a/seed-1", [0.01; 4], [0.1, 0.08, 0.06, 0.04], 0.0003);
        rows.extend(more);
        metrics.extend(lines);
        let both = judged(&rows, &metrics);
        assert_eq!(both[0].answer, Answer::Unclear);
        assert!(both[0].sentence.contains("in 1/2 seeds"), "{}", both[0].sentence);
    }

    #[test]
    fn lines_without_accuracy_are_passed_over() {
        let (rows, mut metrics) = found("a/seed-0", [0.01; 4], [0.1, 0.08, 0.06, 0.04], 0.0003);
        metrics.push(("a/seed-0".to_owned(), Metrics { step: 4, ..Metrics::default() }));
        assert_eq!(judged(&rows, &metrics)[0].answer, Answer::Yes);
        assert!(judged(&rows, &[]).is_empty());
    }

    #[test]
    fn without_draws_the_corrected_report_has_no_reading() {
        let (mut rows, metrics) = found("a/seed-0", [0.01; 4], [0.1, 0.08, 0.06, 0.04], 0.0003);
        for row in &mut rows {
            row.effective = None;
        }
        let both = judged(&rows, &metrics);
        assert_eq!((both[0].answer, both[1].answer), (Answer::Yes, Answer::NoReading));
    }
}
