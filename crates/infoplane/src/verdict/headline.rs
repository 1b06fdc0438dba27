//! Headlines: the verdicts of one rule at one place in one sentence.

use super::{Answer, Mode, Verdict, words};

/// Verdicts of one network, rule, place and report together.
#[derive(Debug, Clone, PartialEq)]
pub struct Headline {
    /// The rule.
    pub rule: &'static str,
    /// The network.
    pub network: String,
    /// The question.
    pub question: String,
    /// Where it was measured.
    pub place: String,
    /// The report it belongs to.
    pub mode: Mode,
    /// The answer all subjects share; none if they differ.
    pub answer: Option<Answer>,
    /// The sentence.
    pub sentence: String,
    /// Codes of warnings, each once.
    pub warnings: Vec<String>,
}

/// Gathers verdicts into one line for each network, rule, place and report, in the order of their first verdict.
///
/// A single verdict keeps its own sentence; several become `place: finding in a, b and c (range); finding in d`.
pub fn headlines(verdicts: &[Verdict]) -> Vec<Headline> {
    let mut groups: Vec<Vec<&Verdict>> = Vec::new();
    for verdict in verdicts {
        match groups.iter_mut().find(|group| belongs(group[0], verdict)) {
            Some(group) => group.push(verdict),
            None => groups.push(vec![verdict]),
        }
    }
    groups.iter().map(|group| headline(group)).collect()
}

fn belongs(first: &Verdict, verdict: &Verdict) -> bool {
    let key = |verdict: &Verdict| (verdict.rule, verdict.network.clone(), verdict.place.clone(), verdict.mode);
    first.rule != "left-out" && key(first) == key(verdict)
}

fn headline(group: &[&Verdict]) -> Headline {
    let first = group[0];
    let mut warnings: Vec<String> = group.iter().flat_map(|verdict| verdict.warnings.clone()).collect();
    warnings.sort();
    warnings.dedup();
    Headline {
        rule: first.rule,
        network: first.network.clone(),
        question: first.question.clone(),
        place: first.place.clone(),
        mode: first.mode,
        answer: group.iter().all(|verdict| verdict.answer == first.answer).then_some(first.answer),
        sentence: if group.len() == 1 { first.sentence.clone() } else { joined(group) },
        warnings,
    }
}

fn joined(group: &[&Verdict]) -> String {
    let mut findings: Vec<(Answer, &str)> = Vec::new();
    for verdict in group {
        if !findings.contains(&(verdict.answer, verdict.finding.as_str())) {
            findings.push((verdict.answer, &verdict.finding));
        }
    }
    findings.sort_by_key(|(answer, _)| *answer);
    let parts: Vec<String> = findings.iter().map(|(_, finding)| part(group, finding)).collect();
    format!("{}: {}", group[0].place, parts.join("; "))
}

fn part(group: &[&Verdict], finding: &str) -> String {
    let of_finding: Vec<&&Verdict> = group.iter().filter(|verdict| verdict.finding == finding).collect();
    let subjects: Vec<String> = of_finding.iter().map(|verdict| verdict.subject.clone()).collect();
    let values: Vec<f64> = of_finding
        .iter()
        .filter(|verdict| verdict.answer != Answer::NoReading)
        .filter_map(|verdict| verdict.value)
        .collect();
    format!("{finding} in {}{}", words::list(&subjects), range(&values))
}

/// ` (0.003 to 0.02 bits)`.
fn range(values: &[f64]) -> String {
    let (low, high) = (values.iter().copied().reduce(f64::min), values.iter().copied().reduce(f64::max));
    match (low, high) {
        (Some(low), Some(high)) if words::bits(low) == words::bits(high) => format!(" ({} bits)", words::bits(low)),
        (Some(low), Some(high)) => format!(" ({} to {} bits)", words::bits(low), words::bits(high)),
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::made::steady;
    use super::super::verdicts;
    use super::*;

    #[test]
    fn pairs_of_one_place_share_a_line() {
        let mut rows = steady("a/seed-0", "input", "fc1", 0.01, 0.005);
        rows.extend(steady("a/seed-0", "fc1", "fc2", 0.02, 0.005));
        rows.extend(steady("a/seed-0", "fc2", "out", 0.0, 0.5));
        let lines = headlines(&verdicts(&rows, &[]));
        assert_eq!(
            lines[0].sentence,
            "samples, shuffled order: lag-1 TE is above its floor in input→fc1 and fc1→fc2 (0.0100 to 0.0200 bits); \
             lag-1 TE is not above its floor in fc2→out (0 bits)"
        );
        assert_eq!((lines[0].answer, lines[0].warnings.clone()), (None, vec!["IP0304".to_owned()]));
    }

    #[test]
    fn one_verdict_keeps_its_sentence() {
        let found = verdicts(&steady("a/seed-0", "input", "fc1", 0.01, 0.005), &[]);
        assert_eq!(headlines(&found)[0].sentence, found[0].sentence);
    }
}
