//! Rule `transfer`: is TE that lies above its floor transfer, or does a common driver carry it?
//!
//! Two drivers pass for transfer. In class order the source's past tells the class of the next sample; on the stream
//! the moving weights shift the rates of both layers. *Yes*: the pair is above its floor (rule `above-floor`), and so
//! is TE given each driver that was measured. *No*: above, but given a driver it is not: that driver carries it.
//! *Unclear* otherwise, also where no driver was measured. *No reading* where nothing lies above the floor.

use super::above_floor::{Above, above};
use super::network::{Network, Place, arrow};
use super::{Answer, Mode, Verdict, seeds, words};

pub(super) fn rule(network: &Network<'_>) -> Vec<Verdict> {
    network.places("te").iter().flat_map(|place| at(network, place)).collect()
}

fn at(network: &Network<'_>, place: &Place) -> Vec<Verdict> {
    let givens = network.givens("te", place);
    let by_driver: Vec<(String, Vec<Above>)> = givens
        .into_iter()
        .map(|given| {
            let found = above(network, place, Some(&given));
            (given, found)
        })
        .collect();
    let plain = above(network, place, None);
    let given_at =
        |index: usize| by_driver.iter().map(|(given, found)| (given.as_str(), &found[index])).collect::<Vec<_>>();
    plain.iter().enumerate().map(|(index, plain)| verdict(network, place, plain, &given_at(index))).collect()
}

/// What carries TE when it vanishes given `given`.
fn driver(given: &str) -> &'static str {
    if given == "class" { "the class order" } else { "the drift of the weights" }
}

fn answer(plain: &Above, given: &[(&str, &Above)]) -> Answer {
    let any_no = given.iter().any(|(_, above)| above.answer == Answer::No);
    let all_yes = given.iter().all(|(_, above)| above.answer == Answer::Yes);
    match plain.answer {
        Answer::No | Answer::NoReading => Answer::NoReading,
        Answer::Yes if any_no => Answer::No,
        Answer::Yes if all_yes && !given.is_empty() => Answer::Yes,
        _ => Answer::Unclear,
    }
}

fn finding(answer: Answer, plain: &Above, given: &[(&str, &Above)]) -> String {
    let carriers: Vec<String> = given
        .iter()
        .filter(|(_, above)| above.answer == Answer::No)
        .map(|(given, _)| format!("by {}", driver(given)))
        .collect();
    match answer {
        Answer::Yes => "TE stays above its floor given the driver".to_owned(),
        Answer::No => format!("TE is carried {}", words::list(&carriers)),
        Answer::Unclear if plain.answer == Answer::Unclear => {
            "unclear whether there is anything above the floor".to_owned()
        }
        Answer::Unclear if given.is_empty() => "no driver was measured".to_owned(),
        Answer::Unclear => "seeds disagree about TE given the driver".to_owned(),
        Answer::NoReading => "nothing above the floor to explain".to_owned(),
    }
}

fn sentence(plain: &Above, given: &[(&str, &Above)], answer: Answer, place: &str) -> String {
    let (pair, finding) = (arrow(&plain.pair), finding(answer, plain, given));
    let left: Vec<String> = given
        .iter()
        .filter_map(|(given, above)| {
            let left = words::spread(&above.spread()?);
            Some(format!(
                "given {given} {left} are left above the surrogates, above the floor in {}",
                above.yes_seeds()
            ))
        })
        .collect();
    match answer {
        Answer::Unclear if given.is_empty() && plain.answer == Answer::Yes => {
            format!("TE {pair} ({place}): {finding}, so transfer and a common driver cannot be told apart")
        }
        Answer::NoReading => format!("TE {pair} ({place}): {finding}"),
        _ if left.is_empty() => format!("TE {pair} ({place}): {finding}"),
        _ => format!("TE {pair} ({place}): {finding}; {}", left.join("; ")),
    }
}

