//! Rule `above-floor`: is lag-1 TE above its floor, for a layer pair on one time axis in one order of the samples?
//!
//! A seed reads, over the later half of its snapshots, the mean of the effective TE (value − mean of the surrogates)
//! and the median of the p-values by the draws; the medians of all pairs of the seed are adjusted by Holm. *Yes*: in
//! every seed the effective TE is positive and p < .05. *No*: p ≥ .05 in every seed. The median is exact where the
//! snapshots share their fate (a fixed probe order) and cautious where they do not. *No reading* without draws
//! (IP0305), and where the draws are too few for any p < .05 after Holm (IP0306).

use infoplane_measures::holm;
use infoplane_record::Row;

use super::network::{Network, Pair, Place, Series, Trained, arrow, later_half};
use super::seeds::{self, Spread, mean};
use super::{Answer, Mode, Verdict, words};

const LEVEL: f64 = 0.05;

/// What one pair shows over the seeds.
#[derive(Debug)]
pub(super) struct Above {
    pub(super) pair: Pair,
    pub(super) answer: Answer,
    votes: Vec<Option<bool>>,
    effective: Vec<f64>,
    /// After Holm, one per seed that was tested.
    p: Vec<f64>,
    /// Pairs in the family.
    family: usize,
    /// Fewest draws of a test; none without draws.
    draws: Option<u32>,
}

/// One seed's later half of one series.
#[derive(Debug, Clone, Copy)]
struct Reading {
    effective: f64,
    p: f64,
    draws: u32,
}

pub(super) fn rule(network: &Network<'_>) -> Vec<Verdict> {
    let at = |place: Place| above(network, &place, None).into_iter().map(move |above| verdict(network, &place, &above));
    network.places("te").into_iter().flat_map(|place| at(place).collect::<Vec<_>>()).collect()
}

/// Applies the rule to every pair at `place`, as measured given `given`.
pub(super) fn above(network: &Network<'_>, place: &Place, given: Option<&str>) -> Vec<Above> {
    let pairs = network.pairs("te", place);
    let read = |seed: &Trained<'_>| -> Vec<Option<Reading>> {
        let series = |pair| seed.series(Series { measure: "te", place, given, pair });
        adjusted(pairs.iter().map(|pair| reading(later_half(&series(pair)))).collect())
    };
    let by_seed: Vec<Vec<Option<Reading>>> = network.seeds.iter().map(read).collect();
    let family = by_seed.iter().map(|readings| readings.iter().flatten().count()).max().unwrap_or(0);
    let column = |index: usize| by_seed.iter().map(move |readings| readings[index]).collect::<Vec<_>>();
    pairs.iter().enumerate().map(|(index, pair)| Above::of(pair.clone(), &column(index), family)).collect()
}

fn reading(rows: &[&Row]) -> Option<Reading> {
    let tested: Vec<(f64, f64, u32)> = rows.iter().filter_map(|row| tested(row)).collect();
    if tested.is_empty() {
        return None;
    }
    let effective: Vec<f64> = tested.iter().map(|(effective, _, _)| *effective).collect();
    let mut p: Vec<f64> = tested.iter().map(|(_, p, _)| *p).collect();
    p.sort_by(f64::total_cmp);
    let draws = tested.iter().map(|(_, _, draws)| *draws).min()?;
    Some(Reading { effective: mean(&effective), p: p[p.len() / 2], draws })
}

/// Effective value, p and draws of a row that was tested by draws.
fn tested(row: &Row) -> Option<(f64, f64, u32)> {
    let by_draws = row.p_from.as_deref().is_none_or(|from| from == "draws");
    Some((row.effective?, row.p.filter(|_| by_draws)?, row.draws?))
}

/// Holm over the pairs of one seed.
fn adjusted(mut readings: Vec<Option<Reading>>) -> Vec<Option<Reading>> {
    let p: Vec<f64> = readings.iter().flatten().map(|reading| reading.p).collect();
    for (reading, p) in readings.iter_mut().flatten().zip(holm(&p)) {
        reading.p = p;
    }
    readings
}

impl Reading {
    fn vote(self) -> Option<bool> {
        match self {
            Reading { p, .. } if p >= LEVEL => Some(false),
            Reading { effective, .. } if effective > 0.0 => Some(true),
            _ => None,
        }
    }
}

impl Above {
    fn of(pair: Pair, readings: &[Option<Reading>], family: usize) -> Self {
        let votes: Vec<Option<bool>> = readings.iter().map(|reading| reading.and_then(Reading::vote)).collect();
        let found = || readings.iter().flatten();
        let draws = found().map(|reading| reading.draws).min();
        let reachable = draws.is_some_and(|draws| smallest_p(family, draws) < LEVEL);
        Self {
            pair,
            answer: if reachable { seeds::answer(&votes) } else { Answer::NoReading },
            votes,
            effective: found().map(|reading| reading.effective).collect(),
            p: found().map(|reading| reading.p).collect(),
            family,
            draws,
        }
    }

