//! The training and the test split.

use infoplane_spec::{shuffle, stream};

use crate::{Error, Result};

/// Rows of the data set that train and those that test, each ascending.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Split {
    /// Rows that train.
    pub train: Vec<u32>,
    /// Rows that test; none if all train.
    pub test: Vec<u32>,
}

impl Split {
    /// Draws the rows that train, ⌊share·rows + ½⌋ of them.
    ///
    /// ```
    /// let split = infoplane_nets::Split::new(10, 0.8, 0)?;
    /// assert_eq!((split.train.len(), split.test.len()), (8, 2));
    /// # Ok::<(), infoplane_nets::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::EmptySplit`] if no row is left to train on.
    pub fn new(rows: usize, share: f64, seed: u64) -> Result<Self> {
        let train = ((rows as f64 * share).round() as usize).min(rows);
        if train == 0 {
            return Err(Error::EmptySplit { share, rows });
        }
        let mut order: Vec<u32> = (0..rows as u32).collect();
        shuffle(&mut stream(seed, "split", 0), &mut order);
        let mut test = order.split_off(train);
        order.sort_unstable();
        test.sort_unstable();
        Ok(Self { train: order, test })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_parts_make_the_whole_and_follow_the_seed() {
        let split = Split::new(1000, 0.3, 5).unwrap();
        let mut rows = [split.train.clone(), split.test.clone()].concat();
        rows.sort_unstable();
        assert!(rows.into_iter().eq(0..1000) && split.train.len() == 300);
        assert_ne!(split, Split::new(1000, 0.3, 6).unwrap());
        assert!(Split::new(1000, 1.0, 5).unwrap().test.is_empty());
        assert!(matches!(Split::new(10, 0.01, 0), Err(Error::EmptySplit { .. })));
    }
}
