//! Rows within each row's radius that it must not see: counted with the others first, then taken away.

use super::ordered::Asked;
use crate::neighbours::{Border, Exclusion, Metric, Space};

/// For each row, how many of those that `exclusion` leaves out, itself among them, are within the radius of every
/// block of columns.
pub(super) fn unseen(space: &Space, blocks: &[Asked], border: Border, exclusion: &Exclusion) -> Vec<u32> {
    if exclusion.theiler == 0 {
        let itself = |row: usize| blocks.iter().all(|(_, radii)| border.holds(0.0, radii[row]));
        return (0..space.rows()).map(|row| u32::from(itself(row))).collect();
    }
    let windows = exclusion.windows(space.rows());
    let (mut distances, mut within) = (Vec::new(), Vec::new());
    let mut count = |row: usize| {
        let others = windows.of(row);
        within.clear();
        within.resize(others.len(), true);
        for (columns, radii) in blocks {
            distances.clear();
            distances.resize(others.len(), 0.0);
            match space.metric() {
                Metric::Maximum => {
                    space.columns()[columns.clone()]
                        .iter()
                        .for_each(|column| farther(&mut distances, column, row, others));
                }
                Metric::Euclidean => {
                    distances.iter_mut().zip(others).for_each(|(to, &other)| *to = space.distance(row, other as usize));
                }
            }
            let inside = distances.iter().map(|&distance| border.holds(distance, radii[row]));
            within.iter_mut().zip(inside).for_each(|(within, inside)| *within &= inside);
        }
        within.iter().filter(|&&within| within).count() as u32
    };
    (0..space.rows()).map(&mut count).collect()
}

/// The larger of each distance and that in one more column.
fn farther(distances: &mut [f64], column: &[f64], row: usize, others: &[u32]) {
    let centre = column[row];
    for (distance, &other) in distances.iter_mut().zip(others) {
        let difference = (column[other as usize] - centre).abs();
        *distance = if difference > *distance { difference } else { *distance };
    }
}
