//! "Did you mean": the nearest of the allowed words.

/// The candidate nearest to `word`, if one is near enough to be a slip of the fingers.
///
/// ```
/// assert_eq!(infoplane_spec::closest("plugn", ["plugin", "gaussian"]), Some("plugin"));
/// assert_eq!(infoplane_spec::closest("zebra", ["plugin", "gaussian"]), None);
/// ```
pub fn closest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    candidates
        .into_iter()
        .map(|candidate| (similarity(word, candidate), candidate))
        .filter(|(score, _)| *score >= 0.6)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, candidate)| candidate)
}

/// A remedy: the nearest allowed word, or all of them.
///
/// ```
/// assert_eq!(infoplane_spec::did_you_mean("adm", &["adam", "sgd"]), "did you mean `adam`?");
/// assert_eq!(infoplane_spec::did_you_mean("lion", &["adam", "sgd"]), "allowed: adam, sgd");
/// ```
pub fn did_you_mean(word: &str, allowed: &[&str]) -> String {
    match closest(word, allowed.iter().copied()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("allowed: {}", allowed.join(", ")),
    }
}

/// Between 0 and 1: edit distance with transpositions, and 1 − ½·(missing share) where one word begins the other.
fn similarity(a: &str, b: &str) -> f64 {
    let (a, b) = (a.to_lowercase(), b.to_lowercase());
    let (short, long) = if a.len() < b.len() { (&a, &b) } else { (&b, &a) };
    let prefix = if short.len() >= 3 && long.starts_with(short.as_str()) { 0.8 } else { 0.0 };
    strsim::normalized_damerau_levenshtein(&a, &b).max(prefix)
}
