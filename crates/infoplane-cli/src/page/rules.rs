//! The rules of the verdicts in plain words, so that a reader of the page alone can check them.

use super::html::escape;

/// Rule, question and criteria.
const RULES: &[(&str, &str, &str)] = &[
    (
        "above-floor",
        "Is lag-1 TE above its floor?",
        "Per seed, over the later half of the snapshots: mean effective TE (value minus the surrogates' mean) and the \
         median p by the draws, adjusted over layer pairs by Holm. Yes: positive and p < .05 in every seed. No: p ≥ .05 in \
         every seed. No reading without draws, or with too few for any p below .05.",
    ),
    (
        "transfer",
        "Is it transfer, or does a common driver carry it?",
        "Yes: above the floor, and so is TE given each driver that was measured (class, block). No: above the floor, but \
         not given a driver, which then carries it. No reading where nothing lies above the floor.",
    ),
    (
        "coupling-where",
        "Where does coupling concentrate?",
        "The layer pair of largest coupling at the last snapshot, by value and as a share of its ceiling. Yes: the same \
         pair in every seed by both. No: different pairs over seeds by both. Unclear otherwise.",
    ),
    (
        "i-xt-falls",
        "Does I(X;T) fall, at this scale?",
        "Change: last minus highest since epoch 1. Yes: below −max(0.1 bit, 3 × the spread of successive changes in the \
         last quarter) in every seed. No: above −0.05 bit in every seed. No reading where both ends lie above 98 % of the \
         ceiling: the data cannot show a change there.",
    ),
    (
        "as-published",
        "Is TE highest in the last pair, does it fall, does it follow accuracy?",
        "Asked of raw mean TE (as published) and of effective TE (corrected): the last pair has the largest mean, its last \
         quarter lies below its first, and its rank correlation with accuracy is at least 0.5 in size. Yes: all three in \
         every seed. No: in none.",
    ),
    (
        "left-out",
        "Did the run learn?",
        "A run whose last training accuracy lies less than a tenth of the way from chance to 1 stayed at chance and is in \
         no other finding.",
    ),
];

/// A link to the rule's text on this page.
pub(crate) fn link(rule: &str) -> String {
    let told = RULES.iter().any(|(id, ..)| *id == rule);
    if told { format!("<a href=\"#rule-{rule}\">rule {rule}</a>") } else { format!("rule {}", escape(rule)) }
}

/// All rules as a list.
pub(crate) fn list() -> String {
    let entry = |(id, question, text): &(&str, &str, &str)| {
        format!(
            "<dt id=\"rule-{id}\">{}</dt>\n<dd>{} <span class=quiet>({id})</span></dd>\n",
            escape(question),
            escape(text)
        )
    };
    format!("<dl>\n{}</dl>\n", RULES.iter().map(entry).collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_of_the_verdicts_is_told_on_the_page() {
        let module = include_str!("../../../infoplane/src/verdict/mod.rs");
        let told = module.lines().filter_map(|line| line.strip_prefix("//! | `")?.split('`').next());
        let told: Vec<&str> = told.collect();
        assert_eq!(told.len(), RULES.len(), "{told:?}");
        for rule in told {
            assert!(link(rule).contains("#rule-"), "the page does not explain the rule {rule}");
        }
    }
}
