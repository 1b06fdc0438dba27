//! Ranges as users write them: `a..b` includes both ends.

use crate::SpecError;

/// Reads `a..b` (both ends included) or a single number.
///
/// ```
/// use infoplane_spec::inclusive_range;
///
/// assert_eq!(inclusive_range("0..4")?, vec![0, 1, 2, 3, 4]);
/// assert_eq!(inclusive_range("7")?, vec![7]);
/// assert!(inclusive_range("4..0").is_err());
/// # Ok::<(), infoplane_spec::SpecError>(())
/// ```
///
/// # Errors
/// [`SpecError::Range`] if the text is no such range, runs backwards, or holds more than a million numbers.
pub fn inclusive_range(text: &str) -> Result<Vec<u64>, SpecError> {
    let bad = || SpecError::Range { text: text.to_owned() };
    let number = |part: &str| part.trim().parse::<u64>().map_err(|_| bad());
    let (first, last) = match text.split_once("..") {
        Some((a, b)) => (number(a)?, number(b)?),
        None => (number(text)?, number(text)?),
    };
    if first > last || last - first >= 1_000_000 {
        return Err(bad());
    }
    Ok((first..=last).collect())
}