    pub(super) fn spread(&self) -> Option<Spread> {
        Spread::of(&self.effective)
    }

    /// Seeds in which the pair is above the floor, of all.
    pub(super) fn yes_seeds(&self) -> String {
        seeds::count(&self.votes, Answer::Yes)
    }

    fn warnings(&self) -> Vec<String> {
        let mut warnings = seeds::warnings(self.votes.len());
        match self.draws {
            None => warnings.push("IP0305".to_owned()),
            Some(_) if self.answer == Answer::NoReading => warnings.push("IP0306".to_owned()),
            Some(_) => {}
        }
        warnings
    }

    fn sentence(&self, place: &str) -> String {
        let (pair, seeds) = (arrow(&self.pair), seeds::count(&self.votes, self.answer));
        let effective = self.spread().map(|spread| words::spread(&spread)).unwrap_or_default();
        let over = |p: f64| format!("p = {} after Holm over {}", words::p(p), words::counted(self.family, "pair"));
        let extreme = |pick: fn(f64, f64) -> f64| self.p.iter().copied().reduce(pick).unwrap_or(1.0);
        match self.answer {
            Answer::Yes => format!(
                "TE {pair} is above its floor ({place}): {effective} above the surrogates, {}, {seeds}",
                over(extreme(f64::max))
            ),
            Answer::No => format!(
                "TE {pair} is not above its floor ({place}): {effective} beside the surrogates, {}, {seeds}; the raw \
                 value is consistent with the estimator's own bias",
                over(extreme(f64::min))
            ),
            Answer::Unclear => {
                format!("TE {pair} is above its floor in {seeds} only ({place}): {effective} beside the surrogates")
            }
            Answer::NoReading => self.untested(&pair, place),
        }
    }

    fn untested(&self, pair: &str, place: &str) -> String {
        match self.draws {
            None => format!("TE {pair} was not tested ({place}): no surrogates were drawn"),
            Some(draws) => format!(
                "TE {pair} cannot be tested ({place}): {draws} draws over {} give no p below {}; at least {} draws are \
                 needed",
                words::counted(self.family, "pair"),
                words::p(smallest_p(self.family, draws)),
                20 * self.family
            ),
        }
    }
}

/// The smallest p that Holm can leave: family / (draws + 1).
fn smallest_p(family: usize, draws: u32) -> f64 {
    (family as f64 / (f64::from(draws) + 1.0)).min(1.0)
}

fn verdict(network: &Network<'_>, place: &Place, above: &Above) -> Verdict {
    let (spread, label) = (above.spread(), place.label());
    Verdict {
        rule: "above-floor",
        network: network.name.clone(),
        subject: arrow(&above.pair),
        question: "is lag-1 TE above its floor?".to_owned(),
        answer: above.answer,
        mode: Mode::Corrected,
        finding: match above.answer {
            Answer::Yes => "lag-1 TE is above its floor",
            Answer::No => "lag-1 TE is not above its floor",
            Answer::Unclear => "seeds disagree whether lag-1 TE is above its floor",
            Answer::NoReading => "lag-1 TE is not tested",
        }
        .to_owned(),
        sentence: above.sentence(&label),
        place: label,
        value: spread.map(|spread| spread.mean),
        lo: spread.and_then(|spread| spread.lo()),
        hi: spread.and_then(|spread| spread.hi()),
        seeds: above.votes.len(),
        warnings: above.warnings(),
    }
}

#[cfg(test)]
mod tests {
    use infoplane_spec::{below, stream};

    use super::super::made::{drawn, steady, te};
    use super::super::verdicts;
    use super::*;

    fn answers(rows: &[Row]) -> Vec<(String, Answer)> {
        let found = verdicts(rows, &[]).into_iter().filter(|verdict| verdict.rule == "above-floor");
        found.map(|verdict| (verdict.subject, verdict.answer)).collect()
    }

    fn two_seeds(first: (f64, f64), second: (f64, f64)) -> Vec<Row> {
        let (mut rows, others) =
            (steady("a/seed-0", "fc1", "fc2", first.0, first.1), steady("a/seed-1", "fc1", "fc2", second.0, second.1));
        rows.extend(others);
        rows
    }