fn verdict(network: &Network<'_>, place: &Place, plain: &Above, given: &[(&str, &Above)]) -> Verdict {
    let (answer, label) = (answer(plain, given), place.label());
    let smallest = given.iter().filter_map(|(_, above)| above.spread()).min_by(|a, b| a.mean.total_cmp(&b.mean));
    let mut warnings = seeds::warnings(network.seeds.len());
    if answer == Answer::Unclear && given.iter().any(|(_, above)| above.answer == Answer::NoReading) {
        warnings.push("IP0305".to_owned());
    }
    // Rates that move inside the window are what a block holds fixed.
    if answer == Answer::No && given.iter().any(|(given, above)| *given != "class" && above.answer == Answer::No) {
        warnings.push("IP0310".to_owned());
    }
    Verdict {
        rule: "transfer",
        network: network.name.clone(),
        subject: arrow(&plain.pair),
        question: "is it transfer?".to_owned(),
        answer,
        mode: Mode::Corrected,
        finding: finding(answer, plain, given),
        sentence: sentence(plain, given, answer, &label),
        place: label,
        value: smallest.map(|spread| spread.mean),
        lo: smallest.and_then(|spread| spread.lo()),
        hi: smallest.and_then(|spread| spread.hi()),
        seeds: network.seeds.len(),
        warnings,
    }
}

#[cfg(test)]
mod tests {
    use infoplane_record::Row;

    use super::super::made::{by_class, given, steady};
    use super::super::verdicts;
    use super::*;

    /// One pair in class order, plain and given the class, two seeds each.
    fn found(plain: [(f64, f64); 2], under: [(f64, f64); 2]) -> Verdict {
        let mut rows: Vec<Row> = Vec::new();
        for seed in 0..2 {
            let run = format!("a/seed-{seed}");
            let (value, p) = plain[seed];
            rows.extend(steady(&run, "fc1", "fc2", value, p).into_iter().map(by_class));
            let (value, p) = under[seed];
            rows.extend(steady(&run, "fc1", "fc2", value, p).into_iter().map(|row| given(by_class(row), "class")));
        }
        verdicts(&rows, &[]).into_iter().find(|verdict| verdict.rule == "transfer").unwrap()
    }

    const ABOVE: [(f64, f64); 2] = [(0.02, 0.005); 2];
    const AT_FLOOR: [(f64, f64); 2] = [(0.0, 0.5); 2];

    #[test]
    fn what_stays_given_the_driver_is_consistent_with_transfer() {
        assert_eq!(found(ABOVE, ABOVE).answer, Answer::Yes);
    }

    #[test]
    fn what_vanishes_given_the_class_was_the_class_order() {
        let verdict = found(ABOVE, AT_FLOOR);
        assert_eq!((verdict.answer, verdict.finding.as_str()), (Answer::No, "TE is carried by the class order"));
        assert!(verdict.sentence.contains("0/2 seeds"), "{}", verdict.sentence);
    }

    #[test]
    fn what_vanishes_given_the_block_was_the_drift() {
        let mut rows = steady("a/seed-0", "fc1", "fc2", 0.02, 0.005);
        rows.extend(steady("a/seed-0", "fc1", "fc2", 0.0, 0.5).into_iter().map(|row| given(row, "block:256")));
        let found = verdicts(&rows, &[]);
        let verdict = found.iter().find(|verdict| verdict.rule == "transfer").unwrap();
        assert_eq!(
            (verdict.answer, verdict.finding.as_str()),
            (Answer::No, "TE is carried by the drift of the weights")
        );
        assert!(verdict.warnings.contains(&"IP0310".to_owned()));
    }

    #[test]
    fn seeds_that_disagree_are_unclear_and_nothing_above_is_no_reading() {
        assert_eq!(found(ABOVE, [(0.02, 0.005), (0.0, 0.5)]).answer, Answer::Unclear);
        assert_eq!(found([(0.02, 0.005), (0.0, 0.5)], ABOVE).answer, Answer::Unclear);
        assert_eq!(found(AT_FLOOR, AT_FLOOR).answer, Answer::NoReading);
    }

    #[test]
    fn without_a_driver_measured_it_stays_open() {
        let found = verdicts(&steady("a/seed-0", "fc1", "fc2", 0.02, 0.005), &[]);
        let verdict = found.iter().find(|verdict| verdict.rule == "transfer").unwrap();
        assert_eq!(verdict.answer, Answer::Unclear);
        assert!(verdict.sentence.contains("no driver was measured"), "{}", verdict.sentence);
    }
}
