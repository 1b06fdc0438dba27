//! Rule `left-out`: runs whose training accuracy stayed at chance are named, and are in no other verdict.
//!
//! Chance is the accuracy of always answering the most frequent class. It follows from the label entropy H(Y), which
//! the rows of I(T;Y) carry as their ceiling: the q ≥ ½ with h(q) = H(Y) up to one bit, 2^−H(Y) beyond (a lower
//! bound, exact for balanced classes). A run is at chance when its last training accuracy lies less than a tenth of
//! the way from chance to 1. Without I(T;Y) or accuracy nothing is left out.

use super::network::{Network, Trained};
use super::{Answer, Mode, Verdict};

/// A run that stayed at chance.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct LeftOut {
    run: String,
    accuracy: f64,
    chance: f64,
}

pub(super) fn rule(network: &Network<'_>) -> Vec<Verdict> {
    network.left_out.iter().map(|left_out| verdict(&network.name, left_out)).collect()
}

/// The run's accuracy and chance, if it stayed there.
pub(super) fn at_chance(seed: &Trained<'_>) -> Option<LeftOut> {
    let known = seed.metrics.iter().filter_map(|line| Some((line.step, line.train_acc?)));
    let (_, accuracy) = known.max_by_key(|(step, _)| *step)?;
    let chance = chance(label_entropy(seed)?);
    let stayed = accuracy < chance + 0.1 * (1.0 - chance);
    stayed.then(|| LeftOut { run: seed.run.to_owned(), accuracy, chance })
}

fn label_entropy(seed: &Trained<'_>) -> Option<f64> {
    let ceilings = seed.rows.iter().filter(|row| row.measure == "i_ty").filter_map(|row| row.ceiling);
    ceilings.max_by(f64::total_cmp)
}

/// Share of the most frequent class, from the entropy of the labels in bits.
fn chance(entropy: f64) -> f64 {
    if entropy > 1.0 {
        return (-entropy).exp2();
    }
    let (mut low, mut high) = (0.5, 1.0);
    for _ in 0..60 {
        let middle = 0.5 * (low + high);
        if binary_entropy(middle) > entropy { low = middle } else { high = middle }
    }
    0.5 * (low + high)
}

fn binary_entropy(q: f64) -> f64 {
    let term = |q: f64| if q > 0.0 { -q * q.log2() } else { 0.0 };
    term(q) + term(1.0 - q)
}

fn verdict(network: &str, left_out: &LeftOut) -> Verdict {
    let (accuracy, chance) = (100.0 * left_out.accuracy, 100.0 * left_out.chance);
    Verdict {
        rule: "left-out",
        network: network.to_owned(),
        subject: left_out.run.clone(),
        place: String::new(),
        question: "did the run learn?".to_owned(),
        answer: Answer::No,
        mode: Mode::Corrected,
        finding: "stayed at chance".to_owned(),
        sentence: format!(
            "{} stayed at chance (training accuracy {accuracy:.1} %, chance {chance:.1} %); it is in no other line",
            left_out.run
        ),
        value: None,
        lo: None,
        hi: None,
        seeds: 1,
        warnings: Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use infoplane_record::{Metrics, Row};

    use super::super::made::{accuracy, i_xt};
    use super::super::verdicts;
    use super::*;

    fn i_ty(run: &str, entropy: f64) -> Row {
        Row { measure: "i_ty".to_owned(), ceiling: Some(entropy), ..i_xt(run, "fc1", &[0.5]).remove(0) }
    }

    #[test]
    fn chance_is_the_most_frequent_class() {
        assert!((chance(0.999_157_12) - 0.517_09).abs() < 1e-4);
        assert!((chance(1.0) - 0.5).abs() < 1e-6);
        assert!((chance(10.0_f64.log2()) - 0.1).abs() < 1e-12);
        assert!((chance(0.0) - 1.0).abs() < 1e-12);
    }

    #[test]
    fn a_run_at_chance_is_named_and_not_averaged_in() {
        // I(X;T) falls in the two runs that learned and stays flat in the one at chance.
        let mut rows = Vec::new();
        for (run, values) in [("a/seed-0", [9.0, 7.0]), ("a/seed-1", [9.0, 7.0]), ("a/seed-2", [9.0, 9.0])] {
            rows.extend(i_xt(run, "fc1", &values));
            rows.push(i_ty(run, 1.0));
        }
        let mut metrics =
            vec![accuracy("a/seed-0", 10, 0.99), accuracy("a/seed-1", 10, 0.97), accuracy("a/seed-2", 10, 0.52)];
        // A line that only commits a stream has no accuracy.
        metrics.push(("a/seed-2".to_owned(), Metrics { step: 11, ..Metrics::default() }));
        let found = verdicts(&rows, &metrics);
        assert_eq!(found[0].rule, "left-out");
        assert!(found[0].sentence.contains("a/seed-2 stayed at chance (training accuracy 52.0 %, chance 50.0 %)"));
        let falls = found.iter().find(|verdict| verdict.rule == "i-xt-falls").unwrap();
        assert_eq!((falls.answer, falls.seeds), (Answer::Yes, 2));
    }

    #[test]
    fn without_accuracy_nothing_is_left_out() {
        let rows: Vec<Row> = i_xt("a/seed-0", "fc1", &[9.0, 7.0]).into_iter().chain([i_ty("a/seed-0", 1.0)]).collect();
        assert!(verdicts(&rows, &[]).iter().all(|verdict| verdict.rule != "left-out"));
    }
}
