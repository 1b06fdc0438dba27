//! Stretches of rows inside which a driver is held fixed.

use std::ops::Range;

/// All rows in one stretch: the plain measure.
///
/// ```
/// assert_eq!(infoplane_measures::pairs::whole(5), vec![0..5]);
/// ```
pub fn whole(rows: usize) -> Vec<Range<usize>> {
    blocks(rows, rows)
}

/// Consecutive blocks of `length` rows, the last one shorter where they do not fit: TE | block.
///
/// ```
/// assert_eq!(infoplane_measures::pairs::blocks(5, 2), [0..2, 2..4, 4..5]);
/// ```
pub fn blocks(rows: usize, length: usize) -> Vec<Range<usize>> {
    let length = length.max(1);
    (0..rows).step_by(length).map(|start| start..rows.min(start + length)).collect()
}

/// Runs of equal labels: in an order by class, TE | class.
///
/// ```
/// assert_eq!(infoplane_measures::pairs::runs(&[0, 0, 2, 1, 1]), [0..2, 2..3, 3..5]);
/// ```
pub fn runs(labels: &[u32]) -> Vec<Range<usize>> {
    let ends = labels.chunk_by(u32::eq).scan(0, |end, run| {
        *end += run.len();
        Some(*end - run.len()..*end)
    });
    ends.collect()
}