    #[test]
    fn yes_and_no_need_every_seed() {
        let answer = |first, second| answers(&two_seeds(first, second))[0].1;
        assert_eq!(answer((0.01, 0.005), (0.02, 0.01)), Answer::Yes);
        assert_eq!(answer((1e-5, 0.4), (-1e-5, 0.6)), Answer::No);
        assert_eq!(answer((0.01, 0.005), (1e-5, 0.4)), Answer::Unclear);
        assert_eq!(answer((-0.01, 0.005), (-0.01, 0.005)), Answer::Unclear);
    }

    #[test]
    fn holm_over_the_pairs_of_a_seed_decides() {
        // Alone p = .03 is small; beside a second pair Holm makes it .06.
        let alone = steady("a/seed-0", "fc1", "fc2", 0.01, 0.03);
        assert_eq!(answers(&alone)[0].1, Answer::Yes);
        let mut both = alone;
        both.extend(steady("a/seed-0", "fc2", "fc3", 0.0, 0.5));
        assert_eq!(answers(&both)[0].1, Answer::No);
    }

    #[test]
    fn the_early_half_does_not_count() {
        let early = [1, 2].map(|step| drawn(te("a/seed-0", "fc1", "fc2", step, 0.1), 0.1, 0.005));
        let late = [50, 100].map(|step| drawn(te("a/seed-0", "fc1", "fc2", step, 0.0003), 0.0, 0.5));
        assert_eq!(answers(&[early, late].concat())[0].1, Answer::No);
    }

    #[test]
    fn without_draws_or_with_too_few_there_is_no_reading() {
        let found = verdicts(&[te("a/seed-0", "fc1", "fc2", 1, 0.1)], &[]);
        assert_eq!((found[0].answer, found[0].warnings.contains(&"IP0305".to_owned())), (Answer::NoReading, true));
        let mut few = steady("a/seed-0", "fc1", "fc2", 0.1, 0.1);
        for row in &mut few {
            row.draws = Some(9);
        }
        let found = verdicts(&few, &[]);
        assert_eq!((found[0].answer, found[0].warnings.contains(&"IP0306".to_owned())), (Answer::NoReading, true));
        assert!(found[0].sentence.contains("at least 20 draws"), "{}", found[0].sentence);
    }

    #[test]
    fn sentences_carry_numbers_units_and_seeds() {
        let found = verdicts(&two_seeds((0.01, 0.005), (0.02, 0.01)), &[]);
        assert_eq!(
            found[0].sentence,
            "TE fc1→fc2 is above its floor (samples, shuffled order): 0.0150 bits above the surrogates, p = 0.01 after \
             Holm over 1 pair, 2/2 seeds"
        );
        assert_eq!((found[0].lo, found[0].warnings.clone()), (None, vec!["IP0304".to_owned()]));
    }

    #[test]
    fn three_seeds_carry_an_interval_and_no_warning() {
        let rows: Vec<Row> = [0.01, 0.02, 0.03]
            .iter()
            .enumerate()
            .flat_map(|(seed, &effective)| steady(&format!("a/seed-{seed}"), "fc1", "fc2", effective, 0.005))
            .collect();
        let found = &verdicts(&rows, &[])[0];
        let (lo, hi) = (found.lo.unwrap(), found.hi.unwrap());
        assert!(lo < 0.0 && 0.0 < hi && (lo + hi - 0.04).abs() < 1e-12, "{lo} {hi}");
        assert!(found.warnings.is_empty());
    }

    /// Share of 1,000 networks of 7 pairs without any TE in which some pair is called above its floor. The draws'
    /// p-values are uniform, one for all snapshots of a pair (`shared`) or one for each.
    fn false_alarms(shared: bool) -> f64 {
        let trials = 1000;
        let alarmed = |trial: u64| {
            let mut random = stream(trial, "test/false-alarms", 0);
            let mut p = || f64::from(below(&mut random, 201) + 1) / 201.0;
            let mut rows = Vec::new();
            for pair in 0..7 {
                let of_all = p();
                for row in steady("a/seed-0", &format!("l{pair}"), &format!("l{}", pair + 1), 1e-5, of_all) {
                    rows.push(Row { p: Some(if shared { of_all } else { p() }), ..row });
                }
            }
            answers(&rows).iter().any(|(_, answer)| *answer == Answer::Yes)
        };
        (0..trials).filter(|&trial| alarmed(trial)).count() as f64 / trials as f64
    }

    #[test]
    fn false_alarms_over_all_pairs_of_a_seed_stay_below_the_level() {
        // Seven pairs that each need p = 1/201: 1 − (200/201)⁷ = 3.4 %, standard deviation 0.6 %.
        let shared = false_alarms(true);
        assert!((shared - 0.034).abs() < 0.02, "{shared}");
        assert!(false_alarms(false) < 0.01);
    }
}
