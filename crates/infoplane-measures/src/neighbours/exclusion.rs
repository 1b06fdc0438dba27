//! Rows too close in time to count as neighbours: the Theiler window.

use crate::Clock;

/// Rows with |Δt| ≤ `theiler` in the same trial are left out of search and counts; a row itself always is.
///
/// ```
/// use infoplane_measures::neighbours::Exclusion;
///
/// let exclusion = Exclusion { theiler: 1, clock: None };
/// assert!(exclusion.leaves_out(3, 4) && !exclusion.leaves_out(3, 5));
/// assert_eq!(exclusion.others(5), [3, 2, 2, 2, 3]);
/// ```
#[derive(Debug, Clone, Copy, Default)]
pub struct Exclusion<'a> {
    /// Half the width of the window, in steps of time; 0 leaves out the row itself alone.
    pub theiler: usize,
    /// Trial and time of each row; without it, all rows are one trial and a row's number is its time.
    pub clock: Option<&'a Clock>,
}

impl Exclusion<'_> {
    /// Whether `row` does not see `other`.
    pub fn leaves_out(&self, row: usize, other: usize) -> bool {
        if row == other || self.theiler == 0 {
            return row == other;
        }
        match self.clock {
            None => row.abs_diff(other) <= self.theiler,
            Some(clock) => {
                let near = clock.time[row].abs_diff(clock.time[other]) as usize <= self.theiler;
                near && clock.trial[row] == clock.trial[other]
            }
        }
    }

    /// How many rows each of `rows` rows sees: all but itself and those within its window.
    pub fn others(&self, rows: usize) -> Vec<u32> {
        let windows = self.windows(rows);
        (0..rows).map(|row| (rows - windows.of(row).len()) as u32).collect()
    }

    /// The rows that each row does not see.
    pub(crate) fn windows(&self, rows: usize) -> Windows {
        match (self.theiler, self.clock) {
            (0, _) => Windows::around(rows, 0),
            (theiler, None) => Windows::around(rows, theiler),
            (theiler, Some(clock)) => Windows::by_clock(rows, theiler, clock),
        }
    }
}

/// The rows that each row does not see, as ranges of the rows in order of trial and time.
#[derive(Debug)]
pub(crate) struct Windows {
    /// Rows in order of trial and time.
    order: Vec<u32>,
    /// Place of each row in `order`.
    place: Vec<u32>,
    /// Places a row does not see: `[first, end)`.
    ranges: Vec<(u32, u32)>,
}

impl Windows {
    fn around(rows: usize, theiler: usize) -> Self {
        let order: Vec<u32> = (0..rows as u32).collect();
        let range = |row: usize| {
            (row.saturating_sub(theiler) as u32, row.saturating_add(theiler).saturating_add(1).min(rows) as u32)
        };
        Self { place: order.clone(), order, ranges: (0..rows).map(range).collect() }
    }

    fn by_clock(rows: usize, theiler: usize, clock: &Clock) -> Self {
        let when = |row: u32| (clock.trial[row as usize], clock.time[row as usize] as usize);
        let mut order: Vec<u32> = (0..rows as u32).collect();
        order.sort_by_key(|&row| when(row));
        let (mut place, mut ranges) = (vec![0; rows], vec![(0, 0); rows]);
        let (mut first, mut end) = (0, 0);
        for (at, &row) in order.iter().enumerate() {
            let (trial, time) = when(row);
            while when(order[first]) < (trial, time.saturating_sub(theiler)) {
                first += 1;
            }
            while end < rows && when(order[end]) <= (trial, time.saturating_add(theiler)) {
                end += 1;
            }
            place[row as usize] = at as u32;
            ranges[row as usize] = (first as u32, end as u32);
        }
        Self { order, place, ranges }
    }

    /// The rows that `row` does not see, itself among them.
    pub(crate) fn of(&self, row: usize) -> &[u32] {
        let (first, end) = self.ranges[row];
        &self.order[first as usize..end as usize]
    }

    /// Whether `row` does not see `other`.
    pub(crate) fn leave_out(&self, row: usize, other: usize) -> bool {
        let (first, end) = self.ranges[row];
        (first..end).contains(&self.place[other])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn windows_are_what_each_pair_says() {
        let trial = [1, 0, 0, 1, 1, 0, 0, 1, 0];
        let time = [4, 2, 3, 9, 2, 0, 7, 3, 1];
        let clock = Clock { trial: trial.to_vec(), time: time.to_vec() };
        for theiler in [0, 1, 2, 5, usize::MAX] {
            for clock in [None, Some(&clock)] {
                let exclusion = Exclusion { theiler, clock };
                let windows = exclusion.windows(9);
                for row in 0..9 {
                    let mut listed = windows.of(row).to_vec();
                    listed.sort_unstable();
                    let wanted: Vec<u32> = (0..9).filter(|&other| exclusion.leaves_out(row, other as usize)).collect();
                    assert_eq!(listed, wanted, "row {row}, theiler {theiler}");
                    (0..9).for_each(|b| assert_eq!(windows.leave_out(row, b), exclusion.leaves_out(row, b)));
                    assert_eq!(exclusion.others(9)[row] as usize, 9 - wanted.len());
                }
            }
        }
    }
}
